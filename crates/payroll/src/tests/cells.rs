//! How vendors write amounts, ids, dates and words.

use proptest::prelude::*;

use super::*;
use crate::settings::{CellSettings, SerialEpoch, Sign};
use tieout_model::finding::Payer;

fn words(words: &[&str]) -> std::collections::BTreeSet<String> {
    words.iter().map(|word| (*word).to_owned()).collect()
}

/// What the employee amount of a row in US dollars is read as: an amount, `-` for none, or the reason of the reject.
#[track_caller]
fn check_amounts(cases: &[(&str, &str)], cells: &CellSettings) {
    for (cell, expected) in cases {
        let mut case = Case::new();
        case.settings.cells = cells.clone();
        case.settings.amounts.zero_is_a_line = true;
        let text = format!("{HEADER}\n1,a,,\"{}\",1,\n", cell.replace('"', "\"\""));
        let payroll = case.read(text.as_bytes()).expect("the file can be used");
        check_balance(&payroll);
        let found = match payroll.rejects.first() {
            Some(reject) => reject.reason.clone(),
            None => payroll.lines.ee_amount.get(0).map_or("-".to_owned(), |amount| amount.to_text(2)),
        };
        assert_eq!(found, *expected, "{cell:?}");
    }
}

#[test]
fn a_dash_is_zero_as_accounting_formats_show_it() {
    let zero = [" $-   ", "-", " - ", "$ -", "–", "—", "€ -".trim_start_matches('€')];
    check_amounts(&zero.map(|cell| (cell, "0.00")), &CellSettings::default());
    check_amounts(&[("--", "not a number"), ("- -", "not a number"), ("", "-")], &CellSettings::default());
}

#[test]
fn a_currency_beside_an_amount_must_be_that_of_the_row() {
    let cells = CellSettings::default();
    check_amounts(
        &[
            ("USD 60.00", "60.00"),
            ("60.00 usd", "60.00"),
            ("US$60.00", "60.00"),
            ("-$60.00", "-60.00"),
            ("($60.00)", "-60.00"),
            ("USD (60.00)", "-60.00"),
            ("60.00- USD", "-60.00"),
            ("\u{2212}60.00", "-60.00"),
            ("=\"60.00\"", "60.00"),
            ("'60.00", "60.00"),
            ("60.00 EUR", "in another currency than its row"),
            ("€60.00", "in another currency than its row"),
            ("60.00 DR", "not a number"),
            ("sixty", "not a number"),
            ("60.00 per month", "not a number"),
            ("Rs.60", "in another currency than its row"),
            ("x.60", "not a number"),
            ("#N/A", "not a number"),
        ],
        &cells,
    );
}

#[test]
fn words_of_the_job_are_nothing_zero_or_a_sign() {
    let cells = CellSettings {
        none_words: words(&["n/a"]),
        zero_words: words(&["waived"]),
        negative_words: words(&["CR"]),
        positive_words: words(&["DR"]),
        ..CellSettings::default()
    };
    check_amounts(
        &[
            ("N/A", "-"),
            ("Waived", "0.00"),
            ("60.00 CR", "-60.00"),
            ("CR 60.00", "-60.00"),
            ("60.00DR", "60.00"),
            ("-60.00 CR", "not a number"),
            ("none", "not a number"),
        ],
        &cells,
    );
}

#[test]
fn either_apostrophe_stands_between_thousands() {
    for written in ["1'234.50", "1’234.50"] {
        let payroll = check_payroll(&format!("{HEADER}\n1,a,,{written},,\n"), |c| {
            c.settings.marks = Marks { decimal: '.', thousands: Some('’') };
        });
        assert_eq!(lines(&payroll), ["1 MED 1234.50 - x1"]);
    }
}

