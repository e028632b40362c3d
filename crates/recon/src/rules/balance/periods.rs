//! Pay periods before a period, as the calendar has them: months, half months, else as many days; and what one owes
//! where another owes so much.

use chrono::{Datelike, Days, NaiveDate};

use crate::rules::lines::expected::rounded;
use crate::rules::people::everybody::Person;
use crate::rules::people::person_state::PersonState;
use crate::rules::people::{date, day_number};
use tieout_model::balance::PayPeriod;

/// Periods that are looked back for what may be owed: five years of months. Nothing older is guessed at.
const BACK_MAX: usize = 60;

/// Last day of the first half of a month.
const HALF: u32 = 15;

/// The periods before one, newest first.
pub(super) fn before(start: NaiveDate, end: NaiveDate) -> impl Iterator<Item = PayPeriod> {
    std::iter::successors(previous(start, end), |(start, end)| previous(*start, *end))
        .map(|(start, end)| PayPeriod { start: Some(start), end })
        .take(BACK_MAX)
}

fn previous(start: NaiveDate, end: NaiveDate) -> Option<(NaiveDate, NaiveDate)> {
    let last = start.pred_opt()?;
    let first_of_month = last.with_day(1)?;
    let ends_month = end.succ_opt()?.day() == 1;
    let first = match start.day() {
        1 if ends_month => first_of_month,
        1 if end.day() == HALF => last.with_day(HALF + 1)?,
        16 if ends_month => first_of_month,
        _ => {
            let days = u64::try_from((end - start).num_days()).ok()? + 1;
            start.checked_sub_days(Days::new(days))?
        }
    };
    Some((first, last))
}

impl Person {
    /// On payroll, and both systems answered.
    pub(super) fn is_judged(&self) -> bool {
        self.on_payroll && self.state == PersonState::Judged
    }

    /// What an earlier period owes where the person's owes `expected`: as much where it is about as long, for months
    /// differ in length, and for several periods in one file as many times as much. `unit`: the currency's minor
    /// unit. `None`: it is of other length.
    pub(super) fn due_of(&self, period: PayPeriod, expected: i64, unit: i64) -> Option<i64> {
        let days = |start: i32, end: i32| i64::from(end - start) + 1;
        let in_file = self.payday.in_file.max(1);
        let own = days(self.payday.start, self.payday.end) / in_file;
        let other = days(day_number(period.start?), day_number(period.end));
        let times = (other + own / 2) / own;
        let fits = match times {
            0 => return None,
            1 => 2 * (own - other).abs() <= own.min(other),
            _ => times * own == other,
        };
        fits.then(|| rounded(expected * times, in_file, unit))
    }

    /// The person began only after the period.
    pub(super) fn joined_after(&self, period: PayPeriod) -> bool {
        self.joined.is_some_and(|joined| date(joined) > period.end)
    }

    /// What is known of the person tonight contradicts no balance of earlier nights.
    pub(super) fn is_answered(&self) -> bool {
        matches!(self.state, PersonState::Judged | PersonState::OffPayroll | PersonState::NewStarter)
    }
}

impl Person {
    pub(super) fn period(&self) -> PayPeriod {
        PayPeriod { start: Some(date(self.payday.start)), end: date(self.payday.end) }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn day(text: &str) -> NaiveDate {
        text.parse().expect("a day")
    }

    fn two_before(start: &str, end: &str) -> Vec<String> {
        before(day(start), day(end)).take(2).map(|period| period.to_string()).collect()
    }

    #[test]
    fn periods_before_are_months_half_months_or_as_many_days() {
        assert_eq!(two_before("2026-03-01", "2026-03-31"), ["2026-02-01 to 2026-02-28", "2026-01-01 to 2026-01-31"]);
        assert_eq!(two_before("2026-03-01", "2026-03-15"), ["2026-02-16 to 2026-02-28", "2026-02-01 to 2026-02-15"]);
        assert_eq!(two_before("2026-03-02", "2026-03-15"), ["2026-02-16 to 2026-03-01", "2026-02-02 to 2026-02-15"]);
    }
}
