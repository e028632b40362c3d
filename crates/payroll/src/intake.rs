//! Where each row of a file ends: accepted (by `register` those of the payroll file), rejected, out of scope or
//! structural. A row is used as a whole or not at all.

use std::borrow::Cow;
use std::panic::resume_unwind;
use std::sync::mpsc::{SyncSender, sync_channel};
use std::thread;

use chrono::NaiveDate;

use crate::cells::text::code_word;
use crate::deductions::lines::{Deducted, Sum, add_up};
use crate::deductions::row_amounts::{OfRow, RowAmount, day_of_other_run};
use crate::deductions::{DeductionColumns, DeductionParser};
use crate::header::columns::{GROSS_PAY, PAY_DATE, PERIOD_END, PERIOD_START, PersonColumns, TERM_DATE, wanted_headers};
use crate::header::{Header, HeaderPlace};
use crate::layouts::source::{Holds, Kind, Source};
use crate::people::Conflict;
use crate::people::person::{CellFault, Faults, PersonParser, read_id, read_text};
use crate::people::register::{BATCHES_MAX, Parsed, RefusedRow, Register};
use crate::read::Reading;
use crate::rows::batches::{Batch, Record};
use crate::rows::{Row, Rows};
use crate::settings;
use crate::settings::DeductionLayout;
use crate::totals::{TotalsColumns, parse_totals};
use crate::{ANOTHERS_ROW, PayrollError, SECOND_PERIOD};
use tieout_model::balance::PayPeriod;
use tieout_model::finding::SetAside;
use tieout_model::money::{Currency, Money};
use tieout_model::terms::RunType;

/// Bad cells kept, and rows that contradict others; with more the run ends, as nobody can read so many.
pub(super) const REJECTS_MAX: usize = 1_000_000;
/// Rows after which, with their batch, the rest of a file is expected to be like them, and room is made for it.
const ROWS_BEFORE_RESERVING: usize = 4096;
/// How many times these rows room is made for at most, about two million rows: first rows may be short ones.
const TIMES_RESERVED_MAX: usize = 512;
/// Words without a map that are kept.
const UNKNOWN_WORDS_MAX: usize = 20;
/// Characters of a run type that its reason shows.
const RUN_TYPE_CHARS_MAX: usize = 20;

/// What is done with the data of a file.
pub(super) trait DataRows {
    /// Makes room for so many times the rows that were read.
    fn reserve(&mut self, reading: &mut Reading<'_>, times: usize);
    /// Takes a row with data, the one at `at` of its batch.
    fn row(&mut self, reading: &mut Reading<'_>, source: &Source, at: usize, row: &Row<'_>, holds: Holds);
    /// Takes the batch whose last row was read.
    fn end(&mut self, batch: Batch);
}

/// Parses the rows of the payroll file, and hands them to the thread that enters them.
struct PeopleRows<'s> {
    person: PersonParser<'s>,
    columns: PersonColumns,
    amounts: DeductionParser<'s>,
    deducted: Vec<Deducted>,
    parsed: Parsed,
    register: SyncSender<(Batch, Parsed)>,
}

