//! Encodings, packing, and files that are something else.

use std::io::Write as _;

use flate2::Compression;
use flate2::write::GzEncoder;

use super::*;
use crate::settings::SheetChoice;

fn text() -> String {
    format!("{HEADER}\n1,Żółć,,10,20,\n2,b,,1,,\n")
}

#[track_caller]
fn check_names(payroll: &Payroll, expected: &[&str]) {
    assert_eq!(texts(payroll.people.last_name.iter()), expected);
}

fn utf16(text: &str, bytes: fn(u16) -> [u8; 2]) -> Vec<u8> {
    text.encode_utf16().flat_map(bytes).collect()
}

#[test]
fn utf_16_is_read_by_its_mark_or_by_the_job() {
    let marked = format!("\u{feff}{}", text().replace('\n', "\r\n"));
    for bytes in [utf16(&marked, u16::to_le_bytes), utf16(&marked, u16::to_be_bytes)] {
        check_names(&Case::new().read(&bytes).expect("UTF-16"), &["Żółć", "b"]);
    }
    let mut case = Case::new();
    case.settings.encoding = Encoding::of_label("utf-16le").expect("a label");
    check_names(&case.read(&utf16(&text(), u16::to_le_bytes)).expect("UTF-16"), &["Żółć", "b"]);
}

#[test]
fn half_a_character_of_utf_16_rejects_its_row_only() {
    let mut units: Vec<u16> = format!("\u{feff}{HEADER}\n1,").encode_utf16().collect();
    units.extend([0xd800, u16::from(b',')]);
    units.extend(",1,,\n2,b,,1,,\n".encode_utf16());
    let bytes: Vec<u8> = units.into_iter().flat_map(u16::to_le_bytes).collect();
    let payroll = Case::new().read(&bytes).expect("the file can be used");
    assert_eq!((payroll.rows.accepted, payroll.rows.rejected), (1, 1));
    assert_eq!((payroll.rejects[0].line, payroll.rejects[0].column.as_str()), (2, "name"));
}

#[test]
fn other_encodings_are_read_as_the_job_names_them() {
    for (label, name) in
        [("iso-8859-2", &b"\xaf\xf3\xb3\xe6"[..]), ("windows-1250", b"\xaf\xf3\xb3\xe6"), ("shift_jis", b"\x8eR\x93c")]
    {
        let mut case = Case::new();
        case.settings.encoding = Encoding::of_label(label).expect("a label");
        let bytes = [format!("{HEADER}\n1,").as_bytes(), name, b",,1,,\n"].concat();
        let payroll = case.read(&bytes).expect("the file can be used");
        let expected = if label == "shift_jis" { "山田" } else { "Żółć" };
        check_names(&payroll, &[expected]);
    }
}

#[test]
fn a_large_file_of_another_encoding_is_decoded_in_pieces() {
    let rows: String = (0..20_000).map(|n| format!("{n},Żółć,,{n}.25,,\n")).collect();
    let payroll = Case::new().read(&utf16(&format!("\u{feff}{HEADER}\n{rows}"), u16::to_le_bytes)).expect("UTF-16");
    assert_eq!((payroll.rows.accepted, payroll.totals[0].employee), (20_000, 10_000 * 199_990_000 + 20_000 * 2_500));
    assert_eq!(payroll.people.line[19_999], 20_001);
}

fn packed(bytes: &[u8]) -> Vec<u8> {
    let mut encoder = GzEncoder::new(Vec::new(), Compression::fast());
    encoder.write_all(bytes).expect("packed");
    encoder.finish().expect("packed")
}

#[test]
fn gzip_is_unpacked_and_hashed_as_it_lies_on_disk() {
    let bytes = packed(text().as_bytes());
    let payroll = Case::new().read(&bytes).expect("gzip");
    check_names(&payroll, &["Żółć", "b"]);
    assert_eq!(payroll.files[0].sha256, tieout_model::hash::sha256_hex(&bytes));
    assert_eq!(payroll.files[0].bytes, bytes.len() as u64);
    check_names(
        &Case::new().read(&packed(&utf16(&format!("\u{feff}{}", text()), u16::to_le_bytes))).expect("both"),
        &["Żółć", "b"],
    );
}

#[test]
fn gzip_that_was_cut_is_no_file() {
    let mut bytes = packed(text().repeat(50).as_bytes());
    bytes.truncate(bytes.len() - 12);
    let error = Case::new().read(&bytes).expect_err("it ends too early");
    assert!(matches!(error, PayrollError::Unreadable { .. }), "{error}");
}

