//! Every employee id ever seen, so that people who left payroll are still asked for.

use anyhow::Context as _;
use chrono::NaiveDate;
use rusqlite::params;

use crate::Store;

/// Where an employee id was first seen.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum IdSource {
    Payroll,
    Crosswalk,
    Import,
}

impl IdSource {
    fn name(self) -> &'static str {
        match self {
            IdSource::Payroll => "payroll",
            IdSource::Crosswalk => "crosswalk",
            IdSource::Import => "import",
        }
    }
}

impl Store {
    /// Every id of the roster, sorted.
    pub fn roster_ids(&self) -> anyhow::Result<Vec<String>> {
        let mut statement = self.connection().prepare("SELECT employee_id FROM roster ORDER BY employee_id")?;
        let ids = statement.query_map([], |row| row.get(0))?.collect::<Result<_, _>>();
        ids.context("read the roster")
    }

    /// Adds the ids that are new; what was known keeps its first day. Returns how many were new.
    pub fn remember<S: AsRef<str>>(
        &mut self,
        ids: impl IntoIterator<Item = S>,
        source: IdSource,
        today: NaiveDate,
    ) -> anyhow::Result<usize> {
        let transaction = self.transaction()?;
        let mut new = 0;
        {
            let mut insert = transaction.prepare_cached("INSERT OR IGNORE INTO roster VALUES (?1, ?2, ?3)")?;
            for id in ids {
                new += insert.execute(params![id.as_ref(), today.to_string(), source.name()])?;
            }
        }
        transaction.commit().context("commit new employee ids to the roster")?;
        Ok(new)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_id_is_remembered_once_with_its_first_day_and_its_zeros() {
        let mut store = Store::in_memory().expect("opens");
        let day = |d| NaiveDate::from_ymd_opt(2026, 3, d).expect("a day");
        assert_eq!(store.remember(["00042", "42"], IdSource::Payroll, day(1)).expect("writes"), 2);
        assert_eq!(store.remember(["42", "A7"], IdSource::Crosswalk, day(2)).expect("writes"), 1);
        assert_eq!(store.roster_ids().expect("reads"), ["00042", "42", "A7"]);
        let first = "SELECT first_seen || source FROM roster WHERE employee_id = '42'";
        let first: String = store.connection().query_row(first, [], |row| row.get(0)).expect("reads");
        assert_eq!(first, "2026-03-01payroll");
    }
}
