//! Social security numbers, and nobody else's.

use std::collections::BTreeSet;

use secrecy::ExposeSecret as _;

use super::*;
use crate::national_ids;

/// The numbers found of the wanted people, as `id=number`.
#[track_caller]
fn check(rows: &str, tweak: impl FnOnce(&mut Case), wanted: &[&str], expected: &[&str]) {
    let mut case = Case::new();
    case.settings.columns.nat_id = named("ssn");
    tweak(&mut case);
    write(&case.path("payroll.csv"), format!("{HEADER},ssn\n{rows}").as_bytes());
    let wanted: BTreeSet<String> = wanted.iter().map(|id| (*id).to_owned()).collect();
    let found = national_ids(&case.settings, &wanted, Duration::ZERO).expect("a file that can be used");
    assert!(!format!("{found:?}").contains("6789"), "never shown");
    let found: Vec<String> = found.iter().map(|(id, text)| format!("{id}={}", text.expose_secret())).collect();
    assert_eq!(found, expected, "{rows}");
}

#[test]
fn only_the_people_asked_for_are_read() {
    let rows = "001,a,1,1,1,1,123-45-6789\n1,b,1,1,1,1,987-65-4321\n2,c,1,1,1,1,111-22-3333\n";
    check(rows, |_| {}, &["001", "2", "9"], &["001=123-45-6789", "2=111-22-3333"]);
    check(rows, |_| {}, &[], &[]);
}

#[test]
fn a_person_without_exactly_one_number_is_left_out() {
    for rows in [
        "1,a,1,1,1,1,\n",
        "1,a,1,1,1,1\n",
        "1,a,1,1,1,1,123456789\n1,a,1,1,1,1,987654321\n",
        "1,a,1,1,1,1,123456789\n1,a,1,1,1,1,\n",
        "1,a,1,1,1,1,\n1,a,1,1,1,1,123456789\n",
        "1,a,1,1,1,1,123456789\n1,a,1,1,1,1,987654321\n1,a,1,1,1,1,987654321\n",
    ] {
        check(rows, |_| {}, &["1"], &[]);
    }
    check("1,a,1,1,1,1,123456789\n1,a,1,1,1,1, 123456789\n", |_| {}, &["1"], &["1=123456789"]);
}

#[test]
fn totals_repeated_headers_and_folded_ids_are_as_in_the_nightly_run() {
    let rows = format!("ab1,a,1,1,1,1,123456789\n{HEADER},ssn\nTotal,,1,1,1,1,\n");
    let tweak = |case: &mut Case| {
        case.settings.fold_id_case = true;
        case.settings.totals_row = named("Total");
    };
    check(&rows, tweak, &["AB1", "ab1"], &[&format!("{}=123456789", crate::fold_id("ab1"))]);
}

#[test]
fn a_file_without_the_column_is_an_error_that_names_no_value() {
    let mut case = Case::new();
    case.settings.columns.nat_id = named("ssn");
    write(&case.path("payroll.csv"), format!("{HEADER}\n123456789,a,1,1,1,1\n").as_bytes());
    let wanted = BTreeSet::from(["123456789".to_owned()]);
    let error = national_ids(&case.settings, &wanted, Duration::ZERO).expect_err("no such column");
    assert!(matches!(error, PayrollError::MissingColumns { .. }), "{error}");
    assert!(error.to_string().contains("ssn") && !error.to_string().contains("6789"), "{error}");
}
