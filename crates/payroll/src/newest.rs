//! Which of several payroll files is the newest: the one of the latest pay period, as the file itself says, and of
//! those the one that was changed last. Names say nothing: `payroll_9-30` sorts behind `payroll_10-15`, and the
//! corrected `payroll (1)` before the first download.

use std::cmp::Reverse;
use std::path::PathBuf;
use std::time::Duration;

use chrono::NaiveDate;

use crate::cells::dates::DateParser;
use crate::header::columns::{PERIOD_END, PersonColumns, wanted_headers};
use crate::header::{Header, HeaderPlace};
use crate::locate::{self, Candidate};
use crate::people::person::{Faults, read_text};
use crate::rows::Rows;
use crate::{PayrollError, settings};

/// Files that are looked into, those that were changed last: a year of weekly pay and as many corrections.
const LOOKED_INTO_MAX: usize = 104;
/// First rows whose period counts: titles, repeated headers and rows of other runs may stand before the first of this
/// one.
const ROWS_MAX: usize = 200;

/// The payroll file that the job means. Errors: none is there.
pub(super) fn payroll_file(settings: &settings::Payroll) -> Result<PathBuf, PayrollError> {
    let mut candidates = locate::candidates(&settings.file, locate::PAYROLL)?;
    if candidates.len() > 1 && settings.columns.period_end.is_some() {
        // What cannot be read may be the newest: whoever was changed last stays, and its own error tells.
        let last = candidates[0].path.clone();
        candidates.truncate(LOOKED_INTO_MAX);
        candidates.sort_by_cached_key(|candidate| {
            let period = period_end(candidate, settings);
            Reverse(if period.is_none() && candidate.path == last { Some(NaiveDate::MAX) } else { period })
        });
    }
    Ok(candidates.swap_remove(0).path)
}

/// The latest last day of a period among the first rows; `None`: none can be read.
fn period_end(candidate: &Candidate, settings: &settings::Payroll) -> Option<NaiveDate> {
    let mut rows = Rows::open(&candidate.path, &settings.format(), Duration::ZERO).ok()?;
    let header = Header::read(&mut rows, HeaderPlace::of(settings), &wanted_headers(settings)).ok()?;
    let columns = PersonColumns::find(&header, settings);
    let at = columns.dates[PERIOD_END];
    let dates = DateParser::new(settings, rows.are_of_workbook());
    let mut latest = None;
    for _ in 0..ROWS_MAX {
        let Ok(Some(row)) = rows.next() else { break };
        let text = read_text(&row, at, settings, &mut Faults::default());
        let date = text.and_then(|text| dates.parse(text).ok().flatten());
        latest = latest.max(date);
    }
    latest
}
