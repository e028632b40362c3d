//! Rules of a scheme: on which pay dates a benefit is deducted, and what is due when its cover begins or ends inside a
//! period. What an entry leaves out, a less specific one may say.

use std::collections::BTreeSet;
use std::path::PathBuf;

use chrono::NaiveDate;

use crate::settings::CoverageEnd;
use tieout_model::money::Money;

/// The rules of one benefit, pay group or both.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct SchemeEntry {
    pub pay_group: Option<String>,
    pub benefit: Option<String>,
    pub scheme: Scheme,
    /// Where its deduction dates are listed; read before the night, see [`SchemeEntry::listed`].
    pub dates_file: Option<PathBuf>,
}

impl SchemeEntry {
    /// The entry with the dates of its file.
    pub fn listed(self, dates: Vec<NaiveDate>) -> SchemeEntry {
        let scheme = Scheme { deduction_dates: Some(DeductionDates::Listed(dates)), ..self.scheme };
        SchemeEntry { scheme, ..self }
    }
}

/// `None`: the job does not say.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Scheme {
    pub deduction_dates: Option<DeductionDates>,
    /// The pay dates on which the employer's share is paid, where they are others than the employee's.
    pub employer_deduction_dates: Option<DeductionDates>,
    pub extra_pay_date: Option<ExtraPayDate>,
    pub first_deduction: Option<FirstDeduction>,
    pub proration: Option<Proration>,
    /// Where it differs from the one at the start.
    pub proration_at_end: Option<Proration>,
    pub coverage_end: Option<CoverageEnd>,
    /// Whether the pay group may have the benefit.
    pub eligible: Option<bool>,
    /// Amounts are a percentage of actual pay: that something is deducted is compared, and how much where payroll has
    /// the gross pay.
    pub percent_of_pay: Option<bool>,
    /// The part of the pay of a period that such a percentage is of lies between these two amounts.
    pub pay_floor: Option<Money>,
    pub pay_ceiling: Option<Money>,
}

/// The pay dates on which a benefit is deducted.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum DeductionDates {
    EveryPay,
    /// The first so many of each month: 2 for 24 deductions of 26 pays.
    FirstOfMonth(u32),
    /// The last so many of each month.
    LastOfMonth(u32),
    /// In these months, 1 to 12, on as many of the first pay dates as the deductions a year ask for.
    Months(BTreeSet<u32>),
    /// These, in order; nothing is known of dates before the first and after the last.
    Listed(Vec<NaiveDate>),
}

/// What happens on the 27th, 53rd or 14th pay date of a year to amounts that are a 26th, 52nd or 13th of a year's.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum ExtraPayDate {
    Holiday,
    Deduction,
}

/// Which cover the deduction of a period pays for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum FirstDeduction {
    /// That of the period, from the pay in which cover begins.
    SamePay,
    /// That of the period, but for the one in which cover begins.
    NextPay,
    /// That of the next period.
    InAdvance,
    /// That of the period before.
    InArrears,
}

/// What is due of a full amount when cover is there for a part of a period.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Proration {
    /// All of it.
    None,
    CalendarDays,
    /// Monday to Friday.
    WorkingDays,
    /// A month has thirty days.
    Thirtieths,
    /// All of it when cover begins on or before this day of the month, or ends on or after it; else nothing.
    WashDay(u32),
}

impl Scheme {
    /// In advance or in arrears, where deductions pay for other days than those of their period.
    pub(crate) fn pays_for(&self) -> Option<FirstDeduction> {
        self.first_deduction.filter(|first| matches!(first, FirstDeduction::InAdvance | FirstDeduction::InArrears))
    }

    /// What the further pay date of a year is, where the job says. Of each pay a percentage is due.
    pub(crate) fn extra_pay_date(&self) -> Option<ExtraPayDate> {
        let of_percentage = self.percent_of_pay.filter(|is| *is).map(|_| ExtraPayDate::Deduction);
        self.extra_pay_date.or(of_percentage)
    }

    /// What of the pay of so many periods a percentage is of, in counts of 1/10,000.
    pub(crate) fn of_band(&self, pay: i128, periods: i128) -> i128 {
        let floor = self.pay_floor.map_or(0, |floor| i128::from(floor.0) * periods);
        let up_to = self.pay_ceiling.map_or(pay, |ceiling| pay.min(i128::from(ceiling.0) * periods));
        if self.has_band() { (up_to - floor).max(0) } else { pay }
    }

    pub(crate) fn has_band(&self) -> bool {
        self.pay_floor.is_some() || self.pay_ceiling.is_some()
    }

    /// The rules of a benefit in a pay group: pay group and benefit, pay group, benefit, in this order for each rule.
    /// `named`: whether an entry's benefit is the one asked for.
    pub fn of(entries: &[SchemeEntry], pay_group: &str, named: impl Fn(&str) -> bool) -> Scheme {
        let fits = |entry: &&SchemeEntry| {
            entry.pay_group.as_deref().is_none_or(|group| group == pay_group)
                && entry.benefit.as_deref().is_none_or(&named)
        };
        let mut fitting: Vec<&SchemeEntry> = entries.iter().filter(fits).collect();
        fitting.sort_by_key(|entry| (entry.pay_group.is_none(), entry.benefit.is_none()));
        fitting.into_iter().fold(Scheme::default(), |scheme, entry| scheme.or(&entry.scheme))
    }

    /// These rules, and the others' where these are silent.
    fn or(self, other: &Scheme) -> Scheme {
        Scheme {
            deduction_dates: self.deduction_dates.or_else(|| other.deduction_dates.clone()),
            employer_deduction_dates: self.employer_deduction_dates.or_else(|| other.employer_deduction_dates.clone()),
            extra_pay_date: self.extra_pay_date.or(other.extra_pay_date),
            first_deduction: self.first_deduction.or(other.first_deduction),
            proration: self.proration.or(other.proration),
            proration_at_end: self.proration_at_end.or(other.proration_at_end),
            coverage_end: self.coverage_end.or(other.coverage_end),
            eligible: self.eligible.or(other.eligible),
            percent_of_pay: self.percent_of_pay.or(other.percent_of_pay),
            pay_floor: self.pay_floor.or(other.pay_floor),
            pay_ceiling: self.pay_ceiling.or(other.pay_ceiling),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_rule_comes_from_the_most_specific_entry_that_states_it() {
        let entry = |pay_group: Option<&str>, benefit: Option<&str>, scheme| SchemeEntry {
            pay_group: pay_group.map(str::to_owned),
            benefit: benefit.map(str::to_owned),
            scheme,
            dates_file: None,
        };
        let everywhere = Scheme {
            proration: Some(Proration::Thirtieths),
            first_deduction: Some(FirstDeduction::NextPay),
            ..Scheme::default()
        };
        let weekly = Scheme { proration: Some(Proration::CalendarDays), ..Scheme::default() };
        let entries = [entry(None, Some("_Medical"), everywhere), entry(Some("W"), None, weekly)];
        let of = |group: &str, label: &str| {
            let scheme = Scheme::of(&entries, group, |benefit| benefit == label);
            (scheme.proration, scheme.first_deduction)
        };
        assert_eq!(of("W", "_Medical"), (Some(Proration::CalendarDays), Some(FirstDeduction::NextPay)));
        assert_eq!(of("M", "_Medical"), (Some(Proration::Thirtieths), Some(FirstDeduction::NextPay)));
        assert_eq!(of("M", "_Dental"), (None, None));
    }
}
