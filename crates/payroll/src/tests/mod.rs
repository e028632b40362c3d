//! Whole files in, tables and rejects out.

mod cells;
mod crosswalk;
mod details;
mod employee_rows;
mod files;
mod fuzzed;
mod layouts;
mod mutated;
mod national_id;
mod newest;
mod oddities;
mod random;
mod refused;
mod tables;

use std::collections::BTreeMap;
use std::fs;
use std::path::{Path, PathBuf};
use std::time::Duration;

use chrono::NaiveDate;

use crate::settings;
use crate::settings::{DeductionLayout, Deductions, Encoding, PayrollColumns, Period, WideDeduction};
use crate::{CurrencySource, LineKind, Payroll, PayrollError, RowCounts, read};
use tieout_model::dates::DateLayout;
use tieout_model::money::{Currency, Marks, Money};
use tieout_model::placeholder::PlaceholderDates;
use tieout_model::terms::{EmploymentStatus, PayFrequency, RateBasis, RunType};

/// The wide layout that most tests use: id, name, salary, MED pair, DEN.
const HEADER: &str = "id,name,salary,med_ee,med_er,den_ee";

struct Case {
    settings: settings::Payroll,
    deductions: Deductions,
    dir: tempfile::TempDir,
}

fn usd() -> Currency {
    Currency::parse("USD").expect("listed")
}

fn day(year: i32, month: u32, day: u32) -> NaiveDate {
    NaiveDate::from_ymd_opt(year, month, day).expect("a real day")
}

fn named(header: &str) -> Option<String> {
    Some(header.to_owned())
}

impl Case {
    /// A job for [`HEADER`], in US dollars, with the period in the job.
    fn new() -> Case {
        let dir = tempfile::tempdir().expect("a folder");
        let pair = |code: &str, ee: &str, er: Option<&str>| WideDeduction {
            code: code.to_owned(),
            employee_column: named(ee),
            employer_column: er.map(str::to_owned),
            details: Default::default(),
        };
        let settings = settings::Payroll {
            file: dir.path().join("payroll.csv"),
            encoding: Encoding::Utf8,
            delimiter: b',',
            table: Default::default(),
            cells: Default::default(),
            amounts: Default::default(),
            others: Vec::new(),
            run_type_map: BTreeMap::from([
                ("regular".to_owned(), RunType::Regular),
                ("off_cycle".to_owned(), RunType::OffCycle),
            ]),
            marks: Marks { decimal: '.', thousands: Some(',') },
            dates: DateLayout::parse("dd/MM/yyyy").expect("a layout"),
            placeholder_dates: PlaceholderDates::default(),
            columns: PayrollColumns {
                employee_id: "id".to_owned(),
                last_name: named("name"),
                base_salary: named("salary"),
                ..PayrollColumns::default()
            },
            layout: DeductionLayout::Wide(vec![pair("MED", "med_ee", Some("med_er")), pair("DEN", "den_ee", None)]),
            period: Period {
                start: Some(day(2026, 3, 1)),
                end: Some(day(2026, 3, 31)),
                pay_date: None,
                cutoff_days: -2,
            },
            currency_by_pay_group: BTreeMap::new(),
            currency: Some(usd()),
            fold_id_case: false,
            totals_row: None,
            control_file: None,
            max_rejected_share: tieout_model::share::Share::WHOLE,
            period_age_max_days: 62,
            pay_frequency_map: BTreeMap::from([("monthly".to_owned(), PayFrequency::Monthly)]),
            employment_status_map: BTreeMap::from([("ft".to_owned(), EmploymentStatus::FullTime)]),
            tax_treatment_map: BTreeMap::new(),
            rate_basis_map: BTreeMap::from([("hour".to_owned(), RateBasis::Hourly)]),
            part_time_pay: None,
            pay_groups: Default::default(),
            legal_entities: Default::default(),
            rate_basis: RateBasis::Annually,
        };
        let deductions = Deductions {
            benefit_by_code: BTreeMap::from([("MED".to_owned(), "_Medical".to_owned())]),
            ..Deductions::default()
        };
        Case { settings, deductions, dir }
    }

    fn path(&self, name: &str) -> PathBuf {
        self.dir.path().join(name)
    }

