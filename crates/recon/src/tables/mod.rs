//! Typed columns and records made into frames: what the rules join.

pub mod payroll;
