//! Which changes tonight's findings ask for: compensation and address, new hires and terminations; and the changes of
//! Oyster benefits that people prepare by hand. Pure: facts and findings in, a plan out; no frame, file, network or
//! database. `guards` stops a plan that looks like a mass mistake.

mod compensation;
mod demographic;
pub mod guards;
pub mod new_hire;
pub mod oyster;
pub mod plan;
pub mod settings;
pub mod starters_leavers;
pub mod termination;
