//! Plain rows as the frames that tables and snapshot document.

use std::collections::{BTreeMap, BTreeSet};

use polars::prelude::*;

use crate::rules::people::day_number;
use crate::rules::tests::job::Job;
use crate::rules::tests::world::{Benefit, Deduction, Outcomes, Person, User, amount, date};
use crate::snapshot::{Benefits, Outcome, Population, Users};
use crate::tables::payroll::{PayrollLines, PayrollPeople, PersonCategories};
use tieout_model::categorical::Categorical;
use tieout_model::money::Currency;
use tieout_payroll::{FilePeriod, LineKind};

/// 2026-03-31T02:00:00Z, in microseconds.
const FETCHED_AT: i64 = 1_774_922_400_000_000;

/// An employee id with its outcome, reason, and whether its page walk was inconsistent.
type Asked<'t> = (&'t str, (Outcome, Option<&'t str>, bool));

pub fn texts<'t, R>(name: &str, rows: &'t [R], of: impl Fn(&'t R) -> Option<&'t str>) -> Column {
    StringChunked::from_iter_options(name.into(), rows.iter().map(of)).into_column()
}

pub fn dates<'t, R>(name: &str, rows: &[R], of: impl Fn(&R) -> Option<&'t str>) -> Column {
    let days = rows.iter().map(|row| of(row).map(|text| day_number(date(text))));
    Int32Chunked::from_iter_options(name.into(), days).into_date().into_column()
}

pub fn counts<R>(name: &str, rows: &[R], of: impl Fn(&R) -> Option<&'static str>) -> Column {
    Int64Chunked::from_iter_options(name.into(), rows.iter().map(|row| of(row).map(amount))).into_column()
}

pub fn integers<R>(name: &str, rows: &[R], of: impl Fn(&R) -> Option<i64>) -> Column {
    Int64Chunked::from_iter_options(name.into(), rows.iter().map(of)).into_column()
}

pub fn numbers(name: &str, values: impl Iterator<Item = u32>) -> Column {
    UInt32Chunked::from_iter_values(name.into(), values).into_column()
}

fn flags<R>(name: &str, rows: &[R], of: impl Fn(&R) -> bool) -> Column {
    rows.iter().map(of).collect::<BooleanChunked>().with_name(name.into()).into_column()
}

pub fn checked(height: usize, columns: Vec<Column>, documented: &[&str]) -> DataFrame {
    let frame = DataFrame::new(height, columns).expect("columns of one length");
    frame.select(documented.iter().copied()).expect("every documented column")
}

pub fn people(rows: &[Person], file: FilePeriod) -> DataFrame {
    let [first, last] = [file.start, file.end].map(|day| day.to_string());
    let period = |p: &Person| match p.group {
        "UK-M" => ("2026-03-01", "2026-03-31"),
        _ => (&*first, &*last),
    };
    let columns = vec![
        texts("employee_id", rows, |p| Some(&p.id)),
        numbers("line", 2..rows.len() as u32 + 2),
        dates("period_start", rows, |p| Some(period(p).0)),
        dates("period_end", rows, |p| Some(period(p).1)),
        dates("pay_date", rows, |_| None),
        counts("base_salary", rows, |p| p.salary),
        dates("salary_effective", rows, |p| p.effective),
        counts("hours", rows, |p| p.hours),
        counts("fte", rows, |_| None),
        counts("gross_pay", rows, |_| None),
        dates("hire_date", rows, |p| p.hired),
        dates("term_date", rows, |p| p.left),
        texts("first_name", rows, |p| Some(p.first)),
        texts("last_name", rows, |p| Some(p.last)),
        dates("dob", rows, |p| p.born),
        texts("email", rows, |p| p.email),
        texts("addr_line1", rows, |p| p.line1),
        texts("addr_line2", rows, |p| p.line2),
        texts("city", rows, |p| p.city),
        texts("zip", rows, |p| p.zip),
        texts("unmapped", rows, |p| p.unmapped),
        flags("duplicate", rows, |p| p.duplicate),
    ];
    checked(rows.len(), columns, PayrollPeople::NAMES)
}

pub fn words(rows: &[Person]) -> PersonCategories {
    PersonCategories {
        legal_entity: coded(rows, |_| Some("Acme")),
        pay_group: coded(rows, |p| Some(p.group)),
        currency: coded(rows, |p| p.currency),
        rate_basis: coded(rows, |p| Some(p.basis)),
        pay_frequency: coded(rows, |p| p.frequency),
        employment_status: coded(rows, |p| p.status),
        state: coded(rows, |p| p.state),
        country: coded(rows, |p| Some(p.country)),
        currency_source: coded(rows, |_| Some("column")),
    }
}

fn coded<'t>(rows: &'t [Person], of: impl Fn(&'t Person) -> Option<&'t str>) -> Categorical {
    rows.iter().map(|row| of(row).unwrap_or_default()).collect()
}

