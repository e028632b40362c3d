//! The pay calendar: what a pay date is to a benefit. Pay dates a week, two weeks or four weeks apart need no list: the
//! one of a period tells which of its month and year it is.

pub(super) mod cover;
pub(super) mod employer_share;
pub(super) mod holiday;
pub(super) mod moved_dates;
pub(super) mod once_a_month;
pub(super) mod part_period;
pub(super) mod paydays;
pub(super) mod proration;
pub(super) mod takers;

use chrono::Datelike;

use crate::rules::calendar::moved_dates::{ByCalendar, Turn};
use crate::rules::people::{date, day_number};
use crate::scheme::{DeductionDates, ExtraPayDate, Scheme};

/// Months of a year.
pub(super) const MONTHS: i64 = 12;

/// Months whose first day is a public holiday in many countries: New Year's Day, Labour Day, All Saints.
pub(super) const HOLIDAY_MONTHS: [u32; 3] = [1, 5, 11];

/// Days by which a holiday moves a pay date forward at most, with a weekend.
pub(super) const MOVED_DAYS_MAX: usize = 3;

/// A pay period with its pay date. Days since 1970.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Payday {
    pub(super) start: i32,
    pub(super) end: i32,
    /// `None`: neither file nor job says.
    pub(super) date: Option<i32>,
    /// Pays a year; 0 = unknown. Where the days are those of several pay periods, as many as there are of so many days.
    pub(super) pays: i64,
    /// What earlier pay dates of the group say of that one.
    pub(super) by_calendar: ByCalendar,
    /// Pay periods of the person that the file holds; 0: none, but runs beside the regular one, in which nothing is
    /// due.
    pub(super) in_file: i64,
}

/// What a pay date is to a benefit. The greater one is the less certain to be deducted on.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, strum::FromRepr)]
#[repr(u32)]
pub(super) enum DateKind {
    Deduction,
    /// Nobody said on which dates the benefit is deducted.
    Unknown,
    /// One on which nothing is deducted.
    Holiday,
    /// The 27th, 53rd or 14th of a year, and amounts are a 26th, 52nd or 13th of a year's.
    Extra,
}

impl DateKind {
    pub(super) fn number(self) -> u32 {
        self as u32
    }

    /// The kind of a number of [`DateKind::number`].
    pub(super) fn of(number: u32) -> DateKind {
        DateKind::from_repr(number).expect("a number that a kind gave")
    }

    /// Nothing is due on it.
    pub(super) fn is_free(self) -> bool {
        matches!(self, DateKind::Holiday | DateKind::Extra)
    }
}

impl Payday {
    /// With a pay date that lies to its period as the other's usually does.
    pub(super) fn paid_like(self, other: Payday) -> Payday {
        let usual = match other.by_calendar {
            ByCalendar::Known { usual, .. } if other.days_between().is_some() => Some(usual),
            _ => other.date,
        };
        let date = usual.map(|date| date - other.end + self.end);
        let by_calendar = match (date.map(|day| (day, [Turn::on(day, self.pays); 2])), other.by_calendar) {
            (Some((usual, turns)), ByCalendar::Known { before, .. }) => ByCalendar::Known { turns, usual, before },
            _ => ByCalendar::NotKnown,
        };
        Payday { date, by_calendar, ..self }
    }

    /// How often a year as much is deducted as the file holds, where it is deducted so often a year; 0 = unknown.
    pub(super) fn of_file(&self, per_year: i64) -> i64 {
        match self.in_file {
            0 | 1 => per_year,
            // On which of the pay dates something else was due, nobody says.
            several if per_year == self.pays * several => self.pays,
            _ => 0,
        }
    }

    /// What the pay date is to a benefit of so many deductions a year.
    pub(super) fn kind(&self, scheme: &Scheme, per_year: i64) -> DateKind {
        self.kind_by(scheme.deduction_dates.as_ref(), scheme.extra_pay_date(), per_year)
    }

    /// The same by the rules of one payer.
    pub(super) fn kind_by(
        &self,
        dates: Option<&DeductionDates>,
        extra: Option<ExtraPayDate>,
        per_year: i64,
    ) -> DateKind {
        match self.in_file {
            0 => return DateKind::Holiday,
            1 => {}
            _ => return DateKind::Deduction,
        }
        let [own, other] = self.both_kinds(dates, extra, per_year);
        if own == other { own } else { DateKind::Unknown }
    }

