//! Benbase ids that the crosswalk gives to another person than it did: an id that was handed over, ids that were
//! exchanged, a row that slipped. What Benbase holds under such an id is not of who has it tonight, as far as is known.

use std::collections::{BTreeMap, BTreeSet, HashMap};

use polars::prelude::*;

use crate::rules::identity::holders::{Marks, Users, are_two, is_other};
use crate::snapshot::POPULATION;
use tieout_payroll::crosswalk::Crosswalk;

/// Why a Benbase id may not be the employee's who has it tonight.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum LinkDoubt {
    /// It was another person's.
    Other,
    /// It took the place of another one, and what is held under the two is not alike.
    Unlike,
    /// It took the place of another one, and nothing is known of what is held under it.
    Unknown,
    /// It was the employee's before another one, to which changes went.
    Former,
}

/// What an older snapshot says of tonight's links.
#[derive(Debug, Default, PartialEq, Eq)]
pub struct OlderLinks {
    /// Benbase ids that were another person's.
    pub foreign: BTreeSet<String>,
    /// Of which it says nothing: the id was nobody's, or Benifex did not know the person.
    pub untold: BTreeSet<String>,
    /// Of those the ones whose holder had another id → that id.
    pub replaced: BTreeMap<String, String>,
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
        let earlier = if is_there { links.get(then.emp(then_row)) } else { None };
        let is_same = is_there && !is_other(&now, now_row, &then, then_row);
        if earlier != Some(benbase) {
            moved.push((now_row, benbase, earlier.filter(|_| is_same)));
        } else if !is_same {
            found.foreign.insert(benbase.to_owned());
        }
    }
    let holders = holders(&moved, links, &then);
    for (now_row, benbase, earlier) in moved {
        match holders.get(benbase) {
            None => {
                found.untold.insert(benbase.to_owned());
                found.replaced.extend(earlier.map(|earlier| (benbase.to_owned(), earlier.to_owned())));
            }
            Some(then_row) if are_two(&now, now_row, &then, *then_row) => {
                found.foreign.insert(benbase.to_owned());
            }
            Some(_) => {}
        }
    }
    Ok(Some(found))
}

/// Who had these Benbase ids, by their row.
fn holders<'l>(
    moved: &[(usize, &str, Option<&str>)],
    links: &'l StringChunked,
    then: &Marks<'_>,
) -> HashMap<&'l str, usize> {
    if moved.is_empty() {
        return HashMap::new();
    }
    let wanted: BTreeSet<&str> = moved.iter().map(|(_, benbase, _)| *benbase).collect();
    let rows = (0..then.len()).filter_map(|row| Some((links.get(then.emp(row))?, row)));
    rows.filter(|(benbase, _)| wanted.contains(benbase)).collect()
}
