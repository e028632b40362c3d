//! Where the table begins and ends in a text: title lines, header, rows, totals.

pub(super) mod decoded;
pub(super) mod delimiter;
pub(super) mod employee_row;
pub(super) mod filled_down;
pub(super) mod record_types;

use csv::StringRecord;

use crate::cells;
use crate::certainty::{Certainty, Proposed};
use crate::columns::fields;
use crate::columns::names;
use crate::table::employee_row::EmployeeRows;

/// Records among which the header is looked for.
const HEADER_WITHIN_RECORDS: usize = 60;
/// Rows that are looked at; later ones hardly change what a column is, and `check` reads them all.
pub const ROWS_MAX: usize = 50_000;
/// First words of a row of totals, as `names::words` gives them.
const TOTALS: [&str; 14] = [
    "total",
    "totals",
    "grand",
    "subtotal",
    "sum",
    "summe",
    "gesamt",
    "gesamtsumme",
    "totale",
    "totaux",
    "totaal",
    "zwischensumme",
    "count",
    "report",
];
/// Rows among which those that open an employee are looked for.
const EMPLOYEES_WITHIN_RECORDS: usize = 2_000;
/// Rows of totals and footers that are told apart.
const ASIDE_MAX: usize = 20;
/// Texts of a footer at most, in a table of twice as many columns at least.
const FOOTER_CELLS_MAX: usize = 2;
/// Known names are worth more than any text: a title line is text too.
const KNOWN_NAME_SCORE: i64 = 4;
const VALUE_SCORE: i64 = -3;

#[derive(Debug)]
pub struct Table {
    /// Lines above the header.
    pub titles: Vec<String>,
    /// Line of the header, from 1, certain as far as its names are known.
    pub header_line: Proposed<u64>,
    /// Names of a row above the header that group its columns, carried to the right.
    pub groups: Option<Vec<String>>,
    /// Those of rows that open an employee stand behind those of the file.
    pub headers: Vec<String>,
    pub employee_rows: Option<EmployeeRows>,
    pub rows: Vec<StringRecord>,
    /// More rows follow than were looked at.
    pub cut: bool,
    /// First cells of rows of totals, each once.
    pub totals: Vec<String>,
    /// Patterns of the first texts of rows that are nobody's.
    pub footers: Vec<String>,
    /// Rows that end before the header does.
    pub short_rows: usize,
    /// The rows end in one delimiter more than the header.
    pub trailing_delimiter: bool,
}

/// Cuts a text into its table; `None` when nothing in it looks like one.
pub fn find(text: &str, delimiter: &Proposed<u8>) -> Option<Table> {
    let skipped = usize::from(delimiter::stated(text).is_some());
    let lines_skipped: usize = text.lines().take(skipped).map(|line| line.len() + 1).sum();
    let text = text.get(lines_skipped..).unwrap_or_default();
    let mut table = of_records(|| delimiter::records(text, delimiter.value))?;
    table.header_line.value += skipped as u64;
    Some(table)
}

/// The table among records, of which each call gives all from the first on.
fn of_records<R: Iterator<Item = StringRecord>>(records: impl Fn() -> R) -> Option<Table> {
    let head: Vec<StringRecord> = records().take(HEADER_WITHIN_RECORDS).collect();
    let (at, known) = header_of(&head)?;
    let header_record = &head[at];
    let headers: Vec<String> = header_record.iter().map(one_line).collect();
    let groups = at.checked_sub(1).and_then(|above| groups_of(&head[above], &headers));
    let titles_end = if groups.is_some() { at - 1 } else { at };
    let titles = head[..titles_end].iter().map(shown).filter(|title| !title.is_empty()).collect();
    let line = header_record.position().map_or(at as u64 + 1, csv::Position::line);
    let below: Vec<StringRecord> = records().skip(at + 1).take(EMPLOYEES_WITHIN_RECORDS).collect();
    let employee_rows = EmployeeRows::find(&headers, head[..titles_end].iter().chain(&below));
    let mut table = Table {
        titles,
        header_line: header_certainty(line, known, headers.iter().filter(|name| !name.is_empty()).count()),
        groups,
        headers,
        employee_rows,
        rows: Vec::new(),
        cut: false,
        totals: Vec::new(),
        footers: Vec::new(),
        short_rows: 0,
        trailing_delimiter: false,
    };
    let opened =
        head[..titles_end].iter().filter_map(|title| table.employee_rows.as_ref()?.opened_by(title)).next_back();
    table.read_rows(opened.unwrap_or_default(), records().skip(at + 1));
    table.headers.extend(table.employee_rows.iter().flat_map(EmployeeRows::headers));
    Some(table)
}

