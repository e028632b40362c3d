//! The payroll file, CSV or workbook: decoded, parsed cell by cell with a reason for each rejected row, and put into
//! typed tables.
//! Everything is text until our own parsers have seen it. No network, no database.

mod cells;
pub mod crosswalk;
mod deductions;
mod error;
mod header;
mod intake;
mod layouts;
mod locate;
mod newest;
mod other_runs;
mod pay_dates;
mod people;
mod period;
mod read;
mod reject_reasons;
mod rows;
pub mod settings;
mod table_settings;
mod tables;
#[cfg(test)]
mod tests;
mod totals;

use chrono::NaiveDate;

pub use self::cells::text::fold_id;
pub use self::deductions::details::{DeductionDetails, DetailsByCode};
pub use self::deductions::row_amounts::{OfRow, RowAmount, SeveralPeriods};
pub use self::error::{MissingColumn, PayrollError, SeenLine};
pub use self::header::check::{CheckedFile, check_columns};
pub use self::pay_dates::{PayDatesError, pay_dates};
pub use self::people::national_id::national_ids;
pub use self::people::person::CurrencySource;
pub use self::read::read;
pub use self::reject_reasons::{RejectReason, by_reason};
pub use self::rows::file_kind::no_table;
pub use self::rows::workbook::{is_workbook, sheet_as_csv};
pub use self::tables::{AmountColumn, Lines, People, TextColumn};
use tieout_model::control::PeriodsByGroup;
use tieout_model::finding::Payer;
use tieout_model::money::{Currency, Money};
use tieout_model::source::{InputFile, Reject};

/// A payroll file, read in full.
#[derive(Debug)]
pub struct Payroll {
    pub people: People,
    pub lines: Lines,
    /// What the numbers in [`Lines::kind`] stand for.
    pub kinds: Vec<LineKind>,
    pub rejects: Vec<Reject>,
    /// Rows that are no deductions of this run, with their reason: off-cycle runs.
    pub set_aside: Vec<tieout_model::finding::SetAside>,
    /// Rows that hold nobody's data and are not blank, by reason; those below the header count as structural.
    pub left_out: Vec<LeftOut>,
    /// Words for pay runs that no map knows, with their rows, which are set aside.
    pub unknown_run_types: std::collections::BTreeMap<String, u64>,
    /// What the accepted rows say beside the amounts.
    pub details: DetailsByCode,
    pub unknown_signs: Vec<UnknownSign>,
    pub controls: Vec<ControlCheck>,
    pub files: Vec<InputFile>,
    /// Data rows of the files: accepted + rejected + set aside + structural.
    pub rows: RowCounts,
    /// Accepted rows of each employee over the files, counted one by one as they were read; in the order of `people`.
    pub rows_of_person: Vec<u64>,
    /// Pay periods that the files hold of an employee, where they are several.
    pub periods_of: std::collections::BTreeMap<String, SeveralPeriods>,
    /// Of other runs in the file of a regular one, and of employees with several pay periods.
    pub row_amounts: Vec<RowAmount>,
    /// Leave dates that rows of other runs say, by employee; the last one.
    pub left_beside: std::collections::BTreeMap<String, chrono::NaiveDate>,
    /// What rows of other runs paid, by employee; `None`: one of them takes something and does not say.
    pub gross_beside: std::collections::BTreeMap<String, Option<tieout_model::money::Money>>,
    /// The files hold no regular run, and what they took is beside that of the period.
    pub other_runs_only: bool,
    /// Sums over accepted deduction amounts taken while reading, before any table exists, by code and currency.
    pub totals: Vec<CodeTotal>,
    /// The same of rejected rows, as far as their amounts could be read.
    pub rejected: Vec<CodeTotal>,
    /// The newest period in the file, or the job's.
    pub period: FilePeriod,
}

impl Payroll {
    /// The pay period of each pay group: its last day is the same for everybody in it, its first day the earliest.
    pub fn periods_by_group(&self) -> PeriodsByGroup {
        period::by_group(&self.people, &self.periods_of)
    }

    /// Everybody on payroll, in the order of the file.
    pub fn employee_ids(&self) -> impl Iterator<Item = &str> {
        self.people.employee_id.iter().flatten()
    }

