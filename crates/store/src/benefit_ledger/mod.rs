//! The benefit ledger: entries by employee and posting, only ever added. A night's entries are written in the
//! transaction of its history; what nothing is to be added to is not written.

mod row;

use std::collections::{BTreeMap, HashMap};
use std::sync::Arc;

use anyhow::Context as _;
use chrono::{DateTime, NaiveDate, Utc};
use rusqlite::{Connection, OptionalExtension as _, Transaction, params};

use self::row::{EntryRow, entry_row, posting};
use crate::chain::audit::{Entry, NO_ITEM, Tail};
use crate::database::days::Days;
use crate::{Store, time_text};
use tieout_model::balance::{Page, PayPeriod};
use tieout_model::hash::sha256_hex;
use tieout_model::ids::PayrollId;

/// Who posted, when, for which night and why.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct PostingHead {
    /// In the order of posting.
    pub id: i64,
    pub night: NaiveDate,
    /// RFC 3339, UTC.
    pub posted_at: String,
    pub by: String,
    /// Of a write-off; blank for a night.
    pub reason: String,
}

/// What to post, all of it or nothing.
#[derive(Clone, Copy, Debug)]
pub struct NewPosting<'a> {
    pub night: NaiveDate,
    pub now: DateTime<Utc>,
    pub by: &'a str,
    pub reason: &'a str,
    pub pages: &'a [Page],
}

/// One page with who posted it.
pub type PostedPage = (PostingHead, Page);

impl Store {
    /// Posts what a person writes off, with an entry in the audit chain. `what` is written there: whose, which
    /// accounts, how much.
    pub fn write_off(&mut self, posting: &NewPosting<'_>, what: &str) -> anyhow::Result<()> {
        let transaction = self.transaction()?;
        write(&transaction, posting).context("post to the benefit ledger")?;
        let mut tail = Tail::open(&transaction)?;
        let entries: Vec<String> = posting.pages.iter().map(|page| format!("{page:?}")).collect();
        let detail = format!("{what}: {}", posting.reason);
        tail.append(
            &transaction,
            &Entry {
                at: &time_text(posting.now),
                by: posting.by,
                item: NO_ITEM,
                event: "write off",
                from_state: None,
                to_state: "written off",
                payload_hash: &sha256_hex(entries.join("\n")),
                detail: &detail,
            },
        )?;
        tail.close(&transaction)?;
        transaction.commit().context("commit the write-off")?;
        self.anchor()
    }

    /// Calls `visit` with each page, by employee, then in the order of posting.
    pub fn scan_balances(&self, mut visit: impl FnMut(&PostingHead, Page)) -> anyhow::Result<()> {
        let sql = "SELECT employee_id, posting, period, unjudged, entries FROM benefit_entry
                   ORDER BY employee_id, posting, period";
        let words = Words::read(self.connection())?;
        let mut statement = self.connection().prepare_cached(sql)?;
        let mut rows = statement.query([])?;
        while let Some(row) = rows.next().context("read the benefit ledger")? {
            let (head, page) = words.page(row).context("read a page of the benefit ledger")?;
            visit(head, page);
        }
        Ok(())
    }

    /// The pages of one employee in the order of posting.
    pub fn pages_of(&self, employee_id: &str) -> anyhow::Result<Vec<PostedPage>> {
        let mut found = Vec::new();
        self.each_pages_of([employee_id], |_, pages| found = pages)?;
        Ok(found)
    }

    /// Calls `visit` with the pages of each of these employees, in the order of posting.
    pub fn each_pages_of<'i>(
        &self,
        employee_ids: impl IntoIterator<Item = &'i str>,
        mut visit: impl FnMut(&'i str, Vec<PostedPage>),
    ) -> anyhow::Result<()> {
        let sql = "SELECT employee_id, posting, period, unjudged, entries FROM benefit_entry WHERE employee_id = ?1
                   ORDER BY posting, period";
        let words = Words::read(self.connection())?;
        let mut statement = self.connection().prepare_cached(sql)?;
        for employee_id in employee_ids {
            let mut rows = statement.query([employee_id])?;
            let mut pages = Vec::new();
            while let Some(row) = rows.next().context("read the benefit ledger")? {
                let (head, page) = words.page(row).context("read a page of the benefit ledger")?;
                pages.push((head.clone(), page));
            }
            visit(employee_id, pages);
        }
        Ok(())
    }
}

/// What the numbers in the entries stand for.
#[derive(Default)]
struct Words {
    periods: BTreeMap<i64, PayPeriod>,
    benefits: BTreeMap<u32, Arc<str>>,
    heads: BTreeMap<i64, PostingHead>,
}

