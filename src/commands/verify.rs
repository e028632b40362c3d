//! `tieout verify FOLDER`: whether a report is as it was written, and signed as it is. Needs neither job nor state;
//! with the job, what its state knows counts as well.

use std::path::Path;

use anyhow::{Context, anyhow};

use crate::cli::VerifyArgs;
use crate::outcome::{Exit, Failure, Outcome};
use tieout_report::{self as report, Beside, Verified};

use super::{open, table};

pub fn run(args: &VerifyArgs) -> Outcome {
    let verified = report::verify(&args.folder).map_err(Failure::input)?;
    let folder = args.folder.display();
    let mut wrong = verified.wrong.clone();
    if let Some(job) = &args.job {
        wrong.extend(unknown(job, &verified, &args.folder)?);
    }
    if !wrong.is_empty() {
        let why = format!("the report {folder} is not as it was written: {}; run the night again", wrong.join("; "));
        return Err(Failure::new(Exit::Integrity, anyhow!(why)));
    }
    let beside = match verified.others.as_slice() {
        [] => String::new(),
        others => format!("; beside it, and no part of it: {}", others.join(", ")),
    };
    let signed = verified.signature.as_ref().map(|s| format!("\nsigned by {} at {}", s.by, s.at)).unwrap_or_default();
    let known = match args.job {
        Some(_) => "",
        None => "\nwhether its run.json is the one that was written, the state of its job knows: add --job JOB",
    };
    let files = verified.whole.len();
    table::print(&format!("the report {folder} is as it was written: {files} files{beside}{signed}{known}"));
    Ok(Exit::Done)
}

/// What the state of the job knows otherwise.
fn unknown(job: &Path, verified: &Verified, folder: &Path) -> Result<Vec<String>, Failure> {
    let opened = open::job(job)?;
    let store = open::store(&opened.job)?;
    let attempt = || -> anyhow::Result<Vec<String>> {
        let Some(written) = store.written_report(&verified.sha256)? else {
            return Ok(vec!["run.json is not the one that a live run of this job wrote".to_owned()]);
        };
        let of_day = store.sign_off(written.as_of)?;
        let another =
            of_day.as_ref().filter(|signed| signed.report != verified.sha256 && !Beside::Unsigned.names(folder));
        if let Some(another) = another {
            let run = &another.report;
            return Ok(vec![format!("this day was signed for another report: {} signed run.json {run}", another.by)]);
        }
        let signed = of_day.filter(|signed| signed.report == verified.sha256);
        let wrong = match (&verified.signature, signed) {
            (None, None) => None,
            (Some(there), Some(signed)) if there.sha256 == signed.sha256 => None,
            (Some(_), Some(_)) => Some("sign_off.json was changed after it was written".to_owned()),
            (Some(_), None) => Some("sign_off.json is of nobody whom this job knows to have signed".to_owned()),
            (None, Some(signed)) => Some(format!("sign_off.json of {} is missing", signed.by)),
        };
        Ok(wrong.into_iter().collect())
    };
    attempt().context("reading what is known of the report").map_err(Failure::bug)
}
