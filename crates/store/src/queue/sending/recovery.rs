//! After a backup of the state was put back, or the state was lost. Nobody knows what was sent since: every item that
//! is not final is in doubt without its approval, and so is the first change of each employee and kind that a later
//! night derives. A person finds out what became of each; no policy sends one again by itself.

use std::collections::BTreeSet;

use anyhow::{Context as _, ensure};
use chrono::{DateTime, Utc};
use rusqlite::{Connection, OptionalExtension as _};

use crate::Store;
use crate::chain::audit::NO_ITEM;
use crate::queue::life::Command;
use crate::queue::life::journal::{RECOVER, Step};
use crate::queue::{ItemFilter, Key, list};

/// Why an item is in doubt.
pub(in crate::queue) const SUSPECT: &str = "it may have been sent before the state was recovered: find out in the service, then \
                                  `tieout queue resolve`";

impl Store {
    /// Notes that the state is not the one that the job last used, and puts in doubt whatever may have been sent since;
    /// the ids of those items. `expected`: what was known of the newest end of the chain. Only while no push runs.
    pub fn recover_state(
        &mut self,
        by: &str,
        reason: &str,
        expected: &str,
        now: DateTime<Utc>,
    ) -> anyhow::Result<Vec<i64>> {
        let mut live = self.list_items(&ItemFilter::default())?;
        live.retain(|item| item.state.is_live());
        let mut journal = self.journal(now)?;
        journal.recovered(by, &tieout_model::hash::sha256_hex(expected), &format!("{reason}; {expected}"))?;
        let mut ids = Vec::with_capacity(live.len());
        for item in live {
            let moved = journal.step(&item.ticket(), Step::new(Command::Suspect, by, SUSPECT))?;
            ensure!(moved.is_done(), "queue item {} changed while the state was recovered: try again", item.id);
            ids.push(item.id);
        }
        journal.commit()?;
        self.anchor()?;
        Ok(ids)
    }

    /// Notes that the state goes on in another place, as it is. `from`: where it was.
    pub fn move_state(&mut self, by: &str, reason: &str, from: &str, now: DateTime<Utc>) -> anyhow::Result<()> {
        let mut journal = self.journal(now)?;
        journal.moved(by, &tieout_model::hash::sha256_hex(from), &format!("{reason}; {from}"))?;
        journal.commit()
    }
}

/// Employees and kinds with a proposal since the state was recovered; `None`: it never was. Of the others nobody knows
/// whether the change that a night wants went out before.
pub(in crate::queue) fn proposed_since_recovery(connection: &Connection) -> anyhow::Result<Option<BTreeSet<Key>>> {
    let newest = "SELECT id FROM audit WHERE item = ?1 AND event = ?2 ORDER BY id DESC LIMIT 1";
    let recovered: Option<i64> = connection
        .query_row(newest, rusqlite::params![NO_ITEM, RECOVER], |row| row.get(0))
        .optional()
        .context("look for a recovery in the audit chain")?;
    let Some(recovered) = recovered else { return Ok(None) };
    let sql = "SELECT employee_id, kind FROM queue
               WHERE id IN (SELECT item FROM audit WHERE id > ?1 AND event = 'propose')";
    let mut statement = connection.prepare_cached(sql)?;
    let mut rows = statement.query([recovered])?;
    let mut known = BTreeSet::new();
    while let Some(row) = rows.next().context("read what was proposed since the recovery")? {
        known.insert((row.get("employee_id")?, list::kind(row)?));
    }
    Ok(Some(known))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::ChainVerdict;
    use crate::queue::testing::{OTHER, all_judged, compensation, drive, hire, item_of, plan};
    use crate::queue::tests::{enqueue, store};
    use crate::queue::{Action, ItemState, Moved};
    use crate::tests::at;

    fn recovered(store: &mut Store) -> Vec<i64> {
        store.recover_state(OTHER, "restored", "entry 9 with hash x", at(5)).expect("recovers")
    }

    #[test]
    fn whatever_is_not_final_is_in_doubt_and_goes_out_only_after_a_new_approval() {
        for state in ItemState::ALL {
            let mut store = store();
            enqueue(&mut store, &plan([compensation("1", "part_time")]), &all_judged());
            assert!(drive(&mut store, 1, state), "{state:?}");
            let ids = recovered(&mut store);
            let item = item_of(&store, 1);
            if !state.is_live() {
                assert_eq!((ids, item.state), (vec![], state), "{state:?}");
                continue;
            }
            assert_eq!((ids, item.state, &item.approved_by), (vec![1], ItemState::InDoubt, &None), "{state:?}");
            store.resend(&item.ticket(), at(6), "request").expect_err("the database wants an approval");
            let moved = store.resolve(&item.ticket(), false, OTHER, "not there", at(7)).expect("answers");
            assert_eq!((moved, item_of(&store, 1).state), (Moved::Done, ItemState::Proposed), "{state:?}");
            assert!(drive(&mut store, 1, ItemState::Sent), "{state:?}");
            assert!(matches!(store.audit_verify().expect("walks"), ChainVerdict::Whole { .. }), "{state:?}");
        }
    }

    #[test]
    fn the_first_change_of_each_employee_and_kind_after_a_recovery_is_in_doubt_and_the_next_is_not() {
        let mut store = store();
        recovered(&mut store);
        let first = enqueue(&mut store, &plan([hire("1"), compensation("2", "part_time")]), &all_judged());
        assert_eq!(first.count(Action::Suspect), 2);
        for id in [1, 2] {
            let item = item_of(&store, id);
            assert_eq!((item.state, item.approved_by), (ItemState::InDoubt, None));
        }
        let seen = store.seen().expect("reads");
        assert!(seen.employees.contains("1"), "nobody is hired twice by a machine");
        let ticket = item_of(&store, 2).ticket();
        assert!(store.resolve(&ticket, true, OTHER, "seen", at(7)).expect("answers").is_done());
        assert_eq!(item_of(&store, 2).state, ItemState::Sent);
        let again = enqueue(&mut store, &plan([hire("1"), compensation("2", "variable_hours")]), &all_judged());
        assert_eq!((again.count(Action::Suspect), again.count(Action::Propose)), (0, 1));
        assert!(matches!(store.audit_verify().expect("walks"), ChainVerdict::Whole { .. }));
    }
}