impl Words {
    fn read(connection: &Connection) -> anyhow::Result<Words> {
        let mut days = Days::default();
        let mut words = Words::default();
        let mut statement = connection.prepare_cached("SELECT id, period_start, period_end FROM pay_period")?;
        let mut rows = statement.query([])?;
        while let Some(row) = rows.next()? {
            let (start, end): (String, String) = (row.get(1)?, row.get(2)?);
            let start = Some(start).filter(|start| !start.is_empty()).map(|start| days.read(&start)).transpose()?;
            words.periods.insert(row.get(0)?, PayPeriod { start, end: days.read(&end)? });
        }
        let mut statement = connection.prepare_cached("SELECT id, name FROM benefit")?;
        let mut rows = statement.query([])?;
        while let Some(row) = rows.next()? {
            words.benefits.insert(row.get(0)?, row.get_ref(1)?.as_str()?.into());
        }
        let mut statement = connection.prepare_cached("SELECT id, night, posted_at, \"by\", reason FROM posting")?;
        let mut rows = statement.query([])?;
        while let Some(row) = rows.next()? {
            let id = row.get(0)?;
            let night = days.read(row.get_ref(1)?.as_str()?)?;
            let head = PostingHead { id, night, posted_at: row.get(2)?, by: row.get(3)?, reason: row.get(4)? };
            words.heads.insert(id, head);
        }
        Ok(words)
    }

    fn page(&self, row: &rusqlite::Row<'_>) -> anyhow::Result<(&PostingHead, Page)> {
        let unknown = "an entry names a posting, period or benefit that is not there";
        let head = self.heads.get(&row.get(1)?).context(unknown)?;
        let period = *self.periods.get(&row.get(2)?).context(unknown)?;
        let benefit = |number: u32| self.benefits.get(&number).cloned().context(unknown);
        let unjudged = match row.get_ref(3)?.as_str_or_null()? {
            Some(text) => {
                let numbers: Vec<u32> = serde_json::from_str(text).context("read what could not be judged")?;
                let names = numbers.into_iter().map(|number| Ok(benefit(number)?.to_string()));
                Some(names.collect::<anyhow::Result<_>>()?)
            }
            None => None,
        };
        let entries: Vec<EntryRow<'_>> = serde_json::from_str(row.get_ref(4)?.as_str()?).context("read the entries")?;
        let posting = |entry: EntryRow<'_>| posting(benefit(entry.0)?, period, entry);
        let postings = entries.into_iter().map(posting).collect::<anyhow::Result<_>>()?;
        Ok((head, Page { employee_id: PayrollId::new(row.get::<_, String>(0)?), period, unjudged, postings }))
    }
}

/// Writes a posting; nothing when it has no page.
pub(super) fn write(transaction: &Transaction<'_>, new: &NewPosting<'_>) -> anyhow::Result<()> {
    if new.pages.is_empty() {
        return Ok(());
    }
    let sql = "INSERT INTO posting (night, posted_at, \"by\", reason) VALUES (?1, ?2, ?3, ?4)";
    transaction.execute(sql, params![new.night.to_string(), time_text(new.now), new.by, new.reason])?;
    let posting = transaction.last_insert_rowid();
    let mut numbers = Numbers::default();
    let mut insert = transaction.prepare_cached(
        "INSERT INTO benefit_entry (employee_id, posting, period, unjudged, entries) VALUES (?1, ?2, ?3, ?4, ?5)",
    )?;
    for page in new.pages {
        let period = numbers.period(transaction, page.period)?;
        let unjudged = match &page.unjudged {
            Some(names) => {
                let numbers: Vec<u32> =
                    names.iter().map(|name| numbers.benefit(transaction, name)).collect::<anyhow::Result<_>>()?;
                Some(serde_json::to_string(&numbers).context("write what could not be judged")?)
            }
            None => None,
        };
        let rows = page.postings.iter().map(|posting| {
            let benefit = numbers.benefit(transaction, &posting.account.benefit)?;
            Ok(entry_row(benefit, posting))
        });
        let rows: Vec<EntryRow<'_>> = rows.collect::<anyhow::Result<_>>()?;
        let entries = serde_json::to_string(&rows).context("write the entries")?;
        insert.execute(params![page.employee_id.as_str(), posting, period, unjudged, entries])?;
    }
    Ok(())
}

/// The numbers of periods and benefits, given out when they are first needed.
#[derive(Default)]
struct Numbers {
    periods: HashMap<PayPeriod, i64>,
    benefits: HashMap<String, u32>,
}

impl Numbers {
    fn period(&mut self, transaction: &Transaction<'_>, period: PayPeriod) -> anyhow::Result<i64> {
        if let Some(id) = self.periods.get(&period) {
            return Ok(*id);
        }
        let start = period.start.map_or_else(String::new, |start| start.to_string());
        let end = period.end.to_string();
        let sql = "INSERT INTO pay_period (period_start, period_end) VALUES (?1, ?2) ON CONFLICT DO NOTHING";
        transaction.execute(sql, params![start, end])?;
        let sql = "SELECT id FROM pay_period WHERE period_start = ?1 AND period_end = ?2";
        let id = transaction.query_row(sql, params![start, end], |row| row.get(0))?;
        self.periods.insert(period, id);
        Ok(id)
    }

    fn benefit(&mut self, transaction: &Transaction<'_>, name: &str) -> anyhow::Result<u32> {
        if let Some(id) = self.benefits.get(name) {
            return Ok(*id);
        }
        let find = |t: &Transaction<'_>| {
            t.query_row("SELECT id FROM benefit WHERE name = ?1", [name], |row| row.get(0)).optional()
        };
        let id = match find(transaction)? {
            Some(id) => id,
            None => {
                transaction.execute("INSERT INTO benefit (name) VALUES (?1)", [name])?;
                find(transaction)?.context("number a benefit")?
            }
        };
        self.benefits.insert(name.to_owned(), id);
        Ok(id)
    }
}

#[cfg(test)]
mod tests;
