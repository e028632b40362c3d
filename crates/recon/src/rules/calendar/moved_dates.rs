//! Whether a holiday, a weekend or a shutdown moved a pay date: earlier pays of the group say on which days it is paid.
//! A moved one is of two months to payrolls: of that of its date, or of that of the day on which it is usually paid.

use std::collections::BTreeMap;

use chrono::{Datelike, Days, NaiveDate};

use crate::rules::calendar::{HOLIDAY_MONTHS, MONTHS, MOVED_DAYS_MAX, days_between};
use crate::rules::people::{date, day_number};
use tieout_model::control::{PastPay, PastPeriods};

/// Days by which a pay date is moved at most: weeks of a shutdown are paid before it.
const SHUTDOWN_DAYS_MAX: i32 = 28;

/// Days by which the last day of a period may differ from the usual one.
pub(in crate::rules) const END_DAYS_MAX: i32 = 3;

/// Which pay of its month and year a pay is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(in crate::rules) struct Turn {
    /// First day of its month. Days since 1970.
    pub(in crate::rules) month: i32,
    /// From 1; `None`: not known.
    pub(in crate::rules) in_month: Option<i64>,
    /// From the last one of the month, which is 1.
    pub(in crate::rules) from_last: Option<i64>,
    /// From 1, of pay dates a fixed number of days apart.
    pub(in crate::rules) in_year: Option<i64>,
}

impl Turn {
    /// Of so many pays a year, where none was moved.
    pub(in crate::rules) fn on(day: i32, pays: i64) -> Turn {
        let (month_day, year_day) = (i64::from(date(day).day()), i64::from(date(day).ordinal()));
        let at = |day: i64| days_between(pays).map(|apart| (day - 1) / apart + 1);
        let in_month = match pays {
            24 => Some(if month_day <= 15 { 1 } else { 2 }),
            12 => Some(1),
            _ => at(month_day),
        };
        let days_left = i64::from(date(day).num_days_in_month()) - month_day;
        let from_last = match pays {
            24 => in_month.map(|at| 3 - at),
            12 => Some(1),
            _ => days_between(pays).map(|apart| days_left / apart + 1),
        };
        Turn { month: day - month_day as i32 + 1, in_month, from_last, in_year: at(year_day) }
    }
}

/// What earlier pays say of a pay date.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(in crate::rules) enum ByCalendar {
    /// No earlier pay is known, or they contradict each other.
    NotKnown,
    Known {
        /// By the dates, and by the days on which it is usually paid.
        turns: [Turn; 2],
        /// The day on which it is usually paid. Days since 1970.
        usual: i32,
        /// Where the earlier pays stand that were of two months too.
        before: usize,
    },
}

/// An earlier pay that may be of two months, and what was due on it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(in crate::rules) struct OfTwo {
    /// Last day of its period.
    pub(in crate::rules) end: i32,
    pub(in crate::rules) turns: [Turn; 2],
    /// By benefit and currency code, whether it was as much as on other pay dates. Nothing where no night read it.
    pub(in crate::rules) deducted: BTreeMap<String, bool>,
}

/// On which days a pay group is paid.
pub(in crate::rules) struct Rhythm<'a> {
    /// A year: those a fixed number of days apart, 12 or 24.
    pays: i64,
    earlier: &'a [PastPay],
}

