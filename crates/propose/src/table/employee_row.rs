//! Reports that open each employee with a row of its own, `Employee: 00123 Doe, Jane`, and write the deductions below
//! it.

use std::collections::{BTreeMap, BTreeSet};

use csv::StringRecord;

use crate::cells;
use crate::columns::fields::{self, Means};
use crate::columns::names::words;

/// Header of the column of ids that such rows give, as the job names it.
pub const ID: &str = "{id}";
/// The same of names.
pub const NAME: &str = "{name}";
/// Employees that make such rows a layout.
const EMPLOYEES_MIN: usize = 2;
/// Words that stand before the id or name of an employee.
const LABELS: [&str; 14] = [
    "employee",
    "associate",
    "worker",
    "staff",
    "name",
    "person",
    "mitarbeiter",
    "arbeitnehmer",
    "salarie",
    "empleado",
    "trabajador",
    "dipendente",
    "werknemer",
    "funcionario",
];

/// How the rows of a file are written that open an employee.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct EmployeeRows {
    /// As the job writes it.
    pub pattern: String,
    /// Rows that are written so.
    pub employees: usize,
}

/// One such row, taken apart.
#[derive(Clone, Debug, PartialEq, Eq)]
struct Cut {
    pattern: String,
    /// Before the id stands a word for an employee.
    labelled: bool,
    id: String,
    name: String,
}

impl EmployeeRows {
    /// Those of a file; `None` where a column has the id, or too few rows are written alike.
    pub fn find<'r>(headers: &[String], records: impl Iterator<Item = &'r StringRecord>) -> Option<EmployeeRows> {
        let id = fields::all().iter().find(|field| field.key == "employee_id")?;
        let is_id = |name: &String| id.means(&words(name)).is_some_and(|(means, _)| means == Means::Name);
        if headers.iter().any(is_id) {
            return None;
        }
        let mut found: BTreeMap<String, (bool, usize, BTreeSet<String>)> = BTreeMap::new();
        let (mut deductions, mut with_number) = (0, 0);
        for record in records {
            if has_money(record) {
                deductions += 1;
                with_number += usize::from(begins_with_number(record));
            }
            let Some(cut) = cut(record) else { continue };
            let (_, rows, ids) = found.entry(cut.pattern).or_insert((cut.labelled, 0, BTreeSet::new()));
            *rows += 1;
            ids.insert(cut.id);
        }
        // `401k Plan` is two words with a number too, and so is somebody in a table of people who has no amount.
        let is_layout = |(_, (labelled, rows, ids)): &(&String, &(bool, usize, BTreeSet<String>))| {
            let is_certain = *labelled || ids.len() == *rows && with_number * 2 < deductions;
            ids.len() >= EMPLOYEES_MIN && deductions >= *rows && is_certain
        };
        let most = found.iter().filter(is_layout).max_by_key(|(_, (_, rows, _))| *rows);
        most.map(|(pattern, (_, rows, _))| EmployeeRows { pattern: pattern.clone(), employees: *rows })
    }

    /// Headers of the columns that it gives.
    pub fn headers(&self) -> Vec<String> {
        let names = [ID, NAME].into_iter().filter(|name| self.pattern.contains(name));
        names.map(str::to_owned).collect()
    }

    /// Their cells, where this row opens an employee.
    pub fn opened_by(&self, record: &StringRecord) -> Option<Vec<String>> {
        let Cut { id, name, .. } = cut(record).filter(|cut| cut.pattern == self.pattern)?;
        Some([id, name].into_iter().take(self.headers().len()).collect())
    }
}

fn cut(record: &StringRecord) -> Option<Cut> {
    if has_money(record) {
        return None;
    }
    let text = record.iter().flat_map(str::split_whitespace).collect::<Vec<_>>().join(" ");
    let (start, id) = id_in(&text)?;
    let (before, behind) = (text[..start].trim(), &text[start + id.len()..]);
    let (opening, labelled) = opening(before)?;
    let (closing, behind_name) = closing(behind);
    let named = opening.name.or(behind_name).unwrap_or_default();
    let pattern = format!("{}{ID}{closing}", opening.pattern);
    // Without a label `Page 5` would be somebody: the id stands in brackets or behind a mark, or before a whole name.
    let is_whole = named.contains(' ') && !pattern.ends_with('*') && !pattern.contains(&format!("{NAME} {ID}"));
    (labelled || is_whole).then(|| Cut { pattern, labelled, id: id.to_owned(), name: named.to_owned() })
}

/// Digits alone may be an id; what has decimals or a symbol is an amount, and the row a deduction.
fn has_money(record: &StringRecord) -> bool {
    let is_money = |cell: &str| cells::amount(cell).is_some() && !cell.chars().all(char::is_alphanumeric);
    record.iter().map(str::trim).any(is_money)
}

fn begins_with_number(record: &StringRecord) -> bool {
    let first = record.iter().map(str::trim).find(|cell| !cell.is_empty());
    first.is_some_and(|first| id_in(first).is_some_and(|(_, id)| id.len() == first.len()))
}

/// The first word with a digit in it, without the marks around it, and where it stands.
fn id_in(text: &str) -> Option<(usize, &str)> {
    let mut at = 0;
    for word in text.split(' ') {
        let id = word.trim_matches(|c: char| !c.is_alphanumeric());
        let is_id = id.chars().any(|c| c.is_ascii_digit()) && id.chars().all(|c| c.is_alphanumeric() || c == '-');
        if is_id && cells::date(id).is_none() {
            return Some((at + word.find(id)?, id));
        }
        at += word.len() + 1;
    }
    None
}

struct Opening<'t> {
    pattern: String,
    name: Option<&'t str>,
}

