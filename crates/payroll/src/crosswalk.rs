//! The crosswalk: employee id → ids of the other services, from a CSV of the customer's. Whether those ids exist, and
//! whether two employees may share one, is for the rules and the services to say.

use std::collections::{BTreeMap, BTreeSet};
use std::fs::File;
use std::io::{self, Read};
use std::path::Path;

use anyhow::{Context, Result, anyhow, bail};
use csv::StringRecord;

use crate::file_kind::FileKind;
use crate::workbook::as_csv;
use tieout_model::text_table::TextTable;

/// Headers of the file, in any order.
const HEADERS: [&str; 3] = ["employee_id", "benbase_id", "oyster_engagement_id"];
/// Problems that an error lists; the rest is counted.
const PROBLEMS_SHOWN: usize = 20;
/// Bytes of a row with one link, to make room by.
const ROW_BYTES: usize = 16;
/// Far above ten million rows of three ids.
const FILE_BYTES_MAX: u64 = 2 << 30;
const ROWS_MAX: usize = 20_000_000;
/// Of one row, with the columns that nobody asked for, such as notes.
const ROW_BYTES_MAX: usize = 64 * 1024;
/// Far above what the services hand out.
const ID_BYTES_MAX: usize = 256;
/// First bytes, which tell a workbook.
const HEAD_BYTES: u64 = 8;
/// A workbook is read as a whole.
const WORKBOOK_BYTES_MAX: u64 = 256 << 20;
/// What the CSV reader takes at a time.
const BLOCK_BYTES: usize = 8 * 1024;

/// Ids of the other services by employee id, and the employee ids that stand there twice.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Crosswalk {
    /// Every employee id of the file; a column in which its rows disagree is blank here.
    pub rows: Links,
    /// Employee ids with several rows that disagree on the Benbase id (ID04). Sorted.
    pub ambiguous: Vec<String>,
    /// Employee ids with several rows that disagree on the Oyster engagement (ID04) → those that their rows name.
    pub contested: BTreeMap<String, BTreeSet<String>>,
}

/// Employees and what each is called elsewhere, sorted by employee id.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Links(TextTable<3>);

/// What one employee id is called elsewhere.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Linked<'c> {
    pub benbase_id: Option<&'c str>,
    pub oyster_engagement_id: Option<&'c str>,
}

impl Links {
    pub fn len(&self) -> usize {
        self.0.len()
    }

    pub fn is_empty(&self) -> bool {
        self.0.is_empty()
    }

    /// What an employee is called elsewhere; `None` = the file does not name the employee.
    pub fn get(&self, employee_id: &str) -> Option<Linked<'_>> {
        self.0.find(employee_id).map(|row| self.at(row).1)
    }

    /// [`Links::get`] for employees that mostly come in the order of their ids: see [`TextTable::find_next`].
    pub fn next(&self, employee_id: &str, next: &mut usize) -> Option<Linked<'_>> {
        self.0.find_next(employee_id, next).map(|row| self.at(row).1)
    }

    /// Employees and their links.
    pub fn iter(&self) -> impl Iterator<Item = (&str, Linked<'_>)> {
        (0..self.0.len()).map(|row| self.at(row))
    }

    /// Employee ids.
    pub fn employee_ids(&self) -> impl Iterator<Item = &str> {
        (0..self.0.len()).map(|row| self.0.key(row))
    }

    fn at(&self, row: usize) -> (&str, Linked<'_>) {
        let [employee_id, benbase_id, oyster_id] = self.0.texts(row);
        let [benbase_id, oyster_engagement_id] = [benbase_id, oyster_id].map(|id| (!id.is_empty()).then_some(id));
        (employee_id, Linked { benbase_id, oyster_engagement_id })
    }
}

impl<'l> FromIterator<(&'l str, Linked<'l>)> for Links {
    /// One row an employee, in any order.
    fn from_iter<I: IntoIterator<Item = (&'l str, Linked<'l>)>>(rows: I) -> Links {
        let mut table = TextTable::default();
        for (employee_id, Linked { benbase_id, oyster_engagement_id }) in rows {
            let [benbase_id, oyster_id] = [benbase_id, oyster_engagement_id].map(Option::unwrap_or_default);
            table.push([employee_id, benbase_id, oyster_id], ());
        }
        table.sort();
        Links(table)
    }
}

