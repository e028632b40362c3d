//! The section [report].

use super::*;

fn with_report(keys: &str) -> String {
    format!("{LEAST}[report]\n{keys}\n")
}

#[test]
fn a_profile_sets_the_marks_and_what_is_stated_goes_before_it() {
    let german = CsvFormat::EXCEL_DE;
    for (keys, expected) in [
        ("profile = \"excel-de\"", german),
        ("profile = \"plain\"", CsvFormat::PLAIN),
        ("csv = { delimiter = \";\", decimal_mark = \",\", bom = true }", german),
        ("profile = \"excel-de\"\ncsv = { bom = false }", CsvFormat { bom: false, ..german }),
        ("profile = \"excel-de\"\nbom = false", CsvFormat { bom: false, ..german }),
        ("profile = \"excel-de\"\ncsv = { delimiter = \"\\t\" }", CsvFormat { delimiter: b'\t', ..german }),
        ("bom = false", CsvFormat { bom: false, ..CsvFormat::PLAIN }),
    ] {
        assert_eq!(read(&with_report(keys)).expect("valid").report.csv, expected, "{keys}");
    }
}

#[test]
fn the_workbook_and_the_page_can_be_left_out_and_the_csv_files_never() {
    for (keys, expected) in [
        ("", Formats::ALL),
        ("formats = [\"csv\", \"xlsx\", \"html\", \"parquet\"]", Formats::ALL),
        ("formats = [\"csv\"]", Formats { workbook: false, page: false, proof: false }),
        ("formats = [\"html\", \"csv\"]", Formats { workbook: false, page: true, proof: false }),
    ] {
        assert_eq!(read(&with_report(keys)).expect("valid").report.formats, expected, "{keys}");
    }
    check_job(
        &with_report("formats = [\"xlsx\"]"),
        &[
            "15: report.formats: expected \"csv\" among them, found none: the queue's sheets and later nights are read from it",
        ],
    );
}

#[test]
fn marks_that_no_spreadsheet_could_tell_apart_are_refused() {
    for (keys, expected) in [
        (
            "csv = { decimal_mark = \",\" }",
            "15: report.csv: expected another mark than decimal_mark, found the same; for most of Europe `;` and `,`",
        ),
        ("csv = { delimiter = \"|\" }", "15: report.csv.delimiter: expected `,`, `;` or `\\t`, found `|`"),
        ("csv = { decimal_mark = \"x\" }", "15: report.csv.decimal_mark: expected `.` or `,`, found `x`"),
        (
            "bom = true\ncsv = { bom = true }",
            "16: report.csv.bom: expected it once, found it in report.bom as well: take one away",
        ),
        (
            "names = \"initial\"",
            "15: report.names: expected one of full, initials, none, found `initial`; did you mean `initials`?",
        ),
        (
            "profile = \"excel-xx\"",
            "15: report.profile: expected one of plain, excel-de, found `excel-xx`; did you mean `excel-de`?",
        ),
    ] {
        check_job(&with_report(keys), &[expected]);
    }
}
