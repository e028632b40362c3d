//! The rules: payroll and the snapshot in, findings, proofs and facts out. Pure: no file, clock, network or database,
//! and nothing is guessed. A person or line is judged in the order of explanation (completeness, identity, currency,
//! existence, timing, amount) and ends in exactly one place; what could not be read or compared is unverified and never
//! becomes a difference. Values leave as plain structs; polars ends here.
//!
//! `people` and `lines` join, `lines::expected` prices, `people::person_state` and `ladder` decide, `balance` settles
//! with earlier periods, one file a family writes the findings, and `proofs` shows that nothing was lost. `oyster` does
//! the same for the benefits of people employed through Oyster, and is not there for jobs without it.

mod balance;
mod calendar;
mod differences;
mod identity;
mod ladder;
mod lines;
mod night;
mod order;
mod oyster;
mod pay;
mod people;
mod place;
mod proofs;
mod schema;
#[cfg(test)]
mod tests;
mod timeline;
mod write;

use rayon::join;
use rayon::prelude::*;
use std::collections::{BTreeMap, BTreeSet};
use std::iter::once;

use anyhow::Context as _;
use chrono::NaiveDate;
use polars::prelude::{DataFrame, PolarsResult};

use crate::balance::BalanceHistory;
use crate::settings::Settings;
use crate::snapshot;
use crate::tables::payroll::PayrollTables;
pub use balance::Endings;
pub use identity::foreign_links::{LinkDoubt, OlderLinks, older_links};
pub use identity::holders::{Beginners, Users, begun_since, others};
pub use lines::benefits::{Benefits, REPEATED};
use night::Night;
use order::{one_each, report_order};
pub use people::departed::{Departed, LastRead};
use place::Fate;
use proofs::Proofs;
use tieout_model::balance::{BalanceTotal, Page};
use tieout_model::code::Code;
use tieout_model::control::{BaseLine, ControlTotal, Coverage, Disposition, FoundRows, PastPeriods, PeriodsByGroup};
use tieout_model::correction::{BenbaseLedger, PersonValues};
use tieout_model::enrollment::Sightings;
use tieout_model::finding::{Finding, SetAside};
use tieout_model::history::Pending;
use tieout_model::ids::PayrollId;
use tieout_payroll::crosswalk::Crosswalk;
pub use timeline::hired_again::HiredAgain;
pub use timeline::replaced::Replaced;
pub use timeline::vanished::Vanished;
pub use timeline::{Ahead, Before};
use write::Found;

/// Everything that is compared tonight. Frames have the columns that `tables` and `snapshot` document.
pub struct Inputs<'a> {
    pub job: Settings<'a>,
    pub as_of: NaiveDate,
    pub payroll: &'a PayrollTables,
    pub population: &'a DataFrame,
    pub users: &'a DataFrame,
    pub benefits: &'a Benefits,
    pub snapshot_id: &'a str,
    pub prior: Option<Prior<'a>>,
    /// Of people who are on this payroll no more, and of whom `prior` tells nothing from before.
    pub last_read: &'a [LastRead],
    /// `None`: nobody of this job is employed through Oyster.
    pub oyster: Option<OysterEvidence<'a>>,
    pub crosswalk: &'a Crosswalk,
    /// Benbase ids that may not be the employee's who has them tonight.
    pub foreign_links: &'a BTreeMap<String, LinkDoubt>,
    pub last_good: Option<&'a BaseLine>,
    /// What earlier nights read of tonight's pay groups.
    pub past: &'a PastPeriods,
    /// The day that the snapshot's answers are of.
    pub answers_of: NaiveDate,
    /// What earlier nights posted to the benefit ledger.
    pub books: &'a BalanceHistory,
    /// What earlier nights left open of people's pay and personal data, and whose changes wait.
    pub pending: &'a Pending,
}

/// The newest snapshot taken on or before the cut-off day.
pub struct Prior<'a> {
    pub id: &'a str,
    pub population: &'a DataFrame,
    pub users: &'a DataFrame,
    pub benefits: &'a Benefits,
    /// Ids that were another person's then.
    pub others: &'a BTreeSet<String>,
}

/// Oyster's tables, and the states of its enrollments as they were first seen, tonight's included.
#[derive(Clone, Copy)]
pub struct OysterEvidence<'a> {
    pub tables: &'a snapshot::OysterSnapshot,
    pub sightings: &'a Sightings,
}