#[test]
fn a_zero_in_a_column_of_a_deduction_is_none_unless_the_job_says_otherwise() {
    let rows = format!("{HEADER}\n1,a,,0.00,0,0\n2,b,,0,20,-\n");
    assert_eq!(lines(&check_payroll(&rows, |_| {})), ["2 MED 0.00 20.00 x1"]);
    let payroll = check_payroll(&rows, |c| c.settings.amounts.zero_is_a_line = true);
    assert_eq!(lines(&payroll), ["1 DEN 0.00 - x1", "1 MED 0.00 0.00 x1", "2 DEN 0.00 - x1", "2 MED 0.00 20.00 x1"]);
}

#[test]
fn a_file_of_negative_amounts_needs_a_word_of_the_job() {
    let text = format!("{HEADER}\n1,a,,-60.00,240,\n2,b,,(60.00),240,\n3,c,,60.00-,240,\n4,d,,,240,\n");
    let [unknown] = check_payroll(&text, |_| {}).unknown_signs.try_into().expect("one side");
    assert_eq!((unknown.payer, unknown.negative, unknown.amounts), (Payer::Employee, 3, 3));
    assert_eq!(unknown.benefits.iter().map(String::as_str).collect::<Vec<_>>(), ["_Medical"]);
    assert!(unknown.to_string().contains("`employee_sign = \"negative\"`"), "{unknown}");
    let signed = |sign| check_payroll(&text, move |c| c.settings.amounts.employee_sign = Some(sign));
    assert_eq!(lines(&signed(Sign::Negative))[0], "1 MED 60.00 240.00 x1");
    assert_eq!(lines(&signed(Sign::Positive))[0], "1 MED -60.00 240.00 x1");
}

#[test]
fn refunds_of_a_few_are_no_sign_of_the_file() {
    let text = format!("{HEADER}\n1,a,,-60.00,,\n2,b,,-60.00,,\n3,c,,-1,,\n4,d,,1,,\n5,e,,1,,\n6,f,,1,,\n");
    assert_eq!(check_payroll(&text, |_| {}).unknown_signs, []);
}

#[test]
fn a_totals_row_is_written_as_the_amounts_are() {
    let text = format!("{HEADER}\n1,a,,-60.00,,\n2,b,,-1,,\nTotal,,,-61.00,,\n");
    let payroll = check_payroll(&text, |c| {
        c.settings.amounts.employee_sign = Some(Sign::Negative);
        c.settings.totals_row = named("Total");
    });
    assert_eq!((payroll.controls[0].stated, payroll.controls[0].found), (610_000, 610_000));
}

#[test]
fn a_benefit_may_have_an_employer_column_alone() {
    let payroll = check_payroll("id,life_er\n1,10\n2,\n", |c| {
        c.settings.columns = PayrollColumns { employee_id: "id".to_owned(), ..PayrollColumns::default() };
        c.settings.layout = DeductionLayout::Wide(vec![WideDeduction {
            code: "LIFE".to_owned(),
            employee_column: None,
            employer_column: named("life_er"),
            details: Default::default(),
        }]);
    });
    assert_eq!(lines(&payroll), ["1 LIFE - 10.00 x1"]);
}

#[test]
fn ids_lose_what_spreadsheets_add() {
    let rows = "\"=\"\"00123\"\"\",a,,,,\n'00124,b,,,,\n125.0,c,,,,\n7,d,,,,\n";
    assert_eq!(ids(&check_rows(rows)), ["00123", "00124", "125", "7"]);
    let payroll = check_payroll(&format!("{HEADER}\n{rows}"), |c| c.settings.cells.id_digits = Some(5));
    assert_eq!(ids(&payroll), ["00123", "00124", "00125", "00007"]);
}

#[test]
fn ids_with_real_decimals_beside_others_are_refused() {
    let error = check_refused(&format!("{HEADER}\n125.0,a,,,,\n125.1,b,,,,\n"), |_| {});
    assert!(matches!(error, PayrollError::IdsWithDecimals { .. }), "{error}");
    assert_eq!(ids(&check_rows("125.1,a,,,,\n125.2,b,,,,\n")), ["125.1", "125.2"]);
}

