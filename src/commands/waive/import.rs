//! Waivers by spreadsheet: rows of a CSV or a workbook, all of them or none.

use std::path::Path;

use anyhow::{Context as _, anyhow};

use super::wish::{self, Wish};
use super::write;
use crate::commands::open::OpenJob;
use crate::commands::sheet_file;
use crate::outcome::Failure;
use crate::review::waivers::{self, Row};
use tieout_store::Store;

pub fn import(opened: &OpenJob, store: &mut Store, file: &Path, by: &str) -> Result<String, Failure> {
    let bytes = sheet_file::read(file)?;
    let path = file.display();
    let rows = waivers::parse(&bytes).map_err(|problems| sheet_file::refused(&path, &problems))?;
    let (mut accepted, mut problems) = (Vec::new(), Vec::new());
    for row in &rows {
        match one(opened, store, row, by) {
            Ok(waiver) => accepted.push(waiver),
            Err(message) => problems.push(crate::review::Problem { row: row.number, column: "", message }),
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

fn one(opened: &OpenJob, store: &Store, row: &Row, by: &str) -> Result<tieout_store::NewWaiver, String> {
    let until = row.until.parse().map_err(|_| "waive_until: expected a day such as 2026-12-31".to_owned())?;
    let by = if row.by.is_empty() { by } else { &row.by };
    let cap = Some(row.cap.as_str()).filter(|cap| !cap.is_empty());
    wish::accept(opened, store, &Wish { what: &row.what, until, cap, by, reason: &row.reason })
}
