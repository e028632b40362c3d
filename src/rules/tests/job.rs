//! A job like the demo's: two US pay groups, one UK group, five benefits.

use std::collections::{BTreeMap, BTreeSet};
use std::path::PathBuf;
use std::time::Duration;

use crate::job::{
    Authority, Benbase, BenefitStatus, Benifex, CoverageEnd, DateLayout, DeductionLayout, Deductions,
    DeductionsPerYear, EmployeeIdsStyle, Encoding, Guards, HttpLimits, Job, Payroll, PayrollColumns, Period, RateBasis,
    ReportSettings, Rules, SecretRef, WideDeduction,
};
use crate::money::{Currency, Marks, Money};

pub fn currency(code: &str) -> Currency {
    Currency::parse(code).expect("a currency")
}

fn map<V>(pairs: impl IntoIterator<Item = (&'static str, V)>) -> BTreeMap<String, V> {
    pairs.into_iter().map(|(key, value)| (key.to_owned(), value)).collect()
}

fn limits() -> HttpLimits {
    let second = Duration::from_secs(1);
    HttpLimits {
        windows: Vec::new(),
        concurrency: 1,
        connect_timeout: second,
        read_timeout: second,
        total_timeout: second,
        body_bytes_max: 1,
        attempts_max: 1,
        retry_time_max: second,
        retry_budget: 0,
        ca_file: None,
    }
}

pub fn job() -> Job {
    Job {
        fingerprint: String::new(),
        approval: crate::job::Approval::default(),
        push: crate::job::Push {
            retry_uncertain: crate::job::RetryUncertain::Never,
            canary: true,
            consecutive_failures_max: 1,
            daily_items_max: 1,
            daily_yearly_difference_max: None,
            stale_after_days: 1,
        },
        new_hires: crate::job::NewHires::default(),
        terminations: crate::job::Terminations::default(),
        name: "test".to_owned(),
        zone: chrono_tz::Tz::UTC,
        payroll: payroll(),
        deductions: deductions(),
        benifex: benifex(),
        oyster: None,
        benbase: Some(Benbase {
            base_url: String::new(),
            api_key: SecretRef::Sandbox,
            employer_id: "er_1".to_owned(),
            countries: BTreeSet::from(["US".to_owned()]),
            employer_name: None,
            opening_ledger: None,
            idempotency_header: None,
            http: limits(),
        }),
        crosswalk: None,
        rules: rules(),
        guards: Guards {
            population_change_max: 500,
            total_change_max: 1_000,
            corrected_share_max: 1_000,
            salary_change_max: 2_000,
            headcount_min: 10,
        },
        report: ReportSettings { dir: PathBuf::new(), bom: false, alarm_at: None },
        state_dir: PathBuf::new(),
        sandbox: None,
    }
}

fn payroll() -> Payroll {
    let wide = |code: &str| WideDeduction {
        code: code.to_owned(),
        employee_column: code.to_owned(),
        employer_column: (code != "CYC").then(|| format!("{code}_ER")),
    };
    Payroll {
        file: PathBuf::new(),
        encoding: Encoding::Utf8,
        delimiter: b',',
        marks: Marks::PLAIN,
        dates: DateLayout { written: "yyyy-MM-dd".to_owned(), strftime: "%Y-%m-%d".to_owned() },
        columns: PayrollColumns::default(),
        layout: DeductionLayout::Wide(["MED", "DEN", "PEN", "LIFE", "CYC", "GYM", "401K"].map(wide).to_vec()),
        period: Period::default(),
        currency_by_pay_group: BTreeMap::new(),
        currency: None,
        fold_id_case: false,
        totals_row: None,
        control_file: None,
        max_rejected_share: 0,
        period_age_max_days: 62,
        pay_frequency_map: BTreeMap::new(),
        employment_status_map: BTreeMap::new(),
        rate_basis_map: BTreeMap::new(),
        rate_basis: RateBasis::Annually,
    }
}

fn deductions() -> Deductions {
    let text = |(a, b): (&str, &str)| (a.to_owned(), b.to_owned());
    let benefits = [("MED", "_Medical"), ("DEN", "_Dental"), ("PEN", "_Pension"), ("LIFE", "_LifeInsurance")];
    Deductions {
        benefit_by_code: benefits.into_iter().chain([("CYC", "_CycleToWork")]).map(text).collect(),
        split_codes: BTreeSet::new(),
        ignored_codes: [("401K", "not a benefit of Benifex")].map(text).into_iter().collect(),
        ignored_benefits: [("_Wellbeing", "free of charge")].map(text).into_iter().collect(),
        per_year: vec![DeductionsPerYear { pay_group: Some("US-BW".to_owned()), benefit: None, per_year: 24 }],
    }
}

fn benifex() -> Benifex {
    Benifex {
        base_url: String::new(),
        token_url: String::new(),
        client_id: SecretRef::Sandbox,
        client_secret: SecretRef::Sandbox,
        scope: None,
        benefits_prefix: String::new(),
        employee_ids_style: EmployeeIdsStyle::Comma,
        users_batch: 1,
        page_size: 1,
        first_page: 0,
        http: limits(),
        benefit_status: map([
            ("active", BenefitStatus::Live),
            ("pending", BenefitStatus::Pending),
            ("ended", BenefitStatus::Ended),
        ]),
        date_layouts: BTreeMap::new(),
        salary_currency_by_pay_group: map([("US-SM", currency("USD")), ("US-BW", currency("USD"))]),
        salary_currency_by_country: map([("GB", currency("GBP"))]),
        salary_basis_by_pay_group: BTreeMap::new(),
        salary_basis: RateBasis::Annually,
    }
}

fn rules() -> Rules {
    Rules {
        compensation_authority: Authority::Payroll,
        amount_tolerance_minor_units: None,
        salary_tolerance: Money::units(1),
        salary_tolerance_ppm: 100,
        material_amount: Money::units(1),
        material_share: 50,
        new_hire_grace_days: 30,
        coverage_end: CoverageEnd::EndOfMonth,
        full_time_from_fte: 8_000,
        name_similarity: 9_000,
        leave_date_tolerance_days: 1,
    }
}
