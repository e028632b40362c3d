//! `tieout audit verify|show`: what each does and what it says. Parsing the command line is done elsewhere.

use anyhow::{Context as _, anyhow};
use comfy_table::Table;

use super::open::anchor;
use super::queue::failure;
use super::{open, table};
use crate::cli::AuditVerb;
use crate::job::Job;
use crate::outcome::{Exit, Failure, Outcome};
use tieout_store::{AuditRow, BrokenChain, ChainVerdict};

/// Runs the verb that was asked for and prints what it says.
pub fn run(verb: &AuditVerb) -> Outcome {
    let said = match verb {
        AuditVerb::Verify { job, head } => verify(&open::job(job)?.job, head)?,
        AuditVerb::Show { job, item, json } => show(&open::job(job)?.job, *item, *json)?,
    };
    table::print(&said);
    Ok(Exit::Done)
}

/// Proves the chain of a state folder. `heads`: head hashes kept elsewhere, such as those printed in reports; each must
/// still be in the chain, for a chain rebuilt from the start is whole in itself.
pub fn verify(job: &Job, heads: &[String]) -> Result<String, Failure> {
    let store = open::store(job)?;
    let broken = |why: String| Err(Failure::new(Exit::Integrity, anyhow!(why)));
    let (entries, head) = match store.audit_verify().map_err(failure)? {
        ChainVerdict::Whole { entries, head } => (entries, head),
        ChainVerdict::Broken(found) => return Err(Failure::new(Exit::Integrity, BrokenChain(found))),
    };
    // Whole in itself is a restored one too.
    anchor::compare(job, &store)?;
    let mut text = match head {
        None => "the audit chain is whole; it has no entries yet".to_owned(),
        Some(head) => format!("the audit chain is whole: {entries} entries, head {head}"),
    };
    for noted in anchor::paths(job).iter().filter(|path| path.exists()) {
        text.push_str(&format!("\nit holds the end that is noted in {}", noted.display()));
    }
    for head in heads {
        match store.audit_position(head.trim()).map_err(failure)? {
            Some(place) => text.push_str(&format!("\nhead {head}: entry {place}")),
            None => {
                let why = "the chain was rebuilt, or this is another job's";
                return broken(format!(
                    "the chain does not hold the head {head}: {why}; `tieout recover JOB --reason …` puts in doubt what may have been sent"
                ));
            }
        }
    }
    Ok(text)
}

/// The whole story of one item.
pub fn show(job: &Job, item: i64, json: bool) -> Result<String, Failure> {
    let rows = open::store(job)?.audit_of(item).map_err(failure)?;
    if rows.is_empty() {
        let why = format!("the audit knows nothing of item {item}; `tieout queue list` shows the items of this job");
        return Err(Failure::input(anyhow!(why)));
    }
    if json {
        return serde_json::to_string_pretty(&rows).context("write the story as JSON").map_err(Failure::bug);
    }
    Ok(story(&rows))
}

/// Entries as a table: when, who, what, from, to, why.
pub(super) fn story(rows: &[AuditRow]) -> String {
    let mut table = Table::new();
    table.load_style(comfy_table::presets::NOTHING);
    table.set_header(["entry", "at", "by", "event", "from", "to", "detail"]);
    for row in rows {
        let id = row.id.to_string();
        let from = row.from_state.as_deref().unwrap_or_default();
        table.add_row([id.as_str(), &row.at, &row.by, &row.event, from, &row.to_state, &row.detail]);
    }
    table.trim_fmt()
}
