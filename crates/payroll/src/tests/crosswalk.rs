//! The crosswalk: links in, or every bad line told.

use std::io::Write as _;

use encoding_rs::SHIFT_JIS;
use flate2::Compression;
use flate2::write::GzEncoder;
use proptest::prelude::*;

use super::*;
use crate::crosswalk::{Crosswalk, Linked};

/// What these bytes are read as, with the settings of a payroll that were changed.
fn parse(bytes: &[u8], change: impl FnOnce(&mut settings::Payroll)) -> anyhow::Result<Crosswalk> {
    let mut case = Case::new();
    change(&mut case.settings);
    let path = case.dir.path().join("crosswalk.csv");
    fs::write(&path, bytes).expect("written");
    crate::crosswalk::read(&path, &case.settings)
}

fn link(benbase_id: &str) -> Linked<'_> {
    Linked { benbase_id: Some(benbase_id), oyster_engagement_id: None, ..Linked::default() }
}

#[track_caller]
fn check_read(csv: &str, rows: &[(&str, Linked<'_>)], ambiguous: &[&str]) {
    let crosswalk = parse(csv.as_bytes(), |_| {}).expect("a crosswalk");
    assert_eq!(crosswalk.rows.iter().collect::<Vec<_>>(), rows);
    assert_eq!(crosswalk.ambiguous, ambiguous);
}

#[track_caller]
fn check_refused(csv: &[u8], reasons: &[&str]) {
    let error = format!("{:#}", parse(csv, |_| {}).expect_err("not a crosswalk"));
    for reason in reasons {
        assert!(error.contains(reason), "{reason} in {error}");
    }
    assert!(!error.contains("00417"), "an id in {error}");
}

#[test]
fn ids_keep_their_zeros_and_lose_blanks_around_them() {
    check_read(
        "\u{feff}employee_id,benbase_id,oyster_engagement_id\r\n 00417 ,emp_1,\r\n\r\n00418,,eng_2\r\n,,\r\n",
        &[
            ("00417", link("emp_1")),
            ("00418", Linked { benbase_id: None, oyster_engagement_id: Some("eng_2"), ..Linked::default() }),
        ],
        &[],
    );
}

#[test]
fn columns_may_stand_in_another_order_among_others() {
    check_read("note,oyster_engagement_id,Benbase_ID,employee_id\nx,,emp_1,7\n", &[("7", link("emp_1"))], &[]);
}

#[test]
fn rows_of_one_employee_that_disagree_leave_no_link_of_the_column() {
    let csv = "employee_id,benbase_id,oyster_engagement_id\n1,emp_1,\n1,emp_2,\n2,emp_3,\n2,emp_3,\n3,emp_4,\n3,,\n";
    check_read(csv, &[("1", Linked::default()), ("2", link("emp_3")), ("3", link("emp_4"))], &["1"]);
}

#[test]
fn case_counts_unless_the_job_folds_it() {
    let csv = "employee_id,benbase_id,oyster_engagement_id\nA1,emp_1,\na1,emp_2,\n";
    assert_eq!(parse(csv.as_bytes(), |_| {}).expect("two employees").rows.len(), 2);
    assert_eq!(parse(csv.as_bytes(), |settings| settings.fold_id_case = true).expect("one employee").ambiguous, ["A1"]);
}

#[test]
fn all_bad_lines_are_told_at_once() {
    check_refused(
        b"employee_id,benbase_id,oyster_engagement_id\n,emp_1,\n00417,emp_2\n00417\xff,emp_3,\n",
        &["line 2: expected an employee_id", "line 3: expected 3 columns, found 2", "line 4: expected UTF-8"],
    );
}

#[test]
fn ids_and_rows_have_their_limits() {
    let head = "employee_id,benbase_id,oyster_engagement_id,note\n";
    let id = "x".repeat(256);
    let csv = format!("{head}7,{id},,\n");
    assert_eq!(parse(csv.as_bytes(), |_| {}).expect("within").rows.get("7"), Some(link(&id)));
    check_refused(
        format!("{head}00417,{id}x,,\n").as_bytes(),
        &["line 2: expected a benbase_id of at most 256 bytes, found 257"],
    );
}

#[test]
fn a_file_with_other_headers_is_refused() {
    check_refused(b"employee;benbase_id;oyster_engagement_id\n00417;x;y\n", &["employee_id not found among 3 columns"]);
    check_refused(b"employee_id,benbase_id,benbase_id,oyster_engagement_id\n", &["benbase_id once"]);
    check_refused(b"", &["is empty"]);
    check_refused(b"\n,,\n", &["found only blank lines"]);
}

proptest! {
    #[test]
    fn any_bytes_are_read_or_refused_without_a_panic(bytes in proptest::collection::vec(any::<u8>(), 0..200)) {
        let _ = parse(&bytes, |_| {});
        let headed = [b"employee_id,benbase_id,oyster_engagement_id\n".as_slice(), &bytes].concat();
        let _ = parse(&headed, |_| {});
    }
}

#[test]
fn the_engagements_that_contradicting_rows_name_are_kept_apart() {
    let csv = "employee_id,benbase_id,oyster_engagement_id\n7,b7,e1\n8,,e3\n7,,e2\n8,,e3\n9,b1,e4\n9,b2,\n";
    let crosswalk = parse(csv.as_bytes(), |_| {}).expect("sound rows");
    let named = |id: &str| crosswalk.contested.get(id).map(|all| all.iter().map(String::as_str).collect::<Vec<_>>());
    assert_eq!([named("7"), named("8"), named("9")], [Some(vec!["e1", "e2"]), None, None]);
    // Only the column that differs is left out.
    assert_eq!(crosswalk.ambiguous, ["9"]);
    let oyster = |id| Linked { benbase_id: None, oyster_engagement_id: Some(id), ..Linked::default() };
    assert_eq!((crosswalk.rows.get("7"), crosswalk.rows.get("9")), (Some(link("b7")), Some(oyster("e4"))));
}

#[test]
fn a_crosswalk_is_read_however_the_payroll_file_may_be_written() {
    let text = "employee_id;note;benbase_id;oyster_engagement_id\n\"=\"\"00417\"\"\";東京;emp_1;\n00418.0;;;eng_2\n";
    let encoded = SHIFT_JIS.encode(text).0.into_owned();
    let mut packed = GzEncoder::new(Vec::new(), Compression::default());
    packed.write_all(&encoded).expect("packed");
    for bytes in [encoded, packed.finish().expect("packed")] {
        let read = parse(&bytes, |settings| {
            settings.encoding = Encoding::of_label("shift_jis").expect("known");
            settings.cells.id_digits = Some(6);
        });
        let crosswalk = read.expect("a crosswalk");
        assert_eq!(crosswalk.rows.get("000417"), Some(link("emp_1")));
        assert_eq!(crosswalk.rows.employee_ids().collect::<Vec<_>>(), ["000417", "000418"]);
    }
    let utf_16: Vec<u8> =
        format!("\u{feff}{}", text.replace(';', "\t")).encode_utf16().flat_map(u16::to_le_bytes).collect();
    assert_eq!(parse(&utf_16, |_| {}).expect("a crosswalk").rows.len(), 2);
}
