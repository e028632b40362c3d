//! Who is which engagement: by the crosswalk, else, if the job says so, by an e-mail that exactly one employee and one
//! engagement have; never by name. What is claimed twice belongs to nobody.

use std::collections::{BTreeMap, BTreeSet, HashMap};

use polars::prelude::*;

use crate::rules::Inputs;
use crate::rules::oyster::rows::Engagement;
use crate::rules::people::person_state::{bare, names};
use crate::rules::people::{People, outcome};
use crate::rules::schema::EMPLOYEES;
use crate::tables::payroll::PAYROLL_PEOPLE;
use tieout_model::finding::SetAside;
use tieout_model::hash::sha256_hex;

/// Whose an engagement is.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(in crate::rules) enum EngagementOwner {
    Nobody,
    Employee(u32),
    /// An employee whom neither payroll nor the snapshot holds.
    Elsewhere,
    /// Several employees, or rows of the crosswalk that contradict each other.
    Contested,
}

/// What an employee is tied to.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(in crate::rules) enum Tie<'a> {
    /// Row of the engagement.
    Engagement(usize),
    /// Named by the crosswalk, not in the list.
    Unlisted(&'a str),
    /// Named for other employees too.
    Shared(&'a str),
    /// The crosswalk's rows contradict each other.
    Contradiction,
}

/// Both directions.
pub(in crate::rules) struct Links<'a> {
    /// By row of the engagements.
    pub(in crate::rules) owners: Vec<EngagementOwner>,
    pub(in crate::rules) ties: BTreeMap<u32, Tie<'a>>,
    /// Engagements of nobody.
    pub(in crate::rules) loose: u64,
    /// An e-mail of an engagement of nobody is not known: it may be any employee's.
    pub(in crate::rules) keys_unread: bool,
    /// Payroll has rows whose e-mail nobody saw: an engagement of nobody may be theirs.
    pub(in crate::rules) emails_unread: bool,
}

impl<'a> Links<'a> {
    pub(in crate::rules) fn new(
        inputs: &Inputs<'a>,
        people: &People<'_>,
        engagements: &[Engagement<'a>],
        match_email: bool,
    ) -> PolarsResult<Links<'a>> {
        let mut links = Links {
            owners: vec![EngagementOwner::Nobody; engagements.len()],
            ties: BTreeMap::new(),
            loose: 0,
            keys_unread: false,
            emails_unread: false,
        };
        links.by_crosswalk(inputs, people, engagements);
        if match_email {
            links.by_email(inputs, people, engagements)?;
        }
        links.loose = links.owners.iter().filter(|owner| **owner == EngagementOwner::Nobody).count() as u64;
        Ok(links)
    }