/// The hire date that a cell is read as.
fn hired(cell: &str, tweak: impl FnOnce(&mut settings::Payroll)) -> Option<NaiveDate> {
    let mut case = Case::new();
    case.settings.columns.hire_date = named("hired");
    tweak(&mut case.settings);
    let payroll = case.read(format!("{HEADER},hired\n1,a,,,,,{cell}\n").as_bytes()).expect("the file can be used");
    payroll.people.hire_date.first().copied().flatten()
}

#[test]
fn two_digits_of_a_year_are_of_the_hundred_years_that_the_job_names() {
    let short = |cell, from| {
        hired(cell, |settings| {
            settings.dates = DateLayout::parse_short("M/d/yy", from).expect("a layout");
        })
    };
    assert_eq!(short("3/31/26", 1950), Some(day(2026, 3, 31)));
    assert_eq!(short("3/31/50", 1950), Some(day(1950, 3, 31)));
    assert_eq!(short("3/31/49", 1950), Some(day(2049, 3, 31)));
    assert_eq!(short("3/31/2026", 1950), None);
}

#[test]
fn days_since_an_epoch_are_dates_where_the_job_says_so() {
    let serial = |cell, epoch| hired(cell, |settings| settings.cells.date_serials = epoch);
    assert_eq!(serial("46112", None), None);
    assert_eq!(serial("46112", Some(SerialEpoch::Year1900)), Some(day(2026, 3, 31)));
    assert_eq!(serial("46112.0", Some(SerialEpoch::Year1900)), Some(day(2026, 3, 31)));
    assert_eq!(serial("44650", Some(SerialEpoch::Year1904)), Some(day(2026, 3, 31)));
    assert_eq!(serial("60", Some(SerialEpoch::Year1900)), None, "29 February 1900 never was");
    assert_eq!(serial("46112.5", Some(SerialEpoch::Year1900)), None);
    assert_eq!(serial("31/03/2026", Some(SerialEpoch::Year1900)), Some(day(2026, 3, 31)));
}

#[test]
fn the_first_and_last_days_of_a_spreadsheet_are_none_as_numbers_too() {
    // 1 January 1900, 31 December 9999.
    for cell in ["1", "2958465", "2958465.0"] {
        let text = format!("{HEADER},left\n1,a,,1,,,{cell}\n");
        let payroll = check_payroll(&text, |c| {
            c.settings.cells.date_serials = Some(SerialEpoch::Year1900);
            c.settings.columns.term_date = named("left");
        });
        assert_eq!(rejects(&payroll), [""; 0], "{cell}");
        assert_eq!(payroll.people.term_date, [None], "{cell}");
    }
}

#[test]
fn a_share_of_full_time_may_be_in_percent() {
    let text = format!("{HEADER},fte\n1,a,,,,,100%\n2,b,,,,,37.5 %\n3,c,-,,,,-\n");
    let payroll = check_payroll(&text, |c| c.settings.columns.fte = named("fte"));
    let shares: Vec<_> = payroll.people.fte.iter().collect();
    assert_eq!(shares, [Some(Money(10_000)), Some(Money(3_750)), None]);
    assert_eq!(payroll.people.base_salary.get(2), None, "nobody earns a dash");
}

#[test]
fn pay_a_year_and_pay_an_hour_may_have_a_column_each() {
    let text = format!(
        "{HEADER},annual,hourly,basis\n1,a,,,,,52000,,\n2,b,,,,,,20.1234,\n3,c,,,,,41600,20,hour\n4,d,,,,,41600,20,\n5,e,,,,,,-,\n"
    );
    let payroll = check_payroll(&text, |c| {
        c.settings.columns.base_salary = None;
        c.settings.columns.annual_pay = named("annual");
        c.settings.columns.hourly_pay = named("hourly");
        c.settings.columns.rate_basis = named("basis");
    });
    assert_eq!(rejects(&payroll), [""; 0]);
    let pay: Vec<_> = payroll.people.base_salary.iter().map(|pay| pay.map(|pay| pay.0)).collect();
    assert_eq!(pay, [Some(520_000_000), Some(201_234), Some(200_000), Some(416_000_000), None]);
    let hourly: Vec<_> = payroll.people.rate_basis.iter().map(|basis| *basis == RateBasis::Hourly).collect();
    assert_eq!(hourly, [false, true, true, false, false]);
}

