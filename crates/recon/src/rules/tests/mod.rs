//! The rules as a whole: small literal worlds in, findings out. One file a family, one for the proofs.

mod coverage;
mod deducted;
mod frames;
pub mod job;
mod money;
mod oyster;
mod oyster_balance;
mod oyster_world;
mod person;
mod proofs;
mod rejected;
mod residence;
mod reused;
mod world;

use std::collections::BTreeSet;

use crate::rules::Judgement;
use crate::snapshot::Outcome;
use tieout_model::code::{Code, Owner};
use tieout_model::finding::{Finding, Payer};
use world::World;

/// Judges the world and checks that the codes found, with employee and benefit, are exactly these; also that both
/// proofs hold and that ids stay distinct, which no world may break.
#[track_caller]
pub fn check_rule(world: &World, expected: &[(&str, &str, &str)]) -> Judgement {
    let judgement = world.judge();
    check_sound(world, &judgement);
    let text = |f: &Finding| (f.code.name().to_owned(), f.employee_id.to_string(), f.benefit.clone());
    let found: BTreeSet<_> = judgement.findings.iter().map(text).collect();
    let own = |(code, id, benefit): &(&str, &str, &str)| (code.to_string(), id.to_string(), benefit.to_string());
    assert_eq!(found, expected.iter().map(own).collect::<BTreeSet<_>>());
    judgement
}

/// What holds in every world.
#[track_caller]
pub fn check_sound(world: &World, judgement: &Judgement) {
    assert_eq!(judgement.broken, Vec::<String>::new());
    for total in &judgement.control_totals {
        assert_eq!(total.residual(), 0, "{total:?}");
    }
    for rows in &judgement.dispositions {
        assert_eq!(rows.unplaced(), 0, "{rows:?}");
        // Rows of nobody, such as an engagement without a link, are in none of them.
        let of_source = judgement.found_rows.iter().filter(|found| found.source == rows.source);
        let told: u64 = of_source.map(|found| found.rows).sum();
        let all = if ["engagements", "enrollments"].contains(&&*rows.source) { told } else { rows.finding };
        assert!(told == all && told <= rows.finding, "{told} of {rows:?}");
    }
    let mut keys = BTreeSet::new();
    for f in &judgement.findings {
        assert!(keys.insert((f.code, &f.employee_id, &f.benefit, &f.field)), "two findings with one id: {f:?}");
        assert!(!f.sentence.is_empty() && !f.field.is_empty() && !f.evidence.is_empty(), "{f:?}");
        assert!(f.variances.is_sorted());
        check_owner(f);
        let outcome = world.outcomes.get(f.employee_id.as_str()).map(|o| o.0);
        let unknown = outcome == Some(Outcome::Unverified) || world.strangers.contains(&f.employee_id.as_str());
        let oyster =
            world.job.oyster.is_some() && f.evidence.iter().any(|e| ["oyster", "crosswalk"].contains(&&*e.source));
        assert!(!unknown || oyster || f.code.name() == "CT02", "a finding on an unverified person: {f:?}");
        check_engagement(world, f);
    }
    assert!(judgement.findings.is_sorted() && judgement.unverified.is_sorted() && judgement.out_of_scope.is_sorted());
}

/// The sentence names the owner and nobody else; what Benbase holds wrongly waits for the plan of corrections.
#[track_caller]
fn check_owner(f: &Finding) {
    let waits = [Code::CO07, Code::DE02].contains(&f.code) || (f.code == Code::DE01 && f.field == "address");
    let own = Owner::move_of(f.owner);
    assert_eq!(
        (f.sentence.matches(own).count(), f.sentence.matches("move.").count()),
        if waits { (0, 0) } else { (1, 1) },
        "{f:?}"
    );
    assert!(f.owner.is_some() || waits || f.clears_itself(), "{f:?}");
}

/// The one finding of a code.
#[track_caller]
pub fn only<'j>(judgement: &'j Judgement, code: &str) -> &'j Finding {
    let mut found = judgement.findings.iter().filter(|f| f.code.name() == code);
    let first = found.next().unwrap_or_else(|| panic!("no {code}"));
    assert!(found.next().is_none(), "several {code}");
    first
}

/// Benefit, side, payroll and expected of a finding's variances.
pub fn variances(finding: &Finding) -> Vec<(&str, Payer, i64, i64)> {
    finding.variances.iter().map(|v| (v.benefit.as_str(), v.payer, v.payroll.0, v.expected.0)).collect()
}

/// Reasons of what was not verified, with the employee.
pub fn unverified(judgement: &Judgement) -> Vec<(&str, &str)> {
    judgement.unverified.iter().map(|s| (s.employee_id.as_str(), &*s.reason)).collect()
}

/// Reasons of what is out of scope, with employee and benefit.
pub fn out_of_scope(judgement: &Judgement) -> Vec<(&str, &str, &str)> {
    judgement.out_of_scope.iter().map(|s| (s.employee_id.as_str(), s.benefit.as_str(), &*s.reason)).collect()
}

/// Nothing is said of an engagement that was not fetched, nor of anybody's benefits when it is not known whose it is.
#[track_caller]
fn check_engagement(world: &World, f: &Finding) {
    let linked = world.crosswalk.rows.get(f.employee_id.as_str()).and_then(|linked| linked.oyster_engagement_id);
    let unverified = world.engagements.iter().any(|e| Some(e.id.as_str()) == linked && e.unverified.is_some());
    let oysters = f.benefit.starts_with("_Oyster") || f.benefit.starts_with("plan ");
    let silent = unverified || !world.oyster_read;
    assert!(!(silent && oysters && !f.employee_id.is_empty()), "a finding on what was not fetched: {f:?}");
}

/// What a rule compared, and why not the rest.
pub fn coverage<'j>(judgement: &'j Judgement, code: &str) -> (u64, Vec<(&'j str, u64)>) {
    let of_rule = judgement.coverage.iter().find(|coverage| coverage.code.name() == code);
    let of_rule = of_rule.unwrap_or_else(|| panic!("no coverage of {code}"));
    (of_rule.compared, of_rule.not_compared.iter().map(|(reason, n)| (reason.as_str(), *n)).collect())
}
