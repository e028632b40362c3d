//! A night from its job to its report.

mod init;
mod night;
pub mod proof;
mod schedules;
mod told;
mod truth;