#[test]
fn what_is_no_table_is_called_what_it_is() {
    for (bytes, is) in [
        (&b"%PDF-1.7\n..."[..], "a PDF document"),
        (b"<!DOCTYPE html><html>", "an HTML page"),
        (b"\r\n  <html>", "an HTML page"),
        (b"-----BEGIN PGP MESSAGE-----\n", "encrypted with PGP"),
        (b"{\"employees\": []}", "JSON"),
    ] {
        let error = Case::new().read(bytes).expect_err("no table").to_string();
        assert!(error.contains(&format!(" is {is}: expected a table")), "{error}");
        let error = Case::new().read(&packed(bytes)).expect_err("no table").to_string();
        assert!(error.contains(is), "packed: {error}");
    }
    for bytes in [&b"PK\x03\x04 and no archive"[..], b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1 and no workbook"] {
        let error = Case::new().read(bytes).expect_err("no table").to_string();
        assert!(error.contains("damaged"), "{error}");
    }
}

/// A zip archive of these files.
fn archive(files: &[(&str, &str)]) -> Vec<u8> {
    let mut zip = zip::ZipWriter::new(std::io::Cursor::new(Vec::new()));
    let options = zip::write::SimpleFileOptions::default().compression_method(zip::CompressionMethod::Stored);
    for (name, text) in files {
        zip.start_file(*name, options).expect("a file");
        zip.write_all(text.as_bytes()).expect("written");
    }
    zip.finish().expect("an archive").into_inner()
}

/// A workbook with one sheet of each name, all with these rows of `sheetData`.
fn xlsx(sheets: &[&str], rows: &str) -> Vec<u8> {
    const MAIN: &str = "http://schemas.openxmlformats.org/spreadsheetml/2006/main";
    const OFFICE: &str = "http://schemas.openxmlformats.org/officeDocument/2006/relationships";
    const PACKAGE: &str = "http://schemas.openxmlformats.org/package/2006";
    let listed: String = sheets
        .iter()
        .enumerate()
        .map(|(n, name)| format!("<sheet name=\"{name}\" sheetId=\"{0}\" r:id=\"r{0}\"/>", n + 1))
        .collect();
    let related: String = (1..=sheets.len())
        .map(|n| format!("<Relationship Id=\"r{n}\" Type=\"{OFFICE}/worksheet\" Target=\"worksheets/sheet{n}.xml\"/>"))
        .collect();
    let styles = format!(
        "<styleSheet xmlns=\"{MAIN}\"><numFmts count=\"1\"><numFmt numFmtId=\"164\" formatCode=\"00000\"/></numFmts><cellXfs count=\"3\"><xf numFmtId=\"0\"/><xf numFmtId=\"14\" applyNumberFormat=\"1\"/><xf numFmtId=\"164\" applyNumberFormat=\"1\"/></cellXfs></styleSheet>"
    );
    let types = format!("<Types xmlns=\"{PACKAGE}/content-types\"/>");
    let root = format!(
        "<Relationships xmlns=\"{PACKAGE}/relationships\"><Relationship Id=\"r1\" Type=\"{OFFICE}/officeDocument\" Target=\"xl/workbook.xml\"/></Relationships>"
    );
    let workbook = format!("<workbook xmlns=\"{MAIN}\" xmlns:r=\"{OFFICE}\"><sheets>{listed}</sheets></workbook>");
    let relations = format!(
        "<Relationships xmlns=\"{PACKAGE}/relationships\">{related}<Relationship Id=\"s\" Type=\"{OFFICE}/styles\" Target=\"styles.xml\"/></Relationships>"
    );
    let sheet = format!("<worksheet xmlns=\"{MAIN}\"><sheetData>{rows}</sheetData></worksheet>");
    let names: Vec<String> = (1..=sheets.len()).map(|n| format!("xl/worksheets/sheet{n}.xml")).collect();
    let mut files = vec![
        ("[Content_Types].xml", types.as_str()),
        ("_rels/.rels", root.as_str()),
        ("xl/workbook.xml", workbook.as_str()),
        ("xl/_rels/workbook.xml.rels", relations.as_str()),
        ("xl/styles.xml", styles.as_str()),
    ];
    files.extend(names.iter().map(|name| (name.as_str(), sheet.as_str())));
    archive(&files)
}