/// Reads the file. `fold_id_case`: employee ids become upper case, as in payroll. Errors list every bad line, never an id.
pub fn read(path: &Path, fold_id_case: bool) -> Result<Crosswalk> {
    let attempt = || format!("reading the crosswalk {}", path.display());
    let file = File::open(path).with_context(attempt)?;
    let bytes = file.metadata().with_context(attempt)?.len();
    if bytes > FILE_BYTES_MAX {
        bail!("{}: expected at most {FILE_BYTES_MAX} bytes, found {bytes}", attempt());
    }
    let mut file = file;
    let mut head = Vec::new();
    file.by_ref().take(HEAD_BYTES).read_to_end(&mut head).with_context(attempt)?;
    if bytes <= WORKBOOK_BYTES_MAX && FileKind::of_head(&head) == FileKind::Workbook {
        file.read_to_end(&mut head).with_context(attempt)?;
        let csv = as_csv(head).map_err(|what| anyhow!("the workbook cannot be used: {what}")).with_context(attempt)?;
        return parse(csv.as_slice(), csv.len(), fold_id_case).with_context(attempt);
    }
    let file = io::Cursor::new(head).chain(file);
    parse(file, usize::try_from(bytes).unwrap_or_default(), fold_id_case).with_context(attempt)
}

/// Hands out no more than a row may hold, until it is told that the next row begins.
struct RowByRow<R> {
    input: R,
    left: usize,
}

impl<R: Read> RowByRow<R> {
    /// What was read ahead of the row before comes on top of a row's own bytes.
    const LEFT_MAX: usize = ROW_BYTES_MAX + BLOCK_BYTES;

    fn new(input: R) -> Self {
        RowByRow { input, left: Self::LEFT_MAX }
    }

    fn next_row(&mut self) {
        self.left = Self::LEFT_MAX;
    }
}

impl<R: Read> Read for RowByRow<R> {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        let most = buffer.len().min(self.left);
        if most == 0 {
            return Err(io::ErrorKind::FileTooLarge.into());
        }
        let read = self.input.read(&mut buffer[..most])?;
        self.left -= read;
        Ok(read)
    }
}

fn too_long(line: u64) -> anyhow::Error {
    let expected = format!("expected a row of at most {ROW_BYTES_MAX} bytes, found a longer one");
    anyhow!("line {line}: {expected}: a quote may not be closed, or a column holds what does not belong there")
}

fn parse(input: impl Read, bytes: usize, fold_id_case: bool) -> Result<Crosswalk> {
    let mut reader = csv::ReaderBuilder::new();
    let reader = reader.trim(csv::Trim::Headers).flexible(true).buffer_capacity(BLOCK_BYTES);
    let mut reader = reader.from_reader(RowByRow::new(input));
    let headers = match reader.headers().cloned() {
        Ok(headers) => headers,
        Err(_) if reader.get_ref().left == 0 => return Err(too_long(1)),
        Err(error) => return Err(error).context("expected a header line in UTF-8"),
    };
    let columns = columns(&headers)?;
    let mut rows = TextTable::with_capacity(bytes, (bytes / ROW_BYTES).min(ROWS_MAX));
    let mut problems = Problems::default();
    let mut record = StringRecord::new();
    loop {
        reader.get_mut().next_row();
        let line = reader.position().line();
        match reader.read_record(&mut record) {
            Ok(true) => {}
            Ok(false) => break,
            Err(error) if matches!(error.kind(), csv::ErrorKind::Utf8 { .. }) => {
                problems.push(error.position().map_or(0, csv::Position::line), "expected UTF-8".to_owned());
                continue;
            }
            Err(_) if reader.get_ref().left == 0 => return Err(too_long(line)),
            Err(error) => return Err(error).context("the file cannot be read to its end"),
        }
        if record.iter().all(|cell| cell.trim().is_empty()) {
            continue;
        }
        if rows.len() == ROWS_MAX {
            bail!("line {line}: expected at most {ROWS_MAX} rows, found more");
        }
        match row(&record, columns, headers.len()) {
            Ok([employee_id, benbase_id, oyster_id]) if fold_id_case => {
                rows.push([&employee_id.to_uppercase(), benbase_id, oyster_id], ());
            }
            Ok(ids) => rows.push(ids, ()),
            Err(fault) => problems.push(record.position().map_or(0, csv::Position::line), fault),
        }
    }
    problems.into_result()?;
    rows.sort();
    Ok(one_each(rows))
}