impl<'a> Rhythm<'a> {
    /// Of so many pays a year; `None`: they have none.
    pub(in crate::rules) fn new(pays: i64, earlier: &'a [PastPay]) -> Option<Rhythm<'a>> {
        let has_one = days_between(pays).is_some() || pays == MONTHS || pays == 2 * MONTHS;
        (has_one && !earlier.is_empty()).then_some(Rhythm { pays, earlier })
    }

    /// Which pay that of a period with this last day is: by the dates and by the usual day, and that day; `None`: not
    /// known.
    pub(in crate::rules) fn turns(&self, end: i32, paid: i32) -> Option<([Turn; 2], i32)> {
        let usual = self.usual(end)?;
        // So far off, it is no holiday that moved it.
        let is_moved = match days_between(self.pays) {
            Some(_) => (paid - usual).abs() <= SHUTDOWN_DAYS_MAX,
            None => (self.slot(date(paid)) - self.slot(date(usual))).abs() <= 1,
        };
        if !is_moved {
            return Some(([Turn::on(paid, self.pays); 2], paid));
        }
        Some(([self.counted(end, paid, usual), Turn::on(usual, self.pays)], usual))
    }

    /// The pays before that of a period with this last day which may be of two months, the last one first.
    pub(in crate::rules) fn of_two_before(&self, end: i32) -> Vec<OfTwo> {
        let Some(usual) = self.usual(end) else { return Vec::new() };
        let pays = std::iter::successors(Some((end, usual)), |(end, usual)| Some(self.before(*end, *usual)));
        let of_two = pays.skip(1).take(PastPeriods::KEPT_MAX + 1).filter_map(|(end, usual)| {
            let known = self.earlier.iter().find(|pay| self.is_of(pay, end));
            let (end, paid) = known.map_or((end, usual), |pay| (day_number(pay.end), day_number(pay.date)));
            let (turns, _) = self.turns(end, paid)?;
            let deducted = known.map(|pay| self.deducted(pay)).unwrap_or_default();
            (turns[0] != turns[1]).then_some(OfTwo { end, turns, deducted })
        });
        of_two.collect()
    }

    /// Of each benefit that is deducted at all, whether it was on this pay date.
    fn deducted(&self, pay: &PastPay) -> BTreeMap<String, bool> {
        let mut most: BTreeMap<&String, i128> = BTreeMap::new();
        for (benefit, due) in self.earlier.iter().flat_map(|pay| &pay.due) {
            let most = most.entry(benefit).or_default();
            *most = due.abs().max(*most);
        }
        let due = |benefit: &String| pay.due.get(benefit).map_or(0, |due| due.abs());
        most.into_iter().map(|(benefit, most)| (benefit.clone(), 2 * due(benefit) > most)).collect()
    }

    /// The day on which a period with this last day is usually paid; of months and half months a day of them.
    fn usual(&self, end: i32) -> Option<i32> {
        let regular = || self.earlier.iter().filter(|pay| !is_beside_holiday(pay.date));
        let Some(apart) = days_between(self.pays).map(|apart| apart as i32) else {
            // The halves of a month may be paid after different numbers of days.
            let alike = |pay: &&PastPay| self.pays == MONTHS || (self.slot(pay.end) - self.slot(date(end))) % 2 == 0;
            let after = regular().filter(alike).map(|pay| self.slot(pay.date) - self.slot(pay.end));
            return Some(self.day_of(self.slot(date(end)) + most_frequent(after)?));
        };
        let phase = most_frequent(regular().map(|pay| day_number(pay.date).rem_euclid(apart)))?;
        let of_phase = regular().map(|pay| (day_number(pay.date), day_number(pay.end)));
        let of_phase = of_phase.filter(|(paid, _)| paid.rem_euclid(apart) == phase).map(|(paid, end)| paid - end);
        let mut after: Vec<i32> = of_phase.collect();
        after.sort_unstable();
        let near = end + after.get(after.len() / 2)?;
        let ahead = (phase - near).rem_euclid(apart);
        Some(near + if 2 * ahead > apart { ahead - apart } else { ahead })
    }

    /// By the dates of it and of the pays before it.
    fn counted(&self, end: i32, paid: i32, usual: i32) -> Turn {
        let (mut of_month, mut of_year) = (1, 1);
        let own = date(paid);
        let (mut end, mut usual_then) = (end, usual);
        // The pays of a year, and those of the shutdown before it.
        for _ in 0..self.pays + i64::from(SHUTDOWN_DAYS_MAX) / 7 {
            (end, usual_then) = self.before(end, usual_then);
            let known = self.earlier.iter().find(|pay| self.is_of(pay, end));
            let day = known.map_or(date(usual_then), |pay| pay.date);
            let same_year = day.year() == own.year();
            of_year += i64::from(same_year);
            let moved_itself = known.is_none() && self.is_on_holiday(day);
            of_month += i64::from(same_year && day.month() == own.month() && !moved_itself);
        }
        let Turn { month, in_month, in_year, .. } = Turn::on(paid, self.pays);
        let from_last = self.turn_from_last(paid, usual);
        Turn { month, in_month: in_month.map(|_| of_month), from_last, in_year: in_year.map(|_| of_year) }
    }

    /// By the pays that usually follow in the month.
    fn turn_from_last(&self, paid: i32, usual: i32) -> Option<i64> {
        let Some(apart) = days_between(self.pays) else { return Turn::on(paid, self.pays).from_last };
        let month = |day: i32| (date(day).year(), date(day).month());
        let later = (1..).map(|more| usual + more * apart as i32).skip_while(|day| *day <= paid);
        Some(1 + later.take_while(|day| month(*day) == month(paid)).count() as i64)
    }

    /// A public holiday on the usual day of a pay moves it into the month before.
    fn is_on_holiday(&self, day: NaiveDate) -> bool {
        days_between(self.pays).is_some() && day.day() == 1 && HOLIDAY_MONTHS.contains(&day.month())
    }

    /// Last day and usual pay date of the period before.
    fn before(&self, end: i32, usual: i32) -> (i32, i32) {
        match days_between(self.pays) {
            Some(apart) => (end - apart as i32, usual - apart as i32),
            None => {
                let [end, usual] = [end, usual].map(|day| self.slot(date(day)));
                (self.day_of(end) - 1, self.day_of(usual - 1))
            }
        }
    }

    fn is_of(&self, pay: &PastPay, end: i32) -> bool {
        match days_between(self.pays) {
            Some(_) => (day_number(pay.end) - end).abs() <= END_DAYS_MAX,
            None => self.slot(pay.end) == self.slot(date(end)),
        }
    }

    /// The month or half month of a day, in order.
    fn slot(&self, day: NaiveDate) -> i32 {
        let month = day.year() * MONTHS as i32 + day.month0() as i32;
        if self.pays == MONTHS { month } else { 2 * month + i32::from(day.day() > 15) }
    }

    /// The first day of a month or half month.
    fn day_of(&self, slot: i32) -> i32 {
        let (month, day) =
            if self.pays == MONTHS { (slot, 1) } else { (slot.div_euclid(2), 1 + 15 * slot.rem_euclid(2)) };
        let year = month.div_euclid(MONTHS as i32);
        let first = NaiveDate::from_ymd_opt(year, month.rem_euclid(MONTHS as i32) as u32 + 1, day as u32);
        first.map(day_number).unwrap_or_default()
    }
}

/// `None`: there is none, or several are.
fn most_frequent(values: impl Iterator<Item = i32>) -> Option<i32> {
    let mut votes: BTreeMap<i32, usize> = BTreeMap::new();
    values.for_each(|value| *votes.entry(value).or_default() += 1);
    let most = votes.values().max().copied()?;
    let mut usual = votes.into_iter().filter(|(_, votes)| *votes == most).map(|(value, _)| value);
    usual.next().filter(|_| usual.next().is_none())
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

    /// Each is paid five days after its period.
    fn paid(dates: &[&str]) -> Vec<PastPay> {
        let pay = |text: &&str| PastPay { end: day(text) - Days::new(5), date: day(text), due: BTreeMap::new() };
        dates.iter().map(pay).collect()
    }

    /// The month and the number in it or in the year: by the dates, by the usual days. `usual`: the day of the second.
    #[track_caller]
    fn check(on: &str, usual: &str, pays: i64, earlier: &[PastPay], expected: [(&str, i64); 2]) {
        let rhythm = Rhythm::new(pays, earlier).expect("one");
        let (turns, _) = rhythm.turns(day_number(day(usual)) - 5, day_number(day(on))).expect("known");
        let told = turns.map(|turn| (date(turn.month).format("%Y-%m").to_string(), turn.in_month.expect("known")));
        assert_eq!(told, expected.map(|(month, at)| (month.to_owned(), at)), "{on} {pays}");
    }

    fn not_known(on: &str, pays: i64, earlier: &[&str]) {
        let earlier = paid(earlier);
        let end = day_number(day(on)) - 5;
        let turns = Rhythm::new(pays, &earlier).and_then(|rhythm| rhythm.turns(end, end + 5));
        assert_eq!(turns, None, "{on} {pays}");
    }

    #[test]
    fn fridays_before_tell_a_moved_pay_date_from_a_thursdays() {
        let (fridays, thursdays) = (paid(&["2026-12-18", "2026-12-04"]), paid(&["2026-12-17", "2026-12-03"]));
        check("2026-12-31", "2027-01-01", 26, &fridays, [("2026-12", 3), ("2027-01", 1)]);
        check("2026-12-31", "2026-12-31", 26, &thursdays, [("2026-12", 3), ("2026-12", 3)]);
        check("2027-01-04", "2027-01-01", 52, &paid(&["2026-12-18", "2026-12-11"]), [("2027-01", 1), ("2027-01", 1)]);
    }

    #[test]
    fn a_pay_date_of_a_week_of_a_shutdown_is_one_more_of_its_month() {
        let mut earlier = paid(&["2026-12-18", "2026-12-11", "2026-12-04"]);
        earlier.push(PastPay { end: day("2026-12-20"), date: day("2026-12-23"), due: BTreeMap::new() });
        check("2026-12-23", "2027-01-01", 52, &earlier, [("2026-12", 5), ("2027-01", 1)]);
        earlier.push(PastPay { end: day("2026-12-27"), date: day("2026-12-23"), due: BTreeMap::new() });
        check("2027-01-29", "2027-01-29", 52, &earlier, [("2027-01", 4), ("2027-01", 5)]);
    }

    #[test]
    fn what_no_pay_date_says_or_several_say_otherwise_is_not_known() {
        not_known("2026-12-31", 26, &[]);
        not_known("2026-12-31", 52, &["2026-12-24"]);
        not_known("2026-12-31", 26, &["2026-12-18", "2026-12-03"]);
    }

    #[test]
    fn a_month_whose_first_pay_date_was_moved_has_one_less_by_the_dates() {
        let mut earlier = paid(&["2026-04-17", "2026-04-03"]);
        check("2026-06-12", "2026-06-12", 26, &earlier, [("2026-06", 1), ("2026-06", 1)]);
        earlier.push(PastPay { end: day("2026-04-26"), date: day("2026-04-30"), due: BTreeMap::new() });
        check("2026-05-29", "2026-05-29", 26, &earlier, [("2026-05", 2), ("2026-05", 3)]);
        check("2026-06-12", "2026-06-12", 26, &earlier, [("2026-06", 1), ("2026-06", 1)]);
    }

    #[test]
    fn first_days_of_months_are_told_from_last_ones() {
        let firsts = paid(&["2026-10-01", "2026-09-16", "2026-09-01"]);
        check("2026-10-30", "2026-11-01", 24, &firsts, [("2026-10", 3), ("2026-11", 1)]);
        let lasts = paid(&["2026-10-15", "2026-09-30", "2026-09-15"]);
        check("2026-10-30", "2026-10-30", 24, &lasts, [("2026-10", 2), ("2026-10", 2)]);
        check("2027-01-02", "2026-12-31", 12, &paid(&["2026-11-30", "2026-09-30"]), [("2027-01", 1), ("2026-12", 1)]);
        not_known("2026-10-30", 12, &[]);
    }
}
