//! What stands above, below and between the rows of a table, and rows of other lengths.

use super::*;
use crate::settings::{FileFormat, Home, RecordTypes, RowPattern, RowsPerPerson, SummedColumn};
use crate::{LeftOut, check_columns};

fn words(words: &[&str]) -> std::collections::BTreeSet<String> {
    words.iter().map(|word| (*word).to_owned()).collect()
}

/// Reason, rows and first line of what was left out.
fn left_out(payroll: &Payroll) -> Vec<(&str, u64, u64)> {
    payroll
        .left_out
        .iter()
        .map(|LeftOut { reason, rows, first_line, .. }| (reason.as_str(), *rows, *first_line))
        .collect()
}

#[test]
fn the_header_is_the_first_row_with_all_mapped_headers() {
    let titles = "Fable Ltd,,\n\"Register, all\"\nPay day: 31 March 2026,,,,,\n\n";
    let payroll = check_payroll(&format!("{titles}{HEADER}\n1,a,,10,20,\n"), |_| {});
    assert_eq!(lines(&payroll), ["1 MED 10.00 20.00 x1"]);
    assert_eq!(left_out(&payroll), [("above the header", 3, 1)]);
    assert_eq!(payroll.rows, RowCounts { read: 1, accepted: 1, ..RowCounts::default() });
}

#[test]
fn titles_and_header_that_come_again_on_each_page_are_left_out() {
    let page = format!("Fable Ltd,,\n{HEADER}\n");
    let payroll = check_payroll(&format!("{page}1,a,,1,,\n{page}2,b,,2,,\n"), |_| {});
    assert_eq!(lines(&payroll), ["1 MED 1.00 - x1", "2 MED 2.00 - x1"]);
    assert_eq!(
        left_out(&payroll),
        [("a line above the header again", 1, 4), ("above the header", 1, 1), ("the header again", 1, 5)]
    );
}

#[test]
fn the_job_can_name_the_line_of_the_header() {
    let other = format!("{HEADER}\n{HEADER}\n1,a,,1,,\n");
    let payroll = check_payroll(&other, |c| c.settings.table.header_row = Some(2));
    assert_eq!((payroll.rows.read, left_out(&payroll)), (1, vec![("above the header", 1, 1)]));
    let error = check_refused(&format!("{HEADER}\n1,a,,1,,\n"), |c| c.settings.table.header_row = Some(9));
    assert!(matches!(error, PayrollError::NoHeaderRow { line: 9, .. }), "{error}");
}

#[test]
fn an_error_says_which_line_seems_to_be_the_header() {
    let error = check_refused("Fable Ltd,,\nRegister\nid,name,salary,med_ee,er,den\n1,a,,1,,\n", |_| {});
    let said = error.to_string();
    assert!(said.contains("line 3 seems to be the header, with 4 of 6"), "{said}");
    assert!(said.contains("line 1: 1 cells, 0 mapped, line 2: 1 cells, 0 mapped, line 3: 6 cells, 4 mapped"), "{said}");
    assert!(!said.contains("Fable"), "titles may be personal: {said}");
}

#[test]
fn groups_above_the_names_tell_columns_apart() {
    let text = ",,,Medical,,Dental\nid,name,salary,EE,ER,EE\n1,a,,10,20,5\n";
    let payroll = check_payroll(text, |c| {
        c.settings.table.two_level_header = true;
        c.settings.layout = DeductionLayout::Wide(vec![
            WideDeduction {
                code: "MED".to_owned(),
                employee_column: named("Medical / EE"),
                employer_column: named("ER"),
                details: Default::default(),
            },
            WideDeduction {
                code: "DEN".to_owned(),
                employee_column: named("Dental / EE"),
                employer_column: None,
                details: Default::default(),
            },
        ]);
    });
    assert_eq!(lines(&payroll), ["1 DEN 5.00 - x1", "1 MED 10.00 20.00 x1"]);
}

#[test]
fn repeated_names_are_told_apart_by_their_place_and_line_breaks_in_them_are_blanks() {
    let text = "id,name,salary,\"Medical\nEE\",Amount,Amount\n1,a,,10,20,5\n";
    let payroll = check_payroll(text, |c| {
        c.settings.layout = DeductionLayout::Wide(vec![
            WideDeduction {
                code: "MED".to_owned(),
                employee_column: named("Medical EE"),
                employer_column: named("Amount #1"),
                details: Default::default(),
            },
            WideDeduction {
                code: "DEN".to_owned(),
                employee_column: named("Amount #2"),
                employer_column: None,
                details: Default::default(),
            },
        ]);
    });
    assert_eq!(lines(&payroll), ["1 DEN 5.00 - x1", "1 MED 10.00 20.00 x1"]);
}

