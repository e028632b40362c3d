//! The valid job: every value checked and ready to use. What a person wrote is `raw`; `validate` turns one into the
//! other or lists every problem at once. Nothing past this folder sees the raw form.

mod approval;
mod date_layout;
mod key;
mod once;
mod policy;
mod problems;
mod raw;
mod read;
mod sections;
mod table;
#[cfg(test)]
mod tests;
mod text;
mod validate;
mod validate_deductions;
mod validate_http;
mod validate_payroll;
mod validate_push;
mod validate_rules;
mod validate_services;

use std::collections::{BTreeMap, BTreeSet};
use std::path::PathBuf;
use std::time::Duration;

use chrono::{DateTime, NaiveDate, Utc};
use serde::Deserialize;

pub use approval::{Approval, Approver, same_person};
pub use once::{NewHires, Terminations, VariableHours};
pub use problems::{JobError, Problem};
pub use read::{load, parse};

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

/// The Benifex connection and the unknowns of its contract (contracts, section 1.3).
#[derive(Clone, Debug)]
pub struct Benifex {
    pub base_url: String,
    pub token_url: String,
    pub client_id: SecretRef,
    pub client_secret: SecretRef,
    pub scope: Option<String>,
    /// `""` or `/v2`.
    pub benefits_prefix: String,
    pub employee_ids_style: EmployeeIdsStyle,
    pub users_batch: usize,
    pub page_size: usize,
    pub first_page: u32,
    pub http: HttpLimits,
    /// Benefit status as the service writes it (trimmed, lower case) → its class.
    pub benefit_status: BTreeMap<String, BenefitStatus>,
    /// Accepted `datesFormat` texts → the layout; others leave the field not comparable.
    pub date_layouts: BTreeMap<String, DateLayout>,
    /// Salary currency by pay group, then by country of work, in upper case (CU02).
    pub salary_currency_by_pay_group: BTreeMap<String, Currency>,
    pub salary_currency_by_country: BTreeMap<String, Currency>,
    /// The service states no basis of a salary; by pay group, else `salary_basis` (CO06).
    pub salary_basis_by_pay_group: BTreeMap<String, RateBasis>,
    pub salary_basis: RateBasis,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum EmployeeIdsStyle {
    Comma,
    Repeat,
}

/// Limits of one service and credential. Windows: at most `calls` in any `per`, as the server sees it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct HttpLimits {
    pub windows: Vec<RateWindow>,
    pub concurrency: usize,
    pub connect_timeout: Duration,
    pub read_timeout: Duration,
    pub total_timeout: Duration,
    pub body_bytes_max: usize,
    /// Sends of one call, the first included.
    pub attempts_max: u32,
    /// Time that one call may take with all its waits.
    pub retry_time_max: Duration,
    /// Retries that the whole run may spend.
    pub retry_budget: u32,
    /// A certificate authority beside those of the system, PEM.
    pub ca_file: Option<PathBuf>,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct RateWindow {
    pub calls: usize,
    pub per: Duration,
}

/// A secret by reference; the value never stands in a job file.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum SecretRef {
    Env(String),
    /// Relative paths resolve in `$CREDENTIALS_DIRECTORY` when it is set.
    File(PathBuf),
    /// The sandbox's own, well-known, worthless credential; only for jobs with `[sandbox]`.
    Sandbox,
}

