//! Sheets out, sheets back, and what Excel does in between.

use std::collections::BTreeMap;

use encoding_rs::WINDOWS_1252;
use proptest::prelude::*;

use super::*;
use crate::job::{Approval, Approver};
use crate::secrets::Operator;
use tieout_model::correction::evidence::hash_texts;
use tieout_model::correction::{CorrectionKind, PayRate};
use tieout_model::money::{Currency, Marks, Money};
use tieout_report::CsvFormat;
use tieout_store::{Item, ItemState, testing};

pub fn login(name: &str) -> Operator {
    Operator { login: name.to_owned(), uid: 1001 }
}

pub fn ana_and_bo() -> Approval {
    let ana = Approver {
        name: "Ana Approver".into(),
        yearly_max: Some(Money::units(5_000)),
        daily_max: None,
        logins: Vec::new(),
    };
    Approval {
        approvers: vec![ana, Approver { name: "Bo".into(), yearly_max: None, daily_max: None, logins: Vec::new() }],
        waive_days_max: None,
    }
}

/// A proposed change of employment status, prepared by the nightly run.
pub fn item(id: i64) -> Item {
    let payload = r#"{"employee_id":"emp_1","employment_status":"part_time"}"#.to_owned();
    let evidence = r#"{"authority":"payroll","changes":[{"field":"employment_status","from":"full_time","to":"part_time"},{"field":"base_salary","from":"=52000.00 annually","to":"53000.00 annually"}],"findings":[{"id":"00112233445566e7","code":"CO04"},{"id":"aa","code":"CO01"},{"id":"bb","code":"CO01"}]}"#.to_owned();
    Item {
        id,
        employee_id: format!("0012{id}"),
        kind: CorrectionKind::Compensation,
        state: ItemState::Proposed,
        attempt: 0,
        payload_hash: hash_texts(&payload, &evidence),
        payload,
        evidence,
        effective: None,
        yearly_difference: None,
        created_at: testing::START,
        created_by: testing::BY.to_owned(),
        changed_at: testing::START,
        reason: String::new(),
        approved_by: None,
        approved_at: None,
        policy_hash: None,
    }
}

pub fn with_difference(amount: &str, currency: &str) -> Item {
    let amount = Money::parse(amount, Marks::PLAIN, 2).expect("an amount");
    let effective = "2026-03-31".parse().ok();
    Item { yearly_difference: Some((amount, Currency::parse(currency).expect("listed"))), effective, ..item(1) }
}

