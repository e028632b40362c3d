//! People and their amounts, entered on a thread of their own while further rows are parsed.

use std::sync::mpsc::Receiver;

use crate::deductions::lines::{Deducted, Lines, Sums, add_up};
use crate::header::columns::{PERIOD_END, PERIOD_START, PersonColumns};
use crate::intake::REJECTS_MAX;
use crate::people::person::{CurrencySource, Faults, ParsedPerson, read_id, read_texts};
use crate::people::{Conflict, Entered, People, Said};
use crate::rows::batches::{Batch, Emptied};
use crate::settings;
use crate::settings::{DeductionLayout, RowsPerPerson};
use tieout_model::balance::PayPeriod;
use tieout_model::money::Currency;

/// Batches that wait to be entered.
pub(crate) const BATCHES_MAX: usize = 16;

/// How many rows the layout has for an employee.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum RowsOfPerson {
    /// One, with all amounts on it.
    OneWithAmounts,
    /// One; amounts are in another file.
    One,
    /// One a deduction code, or a job, department or week.
    Several,
}

impl RowsOfPerson {
    fn of(settings: &settings::Payroll) -> RowsOfPerson {
        match &settings.layout {
            _ if settings.table.rows_per_person != RowsPerPerson::One => RowsOfPerson::Several,
            DeductionLayout::Wide(_) | DeductionLayout::Groups(_) => RowsOfPerson::OneWithAmounts,
            DeductionLayout::Long { file: Some(_), .. } => RowsOfPerson::One,
            DeductionLayout::Long { file: None, .. } => RowsOfPerson::Several,
        }
    }
}

/// The parsed rows of a batch.
#[derive(Debug, Default)]
pub(crate) struct Parsed {
    people: Vec<ParsedRow>,
    deducted: Vec<Deducted>,
    /// For so many times the people entered before, room is made.
    pub times_to_come: Option<usize>,
}

/// A row without a fault; its texts are in the batch.
#[derive(Clone, Copy, Debug)]
struct ParsedRow {
    /// Row of the batch.
    at: usize,
    person: ParsedPerson,
    currency: (Currency, CurrencySource),
    /// How many of the batch's amounts are on it.
    deducted: usize,
}

impl Parsed {
    pub fn push(
        &mut self,
        at: usize,
        person: ParsedPerson,
        currency: (Currency, CurrencySource),
        deducted: &[Deducted],
    ) {
        self.people.push(ParsedRow { at, person, currency, deducted: deducted.len() });
        self.deducted.extend_from_slice(deducted);
    }
}

/// A row that contradicts an earlier one of its employee.
#[derive(Debug)]
pub(crate) struct RefusedRow {
    pub line: u64,
    pub employee_id: String,
    pub conflict: Conflict,
}

/// What the thread is given, and what it gives back.
#[derive(Debug)]
pub(crate) struct Register<'s> {
    settings: &'s settings::Payroll,
    pub columns: PersonColumns,
    /// The person's currency must be the same on each row. Not so where one column is also the deduction's.
    currency_agrees: bool,
    layout: RowsOfPerson,
    pub people: People,
    pub lines: Lines,
    pub accepted: u64,
    pub refused_rows: u64,
    pub refused_sums: Sums,
    /// One more than can be kept at most.
    pub refused: Vec<RefusedRow>,
}

impl<'s> Register<'s> {
    /// `people` and `lines` are those of the files before.
    pub fn new(
        settings: &'s settings::Payroll,
        columns: PersonColumns,
        currency_agrees: bool,
        (people, lines): (People, Lines),
    ) -> Register<'s> {
        Register {
            settings,
            columns,
            currency_agrees,
            layout: RowsOfPerson::of(settings),
            people,
            lines,
            accepted: 0,
            refused_rows: 0,
            refused_sums: Sums::new(),
            refused: Vec::new(),
        }
    }

    /// Enters what comes until nothing more does.
    pub fn enter_all(mut self, batches: &Receiver<(Batch, Parsed)>, emptied: &Emptied) -> Register<'s> {
        while let Ok((batch, parsed)) = batches.recv() {
            self.enter_batch(&batch, &parsed);
            emptied.give(batch);
        }
        self
    }

    fn enter_batch(&mut self, batch: &Batch, parsed: &Parsed) {
        if let Some(times) = parsed.times_to_come {
            self.people.reserve(times);
            self.lines.reserve(times);
        }
        let mut deducted = parsed.deducted.as_slice();
        for row in &parsed.people {
            let (of_row, others) = deducted.split_at(row.deducted);
            deducted = others;
            self.enter(batch, row, of_row);
        }
    }

    fn enter(&mut self, batch: &Batch, parsed: &ParsedRow, deducted: &[Deducted]) {
        let Some(row) = batch.rows[parsed.at].row() else { return };
        // Both were readable when the row was parsed.
        let id = read_id(&row, self.columns.id, self.settings, &mut Faults::default());
        let line = row.line_number();
        let texts = read_texts(&row, &self.columns, self.settings);
        let said = Said { line, texts, person: parsed.person, currency: parsed.currency };
        let entered = match &self.settings.table.rows_per_person {
            RowsPerPerson::One => self.people.enter(&id, &said, self.currency_agrees),
            RowsPerPerson::Several { home, sum } => {
                let word = self.columns.home.and_then(|at| row.text(at).ok()).unwrap_or_default();
                let is_home = home.as_ref().is_some_and(|home| home.words.contains(&word.to_lowercase()));
                Ok(self.people.add(&id, &said, is_home, sum))
            }
        };
        match entered {
            Ok(entered) => {
                let (Entered::First(employee) | Entered::Again(employee)) = entered;
                let repeats = match self.layout {
                    RowsOfPerson::OneWithAmounts => deducted.is_empty(),
                    RowsOfPerson::One => true,
                    RowsOfPerson::Several => false,
                };
                if repeats && entered == Entered::Again(employee) {
                    self.people.mark_duplicate(employee);
                }
                self.lines.push(employee, line, deducted);
                let [start, end] = [PERIOD_START, PERIOD_END].map(|at| parsed.person.dates[at]);
                if let (RowsOfPerson::Several, Some(end)) = (self.layout, end) {
                    self.lines.note_period(employee, PayPeriod { end, start }, deducted);
                }
                self.people.count_row(employee);
                self.accepted += 1;
            }
            Err(conflict) => {
                if let (Conflict::Differs { .. }, Some(employee)) = (conflict, self.people.find(&id)) {
                    self.people.mark_duplicate(employee);
                }
                self.refused_rows += 1;
                add_up(&mut self.refused_sums, deducted);
                if self.refused.len() <= REJECTS_MAX {
                    self.refused.push(RefusedRow { line: row.line, employee_id: id.into_owned(), conflict });
                }
            }
        }
    }
}
