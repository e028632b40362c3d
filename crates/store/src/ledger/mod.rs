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
    pub fn ledger(&self) -> anyhow::Result<BenbaseLedger> {
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
mod tests {
    use std::fs;

    use super::*;
    use crate::tests::at;

    const FULL: &str = r#"{"employee_id":"bb_1","pay_frequency":"semimonthly","pay_rate":{"amount":"52000.00","period":"annually","effective_start":"2025-01-01"},"employment_status":"full_time","address":{"line1":"1 Main St","line2":"Apt 4","city":"Austin","state":"TX","zip_code":"01234"}}"#;

    struct Folder(tempfile::TempDir);

    impl Folder {
        fn new() -> Folder {
            Folder(tempfile::tempdir().expect("a temporary folder"))
        }

        fn file(&self, text: impl AsRef<[u8]>) -> PathBuf {
            let path = self.0.path().join("employees.ndjson");
            fs::write(&path, text).expect("writes");
            path
        }
    }

    fn store() -> Store {
        Store::in_memory().expect("opens")
    }

    fn import(store: &mut Store, text: &str) -> anyhow::Result<LedgerImport> {
        let folder = Folder::new();
        store.import_opening_ledger(&folder.file(text), &PlaceholderDates::default(), at(0))
    }

    fn pay_amount(store: &Store) -> Option<Money> {
        store.ledger().expect("reads").get(&"bb_1".into()).expect("is there").pay_amount
    }

    #[track_caller]
    fn check_bad(text: impl AsRef<[u8]>, expected: &[&str]) {
        let (mut store, folder) = (store(), Folder::new());
        let error =
            store.import_opening_ledger(&folder.file(text), &PlaceholderDates::default(), at(0)).expect_err("refuses");
        let bad: &BadLedger = error.downcast_ref().expect("bad lines");
        assert_eq!(bad.problems, expected);
        assert_eq!(store.ledger().expect("reads"), BenbaseLedger::default(), "nothing was imported");
        assert!(!format!("{error:#}").contains("SECRET"), "{error:#}");
    }

    #[test]
    fn an_opening_balance_is_read_field_by_field() {
        let mut store = store();
        let text = format!("\u{feff}{FULL}\r\n\n{{\"employee_id\":\"bb_2\",\"first_name\":\"Ann\"}}\n");
        assert_eq!(import(&mut store, &text).expect("imports"), LedgerImport { already: false, rows: 2, kept: 0 });
        let full = Held {
            pay_frequency: Some("semimonthly"),
            pay_amount: Some(Money::units(52_000)),
            pay_period: Some("annually"),
            effective_start: "2025-01-01".parse().ok(),
            pay_sent: false,
            employment_status: Some("full_time"),
            line1: Some("1 Main St"),
            line2: Some("Apt 4"),
            city: Some("Austin"),
            state: Some("TX"),
            zip_code: Some("01234"),
            terminated_on: None,
        };
        let expected = BenbaseLedger::from([("bb_1", full), ("bb_2", Held::default())]);
        assert_eq!(store.ledger().expect("reads"), expected);
    }

    #[test]
    fn absent_null_and_blank_are_the_same() {
        let mut store = store();
        let text = r#"{"employee_id":" bb_1 ","pay_frequency":"","pay_rate":null,"address":{"line1":" ","city":null}}"#;
        import(&mut store, text).expect("imports");
        assert_eq!(store.ledger().expect("reads"), BenbaseLedger::from([("bb_1", Held::default())]));
    }

    #[test]
    fn an_amount_is_exact_as_text_and_as_number() {
        for amount in ["\"25.5\"", "25.50", "2.55e1"] {
            let mut store = store();
            let text = format!(r#"{{"employee_id":"bb_1","pay_rate":{{"amount":{amount},"period":"hourly"}}}}"#);
            import(&mut store, &text).expect("imports");
            assert_eq!(pay_amount(&store), Some(Money(255_000)));
        }
    }

    #[test]
    fn the_same_content_is_imported_once() {
        let mut store = store();
        import(&mut store, FULL).expect("imports");
        assert!(import(&mut store, FULL).expect("passes over").already);
        let moved = FULL.replace("52000.00", "53000.00");
        assert_eq!(import(&mut store, &moved).expect("imports").rows, 1);
        assert_eq!(pay_amount(&store), Some(Money::units(53_000)));
    }

    #[test]
    fn what_a_push_got_accepted_is_never_overwritten() {
        let mut store = store();
        import(&mut store, FULL).expect("imports");
        store.connection().execute("UPDATE ledger SET source = 'push', pay_amount = 1", []).expect("updates");
        let more = format!("{}\n{{\"employee_id\":\"bb_2\"}}", FULL.replace("52000.00", "53000.00"));
        assert_eq!(import(&mut store, &more).expect("imports"), LedgerImport { already: false, rows: 1, kept: 1 });
        assert_eq!(pay_amount(&store), Some(Money(1)));
    }

    #[test]
    fn who_was_put_back_by_hand_is_terminated_no_more_unless_again_since() {
        let mut store = store();
        import(&mut store, FULL).expect("imports");
        let sql = "UPDATE ledger SET source = 'push', terminated_on = '2026-01-30'";
        store.connection().execute(sql, []).expect("updates");
        let terminated_on = |store: &Store| {
            let ledger = store.ledger().expect("reads");
            let held = ledger.get(&"bb_1".into()).expect("is there");
            (held.terminated_on.map(|day| day.to_string()), held.pay_amount)
        };
        let back = |day: &str| format!(r#"{{"employee_id":"bb_1","reinstated_on":"{day}"}}"#);
        let pay = Some(Money::units(52_000));
        for (day, expected) in [("2026-01-30", Some("2026-01-30")), ("2026-04-01", None)] {
            import(&mut store, &back(day)).expect("imports");
            assert_eq!(terminated_on(&store), (expected.map(str::to_owned), pay), "{day}");
        }
        store.connection().execute("UPDATE ledger SET terminated_on = '2026-05-29'", []).expect("updates");
        // The same line in a file that tells more.
        import(&mut store, &format!("{}\n{{\"employee_id\":\"bb_2\"}}", back("2026-04-01"))).expect("imports");
        assert_eq!(terminated_on(&store), (Some("2026-05-29".to_owned()), pay));
        check_bad(back("soon"), &["line 1: reinstated_on: expected a date, YYYY-MM-DD, of the years 1900 to 2199"]);
    }

    #[test]
    fn a_date_is_read_as_in_every_source() {
        let line = |date| {
            let rate = format!(r#"{{"amount":"1.00","period":"hourly","effective_start":"{date}"}}"#);
            format!(r#"{{"employee_id":"bb_1","pay_rate":{rate}}}"#)
        };
        for (text, expected) in
            [("2025-01-01", Some("2025-01-01")), ("2025-01-01T00:00:00Z", Some("2025-01-01")), ("9999-12-31", None)]
        {
            let mut store = store();
            import(&mut store, &line(text)).expect("imports");
            let ledger = store.ledger().expect("reads");
            let held = ledger.get(&"bb_1".into()).expect("is there");
            assert_eq!(held.effective_start, expected.and_then(|day| day.parse().ok()), "{text}");
        }
        let expected = "line 1: pay_rate.effective_start: expected a date, YYYY-MM-DD, of the years 1900 to 2199";
        for text in ["0025-01-01", "2200-01-01", "+12025-01-01", "2025-1-"] {
            check_bad(line(text), &[expected]);
        }
    }

    #[test]
    fn all_bad_lines_are_named_at_once_without_their_values() {
        let text = [
            FULL,
            "SECRET",
            r#"{"employee_id":"","pay_frequency":"SECRET","employment_status":"SECRET"}"#,
            r#"{"employee_id":"a","pay_rate":{"amount":"SECRET","period":"SECRET","effective_start":"2025-02-30"}}"#,
            r#"{"employee_id":"b","pay_rate":{"amount":"-1.00"}}"#,
            r#"{"employee_id":"c","pay_rate":"SECRET"}"#,
            r#"{"employee_id":"bb_1"}"#,
        ];
        check_bad(
            text.join("\n"),
            &[
                "line 2: not a JSON object, at column 1",
                "line 3: employee_id: expected a Benbase id",
                "line 3: pay_frequency: expected one of weekly, biweekly, semimonthly, monthly",
                "line 3: employment_status: expected one of full_time, part_time, variable_hours",
                "line 4: pay_rate.amount: expected a decimal amount; it is not a number",
                "line 4: pay_rate.period: expected one of hourly, annually",
                "line 4: pay_rate.effective_start: expected a date, YYYY-MM-DD, of the years 1900 to 2199",
                "line 5: pay_rate.amount: expected zero or more",
                "line 5: pay_rate.period: expected hourly or annually; it is absent",
                "line 6: a field of another type than Benbase's, at column 38",
                "line 7: the same employee_id as on line 1",
            ],
        );
        check_bad(b"\xff\n", &["line 1: not UTF-8"]);
    }

    #[test]
    fn a_refused_file_can_be_imported_once_it_is_corrected() {
        let mut store = store();
        import(&mut store, &format!("{FULL}\nx")).expect_err("refuses");
        assert_eq!(import(&mut store, FULL).expect("imports").rows, 1);
    }

    #[test]
    fn many_bad_lines_are_counted_and_the_first_shown() {
        let error = import(&mut store(), &"x\n".repeat(150)).expect_err("refuses");
        let text = error.to_string();
        assert!(text.contains("has 150 problems") && text.contains("line 100:") && text.ends_with("… and 50 more"));
        assert!(!text.contains("line 101:"));
    }

    #[test]
    fn a_file_without_line_breaks_is_refused_before_it_fills_the_memory() {
        let error = import(&mut store(), &" ".repeat(70_000)).expect_err("refuses");
        assert!(format!("{error:#}").contains("line 1 is longer"), "{error:#}");
    }

    #[test]
    fn a_missing_file_is_named() {
        let error = store()
            .import_opening_ledger(Path::new("/nowhere/x.ndjson"), &PlaceholderDates::none(), at(0))
            .expect_err("refuses");
        assert!(format!("{error:#}").contains("/nowhere/x.ndjson"));
    }
}
