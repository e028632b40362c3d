//! Oddities of real exports in the wide layout.

use super::*;
use tieout_model::terms::PayFrequency;

#[test]
fn a_plain_file_becomes_people_and_lines() {
    let payroll = check_rows("0001,Ann,\"52,000.00\",100.10,200,5\n0002,Bob,,0.00,,\n");
    assert_eq!(ids(&payroll), ["0001", "0002"]);
    assert_eq!(lines(&payroll), ["0001 DEN 5.00 - x1", "0001 MED 100.10 200.00 x1"]);
    assert_eq!(payroll.people.base_salary.get(0), Some(Money(520_000_000)));
    assert_eq!(payroll.people.base_salary.get(1), None);
    let benefits: Vec<_> = (0..2).map(|row| kind(&payroll, row).benefit.as_deref()).collect();
    assert_eq!(benefits, [None, Some("_Medical")]);
    assert_eq!(payroll.rows, RowCounts { read: 2, accepted: 2, ..RowCounts::default() });
    assert_eq!((payroll.period.end, payroll.period.cutoff), (day(2026, 3, 31), day(2026, 3, 29)));
}

#[test]
fn the_hash_is_that_of_the_file_as_it_lies_on_disk() {
    let payroll = check_payroll("\u{feff}id,name,salary,med_ee,med_er,den_ee\n1,a,1,1,1,1\n", |_| {});
    // printf '\xef\xbb\xbf…' | sha256sum
    assert_eq!(payroll.files[0].sha256, "8e105d8135e9739b3500623823cc830c51164cfd032391c2896f0895e19dce7a");
    assert_eq!(payroll.files[0].bytes, 3 + 36 + 12);
}

#[test]
fn every_notation_of_an_amount_is_read() {
    let payroll = check_rows("1,a,,(12.00),12.00-,$1\n2,b,,\"1,234.50\",\u{a0}7.00\u{a0},-0.00\n");
    assert_eq!(lines(&payroll), ["1 DEN 1.00 - x1", "1 MED -12.00 -12.00 x1", "2 MED 1234.50 7.00 x1"]);
}

#[test]
fn blank_lines_blank_rows_and_the_header_again_are_no_data() {
    let payroll = check_rows(
        "\n1,a,,1,,\r\n\r\n,,,,,\nid,name,salary,med_ee,med_er,den_ee\n ID , name,salary,med_ee,med_er,den_ee\n2,b,,2,,\n",
    );
    assert_eq!(lines(&payroll), ["1 MED 1.00 - x1", "2 MED 2.00 - x1"]);
    assert_eq!(payroll.rows, RowCounts { read: 5, accepted: 2, structural: 3, ..RowCounts::default() });
}

#[test]
fn a_value_that_is_also_the_name_of_the_id_column_is_a_value() {
    let text = format!("{HEADER},state,work state\n1,a,5,1,,,ID,ID\n");
    let payroll = check_payroll(&text, |c| c.settings.columns.state = named("state"));
    assert_eq!(texts(payroll.people.state.iter()), ["ID"]);
}

#[test]
fn a_last_cell_may_have_line_breaks() {
    let payroll = check_payroll(&format!("{HEADER},city\n1,a,5,1,,,\"New\nYork\"\n"), |c| {
        c.settings.columns.city = named("city");
    });
    assert_eq!(texts(payroll.people.city.iter()), ["New\nYork"]);
}

#[test]
fn rejects_name_the_physical_line_after_quoted_breaks_and_crlf() {
    let rows = "1,\"a\nb\",1,1,1,1\n\n2,x,bad,1,1,1\n";
    for rows in [rows.to_owned(), rows.replace('\n', "\r\n")] {
        let payroll = check_rows(&rows);
        assert_eq!(rejects(&payroll), ["5 salary aaa: not a number (2)"]);
    }
}

