//! What separates the cells.

use csv::{ReaderBuilder, StringRecord};

use crate::certainty::Proposed;

/// Marks that exports are separated by, the commonest first.
const DELIMITERS: [u8; 4] = [b',', b';', b'\t', b'|'];
/// Records that decide.
const LOOKED_AT_RECORDS: usize = 500;
/// More columns say no more.
const COLUMNS_COUNTED: usize = 20;

/// The mark that splits most records into the same number of columns, and more than one.
pub fn find(text: &str) -> Proposed<u8> {
    if let Some(stated) = stated(text) {
        return Proposed::sure(stated, "the file's first line states it");
    }
    let mut scores: Vec<(usize, u8)> =
        DELIMITERS.iter().map(|delimiter| (score(text, *delimiter), *delimiter)).collect();
    scores.sort_by_key(|(score, _)| std::cmp::Reverse(*score));
    match scores.as_slice() {
        [(0, _), ..] | [] => Proposed::asked(b',', "no mark separates the lines into columns"),
        [(best, delimiter), (second, _), ..] if second * 2 <= *best => {
            Proposed::sure(*delimiter, "it gives all lines the same number of columns")
        }
        [(_, delimiter), ..] => Proposed::likely(*delimiter, "it fits better than any other mark"),
    }
}

/// Excel's `sep=;` before the table.
pub fn stated(text: &str) -> Option<u8> {
    let first = text.lines().next()?.trim_start_matches('\u{feff}').trim_matches(['"', '\r', '\n']);
    match first.get(..4).filter(|sep| sep.eq_ignore_ascii_case("sep=")).map(|_| &first.as_bytes()[4..]) {
        Some([mark]) => Some(*mark),
        _ => None,
    }
}

/// The records of a text; blank lines are left out.
pub fn records(text: &str, delimiter: u8) -> impl Iterator<Item = StringRecord> {
    let reader =
        ReaderBuilder::new().has_headers(false).flexible(true).delimiter(delimiter).from_reader(text.as_bytes());
    reader.into_records().map_while(Result::ok)
}

/// Share of the records with the commonest width, in per cent, times that width.
fn score(text: &str, delimiter: u8) -> usize {
    let widths: Vec<usize> = records(text, delimiter).take(LOOKED_AT_RECORDS).map(|record| record.len()).collect();
    let common = commonest(&widths).unwrap_or(0);
    let same = widths.iter().filter(|width| **width == common).count();
    if common < 2 { 0 } else { same * 100 / widths.len().max(1) * common.min(COLUMNS_COUNTED) }
}

/// The commonest number; the greater of two.
fn commonest(numbers: &[usize]) -> Option<usize> {
    let count = |wanted: usize| numbers.iter().filter(|number| **number == wanted).count();
    let mut distinct = numbers.to_vec();
    distinct.sort_unstable();
    distinct.dedup();
    distinct.into_iter().max_by_key(|number| (count(*number), *number))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[track_caller]
    fn check(text: &str, expected: u8) {
        assert_eq!(char::from(find(text).value), char::from(expected), "{text}");
    }

    #[test]
    fn the_mark_is_the_one_that_gives_every_line_the_same_columns() {
        check("id,name\n1,\"Li; Ada\"\n2,\"Ode; Bo\"\n", b',');
        check("Nr;KV AN;KV AG\n1;60,00;1.240,00\n2;60,00;1.240,00\n", b';');
        check("Acme Ltd, London\nid\tpay, gross\tnet\n1\t2\t3\n2\t3\t4\n", b'\t');
        check("sep=|\nid|a,b\n1|2\n", b'|');
    }
}
