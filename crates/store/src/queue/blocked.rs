//! Whom a finding blocks by the last night: what was proposed or approved before is neither approved nor sent until it
//! is gone.

use std::collections::BTreeMap;

use anyhow::Context as _;

use crate::Store;
use crate::queue::Item;
use tieout_model::code::Blocks;
use tieout_model::finding::Code;

/// Employees with an open finding that blocks their corrections, and which.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct BlockedPeople(BTreeMap<String, Vec<(String, String)>>);

impl BlockedPeople {
    /// Why an item must wait; `None`: nothing blocks its employee, or it has left the house already. Changes at Oyster
    /// are held against what Oyster shows.
    pub fn why(&self, item: &Item) -> Option<String> {
        let waits = item.state.is_live() && !item.kind.is_oyster();
        let findings = self.0.get(&item.employee_id).filter(|_| waits)?;
        let named: Vec<String> = findings.iter().map(|(code, id)| format!("{code} ({id})")).collect();
        Some(format!(
            "{} blocks the employee: nothing is approved or sent until a night finds it gone",
            named.join(", ")
        ))
    }
}

impl Store {
    /// By the history of findings.
    pub fn blocked_people(&self) -> anyhow::Result<BlockedPeople> {
        let blocking: Vec<String> = Code::all()
            .filter(|code| code.rule().blocks != Blocks::Nobody)
            .map(|code| format!("'{}'", code.name()))
            .collect();
        let sql = format!(
            "SELECT employee_id, code, id FROM finding
             WHERE status = 'open' AND employee_id <> '' AND code IN ({}) ORDER BY employee_id, code, id",
            blocking.join(", ")
        );
        let mut statement = self.connection().prepare_cached(&sql)?;
        let mut rows = statement.query([])?;
        let mut blocked = BlockedPeople::default();
        while let Some(row) = rows.next().context("read whom a finding blocks")? {
            let (employee_id, code, id): (String, String, String) = (row.get(0)?, row.get(1)?, row.get(2)?);
            blocked.0.entry(employee_id).or_default().push((code, id));
        }
        Ok(blocked)
    }
}
