//! The job file as written: one struct a table, every key optional, unknown keys refused. A single value that cannot be
//! what its key needs is refused here (`text`); what a missing key means and what must agree with what is `validate`.

use std::collections::BTreeMap;
use std::time::Duration;

use chrono::{DateTime, Utc};
use serde::Deserialize;

use super::RetryUncertain;
use super::approval::RawApproval;
use super::raw_oyster::RawOyster;
use super::raw_payroll::RawPayroll;
use super::schemes::RawScheme;
use super::starters_leavers::{RawNewHires, RawTerminations};
use super::table::{table, tables};
use super::text::{Fraction, OneChar, OneOrMore, Quoted, Reference};
use tieout_model::dates::DateLayout;
use tieout_model::finding::Severity;
use tieout_model::money::{Currency, Money};
use tieout_model::placeholder::WrittenDate;
use tieout_model::share::Share;
use tieout_model::terms::{Authority, BenefitStatus, PartTimePay, RateBasis};
use tieout_recon::settings::CoverageEnd;
use tieout_report::NameStyle;
use tieout_services::settings::EmployeeIdsStyle;

pub type Text = Quoted<String>;
/// Texts as the outside world writes them → ours.
pub type MapTo<T> = Option<BTreeMap<String, T>>;

#[derive(Debug, Default, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct RawJob {
    pub name: Option<Text>,
    pub zone: Option<Text>,
    pub state_dir: Option<Text>,
    pub limits_dir: Option<Text>,
    pub anchor: Option<Text>,
    pub placeholder_dates: Option<Vec<Quoted<WrittenDate>>>,
    #[serde(deserialize_with = "table")]
    pub payroll: Option<RawPayroll>,
    #[serde(deserialize_with = "table")]
    pub deductions: Option<RawDeductions>,
    #[serde(deserialize_with = "tables")]
    pub schemes: Option<Vec<RawScheme>>,
    #[serde(deserialize_with = "table")]
    pub benifex: Option<RawBenifex>,
    #[serde(deserialize_with = "table")]
    pub benbase: Option<RawBenbase>,
    #[serde(deserialize_with = "table")]
    pub oyster: Option<RawOyster>,
    #[serde(deserialize_with = "table")]
    pub crosswalk: Option<RawCrosswalk>,
    #[serde(deserialize_with = "table")]
    pub rules: Option<RawRules>,
    #[serde(deserialize_with = "table")]
    pub guards: Option<RawGuards>,
    #[serde(deserialize_with = "table")]
    pub approval: Option<RawApproval>,
    #[serde(deserialize_with = "table")]
    pub push: Option<RawPush>,
    #[serde(deserialize_with = "table")]
    pub new_hires: Option<RawNewHires>,
    #[serde(deserialize_with = "table")]
    pub terminations: Option<RawTerminations>,
    #[serde(deserialize_with = "table")]
    pub report: Option<RawReport>,
    #[serde(deserialize_with = "table")]
    pub sandbox: Option<RawSandbox>,
}

#[derive(Debug, Default, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct RawDeductions {
    pub codes: MapTo<OneOrMore>,
    pub split_codes: Option<Vec<Text>>,
    pub sacrifice_codes: Option<Vec<Text>>,
    pub ignored_codes: MapTo<Text>,
    pub ignored_benefits: MapTo<Text>,
    #[serde(deserialize_with = "tables")]
    pub per_year: Option<Vec<RawPerYear>>,
}

#[derive(Debug, Default, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct RawPerYear {
    pub pay_group: Option<Text>,
    pub benefit: Option<Text>,
    pub deductions: Option<u32>,
}

#[derive(Debug, Default, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct RawBenifex {
    pub base_url: Option<Text>,
    pub token_url: Option<Text>,
    pub client_id: Option<Reference>,
    pub client_secret: Option<Reference>,
    pub scope: Option<Text>,
    /// `""`: none.
    pub benefits_prefix: Option<String>,
    pub employee_ids_style: Option<EmployeeIdsStyle>,
    pub users_batch: Option<usize>,
    pub page_size: Option<usize>,
    pub first_page: Option<u32>,
    #[serde(deserialize_with = "table")]
    pub http: Option<RawHttp>,
    pub benefit_status: MapTo<BenefitStatus>,
    pub date_layouts: MapTo<Quoted<DateLayout>>,
    pub salary_currency_by_pay_group: MapTo<Quoted<Currency>>,
    pub salary_currency_by_country: MapTo<Quoted<Currency>>,
    pub salary_basis_by_pay_group: MapTo<RateBasis>,
    pub salary_basis: Option<RateBasis>,
    pub part_time_pay: Option<PartTimePay>,
}

