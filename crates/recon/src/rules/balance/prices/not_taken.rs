//! Cover that was in force at the cut-off, is gone tonight, and of which the period took nothing: something was due
//! until it ended, and when that was, nobody says. Neither payroll nor a service has a line of it.

use chrono::NaiveDate;
use polars::prelude::{PolarsResult, UInt32Chunked};

use crate::balance::{AccountPeriod, Employee};
use crate::rules::balance::change::Change;
use crate::rules::balance::{Books, Outcome};
use crate::rules::lines::expected::is_live;
use crate::rules::lines::pair::Pair;
use crate::rules::night::Night;
use crate::rules::people::date;
use crate::rules::people::everybody::Person;
use crate::rules::timeline::positions::position;
use crate::rules::write::{Found, money};
use crate::rules::{Inputs, Prior};
use crate::settings::Settings;
use crate::snapshot::{BENEFITS, POPULATION};
use tieout_model::balance::{Account, EntryKind};
use tieout_model::finding::SetAside;

/// What such cover cost in the period before, counts of 1/10,000.
#[derive(Debug)]
pub(in crate::rules::balance) struct NotTaken {
    account: Account,
    at_most: i64,
}

/// What the newest snapshot up to the cut-off says.
pub(in crate::rules::balance) struct AtCutoff<'i> {
    job: Settings<'i>,
    prior: Option<&'i Prior<'i>>,
    /// `emp` of each of its records, in one piece.
    emps: UInt32Chunked,
}

impl<'i> AtCutoff<'i> {
    pub(in crate::rules::balance) fn new(inputs: &'i Inputs<'_>) -> PolarsResult<AtCutoff<'i>> {
        let prior = inputs.prior.as_ref();
        let emps = prior.map(|prior| PolarsResult::Ok(BENEFITS.emp.of(&prior.benefits.frame)?.rechunk().into_owned()));
        Ok(AtCutoff { job: inputs.job, prior, emps: emps.transpose()?.unwrap_or_default() })
    }

    /// A record of the benefit was in force. `None` of one that cannot be read.
    pub(in crate::rules::balance) fn has(&self, employee_id: &str, benefit: &str) -> Option<bool> {
        let prior = self.prior.filter(|prior| !prior.others.contains(employee_id))?;
        let emp = position(POPULATION.employee_id.of(prior.population).ok()?, employee_id)? as u32;
        let emps = self.emps.cont_slice().ok()?;
        let first = emps.partition_point(|other| *other < emp);
        let mut rows = (first..emps.len()).take_while(|row| emps[*row] == emp);
        Some(rows.any(|row| {
            let named = prior.benefits.keys.get(row).map(|key| self.job.deductions.deducted_as(key));
            named == Some(benefit) && prior.benefits.statuses.get(row).is_some_and(|status| is_live(self.job, status))
        }))
    }
}

impl Books<'_> {
    /// Benifex had no record of the line's benefit in force at the cut-off.
    pub(in crate::rules::balance) fn was_none_at_cutoff(&self, pair: &Pair) -> bool {
        self.at_cutoff.has(self.id(pair.emp), self.lines.benefit(pair.label)) == Some(false)
    }

    /// Notes that of an account without a line. `changes`: of the person's lines.
    pub(in crate::rules::balance) fn not_taken(
        &self,
        emp: u32,
        employee: Employee<'_>,
        person: &Person,
        (account, cells): (&Account, &[AccountPeriod]),
        changes: &[Change<'_>],
        outcome: &mut Outcome,
    ) {
        let label = self.lines.catalog.find_benefit(&account.benefit);
        let keeps = label.is_some_and(|label| self.lines.keeps(person, label));
        let is_usual = person.is_judged() && person.payday.in_file == 1 && !self.is_beside(&employee, person);
        if !keeps || !is_usual || person.leave.is_some() || person.disputed {
            return;
        }
        let start = date(person.payday.start);
        let at_most = due_just_before(cells, start).filter(|_| !has_followed(account, changes, start, employee));
        let was_seen = || self.at_cutoff.has(self.id(emp), &account.benefit) == Some(true);
        if let Some(at_most) = at_most.filter(|_| was_seen()) {
            outcome.not_taken.push(NotTaken { account: account.clone(), at_most });
        }
    }
}

/// What was due in the period that ended just before the day by a record in force.
fn due_just_before(cells: &[AccountPeriod], start: NaiveDate) -> Option<i64> {
    let last = cells.iter().rfind(|cell| cell.period.end < start && !cell.period.is_one_day())?;
    let just_before = last.period.end.succ_opt() == Some(start);
    let in_force = last.cover_from.is_some() && !last.is_unsettled();
    Some(last.movements.get(EntryKind::Expected)).filter(|due| just_before && in_force && *due > 0)
}

/// Another plan has taken its place from the first day of the period on.
fn has_followed(account: &Account, changes: &[Change<'_>], start: NaiveDate, employee: Employee<'_>) -> bool {
    let takes_its_place = |change: &Change<'_>| {
        let is_new = employee.cells(&change.account).iter().all(|cell| cell.period.end >= start);
        let from_then_on = change.cell.cover_from == Some(start) && change.cell.period.end >= start;
        change.account.benefit != account.benefit && is_new && from_then_on
    };
    changes.iter().any(takes_its_place)
}

/// Tells it as unverified.
pub(in crate::rules::balance) fn judge(night: &Night<'_>, found: &mut Found) -> PolarsResult<()> {
    for (emp, all) in &night.balances.not_taken {
        for NotTaken { account, at_most } in all {
            let (amount, payer) = (money(*at_most, Some(account.currency)), account.payer.name());
            let reason = format!(
                "cover was in force at the cut-off and is gone since, and payroll took nothing of the {payer} in {period}: up to \
                 {amount} were due until it ended, by what the period before cost: Benifex should show when that was",
                period = night.period_text(*emp)?
            );
            let aside = night.person_aside(*emp, "payroll", reason);
            found.unverified.push(SetAside { benefit: account.benefit.to_string(), ..aside });
        }
    }
    Ok(())
}
