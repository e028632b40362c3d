//! Rules of a scheme: on which pay dates a benefit is deducted. What an entry leaves out, a less
//! specific one may say.

use std::collections::BTreeSet;

use chrono::NaiveDate;

/// The rules of one benefit, pay group or both.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct SchemeEntry {
    pub pay_group: Option<String>,
    pub benefit: Option<String>,
    pub scheme: Scheme,
}

/// `None`: the job does not say.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Scheme {
    pub deduction_dates: Option<DeductionDates>,
    pub extra_pay_date: Option<ExtraPayDate>,
}

/// The pay dates on which a benefit is deducted.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum DeductionDates {
    EveryPay,
    /// The first so many of each month: 2 for 24 deductions of 26 pays.
    FirstOfMonth(u32),
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

impl Scheme {
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
            extra_pay_date: self.extra_pay_date.or(other.extra_pay_date),
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
        };
        let everywhere = Scheme {
            deduction_dates: Some(DeductionDates::FirstOfMonth(2)),
            extra_pay_date: Some(ExtraPayDate::Deduction),
        };
        let weekly = Scheme { deduction_dates: Some(DeductionDates::EveryPay), ..Scheme::default() };
        let entries = [entry(None, Some("_Medical"), everywhere), entry(Some("W"), None, weekly)];
        let of = |group: &str, label: &str| {
            let scheme = Scheme::of(&entries, group, |benefit| benefit == label);
            (scheme.deduction_dates, scheme.extra_pay_date)
        };
        let extra = Some(ExtraPayDate::Deduction);
        assert_eq!(of("W", "_Medical"), (Some(DeductionDates::EveryPay), extra));
        assert_eq!(of("M", "_Medical"), (Some(DeductionDates::FirstOfMonth(2)), extra));
        assert_eq!(of("M", "_Dental"), (None, None));
    }
}
