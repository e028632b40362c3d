//! How a payroll file is laid out, and which of its codes are which benefits.

use std::collections::{BTreeMap, BTreeSet};
use std::path::PathBuf;

use chrono::NaiveDate;
use tieout_model::dates::DateLayout;
use tieout_model::money::{Currency, Marks};
use tieout_model::placeholder::PlaceholderDates;
use tieout_model::share::Share;
use tieout_model::terms::{EmploymentStatus, PartTimePay, PayFrequency, RateBasis, RunType, TaxTreatment};

pub use crate::layouts::employee_row::EmployeeRow;
pub use crate::layouts::row_pattern::RowPattern;
pub use crate::rows::encoding::Encoding;
pub use crate::table_settings::{
    AmountSettings, CellSettings, FileFormat, Home, RecordTypes, RowsPerPerson, SerialEpoch, SheetChoice, Sign,
    SummedColumn, TableSettings,
};

/// Where payroll comes from and how its file is laid out.
#[derive(Clone, Debug)]
pub struct Payroll {
    /// A path, or a pattern with `*` in the file name that picks the newest: by pay period, then change time.
    pub file: PathBuf,
    pub encoding: Encoding,
    pub delimiter: u8,
    /// What the file's rows are, before a cell is read.
    pub table: TableSettings,
    pub marks: Marks,
    /// How cells are written.
    pub cells: CellSettings,
    pub dates: DateLayout,
    /// Dates that mean "none".
    pub placeholder_dates: PlaceholderDates,
    pub columns: PayrollColumns,
    pub layout: DeductionLayout,
    /// How deduction amounts are written.
    pub amounts: AmountSettings,
    /// Where the period's dates come from.
    pub period: Period,
    /// Currency of rows without a currency column or with a blank in it, by pay group.
    pub currency_by_pay_group: BTreeMap<String, Currency>,
    /// Currency of everything that neither column nor pay group names.
    pub currency: Option<Currency>,
    /// Upper or lower case letters of employee ids are the same letter. Blanks around ids never count.
    pub fold_id_case: bool,
    /// Text of the first column that marks a trailing totals row; its amounts are a control total.
    pub totals_row: Option<String>,
    pub control_file: Option<PathBuf>,
    /// Share of rejected rows above which the run ends before any call is made.
    pub max_rejected_share: Share,
    /// Days from the last day of the file's period to the as-of date, above which the run ends before any call is made.
    pub period_age_max_days: i64,
    /// As the payroll writes them (trimmed, lower case) → the term of the field.
    pub pay_frequency_map: BTreeMap<String, PayFrequency>,
    pub employment_status_map: BTreeMap<String, EmploymentStatus>,
    pub rate_basis_map: BTreeMap<String, RateBasis>,
    pub run_type_map: BTreeMap<String, RunType>,
    pub tax_treatment_map: BTreeMap<String, TaxTreatment>,
    /// Basis of `base_salary` where no column says.
    pub rate_basis: RateBasis,
    /// What the salary of a part-timer is; `None`: nobody says.
    pub part_time_pay: Option<PartTimePay>,
    /// Pay groups whose people this payroll is for; empty: those that the file holds.
    pub pay_groups: BTreeSet<String>,
    /// Legal entities whose people this payroll is for, as Benifex names them; empty: those that the file holds.
    pub legal_entities: BTreeSet<String>,
    /// Further files of the same payroll: other pay groups or companies, each with its own layout.
    pub others: Vec<Payroll>,
}

impl Payroll {
    /// How the file becomes rows of cells.
    pub fn format(&self) -> FileFormat {
        FileFormat {
            encoding: self.encoding,
            delimiter: self.delimiter,
            sheet: self.table.sheet.clone(),
            decimal_mark: self.marks.decimal,
        }
    }

    /// Whether every file of the payroll has a column; what one of them lacks is not known of its people.
    pub fn all_map(&self, column: fn(&PayrollColumns) -> &Option<String>) -> bool {
        std::iter::once(self).chain(&self.others).all(|file| column(&file.columns).is_some())
    }

    /// Whether some file of the payroll gives employer amounts of this code.
    pub fn has_employer_amounts(&self, code: &str) -> bool {
        let gives =
            |file: &Payroll| file.layout.has_employer_amounts(code) || file.amounts.employer_codes.contains(code);
        gives(self) || self.others.iter().any(gives)
    }
}

/// Headers of the payroll file by canonical column (rules.md 0). Only `employee_id` must be there.
#[derive(Clone, Debug, Default)]
pub struct PayrollColumns {
    pub employee_id: String,
    pub legal_entity: Option<String>,
    pub pay_group: Option<String>,
    pub run_type: Option<String>,
    pub period_start: Option<String>,
    pub period_end: Option<String>,
    pub pay_date: Option<String>,
    pub currency: Option<String>,
    /// One column of pay, or one of pay a year and one of pay an hour.
    pub base_salary: Option<String>,
    pub annual_pay: Option<String>,
    pub hourly_pay: Option<String>,
    pub rate_basis: Option<String>,
    pub salary_effective: Option<String>,
    pub pay_frequency: Option<String>,
    pub hours: Option<String>,
    pub fte: Option<String>,
    /// What the run paid, before and after taxes and deductions.
    pub gross_pay: Option<String>,
    pub net_pay: Option<String>,
    /// Of the run; `hours` are those of a contract.
    pub hours_worked: Option<String>,
    pub leave_hours: Option<String>,
    pub employment_status: Option<String>,
    pub hire_date: Option<String>,
    pub term_date: Option<String>,
    /// Either a first and a last name, or one full name in `last_name`.
    pub first_name: Option<String>,
    pub last_name: Option<String>,
    pub dob: Option<String>,
    /// Personal rather than of work: benefits can outlast the job.
    pub email: Option<String>,
    /// Social security number: read only when a new hire goes out with it, and never kept.
    pub nat_id: Option<String>,
    pub addr_line1: Option<String>,
    pub addr_line2: Option<String>,
    pub city: Option<String>,
    pub state: Option<String>,
    pub zip: Option<String>,
    pub country: Option<String>,
}

