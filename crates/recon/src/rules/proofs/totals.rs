//! The first proof, CT04: per benefit, currency and payer, payroll's total minus the expected total is what the
//! findings, tolerated drift, the unverified and the out of scope add up to. Payroll's side was summed while the file
//! was read, the expected side before the join, the findings' side from the findings: three ways that only agree when
//! nothing was lost. Sums are `i128`.

use rayon::join;
use std::collections::BTreeMap;

use polars::prelude::*;

use crate::rules::lines::dictionary::{ALIEN, BLANK};
use crate::rules::lines::labels::Catalog;
use crate::rules::lines::other_runs::counted;
use crate::rules::night::Night;
use crate::rules::people::mark;
use crate::rules::place::{Fate, Place};
use crate::rules::schema::LINES;
use crate::tables::column::{Column, Number, Row};
use tieout_model::control::ControlTotal;
use tieout_model::finding::{Finding, Payer};
use tieout_model::money::Currency;
use tieout_payroll::CodeTotal;

/// What the totals want of the expected lines.
pub(in crate::rules) const DUE_COLUMNS: [&str; 5] =
    [LINES.label.name, LINES.employee_due.name, LINES.employer_due.name, LINES.ee_cur.name, LINES.er_cur.name];

/// What becomes of one side of a line in the totals.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[repr(usize)]
pub(in crate::rules) enum Bucket {
    Finding,
    Tolerated,
    /// A part of a period, or a sacrifice, as an accepted practice takes it.
    Accepted,
    /// More than rounding, and it settles an earlier balance.
    Settled,
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
const BUCKETS: usize = Bucket::Unmapped as usize + 1;

/// Where a side of a line goes.
pub(in crate::rules) fn bucket(place: Place, payer: Payer, employer: bool) -> Bucket {
    let compared = payer == Payer::Employee || employer;
    match (place, payer) {
        (Place::Accepted, _) if compared => Bucket::Accepted,
        (Place::OutIgnored, _) => Bucket::Ignored,
        (Place::En13, _) => Bucket::Unmapped,
        (Place::Am15Free, Payer::Employer) => Bucket::OutOfScope,
        (Place::Am01 | Place::Am15Employee, Payer::Employer)
        | (Place::Am02 | Place::Am15Employer, Payer::Employee)
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

impl Bucket {
    /// As the tables of the proof call it.
    pub(in crate::rules) fn name(self) -> &'static str {
        match self {
            Bucket::Finding | Bucket::Unmapped => "finding",
            Bucket::Tolerated => "tolerated",
            Bucket::Accepted => "accepted",
            Bucket::Settled => "settled",
            Bucket::Unverified => "unverified",
            Bucket::OutOfScope | Bucket::Ignored | Bucket::NoEmployer => "out of scope",
        }
    }

    /// The same once it is known whether the line settles a balance, by a difference of so much.
    pub(in crate::rules) fn settled(self, settles: bool, difference: i64, tolerance: i64) -> Bucket {
        match self {
            Bucket::Tolerated if settles && difference.abs() > tolerance => Bucket::Settled,
            other => other,
        }
    }
}

/// Payroll and expected amounts of one label, currency, payer and bucket.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(in crate::rules) struct TotalCell {
    pub(in crate::rules) payroll: i128,
    pub(in crate::rules) expected: i128,
}

/// Sums over all lines by label, currency, payer and bucket, and what is shown of job-wide places.
pub(in crate::rules) struct TotalCells {
    currencies: usize,
    /// Employee and employer.
    payers: [OfPayer; 2],
    /// Lines and first rows of `OutIgnored` and `En13`, by label.
    pub(in crate::rules) apart: BTreeMap<u32, WholeLabel>,
}

/// One side of all lines, by label and currency.
struct OfPayer {
    cells: Vec<[TotalCell; BUCKETS]>,
    /// Expected before the join.
    expected: Vec<i128>,
}

/// Lines of one label that one reason takes for everybody.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(in crate::rules) struct WholeLabel {
    pub(in crate::rules) lines: u64,
    /// First row of `PayrollTables::lines`.
    pub(in crate::rules) pay_row: Option<u32>,
    /// First row of the snapshot's benefits.
    pub(in crate::rules) bx_row: Option<u32>,
}

impl TotalCells {
    /// `all` is every placed line, `due` the expected lines before the join, [`DUE_COLUMNS`] of them.
    pub(in crate::rules) fn new(all: &DataFrame, due: &DataFrame, catalog: &Catalog<'_>) -> PolarsResult<TotalCells> {
        let size = (catalog.labels.len(), catalog.currencies.len());
        let (employee, employer) = join(
            || OfPayer::new(all, due, Payer::Employee, (LINES.employee_taken, LINES.employee_due, LINES.ee_cur), size),
            || OfPayer::new(all, due, Payer::Employer, (LINES.employer_taken, LINES.employer_due, LINES.er_cur), size),
        );
        Ok(TotalCells { currencies: size.1, payers: [employee?, employer?], apart: whole_labels(all)? })
    }