impl Reading<'_> {
    /// Reads the payroll file: people, and deductions where they are in it.
    pub fn people_rows(&mut self, rows: &mut Rows) -> Result<Source, PayrollError> {
        let settings = self.settings;
        let header = Header::read(rows, HeaderPlace::of(settings), &wanted_headers(settings))?;
        let columns = PersonColumns::find(&header, settings);
        let amounts = match &settings.layout {
            DeductionLayout::Long { file: Some(_), .. } => DeductionColumns::None,
            layout => DeductionColumns::find(&header, layout, &mut self.codes),
        };
        let deduction_currency = amounts.currency();
        let of_workbook = rows.are_of_workbook();
        let mut source = Source::new(rows.path.clone(), header, columns.id, &settings.table, of_workbook);
        let currency = deduction_currency.or(columns.currency);
        amounts.place_in(&mut source.owner);
        let totals = TotalsColumns { id: source.id, currency, deductions: &amounts };
        let currency_agrees = deduction_currency.is_none() || deduction_currency != columns.currency;
        let entered = (std::mem::take(&mut self.people), std::mem::take(&mut self.lines));
        let register = Register::new(settings, columns.clone(), currency_agrees, entered);
        let (send, batches) = sync_channel(BATCHES_MAX);
        let people = PeopleRows {
            person: PersonParser::new(settings, columns.clone(), of_workbook),
            amounts: DeductionParser::new(settings, amounts.clone()),
            deducted: Vec::new(),
            parsed: Parsed::default(),
            register: send,
            columns,
        };
        let emptied = rows.emptied();
        let (register, read) = thread::scope(|scope| {
            let entered = scope.spawn(move || register.enter_all(&batches, &emptied));
            // Which ends the channel when it has ended.
            let read = self.each_row(&mut source, rows, totals, people);
            (entered.join().unwrap_or_else(|panic| resume_unwind(panic)), read)
        });
        self.take_over(register, &source);
        self.check_rejects()?;
        read.map(|()| source)
    }

    /// Takes over what was entered, and rejects what was refused.
    fn take_over(&mut self, register: Register<'_>, source: &Source) {
        self.rows.accepted += register.accepted;
        self.rows.rejected += register.refused_rows;
        let second_period = |refused: &&RefusedRow| matches!(refused.conflict, Conflict::SecondPeriod { .. });
        self.rows_of_second_periods += register.refused.iter().filter(second_period).count() as u64;
        register.refused_sums.iter().for_each(|(key, sum)| self.rejected.entry(*key).or_default().add(*sum));
        for RefusedRow { line, employee_id, conflict } in &register.refused {
            self.rejects.push(source.refuse(*line, employee_id, fault_of(*conflict, source, &register.columns)));
        }
        (self.people, self.lines) = (register.people, register.lines);
    }

    /// Fails when nobody can read so many rejects.
    pub fn check_rejects(&mut self) -> Result<(), PayrollError> {
        if self.rejects.len() > REJECTS_MAX { Err(self.too_many_rejected(true)) } else { Ok(()) }
    }

    /// Tells the rows apart and hands on those with data, until there are more rejects than can be kept.
    pub fn each_row(
        &mut self,
        source: &mut Source,
        rows: &mut Rows,
        totals: TotalsColumns<'_>,
        mut data: impl DataRows,
    ) -> Result<(), PayrollError> {
        let (mut seen, mut reserved) = (0, false);
        while let Some((mut batch, first)) = rows.take_batch()? {
            if seen >= ROWS_BEFORE_RESERVING && !reserved {
                let times = rows.times_to_come(batch.rows[first].cells.offset());
                data.reserve(self, times.min(TIMES_RESERVED_MAX));
                reserved = true;
            }
            seen += batch.filled - first;
            for at in first..batch.filled {
                self.row(source, at, &mut batch.rows[at], totals, &mut data)?;
                if self.rejects.len() > REJECTS_MAX {
                    return Ok(());
                }
            }
            data.end(batch);
        }
        Ok(())
    }

    fn row(
        &mut self,
        source: &mut Source,
        at: usize,
        record: &mut Record,
        totals: TotalsColumns<'_>,
        data: &mut impl DataRows,
    ) -> Result<(), PayrollError> {
        let Some(row) = record.row() else { return Ok(()) };
        self.rows.read += 1;
        let kind = source.kind(&row, self.settings.totals_row.as_deref(), &self.settings.table)?;
        match kind {
            Kind::Structural => self.rows.structural += 1,
            Kind::Totals(count) => self.totals_row(source, &row, count, totals),
            Kind::Misshapen(reason) => {
                self.refuse_early_totals(source);
                source.fill_down.forget();
                source.owner.forget();
                let mut faults = Faults::default();
                faults.row(reason);
                let id = read_id(&row, source.id, self.settings, &mut Faults::default());
                self.reject(source, &row, &id, faults);
            }
            Kind::Data(holds) => {
                self.refuse_early_totals(source);
                source.fill_down.fill(record);
                source.owner.fill(record);
                if let Some(row) = record.row() {
                    data.row(self, source, at, &row, holds);
                }
            }
        }
        Ok(())
    }

    /// The kind of pay run that a word means; `None`: no map knows it.
    fn run_type(&mut self, word: &str) -> Option<RunType> {
        match self.settings.run_type_map.get(&word.to_lowercase()) {
            Some(run_type) => Some(*run_type),
            None => {
                if self.unknown_run_types.len() < UNKNOWN_WORDS_MAX || self.unknown_run_types.contains_key(word) {
                    *self.unknown_run_types.entry(code_word(word)).or_default() += 1;
                }
                None
            }
        }
    }

    fn totals_row(&mut self, source: &mut Source, row: &Row<'_>, count: Option<u64>, columns: TotalsColumns<'_>) {
        let mut faults = Faults::default();
        let totals = parse_totals(row, count, columns, &self.codes, self.settings, &mut faults);
        match faults.0.is_empty() {
            true => source.totals.push(totals),
            false => self.reject(source, row, "", faults),
        }
    }

    /// A totals row with data rows behind it states something else than the sum of its file.
    fn refuse_early_totals(&mut self, source: &mut Source) {
        for totals in std::mem::take(&mut source.totals) {
            self.rows.rejected += 1;
            self.rejects.push(source.refuse_totals(&totals, "a totals row with data rows behind it"));
        }
    }

    /// Refuses a row: nothing of it is used.
    pub fn reject(&mut self, source: &Source, row: &Row<'_>, id: &str, faults: Faults) {
        self.rejects.extend(source.rejects(row, id, faults));
        self.rows.rejected += 1;
    }

    /// Refuses a row whose amounts, as far as they could be read, stand in the totals of the file.
    pub fn reject_with(&mut self, source: &Source, row: &Row<'_>, id: &str, faults: Faults, deducted: &[Deducted]) {
        add_up(&mut self.rejected, deducted);
        self.reject(source, row, id, faults);
    }

    /// Remembers what a row of another run took.
    fn note_other_run(&mut self, id: &str, day: Option<NaiveDate>, deducted: &[Deducted]) {
        self.of_other_runs.extend(deducted.iter().map(|deducted| RowAmount {
            employee_id: id.trim().to_owned(),
            benefit: benefit_name(&self.codes.names[deducted.code as usize], self.deductions).into_owned(),
            currency: deducted.currency,
            employee: deducted.employee,
            employer: deducted.employer,
            of: OfRow::OtherRun(day),
        }));
    }

    /// Remembers what a row of another run paid.
    fn note_gross_beside(&mut self, id: &str, gross: Option<Money>, deducted: &[Deducted]) {
        let takes = |amount: Option<Money>| amount.is_some_and(|amount| amount.0 > 0);
        // A row that takes nothing may say nothing of pay.
        let nothing = !deducted.iter().any(|deducted| takes(deducted.employee) || takes(deducted.employer));
        let paid = gross.or(Some(Money::default()).filter(|_| nothing));
        let all = self.gross_beside.entry(id.trim().to_owned()).or_insert(Some(Money::default()));
        *all = all.zip(paid).and_then(|(all, paid)| all.0.checked_add(paid.0)).map(Money);
    }

    /// Leaves a row out of scope: one entry an amount, or one for the person when the row has none.
    pub fn put_aside(
        &mut self,
        id: &str,
        (reason, period): (&str, Option<PayPeriod>),
        currency: Option<Currency>,
        deducted: &[Deducted],
    ) {
        let entry = |benefit, employee_amount: Option<Money>, employer_amount: Option<Money>, currency| SetAside {
            benefit,
            employee_amount,
            employer_amount,
            currency,
            period,
            ..SetAside::person("payroll", id, reason.to_owned())
        };
        if deducted.is_empty() {
            self.set_aside.push(entry(String::new(), None, None, currency));
        }
        for t in deducted {
            self.out_of_scope.entry((t.code, t.currency)).or_default().add(Sum::from(t));
            let benefit = benefit_name(&self.codes.names[t.code as usize], self.deductions);
            self.set_aside.push(entry(benefit.into_owned(), t.employee, t.employer, Some(t.currency)));
        }
        self.rows.out_of_scope += 1;
    }
}

