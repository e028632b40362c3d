//! Where each row of a file ends: accepted, rejected, out of scope or structural. A row is used as a whole or not at all.

use std::borrow::Cow;

use super::PayrollError;
use super::columns::{PersonColumns, wanted_headers};
use super::deductions::{DeductionColumns, DeductionParser};
use super::header::Header;
use super::lines::{Sum, Taken};
use super::people::{Conflict, Entered};
use super::person::{Faults, PersonParser, read_id, read_text};
use super::read::Reading;
use super::rows::{Row, Rows};
use super::source::{Kind, Source};
use super::totals::{TotalsColumns, parse_totals};
use crate::finding::SetAside;
use crate::job::{self, DeductionLayout};
use crate::money::{Currency, Money};

/// Bad cells kept; with more the run ends, as nobody can read so many.
const REJECTS_MAX: usize = 1_000_000;
/// Rows after which the rest of a file is taken to be like them, and room is made for it.
const ROWS_BEFORE_FORESEEN: u64 = 4096;
/// How many times these rows room is made for at most, about two million rows: first rows may be short ones.
const TIMES_FORESEEN_MAX: usize = 512;
/// Characters of a run type that its reason shows.
const RUN_TYPE_CHARS_MAX: usize = 20;

/// What parses the rows of the payroll file.
struct PeopleParsers<'s> {
    person: PersonParser<'s>,
    columns: PersonColumns,
    amounts: DeductionParser,
    taken: Vec<Taken>,
    /// The person's currency must be the same on each row. Not so where one column is also the deduction's.
    currency_agrees: bool,
    layout: RowsOfPerson,
}

/// How many rows the layout has for an employee.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum RowsOfPerson {
    /// One, with all amounts on it.
    OneWithAmounts,
    /// One; amounts are in another file.
    One,
    /// One a deduction code.
    Several,
}

impl RowsOfPerson {
    fn of(layout: &DeductionLayout) -> RowsOfPerson {
        match layout {
            DeductionLayout::Wide(_) => RowsOfPerson::OneWithAmounts,
            DeductionLayout::Long { file: Some(_), .. } => RowsOfPerson::One,
            DeductionLayout::Long { file: None, .. } => RowsOfPerson::Several,
        }
    }
}

