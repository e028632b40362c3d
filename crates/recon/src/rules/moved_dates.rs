//! Whether a holiday or a weekend moved a pay date: earlier pay dates of the group say on which days it is paid.

use std::collections::BTreeMap;

use chrono::{Datelike, Days, Months, NaiveDate};

use crate::rules::calendar::{HOLIDAY_MONTHS, MOVED_DAYS_MAX, days_between};
use crate::rules::people::{date, day_number};

/// Days of a month up to which, and from which on, a pay date may be moved over its end.
const FIRST_DAYS: u32 = 5;
const LAST_DAYS: u32 = 26;

/// What earlier pay dates say of one.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum ByCalendar {
    /// No earlier pay date is known, or they contradict each other.
    NotKnown,
    /// It was not moved.
    ItsOwn,
    /// It was moved from this day. Days since 1970.
    Moved(i32),
    /// It was not, but the first of its month was moved into the month before: by their dates it counts as this one.
    CountsAs(i32),
}

impl ByCalendar {
    /// Of a pay date of so many a year, by earlier ones.
    pub(super) fn of(day: i32, pays: i64, earlier: &[NaiveDate]) -> ByCalendar {
        match days_between(pays) {
            Some(apart) => among(day, apart as i32, earlier),
            None => in_months(date(day), earlier),
        }
    }
}

/// Pay dates so many days apart: those of most earlier ones, holidays and days beside them left out.
fn among(day: i32, apart: i32, earlier: &[NaiveDate]) -> ByCalendar {
    let mut votes: BTreeMap<i32, usize> = BTreeMap::new();
    for paid in earlier.iter().filter(|paid| !is_beside_holiday(**paid)) {
        *votes.entry(day_number(*paid).rem_euclid(apart)).or_default() += 1;
    }
    let most = votes.values().max().copied().unwrap_or_default();
    let mut usual = votes.iter().filter(|(_, votes)| **votes == most).map(|(phase, _)| *phase);
    let (Some(phase), None) = (usual.next(), usual.next()) else { return ByCalendar::NotKnown };
    let ahead = (phase - day).rem_euclid(apart);
    let most_days = MOVED_DAYS_MAX as i32;
    match (ahead, apart - ahead) {
        (0, _) => match lost_its_first(day, apart, earlier) {
            true => ByCalendar::CountsAs(day - apart),
            false => ByCalendar::ItsOwn,
        },
        (ahead, _) if ahead <= most_days => ByCalendar::Moved(day + ahead),
        (_, back) if back <= most_days => ByCalendar::Moved(day - back),
        _ => ByCalendar::NotKnown,
    }
}

/// The first pay date of the month of a later one was moved into the month before.
fn lost_its_first(day: i32, apart: i32, earlier: &[NaiveDate]) -> bool {
    let (month_day, apart) = (date(day).day() as i32, apart);
    let first = day - (month_day - 1) / apart * apart;
    let month = day - month_day + 1;
    let before = (first - MOVED_DAYS_MAX as i32).min(month)..month;
    first < day && earlier.iter().any(|paid| before.contains(&day_number(*paid)))
}

/// Pay dates of months and half months: first days of them, or last ones.
fn in_months(day: NaiveDate, earlier: &[NaiveDate]) -> ByCalendar {
    let count = |days: std::ops::RangeInclusive<u32>| earlier.iter().filter(|paid| days.contains(&paid.day())).count();
    let (firsts, lasts) = (count(1..=FIRST_DAYS), count(LAST_DAYS..=31));
    let first = day.with_day(1);
    match day.day() {
        LAST_DAYS.. if firsts > lasts => {
            let next = first.and_then(|first| first.checked_add_months(Months::new(1)));
            next.map_or(ByCalendar::NotKnown, |next| ByCalendar::Moved(day_number(next)))
        }
        ..=FIRST_DAYS if lasts > firsts => {
            let last = first.and_then(|first| first.checked_sub_days(Days::new(1)));
            last.map_or(ByCalendar::NotKnown, |last| ByCalendar::Moved(day_number(last)))
        }
        _ if earlier.is_empty() => ByCalendar::NotKnown,
        _ => ByCalendar::ItsOwn,
    }
}

/// New Year's Day, Labour Day, All Saints, Christmas or a few days from one.
fn is_beside_holiday(day: NaiveDate) -> bool {
    let days = MOVED_DAYS_MAX as u64;
    let Some(first) = day.checked_sub_days(Days::new(days)) else { return false };
    first.iter_days().take(2 * MOVED_DAYS_MAX + 1).any(|day| match (day.month(), day.day()) {
        (12, 25) => true,
        (month, 1) => HOLIDAY_MONTHS.contains(&month),
        _ => false,
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn day(text: &str) -> NaiveDate {
        text.parse().expect("a date")
    }

    #[track_caller]
    fn check(paid: &str, pays: i64, earlier: &[&str], expected: ByCalendar) {
        let earlier: Vec<NaiveDate> = earlier.iter().map(|text| day(text)).collect();
        assert_eq!(ByCalendar::of(day_number(day(paid)), pays, &earlier), expected, "{paid} {pays}");
    }

    fn moved(from: &str) -> ByCalendar {
        ByCalendar::Moved(day_number(day(from)))
    }

    #[test]
    fn fridays_before_tell_a_moved_pay_date_from_a_thursdays() {
        check("2026-12-31", 26, &["2026-12-18", "2026-12-04"], moved("2027-01-01"));
        check("2026-12-31", 26, &["2026-12-17", "2026-12-03"], ByCalendar::ItsOwn);
        check("2026-12-31", 52, &["2026-12-24", "2026-12-18"], moved("2027-01-01"));
        check("2027-01-04", 52, &["2026-12-18", "2026-12-11"], moved("2027-01-01"));
        check("2026-12-29", 13, &["2026-12-04"], moved("2027-01-01"));
    }

    #[test]
    fn what_no_pay_date_says_or_several_say_otherwise_is_not_known() {
        check("2026-12-31", 26, &[], ByCalendar::NotKnown);
        check("2026-12-31", 52, &["2026-12-24"], ByCalendar::NotKnown);
        check("2026-12-31", 26, &["2026-12-18", "2026-12-03"], ByCalendar::NotKnown);
        check("2026-12-31", 26, &["2026-12-22"], ByCalendar::NotKnown);
    }

    #[test]
    fn a_month_whose_first_pay_date_was_moved_has_one_less_by_the_dates() {
        let fridays = ["2026-04-30", "2026-04-17", "2026-04-03"];
        check("2026-05-29", 26, &fridays, ByCalendar::CountsAs(day_number(day("2026-05-15"))));
        check("2026-05-29", 26, &fridays[1..], ByCalendar::ItsOwn);
        check("2026-06-12", 26, &fridays, ByCalendar::ItsOwn);
    }

    #[test]
    fn first_days_of_months_are_told_from_last_ones() {
        check("2026-10-30", 24, &["2026-10-16", "2026-10-01"], moved("2026-11-01"));
        check("2026-10-30", 24, &["2026-10-15", "2026-09-30"], ByCalendar::ItsOwn);
        check("2027-01-02", 12, &["2026-11-30", "2026-10-30"], moved("2026-12-31"));
        check("2026-10-30", 12, &[], ByCalendar::NotKnown);
    }
}