/// A change of pay of which nobody knows what it is a year.
pub fn with_pay() -> Item {
    let rate = PayRate { amount: "20.00".into(), period: "hourly".into(), effective_start: "2026-03-31".into() };
    let rate = serde_json::to_string(&rate).expect("writes");
    Item { payload: format!(r#"{{"employee_id":"emp_1","pay_rate":{rate}}}"#), ..item(1) }
}

fn by_id(items: &[Item]) -> BTreeMap<i64, Item> {
    items.iter().map(|item| (item.id, item.clone())).collect()
}

/// The sheet of some items as cells.
fn cells(items: &[Item]) -> Vec<Vec<String>> {
    let bytes = export(items, CsvFormat { bom: false, ..CsvFormat::PLAIN }).expect("exports");
    let mut reader = csv::ReaderBuilder::new().has_headers(false).from_reader(&bytes[..]);
    reader.records().map(|record| record.expect("reads").iter().map(str::to_owned).collect()).collect()
}

fn to_bytes(cells: &[Vec<String>], delimiter: u8) -> Vec<u8> {
    let mut writer = csv::WriterBuilder::new().delimiter(delimiter).flexible(true).from_writer(Vec::new());
    for row in cells {
        writer.write_record(row).expect("writes");
    }
    writer.into_inner().expect("flushes")
}

fn column(name: &str) -> usize {
    COLUMNS.iter().position(|column| *column == name).expect("a column")
}

fn read(bytes: &[u8], items: &[Item]) -> Result<Vec<Decision>, Vec<DecisionProblem>> {
    decide(&parse(bytes)?, &by_id(items), &ana_and_bo(), &login("ana")).expect("items can be read")
}

/// One item, approved by Bo; with other cells.
fn approved_with(item: &Item, edits: &[(&str, &str)]) -> Vec<Vec<String>> {
    let mut cells = cells(std::slice::from_ref(item));
    cells[1][column("decision")] = "approve".into();
    cells[1][column("decided_by")] = "Bo".into();
    for (name, text) in edits {
        cells[1][column(name)] = (*text).to_owned();
    }
    cells
}

#[track_caller]
fn check_accepted(item: &Item, edits: &[(&str, &str)]) {
    let decisions = read(&to_bytes(&approved_with(item, edits), b','), std::slice::from_ref(item));
    let expected = Decision { row: 2, item: item.id, approve: true, by: "Bo".into(), reason: String::new() };
    let expected = edits.iter().fold(expected, |decision, (name, text)| match *name {
        "reason" => Decision { reason: (*text).to_owned(), ..decision },
        _ => decision,
    });
    assert_eq!(decisions, Ok(vec![expected]), "{edits:?}");
}

#[track_caller]
fn check_refused(item: &Item, edits: &[(&str, &str)], expected: (&'static str, &str)) {
    let problems = read(&to_bytes(&approved_with(item, edits), b','), std::slice::from_ref(item)).expect_err("refused");
    let [problem] = &problems[..] else { panic!("expected one problem, found {problems:?}") };
    assert_eq!((problem.row, problem.column), (2, expected.0), "{problem}");
    assert!(problem.message.contains(expected.1), "{problem}");
}

#[test]
fn the_sheet_shows_who_what_from_to_and_why() {
    let item = with_difference("-1234.50", "USD");
    let bytes = export(std::slice::from_ref(&item), CsvFormat::PLAIN).expect("exports");
    let header = COLUMNS.join(",");
    let hash = &item.payload_hash;
    let row = format!(
        "1,sha256:{hash},compensation,00121,id:00121,employment_status: full_time -> part_time; base_salary: \
         =52000.00 annually -> 53000.00 annually,2026-03-31,-1234.50,USD,payroll: 00112233445566e7 aa bb,CO01 CO04,\
         proposed,,,"
    );
    assert_eq!(String::from_utf8(bytes).expect("UTF-8"), format!("\u{feff}{header}\r\n{row}\r\n"));
}

#[test]
fn no_cell_is_a_formula() {
    let item = Item { employee_id: "=1+1".into(), ..item(1) };
    assert_eq!(cells(std::slice::from_ref(&item))[1][column("employee_id")], "'=1+1");
    check_accepted(&item, &[("employee_id", "=1+1")]);
    check_accepted(&item, &[]);
}

#[test]
fn a_sheet_that_was_only_filled_in_gives_its_decisions() {
    let items = [item(1), item(2), item(3)];
    let mut cells = cells(&items);
    for (row, decision, by, reason) in
        [(1, " Approve ", "Ana Approver", ""), (3, "REJECT", "Eve", "as agreed,\nby phone")]
    {
        cells[row][column("decision")] = decision.into();
        cells[row][column("decided_by")] = by.into();
        cells[row][column("reason")] = reason.into();
    }
    let expected = [
        Decision { row: 2, item: 1, approve: true, by: "Ana Approver".into(), reason: String::new() },
        Decision { row: 4, item: 3, approve: false, by: "Eve".into(), reason: "as agreed,\nby phone".into() },
    ];
    assert_eq!(read(&to_bytes(&cells, b','), &items), Ok(expected.to_vec()));
}

#[test]
fn dates_and_amounts_survive_every_usual_format() {
    let item = with_difference("1234.50", "USD");
    for date in
        ["2026-03-31", "31/03/2026", "3/31/2026", "31.03.2026", "31.3.26", "31-Mar-26", "46112", "2026-03-31 00:00:00"]
    {
        check_accepted(&item, &[("effective", date)]);
    }
    let amounts =
        ["1234.5", "1.234,50", "1,234.50", "1234,5", "1 234,50", "1\u{a0}234,50", "$1,234.50", "1'234.50", "+", "(1)"];
    for amount in &amounts[..8] {
        check_accepted(&item, &[("yearly_difference", amount)]);
    }
    for amount in &amounts[8..] {
        check_refused(&item, &[("yearly_difference", amount)], ("yearly_difference", "no longer"));
    }
    let negative = with_difference("-1234.50", "USD");
    for amount in ["-1.234,5", "(1,234.50)", "1234.50-", "\u{2212}1234,50"] {
        check_accepted(&negative, &[("yearly_difference", amount)]);
    }
    let whole = with_difference("1234.00", "USD");
    for amount in ["1234", "1,234", "1.234", "1.234,00"] {
        check_accepted(&whole, &[("yearly_difference", amount)]);
    }
}

#[test]
fn an_engagement_without_an_employee_is_named_in_words() {
    let unlinked = Item { employee_id: "oyster:QcUy2F59".into(), kind: CorrectionKind::OysterProvisioning, ..item(1) };
    assert_eq!(cells(std::slice::from_ref(&unlinked))[1][column("employee_ref")], "engagement QcUy2F59");
    check_accepted(&unlinked, &[]);
}

#[test]
fn an_employee_id_may_lose_its_zeros_for_its_reference_keeps_them() {
    check_accepted(&item(1), &[("employee_id", "121")]);
    check_accepted(&item(1), &[("employee_id", "121.00")]);
    let long = Item { employee_id: "001234567890123456789".into(), ..item(1) };
    for shown in ["1.23457E+18", "1,23457E+18", "1234567890123450000", "1234567890123460000"] {
        check_accepted(&long, &[("employee_id", shown)]);
    }
    check_refused(&long, &[("employee_id", "1.23458E+18")], ("employee_id", "no longer"));
    check_refused(&long, &[("employee_id", "1.23457E+17")], ("employee_id", "no longer"));
    let exponent = Item { employee_id: "12E4".into(), ..item(1) };
    check_accepted(&exponent, &[("employee_id", "1.20E+05")]);
    let dated = Item { employee_id: "3-12".into(), ..item(1) };
    check_accepted(&dated, &[("employee_id", "12-Mar")]);
    check_refused(&item(1), &[("employee_id", "122")], ("employee_id", "no longer"));
    check_refused(&item(1), &[("employee_ref", "id:121")], ("employee_ref", "no longer"));
}

#[test]
fn an_approver_is_named_as_the_job_names_them() {
    let item = item(1);
    let sheet = to_bytes(&approved_with(&item, &[("decided_by", "ANA  approver")]), b',');
    assert_eq!(read(&sheet, &[item]).expect("reads")[0].by, "Ana Approver");
}

#[test]
fn every_edited_value_is_refused() {
    let item = with_difference("1234.50", "USD");
    for (name, text) in [
        ("kind", "demographic"),
        ("changes", "employment_status: full_time -> variable_hours"),
        ("effective", "2026-04-30"),
        ("effective", ""),
        ("yearly_difference", "1234.51"),
        ("yearly_difference", "-1234.50"),
        ("yearly_difference", ""),
        ("currency", "GBP"),
        ("evidence", "payroll: aa"),
        ("codes", "CO01"),
        ("state", "approved"),
    ] {
        check_refused(&item, &[(name, text)], (name, "no longer"));
    }
    check_refused(&item, &[("effective", "########")], ("effective", "too narrow"));
}

#[test]
fn wrong_decisions_are_refused_with_what_to_do() {
    let item = item(1);
    check_refused(&item, &[("decision", "ok")], ("decision", "approve, reject"));
    check_refused(&item, &[("decided_by", "")], ("decided_by", "the name"));
    check_refused(&item, &[("decided_by", "Eve")], ("decided_by", "does not list"));
    check_refused(&item, &[("decision", "reject")], ("reason", "needs one"));
    check_refused(&item, &[("decision", "reject"), ("reason", "#NAME?")], ("reason", "an error of the spreadsheet"));
    check_refused(&item, &[("reason", "#WERT!")], ("reason", "an error of the spreadsheet"));
    check_refused(
        &item,
        &[("decision", "reject"), ("reason", "x"), ("decided_by", "#REF!")],
        ("decided_by", "an error"),
    );
    check_refused(&item, &[("item_hash", "sha256:00")], ("item_hash", "export again"));
    check_refused(&item, &[("item_id", "2")], ("item_id", "no item 2"));
    check_refused(&item, &[("item_id", "one")], ("item_id", "number of an item"));
    check_refused(&with_difference("5000.01", "USD"), &[("decided_by", "ana approver")], ("decided_by", "above"));
    check_refused(&Item { created_by: "bo".into(), ..item.clone() }, &[], ("decided_by", "another approver"));
    let late = Item { state: ItemState::Approved, ..item.clone() };
    let sheet = to_bytes(&approved_with(&item, &[]), b',');
    let problems = read(&sheet, &[late]).expect_err("refused");
    assert_eq!((problems.len(), problems[0].column), (1, "state"));
}

#[test]
fn all_problems_come_together_with_their_rows_and_without_values() {
    let items = [item(1), item(2), item(3)];
    let mut cells = cells(&items);
    cells.push(cells[1].clone());
    for row in &mut cells[1..] {
        row[column("decision")] = "SECRET".into();
    }
    cells[2][column("changes")] = "SECRET".into();
    cells[2][column("decision")] = "approve".into();
    let problems = read(&to_bytes(&cells, b','), &items).expect_err("refused");
    let told: Vec<_> = problems.iter().map(|problem| (problem.row, problem.column)).collect();
    assert_eq!(told, [(2, "decision"), (3, "changes"), (4, "decision"), (5, "item_id")]);
    assert!(problems.iter().all(|problem| !problem.to_string().contains("SECRET")));
    assert_eq!(problems[3].to_string(), "row 5, item_id: item 1 is already in row 2: keep one of the two");
}

#[test]
fn a_row_without_a_decision_may_be_stale_but_not_edited() {
    let mut moved = item(1);
    moved.payload_hash = "0".repeat(64);
    let sheet = to_bytes(&cells(&[item(1)]), b',');
    assert_eq!(read(&sheet, &[moved]), Ok(Vec::new()));
    let mut edited = cells(&[item(1)]);
    edited[1][column("codes")] = "CO02".into();
    assert!(read(&to_bytes(&edited, b','), &[item(1)]).is_err());
}

#[test]
fn rows_are_numbered_as_the_spreadsheet_shows_them() {
    let items = [item(1), item(2)];
    let mut rows = cells(&items);
    rows[1][column("decision")] = "approve".into();
    rows[1][column("decided_by")] = "Bo".into();
    rows[1][column("reason")] = "two\nlines".into();
    rows[2][column("decision")] = "oops".into();
    // A blank row as an empty line, and one as empty cells, before the last.
    let blank = vec![String::new(); 15];
    let with_blanks = [rows[0].clone(), rows[1].clone(), blank, rows[2].clone()];
    let text = String::from_utf8(to_bytes(&with_blanks, b',')).expect("UTF-8");
    let text = text.replacen('\n', "\r\n\r\n", 1).trim_end().to_owned();
    let problems = read(text.as_bytes(), &items).expect_err("refused");
    assert_eq!(problems.iter().map(|problem| problem.row).collect::<Vec<_>>(), [5]);
}

#[test]
fn a_file_that_is_no_sheet_is_refused_in_a_sentence() {
    for (text, expected) in [
        ("", "the file is empty: export the queue again"),
        ("\r\n ;;\r\n", "the file is empty: export the queue again"),
        ("a,b\n1,2\n", "its first row is not the header of an exported queue: keep that row as it was"),
        (&COLUMNS[..14].join(";"), "row 1, reason: this column is missing: put it back, or export again"),
        (&[COLUMNS.join(","), ",state".into()].concat(), "row 1, state: this column is there twice: remove one"),
    ] {
        let problems = parse(text.as_bytes()).expect_err("refused");
        assert_eq!(problems.iter().map(DecisionProblem::to_string).collect::<Vec<_>>(), [expected], "{text}");
    }
}

#[test]
fn letters_that_the_code_page_lacks_and_marks_of_every_kind_survive() {
    let mut item = item(1);
    item.evidence = item.evidence.replace("variable", "v").replace("\"from\":\"full_time\"", "\"from\":\"Łódź é “\"");
    let saved = to_bytes(&approved_with(&item, &[("reason", "geprüft – ok")]), b';');
    let text = String::from_utf8(saved).expect("UTF-8");
    let windows: Vec<u8> = text
        .chars()
        .flat_map(|c| {
            let letter = c.to_string();
            let (bytes, _, unmappable) = WINDOWS_1252.encode(&letter);
            if unmappable { vec![b'?'] } else { bytes.into_owned() }
        })
        .collect();
    let utf_16: Vec<u8> = [0xff, 0xfe].into_iter().chain(text.encode_utf16().flat_map(u16::to_le_bytes)).collect();
    for bytes in [windows, utf_16, format!("\u{feff}{text}").into_bytes(), format!("sep=;\r\n{text}").into_bytes()] {
        let decisions = read(&bytes, std::slice::from_ref(&item)).expect("reads");
        assert_eq!((decisions.len(), decisions[0].reason.as_str()), (1, "geprüft – ok"));
    }
}

proptest! {
    #[test]
    fn what_excel_does_to_a_sheet_changes_no_decision(
        amount in -900_000_000_i64..900_000_000,
        day in 0..3_000_u64,
        order in Just((0..17).collect::<Vec<usize>>()).prop_shuffle(),
        delimiter in prop::sample::select(vec![b',', b';', b'\t']),
        (comma, grouped, day_first, crlf, bom, blank_rows) in any::<(bool, bool, bool, bool, bool, bool)>(),
    ) {
        let usd = Currency::parse("USD").expect("listed");
        let date = chrono::NaiveDate::from_ymd_opt(2024, 1, 1).expect("a day") + chrono::Days::new(day);
        let item = Item { yearly_difference: Some((Money(amount * 100), usd)), effective: Some(date), ..item(7) };
        let (point, mark) = if comma { (',', ".") } else { ('.', ",") };
        let whole = (amount.abs() / 100).to_string();
        let mut groups: Vec<&str> = whole.as_bytes().rchunks(3).rev().map(|g| std::str::from_utf8(g).expect("digits")).collect();
        if !grouped { groups = vec![&whole]; }
        let cents = format!("{:02}", amount.abs() % 100);
        let cents = cents.trim_end_matches('0');
        let sign = if amount < 0 { "-" } else { "" };
        let shown = if cents.is_empty() { format!("{sign}{}", groups.join(mark)) } else { format!("{sign}{}{point}{cents}", groups.join(mark)) };
        let shown_date = date.format(if day_first { "%d/%m/%Y" } else { "%-m/%-d/%y" }).to_string();
        let edits = [("yearly_difference", shown.as_str()), ("effective", shown_date.as_str()), ("employee_id", "127")];
        let mut rows = approved_with(&item, &edits);
        for row in &mut rows {
            row.extend([String::new(), String::new()]);
            *row = order.iter().map(|place| row[*place].clone()).collect();
        }
        if blank_rows {
            rows.insert(1, vec![String::new(); 17]);
            rows.push(vec![String::new(); 17]);
        }
        let mut text = String::from_utf8(to_bytes(&rows, delimiter)).expect("UTF-8");
        if crlf { text = text.replace('\n', "\r\n"); }
        if bom { text.insert(0, '\u{feff}'); }
        let decisions = read(text.as_bytes(), &[item]).map_err(|p| TestCaseError::fail(format!("{p:?} of {shown} {shown_date}")))?;
        prop_assert_eq!(decisions.len(), 1);
        prop_assert_eq!(decisions[0].row, if blank_rows { 3 } else { 2 });
    }

    #[test]
    fn no_bytes_make_the_reader_panic(bytes in prop::collection::vec(any::<u8>(), 0..200), with_header: bool) {
        let header = format!("{}\n", COLUMNS.join(";"));
        let bytes = if with_header { [header.into_bytes(), bytes].concat() } else { bytes };
        let _ = read(&bytes, &[item(1)]);
    }
}

#[test]
fn a_sheet_for_a_german_excel_comes_back_as_it_went() {
    let item = with_difference("-1234.50", "USD");
    let bytes = export(std::slice::from_ref(&item), CsvFormat::EXCEL_DE).expect("exports");
    let text = String::from_utf8(bytes).expect("UTF-8");
    assert!(text.starts_with(&format!("\u{feff}{}\r\n", COLUMNS.join(";"))), "{text}");
    assert!(text.contains(";-1234,50;USD;"), "{text}");
    let decided = text.replace(";proposed;;;", ";proposed;approve;Bo;");
    let sheet = parse(decided.as_bytes()).expect("a sheet");
    let decisions =
        decide(&sheet, &by_id(&[item]), &ana_and_bo(), &login("ana")).expect("readable").expect("no problem");
    assert_eq!(decisions.iter().map(|d| (d.item, d.approve)).collect::<Vec<_>>(), [(1, true)]);
}
