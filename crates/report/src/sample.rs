//! A small report for the tests of its formats.

use std::collections::BTreeMap;

use chrono::NaiveDate;

use tieout_model::balance::{Account, EntryKind, PayPeriod};
use tieout_model::calls::CallStatistics;
use tieout_model::code::Family;
use tieout_model::control::{ControlTotal, Coverage};
use tieout_model::correction::{Change, CompensationChange, Correction, Payload};
use tieout_model::finding::{Code, Evidence, Finding, Payer, SetAside, Severity, Variance};
use tieout_model::history::{Cleared, Status};
use tieout_model::money::{Currency, Money};

use tieout_model::waiver::{Grant, Waiver};

use crate::{
    AccountBehind, Behind, CsvFormat, EntryBehind, EvidenceAge, Exception, Formats, PastNight, PlannedCorrection,
    Report, ReportHead, ShownNames, Waived,
};

pub fn currency(code: &str) -> Currency {
    Currency::parse(code).expect("listed")
}

pub fn day(day: u32) -> NaiveDate {
    NaiveDate::from_ymd_opt(2026, 3, day).expect("a day of March")
}

/// A finding of `counts` 1/10,000 that payroll took too little of.
pub fn exception(number: usize, code: Code, counts: i64, of: &str) -> Exception {
    let of = currency(of);
    let variance = Variance {
        benefit: "_Dental".to_owned(),
        currency: of,
        payer: Payer::Employee,
        payroll: Money(0),
        expected: Money(counts),
    };
    let finding = Finding {
        severity: Severity::S2,
        employee_id: format!("{number:06}").into(),
        benefit: "_Dental".to_owned(),
        field: "ee_amount".to_owned(),
        payroll_value: "0.00".to_owned(),
        system_value: "10.00".to_owned(),
        variances: vec![variance],
        period_exposure: Some((Money(counts), of)),
        period_start: Some(day(1)),
        period_end: Some(day(31)),
        pay_group: "US-SM".to_owned(),
        legal_entity: "Meridian Labs, Inc.".to_owned(),
        sentence: "Payroll took nothing.".to_owned(),
        ..Finding::blank(code)
    };
    Exception {
        id: format!("f{number:016x}"),
        group_id: String::new(),
        finding,
        status: Status::New,
        first_seen: day(31),
        nights_open: 1,
        exposure_to_date: Some((i128::from(counts), of)),
        exposure_earlier: 0,
        periods_open: 1,
        correction: String::new(),
        note: None,
    }
}

/// Two pay periods, and an account of this benefit that ends with 10.00 USD under-collected.
pub fn behind(benefit: &str) -> Behind {
    let usd = currency("USD");
    let account = Account { benefit: benefit.into(), payer: Payer::Employee, currency: usd };
    let period = PayPeriod { start: Some(day(16)), end: day(31) };
    let entry = |kind, amount, balance| EntryBehind { posted: day(31), period, kind, amount, balance };
    let entries =
        vec![entry(EntryKind::Expected, 10_100_000, 10_100_000), entry(EntryKind::Taken, -10_000_000, 100_000)];
    Behind {
        periods: vec![(day(15), None), (day(31), Some((100_000, usd)))],
        accounts: vec![AccountBehind { account, left_out: 3, entries }],
    }
}

pub fn evidence() -> Evidence {
    Evidence { source: "payroll".to_owned(), field: "ee_amount".to_owned(), at: "line 7".to_owned() }
}

fn planned() -> PlannedCorrection {
    let correction = Correction {
        employee_id: "000001".into(),
        payload: Payload::Compensation(CompensationChange {
            employee_id: "emp_1".into(),
            pay_frequency: None,
            pay_rate: None,
            employment_status: None,
        }),
        effective: Some(day(15)),
        authority: "payroll".to_owned(),
        changes: vec![Change { field: "base_salary".to_owned(), from: "1.00".to_owned(), to: "2.00".to_owned() }],
        yearly_difference: Some((Money::units(1), currency("USD"))),
        second_look: Default::default(),
        findings: vec![("f1".to_owned(), Code::CO01)],
    };
    PlannedCorrection { correction, disposition: "propose".to_owned(), payload_hash: "ab".repeat(32) }
}