    /// Employee id and e-mail of everybody with an amount other than 0 on a line that `owned` is true of, each once, in
    /// the order of the file.
    pub fn deducted_from(&self, owned: impl Fn(&LineKind) -> bool) -> Vec<(&str, Option<&str>)> {
        let owned: Vec<bool> = self.kinds.iter().map(owned).collect();
        let Lines { person, kind, ee_amount, er_amount, .. } = &self.lines;
        let amounts =
            ee_amount.iter().zip(er_amount.iter()).map(|(ee, er)| (ee.unwrap_or_default(), er.unwrap_or_default()));
        let lines = person.iter().zip(kind).zip(amounts);
        let mut charged: Vec<u32> = lines
            .filter(|((_, kind), amounts)| owned[**kind as usize] && *amounts != (Money(0), Money(0)))
            .map(|((person, _), _)| *person)
            .collect();
        // Lines are sorted by person.
        charged.dedup();
        let People { employee_id, email, .. } = &self.people;
        let one = |row: u32| (employee_id.get(row as usize).unwrap_or_default().trim(), email.get(row as usize));
        charged.into_iter().map(one).collect()
    }
}

impl FilePeriod {
    /// Refuses a day that this period says nothing of: before its first day, or more than `age_max_days` after its
    /// last.
    pub fn check_day(&self, as_of: NaiveDate, age_max_days: i64) -> Result<(), PayrollError> {
        let age_days = as_of.signed_duration_since(self.end).num_days();
        match as_of < self.start || age_days > age_max_days {
            true => Err(PayrollError::OtherPeriod { as_of, start: self.start, end: self.end, age_max_days }),
            false => Ok(()),
        }
    }
}

/// How the reason of a reject begins whose row is of another pay period than those before it of its employee.
pub const SECOND_PERIOD: &str = "a second pay period for this employee";
/// How the reason ends of a row that contradicts an earlier one of its id in who it is.
pub const ANOTHERS_ROW: &str = "; it may be another employee's row";

/// How long, from its opening on, a file must keep its size and change time to count as written; it is read meanwhile.
pub const SETTLE: std::time::Duration = std::time::Duration::from_millis(100);

/// Rows of one file that were left out for one reason.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct LeftOut {
    pub file: String,
    /// `skip_rows`, `record type`, the header again.
    pub reason: String,
    pub rows: u64,
    /// Physical line, from 1.
    pub first_line: u64,
}

/// Amounts of one side that are mostly negative in a file whose job does not say how they are written: deductions, or
/// refunds.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct UnknownSign {
    pub file: String,
    pub payer: Payer,
    pub negative: u64,
    pub amounts: u64,
    /// What the amounts are of; none of them can be compared.
    pub benefits: std::collections::BTreeSet<String>,
}

impl std::fmt::Display for UnknownSign {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        let UnknownSign { file, payer, negative, amounts, .. } = self;
        let payer = payer.name();
        write!(
            f,
            "{negative} of {amounts} amounts that the {payer} pays are negative in {file}: say how they are written with \
             `{payer}_sign = \"negative\"`, or \"positive\" if these are refunds"
        )
    }
}

/// What lines have in common, kept once: their texts would fill most of a large table.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct LineKind {
    pub code: String,
    /// `None`: unmapped.
    pub benefit: Option<String>,
    pub currency: Currency,
}

/// A control total compared to the unit (CT01).
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct ControlCheck {
    /// `control file`, `totals row`.
    pub source: String,
    /// `rows`, or `ee_amount MED USD`.
    pub what: String,
    pub stated: i128,
    pub found: i128,
    /// `None`: a count.
    pub currency: Option<Currency>,
}

#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct RowCounts {
    pub read: u64,
    pub accepted: u64,
    pub rejected: u64,
    pub out_of_scope: u64,
    /// Repeated headers, rows of blank cells and totals rows.
    pub structural: u64,
}

/// Sum over the accepted or the rejected rows of one deduction code; `i128` so that it cannot overflow.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct CodeTotal {
    pub code: String,
    /// `None`: unmapped.
    pub benefit: Option<String>,
    pub currency: Currency,
    pub employee: i128,
    pub employer: i128,
    /// Rows with an amount for the code, before they are added up: the sum of [`Lines::rows`].
    pub lines: u64,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct FilePeriod {
    pub start: NaiveDate,
    pub end: NaiveDate,
    pub pay_date: Option<NaiveDate>,
    /// Elections changed after this day belong to the next period (TM07).
    pub cutoff: NaiveDate,
}
