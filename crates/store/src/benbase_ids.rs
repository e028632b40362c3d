//! What is known of Benbase ids without any snapshot: whether Benbase was ever told of them, and for whom something was
//! sent to them.

use std::collections::{BTreeMap, BTreeSet};

use anyhow::Context as _;

use crate::Store;
use crate::benbase_ledger::{LEDGER, held};
use crate::database::days::Days;
use tieout_model::correction::BenbaseLedger;

/// For whom something last went to a Benbase id, or may have.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct SentFor {
    pub employee_id: String,
    /// `2026-03-31`.
    pub day: String,
}

impl Store {
    /// What the ledger holds of these Benbase ids.
    pub fn ledger_of<'i>(&self, ids: impl IntoIterator<Item = &'i String>) -> anyhow::Result<BenbaseLedger> {
        let mut statement = self.connection().prepare_cached(&format!("{LEDGER} WHERE benbase_id = ?1"))?;
        let (mut ledger, mut days) = (BenbaseLedger::default(), Days::default());
        for id in ids {
            let mut rows = statement.query([id])?;
            if let Some(row) = rows.next().context("look up a Benbase id in the ledger")? {
                ledger.insert(id, &held(row, &mut days)?);
            }
        }
        Ok(ledger)
    }

    /// Of these Benbase ids those to which something was sent.
    pub fn sent_for(&self, ids: &BTreeSet<String>) -> anyhow::Result<BTreeMap<String, SentFor>> {
        let mut found = BTreeMap::new();
        if ids.is_empty() {
            return Ok(found);
        }
        let mut statement = self.connection().prepare_cached(
            "SELECT payload ->> '$.employee_id' AS benbase_id, employee_id, substr(changed_at, 1, 10) AS day FROM queue
             WHERE state IN ('sending', 'in_doubt', 'sent', 'failed') AND benbase_id IS NOT NULL
                   AND kind NOT IN ('oyster_provisioning', 'oyster_request') ORDER BY id",
        )?;
        let mut rows = statement.query([])?;
        while let Some(row) = rows.next().context("look up what was sent to Benbase ids")? {
            let benbase_id: String = row.get("benbase_id")?;
            if ids.contains(&benbase_id) {
                found.insert(benbase_id, SentFor { employee_id: row.get("employee_id")?, day: row.get("day")? });
            }
        }
        Ok(found)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::queue::ItemState;
    use crate::queue::testing::{all_judged, compensation, drive, plan, termination};
    use crate::queue::tests::{enqueue, store};

    #[test]
    fn what_went_out_says_for_whom_and_what_waits_says_nothing() {
        let mut store = store();
        enqueue(&mut store, &plan([compensation("1", "part_time"), termination("2")]), &all_judged());
        assert!(drive(&mut store, 2, ItemState::Sent));
        let ids = ["emp_1", "emp_2", "emp_3"].map(str::to_owned).into();
        let sent: Vec<_> =
            store.sent_for(&ids).expect("reads").into_iter().map(|(id, to)| (id, to.employee_id)).collect();
        assert_eq!(sent, [("emp_2".to_owned(), "2".to_owned())]);
        assert_eq!(store.sent_for(&BTreeSet::from(["2".to_owned()])).expect("reads"), BTreeMap::new());
    }
}