/// Of a finding alone, until the middle of April.
pub fn waiver() -> Waiver {
    let grant = Grant {
        group_id: String::new(),
        findings: BTreeMap::new(),
        reason: "agreed with the carrier".to_owned(),
        until: day(31) + chrono::Days::new(15),
        cap: Some((Money::units(1), currency("USD"))),
        by: "maria".to_owned(),
    };
    Waiver { id: 7, grant, at: chrono::DateTime::UNIX_EPOCH }
}

/// Of a rule that left out so many for want of payroll's value.
pub fn coverage(code: Code, compared: u64, left_out: u64) -> Coverage {
    let mut coverage = Coverage::new(code);
    coverage.count(compared);
    coverage.leave_out(left_out, "payroll has no value");
    coverage
}

fn head() -> ReportHead {
    ReportHead {
        job: "demo".to_owned(),
        run_id: "0123456789abcdef".to_owned(),
        as_of: day(31),
        dry_run: false,
        version: "0.1.0".to_owned(),
        period_start: day(1),
        period_end: day(31),
        cutoff: day(20),
        snapshot: "s1".to_owned(),
        snapshot_taken_at: "2026-03-31T02:00:00Z".to_owned(),
        complete: true,
        mendable: 0,
        payroll_file: "payroll.csv, of the period".to_owned(),
        inputs: Vec::new(),
        counts: vec![("payroll rows read".to_owned(), 3)],
        dispositions: Vec::new(),
        calls: CallStatistics::default(),
        oyster: None,
        audit_head: None,
        csv: CsvFormat::PLAIN,
        formats: Formats::ALL,
        policy: vec![("materiality".to_owned(), "1.00".to_owned())],
    }
}

/// Two currencies, one of them without decimals; a correction; something of each list.
pub fn report() -> Report {
    let total = |of: &str, expected: i128, found: i128| ControlTotal {
        benefit: "_Dental".to_owned(),
        currency: currency(of),
        payer: Payer::Employee,
        payroll: 0,
        expected,
        by_family: BTreeMap::from([(Family::Existence, found)]),
        tolerated: 0,
        settled: 0,
        unverified: 0,
        rejected: 0,
        out_of_scope: 0,
        waived: 0,
        on_leave: 0,
    };
    Report {
        head: head(),
        coverage: vec![coverage(Code::EN01, 3, 0), coverage(Code::AM01, 1, 2), coverage(Code::AM13, 0, 0)],
        evidence: EvidenceAge::of("Benifex people", &BTreeMap::from([(day(31), 3), (day(29), 1)]), day(31))
            .into_iter()
            .collect(),
        groups: Vec::new(),
        control_totals: vec![total("USD", 3_000, -3_000), total("JPY", 12_340_000, -12_340_000)],
        balances: Vec::new(),
        exceptions: vec![
            exception(1, Code::EN01, 1_000, "USD"),
            exception(2, Code::EN01, 2_000, "USD"),
            exception(3, Code::EN01, 12_340_000, "JPY"),
        ],
        waived: vec![Waived { exception: exception(5, Code::EN01, 4_000, "USD"), waiver: waiver() }],
        waived_before: Default::default(),
        cleared: vec![Cleared {
            id: "f9".to_owned(),
            code: "EN02".to_owned(),
            employee_id: "000009".into(),
            benefit: "_Dental".to_owned(),
            field: "ee_amount".to_owned(),
            first_seen: day(1),
            last_seen: day(30),
            nights_open: 30,
            ending: None,
        }],
        corrections: vec![planned()],
        rejects: Vec::new(),
        out_of_scope: Vec::new(),
        unverified: vec![SetAside {
            employee_amount: Some(Money::units(5)),
            currency: Some(currency("USD")),
            ..SetAside::person("benifex", "000004", "benefits not fetched")
        }],
        guards: Vec::new(),
        names: ShownNames::default(),
        behind: BTreeMap::new(),
        nights: vec![PastNight { as_of: day(30), findings: 4 }],
    }
}
