//! The employer's share of a benefit where it is paid on other dates than the employee's deductions are taken: what the
//! pay date is to it, and the days that it pays for, which may be those of several pay periods.

use chrono::{Datelike, Months, NaiveDate};

use crate::rules::calendar::cover::{Cover, CoverShare};
use crate::rules::calendar::{DateKind, MONTHS, Payday};
use crate::rules::lines::pair::Pair;
use crate::rules::people::everybody::Person;
use crate::rules::people::{date, day_number};
use crate::rules::place::Place;
use crate::scheme::{DeductionDates, Scheme};
use tieout_model::finding::Payer;

/// The share of one record or line in the period.
#[derive(Clone, Copy, Debug)]
pub(in crate::rules) struct EmployerShare {
    /// Payments a year; 0 = unknown.
    pub(in crate::rules) per_year: i64,
    pub(in crate::rules) date_kind: DateKind,
    /// Cover beside the days from one payment to the next.
    pub(in crate::rules) cover: Cover,
}

/// What the employer's side of a line comes to.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(in crate::rules) enum EmployerOutcome {
    Agrees,
    /// Cover begins or ends between two payments, and an accepted practice pays this.
    Accepted,
    Unverified(Place),
    /// Paid on a date on which nothing is due.
    Free,
    Differs,
}

impl EmployerShare {
    /// `None`: it is paid as the employee's is.
    pub(in crate::rules) fn new(
        payday: Payday,
        scheme: &Scheme,
        first: Option<i32>,
        leave: Option<i32>,
    ) -> Option<EmployerShare> {
        let dates = scheme.employer_deduction_dates.as_ref()?;
        let per_year = payday.employer_per_year(scheme, 0);
        Some(EmployerShare {
            per_year,
            date_kind: payday.kind_by(Some(dates), scheme.extra_pay_date(), per_year),
            cover: Cover::new(between(payday, dates), scheme, first, leave),
        })
    }

    pub(in crate::rules) fn outcome(&self, pair: &Pair, scheme: &Scheme) -> EmployerOutcome {
        let share = self.cover.share(scheme);
        if !pair.differs(Payer::Employer) {
            return EmployerOutcome::Agrees;
        }
        if pair.live && self.per_year <= 0 {
            return EmployerOutcome::Unverified(Place::UnverifiedDeductions);
        }
        if self.date_kind == DateKind::Unknown && pair.employer_taken == 0 {
            return EmployerOutcome::Unverified(Place::UnverifiedCalendar);
        }
        if self.date_kind.is_free() {
            // The first payment of somebody new, or the last of somebody who leaves, may come with that pay.
            let whole = share == CoverShare::Whole || pair.employer_taken < 0;
            return if whole { EmployerOutcome::Free } else { EmployerOutcome::Unverified(Place::UnverifiedPart) };
        }
        match share {
            CoverShare::Open if self.cover.accepts(pair.employer_taken, pair.employer_due, pair.tolerance) => {
                EmployerOutcome::Accepted
            }
            CoverShare::Open if (0..=pair.employer_due).contains(&pair.employer_taken) => {
                EmployerOutcome::Unverified(Place::UnverifiedPart)
            }
            _ => EmployerOutcome::Differs,
        }
    }

    /// Where a line ends whose employee's side would end in `employee`.
    pub(in crate::rules) fn beside(&self, employee: Place, pair: &Pair, scheme: &Scheme) -> Place {
        match (self.outcome(pair, scheme), employee) {
            (EmployerOutcome::Agrees, _) => employee,
            (EmployerOutcome::Accepted, Place::Matched) => Place::Accepted,
            (EmployerOutcome::Accepted, _) => employee,
            (EmployerOutcome::Unverified(place), _) => place,
            (EmployerOutcome::Free, Place::Matched) => Place::Am06,
            (EmployerOutcome::Differs, Place::Matched) => Place::Am02,
            (EmployerOutcome::Free | EmployerOutcome::Differs, Place::Am01) => Place::AmBoth,
            (EmployerOutcome::Free | EmployerOutcome::Differs, Place::Accepted) => Place::UnverifiedPart,
            (EmployerOutcome::Free | EmployerOutcome::Differs, _) => employee,
        }
    }

