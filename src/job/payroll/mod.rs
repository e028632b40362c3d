//! The section `[payroll]`: where payroll comes from. How its table, its cells, its columns and its deductions are laid
//! out have files of their own.

mod cells;
mod columns;
mod layout;
mod period;
mod table;
mod words;

use std::collections::BTreeMap;

pub use columns::RawColumns;
pub use layout::{RawGroup, RawLong, RawWideDeduction};
pub use period::RawPeriod;
pub use table::{RawRecordType, RawSeveralRows};

use serde::Deserialize;

use self::cells::{RawSign, amounts, cells, dates, delimiter, marks};
use self::columns::columns;
use self::layout::{amounts_once, layout};
use self::period::{PERIOD_DAYS_MAX, period, period_source};
use self::table::RawSheet;
use self::words::{STATUSES, TermWords};
use crate::job::problems::Problems;
use crate::job::text::checks::{MapTo, Text, map, path, text, trimmed, within};
use crate::job::text::key::Key;
use crate::job::text::table::{table, tables};
use crate::job::text::{OneChar, Quoted, shown};
use tieout_model::money::Currency;
use tieout_model::placeholder::PlaceholderDates;
use tieout_model::share::Share;
use tieout_model::terms::{EmploymentStatus, PartTimePay, PayFrequency, RateBasis, RunType, TaxTreatment};
use tieout_payroll::settings::{DeductionLayout, Encoding, Payroll, PayrollColumns};

/// 2 %, in 1/10,000.
const REJECTED_SHARE: Share = Share::of_ten_thousandths(200);
/// A monthly payroll, a month late.
const PERIOD_AGE_DAYS: i64 = 62;
/// Files of one payroll.
const FILES_MAX: usize = 50;

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

/// Where the keys of a payroll file stand: in its own table, or in the section that all files share.
#[derive(Clone, Debug)]
pub struct Keys {
    own: Key,
    section: Key,
}

impl Keys {
    fn of_section() -> Keys {
        Keys { own: Key::of("payroll"), section: Key::of("payroll") }
    }

    fn of_file(index: usize) -> Keys {
        Keys { own: Key::of("payroll").then("files").item(index), ..Keys::of_section() }
    }

    /// The key where it is written; in the own table where it is not.
    pub fn of(&self, name: &str, p: &Problems<'_>) -> Key {
        let (own, section) = (self.own.then(name), self.section.then(name));
        if !p.has(&own) && p.has(&section) { section } else { own }
    }

    /// The table itself.
    pub fn table(&self) -> &Key {
        &self.own
    }
}

/// Where payroll comes from and how its files are laid out.
pub fn payroll(mut raw: RawPayroll, placeholder_dates: &PlaceholderDates, p: &mut Problems<'_>) -> Option<Payroll> {
    let Some(files) = raw.files.take() else { return file(raw, &Keys::of_section(), placeholder_dates, p) };
    let key = Key::of("payroll").then("files");
    if raw.file.is_some() {
        p.at(&key, "expected payroll.file or payroll.files, found both");
    }
    if !(1..=FILES_MAX).contains(&files.len()) {
        p.at(&key, format!("expected 1 to {FILES_MAX} files, found {}", files.len()));
    }
    let files: Vec<Option<Payroll>> = files
        .into_iter()
        .enumerate()
        .map(|(i, of_file)| file(of_file.over(&raw), &Keys::of_file(i), placeholder_dates, p))
        .collect();
    let mut files = files.into_iter().collect::<Option<Vec<Payroll>>>()?.into_iter();
    let first = files.next()?;
    Some(Payroll { others: files.collect(), ..first })
}

