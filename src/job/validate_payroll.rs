//! Where payroll comes from: files, columns, period, currency. What its rows and cells are, and its deductions, have
//! files of their own.

use std::collections::BTreeMap;

use super::key::Key;
use super::problems::Problems;
use super::raw_payroll::{RawColumns, RawPayroll, RawPeriod};
use super::text::{Quoted, shown};
use super::validate::{lower, map, path, text, trimmed, within};
use super::validate_deductions::{amounts_once, layout};
use super::validate_table::{amounts, cells, dates, delimiter, marks, table};
use tieout_model::money::Currency;
use tieout_model::placeholder::PlaceholderDates;
use tieout_model::share::Share;
use tieout_model::terms::{EmploymentStatus, PayFrequency, RateBasis, RunType, TaxTreatment};
use tieout_payroll::settings::{DeductionLayout, Encoding, Payroll, PayrollColumns, Period};

/// 2 %, in 1/10,000.
const REJECTED_SHARE: Share = Share::of_ten_thousandths(200);
/// A monthly payroll, a month late.
const PERIOD_AGE_DAYS: i64 = 62;
const CUTOFF_DAYS_MAX: i64 = 62;
const PERIOD_DAYS_MAX: i64 = 366;
/// Files of one payroll.
const FILES_MAX: usize = 50;

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
    let (table, cells, amounts) = (table(&raw, keys, p), cells(&raw, keys, p), amounts(&raw));
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
    let mut words = Words { keys, p };
    Some(Payroll {
        pay_frequency_map: words.terms(raw.pay_frequency_map, &FREQUENCIES, PayFrequency::name, "pay_frequency_map"),
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

const FREQUENCIES: [PayFrequency; 4] =
    [PayFrequency::Weekly, PayFrequency::Biweekly, PayFrequency::Semimonthly, PayFrequency::Monthly];
const STATUSES: [EmploymentStatus; 3] =
    [EmploymentStatus::FullTime, EmploymentStatus::PartTime, EmploymentStatus::VariableHours];
/// What payrolls call their runs; a job's map goes before.
const RUN_TYPES: [(RunType, &[&str]); 3] = [
    (
        RunType::Regular,
        &[
            "regular",
            "reg",
            "normal",
            "standard",
            "ordinary",
            "main",
            "scheduled",
            "primary",
            "on cycle",
            "on-cycle",
            "on_cycle",
            "oncycle",
        ],
    ),
    (
        RunType::OffCycle,
        &[
            "off cycle",
            "off-cycle",
            "off_cycle",
            "offcycle",
            "off",
            "supplemental",
            "supplementary",
            "bonus",
            "special",
            "manual",
            "ad hoc",
            "ad-hoc",
            "adhoc",
            "thirteenth",
            "termination",
            "final",
        ],
    ),
    (
        RunType::Correction,
        &[
            "correction",
            "corrections",
            "corrective",
            "adjustment",
            "adj",
            "retro",
            "retroactive",
            "reversal",
            "reissue",
            "amendment",
        ],
    ),
];

/// The payroll's words for terms.
struct Words<'a, 'p, 't> {
    keys: &'a Keys,
    p: &'p mut Problems<'t>,
}

impl Words<'_, '_, '_> {
    /// Each term's own name is understood as well.
    fn terms<T: Copy>(
        &mut self,
        raw: Option<BTreeMap<String, T>>,
        known: &[T],
        name: fn(T) -> &'static str,
        key: &str,
    ) -> BTreeMap<String, T> {
        let own_names = known.iter().map(|term| (name(*term).to_owned(), *term));
        map(raw, own_names, lower, |term| term, &self.keys.of(key, self.p), self.p)
    }

    fn tax_treatments(&mut self, raw: Option<BTreeMap<String, TaxTreatment>>) -> BTreeMap<String, TaxTreatment> {
        self.terms(raw, &TaxTreatment::ALL, TaxTreatment::name, "tax_treatment_map")
    }

    fn run_types(&mut self, raw: Option<BTreeMap<String, RunType>>) -> BTreeMap<String, RunType> {
        let known = RUN_TYPES.iter().flat_map(|(run, words)| words.iter().map(|word| ((*word).to_owned(), *run)));
        map(raw, known, lower, |run| run, &self.keys.of("run_type_map", self.p), self.p)
    }
}

