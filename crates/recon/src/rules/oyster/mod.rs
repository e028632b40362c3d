//! Oyster's rules: engagements linked to employees, enrollments as expected lines beside Benifex's, a ladder of their
//! own for the lines of Oyster's benefits, and the findings that follow (ID03, EN07 to EN10, EN15, AM14 to AM16). Only
//! what an engagement's own complete answer says accuses anybody.

mod amount;
mod cover;
mod double_cover;
mod due;
mod existence;
mod identity;
mod ladder;
mod link;
mod rows;
mod rungs;
mod tally;
mod terms;
mod trailing;
mod unreadable;
mod write;

use std::collections::{BTreeMap, BTreeSet};

use chrono::NaiveDate;
use polars::prelude::*;

use self::cover::{OysterCover, changed_late, sightings, standing};
use self::double_cover::Theirs;
use self::link::{EngagementOwner, Links, Tie};
use self::rows::{Engagement, Enrollment};
pub(super) use self::rungs::BACKDATED_MAX;
use self::tally::Tally;
pub(super) use self::terms::Due;
use crate::rules::Inputs;
use crate::rules::lines::deducted::KindWords;
use crate::rules::lines::dictionary::BLANK;
use crate::rules::lines::expected::Encoded;
use crate::rules::lines::labels::{Catalog, Label};
use crate::rules::night::Night;
use crate::rules::people::People;
use crate::rules::people::person_state::{PersonState, States};
use crate::rules::schema::{EMPLOYEES, LINES};
use crate::rules::write::Found;
use crate::settings;
use crate::tables::payroll::{PAYROLL_LINES, PAYROLL_PEOPLE};
use tieout_model::enrollment::{EnrollmentState, Sighting, Sightings};

/// What the label of an enrollment without a plan id is.
const NO_PLAN: &str = "plan";
/// Why nothing of Oyster is known when it was not asked.
const NOT_READ: &str = "Oyster was not read";

/// Why a list without any engagement is not believed.
const NOBODY_LISTED: &str = "it shows no engagement at all, though payroll charges its benefits or the crosswalk names \
                             engagements; check scope and customer_id in [oyster] of the job";

/// Oyster's part of the night.
pub(super) struct Oysters<'a> {
    settings: &'a settings::OysterPlans,
    engagements: Vec<Engagement<'a>>,
    enrollments: Vec<Enrollment<'a>>,
    /// Why the list is not whole.
    list_fault: Option<&'a str>,
    sightings: Option<&'a Sightings>,
    links: Links<'a>,
    /// Of whom a payroll row may be missing.
    lost: BTreeSet<u32>,
    /// Who may be employed through Oyster, for their e-mail or their charges, where not all of it was read.
    unseen: BTreeSet<u32>,
    /// Label → the plan that it stands for, where the job gives that plan to no benefit.
    labels: BTreeMap<u32, Option<&'a str>>,
    /// What Oyster says, by employee and label.
    covers: BTreeMap<(u32, u32), OysterCover>,
    /// Why a line was not judged, by employee and label.
    reasons: BTreeMap<(u32, u32), String>,
    /// Live benefits in Benifex of linked employees.
    theirs: Vec<Theirs>,
    tally: Tally,
}