    /// The kind of a date that is [`DateKind::Unknown`] because it may be of either of two months or years: as payroll
    /// takes it.
    pub(super) fn kind_as_taken(&self, scheme: &Scheme, per_year: i64, takes: bool) -> DateKind {
        let kinds = self.both_kinds(scheme.deduction_dates.as_ref(), scheme.extra_pay_date(), per_year);
        let fits = |kind: &DateKind| if takes { *kind == DateKind::Deduction } else { kind.is_free() };
        kinds.into_iter().find(fits).filter(|_| self.in_file == 1 && kinds[0] != kinds[1]).unwrap_or(DateKind::Unknown)
    }

    /// With what it is by its date and by the calendar.
    pub(super) fn of_turns(self, turns: [Turn; 2]) -> Payday {
        match self.by_calendar {
            ByCalendar::Known { usual, before, .. } => {
                Payday { by_calendar: ByCalendar::Known { turns, usual, before }, ..self }
            }
            ByCalendar::NotKnown => self,
        }
    }

    /// Of two months or years.
    pub(super) fn may_be_of_two(&self) -> bool {
        self.turns().is_some_and(|[by_date, by_rhythm]| by_date != by_rhythm)
    }

    /// By its date it may be one too many, by the calendar the first of the next month or year: payrolls do both.
    pub(super) fn both_kinds(
        &self,
        dates: Option<&DeductionDates>,
        extra: Option<ExtraPayDate>,
        per_year: i64,
    ) -> [DateKind; 2] {
        let kind = |turn| self.kind_on(turn, dates, extra, per_year);
        self.turns().map_or([kind(None); 2], |turns| turns.map(|turn| kind(Some(turn))))
    }

    /// By its date, and by the calendar.
    fn turns(&self) -> Option<[Turn; 2]> {
        match self.by_calendar {
            ByCalendar::Known { turns, .. } => Some(turns),
            ByCalendar::NotKnown => {
                let day = self.date?;
                Some([day, self.first_of_next_month().unwrap_or(day)].map(|day| Turn::on(day, self.pays)))
            }
        }
    }

    fn kind_on(
        &self,
        turn: Option<Turn>,
        dates: Option<&DeductionDates>,
        extra: Option<ExtraPayDate>,
        per_year: i64,
    ) -> DateKind {
        let (so_many, months) = match dates {
            Some(DeductionDates::EveryPay) => return DateKind::Deduction,
            Some(DeductionDates::Listed(dates)) => return self.listed(dates),
            Some(DeductionDates::FirstOfMonth(first)) => (i64::from(*first), None),
            Some(DeductionDates::LastOfMonth(last)) => (i64::from(*last), None),
            Some(DeductionDates::Months(months)) => (per_month(per_year, months.len() as i64), Some(months)),
            None if self.pays == 0 || per_year >= self.pays => return self.unless_extra(turn, extra, per_year),
            None => (per_month(per_year, MONTHS), None),
        };
        let Some(known) = turn else { return DateKind::Unknown };
        if months.is_some_and(|months| !months.contains(&date(known.month).month())) {
            return DateKind::Holiday;
        }
        let counted = match dates {
            Some(DeductionDates::LastOfMonth(_)) => known.from_last,
            _ => known.in_month,
        };
        match counted {
            _ if so_many == 0 => DateKind::Unknown,
            Some(at) if at > so_many => DateKind::Holiday,
            Some(_) => self.unless_extra(turn, extra, per_year),
            None => DateKind::Unknown,
        }
    }

    /// With the listed date that is meant, where its own lies a few days off: one that was moved.
    pub(super) fn on_listed(&self, dates: Option<&DeductionDates>) -> Payday {
        let Some((DeductionDates::Listed(dates), day)) = dates.zip(self.date) else { return *self };
        let off = |listed: &i32| (listed - day).unsigned_abs() as usize;
        let near = dates.iter().map(|listed| day_number(*listed)).filter(|listed| off(listed) <= MOVED_DAYS_MAX);
        Payday { date: near.min_by_key(off).or(self.date), ..*self }
    }

    fn listed(&self, dates: &[chrono::NaiveDate]) -> DateKind {
        let Some(day) = self.date.map(date) else { return DateKind::Unknown };
        let known = dates.first().is_some_and(|first| *first <= day) && dates.last().is_some_and(|last| day <= *last);
        match dates.binary_search(&day) {
            Ok(_) => DateKind::Deduction,
            Err(_) if known => DateKind::Holiday,
            Err(_) => DateKind::Unknown,
        }
    }

    /// A deduction date, unless amounts are built on the usual number of pays and the date lies beyond it.
    fn unless_extra(&self, turn: Option<Turn>, extra: Option<ExtraPayDate>, per_year: i64) -> DateKind {
        let deducted = extra == Some(ExtraPayDate::Deduction);
        let built_on_it = per_year == self.pays && !deducted;
        match turn.and_then(|turn| turn.in_year) {
            Some(at) if built_on_it && at > self.pays => DateKind::Extra,
            _ => DateKind::Deduction,
        }
    }