/// A title, the header on row 3, and two people: ids shown with zeros, a sum of binary fractions, a date, a text.
fn sheet_rows() -> String {
    let text = |at: &str, text: &str| format!("<c r=\"{at}\" t=\"inlineStr\"><is><t>{text}</t></is></c>");
    let header: String = ["id", "name", "salary", "med_ee", "med_er", "den_ee", "hired"]
        .iter()
        .zip("ABCDEFG".chars())
        .map(|(name, column)| text(&format!("{column}3"), name))
        .collect();
    let first = format!(
        "<c r=\"A5\" s=\"2\"><v>123</v></c>{}<c r=\"D5\"><f>1+2</f><v>59.970000000000006</v></c><c r=\"E5\"><v>240</v></c><c r=\"G5\" s=\"1\"><v>46112</v></c>",
        text("B5", "Ann")
    );
    let second = format!("{}<c r=\"D6\"><v>1</v></c>", text("A6", "00124"));
    format!(
        "<row r=\"1\">{}</row><row r=\"3\">{header}</row><row r=\"5\">{first}</row><row r=\"6\">{second}</row>",
        text("A1", "Register")
    )
}

fn workbook_case() -> Case {
    let mut case = Case::new();
    case.settings.columns.hire_date = named("hired");
    case
}

#[test]
fn a_workbook_is_read_as_it_is_shown() {
    let case = workbook_case();
    let bytes = xlsx(&["March"], &sheet_rows());
    let payroll = case.read(&bytes).expect("a workbook");
    check_balance(&payroll);
    assert_eq!(rejects(&payroll), [""; 0]);
    assert_eq!(lines(&payroll), ["00123 MED 59.97 240.00 x1", "00124 MED 1.00 - x1"]);
    assert_eq!((payroll.people.hire_date[0], payroll.people.line.as_slice()), (Some(day(2026, 3, 31)), &[5, 6][..]));
    assert_eq!(payroll.files[0].sha256, tieout_model::hash::sha256_hex(&bytes));
}

#[test]
fn decimals_of_a_workbook_have_no_mark_of_their_own() {
    let mut case = workbook_case();
    case.settings.marks = Marks { decimal: ',', thousands: Some('.') };
    let payroll = case.read(&xlsx(&["March"], &sheet_rows())).expect("a workbook");
    assert_eq!(lines(&payroll)[0], "00123 MED 59.97 240.00 x1");
}

#[test]
fn of_several_sheets_the_job_names_one() {
    let bytes = xlsx(&["Notes", "March"], &sheet_rows());
    let mut case = workbook_case();
    let error = case.read(&bytes).expect_err("which one is not said").to_string();
    assert!(error.contains("2 sheets: `Notes`, `March`; name one in `sheet`"), "{error}");
    for choice in [SheetChoice::Name("March".to_owned()), SheetChoice::Number(2)] {
        case.settings.table.sheet = Some(choice);
        assert_eq!(case.read(&bytes).expect("a workbook").rows.accepted, 2);
    }
    case.settings.table.sheet = Some(SheetChoice::Number(3));
    assert!(case.read(&bytes).expect_err("no such sheet").to_string().contains("no sheet 3"));
}

#[test]
fn a_sheet_of_libreoffice_is_read_too() {
    let cell = |text: &str| {
        format!("<table:table-cell office:value-type=\"string\"><text:p>{text}</text:p></table:table-cell>")
    };
    let header: String = HEADER.split(',').map(cell).collect();
    let row = format!(
        "{}{}<table:table-cell/><table:table-cell office:value-type=\"float\" office:value=\"10.5\"/>",
        cell("007"),
        cell("Ann")
    );
    let content = format!(
        "<office:document-content xmlns:office=\"urn:oasis:names:tc:opendocument:xmlns:office:1.0\" xmlns:table=\"urn:oasis:names:tc:opendocument:xmlns:table:1.0\" xmlns:text=\"urn:oasis:names:tc:opendocument:xmlns:text:1.0\"><office:body><office:spreadsheet><table:table table:name=\"P\"><table:table-row>{header}</table:table-row><table:table-row>{row}</table:table-row></table:table></office:spreadsheet></office:body></office:document-content>"
    );
    let bytes = archive(&[
        ("mimetype", "application/vnd.oasis.opendocument.spreadsheet"),
        ("META-INF/manifest.xml", "<manifest/>"),
        ("content.xml", &content),
    ]);
    assert_eq!(lines(&Case::new().read(&bytes).expect("a workbook")), ["007 MED 10.50 - x1"]);
}

#[test]
fn an_archive_that_is_no_workbook_is_called_that() {
    let error = Case::new().read(&archive(&[("payroll.csv", HEADER)])).expect_err("no workbook").to_string();
    assert!(error.contains("a zip archive and no workbook"), "{error}");
}