#[test]
fn blank_cells_behind_the_last_header_are_no_cells() {
    let payroll = check_payroll(&format!("{HEADER}\n1,a,,1,,,\n2,b,,2,,,,\n"), |_| {});
    assert_eq!(payroll.rows.accepted, 2);
    // And the header may have them alone.
    let payroll = check_payroll(&format!("{HEADER},,\n1,a,,1,,\n"), |_| {});
    assert_eq!(payroll.rows.accepted, 1);
    let payroll = check_payroll(&format!("{HEADER}\n1,a,,1,,,x\n"), |_| {});
    assert_eq!(rejects(&payroll), ["2  : 7 cells; the header has 6 (1)"]);
}

#[test]
fn rows_may_end_early_where_the_job_says_so() {
    let text = format!("{HEADER}\n1,a,,1\n2,b,,2,,\n");
    assert_eq!(rejects(&check_payroll(&text, |_| {})), ["2  : 4 cells; the header has 6 (1)"]);
    let payroll = check_payroll(&text, |c| c.settings.table.short_rows = true);
    assert_eq!(lines(&payroll), ["1 MED 1.00 - x1", "2 MED 2.00 - x1"]);
}

#[test]
fn subtotals_and_footers_are_left_out_by_pattern_and_counted() {
    let text = format!("{HEADER}\n1,a,,1,,\nSubtotal 10,,,1,,\n2,b,,2,,\n,Total,,3,,\nPrinted 1 April,,,,,\n");
    let payroll = check_payroll(&text, |c| {
        c.settings.table.skip_rows = ["*total*", "printed *"].iter().filter_map(|p| RowPattern::new(p)).collect();
    });
    assert_eq!(ids(&payroll), ["1", "2"]);
    assert_eq!(left_out(&payroll), [("skip_rows `*total*`", 2, 3), ("skip_rows `printed *`", 1, 6)]);
    assert_eq!(payroll.rows, RowCounts { read: 5, accepted: 2, structural: 3, ..RowCounts::default() });
}

#[test]
fn the_record_type_says_whose_amount_a_row_holds() {
    let rows =
        "H,,,,,\nD,1,Medical,60.00\nC,1,Medical,240.00\nE,1,Salary,2500.00\nE,2,Salary,9.99\nx,2,Medical,1\nZ,3,,\n";
    let payroll = check_payroll(&format!("type,id,code,ee\n{rows}"), |c| {
        lines_of_one_amount(c);
        c.settings.columns.last_name = None;
        c.settings.table.record_types = Some(RecordTypes {
            column: "type".to_owned(),
            take: words(&["d"]),
            employer: words(&["c"]),
            person: words(&["e"]),
            leave: words(&["h", "z"]),
        });
    });
    assert_eq!(lines(&payroll), ["1 Medical 60.00 240.00 x2"]);
    // The employee's amount and the employer's are one deduction, and who earns without a deduction is on payroll.
    assert_eq!((payroll.lines.duplicate.as_slice(), ids(&payroll)), (&[false][..], vec!["1", "2"]));
    assert_eq!(left_out(&payroll), [("record type H", 1, 2), ("record type Z", 1, 8)]);
    assert_eq!(rejects(&payroll), ["7  : record type `x` is not one that the job maps; add it to `record_type` (2)"]);
}

#[test]
fn a_long_file_whose_rows_cannot_be_told_apart_is_refused() {
    let rows: String = (1..=3).map(|id| format!("{id},a,5,MED,60,,\n{id},a,5,MED,240,,\n")).collect();
    let text = format!("id,name,salary,code,ee,er,cur\n{rows}");
    let error = check_refused(&text, |c| c.long(None));
    assert!(matches!(&error, PayrollError::RepeatedCode { employees: 3, repeated: 3, .. }), "{error}");
    let payroll = check_payroll(&text, |c| {
        c.long(None);
        c.deductions.split_codes.insert("MED".to_owned());
    });
    assert_eq!(lines(&payroll)[0], "1 MED 300.00 - x2");
    // A doubled file has the same amounts again: that is a finding for each.
    assert_eq!(check_payroll(&text.replace("240", "60"), |c| c.long(None)).lines.duplicate, [true, true, true]);
}

