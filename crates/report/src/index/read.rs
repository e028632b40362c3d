//! The nights as their folders tell them: the figures of `run.json`, the signature, and what stands beside.

use std::collections::BTreeMap;
use std::fs;
use std::path::Path;

use anyhow::Context as _;
use chrono::NaiveDate;
use rayon::prelude::*;
use serde::Deserialize;

use super::{KnownNights, PAGE};
use crate::changes::{Changes, counts};
use crate::figures::Headline;
use crate::sign_off::Signature;
use crate::tables::EVERYTHING_READ;
use crate::verify::{RUN, RUN_BYTES_MAX};
use tieout_model::hash::sha256_hex;
use tieout_model::money::Currency;

/// Length of the day that a folder is called after.
const DAY_CHARS: usize = 10;
/// Newest nights that are read: more than a year.
const NIGHTS_MAX: usize = 400;

/// All that is known of the nights.
pub struct Nights {
    /// Newest first.
    pub shown: Vec<Night>,
    /// Nights that are older than those.
    pub older: usize,
}

/// A day with a report, or with a run that wrote none.
pub struct Night {
    pub day: NaiveDate,
    /// `Err`: why nobody can say, in words.
    pub told: Result<Figures, String>,
    /// The way to its page, or to its folder where the job wants no page; `None`: it has neither.
    pub link: Option<String>,
    pub signature: Signed,
    /// Folders of the same day by what they are, `incomplete`, `unsigned`, `dry`, `refused`, each with the way to it.
    pub beside: Vec<(String, String)>,
    /// How the last run of the day ended, if it did not get to its end.
    pub ended: Option<String>,
}

/// Who answers for a night.
pub struct Signed {
    /// Blank: nobody.
    pub by: String,
    /// Why it is no signature of what stands here.
    pub doubt: Option<&'static str>,
}

/// What a night came to.
pub struct Figures {
    pub headline: Headline,
    pub ties_out: bool,
    /// `None`: a report of an earlier version, which does not say.
    pub changes: Option<Changes>,
    pub findings: u64,
    /// What the findings cost by currency, in counts of 1/10,000, neither direction set off.
    pub at_stake: BTreeMap<Currency, i128>,
}

#[derive(Deserialize)]
struct Run {
    snapshot: Snapshot,
    verdict: BTreeMap<String, String>,
    dispositions: Vec<Placed>,
    control_totals: Vec<Total>,
    exposure_to_date: BTreeMap<String, Directions>,
    findings: u64,
    /// A report of an earlier version does not say.
    #[serde(default)]
    uncompared_employees: usize,
    guards: Vec<String>,
    changes: Option<Changes>,
}

#[derive(Deserialize)]
struct Snapshot {
    complete: bool,
}

#[derive(Deserialize)]
struct Placed {
    rows: u64,
    matched: u64,
    finding: u64,
    #[serde(default)]
    waived: u64,
    out_of_scope: u64,
    rejected: u64,
    unverified: u64,
}

#[derive(Deserialize)]
struct Total {
    residual: String,
}

#[derive(Deserialize)]
struct Directions {
    under_collected: String,
    over_collected: String,
}

/// Errors: the folder can't be listed.
pub fn nights(dir: &Path, known: &KnownNights) -> anyhow::Result<Nights> {
    let mut days: BTreeMap<NaiveDate, Vec<String>> = BTreeMap::new();
    for day in known.unfinished.keys() {
        days.entry(*day).or_default();
    }
    let doing = || format!("listing {}", dir.display());
    for entry in fs::read_dir(dir).with_context(doing)? {
        let name = entry.with_context(doing)?.file_name().to_string_lossy().into_owned();
        if let Some((day, what)) = of_day(&name) {
            days.entry(day).or_default().push(what.to_owned());
        }
    }
    let older = days.len().saturating_sub(NIGHTS_MAX);
    let days: Vec<(NaiveDate, Vec<String>)> = days.into_iter().rev().take(NIGHTS_MAX).collect();
    let shown = days.into_par_iter().map(|(day, folders)| night(dir, day, folders, known)).collect();
    Ok(Nights { shown, older })
}

