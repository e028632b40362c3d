//! What a part of a period costs: the period whose cover a deduction pays for, the part of it in which there is cover,
//! and what each accepted practice makes of a full amount.

use chrono::{Datelike, NaiveDate, Weekday};

use crate::rules::calendar::{MONTHS, Payday};
use crate::rules::lines::expected::rounded;
use crate::rules::people::{date, day_number};
use crate::scheme::{FirstDeduction, Proration};

/// Days of a month by the rule of thirtieths.
const THIRTY: i64 = 30;

/// First and last day, both within. Days since 1970.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(in crate::rules) struct Span {
    pub(in crate::rules) first: i32,
    pub(in crate::rules) last: i32,
}

impl Span {
    pub(in crate::rules) fn holds(self, day: i32) -> bool {
        (self.first..=self.last).contains(&day)
    }

    /// The days of both.
    fn within(self, other: Span) -> Option<Span> {
        let both = Span { first: self.first.max(other.first), last: self.last.min(other.last) };
        (both.first <= both.last).then_some(both)
    }
}

impl Payday {
    pub(in crate::rules) fn period(&self) -> Span {
        Span { first: self.start, last: self.end }
    }

    /// The days of cover that its deduction pays for.
    pub(in crate::rules) fn covers(&self, first: Option<FirstDeduction>) -> Span {
        match first {
            Some(FirstDeduction::InAdvance) => self.next(),
            Some(FirstDeduction::InArrears) => self.previous(),
            Some(FirstDeduction::SamePay | FirstDeduction::NextPay) | None => self.period(),
        }
    }

    /// The month of its pay date.
    pub(in crate::rules) fn month(&self) -> Option<Span> {
        month_of(date(self.date?))
    }

    /// The same pay for that month instead.
    pub(in crate::rules) fn of_month(self, month: Span) -> Payday {
        Payday { start: month.first, end: month.last, pays: MONTHS, ..self }
    }

    /// The period after this one.
    pub(in crate::rules) fn next(&self) -> Span {
        let first = self.end + 1;
        let last = match self.pays {
            12 => month_end(first, self.start),
            24 => half_month_end(first),
            _ => first + (self.end - self.start),
        };
        Span { first, last }
    }

    /// The period before this one.
    pub(in crate::rules) fn previous(&self) -> Span {
        let last = self.start - 1;
        let first = match self.pays {
            12 => date(self.start).checked_sub_months(chrono::Months::new(1)).map_or(last, day_number),
            24 if date(self.start).day() == 1 => date(last).with_day(16).map_or(last, day_number),
            24 if date(self.start).day() == 16 => date(last).with_day(1).map_or(last, day_number),
            _ => self.start - (self.end - self.start + 1),
        };
        Span { first, last }
    }
}

/// The calendar month of a day.
pub(in crate::rules) fn month_of(day: NaiveDate) -> Option<Span> {
    let first = day.with_day(1)?;
    let next = first.checked_add_months(chrono::Months::new(1))?;
    Some(Span { first: day_number(first), last: day_number(next) - 1 })
}

/// The last day of the month of pay that begins on `first`; `like` is the first day of another one.
fn month_end(first: i32, like: i32) -> i32 {
    let next = date(first).checked_add_months(chrono::Months::new(1));
    let next = next.and_then(|day| if date(like).day() == 1 { day.with_day(1) } else { Some(day) });
    next.map_or(first, |day| day_number(day) - 1)
}

fn half_month_end(first: i32) -> i32 {
    match date(first).day() {
        1 => first + 14,
        16 => date(first)
            .with_day(1)
            .and_then(|day| day.checked_add_months(chrono::Months::new(1)))
            .map_or(first + 14, |day| day_number(day) - 1),
        _ => first + 14,
    }
}

/// What a method makes of `full`, rounded to `unit`, where `covered` of the days of `window` have cover.
pub(in crate::rules) fn prorated(full: i64, method: Proration, window: Span, covered: Span, unit: i64) -> i64 {
    let (part, whole) = match method {
        Proration::None => (1, 1),
        Proration::CalendarDays => (days(covered), days(window)),
        Proration::WorkingDays => (working_days(covered), working_days(window)),
        Proration::Thirtieths => (thirtieths(covered), thirtieths(window)),
        Proration::WashDay(day) => (i64::from(washed(day, window, covered)), 1),
    };
    match full.checked_mul(part) {
        // A window without a working day is none that anybody is paid for.
        Some(amount) if whole > 0 => rounded(amount, whole, unit),
        _ => full,
    }
}

/// What prices are due of one period until its day `last`, rounded once: each with its first day, the oldest first, is
/// due until the next one begins.
pub(in crate::rules) fn in_turn(prices: &[(i32, i64)], method: Proration, window: Span, last: i32, unit: i64) -> i64 {
    let part = |price: i64, first: i32| {
        let days = Span { first: first.max(window.first), last };
        if days.first > last { 0 } else { prorated(price, method, window, days, 1) }
    };
    let next = prices.iter().skip(1).map(|(first, _)| *first).chain([i32::MAX]);
    let parts = prices.iter().zip(next).map(|((first, price), next)| part(*price, *first) - part(*price, next));
    rounded(parts.sum(), 1, unit)
}

