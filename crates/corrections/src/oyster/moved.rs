//! What moved at Oyster between two looks, states included: what a person who approved the first one wants to know.

use std::collections::BTreeMap;

use crate::oyster::{Current, HeldPlan};
use tieout_model::correction::Change;

const ABSENT: &str = "absent";

/// What differs, from one look to the other.
pub fn moved(from: &Current, to: &Current) -> Vec<Change> {
    let mut changes = Vec::new();
    let (before, after) = (from.stage.clone().unwrap_or_default(), to.stage.clone().unwrap_or_default());
    if before.engagement != after.engagement {
        let text = |state: Option<String>| state.unwrap_or_else(|| "not looked at".to_owned());
        let field = "engagement state".to_owned();
        changes.push(Change { field, from: text(before.engagement), to: text(after.engagement) });
    }
    changes.extend(plans("", &from.plans, &to.plans));
    changes.extend(plans("enrollment of ", &before.enrollments, &after.enrollments));
    changes
}

fn plans(what: &str, from: &[HeldPlan], to: &[HeldPlan]) -> Vec<Change> {
    let mut texts: BTreeMap<String, (Vec<String>, Vec<String>)> = BTreeMap::new();
    for held in from {
        texts.entry(name(held)).or_default().0.push(text(held));
    }
    for held in to {
        texts.entry(name(held)).or_default().1.push(text(held));
    }
    let differ = texts.into_iter().filter(|(_, (from, to))| from != to);
    let change = |(name, (from, to))| Change { field: format!("{what}{name}"), from: said(from), to: said(to) };
    differ.map(change).collect()
}

fn name(held: &HeldPlan) -> String {
    match &held.package_id {
        Some(package) => format!("plan {} of package {package}", held.plan_id),
        None => format!("plan {}", held.plan_id),
    }
}

fn text(held: &HeldPlan) -> String {
    let shares = if held.shares.is_silent() { "no contribution shown".to_owned() } else { held.shares.text() };
    let parts = [held.state.clone(), shares].into_iter().chain(held.anomalies.iter().cloned());
    parts.collect::<Vec<_>>().join(", ")
}

fn said(texts: Vec<String>) -> String {
    if texts.is_empty() { ABSENT.to_owned() } else { texts.join(" and ") }
}
