//! What people accept for a time: the findings that are no exceptions tonight, with who accepts them, why, and how
//! long.

use super::exceptions::{ExceptionRow, columns, rows};
use crate::Report;
use crate::table::{Column, Kind, Table, amount, count, date, text};

pub const NAME: &str = "waived";

pub fn table(report: &Report) -> Table<'_> {
    let as_of = report.head.as_of;
    let rows = report.waived.iter().flat_map(|waived| rows(&waived.exception, Some(&waived.waiver), as_of));
    Table::new(NAME, "Waived", columns(waiver()), rows.collect())
}

/// Names of the columns of exceptions and waived that hold amounts.
pub fn amounts() -> Vec<&'static str> {
    let headings = Table::new(NAME, "Waived", columns(waiver()), Vec::new()).headings();
    headings.iter().filter(|heading| heading.kind == Kind::Amount).map(|heading| heading.name).collect()
}

fn waiver<'r>() -> [Column<ExceptionRow<'r>>; 7] {
    [
        text("waived_by", "Waived by", 16, |r: &ExceptionRow<'_>| r.waiver.map_or("", |w| &w.grant.by).into()),
        text("waiver_reason", "Why", 40, |r| r.waiver.map_or("", |w| &w.grant.reason).into()),
        date("waived_until", "Until", |r| r.waiver.map(|w| w.grant.until)),
        count("days_left", "Days left", |r| r.waiver.map_or(0, |w| days(r, w.grant.until))),
        amount("waiver_cap", "Cap", |r| {
            r.waiver.and_then(|w| w.grant.cap).map(|(cap, currency)| (cap.0.into(), currency))
        }),
        count("waiver", "Waiver", |r| r.waiver.map_or(0, |w| w.id.unsigned_abs())),
        text("waived_group", "Waived as group", 19, |r| r.waiver.map_or("", |w| &w.grant.group_id).into()),
    ]
}

/// None below 0: what is waived has not expired.
fn days(row: &ExceptionRow<'_>, until: chrono::NaiveDate) -> u64 {
    (until - row.as_of).num_days().max(0).unsigned_abs()
}