/// `*` picks files in one folder only; a folder pattern could pick last year's.
fn pattern(file: &str, key: &Key, p: &mut Problems<'_>) {
    let folder = file.rsplit_once('/').map_or("", |(folder, _)| folder);
    if folder.contains('*') {
        p.at(key, format!("expected no pattern but `*` in the file name, found {}", shown(file)));
    }
}

fn columns(raw: RawColumns, keys: &Keys, p: &mut Problems<'_>) -> Option<PayrollColumns> {
    let key = keys.of("columns", p).then("employee_id");
    let employee_id = p.require(raw.employee_id, &key, "the header of the employee id")?.0;
    if raw.base_salary.is_some() && (raw.annual_pay.is_some() || raw.hourly_pay.is_some()) {
        let message = "expected base_salary, or annual_pay and hourly_pay, found both";
        p.at(&keys.of("columns", p).then("base_salary"), message);
    }
    Some(PayrollColumns {
        employee_id,
        legal_entity: text(raw.legal_entity),
        pay_group: text(raw.pay_group),
        run_type: text(raw.run_type),
        period_start: text(raw.period_start),
        period_end: text(raw.period_end),
        pay_date: text(raw.pay_date),
        currency: text(raw.currency),
        base_salary: text(raw.base_salary),
        annual_pay: text(raw.annual_pay),
        hourly_pay: text(raw.hourly_pay),
        rate_basis: text(raw.rate_basis),
        salary_effective: text(raw.salary_effective),
        pay_frequency: text(raw.pay_frequency),
        hours: text(raw.hours),
        fte: text(raw.fte),
        gross_pay: text(raw.gross_pay),
        net_pay: text(raw.net_pay),
        hours_worked: text(raw.hours_worked),
        leave_hours: text(raw.leave_hours),
        employment_status: text(raw.employment_status),
        hire_date: text(raw.hire_date),
        term_date: text(raw.term_date),
        first_name: text(raw.first_name),
        last_name: text(raw.last_name),
        dob: text(raw.dob),
        email: text(raw.email),
        nat_id: text(raw.nat_id),
        addr_line1: text(raw.addr_line1),
        addr_line2: text(raw.addr_line2),
        city: text(raw.city),
        state: text(raw.state),
        zip: text(raw.zip),
        country: text(raw.country),
    })
}

fn period(raw: RawPeriod, keys: &Keys, p: &mut Problems<'_>) -> Option<Period> {
    let table = keys.of("period", p);
    let key = |name: &str| table.then(name);
    let [start, end, pay_date] = [raw.start, raw.end, raw.pay_date].map(|date| date.map(|date| date.0));
    if let (Some(start), Some(end)) = (start, end) {
        let days = (end - start).num_days() + 1;
        if !(1..=PERIOD_DAYS_MAX).contains(&days) {
            p.at(&key("end"), format!("expected 1 to {PERIOD_DAYS_MAX} days from start to end, found {days}"));
        }
    }
    let cutoff_days = within(raw.cutoff_days, 0, -CUTOFF_DAYS_MAX..=CUTOFF_DAYS_MAX, &key("cutoff_days"), p);
    Some(Period { start, end, pay_date, cutoff_days })
}

/// Either both period columns or both dates.
fn period_source(keys: &Keys, p: &mut Problems<'_>) {
    let (columns, period) = (keys.of("columns", p), keys.of("period", p));
    let by_column = ["period_start", "period_end"].map(|name| p.has(&columns.then(name)));
    let by_date = ["start", "end"].map(|name| p.has(&period.then(name)));
    let expected = "expected period_start and period_end in payroll.columns, or start and end in payroll.period";
    match (by_column, by_date) {
        ([true, true], [false, false]) | ([false, false], [true, true]) => {}
        ([true, true], [true, true]) => p.at(&period, format!("{expected}; found both")),
        ([false, false], [false, false]) => p.at(keys.table(), format!("{expected}; found neither")),
        ([false, false], _) => p.at(&period, format!("{expected}; found one of start and end")),
        _ => p.at(&columns, format!("{expected}; found only some of them")),
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
