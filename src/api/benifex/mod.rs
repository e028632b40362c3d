//! Benifex.
pub mod record;