/// The practices that need no stated day.
pub(in crate::rules) const METHODS: [(Proration, &str); 3] = [
    (Proration::CalendarDays, "calendar days"),
    (Proration::WorkingDays, "working days"),
    (Proration::Thirtieths, "thirtieths"),
];

fn days(span: Span) -> i64 {
    i64::from(span.last - span.first) + 1
}

fn working_days(span: Span) -> i64 {
    let works = |day: &i32| !matches!(date(*day).weekday(), Weekday::Sat | Weekday::Sun);
    (span.first..=span.last).filter(works).count() as i64
}

/// Days between the two where each month has thirty, the last day of a month being the thirtieth.
fn thirtieths(span: Span) -> i64 {
    let (first, after) = (date(span.first), date(span.last.saturating_add(1)));
    let day = |date: NaiveDate| i64::from(date.day()).min(THIRTY);
    let months = i64::from(after.year() - first.year()) * 12 + i64::from(after.month()) - i64::from(first.month());
    months * THIRTY + day(after) - day(first)
}

/// Whether the rule of the wash day takes the whole amount.
fn washed(wash_day: u32, window: Span, covered: Span) -> bool {
    let begins_in_time = covered.first == window.first || date(covered.first).day() <= wash_day;
    let ends_late_enough = covered.last == window.last || date(covered.last).day() >= wash_day;
    begins_in_time && ends_late_enough
}

/// The days of `window` in which there is cover from `first` to `last`; `None`: there is none.
pub(in crate::rules) fn covered(window: Span, first: Option<i32>, last: Option<i32>) -> Option<Span> {
    window.within(Span { first: first.unwrap_or(window.first), last: last.unwrap_or(window.last) })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::rules::calendar::moved_dates::ByCalendar;

    fn day(text: &str) -> i32 {
        day_number(text.parse().expect("a date"))
    }

    fn span(first: &str, last: &str) -> Span {
        Span { first: day(first), last: day(last) }
    }

    #[track_caller]
    fn check(method: Proration, covered: (&str, &str), cents: i64) {
        let march = span("2026-03-01", "2026-03-31");
        assert_eq!(prorated(1_000_000, method, march, span(covered.0, covered.1), 100), cents * 100, "{method:?}");
    }

    #[test]
    fn cover_from_the_sixteenth_of_march_costs_what_each_practice_makes_of_it() {
        let covered = ("2026-03-16", "2026-03-31");
        check(Proration::None, covered, 10_000);
        // 16 of 31 days, 12 of 22 working days, 15 of 30.
        check(Proration::CalendarDays, covered, 5_161);
        check(Proration::WorkingDays, covered, 5_455);
        check(Proration::Thirtieths, covered, 5_000);
        check(Proration::WashDay(15), covered, 0);
        check(Proration::WashDay(16), covered, 10_000);
    }

    #[test]
    fn cover_until_the_twentieth_of_march_costs_what_each_practice_makes_of_it() {
        let covered = ("2026-03-01", "2026-03-20");
        // 20 of 31 days, 15 of 22 working days, 20 of 30.
        check(Proration::CalendarDays, covered, 6_452);
        check(Proration::WorkingDays, covered, 6_818);
        check(Proration::Thirtieths, covered, 6_667);
        check(Proration::WashDay(15), covered, 10_000);
        check(Proration::WashDay(21), covered, 0);
    }

    #[test]
    fn february_has_thirty_days_where_every_month_has() {
        let february = span("2026-02-01", "2026-02-28");
        let from_15 = prorated(3_000_000, Proration::Thirtieths, february, span("2026-02-15", "2026-02-28"), 100);
        assert_eq!(from_15, 1_600_000);
    }

    #[test]
    fn the_periods_before_and_after_are_of_the_same_kind() {
        let around = |start: &str, end: &str, pays| {
            let payday = Payday {
                start: day(start),
                end: day(end),
                date: None,
                pays,
                by_calendar: ByCalendar::NotKnown,
                in_file: 1,
            };
            let text = |span: Span| format!("{} {}", date(span.first), date(span.last));
            (text(payday.previous()), text(payday.next()))
        };
        let both = |before: &str, after: &str| (before.to_owned(), after.to_owned());
        for (start, end, pays, before, after) in [
            ("2026-02-01", "2026-02-28", 12, "2026-01-01 2026-01-31", "2026-03-01 2026-03-31"),
            ("2026-03-26", "2026-04-25", 12, "2026-02-26 2026-03-25", "2026-04-26 2026-05-25"),
            ("2026-02-16", "2026-02-28", 24, "2026-02-01 2026-02-15", "2026-03-01 2026-03-15"),
            ("2026-03-01", "2026-03-15", 24, "2026-02-16 2026-02-28", "2026-03-16 2026-03-31"),
            ("2026-03-02", "2026-03-15", 26, "2026-02-16 2026-03-01", "2026-03-16 2026-03-29"),
        ] {
            assert_eq!(around(start, end, pays), both(before, after), "{start} {pays}");
        }
    }
}
