//! What the audit chain does not hold row by row: the ledger, the history of findings, the past runs with the base line
//! of the guards, the waivers, the notes, and the hashes of the reports. Of each a digest is kept, moved in the
//! transaction that changes the rows, so that an edit by another hand is noticed. The digest is a sum of the rows'
//! hashes: their order does not count, and one row can be exchanged.

use anyhow::Context as _;
use rusqlite::types::ValueRef;
use rusqlite::{Connection, OptionalExtension as _, Row, Transaction, params};
use sha2::{Digest as _, Sha256};

use tieout_model::hash::hex;

/// Words of a digest.
const LANES: usize = 4;
const LANE_BYTES: usize = 8;
const LANE_HEX_CHARS: usize = 16;

/// Rows that are proved together.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Part {
    Ledger,
    History,
    Runs,
    Waivers,
    Reports,
    Notes,
}

impl Part {
    const ALL: [Part; 6] = [Part::Ledger, Part::History, Part::Runs, Part::Waivers, Part::Reports, Part::Notes];

    fn name(self) -> &'static str {
        match self {
            Part::Ledger => "ledger",
            Part::History => "history",
            Part::Runs => "runs",
            Part::Waivers => "waivers",
            Part::Reports => "reports",
            Part::Notes => "notes",
        }
    }

    /// What a person calls it.
    fn words(self) -> &'static str {
        match self {
            Part::Ledger => "the ledger of what Benbase holds",
            Part::History => "the history of findings",
            Part::Runs => "the past runs with the base line of the guards",
            Part::Waivers => "what was waived",
            Part::Reports => "the hashes of the reports with who signed them",
            Part::Notes => "what was noted on findings",
        }
    }

    /// The columns that decide something; a table that gets another column adds it here with its migration.
    fn queries(self) -> &'static [&'static str] {
        match self {
            Part::Ledger => &[LEDGER],
            Part::History => &[
                "SELECT id, code, employee_id, benefit, field, first_seen, status, last_seen, cleared_on, nights_open, reopened
                 FROM finding",
                "SELECT finding_id, period_end, currency, exposure FROM finding_period",
            ],
            Part::Runs => &[RUNS],
            Part::Waivers => &[
                "SELECT id, group_id, reason, until, cap, currency, by, at, revoked_by, revoked_at, revoked_reason FROM waiver",
                "SELECT waiver, finding_id, cause, amount, currency FROM waiver_finding",
            ],
            Part::Reports => &[
                "SELECT sha256, as_of, run_id, exit_code FROM report",
                "SELECT as_of, report, sha256, by, at FROM sign_off",
            ],
            Part::Notes => &["SELECT id, finding_id, text, assignee, due, by, at FROM note"],
        }
    }
}

const LEDGER: &str =
    "SELECT benbase_id, pay_frequency, pay_amount, pay_period, effective_start, employment_status, line1,
                             line2, city, state, zip_code, terminated_on, source FROM ledger";

const RUNS: &str = "SELECT id, as_of, mode, exit_code, complete, good, payroll_hash, summary FROM run";

/// A sum of hashes.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
struct Sum([u64; LANES]);

impl Sum {
    fn of_row(row: &Row<'_>) -> rusqlite::Result<Sum> {
        let mut digest = Sha256::new();
        for column in 0..row.as_ref().column_count() {
            match row.get_ref(column)? {
                ValueRef::Null => digest.update([0]),
                ValueRef::Integer(number) => {
                    digest.update([1]);
                    digest.update(number.to_le_bytes());
                }
                ValueRef::Real(number) => {
                    digest.update([2]);
                    digest.update(number.to_le_bytes());
                }
                ValueRef::Text(bytes) | ValueRef::Blob(bytes) => {
                    digest.update([3]);
                    digest.update((bytes.len() as u64).to_le_bytes());
                    digest.update(bytes);
                }
            }
        }
        let mut sum = Sum::default();
        for (lane, bytes) in sum.0.iter_mut().zip(digest.finalize().as_slice().chunks_exact(LANE_BYTES)) {
            *lane = bytes.iter().fold(0, |word, byte| word << 8 | u64::from(*byte));
        }
        Ok(sum)
    }

    fn add(&mut self, other: Sum) {
        self.0.iter_mut().zip(other.0).for_each(|(lane, more)| *lane = lane.wrapping_add(more));
    }

    fn subtract(&mut self, other: Sum) {
        self.0.iter_mut().zip(other.0).for_each(|(lane, less)| *lane = lane.wrapping_sub(less));
    }

    fn text(self) -> String {
        self.0.iter().map(|lane| hex(&lane.to_be_bytes())).collect()
    }

