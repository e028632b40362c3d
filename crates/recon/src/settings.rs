//! What the job says of reconciling: tolerances, materiality and authorities, and how the services' words are read.

use std::collections::{BTreeMap, BTreeSet};
use tieout_model::share::Share;

use serde::Deserialize;

use crate::scheme::SchemeEntry;
use tieout_corrections::settings::Guards;
use tieout_model::money::{Currency, Money};
use tieout_model::terms::{Authority, BenefitStatus, PartTimePay, RateBasis};
use tieout_model::zone::Zone;
use tieout_payroll::settings::{Deductions, Payroll};

/// What the rules read of a job.
#[derive(Clone, Copy, Debug)]
pub struct Settings<'j> {
    pub zone: &'j Zone,
    pub payroll: &'j Payroll,
    pub deductions: &'j Deductions,
    /// The more specific entries of a rule win, see [`crate::scheme::Scheme::of`].
    pub schemes: &'j [SchemeEntry],
    pub benifex: &'j BenifexTerms,
    /// `None`: nobody of this job is employed through Oyster.
    pub oyster: Option<&'j OysterPlans>,
    pub rules: &'j Rules,
    pub guards: &'j Guards,
    /// `None`: no Benbase corrections are derived for this job.
    pub benbase: Option<BenbaseTerms<'j>>,
}

/// How payroll systems write the United States, in upper case; the first is the ISO code.
pub const UNITED_STATES: [&str; 5] = ["US", "USA", "UNITED STATES", "UNITED STATES OF AMERICA", "U.S.A."];

/// Whom Benbase covers.
#[derive(Clone, Copy, Debug)]
pub struct BenbaseTerms<'j> {
    /// Benbase's id of the employer, which no employee may have.
    pub employer_id: &'j str,
    /// Countries, as payroll writes them, in upper case.
    pub countries: &'j BTreeSet<String>,
    /// The job proposes new hires, and terminations.
    pub hires: bool,
    pub terminations: bool,
}

/// How Benifex's words and salaries are read (contracts, section 1.3).
#[derive(Clone, Debug)]
pub struct BenifexTerms {
    /// Benefit status as the service writes it (trimmed, lower case) → its class.
    pub benefit_status: BTreeMap<String, BenefitStatus>,
    /// Salary currency by pay group, then by country of work, in upper case (CU02).
    pub salary_currency_by_pay_group: BTreeMap<String, Currency>,
    pub salary_currency_by_country: BTreeMap<String, Currency>,
    /// The service states no basis of a salary; by pay group, else `salary_basis`, else a year (CO06).
    pub salary_basis_by_pay_group: BTreeMap<String, RateBasis>,
    pub salary_basis: Option<RateBasis>,
    /// What the salary of a part-timer is; `None`: nobody says.
    pub part_time_pay: Option<PartTimePay>,
}

/// What Oyster's plans are to payroll, and when they count as wrong.
#[derive(Clone, Debug)]
pub struct OysterPlans {
    /// Plan id → the benefit that payroll codes are mapped to. A benefit belongs to Oyster or to Benifex, never to
    /// both.
    pub plans: BTreeMap<String, String>,
    /// Plan ids that payroll never deducts, with the reason (EN13).
    pub ignored_plans: BTreeMap<String, String>,
    /// Engagements that the crosswalk does not name are matched by payroll's e-mail.
    pub match_email: bool,
    /// What a price is for; the service does not say.
    pub price_period: PricePeriod,
    /// Benefit (Benifex's or Oyster's) → category, in upper case (EN07). An Oyster benefit without an entry has the
    /// category of its plan.
    pub categories: BTreeMap<String, String>,
    /// Benefits that contractors may be charged for (EN15).
    pub contractor_benefits: BTreeSet<String>,
    /// Days in one state that is not final until it counts as stuck (EN10).
    pub stuck_after_days: i64,
    /// The same for REQUESTED.
    pub requested_stuck_after_days: i64,
    /// AM15: a charge may be off its estimate by the greater of the two.
    pub estimate_tolerance_share: Share,
    pub estimate_tolerance: Money,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum PricePeriod {
    Month,
    Year,
}

impl PricePeriod {
    /// Prices a year.
    pub fn per_year(self) -> i64 {
        match self {
            PricePeriod::Month => 12,
            PricePeriod::Year => 1,
        }
    }
}

/// Tolerances, materiality and authorities of the rules.
#[derive(Clone, Debug)]
pub struct Rules {
    /// Which source is right about pay.
    pub compensation_authority: Authority,
    /// Overrides the derived rounding tolerance of one period (1 + 6/D minor units), in minor units.
    pub amount_tolerance_minor_units: Option<u32>,
    /// CO01: the greater of the two.
    pub salary_tolerance: Money,
    /// CO01, in 1/1,000,000 of the greater salary.
    pub salary_tolerance_ppm: u32,
    /// A variance is material from this amount a period on…
    pub material_amount: Money,
    /// …or from this share of the expected amount on, in 1/10,000.
    pub material_share: Share,
    /// Days since hire during which a person may be missing in the other system (ID01, ID02).
    pub new_hire_grace_days: i64,
    /// When cover ends after a leave date; `None`: the job does not say.
    pub coverage_end: Option<CoverageEnd>,
    /// FTE from which somebody is full time (CO04), in 1/10,000.
    pub full_time_from_fte: i64,
    /// DE04: similarity, in 1/10,000, from which two names count as the same.
    pub name_similarity: u32,
    /// DE07: days by which two leave dates may differ.
    pub leave_date_tolerance_days: i64,
}

/// When cover ends for a leaver (EN04, EN05).
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum CoverageEnd {
    LeaveDate,
    EndOfMonth,
    DaysAfter(i64),
}
