//! Reports with a row of its own above the rows of each employee.

use super::*;
use crate::settings::{EmployeeRow, RowPattern};

const HEADER_OF_LINES: &str = "code,ee,er,cur";

#[track_caller]
fn check_report(pattern: &str, rows: &str) -> Payroll {
    check_payroll(&format!("Deductions by employee,,,\n{HEADER_OF_LINES}\n{rows}"), |c| {
        c.long(None);
        if let DeductionLayout::Long { employee_id, .. } = &mut c.settings.layout {
            *employee_id = "{id}".to_owned();
        }
        c.settings.columns = PayrollColumns { employee_id: "{id}".to_owned(), ..PayrollColumns::default() };
        let row = EmployeeRow::new(pattern).expect("a pattern");
        c.settings.columns.last_name = pattern.contains("{name}").then(|| "{name}".to_owned());
        c.settings.table.employee_row = Some(row);
        c.settings.table.skip_rows = vec![RowPattern::new("Employee total*").expect("a pattern")];
    })
}

#[test]
fn the_rows_below_an_employees_row_are_that_employees() {
    let rows = "Employee: 00123 Doe,,,\nMED,10,40,\nDEN,5,,\nEmployee total,15,40,\n\
                Employee:,00124,Roe,\nMED,7,,\ncode,ee,er,cur\nDeductions by employee,,,\nDEN,2,,\n";
    let payroll = check_report("Employee: {id} {name}", rows);
    let expected = ["00123 DEN 5.00 - x1", "00123 MED 10.00 40.00 x1", "00124 DEN 2.00 - x1", "00124 MED 7.00 - x1"];
    assert_eq!(lines(&payroll), expected);
    assert_eq!(texts(payroll.people.last_name.iter()), ["Doe", "Roe"]);
    let left_out: Vec<(&str, u64)> = payroll.left_out.iter().map(|out| (out.reason.as_str(), out.rows)).collect();
    assert!(left_out.contains(&("employee_row", 2)), "{left_out:?}");
    assert_eq!(payroll.rows.rejected, 0);
}

#[test]
fn after_a_row_that_may_open_another_employee_nobody_has_the_rows_below() {
    let rows = "Employee: 1 Doe,,,\nMED,10,40,\nEmployee: Roe,,,\nMED,7,,\nEmployee: 3 Poe,,,\nMED,8,,\n";
    let payroll = check_report("Employee: {id} {name}", rows);
    assert_eq!(lines(&payroll), ["1 MED 10.00 40.00 x1", "3 MED 8.00 - x1"]);
    assert_eq!(
        rejects(&payroll),
        [
            "5  : neither a deduction nor an employee's row as `Employee: {id} {name}` ()",
            "6 {id} : the employee id is blank ()"
        ]
    );
}

#[test]
fn a_pattern_without_a_text_takes_no_deduction_for_an_employee() {
    let rows = "17 Doe,,,\nMED Plan,10,40,\nRoe,,,\nMED Plan,7,,\n18 Roe,,,\nMED Plan,7,,\n";
    let payroll = check_report("{id} {name}", rows);
    assert_eq!(lines(&payroll), ["17 MED Plan 10.00 40.00 x1", "18 MED Plan 7.00 - x1"]);
    assert_eq!(payroll.rows.rejected, 2, "{:?}", rejects(&payroll));
}

#[test]
fn a_deduction_called_like_an_employees_row_is_a_deduction() {
    let rows = "Employee 1 Doe,,,\nEmployee Pension,10.00,40.00,\nMED,7.00,,\nEmployee,,2,\nMED,7.00,,\n";
    let payroll = check_report("Employee {id} {name}", rows);
    assert_eq!(lines(&payroll), ["1 Employee Pension 10.00 40.00 x1", "1 MED 7.00 - x1"]);
    // The id stands where no pattern looks for it: whose the row below is, nobody knows.
    assert_eq!(payroll.rows.rejected, 2, "{:?}", rejects(&payroll));
}

#[test]
fn a_deduction_above_all_employees_is_nobodys() {
    let payroll = check_report("Employee: {id} {name}", "MED,10,,\nEmployee: 1 Doe,,,\nMED,7,,\n");
    assert_eq!((lines(&payroll).as_slice(), payroll.rows.rejected), (["1 MED 7.00 - x1".to_owned()].as_slice(), 1));
}
