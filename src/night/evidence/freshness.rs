//! Which payroll file was read, in words for whoever reads the report: the same one on many nights, or one that is
//! late, gives findings that look like any other night's.

use anyhow::Context as _;
use chrono::NaiveDate;

use crate::outcome::Failure;
use tieout_model::control::PeriodsByGroup;
use tieout_model::hash::sha256_hex;
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

/// What tells the payroll files of a night from those of another: of several, all of them together.
pub fn hash_of(files: &[InputFile]) -> Option<String> {
    match files {
        [] => None,
        [file] => Some(file.sha256.clone()),
        files => Some(sha256_hex(files.iter().map(|file| file.sha256.as_str()).collect::<Vec<_>>().join(" "))),
    }
}

/// Looks at the file of tonight and at the nights before `as_of`.
pub fn of_file(
    files: &[InputFile],
    (period, groups): (&FilePeriod, &PeriodsByGroup),
    store: &Store,
    as_of: NaiveDate,
) -> Result<Freshness, Failure> {
    let name = files.first().and_then(|file| file.path.file_name()).map(|name| name.to_string_lossy().into_owned());
    let read = match hash_of(files) {
        Some(hash) => store.nights_that_read(&hash, as_of),
        None => Ok(None),
    };
    let before = match read.context("looking for the payroll file in past runs").map_err(Failure::bug)? {
        Some((nights, first)) => read_before(nights, first),
        None => String::new(),
    };
    let groups: Vec<String> = groups.keys().cloned().collect();
    let last = store.last_periods(as_of, &groups).context("looking for newer payroll files").map_err(Failure::bug)?;
    let corrects = last.values().flatten().any(|known| known.end > period.end);
    // Of a correction of an earlier period CT07 says when a newer file is due.
    let late = late(period, as_of).filter(|_| !corrects);
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
    fn several_files_are_told_apart_from_those_of_another_night_by_each_of_them() {
        let of = |hashes: &[&str]| {
            let file = |hash: &&str| InputFile { path: "east.csv".into(), sha256: (*hash).to_owned(), bytes: 1 };
            hash_of(&hashes.iter().map(file).collect::<Vec<_>>())
        };
        assert_eq!(of(&["aa"]).as_deref(), Some("aa"), "as earlier versions noted one file");
        assert_eq!(of(&["aa", "bb"]), of(&["aa", "bb"]));
        assert_ne!(of(&["aa", "bb"]), of(&["aa", "cc"]));
        assert_eq!(of(&[]), None);
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