#[test]
fn codes_and_amounts_may_stand_in_groups_beside_each_other() {
    let group = |n: usize| settings::DeductionGroup {
        code_column: format!("code #{n}"),
        employee_column: format!("ee #{n}"),
        employer_column: Some(format!("er #{n}")),
        details: Default::default(),
    };
    let text = "id,code,ee,er,code,ee,er\n1,MED,10,20,DEN,5,\n2,,0,,,,\n3,MED,1,,,7,\n";
    let payroll = check_payroll(text, |c| {
        c.settings.columns = PayrollColumns { employee_id: "id".to_owned(), ..PayrollColumns::default() };
        c.settings.layout = DeductionLayout::Groups(vec![group(1), group(2)]);
    });
    assert_eq!(lines(&payroll), ["1 DEN 5.00 - x1", "1 MED 10.00 20.00 x1"]);
    assert_eq!(rejects(&payroll), ["4 code : an amount without a deduction code (3)"]);
    assert_eq!(ids(&payroll), ["1", "2"]);
}

#[test]
fn one_person_may_have_several_rows_by_job_and_the_home_row_says_who_it_is() {
    let text =
        format!("{HEADER},home,hours\n1,Bee,5,10,,,N,10\n1,Ant,7,2.50,,1,Y,30\n2,Cat,1,,,,,40\n1,Dog,9,,4,,N,\n");
    let mut case = Case::new();
    case.settings.columns.hours = named("hours");
    case.settings.table.rows_per_person = RowsPerPerson::Several {
        home: Some(Home { column: "home".to_owned(), words: words(&["y"]) }),
        sum: [SummedColumn::Hours].into(),
    };
    let payroll = case.read(text.as_bytes()).expect("the file can be used");
    check_balance(&payroll);
    assert_eq!(lines(&payroll), ["1 DEN 1.00 - x1", "1 MED 12.50 4.00 x3"]);
    assert_eq!((texts(payroll.people.last_name.iter()), ids(&payroll)), (vec!["Ant", "Cat"], vec!["1", "2"]));
    assert_eq!(payroll.people.hours.iter().collect::<Vec<_>>(), [Some(Money(400_000)), Some(Money(400_000))]);
    assert_eq!(payroll.people.base_salary.get(0), Some(Money(70_000)));
    assert_eq!((payroll.people.duplicate, payroll.lines.duplicate), (vec![false, false], vec![false, false]));
    assert_eq!(payroll.rows_of_person, [3, 1]);
}

#[test]
fn a_raise_inside_the_period_in_two_rows_is_the_pay_of_the_later_one() {
    let pays = |rows: &str| {
        let text = format!("{HEADER},since\n{rows}");
        let mut case = Case::new();
        case.settings.columns.salary_effective = named("since");
        case.settings.table.rows_per_person = RowsPerPerson::Several { home: None, sum: Default::default() };
        let people = case.read(text.as_bytes()).expect("the file can be used").people;
        (people.base_salary.get(0), people.salary_effective[0])
    };
    let (old, new) = ("1,a,60000,50,,,01/01/2025\n", "1,a,63000,50,,,16/03/2026\n");
    let raised = (Some(Money(630_000_000)), Some(day(2026, 3, 16)));
    assert_eq!(pays(&format!("{old}{new}")), raised);
    assert_eq!(pays(&format!("{new}{old}")), raised);
    // A second job, of a few hours a week.
    let first = (Some(Money(600_000_000)), Some(day(2025, 1, 1)));
    assert_eq!(pays(&format!("{old}1,a,9000,5,,,16/03/2026\n")), first);
}

#[test]
fn what_the_run_paid_is_read_and_added_up_over_rows() {
    let text =
        format!("{HEADER},gross,net,worked,leave\n1,a,,,,,1000.00,800,40,8\n1,a,,,,,\"1,500.50\",-,-,\n2,b,,,,,,,,\n");
    let mut case = Case::new();
    let columns = &mut case.settings.columns;
    columns.gross_pay = named("gross");
    columns.net_pay = named("net");
    columns.hours_worked = named("worked");
    columns.leave_hours = named("leave");
    case.settings.table.rows_per_person = RowsPerPerson::Several { home: None, sum: Default::default() };
    let payroll = case.read(text.as_bytes()).expect("the file can be used");
    let people = &payroll.people;
    let of = |row| [&people.gross_pay, &people.net_pay, &people.hours_worked, &people.leave_hours].map(|c| c.get(row));
    assert_eq!(of(0), [25_005_000, 8_000_000, 400_000, 80_000].map(|counts| Some(Money(counts))));
    assert_eq!(of(1), [None; 4]);
    assert!(check_rows("1,a,,1,,\n").people.gross_pay.is_empty());
}

