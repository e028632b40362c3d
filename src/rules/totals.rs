//! The first proof, CT04: per benefit, currency and side, payroll's total minus the expected total is what the findings,
//! tolerated drift, the unverified and the out of scope add up to. Payroll's side was summed while the file was read,
//! the expected side before the join, the findings' side from the findings: three ways that only agree when nothing was
//! lost. Sums are `i128`.

use std::collections::BTreeMap;

use polars::prelude::*;

use super::columns::{counts, flags, numbers};
use super::dictionary::ALIEN;
use super::night::Night;
use super::place::{Fate, Place};
use super::words::Words;
use crate::control::ControlTotal;
use crate::finding::{Finding, Side};

/// What the totals want of the expected lines.
pub(super) const DUE_COLUMNS: [&str; 5] = ["label", "e", "r", "ee_cur", "er_cur"];

/// What becomes of one side of a line in the totals.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[repr(usize)]
pub(super) enum Bucket {
    Finding,
    Tolerated,
    Unverified,
    OutOfScope,
    /// The job leaves the code or key out.
    Ignored,
    /// Payroll gives no employer amounts for this benefit.
    NoEmployer,
    /// EN13: one finding a label, not one a line.
    Unmapped,
}

/// How many [`Bucket`]s there are.
const BUCKETS: usize = 7;

/// Where a side of a line goes.
pub(super) fn bucket(place: Place, side: Side, employer: bool) -> Bucket {
    let compared = side == Side::Employee || employer;
    match (place, side) {
        (Place::OutIgnored, _) => Bucket::Ignored,
        (Place::En13, _) => Bucket::Unmapped,
        (Place::Am01 | Place::Am15Employee, Side::Employer)
        | (Place::Am02 | Place::Am15Employer, Side::Employee)
        | (Place::Matched, _)
            if compared =>
        {
            Bucket::Tolerated
        }
        _ => match place.fate() {
            Fate::Unverified => Bucket::Unverified,
            Fate::OutOfScope => Bucket::OutOfScope,
            Fate::Matched | Fate::Finding if !compared => Bucket::NoEmployer,
            Fate::Matched | Fate::Finding => Bucket::Finding,
        },
    }
}

/// Payroll and expected amounts of one label, currency, side and bucket.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(super) struct Cell {
    pub(super) payroll: i128,
    pub(super) expected: i128,
}

/// Sums over all lines by label, currency, side and bucket, and what is shown of job-wide places.
pub(super) struct Cells {
    currencies: usize,
    table: Vec<[[Cell; BUCKETS]; 2]>,
    /// Expected before the join, by label and currency; employee and employer.
    expected: Vec<[i128; 2]>,
    /// Lines and first rows of `OutIgnored` and `En13`, by label.
    pub(super) apart: BTreeMap<u32, Apart>,
}

/// Lines of one label that one reason takes for everybody.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(super) struct Apart {
    pub(super) lines: u64,
    /// First row of `Payroll::lines`.
    pub(super) pay_row: Option<u32>,
    /// First row of the snapshot's benefits.
    pub(super) bx_row: Option<u32>,
}

impl Cells {
    /// `all` is every placed line, `due` the expected lines before the join, [`DUE_COLUMNS`] of them.
    pub(super) fn new(all: &DataFrame, due: &DataFrame, words: &Words<'_>) -> PolarsResult<Cells> {
        let (labels, currencies) = (words.labels.len(), words.currencies.len());
        let mut cells = Cells {
            currencies,
            table: vec![<[[Cell; BUCKETS]; 2]>::default(); labels * currencies],
            expected: vec![[0; 2]; labels * currencies],
            apart: BTreeMap::new(),
        };
        cells.add_lines(all)?;
        for (side, (currency, amount)) in [("ee_cur", "e"), ("er_cur", "r")].into_iter().enumerate() {
            let keys = numbers(due, "label")?.into_no_null_iter().zip(numbers(due, currency)?.into_no_null_iter());
            for ((label, currency), amount) in keys.zip(counts(due, amount)?.into_no_null_iter()) {
                let at = cells.at(label, currency);
                cells.expected[at][side] += i128::from(amount);
            }
        }
        Ok(cells)
    }

    fn at(&self, label: u32, currency: u32) -> usize {
        label as usize * self.currencies + currency as usize
    }

    fn add_lines(&mut self, all: &DataFrame) -> PolarsResult<()> {
        let label: Vec<u32> = numbers(all, "label")?.into_no_null_iter().collect();
        let place: Vec<u32> = numbers(all, "place")?.into_no_null_iter().collect();
        let employer: Vec<bool> = flags(all, "employer")?.iter().map(|f| f == Some(true)).collect();
        for (side, payroll, expected, currency) in
            [(Side::Employee, "a", "e", "ee_cur"), (Side::Employer, "s", "r", "er_cur")]
        {
            let payroll = counts(all, payroll)?.into_no_null_iter().zip(numbers(all, "pay_cur")?.into_no_null_iter());
            let expected = counts(all, expected)?.into_no_null_iter().zip(numbers(all, currency)?.into_no_null_iter());
            for (row, ((paid, pay_cur), (due, due_cur))) in payroll.zip(expected).enumerate() {
                let bucket = bucket(Place::of(place[row]), side, employer[row]) as usize;
                let (pay_at, due_at) = (self.at(label[row], pay_cur), self.at(label[row], due_cur));
                self.table[pay_at][side as usize][bucket].payroll += i128::from(paid);
                self.table[due_at][side as usize][bucket].expected += i128::from(due);
            }
        }
        let rows =
            numbers(all, "pay_row")?.iter().zip(numbers(all, "bx_row")?.iter()).zip(numbers(all, "mark")?.iter());
        for (row, ((pay_row, bx_row), who)) in rows.enumerate() {
            if [Place::OutIgnored.number(), Place::En13.number()].contains(&place[row]) {
                let apart = self.apart.entry(label[row]).or_default();
                apart.lines += 1;
                apart.pay_row = least(apart.pay_row, pay_row.filter(|_| who != Some(super::people::mark::RIGHT_ONLY)));
                apart.bx_row = least(apart.bx_row, bx_row.filter(|_| who != Some(super::people::mark::LEFT_ONLY)));
            }
        }
        Ok(())
    }

