//! `tieout sign-off`: a person answers for the report of a night, as it was written. From then on nothing takes its
//! place.

use anyhow::{Context, anyhow};
use chrono::SecondsFormat;

use crate::cli::SignOffArgs;
use crate::outcome::{Exit, Failure, Outcome};
use crate::review::authority::listed;
use crate::secrets::{self, Operator};
use tieout_report::{self as report, Verified};
use tieout_store::{SignOff, Store};

use super::open::anchor;
use super::reports::index;
use super::{open, reports, table};

pub fn run(args: &SignOffArgs) -> Outcome {
    let opened = open::job(&args.job)?;
    let job = &opened.job;
    let mut store = open::store(job)?;
    anchor::hold(job, &mut store)?;
    let refused = |why: String| Failure::input(anyhow!("nothing was signed: {why}"));
    let operator = Operator::of_process();
    let by = args.by.clone().unwrap_or_else(secrets::login_name);
    let approver = listed(&job.approval, &by, &operator).map_err(|why| refused(why.to_string()))?;
    if let Some(signed) = store.sign_off(args.as_of).map_err(Failure::bug)? {
        return Err(refused(format!("{} signed the report of {} before", signed.by, args.as_of)));
    }
    let folder = reports::of_day(job, args.as_of)?;
    let verified = report::verify(&folder).map_err(Failure::input)?;
    hold(&store, &verified)?;
    let at = opened.now.to_rfc3339_opts(SecondsFormat::Secs, true);
    let operator = operator.to_string();
    let signature = report::sign_off(&folder, &verified, [&approver.name, &at, &operator, args.note.trim()])
        .map_err(Failure::input)?;
    let signed =
        SignOff { report: verified.sha256, sha256: signature.sha256, by: approver.name.clone(), at: opened.now };
    store.sign(args.as_of, &signed, &operator).context("noting the signature").map_err(Failure::bug)?;
    index::renew(job, &store);
    let (files, shown) = (signature.files.len(), folder.display());
    table::print(&format!(
        "{} signed the report {shown}: {files} files, run.json {}; a later run of that day stands beside it",
        signed.by, signed.report
    ));
    Ok(Exit::Done)
}

/// Errors: what was edited, what no run wrote, and what proves nothing.
fn hold(store: &Store, verified: &Verified) -> Result<(), Failure> {
    let refused = |exit: Exit, why: String| Err(Failure::new(exit, anyhow!("nothing was signed: {why}")));
    if !verified.wrong.is_empty() {
        return refused(Exit::Integrity, verified.wrong.join("; "));
    }
    match store.written_report(&verified.sha256).map_err(Failure::bug)? {
        None => refused(Exit::Integrity, "run.json is not the one that a live run of this job wrote".to_owned()),
        Some(written) if written.exit_code == Exit::Integrity as u8 => {
            refused(Exit::Input, "its totals do not tie out".to_owned())
        }
        Some(_) if verified.signature.is_some() => refused(
            Exit::Integrity,
            "it holds a signature that this job does not know: take sign_off.json away".to_owned(),
        ),
        Some(_) => Ok(()),
    }
}
