//! The section `[rules]`: tolerances and authorities with their defaults (rules.md).

use serde::Deserialize;

use super::guards::share;
use super::problems::Problems;
use super::text::checks::within;
use super::text::key::Key;
use super::text::{Fraction, Quoted};
use tieout_model::money::Money;
use tieout_model::share::Share;
use tieout_model::terms::Authority;
use tieout_recon::settings::{CoverageEnd, Rules};

/// Longest grace period or date tolerance, in days.
const DAYS_MAX: i64 = 366;

#[derive(Debug, Default, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct RawRules {
    pub compensation_authority: Option<Authority>,
    pub amount_tolerance_minor_units: Option<u32>,
    pub salary_tolerance: Option<Quoted<Money>>,
    pub salary_tolerance_ppm: Option<u32>,
    pub material_amount: Option<Quoted<Money>>,
    pub material_share: Option<Quoted<Share>>,
    pub new_hire_grace_days: Option<i64>,
    pub coverage_end: Option<Quoted<CoverageEnd>>,
    pub full_time_from_fte: Option<Quoted<Fraction>>,
    pub name_similarity: Option<Quoted<Fraction>>,
    pub leave_date_tolerance_days: Option<i64>,
}

/// Tolerances and authorities.
pub fn rules(raw: RawRules, p: &mut Problems<'_>) -> Rules {
    let key = |name: &str| Key::of("rules").then(name);
    let amount_tolerance = raw
        .amount_tolerance_minor_units
        .map(|units| within(Some(units), 0, 0..=10_000, &key("amount_tolerance_minor_units"), p));
    Rules {
        compensation_authority: raw.compensation_authority.unwrap_or(Authority::Payroll),
        amount_tolerance_minor_units: amount_tolerance,
        salary_tolerance: raw.salary_tolerance.map_or(Money::units(1), |amount| amount.0),
        salary_tolerance_ppm: within(raw.salary_tolerance_ppm, 100, 0..=1_000_000, &key("salary_tolerance_ppm"), p),
        material_amount: raw.material_amount.map_or(Money::units(1), |amount| amount.0),
        material_share: share(raw.material_share, 50),
        new_hire_grace_days: within(raw.new_hire_grace_days, 30, 0..=DAYS_MAX, &key("new_hire_grace_days"), p),
        coverage_end: raw.coverage_end.map(|rule| rule.0),
        full_time_from_fte: i64::from(raw.full_time_from_fte.map_or(8_000, |Quoted(Fraction(fte))| fte)),
        name_similarity: raw.name_similarity.map_or(9_000, |Quoted(Fraction(similarity))| similarity),
        leave_date_tolerance_days: within(
            raw.leave_date_tolerance_days,
            1,
            0..=DAYS_MAX,
            &key("leave_date_tolerance_days"),
            p,
        ),
    }
}
