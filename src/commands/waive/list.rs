//! The waivers that there are, and whether they hold.

use std::collections::BTreeMap;

use anyhow::Context;
use chrono::NaiveDate;
use serde_json::{Value, json};

use crate::commands::table;
use crate::outcome::Failure;
use tieout_model::waiver::{Waiver, governing};
use tieout_store::{Revoked, Store};

pub fn print(store: &Store, today: NaiveDate, as_json: bool) -> Result<(), Failure> {
    let waivers = store.all_waivers().context("reading the waivers").map_err(Failure::bug)?;
    if as_json {
        let governing = governing(waivers.iter().map(|(waiver, _)| waiver));
        let value =
            |(w, revoked): &(Waiver, Option<Revoked>)| value(w, revoked.as_ref(), &Replaced::of(w, &governing), today);
        return table::print_json(&waivers.iter().map(value).collect::<Vec<_>>());
    }
    if waivers.is_empty() {
        table::print("nothing is waived");
        return Ok(());
    }
    let governing = governing(waivers.iter().map(|(waiver, _)| waiver));
    let rows = waivers.iter().map(|(waiver, revoked)| {
        let replaced = Replaced::of(waiver, &governing);
        let state = match (revoked, replaced.by) {
            (Some(revoked), _) => format!("taken back by {}: {}", revoked.by, revoked.reason),
            (None, Some(by)) if replaced.wholly => format!("replaced by {by}"),
            (None, Some(by)) => format!("{}, in part replaced by {by}", state(waiver, None, &replaced, today)),
            (None, None) => state(waiver, None, &replaced, today).to_owned(),
        };
        let number = waiver.id.to_string();
        let count = waiver.grant.findings.len().to_string();
        vec![
            number,
            subject(waiver),
            count,
            waiver.grant.until.to_string(),
            cap(waiver),
            waiver.grant.by.clone(),
            waiver.grant.reason.clone(),
            state,
        ]
    });
    let headers = ["Waiver", "What", "Findings", "Until", "Cap", "By", "Why", "State"];
    table::print(&table::render(&headers, rows.collect(), &[0, 2, 4]));
    Ok(())
}

/// What newer waivers speak of.
pub struct Replaced {
    /// The newest of those.
    pub by: Option<i64>,
    /// Findings that they leave to this one.
    pub left: usize,
    pub wholly: bool,
}

impl Replaced {
    /// `governing`: of all waivers that there ever were.
    pub fn of(waiver: &Waiver, governing: &BTreeMap<&str, &Waiver>) -> Replaced {
        let speaking = waiver.grant.findings.keys().filter_map(|id| governing.get(id.as_str())).map(|newest| newest.id);
        let (left, newer): (Vec<i64>, Vec<i64>) = speaking.partition(|id| *id == waiver.id);
        Replaced { by: newer.into_iter().max(), left: left.len(), wholly: left.is_empty() }
    }
}

/// Whether it holds is each night's to say; what is past cannot.
fn state(waiver: &Waiver, revoked: Option<&Revoked>, replaced: &Replaced, today: NaiveDate) -> &'static str {
    match revoked {
        Some(_) => "taken back",
        None if replaced.wholly => "replaced",
        None if waiver.is_expired(today) => "expired",
        None => "in force",
    }
}

fn subject(waiver: &Waiver) -> String {
    waiver.grant.finding_alone().unwrap_or(&waiver.grant.group_id).to_owned()
}

fn cap(waiver: &Waiver) -> String {
    waiver
        .grant
        .cap
        .map(|(cap, currency)| format!("{} {currency}", cap.to_text(currency.decimals())))
        .unwrap_or_default()
}

fn value(waiver: &Waiver, revoked: Option<&Revoked>, replaced: &Replaced, today: NaiveDate) -> Value {
    json!({
        "waiver": waiver.id,
        "group_id": waiver.grant.group_id,
        "findings": waiver.grant.findings.keys().collect::<Vec<_>>(),
        "until": waiver.grant.until,
        "cap": waiver.grant.cap.map(|(cap, currency)| cap.to_text(currency.decimals())),
        "currency": waiver.grant.cap.map(|(_, currency)| currency.code().to_owned()),
        "by": waiver.grant.by,
        "at": waiver.at,
        "reason": waiver.grant.reason,
        "state": state(waiver, revoked, replaced, today),
        "replaced_by": replaced.by,
        "revoked": revoked.map(|r| json!({ "by": r.by, "at": r.at, "reason": r.reason })),
    })
}
