//! `tieout job`: what may stand in a job file.

use crate::cli::JobVerb;
use crate::job;
use crate::outcome::{Exit, Outcome};

use super::table;

pub fn run(verb: &JobVerb) -> Outcome {
    match verb {
        JobVerb::Schema => table::print_json(&job::schema())?,
    }
    Ok(Exit::Done)
}
