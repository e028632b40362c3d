//! Files that cannot be used as a whole: one clear error each.

use std::fs::OpenOptions;
use std::io::Write;
use std::thread;

use super::*;
use crate::{MissingColumn, check_columns};
use tieout_model::share::Share;

#[test]
fn a_missing_file_is_told_with_the_pattern() {
    let case = Case::new();
    let error = read(&case.settings, &case.deductions, Duration::ZERO).expect_err("no file");
    assert!(matches!(&error, PayrollError::NotFound { files_there: 0, .. }), "{error}");
    assert!(error.to_string().contains("payroll.csv"), "{error}");
}

#[test]
fn an_empty_file_is_no_payroll() {
    for text in ["", "\u{feff}", "\r\n\r\n", "  \n"] {
        let error = check_refused(text, |_| {});
        assert!(matches!(error, PayrollError::Empty { .. }), "{text:?}: {error}");
    }
}

#[test]
fn a_header_without_rows_is_no_payroll() {
    for rows in ["", "\n", "\n\n,,,,,\n", "\nid,name,salary,med_ee,med_er,den_ee\n"] {
        let error = check_refused(&format!("{HEADER}{rows}"), |_| {});
        assert!(matches!(error, PayrollError::HeaderOnly { .. }), "{rows:?}: {error}");
    }
}

#[test]
fn a_wrong_delimiter_is_told_with_the_one_that_works() {
    for (mark, name) in [(";", "`;`"), ("\t", "a tab"), ("|", "`|`")] {
        let error = check_refused(&format!("{HEADER}\n1,a,1,1,1,1\n").replace(',', mark), |_| {});
        let PayrollError::WrongDelimiter { configured, works, found, found_with, .. } = error else {
            panic!("{error}")
        };
        assert_eq!((configured, works, found, found_with), (b',', mark.as_bytes()[0], 0, 6));
        assert!(error.to_string().contains(&format!("but {name} separates 6")), "{error}");
    }
}

#[test]
fn all_missing_columns_are_told_at_once_with_what_is_near() {
    let error = check_refused("id,Name,salary,med_er,den_eee\n1,a,1,1,1\n", |_| {});
    let PayrollError::MissingColumns { missing, .. } = &error else { panic!("{error}") };
    let column = |header: &str, near: &str| MissingColumn { header: header.to_owned(), near: named(near) };
    assert_eq!(missing[0], column("den_ee", "den_eee"));
    assert_eq!(missing[2], column("name", "Name"));
    assert_eq!((missing.len(), missing[1].header.as_str()), (3, "med_ee"));
    assert!(error.to_string().contains("`name` (there is `Name`)"), "{error}");
}

#[test]
fn a_mapped_column_that_stands_twice_is_ambiguous() {
    let error = check_refused("id,name,salary,med_ee,med_er,den_ee,name,x,x\n", |_| {});
    let PayrollError::DuplicateHeaders { names, .. } = &error else { panic!("{error}") };
    assert_eq!(names, &["name"]);
}

#[test]
fn a_second_different_header_ends_the_reading() {
    let error = check_refused(&format!("{HEADER}\n1,a,1,1,1,1\n\nid,salary,name,med_ee,med_er,den_ee\n"), |_| {});
    assert!(matches!(error, PayrollError::SecondHeader { line: 4, .. }), "{error}");
}

#[test]
fn a_file_that_grows_while_it_settles_is_still_being_written() {
    let case = Case::new();
    let path = case.path("payroll.csv");
    write(&path, format!("{HEADER}\n1,a,1,1,1,1\n").as_bytes());
    let writer = thread::spawn(move || {
        thread::sleep(Duration::from_millis(50));
        let mut file = OpenOptions::new().append(true).open(path).expect("opened");
        file.write_all(b"2,b,1,1,1,1\n").expect("written");
    });
    let error = read(&case.settings, &case.deductions, Duration::from_millis(400)).expect_err("it grew");
    writer.join().expect("no panic");
    assert!(matches!(error, PayrollError::StillWritten { .. }), "{error}");
}

#[test]
fn a_control_file_that_is_still_written_is_called_that_and_not_bad() {
    let mut case = Case::new();
    let (path, control) = (case.path("payroll.csv"), case.path("control.csv"));
    write(&path, format!("{HEADER}\n1,a,1,1,1,1\n").as_bytes());
    write(&control, b"code,currency,row_count,sum_ee,sum_er\n*,USD,1x");
    case.settings.control_file = Some(control.clone());
    let refused = read(&case.settings, &case.deductions, Duration::ZERO).expect_err("no number");
    assert!(matches!(refused, PayrollError::ControlFile { line: 2, .. }), "{refused}");
    let writer = thread::spawn(move || {
        // The payroll file has settled by then, and the control file has not.
        thread::sleep(Duration::from_millis(600));
        let mut file = OpenOptions::new().append(true).open(control).expect("opened");
        file.write_all(b"0,2,2\n").expect("written");
    });
    let error = read(&case.settings, &case.deductions, Duration::from_millis(400)).expect_err("it grew");
    writer.join().expect("no panic");
    assert!(matches!(error, PayrollError::StillWritten { .. }), "{error}");
}

