//! Who belongs to another payroll file. The pay groups and legal entities that the file holds, or those that the job
//! names, are this payroll's; of people in Benifex who are in none of them and not on payroll nothing is said, but that
//! they moved there.

use std::collections::BTreeSet;

use chrono::NaiveDate;
use polars::prelude::*;

use crate::rules::identity::holders::Users;
use crate::rules::night::Night;
use crate::rules::people::other_files::OtherFiles;
use crate::rules::people::person_state::PersonState;
use crate::rules::people::{People, mark};
use crate::rules::schema::EMPLOYEES;
use crate::rules::timeline::positions::position;
use crate::rules::write::{Found, evidence};
use crate::rules::{Inputs, Prior};
use crate::snapshot::{POPULATION, USERS};
use crate::tables::column::{Column, Text};
use tieout_model::balance::PayPeriod;
use tieout_model::categorical::Categorical;
use tieout_model::code::Owner;
use tieout_model::finding::{Code, Finding};
use tieout_payroll::FilePeriod;

/// What tells the people of one payroll from those of another.
#[derive(Debug)]
pub(in crate::rules) struct PayrollMark {
    /// Column of Benifex's users.
    pub(in crate::rules) column: Column<Text>,
    /// Benifex's name of the field.
    pub(in crate::rules) field: &'static str,
    pub(in crate::rules) words: &'static str,
    /// What payroll has of its people.
    pub(in crate::rules) here: for<'a> fn(&Inputs<'a>) -> &'a Categorical,
    /// What the job names.
    pub(in crate::rules) named: for<'a> fn(&Inputs<'a>) -> &'a BTreeSet<String>,
    /// Where payroll does not say, Benifex says it of the people who are on payroll.
    by_benifex: bool,
}

pub(in crate::rules) const PAYROLL_MARKS: [PayrollMark; 2] = [
    PayrollMark {
        column: USERS.pay_group,
        field: "payGroup",
        words: "pay group",
        here: |inputs| &inputs.payroll.words.pay_group,
        named: |inputs| &inputs.job.payroll.pay_groups,
        by_benifex: false,
    },
    PayrollMark {
        column: USERS.legal_employer,
        field: "legalEmployerCompany",
        words: "legal entity",
        here: |inputs| &inputs.payroll.words.legal_entity,
        named: |inputs| &inputs.job.payroll.legal_entities,
        by_benifex: true,
    },
];

impl PayrollMark {
    pub(in crate::rules) fn is_pay_group(&self) -> bool {
        self.column.name == USERS.pay_group.name
    }
}

/// The groups or entities of this payroll, in Benifex's words too; `None`: nothing tells them, and everybody is asked
/// for.
fn ours<'a>(inputs: &Inputs<'a>, people: &People<'_>, mark: &PayrollMark) -> PolarsResult<Option<BTreeSet<&'a str>>> {
    let named = (mark.named)(inputs);
    if !named.is_empty() {
        return Ok(Some(named.iter().map(String::as_str).collect()));
    }
    let there: Vec<Option<&str>> = mark.column.of(inputs.users)?.iter().collect();
    let (mut held, mut written) = (BTreeSet::new(), BTreeSet::new());
    let (mut alike, mut unlike, mut silent) = (0_u64, 0_u64, 0_u64);
    for (person, user) in people.person.iter().zip(people.user.iter()) {
        let Some(person) = person else { continue };
        let here = (mark.here)(inputs).get(person as usize);
        let there = user.and_then(|user| there[user as usize]);
        held.extend(here);
        written.extend(there.filter(|_| here.is_some() || mark.by_benifex));
        match (here, there) {
            (Some(here), Some(there)) if here == there => alike += 1,
            (Some(_), Some(_)) => unlike += 1,
            (None, _) => silent += 1,
            (Some(_), None) => {}
        }
    }
    // Where the two sources write groups in other words, those of the people on payroll tell which are meant.
    if alike < unlike || (mark.by_benifex && silent > 0) {
        held.extend(written);
    }
    Ok((!held.is_empty()).then_some(held))
}

