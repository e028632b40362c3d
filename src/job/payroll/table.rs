//! What the rows of a payroll file are: sheet, header, record types, rows of one employee.

use std::collections::BTreeSet;

use serde::Deserialize;

use super::{Keys, RawPayroll};
use crate::job::problems::Problems;
use crate::job::text::checks::{Text, lower, text, within};
use crate::job::text::{Quoted, shown};
use tieout_payroll::settings::{
    EmployeeRow, Home, RecordTypes, RowPattern, RowsPerPerson, SheetChoice, SummedColumn, TableSettings,
};

/// Far above the lines that stand above a header.
const HEADER_ROW_MAX: u64 = 1_000;

/// The name of a sheet, or its number.
#[derive(Clone, Debug, Deserialize)]
#[serde(untagged, expecting = "the name of a sheet in quotes, or its number")]
pub enum RawSheet {
    Number(u32),
    Name(String),
}

#[derive(Clone, Debug, Default, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct RawRecordType {
    pub column: Option<Text>,
    pub take: Option<Vec<Text>>,
    pub employer: Option<Vec<Text>>,
    pub person: Option<Vec<Text>>,
    pub leave: Option<Vec<Text>>,
}

#[derive(Clone, Debug, Default, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct RawSeveralRows {
    pub home_column: Option<Text>,
    pub home_words: Option<Vec<Text>>,
    pub sum: Option<Vec<RawSummed>>,
}

#[derive(Clone, Copy, Debug, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum RawSummed {
    Hours,
    Fte,
    BaseSalary,
}

pub fn words(raw: Option<&[Text]>, normal: fn(&str) -> String) -> BTreeSet<String> {
    raw.unwrap_or_default().iter().map(|word| normal(&word.0)).collect()
}

/// What the rows are.
pub fn table(raw: &RawPayroll, keys: &Keys, p: &mut Problems<'_>) -> Option<TableSettings> {
    let header_key = keys.of("header_row", p);
    let header_row = raw.header_row.map(|line| within(Some(line), 1, 1..=HEADER_ROW_MAX, &header_key, p));
    let levels_key = keys.of("header_levels", p);
    let levels = within(raw.header_levels, 1, 1..=2, &levels_key, p);
    let mut skip_rows = Vec::new();
    for (i, Quoted(pattern)) in raw.skip_rows.iter().flatten().enumerate() {
        match RowPattern::new(pattern) {
            Some(pattern) => skip_rows.push(pattern),
            None => p.at(
                &keys.of("skip_rows", p).item(i),
                format!("expected a text of its own, such as `Total*`, found {}", shown(pattern)),
            ),
        }
    }
    let sheet = match &raw.sheet {
        None => None,
        Some(RawSheet::Name(name)) if !name.trim().is_empty() => Some(SheetChoice::Name(name.trim().to_owned())),
        Some(RawSheet::Number(number)) if *number > 0 => Some(SheetChoice::Number(*number)),
        Some(_) => {
            p.at(&keys.of("sheet", p), "expected the name of a sheet or its number from 1, found another");
            return None;
        }
    };
    let employee_row = match &raw.employee_row {
        None => None,
        Some(Quoted(pattern)) => match EmployeeRow::new(pattern) {
            Ok(row) if raw.long.is_some() => Some(row),
            Ok(_) => {
                let message = "expected [payroll.long], as the rows below an employee's are a deduction each";
                p.at(&keys.of("employee_row", p), message);
                return None;
            }
            Err(expected) => {
                p.at(&keys.of("employee_row", p), format!("expected {expected}, found {}", shown(pattern)));
                return None;
            }
        },
    };
    let record_types = match &raw.record_type {
        Some(raw) => Some(record_types(raw.clone(), keys, p)?),
        None => None,
    };
    Some(TableSettings {
        sheet,
        header_row,
        two_level_header: levels > 1,
        short_rows: raw.short_rows.unwrap_or(false),
        skip_rows,
        record_types,
        fill_down: raw.fill_down.iter().flatten().map(|header| header.0.trim().to_owned()).collect(),
        employee_row,
        rows_per_person: match &raw.several_rows {
            Some(raw) => several_rows(raw.clone(), keys, p)?,
            None => RowsPerPerson::One,
        },
    })
}

fn record_types(raw: RawRecordType, keys: &Keys, p: &mut Problems<'_>) -> Option<RecordTypes> {
    let table = keys.of("record_type", p);
    let column = text(p.require(raw.column, &table.then("column"), "the header of the record type"));
    let lists = [("take", raw.take), ("employer", raw.employer), ("person", raw.person), ("leave", raw.leave)];
    let mut known = BTreeSet::new();
    let [take, employer, person, leave] = lists.map(|(name, list)| {
        let list = words(list.as_deref(), lower);
        for word in &list {
            if !known.insert(word.clone()) {
                p.at(&table.then(name), format!("expected each word once, found {} again", shown(word)));
            }
        }
        list
    });
    if take.is_empty() && employer.is_empty() {
        p.at(&table, "expected words in `take` or `employer`, found none: no row would be a deduction");
    }
    Some(RecordTypes { column: column?, take, employer, person, leave })
}

fn several_rows(raw: RawSeveralRows, keys: &Keys, p: &mut Problems<'_>) -> Option<RowsPerPerson> {
    let table = keys.of("several_rows", p);
    let words = words(raw.home_words.as_deref(), lower);
    let home = match text(raw.home_column) {
        Some(column) if !words.is_empty() => Some(Home { column, words }),
        None if words.is_empty() => None,
        _ => {
            p.at(&table, "expected both home_column and home_words, found one of them");
            return None;
        }
    };
    let sum = raw.sum.unwrap_or_default().into_iter().map(|column| match column {
        RawSummed::Hours => SummedColumn::Hours,
        RawSummed::Fte => SummedColumn::Fte,
        RawSummed::BaseSalary => SummedColumn::BaseSalary,
    });
    Some(RowsPerPerson::Several { home, sum: sum.collect() })
}