#[test]
fn a_file_that_changes_while_it_is_read_is_still_being_written() {
    let case = Case::new();
    let path = case.path("payroll.csv");
    write(&path, b"id\n1\n");
    let mut rows =
        super::super::rows::Rows::open(&path, &settings::FileFormat::default(), Duration::ZERO).expect("opened");
    while rows.next().expect("a row").is_some() {}
    write(&path, b"id\n1\n2\n");
    let error = rows.close().expect_err("it grew");
    assert!(matches!(error, PayrollError::StillWritten { .. }), "{error}");
}

#[test]
fn a_file_in_another_encoding_is_refused_as_a_whole() {
    let utf16: Vec<u8> = format!("\u{feff}{HEADER}\n").encode_utf16().flat_map(u16::to_le_bytes).collect();
    let without_mark = utf16[2..].to_vec();
    let utf32 = b"\xff\xfe\0\0i\0\0\0".to_vec();
    for bytes in [utf32, without_mark, b"id,n\xe4me\n1,a\n".to_vec()] {
        let error = Case::new().read(&bytes).expect_err("not UTF-8");
        assert!(matches!(error, PayrollError::NotDecodable { expected: "UTF-8", .. }), "{error}");
    }
    let error =
        check_refused(&format!("\u{feff}{HEADER}\n1,a,1,1,1,1\n"), |c| c.settings.encoding = Encoding::Windows1252);
    assert!(matches!(error, PayrollError::NotDecodable { expected: "Windows-1252", .. }), "{error}");
}

#[test]
fn a_quote_that_is_never_closed_does_not_swallow_the_file() {
    let error = check_refused(&format!("{HEADER}\n1,a,1,1,1,1\n2,\"b,1,1,1,1\n3,c,1,1,1,1\n"), |_| {});
    assert!(matches!(error, PayrollError::UnclosedQuote { line: 3, .. }), "{error}");
    let last_column = format!("{HEADER},city\n1,a,1,1,1,1,\"York\n2,b,1,1,1,1,Hull\n");
    let error = check_refused(&last_column, |c| c.settings.columns.city = named("city"));
    assert!(matches!(error, PayrollError::UnclosedQuote { line: 2, .. }), "{error}");
    let long = format!("{HEADER}\n1,\"a,1,1,1,1\n{}", "2,b,1,1,1,1\n".repeat(200_000));
    let error = check_refused(&long, |_| {});
    assert!(matches!(error, PayrollError::UnclosedQuote { line: 2, .. }), "{error}");
}

#[test]
fn too_many_rejected_rows_end_the_run_and_carry_the_rejects() {
    let rows = "1,a,x,1,y,1\n2,b,1,1,1,1\n3,c,1,1,1,1\n4,d,1,1,1,1\n";
    let text = format!("{HEADER}\n{rows}");
    let error = check_refused(&text, |c| c.settings.max_rejected_share = Share::of_ten_thousandths(2_499));
    let PayrollError::TooManyRejected { rejected, rows, share_max, stopped, rejects } = &error else {
        panic!("{error}")
    };
    assert_eq!((*rejected, *rows, share_max.ten_thousandths(), *stopped), (1, 4, 2_499, false));
    let rejects: Vec<String> = rejects.iter().map(reject_text).collect();
    assert_eq!(rejects, ["2 med_er a: not a number (1)", "2 salary a: not a number (1)"]);
    assert!(error.to_string().contains("at most 24.99 %"), "{error}");
    check_payroll(&text, |c| c.settings.max_rejected_share = Share::of_ten_thousandths(2_500));
}

#[test]
fn a_file_without_a_period_is_refused_before_it_is_read() {
    let error = check_refused("", |c| c.settings.period.end = None);
    assert!(matches!(error, PayrollError::NoPeriod { lacking: "the last day of the period" }), "{error}");
}

#[test]
fn a_control_file_that_cannot_be_read_is_told_with_its_line() {
    let error = check_refused(&format!("{HEADER}\n1,a,1,1,1,1\n"), |c| {
        c.settings.control_file = Some(c.path("control.csv"));
        write(&c.path("control.csv"), b"code,currency,row_count,sum_ee,sum_er\nMED,USD,1,1,1\nMED,USD,1,1,x\n");
    });
    let PayrollError::ControlFile { line, reason, .. } = &error else { panic!("{error}") };
    assert_eq!((*line, reason.as_str()), (3, "sum_er: not a number"));
}

#[test]
fn the_headers_alone_can_be_checked() {
    let case = Case::new();
    write(&case.path("payroll.csv"), format!("{HEADER},extra\n").as_bytes());
    let checked = check_columns(&case.settings).expect("all columns");
    assert_eq!((checked[0].columns, checked[0].unused.as_slice()), (6, &["extra".to_owned()][..]));
    write(&case.path("payroll.csv"), b"id\n");
    let error = check_columns(&case.settings).expect_err("columns are missing");
    assert!(matches!(&error, PayrollError::MissingColumns { missing, .. } if missing.len() == 5), "{error}");
}
