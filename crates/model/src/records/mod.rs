//! What the services answered, parsed: plain values that every part understands.

pub mod benifex;
pub mod oyster;
