//! One item: before and after, evidence and history.

use std::fmt::Write as _;

use anyhow::Context as _;
use chrono::SecondsFormat;
use comfy_table::Table;

use super::list::{as_json, difference};
use super::{failure, find, open};
use crate::commands::audit::story;
use crate::job::Job;
use crate::outcome::Failure;
use crate::review::new_address;
use tieout_model::correction::evidence;
use tieout_model::correction::oyster::OysterChange;
use tieout_model::ids::EngagementId;
use tieout_store::Item;

/// Everything about one item, for people or as JSON.
pub fn show(job: &Job, id: i64, json: bool) -> Result<String, Failure> {
    let store = open(job)?;
    let item = find(&store, id)?;
    let history = store.audit_of(id).map_err(failure)?;
    let blocked = store.blocked_people().map_err(failure)?;
    if json {
        let mut shown = as_json(&item, &blocked);
        shown["history"] = serde_json::to_value(&history).context("write the history as JSON").map_err(Failure::bug)?;
        return serde_json::to_string_pretty(&shown).context("write the item as JSON").map_err(Failure::bug);
    }
    let mut text = head(&item, blocked.why(&item));
    match evidence::read(&item.evidence) {
        Ok(evidence) => {
            write_evidence(&mut text, &evidence);
            if let Some(address) = new_address(&item) {
                line(&mut text, address.trim_start_matches("; "));
            }
        }
        Err(_) => text.push_str("\nits evidence can't be read: the database was edited; run `tieout audit verify`\n"),
    }
    text.push_str("\nhistory\n");
    text.push_str(&story(&history));
    Ok(text)
}

fn head(item: &Item, blocked: Option<String>) -> String {
    let (kind, subject) = (item.kind.name(), item.subject());
    let mut text = format!("item {}: {kind} of {subject}, {}\n", item.id, item.state.words());
    let engagement = OysterChange::engagement_of(item.kind, &item.payload);
    let lines = [
        ("engagement", engagement.map_or_else(String::new, EngagementId::into_string)),
        ("reason", item.reason.clone()),
        ("blocked", blocked.unwrap_or_default()),
        ("effective", item.effective.map(|date| date.to_string()).unwrap_or_default()),
        ("yearly difference", difference(item)),
        ("prepared", by_at(&item.created_by, item.created_at)),
        ("approved", item.approved_by.as_ref().zip(item.approved_at).map(|(by, at)| by_at(by, at)).unwrap_or_default()),
        ("sends begun", item.attempt.to_string()),
        ("hash", item.payload_hash.clone()),
    ];
    for (name, value) in lines.into_iter().filter(|(_, value)| !value.is_empty()) {
        line(&mut text, &format!("  {name}: {value}"));
    }
    text
}

fn by_at(by: &str, at: chrono::DateTime<chrono::Utc>) -> String {
    format!("by {by} at {}", at.to_rfc3339_opts(SecondsFormat::Secs, true))
}

fn write_evidence(text: &mut String, evidence: &evidence::Stored) {
    let mut table = Table::new();
    table.load_style(comfy_table::presets::NOTHING).set_header(["field", "before", "after"]);
    for change in &evidence.changes {
        table.add_row([&change.field, &change.from, &change.to]);
    }
    line(text, &format!("\nchanges, as {} has it\n{}", evidence.authority, table.trim_fmt()));
    if !evidence.second_look.is_empty() {
        line(text, &format!("\nlook twice: {}", evidence.second_look.join("; ")));
    }
    if evidence.findings.is_empty() {
        return;
    }
    line(text, "\nfindings (`tieout explain ID --job JOB` tells more)");
    for finding in &evidence.findings {
        line(text, &format!("  {} {}", finding.code, finding.id));
    }
}

fn line(text: &mut String, line: &str) {
    // Writing to a String cannot fail.
    let _ = writeln!(text, "{line}");
}
