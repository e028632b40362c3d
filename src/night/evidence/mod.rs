//! What a night is judged from: the payroll file, and what the services answered or the newest snapshot holds.

pub(super) mod extraction;
pub(super) mod fetch;
pub mod freshness;
pub(super) mod input;
pub(super) mod sources;
