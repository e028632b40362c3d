//! Accounts whose periods stand elsewhere: under another id, of a former holder, in another pay group or payroll, on
//! the other payer's account, or under a code that was not mapped.

pub(super) mod exchanged;
pub(super) mod former;
pub(super) mod joined;
pub(super) mod mangled;
pub(super) mod moved_group;
pub(super) mod other_payrolls;
pub(super) mod renamed;
pub(super) mod two_frequencies;
pub(super) mod unmapped;