/// Merges the rows of one employee, column by column: what is blank in one row says nothing against another.
fn one_each(rows: TextTable<3>) -> Crosswalk {
    let mut crosswalk = Crosswalk::default();
    if (1..rows.len()).all(|row| rows.key(row - 1) != rows.key(row)) {
        crosswalk.rows = Links(rows);
        return crosswalk;
    }
    let all: Vec<[&str; 3]> = (0..rows.len()).map(|row| rows.texts(row)).collect();
    let merged = all.chunk_by(|a, b| a[0] == b[0]).map(|rows| {
        let employee = rows[0][0];
        let named = |column: usize| rows.iter().map(|row| row[column]).filter(|id| !id.is_empty()).collect();
        let [benbase, oyster]: [BTreeSet<&str>; 2] = [named(1), named(2)];
        if benbase.len() > 1 {
            crosswalk.ambiguous.push(employee.to_owned());
        }
        if oyster.len() > 1 {
            crosswalk.contested.insert(employee.to_owned(), oyster.iter().map(|id| (*id).to_owned()).collect());
        }
        (employee, Linked { benbase_id: only(&benbase), oyster_engagement_id: only(&oyster) })
    });
    let merged: Vec<_> = merged.collect();
    crosswalk.rows = merged.into_iter().collect();
    crosswalk
}

/// The one id that all rows name.
fn only<'r>(named: &BTreeSet<&'r str>) -> Option<&'r str> {
    named.first().copied().filter(|_| named.len() == 1)
}

/// Where the three columns stand.
fn columns(headers: &StringRecord) -> Result<[usize; 3]> {
    let place = |name: &str| headers.iter().position(|header| header.eq_ignore_ascii_case(name));
    let missing: Vec<&str> = HEADERS.into_iter().filter(|name| place(name).is_none()).collect();
    let twice = HEADERS.iter().find(|name| headers.iter().filter(|h| h.eq_ignore_ascii_case(name)).count() > 1);
    match (HEADERS.map(place), twice) {
        (_, Some(name)) => bail!("expected the header {name} once, found it again"),
        ([Some(employee), Some(benbase), Some(oyster)], None) => Ok([employee, benbase, oyster]),
        _ => bail!(
            "expected the headers {}, comma-separated; {} not found among {} columns",
            HEADERS.join(","),
            missing.join(" and "),
            headers.len()
        ),
    }
}

/// The three ids of a row, without blanks around them.
fn row(record: &StringRecord, columns: [usize; 3], width: usize) -> Result<[&str; 3], String> {
    if record.len() != width {
        return Err(format!("expected {width} columns, found {}", record.len()));
    }
    let ids = columns.map(|at| record.get(at).unwrap_or_default().trim());
    if ids[0].is_empty() {
        return Err("expected an employee_id, found a blank".to_owned());
    }
    if let Some(at) = ids.iter().position(|id| id.len() > ID_BYTES_MAX) {
        let bytes = ids[at].len();
        return Err(format!("expected a {} of at most {ID_BYTES_MAX} bytes, found {bytes}", HEADERS[at]));
    }
    Ok(ids)
}

#[derive(Default)]
struct Problems {
    shown: Vec<String>,
    count: usize,
}

impl Problems {
    fn push(&mut self, line: u64, fault: String) {
        self.count += 1;
        if self.shown.len() < PROBLEMS_SHOWN {
            self.shown.push(format!("line {line}: {fault}"));
        }
    }

    fn into_result(self) -> Result<()> {
        match self.count - self.shown.len() {
            _ if self.count == 0 => Ok(()),
            0 => bail!("{}", self.shown.join("\n")),
            more => bail!("{}\nand {more} more lines", self.shown.join("\n")),
        }
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn link(benbase_id: &str) -> Linked<'_> {
        Linked { benbase_id: Some(benbase_id), oyster_engagement_id: None }
    }