    fn at(&self, label: u32, currency: u32) -> usize {
        label as usize * self.currencies + currency as usize
    }

    /// Sum of one bucket.
    pub(in crate::rules) fn get(&self, label: u32, currency: u32, payer: Payer, bucket: Bucket) -> TotalCell {
        self.payers[payer as usize].cells[self.at(label, currency)][bucket as usize]
    }

    /// Real currencies by number.
    pub(in crate::rules) fn currencies(&self) -> std::ops::Range<u32> {
        ALIEN + 1..self.currencies as u32
    }
}

impl OfPayer {
    /// Columns of payroll's amount, the expected one, and the currency of that. `size`: labels and currencies.
    fn new(
        all: &DataFrame,
        due: &DataFrame,
        payer: Payer,
        (paid, expected, currency): (Column<Number>, Column<Number>, Column<Row>),
        (labels, currencies): (usize, usize),
    ) -> PolarsResult<OfPayer> {
        let at = |label: u32, currency: u32| label as usize * currencies + currency as usize;
        let mut cells = vec![<[TotalCell; BUCKETS]>::default(); labels * currencies];
        let number = |column: Column<Row>| PolarsResult::Ok(column.of(all)?.into_no_null_iter());
        let places = number(LINES.place)?.zip(LINES.employer.of(all)?.iter());
        let payroll = number(LINES.pay_cur)?.zip(paid.of(all)?.into_no_null_iter());
        let benifex = number(currency)?.zip(expected.of(all)?.into_no_null_iter());
        let settles = LINES.settles.of(all)?.iter().zip(LINES.tolerance.of(all)?.into_no_null_iter());
        for ((label, (settles, tolerance)), ((place, employer), ((pay_cur, paid), (due_cur, due)))) in
            number(LINES.label)?.zip(settles).zip(places.zip(payroll.zip(benifex)))
        {
            let bucket = bucket(Place::of(place), payer, employer == Some(true));
            let bucket = bucket.settled(settles == Some(true), paid - due, tolerance) as usize;
            cells[at(label, pay_cur)][bucket].payroll += i128::from(paid);
            cells[at(label, due_cur)][bucket].expected += i128::from(due);
        }
        let mut before = vec![0; labels * currencies];
        let keys = LINES.label.of(due)?.into_no_null_iter().zip(currency.of(due)?.into_no_null_iter());
        for ((label, currency), amount) in keys.zip(expected.of(due)?.into_no_null_iter()) {
            before[at(label, currency)] += i128::from(amount);
        }
        Ok(OfPayer { cells, expected: before })
    }
}

fn whole_labels(all: &DataFrame) -> PolarsResult<BTreeMap<u32, WholeLabel>> {
    let [label, place, who, pay_row, bx_row] =
        [LINES.label, LINES.place, LINES.mark, LINES.pay_row, LINES.bx_row].map(|column| column.of(all));
    let (label, who, pay_row, bx_row) = (label?, who?, pay_row?, bx_row?);
    let mut by_label: BTreeMap<u32, WholeLabel> = BTreeMap::new();
    let places = [Place::OutIgnored.number(), Place::En13.number()];
    let rows = place?.into_no_null_iter().enumerate().filter(|(_, place)| places.contains(place));
    for (row, _) in rows {
        let apart = by_label.entry(label.get(row).unwrap_or(BLANK)).or_default();
        apart.lines += 1;
        apart.pay_row = least(apart.pay_row, pay_row.get(row).filter(|_| who.get(row) != Some(mark::SERVICE_ONLY)));
        apart.bx_row = least(apart.bx_row, bx_row.get(row).filter(|_| who.get(row) != Some(mark::PAYROLL_ONLY)));
    }
    Ok(by_label)
}

fn least(a: Option<u32>, b: Option<u32>) -> Option<u32> {
    a.into_iter().chain(b).min()
}

