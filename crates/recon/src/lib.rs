//! Payroll and the snapshot joined in polars and judged by the rules: the only part that knows frames. Values come in
//! as typed columns and records and leave as plain structs. The clock, the network and the database are not known here.

pub mod balance;
mod categorical;
pub mod deducted;
mod hashing;
pub mod names;
pub mod proof;
pub mod rules;
pub mod scheme;
pub mod settings;
pub mod snapshot;
pub mod tables;
