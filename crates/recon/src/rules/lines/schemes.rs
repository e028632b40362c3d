//! What the job says of the deductions of each benefit in each pay group, as a table by small integer: how many a year,
//! and the rules of the scheme.

use std::collections::BTreeSet;

use polars::prelude::*;

use crate::rules::lines::dictionary::Dictionary;
use crate::rules::schema::LINES;
use crate::scheme::{DeductionDates, Scheme, SchemeEntry};
use crate::settings::{CoverageEnd, Settings};
use tieout_payroll::settings::{Deductions, DeductionsPerYear};

/// One benefit in one pay group.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
struct Stated {
    /// Deductions a year; 0 where the job says nothing.
    per_year: i64,
    scheme: Scheme,
}

/// By pay group and label.
pub(in crate::rules) struct Schemes {
    /// Row of the table by pay group; 0 for the groups that the job does not name.
    row_of_group: Vec<u32>,
    /// The groups that the job names, by the row of the table; the first is any other.
    named: Vec<String>,
    table: Vec<Stated>,
    labels: usize,
}

impl Schemes {
    pub(in crate::rules) fn new(job: Settings<'_>, groups: &Dictionary, labels: &Dictionary) -> Schemes {
        Schemes::of_entries(job.deductions, job.schemes, job.rules.coverage_end, groups, labels)
    }

    /// `coverage_end`: the rule of the job, for schemes that have none.
    fn of_entries(
        deductions: &Deductions,
        schemes: &[SchemeEntry],
        coverage_end: Option<CoverageEnd>,
        groups: &Dictionary,
        labels: &Dictionary,
    ) -> Schemes {
        let of_entries = deductions.per_year.iter().map(|entry| entry.pay_group.as_deref());
        let known: Vec<&str> =
            of_entries.chain(schemes.iter().map(|entry| entry.pay_group.as_deref())).flatten().collect();
        let mut named = vec![String::new()];
        for group in known {
            if !named.iter().any(|named| named == group) {
                named.push(group.to_owned());
            }
        }
        let row_of_group = groups.texts().iter().map(|group| row_of(&named, group) as u32).collect();
        let stated = |group: &str, label: &str| {
            let scheme = Scheme::of(schemes, group, |benefit| deductions.deducted_as(benefit) == label);
            let coverage_end = scheme.coverage_end.or(coverage_end);
            Stated { per_year: most_specific(deductions, group, label), scheme: Scheme { coverage_end, ..scheme } }
        };
        let cells = named.iter().flat_map(|group| labels.texts().iter().map(|label| stated(group, label)));
        let table = cells.collect();
        Schemes { row_of_group, named, table, labels: labels.len() }
    }

    fn get(&self, group: u32, label: u32) -> &Stated {
        &self.table[self.row_of_group[group as usize] as usize * self.labels + label as usize]
    }

    /// The rules of one pay group and label.
    pub(in crate::rules) fn scheme(&self, group: u32, label: u32) -> &Scheme {
        &self.get(group, label).scheme
    }

    /// Where the job does not say on which pay dates a pay group is deducted a benefit: these are its own.
    pub(in crate::rules) fn deducted_on(&mut self, (group, name): (u32, &str), label: u32, dates: DeductionDates) {
        let row = &mut self.row_of_group[group as usize];
        if *row == 0 {
            *row = self.named.len() as u32;
            self.named.push(name.to_owned());
            self.table.extend_from_within(..self.labels);
        }
        self.table[*row as usize * self.labels + label as usize].scheme.deduction_dates = Some(dates);
    }

    /// The same of a pay group of which tonight's people may be none, and its deductions a year as
    /// [`Schemes::per_year`] has them.
    pub(in crate::rules) fn of_named(&self, group: &str, label: u32, pay_periods: i64) -> (&Scheme, i64) {
        let Stated { per_year, scheme } = &self.table[row_of(&self.named, group) * self.labels + label as usize];
        (scheme, if *per_year == 0 { pay_periods } else { *per_year })
    }

    /// Deductions of these pay groups, or of all that the job names, pay for different days.
    pub(in crate::rules) fn pay_for_different_days(&self, groups: Option<&BTreeSet<u32>>) -> bool {
        let all = || (0..self.named.len()).collect();
        let rows: BTreeSet<usize> = groups.map_or_else(all, |groups| {
            groups.iter().map(|group| self.row_of_group[*group as usize] as usize).collect()
        });
        let days = |row: usize, label: usize| self.table[row * self.labels + label].scheme.pays_for();
        (0..self.labels).any(|label| {
            let mut days = rows.iter().map(|row| days(*row, label));
            let first = days.next();
            days.any(|days| Some(days) != first)
        })
    }