#[test]
fn a_row_is_rejected_as_a_whole_with_each_of_its_bad_cells() {
    let payroll = check_rows("1,a,12.345,1,1,x9\n1,a,5,2,2,2\n");
    assert_eq!(
        rejects(&payroll),
        ["2 den_ee a9: not a number (1)", "2 salary 99.999: more decimals than the 2 that fit here (1)"]
    );
    assert_eq!(lines(&payroll), ["1 DEN 2.00 - x1", "1 MED 2.00 2.00 x1"]);
    assert_eq!(payroll.rows, RowCounts { read: 2, accepted: 1, rejected: 1, ..RowCounts::default() });
}

#[test]
fn a_row_with_too_few_or_too_many_cells_is_rejected() {
    let payroll = check_rows("1,a,1,1,1\n2,b,1,1,1,1,1\n3,c,1,1,1,1\n");
    assert_eq!(rejects(&payroll), ["2  : 5 cells; the header has 6 (1)", "3  : 7 cells; the header has 6 (2)"]);
}

#[test]
fn a_quote_in_the_middle_that_swallows_a_row_is_told() {
    let payroll = check_rows("1,\"a,1,1,1,1\n2,b\",1,1,1,1,1\n3,c,1,1,1,1\n4,d,1,1,1,1\n");
    assert_eq!(rejects(&payroll)[0], "2  : 7 cells over lines 2 to 3; the header has 6: a quote may be missing (1)");
}

#[test]
fn ids_are_text_without_blanks_around_them() {
    let payroll = check_rows(" 007\u{a0},a,,,,\nAb1,b,,,,\nab1,c,,,,\n\u{a0},d,,,,1\n");
    assert_eq!(ids(&payroll), ["007", "Ab1", "ab1"]);
    assert_eq!(rejects(&payroll), ["5 id \u{a0}: the employee id is blank ()"]);
}

#[test]
fn the_case_of_ids_is_folded_only_when_the_job_says_so() {
    let payroll = check_payroll(&format!("{HEADER}\nAb1,x,,1,,\nab1,x,,2,,\n"), |c| c.settings.fold_id_case = true);
    assert_eq!(lines(&payroll), ["AB1 MED 3.00 - x2"]);
}

#[test]
fn an_exact_duplicate_row_is_added_and_marked() {
    let payroll = check_rows("1,a,5,10,20,\n2,b,5,1,1,1\n1,a,5,10,20,\n");
    assert_eq!(lines(&payroll), ["1 MED 20.00 40.00 x2", "2 DEN 1.00 - x1", "2 MED 1.00 1.00 x1"]);
    assert_eq!(payroll.lines.duplicate, [true, false, false]);
    assert_eq!(payroll.people.duplicate, [true, false]);
    assert_eq!(payroll.lines.largest.get(0), Some(Money(100_000)));
}

#[test]
fn a_row_without_amounts_that_stands_twice_marks_its_employee() {
    let payroll = check_rows("1,a,,,,\n1,a,,,,\n2,b,,,,\n");
    assert_eq!(payroll.people.duplicate, [true, false]);
}

#[test]
fn rows_of_a_split_code_belong_together() {
    let payroll = check_payroll(&format!("{HEADER}\n1,a,,10,20,\n1,a,,-30,,\n"), |c| {
        c.deductions.split_codes.insert("MED".to_owned());
    });
    assert_eq!(lines(&payroll), ["1 MED -20.00 20.00 x2"]);
    assert_eq!((payroll.lines.duplicate, payroll.people.duplicate), (vec![false], vec![false]));
    assert_eq!(payroll.lines.largest.get(0), Some(Money(-300_000)));
}

#[test]
fn a_further_row_that_says_something_else_of_the_person_is_rejected() {
    let payroll = check_rows("1,a,5,1,,\n1,Other,5,1,,\n1,a,6,1,,\n");
    assert_eq!(
        rejects(&payroll),
        [
            "3 name : differs from line 2 in name; it may be another employee's row (1)",
            "4 salary : differs from line 2 in salary (1)"
        ]
    );
    assert_eq!(lines(&payroll), ["1 MED 1.00 - x1"]);
    assert_eq!(payroll.people.duplicate, [true]);
}