impl<'a> Oysters<'a> {
    /// `None` unless the job has people in Oyster. Gives every benefit and unmapped plan its label.
    pub(super) fn new(
        inputs: &Inputs<'a>,
        people: &People<'_>,
        kinds: &KindWords,
        catalog: &mut Catalog<'_>,
    ) -> PolarsResult<Option<Oysters<'a>>> {
        let Some(settings) = &inputs.job.oyster else { return Ok(None) };
        let (engagements, enrollments) = match &inputs.oyster {
            Some(oyster) => rows::read(oyster.tables)?,
            None => (Vec::new(), Vec::new()),
        };
        let links = Links::new(inputs, people, &engagements, settings.match_email)?;
        let mut oyster = Oysters {
            settings,
            lost: link::lost(&links.ties, inputs, people)?,
            links,
            engagements,
            enrollments,
            list_fault: inputs.oyster.map_or(Some(NOT_READ), |oyster| oyster.tables.list_fault.as_deref()),
            sightings: inputs.oyster.map(|oyster| oyster.sightings),
            labels: settings.plans.values().map(|benefit| (catalog.labels.number(benefit), None)).collect(),
            unseen: BTreeSet::new(),
            covers: BTreeMap::new(),
            reasons: BTreeMap::new(),
            theirs: Vec::new(),
            tally: Tally::default(),
        };
        oyster.labels.remove(&BLANK);
        if oyster.engagements.is_empty() && (!oyster.links.ties.is_empty() || oyster.charged(inputs, kinds)?) {
            oyster.list_fault = oyster.list_fault.or(Some(NOBODY_LISTED));
        }
        oyster.cover(inputs, catalog);
        Ok(Some(oyster))
    }

    /// Payroll takes something for a benefit of Oyster's.
    fn charged(&self, inputs: &Inputs<'_>, kinds: &KindWords) -> PolarsResult<bool> {
        let lines = &inputs.payroll.lines;
        let amounts = PAYROLL_LINES.ee_amount.of(lines)?.iter().zip(PAYROLL_LINES.er_amount.of(lines)?.iter());
        let mut charges = PAYROLL_LINES.kind.of(lines)?.into_no_null_iter().zip(amounts);
        let owned = |kind: u32| self.owns(kinds.labels[kind as usize]);
        Ok(charges.any(|(kind, (ee, er))| (ee.unwrap_or(0), er.unwrap_or(0)) != (0, 0) && owned(kind)))
    }

    /// Puts the enrollments of linked engagements together, by employee and label.
    fn cover(&mut self, inputs: &Inputs<'a>, catalog: &mut Catalog<'_>) {
        let cutoff = inputs.payroll.period.cutoff;
        let mut grouped: BTreeMap<(u32, u32), (usize, Vec<_>)> = BTreeMap::new();
        for row in 0..self.enrollments.len() {
            let enrollment = &self.enrollments[row];
            let engagement = &self.engagements[enrollment.engagement];
            let EngagementOwner::Employee(emp) = self.links.owners[enrollment.engagement] else { continue };
            if engagement.unverified.is_some() {
                continue;
            }
            let seen = self.sightings.map_or(&[][..], |all| sightings(all, engagement.id, enrollment.id));
            let standing = standing(seen, &enrollment.state, cutoff);
            let (engagement, label) = (enrollment.engagement, self.label(enrollment.plan, catalog));
            grouped.entry((emp, label)).or_insert_with(|| (engagement, Vec::new())).1.push((row, standing));
        }
        for (key, (engagement, rows)) in grouped {
            let late = changed_late(&self.engagements[engagement], cutoff, inputs.job.zone);
            let number = |text: Option<&str>| catalog.currencies.number(text.unwrap_or_default());
            self.covers.insert(key, OysterCover::new(engagement, rows, &self.enrollments, late, number));
        }
    }

    /// The label of a plan: the benefit that the job gives it, or the plan itself.
    fn label(&mut self, plan: Option<&'a str>, catalog: &mut Catalog<'_>) -> u32 {
        match plan.and_then(|plan| self.settings.plans.get(plan)) {
            Some(benefit) => catalog.labels.number(benefit),
            None => {
                let label = catalog.labels.number(&plan_label(plan));
                self.labels.insert(label, plan);
                label
            }
        }
    }

    /// Leaves out the plans that the job leaves out.
    pub(super) fn describe(&self, labels: &mut [Label]) {
        for (label, plan) in &self.labels {
            if let Some(reason) = plan.and_then(|plan| self.settings.ignored_plans.get(plan)) {
                labels[*label as usize].ignored = Some(reason.clone());
            }
        }
    }

    /// A benefit that Benifex shows under a key of Oyster's is none of Oyster's: it goes by a label of its own.
    pub(super) fn keep_apart(&self, encoded: &mut Encoded, catalog: &mut Catalog<'_>) {
        for label in self.labels.keys() {
            let apart = format!("{} (Benifex)", catalog.labels.text(*label));
            encoded.relabel(*label, || catalog.labels.number(&apart));
        }
    }

    /// A label of Oyster's.
    pub(super) fn owns(&self, label: u32) -> bool {
        self.labels.contains_key(&label)
    }

    /// Employees whom the crosswalk or an e-mail ties to an engagement: nobody who should be in Benifex.
    pub(super) fn employs(&self) -> BTreeSet<u32> {
        self.links.ties.keys().copied().collect()
    }

    /// Nobody employed through Oyster is missing in Benifex: neither who is linked, nor who is charged for its benefits
    /// alone; and where the e-mails of engagements could not be read, nobody is known not to be.
    pub(super) fn excuse(
        &mut self,
        states: &mut States,
        taken: &DataFrame,
        people: &People<'_>,
        inputs: &Inputs<'_>,
    ) -> PolarsResult<()> {
        let mut lines: BTreeMap<u32, (bool, bool)> = BTreeMap::new();
        let absent = |emp: u32| matches!(states.get(emp), PersonState::Missing | PersonState::NewHire);
        let emps = LINES.emp.of(taken)?.into_no_null_iter().zip(LINES.label.of(taken)?.into_no_null_iter());
        for (emp, label) in emps.filter(|(emp, _)| absent(*emp)) {
            let (ours, theirs) = lines.entry(emp).or_default();
            *(if self.owns(label) { ours } else { theirs }) = true;
        }
        let mut unseen = self.unseen(people, inputs)?;
        if self.emails_matter() {
            unseen.extend(lines.iter().filter(|(_, (ours, _))| *ours).map(|(emp, _)| *emp));
        }
        let now = |emp: u32, state: PersonState| {
            let (ours, theirs) = lines.get(&emp).copied().unwrap_or_default();
            let tied = self.links.ties.contains_key(&emp);
            match state {
                PersonState::NewHire if theirs => state,
                PersonState::Missing if tied => PersonState::Judged,
                PersonState::Missing | PersonState::NewHire if !theirs && (ours || tied) => PersonState::Judged,
                PersonState::Missing if unseen.contains(&emp) || self.lost.contains(&emp) => PersonState::RowUnused,
                _ => state,
            }
        };
        let numbers = (0_u32..).zip(states.column.into_no_null_iter());
        let column = numbers.map(|(emp, n)| now(emp, PersonState::of(n)).number()).collect();
        states.column = UInt32Chunked::from_vec(EMPLOYEES.state.name.into(), column);
        self.unseen = unseen.difference(&self.lost).copied().collect();
        Ok(())
    }

    /// Who may be linked by an e-mail that nobody saw tonight.
    fn unseen(&self, people: &People<'_>, inputs: &Inputs<'_>) -> PolarsResult<BTreeSet<u32>> {
        if !self.emails_matter() {
            return Ok(BTreeSet::new());
        }
        let emails = PAYROLL_PEOPLE.email.of(&inputs.payroll.people)?.iter();
        let with_email = people.ids.of_person.iter().zip(emails).filter(|(_, email)| email.is_some());
        Ok(with_email.map(|(emp, _)| *emp).collect())
    }

    fn found(&self, row: usize) -> Option<&Engagement<'a>> {
        Some(&self.engagements[row]).filter(|engagement| engagement.unverified.is_none())
    }

    /// The found engagement of an employee.
    fn engagement_of(&self, emp: u32) -> Option<&Engagement<'a>> {
        match self.links.ties.get(&emp) {
            Some(Tie::Engagement(row)) => self.found(*row),
            _ => None,
        }
    }

    /// The engagement is a contract, and the job does not allow the benefit for contractors: nothing is due.
    pub(super) fn may_not_charge(&self, emp: u32, benefit: &str) -> bool {
        self.engagement_of(emp).is_some_and(|engagement| engagement.contractor)
            && !self.settings.contractor_benefits.contains(benefit)
    }

    /// Employees of whom Oyster's side is not known tonight.
    pub(super) fn unread(&self, people: &People<'_>, inputs: &Inputs<'_>) -> PolarsResult<BTreeSet<u32>> {
        let known = |emp: &u32| self.engagement_of(*emp).is_some();
        let doubtful = |tie: &Tie<'_>| self.list_fault.is_some() || matches!(tie, Tie::Engagement(_));
        let ties = self.links.ties.iter().filter(|(emp, tie)| !known(emp) && doubtful(tie));
        let mut unread: BTreeSet<u32> = ties.map(|(emp, _)| *emp).collect();
        unread.extend(self.unseen(people, inputs)?.into_iter().filter(|emp| !known(emp)));
        Ok(unread)
    }

    /// The engagement was over by the cut-off, and nothing of it changed since.
    fn was_over_by_cutoff(&self, engagement: usize, inputs: &Inputs<'_>) -> bool {
        let engagement = &self.engagements[engagement];
        engagement.is_over() && !changed_late(engagement, inputs.payroll.period.cutoff, inputs.job.zone)
    }

    /// Enrollments of one engagement, which are neighbours.
    fn enrollments_of(&self, engagement: usize) -> impl Iterator<Item = &Enrollment<'a>> {
        let start = self.enrollments.partition_point(|e| e.engagement < engagement);
        self.enrollments[start..].iter().take_while(move |e| e.engagement == engagement)
    }

    /// What was ever seen of the enrollments of one engagement.
    fn history_of(&self, engagement: &str) -> impl Iterator<Item = (&'a str, &'a [Sighting])> {
        let engagement = engagement.to_owned();
        let first = (engagement.clone(), String::new());
        let all = self.sightings.into_iter().flat_map(move |all| all.range(first.clone()..));
        all.take_while(move |((id, _), _)| *id == engagement).map(|((_, id), seen)| (id.as_str(), seen.as_slice()))
    }

    /// Since when an enrollment was seen in tonight's state.
    fn seen_since(&self, enrollment: &Enrollment<'_>) -> Option<NaiveDate> {
        let engagement = self.engagements[enrollment.engagement].id;
        let seen = sightings(self.sightings?, engagement, enrollment.id);
        seen.last().filter(|s| EnrollmentState::parse(&s.state) == enrollment.state).map(|s| s.since)
    }

    /// The employee has an enrollment that names no plan.
    fn nameless(&self, emp: u32, catalog: &Catalog<'_>) -> bool {
        catalog.labels.find(NO_PLAN).is_some_and(|label| self.covers.contains_key(&(emp, label)))
    }

    /// The list is whole, and so is every engagement.
    pub(super) fn complete(&self) -> bool {
        self.list_fault.is_none() && self.engagements.iter().all(|e| e.unverified.is_none())
    }
}

/// What a plan without a mapping is called in findings and totals.
fn plan_label(plan: Option<&str>) -> String {
    plan.map_or_else(|| NO_PLAN.to_owned(), |plan| format!("{NO_PLAN} {plan}"))
}

/// Everything that Oyster gives rise to.
pub(super) fn judge(night: &Night<'_>, found: &mut Found) -> PolarsResult<()> {
    let Some(oyster) = &night.oyster else { return Ok(()) };
    identity::judge(night, oyster, found)?;
    unreadable::judge(night, oyster, found)?;
    existence::judge(night, oyster, found)?;
    amount::judge(night, oyster, found)?;
    oyster.set_asides(night, found);
    Ok(())
}
