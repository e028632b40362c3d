//! Decisions out of a workbook: the report's own, in which a correction is known by its hash, or an exported queue that
//! was saved as one.

use std::io::Cursor;

use calamine::{Data, Range, Reader as _, Xlsx, open_workbook_from_rs};

use super::sheet::{Sheet, SheetRow, places, trimmed, whole};
use super::{COLUMNS, DecisionProblem};

/// How each XLSX file begins: it is a ZIP archive.
const START: &[u8] = b"PK\x03\x04";
/// Rows at the top of a sheet among which the header is looked for.
pub(super) const HEADER_ROWS_MAX: usize = 10;

pub fn is_workbook(bytes: &[u8]) -> bool {
    bytes.starts_with(START)
}

/// Reads the sheet that has the columns of a decision.
pub fn parse(bytes: &[u8]) -> Result<Sheet, Vec<DecisionProblem>> {
    let opened = open_workbook_from_rs::<Xlsx<_>, _>(Cursor::new(bytes));
    let mut workbook = opened.map_err(|_| whole("the workbook can't be read: save it as .xlsx or as CSV"))?;
    for name in workbook.sheet_names() {
        let range = workbook.worksheet_range(&name).map_err(|_| whole("a sheet of the workbook can't be read"))?;
        if let Some((header_row, names)) = header(&range) {
            let (places, present) = places(&names, row_number(&range, header_row))?;
            return Ok(Sheet { rows: rows(&range, header_row, &places), present });
        }
    }
    Err(whole("no sheet of the workbook has the columns Decision and Item hash: keep the header as it was"))
}

/// The row of the header, from 0, and its names as [`COLUMNS`] writes them.
fn header(range: &Range<Data>) -> Option<(usize, Vec<String>)> {
    range.rows().take(HEADER_ROWS_MAX).enumerate().find_map(|(row, cells)| {
        let names: Vec<String> = cells.iter().map(|cell| text(cell).to_lowercase().replace(' ', "_")).collect();
        let has = |name: &str| names.iter().any(|found| found == name);
        (has("decision") && has("item_hash")).then_some((row, names))
    })
}

fn rows(range: &Range<Data>, header_row: usize, places: &[Option<usize>; COLUMNS.len()]) -> Vec<SheetRow> {
    let below = range.rows().enumerate().skip(header_row + 1);
    let read = below.map(|(row, cells)| {
        let cells = places.map(|place| place.and_then(|place| cells.get(place)).map(text).unwrap_or_default());
        SheetRow { number: row_number(range, row), cells }
    });
    // The totals below the list have none of the columns of an item.
    read.filter(|row| row.identified()).collect()
}

/// As the spreadsheet counts, from 1.
pub(super) fn row_number(range: &Range<Data>, row: usize) -> usize {
    range.start().map_or(0, |(first, _)| first as usize) + row + 1
}

