//! CO08: the same field corrected back and forth. Two sources that fight over a value would have it sent for ever; from
//! the second turn in 90 days on nothing is proposed until a person settles it.

use std::collections::{BTreeMap, BTreeSet};

use anyhow::Context as _;
use chrono::{DateTime, TimeDelta, Utc};
use rusqlite::Connection;

use crate::queue::{Key, list};
use crate::{Store, time_text};
use tieout_model::correction::{CorrectionKind, Payload, evidence};

/// Days that the turns are counted over.
pub const PING_PONG_DAYS: i64 = 90;
/// Turns, the wanted one included, from which a field counts as going back and forth.
pub const PING_PONG_TIMES: usize = 2;

/// One accepted correction: the value of each field that it set, and the values before it where the evidence has them.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(in crate::queue) struct Sent {
    before: BTreeMap<&'static str, String>,
    after: BTreeMap<&'static str, String>,
}

impl Store {
    /// Why a wanted body is taken for a ping-pong at `now`; `None`: it is not. `Sent` items count, by when they
    /// settled.
    pub fn ping_pong(
        &self,
        employee_id: &str,
        kind: CorrectionKind,
        wanted: &Payload,
        now: DateTime<Utc>,
    ) -> anyhow::Result<Option<String>> {
        let key = (employee_id.to_owned(), kind);
        let sent = sent_since(self.connection(), &BTreeSet::from([key.clone()]), now)?;
        Ok(sent.get(&key).and_then(|sent| back_and_forth(sent, wanted)))
    }
}

/// What Benbase accepted of the wanted employees and kinds in the days that count, in the order of sending.
pub(in crate::queue) fn sent_since(
    connection: &Connection,
    wanted: &BTreeSet<Key>,
    now: DateTime<Utc>,
) -> anyhow::Result<BTreeMap<Key, Vec<Sent>>> {
    let since = time_text(now - TimeDelta::days(PING_PONG_DAYS));
    // One live item an employee and kind: the order of the ids is the order of sending.
    let sql = "SELECT id, employee_id, kind, payload, evidence FROM queue
               WHERE state = 'sent' AND changed_at >= ?1 AND kind IN ('compensation', 'demographic') ORDER BY id";
    let mut statement = connection.prepare_cached(sql)?;
    let mut rows = statement.query([since])?;
    let mut sent: BTreeMap<Key, Vec<Sent>> = BTreeMap::new();
    while let Some(row) = rows.next().context("read what was sent")? {
        let key = (row.get("employee_id")?, list::kind(row)?);
        if wanted.contains(&key) {
            let (id, payload, evidence): (i64, String, String) =
                (row.get("id")?, row.get("payload")?, row.get("evidence")?);
            let one = read_sent(key.1, &payload, &evidence);
            sent.entry(key).or_default().push(one.with_context(|| format!("read queue item {id}"))?);
        }
    }
    Ok(sent)
}

fn read_sent(kind: CorrectionKind, payload: &str, evidence: &str) -> anyhow::Result<Sent> {
    let payload = Payload::read(kind, payload).context("its body is none of its kind")?;
    // The parser's text could repeat a value.
    let evidence = evidence::read(evidence).map_err(|_| anyhow::anyhow!("its evidence is damaged"))?;
    let after = values(&payload);
    let mut before = BTreeMap::new();
    for (field, evident) in [("pay", "base_salary"), ("pay_frequency", "pay_frequency"), (STATUS, STATUS)] {
        let change = evidence.changes.iter().find(|change| change.field == evident);
        before.extend(change.map(|change| (field, change.from.clone())));
    }
    Ok(Sent { before, after })
}

const STATUS: &str = "employment_status";

/// The value of each field that a body sets. An address is one value.
fn values(payload: &Payload) -> BTreeMap<&'static str, String> {
    let mut values = BTreeMap::new();
    match payload {
        Payload::Compensation(change) => {
            values.extend(change.pay_rate.as_ref().map(|rate| ("pay", format!("{} {}", rate.amount, rate.period))));
            values.extend(change.pay_frequency.as_ref().map(|term| ("pay_frequency", term.clone())));
            values.extend(change.employment_status.as_ref().map(|term| (STATUS, term.clone())));
        }
        Payload::Demographic(change) => {
            let a = &change.address;
            let line2 = a.line2.as_deref().unwrap_or_default();
            values.insert("address", [&a.line1, line2, &a.city, &a.state, &a.zip_code].join("\n"));
        }
        // They happen once.
        Payload::NewHire(_) | Payload::Termination(_) => {}
    }
    values
}

/// Why the wanted body is taken for a ping-pong. A turn sets a field to the value that it had before the last
/// correction.
pub(in crate::queue) fn back_and_forth(sent: &[Sent], wanted: &Payload) -> Option<String> {
    values(wanted).into_iter().find_map(|(field, wanted)| {
        let mut line: Vec<&str> = Vec::new();
        for one in sent {
            let Some(after) = one.after.get(field) else { continue };
            if line.is_empty() {
                line.extend(one.before.get(field).map(String::as_str));
            }
            line.push(after);
        }
        line.push(&wanted);
        line.dedup();
        // The wanted value must be a turn itself: a new value ends the fight.
        let turns = line.windows(3).rev().take_while(|three| three[0] == three[2]).count();
        (turns >= PING_PONG_TIMES).then(|| {
            format!(
                "corrected back and forth {turns} times in {PING_PONG_DAYS} days ({field}): settle who is right first"
            )
        })
    })
}
