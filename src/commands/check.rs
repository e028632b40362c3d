//! `tieout check`: everything that can be known wrong before the night: job file, payroll columns, folders,
//! credentials, and one harmless call to each service. All of it is tried; the gravest problem decides the exit code.

use std::fs;
use std::path::Path;

use anyhow::Context;
use serde::Serialize;
use tokio::sync::watch;

use crate::cli::JobArgs;
use crate::job::Job;
use crate::outcome::{self, Exit, Failure, Outcome};
use tieout_private as private;
use tieout_services::ApiError;
use tieout_store::Store;

use super::open::OpenJob;
use super::services::Services;
use super::{anchor, calls, check_night, check_payroll, clock, open, table};

/// An employee id that nobody has: the list answers an empty page.
const NOBODY: &str = "tieout-check";

#[derive(Serialize)]
pub(super) struct Line {
    part: &'static str,
    ok: bool,
    said: String,
    #[serde(skip)]
    exit: Exit,
}

pub fn run(args: &JobArgs) -> Outcome {
    let opened = open::job(&args.job)?;
    let job = &opened.job;
    let mut lines = vec![line("job file", Exit::Input, Ok(format!("{} is valid", args.job.display())))];
    let as_of = clock::today(job, opened.now);
    let (of_payroll, payroll) = check_payroll::lines(job, as_of);
    lines.extend(of_payroll);
    let crosswalk = open::crosswalk(job);
    let night = payroll.as_ref().zip(crosswalk.as_ref().ok());
    let night = night.map(|(payroll, crosswalk)| check_night::lines(job, payroll, crosswalk, as_of));
    lines.extend([
        line("crosswalk", Exit::Input, crosswalk.map(|c| format!("{} rows", c.rows.len())).map_err(|f| f.error)),
        line("state folder", Exit::Input, writable(&job.state_dir)),
        line("report folder", Exit::Input, reports(job)),
        line("opening ledger", Exit::Input, opening_ledger(&opened)),
        database(job),
    ]);
    if job.schemes.iter().any(|entry| entry.dates_file.is_some()) {
        let dates = open::schemes(job).map(|entries| format!("{} schemes", entries.len())).map_err(|f| f.error);
        lines.push(line("deduction dates", Exit::Input, dates));
    }
    lines.extend(night.into_iter().flatten());
    lines.extend(services(job)?);
    show(args, &lines)?;
    let wrong: Vec<&str> = lines.iter().filter(|l| !l.ok).map(|l| l.part).collect();
    if !wrong.is_empty() {
        outcome::tell(&format!("check of {}: wrong: {}; stdout says why", job.name, wrong.join(", ")));
    }
    Ok(lines.iter().filter(|l| !l.ok).map(|l| l.exit).max_by_key(|exit| *exit as u8).unwrap_or(Exit::Done))
}

pub(super) fn line(part: &'static str, exit: Exit, result: anyhow::Result<String>) -> Line {
    match result {
        Ok(said) => Line { part, ok: true, said, exit },
        Err(error) => Line { part, ok: false, said: format!("{error:#}"), exit },
    }
}

/// Reads it into a database that is thrown away: a check changes nothing.
fn opening_ledger(opened: &OpenJob) -> anyhow::Result<String> {
    let Some(path) = open::opening_of(&opened.job) else {
        return Ok("the job names none".to_owned());
    };
    let read = Store::in_memory()?.import_opening_ledger(path, opened.now)?;
    Ok(format!("{} rows", read.rows))
}

/// Damage is graver than a folder that cannot be written.
fn database(job: &Job) -> Line {
    match open::store(job) {
        Ok(store) => match anchor::compare(job, &store) {
            Ok(()) => line("database", Exit::Integrity, Ok("sound".to_owned())),
            Err(failure) => line("database", failure.exit, Err(failure.error)),
        },
        Err(failure) => line("database", failure.exit, Err(failure.error)),
    }
}

fn reports(job: &Job) -> anyhow::Result<String> {
    private::shared_folder(&job.report.dir)?;
    writable(&job.report.dir.join(&job.name))
}

fn writable(dir: &Path) -> anyhow::Result<String> {
    private::folder(dir)?;
    let probe = dir.join(".tieout-check");
    fs::write(&probe, b"").with_context(|| format!("writing into {}", dir.display()))?;
    fs::remove_file(&probe).with_context(|| format!("removing {}", probe.display()))?;
    Ok(format!("{} can be written", dir.display()))
}

fn services(job: &Job) -> Result<Vec<Line>, Failure> {
    let services = Services::start(job)?;
    let (_cancel, cancelled) = watch::channel(false);
    let sink = calls::sink();
    let mut lines = Vec::new();
    let benifex = services.connect_benifex(sink.clone(), cancelled.clone()).map_err(|f| f.error).and_then(|client| {
        services.runtime.block_on(client.users(&[NOBODY.to_owned()]))?;
        Ok("the token was granted and the users list answered".to_owned())
    });
    lines.push(service_line("Benifex", benifex));
    let oyster = services.connect_oyster(sink.clone(), cancelled.clone()).map_err(|f| f.error);
    let oyster = oyster.and_then(|client| match client {
        None => Ok("the job has none".to_owned()),
        Some(client) => {
            let count = services.runtime.block_on(client.first_page())?;
            let count = count.map_or("engagements".to_owned(), |count| format!("{count} engagements"));
            Ok(format!("the credentials were taken and the list answered: {count}"))
        }
    });
    lines.push(service_line("Oyster", oyster));
    let benbase = services.connect_benbase(sink, cancelled).map_err(|f| f.error).and_then(|client| match client {
        None => Ok("the job has none".to_owned()),
        Some(client) => {
            let status = services.runtime.block_on(client.employer_status())?;
            Ok(format!("the employer is {}", status.status))
        }
    });
    lines.push(service_line("Benbase", benbase));
    services.stop();
    Ok(lines)
}

fn service_line(part: &'static str, result: anyhow::Result<String>) -> Line {
    let refused = |error: &anyhow::Error| matches!(error.downcast_ref(), Some(ApiError::Credentials { .. }));
    let exit = if result.as_ref().is_err_and(refused) { Exit::Credentials } else { Exit::Unverified };
    line(part, exit, result)
}

fn show(args: &JobArgs, lines: &[Line]) -> Result<(), Failure> {
    if args.json {
        return table::print_json(&lines);
    }
    let rows = lines
        .iter()
        .map(|l| vec![if l.ok { "ok" } else { "WRONG" }.to_owned(), l.part.to_owned(), l.said.clone()])
        .collect();
    table::print(&table::render(&["", "Part", ""], rows, &[]));
    Ok(())
}
