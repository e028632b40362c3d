//! Who is who: engagements that nobody is linked to and links that lead nowhere (ID03), engagements claimed twice
//! (ID04), and what of Oyster could not be read (CT02).

use std::collections::BTreeSet;

use polars::prelude::PolarsResult;

use crate::rules::night::Night;
use crate::rules::oyster::Oysters;
use crate::rules::oyster::cover::WHOLE_SHARE;
use crate::rules::oyster::link::{EngagementOwner, Tie, email_faulty};
use crate::rules::oyster::rows::{Engagement, Enrollment};
use crate::rules::oyster::write::at_engagement;
use crate::rules::place::{Fate, Place};
use crate::rules::write::{Found, OYSTER, day, evidence, money, several};
use tieout_model::code;
use tieout_model::finding::{Code, Finding, SetAside};
use tieout_model::money::{Currency, Money};

/// What becomes of an engagement that nobody is linked to.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Loose {
    Unlinked,
    /// Over, with nothing in force.
    Ended,
    /// It may be somebody's whose e-mail was not seen.
    Doubtful,
    /// Nothing in force, and whether it is over could not be read.
    Undated,
}

impl Loose {
    pub(super) fn fate(self) -> Fate {
        match self {
            Loose::Unlinked => Fate::Finding,
            Loose::Ended => Fate::OutOfScope,
            Loose::Doubtful | Loose::Undated => Fate::Unverified,
        }
    }
}

/// CT02, ID03, ID04.
pub(super) fn judge(night: &Night<'_>, oyster: &Oysters<'_>, found: &mut Found) -> PolarsResult<()> {
    if let Some(fault) = oyster.list_fault {
        found.findings.push(list_not_whole(night, oyster, fault)?);
    }
    for (row, owner) in oyster.links.owners.iter().enumerate() {
        let engagement = &oyster.engagements[row];
        match (owner, engagement.unverified) {
            (EngagementOwner::Employee(emp), Some(reason)) => unread(night, oyster, *emp, reason, found)?,
            (EngagementOwner::Nobody, Some(reason)) => loose_unread(night, engagement, reason, found)?,
            (EngagementOwner::Nobody, None) => loose(night, oyster, row, found)?,
            (EngagementOwner::Elsewhere, _) => {
                let reason = format!("engagement {}: its employee is not in the snapshot", engagement.id);
                found.unverified.push(SetAside::person(OYSTER, "", reason));
            }
            _ => {}
        }
    }
    for (emp, tie) in &oyster.links.ties {
        match tie {
            Tie::Unlisted(id) if oyster.list_fault.is_none() => {
                found.findings.push(leads_nowhere(night, oyster, *emp, id)?);
            }
            Tie::Unlisted(_) => unlisted(night, oyster, *emp, found),
            Tie::Shared(id) => found.findings.push(claimed_twice(night, *emp, id)?),
            Tie::Contradiction => found.findings.push(contradiction(night, *emp)?),
            Tie::Engagement(_) => {}
        }
    }
    Ok(())
}

/// CT02 for the whole list.
fn list_not_whole(night: &Night<'_>, oyster: &Oysters<'_>, fault: &str) -> PolarsResult<Finding> {
    let blank = night.finding(Code::CT02, None)?;
    Ok(Finding {
        field: OYSTER.to_owned(),
        system_value: "unverified".to_owned(),
        evidence: vec![oyster.at_list()],
        sentence: format!(
            "Oyster's list of engagements is not whole ({fault}), so nothing is said of anybody who may be missing from it: \
             run again."
        ),
        ..blank
    }
    .moved_by(code::Owner::Operator))
}

/// CT02 for the engagement of an employee.
fn unread(night: &Night<'_>, oyster: &Oysters<'_>, emp: u32, reason: &str, found: &mut Found) -> PolarsResult<()> {
    unlisted(night, oyster, emp, found);
    let blank = night.finding(Code::CT02, Some(emp))?;
    found.findings.push(Finding {
        field: OYSTER.to_owned(),
        system_value: "unverified".to_owned(),
        evidence: vec![oyster.at_list()],
        sentence: format!(
            "Oyster could not be read for this employee's engagement ({reason}), so nothing is said of its benefits: run \
             again or look the engagement up by hand."
        ),
        ..blank
    }
    .moved_by(code::Owner::Operator));
    Ok(())
}

