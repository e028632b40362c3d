//! Approving and rejecting by hand.

use anyhow::anyhow;
use chrono::{DateTime, Utc};

use super::{check_name, failure, open_to_decide, refused};
use crate::job::Approver;
use crate::job::Job;
use crate::outcome::Failure;
use crate::review::authority::{Bulk, check_bulk, check_day, marks, may_approve};
use crate::secrets::Operator;
use tieout_store::{Item, ItemFilter, ItemState, Refusal, Ruling, Store};

/// Refused items that an error names.
const SHOWN_MAX: usize = 20;

/// Which items.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Selection {
    Items(Vec<i64>),
    /// All proposed ones that the filter lets through; its state does not count.
    Proposed(ItemFilter),
}

/// Who decides what, when and why.
#[derive(Clone, Debug)]
pub struct Decide<'a> {
    pub selection: &'a Selection,
    pub by: &'a str,
    pub reason: &'a str,
    pub now: DateTime<Utc>,
}

/// Approves: one item, or several within what `bulk` states. All or none.
pub fn approve(job: &Job, decide: &Decide<'_>, bulk: Option<Bulk>) -> Result<String, Failure> {
    let mut store = open_to_decide(job)?;
    let seen = store.audit_entries().map_err(failure)?;
    let items = select(&store, decide.selection)?;
    let one = matches!(decide.selection, Selection::Items(ids) if ids.len() == 1);
    let with_marked = one || bulk.is_some_and(|bulk| bulk.with_marked);
    let people = store.blocked_people().map_err(failure)?;
    let (blocked, items): (Vec<Item>, Vec<Item>) = items.into_iter().partition(|item| people.why(item).is_some());
    let blocked = told(&blocked, |item| people.why(item).unwrap_or_default());
    if matches!(decide.selection, Selection::Items(_)) {
        none_of(blocked.clone(), "approved")?;
    }
    let (items, marked): (Vec<Item>, Vec<Item>) =
        items.into_iter().partition(|item| with_marked || marks(item).is_empty());
    let marked = told(&marked, |item| marks(item).join("; "));
    match bulk {
        Some(bulk) => check_bulk(&items, bulk).map_err(|why| Failure::input(anyhow!("nothing was approved: {why}")))?,
        None if one => {}
        None => {
            let why =
                "approving several items needs --max-count and --max-exposure: state how many and how much you expect";
            return Err(Failure::input(anyhow!(why)));
        }
    }
    let operator = Operator::of_process();
    let not_allowed = items.iter().filter_map(|item| {
        let why = may_approve(&job.approval, item, decide.by, &operator).err()?;
        Some((item.id, why.to_string()))
    });
    none_of(not_allowed.collect(), "approved")?;
    if let Some(approver) = job.approval.find(decide.by) {
        within_day(job, &store, approver, &items, decide.now)?;
    }
    // As the job names them, however it was typed.
    let by = job.approval.find(decide.by).map_or(decide.by, |approver| &approver.name);
    let done = rule(&mut store, &items, (true, seen), &Decide { by, ..decide.clone() }, &job.policy_hash())?;
    Ok(format!("{done}{}{}", left_out(LEFT_BLOCKED, &blocked), left_out(LEFT_MARKED, &marked)))
}

/// Marked items are approved one by one, or with `--with-marked`.
const LEFT_MARKED: &str =
    "left out, for they are marked for a second look (approve each on its own, or add --with-marked)";
const LEFT_BLOCKED: &str = "left out, for their employees are blocked";

fn told(items: &[Item], why: impl Fn(&Item) -> String) -> Vec<(i64, String)> {
    items.iter().map(|item| (item.id, why(item))).collect()
}

fn left_out(what: &str, items: &[(i64, String)]) -> String {
    if items.is_empty() { String::new() } else { format!("\n{what}:{}", listed(items)) }
}

fn listed(items: &[(i64, String)]) -> String {
    let mut text = String::new();
    for (id, why) in items.iter().take(SHOWN_MAX) {
        text.push_str(&format!("\n  item {id}: {why}"));
    }
    if items.len() > SHOWN_MAX {
        text.push_str(&format!("\n  … and {} more", items.len() - SHOWN_MAX));
    }
    text
}

/// Rejects; an approved item's approval is voided first. All or none.
pub fn reject(job: &Job, decide: &Decide<'_>) -> Result<String, Failure> {
    if decide.reason.trim().is_empty() {
        return Err(Failure::input(anyhow!("a rejection needs a reason: state --reason")));
    }
    check_name(job, decide.by)?;
    let mut store = open_to_decide(job)?;
    let seen = store.audit_entries().map_err(failure)?;
    let items = select(&store, decide.selection)?;
    rule(&mut store, &items, (false, seen), decide, &job.policy_hash())
}

fn select(store: &Store, selection: &Selection) -> Result<Vec<Item>, Failure> {
    match selection {
        Selection::Proposed(filter) => {
            let filter = ItemFilter { state: Some(ItemState::Proposed), ..filter.clone() };
            store.list_items(&filter).map_err(failure)
        }
        Selection::Items(ids) => {
            let found = store.items_by_id(ids.iter().copied()).map_err(failure)?;
            match ids.iter().find(|id| !found.contains_key(id)) {
                Some(id) => Err(refused(*id, &Refusal::Unknown)),
                None => Ok(found.into_values().collect()),
            }
        }
    }
}

fn rule(
    store: &mut Store,
    items: &[Item],
    (approve, seen): (bool, i64),
    decide: &Decide<'_>,
    policy: &str,
) -> Result<String, Failure> {
    let (by, reason) = (decide.by.to_owned(), decide.reason.trim().to_owned());
    let ruling = |item: &Item| Ruling { ticket: item.ticket(), approve, by: by.clone(), reason: reason.clone() };
    let rulings: Vec<_> = items.iter().map(ruling).collect();
    let done = if approve { "approved" } else { "rejected" };
    let refused =
        store.decide_all(&rulings, (&Operator::of_process().to_string(), seen), decide.now, policy).map_err(failure)?;
    none_of(refused.into_iter().map(|(place, why)| (items[place].id, why.to_string())).collect(), done)?;
    Ok(match items {
        [] => format!("no proposed items: nothing was {done}"),
        [item] => format!("item {} is {done}", item.id),
        _ => format!("{} items are {done}", items.len()),
    })
}

/// Errors: the approver's daily limit.
pub(super) fn within_day(
    job: &Job,
    store: &Store,
    approver: &Approver,
    items: &[Item],
    now: DateTime<Utc>,
) -> Result<(), Failure> {
    let today = store.approved_since(&approver.name, job.zone.day_start(now)).map_err(failure)?;
    check_day(approver, &today, items).map_err(|why| Failure::input(anyhow!("nothing was approved: {why}")))
}

fn none_of(refused: Vec<(i64, String)>, done: &str) -> Result<(), Failure> {
    if refused.is_empty() {
        return Ok(());
    }
    Err(Failure::input(anyhow!("nothing was {done}{}", listed(&refused))))
}
