//! Where payroll comes from: file, marks, columns, period, currency. Deductions have a file of their own.

use std::collections::BTreeMap;

use super::key::Key;
use super::problems::Problems;
use super::raw::{RawColumns, RawPayroll, RawPeriod};
use super::text::{OneChar, Quoted, Share, shown};
use super::validate::{lower, map, path, text, trimmed, within};
use super::validate_deductions::{amounts_once, layout};
use tieout_model::dates::DateLayout;
use tieout_model::money::{Currency, Marks};
use tieout_model::placeholder::PlaceholderDates;
use tieout_model::terms::{EmploymentStatus, PayFrequency, RateBasis};
use tieout_payroll::settings::{DeductionLayout, Encoding, Payroll, PayrollColumns, Period};

/// 2 %, in 1/10,000.
const REJECTED_SHARE: u32 = 200;
/// A monthly payroll, a month late.
const PERIOD_AGE_DAYS: i64 = 62;
const CUTOFF_DAYS_MAX: i64 = 62;
const PERIOD_DAYS_MAX: i64 = 366;
/// Marks between thousands that exports use.
const THOUSANDS_MARKS: [char; 5] = [',', '.', '\'', '’', ' '];

fn payroll_key(name: &str) -> Key {
    Key::of("payroll").then(name)
}

/// Where payroll comes from and how its file is laid out.
pub fn payroll(raw: RawPayroll, placeholder_dates: &PlaceholderDates, p: &mut Problems<'_>) -> Option<Payroll> {
    let file = p.require(raw.file, &payroll_key("file"), "a path, or a pattern such as `in/payroll_*.csv`");
    if let Some(Quoted(file)) = &file {
        pattern(file, p);
    }
    let delimiter = delimiter(raw.delimiter, p);
    let marks = marks(raw.decimal_mark, raw.thousands_mark, p);
    let columns = match raw.columns {
        Some(raw) => columns(raw, p),
        None => p.require(None, &payroll_key("columns"), "a section [payroll.columns]"),
    };
    let layout = layout(raw.wide, raw.long, p);
    let period = period(raw.period.unwrap_or_default(), p);
    if columns.is_some() {
        period_source(p);
    }
    let by_pay_group = map(
        raw.currency_by_pay_group,
        [],
        trimmed,
        |code: Quoted<Currency>| code.0,
        &payroll_key("currency_by_pay_group"),
        p,
    );
    if raw.currency.is_none() {
        currency_source(columns.as_ref(), layout.as_ref(), &by_pay_group, p);
    }
    if let (Some(columns), Some(DeductionLayout::Wide(deductions))) = (&columns, &layout) {
        amounts_once(deductions, columns, p);
    }
    Some(Payroll {
        file: path(file)?,
        encoding: raw.encoding.unwrap_or(Encoding::Utf8),
        delimiter: delimiter?,
        marks: marks?,
        dates: raw.dates.map_or_else(DateLayout::iso, |dates| dates.0),
        placeholder_dates: placeholder_dates.clone(),
        columns: columns?,
        layout: layout?,
        period: period?,
        currency_by_pay_group: by_pay_group,
        currency: raw.currency.map(|code| code.0),
        fold_id_case: raw.fold_id_case.unwrap_or(false),
        totals_row: text(raw.totals_row),
        control_file: path(raw.control_file),
        max_rejected_share: raw.max_rejected_share.map_or(REJECTED_SHARE, |Quoted(Share(share))| share),
        period_age_max_days: within(
            raw.period_age_max_days,
            PERIOD_AGE_DAYS,
            0..=PERIOD_DAYS_MAX,
            &payroll_key("period_age_max_days"),
            p,
        ),
        pay_frequency_map: terms(raw.pay_frequency_map, &FREQUENCIES, PayFrequency::name, "pay_frequency_map", p),
        employment_status_map: terms(
            raw.employment_status_map,
            &STATUSES,
            EmploymentStatus::name,
            "employment_status_map",
            p,
        ),
        rate_basis_map: terms(raw.rate_basis_map, &BASES, RateBasis::name, "rate_basis_map", p),
        rate_basis: raw.rate_basis.unwrap_or(RateBasis::Annually),
    })
}

const FREQUENCIES: [PayFrequency; 4] =
    [PayFrequency::Weekly, PayFrequency::Biweekly, PayFrequency::Semimonthly, PayFrequency::Monthly];
const STATUSES: [EmploymentStatus; 3] =
    [EmploymentStatus::FullTime, EmploymentStatus::PartTime, EmploymentStatus::VariableHours];
const BASES: [RateBasis; 2] = [RateBasis::Annually, RateBasis::Hourly];

/// The payroll's words for a term; each term's own name is understood as well.
fn terms<T: Copy>(
    raw: Option<BTreeMap<String, T>>,
    known: &[T],
    name: fn(T) -> &'static str,
    key: &str,
    p: &mut Problems<'_>,
) -> BTreeMap<String, T> {
    let own_names = known.iter().map(|term| (name(*term).to_owned(), *term));
    map(raw, own_names, lower, |term| term, &payroll_key(key), p)
}

