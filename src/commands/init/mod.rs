//! `tieout init`: a payroll export becomes a job file. It reads the file, asks on a terminal what only a person can
//! know, reads every row with the job that it proposes, and writes that job where no file stands yet.

mod ask;
mod said;
mod sources;

use std::fs::OpenOptions;
use std::io::{self, Write as _};
use std::path::{Path, PathBuf};

use anyhow::Context;

use crate::cli::InitArgs;
use crate::job::{self, Job, JobError};
use crate::outcome::{Exit, Failure, Outcome};
use tieout_payroll as payroll;
use tieout_propose::{self as propose, Hints, JobFile, Services, Site};

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
    let mut hints = Hints::default();
    let mut proposals = Vec::new();
    for file in &args.files {
        let (proposal, of_file) = looked_at(args, file)?;
        proposals.push(proposal);
        hints = of_file;
    }
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

/// The proposal of one file, after questions where somebody is there to answer them.
fn looked_at(args: &InitArgs, file: &Path) -> Result<(propose::Proposal, Hints), Failure> {
    let (bytes, workbook) = sources::head(file, args.sheet.as_deref()).map_err(Failure::input)?;
    let mut hints = sources::hints(args, file, workbook).map_err(Failure::input)?;
    let mut proposal = proposed(&bytes, &hints, file)?;
    if ask::can_ask(args) && ask::all(&proposal, &mut hints).map_err(Failure::input)? {
        proposal = proposed(&bytes, &hints, file)?;
    }
    Ok((proposal, hints))
}

fn proposed(bytes: &[u8], hints: &Hints, file: &Path) -> Result<propose::Proposal, Failure> {
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