    #[track_caller]
    fn check_read(csv: &str, rows: &[(&str, Linked<'_>)], ambiguous: &[&str]) {
        let crosswalk = parse(csv.as_bytes(), 0, false).expect("a crosswalk");
        assert_eq!(crosswalk.rows.iter().collect::<Vec<_>>(), rows);
        assert_eq!(crosswalk.ambiguous, ambiguous);
    }

    #[track_caller]
    fn check_refused(csv: &[u8], reasons: &[&str]) {
        let error = format!("{:#}", parse(csv, 0, false).expect_err("not a crosswalk"));
        for reason in reasons {
            assert!(error.contains(reason), "{reason} in {error}");
        }
        assert!(!error.contains("00417"), "an id in {error}");
    }

    #[test]
    fn ids_keep_their_zeros_and_lose_blanks_around_them() {
        check_read(
            "\u{feff}employee_id,benbase_id,oyster_engagement_id\r\n 00417 ,emp_1,\r\n\r\n00418,,eng_2\r\n,,\r\n",
            &[("00417", link("emp_1")), ("00418", Linked { benbase_id: None, oyster_engagement_id: Some("eng_2") })],
            &[],
        );
    }

    #[test]
    fn columns_may_stand_in_another_order_among_others() {
        check_read("note,oyster_engagement_id,Benbase_ID,employee_id\nx,,emp_1,7\n", &[("7", link("emp_1"))], &[]);
    }

    #[test]
    fn rows_of_one_employee_that_disagree_leave_no_link_of_the_column() {
        let csv =
            "employee_id,benbase_id,oyster_engagement_id\n1,emp_1,\n1,emp_2,\n2,emp_3,\n2,emp_3,\n3,emp_4,\n3,,\n";
        check_read(csv, &[("1", Linked::default()), ("2", link("emp_3")), ("3", link("emp_4"))], &["1"]);
    }

    #[test]
    fn case_counts_unless_the_job_folds_it() {
        let csv = "employee_id,benbase_id,oyster_engagement_id\nA1,emp_1,\na1,emp_2,\n";
        assert_eq!(parse(csv.as_bytes(), 0, false).expect("two employees").rows.len(), 2);
        assert_eq!(parse(csv.as_bytes(), 0, true).expect("one employee").ambiguous, ["A1"]);
    }

    #[test]
    fn all_bad_lines_are_told_at_once() {
        check_refused(
            b"employee_id,benbase_id,oyster_engagement_id\n,emp_1,\n00417,emp_2\n00417\xff,emp_3,\n",
            &["line 2: expected an employee_id", "line 3: expected 3 columns, found 2", "line 4: expected UTF-8"],
        );
    }

    #[test]
    fn ids_and_rows_have_their_limits() {
        let head = "employee_id,benbase_id,oyster_engagement_id,note\n";
        let id = "x".repeat(ID_BYTES_MAX);
        let note = "n".repeat(ROW_BYTES_MAX - ID_BYTES_MAX - BLOCK_BYTES);
        let csv = format!("{head}7,{id},,{note}\n");
        assert_eq!(parse(csv.as_bytes(), 0, false).expect("within").rows.get("7"), Some(link(&id)));
        check_refused(
            format!("{head}00417,{id}x,,\n").as_bytes(),
            &["line 2: expected a benbase_id of at most 256 bytes, found 257"],
        );
    }

    /// A source without an end: a cell is not read to its own.
    #[test]
    fn a_row_without_an_end_is_refused_before_it_fills_the_memory() {
        let head = b"employee_id,benbase_id,oyster_engagement_id\n1,b1,\n2,\"".as_slice();
        for filler in *b"x\n" {
            let error = parse(head.chain(io::repeat(filler)), 0, false).expect_err("too long");
            assert!(format!("{error:#}").contains("line 3: expected a row of at most 65536 bytes"), "{error:#}");
        }
        let error = parse(io::repeat(b'x'), 0, false).expect_err("too long");
        assert!(format!("{error:#}").contains("line 1: expected a row"), "{error:#}");
    }

    #[test]
    fn a_file_with_other_headers_is_refused() {
        check_refused(b"employee_id;benbase_id;oyster_engagement_id\n00417;x;y\n", &["not found among 1 columns"]);
        check_refused(b"employee_id,benbase_id,benbase_id,oyster_engagement_id\n", &["benbase_id once"]);
        check_refused(b"", &["employee_id and benbase_id and oyster_engagement_id not found"]);
    }

    proptest! {
        #[test]
        fn any_bytes_are_read_or_refused_without_a_panic(bytes in proptest::collection::vec(any::<u8>(), 0..200)) {
            let _ = parse(bytes.as_slice(), 0, true);
            let headed = [b"employee_id,benbase_id,oyster_engagement_id\n".as_slice(), &bytes].concat();
            let _ = parse(headed.as_slice(), 0, false);
        }
    }

    #[test]
    fn the_engagements_that_contradicting_rows_name_are_kept_apart() {
        let csv = "employee_id,benbase_id,oyster_engagement_id\n7,b7,e1\n8,,e3\n7,,e2\n8,,e3\n9,b1,e4\n9,b2,\n";
        let crosswalk = parse(csv.as_bytes(), 0, false).expect("sound rows");
        let named =
            |id: &str| crosswalk.contested.get(id).map(|all| all.iter().map(String::as_str).collect::<Vec<_>>());
        assert_eq!([named("7"), named("8"), named("9")], [Some(vec!["e1", "e2"]), None, None]);
        // Only the column that differs is left out.
        assert_eq!(crosswalk.ambiguous, ["9"]);
        let oyster = |id| Linked { benbase_id: None, oyster_engagement_id: Some(id) };
        assert_eq!((crosswalk.rows.get("7"), crosswalk.rows.get("9")), (Some(link("b7")), Some(oyster("e4"))));
    }
}
