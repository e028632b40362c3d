//! The long layout, totals rows and control files.

use super::*;

const LONG: &str = "id,name,salary,code,ee,er,cur";

fn checks(payroll: &Payroll) -> Vec<(String, i128, i128)> {
    payroll.controls.iter().map(|c| (format!("{}: {}", c.source, c.what), c.stated, c.found)).collect()
}

fn check(what: &str, stated: i128, found: i128) -> (String, i128, i128) {
    (what.to_owned(), stated, found)
}

#[test]
fn the_long_layout_has_a_line_for_each_employee_and_code() {
    let text = format!("{LONG}\n2,b,5,MED,1,2,\n1,a,5,MED,3,,\n2,b,5,DEN,4,,\n1,a,5,,,,\n2,b,5,MED,1,2,\n");
    let payroll = check_payroll(&text, |c| c.long(None));
    assert_eq!(lines(&payroll), ["2 DEN 4.00 - x1", "2 MED 2.00 4.00 x2", "1 MED 3.00 - x1"]);
    assert_eq!(payroll.lines.duplicate, [false, true, false]);
    assert_eq!(payroll.rows.accepted, 5);
    // A row without a code is a row all the same.
    assert_eq!(payroll.rows_of_person, [3, 2]);
}

#[test]
fn an_amount_without_a_code_is_rejected() {
    let payroll = check_payroll(&format!("{LONG}\n1,a,5,,1,,\n"), |c| c.long(None));
    assert_eq!(rejects(&payroll), ["2 code : an amount without a deduction code (1)"]);
}

#[test]
fn lines_of_two_currencies_are_never_added() {
    let text = format!("{LONG}\n1,a,5,MED,1,,USD\n1,a,5,MED,2,,GBP\n1,a,5,DEN,1,,ABC\n");
    let payroll = check_payroll(&text, |c| c.long(None));
    assert_eq!(currencies(&payroll), ["GBP", "USD"]);
    assert_eq!(payroll.lines.duplicate, [true, true]);
    assert_eq!(rejects(&payroll), ["4 cur aaa: not a currency code of ISO 4217 (1)"]);
}

#[test]
fn a_deduction_file_apart_must_know_its_employees() {
    let mut case = Case::new();
    case.long(Some("deductions.csv"));
    case.settings.columns.run_type = named("run");
    write(&case.path("deductions.csv"), b"id,code,ee,er,cur\n1,MED,1,2,\n9,MED,1,,\n2,MED,1,,\n3,DEN,7,,\n1,DEN,2,,\n");
    let payroll =
        case.read(b"id,name,salary,run\n1,a,5,\n2,b,bad,\n3,c,5,bonus\n4,d,5,\n").expect("the files can be used");
    check_balance(&payroll);
    assert_eq!(lines(&payroll), ["1 DEN 2.00 - x1", "1 MED 1.00 2.00 x1"]);
    assert_eq!(
        rejects(&payroll),
        [
            "3 id : employee is not in the payroll file (9)",
            "4 id : the employee's row in the payroll file was rejected (2)",
            "3 salary aaa: not a number (2)",
        ]
    );
    assert_eq!(payroll.rows, RowCounts { read: 9, accepted: 4, rejected: 3, out_of_scope: 2, structural: 0 });
    // One row each in the payroll file; the first has two in the other.
    assert_eq!(payroll.rows_of_person, [3, 1]);
    assert_eq!(payroll.set_aside[1].benefit, "(DEN)");
    assert_eq!(payroll.files.len(), 2);
}

#[test]
fn a_totals_row_is_a_control_total_to_the_unit() {
    let text = format!("{HEADER}\n1,a,5,10.00,20,\n2,b,5,1.50,,3\n Total (2),,,11.50,20.01,3\n");
    let payroll = check_payroll(&text, |c| c.settings.totals_row = named("TOTAL"));
    assert_eq!(
        checks(&payroll),
        [
            check("totals row: rows", 2, 2),
            check("totals row: ee_amount DEN USD", 30_000, 30_000),
            check("totals row: ee_amount MED USD", 115_000, 115_000),
            check("totals row: er_amount MED USD", 200_100, 200_000),
        ]
    );
    assert_eq!(payroll.rows, RowCounts { read: 3, accepted: 2, structural: 1, ..RowCounts::default() });
}

