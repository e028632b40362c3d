//! `exceptions.csv`, one row a finding and currency, and `variances.csv`, the bridge from the exceptions to the control
//! totals: one row an amount.

use std::collections::BTreeMap;

use tieout_model::finding::{Code, Direction, Evidence, Finding, Variance};
use tieout_model::money::Currency;

use crate::cells::{Cell, amount, currency, long_table, safe_id, table};
use crate::{Exception, PackFile, Report};

/// Greatest age in days of each bucket but the last (rules.md 2.1).
const AGE_BUCKETS: [(i64, &str); 3] = [(30, "0-30"), (60, "31-60"), (90, "61-90")];

const COLUMNS: [&str; 31] = [
    "exception_id",
    "severity",
    "code",
    "title",
    "status",
    "employee_id",
    "employee_ref",
    "legal_entity",
    "pay_group",
    "benefit",
    "field",
    "period_start",
    "period_end",
    "payroll_value",
    "system_value",
    "payroll_amount",
    "system_amount",
    "difference",
    "pay_difference",
    "currency",
    "exposure_to_date",
    "exposure_run_rate",
    "direction",
    "first_seen",
    "nights_open",
    "periods_open",
    "age_bucket",
    "sentence",
    "also",
    "evidence",
    "correction",
];

pub fn file(report: &Report) -> anyhow::Result<PackFile> {
    let as_of = report.head.as_of;
    let rows = |e| parts(e).into_iter().map(|part| row(e, &part, as_of)).collect();
    long_table("exceptions.csv", report.head.bom, &COLUMNS, &report.exceptions, rows)
}

/// The money of a finding in one currency. A finding over two currencies has two rows: currencies are never added.
struct Part {
    currency: Option<Currency>,
    payroll: i128,
    system: i128,
    has_variance: bool,
}

fn parts(exception: &Exception) -> Vec<Part> {
    let mut by_currency: BTreeMap<Currency, Part> = BTreeMap::new();
    for variance in &exception.finding.variances {
        let part = by_currency.entry(variance.currency).or_insert(Part {
            currency: Some(variance.currency),
            payroll: 0,
            system: 0,
            has_variance: true,
        });
        part.payroll += i128::from(variance.payroll.0);
        part.system += i128::from(variance.expected.0);
    }
    if by_currency.is_empty() {
        let finding = &exception.finding;
        let currency = finding.pay_difference.or(finding.period_exposure).map(|(_, c)| c);
        return vec![Part { currency, payroll: 0, system: 0, has_variance: false }];
    }
    by_currency.into_values().collect()
}

fn row<'a>(exception: &'a Exception, part: &Part, as_of: chrono::NaiveDate) -> Vec<Cell<'a>> {
    let finding = &exception.finding;
    let of_variance = |counts: i128| amount(part.currency.filter(|_| part.has_variance).map(|c| (counts, c)));
    let wide = |value: Option<(tieout_model::money::Money, Currency)>| value.map(|(m, c)| (i128::from(m.0), c));
    let in_currency = |value: Option<(i128, Currency)>| amount(value.filter(|(_, c)| Some(*c) == part.currency));
    let exposure = exception.exposure_to_date;
    let age_days = (as_of - exception.first_seen).num_days();
    vec![
        Cell::Text(&exception.id),
        Cell::Text(finding.severity.name()),
        Cell::Text(finding.code.name()),
        Cell::Text(finding.code.rule().title),
        Cell::Text(exception.status.name()),
        Cell::Text(&finding.employee_id),
        safe_id(&finding.employee_id),
        Cell::Text(&finding.legal_entity),
        Cell::Text(&finding.pay_group),
        Cell::Text(&finding.benefit),
        Cell::Text(&finding.field),
        finding.period_start.map_or(Cell::Blank, Cell::Date),
        finding.period_end.map_or(Cell::Blank, Cell::Date),
        Cell::Text(&finding.payroll_value),
        Cell::Text(&finding.system_value),
        of_variance(part.payroll),
        of_variance(part.system),
        of_variance(part.payroll - part.system),
        in_currency(wide(finding.pay_difference)),
        currency(part.currency),
        in_currency(exposure),
        in_currency(wide(finding.run_rate)),
        Cell::Text(direction(finding, exposure)),
        Cell::Date(exception.first_seen),
        Cell::Count(u64::from(exception.nights_open)),
        Cell::Count(u64::from(exception.periods_open)),
        Cell::Text(age_bucket(age_days)),
        Cell::Text(&finding.sentence),
        Cell::Owned(finding.also.iter().map(|c| Code::name(*c)).collect::<Vec<_>>().join(" ")),
        Cell::Owned(finding.evidence.iter().map(evidence).collect::<Vec<_>>().join("; ")),
        Cell::Text(&exception.correction),
    ]
}

fn direction(finding: &Finding, exposure: Option<(i128, Currency)>) -> &'static str {
    exposure.and_then(|(counts, _)| finding.direction(counts)).map_or("", Direction::name)
}

fn age_bucket(age_days: i64) -> &'static str {
    AGE_BUCKETS.iter().find(|(days_max, _)| age_days <= *days_max).map_or("90+", |(_, name)| name)
}

fn evidence(evidence: &Evidence) -> String {
    match evidence.at.as_str() {
        "" => format!("{} {}", evidence.source, evidence.field),
        at => format!("{} {} ({at})", evidence.source, evidence.field),
    }
}

const VARIANCE_COLUMNS: [&str; 10] = [
    "exception_id",
    "code",
    "employee_id",
    "employee_ref",
    "benefit",
    "currency",
    "side",
    "payroll",
    "expected",
    "difference",
];

/// `variances.csv`: summed by benefit, currency, side and code family it gives the columns of the control totals.
pub fn variances_file(report: &Report) -> anyhow::Result<PackFile> {
    let rows = report.exceptions.iter().flat_map(|exception| {
        exception.finding.variances.iter().map(move |variance| variance_row(exception, variance))
    });
    table("variances.csv", report.head.bom, &VARIANCE_COLUMNS, rows)
}

fn variance_row<'a>(exception: &'a Exception, variance: &'a Variance) -> Vec<Cell<'a>> {
    let amount = |counts: i64| Cell::Amount(i128::from(counts), variance.currency);
    vec![
        Cell::Text(&exception.id),
        Cell::Text(exception.finding.code.name()),
        Cell::Text(&exception.finding.employee_id),
        safe_id(&exception.finding.employee_id),
        Cell::Text(&variance.benefit),
        currency(Some(variance.currency)),
        Cell::Text(variance.side.name()),
        amount(variance.payroll.0),
        amount(variance.expected.0),
        amount(variance.difference().0),
    ]
}
