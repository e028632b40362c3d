//! tieout: the nightly job that proves payroll and benefits agree.

pub mod api;
pub mod cli;
pub mod commands;
pub mod control;
pub mod correction;
pub mod crosswalk;
pub mod extract;
pub mod finding;
pub mod guards;
pub mod hash;
pub mod job;
pub mod money;
pub mod outcome;
pub mod payroll;
pub mod progress;
pub mod push;
pub mod report;
pub mod review;
pub mod rules;
#[cfg(feature = "sandbox")]
pub mod sandbox;
pub mod secrets;
pub mod snapshot;
pub mod store;
#[cfg(feature = "sandbox")]
pub mod world;
