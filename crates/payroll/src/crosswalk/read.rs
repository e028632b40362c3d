//! The file of the crosswalk, read like a payroll file: any delimiter, the encoding of the job, gzip, workbooks.

use std::fs;
use std::path::Path;
use std::time::Duration;

use anyhow::{Result, bail};
use chrono::NaiveDate;

use super::{Crosswalk, one_each};
use crate::PayrollError;
use crate::cells::amounts::plain_id;
use crate::cells::text::fold_id;
use crate::rows::{Row, Rows};
use crate::settings;
use crate::settings::FileFormat;
use tieout_model::text_table::TextTable;

/// Headers of the file, in any order and case.
const HEADERS: [&str; 3] = ["employee_id", "benbase_id", "oyster_engagement_id"];
/// A day that a file may give beside.
const CHECKED: &str = "benbase_checked_on";
/// Marks between cells that are tried after the job's.
const DELIMITERS: [u8; 4] = [b',', b';', b'\t', b'|'];
/// Problems that an error lists; the rest is counted.
const PROBLEMS_SHOWN: usize = 20;
/// Bytes of a row with one link, to make room by.
const ROW_BYTES: usize = 16;
const ROWS_MAX: usize = 20_000_000;
/// Far above what the services hand out.
const ID_BYTES_MAX: usize = 256;

/// Where the columns stand; the last one need not be there.
type Columns = ([usize; 3], Option<usize>);

/// Reads the file, employee ids as in the payroll file. Errors list every bad line, never an id.
pub fn read(path: &Path, settings: &settings::Payroll) -> Result<Crosswalk> {
    // What a file as such lacks is told with its name.
    let attempt = |error: anyhow::Error| match error.is::<PayrollError>() {
        true => error.context("reading the crosswalk"),
        false => error.context(format!("reading the crosswalk {}", path.display())),
    };
    let (rows, columns, width) = open(path, settings).map_err(attempt)?;
    links(rows, columns, width, settings).map_err(attempt)
}

/// Opens the file with the delimiter that its header is written with.
fn open(path: &Path, settings: &settings::Payroll) -> Result<(Rows, Columns, usize)> {
    let others = DELIMITERS.into_iter().filter(|mark| *mark != settings.delimiter);
    let mut most: Option<(usize, anyhow::Error)> = None;
    for delimiter in std::iter::once(settings.delimiter).chain(others) {
        let format = FileFormat { delimiter, sheet: None, ..settings.format() };
        let mut rows = Rows::open(path, &format, Duration::ZERO)?;
        let (found, width) = header(&mut rows)?;
        match found {
            Ok(columns) => return Ok((rows, columns, width)),
            Err(error) if most.as_ref().is_none_or(|(cells, _)| width > *cells) => most = Some((width, error)),
            Err(_) => {}
        }
    }
    Err(most.map_or_else(|| anyhow::anyhow!("the file has no header"), |(_, error)| error))
}

/// Where the columns stand in the first row that is not blank, or what it lacks; and how many cells that has.
fn header(rows: &mut Rows) -> Result<(Result<Columns>, usize)> {
    while let Some(row) = rows.next()? {
        if !row.is_blank() {
            return Ok((columns(&row), row.cells.len()));
        }
    }
    bail!("expected the headers {}, found only blank lines", HEADERS.join(", "))
}

/// Where the columns stand.
fn columns(row: &Row<'_>) -> Result<Columns> {
    let is = |at: usize, name: &str| row.text(at).is_ok_and(|header| header.eq_ignore_ascii_case(name));
    let places = |name: &str| (0..row.cells.len()).filter(|at| is(*at, name)).collect::<Vec<_>>();
    let found = HEADERS.map(places);
    if let Some((name, _)) = HEADERS.iter().zip(&found).find(|(_, places)| places.len() > 1) {
        bail!("expected the header {name} once, found it again");
    }
    let checked = places(CHECKED).first().copied();
    match found.each_ref().map(|places| places.first().copied()) {
        [Some(employee), Some(benbase), Some(oyster)] => Ok(([employee, benbase, oyster], checked)),
        found => {
            let missing = HEADERS.iter().zip(found).filter(|(_, place)| place.is_none()).map(|(name, _)| *name);
            let missing = missing.collect::<Vec<_>>().join(" and ");
            bail!("expected the headers {}; {missing} not found among {} columns", HEADERS.join(", "), row.cells.len())
        }
    }
}

fn links(mut rows: Rows, columns: Columns, width: usize, settings: &settings::Payroll) -> Result<Crosswalk> {
    let bytes = fs::metadata(&rows.path).map_or(0, |file| usize::try_from(file.len()).unwrap_or_default());
    let mut links = TextTable::with_capacity(bytes, (bytes / ROW_BYTES).min(ROWS_MAX));
    let mut problems = Problems::default();
    let short_rows = rows.are_of_workbook();
    while let Some(row) = rows.next()? {
        if row.is_blank() {
            continue;
        }
        if links.len() == ROWS_MAX {
            bail!("line {}: expected at most {ROWS_MAX} rows, found more", row.line);
        }
        match ids(&row, columns, if short_rows { 0 } else { width }, width, settings) {
            Ok([employee_id, benbase_id, oyster_id, checked]) => {
                let employee_id = plain_id(employee_id, &settings.cells);
                let folded = if settings.fold_id_case { fold_id(&employee_id) } else { (&*employee_id).into() };
                links.push([&*folded, benbase_id, oyster_id, checked], ());
            }
            Err(fault) => problems.push(row.line, fault),
        }
    }
    rows.close()?;
    problems.into_result()?;
    links.sort();
    Ok(one_each(links))
}

/// The three ids of a row and the day beside them, without blanks around them. A row has at least so many cells, and
/// blank ones behind the header.
fn ids<'r>(
    row: &Row<'r>,
    (columns, checked): Columns,
    cells_min: usize,
    width: usize,
    settings: &settings::Payroll,
) -> Result<[&'r str; 4], String> {
    let cells = row.cells.len();
    if cells < cells_min || (width..cells).any(|at| row.text(at) != Ok("")) {
        return Err(format!("expected {width} columns, found {cells}"));
    }
    let mut ids = [""; 3];
    for ((id, at), name) in ids.iter_mut().zip(columns).zip(HEADERS) {
        *id = row.text(at).map_err(|_| format!("expected {}", settings.encoding.name()))?;
        if id.len() > ID_BYTES_MAX {
            return Err(format!("expected a {name} of at most {ID_BYTES_MAX} bytes, found {}", id.len()));
        }
    }
    let [employee_id, benbase_id, oyster_id] = ids;
    if employee_id.is_empty() {
        return Err("expected an employee_id, found a blank".to_owned());
    }
    let text = |at| row.text(at).map_err(|_| format!("expected {}", settings.encoding.name()));
    let checked = checked.map_or(Ok(""), text)?;
    match checked.is_empty() || checked.parse::<NaiveDate>().is_ok() {
        true => Ok([employee_id, benbase_id, oyster_id, checked]),
        false => Err(format!("expected {CHECKED} as a day written 2026-03-31")),
    }
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
