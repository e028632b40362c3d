//! The crosswalk: employee id → ids of the other services, from a file of the customer's. Whether those ids exist, and
//! whether two employees may share one, is for the rules and the services to say.

mod read;

use std::collections::{BTreeMap, BTreeSet};

use chrono::NaiveDate;

pub use self::read::read;
use tieout_model::text_table::TextTable;

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
pub struct Links(TextTable<4>);

/// What one employee id is called elsewhere.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Linked<'c> {
    pub benbase_id: Option<&'c str>,
    pub oyster_engagement_id: Option<&'c str>,
    /// The day on which somebody saw that the Benbase record is this employee's.
    pub benbase_checked_on: Option<NaiveDate>,
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
        let [employee_id, benbase_id, oyster_id, checked] = self.0.texts(row);
        let [benbase_id, oyster_engagement_id] = [benbase_id, oyster_id].map(|id| (!id.is_empty()).then_some(id));
        (employee_id, Linked { benbase_id, oyster_engagement_id, benbase_checked_on: checked.parse().ok() })
    }
}

impl<'l> FromIterator<(&'l str, Linked<'l>)> for Links {
    /// One row an employee, in any order.
    fn from_iter<I: IntoIterator<Item = (&'l str, Linked<'l>)>>(rows: I) -> Links {
        let mut table = TextTable::default();
        for (employee_id, Linked { benbase_id, oyster_engagement_id, benbase_checked_on }) in rows {
            let [benbase_id, oyster_id] = [benbase_id, oyster_engagement_id].map(Option::unwrap_or_default);
            let checked = benbase_checked_on.map(|day| day.to_string()).unwrap_or_default();
            table.push([employee_id, benbase_id, oyster_id, &checked], ());
        }
        table.sort();
        Links(table)
    }
}

/// Merges the rows of one employee, column by column: what is blank in one row says nothing against another.
fn one_each(rows: TextTable<4>) -> Crosswalk {
    let mut crosswalk = Crosswalk::default();
    if (1..rows.len()).all(|row| rows.key(row - 1) != rows.key(row)) {
        crosswalk.rows = Links(rows);
        return crosswalk;
    }
    let all: Vec<[&str; 4]> = (0..rows.len()).map(|row| rows.texts(row)).collect();
    let merged = all.chunk_by(|a, b| a[0] == b[0]).map(|rows| {
        let employee = rows[0][0];
        let named = |column: usize| rows.iter().map(|row| row[column]).filter(|id| !id.is_empty()).collect();
        let [benbase, oyster, checked]: [BTreeSet<&str>; 3] = [named(1), named(2), named(3)];
        if benbase.len() > 1 {
            crosswalk.ambiguous.push(employee.to_owned());
        }
        if oyster.len() > 1 {
            crosswalk.contested.insert(employee.to_owned(), oyster.iter().map(|id| (*id).to_owned()).collect());
        }
        let checked = only(&checked).and_then(|day| day.parse().ok());
        let (benbase_id, oyster_engagement_id) = (only(&benbase), only(&oyster));
        (employee, Linked { benbase_id, oyster_engagement_id, benbase_checked_on: checked })
    });
    let merged: Vec<_> = merged.collect();
    crosswalk.rows = merged.into_iter().collect();
    crosswalk
}

/// The one id that all rows name.
fn only<'r>(named: &BTreeSet<&'r str>) -> Option<&'r str> {
    named.first().copied().filter(|_| named.len() == 1)
}