#[test]
fn runs_that_are_not_regular_are_set_aside() {
    let text = format!("{HEADER},run\n1,a,,10,20,3,Off_Cycle\n1,a,,1,,,Regular\n2,b,,1,,,\n3,c,,,,,correction\n");
    let payroll = check_payroll(&text, |c| c.settings.columns.run_type = named("run"));
    assert_eq!(ids(&payroll), ["1", "2"]);
    assert_eq!(payroll.rows, RowCounts { read: 4, accepted: 2, out_of_scope: 2, ..RowCounts::default() });
    let aside: Vec<_> =
        payroll.set_aside.iter().map(|s| (s.employee_id.as_str(), s.benefit.as_str(), &*s.reason)).collect();
    assert_eq!(
        aside,
        [
            ("1", "(DEN)", "out of scope: run type off_cycle"),
            ("1", "_Medical", "out of scope: run type off_cycle"),
            ("3", "", "out of scope: run type correction"),
        ]
    );
    assert_eq!(payroll.set_aside[1].employer_amount, Some(tieout_model::money::Money::units(20)));
}

fn with_period_columns(case: &mut Case) {
    case.settings.columns.period_start = named("from");
    case.settings.columns.period_end = named("to");
    case.settings.period.start = None;
    case.settings.period.end = None;
}

#[test]
fn the_period_of_the_file_is_the_newest_with_its_earliest_first_day() {
    let text = format!(
        "{HEADER},from,to,group\n1,a,,,,,15/03/2026,31/03/2026,A\n2,b,,,,,01/03/2026,31/03/2026,A\n3,c,,,,,01/02/2026,28/03/2026,B\n"
    );
    let payroll = check_payroll(&text, with_pay_groups);
    assert_eq!((payroll.period.start, payroll.period.end), (day(2026, 3, 1), day(2026, 3, 31)));
}

fn with_pay_groups(case: &mut Case) {
    with_period_columns(case);
    case.settings.columns.pay_group = named("group");
}

#[test]
fn two_periods_of_one_pay_group_are_refused_by_name() {
    let march = "1,a,,,,,01/03/2026,31/03/2026,A\n2,b,,,,,15/03/2026,28/03/2026,B\n";
    check_payroll(&format!("{HEADER},from,to,group\n{march}"), with_pay_groups);
    let text =
        format!("{HEADER},from,to,group\n{march}3,c,,,,,01/02/2026,28/02/2026,A\n4,d,,,,,01/02/2026,28/02/2026,A\n");
    let error = check_refused(&text, with_pay_groups);
    let PayrollError::MixedPeriods { groups, .. } = &error else { panic!("{error}") };
    assert_eq!(groups, &["A: ending 2026-02-28 (employees: 2) and 2026-03-31 (employees: 1)"]);
}

#[test]
fn rows_of_who_joins_or_leaves_have_the_period_of_their_pay_group() {
    let text = format!(
        "{HEADER},from,to,group,freq,left\n1,a,,,,,01/03/2026,31/03/2026,A,monthly,\n2,b,,,,,16/03/2026,31/03/2026,A,monthly,\n\
         3,c,,,,,01/03/2026,10/03/2026,A,monthly,\n4,d,,,,,01/02/2026,10/02/2026,A,monthly,10/02/2026\n\
         5,e,,,,,01/03/2026,31/03/2026,B,,\n6,f,,,,,01/03/2026,31/03/2026,B,,\n7,g,,,,,16/03/2026,31/03/2026,B,,\n"
    );
    let payroll = check_payroll(&text, |case| {
        with_pay_groups(case);
        case.settings.columns.pay_frequency = named("freq");
        case.settings.columns.term_date = named("left");
    });
    let starts: Vec<_> = payroll.people.period_start.iter().flatten().copied().collect();
    // Without a frequency or a date nobody says that the second half is a part of the month.
    assert_eq!(starts, [[day(2026, 3, 1); 6].as_slice(), &[day(2026, 3, 16)]].concat());
    assert!(payroll.people.period_end.iter().all(|end| *end == Some(day(2026, 3, 31))));
}

