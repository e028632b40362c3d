//! The crosswalk: employee id → ids of the other services, from a CSV of the customer's. Whether those ids exist, and
//! whether two employees may share one, is for the rules and the services to say.

use std::collections::{BTreeMap, BTreeSet};
use std::fs::File;
use std::io::Read;
use std::path::Path;

use anyhow::{Context, Result, bail};
use csv::StringRecord;

/// Headers of the file, in any order.
const HEADERS: [&str; 3] = ["employee_id", "benbase_id", "oyster_engagement_id"];
/// Problems that an error lists; the rest is counted.
const PROBLEMS_SHOWN: usize = 20;
/// Far above ten million rows of three ids.
const FILE_BYTES_MAX: u64 = 2 << 30;

/// Ids of the other services by employee id, and the employee ids that stand there twice.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Crosswalk {
    /// Every employee id of the file; a column in which its rows disagree is blank here.
    pub rows: BTreeMap<String, Linked>,
    /// Employee ids with several rows that disagree on the Benbase id (ID04). Sorted.
    pub ambiguous: Vec<String>,
    /// Employee ids with several rows that disagree on the Oyster engagement (ID04) → those that their rows name.
    pub contested: BTreeMap<String, BTreeSet<String>>,
}

/// What one employee id is called elsewhere.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Linked {
    pub benbase_id: Option<String>,
    pub oyster_engagement_id: Option<String>,
}

/// Reads the file. `fold_id_case`: employee ids become upper case, as in payroll. Errors list every bad line, never an id.
pub fn read(path: &Path, fold_id_case: bool) -> Result<Crosswalk> {
    let attempt = || format!("reading the crosswalk {}", path.display());
    let file = File::open(path).with_context(attempt)?;
    if file.metadata().with_context(attempt)?.len() > FILE_BYTES_MAX {
        bail!("{}: expected at most {FILE_BYTES_MAX} bytes, found more", attempt());
    }
    parse(file, fold_id_case).with_context(attempt)
}

fn parse(input: impl Read, fold_id_case: bool) -> Result<Crosswalk> {
    let mut reader = csv::ReaderBuilder::new().trim(csv::Trim::Headers).flexible(true).from_reader(input);
    let headers = reader.headers().context("expected a header line in UTF-8")?.clone();
    let columns = columns(&headers)?;
    let mut rows = Vec::new();
    let mut problems = Problems::default();
    let mut record = StringRecord::new();
    loop {
        match reader.read_record(&mut record) {
            Ok(true) => {}
            Ok(false) => break,
            Err(error) if matches!(error.kind(), csv::ErrorKind::Utf8 { .. }) => {
                problems.push(error.position().map_or(0, csv::Position::line), "expected UTF-8".to_owned());
                continue;
            }
            Err(error) => return Err(error).context("the file cannot be read to its end"),
        }
        let line = record.position().map_or(0, csv::Position::line);
        if record.iter().all(|cell| cell.trim().is_empty()) {
            continue;
        }
        match row(&record, columns, headers.len()) {
            Ok((employee_id, linked)) => {
                let id = if fold_id_case { employee_id.to_uppercase() } else { employee_id.to_owned() };
                rows.push((id, linked));
            }
            Err(fault) => problems.push(line, fault),
        }
    }
    problems.into_result()?;
    Ok(one_each(rows))
}