/// How deductions stand in the payroll export.
#[derive(Clone, Debug)]
pub enum DeductionLayout {
    /// One line an employee; a column pair a deduction code.
    Wide(Vec<WideDeduction>),
    /// One line an employee; groups of a code and its amounts beside each other.
    Groups(Vec<DeductionGroup>),
    /// One line an employee and code.
    Long {
        /// `None`: in the payroll file itself, whose person columns then repeat on each line.
        file: Option<PathBuf>,
        employee_id: String,
        code: String,
        employee_amount: String,
        employer_amount: Option<String>,
        currency: Option<String>,
        details: Box<DetailColumns>,
    },
}

#[derive(Clone, Debug, PartialEq, Eq)]
pub struct WideDeduction {
    pub code: String,
    /// Absent: the employer alone pays. One of the two is there.
    pub employee_column: Option<String>,
    pub employer_column: Option<String>,
    pub details: DetailColumns,
}

/// One of several groups of columns in a row, each with a code and its amounts.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct DeductionGroup {
    pub code_column: String,
    pub employee_column: String,
    pub employer_column: Option<String>,
    pub details: DetailColumns,
}

/// Headers of columns about a deduction that hold no amount of the period. No rule reads them.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct DetailColumns {
    pub employee_year_to_date: Option<String>,
    pub employer_year_to_date: Option<String>,
    /// What is owed from earlier pays.
    pub arrears_balance: Option<String>,
    pub tax_treatment: Option<String>,
}

impl DetailColumns {
    /// The headers that are named.
    pub fn headers(&self) -> impl Iterator<Item = &str> {
        let DetailColumns { employee_year_to_date, employer_year_to_date, arrears_balance, tax_treatment } = self;
        [employee_year_to_date, employer_year_to_date, arrears_balance, tax_treatment]
            .into_iter()
            .filter_map(Option::as_deref)
    }
}

impl DeductionLayout {
    /// Headers of what stands beside the amounts.
    pub fn detail_headers(&self) -> Vec<&str> {
        match self {
            DeductionLayout::Wide(deductions) => deductions.iter().flat_map(|d| d.details.headers()).collect(),
            DeductionLayout::Groups(groups) => groups.iter().flat_map(|group| group.details.headers()).collect(),
            DeductionLayout::Long { details, .. } => details.headers().collect(),
        }
    }

    /// Whether a column gives employer amounts of this code.
    pub fn has_employer_amounts(&self, code: &str) -> bool {
        match self {
            DeductionLayout::Wide(columns) => columns.iter().any(|c| c.code == code && c.employer_column.is_some()),
            DeductionLayout::Groups(groups) => groups.iter().any(|group| group.employer_column.is_some()),
            DeductionLayout::Long { employer_amount, .. } => employer_amount.is_some(),
        }
    }
}

/// Period, pay date and cut-off of the payroll file.
#[derive(Clone, Debug, Default)]
pub struct Period {
    /// For files without period columns.
    pub start: Option<NaiveDate>,
    pub end: Option<NaiveDate>,
    pub pay_date: Option<NaiveDate>,
    /// Days from the period's end to the payroll's cut-off; negative before it. Elections changed after the cut-off
    /// belong to the next period (TM07).
    pub cutoff_days: i64,
}

/// Which payroll code is which benefit, and how often it is taken.
#[derive(Clone, Debug, Default)]
pub struct Deductions {
    /// Payroll code → Benifex benefit key, or the name of several in [`Deductions::shared`].
    pub benefit_by_code: BTreeMap<String, String>,
    /// Benefit key → the name of the benefits that are deducted together with it, under one code.
    pub shared: BTreeMap<String, String>,
    /// Codes of salary sacrifice: what the employee gives up and what the employer pays are one amount, on either side.
    pub sacrifice_codes: BTreeSet<String>,
    /// Codes whose several lines for one employee belong together and are added (ID04).
    pub split_codes: BTreeSet<String>,
    /// Payroll codes that are no benefits, with the reason (EN13).
    pub ignored_codes: BTreeMap<String, String>,
    /// Benefit keys that payroll never deducts, with the reason (EN13).
    pub ignored_benefits: BTreeMap<String, String>,
    /// Deductions a year; the most specific entry wins: pay group and benefit, pay group, benefit.
    pub per_year: Vec<DeductionsPerYear>,
}

impl Deductions {
    /// The benefits that have a code.
    pub fn benefits(&self) -> impl Iterator<Item = &str> {
        let alone = self.benefit_by_code.values().filter(|name| !self.shared.values().any(|shared| shared == *name));
        alone.chain(self.shared.keys()).map(String::as_str)
    }

    /// The name under which a benefit is deducted: its own, or that of all that share its code.
    pub fn deducted_as<'d>(&'d self, benefit: &'d str) -> &'d str {
        self.shared.get(benefit).map_or(benefit, String::as_str)
    }
}

#[derive(Clone, Debug, PartialEq, Eq)]
pub struct DeductionsPerYear {
    pub pay_group: Option<String>,
    pub benefit: Option<String>,
    pub per_year: u32,
}
