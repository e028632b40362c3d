//! The ledger of what Benbase holds: the opening balance from a file of the customer's, later what pushes got accepted.
//! Benbase can't be read, so this is all that is known of it. A push's row is never overwritten by a file.

mod accept;
mod ahead;
mod line;

use std::collections::BTreeMap;
use std::fmt;
use std::fs::File;
use std::io::{BufRead as _, BufReader, Read as _};
use std::path::{Path, PathBuf};

use anyhow::Context as _;
use chrono::{DateTime, NaiveDate, Utc};
use rusqlite::{Row, Transaction, params};

pub(super) use self::accept::accept;
pub use self::ahead::LedgerAhead;
use crate::database::days::Days;
use crate::{Store, time_text};
use tieout_model::correction::{BenbaseLedger, Held};
use tieout_model::counted::counted;
use tieout_model::hash::sha256_hex_of;
use tieout_model::money::Money;
use tieout_model::placeholder::PlaceholderDates;

/// `imported.kind` of opening ledgers.
const IMPORT_KIND: &str = "opening ledger";
/// Longest line of an opening ledger: many times an employee.
const LINE_BYTES_MAX: u64 = 64 * 1024;
/// Bad lines that the error names; more would hide the first ones.
const PROBLEMS_SHOWN_MAX: usize = 100;
const BYTE_ORDER_MARK: char = '\u{feff}';

/// What importing an opening ledger did.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct LedgerImport {
    /// This very content was imported before; nothing was read.
    pub already: bool,
    /// Rows taken over.
    pub rows: u64,
    /// Rows passed over because a push knows better.
    pub kept: u64,
}

/// An opening ledger with bad lines; nothing of it was imported. A command exits 2.
#[derive(Debug, thiserror::Error)]
pub struct BadLedger {
    pub path: PathBuf,
    /// `line 17: …`; the first ones only, lest they hide each other.
    pub problems: Vec<String>,
    /// All problems, those not shown too.
    pub count: usize,
}

impl fmt::Display for BadLedger {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let (path, problems) = (self.path.display(), counted(self.count, "problem", "problems"));
        write!(f, "the opening ledger {path} has {problems}, and nothing of it was imported: correct it")?;
        self.problems.iter().try_for_each(|problem| write!(f, "\n  {problem}"))?;
        match self.count - self.problems.len() {
            0 => Ok(()),
            more => write!(f, "\n  … and {more} more"),
        }
    }
}

impl Store {
    /// Whether this very content was imported before. Errors: a file that can't be read.
    pub fn knows_opening_ledger(&self, path: &Path) -> anyhow::Result<bool> {
        let sql = "SELECT EXISTS (SELECT 1 FROM imported WHERE kind = ?1 AND hash = ?2)";
        Ok(self.connection().query_row(sql, params![IMPORT_KIND, content_hash(path)?], |row| row.get(0))?)
    }

    /// Imports the opening balance from a file with one JSON object a line (`employee_id` is the Benbase id), once per
    /// content. All or nothing. `placeholders`: dates that mean "none". Errors: [`BadLedger`], or a file that can't be
    /// read.
    pub fn import_opening_ledger(
        &mut self,
        path: &Path,
        placeholders: &PlaceholderDates,
        now: DateTime<Utc>,
    ) -> anyhow::Result<LedgerImport> {
        let doing = || format!("read the opening ledger {}", path.display());
        let hash = content_hash(path)?;
        let now = time_text(now);
        let transaction = self.transaction()?;
        let sql = "INSERT INTO imported (kind, hash, imported_at) VALUES (?1, ?2, ?3) ON CONFLICT DO NOTHING";
        if transaction.execute(sql, params![IMPORT_KIND, hash, now])? == 0 {
            return Ok(LedgerImport { already: true, ..LedgerImport::default() });
        }
        let mut import = Import { placeholders: placeholders.clone(), ..Import::default() };
        import.read(path, &transaction, &now).with_context(doing)?;
        if import.problem_count > 0 {
            let (problems, count) = (import.problems, import.problem_count);
            return Err(BadLedger { path: path.to_owned(), problems, count }.into());
        }
        transaction.commit().context("commit the opening ledger")?;
        Ok(import.done)
    }

    /// What Benbase holds as far as it is known, by Benbase id.
    pub fn benbase_ledger(&self) -> anyhow::Result<BenbaseLedger> {
        let mut statement = self.connection().prepare_cached(&format!("{LEDGER} ORDER BY benbase_id"))?;
        let mut rows = statement.query([])?;
        let (mut ledger, mut days) = (BenbaseLedger::default(), Days::default());
        while let Some(row) = rows.next().context("read the ledger of Benbase")? {
            ledger.insert(row.get_ref(0)?.as_str()?, &held(row, &mut days)?);
        }
        Ok(ledger)
    }
}

/// The rows of the ledger, to be narrowed and put in order.
pub(crate) const LEDGER: &str =
    "SELECT benbase_id, pay_frequency, pay_amount, pay_period, effective_start, employment_status,
            line1, line2, city, state, zip_code, terminated_on,
            coalesce(benbase_id IN (SELECT payload ->> '$.employee_id' FROM queue
                                    WHERE kind IN ('compensation', 'new_hire') AND state = 'sent'
                                      AND payload -> '$.pay_rate' IS NOT NULL), 0)
     FROM ledger";

