//! Which payroll file was read, in words for whoever reads the report: the same one on many nights, or one that is
//! late, gives findings that look like any other night's.

use anyhow::Context as _;
use chrono::NaiveDate;

use crate::outcome::Failure;
use tieout_model::source::InputFile;
use tieout_payroll::FilePeriod;
use tieout_store::Store;

/// What is told of the payroll file.
pub struct Freshness {
    /// Its name, and on which nights it was read before.
    pub said: String,
    /// Why a newer one is due; `None`: none is.
    pub late: Option<String>,
}

/// Looks at the file of tonight and at the nights before `as_of`.
pub fn of_file(
    file: Option<&InputFile>,
    period: &FilePeriod,
    store: &Store,
    as_of: NaiveDate,
) -> Result<Freshness, Failure> {
    let name = file.and_then(|file| file.path.file_name()).map(|name| name.to_string_lossy().into_owned());
    let read = match file {
        Some(file) => store.nights_that_read(&file.sha256, as_of),
        None => Ok(None),
    };
    let before = match read.context("looking for the payroll file in past runs").map_err(Failure::bug)? {
        Some((nights, first)) => read_before(nights, first),
        None => String::new(),
    };
    let late = late(period, as_of);
    let due = late.as_ref().map(|late| format!("; {late}")).unwrap_or_default();
    Ok(Freshness { said: format!("{}{before}{due}", name.unwrap_or_default()), late })
}

fn read_before(nights: i64, first: NaiveDate) -> String {
    match nights {
        1 => format!(", the same file as on 1 earlier night, {first}"),
        nights => format!(", the same file as on {nights} earlier nights since {first}"),
    }
}

/// Another period has gone by since the one of the file.
fn late(period: &FilePeriod, as_of: NaiveDate) -> Option<String> {
    let length_days = period.end.signed_duration_since(period.start).num_days() + 1;
    let age_days = as_of.signed_duration_since(period.end).num_days();
    (age_days > length_days)
        .then(|| format!("late: its period ended {age_days} days ago and lasted {length_days}, so a newer file is due"))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[track_caller]
    fn check_late(period: [&str; 2], as_of: &str, expected: bool) {
        let day = |text: &str| text.parse::<NaiveDate>().expect("a day");
        let [start, end] = period.map(day);
        let period = FilePeriod { start, end, pay_date: None, cutoff: end };
        assert_eq!(late(&period, day(as_of)).is_some(), expected, "{as_of}");
    }

    #[test]
    fn one_night_is_told_as_one() {
        let first = NaiveDate::from_ymd_opt(2026, 4, 2).expect("a day");
        assert_eq!(read_before(1, first), ", the same file as on 1 earlier night, 2026-04-02");
        assert_eq!(read_before(2, first), ", the same file as on 2 earlier nights since 2026-04-02");
    }

    #[test]
    fn a_file_is_late_once_the_next_period_is_over() {
        check_late(["2026-03-01", "2026-03-31"], "2026-05-01", false);
        check_late(["2026-03-01", "2026-03-31"], "2026-05-02", true);
        check_late(["2026-03-16", "2026-03-31"], "2026-04-02", false);
        check_late(["2026-03-23", "2026-03-29"], "2026-04-05", false);
        check_late(["2026-03-23", "2026-03-29"], "2026-04-06", true);
    }
}
