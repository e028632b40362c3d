//! Waivers out of a spreadsheet: a CSV, or the report's workbook, in whose exceptions and groups a reviewer says until
//! when something is accepted. Which findings there are, and who may waive them, is not known here.

use std::io::Cursor;

use calamine::{Data, Range, Reader as _, Xlsx, open_workbook_from_rs};

use super::DecisionProblem;
use super::formula_error::is_formula_error;
use super::sheet::{DELIMITERS, decode, reader, trimmed, whole};
use super::workbook::{HEADER_ROWS_MAX, is_workbook, row_number, text};

/// What tells a sheet of waivers from others.
pub const UNTIL: &str = "waive_until";
pub const CAP: &str = "waive_cap";
pub const BY: &str = "waived_by";
pub const REASON: &str = "waive_reason";
/// Columns with the id of what is waived: the first of them that a sheet has counts.
const WHAT: [&str; 5] = ["exception_id", "finding", "finding_or_group", "group_id", "group"];

/// A row in which something is waived.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct WaiverRow {
    /// Of a workbook; blank in a CSV.
    pub sheet: String,
    /// As the spreadsheet counts, from 1.
    pub number: usize,
    /// Id of a finding or a group.
    pub what: String,
    /// The column that it stands in.
    pub what_column: &'static str,
    pub until: String,
    /// Blank: none.
    pub cap: String,
    /// Blank: whoever imports.
    pub by: String,
    pub reason: String,
}

/// A header and, below it, numbered rows.
struct Table {
    sheet: String,
    names: Vec<String>,
    rows: Vec<(usize, Vec<String>)>,
}

/// The rows that say until when; those in which nothing is waived are left alone.
pub fn parse(bytes: &[u8]) -> Result<Vec<WaiverRow>, Vec<DecisionProblem>> {
    let tables = if is_workbook(bytes) { of_workbook(bytes)? } else { of_csv(bytes)? };
    if tables.is_empty() {
        return Err(whole("it has no column waive_until beside exception_id or group_id: name the columns so"));
    }
    let (mut rows, mut problems) = (Vec::new(), Vec::new());
    for table in &tables {
        for (number, cells) in &table.rows {
            let cell = |name: &str| table.place(name).and_then(|at| cells.get(at)).cloned().unwrap_or_default();
            let what_column = WHAT.iter().find(|name| table.place(name).is_some()).copied().unwrap_or_default();
            let row = WaiverRow {
                sheet: table.sheet.clone(),
                number: *number,
                what: cell(what_column),
                what_column,
                until: cell(UNTIL),
                cap: cell(CAP),
                by: cell(BY),
                reason: cell(REASON),
            };
            let faults = row.faults();
            if faults.is_empty() && !row.until.is_empty() {
                rows.push(row);
            } else {
                problems.extend(faults);
            }
        }
    }
    if problems.is_empty() { Ok(rows) } else { Err(problems) }
}

impl WaiverRow {
    /// What is wrong in one of its columns.
    pub fn problem(&self, column: &'static str, message: impl Into<String>) -> DecisionProblem {
        DecisionProblem { sheet: self.sheet.clone(), row: self.number, column, message: message.into() }
    }

    /// What no waiver can be read from, whatever there is to waive.
    fn faults(&self) -> Vec<DecisionProblem> {
        let cells = [(UNTIL, &self.until), (CAP, &self.cap), (BY, &self.by), (REASON, &self.reason)];
        let filled = || cells.iter().filter(|(_, cell)| !cell.is_empty());
        let message = "found an error of the spreadsheet: type it without = or - first";
        let mut faults: Vec<DecisionProblem> = filled()
            .filter(|(_, cell)| is_formula_error(cell))
            .map(|(column, _)| self.problem(column, message))
            .collect();
        if let Some((column, _)) = filled().next() {
            match (self.what.is_empty(), self.until.is_empty()) {
                (true, _) => {
                    let message = format!("expected the id of what {column} is about, found a blank");
                    faults.push(self.problem(self.what_column, message));
                }
                (false, true) => {
                    let message = format!("{column} is filled in, and no day until which it is accepted: type one");
                    faults.push(self.problem(UNTIL, message));
                }
                (false, false) => {}
            }
        }
        faults
    }
}

impl Table {
    fn place(&self, name: &str) -> Option<usize> {
        self.names.iter().position(|own| own == name)
    }
}

fn is_header(names: &[String]) -> bool {
    let has = |name: &str| names.iter().any(|own| own == name);
    has(UNTIL) && WHAT.iter().any(|name| has(name))
}

fn name(cell: &str) -> String {
    trimmed(cell).to_lowercase().replace(' ', "_")
}

