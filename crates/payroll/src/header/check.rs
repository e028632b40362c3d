//! A look at the headers only, for `tieout check`: are the files there, and do they have the mapped columns?

use std::collections::BTreeSet;
use std::path::{Path, PathBuf};
use std::time::Duration;

use crate::header::columns::{check_period_source, wanted_headers};
use crate::header::{Header, HeaderPlace};
use crate::rows::Rows;
use crate::settings;
use crate::settings::DeductionLayout;
use crate::totals::control;
use crate::{PayrollError, deductions, locate, newest};

/// A file whose header has every mapped column.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct CheckedFile {
    pub path: PathBuf,
    /// Physical line of the header.
    pub line: u64,
    /// Mapped columns.
    pub columns: usize,
    /// Headers that the job does not map, in their order in the file.
    pub unused: Vec<String>,
}

/// Reads the headers of the payroll file, of the deduction file when it is apart, and of the control file.
pub fn check_columns(settings: &settings::Payroll) -> Result<Vec<CheckedFile>, PayrollError> {
    let mut checked = Vec::new();
    for file in std::iter::once(settings).chain(&settings.others) {
        checked.extend(check_group(file)?);
    }
    Ok(checked)
}

fn check_group(settings: &settings::Payroll) -> Result<Vec<CheckedFile>, PayrollError> {
    check_period_source(settings)?;
    let path = newest::payroll_file(settings)?;
    let mut checked = vec![check_header(&path, settings, &wanted_headers(settings))?];
    if let DeductionLayout::Long { file: Some(file), employee_id, .. } = &settings.layout {
        let mut wanted = vec![employee_id.as_str()];
        wanted.extend(deductions::mapped_headers(&settings.layout));
        checked.push(check_header(&locate::pick(file, locate::DEDUCTIONS)?, settings, &wanted)?);
    }
    if let Some(file) = &settings.control_file {
        let path = locate::pick(file, locate::CONTROL)?;
        let (_, header) = control::open(&path, settings, Duration::ZERO)?;
        checked.push(summary(&path, &header, &control::COLUMNS));
    }
    Ok(checked)
}

fn check_header(path: &Path, settings: &settings::Payroll, wanted: &[&str]) -> Result<CheckedFile, PayrollError> {
    let mut rows = Rows::open(path, &settings.format(), Duration::ZERO)?;
    let header = Header::read(&mut rows, HeaderPlace::of(settings), wanted)?;
    Ok(summary(path, &header, wanted))
}

fn summary(path: &Path, header: &Header, wanted: &[&str]) -> CheckedFile {
    let used: BTreeSet<usize> = wanted.iter().filter_map(|name| header.find(name)).collect();
    let names = header.names.iter().enumerate();
    let unused = names.filter(|(at, name)| !name.is_empty() && !used.contains(at)).map(|(_, name)| name.clone());
    CheckedFile { path: path.to_owned(), line: header.line, columns: used.len(), unused: unused.collect() }
}
