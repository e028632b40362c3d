//! Items as CSV for a spreadsheet: UTF-8, CRLF, the job's delimiter and decimal mark, one row an item, the columns of
//! the decision empty.

use anyhow::Context as _;

use super::COLUMNS;
use super::row::values;
use tieout_report::CsvFormat;
use tieout_store::Item;

const BYTE_ORDER_MARK: &[u8] = b"\xef\xbb\xbf";

/// Writes the sheet.
pub fn export(items: &[Item], format: CsvFormat) -> anyhow::Result<Vec<u8>> {
    let start = if format.bom { BYTE_ORDER_MARK.to_vec() } else { Vec::new() };
    let mut builder = csv::WriterBuilder::new();
    let mut writer = builder.delimiter(format.delimiter).terminator(csv::Terminator::CRLF).from_writer(start);
    writer.write_record(COLUMNS)?;
    for item in items {
        let exported = values(item)?;
        let cells = exported.iter().map(|value| value.text(format.decimal_mark));
        let blanks = std::iter::repeat_n(String::new(), COLUMNS.len() - exported.len());
        writer.write_record(cells.chain(blanks))?;
    }
    writer.into_inner().map_err(|error| error.into_error()).context("write the sheet")
}