impl Reading<'_> {
    /// Reads the payroll file: people, and deductions where they are in it.
    pub fn people_rows(&mut self, rows: &mut Rows) -> Result<Source, PayrollError> {
        let settings = self.settings;
        let header = Header::read(rows, settings.encoding, settings.delimiter, &wanted_headers(settings))?;
        let columns = PersonColumns::find(&header, &settings.columns);
        let layout = RowsOfPerson::of(&settings.layout);
        let amounts = match layout {
            RowsOfPerson::One => DeductionColumns::None,
            _ => DeductionColumns::find(&header, &settings.layout, &mut self.codes),
        };
        let deduction_currency = match &amounts {
            DeductionColumns::Long { currency, .. } => *currency,
            _ => None,
        };
        let mut source = Source::new(rows.path.clone(), header, columns.id);
        let mut parsers = PeopleParsers {
            person: PersonParser::new(settings, columns.clone()),
            amounts: DeductionParser::new(settings, amounts.clone()),
            taken: Vec::new(),
            currency_agrees: deduction_currency.is_none() || deduction_currency != columns.currency,
            layout,
            columns,
        };
        let currency = deduction_currency.or(parsers.columns.currency);
        let totals = TotalsColumns { id: source.id, currency, deductions: &amounts };
        self.each_row(&mut source, rows, totals, |reading, source, row| reading.people_row(source, row, &mut parsers))?;
        Ok(source)
    }

    /// Tells the rows apart and hands on those with data.
    pub fn each_row(
        &mut self,
        source: &mut Source,
        rows: &mut Rows,
        totals: TotalsColumns<'_>,
        mut data_row: impl FnMut(&mut Self, &Source, &Row<'_>),
    ) -> Result<(), PayrollError> {
        let totals_text = self.settings.totals_row.as_deref();
        for seen in 0_u64.. {
            if seen == ROWS_BEFORE_FORESEEN {
                self.foresee(rows.times_to_come().min(TIMES_FORESEEN_MAX));
            }
            let Some(row) = rows.next()? else { break };
            self.rows.read += 1;
            match source.kind(&row, totals_text)? {
                Kind::Structural => self.rows.structural += 1,
                Kind::Totals(count) => self.totals_row(source, &row, count, totals),
                Kind::Misshapen(reason) => {
                    self.refuse_early_totals(source);
                    let mut faults = Faults::default();
                    faults.row(reason);
                    let id = read_id(&row, source.id, self.settings, &mut Faults::default());
                    self.reject(source, &row, &id, faults);
                }
                Kind::Data => {
                    self.refuse_early_totals(source);
                    data_row(self, source, &row);
                }
            }
            if self.rejects.len() > REJECTS_MAX {
                return Err(self.too_many_rejected(true));
            }
        }
        Ok(())
    }

    /// Makes room for the rest of a file; the deduction file brings no people.
    fn foresee(&mut self, times: usize) {
        if self.is_first_file() {
            self.people.foresee(times);
        }
        self.lines.foresee(times);
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

    fn people_row(&mut self, source: &Source, row: &Row<'_>, parsers: &mut PeopleParsers<'_>) {
        let mut faults = Faults::default();
        let id = read_id(row, source.id, self.settings, &mut faults);
        let person = parsers.person.parse(row, &mut faults);
        let run_type = read_text(row, parsers.columns.run_type, self.settings.encoding, &mut faults);
        let currency = person.currency.map(|(c, _)| c);
        parsers.amounts.parse(row, currency, &mut self.codes, &mut parsers.taken, &mut faults);
        let (Some(currency), true) = (person.currency, faults.0.is_empty()) else {
            return self.reject(source, row, &id, faults);
        };
        if let Some(run_type) = run_type.filter(|t| !t.eq_ignore_ascii_case("regular")) {
            let shown: String = run_type.to_lowercase().chars().take(RUN_TYPE_CHARS_MAX).collect();
            return self.put_aside(&id, &format!("out of scope: run type {shown}"), Some(currency.0), &parsers.taken);
        }
        let line = line_number(row);
        match self.people.enter(&id, line, &person, currency, parsers.currency_agrees) {
            Ok(entered) => {
                let (Entered::First(employee) | Entered::Again(employee)) = entered;
                let repeats = match parsers.layout {
                    RowsOfPerson::OneWithAmounts => parsers.taken.is_empty(),
                    RowsOfPerson::One => true,
                    RowsOfPerson::Several => false,
                };
                if repeats && entered == Entered::Again(employee) {
                    self.people.mark_duplicate(employee);
                }
                self.accept(employee, line, &parsers.taken);
            }
            Err(conflict) => {
                self.note_conflict(&id, conflict, source, parsers, &mut faults);
                self.reject(source, row, &id, faults);
            }
        }
    }

    fn note_conflict(
        &mut self,
        id: &str,
        conflict: Conflict,
        source: &Source,
        parsers: &PeopleParsers<'_>,
        faults: &mut Faults,
    ) {
        match conflict {
            Conflict::SecondPeriod { first_line } => {
                faults.row(format!("a second pay period for this employee; line {first_line} has another"));
            }
            Conflict::Differs { first_line, column } => {
                let at = parsers.columns.position(column);
                let header = at.map_or(column, |at| &source.header.names[at]);
                faults.conflict(at, format!("differs from line {first_line} in {header}"));
                if let Some(employee) = self.people.find(id) {
                    self.people.mark_duplicate(employee);
                }
            }
        }
    }

    /// Keeps the amounts of a row.
    pub fn accept(&mut self, employee: u32, line: u32, taken: &[Taken]) {
        taken.iter().for_each(|t| self.lines.push(employee, line, t));
        self.people.count_row(employee);
        self.rows.accepted += 1;
    }

    /// Refuses a row: nothing of it is used.
    pub fn reject(&mut self, source: &Source, row: &Row<'_>, id: &str, faults: Faults) {
        self.rejects.extend(source.rejects(row, id, faults));
        self.rows.rejected += 1;
    }

    /// Leaves a row out of scope: one entry an amount, or one for the person when the row has none.
    pub fn put_aside(&mut self, id: &str, reason: &str, currency: Option<Currency>, taken: &[Taken]) {
        let entry = |benefit, employee: Option<i64>, employer: Option<i64>, currency| SetAside {
            source: "payroll",
            employee_id: id.to_owned(),
            benefit,
            reason: reason.to_owned().into(),
            employee_amount: employee.map(Money),
            employer_amount: employer.map(Money),
            employee_expected: None,
            employer_expected: None,
            currency,
        };
        if taken.is_empty() {
            self.set_aside.push(entry(String::new(), None, None, currency));
        }
        for t in taken {
            self.aside.entry((t.code, t.currency)).or_default().add(Sum::from(t));
            let benefit = benefit_name(&self.codes.names[t.code as usize], self.deductions);
            self.set_aside.push(entry(benefit.into_owned(), t.employee, t.employer, Some(t.currency)));
        }
        self.rows.out_of_scope += 1;
    }
}

/// The benefit of a code, or the code in brackets.
fn benefit_name<'d>(code: &str, deductions: &'d job::Deductions) -> Cow<'d, str> {
    match deductions.benefit_by_code.get(code) {
        Some(benefit) => Cow::Borrowed(benefit),
        None => Cow::Owned(format!("({code})")),
    }
}

/// Physical line of a row as tables hold it.
pub(super) fn line_number(row: &Row<'_>) -> u32 {
    u32::try_from(row.line).expect("a file has fewer bytes, so fewer lines, than a u32 can count")
}
