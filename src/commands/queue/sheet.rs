//! Review by spreadsheet: the queue as a CSV file, and the decisions back.

use std::collections::BTreeMap;
use std::fs::OpenOptions;
use std::io::Write as _;
use std::os::unix::fs::OpenOptionsExt as _;
use std::path::Path;

use anyhow::{Context as _, anyhow};
use chrono::{DateTime, Utc};

use super::decide::within_day;
use super::{check_name, failure, open, open_to_decide};
use crate::commands::reports::sheet_file::{read, refused};
use crate::job::Job;
use crate::outcome::Failure;
use crate::review::authority::{Bulk, check_bulk};
use crate::review::{self, Decision, DecisionProblem};
use crate::secrets::Operator;
use tieout_model::counted::counted;
use tieout_store::{BlockedPeople, Item, ItemFilter, Ruling};

/// Writes the items that a filter lets through to a new file, for its owner alone.
pub fn export(job: &Job, filter: &ItemFilter, file: &Path) -> Result<String, Failure> {
    let items = open(job)?.list_items(filter).map_err(failure)?;
    let bytes = review::export(&items, job.report.csv).map_err(failure)?;
    let doing = || format!("write {}: a file that is there may hold decisions, so choose a new name", file.display());
    let created = OpenOptions::new().write(true).create_new(true).mode(0o600).open(file).with_context(doing);
    let written = created.and_then(|mut created| {
        created.write_all(&bytes)?;
        created.sync_all().context("bring it to the disk")
    });
    written.map_err(failure)?;
    let (count, path) = (items.len(), file.display());
    Ok(format!("{count} items in {path}: fill in decision, decided_by and reason, then `tieout queue import` it"))
}

/// What an import is given beside the file.
#[derive(Clone, Copy, Debug)]
pub struct Imported<'a> {
    pub file: &'a Path,
    /// Who imports; the audit names them beside each decision.
    pub by: &'a str,
    /// Caps on what is approved, where the caller states some.
    pub bulk: Option<Bulk>,
    pub now: DateTime<Utc>,
}

/// Takes the decisions of a sheet back in one transaction, or tells all that is wrong and takes none.
pub fn import(job: &Job, imported: Imported<'_>) -> Result<String, Failure> {
    let path = imported.file.display();
    let bytes = read(imported.file)?;
    let parse = if review::is_workbook(&bytes) { review::parse_workbook } else { review::parse };
    let mut sheet = parse(&bytes).map_err(|problems| refused(&path, &problems))?;
    check_name(job, imported.by)?;
    let mut store = open_to_decide(job)?;
    let seen = store.audit_entries().map_err(failure)?;
    if sheet.is_by_hash() {
        let items = store.list_items(&ItemFilter::default()).map_err(failure)?;
        sheet.identify(items.into_iter().map(|item| (item.payload_hash, item.id)));
    }
    let items = store.items_by_id(sheet.ids()).map_err(failure)?;
    let decided = review::decide(&sheet, &items, &job.approval, &Operator::of_process()).map_err(failure)?;
    let decisions = decided.map_err(|problems| refused(&path, &problems))?;
    let blocked = blocked(&decisions, &items, &store.blocked_people().map_err(failure)?);
    if !blocked.is_empty() {
        return Err(refused(&path, &blocked));
    }
    let approved = decisions.iter().filter(|decision| decision.approve);
    if let Some(bulk) = imported.bulk {
        let approved: Vec<&Item> = approved.clone().map(|decision| &items[&decision.item]).collect();
        check_bulk(approved, bulk).map_err(|why| Failure::input(anyhow!("nothing was imported: {why}")))?;
    }
    let rulings: Vec<_> = decisions.iter().map(|decision| ruling(decision, &items[&decision.item])).collect();
    for approver in &job.approval.approvers {
        let own = decisions.iter().filter(|decision| decision.approve && decision.by == approver.name);
        let own: Vec<Item> = own.map(|decision| items[&decision.item].clone()).collect();
        within_day(job, &store, approver, &own, imported.now)?;
    }
    let note = format!("imported by {}, {}", imported.by, Operator::of_process());
    let late = store.decide_all(&rulings, (&note, seen), imported.now, &job.policy_hash()).map_err(failure)?;
    if !late.is_empty() {
        let problem = |(place, why): &(usize, tieout_store::Refusal)| DecisionProblem {
            row: decisions[*place].row,
            message: format!("item {}: {why}", decisions[*place].item),
            ..DecisionProblem::default()
        };
        return Err(refused(&path, &late.iter().map(problem).collect::<Vec<_>>()));
    }
    let (approved, all) = (approved.count(), decisions.len());
    let undecided = items.len() - all;
    let items = counted(approved, "item is", "items are");
    let rows = counted(undecided, "row", "rows");
    Ok(format!("{items} approved, {} rejected; {rows} without a decision", all - approved))
}

/// Approvals of what must wait.
fn blocked(decisions: &[Decision], items: &BTreeMap<i64, Item>, people: &BlockedPeople) -> Vec<DecisionProblem> {
    let problem = |decision: &Decision| {
        let why = people.why(&items[&decision.item]).filter(|_| decision.approve)?;
        let message = format!("item {}: {why}; clear its decision", decision.item);
        Some(DecisionProblem { row: decision.row, message, ..DecisionProblem::default() })
    };
    decisions.iter().filter_map(problem).collect()
}

fn ruling(decision: &Decision, item: &Item) -> Ruling {
    let Decision { approve, by, reason, .. } = decision;
    Ruling { ticket: item.ticket(), approve: *approve, by: by.clone(), reason: reason.clone() }
}