impl Table {
    /// `employee`: the cells of the one whose the first rows are, where rows open employees.
    fn read_rows(&mut self, mut employee: Vec<String>, records: impl Iterator<Item = StringRecord>) {
        let (mut wider, mut short) = (0, 0);
        for record in records {
            let cells: Vec<&str> = record.iter().map(str::trim).collect();
            let filled: Vec<&str> = cells.iter().copied().filter(|cell| !cell.is_empty()).collect();
            let repeats = cells.iter().zip(&self.headers).all(|(cell, name)| one_line(cell) == *name);
            if filled.is_empty() || repeats {
                continue;
            }
            if let Some(opened) = self.employee_rows.as_ref().and_then(|rows| rows.opened_by(&record)) {
                employee = opened;
                continue;
            }
            let aside = match footer(&filled, self.headers.len()) {
                _ if is_total(filled[0]) => Some((&mut self.totals, filled[0].to_owned())),
                _ if is_employee_total(filled[0]) => Some((&mut self.footers, format!("{}*", two_words(filled[0])))),
                Some(pattern) => Some((&mut self.footers, pattern)),
                None => None,
            };
            if let Some((list, text)) = aside {
                if !list.contains(&text) && list.len() < ASIDE_MAX {
                    list.push(text);
                }
                continue;
            }
            short += usize::from(record.len() < self.headers.len());
            if self.rows.len() == ROWS_MAX {
                self.cut = true;
                break;
            }
            let extra = record.len() == self.headers.len() + 1
                && record.iter().next_back().is_some_and(|c| c.trim().is_empty());
            wider += usize::from(extra);
            self.rows.push(match &self.employee_rows {
                Some(_) => with_employee(&record, self.headers.len(), &employee),
                None => record,
            });
        }
        self.trailing_delimiter = wider > 0 && wider * 2 > self.rows.len();
        self.short_rows = short;
    }

    /// The cells of a column, blanks around them taken off; a short row has a blank cell.
    pub fn column(&self, at: usize) -> impl Iterator<Item = &str> {
        self.rows.iter().map(move |row| row.get(at).unwrap_or_default().trim())
    }

    /// The name of a column as the job file writes it: with its group where others have the same name, with its number
    /// among them where there are no groups.
    pub fn name(&self, at: usize) -> String {
        let name = &self.headers[at];
        if name.is_empty() {
            return format!("#{}", at + 1);
        }
        let same = |end: usize| self.headers[..end].iter().filter(|other| *other == name).count();
        match self.group(at) {
            _ if same(self.headers.len()) == 1 => name.clone(),
            Some(group) => format!("{group} / {name}"),
            None if same(at) == 0 => name.clone(),
            None => format!("{name} #{}", same(at) + 1),
        }
    }

    /// All that the header says of a column.
    pub fn full_name(&self, at: usize) -> String {
        self.group(at).map_or_else(|| self.headers[at].clone(), |group| format!("{group} {}", self.headers[at]))
    }

    fn group(&self, at: usize) -> Option<&str> {
        self.groups.as_ref()?.get(at).map(String::as_str).filter(|group| !group.is_empty())
    }
}

/// A header name on one line, blanks inside it single.
fn one_line(name: &str) -> String {
    name.trim_start_matches('\u{feff}').split_whitespace().collect::<Vec<_>>().join(" ")
}

fn shown(record: &StringRecord) -> String {
    record.iter().map(str::trim).filter(|cell| !cell.is_empty()).collect::<Vec<_>>().join(" ")
}

fn is_value(cell: &str) -> bool {
    cells::amount(cell).is_some() || cells::date(cell).is_some()
}

/// The record that reads most like names, and how many of its names are known.
fn header_of(head: &[StringRecord]) -> Option<(usize, usize)> {
    let known = |record: &StringRecord| record.iter().filter(|cell| fields::is_known(cell)).count();
    let score = |record: &StringRecord| {
        let filled: Vec<&str> = record.iter().map(str::trim).filter(|cell| !cell.is_empty()).collect();
        let values = filled.iter().filter(|cell| is_value(cell)).count();
        let [texts, values, known] =
            [filled.len() - values, values, known(record)].map(|n| i64::try_from(n).unwrap_or(0));
        texts + VALUE_SCORE * values + KNOWN_NAME_SCORE * known
    };
    let best = head.iter().enumerate().max_by_key(|(at, record)| (score(record), std::cmp::Reverse(*at)))?;
    let filled = best.1.iter().filter(|cell| !cell.trim().is_empty()).count();
    (filled > 0).then(|| (best.0, known(best.1)))
}

fn header_certainty(line: u64, known: usize, names: usize) -> Proposed<u64> {
    let certainty = match known {
        0 => Certainty::Asked,
        1 if names > 2 => Certainty::Likely,
        _ => Certainty::Sure,
    };
    Proposed::new(line, certainty, format!("{known} of its {names} names are known"))
}