#[test]
fn a_period_speaks_of_the_days_from_its_first_to_some_after_its_last() {
    let period = check_rows("1,a,,,,\n").period;
    let check = |as_of, fits: bool| {
        let refused = period.check_day(as_of, 62).err().map(|e| e.to_string());
        assert_eq!(refused.is_none(), fits, "{as_of}: {refused:?}");
    };
    let first = period.start;
    check(first.pred_opt().expect("a day"), false);
    check(first, true);
    // March has 31 days: 62 days after its last one are the whole of April and May and the first of June.
    check(day(2026, 6, 1), true);
    check(day(2026, 6, 2), false);
    let old = period.check_day(day(2027, 3, 31), 62).expect_err("a year later").to_string();
    assert!(old.contains("ended more than 62 days before") && old.contains("period_age_max_days"), "{old}");
    let ahead = period.check_day(day(2025, 3, 31), 62).expect_err("a year before").to_string();
    assert!(ahead.contains("has not begun by then"), "{ahead}");
}

#[test]
fn a_second_period_and_bad_periods_are_rejected() {
    let text = format!(
        "{HEADER},from,to\n1,a,,,,,01/03/2026,31/03/2026\n1,a,,,,,01/02/2026,28/02/2026\n2,b,,,,,31/03/2026,01/03/2026\n3,c,,,,,,31/03/2026\n4,d,,,,,1 March,31/03/2026\n"
    );
    let payroll = check_payroll(&text, with_period_columns);
    assert_eq!(
        rejects(&payroll),
        [
            "3  : a second pay period for this employee; line 2 has another: say several_rows in the job if the file holds \
             several (1)",
            "4  : the period ends before it begins (2)",
            "5  : the period has no first day, and the job names none (3)",
            "6 from 9 aaaaa: not a date in the layout dd/MM/yyyy (4)",
        ]
    );
    assert_eq!(payroll.people.duplicate, [false]);
}

#[test]
fn the_currency_comes_from_the_column_the_pay_group_or_the_job() {
    let text = format!(
        "{HEADER},cur,group\n1,a,,1,,,eur,UK\n2,b,,1,,,,UK\n3,c,,1,,,,US\n4,d,,1,,,XXZ,US\n5,e,,1.50,,,JPY,US\n"
    );
    let payroll = check_payroll(&text, |c| {
        c.settings.columns.currency = named("cur");
        c.settings.columns.pay_group = named("group");
        c.settings.currency_by_pay_group = BTreeMap::from([("UK".to_owned(), Currency::parse("GBP").expect("listed"))]);
    });
    assert_eq!(payroll.people.currency.iter().map(Currency::code).collect::<Vec<&str>>(), ["EUR", "GBP", "USD"]);
    assert_eq!(payroll.people.currency_source, [CurrencySource::Column, CurrencySource::PayGroup, CurrencySource::Job]);
    assert_eq!(currencies(&payroll), ["EUR", "GBP", "USD"]);
    assert_eq!(
        rejects(&payroll),
        ["5 cur aaa: not a currency code of ISO 4217 (4)", "6 med_ee 9.99: more decimals than the 0 that fit here (5)",]
    );
}

#[test]
fn a_row_without_any_currency_is_rejected() {
    let payroll = check_payroll(&format!("{HEADER}\n1,a,,1,,\n"), |c| c.settings.currency = None);
    assert_eq!(rejects(&payroll), ["2  : no currency: neither a column nor the pay group nor the job names one (1)"]);
}

#[test]
fn terms_are_mapped_and_unknown_ones_are_named_or_rejected() {
    let text = format!(
        "{HEADER},freq,status,basis,land\n1,a,12.3456,,,, MONTHLY ,FT,Hour,gb\n2,b,,,,,fortnightly,zz,,US\n3,c,,,,,,,weekly,\n"
    );
    let payroll = check_payroll(&text, |c| {
        c.settings.columns.pay_frequency = named("freq");
        c.settings.columns.employment_status = named("status");
        c.settings.columns.rate_basis = named("basis");
        c.settings.columns.country = named("land");
    });
    assert_eq!(payroll.people.pay_frequency, [Some(PayFrequency::Monthly), None, None]);
    assert_eq!(payroll.people.employment_status, [Some(EmploymentStatus::FullTime), None, None]);
    assert_eq!(payroll.people.pay_frequency_unmapped, [false, true, false]);
    assert_eq!(payroll.people.employment_status_unmapped, [false, true, false]);
    assert_eq!(payroll.people.rate_basis, [RateBasis::Hourly, RateBasis::Annually, RateBasis::Other]);
    assert_eq!(texts(payroll.people.country.iter()), ["GB", "US", "null"]);
    assert_eq!(payroll.people.base_salary.get(0), Some(Money(123_456)));
    assert_eq!(rejects(&payroll), [""; 0]);
}