/// The control totals, by benefit, currency and payer; those without any money are left out.
pub(in crate::rules) fn control_totals(night: &Night<'_>, findings: &[Finding]) -> Vec<ControlTotal> {
    let payroll = payroll_totals(night);
    let rejected = by_benefit(night, &night.inputs.payroll.rejected);
    let mut totals = BTreeMap::new();
    for label in 0..night.catalog.labels.len() as u32 {
        for number in night.cells.currencies() {
            let Some(currency) = night.currency(number) else { continue };
            for payer in Payer::BOTH {
                let benefit = night.catalog.labels.text(label).to_owned();
                let key = (benefit.clone(), currency, payer);
                let rejected = rejected.get(&key).copied().unwrap_or_default();
                let payroll = payroll.get(&key).copied().unwrap_or_default() + rejected;
                let total = total(night, label, number, payer, payroll);
                totals.insert(key, ControlTotal { benefit, currency, payer, rejected, ..total });
            }
        }
    }
    for line in night.lines_at(Place::Tm11) {
        for (payer, currency, taken, due) in [
            (Payer::Employee, line.ee_cur, line.employee_taken, line.employee_due),
            (Payer::Employer, line.er_cur, line.employer_taken, line.employer_due),
        ] {
            let currency = night.currency(currency).filter(|_| payer == Payer::Employee || line.employer);
            let key = currency.map(|currency| (night.label(line).to_owned(), currency, payer));
            if let Some(total) = key.and_then(|key| totals.get_mut(&key)) {
                total.on_leave += i128::from(taken) - i128::from(due);
            }
        }
    }
    for finding in findings {
        for variance in &finding.variances {
            let key = (variance.benefit.clone(), variance.currency, variance.payer);
            if let Some(total) = totals.get_mut(&key) {
                *total.by_family.entry(finding.code.rule().family).or_default() += i128::from(variance.difference().0);
            }
        }
    }
    totals.into_values().filter(has_money).collect()
}

/// Sums by benefit, currency and payer.
pub(in crate::rules) type Totals = BTreeMap<(String, Currency, Payer), i128>;

pub(in crate::rules) fn by_benefit(night: &Night<'_>, of_codes: &[CodeTotal]) -> Totals {
    let ignored = &night.inputs.job.deductions.ignored_codes;
    let mut totals = Totals::new();
    for total in of_codes {
        let benefit = match &total.benefit {
            Some(benefit) if !ignored.contains_key(&total.code) => benefit.trim().to_owned(),
            _ => crate::rules::lines::labels::code_label(&total.code),
        };
        for (payer, amount) in [(Payer::Employee, total.employee), (Payer::Employer, total.employer)] {
            *totals.entry((benefit.clone(), total.currency, payer)).or_default() += amount;
        }
    }
    totals
}

/// What was read of payroll, rejected rows aside.
fn payroll_totals(night: &Night<'_>) -> Totals {
    let mut totals = by_benefit(night, &night.inputs.payroll.totals);
    for (_, currency, aside) in counted(night.inputs, &night.people) {
        for (payer, amount) in [(Payer::Employee, aside.employee_amount), (Payer::Employer, aside.employer_amount)] {
            let total = totals.entry((aside.benefit.clone(), currency, payer)).or_default();
            *total += amount.map_or(0, |amount| i128::from(amount.0));
        }
    }
    totals
}

fn total(night: &Night<'_>, label: u32, number: u32, payer: Payer, payroll: i128) -> ControlTotal {
    let cells = &night.cells;
    let difference = |bucket| {
        let cell = cells.get(label, number, payer, bucket);
        cell.payroll - cell.expected
    };
    ControlTotal {
        benefit: String::new(),
        currency: night.currency(number).expect("only real currencies are walked"),
        payer,
        payroll,
        expected: cells.payers[payer as usize].expected[cells.at(label, number)],
        by_family: BTreeMap::new(),
        tolerated: difference(Bucket::Tolerated) + difference(Bucket::Accepted),
        settled: difference(Bucket::Settled),
        unverified: difference(Bucket::Unverified),
        rejected: 0,
        out_of_scope: [Bucket::OutOfScope, Bucket::Ignored, Bucket::NoEmployer].map(difference).iter().sum(),
        waived: 0,
        on_leave: 0,
    }
}

fn has_money(total: &ControlTotal) -> bool {
    let explained = total.by_family.values().any(|v| *v != 0);
    let rest = [total.payroll, total.expected, total.tolerated, total.settled, total.unverified, total.out_of_scope];
    explained || rest.iter().any(|v| *v != 0)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_employer_side_of_a_code_without_employer_amounts_is_out_of_scope_unless_nothing_was_compared() {
        let employer = |place| bucket(place, Payer::Employer, false);
        for place in [Place::Matched, Place::Am01, Place::En01, Place::Id02, Place::Tm07] {
            assert_eq!(employer(place), Bucket::NoEmployer, "{place:?}");
        }
        assert_eq!(employer(Place::UnverifiedPart), Bucket::Unverified);
        assert_eq!(employer(Place::OutNewHire), Bucket::OutOfScope);
        assert_eq!(employer(Place::OutIgnored), Bucket::Ignored);
    }

    #[test]
    fn one_side_may_differ_while_the_other_is_drift() {
        let both = |place| Payer::BOTH.map(|payer| bucket(place, payer, true));
        assert_eq!(both(Place::Am01), [Bucket::Finding, Bucket::Tolerated]);
        assert_eq!(both(Place::Am02), [Bucket::Tolerated, Bucket::Finding]);
        assert_eq!(both(Place::AmBoth), [Bucket::Finding, Bucket::Finding]);
        assert_eq!(both(Place::Matched), [Bucket::Tolerated, Bucket::Tolerated]);
    }
}