    /// Lays the long layout over the job: a code, an employee and an employer amount and a currency.
    fn long(&mut self, file: Option<&str>) {
        self.settings.layout = DeductionLayout::Long {
            file: file.map(|f| self.path(f)),
            employee_id: "id".to_owned(),
            code: "code".to_owned(),
            employee_amount: "ee".to_owned(),
            employer_amount: named("er"),
            currency: named("cur"),
            details: Default::default(),
        };
    }

    fn read(&self, bytes: &[u8]) -> Result<Payroll, PayrollError> {
        write(&self.path("payroll.csv"), bytes);
        read(&self.settings, &self.deductions, Duration::ZERO)
    }
}

fn write(path: &Path, bytes: &[u8]) {
    fs::write(path, bytes).expect("written");
}

/// Reads a file, the job adjusted by `tweak`, and checks that its rows balance.
#[track_caller]
fn check_payroll(text: &str, tweak: impl FnOnce(&mut Case)) -> Payroll {
    let mut case = Case::new();
    tweak(&mut case);
    let payroll = case.read(text.as_bytes()).expect("the file can be used");
    check_balance(&payroll);
    payroll
}

/// Reads rows under [`HEADER`].
#[track_caller]
fn check_rows(rows: &str) -> Payroll {
    check_payroll(&format!("{HEADER}\n{rows}"), |_| {})
}

/// Reads a file that cannot be used.
#[track_caller]
fn check_refused(text: &str, tweak: impl FnOnce(&mut Case)) -> PayrollError {
    let mut case = Case::new();
    tweak(&mut case);
    case.read(text.as_bytes()).expect_err("the file cannot be used")
}

/// Every row in one place, and the totals taken while reading equal to those of the table.
#[track_caller]
fn check_balance(payroll: &Payroll) {
    let RowCounts { read, accepted, rejected, out_of_scope, structural } = payroll.rows;
    assert_eq!(read, accepted + rejected + out_of_scope + structural, "{:?}", payroll.rows);
    assert_eq!(payroll.rows_of_person.len(), payroll.people.len());
    assert_eq!(payroll.rows_of_person.iter().sum::<u64>(), accepted, "each accepted row is somebody's");
    let mut sums: BTreeMap<(String, String), (i128, i128, u64)> = BTreeMap::new();
    for (at, rows) in payroll.lines.rows.iter().enumerate() {
        let kind = kind(payroll, at);
        let sum = sums.entry((kind.code.clone(), kind.currency.code().to_owned())).or_default();
        sum.0 += i128::from(payroll.lines.ee_amount.get(at).unwrap_or_default().0);
        sum.1 += i128::from(payroll.lines.er_amount.get(at).unwrap_or_default().0);
        sum.2 += u64::from(*rows);
    }
    let totals = payroll
        .totals
        .iter()
        .map(|t| ((t.code.clone(), t.currency.code().to_owned()), (t.employee, t.employer, t.lines)));
    assert_eq!(sums, totals.collect());
}

/// What the line in a row is.
fn kind(payroll: &Payroll, row: usize) -> &LineKind {
    &payroll.kinds[payroll.lines.kind[row] as usize]
}

fn currencies(payroll: &Payroll) -> Vec<&str> {
    (0..payroll.lines.len()).map(|row| kind(payroll, row).currency.code()).collect()
}

fn texts<'t>(column: impl Iterator<Item = Option<&'t str>>) -> Vec<&'t str> {
    column.map(|text| text.unwrap_or("null")).collect()
}

fn ids(payroll: &Payroll) -> Vec<&str> {
    texts(payroll.people.employee_id.iter())
}

/// Employee id, code, employee amount, employer amount in units, rows of each line.
fn lines(payroll: &Payroll) -> Vec<String> {
    let (people, lines) = (&payroll.people, &payroll.lines);
    let amount = |amount: Option<Money>| amount.map_or("-".to_owned(), |amount| amount.to_text(2));
    (0..lines.len())
        .map(|at| {
            let id = people.employee_id.get(lines.person[at] as usize).expect("never blank");
            let (ee, er) = (amount(lines.ee_amount.get(at)), amount(lines.er_amount.get(at)));
            format!("{id} {} {ee} {er} x{}", kind(payroll, at).code, lines.rows[at])
        })
        .collect()
}

/// `line column masked: reason (id)` of each reject.
fn rejects(payroll: &Payroll) -> Vec<String> {
    payroll.rejects.iter().map(reject_text).collect()
}

fn reject_text(r: &tieout_model::source::Reject) -> String {
    format!("{} {} {}: {} ({})", r.line, r.column, r.masked, r.reason, r.employee_id)
}
