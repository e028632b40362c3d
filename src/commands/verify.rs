//! `tieout verify FOLDER`: whether a report is as it was written. Needs neither job nor state.

use anyhow::anyhow;

use crate::cli::VerifyArgs;
use crate::outcome::{Exit, Failure, Outcome};
use tieout_report::{self as report, Verified};

use super::table;

pub fn run(args: &VerifyArgs) -> Outcome {
    let Verified { whole, wrong, others } = report::verify(&args.folder).map_err(Failure::input)?;
    let folder = args.folder.display();
    if !wrong.is_empty() {
        let why = format!("the report {folder} is not as it was written: {}; run the night again", wrong.join("; "));
        return Err(Failure::new(Exit::Integrity, anyhow!(why)));
    }
    let beside = match others.as_slice() {
        [] => String::new(),
        others => format!("; beside it, and no part of it: {}", others.join(", ")),
    };
    table::print(&format!("the report {folder} is as it was written: {} files{beside}", whole.len()));
    Ok(Exit::Done)
}