    /// By the job some pay group may not have the benefit.
    pub(in crate::rules) fn excludes_a_group(&self, label: u32) -> bool {
        self.table.iter().skip(label as usize).step_by(self.labels.max(1)).any(|of| of.scheme.eligible == Some(false))
    }

    pub(in crate::rules) fn labels(&self) -> u32 {
        self.labels as u32
    }

    /// The job says the same of both pay groups.
    pub(in crate::rules) fn are_alike(&self, group: u32, other: u32) -> bool {
        (0..self.labels()).all(|label| self.get(group, label) == self.get(other, label))
    }

    /// The deductions a year that the job states for one pay group and label; 0 = none.
    pub(in crate::rules) fn stated(&self, group: u32, label: u32) -> i64 {
        self.get(group, label).per_year
    }

    /// Deductions a year by what the job says, else by the number of pay periods in Benifex; 0 = unknown.
    pub(in crate::rules) fn per_year(&self, group: u32, label: u32, pay_periods: i64) -> i64 {
        match self.stated(group, label) {
            0 => pay_periods,
            stated => stated,
        }
    }

    /// The same of each row.
    pub(in crate::rules) fn of(
        &self,
        groups: &UInt32Chunked,
        labels: &[u32],
        pay_periods: &Int64Chunked,
    ) -> Int64Chunked {
        let rows = groups.into_no_null_iter().zip(labels).zip(pay_periods.into_no_null_iter());
        let per_year = rows.map(|((group, label), periods)| self.per_year(group, *label, periods));
        Int64Chunked::from_iter_values(LINES.per_year.name.into(), per_year)
    }
}

/// Where the rules of a pay group stand.
fn row_of(named: &[String], group: &str) -> usize {
    named.iter().skip(1).position(|named| named == group).map_or(0, |at| at + 1)
}

/// Deductions a year by the entry of pay group and benefit, then pay group, then benefit; 0: none fits.
pub(in crate::rules) fn most_specific(deductions: &Deductions, group: &str, label: &str) -> i64 {
    let fits = |e: &&DeductionsPerYear| {
        e.pay_group.as_deref().is_none_or(|g| g == group)
            && e.benefit.as_deref().is_none_or(|b| deductions.deducted_as(b) == label)
    };
    let weight = |e: &&DeductionsPerYear| (e.pay_group.is_some(), e.benefit.is_some());
    deductions.per_year.iter().filter(fits).max_by_key(weight).map_or(0, |e| i64::from(e.per_year))
}

#[cfg(test)]
mod tests {
    use polars::prelude::*;

    use super::*;
    use crate::rules::lines::dictionary::BLANK;

    fn entry(pay_group: Option<&str>, benefit: Option<&str>, per_year: u32) -> DeductionsPerYear {
        DeductionsPerYear { pay_group: pay_group.map(str::to_owned), benefit: benefit.map(str::to_owned), per_year }
    }

    #[test]
    fn the_most_specific_entry_gives_the_deductions_a_year() {
        let entries = [
            entry(None, Some("_Medical"), 12),
            entry(Some("US-BW"), None, 24),
            entry(Some("US-BW"), Some("_Dental"), 26),
        ];
        let mut groups = Dictionary::new();
        let mut labels = Dictionary::new();
        let [bw, sm] = ["US-BW", "US-SM"].map(|g| groups.number(g));
        let [medical, dental, pension] = ["_Medical", "_Dental", "_Pension"].map(|l| labels.number(l));
        let deductions = Deductions { per_year: entries.to_vec(), ..Deductions::default() };
        let table = Schemes::of_entries(&deductions, &[], None, &groups, &labels);
        let rows = [(bw, medical), (bw, dental), (sm, medical), (sm, pension), (BLANK, dental)];
        let (groups, labels): (Vec<u32>, Vec<u32>) = rows.into_iter().unzip();
        let periods = Int64Chunked::from_vec("p".into(), vec![52, 52, 52, 52, 0]);
        let d = table.of(&UInt32Chunked::from_vec("g".into(), groups), &labels, &periods);
        assert_eq!(d.into_no_null_iter().collect::<Vec<_>>(), [24, 26, 12, 52, 0]);
    }
}
