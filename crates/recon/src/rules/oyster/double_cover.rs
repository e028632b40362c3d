//! Double cover (EN07): a live benefit in Benifex and an enrollment that was in force in Oyster at the cut-off, of one
//! employee and one category. What is charged while it was not in force is EN08's, never both.

use std::collections::BTreeSet;

use polars::prelude::*;

use crate::rules::lines::labels::{Catalog, Label};
use crate::rules::night::Night;
use crate::rules::oyster::Oysters;
use crate::rules::oyster::cover::OysterCover;
use crate::rules::oyster::write::at_enrollment;
use crate::rules::schema::{EMPLOYEES, LINES};
use crate::rules::write::{Found, money};
use tieout_model::code::Owner;
use tieout_model::enrollment::EnrollmentState;
use tieout_model::finding::{Code, Finding};
use tieout_model::money::{Currency, Money};

/// A live benefit in Benifex of somebody whose engagement is linked, with its cost in the period.
#[derive(Clone, Debug)]
pub(in crate::rules) struct Theirs {
    emp: u32,
    label: u32,
    category: String,
    /// Both sides, and the number of their one currency.
    cost: Option<(i64, u32)>,
    per_year: i64,
}

impl Oysters<'_> {
    /// Remembers the live benefits in Benifex that have a category. `due`: Benifex's expected lines.
    pub(in crate::rules) fn remember(
        &mut self,
        due: &DataFrame,
        catalog: &Catalog<'_>,
        labels: &[Label],
    ) -> PolarsResult<()> {
        let category = |(text, label): (&String, &Label)| {
            self.settings.categories.get(text).filter(|_| label.ignored.is_none()).cloned()
        };
        let categories: Vec<Option<String>> = catalog.labels.texts().iter().zip(labels).map(category).collect();
        if categories.iter().all(Option::is_none) || self.links.ties.is_empty() {
            return Ok(());
        }
        let (emps, numbers_of) = (LINES.emp.of(due)?, LINES.label.of(due)?);
        let (live, bad) = (LINES.live.of(due)?, LINES.bad.of(due)?);
        let (e, r, d) = (LINES.employee_due.of(due)?, LINES.employer_due.of(due)?, LINES.per_year.of(due)?);
        let (ee_cur, er_cur) = (LINES.ee_cur.of(due)?, LINES.er_cur.of(due)?);
        for (row, label) in numbers_of.into_no_null_iter().enumerate() {
            let Some(category) = &categories[label as usize] else { continue };
            let emp = emps.get(row).unwrap_or_default();
            if !self.links.ties.contains_key(&emp) || live.get(row) != Some(true) || bad.get(row) != Some(false) {
                continue;
            }
            let (e, r) = (e.get(row).unwrap_or_default(), r.get(row).unwrap_or_default());
            let cost = one_currency([(e, ee_cur.get(row)), (r, er_cur.get(row))]);
            let per_year = d.get(row).unwrap_or_default();
            self.theirs.push(Theirs { emp, label, category: category.clone(), cost, per_year });
        }
        Ok(())
    }

    /// Category of an Oyster benefit: the job's, else that of a plan in force.
    fn category(&self, benefit: &str, cover: &OysterCover) -> Option<String> {
        let plan = || in_force(cover).find_map(|row| self.enrollments[row].category);
        self.settings.categories.get(benefit).cloned().or_else(|| plan().map(str::to_owned))
    }
}

/// Enrollments that were in force at the cut-off. None where that is not known: it may have begun since.
fn in_force(cover: &OysterCover) -> impl Iterator<Item = usize> {
    let doubtful = cover.late && !cover.known();
    let then = cover
        .rows
        .iter()
        .filter(move |(_, then)| !doubtful && then.state.as_ref().is_some_and(EnrollmentState::is_live));
    then.map(|(row, _)| *row)
}

/// The sum of two amounts with the number of their currency, where it is one.
fn one_currency(amounts: [(i64, Option<u32>); 2]) -> Option<(i64, u32)> {
    let there: Vec<(i64, u32)> =
        amounts.into_iter().filter_map(|(n, cur)| Some((n, cur?))).filter(|p| p.0 != 0).collect();
    let currency = there.first()?.1;
    there.iter().all(|p| p.1 == currency).then(|| (there.iter().map(|p| p.0).sum(), currency))
}