/// What stands before the id: nothing, a label, or a name with or without one.
fn opening(before: &str) -> Option<(Opening<'_>, bool)> {
    let is_label = |text: &str| words(text).iter().any(|word| LABELS.contains(&word.as_str())) || is_id_label(text);
    let opening = |pattern: String, name| Opening { pattern, name };
    if before.is_empty() {
        return Some((opening(String::new(), None), false));
    }
    let (label, rest) = match before.split_once(':') {
        Some((label, rest)) if is_label(label) => (format!("{label}: "), rest.trim()),
        Some(_) => return None,
        None => match before.split_once(' ') {
            _ if words(before).iter().all(|word| is_label(word)) => (format!("{before} "), ""),
            Some((label, name)) if is_label(label) => (format!("{label} "), name),
            _ => (String::new(), before),
        },
    };
    if rest.is_empty() {
        return Some((opening(label, None), true));
    }
    // A name, and what parts it from the id: ` (`, ` - `, ` ID: `.
    let name = match rest.strip_suffix(':') {
        Some(with_label) => with_label.rsplit_once(' ').filter(|(_, label)| is_id_label(label))?.0.trim(),
        None => rest.trim_end_matches(|c: char| !c.is_alphanumeric() && c != '.'),
    };
    let gap = &rest[name.len()..];
    let blank = if gap.is_empty() || gap.ends_with(['-', ':', '#', '/']) { " " } else { "" };
    let labelled = !label.is_empty();
    is_name(name).then(|| (opening(format!("{label}{NAME}{gap}{blank}"), Some(name)), labelled))
}

fn is_id_label(text: &str) -> bool {
    let id = fields::all().iter().find(|field| field.key == "employee_id");
    let means = id.and_then(|field| field.means(&words(text)));
    means.is_some_and(|(means, _)| matches!(means, Means::Name | Means::Maybe))
}

/// What stands behind the id, as a pattern, and the name in it.
fn closing(behind: &str) -> (String, Option<&str>) {
    let start = behind.find(char::is_alphabetic).unwrap_or(behind.len());
    let (mut gap, mut rest) = (behind[..start].to_owned(), &behind[start..]);
    if let Some((label, name)) = rest.split_once(':')
        && words(label).iter().any(|word| LABELS.contains(&word.as_str()))
    {
        gap += &format!("{label}: ");
        rest = name.trim();
    }
    // Behind the name more may stand: `Dept: 5`.
    let (name, tail) = match rest.split_once(':') {
        Some((head, _)) => {
            let (name, label) = head.rsplit_once(' ').unwrap_or(("", head));
            (name, format!(" {label}:*"))
        }
        None => (rest, String::new()),
    };
    match is_name(name) {
        true => (format!("{gap}{NAME}{tail}"), Some(name)),
        false if rest.is_empty() => (gap.trim_end().to_owned(), None),
        false => ("*".to_owned(), None),
    }
}

fn is_name(text: &str) -> bool {
    let is_of_name = |c: char| c.is_alphabetic() || c.is_whitespace() || [',', '.', '\'', '’', '-'].contains(&c);
    text.chars().any(char::is_alphabetic) && text.chars().all(is_of_name)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[track_caller]
    fn check(row: &[&str], expected: Option<[&str; 3]>) {
        let cut = cut(&row.iter().copied().collect());
        let found = cut.as_ref().map(|cut| [cut.pattern.as_str(), &cut.id, &cut.name]);
        assert_eq!(found, expected, "{row:?}");
    }

    #[test]
    fn a_row_is_taken_apart_into_label_id_and_name() {
        check(&["Employee: 00123 Doe, Jane", "", ""], Some(["Employee: {id} {name}", "00123", "Doe, Jane"]));
        check(&["Employee:", "00123", "Doe, Jane"], Some(["Employee: {id} {name}", "00123", "Doe, Jane"]));
        check(&["Employee Doe, Jane (00123)"], Some(["Employee {name} ({id})", "00123", "Doe, Jane"]));
        check(&["Doe, Jane (00123)"], Some(["{name} ({id})", "00123", "Doe, Jane"]));
        check(&["A-17 - Doe, Jane"], Some(["{id} - {name}", "A-17", "Doe, Jane"]));
        check(&["Name: Jane Doe ID: 123"], Some(["Name: {name} ID: {id}", "123", "Jane Doe"]));
        check(&["Employee ID: 123", "Name: Jane Doe"], Some(["Employee ID: {id} Name: {name}", "123", "Jane Doe"]));
        check(
            &["Mitarbeiter: 17 Doe, Jane Abteilung: 5"],
            Some(["Mitarbeiter: {id} {name} Abteilung:*", "17", "Doe, Jane"]),
        );
        check(&["Employee", "17"], Some(["Employee {id}", "17", ""]));
        check(&["MED", "Medical", "62.50"], None);
        check(&["Run 5 of 03/31/2026"], None);
    }

    #[test]
    fn a_plan_with_a_number_in_its_name_is_no_employee() {
        let rows = [["401k Plan"], ["401k Plan"], ["Medical"]].map(|row| row.iter().copied().collect::<StringRecord>());
        assert_eq!(EmployeeRows::find(&["Code".to_owned()], rows.iter()), None);
    }

    #[test]
    fn somebody_without_an_amount_opens_no_employee() {
        let rows = [["1", "Jane Doe", "5.00"], ["2", "Jim Roe", "5.00"], ["3", "Jo Poe", ""], ["4", "Jan Moe", ""]];
        let rows = rows.map(|row| row.iter().copied().collect::<StringRecord>());
        let headers = ["ID", "Who", "Medical"].map(str::to_owned);
        assert_eq!(EmployeeRows::find(&headers, rows.iter()), None);
    }
}