#[derive(Clone, Debug)]
pub struct Benbase {
    pub base_url: String,
    pub api_key: SecretRef,
    pub employer_id: String,
    /// As new hires carry it.
    pub employer_name: Option<String>,
    /// ISO country codes (as payroll writes them, upper case) of the people that Benbase covers.
    pub countries: BTreeSet<String>,
    /// What Benbase held before the first push, one JSON object a line, in the shape of
    /// `world/benbase/employees.ndjson`: the opening balance of the ledger (the service has no read).
    pub opening_ledger: Option<PathBuf>,
    /// Header that carries the key of a change, which is the same whenever the same change is sent. `None`: the service
    /// documents no such header, so none is sent.
    pub idempotency_header: Option<String>,
    pub http: HttpLimits,
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

/// How approved corrections are sent, and what stops them.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Push {
    pub retry_uncertain: RetryUncertain,
    /// The first item of a batch goes alone, and nothing follows unless it is accepted.
    pub canary: bool,
    /// A batch stops after so many items in a row that were not accepted.
    pub consecutive_failures_max: u32,
    /// Items that may be sent on one day of the job's zone.
    pub daily_items_max: u32,
    /// Sum of the yearly pay differences, each without its sign, that may be sent on one day, a currency; `None`: any.
    pub daily_yearly_difference_max: Option<Money>,
    /// Days after which an approval no longer counts.
    pub stale_after_days: i64,
}

/// Which items in doubt are sent again without a person.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum RetryUncertain {
    Never,
    /// Those that set a state, so that a second time changes nothing: all but new hires, which are never sent again.
    StateSettingOnly,
}

#[derive(Clone, Debug)]
pub struct ReportSettings {
    pub dir: PathBuf,
    /// A byte order mark before each CSV, so that Excel reads UTF-8.
    pub bom: bool,
    /// Findings from this severity on make exit code 1; `None`: never.
    pub alarm_at: Option<Severity>,
}

/// Services in process, for the demo and tests.
#[derive(Clone, Debug)]
pub struct Sandbox {
    pub world: PathBuf,
    /// A world of the past: imported as the snapshot taken on the cut-off day when the job has no snapshot yet.
    pub baseline: Option<PathBuf>,
    /// Fault specification, see `sandbox::faults`.
    pub faults: Option<String>,
    /// The window that the sandbox enforces on Benifex.
    pub limit: RateWindow,
    /// Delay of each answer.
    pub latency: Duration,
    /// What a run takes for now. A recorded world has a time of its own: with a clock, the same world gives the same
    /// report, byte for byte, on any day. `None`: the machine's clock.
    pub clock: Option<DateTime<Utc>>,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum PayFrequency {
    Weekly,
    Biweekly,
    Semimonthly,
    Monthly,
}

impl PayFrequency {
    /// Pays a year; the values of Benifex `payPeriods` that Benbase can express (CO03).
    pub fn per_year(self) -> u32 {
        match self {
            PayFrequency::Weekly => 52,
            PayFrequency::Biweekly => 26,
            PayFrequency::Semimonthly => 24,
            PayFrequency::Monthly => 12,
        }
    }

    /// As Benbase spells it.
    pub fn name(self) -> &'static str {
        match self {
            PayFrequency::Weekly => "weekly",
            PayFrequency::Biweekly => "biweekly",
            PayFrequency::Semimonthly => "semimonthly",
            PayFrequency::Monthly => "monthly",
        }
    }
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum EmploymentStatus {
    FullTime,
    PartTime,
    VariableHours,
}

impl EmploymentStatus {
    /// As Benbase spells it.
    pub fn name(self) -> &'static str {
        match self {
            EmploymentStatus::FullTime => "full_time",
            EmploymentStatus::PartTime => "part_time",
            EmploymentStatus::VariableHours => "variable_hours",
        }
    }
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum RateBasis {
    Annually,
    Hourly,
}

impl RateBasis {
    /// As Benbase spells it.
    pub fn name(self) -> &'static str {
        match self {
            RateBasis::Annually => "annually",
            RateBasis::Hourly => "hourly",
        }
    }
}

/// Class of a Benifex benefit status.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum BenefitStatus {
    /// Cover is in force; deductions are due.
    Live,
    /// Chosen, not yet in force.
    Pending,
    /// Over or declined.
    Ended,
}

impl BenefitStatus {
    pub fn name(self) -> &'static str {
        match self {
            BenefitStatus::Live => "live",
            BenefitStatus::Pending => "pending",
            BenefitStatus::Ended => "ended",
        }
    }
}