/// EN07, one an employee and category.
pub(super) fn judge(night: &Night<'_>, oyster: &Oysters<'_>, found: &mut Found) -> PolarsResult<()> {
    let mut said = BTreeSet::new();
    let mut covers: Vec<_> = oyster.covers.iter().collect();
    covers.sort_by_key(|((emp, label), _)| (*emp, night.catalog.labels.text(*label)));
    for ((emp, label), cover) in covers {
        let known = &night.labels[*label as usize];
        let Some(row) = in_force(cover).next() else { continue };
        // What is over with its engagement was so by the cut-off, whenever it was seen.
        let is_live = oyster.enrollments[row].state.is_live();
        if !is_live && oyster.was_over_by_cutoff(cover.engagement, night.inputs) {
            continue;
        }
        if known.ignored.is_some() || oyster.is_plan(*label) || cover.bad.is_some() {
            continue;
        }
        let Some(category) = oyster.category(night.catalog.labels.text(*label), cover) else { continue };
        let same = |theirs: &&Theirs| theirs.emp == *emp && theirs.category == category;
        let theirs = oyster.theirs.iter().filter(same).min_by_key(|theirs| night.catalog.labels.text(theirs.label));
        if let Some(theirs) = theirs
            && said.insert((*emp, category))
        {
            found.findings.push(covered_twice(night, oyster, *label, cover, row, theirs)?);
        }
    }
    Ok(())
}

fn covered_twice(
    night: &Night<'_>,
    oyster: &Oysters<'_>,
    label: u32,
    cover: &OysterCover,
    row: usize,
    theirs: &Theirs,
) -> PolarsResult<Finding> {
    let blank = night.finding(Code::EN07, Some(theirs.emp))?;
    let ours = ours(night, oyster, theirs.emp, label, cover)?;
    let smaller = match (ours, theirs.cost) {
        (Some((ours, currency, _)), Some((cost, number))) if night.currency(number) == Some(currency) => {
            Some((ours.min(cost), currency))
        }
        _ => None,
    };
    let per_year = ours.map(|(.., d)| d).filter(|d| *d == theirs.per_year);
    let (mine, other) = (night.catalog.labels.text(label), night.catalog.labels.text(theirs.label));
    let cost = smaller.map_or_else(String::new, |(n, c)| {
        format!(", the smaller of them costing {} on both sides together", money(n, Some(c)))
    });
    Ok(Finding {
        benefit: mine.to_owned(),
        field: "category".to_owned(),
        payroll_value: other.to_owned(),
        system_value: theirs.category.clone(),
        period_exposure: smaller.map(|(n, currency)| (Money(n), currency)),
        run_rate: smaller.zip(per_year).map(|((n, currency), d)| (Money(n.saturating_mul(d)), currency)),
        evidence: vec![night.at_user(theirs.emp, "currentBenefits")?, at_enrollment(&oyster.enrollments[row], "state")],
        sentence: format!(
            "{other} is live in Benifex and {mine} was ENROLLED in Oyster, both {}, so the employee is covered and paid for \
             twice in {}{cost}: {}.",
            theirs.category,
            night.period_text(theirs.emp)?,
            if oyster.enrollments[row].state.is_live() {
                "end one of the two"
            } else {
                "Oyster's cover has ended since, so settle what was paid for both"
            }
        ),
        ..blank
    }
    .moved_by(Owner::Benefits))
}

/// Cost of Oyster's benefit in the period with its currency, and the deductions a year, where it can be computed.
fn ours(
    night: &Night<'_>,
    oyster: &Oysters<'_>,
    emp: u32,
    label: u32,
    cover: &OysterCover,
) -> PolarsResult<Option<(i64, Currency, i64)>> {
    let Some(currency) = night.currency(cover.currency()) else { return Ok(None) };
    let group = EMPLOYEES.group.of(&night.people.frame)?.get(emp as usize).unwrap_or_default();
    let d = night.schemes.stated(group, label);
    let (e, r) = cover.due(oyster.settings, d, currency.minor_unit());
    Ok((e + r != 0).then_some((e + r, currency, d)))
}
