//! The first day of the period before a period. Nothing but the two days of a period is known, so where they leave it
//! open the earlier day is taken: a charge shortly after cover ended is let pass rather than called wrong.

use chrono::{Datelike as _, Days, Months, NaiveDate};

/// Months that a period may have.
const MONTHS_MAX: u32 = 12;
/// Days of half a month, which follow one another unevenly.
const HALF_DAYS: std::ops::RangeInclusive<i64> = 13..=16;
/// Last day of a first half.
const HALF_ENDS: u32 = 15;

/// First day of the period before `start..=end`.
pub(super) fn trailing_start(start: NaiveDate, end: NaiveDate) -> NaiveDate {
    let next = end.succ_opt().unwrap_or(end);
    let days = (next - start).num_days();
    // Months, from whichever day on: as many before.
    let months = (1..=MONTHS_MAX).find(|n| start.checked_add_months(Months::new(*n)) == Some(next));
    let before = match months {
        Some(months) => start.checked_sub_months(Months::new(months)),
        // The second half of a month follows the first.
        None if next.day() == 1 && start.day() == HALF_ENDS + 1 => start.with_day(1),
        // The first half of a month, or another one, follows at most the longest.
        None if HALF_DAYS.contains(&days) => start.checked_sub_days(Days::new(HALF_DAYS.end().unsigned_abs())),
        None => start.checked_sub_days(Days::new(days.unsigned_abs())),
    };
    before.unwrap_or(NaiveDate::MIN)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn check(period: &str, expected: &str) {
        let day = |text: &str| text.parse::<NaiveDate>().expect("a day");
        let (start, end) = period.split_once("..").expect("two days");
        assert_eq!(trailing_start(day(start), day(end)), day(expected), "{period}");
    }

    #[test]
    fn a_month_follows_a_month_however_long_each_is() {
        check("2026-02-01..2026-02-28", "2026-01-01");
        check("2026-03-01..2026-03-31", "2026-02-01");
        check("2026-01-01..2026-01-31", "2025-12-01");
        // From the 21st on, and a quarter.
        check("2026-02-21..2026-03-20", "2026-01-21");
        check("2026-01-01..2026-03-31", "2025-10-01");
    }

    #[test]
    fn a_half_month_follows_the_other_half() {
        check("2026-02-16..2026-02-28", "2026-02-01");
        check("2026-03-16..2026-03-31", "2026-03-01");
        // 16 days before the 1st at the most.
        check("2026-02-01..2026-02-15", "2026-01-16");
        check("2026-03-01..2026-03-15", "2026-02-13");
        check("2026-02-26..2026-03-10", "2026-02-10");
    }

    #[test]
    fn weeks_follow_weeks() {
        check("2026-03-02..2026-03-08", "2026-02-23");
        check("2026-03-02..2026-03-29", "2026-02-02");
        // Two weeks may be half a month.
        check("2026-03-02..2026-03-15", "2026-02-14");
    }
}