    /// The last day of the month of the pay date, where the period ends in an earlier one.
    pub(super) fn end_of_later_month(&self) -> Option<i32> {
        let day = date(self.date?);
        let first = day.with_day(1).filter(|first| day_number(*first) > self.end)?;
        first.checked_add_months(chrono::Months::new(1)).map(|next| day_number(next) - 1)
    }

    /// The first of the next month, if a public holiday on it may have moved the pay date here.
    fn first_of_next_month(&self) -> Option<i32> {
        let mut days = date(self.date.filter(|_| self.days_between().is_some())?).iter_days().skip(1);
        days.by_ref()
            .take(MOVED_DAYS_MAX)
            .find(|day| day.day() == 1 && HOLIDAY_MONTHS.contains(&day.month()))
            .map(day_number)
    }

    fn days_between(&self) -> Option<i64> {
        days_between(self.pays)
    }
}

/// Days from one pay date to the next of so many a year, where that is a fixed number.
pub(super) fn days_between(pays: i64) -> Option<i64> {
    match pays {
        52 => Some(7),
        26 => Some(14),
        13 => Some(28),
        _ => None,
    }
}

/// Deductions of one of so many months; 0 where they do not come out even.
fn per_month(per_year: i64, months: i64) -> i64 {
    if months > 0 && per_year % months == 0 { per_year / months } else { 0 }
}

