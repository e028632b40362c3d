//! The section `[payroll]` as written.

use chrono::NaiveDate;
use serde::Deserialize;

use super::raw::{MapTo, Text};
use super::table::{table, tables};
use super::text::{OneChar, Quoted};
use tieout_model::money::Currency;
use tieout_model::share::Share;
use tieout_model::terms::{EmploymentStatus, PartTimePay, PayFrequency, RateBasis, RunType, TaxTreatment};
use tieout_payroll::settings::Encoding;

#[derive(Clone, Debug, Default, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct RawPayroll {
    pub file: Option<Text>,
    /// Further layout, each file on top of this section.
    #[serde(deserialize_with = "tables")]
    pub files: Option<Vec<RawPayroll>>,
    pub encoding: Option<Encoding>,
    pub delimiter: Option<OneChar>,
    pub sheet: Option<RawSheet>,
    pub header_row: Option<u64>,
    pub header_levels: Option<u32>,
    pub short_rows: Option<bool>,
    pub skip_rows: Option<Vec<Text>>,
    #[serde(deserialize_with = "table")]
    pub record_type: Option<RawRecordType>,
    pub fill_down: Option<Vec<Text>>,
    pub employee_row: Option<Text>,
    #[serde(deserialize_with = "table")]
    pub several_rows: Option<RawSeveralRows>,
    pub decimal_mark: Option<OneChar>,
    /// `""`: none.
    pub thousands_mark: Option<String>,
    pub dates: Option<Text>,
    pub two_digit_years_from: Option<u32>,
    pub date_serials: Option<u32>,
    pub none_words: Option<Vec<Text>>,
    pub zero_words: Option<Vec<Text>>,
    pub negative_words: Option<Vec<Text>>,
    pub positive_words: Option<Vec<Text>>,
    pub id_digits: Option<usize>,
    #[serde(deserialize_with = "table")]
    pub columns: Option<RawColumns>,
    #[serde(deserialize_with = "tables")]
    pub wide: Option<Vec<RawWideDeduction>>,
    #[serde(deserialize_with = "tables")]
    pub groups: Option<Vec<RawGroup>>,
    #[serde(deserialize_with = "table")]
    pub long: Option<RawLong>,
    #[serde(deserialize_with = "table")]
    pub period: Option<RawPeriod>,
    pub currency: Option<Quoted<Currency>>,
    pub currency_by_pay_group: MapTo<Quoted<Currency>>,
    pub fold_id_case: Option<bool>,
    pub totals_row: Option<Text>,
    pub control_file: Option<Text>,
    pub max_rejected_share: Option<Quoted<Share>>,
    pub period_age_max_days: Option<i64>,
    pub pay_frequency_map: MapTo<PayFrequency>,
    pub employment_status_map: MapTo<EmploymentStatus>,
    pub rate_basis_map: MapTo<RateBasis>,
    pub rate_basis: Option<RateBasis>,
    pub part_time_pay: Option<PartTimePay>,
    pub pay_groups: Option<Vec<Text>>,
    pub legal_entities: Option<Vec<Text>>,
    pub run_type_map: MapTo<RunType>,
    pub tax_treatment_map: MapTo<TaxTreatment>,
    pub employee_sign: Option<RawSign>,
    pub employer_sign: Option<RawSign>,
    pub employer_codes: Option<Vec<Text>>,
    pub zero_is_a_line: Option<bool>,
}

impl RawPayroll {
    /// One of several files: what it does not say is said by the section. Of the ways in which deductions stand in a
    /// file it has its own or the section's.
    pub fn over(self, section: &RawPayroll) -> RawPayroll {
        let nothing = RawPayroll::default();
        let has_layout = self.wide.is_some() || self.long.is_some() || self.groups.is_some();
        let layout = if has_layout { &nothing } else { section };
        RawPayroll {
            file: self.file.or_else(|| section.file.clone()),
            files: None,
            encoding: self.encoding.or(section.encoding),
            delimiter: self.delimiter.or(section.delimiter),
            sheet: self.sheet.or_else(|| section.sheet.clone()),
            header_row: self.header_row.or(section.header_row),
            header_levels: self.header_levels.or(section.header_levels),
            short_rows: self.short_rows.or(section.short_rows),
            skip_rows: self.skip_rows.or_else(|| section.skip_rows.clone()),
            record_type: self.record_type.or_else(|| section.record_type.clone()),
            fill_down: self.fill_down.or_else(|| section.fill_down.clone()),
            employee_row: self.employee_row.or_else(|| section.employee_row.clone()),
            several_rows: self.several_rows.or_else(|| section.several_rows.clone()),
            decimal_mark: self.decimal_mark.or(section.decimal_mark),
            thousands_mark: self.thousands_mark.or_else(|| section.thousands_mark.clone()),
            dates: self.dates.or_else(|| section.dates.clone()),
            two_digit_years_from: self.two_digit_years_from.or(section.two_digit_years_from),
            date_serials: self.date_serials.or(section.date_serials),
            none_words: self.none_words.or_else(|| section.none_words.clone()),
            zero_words: self.zero_words.or_else(|| section.zero_words.clone()),
            negative_words: self.negative_words.or_else(|| section.negative_words.clone()),
            positive_words: self.positive_words.or_else(|| section.positive_words.clone()),
            id_digits: self.id_digits.or(section.id_digits),
            columns: self.columns.or_else(|| section.columns.clone()),
            wide: self.wide.or_else(|| layout.wide.clone()),
            groups: self.groups.or_else(|| layout.groups.clone()),
            long: self.long.or_else(|| layout.long.clone()),
            period: self.period.or_else(|| section.period.clone()),
            currency: self.currency.or_else(|| section.currency.clone()),
            currency_by_pay_group: self.currency_by_pay_group.or_else(|| section.currency_by_pay_group.clone()),
            fold_id_case: self.fold_id_case.or(section.fold_id_case),
            totals_row: self.totals_row.or_else(|| section.totals_row.clone()),
            control_file: self.control_file.or_else(|| section.control_file.clone()),
            max_rejected_share: self.max_rejected_share.or_else(|| section.max_rejected_share.clone()),
            period_age_max_days: self.period_age_max_days.or(section.period_age_max_days),
            pay_frequency_map: self.pay_frequency_map.or_else(|| section.pay_frequency_map.clone()),
            employment_status_map: self.employment_status_map.or_else(|| section.employment_status_map.clone()),
            rate_basis_map: self.rate_basis_map.or_else(|| section.rate_basis_map.clone()),
            rate_basis: self.rate_basis.or(section.rate_basis),
            part_time_pay: self.part_time_pay.or(section.part_time_pay),
            pay_groups: self.pay_groups.or_else(|| section.pay_groups.clone()),
            legal_entities: self.legal_entities.or_else(|| section.legal_entities.clone()),
            tax_treatment_map: self.tax_treatment_map.or_else(|| section.tax_treatment_map.clone()),
            run_type_map: self.run_type_map.or_else(|| section.run_type_map.clone()),
            employee_sign: self.employee_sign.or(section.employee_sign),
            employer_sign: self.employer_sign.or(section.employer_sign),
            employer_codes: self.employer_codes.or_else(|| section.employer_codes.clone()),
            zero_is_a_line: self.zero_is_a_line.or(section.zero_is_a_line),
        }
    }
}