    fn by_crosswalk(&mut self, inputs: &Inputs<'a>, people: &People<'_>, engagements: &[Engagement<'a>]) {
        let rows: HashMap<&str, usize> = engagements.iter().map(|e| e.id).zip(0..).collect();
        let mut claims: BTreeMap<&'a str, (BTreeSet<u32>, bool)> = BTreeMap::new();
        for (employee, linked) in inputs.crosswalk.rows.iter() {
            let Some(engagement) = linked.oyster_engagement_id else { continue };
            let claim = claims.entry(engagement.trim()).or_default();
            match people.ids.find(employee) {
                Some(emp) => _ = claim.0.insert(emp),
                None => claim.1 = true,
            }
        }
        for (engagement, (emps, stranger)) in claims {
            let row = rows.get(engagement).copied();
            let alone = emps.len() + usize::from(stranger) == 1;
            let owner = match (alone, emps.first()) {
                (true, Some(emp)) => EngagementOwner::Employee(*emp),
                (true, None) => EngagementOwner::Elsewhere,
                _ => EngagementOwner::Contested,
            };
            for emp in emps {
                let tie = match (alone, row) {
                    (false, _) => Tie::Shared(engagement),
                    (true, Some(row)) => Tie::Engagement(row),
                    (true, None) => Tie::Unlisted(engagement),
                };
                self.ties.insert(emp, tie);
            }
            if let Some(row) = row {
                self.owners[row] = owner;
            }
        }
        for (employee, named) in &inputs.crosswalk.contested {
            if let Some(emp) = people.ids.find(employee).filter(|_| !named.is_empty()) {
                self.ties.insert(emp, Tie::Contradiction);
            }
            for row in named.iter().filter_map(|id| rows.get(id.trim())) {
                self.owners[*row] = EngagementOwner::Contested;
            }
        }
    }

    fn by_email(
        &mut self,
        inputs: &Inputs<'a>,
        people: &People<'_>,
        engagements: &[Engagement<'a>],
    ) -> PolarsResult<()> {
        let mut having: HashMap<&str, (Vec<usize>, BTreeSet<u32>)> = HashMap::new();
        for (row, engagement) in engagements.iter().enumerate() {
            if let Some(key) = engagement.email_key {
                having.entry(key).or_default().0.push(row);
            }
            let unread = engagement.unverified.is_some() || engagement.faults.is_some_and(email_faulty);
            self.keys_unread |= unread && engagement.email_key.is_none() && self.owners[row] == EngagementOwner::Nobody;
        }
        let payroll = inputs.payroll;
        self.emails_unread = !payroll.rejects.is_empty() || payroll.set_aside.iter().any(off_payroll(people));
        let emails = PAYROLL_PEOPLE.email.of(&inputs.payroll.people)?.iter();
        if !having.is_empty() {
            for (emp, email) in people.ids.of_person.iter().zip(emails) {
                let Some(email) = email.map(str::trim).filter(|e| !e.is_empty()) else { continue };
                if let Some((_, emps)) = having.get_mut(sha256_hex(email.to_lowercase()).as_str()) {
                    emps.insert(*emp);
                }
            }
        }
        for (rows, emps) in having.into_values() {
            let ([row], [emp]) = (&rows[..], &emps.into_iter().collect::<Vec<_>>()[..]) else { continue };
            if self.owners[*row] == EngagementOwner::Nobody && !self.ties.contains_key(emp) {
                self.owners[*row] = EngagementOwner::Employee(*emp);
                self.ties.insert(*emp, Tie::Engagement(*row));
            }
        }
        Ok(())
    }
}

/// A row of another run, of somebody without a row in this one.
fn off_payroll(people: &People<'_>) -> impl Fn(&SetAside) -> bool {
    |aside| people.ids.find(aside.employee_id.as_str()).is_none_or(|emp| people.person.get(emp as usize).is_none())
}

/// The e-mail was there and could not be read.
pub(in crate::rules) fn email_faulty(faults: &str) -> bool {
    names(faults).any(|name| name == "email_key")
}

/// Of whom a payroll row was rejected or belongs to another run, or whose id payroll may have written in another way.
pub(in crate::rules) fn lost(
    ties: &BTreeMap<u32, Tie<'_>>,
    inputs: &Inputs<'_>,
    people: &People<'_>,
) -> PolarsResult<BTreeSet<u32>> {
    let off = |emp: &u32| people.person.get(*emp as usize).is_none();
    let find = |id: &str| people.ids.find(id);
    let payroll = inputs.payroll;
    let mut lost: BTreeSet<u32> =
        payroll.rejects.iter().filter_map(|reject| find(reject.employee_id.as_str())).collect();
    lost.extend(payroll.set_aside.iter().filter_map(|aside| find(aside.employee_id.as_str())).filter(off));
    if payroll.rejects.iter().any(|reject| reject.employee_id.is_empty()) {
        lost.extend(ties.keys().copied().filter(off));
    }
    let mut spellings: BTreeMap<String, Vec<u32>> = BTreeMap::new();
    for emp in ties.keys().filter(|emp| off(emp)) {
        spellings.entry(bare(people.ids.text(*emp))).or_default().push(*emp);
    }
    if spellings.is_empty() {
        return Ok(lost);
    }
    let outcomes = EMPLOYEES.outcome.of(&people.frame)?;
    for emp in &people.ids.of_person {
        let known = outcomes.get(*emp as usize) == Some(outcome::FOUND) || ties.contains_key(emp);
        if let Some(others) = spellings.get(&bare(people.ids.text(*emp))).filter(|_| !known) {
            lost.extend(others.iter().copied().chain([*emp]));
        }
    }
    Ok(lost)
}
