//! The report as a workbook: the same tables as the CSV, a sheet each, and a front sheet whose figures are formulas
//! over them. What a reviewer decides in it comes back by `tieout queue import`.

mod front;
mod number;
mod sheet;
mod sign_off;
mod style;

use rayon::prelude::*;
use rust_xlsxwriter::{DocProperties, Workbook, Worksheet, XlsxError};

use tieout_model::hash::sha256_hex;

use crate::{PackFile, Report, tables};
use sheet::Placed;
use style::Style;

/// `tieout-<job>-<as-of>.xlsx`.
pub fn file(report: &Report) -> anyhow::Result<PackFile> {
    let head = &report.head;
    let bytes = bytes(report)?;
    let name = format!("tieout-{}-{}.xlsx", head.job, head.as_of.format("%Y-%m-%d"));
    Ok(PackFile { name: name.into(), sha256: sha256_hex(&bytes), bytes, rows: None })
}

/// Of 1 to 9: fast rather than small.
const ZIP_LEVEL: u8 = 3;

fn bytes(report: &Report) -> Result<Vec<u8>, XlsxError> {
    let (tables, style) = (tables::sheets(report), Style::new());
    let placed: Vec<Placed<'_, '_>> = tables.iter().map(Placed::of).collect();
    let sheets: Result<Vec<Worksheet>, XlsxError> = placed.par_iter().map(|table| table.sheet(&style)).collect();
    let mut workbook = Workbook::new();
    workbook.set_zip_compression_level(ZIP_LEVEL);
    workbook.push_worksheet(front::sheet(report, &placed, &style)?);
    sheets?.into_iter().for_each(|sheet| workbook.push_worksheet(sheet));
    workbook.push_worksheet(sign_off::sheet(report, &style)?);
    let mut properties = DocProperties::new().set_title(format!("tieout {}", report.head.job));
    // The same night has the same bytes whenever it is rendered.
    if let Some(day) = sheet::day(report.head.as_of) {
        properties = properties.set_creation_datetime(&day);
    }
    workbook.set_properties(&properties);
    workbook.save_to_buffer()
}

#[cfg(test)]
mod tests;
