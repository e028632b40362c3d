//! tieout: the nightly job that proves payroll and benefits agree.

pub mod cli;
pub mod commands;
pub mod extract;
mod interrupt;
pub mod job;
pub mod logging;
pub mod night;
pub mod outcome;
pub mod progress;
pub mod push;
pub mod review;
pub mod secrets;
pub mod usage;