/// The groups or entities that the job names and the file has no row of, where it has rows of others: their file may
/// come on another night, and who was read with one is not missing tonight.
fn absent<'a>(inputs: &Inputs<'a>, mark: &PayrollMark) -> BTreeSet<&'a str> {
    let (named, words) = ((mark.named)(inputs), (mark.here)(inputs));
    let held: BTreeSet<&str> = (0..inputs.payroll.people.height()).filter_map(|row| words.get(row)).collect();
    let without_rows = named.iter().map(String::as_str).filter(|named| !held.contains(named));
    if named.iter().any(|named| held.contains(named.as_str())) { without_rows.collect() } else { BTreeSet::new() }
}

/// Everybody who is in Benifex in a pay group or legal entity of another payroll, or in another one's files, and not on
/// this one.
pub(in crate::rules) fn elsewhere(inputs: &Inputs<'_>, people: &People<'_>) -> PolarsResult<BooleanChunked> {
    let alone: Vec<bool> =
        EMPLOYEES.mark.of(&people.frame)?.into_no_null_iter().map(|who| who == mark::SERVICE_ONLY).collect();
    if inputs.payroll.other_runs_only {
        // Who had nothing beside the regular run is none of the file's.
        return Ok(alone.into_iter().collect());
    }
    let mut elsewhere = vec![false; alone.len()];
    if alone.contains(&true) {
        for mark in &PAYROLL_MARKS {
            let Some(ours) = ours(inputs, people, mark)? else { continue };
            let there: Vec<Option<&str>> = mark.column.of(inputs.users)?.iter().collect();
            let absent = absent(inputs, mark);
            let of_other_file = |emp: usize, theirs: &str| {
                absent.contains(theirs) && inputs.books.of(people.ids.text(emp as u32)).knows_before(NaiveDate::MAX)
            };
            for (emp, (elsewhere, user)) in elsewhere.iter_mut().zip(people.user.iter()).enumerate() {
                let theirs = user.filter(|_| alone[emp]).and_then(|user| there[user as usize]);
                *elsewhere |= theirs.is_some_and(|theirs| !ours.contains(theirs) || of_other_file(emp, theirs));
            }
        }
        let files = OtherFiles::new(inputs, people)?;
        for (emp, elsewhere) in elsewhere.iter_mut().enumerate().filter(|(emp, _)| alone[*emp]) {
            *elsewhere |= files.holds(people, emp);
        }
    }
    Ok(elsewhere.into_iter().collect())
}

/// Somebody who was of this payroll when the cut-off was, or in the period before, and is of another one now.
pub(in crate::rules) struct Mover<'a> {
    pub(in crate::rules) emp: u32,
    mark: &'static PayrollMark,
    /// That says so.
    snapshot: &'a str,
    from: &'a str,
    to: &'a str,
}

/// Those among the people of other payrolls. Who had nothing beside the regular run has not moved.
pub(in crate::rules) fn movers<'a>(
    inputs: &Inputs<'a>,
    people: &People<'_>,
    states: &[PersonState],
) -> PolarsResult<Vec<Mover<'a>>> {
    let elsewhere: Vec<u32> =
        (0_u32..).zip(states).filter(|(_, state)| **state == PersonState::Elsewhere).map(|(emp, _)| emp).collect();
    if elsewhere.is_empty() || inputs.payroll.other_runs_only {
        return Ok(Vec::new());
    }
    let (mut told, mut movers) = (BTreeSet::new(), Vec::new());
    for mark in &PAYROLL_MARKS {
        let Some(ours) = ours(inputs, people, mark)? else { continue };
        let of_prior = inputs.prior.iter().map(|prior| Before::of_prior(prior, mark));
        let of_last_read = inputs.last_read.iter().map(|last| Before::new(&last.snapshot, last.people(), mark));
        let before = of_prior.chain(of_last_read).collect::<PolarsResult<Vec<Before<'_>>>>()?;
        let there = mark.column.of(inputs.users)?;
        for emp in elsewhere.iter().copied() {
            let now = people.user.get(emp as usize).and_then(|row| there.get(row as usize)).unwrap_or_default();
            let id = people.ids.text(emp);
            let was =
                || before.iter().find_map(|one| Some((one.snapshot, one.of(id).filter(|was| ours.contains(was))?)));
            let stays = ours.contains(now) || (mark.named)(inputs).contains(now);
            if !now.is_empty()
                && !stays
                && let Some((snapshot, from)) = was()
                && told.insert(emp)
            {
                movers.push(Mover { emp, mark, snapshot, from, to: now });
            }
        }
    }
    Ok(movers)
}