impl DataRows for PeopleRows<'_> {
    fn reserve(&mut self, _: &mut Reading<'_>, times: usize) {
        self.parsed.times_to_come = Some(times);
    }

    fn row(&mut self, reading: &mut Reading<'_>, source: &Source, at: usize, row: &Row<'_>, holds: Holds) {
        let mut faults = Faults::default();
        let id = read_id(row, source.id, reading.settings, &mut faults);
        let person = self.person.parse(row, &mut faults);
        let run_type = read_text(row, self.columns.run_type, reading.settings, &mut faults);
        let currency = person.currency.map(|(c, _)| c);
        self.amounts.parse(row, holds, currency, &mut reading.codes, &mut self.deducted, &mut faults);
        let (Some(currency), true) = (person.currency, faults.0.is_empty()) else {
            return reading.reject_with(source, row, &id, faults, &self.deducted);
        };
        reading.pointed_ids.note(row.text(source.id).unwrap_or_default());
        if let Some(word) = run_type {
            let shown = || word.to_lowercase().chars().take(RUN_TYPE_CHARS_MAX).collect::<String>();
            let run_type = reading.run_type(word);
            let reason = match run_type {
                Some(RunType::Regular) => None,
                Some(RunType::LeftOut) => Some(format!("left out by the job: run type {}", shown())),
                _ => Some(format!("out of scope: run type {}", shown())),
            };
            if let Some(reason) = reason {
                let [start, end, paid] = [PERIOD_START, PERIOD_END, PAY_DATE].map(|at| person.dates[at]);
                if run_type != Some(RunType::LeftOut) {
                    reading.note_other_run(&id, day_of_other_run(end, paid), &self.deducted);
                    if let Some(left) = person.dates[TERM_DATE] {
                        reading.left_beside.insert(id.trim().to_owned(), left);
                    }
                }
                reading.note_gross_beside(&id, person.earnings[GROSS_PAY].get(), &self.deducted);
                let period = end.map(|end| PayPeriod { end, start });
                return reading.put_aside(&id, (&reason, period), Some(currency.0), &self.deducted);
            }
        }
        reading.details.add(self.amounts.details(), row.line);
        self.parsed.push(at, person, currency, &self.deducted);
    }

    fn end(&mut self, batch: Batch) {
        // Nobody takes it only when that thread panicked, which goes on once this one has ended.
        let _ = self.register.send((batch, std::mem::take(&mut self.parsed)));
    }
}

