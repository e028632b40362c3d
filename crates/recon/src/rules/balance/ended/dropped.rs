//! A benefit that somebody dropped before leaving: the service listed others of theirs still, and not this one.

use std::collections::{BTreeMap, BTreeSet};

use polars::prelude::*;

use crate::rules::Inputs;
use crate::rules::balance::Books;
use crate::rules::lines::expected::is_live;
use crate::rules::lines::labels::Catalog;
use crate::rules::lines::pair::Pair;
use crate::rules::people::everybody::Person;
use crate::rules::people::{People, date};
use crate::rules::timeline::positions::position;
use crate::scheme::FirstDeduction;
use crate::snapshot::{BENEFITS, POPULATION};
use tieout_model::balance::Account;
use tieout_model::finding::Payer;

/// By `emp` of whoever leaves in the period: the labels of what was in force at the cut-off, where anything was.
pub(in crate::rules::balance) fn listed_at_cutoff(
    inputs: &Inputs<'_>,
    people: &People<'_>,
    everybody: &[Person],
    catalog: &Catalog<'_>,
) -> PolarsResult<BTreeMap<u32, BTreeSet<u32>>> {
    let mut listed: BTreeMap<u32, BTreeSet<u32>> = BTreeMap::new();
    let Some(prior) = &inputs.prior else { return Ok(listed) };
    let ids = POPULATION.employee_id.of(prior.population)?;
    let leaves = |person: &Person| person.leave.is_some_and(|leave| person.payday.period().holds(leave));
    let leavers = (0_u32..).zip(everybody).filter(|(_, person)| leaves(person)).filter_map(|(emp, _)| {
        let id = people.ids.text(emp);
        let then = position(ids, id).filter(|_| !prior.others.contains(id))?;
        Some((u32::try_from(then).ok()?, emp))
    });
    let leavers: BTreeMap<u32, u32> = leavers.collect();
    if leavers.is_empty() {
        return Ok(listed);
    }
    let benefits = prior.benefits;
    for (row, then) in BENEFITS.emp.of(&benefits.frame)?.into_no_null_iter().enumerate() {
        let Some(emp) = leavers.get(&then) else { continue };
        if benefits.statuses.get(row).is_some_and(|status| is_live(inputs.job, status)) {
            let label = benefits.keys.get(row).and_then(|key| catalog.find_benefit(key));
            listed.entry(*emp).or_default().extend(label);
        }
    }
    Ok(listed)
}

impl Books<'_> {
    /// Somebody leaves after the cut-off, and had dropped the benefit by then: what is taken of it is no last
    /// deduction.
    pub(in crate::rules::balance) fn is_dropped_before_leaving(&self, person: &Person, pair: &Pair) -> bool {
        let after_cutoff = person.leave.is_some_and(|leave| date(leave) > self.file.cutoff);
        let account = self.lines.account(pair, Payer::Employee);
        after_cutoff && account.is_some_and(|account| self.is_dropped(pair.emp, person, &account, false))
    }

    /// Somebody leaves in the period, and had dropped the benefit before. `goes_on`: others of theirs are listed
    /// tonight. What is deducted in arrears is due of the days before all the same.
    pub(in crate::rules::balance) fn is_dropped(
        &self,
        emp: u32,
        person: &Person,
        account: &Account,
        goes_on: bool,
    ) -> bool {
        let Some(label) = self.lines.catalog.find_benefit(&account.benefit) else { return false };
        let in_arrears = self.lines.scheme(person, label).first_deduction == Some(FirstDeduction::InArrears);
        let gone_then = self.listed_at_cutoff.get(&emp).is_some_and(|listed| !listed.contains(&label));
        !in_arrears && (goes_on || gone_then)
    }
}
