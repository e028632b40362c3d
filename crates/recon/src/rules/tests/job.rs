//! A job like the demo's: two US pay groups, one UK group, five benefits.

use std::collections::{BTreeMap, BTreeSet};
use std::path::PathBuf;
use tieout_model::share::Share;

use crate::scheme::SchemeEntry;
use crate::settings::{BenbaseTerms, BenifexTerms, CoverageEnd, OysterPlans, Rules, Settings};
use tieout_corrections::settings::Guards;
use tieout_model::dates::DateLayout;
use tieout_model::money::{Currency, Marks, Money};
use tieout_model::placeholder::PlaceholderDates;
use tieout_model::terms::{Authority, BenefitStatus, RateBasis};
use tieout_model::zone::Zone;
use tieout_payroll::settings::{
    DeductionLayout, Deductions, DeductionsPerYear, Encoding, Payroll, PayrollColumns, Period, WideDeduction,
};

pub fn currency(code: &str) -> Currency {
    Currency::parse(code).expect("a currency")
}

fn map<V>(pairs: impl IntoIterator<Item = (&'static str, V)>) -> BTreeMap<String, V> {
    pairs.into_iter().map(|(key, value)| (key.to_owned(), value)).collect()
}

/// What the rules read of a job, owned.
#[derive(Clone, Debug)]
pub struct Job {
    pub payroll: Payroll,
    pub deductions: Deductions,
    pub schemes: Vec<SchemeEntry>,
    pub benifex: BenifexTerms,
    pub oyster: Option<OysterPlans>,
    pub rules: Rules,
    pub guards: Guards,
    pub zone: Zone,
    /// Benbase's id of the employer, and the countries that it covers.
    pub benbase: Option<(&'static str, BTreeSet<String>)>,
}

impl Job {
    pub fn settings(&self) -> Settings<'_> {
        Settings {
            zone: &self.zone,
            payroll: &self.payroll,
            deductions: &self.deductions,
            schemes: &self.schemes,
            benifex: &self.benifex,
            oyster: self.oyster.as_ref(),
            rules: &self.rules,
            guards: &self.guards,
            benbase: self.benbase.as_ref().map(|(employer_id, countries)| BenbaseTerms {
                employer_id,
                countries,
                hires: false,
                terminations: false,
            }),
        }
    }
}

pub fn job() -> Job {
    Job {
        payroll: payroll(),
        deductions: deductions(),
        schemes: Vec::new(),
        benifex: benifex(),
        oyster: None,
        rules: rules(),
        guards: Guards {
            population_change_max: Share::of_ten_thousandths(500),
            total_change_max: Share::of_ten_thousandths(1_000),
            corrected_share_max: Share::of_ten_thousandths(1_000),
            salary_change_max: Share::of_ten_thousandths(2_000),
            headcount_min: 10,
            people_min: 1,
        },
        zone: Zone::UTC,
        benbase: Some(("er_1", BTreeSet::from(["US".to_owned()]))),
    }
}

fn payroll() -> Payroll {
    let wide = |code: &str| WideDeduction {
        code: code.to_owned(),
        employee_column: Some(code.to_owned()),
        employer_column: (code != "CYC").then(|| format!("{code}_ER")),
        details: Default::default(),
    };
    Payroll {
        file: PathBuf::new(),
        encoding: Encoding::Utf8,
        delimiter: b',',
        table: Default::default(),
        marks: Marks::PLAIN,
        dates: DateLayout::iso(),
        placeholder_dates: PlaceholderDates::default(),
        cells: Default::default(),
        amounts: Default::default(),
        run_type_map: BTreeMap::new(),
        others: Vec::new(),
        columns: PayrollColumns {
            addr_line2: Some("Address 2".to_owned()),
            term_date: Some("Leave Date".to_owned()),
            ..PayrollColumns::default()
        },
        layout: DeductionLayout::Wide(["MED", "DEN", "PEN", "LIFE", "CYC", "GYM", "401K"].map(wide).to_vec()),
        period: Period::default(),
        currency_by_pay_group: BTreeMap::new(),
        currency: None,
        fold_id_case: false,
        totals_row: None,
        control_file: None,
        max_rejected_share: Share::of_ten_thousandths(0),
        period_age_max_days: 62,
        pay_frequency_map: BTreeMap::new(),
        employment_status_map: BTreeMap::new(),
        tax_treatment_map: BTreeMap::new(),
        rate_basis_map: BTreeMap::new(),
        rate_basis: RateBasis::Annually,
        part_time_pay: None,
        pay_groups: BTreeSet::new(),
        legal_entities: BTreeSet::new(),
    }
}

fn deductions() -> Deductions {
    let text = |(a, b): (&str, &str)| (a.to_owned(), b.to_owned());
    let benefits = [("MED", "_Medical"), ("DEN", "_Dental"), ("PEN", "_Pension"), ("LIFE", "_LifeInsurance")];
    Deductions {
        benefit_by_code: benefits.into_iter().chain([("CYC", "_CycleToWork")]).map(text).collect(),
        ignored_codes: [("401K", "not a benefit of Benifex")].map(text).into_iter().collect(),
        ignored_benefits: [("_Wellbeing", "free of charge")].map(text).into_iter().collect(),
        per_year: vec![DeductionsPerYear { pay_group: Some("US-BW".to_owned()), benefit: None, per_year: 24 }],
        ..Deductions::default()
    }
}

fn benifex() -> BenifexTerms {
    BenifexTerms {
        benefit_status: map([
            ("active", BenefitStatus::Live),
            ("pending", BenefitStatus::Pending),
            ("ended", BenefitStatus::Ended),
        ]),
        salary_currency_by_pay_group: map([("US-SM", currency("USD")), ("US-BW", currency("USD"))]),
        salary_currency_by_country: map([("GB", currency("GBP"))]),
        salary_basis_by_pay_group: BTreeMap::new(),
        salary_basis: Some(RateBasis::Annually),
        part_time_pay: None,
    }
}

fn rules() -> Rules {
    Rules {
        compensation_authority: Authority::Payroll,
        amount_tolerance_minor_units: None,
        salary_tolerance: Money::units(1),
        salary_tolerance_ppm: 100,
        material_amount: Money::units(1),
        material_share: Share::of_ten_thousandths(50),
        new_hire_grace_days: 30,
        coverage_end: Some(CoverageEnd::EndOfMonth),
        full_time_from_fte: 8_000,
        name_similarity: 9_000,
        leave_date_tolerance_days: 1,
    }
}
