//! `tieout check`: everything that can be known wrong before the night: job file, payroll columns, folders,
//! credentials, and one harmless call to each service. All of it is tried; the gravest problem decides the exit code.

pub(super) mod check_night;
pub(super) mod check_payroll;
pub(super) mod check_services;

use std::fs;
use std::path::Path;

use anyhow::Context;
use serde::Serialize;

use crate::cli::JobArgs;
use crate::job::Job;
use crate::outcome::{self, Exit, Failure, Outcome};
use tieout_model::counted::counted;
use tieout_private as private;
use tieout_store::Store;

use super::open::OpenJob;
use super::open::{anchor, clock};
use super::{open, table};

#[derive(Serialize)]
pub(super) struct CheckLine {
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
        line("crosswalk", Exit::Input, crosswalk.map(|c| counted(c.rows.len(), "row", "rows")).map_err(|f| f.error)),
        line("state folder", Exit::Input, writable(&job.state_dir)),
        line("report folder", Exit::Input, reports(job)),
        line("opening ledger", Exit::Input, opening_ledger(&opened)),
        database(job),
    ]);
    if job.schemes.iter().any(|entry| entry.dates_file.is_some()) {
        let dates = open::schemes(job).map(|entries| counted(entries.len(), "scheme", "schemes")).map_err(|f| f.error);
        lines.push(line("deduction dates", Exit::Input, dates));
    }
    lines.extend(night.into_iter().flatten());
    lines.extend(check_services::lines(job)?);
    show(args, &lines)?;
    let wrong: Vec<&str> = lines.iter().filter(|l| !l.ok).map(|l| l.part).collect();
    if !wrong.is_empty() {
        outcome::tell(&format!("check of {}: wrong: {}; stdout says why", job.name, wrong.join(", ")));
    }
    Ok(lines.iter().filter(|l| !l.ok).map(|l| l.exit).max_by_key(|exit| *exit as u8).unwrap_or(Exit::Done))
}

impl CheckLine {
    #[cfg(test)]
    pub(super) fn is_ok(&self) -> bool {
        self.ok
    }
}

pub(super) fn line(part: &'static str, exit: Exit, result: anyhow::Result<String>) -> CheckLine {
    match result {
        Ok(said) => CheckLine { part, ok: true, said, exit },
        Err(error) => CheckLine { part, ok: false, said: format!("{error:#}"), exit },
    }
}

/// Reads it into a database that is thrown away: a check changes nothing.
fn opening_ledger(opened: &OpenJob) -> anyhow::Result<String> {
    let Some(path) = open::opening_of(&opened.job) else {
        return Ok("the job names none".to_owned());
    };
    let placeholders = &opened.job.payroll.placeholder_dates;
    let read = Store::in_memory()?.import_opening_ledger(path, placeholders, opened.now)?;
    Ok(format!("{} rows", read.rows))
}

/// Damage is graver than a folder that cannot be written.
fn database(job: &Job) -> CheckLine {
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

fn show(args: &JobArgs, lines: &[CheckLine]) -> Result<(), Failure> {
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