pub fn lines(people: &[Person], deductions: &[Deduction], job: &Job) -> (DataFrame, Vec<LineKind>) {
    let numbers_of: BTreeMap<&str, u32> = people.iter().map(|p| p.id.as_str()).zip(0..).collect();
    let row_of = |d: &Deduction| numbers_of[d.id.as_str()];
    let mut sorted = deductions.to_vec();
    sorted.sort_by_key(|d| (row_of(d), d.code, d.currency));
    let rows = &sorted[..];
    let kinds: BTreeSet<(&str, &str)> = rows.iter().map(|d| (d.code, d.currency)).collect();
    let kind_of = |d: &Deduction| kinds.range(..(d.code, d.currency)).count() as u32;
    let columns = vec![
        numbers("person", rows.iter().map(row_of)),
        numbers("kind", rows.iter().map(kind_of)),
        counts("ee_amount", rows, |d| d.ee),
        counts("er_amount", rows, |d| d.er),
        numbers("line", rows.iter().map(|d| row_of(d) + 2)),
        numbers("rows", rows.iter().map(|_| 1)),
        counts("largest", rows, |d| d.ee),
        flags("duplicate", rows, |d| d.duplicate),
    ];
    let kind = |(code, currency): &(&str, &str)| LineKind {
        code: (*code).to_owned(),
        benefit: job.deductions.benefit_by_code.get(*code).cloned(),
        currency: Currency::parse(currency).expect("a currency"),
    };
    (checked(rows.len(), columns, PayrollLines::NAMES), kinds.iter().map(kind).collect())
}

pub fn snapshot<'i>(
    ids: impl Iterator<Item = &'i str>,
    users: &[User],
    benefits: &[Benefit],
    outcomes: &Outcomes,
) -> (DataFrame, DataFrame, DataFrame) {
    let ids: BTreeSet<&str> = ids.collect();
    let emps: BTreeMap<&str, u32> = ids.iter().copied().zip(0..).collect();
    let mut users = users.to_vec();
    users.sort_by(|a, b| a.id.cmp(&b.id));
    let mut benefits = benefits.to_vec();
    benefits.sort_by(|a, b| (&a.id, a.key).cmp(&(&b.id, b.key)));
    let with_user: BTreeSet<&str> = users.iter().map(|u| u.id.as_str()).collect();
    let natural = |id: &str| match with_user.contains(id) {
        true => (Outcome::Found, None, false),
        false => (Outcome::NotFound, None, false),
    };
    let asked: Vec<Asked<'_>> =
        ids.iter().map(|id| (*id, outcomes.get(*id).copied().unwrap_or_else(|| natural(id)))).collect();
    (population(&asked), frame_of_users(&users, &emps), frame_of_benefits(&benefits, &emps))
}

fn population(asked: &[Asked<'_>]) -> DataFrame {
    let columns = vec![
        numbers("emp", 0..asked.len() as u32),
        texts("employee_id", asked, |a| Some(a.0)),
        texts("outcome", asked, |a| Some(a.1.0.name())),
        texts("reason", asked, |a| a.1.1),
        flags("batch_inconsistent", asked, |a| a.1.2),
        integers("fetched_at", asked, |_| Some(FETCHED_AT)),
        texts("benbase_id", asked, |_| None),
    ];
    checked(asked.len(), columns, Population::NAMES)
}

fn frame_of_users(rows: &[User], emps: &BTreeMap<&str, u32>) -> DataFrame {
    let columns = vec![
        numbers("emp", rows.iter().map(|u| emps[u.id.as_str()])),
        texts("user_id", rows, |u| Some(&u.id)),
        texts("first_name", rows, |u| Some(u.first)),
        texts("last_name", rows, |u| Some(u.last)),
        texts("preferred_name", rows, |u| u.preferred),
        texts("local_name", rows, |_| None),
        dates("dob", rows, |u| u.born),
        texts("postcode", rows, |u| u.postcode),
        texts("country", rows, |u| u.country_of_work),
        texts("employment_status", rows, |_| Some("Active")),
        dates("start_date", rows, |u| u.started),
        dates("original_start_date", rows, |u| u.started),
        dates("leave_date", rows, |u| u.left),
        texts("country_of_work", rows, |u| u.country_of_work),
        texts("pay_group", rows, |u| u.group),
        counts("salary", rows, |u| u.salary),
        dates("salary_effective", rows, |u| u.effective),
        integers("pay_periods", rows, |u| u.pay_periods),
        counts("fte", rows, |u| u.fte),
        counts("contracted_hours", rows, |u| u.contracted),
        counts("fte_hours", rows, |_| None),
        integers("fetched_at", rows, |_| Some(FETCHED_AT)),
        texts("faults", rows, |u| u.faults),
        texts("legal_employer", rows, |_| None),
    ];
    checked(rows.len(), columns, Users::NAMES)
}

fn frame_of_benefits(rows: &[Benefit], emps: &BTreeMap<&str, u32>) -> DataFrame {
    let columns = vec![
        numbers("emp", rows.iter().map(|b| emps[b.id.as_str()])),
        texts("benefit", rows, |b| Some(b.key)),
        texts("status", rows, |b| b.status),
        dates("effective_from", rows, |b| b.since),
        dates("change_date", rows, |b| b.changed),
        counts("ee_annual", rows, |b| b.ee),
        counts("ee_monthly", rows, |b| b.ee_monthly),
        counts("er_annual", rows, |b| b.er),
        counts("er_monthly", rows, |_| None),
        texts("ee_currency", rows, |b| b.currencies[0]),
        texts("er_currency", rows, |b| b.currencies[1]),
        texts("cost_currency", rows, |b| b.currencies[2]),
        integers("fetched_at", rows, |_| Some(FETCHED_AT)),
        texts("faults", rows, |b| b.faults),
    ];
    checked(rows.len(), columns, Benefits::NAMES)
}