/// The day of a folder, and what stands behind it: `2026-03-31-dry` is of the day, and `dry`.
fn of_day(name: &str) -> Option<(NaiveDate, &str)> {
    let (day, what) = (name.get(..DAY_CHARS)?, name.get(DAY_CHARS..)?);
    let what = if what.is_empty() { what } else { what.strip_prefix('-')? };
    let is_word = what.chars().all(|c| c.is_ascii_lowercase());
    Some((day.parse().ok()?, what)).filter(|_| is_word)
}

fn night(dir: &Path, day: NaiveDate, folders: Vec<String>, known: &KnownNights) -> Night {
    let folder = dir.join(day.to_string());
    let link = folders.iter().any(String::is_empty).then(|| way(dir, &day.to_string()));
    let beside = folders.into_iter().filter(|what| !what.is_empty());
    let mut beside: Vec<(String, String)> =
        beside.map(|what| (what.clone(), way(dir, &format!("{day}-{what}")))).collect();
    beside.sort();
    let ended = known.unfinished.get(&day).cloned();
    let run = if link.is_some() { run_bytes(&folder) } else { Err("no report".to_owned()) };
    let signature = signed(&folder, run.as_deref().ok(), known.signatures.get(&day));
    Night { day, told: run.and_then(|run| figures(&run)), link, signature, beside, ended }
}

fn way(dir: &Path, folder: &str) -> String {
    let page = format!("{folder}/{PAGE}");
    if dir.join(&page).exists() { page } else { format!("{folder}/") }
}

/// `known`: the hash of the signature that the state knows.
fn signed(folder: &Path, run: Option<&[u8]>, known: Option<&String>) -> Signed {
    let by_nobody = |doubt| Signed { by: String::new(), doubt };
    let signature = match Signature::read(folder) {
        Ok(Some(signature)) => signature,
        Ok(None) => return by_nobody(known.map(|_| "the signature is gone that the state of the job knows")),
        Err(_) => return by_nobody(Some("there is a signature that can't be read")),
    };
    let is_as_signed = run.is_some_and(|run| {
        let hash = sha256_hex(run);
        signature.files.iter().any(|file| file.name == RUN && file.sha256 == hash)
    });
    let doubt = match known == Some(&signature.sha256) {
        false => Some("the state of the job does not know this signature"),
        true if is_as_signed => None,
        true => Some("run.json is not as it was signed: `tieout verify` says which files differ"),
    };
    Signed { by: signature.by, doubt }
}

/// `run.json` as it stands. `Err`: in words for the page; they name no path of the machine.
fn run_bytes(folder: &Path) -> Result<Vec<u8>, String> {
    let path = folder.join(RUN);
    let unreadable = |_| "run.json cannot be read: run the night again, or put the file back".to_owned();
    let about = fs::metadata(&path).map_err(unreadable)?;
    if about.len() > RUN_BYTES_MAX {
        return Err(format!("run.json is larger than {RUN_BYTES_MAX} bytes"));
    }
    fs::read(&path).map_err(unreadable)
}

/// `Err`: in words for the page.
fn figures(run: &[u8]) -> Result<Figures, String> {
    let run: Run = serde_json::from_slice(run).map_err(|_| "run.json is not as tieout writes it".to_owned())?;
    Ok(run.figures())
}

impl Run {
    fn figures(self) -> Figures {
        let unplaced =
            |d: &Placed| d.rows != d.matched + d.finding + d.waived + d.out_of_scope + d.rejected + d.unverified;
        let is_zero = |total: &Total| counts(&total.residual) == Some(0);
        let ties_out = self.control_totals.iter().all(is_zero) && !self.dispositions.iter().any(unplaced);
        let is_complete =
            self.snapshot.complete && self.verdict.get("completeness").is_none_or(|said| said == EVERYTHING_READ);
        let at_stake = match &self.changes {
            Some(changes) => changes.at_stake(),
            None => self.exposure_to_date.iter().filter_map(|(code, sums)| sums.counts(code)).collect(),
        };
        Figures {
            headline: Headline::of(ties_out, is_complete, self.uncompared_employees, self.guards.is_empty()),
            ties_out,
            changes: self.changes,
            findings: self.findings,
            at_stake,
        }
    }
}

impl Directions {
    fn counts(&self, code: &str) -> Option<(Currency, i128)> {
        let both = counts(&self.under_collected)?.abs() + counts(&self.over_collected)?.abs();
        Some((Currency::parse(code)?, both)).filter(|_| both != 0)
    }
}