#[derive(Debug, Default, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct RawHttp {
    #[serde(deserialize_with = "tables")]
    pub windows: Option<Vec<RawWindow>>,
    pub concurrency: Option<usize>,
    pub connect_timeout: Option<Quoted<Duration>>,
    pub read_timeout: Option<Quoted<Duration>>,
    pub total_timeout: Option<Quoted<Duration>>,
    pub body_bytes_max: Option<usize>,
    pub attempts_max: Option<u32>,
    pub retry_time_max: Option<Quoted<Duration>>,
    pub retry_budget: Option<u32>,
    pub ca_file: Option<Text>,
}

#[derive(Debug, Default, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct RawWindow {
    pub calls: Option<usize>,
    pub per: Option<Quoted<Duration>>,
}

#[derive(Debug, Default, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct RawBenbase {
    pub base_url: Option<Text>,
    pub api_key: Option<Reference>,
    pub employer_id: Option<Text>,
    pub employer_name: Option<Text>,
    pub countries: Option<Vec<Text>>,
    pub opening_ledger: Option<Text>,
    /// `""`: none.
    pub idempotency_header: Option<String>,
    #[serde(deserialize_with = "table")]
    pub http: Option<RawHttp>,
}

#[derive(Debug, Default, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct RawCrosswalk {
    pub file: Option<Text>,
}

#[derive(Debug, Default, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct RawRules {
    pub compensation_authority: Option<Authority>,
    pub amount_tolerance_minor_units: Option<u32>,
    pub salary_tolerance: Option<Quoted<Money>>,
    pub salary_tolerance_ppm: Option<u32>,
    pub material_amount: Option<Quoted<Money>>,
    pub material_share: Option<Quoted<Share>>,
    pub new_hire_grace_days: Option<i64>,
    pub coverage_end: Option<Quoted<CoverageEnd>>,
    pub full_time_from_fte: Option<Quoted<Fraction>>,
    pub name_similarity: Option<Quoted<Fraction>>,
    pub leave_date_tolerance_days: Option<i64>,
}

#[derive(Debug, Default, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct RawGuards {
    pub population_change_max: Option<Quoted<Share>>,
    pub total_change_max: Option<Quoted<Share>>,
    pub corrected_share_max: Option<Quoted<Share>>,
    pub salary_change_max: Option<Quoted<Share>>,
    pub headcount_min: Option<u32>,
}

#[derive(Debug, Default, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct RawPush {
    pub retry_uncertain: Option<RetryUncertain>,
    pub canary: Option<bool>,
    pub consecutive_failures_max: Option<u32>,
    pub daily_items_max: Option<u32>,
    pub daily_yearly_difference_max: Option<Quoted<Money>>,
    pub stale_after_days: Option<i64>,
}

#[derive(Debug, Default, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct RawReport {
    pub dir: Option<Text>,
    pub bom: Option<bool>,
    pub profile: Option<CsvProfile>,
    #[serde(deserialize_with = "table")]
    pub csv: Option<RawCsv>,
    pub formats: Option<Vec<ReportFormat>>,
    pub names: Option<NameStyle>,
    pub alarm_at: Option<Quoted<Severity>>,
}

/// As what a report is written.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum ReportFormat {
    Csv,
    Xlsx,
    Html,
    Parquet,
}

#[derive(Debug, Default, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct RawCsv {
    pub delimiter: Option<OneChar>,
    pub decimal_mark: Option<OneChar>,
    pub bom: Option<bool>,
}

/// Whose habits the CSV files follow.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum CsvProfile {
    Plain,
    ExcelDe,
}

#[derive(Debug, Default, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct RawSandbox {
    pub world: Option<Text>,
    pub baseline: Option<Text>,
    /// `""`: none.
    pub faults: Option<String>,
    #[serde(deserialize_with = "table")]
    pub limit: Option<RawWindow>,
    pub latency: Option<Quoted<Duration>>,
    pub clock: Option<Quoted<DateTime<Utc>>>,
}