/// The name of a sheet, or its number.
#[derive(Clone, Debug, Deserialize)]
#[serde(untagged, expecting = "the name of a sheet in quotes, or its number")]
pub enum RawSheet {
    Number(u32),
    Name(String),
}

#[derive(Clone, Copy, Debug, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum RawSign {
    Positive,
    Negative,
}

#[derive(Clone, Debug, Default, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct RawRecordType {
    pub column: Option<Text>,
    pub take: Option<Vec<Text>>,
    pub employer: Option<Vec<Text>>,
    pub person: Option<Vec<Text>>,
    pub leave: Option<Vec<Text>>,
}

#[derive(Clone, Debug, Default, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct RawSeveralRows {
    pub home_column: Option<Text>,
    pub home_words: Option<Vec<Text>>,
    pub sum: Option<Vec<RawSummed>>,
}

#[derive(Clone, Copy, Debug, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum RawSummed {
    Hours,
    Fte,
    BaseSalary,
}

#[derive(Clone, Debug, Default, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct RawGroup {
    pub code: Option<Text>,
    pub employee: Option<Text>,
    pub employer: Option<Text>,
    pub employee_year_to_date: Option<Text>,
    pub employer_year_to_date: Option<Text>,
    pub arrears_balance: Option<Text>,
    pub tax_treatment: Option<Text>,
}

#[derive(Clone, Debug, Default, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct RawColumns {
    pub employee_id: Option<Text>,
    pub legal_entity: Option<Text>,
    pub pay_group: Option<Text>,
    pub run_type: Option<Text>,
    pub period_start: Option<Text>,
    pub period_end: Option<Text>,
    pub pay_date: Option<Text>,
    pub currency: Option<Text>,
    pub base_salary: Option<Text>,
    pub annual_pay: Option<Text>,
    pub hourly_pay: Option<Text>,
    pub rate_basis: Option<Text>,
    pub salary_effective: Option<Text>,
    pub pay_frequency: Option<Text>,
    pub hours: Option<Text>,
    pub fte: Option<Text>,
    pub gross_pay: Option<Text>,
    pub net_pay: Option<Text>,
    pub hours_worked: Option<Text>,
    pub leave_hours: Option<Text>,
    pub employment_status: Option<Text>,
    pub hire_date: Option<Text>,
    pub term_date: Option<Text>,
    pub first_name: Option<Text>,
    pub last_name: Option<Text>,
    pub dob: Option<Text>,
    pub email: Option<Text>,
    pub nat_id: Option<Text>,
    pub addr_line1: Option<Text>,
    pub addr_line2: Option<Text>,
    pub city: Option<Text>,
    pub state: Option<Text>,
    pub zip: Option<Text>,
    pub country: Option<Text>,
}

#[derive(Clone, Debug, Default, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct RawWideDeduction {
    pub code: Option<Text>,
    pub employee: Option<Text>,
    pub employer: Option<Text>,
    pub employee_year_to_date: Option<Text>,
    pub employer_year_to_date: Option<Text>,
    pub arrears_balance: Option<Text>,
    pub tax_treatment: Option<Text>,
}

#[derive(Clone, Debug, Default, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct RawLong {
    pub file: Option<Text>,
    pub employee_id: Option<Text>,
    pub code: Option<Text>,
    pub employee_amount: Option<Text>,
    pub employer_amount: Option<Text>,
    pub currency: Option<Text>,
    pub employee_year_to_date: Option<Text>,
    pub employer_year_to_date: Option<Text>,
    pub arrears_balance: Option<Text>,
    pub tax_treatment: Option<Text>,
}

#[derive(Clone, Debug, Default, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct RawPeriod {
    pub start: Option<Quoted<NaiveDate>>,
    pub end: Option<Quoted<NaiveDate>>,
    pub pay_date: Option<Quoted<NaiveDate>>,
    pub cutoff_days: Option<i64>,
}