/// Pays a year of a period that says so by its first and last day alone; 0 where several fit.
pub(super) fn pays_of_period(start: i32, end: i32) -> i64 {
    let (first, last) = (date(start), date(end));
    let ends_month = last.succ_opt().is_none_or(|next| next.day() == 1);
    let same_month = (first.year(), first.month()) == (last.year(), last.month());
    match (first.day(), end - start + 1) {
        (1, _) if ends_month && same_month => 12,
        (1, 15) => 24,
        (16, _) if ends_month && same_month => 24,
        (_, 7) => 52,
        (_, 14) => 26,
        // From a day of February to the day before it in March: a month, or four weeks.
        (day, 28) if last.day() + 1 == day => 0,
        (_, 28) => 13,
        (day, 29..=31) if last.day() + 1 == day => 12,
        _ => 0,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn on(text: &str, pays: i64) -> Payday {
        let day = day_number(text.parse().expect("a date"));
        Payday { start: day - 20, end: day - 7, date: Some(day), pays, by_calendar: ByCalendar::NotKnown, in_file: 1 }
    }

    fn kind(text: &str, pays: i64, per_year: i64) -> DateKind {
        on(text, pays).kind(&Scheme::default(), per_year)
    }

    #[test]
    fn two_deductions_a_month_leave_out_the_third_biweekly_pay_date() {
        let kinds = ["2026-01-02", "2026-01-16", "2026-01-30"].map(|day| kind(day, 26, 24));
        assert_eq!(kinds, [DateKind::Deduction, DateKind::Deduction, DateKind::Holiday]);
        assert_eq!(kind("2026-01-30", 26, 26), DateKind::Deduction);
    }

    #[test]
    fn a_pay_date_before_a_holiday_on_the_first_may_be_the_next_months() {
        // Friday, 2 January, paid on Wednesday; Friday, 1 May, on Thursday; no holiday on 1 February.
        assert_eq!(kind("2025-12-31", 26, 24), DateKind::Unknown);
        assert_eq!(kind("2026-04-30", 52, 48), DateKind::Unknown);
        assert_eq!(kind("2026-01-30", 26, 24), DateKind::Holiday);
    }

    #[test]
    fn a_pay_date_that_was_moved_over_the_end_of_a_month_or_year_may_be_of_either() {
        let moved = |text: &str, from: &str, (pays, per_year)| {
            let payday = on(text, pays);
            let usual = day_number(from.parse().expect("a date"));
            let turns = [payday.date.expect("dated"), usual].map(|day| Turn::on(day, pays));
            let by_calendar = ByCalendar::Known { turns, usual, before: 0 };
            Payday { by_calendar, ..payday }.kind(&Scheme::default(), per_year)
        };
        // Of 2026 it is the 27th, of 2027 the first; and the other way round.
        assert_eq!(kind("2026-12-31", 26, 26), DateKind::Unknown);
        assert_eq!(moved("2026-12-31", "2027-01-01", (26, 26)), DateKind::Unknown);
        assert_eq!(moved("2027-01-02", "2026-12-31", (26, 26)), DateKind::Unknown);
        assert_eq!(moved("2026-02-27", "2026-03-01", (24, 12)), DateKind::Unknown);
        assert_eq!(moved("2026-12-24", "2026-12-25", (52, 52)), DateKind::Deduction);
    }

    #[test]
    fn four_deductions_a_month_leave_out_the_fifth_weekly_pay_date() {
        let kinds = ["2026-01-23", "2026-01-30"].map(|day| kind(day, 52, 48));
        assert_eq!(kinds, [DateKind::Deduction, DateKind::Holiday]);
    }

    #[test]
    fn one_deduction_a_month_is_on_the_first_pay_date() {
        assert_eq!(["2026-03-13", "2026-03-27"].map(|d| kind(d, 26, 12)), [DateKind::Deduction, DateKind::Holiday]);
        assert_eq!(["2026-03-15", "2026-03-31"].map(|d| kind(d, 24, 12)), [DateKind::Deduction, DateKind::Holiday]);
    }

    #[test]
    fn the_pay_date_beyond_the_usual_number_is_extra_unless_amounts_are_built_on_it() {
        let own = |text, pays, per_year| {
            let payday = on(text, pays);
            let usual = payday.date.expect("dated");
            let by_calendar = ByCalendar::Known { turns: [Turn::on(usual, pays); 2], usual, before: 0 };
            Payday { by_calendar, ..payday }.kind(&Scheme::default(), per_year)
        };
        // 2026 begins on a Thursday: its Thursdays are 53.
        assert_eq!(["2026-12-24", "2026-12-31"].map(|d| own(d, 52, 52)), [DateKind::Deduction, DateKind::Extra]);
        assert_eq!(own("2026-12-31", 26, 26), DateKind::Extra);
        assert_eq!(own("2026-12-31", 26, 27), DateKind::Deduction);
        assert_eq!(own("2026-12-31", 13, 13), DateKind::Extra);
        let stated = Scheme { extra_pay_date: Some(ExtraPayDate::Deduction), ..Scheme::default() };
        assert_eq!(on("2026-12-31", 26).kind(&stated, 26), DateKind::Deduction);
    }

    #[test]
    fn fewer_deductions_than_months_are_of_unknown_months_until_the_job_names_them() {
        assert_eq!(kind("2026-02-27", 12, 4), DateKind::Unknown);
        let quarterly =
            Scheme { deduction_dates: Some(DeductionDates::Months([1, 4, 7, 10].into())), ..Scheme::default() };
        let kinds = ["2026-01-30", "2026-02-27", "2026-04-30"].map(|day| on(day, 12).kind(&quarterly, 4));
        assert_eq!(kinds, [DateKind::Deduction, DateKind::Holiday, DateKind::Deduction]);
        let biweekly = ["2026-04-10", "2026-04-24"].map(|day| on(day, 26).kind(&quarterly, 4));
        assert_eq!(biweekly, [DateKind::Deduction, DateKind::Holiday]);
    }

    #[test]
    fn a_list_says_nothing_of_dates_before_and_after_it() {
        let dates = ["2026-01-02", "2026-01-16", "2026-02-13"].map(|day| day.parse().expect("a date"));
        let listed = Scheme { deduction_dates: Some(DeductionDates::Listed(dates.to_vec())), ..Scheme::default() };
        let kinds = ["2026-01-16", "2026-01-30", "2026-02-27"].map(|day| on(day, 26).kind(&listed, 24));
        assert_eq!(kinds, [DateKind::Deduction, DateKind::Holiday, DateKind::Unknown]);
    }

    #[test]
    fn without_a_pay_date_a_calendar_that_needs_one_says_nothing() {
        let undated = Payday { date: None, ..on("2026-01-30", 26) };
        let scheme = Scheme::default();
        assert_eq!([24, 26].map(|d| undated.kind(&scheme, d)), [DateKind::Unknown, DateKind::Deduction]);
    }

    #[test]
    fn a_period_tells_how_often_a_year_it_is_paid() {
        for (start, end, pays) in [
            ("2026-02-01", "2026-02-28", 12),
            ("2026-03-02", "2026-03-29", 13),
            ("2026-02-15", "2026-02-28", 26),
            ("2026-02-16", "2026-02-28", 24),
            ("2026-02-01", "2026-02-15", 24),
            ("2026-02-26", "2026-03-25", 0),
            ("2026-03-26", "2026-04-25", 12),
            ("2026-03-02", "2026-03-08", 52),
            ("2026-03-02", "2026-03-12", 0),
        ] {
            let day = |text: &str| day_number(text.parse().expect("a date"));
            assert_eq!(pays_of_period(day(start), day(end)), pays, "{start} {end}");
        }
    }
}