#[test]
fn weeks_of_one_person_make_one_period() {
    let text = format!("{HEADER},from,to\n1,a,,1,,,01/03/2026,07/03/2026\n1,a,,2,,,08/03/2026,14/03/2026\n");
    let payroll = check_payroll(&text, |c| {
        c.settings.columns.period_start = named("from");
        c.settings.columns.period_end = named("to");
        c.settings.table.rows_per_person = RowsPerPerson::Several { home: None, sum: Default::default() };
    });
    assert_eq!((payroll.period.start, payroll.period.end), (day(2026, 3, 1), day(2026, 3, 14)));
    assert_eq!(lines(&payroll), ["1 MED 3.00 - x2"]);
}

#[test]
fn several_files_are_one_payroll_each_with_its_own_layout() {
    let mut case = Case::new();
    let mut other = case.settings.clone();
    other.file = case.path("uk.csv");
    other.delimiter = b';';
    other.marks = Marks { decimal: ',', thousands: None };
    other.currency = Currency::parse("GBP");
    other.totals_row = named("Total");
    write(&other.file, format!("{}\n2;b;;1,50;;\nTotal;;;1,50;;\n", HEADER.replace(',', ";")).as_bytes());
    case.settings.others = vec![other];
    let payroll = case.read(format!("{HEADER}\n1,a,,10,20,\n").as_bytes()).expect("the files can be used");
    check_balance(&payroll);
    assert_eq!(lines(&payroll), ["1 MED 10.00 20.00 x1", "2 MED 1.50 - x1"]);
    assert_eq!(currencies(&payroll), ["USD", "GBP"]);
    assert!(payroll.controls.iter().all(|control| control.stated == control.found), "{:?}", payroll.controls);
    assert_eq!((payroll.files.len(), check_columns(&case.settings).expect("both").len()), (2, 2));
}

#[test]
fn a_first_line_of_excel_names_the_delimiter() {
    let payroll = check_payroll(&format!("sep=;\r\n{}\r\n1;a;;10;;\r\n", HEADER.replace(',', ";")), |_| {});
    assert_eq!(lines(&payroll), ["1 MED 10.00 - x1"]);
    assert_eq!(FileFormat::default().delimiter, b',');
}

fn lines_of_one_amount(c: &mut Case) {
    c.settings.columns =
        PayrollColumns { employee_id: "id".to_owned(), last_name: named("name"), ..PayrollColumns::default() };
    c.settings.layout = DeductionLayout::Long {
        file: None,
        employee_id: "id".to_owned(),
        code: "code".to_owned(),
        employee_amount: "ee".to_owned(),
        employer_amount: None,
        currency: None,
        details: Default::default(),
    };
}

#[test]
fn a_code_of_the_employers_holds_what_the_employer_pays() {
    let payroll = check_payroll("id,name,code,ee\n1,Li,MED,60.00\n1,Li,MEDER,240.00\n", |c| {
        lines_of_one_amount(c);
        c.settings.amounts.employer_codes = words(&["MEDER"]);
    });
    assert_eq!(lines(&payroll), ["1 MED 60.00 - x1", "1 MEDER - 240.00 x1"]);
}

#[test]
fn a_blank_cell_that_is_filled_down_is_what_stands_above() {
    // The first row has nobody above it; the name of an employee is never that of the one before.
    let rows = ",,DEN,1.00\n1,Li,MED,60.00\n,,DEN,5.00\n2,,MED,70.00\n,,DEN,6.00\n";
    let payroll = check_payroll(&format!("id,name,code,ee\n{rows}"), |c| {
        lines_of_one_amount(c);
        c.settings.table.fill_down = vec!["id".to_owned(), "name".to_owned()];
    });
    assert_eq!(lines(&payroll), ["1 DEN 5.00 - x1", "1 MED 60.00 - x1", "2 DEN 6.00 - x1", "2 MED 70.00 - x1"]);
    assert_eq!(payroll.people.last_name.iter().collect::<Vec<_>>(), [Some("Li"), None]);
    assert_eq!((payroll.rows.accepted, payroll.rows.rejected), (4, 1));
}

#[test]
fn below_a_row_that_cannot_be_read_nothing_is_filled_down() {
    let payroll = check_payroll("id,name,code,ee\n1,Li,MED,60.00\n2,Bo,MED,7,0.00\n,,DEN,5.00\n", |c| {
        lines_of_one_amount(c);
        c.settings.table.fill_down = vec!["id".to_owned()];
    });
    assert_eq!((lines(&payroll), payroll.rows.rejected), (vec!["1 MED 60.00 - x1".to_owned()], 2));
}
