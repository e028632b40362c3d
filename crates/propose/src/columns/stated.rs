//! Columns that somebody states: of the files of one payroll each has those that its header has.

use std::collections::BTreeMap;

use crate::hints::Hints;
use crate::proposal::{NoProposal, Proposal};
use crate::table::Table;

/// From this likeness on, in percent, a header may be what was meant.
const NEAR_PERCENT: u32 = 75;
/// Headers of a file that an error names.
const HEADERS_SHOWN: usize = 12;

/// Field → place, of those that are here.
pub fn places(table: &Table, hints: &Hints) -> BTreeMap<String, usize> {
    hints.columns.iter().filter_map(|(field, header)| Some((field.clone(), place(table, header)?))).collect()
}

fn place(table: &Table, header: &str) -> Option<usize> {
    (0..table.headers.len()).find(|at| table.headers[*at] == header || table.name(*at) == header)
}

/// Refuses headers that none of the files has. `files`: each with its name.
pub fn check<'h>(headers: impl IntoIterator<Item = &'h String>, files: &[(&str, &Proposal)]) -> Result<(), NoProposal> {
    let is_nowhere = |header: &&String| files.iter().all(|(_, proposal)| place(&proposal.table, header).is_none());
    match headers.into_iter().find(is_nowhere) {
        None => Ok(()),
        Some(header) => Err(NoProposal::NoColumn {
            header: header.clone(),
            files: files.iter().map(|(name, proposal)| instead(name, &proposal.table.headers, header)).collect(),
        }),
    }
}

/// What a file has instead: the headers that are like it, the nearest first; its first ones where none is.
fn instead(file: &str, headers: &[String], wanted: &str) -> String {
    let wanted = wanted.to_lowercase();
    let likeness = |header: &String| (strsim::jaro_winkler(&wanted, &header.to_lowercase()) * 100.0) as u32;
    let named = |headers: &[&String]| {
        let more = if headers.len() > HEADERS_SHOWN { ", …" } else { "" };
        let names: Vec<String> = headers.iter().take(HEADERS_SHOWN).map(|header| format!("`{header}`")).collect();
        format!("{}{more}", names.join(", "))
    };
    let filled = headers.iter().filter(|header| !header.is_empty());
    let mut near: Vec<&String> = filled.clone().filter(|header| likeness(header) >= NEAR_PERCENT).collect();
    near.sort_by_key(|header| std::cmp::Reverse(likeness(header)));
    match near.is_empty() {
        false => format!("{file} has {}, which is near", named(&near)),
        true => format!("{file} has {}", named(&filled.collect::<Vec<_>>())),
    }
}