/// An employee without a line that says so.
fn unlisted(night: &Night<'_>, oyster: &Oysters<'_>, emp: u32, found: &mut Found) {
    let lines = night.lines_of(emp).iter();
    if !{ lines }.any(|line| line.place == Place::UnverifiedOyster && oyster.owns(line.label)) {
        found.unverified.push(SetAside::person(OYSTER, night.id(emp), "the engagement could not be read".to_owned()));
    }
}

/// CT02 for an engagement of nobody.
fn loose_unread(night: &Night<'_>, engagement: &Engagement<'_>, reason: &str, found: &mut Found) -> PolarsResult<()> {
    found.unverified.push(SetAside::person(OYSTER, "", format!("engagement {}: {reason}", engagement.id)));
    let blank = night.finding(Code::CT02, None)?;
    found.findings.push(Finding {
        field: format!("engagement {}", engagement.id),
        system_value: "unverified".to_owned(),
        evidence: vec![at_engagement(engagement, "engagementId")],
        sentence: format!(
            "Engagement {} could not be read ({reason}) and nobody is linked to it: run again or look it up by hand.",
            engagement.id
        ),
        ..blank
    }
    .moved_by(code::Owner::Operator));
    Ok(())
}

impl Oysters<'_> {
    /// E-mails link, and that of an engagement of nobody, or the list, was not read.
    pub(super) fn emails_matter(&self) -> bool {
        self.settings.match_email && (self.list_fault.is_some() || self.links.keys_unread)
    }

    /// What becomes of a found engagement of nobody.
    pub(super) fn loose(&self, night: &Night<'_>, row: usize) -> Loose {
        let engagement = &self.engagements[row];
        let over = engagement.is_over() || engagement.last_day.is_some_and(|last| last < night.inputs.as_of);
        let email_unread = self.links.emails_unread || engagement.faults.is_some_and(email_faulty);
        let idle = !self.enrollments_of(row).any(|e| e.state.is_live());
        let undated = engagement.last_day.is_none() && engagement.days_unread();
        if over && idle {
            Loose::Ended
        } else if undated && idle {
            Loose::Undated
        } else if self.settings.match_email && email_unread {
            Loose::Doubtful
        } else {
            Loose::Unlinked
        }
    }
}

/// ID03: an engagement that nobody is linked to.
fn loose(night: &Night<'_>, oyster: &Oysters<'_>, row: usize, found: &mut Found) -> PolarsResult<()> {
    let engagement = &oyster.engagements[row];
    let id = engagement.id;
    match oyster.loose(night, row) {
        Loose::Unlinked => found.findings.push(unlinked(night, oyster, row)?),
        Loose::Ended => {
            let reason = format!("engagement {id}: linked to nobody; ended, nothing in force");
            found.out_of_scope.push(SetAside::person(OYSTER, "", reason));
        }
        Loose::Doubtful => {
            let reason = format!("engagement {id}: linked to nobody, but not all e-mails could be read");
            found.unverified.push(SetAside::person(OYSTER, "", reason));
        }
        Loose::Undated => {
            let reason = format!("engagement {id}: linked to nobody, and whether it ended could not be read");
            found.unverified.push(SetAside::person(OYSTER, "", reason));
        }
    }
    Ok(())
}

