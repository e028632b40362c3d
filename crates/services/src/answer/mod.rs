//! What an answer says: its fields, whether a success is one, and the ways in which a call fails.

pub(crate) mod deprecation;
pub(crate) mod distrust;
pub(crate) mod error;
pub(crate) mod json;
pub(crate) mod refusal;
pub(crate) mod verdict;