    /// `None`: not a digest, which is an edit too.
    fn parse(text: &str) -> Option<Sum> {
        let mut sum = Sum::default();
        for (at, lane) in sum.0.iter_mut().enumerate() {
            let digits = text.get(at * LANE_HEX_CHARS..(at + 1) * LANE_HEX_CHARS)?;
            *lane = u64::from_str_radix(digits, 16).ok()?;
        }
        Some(sum)
    }
}

fn sum(connection: &Connection, part: Part) -> anyhow::Result<Sum> {
    let mut sum = Sum::default();
    for query in part.queries() {
        let mut statement = connection.prepare_cached(query)?;
        let mut rows = statement.query([])?;
        while let Some(row) = rows.next().with_context(|| format!("read {}", part.words()))? {
            sum.add(Sum::of_row(row)?);
        }
    }
    Ok(sum)
}

fn put(transaction: &Transaction<'_>, part: Part, sum: Sum) -> anyhow::Result<()> {
    let sql =
        "INSERT INTO proof (part, digest) VALUES (?1, ?2) ON CONFLICT (part) DO UPDATE SET digest = excluded.digest";
    transaction.prepare_cached(sql)?.execute(params![part.name(), sum.text()]).context("note the digest of a table")?;
    Ok(())
}

/// Takes the digest anew, after many rows were written. It takes a pass over the rows.
pub(crate) fn renew(transaction: &Transaction<'_>, part: Part) -> anyhow::Result<()> {
    put(transaction, part, sum(transaction, part)?)
}

/// Takes the digests of everything, for a database that has none yet.
pub(crate) fn begin(transaction: &Transaction<'_>) -> anyhow::Result<()> {
    Part::ALL.into_iter().try_for_each(|part| renew(transaction, part))
}

/// A row that changes alone.
#[derive(Clone, Copy, Debug)]
pub(crate) enum Changing<'k> {
    /// By Benbase id.
    Ledger(&'k str),
    /// By row id.
    Run(i64),
}

impl Changing<'_> {
    fn part(self) -> Part {
        match self {
            Changing::Ledger(_) => Part::Ledger,
            Changing::Run(_) => Part::Runs,
        }
    }

    /// The row as a part of the digest; zero while there is none.
    fn sum(self, transaction: &Transaction<'_>) -> anyhow::Result<Sum> {
        let found = match self {
            Changing::Ledger(id) => {
                transaction.prepare_cached(&format!("{LEDGER} WHERE benbase_id = ?1"))?.query_row([id], Sum::of_row)
            }
            Changing::Run(id) => {
                transaction.prepare_cached(&format!("{RUNS} WHERE id = ?1"))?.query_row([id], Sum::of_row)
            }
        };
        Ok(found.optional()?.unwrap_or_default())
    }
}

/// Changes one row, and the digest with it: an edit of the others by another hand stays to be noticed.
pub(crate) fn exchange(
    transaction: &Transaction<'_>,
    row: Changing<'_>,
    change: impl FnOnce() -> anyhow::Result<()>,
) -> anyhow::Result<()> {
    let before = row.sum(transaction)?;
    change()?;
    let after = row.sum(transaction)?;
    // A digest that is none stays so: a later proof tells.
    let Some(mut sum) = noted(transaction, row.part())?.as_deref().and_then(Sum::parse) else { return Ok(()) };
    sum.subtract(before);
    sum.add(after);
    put(transaction, row.part(), sum)
}

fn noted(connection: &Connection, part: Part) -> anyhow::Result<Option<String>> {
    let sql = "SELECT digest FROM proof WHERE part = ?1";
    let digest = connection.prepare_cached(sql)?.query_row([part.name()], |row| row.get(0)).optional();
    digest.context("read the digest of a table")
}

/// What was changed by another hand, in words; `None`: nothing was.
pub(crate) fn edited(connection: &Connection) -> anyhow::Result<Option<String>> {
    for part in Part::ALL {
        if noted(connection, part)? != Some(sum(connection, part)?.text()) {
            return Ok(Some(format!("{} was changed by another program than tieout", part.words())));
        }
    }
    Ok(None)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_sum_is_read_back_and_a_row_taken_out_leaves_the_others() {
        let (one, two) = (Sum([1, u64::MAX, 3, 4]), Sum([u64::MAX, 2, 0, 9]));
        let mut both = one;
        both.add(two);
        assert_eq!(Sum::parse(&both.text()), Some(both));
        both.subtract(one);
        assert_eq!(both, two);
        assert_eq!((Sum::parse(""), Sum::parse("zz")), (None, None));
    }
}