pub(super) fn text(cell: &Data) -> String {
    match cell {
        Data::DateTime(day) if day.is_datetime() => {
            let (year, month, day, ..) = day.to_ymd_hms_milli();
            format!("{year:04}-{month:02}-{day:02}")
        }
        other => trimmed(&other.to_string()).to_owned(),
    }
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeMap;

    use rust_xlsxwriter::{ExcelDateTime, Workbook};

    use super::*;
    use crate::review::decide;
    use crate::review::tests::{ana_and_bo, login, with_difference};
    use tieout_store::Item;

    /// The headers of the sheet of corrections in the report's workbook.
    const HEADERS: [&str; 8] =
        ["Kind", "Employee", "Effective", "Yearly difference", "Decision", "Decided by", "Reason", "Item hash"];

    /// A workbook with a sheet before the corrections and a total below them.
    fn workbook(hash: &str, decision: &str, by: &str) -> Vec<u8> {
        let mut workbook = Workbook::new();
        workbook.add_worksheet().write_string(0, 0, "Summary").expect("written");
        let sheet = workbook.add_worksheet();
        sheet.write_row(0, 0, HEADERS).expect("written");
        sheet.write_row(1, 0, ["compensation", "00121"]).expect("written");
        let day = ExcelDateTime::from_ymd(2026, 3, 31).expect("a day");
        let layout = rust_xlsxwriter::Format::new().set_num_format("yyyy-mm-dd");
        sheet.write_datetime_with_format(1, 2, &day, &layout).expect("written");
        sheet.write_number(1, 3, 162).expect("written");
        sheet.write_row(1, 4, [decision, by, "agreed with payroll", hash]).expect("written");
        sheet.write_string(3, 0, "Total USD").expect("written");
        workbook.save_to_buffer().expect("written")
    }

    fn item() -> Item {
        with_difference("162.00", "USD")
    }

    /// Parsed and identified among the items of a queue.
    fn sheet(bytes: &[u8], items: &[Item]) -> Sheet {
        assert!(is_workbook(bytes));
        let mut sheet = parse(bytes).expect("a sheet");
        assert!(sheet.is_by_hash());
        sheet.identify(items.iter().map(|item| (item.payload_hash.clone(), item.id)));
        sheet
    }

    fn by_id(items: &[Item]) -> BTreeMap<i64, Item> {
        items.iter().map(|item| (item.id, item.clone())).collect()
    }

    #[test]
    fn a_decision_in_the_workbook_is_of_the_item_that_has_its_hash() {
        let item = item();
        let sheet =
            sheet(&workbook(&format!("sha256:{}", item.payload_hash), "Approve", "Bo"), std::slice::from_ref(&item));
        let decisions =
            decide(&sheet, &by_id(&[item]), &ana_and_bo(), &login("ana")).expect("readable").expect("no problem");
        let [decision] = decisions.as_slice() else { panic!("{decisions:?}") };
        assert_eq!((decision.row, decision.item, decision.approve, decision.by.as_str()), (2, 1, true, "Bo"));
    }

    #[test]
    fn a_correction_that_is_no_longer_queued_is_a_problem_only_when_it_was_decided() {
        let other = format!("sha256:{}", "0".repeat(64));
        let undecided = sheet(&workbook(&other, "", ""), &[item()]);
        assert!(
            decide(&undecided, &by_id(&[item()]), &ana_and_bo(), &login("ana"))
                .expect("readable")
                .expect("no problem")
                .is_empty()
        );
        let decided = sheet(&workbook(&other, "approve", "Bo"), &[item()]);
        let problems =
            decide(&decided, &by_id(&[item()]), &ana_and_bo(), &login("ana")).expect("readable").expect_err("unknown");
        assert_eq!((problems[0].row, problems[0].column), (2, "item_hash"));
    }

    #[test]
    fn a_value_that_was_edited_is_told_as_in_a_csv() {
        let edited = Item { effective: "2026-04-01".parse().ok(), ..item() };
        let hash = format!("sha256:{}", edited.payload_hash);
        let sheet = sheet(&workbook(&hash, "approve", "Bo"), std::slice::from_ref(&edited));
        let problems =
            decide(&sheet, &by_id(&[edited]), &ana_and_bo(), &login("ana")).expect("readable").expect_err("edited");
        assert_eq!(problems.iter().map(|problem| problem.column).collect::<Vec<_>>(), ["effective"]);
    }

    #[test]
    fn a_workbook_without_decisions_or_one_that_is_broken_is_called_what_it_is() {
        let mut other = Workbook::new();
        other.add_worksheet().write_string(0, 0, "hours").expect("written");
        let problems = parse(&other.save_to_buffer().expect("written")).expect_err("no decisions");
        assert!(problems[0].message.contains("no sheet of the workbook"), "{problems:?}");
        let problems = parse(b"PK\x03\x04 and no more").expect_err("broken");
        assert!(problems[0].message.contains("can't be read"), "{problems:?}");
    }
}
