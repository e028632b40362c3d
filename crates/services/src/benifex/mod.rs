//! Benifex: users by employee id, one user, and the benefits of one (contracts, section 1). Reads only; the service's
//! writes are out of scope. `client` has the operations, `paging` the walk over pages, `wire` what the service sends,
//! `convert` and `dates` turn it into `record`, which is what the rest of the program knows.

mod client;
mod convert;
mod dates;
mod paging;
pub mod recorded;
mod wire;

pub use client::{BenifexClient, Operation};
pub use dates::Dates;