/// What the night found, in final order.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Judgement {
    pub findings: Vec<Finding>,
    pub out_of_scope: Vec<SetAside>,
    pub unverified: Vec<SetAside>,
    pub control_totals: Vec<ControlTotal>,
    pub dispositions: Vec<Disposition>,
    /// The rows that ended as findings, by whom.
    pub found_rows: Vec<FoundRows>,
    /// By employee id: everybody from whose findings a correction may come.
    pub person_values: BTreeMap<PayrollId, PersonValues>,
    pub verified: Verified,
    /// Headcount and totals, as the guards and later nights compare them.
    pub tonight: BaseLine,
    /// How much each rule compared, in the order of the codes.
    pub coverage: Vec<Coverage>,
    /// The pay periods that were judged, for later nights to compare with.
    pub periods: PeriodsByGroup,
    /// The file held no regular run: its headcount and totals are nothing to compare later nights with.
    pub other_runs_only: bool,
    /// Lines that could not be judged for a reason that the job can mend.
    pub mendable: u64,
    /// What the night posts to the benefit ledger, by employee and period.
    pub pages: Vec<Page>,
    /// What it posts instead where CT06 puts the file in doubt: what payroll took, and not what was due.
    pub held: Vec<Page>,
    /// The benefit ledger's proof, by benefit, payer and currency.
    pub balance_totals: Vec<BalanceTotal>,
    /// How the money of findings ended that are gone.
    pub endings: Endings,
    /// Proofs that failed (CT04, CT10), in sentences; the run is broken unless it is empty.
    pub broken: Vec<String>,
}

/// What tonight's evidence covers: history clears nothing else.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Verified {
    /// Employees of whom nothing could be judged.
    pub people: BTreeSet<PayrollId>,
    /// Of them, those of whom payroll has a row that could not be read.
    pub rows: BTreeSet<PayrollId>,
    /// Employee and benefit that could not be judged; a blank benefit stands for pay and personal data.
    pub parts: BTreeSet<(PayrollId, String)>,
    /// Every row of payroll was read, and everybody who was asked for was answered.
    pub complete: bool,
}

impl Verified {
    /// Whether the absence of a finding tonight proves that it is gone. Findings on no employee need a complete night.
    pub fn clears(&self, employee_id: &str, benefit: &str) -> bool {
        if employee_id.is_empty() {
            return self.complete;
        }
        !self.people.contains(employee_id) && !self.parts.contains(&(employee_id.into(), benefit.to_owned()))
    }
}

/// The tables side by side: who stands where, and which lines do not match. The tables of the proof are made of it.
pub struct Compared<'a> {
    night: Night<'a>,
    /// Where each employee ended, by `emp`; empty before they are judged.
    fates: Vec<Fate>,
}

/// Compares payroll with the services. Errors are faults of the frames, which whoever made them has checked: mistakes
/// of ours.
pub fn compare<'a>(inputs: &'a Inputs<'a>) -> anyhow::Result<Compared<'a>> {
    Ok(Compared { night: Night::new(inputs).context(FAULTY)?, fates: Vec::new() })
}

impl Compared<'_> {
    /// Judges what was compared, and Benbase as the ledger knows it. It is a step of its own because the ledger of many
    /// employees takes long to read and nothing before needs it. Errors: as of [`compare`].
    pub fn judge(&mut self, ledger: &BenbaseLedger) -> anyhow::Result<Judgement> {
        let pages = std::mem::take(&mut self.night.balances.pages);
        let (judgement, fates) = judge(&self.night, ledger).context(FAULTY)?;
        self.fates = fates;
        Ok(Judgement { pages, ..judgement })
    }
}

const FAULTY: &str = "the rules could not read the tables of payroll or snapshot";