fn unlinked(night: &Night<'_>, oyster: &Oysters<'_>, row: usize) -> PolarsResult<Finding> {
    let engagement = &oyster.engagements[row];
    let all = oyster.enrollments_of(row).count() as u64;
    let live: Vec<&Enrollment<'_>> = oyster.enrollments_of(row).filter(|e| e.state.is_live()).collect();
    let run_rate = yearly(oyster, &live);
    let cost = match run_rate {
        Some((amount, currency)) => format!(", {} a year on the employee's side", money(amount.0, Some(currency))),
        None => String::new(),
    };
    let since = engagement.start.map_or_else(String::new, |start| format!(" (since {})", day(Some(start))));
    let by_email = if oyster.settings.match_email { " or by exactly one e-mail" } else { "" };
    let blank = night.finding(Code::ID03, None)?;
    Ok(Finding {
        field: format!("engagement {}", engagement.id),
        payroll_value: "no employee".to_owned(),
        system_value: format!("{}, {} in force", several(all, "enrollment"), live.len()),
        run_rate,
        evidence: vec![
            at_engagement(engagement, "engagementId"),
            evidence("crosswalk", "oyster_engagement_id", "the crosswalk file"),
        ],
        sentence: format!(
            "Engagement {}{since} has {}, {} in force{cost}, but no employee is linked to it by the crosswalk{by_email}: \
             enter it into the crosswalk.",
            engagement.id,
            several(all, "enrollment"),
            live.len()
        ),
        ..blank
    }
    .moved_by(code::Owner::Operator))
}

/// The employee's part of what is in force, by year, where it can be priced in one currency.
fn yearly(oyster: &Oysters<'_>, live: &[&Enrollment<'_>]) -> Option<(Money, Currency)> {
    let ignored = |e: &Enrollment<'_>| e.plan.is_some_and(|plan| oyster.settings.ignored_plans.contains_key(plan));
    let mut sum = 0_i128;
    let mut currencies = BTreeSet::new();
    for enrollment in live.iter().filter(|e| !ignored(e) && e.faults.is_none() && e.anomalies.is_none()) {
        let Ok((price, share)) = super::cover::priced(enrollment) else { continue };
        let currency = Currency::parse(enrollment.price_currency?)?;
        let yearly = i128::from(price) * i128::from(oyster.settings.price_period.per_year());
        let unit = i128::from(currency.minor_unit());
        let part = yearly * i128::from(WHOLE_SHARE - share);
        sum += i128::from(super::cover::rounded(part, i128::from(WHOLE_SHARE), unit));
        currencies.insert(currency);
    }
    let currency = if currencies.len() == 1 { currencies.pop_first() } else { None }?;
    i64::try_from(sum).ok().map(|sum| (Money(sum), currency))
}

/// ID03: the crosswalk names an engagement that a whole list lacks.
fn leads_nowhere(night: &Night<'_>, oyster: &Oysters<'_>, emp: u32, id: &str) -> PolarsResult<Finding> {
    let blank = night.finding(Code::ID03, Some(emp))?;
    Ok(Finding {
        field: "engagement_id".to_owned(),
        payroll_value: id.to_owned(),
        system_value: "not in the list".to_owned(),
        evidence: vec![evidence("crosswalk", "oyster_engagement_id", "the crosswalk file"), oyster.at_list()],
        sentence: format!(
            "The crosswalk gives this employee the engagement {id}, but Oyster's whole list does not have it: correct the \
             crosswalk, or have the missing permission granted."
        ),
        ..blank
    }
    .moved_by(code::Owner::Operator))
}

/// ID04: the crosswalk gives one engagement to several employees.
fn claimed_twice(night: &Night<'_>, emp: u32, id: &str) -> PolarsResult<Finding> {
    let blank = night.finding(Code::ID04, Some(emp))?;
    Ok(Finding {
        field: "oyster_engagement_id".to_owned(),
        system_value: id.to_owned(),
        evidence: vec![evidence("crosswalk", "oyster_engagement_id", "the crosswalk file")],
        sentence: format!(
            "The crosswalk gives the engagement {id} to this employee and to another, so it is compared with neither: \
             leave it with the right one."
        ),
        ..blank
    }
    .moved_by(code::Owner::Operator))
}

/// ID04: the crosswalk gives one employee several engagements.
fn contradiction(night: &Night<'_>, emp: u32) -> PolarsResult<Finding> {
    let blank = night.finding(Code::ID04, Some(emp))?;
    Ok(Finding {
        field: "oyster_engagement_id".to_owned(),
        system_value: "rows that contradict each other".to_owned(),
        evidence: vec![evidence("crosswalk", "oyster_engagement_id", "the crosswalk file")],
        sentence:
            "The crosswalk's rows of this employee contradict each other, so no engagement is compared: leave the \
                   right row."
                .to_owned(),
        ..blank
    }
    .moved_by(code::Owner::Operator))
}