fn of_csv(bytes: &[u8]) -> Result<Vec<Table>, Vec<DecisionProblem>> {
    let text = decode(bytes).replace("\r\n", "\n").replace('\r', "\n");
    for delimiter in DELIMITERS {
        let (mut reader, mut record) = (reader(&text, delimiter), csv::StringRecord::new());
        let (mut table, mut breaks): (Option<Table>, usize) = (None, 0);
        loop {
            // The line on which a record begins, less the breaks inside the cells before it.
            match reader.read_record(&mut record) {
                Ok(true) => {}
                Ok(false) => break,
                Err(_) => return Err(whole("the file is not a table of comma-separated values")),
            }
            let line = record.position().map_or(0, |position| position.line() as usize);
            let number = line.saturating_sub(breaks);
            breaks += record.iter().map(|cell| cell.matches('\n').count()).sum::<usize>();
            match &mut table {
                Some(table) => table.rows.push((number, record.iter().map(|c| trimmed(c).to_owned()).collect())),
                None => {
                    let names: Vec<String> = record.iter().map(name).collect();
                    table = is_header(&names).then_some(Table { sheet: String::new(), names, rows: Vec::new() });
                }
            }
        }
        if let Some(table) = table {
            return Ok(vec![table]);
        }
    }
    Ok(Vec::new())
}

fn of_workbook(bytes: &[u8]) -> Result<Vec<Table>, Vec<DecisionProblem>> {
    let opened = open_workbook_from_rs::<Xlsx<_>, _>(Cursor::new(bytes));
    let mut workbook = opened.map_err(|_| whole("the workbook can't be read: save it as .xlsx or as CSV"))?;
    let mut tables = Vec::new();
    for sheet in workbook.sheet_names() {
        let range = workbook.worksheet_range(&sheet).map_err(|_| whole("a sheet of the workbook can't be read"))?;
        tables.extend(of_range(sheet, &range));
    }
    Ok(tables)
}

fn of_range(sheet: String, range: &Range<Data>) -> Option<Table> {
    let mut rows = range.rows().enumerate();
    let names = rows.by_ref().take(HEADER_ROWS_MAX).find_map(|(_, cells)| {
        let names: Vec<String> = cells.iter().map(|cell| name(&text(cell))).collect();
        is_header(&names).then_some(names)
    })?;
    let rows = rows.map(|(row, cells)| (row_number(range, row), cells.iter().map(text).collect())).collect();
    Some(Table { sheet, names, rows })
}

#[cfg(test)]
mod tests {
    use rust_xlsxwriter::Workbook;

    use super::*;

    fn row(number: usize, what: &str, cap: &str) -> WaiverRow {
        let text = str::to_owned;
        WaiverRow {
            sheet: String::new(),
            number,
            what: text(what),
            what_column: "exception_id",
            until: text("2026-12-31"),
            cap: text(cap),
            by: text("maria"),
            reason: text("agreed"),
        }
    }

    #[test]
    fn rows_that_say_until_when_are_read_whatever_the_delimiter_and_order() {
        let lines = [
            "\u{feff}sentence;exception_id;waive_cap;waive_until;waived_by;waive_reason",
            "\"two\nlines\";f1;;;;",
            "one;f2;50.00;2026-12-31;maria;agreed",
            ";f3;;2026-12-31;maria;agreed",
        ];
        assert_eq!(parse(lines.join("\r\n").as_bytes()), Ok(vec![row(3, "f2", "50.00"), row(4, "f3", "")]));
    }

    #[test]
    fn a_workbook_is_read_sheet_by_sheet_and_what_is_waived_already_is_not_waived_anew() {
        let mut workbook = Workbook::new();
        let waived = workbook.add_worksheet();
        waived.write_row(0, 0, ["Finding", "Until", "Waived by", "Why"]).expect("written");
        waived.write_row(1, 0, ["f9", "2026-12-31", "maria", "agreed"]).expect("written");
        for (first, id) in [("Group", "g1"), ("Finding", "f1")] {
            let sheet = workbook.add_worksheet();
            sheet.write_row(0, 0, [first, "Waive until", "Waive cap", "Waived by", "Waive reason"]).expect("written");
            sheet.write_row(1, 0, [id, "2026-12-31", "50", "maria", "agreed"]).expect("written");
        }
        let bytes = workbook.save_to_buffer().expect("written");
        let on =
            |sheet: &str, what, what_column| WaiverRow { sheet: sheet.to_owned(), what_column, ..row(2, what, "50") };
        assert_eq!(parse(&bytes), Ok(vec![on("Sheet2", "g1", "group"), on("Sheet3", "f1", "finding")]));
    }

    #[test]
    fn a_file_without_waivers_and_an_error_of_the_spreadsheet_are_called_so() {
        let problems = parse(b"exception_id,sentence\nf1,x\n").expect_err("no column");
        assert!(problems[0].message.contains("waive_until"), "{problems:?}");
        let problems = parse(b"exception_id,waive_until,waive_reason\nf1,2026-12-31,#NAME?\n").expect_err("an error");
        assert_eq!((problems[0].row, problems[0].column), (2, "waive_reason"));
    }

    #[test]
    fn a_row_that_is_half_filled_in_is_told_and_not_passed_over() {
        let problems = parse(b"exception_id,waive_until,waive_reason\nf1,,agreed\n,2026-12-31,agreed\nf2,,\n");
        let places: Vec<_> = problems.expect_err("half").into_iter().map(|p| (p.row, p.column)).collect();
        assert_eq!(places, [(2, "waive_until"), (3, "exception_id")]);
    }
}
