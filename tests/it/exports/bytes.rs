//! The bytes of an export: its text in the encoding of its vendor, packed, or as a workbook.

use std::fs;
use std::io::Write as _;

use encoding_rs::Encoding;
use flate2::Compression;
use flate2::write::GzEncoder;
use rust_xlsxwriter::{ExcelDateTime, Format, Workbook};
use serde::Deserialize;

use crate::support::Site;

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Sheet {
    name: String,
    /// CSV; `#12.50` is the number, `@2026-03-31` the day, all else text.
    cells: String,
}

/// Writes the export into the working folder and gives its name.
pub fn write(site: &Site, text: Option<&str>, encode: Option<&str>, sheets: &[Sheet]) -> String {
    let (name, bytes) = match (text, encode) {
        (None, _) => ("payroll.xlsx", workbook(sheets)),
        (Some(text), None) => ("payroll.csv", text.trim_start_matches('\n').as_bytes().to_vec()),
        (Some(text), Some("gzip")) => ("payroll.csv.gz", packed(text.trim_start_matches('\n').as_bytes())),
        (Some(text), Some(label)) => ("payroll.csv", encoded(text.trim_start_matches('\n'), label)),
    };
    fs::write(site.path(name), bytes).expect("written");
    name.to_owned()
}

fn packed(bytes: &[u8]) -> Vec<u8> {
    let mut encoder = GzEncoder::new(Vec::new(), Compression::default());
    encoder.write_all(bytes).expect("packed");
    encoder.finish().expect("packed")
}

/// UTF-16 with its byte order mark, as spreadsheets write it; else as the encoding has it.
fn encoded(text: &str, label: &str) -> Vec<u8> {
    if label == "utf-16le" {
        return format!("\u{feff}{text}").encode_utf16().flat_map(u16::to_le_bytes).collect();
    }
    let encoding = Encoding::for_label(label.as_bytes()).unwrap_or_else(|| panic!("no encoding {label}"));
    let (bytes, _, unmappable) = encoding.encode(text);
    assert!(!unmappable, "{label} lacks a letter of the text");
    bytes.into_owned()
}

fn workbook(sheets: &[Sheet]) -> Vec<u8> {
    let mut workbook = Workbook::new();
    let day = Format::new().set_num_format("dd/mm/yyyy");
    for Sheet { name, cells } in sheets {
        let sheet = workbook.add_worksheet();
        sheet.set_name(name).expect("a name");
        let mut reader =
            csv::ReaderBuilder::new().has_headers(false).flexible(true).from_reader(cells.trim_start().as_bytes());
        for (row, record) in (0..).zip(reader.records()) {
            for (column, cell) in (0..).zip(record.expect("a record").iter()) {
                let written = match (cell.strip_prefix('#'), cell.strip_prefix('@')) {
                    _ if cell.is_empty() => continue,
                    (Some(number), _) => sheet.write_number(row, column, number.parse::<f64>().expect("a number")),
                    (_, Some(date)) => {
                        let date = ExcelDateTime::parse_from_str(date).expect("a day");
                        sheet.write_datetime_with_format(row, column, date, &day)
                    }
                    _ => sheet.write_string(row, column, cell),
                };
                written.expect("written");
            }
        }
    }
    workbook.save_to_buffer().expect("a workbook")
}
