//! What employees are called, where a job wants their names beside the ids.

use std::borrow::Cow;
use std::collections::HashMap;

use crate::settings::NameStyle;
use crate::table::{Cell, Heading, Kind, Rows};

/// Letters that initials have at most.
const INITIALS_MAX: usize = 4;

/// Stands for the name of somebody who had the id before.
const FORMER: &str = "(former holder of the id)";

/// Employee id → the name as the report shows it. Empty: it shows none, and has no column for them.
#[derive(Clone, Debug, Default)]
pub struct ShownNames(HashMap<String, String>);

impl ShownNames {
    /// Of ids with first and last names; of an id that comes again, the first name counts.
    pub fn of<'p>(style: NameStyle, people: impl Iterator<Item = (&'p str, [Option<&'p str>; 2])>) -> ShownNames {
        let mut names = HashMap::new();
        if style != NameStyle::None {
            for (id, parts) in people {
                let whole = parts.into_iter().flatten().map(str::trim).filter(|part| !part.is_empty());
                let whole: Vec<&str> = whole.collect();
                if !whole.is_empty() {
                    names.entry(id.to_owned()).or_insert_with(|| shown(style, &whole.join(" ")));
                }
            }
        }
        ShownNames(names)
    }

    pub fn is_empty(&self) -> bool {
        self.0.is_empty()
    }
}

fn shown(style: NameStyle, whole: &str) -> String {
    if style == NameStyle::Full {
        return whole.to_owned();
    }
    let initials = whole.split_whitespace().filter_map(|word| word.chars().find(|c| c.is_alphabetic()));
    initials.take(INITIALS_MAX).map(|c| format!("{}.", c.to_uppercase())).collect::<Vec<_>>().join(" ")
}

/// Rows with a column for names, right of the employee's.
pub struct Named<'r> {
    pub rows: Box<dyn Rows + 'r>,
    pub names: &'r ShownNames,
    /// The column of the employee.
    pub employee: usize,
}

impl Named<'_> {
    const NAME: Heading = Heading {
        name: "employee_name",
        title: "Name",
        width: 22,
        kind: Kind::Text,
        is_detail: false,
        adds_up: false,
        sum_of: &[],
    };
}

impl Rows for Named<'_> {
    fn headings(&self) -> Vec<Heading> {
        let mut headings = self.rows.headings();
        headings.insert(self.employee + 1, Named::NAME);
        headings
    }

    fn count(&self) -> usize {
        self.rows.count()
    }

    fn cell(&self, row: usize, column: usize) -> Cell<'_> {
        if column <= self.employee {
            return self.rows.cell(row, column);
        }
        if column > self.employee + 1 {
            return self.rows.cell(row, column - 1);
        }
        match self.rows.cell(row, self.employee) {
            Cell::Id(_) if !self.is_named(row) => Cell::Text(FORMER.into()),
            Cell::Id(id) => self.names.0.get(id).map_or(Cell::Blank, |name| Cell::Text(Cow::Borrowed(name))),
            _ => Cell::Blank,
        }
    }

    fn is_named(&self, row: usize) -> bool {
        self.rows.is_named(row)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::table::{Table, employee, employee_or_former, text};

    fn names(style: NameStyle) -> ShownNames {
        let people = [
            ("1", [Some("Zo\u{eb} Ann"), Some("O'Neil-Smith")]),
            ("2", [None, Some("=Doe")]),
            ("3", [None, Some(" ")]),
            ("1", [Some("Another"), None]),
        ];
        ShownNames::of(style, people.into_iter())
    }

    #[test]
    fn a_name_stands_right_of_the_id_whole_or_as_initials() {
        for (style, expected) in
            [(NameStyle::Full, ["Zo\u{eb} Ann O'Neil-Smith", "=Doe"]), (NameStyle::Initials, ["Z. A. O.", "D."])]
        {
            let (names, ids) = (names(style), ["1", "2", "3"]);
            let columns = vec![employee(|id: &&str| id), text("what", "What", 4, |_| "x".into())];
            let table = Table::new("t", "T", columns, ids.to_vec()).with_names(&names);
            let headings: Vec<&str> = table.headings().iter().map(|heading| heading.name).collect();
            assert_eq!(headings, ["employee_id", "employee_name", "what"]);
            let cells = (0..3).map(|row| table.cell(row, 1));
            let [first, second] = expected.map(|name| Cell::Text(name.into()));
            assert_eq!(cells.collect::<Vec<_>>(), [first, second, Cell::Blank]);
            assert_eq!(table.cell(2, 2), Cell::Text("x".into()));
        }
    }

    #[test]
    fn who_had_the_id_before_is_not_called_as_who_has_it_now() {
        let names = names(NameStyle::Full);
        let columns = vec![employee_or_former(|(id, _): &(&str, bool)| id, |(_, former)| *former)];
        let table = Table::new("t", "T", columns, vec![("2", true), ("2", false)]).with_names(&names);
        let shown: Vec<Cell<'_>> = (0..2).map(|row| table.cell(row, 1)).collect();
        assert_eq!(shown, [Cell::Text(FORMER.into()), Cell::Text("=Doe".into())]);
        assert_eq!(table.cell(0, 0), Cell::Id("2"));
    }

    #[test]
    fn without_names_or_employees_a_table_stays_as_it_is() {
        assert!(names(NameStyle::None).is_empty());
        let full = names(NameStyle::Full);
        let table = Table::new("t", "T", vec![text("what", "What", 4, |_: &&str| "x".into())], vec!["1"]);
        assert_eq!(table.with_names(&full).headings().len(), 1);
    }
}
