//! How a table is declared, and typed columns and records made into frames: what the rules join.

pub mod column;
pub mod payroll;
