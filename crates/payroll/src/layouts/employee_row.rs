//! Reports that open each employee with a row of its own, `Employee: 00123 Doe, Jane`, and write the deductions below
//! it. Id and name become columns of their own, behind those of the file.

use csv::StringRecord;

use crate::header::Header;
use crate::rows::Row;
use crate::rows::batches::{Record, RecordCells};

/// What stands for the id in the pattern, and is the header of the column of ids.
const ID: &str = "{id}";
/// The same of the name.
const NAME: &str = "{name}";
/// Bytes of a longer row are no name and no id.
const TEXT_BYTES_MAX: usize = 300;
/// Places in a pattern: each may be tried at every letter.
const PLACES_MAX: usize = 4;

/// How the row that opens an employee is written. Case and runs of blanks do not count, nor how the row is cut into
/// cells.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct EmployeeRow {
    /// As the job writes it.
    pub written: String,
    parts: Vec<Part>,
}

#[derive(Clone, Debug, PartialEq, Eq)]
enum Part {
    /// Lower case.
    Text(String),
    /// Without a blank in it.
    Id,
    Name,
    /// Anything or nothing.
    Any,
}

/// Whose the rows below are.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(crate) struct Employee {
    pub id: String,
    pub name: String,
}

impl EmployeeRow {
    /// Errors say what a pattern needs.
    pub fn new(written: &str) -> Result<EmployeeRow, &'static str> {
        let mut parts = Vec::new();
        let mut rest = one_line(written.split_whitespace()).to_lowercase();
        while !rest.is_empty() {
            let places = [(ID, Part::Id), (NAME, Part::Name), ("*", Part::Any)];
            let next = places.into_iter().filter_map(|(place, part)| Some((rest.find(place)?, place, part)));
            let Some((at, place, part)) = next.min_by_key(|(at, ..)| *at) else {
                parts.push(Part::Text(std::mem::take(&mut rest)));
                break;
            };
            if at > 0 {
                parts.push(Part::Text(rest[..at].to_owned()));
            }
            parts.push(part);
            rest = rest[at + place.len()..].to_owned();
        }
        let count = |wanted: &Part| parts.iter().filter(|part| *part == wanted).count();
        let places = parts.iter().filter(|part| !matches!(part, Part::Text(_))).count();
        match () {
            () if count(&Part::Id) != 1 => Err("`{id}` once, as in `Employee: {id} {name}`"),
            () if count(&Part::Name) > 1 => Err("`{name}` once at most"),
            () if places > PLACES_MAX => Err("no more than 4 of `{id}`, `{name}` and `*`"),
            () => Ok(EmployeeRow { written: written.trim().to_owned(), parts }),
        }
    }

    /// Headers of the columns that it gives.
    pub(crate) fn headers(&self) -> &'static [&'static str] {
        if self.parts.contains(&Part::Name) { &[ID, NAME] } else { &[ID] }
    }

    /// The text with which each such row begins; blank where a place stands first.
    fn beginning(&self) -> &str {
        match self.parts.first() {
            Some(Part::Text(text)) => text.trim_end(),
            _ => "",
        }
    }

    fn has_text(&self) -> bool {
        self.parts.iter().any(|part| matches!(part, Part::Text(own) if !own.trim().is_empty()))
    }

    fn opened_by(&self, text: &str) -> Option<Employee> {
        let mut employee = Employee::default();
        let is_it = text.len() <= TEXT_BYTES_MAX && matches(&self.parts, text, &mut employee);
        is_it.then_some(employee)
    }
}

/// Whether the parts make up the whole text. Of what fits a place the shortest is taken, of ids the longest.
fn matches(parts: &[Part], text: &str, found: &mut Employee) -> bool {
    let Some((part, rest)) = parts.split_first() else { return text.is_empty() };
    if let Part::Text(own) = part {
        let Some((head, behind)) = text.split_at_checked(own.len()) else { return false };
        return head.to_lowercase() == *own && matches(rest, behind, found);
    }
    let ends = text.char_indices().map(|(at, c)| at + c.len_utf8());
    let ends: Vec<usize> = match part {
        Part::Id => {
            let whole = text.find(char::is_whitespace).unwrap_or(text.len());
            ends.take_while(|end| *end <= whole).collect::<Vec<_>>().into_iter().rev().collect()
        }
        Part::Any => std::iter::once(0).chain(ends).collect(),
        Part::Name | Part::Text(_) => ends.collect(),
    };
    for end in ends {
        let taken = &text[..end];
        if matches(rest, &text[end..], found) {
            match part {
                Part::Id => taken.clone_into(&mut found.id),
                Part::Name => taken.trim().clone_into(&mut found.name),
                Part::Text(_) | Part::Any => {}
            }
            return true;
        }
    }
    false
}

/// The employee whose rows are read.
#[derive(Clone, Debug, Default)]
pub(crate) struct RowOwner {
    /// Cells of a row of the file.
    width: usize,
    columns: usize,
    current: Employee,
    /// Places of the code and of the amounts of a deduction.
    code: Option<usize>,
    amounts: Vec<usize>,
}

