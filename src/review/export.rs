//! Items as CSV for a spreadsheet: UTF-8, commas, CRLF, one row an item, the columns of the decision empty.

use anyhow::Context as _;

use super::COLUMNS;
use super::row::{Value, values};
use tieout_store::Item;

const BYTE_ORDER_MARK: &[u8] = b"\xef\xbb\xbf";

/// Writes the sheet. `bom`: a byte order mark first, so that Excel reads UTF-8.
pub fn export(items: &[Item], bom: bool) -> anyhow::Result<Vec<u8>> {
    let start = if bom { BYTE_ORDER_MARK.to_vec() } else { Vec::new() };
    let mut writer = csv::WriterBuilder::new().terminator(csv::Terminator::CRLF).from_writer(start);
    writer.write_record(COLUMNS)?;
    for item in items {
        let exported = values(item)?;
        let cells = exported.iter().map(Value::text);
        let blanks = std::iter::repeat_n(String::new(), COLUMNS.len() - exported.len());
        writer.write_record(cells.chain(blanks))?;
    }
    writer.into_inner().map_err(|error| error.into_error()).context("write the sheet")
}
