//! What somebody wants to waive, held against the newest night and the job's list of approvers.

use chrono::NaiveDate;

use crate::commands::open::OpenJob;
use crate::job::Approver;
use crate::review::authority::listed;
use crate::secrets::Operator;
use tieout_corrections::plan::BENBASE_CURRENCY;
use tieout_model::finding::Code;
use tieout_model::money::{Currency, Marks, Money};
use tieout_model::waiver::{Grant, is_within};
use tieout_store::{StandingFinding, Store};

/// As it was typed.
#[derive(Clone, Copy, Debug)]
pub struct Wish<'a> {
    /// Id of a finding or a group.
    pub what: &'a str,
    pub until: NaiveDate,
    pub cap: Option<&'a str>,
    /// How the cap is written.
    pub marks: Marks,
    pub by: &'a str,
    pub reason: &'a str,
}

/// What to write as a waiver. Errors: why not, and what to do.
pub fn accept(opened: &OpenJob, store: &Store, wish: &Wish<'_>) -> Result<Grant, String> {
    let (what, reason, today) = (wish.what.trim(), wish.reason.trim(), opened.as_of(None));
    if reason.is_empty() {
        return Err("it needs a reason: state --reason".to_owned());
    }
    if wish.until < today {
        return Err(format!("it would have expired on {}: expected {today}, which is today, or later", wish.until));
    }
    let approver =
        listed(&opened.job.approval, wish.by, &Operator::of_process().login).map_err(|why| why.to_string())?;
    let found = store.standing(what).map_err(|error| format!("{error:#}"))?;
    let Some(first) = found.first() else {
        return Err(format!(
            "the newest night of job {} has no finding or group {what}: take an exception_id from its exceptions.csv or a \
             group_id from its groups.csv",
            opened.job.name
        ));
    };
    if let Some(code) = found.iter().find_map(|finding| cannot_be_waived(finding)) {
        return Err(format!("{code} says that a night proves nothing or waits for a person: put right what it says"));
    }
    let amounts: Vec<Option<(i128, Currency)>> = found.iter().map(|finding| finding.stand.amount).collect();
    let cap = wish.cap.map(|text| cap(text, wish.marks, &amounts)).transpose()?;
    within_limit(approver, cap, &amounts)?;
    Ok(Grant {
        group_id: if first.id == what { String::new() } else { what.to_owned() },
        findings: found.into_iter().map(|finding| (finding.id, finding.stand)).collect(),
        reason: reason.to_owned(),
        until: wish.until,
        cap,
        by: approver.name.clone(),
    })
}

fn cannot_be_waived(finding: &StandingFinding) -> Option<&str> {
    let rule = finding.code.parse::<Code>().ok().map(Code::rule);
    (!rule.is_some_and(|rule| rule.can_be_waived())).then_some(&finding.code)
}

/// In the currency of what is waived, and no less than it costs tonight.
fn cap(text: &str, marks: Marks, amounts: &[Option<(i128, Currency)>]) -> Result<(Money, Currency), String> {
    let Some((_, currency)) = amounts.first().copied().flatten() else {
        return Err("what it costs is not known, so no cap can hold it: leave --cap out".to_owned());
    };
    let cap = Money::parse(text, marks, currency.decimals())
        .map_err(|why| format!("--cap: expected an amount in {currency} such as 50, found {why}"))?;
    match is_within((cap, currency), amounts.iter().copied()) {
        true => Ok((cap, currency)),
        false => {
            Err("it costs more than --cap already, or in several currencies: state more, or leave it out".to_owned())
        }
    }
}

/// The yearly limit of an approver counts for what may become of a waiver: its cap, or else what it costs tonight.
fn within_limit(
    approver: &Approver,
    cap: Option<(Money, Currency)>,
    amounts: &[Option<(i128, Currency)>],
) -> Result<(), String> {
    let Some(limit) = approver.yearly_max else { return Ok(()) };
    let Some(currency) = Currency::parse(BENBASE_CURRENCY) else { return Ok(()) };
    let capped = cap.map(|(cap, currency)| Some((i128::from(cap.0), currency)));
    let amounts = capped.map_or_else(|| amounts.to_vec(), |cap| vec![cap]);
    match is_within((limit, currency), amounts) {
        true => Ok(()),
        false => Err(format!(
            "it costs more than the limit of {}, or nobody knows in {currency}: ask an approver with a higher limit or none",
            approver.name
        )),
    }
}