impl RowOwner {
    /// The first employee may stand above the header.
    pub fn new(header: &Header, pattern: Option<&EmployeeRow>) -> RowOwner {
        let (width, columns) = (header.width(), header.names.len() - header.width());
        let titles = header.title_texts().filter_map(|title| pattern?.opened_by(&one_line(title.split_whitespace())));
        RowOwner { width, columns, current: titles.last().unwrap_or_default(), ..RowOwner::default() }
    }

    /// Says where code and amounts of a deduction stand.
    pub fn set_deduction(&mut self, code: usize, amounts: Vec<usize>) {
        (self.code, self.amounts) = (Some(code), amounts);
    }

    /// Takes a row that opens an employee; false where it is another one.
    pub fn is_opened_by(&mut self, row: &Row<'_>, pattern: &EmployeeRow) -> bool {
        // What has an amount is a deduction: `Employee Pension 5.00`. Cells of a name may stand in that column.
        let is_free = |employee: &Employee| {
            let of_employee = |cell: &str| cell == employee.id || cell.contains(char::is_alphabetic);
            self.amounts(row).all(|cell| cell.is_empty() || pattern.has_text() && of_employee(cell))
        };
        match pattern.opened_by(&text_of(row)).filter(is_free) {
            Some(employee) => {
                self.current = employee;
                true
            }
            None => false,
        }
    }

    /// Whether a row that opens nobody may be meant to: nobody knows then whose the rows below it are.
    pub fn is_lost_at(&mut self, row: &Row<'_>, pattern: &EmployeeRow) -> bool {
        let beginning = pattern.beginning();
        let text = text_of(row);
        let begins = text.get(..beginning.len()).is_some_and(|head| head.to_lowercase() == beginning);
        let has_code = self.code.is_some_and(|at| row.text(at) != Ok(""));
        let has_amount = self.amounts(row).any(|cell| !cell.is_empty());
        let has_decimals =
            self.amounts(row).any(|cell| cell.contains(['.', ',']) && !cell.contains(char::is_alphabetic));
        let is_like_it = begins && !beginning.is_empty() && !has_decimals;
        let is_deduction = has_amount || has_code && !beginning.is_empty();
        let is_lost = is_like_it || !is_deduction;
        if is_lost {
            self.forget();
        }
        is_lost
    }

    fn amounts<'r>(&self, row: &'r Row<'_>) -> impl Iterator<Item = &'r str> {
        self.amounts.iter().map(|at| row.text(*at).unwrap_or("?"))
    }

    /// Adds the cells of the employee to a row with data.
    pub fn fill(&self, record: &mut Record) {
        if self.columns == 0 {
            return;
        }
        let RecordCells::Text(text) = &mut record.cells else { return };
        let own = text.iter().chain(std::iter::repeat("")).take(self.width);
        let added = [self.current.id.as_str(), self.current.name.as_str()];
        let mut filled: StringRecord = own.chain(added.into_iter().take(self.columns)).collect();
        filled.set_position(text.position().cloned());
        *text = filled;
    }

    /// After a row that cannot be read nobody knows whose the rows below are.
    pub fn forget(&mut self) {
        self.current = Employee::default();
    }
}

/// The texts of a row as one.
fn text_of(row: &Row<'_>) -> String {
    let cells = (0..row.cells.len()).filter_map(|at| row.text(at).ok());
    one_line(cells.flat_map(str::split_whitespace))
}

fn one_line<'t>(words: impl Iterator<Item = &'t str>) -> String {
    words.collect::<Vec<_>>().join(" ")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[track_caller]
    fn check(pattern: &str, text: &str, expected: Option<[&str; 2]>) {
        let employee = EmployeeRow::new(pattern).expect("a pattern").opened_by(text);
        let found = employee.as_ref().map(|employee| [employee.id.as_str(), employee.name.as_str()]);
        assert_eq!(found, expected, "{pattern}: {text}");
    }

    #[test]
    fn a_pattern_says_where_id_and_name_stand() {
        check("Employee: {id} {name}", "EMPLOYEE: 00123 Doe, Jane", Some(["00123", "Doe, Jane"]));
        check("Employee: {id} {name}", "Employee: Doe", None);
        check("{name} ({id})", "Doe, Jane (née Roe) (00123)", Some(["00123", "Doe, Jane (née Roe)"]));
        check("{id} - {name}", "A-17 - Doe - Roe", Some(["A-17", "Doe - Roe"]));
        check("Name: {name} ID: {id} *", "Name: Jane Doe ID: 123 Dept: 5", Some(["123", "Jane Doe"]));
        check("Mitarbeiter {id}*", "Mitarbeiter 17", Some(["17", ""]));
        check("Employee: {id}", "Deduction 5", None);
    }

    #[test]
    fn a_pattern_without_an_id_or_with_too_many_places_is_refused() {
        for pattern in ["Employee: {name}", "{id} {id}", "{id} {name} {name}", "* {id} * * *"] {
            assert!(EmployeeRow::new(pattern).is_err(), "{pattern}");
        }
    }
}
