//! Social security numbers, read on their own: for the people named, at the moment at which they are needed. The
//! nightly run never looks at this column, so no table, report or database can hold it.

use std::collections::{BTreeMap, BTreeSet};
use std::time::Duration;

use secrecy::{ExposeSecret as _, SecretString};

use crate::header::columns::wanted_headers;
use crate::header::{Header, HeaderPlace};
use crate::layouts::source::{Kind, Source};
use crate::people::person::{Faults, read_id, read_text};
use crate::rows::Rows;
use crate::settings;
use crate::{PayrollError, newest};

/// The text of `nat_id` as it stands in the newest payroll file, of those of `wanted` who have exactly one: people with
/// several, an unreadable or none are left out. The file must hold still for `settle`. Errors name no value.
pub fn national_ids(
    settings: &settings::Payroll,
    wanted: &BTreeSet<String>,
    settle: Duration,
) -> Result<BTreeMap<String, SecretString>, PayrollError> {
    let mut found = BTreeMap::new();
    for file in std::iter::once(settings).chain(&settings.others) {
        add_file(file, wanted, settle, &mut found)?;
    }
    Ok(found.into_iter().filter_map(|(id, text)| Some((id, text?))).collect())
}

/// Adds the numbers of one file; nobody's who has several.
fn add_file(
    settings: &settings::Payroll,
    wanted: &BTreeSet<String>,
    settle: Duration,
    found: &mut BTreeMap<String, Option<SecretString>>,
) -> Result<(), PayrollError> {
    let path = newest::payroll_file(settings)?;
    let mut rows = Rows::open(&path, &settings.format(), settle)?;
    let header = Header::read(&mut rows, HeaderPlace::of(settings), &wanted_headers(settings))?;
    let column = settings.columns.nat_id.as_deref().and_then(|name| header.find(name));
    let id_column = header.find(&settings.columns.employee_id).unwrap_or(0);
    let mut source = Source::new(path, header, id_column, &settings.table, rows.are_of_workbook());
    while let Some(row) = rows.next()? {
        let kind = source.kind(&row, settings.totals_row.as_deref(), &settings.table)?;
        if !matches!(kind, Kind::Data(_)) {
            continue;
        }
        let mut faults = Faults::default();
        let id = read_id(&row, id_column, settings, &mut faults);
        if !wanted.contains(id.as_ref()) {
            continue;
        }
        let text = read_text(&row, column, settings, &mut faults);
        let readable = faults.0.is_empty();
        let entry = found.entry(id.into_owned()).or_insert_with(|| text.map(SecretString::from));
        let same = entry.as_ref().map(SecretString::expose_secret) == text;
        if !readable || !same {
            *entry = None;
        }
    }
    rows.close()?;
    Ok(())
}
