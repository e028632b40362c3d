//! The reports of a job that are there: the folders of its live nights.

pub(crate) mod index;
pub(super) mod sheet_file;

use std::collections::BTreeMap;
use std::fs;
use std::io::ErrorKind;
use std::path::{Path, PathBuf};

use anyhow::{Context as _, anyhow};
use chrono::NaiveDate;

use crate::job::Job;
use crate::outcome::{Exit, Failure};
use tieout_report::{self as report, Beside, ChangedReport, ReadNight};

/// Length of the day that the folder of a live night's report is called after.
const DAY_CHARS: usize = 10;
/// Nights that an error names.
const SHOWN_MAX: usize = 5;

/// Where the job's reports are.
pub fn folder(job: &Job) -> PathBuf {
    job.report.dir.join(&job.name)
}

/// Live nights with their folders, oldest first; those of dry runs and refused files are none.
pub fn nights(job: &Job) -> anyhow::Result<Vec<(NaiveDate, PathBuf)>> {
    let dir = folder(job);
    let entries = match fs::read_dir(&dir) {
        Ok(entries) => entries,
        Err(error) if error.kind() == ErrorKind::NotFound => return Ok(Vec::new()),
        Err(error) => return Err(error).with_context(|| format!("listing {}", dir.display())),
    };
    let mut nights = Vec::new();
    for entry in entries {
        let path = entry.with_context(|| format!("listing {}", dir.display()))?.path();
        let name = path.file_name().map(|name| name.to_string_lossy().into_owned()).unwrap_or_default();
        if let Some(day) = name.parse::<NaiveDate>().ok().filter(|_| name.len() == DAY_CHARS) {
            nights.push((day, path));
        }
    }
    nights.sort();
    Ok(nights)
}

/// What a live night left with the reports: a report, one that stands beside a better one, or the page over all nights
/// where it names one of them. `None`: no live night ever wrote here.
pub fn trace(job: &Job) -> anyhow::Result<Option<PathBuf>> {
    let dir = folder(job);
    let doing = || format!("listing {}", dir.display());
    let entries = match fs::read_dir(&dir) {
        Ok(entries) => entries,
        Err(error) if error.kind() == ErrorKind::NotFound => return Ok(None),
        Err(error) => return Err(error).with_context(doing),
    };
    let mut traces = Vec::new();
    for entry in entries {
        let name = entry.with_context(doing)?.file_name().to_string_lossy().into_owned();
        if is_live(&name) {
            traces.push(name);
        }
    }
    if let Some(newest) = traces.into_iter().max() {
        return Ok(Some(dir.join(newest)));
    }
    let page = dir.join(tieout_report::PAGE);
    match fs::read(&page) {
        Ok(text) => Ok(names_live(&String::from_utf8_lossy(&text)).then_some(page)),
        Err(error) if error.kind() == ErrorKind::NotFound => Ok(None),
        Err(error) => Err(error).with_context(|| format!("reading {}", page.display())),
    }
}

/// A day alone, or with what says that a better report of it stands beside.
fn is_live(name: &str) -> bool {
    let day = name.get(..DAY_CHARS).is_some_and(|day| day.parse::<NaiveDate>().is_ok());
    let beside = [Beside::Incomplete, Beside::Unsigned].iter().any(|why| why.names(Path::new(name)));
    day && (name.len() == DAY_CHARS || beside)
}

/// Whether a page over all nights leads to the report of a live one.
fn names_live(page: &str) -> bool {
    let ways = page.split("href=\"").skip(1).filter_map(|rest| rest.split(['/', '"']).next());
    ways.into_iter().any(is_live)
}

/// The report of one night, or of the newest.
pub fn read(job: &Job, day: Option<NaiveDate>) -> Result<ReadNight, Failure> {
    ReadNight::of(&find(job, day)?).map_err(refused)
}

/// How the money ended of what was cleared after a night and up to another one, by finding; blank where no account was
/// kept of it.
pub fn endings(job: &Job, after: Option<NaiveDate>, until: NaiveDate) -> Result<BTreeMap<String, String>, Failure> {
    let mut endings = BTreeMap::new();
    for (_, folder) in
        nights(job).map_err(Failure::input)?.iter().filter(|(night, _)| Some(*night) > after && *night <= until)
    {
        for cleared in report::read_cleared(folder).map_err(refused)? {
            let money =
                cleared.amount("amount").map(|(counts, of)| format!(" {} {of}", report::amount(counts.abs(), of)));
            let how = format!("{}{}", cleared.get("ending"), money.unwrap_or_default());
            endings.insert(cleared.id().to_owned(), how);
        }
    }
    Ok(endings)
}

/// The folder of one night's report.
pub fn of_day(job: &Job, day: NaiveDate) -> Result<PathBuf, Failure> {
    find(job, Some(day))
}

fn find(job: &Job, day: Option<NaiveDate>) -> Result<PathBuf, Failure> {
    let nights = nights(job).map_err(Failure::input)?;
    let found = match day {
        Some(day) => nights.iter().find(|(night, _)| *night == day),
        None => nights.last(),
    };
    let Some((_, found)) = found else {
        let wanted = day.map_or_else(|| "no night".to_owned(), |day| format!("no night of {day}"));
        let newest: Vec<String> = nights.iter().rev().take(SHOWN_MAX).map(|(night, _)| night.to_string()).collect();
        let others = if newest.is_empty() { String::new() } else { format!("; the newest are {}", newest.join(", ")) };
        let dir = folder(job);
        return Err(Failure::input(anyhow!("job {} has {wanted} in {}{others}", job.name, dir.display())));
    };
    Ok(found.clone())
}

/// A report that was changed is no input that a person typed.
pub fn refused(error: anyhow::Error) -> Failure {
    match error.downcast_ref::<ChangedReport>() {
        Some(_) => Failure::new(Exit::Integrity, error),
        None => Failure::input(error),
    }
}
