//! The lines that did not match, as the families read them.

use polars::prelude::*;
use rayon::prelude::*;

use crate::rules::balance::Balances;
use crate::rules::ladder::{beyond_percent, plain};
use crate::rules::lines::labels::{Catalog, Label};
use crate::rules::lines::pair::{Pair, Pairs};
use crate::rules::lines::schemes::Schemes;
use crate::rules::people::everybody::Person;
use crate::rules::place::Place;
use crate::rules::schema::LINES;
use crate::rules::timeline::late_changes::LateChange;
use tieout_model::finding::Payer;

/// One line of one employee that did not match. Amounts are counts of 1/10,000.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(in crate::rules) struct Line {
    pub(in crate::rules) emp: u32,
    pub(in crate::rules) label: u32,
    pub(in crate::rules) place: Place,
    /// The rung it would have had, were the change not late.
    pub(in crate::rules) otherwise: Place,
    pub(in crate::rules) employee_taken: i64,
    pub(in crate::rules) employer_taken: i64,
    pub(in crate::rules) employee_due: i64,
    pub(in crate::rules) employer_due: i64,
    pub(in crate::rules) pay_cur: u32,
    pub(in crate::rules) ee_cur: u32,
    pub(in crate::rules) er_cur: u32,
    /// Deductions a year of the employee, and payments of the employer.
    pub(in crate::rules) per_year: i64,
    pub(in crate::rules) employer_per_year: i64,
    pub(in crate::rules) tolerance: i64,
    pub(in crate::rules) live: bool,
    /// First row of `PayrollTables::lines`.
    pub(in crate::rules) pay_row: Option<usize>,
    /// Row of the snapshot's benefits.
    pub(in crate::rules) bx_row: Option<usize>,
    pub(in crate::rules) employer: bool,
    /// How much more than a percentage of pay was taken, of AM13.
    pub(in crate::rules) beyond_percent: i64,
}

/// The rows that become findings or set-asides, by employee and label.
pub(in crate::rules) fn unmatched(
    all: &DataFrame,
    people: &[Person],
    labels: &[Label],
    schemes: &Schemes,
    balances: &Balances,
    catalog: &Catalog<'_>,
) -> PolarsResult<Vec<Line>> {
    let pairs = Pairs::new(all)?;
    let places = LINES.place.of(all)?.cont_slice()?;
    let rows = (0..pairs.len()).into_par_iter().filter_map(|row| {
        let place = Place::of(places[row]);
        let kept = ![Place::Matched, Place::Accepted, Place::En13, Place::OutIgnored].contains(&place);
        kept.then(|| pairs.get(row)).map(|pair| (pair, place))
    });
    let mut rows: Vec<(Pair, Place)> = rows.collect();
    rows.par_sort_unstable_by_key(|(pair, _)| (pair.emp, pair.label, pair.pay_row, pair.bx_row));
    let line = |(pair, place): (Pair, Place)| {
        let person = &people[pair.emp as usize];
        let label = &labels[pair.label as usize];
        let scheme = schemes.scheme(person.group, pair.label);
        let otherwise = plain(&pair, person, label, scheme, LateChange::No);
        let employer_per_year = person.payday.employer_per_year(scheme, pair.per_year);
        let made_up = |payer| balances.settled(pair.emp, catalog.labels.text(pair.label), payer);
        let beyond_percent = if place == Place::Am13 { beyond_percent(&pair, person, scheme, made_up) } else { 0 };
        Line { employer_per_year, beyond_percent, ..Line::new(&pair, place, otherwise) }
    };
    Ok(rows.into_iter().map(line).collect())
}

impl Line {
    fn new(pair: &Pair, place: Place, otherwise: Place) -> Line {
        Line {
            emp: pair.emp,
            label: pair.label,
            place,
            otherwise,
            employee_taken: pair.employee_taken,
            employer_taken: pair.employer_taken,
            employee_due: pair.employee_due,
            employer_due: pair.employer_due,
            pay_cur: pair.pay_cur,
            ee_cur: pair.ee_cur,
            er_cur: pair.er_cur,
            per_year: pair.per_year,
            employer_per_year: pair.per_year,
            tolerance: pair.tolerance,
            live: pair.live,
            pay_row: pair.on_payroll().then_some(pair.pay_row as usize),
            bx_row: pair.expected().then_some(pair.bx_row as usize),
            employer: pair.employer,
            beyond_percent: 0,
        }
    }

    /// Deductions a year of a payer; 0 = unknown.
    pub(in crate::rules) fn per_year(&self, payer: Payer) -> i64 {
        match payer {
            Payer::Employee => self.per_year,
            Payer::Employer => self.employer_per_year,
        }
    }

    /// Deductions a year of the line, where both payers have the same.
    pub(in crate::rules) fn common_d(&self) -> Option<i64> {
        Some(self.per_year).filter(|d| *d > 0 && *d == self.employer_per_year)
    }
}
