//! What the job and the payroll file say of benefits and pay groups, as tables by small integer: which labels are
//! ignored, mapped or without employer amounts, and how many deductions a year each benefit has.

use polars::prelude::*;

use crate::rules::dictionary::{BLANK, Currencies, Dictionary};
use crate::settings::Settings;
use tieout_payroll::settings::{DeductionLayout, DeductionsPerYear};

/// Benefit keys and unmapped codes, currencies, and what is known of each.
pub(super) struct Words<'a> {
    job: Settings<'a>,
    pub(super) labels: Dictionary,
    pub(super) currencies: Currencies,
    /// Labels of which a payroll line was met, and of which one had an employer amount.
    met: Vec<(bool, bool)>,
}

/// What is known of one label.
#[derive(Clone, Debug, Default)]
pub(super) struct Label {
    /// Reason of the job for leaving it out.
    pub(super) ignored: Option<String>,
    /// A payroll code and a benefit key belong together.
    pub(super) mapped: bool,
    /// Payroll gives employer amounts for it.
    pub(super) employer: bool,
}

/// How an unmapped payroll code is called in findings and totals.
pub(super) fn code_label(code: &str) -> String {
    format!("({code})")
}

impl<'a> Words<'a> {
    pub(super) fn new(job: Settings<'a>) -> Words<'a> {
        Words { job, labels: Dictionary::new(), currencies: Currencies::new(), met: Vec::new() }
    }

    /// The label of a payroll code: its benefit key, or the code in brackets when none is mapped or it is ignored.
    pub(super) fn label_of(&mut self, code: &str, benefit: Option<&str>) -> u32 {
        match benefit.map(str::trim).filter(|b| !b.is_empty()) {
            Some(benefit) if !self.job.deductions.ignored_codes.contains_key(code) => self.labels.number(benefit),
            _ => self.labels.number(&code_label(code)),
        }
    }

    /// Remembers that payroll has a line of this label, with or without an employer amount.
    pub(super) fn meet(&mut self, label: u32, employer: bool) {
        self.met.resize(self.labels.len().max(self.met.len()), (false, false));
        let met = &mut self.met[label as usize];
        *met = (true, met.1 || employer);
    }

    /// One entry a label, in the order of their numbers; complete once every frame was encoded.
    pub(super) fn describe(&self) -> Vec<Label> {
        (BLANK..).zip(self.labels.texts()).map(|(number, text)| self.describe_one(number, text)).collect()
    }

    fn describe_one(&self, number: u32, text: &str) -> Label {
        let deductions = &self.job.deductions;
        let code = text.strip_prefix('(').and_then(|t| t.strip_suffix(')'));
        let ignored_code = code.and_then(|c| deductions.ignored_codes.get(c));
        let ignored = ignored_code.or_else(|| deductions.ignored_benefits.get(text)).cloned();
        let mut codes =
            deductions.benefit_by_code.iter().filter(|(_, b)| *b == text).map(|(c, _)| c.as_str()).peekable();
        let mapped = codes.peek().is_some();
        let employer = match self.met.get(number as usize) {
            Some((true, employer)) => *employer,
            // Nobody has a line of it tonight: what the layout of the file says.
            _ => !mapped || codes.any(|c| self.has_employer_column(c)),
        };
        Label { ignored, mapped, employer }
    }

    fn has_employer_column(&self, code: &str) -> bool {
        match &self.job.payroll.layout {
            DeductionLayout::Wide(columns) => columns.iter().any(|c| c.code == code && c.employer_column.is_some()),
            DeductionLayout::Long { employer_amount, .. } => employer_amount.is_some(),
        }
    }
}

/// Deductions a year by pay group and label; 0 where the job says nothing.
pub(super) struct PerYear {
    /// Row of the table by pay group; 0 for the groups that the job does not name.
    row_of_group: Vec<u32>,
    table: Vec<i64>,
    labels: usize,
}

impl PerYear {
    pub(super) fn new(entries: &[DeductionsPerYear], groups: &Dictionary, labels: &Dictionary) -> PerYear {
        let mut named = vec![""];
        let row_of_group = groups
            .texts()
            .iter()
            .map(|group| match entries.iter().any(|e| e.pay_group.as_deref() == Some(group)) {
                true => {
                    named.push(group);
                    named.len() as u32 - 1
                }
                false => 0,
            })
            .collect();
        let cells = named.iter().flat_map(|g| labels.texts().iter().map(|l| most_specific(entries, g, l)));
        PerYear { row_of_group, table: cells.collect(), labels: labels.len() }
    }

    /// What the job says of one pay group and label; 0 = nothing.
    pub(super) fn stated(&self, group: u32, label: u32) -> i64 {
        self.table[self.row_of_group[group as usize] as usize * self.labels + label as usize]
    }

    /// Deductions a year of each row, by what the job says, else by the number of pay periods in Benifex; 0 = unknown.
    pub(super) fn of(&self, groups: &UInt32Chunked, labels: &[u32], pay_periods: &Int64Chunked) -> Int64Chunked {
        let rows = groups.into_no_null_iter().zip(labels).zip(pay_periods.into_no_null_iter());
        let per_year = rows.map(|((group, label), periods)| {
            let row = self.row_of_group[group as usize] as usize;
            match self.table[row * self.labels + *label as usize] {
                0 => periods,
                stated => stated,
            }
        });
        Int64Chunked::from_iter_values("d".into(), per_year)
    }
}

/// Pay group and benefit, then pay group, then benefit.
fn most_specific(entries: &[DeductionsPerYear], group: &str, label: &str) -> i64 {
    let fits = |e: &&DeductionsPerYear| {
        e.pay_group.as_deref().is_none_or(|g| g == group) && e.benefit.as_deref().is_none_or(|b| b == label)
    };
    let weight = |e: &&DeductionsPerYear| (e.pay_group.is_some(), e.benefit.is_some());
    entries.iter().filter(fits).max_by_key(weight).map_or(0, |e| i64::from(e.per_year))
}

#[cfg(test)]
mod tests {
    use super::*;

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
        let table = PerYear::new(&entries, &groups, &labels);
        let rows = [(bw, medical), (bw, dental), (sm, medical), (sm, pension), (BLANK, dental)];
        let (groups, labels): (Vec<u32>, Vec<u32>) = rows.into_iter().unzip();
        let periods = Int64Chunked::from_vec("p".into(), vec![52, 52, 52, 52, 0]);
        let d = table.of(&UInt32Chunked::from_vec("g".into(), groups), &labels, &periods);
        assert_eq!(d.into_no_null_iter().collect::<Vec<_>>(), [24, 26, 12, 52, 0]);
    }
}
