//! Whom a finding blocks by the last night, and of whom it could not read what a change rests on: what was proposed or
//! approved before is neither approved nor sent until that is over.

use std::collections::{BTreeMap, BTreeSet};

use anyhow::Context as _;
use rusqlite::OptionalExtension as _;
use serde::{Deserialize, Serialize};

use crate::Store;
use crate::nights::runs::{RunMode, parse_summary};
use crate::queue::Item;
use tieout_model::code::Blocks;
use tieout_model::correction::CorrectionKind;
use tieout_model::finding::Code;

/// What a night could not read of somebody whose change waits.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Unread {
    pub reason: String,
    /// Names of the kinds of change that rest on it.
    pub kinds: BTreeSet<String>,
}

impl Unread {
    pub fn new(reason: &str, kinds: &[CorrectionKind]) -> Unread {
        Unread { reason: reason.to_owned(), kinds: kinds.iter().map(|kind| kind.name().to_owned()).collect() }
    }
}

/// Employees with an open finding that blocks their corrections, and which; and what the last night could not read.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct BlockedPeople {
    findings: BTreeMap<String, Vec<(String, String)>>,
    unread: BTreeMap<String, Unread>,
}

impl BlockedPeople {
    /// Why an item must wait; `None`: nothing blocks its employee, or it has left the house already. Changes at Oyster
    /// are held against what Oyster shows.
    pub fn why(&self, item: &Item) -> Option<String> {
        let waits = item.state.is_live() && !item.kind.is_oyster();
        let unread =
            self.unread.get(&item.employee_id).filter(|unread| waits && unread.kinds.contains(item.kind.name()));
        let unread = unread.map(|unread| {
            format!(
                "the last night could not read what the change rests on ({}): nothing is approved or sent until a night can",
                unread.reason
            )
        });
        let Some(findings) = self.findings.get(&item.employee_id).filter(|_| waits) else { return unread };
        let named: Vec<String> = findings.iter().map(|(code, id)| format!("{code} ({id})")).collect();
        Some(format!(
            "{} blocks the employee: nothing is approved or sent until a night finds it gone",
            named.join(", ")
        ))
    }
}

impl Store {
    /// By the history of findings and the last run.
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
        let mut blocked = BlockedPeople { unread: self.unread()?, ..BlockedPeople::default() };
        while let Some(row) = rows.next().context("read whom a finding blocks")? {
            let (employee_id, code, id): (String, String, String) = (row.get(0)?, row.get(1)?, row.get(2)?);
            blocked.findings.entry(employee_id).or_default().push((code, id));
        }
        Ok(blocked)
    }

    /// What the newest live run that ended could not read of people whose changes wait, by employee id.
    pub fn unread(&self) -> anyhow::Result<BTreeMap<String, Unread>> {
        let sql =
            "SELECT summary FROM run WHERE mode = ?1 AND summary IS NOT NULL ORDER BY as_of DESC, id DESC LIMIT 1";
        let found: Option<String> =
            self.connection().query_row(sql, [RunMode::Live.name()], |row| row.get(0)).optional()?;
        Ok(found.as_deref().map(parse_summary).transpose()?.unwrap_or_default().unread)
    }

    /// Employees with a change at Benbase that is neither settled nor on its way.
    pub fn waiting_employees(&self) -> anyhow::Result<BTreeSet<String>> {
        let sql = "SELECT employee_id FROM queue WHERE state IN ('proposed', 'approved', 'in_doubt')
                       AND kind NOT IN ('oyster_provisioning', 'oyster_request')";
        let mut statement = self.connection().prepare_cached(sql)?;
        let ids = statement.query_map([], |row| row.get(0))?;
        ids.collect::<Result<_, _>>().context("read whose changes wait")
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::nights::runs::tests::end;
    use crate::queue::ItemFilter;
    use crate::queue::testing::{all_judged, compensation, demographic, plan};
    use crate::queue::tests::{enqueue, store};
    use crate::{NewRun, RunEnd, RunSummary, Store};

    fn night(store: &mut Store, as_of: &str, unread: &[(&str, Unread)]) {
        let (as_of, started_at) = (as_of.parse().expect("a day"), crate::tests::at(0));
        let run = NewRun { run_id: "r", as_of, mode: RunMode::Live, started_at };
        let row = store.begin_run(&run).expect("begins");
        let unread = unread.iter().map(|(id, unread)| ((*id).to_owned(), unread.clone())).collect();
        let end = RunEnd { summary: RunSummary { unread, ..RunSummary::default() }, ..end(5, true) };
        store.finish_run(row, &end).expect("ends");
    }

    #[test]
    fn a_change_waits_while_the_last_night_could_not_read_what_it_rests_on() {
        let mut store = store();
        enqueue(&mut store, &plan([compensation("1", "part_time"), demographic("1", "Austin")]), &all_judged());
        let why = |store: &Store| {
            let (people, items) = (store.blocked_people().expect("reads"), store.list_items(&ItemFilter::default()));
            let items = items.expect("lists");
            let of = |kind| items.iter().find(|item| item.kind == kind).and_then(|item| people.why(item));
            [of(CorrectionKind::Compensation), of(CorrectionKind::Demographic)]
        };
        assert_eq!(why(&store), [None, None]);
        night(&mut store, "2026-03-04", &[("1", Unread::new("no basis", &[CorrectionKind::Compensation]))]);
        let [pay, address] = why(&store);
        assert!(pay.is_some_and(|why| why.contains("no basis")) && address.is_none());
        // An earlier night that is run again says nothing of now.
        night(&mut store, "2026-03-03", &[]);
        assert!(why(&store)[0].is_some());
        night(&mut store, "2026-03-05", &[]);
        assert_eq!(why(&store), [None, None]);
    }
}