    /// Payroll pays the employer's share alone, for days of cover that ended since the payment before.
    pub(in crate::rules) fn trails(&self, pair: &Pair) -> bool {
        pair.employee_taken == 0 && pair.employer_taken > 0 && !self.cover.is_over() && !self.date_kind.is_free()
    }
}

impl Person {
    /// The employer's share of a line; `None`: it is paid as the employee's is, or payroll does not give it.
    pub(in crate::rules) fn employer_share(&self, pair: &Pair, scheme: &Scheme) -> Option<EmployerShare> {
        let share = || EmployerShare::new(self.payday, scheme, pair.first_day(), self.leave);
        if pair.employer { share() } else { None }
    }
}

impl Payday {
    /// Payments a year of the employer's share of a line; `per_year`: deductions of the employee's.
    pub(in crate::rules) fn employer_per_year(&self, scheme: &Scheme, per_year: i64) -> i64 {
        let dates = scheme.employer_deduction_dates.as_ref();
        dates.map_or(per_year, |dates| self.of_file(a_year(dates, self.pays)))
    }
}

/// How often a year it is paid on these dates, of so many pays a year; 0 = unknown.
fn a_year(dates: &DeductionDates, pays: i64) -> i64 {
    match dates {
        DeductionDates::EveryPay => pays,
        DeductionDates::FirstOfMonth(so_many) | DeductionDates::LastOfMonth(so_many) => MONTHS * i64::from(*so_many),
        DeductionDates::Months(months) => months.len() as i64,
        DeductionDates::Listed(dates) => dates.len() as i64,
    }
}

/// The pay period, stretched to the days from the payment before to the next one.
pub(in crate::rules) fn between(payday: Payday, dates: &DeductionDates) -> Payday {
    let DeductionDates::Months(months) = dates else { return payday };
    let day = date(payday.date.unwrap_or(payday.end));
    let paid = |month: &NaiveDate| months.contains(&month.month());
    let first_of = |day: NaiveDate| day.with_day(1);
    let (Some(this), last) = (first_of(day), date(payday.end)) else { return payday };
    let back = (1..=MONTHS as u32).filter_map(|n| this.checked_sub_months(Months::new(n))).find(paid);
    let ahead = (0..MONTHS as u32).filter_map(|n| this.checked_add_months(Months::new(n))).find(paid);
    let start = back.and_then(|month| month.checked_add_months(Months::new(1))).map_or(payday.start, day_number);
    let end = match ahead.filter(|month| *month > this).and_then(|month| month.checked_add_months(Months::new(1))) {
        Some(after) => day_number(after) - 1,
        None => day_number(last),
    };
    // As many days as it has, and no months or halves of them.
    Payday { start: start.min(payday.start), end: end.max(payday.end), pays: 0, ..payday }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::rules::calendar::moved_dates::ByCalendar;

    fn day(text: &str) -> i32 {
        day_number(text.parse().expect("a date"))
    }

    #[test]
    fn a_quarterly_share_pays_for_the_months_since_the_payment_before() {
        let quarterly = DeductionDates::Months([3, 6, 9, 12].into());
        let of = |start: &str, end: &str| {
            let payday = Payday {
                start: day(start),
                end: day(end),
                date: Some(day(end)),
                pays: 12,
                by_calendar: ByCalendar::NotKnown,
                in_file: 1,
            };
            let days = between(payday, &quarterly);
            (date(days.start).to_string(), date(days.end).to_string())
        };
        let quarter = ("2026-01-01".to_owned(), "2026-03-31".to_owned());
        assert_eq!(of("2026-03-01", "2026-03-31"), quarter);
        assert_eq!(of("2026-02-01", "2026-02-28"), quarter);
        assert_eq!(of("2026-04-01", "2026-04-30"), ("2026-04-01".to_owned(), "2026-06-30".to_owned()));
    }

    #[test]
    fn dates_say_how_often_a_year_the_share_is_paid() {
        assert_eq!(a_year(&DeductionDates::Months([1, 4, 7, 10].into()), 12), 4);
        assert_eq!(a_year(&DeductionDates::FirstOfMonth(1), 26), 12);
        assert_eq!(a_year(&DeductionDates::EveryPay, 26), 26);
    }
}
