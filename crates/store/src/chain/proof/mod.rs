//! What the audit chain does not hold row by row: every table that decides something, in parts that a person has a
//! name for. Of each a digest is kept, moved in the transaction that changes the rows and by those rows alone, so that
//! an edit by another hand is noticed and stays so. The digest is a sum of the rows' hashes: their order does not
//! count, and one row can be exchanged.

mod earlier;
mod watch;

use anyhow::Context as _;
use rusqlite::types::ValueRef;
use rusqlite::{Connection, OptionalExtension as _, Transaction, params};
use sha2::{Digest as _, Sha256};

use tieout_model::hash::hex;

pub(crate) use self::watch::{Watch, Writing};

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
    Owner,
    Queue,
    Books,
    Roster,
    Enrollments,
    Answers,
}

impl Part {
    const ALL: [Part; 12] = [
        Part::Ledger,
        Part::History,
        Part::Runs,
        Part::Waivers,
        Part::Reports,
        Part::Notes,
        Part::Owner,
        Part::Queue,
        Part::Books,
        Part::Roster,
        Part::Enrollments,
        Part::Answers,
    ];

    fn name(self) -> &'static str {
        match self {
            Part::Ledger => "ledger",
            Part::History => "history",
            Part::Runs => "runs",
            Part::Waivers => "waivers",
            Part::Reports => "reports",
            Part::Notes => "notes",
            Part::Owner => "owner",
            Part::Queue => "queue",
            Part::Books => "books",
            Part::Roster => "roster",
            Part::Enrollments => "enrollments",
            Part::Answers => "answers",
        }
    }

    /// What a person calls it.
    fn words(self) -> &'static str {
        match self {
            Part::Ledger => "the ledger of what Benbase holds",
            Part::History => "the history of findings",
            Part::Runs => "the past runs with the base line of the guards",
            Part::Waivers => "what was waived and what may be",
            Part::Reports => "the hashes of the reports with who signed them",
            Part::Notes => "what was noted on findings",
            Part::Owner => "whose state it is and whether its chain has an anchor",
            Part::Queue => "the queue of corrections with the beginning of its chain",
            Part::Books => "the benefit ledger",
            Part::Roster => "the roster of everybody ever seen",
            Part::Enrollments => "what was seen of Oyster's enrollments",
            Part::Answers => "what a night under way was answered",
        }
    }

    /// That it was changed by another hand.
    fn told(self) -> String {
        format!("{} was changed by another program than tieout", self.words())
    }

    /// All columns of them count.
    fn tables(self) -> &'static [&'static str] {
        match self {
            Part::Ledger => &["ledger", "imported"],
            Part::History => &["finding", "finding_period"],
            Part::Runs => &["run"],
            Part::Waivers => &["waiver", "waiver_finding", "stand", "waived_night"],
            Part::Reports => &["report", "sign_off"],
            Part::Notes => &["note"],
            Part::Owner => &["owner", "anchored"],
            Part::Queue => &["queue", "audit_head"],
            Part::Books => &["pay_period", "benefit", "posting", "benefit_entry"],
            Part::Roster => &["roster"],
            Part::Enrollments => &["enrollment_state", "engagement_seen"],
            Part::Answers => &["extraction", "fetched"],
        }
    }
}

/// A sum of hashes.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
struct Sum([u64; LANES]);

impl Sum {
    /// Of the table's name and all columns of a row.
    fn of_row<'v>(values: impl Iterator<Item = ValueRef<'v>>) -> Sum {
        let mut digest = Sha256::new();
        for value in values {
            match value {
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
        sum
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
    for table in part.tables() {
        sum.add(sum_of(connection, part, &format!("SELECT '{table}', * FROM {table}"))?);
    }
    Ok(sum)
}

fn sum_of(connection: &Connection, part: Part, query: &str) -> anyhow::Result<Sum> {
    let mut sum = Sum::default();
    let mut statement = connection.prepare_cached(query)?;
    let columns = statement.column_count();
    let mut rows = statement.query([])?;
    while let Some(row) = rows.next().with_context(|| format!("read {}", part.words()))? {
        let values = (0..columns).map(|column| row.get_ref(column)).collect::<Result<Vec<_>, _>>()?;
        sum.add(Sum::of_row(values.into_iter()));
    }
    Ok(sum)
}

fn put(transaction: &Transaction<'_>, part: Part, sum: Sum) -> anyhow::Result<()> {
    let sql =
        "INSERT INTO proof (part, digest) VALUES (?1, ?2) ON CONFLICT (part) DO UPDATE SET digest = excluded.digest";
    transaction.prepare_cached(sql)?.execute(params![part.name(), sum.text()]).context("note the digest of a table")?;
    Ok(())
}

/// Takes the digests of everything, for a database that has none yet.
pub(crate) fn begin(transaction: &Transaction<'_>) -> anyhow::Result<()> {
    Part::ALL.into_iter().try_for_each(|part| put(transaction, part, sum(transaction, part)?))
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
            return Ok(Some(part.told()));
        }
    }
    Ok(None)
}

/// The same of a state that is yet to be brought up to date from `schema`, as far as its digests reach.
pub(crate) fn edited_before(connection: &Connection, schema: u32) -> anyhow::Result<Option<String>> {
    if schema != earlier::SCHEMA {
        return Ok(None);
    }
    Ok(earlier::edited(connection)?.map(Part::told))
}

#[cfg(test)]
mod tests;
