//! The contract's example of each change, as it goes out.

use crate::benbase::{Request, Ssn};

pub use tieout_model::correction::samples::*;

pub fn full_hire_with_ssn() -> Request {
    Request::hire(Box::new(full_hire()), Ssn::parse("123456789").expect("nine digits"))
}

/// One of each, and the shorter forms.
pub fn all_requests() -> Vec<Request> {
    let rest = all().into_iter().skip(1).map(Request::from);
    std::iter::once(full_hire_with_ssn()).chain(rest).collect()
}
