//! The period of the file as a whole.

use chrono::{NaiveDate, TimeDelta};

use super::dates::from_days;
use super::people::People;
use super::{FilePeriod, PayrollError};
use crate::job;

/// The newest period by its last day, from the earliest first day among the rows that share it; the job's own dates
/// when no row was accepted.
pub(super) fn file_period(people: &People, settings: &job::Period) -> Result<FilePeriod, PayrollError> {
    let mut newest: Option<(i32, i32, Option<i32>)> = None;
    for (start, end, pay_date) in people.periods() {
        newest = match newest {
            Some(kept) if kept.1 > end => Some(kept),
            Some(kept) if kept.1 == end => Some((kept.0.min(start), end, kept.2.max(pay_date))),
            _ => Some((start, end, pay_date)),
        };
    }
    let in_rows = newest.and_then(|(s, e, p)| Some((from_days(s)?, from_days(e)?, p.and_then(from_days))));
    let in_job = settings.start.zip(settings.end).map(|(start, end)| (start, end, settings.pay_date));
    let Some((start, end, pay_date)) = in_rows.or(in_job) else {
        return Err(PayrollError::NoPeriod { lacking: "at least one regular row that was accepted" });
    };
    Ok(FilePeriod { start, end, pay_date, cutoff: cutoff(end, settings.cutoff_days) })
}

fn cutoff(end: NaiveDate, days: i64) -> NaiveDate {
    let moved = TimeDelta::try_days(days).and_then(|by| end.checked_add_signed(by));
    moved.unwrap_or(if days < 0 { NaiveDate::MIN } else { NaiveDate::MAX })
}
