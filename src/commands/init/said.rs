//! What `tieout init` tells: how sure each key is, what is open, and whether the rows can be read.

use std::collections::BTreeMap;
use std::path::Path;

use serde::Serialize;

use crate::cli::InitArgs;
use crate::commands::table;
use crate::outcome::Failure;
use tieout_propose::{Certainty, JobFile, Note, Proposal};

use super::Tried;

#[derive(Serialize)]
struct Said<'s> {
    job: String,
    vendor: Option<&'s str>,
    keys: &'s [Note],
    /// Data rows, and those that the job cannot read.
    rows_read: Option<u64>,
    rows_rejected: Option<u64>,
    /// Why the job does not run yet.
    lacks: Vec<String>,
}

pub fn show(args: &InitArgs, out: &Path, proposals: &[Proposal], file: &JobFile, tried: &Tried) -> Result<(), Failure> {
    let counts = tried.rows.as_ref().and_then(|rows| rows.as_ref().ok()).map(|payroll| payroll.rows);
    let said = Said {
        job: out.display().to_string(),
        vendor: proposals.iter().find_map(|proposal| Some(proposal.vendor.as_ref()?.value.title.as_str())),
        keys: &file.notes,
        rows_read: counts.map(|rows| rows.read),
        rows_rejected: counts.map(|rows| rows.rejected),
        lacks: lacks(tried),
    };
    if args.json {
        return table::print_json(&said);
    }
    table::print(&text(&said, proposals, tried));
    Ok(())
}

fn lacks(tried: &Tried) -> Vec<String> {
    match (&tried.job, &tried.rows) {
        (Err(error), _) => error.to_string().lines().map(str::to_owned).collect(),
        (_, Some(Err(error))) => vec![error.to_string()],
        _ => Vec::new(),
    }
}

fn text(said: &Said<'_>, proposals: &[Proposal], tried: &Tried) -> String {
    let mut lines = vec![format!("wrote {}", said.job)];
    for vendor in proposals.iter().filter_map(|proposal| proposal.vendor.as_ref()) {
        lines.push(format!("layout: {} ({})", vendor.value.title, vendor.reason));
    }
    let count = |certainty: Certainty| said.keys.iter().filter(|note| note.certainty == certainty).count();
    let all = [Certainty::Sure, Certainty::Likely, Certainty::Asked, Certainty::Unknown];
    let counts: Vec<String> =
        all.iter().map(|certainty| format!("{} {}", count(*certainty), certainty.name())).collect();
    lines.push(format!("keys: {}", counts.join(", ")));
    let open: Vec<&Note> = said.keys.iter().filter(|note| note.certainty <= Certainty::Asked).collect();
    if !open.is_empty() {
        let rows = open
            .iter()
            .map(|note| {
                let value = if note.value.is_empty() { "-".to_owned() } else { note.value.clone() };
                vec![
                    note.line.to_string(),
                    note.key.clone(),
                    value,
                    format!("{}: {}", note.certainty.name(), note.reason),
                ]
            })
            .collect();
        lines.push(String::new());
        lines.push(table::render(&["Line", "To confirm or fill in", "Proposed", ""], rows, &[0]));
        lines.push(String::new());
    }
    lines.extend(rows(tried));
    lines.extend(said.lacks.iter().cloned());
    lines.push(format!("next: tieout check {}", said.job));
    lines.join("\n")
}

/// Rows as a night reads them, those refused by reason.
fn rows(tried: &Tried) -> Vec<String> {
    let Some(Ok(payroll)) = &tried.rows else { return Vec::new() };
    let rows = payroll.rows;
    let mut lines = vec![format!("rows: {} read, {} rejected", rows.read, rows.rejected)];
    let mut reasons: BTreeMap<(&str, &str), (usize, u64)> = BTreeMap::new();
    for reject in &payroll.rejects {
        let (count, _) = reasons.entry((&reject.column, &reject.reason)).or_insert((0, reject.line));
        *count += 1;
    }
    lines.extend(reasons.into_iter().map(|((column, reason), (count, line))| {
        format!("  {count} rows: `{column}`: {reason}, first on line {line}")
    }));
    lines
}