#[test]
fn words_for_runs_that_no_map_knows_are_told() {
    let text = format!("{HEADER},run\n1,a,,1,,,PR1\n2,b,,1,,,PR1\n");
    let error = check_refused(&text, |c| {
        c.settings.columns.run_type = named("run");
        c.settings.period.start = None;
        c.settings.period.end = None;
        c.settings.columns.period_start = named("salary");
        c.settings.columns.period_end = named("salary");
    });
    assert!(!error.to_string().is_empty());
    let payroll = check_payroll(&text, |c| c.settings.columns.run_type = named("run"));
    assert_eq!(payroll.unknown_run_types, BTreeMap::from([("PR1".to_owned(), 2)]));
    assert_eq!(payroll.rows.out_of_scope, 2);
}

#[test]
fn a_file_whose_ordinary_rows_have_an_unknown_word_is_no_file_of_other_runs_alone() {
    let read = |word: &str| {
        let text = format!("{HEADER},run\n1,a,,1,,,{word}\n2,b,,1,,,off_cycle\n");
        check_payroll(&text, |c| c.settings.columns.run_type = named("run"))
    };
    let payroll = read("Monthly");
    assert!(!payroll.other_runs_only && payroll.people.employee_id.is_empty());
    assert_eq!(payroll.unknown_run_types, BTreeMap::from([("Monthly".to_owned(), 1)]));
    assert!(read("off_cycle").other_runs_only);
}

proptest! {
    #[test]
    fn any_cell_is_read_or_rejects_its_row(cell in "[0-9.,$€£ ()'%A-Za-z-]{0,12}|\\PC{0,12}") {
        let quoted = cell.replace('"', "\"\"").replace(['\n', '\r'], " ");
        let text = format!("{HEADER}\n1,a,\"{quoted}\",\"{quoted}\",,\n2,b,,1,,\n");
        if let Ok(payroll) = Case::new().read(text.as_bytes()) {
            check_balance(&payroll);
            prop_assert_eq!(payroll.rows.read, 2);
        }
    }

    #[test]
    fn an_amount_is_the_same_in_every_notation(cents in 1_i64..100_000_000, style in 0_usize..8) {
        let plain = Money(cents * 100).to_text(2);
        let cell = match style {
            0 => format!("${plain}"),
            1 => format!("USD {plain}"),
            2 => format!("{plain} USD"),
            3 => format!("=\"{plain}\""),
            4 => format!("\u{a0}{plain} "),
            5 => format!("({plain})"),
            6 => format!("-${plain}"),
            _ => format!("{plain}-"),
        };
        let text = format!("{HEADER}\n1,a,,\"{}\",,\n", cell.replace('"', "\"\""));
        let payroll = Case::new().read(text.as_bytes()).expect("the file can be used");
        let expected = if style < 5 { cents * 100 } else { -cents * 100 };
        prop_assert_eq!(payroll.lines.ee_amount.get(0), Some(Money(expected)), "{}", cell);
    }

    #[test]
    fn every_row_ends_in_one_place_whatever_stands_around_it(rows in prop::collection::vec("[0-9a-zT,;\"='. -]{0,24}", 0..12), titles in 0_usize..3) {
        let text = "Title,,\n".repeat(titles) + HEADER + "\n" + &rows.join("\n") + "\n1,a,,1,,\n";
        let mut case = Case::new();
        case.settings.table.skip_rows = settings::RowPattern::new("t*").into_iter().collect();
        case.settings.totals_row = named("a");
        if let Ok(payroll) = case.read(text.as_bytes()) {
            check_balance(&payroll);
        }
    }
}