/// `*` picks files in one folder only; a folder pattern could pick last year's.
fn pattern(file: &str, p: &mut Problems<'_>) {
    let folder = file.rsplit_once('/').map_or("", |(folder, _)| folder);
    if folder.contains('*') {
        p.at(&payroll_key("file"), format!("expected no pattern but `*` in the file name, found {}", shown(file)));
    }
}

fn delimiter(raw: Option<OneChar>, p: &mut Problems<'_>) -> Option<u8> {
    let OneChar(mark) = raw.unwrap_or(OneChar(','));
    let lawful = mark.is_ascii() && !mark.is_ascii_alphanumeric() && (mark == '\t' || !mark.is_ascii_control());
    match u8::try_from(mark) {
        Ok(byte) if lawful && mark != '"' => Some(byte),
        _ => {
            let message = format!("expected a mark such as `,`, `;`, `|` or `\\t`, found {}", shown(&mark.to_string()));
            p.at(&payroll_key("delimiter"), message);
            None
        }
    }
}

fn marks(decimal: Option<OneChar>, thousands: Option<String>, p: &mut Problems<'_>) -> Option<Marks> {
    let OneChar(decimal) = decimal.unwrap_or(OneChar('.'));
    if decimal != '.' && decimal != ',' {
        p.at(&payroll_key("decimal_mark"), format!("expected `.` or `,`, found {}", shown(&decimal.to_string())));
        return None;
    }
    let thousands = thousands.unwrap_or_default();
    let mut chars = thousands.chars();
    match (chars.next(), chars.next()) {
        (None, _) => Some(Marks { decimal, thousands: None }),
        (Some(mark), None) if THOUSANDS_MARKS.contains(&mark) && mark != decimal => {
            Some(Marks { decimal, thousands: Some(mark) })
        }
        (Some(mark), None) if mark == decimal => {
            p.at(&payroll_key("thousands_mark"), "expected another mark than decimal_mark, found the same");
            None
        }
        _ => {
            let message = format!("expected `,`, `.`, `'`, a blank or an empty text, found {}", shown(&thousands));
            p.at(&payroll_key("thousands_mark"), message);
            None
        }
    }
}

fn columns(raw: RawColumns, p: &mut Problems<'_>) -> Option<PayrollColumns> {
    let key = payroll_key("columns").then("employee_id");
    let employee_id = p.require(raw.employee_id, &key, "the header of the employee id")?.0;
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
        rate_basis: text(raw.rate_basis),
        salary_effective: text(raw.salary_effective),
        pay_frequency: text(raw.pay_frequency),
        hours: text(raw.hours),
        fte: text(raw.fte),
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

fn period(raw: RawPeriod, p: &mut Problems<'_>) -> Option<Period> {
    let key = |name: &str| payroll_key("period").then(name);
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
fn period_source(p: &mut Problems<'_>) {
    let written =
        |table: &str, names: [&str; 2], p: &Problems<'_>| names.map(|name| p.has(&payroll_key(table).then(name)));
    let by_column = written("columns", ["period_start", "period_end"], p);
    let by_date = written("period", ["start", "end"], p);
    let expected = "expected period_start and period_end in payroll.columns, or start and end in payroll.period";
    match (by_column, by_date) {
        ([true, true], [false, false]) | ([false, false], [true, true]) => {}
        ([true, true], [true, true]) => p.at(&payroll_key("period"), format!("{expected}; found both")),
        ([false, false], [false, false]) => p.at(&Key::of("payroll"), format!("{expected}; found neither")),
        ([false, false], _) => p.at(&payroll_key("period"), format!("{expected}; found one of start and end")),
        _ => p.at(&payroll_key("columns"), format!("{expected}; found only some of them")),
    }
}

/// A job that names no currency anywhere could compare nothing.
fn currency_source(
    columns: Option<&PayrollColumns>,
    layout: Option<&DeductionLayout>,
    by_pay_group: &BTreeMap<String, Currency>,
    p: &mut Problems<'_>,
) {
    let (Some(columns), Some(layout)) = (columns, layout) else { return };
    let by_column = columns.currency.is_some() || matches!(layout, DeductionLayout::Long { currency: Some(_), .. });
    let group_column = columns.pay_group.is_some();
    if !by_pay_group.is_empty() && !group_column {
        let message = "expected payroll.columns.pay_group, which the currencies go by, found no such column";
        p.at(&payroll_key("currency_by_pay_group"), message);
    } else if !by_column && by_pay_group.is_empty() && !p.has(&payroll_key("currency")) {
        let sources = "payroll.columns.currency, payroll.currency_by_pay_group or payroll.currency";
        p.at(
            &Key::of("payroll"),
            format!("expected {sources}, found none: amounts without a currency compare with nothing"),
        );
    }
}
