//! Oyster's lines one by one: each gets its place from the rungs, and its number of deductions a year from the job alone.
//! Lines of Benifex's benefits only come here when their person is a contractor.

use chrono::NaiveDate;
use polars::prelude::*;

use crate::rules::Inputs;
use crate::rules::columns::{counts, flags, numbers, numbers_from, plain_days};
use crate::rules::dictionary::BLANK;
use crate::rules::oyster::Oysters;
use crate::rules::oyster::rungs::Judge;
use crate::rules::people::{People, date, mark};
use crate::rules::place::Place;
use crate::rules::words::{Label, PerYear, Words};

/// What the rungs need of one line.
pub(in crate::rules) struct Row<'l> {
    pub(in crate::rules) emp: u32,
    pub(in crate::rules) label: u32,
    pub(in crate::rules) paid: (i64, i64),
    pub(in crate::rules) due: (i64, i64),
    pub(in crate::rules) pay_cur: u32,
    pub(in crate::rules) per_year: i64,
    /// Payroll has a line.
    pub(in crate::rules) charged: bool,
    pub(in crate::rules) duplicate: bool,
    pub(in crate::rules) mixed: bool,
    pub(in crate::rules) on_payroll: bool,
    pub(in crate::rules) leaver: bool,
    pub(in crate::rules) period: (NaiveDate, NaiveDate),
    pub(in crate::rules) words: &'l Label,
}

impl Row<'_> {
    /// Payroll took something.
    pub(in crate::rules) fn taken(&self) -> bool {
        self.paid != (0, 0)
    }
}

impl Oysters<'_> {
    /// Gives Oyster's lines, and those of contractors, their place, and Oyster's their number of deductions a year.
    pub(in crate::rules) fn place(
        &mut self,
        lines: &mut DataFrame,
        inputs: &Inputs<'_>,
        people: &People<'_>,
        words: &Words<'_>,
        per_year: &PerYear,
        labels: &[Label],
    ) -> PolarsResult<()> {
        let judge = Judge::new(self, inputs, people, words);
        let own: Vec<bool> = (0..labels.len() as u32).map(|label| self.owns(label)).collect();
        let groups = numbers(&people.frame, "group")?;
        let keys = numbers(lines, "emp")?.into_no_null_iter().zip(numbers(lines, "label")?.into_no_null_iter());
        let mut places: Vec<u32> = numbers(lines, "place")?.into_no_null_iter().collect();
        let mut stated: Vec<i64> = counts(lines, "d")?.into_no_null_iter().collect();
        let mut reasons = Vec::new();
        for (row, (emp, label)) in keys.enumerate() {
            if own[label as usize] {
                stated[row] = per_year.stated(groups.get(emp as usize).unwrap_or(BLANK), label);
                let (place, reason) = judge.place(&judge.row(lines, row, stated[row], labels)?);
                places[row] = place.number();
                if !reason.is_empty() {
                    reasons.push(((emp, label), reason));
                }
            } else if judge.contractors.contains(&emp) {
                let place = Place::of(places[row]);
                let taken = counts(lines, "a")?.get(row) != Some(0) || counts(lines, "s")?.get(row) != Some(0);
                let allowed = self.settings.contractor_benefits.contains(words.labels.text(label));
                if taken && !allowed && yields(place) {
                    places[row] = Place::En15.number();
                }
            }
        }
        self.reasons.extend(reasons);
        lines.with_column(numbers_from("place", places))?;
        lines.with_column(Int64Chunked::from_vec("d".into(), stated).into_column())?;
        Ok(())
    }
}

/// Rungs of Benifex's lines below that of contractors.
fn yields(place: Place) -> bool {
    use Place::{Am01, Am02, AmBoth, En02, En05, Matched, Tm07, UnverifiedLate, UnverifiedPart};
    [Am01, Am02, AmBoth, En02, En05, Matched, Tm07, UnverifiedLate, UnverifiedPart].contains(&place)
}

impl Judge<'_, '_> {
    /// The columns of one line.
    fn row<'l>(&self, lines: &DataFrame, row: usize, per_year: i64, labels: &'l [Label]) -> PolarsResult<Row<'l>> {
        let number = |name| PolarsResult::Ok(numbers(lines, name)?.get(row).unwrap_or(BLANK));
        let amount = |name| PolarsResult::Ok(counts(lines, name)?.get(row).unwrap_or_default());
        let flag = |name| PolarsResult::Ok(flags(lines, name)?.get(row) == Some(true));
        let (emp, label) = (number("emp")?, number("label")?);
        let file = &self.inputs.payroll.period;
        let day = |name| PolarsResult::Ok(plain_days(&self.people.frame, name)?.get(emp as usize).map(date));
        Ok(Row {
            emp,
            label,
            paid: (amount("a")?, amount("s")?),
            due: (amount("e")?, amount("r")?),
            pay_cur: number("pay_cur")?,
            per_year,
            charged: number("mark")? != mark::RIGHT_ONLY,
            duplicate: flag("dup")?,
            mixed: flag("mixed")?,
            on_payroll: flag("on_payroll")?,
            leaver: flag("leaver")?,
            period: (day("start")?.unwrap_or(file.start), day("end")?.unwrap_or(file.end)),
            words: &labels[label as usize],
        })
    }
}