/// One family of rules: reads the night, adds what it found.
type Family = fn(&Night<'_>, &mut Found) -> PolarsResult<()>;

/// A family with the night that it reads.
type OfNight<'n> = dyn Fn(&mut Found) -> PolarsResult<()> + Sync + 'n;

/// The families that need no ledger, those that take longest first. What reads what the others found comes in
/// [`proved`].
const FAMILIES: [Family; 23] = [
    identity::demographic::judge,
    identity::residence::judge,
    pay::compensation::judge,
    proofs::scope::judge,
    proofs::completeness::judge,
    proofs::sequence::judge,
    identity::judge,
    identity::reused::judge,
    people::employed::judge,
    people::elsewhere::judge,
    identity::other_group::judge,
    differences::currency::judge,
    differences::existence::judge,
    timeline::timing::judge,
    calendar::holiday::judge,
    calendar::part_period::judge,
    differences::amount::judge,
    lines::whole_code::judge,
    differences::tolerated::judge,
    balance::judge,
    oyster::judge,
    identity::rejected::judge,
    pay::frequency::judge,
];

fn judge(night: &Night<'_>, ledger: &BenbaseLedger) -> PolarsResult<(Judgement, Vec<Fate>)> {
    let mut found = families(night, ledger)?;
    let mut out_of_scope = std::mem::take(&mut found.out_of_scope);
    let ((), rest) = join(|| out_of_scope.sort(), || proved(night, &mut found));
    let (proofs, facts) = rest?;
    let judgement = Judgement {
        verified: verified(night, &found)?,
        coverage: proofs::coverage::coverage(night, &found)?,
        mendable: proofs::coverage::mendable(night),
        tonight: night.tonight.clone(),
        out_of_scope,
        unverified: found.unverified,
        control_totals: proofs.control_totals,
        dispositions: proofs.dispositions,
        found_rows: proofs.found_rows,
        person_values: facts,
        periods: night.inputs.payroll.periods.clone(),
        other_runs_only: night.inputs.payroll.other_runs_only,
        pages: Vec::new(),
        held: if found.findings.iter().any(|f| f.code == Code::CT06) {
            proofs::held::pages(night)?
        } else {
            Vec::new()
        },
        balance_totals: night.balances.totals.clone(),
        endings: balance::endings(night),
        broken: proofs.broken,
        findings: found.findings,
    };
    Ok((judgement, proofs.people))
}

/// What reads what others found (ID08, people of whom nothing is told, open balances), the proofs and what planning
/// needs; findings and unverified are in their final order afterwards.
fn proved(night: &Night<'_>, found: &mut Found) -> PolarsResult<(Proofs, BTreeMap<PayrollId, PersonValues>)> {
    identity::links::judge(night, found)?;
    identity::told_nothing::judge(night, found)?;
    balance::complete(night, &mut found.findings)?;
    let (facts, proofs) = join(|| people::person_values::person_values(night, found), || proofs::prove(night, found));
    let (mut facts, proofs) = (facts?, proofs?);
    if proofs.findings.iter().any(Finding::stops_everybody) {
        facts.values_mut().for_each(|facts| facts.blocked = true);
    }
    found.findings.extend(proofs.findings.iter().cloned());
    found.findings = one_each(std::mem::take(&mut found.findings));
    found.unverified.sort();
    Ok((proofs, facts))
}

/// All that need no other findings, side by side: no family reads what another found, and all is sorted in the end.
fn families(night: &Night<'_>, ledger: &BenbaseLedger) -> PolarsResult<Found> {
    let of_ledger = |found: &mut Found| with_ledger(night, ledger, found);
    let others = FAMILIES.map(|family| move |found: &mut Found| family(night, found));
    let all: Vec<&OfNight<'_>> = once(&of_ledger as _).chain(others.iter().map(|family| family as _)).collect();
    let judged = |family: &&OfNight<'_>| {
        let mut found = Found::default();
        family(&mut found)?;
        // They are merged in this order later.
        found.findings.sort_by(report_order);
        PolarsResult::Ok(found)
    };
    let of_each: Vec<PolarsResult<Found>> = all.par_iter().map(judged).collect();
    let mut found = Found::default();
    for of_family in of_each {
        found.add(of_family?);
    }
    Ok(found)
}

/// CO07 and DE of the ledger's people. It takes longest.
fn with_ledger(night: &Night<'_>, ledger: &BenbaseLedger, found: &mut Found) -> PolarsResult<()> {
    let covered = pay::benbase::covered(night, ledger)?;
    let known = covered.iter().filter(|(_, held)| held.is_some()).count() as u64;
    found.in_ledger = night.inputs.job.benbase.map(|_| (known, covered.len() as u64));
    pay::benbase::judge(night, ledger, &covered, found)?;
    pay::left_and_hired::judge(night, ledger, &covered, found)?;
    identity::residence::judge_covered(night, ledger, &covered, found)
}

fn verified(night: &Night<'_>, found: &Found) -> PolarsResult<Verified> {
    let mut unverified = night.in_state(people::person_state::PersonState::Unverified);
    unverified.extend(night.in_state(people::person_state::PersonState::RowUnused));
    let complete = night.inputs.payroll.rejects.is_empty()
        && unverified.is_empty()
        && night.oyster.as_ref().is_none_or(oyster::Oysters::complete);
    // What their own payroll's nights found of them stays open until that payroll is compared again.
    unverified.extend(night.in_state(people::person_state::PersonState::Elsewhere));
    if let Some(oyster) = &night.oyster {
        unverified.extend(oyster.unread(&night.people, night.inputs)?);
    }
    let part = |aside: &SetAside| (aside.employee_id.clone(), aside.benefit.clone());
    Ok(Verified {
        complete,
        people: unverified.into_iter().map(|emp| night.id(emp).into()).collect(),
        rows: night
            .in_state(people::person_state::PersonState::RowUnused)
            .iter()
            .map(|emp| night.id(*emp).into())
            .collect(),
        parts: found.unverified.iter().map(part).collect(),
    })
}
