//! Waivers by spreadsheet: rows of a CSV or a workbook, all of them or none.

use std::path::Path;

use anyhow::{Context as _, anyhow};
use chrono::NaiveDate;

use super::wish::{self, Refused, WaivedPart, Wish};
use super::write;
use crate::commands::open::OpenJob;
use crate::commands::reports::sheet_file;
use crate::outcome::Failure;
use crate::review::waivers::{self, WaiverRow};
use crate::review::{DecisionProblem, is_workbook};
use tieout_model::money::Marks;
use tieout_model::waiver::Grant;
use tieout_store::Store;

/// How a date is written in most of Europe.
const WITH_POINTS: &str = "%d.%m.%Y";

pub fn import(opened: &OpenJob, store: &mut Store, file: &Path, by: &str) -> Result<String, Failure> {
    let bytes = sheet_file::read(file)?;
    let path = file.display();
    let rows = waivers::parse(&bytes).map_err(|problems| sheet_file::refused(&path, &problems))?;
    // A workbook holds numbers; in a CSV they are as the job's spreadsheets write them.
    let marks = if is_workbook(&bytes) { Marks::PLAIN } else { opened.job.report.csv.marks() };
    let (mut accepted, mut problems) = (Vec::new(), Vec::new());
    for row in &rows {
        match one(opened, store, row, marks, by) {
            Ok(waiver) => accepted.push(waiver),
            Err(problem) => problems.push(problem),
        }
    }
    if !problems.is_empty() {
        return Err(sheet_file::refused(&path, &problems));
    }
    if accepted.is_empty() {
        return Err(Failure::input(anyhow!("{path}: no row says until when something is waived")));
    }
    let ids = write(opened, store, &accepted, &format!("imported by {by}, "))?;
    let (first, last) = (ids.first().context("there is one").map_err(Failure::bug)?, ids.len());
    Ok(format!("{last} waivers, from number {first} on; what they hold is no exception from the next run on"))
}

fn one(opened: &OpenJob, store: &Store, row: &WaiverRow, marks: Marks, by: &str) -> Result<Grant, DecisionProblem> {
    let expected = "expected a day such as 2026-12-31 or 31.12.2026";
    let until = day(&row.until).ok_or_else(|| row.problem(waivers::UNTIL, expected))?;
    let by = if row.by.is_empty() { by } else { &row.by };
    let cap = Some(row.cap.as_str()).filter(|cap| !cap.is_empty());
    let wish = Wish { what: &row.what, until, cap, marks, by, reason: &row.reason };
    wish::accept(opened, store, &wish).map_err(|Refused { part, message }| row.problem(column(row, part), message))
}

fn column(row: &WaiverRow, part: WaivedPart) -> &'static str {
    match part {
        WaivedPart::What => row.what_column,
        WaivedPart::Until => waivers::UNTIL,
        WaivedPart::Cap => waivers::CAP,
        WaivedPart::By => waivers::BY,
        WaivedPart::Reason => waivers::REASON,
    }
}

/// Of year, month and day, or with points in the order of those who write points.
fn day(text: &str) -> Option<NaiveDate> {
    text.parse().ok().or_else(|| NaiveDate::parse_from_str(text, WITH_POINTS).ok())
}