#[test]
fn a_totals_row_holds_off_cycle_runs_too() {
    let text = format!("{HEADER},run\n1,a,5,10,,,\n2,b,5,1,,,bonus\nTOTAL,2,,11,,,\n");
    let payroll = check_payroll(&text, |c| {
        c.settings.totals_row = named("TOTAL");
        c.settings.columns.run_type = named("run");
    });
    assert_eq!(
        checks(&payroll),
        [check("totals row: rows", 2, 2), check("totals row: ee_amount MED USD", 110_000, 110_000)]
    );
}

#[test]
fn a_totals_row_that_is_absent_or_in_the_middle_fails() {
    let tweak = |c: &mut Case| c.settings.totals_row = named("TOTAL");
    let absent = check("totals row: totals rows", 1, 0);
    assert_eq!(checks(&check_payroll(&format!("{HEADER}\n1,a,5,10,,\n"), tweak)), std::slice::from_ref(&absent));
    let payroll = check_payroll(&format!("{HEADER}\nTOTAL,,,10,,\n1,a,5,10,,\n"), tweak);
    assert_eq!(checks(&payroll), [absent]);
    assert_eq!(rejects(&payroll), ["2  : a totals row with data rows behind it ()"]);
}

#[test]
fn an_id_that_begins_like_a_totals_row_is_an_id() {
    let payroll = check_payroll(&format!("{HEADER}\nTOTAL1,a,5,10,,\nTOTAL,,,10,,\n"), |c| {
        c.settings.totals_row = named("TOTAL")
    });
    assert_eq!(ids(&payroll), ["TOTAL1"]);
    assert_eq!(payroll.controls.len(), 1);
}

#[test]
fn totals_rows_of_two_currencies_stand_apart() {
    let rows = "1,a,5,MED,1,,USD\n2,a,5,MED,2,,GBP\n";
    let tweak = |c: &mut Case| {
        c.long(None);
        c.settings.totals_row = named("TOTAL");
    };
    let payroll = check_payroll(&format!("{LONG}\n{rows}TOTAL,,,,1,,USD\nTOTAL,,,,2,,GBP\n"), tweak);
    assert_eq!(
        checks(&payroll),
        [check("totals row: ee_amount USD", 10_000, 10_000), check("totals row: ee_amount GBP", 20_000, 20_000)]
    );
    let payroll = check_payroll(&format!("{LONG}\n{rows}TOTAL,,,,3,,\n"), tweak);
    assert_eq!(rejects(&payroll), ["4  : a totals row adds several currencies together ()"]);
}

#[test]
fn a_control_file_is_held_against_the_whole_file_rejected_rows_included() {
    let control =
        "code;currency;row_count;sum_ee;sum_er\n;;3;;\n*;USD;;\"15.00\";\nMED;USD;3;12.00;20.00\nPEN;USD;0;0;\n";
    let payroll = check_payroll(&format!("{HEADER}\n1,a,5,10,20,\n2,b,5,1,,3\n3,c,x,1,,\n"), |c| {
        c.settings.control_file = Some(c.path("control.csv"));
        write(&c.path("control.csv"), control.as_bytes());
    });
    assert_eq!(
        checks(&payroll),
        [
            check("control file: rows", 3, 3),
            check("control file: ee_amount USD", 150_000, 150_000),
            check("control file: ee_amount MED USD", 120_000, 120_000),
            check("control file: er_amount MED USD", 200_000, 200_000),
            check("control file: rows MED USD", 3, 3),
            check("control file: ee_amount PEN USD", 0, 0),
            check("control file: rows PEN USD", 0, 0),
        ]
    );
    assert_eq!(payroll.files.len(), 2);
}
