//! The waivers that there are, and whether they hold.

use anyhow::Context;
use chrono::NaiveDate;
use serde_json::{Value, json};

use crate::commands::table;
use crate::outcome::Failure;
use tieout_model::waiver::Waiver;
use tieout_store::{Revoked, Store};

pub fn print(store: &Store, today: NaiveDate, as_json: bool) -> Result<(), Failure> {
    let waivers = store.all_waivers().context("reading the waivers").map_err(Failure::bug)?;
    if as_json {
        return table::print_json(
            &waivers.iter().map(|(w, revoked)| value(w, revoked.as_ref(), today)).collect::<Vec<_>>(),
        );
    }
    if waivers.is_empty() {
        table::print("nothing is waived");
        return Ok(());
    }
    let rows = waivers.iter().map(|(waiver, revoked)| {
        let state = match revoked {
            Some(revoked) => format!("taken back by {}: {}", revoked.by, revoked.reason),
            None => state(waiver, None, today).to_owned(),
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

/// Whether it holds is each night's to say; what is past cannot.
fn state(waiver: &Waiver, revoked: Option<&Revoked>, today: NaiveDate) -> &'static str {
    match revoked {
        Some(_) => "taken back",
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

fn value(waiver: &Waiver, revoked: Option<&Revoked>, today: NaiveDate) -> Value {
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
        "state": state(waiver, revoked, today),
        "revoked": revoked.map(|r| json!({ "by": r.by, "at": r.at, "reason": r.reason })),
    })
}
