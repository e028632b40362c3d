//! How a payroll file is laid out, and which of its codes are which benefits.

use std::collections::{BTreeMap, BTreeSet};
use std::path::PathBuf;

use chrono::NaiveDate;
use serde::Deserialize;
use tieout_model::dates::DateLayout;
use tieout_model::money::{Currency, Marks};
use tieout_model::placeholder::PlaceholderDates;
use tieout_model::terms::{EmploymentStatus, PayFrequency, RateBasis};

/// Where payroll comes from and how its file is laid out.
#[derive(Clone, Debug)]
pub struct Payroll {
    /// A path, or a pattern with `*` in the file name that picks the newest: by pay period, then change time.
    pub file: PathBuf,
    pub encoding: Encoding,
    pub delimiter: u8,
    pub marks: Marks,
    pub dates: DateLayout,
    /// Dates that mean "none".
    pub placeholder_dates: PlaceholderDates,
    pub columns: PayrollColumns,
    pub layout: DeductionLayout,
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
    /// Share of rejected rows, in 1/10,000, above which the run ends before any call is made.
    pub max_rejected_share: u32,
    /// Days from the last day of the file's period to the as-of date, above which the run ends before any call is made.
    pub period_age_max_days: i64,
    /// As the payroll writes them (trimmed, lower case) → the term of the field.
    pub pay_frequency_map: BTreeMap<String, PayFrequency>,
    pub employment_status_map: BTreeMap<String, EmploymentStatus>,
    pub rate_basis_map: BTreeMap<String, RateBasis>,
    /// Basis of `base_salary` where no column says.
    pub rate_basis: RateBasis,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, Deserialize)]
pub enum Encoding {
    /// With or without a byte order mark.
    #[serde(rename = "utf-8")]
    Utf8,
    #[serde(rename = "windows-1252")]
    Windows1252,
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
    pub base_salary: Option<String>,
    pub rate_basis: Option<String>,
    pub salary_effective: Option<String>,
    pub pay_frequency: Option<String>,
    pub hours: Option<String>,
    pub fte: Option<String>,
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
    /// One line an employee and code.
    Long {
        /// `None`: in the payroll file itself, whose person columns then repeat on each line.
        file: Option<PathBuf>,
        employee_id: String,
        code: String,
        employee_amount: String,
        employer_amount: Option<String>,
        currency: Option<String>,
    },
}

#[derive(Clone, Debug, PartialEq, Eq)]
pub struct WideDeduction {
    pub code: String,
    pub employee_column: String,
    pub employer_column: Option<String>,
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
    /// Payroll code → Benifex benefit key.
    pub benefit_by_code: BTreeMap<String, String>,
    /// Codes whose several lines for one employee belong together and are added (ID04).
    pub split_codes: BTreeSet<String>,
    /// Payroll codes that are no benefits, with the reason (EN13).
    pub ignored_codes: BTreeMap<String, String>,
    /// Benefit keys that payroll never deducts, with the reason (EN13).
    pub ignored_benefits: BTreeMap<String, String>,
    /// Deductions a year; the most specific entry wins: pay group and benefit, pay group, benefit.
    pub per_year: Vec<DeductionsPerYear>,
}

#[derive(Clone, Debug, PartialEq, Eq)]
pub struct DeductionsPerYear {
    pub pay_group: Option<String>,
    pub benefit: Option<String>,
    pub per_year: u32,
}
