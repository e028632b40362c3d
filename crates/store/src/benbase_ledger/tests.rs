use std::fs;

use super::*;
use crate::tests::at;

const FULL: &str = r#"{"employee_id":"bb_1","pay_frequency":"semimonthly","pay_rate":{"amount":"52000.00","period":"annually","effective_start":"2025-01-01"},"employment_status":"full_time","address":{"line1":"1 Main St","line2":"Apt 4","city":"Austin","state":"TX","zip_code":"01234"}}"#;

struct Folder(tempfile::TempDir);

impl Folder {
    fn new() -> Folder {
        Folder(tempfile::tempdir().expect("a temporary folder"))
    }

    fn file(&self, text: impl AsRef<[u8]>) -> PathBuf {
        let path = self.0.path().join("employees.ndjson");
        fs::write(&path, text).expect("writes");
        path
    }
}

fn store() -> Store {
    Store::in_memory().expect("opens")
}

fn import(store: &mut Store, text: &str) -> anyhow::Result<LedgerImport> {
    let folder = Folder::new();
    store.import_opening_ledger(&folder.file(text), &PlaceholderDates::default(), at(0))
}

fn pay_amount(store: &Store) -> Option<Money> {
    store.benbase_ledger().expect("reads").get(&"bb_1".into()).expect("is there").pay_amount
}

#[track_caller]
fn check_bad(text: impl AsRef<[u8]>, expected: &[&str]) {
    let (mut store, folder) = (store(), Folder::new());
    let error =
        store.import_opening_ledger(&folder.file(text), &PlaceholderDates::default(), at(0)).expect_err("refuses");
    let bad: &BadLedger = error.downcast_ref().expect("bad lines");
    assert_eq!(bad.problems, expected);
    assert_eq!(store.benbase_ledger().expect("reads"), BenbaseLedger::default(), "nothing was imported");
    assert!(!format!("{error:#}").contains("SECRET"), "{error:#}");
}

#[test]
fn an_opening_balance_is_read_field_by_field() {
    let mut store = store();
    let text = format!("\u{feff}{FULL}\r\n\n{{\"employee_id\":\"bb_2\",\"first_name\":\"Ann\"}}\n");
    assert_eq!(import(&mut store, &text).expect("imports"), LedgerImport { already: false, rows: 2, kept: 0 });
    let full = Held {
        pay_frequency: Some("semimonthly"),
        pay_amount: Some(Money::units(52_000)),
        pay_period: Some("annually"),
        effective_start: "2025-01-01".parse().ok(),
        pay_sent: false,
        employment_status: Some("full_time"),
        line1: Some("1 Main St"),
        line2: Some("Apt 4"),
        city: Some("Austin"),
        state: Some("TX"),
        zip_code: Some("01234"),
        terminated_on: None,
    };
    let expected = BenbaseLedger::from([("bb_1", full), ("bb_2", Held::default())]);
    assert_eq!(store.benbase_ledger().expect("reads"), expected);
}

#[test]
fn absent_null_and_blank_are_the_same() {
    let mut store = store();
    let text = r#"{"employee_id":" bb_1 ","pay_frequency":"","pay_rate":null,"address":{"line1":" ","city":null}}"#;
    import(&mut store, text).expect("imports");
    assert_eq!(store.benbase_ledger().expect("reads"), BenbaseLedger::from([("bb_1", Held::default())]));
}

