//! Fetching what the night needs from Benifex and Oyster: the plan of calls, bounded concurrency, checkpoints. Each
//! final answer is committed before it counts, so a killed run is taken up without repeating an answered call. What
//! could not be fetched is unverified with its reason and never an absence. Not in here: HTTP, limits and retries
//! (`tieout_services`), tables and judgement (`tieout_recon`).

mod answers;
mod benifex;
mod calls;
#[cfg(test)]
mod charged_tests;
mod employees;
mod line;
mod oyster;
mod plan;
mod run;
#[cfg(all(test, feature = "sandbox"))]
mod tests;

pub use calls::{CallBuffer, logged};
pub use employees::{Employee, Extracted};
pub use oyster::{CallPlan, OysterExtracted, OysterNight};
pub use plan::{calls_planned, population};
pub use run::{ExtractError, Options, extract, extract_both};