/// A row above the header that names groups of columns: `Medical` above `EE` and `ER`.
fn groups_of(above: &StringRecord, headers: &[String]) -> Option<Vec<String>> {
    let repeated = |name: &String| !name.is_empty() && headers.iter().filter(|other| *other == name).count() > 1;
    let cells: Vec<String> = above.iter().map(one_line).collect();
    let filled = cells.iter().filter(|cell| !cell.is_empty()).count();
    if filled < 2 || !headers.iter().any(repeated) || cells.iter().any(|cell| is_value(cell)) {
        return None;
    }
    let mut carried = String::new();
    let mut groups = Vec::with_capacity(headers.len());
    for at in 0..headers.len() {
        if let Some(cell) = cells.get(at).filter(|cell| !cell.is_empty()) {
            carried.clone_from(cell);
        }
        groups.push(carried.clone());
    }
    Some(groups)
}

/// A row with the cells of its employee behind those of the file.
fn with_employee(record: &StringRecord, width: usize, employee: &[String]) -> StringRecord {
    let own = record.iter().chain(std::iter::repeat("")).take(width);
    own.chain(employee.iter().map(String::as_str)).collect()
}

/// `Employee Total`, below the rows of one.
fn is_employee_total(first: &str) -> bool {
    let words = names::words(first);
    let [of, total, ..] = words.as_slice() else { return false };
    of.starts_with("employee") && TOTALS.contains(&total.as_str())
}

fn two_words(text: &str) -> String {
    let words: Vec<&str> = text.split_whitespace().take(2).collect();
    words.join(" ").trim_end_matches([':', '.', ',']).to_owned()
}

/// A row of totals: its first word says so.
fn is_total(first: &str) -> bool {
    names::words(first).first().is_some_and(|word| TOTALS.contains(&word.as_str()))
}

/// A row that is nobody's: one or two texts in a wide table. Given as a pattern: `Page * of *`.
fn footer(filled: &[&str], width: usize) -> Option<String> {
    let first = filled.first().filter(|first| first.chars().any(char::is_alphabetic))?;
    let short = filled.len() <= FOOTER_CELLS_MAX && width >= FOOTER_CELLS_MAX * 2;
    let starred = |text: &str| {
        let mut pattern = String::new();
        for c in text.chars() {
            match c {
                '*' | '0'..='9' if pattern.ends_with('*') => {}
                '*' | '0'..='9' => pattern.push('*'),
                c => pattern.push(c),
            }
        }
        pattern
    };
    short.then(|| starred(first))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn table(text: &str) -> Table {
        find(text, &delimiter::find(text)).expect("a table")
    }

    #[test]
    fn title_lines_totals_and_repeated_headers_are_no_rows() {
        let text = "Fable Ltd,,\nPayroll Journal,,\nPay day: 03/31/2026,,\n,,\nEmployee ID,Medical EE,Medical ER\n\
                    10001,60.00,240.00\nEmployee ID,Medical EE,Medical ER\n10002,60.00,240.00\nGrand Totals,120.00,480.00\n";
        let table = table(text);
        assert_eq!((table.header_line.value, table.rows.len()), (5, 2));
        assert_eq!(table.titles, ["Fable Ltd", "Payroll Journal", "Pay day: 03/31/2026"]);
        assert_eq!(table.totals, ["Grand Totals"]);
    }

    #[test]
    fn a_header_of_two_levels_gives_names_of_both() {
        let table = table(",,Medical,,Dental,\nEmployee ID,Name,EE,ER,EE,ER\n1,Ada Li,60.00,240.00,5.00,10.00\n");
        let names: Vec<String> = (0..table.headers.len()).map(|at| table.name(at)).collect();
        assert_eq!(names[2..], ["Medical / EE", "Medical / ER", "Dental / EE", "Dental / ER"]);
        assert_eq!(names[0], "Employee ID");
    }

    #[test]
    fn repeated_names_have_their_number_and_footers_a_pattern() {
        let table = table(
            "ID,Name,Code,Amount,Code,Amount\n1,Ada Li,MED,60.00,DEN,5.00\nPage 1 of 12,,,,,\n2,Bo Ode,MED,60.00,,\n",
        );
        assert_eq!([3, 5].map(|at| table.name(at)), ["Amount", "Amount #2"]);
        assert_eq!((table.footers.as_slice(), table.rows.len()), (["Page * of *".to_owned()].as_slice(), 2));
    }

    #[test]
    fn a_delimiter_behind_each_row_is_noticed() {
        assert!(table("Employee ID,Medical EE\n1,60.00,\n2,60.00,\n").trailing_delimiter);
    }
}
