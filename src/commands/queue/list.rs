//! The queue as a table or as JSON.

use anyhow::Context as _;
use chrono::SecondsFormat;
use comfy_table::Table;
use serde_json::{Value, json};

use super::{failure, open};
use crate::job::Job;
use crate::outcome::Failure;
use crate::review::what_changes;
use tieout_model::correction::evidence;
use tieout_model::correction::oyster::OysterChange;
use tieout_store::{BlockedPeople, Item, ItemFilter, UNLINKED};

const HEADER: [&str; 9] =
    ["item", "state", "kind", "employee", "changes", "effective", "yearly difference", "changed at", "reason"];

/// The items of a job that a filter lets through, oldest first.
pub fn list(job: &Job, filter: &ItemFilter, json: bool) -> Result<String, Failure> {
    let store = open(job)?;
    let items = store.list_items(filter).map_err(failure)?;
    let blocked = store.blocked_people().map_err(failure)?;
    if json {
        let listed: Vec<_> = items.iter().map(|item| as_json(item, &blocked)).collect();
        return serde_json::to_string_pretty(&listed).context("write the list as JSON").map_err(Failure::bug);
    }
    if items.is_empty() {
        return Ok("no such items in the queue".into());
    }
    let mut table = Table::new();
    table.load_style(comfy_table::presets::NOTHING).set_header(HEADER);
    for item in &items {
        table.add_row(cells(item, &blocked));
    }
    Ok(table.trim_fmt())
}

fn cells(item: &Item, blocked: &BlockedPeople) -> [String; 9] {
    [
        item.id.to_string(),
        item.state.words().into(),
        item.kind.name().into(),
        if item.employee_id.starts_with(UNLINKED) { item.subject() } else { item.employee_id.clone() },
        changes(item),
        item.effective.map(|date| date.to_string()).unwrap_or_default(),
        difference(item),
        item.changed_at.to_rfc3339_opts(SecondsFormat::Secs, true),
        blocked.why(item).unwrap_or_else(|| item.reason.clone()),
    ]
}

/// Field, from, to; blank when the evidence can't be read, which `show` tells.
fn changes(item: &Item) -> String {
    evidence::read(&item.evidence).map(|evidence| what_changes(item, &evidence)).unwrap_or_default()
}

/// `1234.50 USD`, or a blank.
pub(super) fn difference(item: &Item) -> String {
    let text = item.yearly_difference.map(|(amount, c)| format!("{} {c}", amount.to_text(c.decimals())));
    text.unwrap_or_default()
}

/// Without the body: its values are personal.
pub(super) fn as_json(item: &Item, blocked: &BlockedPeople) -> Value {
    let evidence: Value = serde_json::from_str(&item.evidence).unwrap_or_default();
    let time = |time: chrono::DateTime<chrono::Utc>| time.to_rfc3339_opts(SecondsFormat::Micros, true);
    json!({
        "item": item.id,
        "employee_id": item.employee_id,
        "kind": item.kind.name(),
        "engagement_id": OysterChange::engagement_of(item.kind, &item.payload),
        "state": item.state.name(),
        "attempt": item.attempt,
        "hash": item.payload_hash,
        "evidence": evidence,
        "effective": item.effective,
        "yearly_difference": item.yearly_difference.map(|(amount, c)| amount.to_text(c.decimals())),
        "currency": item.yearly_difference.map(|(_, currency)| currency.code().to_owned()),
        "created_at": time(item.created_at),
        "created_by": item.created_by,
        "changed_at": time(item.changed_at),
        "reason": item.reason,
        "blocked": blocked.why(item),
        "approved_by": item.approved_by,
        "approved_at": item.approved_at.map(time),
    })
}
