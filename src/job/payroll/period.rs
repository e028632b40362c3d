//! The pay period: of columns, or as the job says.

use chrono::NaiveDate;
use serde::Deserialize;

use super::Keys;
use crate::job::problems::Problems;
use crate::job::text::Quoted;
use crate::job::text::checks::within;
use tieout_payroll::settings::Period;

const CUTOFF_DAYS_MAX: i64 = 62;
pub const PERIOD_DAYS_MAX: i64 = 366;

#[derive(Clone, Debug, Default, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct RawPeriod {
    pub start: Option<Quoted<NaiveDate>>,
    pub end: Option<Quoted<NaiveDate>>,
    pub pay_date: Option<Quoted<NaiveDate>>,
    pub cutoff_days: Option<i64>,
}

pub fn period(raw: RawPeriod, keys: &Keys, p: &mut Problems<'_>) -> Option<Period> {
    let table = keys.of("period", p);
    let key = |name: &str| table.then(name);
    let [start, end, pay_date] = [raw.start, raw.end, raw.pay_date].map(|date| date.map(|date| date.0));
    if let (Some(start), Some(end)) = (start, end) {
        let days = (end - start).num_days() + 1;
        if !(1..=PERIOD_DAYS_MAX).contains(&days) {
            p.at(&key("end"), format!("expected 1 to {PERIOD_DAYS_MAX} days from start to end, found {days}"));
        }
    }
    let cutoff_days = within(raw.cutoff_days, 0, -CUTOFF_DAYS_MAX..=CUTOFF_DAYS_MAX, &key("cutoff_days"), p);
    Some(Period { start, end, pay_date, cutoff_days })
}

/// Either both period columns or both dates.
pub fn period_source(keys: &Keys, p: &mut Problems<'_>) {
    let (columns, period) = (keys.of("columns", p), keys.of("period", p));
    let by_column = ["period_start", "period_end"].map(|name| p.has(&columns.then(name)));
    let by_date = ["start", "end"].map(|name| p.has(&period.then(name)));
    let expected = "expected period_start and period_end in payroll.columns, or start and end in payroll.period";
    match (by_column, by_date) {
        ([true, true], [false, false]) | ([false, false], [true, true]) => {}
        ([true, true], [true, true]) => p.at(&period, format!("{expected}; found both")),
        ([false, false], [false, false]) => p.at(keys.table(), format!("{expected}; found neither")),
        ([false, false], _) => p.at(&period, format!("{expected}; found one of start and end")),
        _ => p.at(&columns, format!("{expected}; found only some of them")),
    }
}
