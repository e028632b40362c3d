//! The valid job: every value checked and ready to use. What a person wrote is `raw`; `validate` turns one into the
//! other or lists every problem at once. Nothing past this folder sees the raw form.

mod approval;
mod connections;
mod date_layout;
mod key;
mod once;
mod oyster;
mod policy;
mod problems;
mod push;
mod raw;
mod raw_oyster;
mod read;
mod sections;
mod table;
mod terms;
#[cfg(test)]
mod tests;
mod text;
mod validate;
mod validate_deductions;
mod validate_http;
mod validate_oyster;
mod validate_payroll;
mod validate_push;
mod validate_rules;
mod validate_services;

use std::collections::{BTreeMap, BTreeSet};
use std::path::PathBuf;

use chrono::NaiveDate;
use serde::Deserialize;

pub use approval::{Approval, Approver, same_person};
pub use connections::{Benbase, Benifex, EmployeeIdsStyle, HttpLimits, RateWindow, Sandbox, SecretRef};
pub use once::{NewHires, Terminations, VariableHours};
pub use oyster::{Oyster, OysterAuth, OysterPaths, OysterUnits, OysterWrites, PricePeriod, ShareUnit};
pub use problems::{JobError, Problem};
pub use push::{Push, RetryUncertain};
pub use read::{load, parse};
pub use terms::{BenefitStatus, EmploymentStatus, PayFrequency, RateBasis};

use crate::finding::Severity;
use crate::money::{Currency, Marks, Money};

/// One employer's nightly reconciliation. Paths stand as written; relative ones count from the working directory.
#[derive(Clone, Debug)]
pub struct Job {
    /// Short name: names the state and report folders; letters, digits, `-` and `_`.
    pub name: String,
    /// The zone of "today" and of dates that services give without one.
    pub zone: chrono_tz::Tz,
    pub payroll: Payroll,
    pub deductions: Deductions,
    pub benifex: Benifex,
    /// `None`: nobody of this job is employed through Oyster.
    pub oyster: Option<Oyster>,
    /// `None`: no Benbase corrections are derived for this job.
    pub benbase: Option<Benbase>,
    pub crosswalk: Option<Crosswalk>,
    pub rules: Rules,
    pub guards: Guards,
    /// Who may approve corrections; nobody unless the job says so.
    pub approval: Approval,
    pub push: Push,
    pub new_hires: NewHires,
    pub terminations: Terminations,
    pub report: ReportSettings,
    /// Folder of the SQLite database, the lock and the snapshots.
    pub state_dir: PathBuf,
    /// `Some`: the services are served in process from a recorded world instead of the network. URLs are then empty and
    /// credentials [`SecretRef::Sandbox`], whatever the job file says: a sandbox run reaches no real service.
    pub sandbox: Option<Sandbox>,
    /// SHA-256 of the job file's bytes, lower-case hex.
    pub fingerprint: String,
}

/// Where payroll comes from and how its file is laid out.
#[derive(Clone, Debug)]
pub struct Payroll {
    /// A path, or a pattern with `*` in the file name that picks the newest (by name order, then change time).
    pub file: PathBuf,
    pub encoding: Encoding,
    pub delimiter: u8,
    pub marks: Marks,
    pub dates: DateLayout,
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

/// The order and marks of a date in the payroll file, e.g. `yyyy-MM-dd`, `MM/dd/yyyy`, `d MMMM yyyy`.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct DateLayout {
    /// As the job writes it.
    pub written: String,
    /// The same for chrono's parser.
    pub strftime: String,
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

/// Employee id → ids of the other services. CSV with the headers `employee_id,benbase_id,oyster_engagement_id`.
#[derive(Clone, Debug)]
pub struct Crosswalk {
    pub file: PathBuf,
}

/// Tolerances, materiality and authorities of the rules.
#[derive(Clone, Debug)]
pub struct Rules {
    /// Which source is right about pay.
    pub compensation_authority: Authority,
    /// Overrides the derived rounding tolerance of one period (1 + 6/D minor units), in minor units.
    pub amount_tolerance_minor_units: Option<u32>,
    /// CO01: the greater of the two.
    pub salary_tolerance: Money,
    /// CO01, in 1/1,000,000 of the greater salary.
    pub salary_tolerance_ppm: u32,
    /// A variance is material from this amount a period on…
    pub material_amount: Money,
    /// …or from this share of the expected amount on, in 1/10,000.
    pub material_share: u32,
    /// Days since hire during which a person may be missing in the other system (ID01, ID02).
    pub new_hire_grace_days: i64,
    /// When cover ends after a leave date.
    pub coverage_end: CoverageEnd,
    /// FTE from which somebody is full time (CO04), in 1/10,000.
    pub full_time_from_fte: i64,
    /// DE04: similarity, in 1/10,000, from which two names count as the same.
    pub name_similarity: u32,
    /// DE07: days by which two leave dates may differ.
    pub leave_date_tolerance_days: i64,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Authority {
    Payroll,
    Benifex,
}

/// When cover ends for a leaver (EN04, EN05).
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum CoverageEnd {
    LeaveDate,
    EndOfMonth,
    DaysAfter(i64),
}

/// What stops the queue (never the report). Shares in 1/10,000.
#[derive(Clone, Debug)]
pub struct Guards {
    /// Headcount may move this far against the last good run.
    pub population_change_max: u32,
    /// Deduction totals, by benefit and currency, may move this far against the last good run.
    pub total_change_max: u32,
    /// Share of employees who would be corrected.
    pub corrected_share_max: u32,
    /// Any one salary may move this far, up or down.
    pub salary_change_max: u32,
    /// Below this headcount the share guards do not apply: one of ten people is 10 %.
    pub headcount_min: u32,
}

#[derive(Clone, Debug)]
pub struct ReportSettings {
    pub dir: PathBuf,
    /// A byte order mark before each CSV, so that Excel reads UTF-8.
    pub bom: bool,
    /// Findings from this severity on make exit code 1; `None`: never.
    pub alarm_at: Option<Severity>,
}