#[test]
fn dates_hours_and_share_of_full_time_are_read() {
    let text = format!(
        "{HEADER},hired,hours,fte\n1,a,,,,,29/02/2024,37.5,0.9375\n2,b,,,,,30/02/2024,many,1\n3,c,,,,,,18.66666667,0.53333333\n"
    );
    let payroll = check_payroll(&text, |c| {
        c.settings.columns.hire_date = named("hired");
        c.settings.columns.hours = named("hours");
        c.settings.columns.fte = named("fte");
    });
    let hired = payroll.people.hire_date[0];
    assert_eq!(hired, Some(day(2024, 2, 29)));
    assert_eq!((payroll.people.hours.get(0), payroll.people.fte.get(0)), (Some(Money(375_000)), Some(Money(9_375))));
    // The second row is rejected. Measures are rounded.
    assert_eq!((payroll.people.hours.get(1), payroll.people.fte.get(1)), (Some(Money(186_667)), Some(Money(5_333))));
    assert_eq!(
        rejects(&payroll),
        ["3 hired 99/99/9999: not a date in the layout dd/MM/yyyy (2)", "3 hours aaaa: not a number (2)",]
    );
}

#[test]
fn a_byte_that_the_encoding_does_not_know_rejects_its_row_only() {
    let mut bytes = format!("{HEADER}\n1,Zoë,,1,,\n2,").into_bytes();
    bytes.extend_from_slice(b"Ren\xe9,,1,,\n");
    let payroll = Case::new().read(&bytes).expect("the file can be used");
    assert_eq!(rejects(&payroll), ["3 name aaa\u{fffd}: not readable as UTF-8 (2)"]);
    assert_eq!(texts(payroll.people.last_name.iter()), ["Zoë"]);
}

#[test]
fn windows_1252_is_read_cell_by_cell() {
    let mut case = Case::new();
    case.settings.encoding = Encoding::Windows1252;
    case.settings.currency = Currency::parse("EUR");
    let mut bytes = format!("{HEADER}\n").into_bytes();
    bytes.extend_from_slice(b"1,Ren\xe9,\x801.50,1\xa0,,\n2,b\x81d,,1,,\n");
    let payroll = case.read(&bytes).expect("the file can be used");
    assert_eq!(texts(payroll.people.last_name.iter()), ["René"]);
    assert_eq!(payroll.people.base_salary.get(0), Some(Money(15_000)));
    assert_eq!(rejects(&payroll), ["3 name a\u{fffd}a: not readable as Windows-1252 (2)"]);
}

#[test]
fn the_newest_file_of_a_pattern_is_read() {
    let mut case = Case::new();
    for (name, id) in [("pay_2026-02.csv", "2"), ("pay_2026-03.csv", "3")] {
        write(&case.path(name), format!("{HEADER}\n{id},a,,,,\n").as_bytes());
    }
    case.settings.file = case.path("pay_*.csv");
    let payroll = read(&case.settings, &case.deductions, Duration::ZERO).expect("the file can be used");
    assert_eq!(ids(&payroll), ["3"]);
}

#[test]
fn an_email_is_text_as_it_stands_and_a_national_id_is_in_no_table() {
    let payroll = check_payroll(&format!("{HEADER},mail,ssn\n1,a,1,1,1,1,Ada@Example.com,123-45-6789\n"), |c| {
        c.settings.columns.email = named("mail");
        c.settings.columns.nat_id = named("ssn");
    });
    assert_eq!(texts(payroll.people.email.iter()), ["Ada@Example.com"]);
    assert!(!format!("{:?} {:?}", payroll.people, payroll.lines).contains("6789"));
}
