//! Exports that were damaged on their way: read or refused, never a panic, never a hang, every row in exactly one
//! place.

use std::io::Write as _;

use flate2::Compression;
use flate2::write::GzEncoder;
use proptest::prelude::*;

use super::*;
use crate::settings::{CellSettings, RowPattern};

/// Pieces that break files: quotes, delimiters, line breaks, marks of encodings and archives, digits of other scripts.
const PIECES: [&[u8]; 16] = [
    b"\"",
    b",",
    b"\n",
    b"\r",
    b"\r\n",
    b"\0",
    b"\xff\xfe",
    b"\xef\xbb\xbf",
    b"\x1f\x8b",
    b"PK\x03\x04",
    b"Total",
    b"id,name,salary,med_ee,med_er,den_ee",
    b"-99999999999999999999.99",
    "١٢٣".as_bytes(),
    b"=\"7\"",
    b"\x80\x81",
];

/// One way to damage a file, at a place in 1/65,536 of its length.
#[derive(Clone, Debug)]
enum Damage {
    Insert(u16, usize),
    Replace(u16, u8),
    Cut(u16, u8),
    /// A piece of the file again, elsewhere.
    Copy(u16, u16, u8),
    End(u16),
}

fn damage() -> impl Strategy<Value = Damage> {
    prop_oneof![
        (any::<u16>(), 0..PIECES.len()).prop_map(|(at, piece)| Damage::Insert(at, piece)),
        (any::<u16>(), any::<u8>()).prop_map(|(at, byte)| Damage::Replace(at, byte)),
        (any::<u16>(), any::<u8>()).prop_map(|(at, bytes)| Damage::Cut(at, bytes)),
        (any::<u16>(), any::<u16>(), any::<u8>()).prop_map(|(from, to, bytes)| Damage::Copy(from, to, bytes)),
        any::<u16>().prop_map(Damage::End),
    ]
}

fn damaged(mut bytes: Vec<u8>, all: &[Damage]) -> Vec<u8> {
    for damage in all {
        let place = |at: u16, bytes: &[u8]| usize::from(at) * bytes.len() / (1 << 16);
        match *damage {
            Damage::Insert(at, piece) => {
                let at = place(at, &bytes);
                bytes.splice(at..at, PIECES[piece].iter().copied());
            }
            Damage::Replace(at, byte) => {
                let at = place(at, &bytes);
                if let Some(old) = bytes.get_mut(at) {
                    *old = byte;
                }
            }
            Damage::Cut(at, count) => {
                let at = place(at, &bytes);
                let end = (at + usize::from(count)).min(bytes.len());
                bytes.drain(at..end);
            }
            Damage::Copy(from, to, count) => {
                let (from, to) = (place(from, &bytes), place(to, &bytes));
                let piece = bytes[from..(from + usize::from(count)).min(bytes.len())].to_vec();
                bytes.splice(to..to, piece);
            }
            Damage::End(at) => bytes.truncate(place(at, &bytes)),
        }
    }
    bytes
}

/// An export of some rows, as a job reads it.
fn export(rows: usize, layout: u8) -> (Case, Vec<u8>) {
    let mut case = Case::new();
    let mut text = String::new();
    match layout {
        0 => {
            text += &format!("Fable Ltd\n\n{HEADER}\n");
            for n in 0..rows {
                text += &format!("{n:05},\"Li, {n}\",\"4{n},000.00\",{n}.50,,7.25\n");
            }
            text += "Total,,,1.00,,\nPage 1 of 1\n";
            case.settings.totals_row = Some("Total".to_owned());
            case.settings.table.skip_rows = RowPattern::new("Page * of *").into_iter().collect();
        }
        1 => {
            text += "id,name,code,ee,er,cur\n";
            for n in 0..rows {
                text += &format!("{},N{n},{},{n}.50 DR,({n}.25),USD\n", n / 2, ["MED", "DEN"][n % 2]);
            }
            case.long(None);
            case.settings.columns = PayrollColumns { employee_id: "id".to_owned(), ..PayrollColumns::default() };
            case.settings.cells = CellSettings { positive_words: ["DR".to_owned()].into(), ..CellSettings::default() };
            case.settings.table.fill_down = vec!["id".to_owned()];
        }
        _ => {
            text += &format!("{HEADER}\n");
            for n in 0..rows {
                text += &format!("{n},é {n},,1,2,3\n");
            }
        }
    }
    let bytes = match layout {
        3 => encoding_rs::WINDOWS_1252.encode(&text).0.into_owned(),
        4 => text.encode_utf16().flat_map(u16::to_le_bytes).collect(),
        _ => text.into_bytes(),
    };
    match layout {
        3 => case.settings.encoding = Encoding::Windows1252,
        4 => case.settings.encoding = Encoding::of_label("utf-16le").expect("known"),
        _ => {}
    }
    (case, bytes)
}

proptest! {
    #[test]
    fn a_damaged_export_is_read_or_refused_and_every_row_is_in_one_place(
        rows in 0_usize..40, layout in 0_u8..5, packed in prop::bool::weighted(0.1), all in prop::collection::vec(damage(), 1..8),
    ) {
        let (case, bytes) = export(rows, layout);
        let bytes = if packed {
            let mut encoder = GzEncoder::new(Vec::new(), Compression::fast());
            encoder.write_all(&bytes).expect("packed");
            encoder.finish().expect("packed")
        } else {
            bytes
        };
        if let Ok(payroll) = case.read(&damaged(bytes, &all)) {
            check_balance(&payroll);
        }
    }
}
