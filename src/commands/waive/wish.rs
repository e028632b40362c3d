//! What somebody wants to waive, held against the newest night and the job's list of approvers.

use chrono::{Days, NaiveDate};

use crate::commands::open::OpenJob;
use crate::job::Approver;
use crate::review::authority::listed;
use crate::secrets::Operator;
use tieout_model::correction::BENBASE_CURRENCY;
use tieout_model::finding::Code;
use tieout_model::money::{Currency, Marks, Money};
use tieout_model::waiver::{Grant, is_within};
use tieout_store::{StandingFinding, Store};

const EXAMPLE: Money = Money::units(50);

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

/// Which part of a wish.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum WaivedPart {
    What,
    Until,
    Cap,
    By,
    Reason,
}

/// Why a wish is refused, and what to do.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Refused {
    pub part: WaivedPart,
    pub message: String,
}

impl WaivedPart {
    fn refused(self, message: impl Into<String>) -> Refused {
        Refused { part: self, message: message.into() }
    }
}

/// What to write as a waiver.
pub fn accept(opened: &OpenJob, store: &Store, wish: &Wish<'_>) -> Result<Grant, Refused> {
    let (what, reason, today) = (wish.what.trim(), wish.reason.trim(), opened.as_of(None));
    if reason.is_empty() {
        return Err(WaivedPart::Reason.refused("expected a reason, found a blank"));
    }
    if wish.until < today {
        let until = wish.until;
        let message = format!("it would have expired on {until}: expected {today}, which is today, or later");
        return Err(WaivedPart::Until.refused(message));
    }
    let days_max = opened.job.approval.waive_days_max;
    if let Some((days, last)) = days_max.and_then(|days| Some((days, today.checked_add_days(Days::new(days.into()))?)))
        && wish.until > last
    {
        let until = wish.until;
        let message = format!(
            "{until} is later than the job allows (approval.waive_days_max = {days}): expected {last} or earlier; before it \
             is over, waive again"
        );
        return Err(WaivedPart::Until.refused(message));
    }
    let approver = listed(&opened.job.approval, wish.by, &Operator::of_process())
        .map_err(|why| WaivedPart::By.refused(why.to_string()))?;
    let found = store.standing(what).map_err(|error| WaivedPart::What.refused(format!("{error:#}")))?;
    let Some(first) = found.first() else {
        return Err(WaivedPart::What.refused(format!(
            "the newest night of job {} has no finding or group {what}: take an exception_id from its exceptions.csv or a \
             group_id from its groups.csv",
            opened.job.name
        )));
    };
    if let Some(code) = found.iter().find_map(|finding| cannot_be_waived(finding)) {
        let message = format!("{code} says that a night proves nothing or waits for a person: put right what it says");
        return Err(WaivedPart::What.refused(message));
    }
    let amounts: Vec<Option<(i128, Currency)>> = found.iter().map(|finding| finding.stand.amount).collect();
    let cap = wish.cap.map(|text| cap(text, wish.marks, &amounts)).transpose();
    let cap = cap.map_err(|message| WaivedPart::Cap.refused(message))?;
    within_limit(approver, cap, &amounts).map_err(|message| WaivedPart::By.refused(message))?;
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
        return Err("what it costs is not known, so no cap can hold it: state none".to_owned());
    };
    let cap = Money::parse(text, marks, currency.decimals())
        .map_err(|why| format!("expected an amount in {currency} such as {}, found {why}", example(marks, currency)))?;
    match is_within((cap, currency), amounts.iter().copied()) {
        true => Ok((cap, currency)),
        false => Err("it costs more than that already, or in several currencies: state more, or none".to_owned()),
    }
}

/// An amount as it is to be written.
fn example(marks: Marks, currency: Currency) -> String {
    EXAMPLE.to_text(currency.decimals()).replace('.', marks.decimal.encode_utf8(&mut [0; 4]))
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