/// ID09, but of those whom another file of the period, which an earlier night read, had already.
pub(in crate::rules) fn judge(night: &Night<'_>, found: &mut Found) -> PolarsResult<()> {
    let states: Vec<PersonState> = night.states.column.into_no_null_iter().map(PersonState::of).collect();
    let FilePeriod { start, end, .. } = night.inputs.payroll.period;
    let period = PayPeriod { start: Some(start), end };
    for mover in movers(night.inputs, &night.people, &states)? {
        if !night.inputs.books.of(night.id(mover.emp)).has_days_of(&period) {
            found.findings.push(moved(night, &mover)?);
        }
    }
    Ok(())
}

/// Pay groups or legal entities of an older snapshot.
pub(in crate::rules) struct Before<'a> {
    snapshot: &'a str,
    ids: &'a StringChunked,
    /// Ids of which it says nothing.
    others: Option<&'a BTreeSet<String>>,
    /// By `emp` of that snapshot.
    marks: Vec<Option<&'a str>>,
}

impl<'a> Before<'a> {
    pub(in crate::rules) fn of_prior(prior: &Prior<'a>, mark: &PayrollMark) -> PolarsResult<Before<'a>> {
        let people = Users { population: prior.population, users: prior.users };
        Ok(Before { others: Some(prior.others), ..Before::new(prior.id, people, mark)? })
    }

    fn new(snapshot: &'a str, people: Users<'a>, mark: &PayrollMark) -> PolarsResult<Before<'a>> {
        let ids = POPULATION.employee_id.of(people.population)?;
        let mut marks = vec![None; ids.len()];
        let users = USERS.emp.of(people.users)?.into_no_null_iter().zip(mark.column.of(people.users)?.iter());
        for (emp, mark) in users {
            if let Some(at) = marks.get_mut(emp as usize) {
                *at = mark;
            }
        }
        Ok(Before { snapshot, ids, others: None, marks })
    }

    pub(in crate::rules) fn of(&self, id: &str) -> Option<&'a str> {
        let is_others = self.others.is_some_and(|others| others.contains(id));
        self.marks[position(self.ids, id).filter(|_| !is_others)?]
    }
}

fn moved(night: &Night<'_>, mover: &Mover<'_>) -> PolarsResult<Finding> {
    let Mover { emp, mark, snapshot, from, to } = *mover;
    let blank = night.finding(Code::ID09, Some(emp))?;
    let words = mark.words;
    Ok(Finding {
        field: mark.column.name.to_owned(),
        payroll_value: "not on this payroll".to_owned(),
        system_value: to.to_owned(),
        evidence: vec![
            night.at_user(emp, mark.field)?,
            evidence("benifex", mark.field, &format!("snapshot {snapshot}")),
        ],
        sentence: format!(
            "Benifex has moved this employee from {words} {from} to {to}, which tonight's payroll file does not hold: see \
             that the payroll of {to} goes on with the deductions."
        ),
        ..blank
    }
    .moved_by(Owner::Payroll))
}