#[test]
fn an_amount_is_exact_as_text_and_as_number() {
    for amount in ["\"25.5\"", "25.50", "2.55e1"] {
        let mut store = store();
        let text = format!(r#"{{"employee_id":"bb_1","pay_rate":{{"amount":{amount},"period":"hourly"}}}}"#);
        import(&mut store, &text).expect("imports");
        assert_eq!(pay_amount(&store), Some(Money(255_000)));
    }
}

#[test]
fn the_same_content_is_imported_once() {
    let mut store = store();
    import(&mut store, FULL).expect("imports");
    assert!(import(&mut store, FULL).expect("passes over").already);
    let moved = FULL.replace("52000.00", "53000.00");
    assert_eq!(import(&mut store, &moved).expect("imports").rows, 1);
    assert_eq!(pay_amount(&store), Some(Money::units(53_000)));
}

#[test]
fn what_a_push_got_accepted_is_never_overwritten() {
    let mut store = store();
    import(&mut store, FULL).expect("imports");
    store.connection().execute("UPDATE ledger SET source = 'push', pay_amount = 1", []).expect("updates");
    let more = format!("{}\n{{\"employee_id\":\"bb_2\"}}", FULL.replace("52000.00", "53000.00"));
    assert_eq!(import(&mut store, &more).expect("imports"), LedgerImport { already: false, rows: 1, kept: 1 });
    assert_eq!(pay_amount(&store), Some(Money(1)));
}

#[test]
fn who_was_put_back_by_hand_is_terminated_no_more_unless_again_since() {
    let mut store = store();
    import(&mut store, FULL).expect("imports");
    let sql = "UPDATE ledger SET source = 'push', terminated_on = '2026-01-30'";
    store.connection().execute(sql, []).expect("updates");
    let terminated_on = |store: &Store| {
        let ledger = store.benbase_ledger().expect("reads");
        let held = ledger.get(&"bb_1".into()).expect("is there");
        (held.terminated_on.map(|day| day.to_string()), held.pay_amount)
    };
    let back = |day: &str| format!(r#"{{"employee_id":"bb_1","reinstated_on":"{day}"}}"#);
    let pay = Some(Money::units(52_000));
    for (day, expected) in [("2026-01-30", Some("2026-01-30")), ("2026-04-01", None)] {
        import(&mut store, &back(day)).expect("imports");
        assert_eq!(terminated_on(&store), (expected.map(str::to_owned), pay), "{day}");
    }
    store.connection().execute("UPDATE ledger SET terminated_on = '2026-05-29'", []).expect("updates");
    // The same line in a file that tells more.
    import(&mut store, &format!("{}\n{{\"employee_id\":\"bb_2\"}}", back("2026-04-01"))).expect("imports");
    assert_eq!(terminated_on(&store), (Some("2026-05-29".to_owned()), pay));
    check_bad(back("soon"), &["line 1: reinstated_on: expected a date, YYYY-MM-DD, of the years 1900 to 2199"]);
}

#[test]
fn a_date_is_read_as_in_every_source() {
    let line = |date| {
        let rate = format!(r#"{{"amount":"1.00","period":"hourly","effective_start":"{date}"}}"#);
        format!(r#"{{"employee_id":"bb_1","pay_rate":{rate}}}"#)
    };
    for (text, expected) in
        [("2025-01-01", Some("2025-01-01")), ("2025-01-01T00:00:00Z", Some("2025-01-01")), ("9999-12-31", None)]
    {
        let mut store = store();
        import(&mut store, &line(text)).expect("imports");
        let ledger = store.benbase_ledger().expect("reads");
        let held = ledger.get(&"bb_1".into()).expect("is there");
        assert_eq!(held.effective_start, expected.and_then(|day| day.parse().ok()), "{text}");
    }
    let expected = "line 1: pay_rate.effective_start: expected a date, YYYY-MM-DD, of the years 1900 to 2199";
    for text in ["0025-01-01", "2200-01-01", "+12025-01-01", "2025-1-"] {
        check_bad(line(text), &[expected]);
    }
}

#[test]
fn all_bad_lines_are_named_at_once_without_their_values() {
    let text = [
        FULL,
        "SECRET",
        r#"{"employee_id":"","pay_frequency":"SECRET","employment_status":"SECRET"}"#,
        r#"{"employee_id":"a","pay_rate":{"amount":"SECRET","period":"SECRET","effective_start":"2025-02-30"}}"#,
        r#"{"employee_id":"b","pay_rate":{"amount":"-1.00"}}"#,
        r#"{"employee_id":"c","pay_rate":"SECRET"}"#,
        r#"{"employee_id":"bb_1"}"#,
    ];
    check_bad(
        text.join("\n"),
        &[
            "line 2: not a JSON object, at column 1",
            "line 3: employee_id: expected a Benbase id",
            "line 3: pay_frequency: expected one of weekly, biweekly, semimonthly, monthly",
            "line 3: employment_status: expected one of full_time, part_time, variable_hours",
            "line 4: pay_rate.amount: expected a decimal amount; it is not a number",
            "line 4: pay_rate.period: expected one of hourly, annually",
            "line 4: pay_rate.effective_start: expected a date, YYYY-MM-DD, of the years 1900 to 2199",
            "line 5: pay_rate.amount: expected zero or more",
            "line 5: pay_rate.period: expected hourly or annually; it is absent",
            "line 6: a field of another type than Benbase's, at column 38",
            "line 7: the same employee_id as on line 1",
        ],
    );
    check_bad(b"\xff\n", &["line 1: not UTF-8"]);
}

#[test]
fn a_refused_file_can_be_imported_once_it_is_corrected() {
    let mut store = store();
    import(&mut store, &format!("{FULL}\nx")).expect_err("refuses");
    assert_eq!(import(&mut store, FULL).expect("imports").rows, 1);
}

#[test]
fn many_bad_lines_are_counted_and_the_first_shown() {
    let error = import(&mut store(), &"x\n".repeat(150)).expect_err("refuses");
    let text = error.to_string();
    assert!(text.contains("has 150 problems") && text.contains("line 100:") && text.ends_with("… and 50 more"));
    assert!(!text.contains("line 101:"));
}

#[test]
fn a_file_without_line_breaks_is_refused_before_it_fills_the_memory() {
    let error = import(&mut store(), &" ".repeat(70_000)).expect_err("refuses");
    assert!(format!("{error:#}").contains("line 1 is longer"), "{error:#}");
}

#[test]
fn a_missing_file_is_named() {
    let error = store()
        .import_opening_ledger(Path::new("/nowhere/x.ndjson"), &PlaceholderDates::none(), at(0))
        .expect_err("refuses");
    assert!(format!("{error:#}").contains("/nowhere/x.ndjson"));
}
