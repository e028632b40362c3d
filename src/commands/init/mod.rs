//! `tieout init`: a payroll export becomes a job file. It reads the file, asks on a terminal what only a person can
//! know, reads every row with the job that it proposes, and writes that job where no file stands yet.

mod ask;
mod said;
mod sources;

use std::fs::OpenOptions;
use std::io::{self, Write as _};
use std::path::{Path, PathBuf};

use anyhow::Context;

use self::sources::Head;
use crate::cli::InitArgs;
use crate::job::{self, Job, JobError};
use crate::outcome::{Exit, Failure, Outcome};
use tieout_payroll as payroll;
use tieout_propose::{self as propose, Hints, JobFile, Proposal, Services, Site};

/// Folder in which jobs stand as a rule.
const JOBS: &str = "jobs";

pub fn run(args: &InitArgs) -> Outcome {
    let first = args.files.first().map_or(Path::new(""), PathBuf::as_path);
    let name = args.name.clone().unwrap_or_else(|| name_of(first));
    let out = args.out.clone().unwrap_or_else(|| place_of(&name));
    if out.try_exists().unwrap_or(true) {
        let there =
            anyhow::anyhow!("{} is there already; name another file with --out, or move it away", out.display());
        return Err(Failure::input(there.context("a job file is never overwritten")));
    }
    let mut looked = looked_at(args)?;
    if ask::can_ask(args) {
        let mut answers = ask::Answers::new();
        for (file, looked) in args.files.iter().zip(&mut looked) {
            looked.ask(args, file, &mut answers)?;
        }
    }
    let hints = looked.last_mut().map(|looked| std::mem::take(&mut looked.hints)).unwrap_or_default();
    let proposals: Vec<Proposal> = looked.into_iter().map(|looked| looked.proposal).collect();
    let site = Site {
        name,
        files: args.files.iter().map(|file| file.display().to_string()).collect(),
        services: match &args.world {
            Some(world) => Services::World { folder: world.display().to_string() },
            None => Services::Network,
        },
    };
    let file = propose::write(&proposals, &hints, &site);
    let tried = tried(&file, &out);
    write_new(&out, &file.text).map_err(Failure::input)?;
    said::show(args, &out, &proposals, &file, &tried)?;
    Ok(if tried.is_ready() { Exit::Done } else { Exit::Input })
}

/// A file and what is proposed for it.
struct Looked {
    head: Head,
    hints: Hints,
    proposal: Proposal,
}

/// The proposals of all files, before anybody is asked. Each has what is stated of it; nothing that is stated is in
/// none.
fn looked_at(args: &InitArgs) -> Result<Vec<Looked>, Failure> {
    let mut all = Vec::new();
    let heads = sources::heads(&args.files, args.sheet.as_deref()).map_err(Failure::input)?;
    for (file, head) in args.files.iter().zip(heads) {
        let hints = sources::hints(args, file, &head).map_err(Failure::input)?;
        let proposal = proposed(&head.bytes, &hints, file)?;
        all.push(Looked { head, hints, proposal });
    }
    let names: Vec<String> = args.files.iter().map(|file| file.display().to_string()).collect();
    let files: Vec<(&str, &Proposal)> =
        names.iter().map(String::as_str).zip(all.iter().map(|looked| &looked.proposal)).collect();
    propose::check_stated(args.column.iter().map(|(_, header)| header), &files).map_err(Failure::input)?;
    Ok(all)
}

impl Looked {
    fn ask(&mut self, args: &InitArgs, file: &Path, answers: &mut ask::Answers) -> Result<(), Failure> {
        if ask::all(&self.proposal, &mut self.hints, answers).map_err(Failure::input)? {
            self.proposal = proposed(&self.head.bytes, &self.hints, file)?;
            let stated = |header: &&String| args.column.iter().any(|(_, own)| own == *header);
            let answered = self.hints.columns.values().filter(|header| !stated(header));
            let name = file.display().to_string();
            propose::check_stated(answered, &[(name.as_str(), &self.proposal)]).map_err(Failure::input)?;
        }
        Ok(())
    }
}

fn proposed(bytes: &[u8], hints: &Hints, file: &Path) -> Result<Proposal, Failure> {
    propose::propose(bytes, hints)
        .map_err(|error| Failure::input(anyhow::Error::new(error).context(format!("reading {}", file.display()))))
}

/// What came of reading the file with the proposed job, as a night would.
pub struct Tried {
    /// The job, or what it lacks.
    job: Result<Box<Job>, JobError>,
    /// The rows, when there is a job.
    rows: Option<Result<payroll::Payroll, payroll::PayrollError>>,
}

impl Tried {
    fn is_ready(&self) -> bool {
        self.rows.as_ref().is_some_and(Result::is_ok)
    }
}

fn tried(file: &JobFile, out: &Path) -> Tried {
    let job = job::parse(&file.text, out).map(Box::new);
    let rows = job.as_ref().ok().map(|job| payroll::read(&job.payroll, &job.deductions, std::time::Duration::ZERO));
    Tried { job, rows }
}

/// Creates the file, never writes over one.
fn write_new(out: &Path, text: &str) -> anyhow::Result<()> {
    let mut file = match OpenOptions::new().write(true).create_new(true).open(out) {
        Err(error) if error.kind() == io::ErrorKind::AlreadyExists => {
            anyhow::bail!("{} is there already; name another file with --out, or move it away", out.display())
        }
        opened => opened.with_context(|| format!("creating the job file {}", out.display()))?,
    };
    file.write_all(text.as_bytes()).with_context(|| format!("writing the job file {}", out.display()))
}

/// A name of letters, digits, `-` and `_`, from the file's own; days and counters in it are left out.
fn name_of(file: &Path) -> String {
    let stem = file.file_stem().map(|stem| stem.to_string_lossy().to_lowercase()).unwrap_or_default();
    let words = stem.split(|c: char| !c.is_ascii_alphanumeric()).filter(|word| word.chars().any(char::is_alphabetic));
    let name = words.collect::<Vec<_>>().join("-");
    if name.is_empty() { "payroll".to_owned() } else { name }
}

fn place_of(name: &str) -> PathBuf {
    let file = PathBuf::from(format!("{name}.toml"));
    if Path::new(JOBS).is_dir() { Path::new(JOBS).join(file) } else { file }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_job_is_named_after_its_file_without_days_and_counters() {
        for (file, name) in [
            ("in/Acme Payroll 2026-03-31.csv", "acme-payroll"),
            ("PAY_202603 (1).CSV", "pay"),
            ("2026-03.csv", "payroll"),
        ] {
            assert_eq!(name_of(Path::new(file)), name);
        }
    }
}
