//! Reports that write id and name of an employee once, and leave them blank in the rows below.

use csv::StringRecord;

use crate::columns::fields::{self, Means};
use crate::columns::names::words;
use crate::table::Table;

/// Share of rows without an id, in per cent, from which on that is a layout and no fault.
const BLANK_PERCENT_MIN: usize = 15;

/// Fills the cells of such columns, and gives their places: the id first. None where each row has its own id.
pub fn find(table: &mut Table) -> Vec<usize> {
    let means = |at: &usize| {
        let header = words(&table.headers[*at]);
        let field = |key: &str| fields::all().iter().find(|field| field.key == key);
        field("employee_id").and_then(|field| field.means(&header)).is_some_and(|(means, _)| means == Means::Name)
    };
    let Some(id) = (0..table.headers.len()).find(means) else { return Vec::new() };
    let blank: Vec<bool> = table.column(id).map(str::is_empty).collect();
    let blanks = blank.iter().filter(|blank| **blank).count();
    if blanks * 100 < blank.len() * BLANK_PERCENT_MIN || blank.first() != Some(&false) {
        return Vec::new();
    }
    let is_person = |at: &usize| {
        let header = words(&table.headers[*at]);
        fields::all().iter().any(|field| {
            !crate::deductions::LONG_FIELDS.contains(&field.key.as_str())
                && field.means(&header).is_some_and(|(means, _)| means <= Means::Maybe)
        })
    };
    let with_it = |at: &usize| {
        let cells: Vec<&str> = table.column(*at).collect();
        let follows = cells.iter().zip(&blank).all(|(cell, blank)| !*blank || cell.is_empty());
        *at != id && follows && cells.iter().any(|cell| !cell.is_empty()) && is_person(at)
    };
    let columns: Vec<usize> = std::iter::once(id).chain((0..table.headers.len()).filter(with_it)).collect();
    fill(table, &columns);
    columns
}

fn fill(table: &mut Table, columns: &[usize]) {
    let mut above: Vec<String> = vec![String::new(); columns.len()];
    for row in &mut table.rows {
        let mut cells: Vec<String> = row.iter().map(str::to_owned).collect();
        let is_new = columns.first().is_some_and(|id| cells.get(*id).is_some_and(|cell| !cell.trim().is_empty()));
        for (at, above) in columns.iter().zip(&mut above) {
            match cells.get_mut(*at) {
                Some(cell) if is_new => above.clone_from(cell),
                Some(cell) => cell.clone_from(above),
                None => {}
            }
        }
        *row = cells.into_iter().collect::<StringRecord>();
    }
}