    /// Sum of one bucket.
    pub(super) fn get(&self, label: u32, currency: u32, side: Side, bucket: Bucket) -> Cell {
        self.table[self.at(label, currency)][side as usize][bucket as usize]
    }

    /// Real currencies by number.
    pub(super) fn currencies(&self) -> std::ops::Range<u32> {
        ALIEN + 1..self.currencies as u32
    }
}

fn least(a: Option<u32>, b: Option<u32>) -> Option<u32> {
    a.into_iter().chain(b).min()
}

/// The control totals, by benefit, currency and side; those without any money are left out.
pub(super) fn control_totals(night: &Night<'_>, findings: &[Finding]) -> Vec<ControlTotal> {
    let payroll = payroll_totals(night);
    let mut totals = BTreeMap::new();
    for label in 0..night.words.labels.len() as u32 {
        for number in night.cells.currencies() {
            let Some(currency) = night.currency(number) else { continue };
            for side in Side::BOTH {
                let benefit = night.words.labels.text(label).to_owned();
                let key = (benefit.clone(), currency, side);
                let total = total(night, label, number, side, payroll.get(&key).copied().unwrap_or_default());
                totals.insert(key, ControlTotal { benefit, currency, side, ..total });
            }
        }
    }
    for finding in findings {
        for variance in &finding.variances {
            let key = (variance.benefit.clone(), variance.currency, variance.side);
            if let Some(total) = totals.get_mut(&key) {
                *total.by_family.entry(finding.code.family()).or_default() += i128::from(variance.difference().0);
            }
        }
    }
    totals.into_values().filter(has_money).collect()
}

fn payroll_totals(night: &Night<'_>) -> BTreeMap<(String, crate::money::Currency, Side), i128> {
    let ignored = &night.inputs.job.deductions.ignored_codes;
    let mut totals = BTreeMap::new();
    for total in &night.inputs.payroll.totals {
        let benefit = match &total.benefit {
            Some(benefit) if !ignored.contains_key(&total.code) => benefit.trim().to_owned(),
            _ => super::words::code_label(&total.code),
        };
        for (side, amount) in [(Side::Employee, total.employee), (Side::Employer, total.employer)] {
            *totals.entry((benefit.clone(), total.currency, side)).or_default() += amount;
        }
    }
    totals
}

fn total(night: &Night<'_>, label: u32, number: u32, side: Side, payroll: i128) -> ControlTotal {
    let cells = &night.cells;
    let difference = |bucket| {
        let cell = cells.get(label, number, side, bucket);
        cell.payroll - cell.expected
    };
    ControlTotal {
        benefit: String::new(),
        currency: night.currency(number).expect("only real currencies are walked"),
        side,
        payroll,
        expected: cells.expected[cells.at(label, number)][side as usize],
        by_family: BTreeMap::new(),
        tolerated: difference(Bucket::Tolerated),
        unverified: difference(Bucket::Unverified),
        out_of_scope: [Bucket::OutOfScope, Bucket::Ignored, Bucket::NoEmployer].map(difference).iter().sum(),
        waived: 0,
    }
}

fn has_money(total: &ControlTotal) -> bool {
    let explained = total.by_family.values().any(|v| *v != 0);
    let rest = [total.payroll, total.expected, total.tolerated, total.unverified, total.out_of_scope];
    explained || rest.iter().any(|v| *v != 0)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_employer_side_of_a_code_without_employer_amounts_is_out_of_scope_unless_nothing_was_compared() {
        let employer = |place| bucket(place, Side::Employer, false);
        for place in [Place::Matched, Place::Am01, Place::En01, Place::Id02, Place::Tm07] {
            assert_eq!(employer(place), Bucket::NoEmployer, "{place:?}");
        }
        assert_eq!(employer(Place::UnverifiedPart), Bucket::Unverified);
        assert_eq!(employer(Place::OutNewHire), Bucket::OutOfScope);
        assert_eq!(employer(Place::OutIgnored), Bucket::Ignored);
    }

    #[test]
    fn one_side_may_differ_while_the_other_is_drift() {
        let both = |place| Side::BOTH.map(|side| bucket(place, side, true));
        assert_eq!(both(Place::Am01), [Bucket::Finding, Bucket::Tolerated]);
        assert_eq!(both(Place::Am02), [Bucket::Tolerated, Bucket::Finding]);
        assert_eq!(both(Place::AmBoth), [Bucket::Finding, Bucket::Finding]);
        assert_eq!(both(Place::Matched), [Bucket::Tolerated, Bucket::Tolerated]);
    }
}