fn content_hash(path: &Path) -> anyhow::Result<String> {
    let doing = || format!("read the opening ledger {}", path.display());
    sha256_hex_of(File::open(path).with_context(doing)?).with_context(doing)
}

/// One row of [`LEDGER`].
pub(crate) fn held<'r>(row: &'r Row<'_>, days: &mut Days) -> anyhow::Result<Held<'r>> {
    // By position: a look-up by name goes through all names, for each cell of hundreds of thousands of rows.
    let text = |position: usize| -> anyhow::Result<Option<&'r str>> {
        Ok(row.get_ref(position)?.as_str_or_null()?.filter(|text| !text.is_empty()))
    };
    let mut date = |position: usize| -> anyhow::Result<Option<NaiveDate>> {
        let day = row.get_ref(position)?.as_str_or_null()?;
        day.map(|day| days.read(day)).transpose().context("read a date of the ledger")
    };
    Ok(Held {
        pay_frequency: text(1)?,
        pay_amount: row.get::<_, Option<i64>>(2)?.map(Money),
        pay_period: text(3)?,
        effective_start: date(4)?,
        employment_status: text(5)?,
        line1: text(6)?,
        line2: text(7)?,
        city: text(8)?,
        state: text(9)?,
        zip_code: text(10)?,
        terminated_on: date(11)?,
        pay_sent: row.get(12)?,
    })
}

#[derive(Default)]
struct Import {
    placeholders: PlaceholderDates,
    done: LedgerImport,
    /// Benbase id → its line.
    first_line: BTreeMap<String, u64>,
    problems: Vec<String>,
    problem_count: usize,
}

impl Import {
    fn read(&mut self, path: &Path, transaction: &Transaction<'_>, now: &str) -> anyhow::Result<()> {
        let mut reader = BufReader::new(File::open(path)?);
        let mut bytes = Vec::new();
        for number in 1_u64.. {
            bytes.clear();
            let length = reader.by_ref().take(LINE_BYTES_MAX + 1).read_until(b'\n', &mut bytes)?;
            if length == 0 {
                return Ok(());
            }
            anyhow::ensure!(
                length as u64 <= LINE_BYTES_MAX,
                "line {number} is longer than {LINE_BYTES_MAX} bytes: expected one employee a line"
            );
            match std::str::from_utf8(&bytes) {
                Ok(text) => self.take(number, text.trim_start_matches(BYTE_ORDER_MARK).trim(), transaction, now)?,
                Err(_) => self.note(number, "not UTF-8"),
            }
        }
        Ok(())
    }

    fn take(&mut self, number: u64, text: &str, transaction: &Transaction<'_>, now: &str) -> anyhow::Result<()> {
        if text.is_empty() {
            return Ok(());
        }
        let written = line::parse(text);
        match written.as_ref().map_err(Vec::clone).and_then(|written| written.held(&self.placeholders)) {
            Err(problems) => problems.iter().for_each(|problem| self.note(number, problem)),
            Ok((id, held, reinstated_on)) => match self.first_line.get(id) {
                Some(first) => self.note(number, &format!("the same employee_id as on line {first}")),
                None => {
                    if let Some(since) = reinstated_on {
                        reinstate(transaction, id, since)?;
                    }
                    if put(transaction, id, &held, now)? {
                        self.done.rows += 1;
                    } else {
                        self.done.kept += 1;
                    }
                    self.first_line.insert(id.to_owned(), number);
                }
            },
        }
        Ok(())
    }

    fn note(&mut self, number: u64, problem: &str) {
        self.problem_count += 1;
        if self.problems.len() < PROBLEMS_SHOWN_MAX {
            self.problems.push(format!("line {number}: {problem}"));
        }
    }
}

/// Takes back a termination from before the day since which Benbase, by hand, has the employee again. Pay and address
/// are what it accepted last.
fn reinstate(transaction: &Transaction<'_>, id: &str, since: NaiveDate) -> anyhow::Result<()> {
    let sql = "UPDATE ledger SET terminated_on = NULL WHERE benbase_id = ?1 AND terminated_on < ?2";
    transaction.prepare_cached(sql)?.execute(params![id, since.to_string()])?;
    Ok(())
}

/// Writes a row of an opening ledger; false when a push's row stands in its place.
fn put(transaction: &Transaction<'_>, id: &str, held: &Held<'_>, now: &str) -> anyhow::Result<bool> {
    let mut put = transaction.prepare_cached(
        "INSERT INTO ledger (benbase_id, pay_frequency, pay_amount, pay_period, effective_start, employment_status,
             line1, line2, city, state, zip_code, accepted_at, source)
         VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, ?11, ?12, 'opening')
         ON CONFLICT DO UPDATE SET pay_frequency = excluded.pay_frequency, pay_amount = excluded.pay_amount,
             pay_period = excluded.pay_period, effective_start = excluded.effective_start,
             employment_status = excluded.employment_status, line1 = excluded.line1, line2 = excluded.line2,
             city = excluded.city, state = excluded.state, zip_code = excluded.zip_code,
             accepted_at = excluded.accepted_at
         WHERE ledger.source = 'opening'",
    )?;
    let written = put.execute(params![
        id,
        held.pay_frequency,
        held.pay_amount.map(|amount| amount.0),
        held.pay_period,
        held.effective_start.map(|d| d.to_string()),
        held.employment_status,
        held.line1,
        held.line2,
        held.city,
        held.state,
        held.zip_code,
        now,
    ])?;
    Ok(written == 1)
}

#[cfg(test)]
mod tests;