/// Ids with a point in them: whole numbers, as a spreadsheet or script writes `123` as `123.0`, and others.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(super) struct PointedIds {
    pub whole: bool,
    pub other: bool,
}

impl PointedIds {
    fn note(&mut self, id: &str) {
        let Some((whole, rest)) = id.split_once('.') else { return };
        let is_number = |text: &str| !text.is_empty() && text.bytes().all(|b| b.is_ascii_digit());
        if is_number(whole) && is_number(rest) {
            let zeros = rest.bytes().all(|b| b == b'0');
            (self.whole, self.other) = (self.whole || zeros, self.other || !zeros);
        }
    }
}

/// Columns that tell who somebody is.
const WHO: [&str; 3] = ["first_name", "last_name", "dob"];

/// What a reject says of a row that contradicts an earlier one.
fn fault_of(conflict: Conflict, source: &Source, columns: &PersonColumns) -> CellFault {
    let (cell, reason) = match conflict {
        Conflict::SecondPeriod { first_line } => {
            let reason = format!(
                "{SECOND_PERIOD}; line {first_line} has another: say several_rows in the job if the file holds several"
            );
            (None, reason)
        }
        Conflict::Differs { first_line, column } => {
            let at = columns.position(column);
            let header = at.map_or(column, |at| &source.header.names[at]);
            let whose = if WHO.contains(&column) { ANOTHERS_ROW } else { "" };
            (at, format!("differs from line {first_line} in {header}{whose}"))
        }
    };
    CellFault::unshown(cell, reason)
}

/// The benefit of a code, or the code in brackets.
pub(super) fn benefit_name<'d>(code: &str, deductions: &'d settings::Deductions) -> Cow<'d, str> {
    match deductions.benefit_by_code.get(code) {
        Some(benefit) => Cow::Borrowed(benefit),
        None => Cow::Owned(format!("({code})")),
    }
}