/// Merges the rows of one employee, column by column: what is blank in one row says nothing against another.
fn one_each(rows: Vec<(String, Linked)>) -> Crosswalk {
    let mut named: BTreeMap<String, [BTreeSet<String>; 2]> = BTreeMap::new();
    for (employee, Linked { benbase_id, oyster_engagement_id }) in rows {
        let columns = named.entry(employee).or_default();
        columns.iter_mut().zip([benbase_id, oyster_engagement_id]).for_each(|(column, id)| column.extend(id));
    }
    let mut crosswalk = Crosswalk::default();
    for (employee, [benbase, oyster]) in named {
        let only = |all: &BTreeSet<String>| all.first().filter(|_| all.len() == 1).cloned();
        let linked = Linked { benbase_id: only(&benbase), oyster_engagement_id: only(&oyster) };
        if benbase.len() > 1 {
            crosswalk.ambiguous.push(employee.clone());
        }
        if oyster.len() > 1 {
            crosswalk.contested.insert(employee.clone(), oyster);
        }
        crosswalk.rows.insert(employee, linked);
    }
    crosswalk
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

fn row(record: &StringRecord, columns: [usize; 3], width: usize) -> Result<(&str, Linked), String> {
    if record.len() != width {
        return Err(format!("expected {width} columns, found {}", record.len()));
    }
    let [employee_id, benbase_id, oyster_id] = columns.map(|at| record.get(at).unwrap_or_default().trim());
    if employee_id.is_empty() {
        return Err("expected an employee_id, found a blank".to_owned());
    }
    let link = |text: &str| (!text.is_empty()).then(|| text.to_owned());
    Ok((employee_id, Linked { benbase_id: link(benbase_id), oyster_engagement_id: link(oyster_id) }))
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

    fn link(benbase_id: &str) -> Linked {
        Linked { benbase_id: Some(benbase_id.to_owned()), oyster_engagement_id: None }
    }

    #[track_caller]
    fn check_read(csv: &str, rows: &[(&str, Linked)], ambiguous: &[&str]) {
        let crosswalk = parse(csv.as_bytes(), false).expect("a crosswalk");
        let rows = rows.iter().map(|(id, linked)| ((*id).to_owned(), linked.clone())).collect();
        assert_eq!(crosswalk.rows, rows);
        assert_eq!(crosswalk.ambiguous, ambiguous);
    }

    #[track_caller]
    fn check_refused(csv: &[u8], reasons: &[&str]) {
        let error = format!("{:#}", parse(csv, false).expect_err("not a crosswalk"));
        for reason in reasons {
            assert!(error.contains(reason), "{reason} in {error}");
        }
        assert!(!error.contains("00417"), "an id in {error}");
    }

    #[test]
    fn ids_keep_their_zeros_and_lose_blanks_around_them() {
        check_read(
            "\u{feff}employee_id,benbase_id,oyster_engagement_id\r\n 00417 ,emp_1,\r\n\r\n00418,,eng_2\r\n,,\r\n",
            &[
                ("00417", link("emp_1")),
                ("00418", Linked { benbase_id: None, oyster_engagement_id: Some("eng_2".to_owned()) }),
            ],
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
        assert_eq!(parse(csv.as_bytes(), false).expect("two employees").rows.len(), 2);
        assert_eq!(parse(csv.as_bytes(), true).expect("one employee").ambiguous, ["A1"]);
    }

    #[test]
    fn all_bad_lines_are_told_at_once() {
        check_refused(
            b"employee_id,benbase_id,oyster_engagement_id\n,emp_1,\n00417,emp_2\n00417\xff,emp_3,\n",
            &["line 2: expected an employee_id", "line 3: expected 3 columns, found 2", "line 4: expected UTF-8"],
        );
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
            let _ = parse(bytes.as_slice(), true);
            let headed = [b"employee_id,benbase_id,oyster_engagement_id\n".as_slice(), &bytes].concat();
            let _ = parse(headed.as_slice(), false);
        }
    }

    #[test]
    fn the_engagements_that_contradicting_rows_name_are_kept_apart() {
        let csv = "employee_id,benbase_id,oyster_engagement_id\n7,b7,e1\n8,,e3\n7,,e2\n8,,e3\n9,b1,e4\n9,b2,\n";
        let crosswalk = parse(csv.as_bytes(), false).expect("sound rows");
        let named =
            |id: &str| crosswalk.contested.get(id).map(|all| all.iter().map(String::as_str).collect::<Vec<_>>());
        assert_eq!([named("7"), named("8"), named("9")], [Some(vec!["e1", "e2"]), None, None]);
        // Only the column that differs is left out.
        assert_eq!(crosswalk.ambiguous, ["9"]);
        let oyster = |id: &str| Linked { benbase_id: None, oyster_engagement_id: Some(id.to_owned()) };
        assert_eq!((&crosswalk.rows["7"], &crosswalk.rows["9"]), (&link("b7"), &oyster("e4")));
    }
}
