//! Benbase ids that the crosswalk gives to another person than it did: an id that was handed over, ids that were
//! exchanged, a row that slipped. What Benbase holds under such an id is not of who has it tonight, as far as is known.

use std::collections::{BTreeSet, HashMap};

use polars::prelude::*;

use crate::rules::identity::holders::{Marks, Users, are_two, is_other};
use crate::snapshot::POPULATION;
use tieout_payroll::crosswalk::Crosswalk;

/// What an older snapshot says of tonight's links.
#[derive(Debug, Default, PartialEq, Eq)]
pub struct OlderLinks {
    /// Benbase ids that were another person's.
    pub foreign: BTreeSet<String>,
    /// Of which it says nothing: the id was nobody's, or Benifex did not know the person.
    pub untold: BTreeSet<String>,
}

/// Compares tonight's links with those of an older snapshot; `None`: it notes none. `asked`: the Benbase ids that
/// matter.
pub fn older_links(
    tonight: Users<'_>,
    crosswalk: &Crosswalk,
    older: Users<'_>,
    asked: impl Fn(&str) -> bool,
) -> PolarsResult<Option<OlderLinks>> {
    let links = POPULATION.benbase_id.of(older.population)?;
    if links.null_count() == links.len() {
        return Ok(None);
    }
    let (now, then) = (Marks::new(tonight)?, Marks::new(older)?);
    let mut found = OlderLinks::default();
    let mut moved = Vec::new();
    // All stand in the order of their employee ids.
    let (mut next, mut then_row) = (0, 0);
    for now_row in 0..now.len() {
        let Some(id) = now.id(now_row) else { continue };
        let link = crosswalk.rows.next(id, &mut next).and_then(|linked| linked.benbase_id);
        let Some(benbase) = link.filter(|benbase| asked(benbase)) else { continue };
        while then_row < then.len() && then.id(then_row).is_none_or(|other| other < id) {
            then_row += 1;
        }
        let is_there = then_row < then.len() && then.id(then_row) == Some(id);
        if !is_there || links.get(then.emp(then_row)) != Some(benbase) {
            moved.push((now_row, benbase));
        } else if is_other((&now, now_row), (&then, then_row)) {
            found.foreign.insert(benbase.to_owned());
        }
    }
    let holders = holders(&moved, links, &then);
    for (now_row, benbase) in moved {
        match holders.get(benbase) {
            None => found.untold.insert(benbase.to_owned()),
            Some(then_row) if are_two((&now, now_row), (&then, *then_row)) => found.foreign.insert(benbase.to_owned()),
            Some(_) => false,
        };
    }
    Ok(Some(found))
}

/// Who had these Benbase ids, by their row.
fn holders<'l>(moved: &[(usize, &str)], links: &'l StringChunked, then: &Marks<'_>) -> HashMap<&'l str, usize> {
    if moved.is_empty() {
        return HashMap::new();
    }
    let wanted: BTreeSet<&str> = moved.iter().map(|(_, benbase)| *benbase).collect();
    let rows = (0..then.len()).filter_map(|row| Some((links.get(then.emp(row))?, row)));
    rows.filter(|(benbase, _)| wanted.contains(benbase)).collect()
}