/// One file, its keys put together.
fn file(raw: RawPayroll, keys: &Keys, placeholder_dates: &PlaceholderDates, p: &mut Problems<'_>) -> Option<Payroll> {
    let (table, cells, amounts) = (table::table(&raw, keys, p), cells(&raw, keys, p), amounts(&raw));
    let dates = dates(&raw, keys, p);
    let file_key = keys.of("file", p);
    let file = p.require(raw.file, &file_key, "a path, or a pattern such as `in/payroll_*.csv`");
    if let Some(Quoted(file)) = &file {
        pattern(file, &file_key, p);
    }
    let delimiter = delimiter(raw.delimiter, keys, p);
    let marks = marks(raw.decimal_mark, raw.thousands_mark, keys, p);
    let columns = match raw.columns {
        Some(raw) => columns(raw, keys, p),
        None => p.require(None, &keys.of("columns", p), "a section [payroll.columns]"),
    };
    let layout = layout(raw.wide, raw.groups, raw.long, keys, p);
    let period = period(raw.period.unwrap_or_default(), keys, p);
    if columns.is_some() {
        period_source(keys, p);
    }
    let by_pay_group = map(
        raw.currency_by_pay_group,
        [],
        trimmed,
        |code: Quoted<Currency>| code.0,
        &keys.of("currency_by_pay_group", p),
        p,
    );
    if raw.currency.is_none() {
        currency_source(columns.as_ref(), layout.as_ref(), &by_pay_group, keys, p);
    }
    if let (Some(columns), Some(DeductionLayout::Wide(deductions))) = (&columns, &layout) {
        amounts_once(deductions, columns, keys, p);
    }
    let age_key = keys.of("period_age_max_days", p);
    let mut words = TermWords { keys, p };
    Some(Payroll {
        pay_frequency_map: words.frequencies(raw.pay_frequency_map),
        employment_status_map: words.terms(
            raw.employment_status_map,
            &STATUSES,
            EmploymentStatus::name,
            "employment_status_map",
        ),
        rate_basis_map: words.terms(raw.rate_basis_map, &RateBasis::ALL, RateBasis::name, "rate_basis_map"),
        run_type_map: words.run_types(raw.run_type_map),
        tax_treatment_map: words.tax_treatments(raw.tax_treatment_map),
        file: path(file)?,
        encoding: raw.encoding.unwrap_or(Encoding::Utf8),
        delimiter: delimiter?,
        table: table?,
        marks: marks?,
        dates: dates?,
        placeholder_dates: placeholder_dates.clone(),
        cells: cells?,
        columns: columns?,
        layout: layout?,
        amounts,
        period: period?,
        currency_by_pay_group: by_pay_group,
        currency: raw.currency.map(|code| code.0),
        fold_id_case: raw.fold_id_case.unwrap_or(false),
        totals_row: text(raw.totals_row),
        control_file: path(raw.control_file),
        max_rejected_share: raw.max_rejected_share.map_or(REJECTED_SHARE, |Quoted(share)| share),
        period_age_max_days: within(raw.period_age_max_days, PERIOD_AGE_DAYS, 0..=PERIOD_DAYS_MAX, &age_key, p),
        rate_basis: raw.rate_basis.unwrap_or(RateBasis::Annually),
        part_time_pay: raw.part_time_pay,
        pay_groups: raw.pay_groups.unwrap_or_default().into_iter().map(|group| group.0).collect(),
        legal_entities: raw.legal_entities.unwrap_or_default().into_iter().map(|entity| entity.0).collect(),
        others: Vec::new(),
    })
}

/// `*` picks files in one folder only; a folder pattern could pick last year's.
fn pattern(file: &str, key: &Key, p: &mut Problems<'_>) {
    let folder = file.rsplit_once('/').map_or("", |(folder, _)| folder);
    if folder.contains('*') {
        p.at(key, format!("expected no pattern but `*` in the file name, found {}", shown(file)));
    }
}

/// A job that names no currency anywhere could compare nothing.
fn currency_source(
    columns: Option<&PayrollColumns>,
    layout: Option<&DeductionLayout>,
    by_pay_group: &BTreeMap<String, Currency>,
    keys: &Keys,
    p: &mut Problems<'_>,
) {
    let (Some(columns), Some(layout)) = (columns, layout) else { return };
    let by_column = columns.currency.is_some() || matches!(layout, DeductionLayout::Long { currency: Some(_), .. });
    let group_column = columns.pay_group.is_some();
    if !by_pay_group.is_empty() && !group_column {
        let message = "expected payroll.columns.pay_group, which the currencies go by, found no such column";
        p.at(&keys.of("currency_by_pay_group", p), message);
    } else if !by_column && by_pay_group.is_empty() && !p.has(&keys.of("currency", p)) {
        let sources = "payroll.columns.currency, payroll.currency_by_pay_group or payroll.currency";
        p.at(keys.table(), format!("expected {sources}, found none: amounts without a currency compare with nothing"));
    }
}
