use proptest::prelude::*;

use super::*;

#[track_caller]
fn check(layout: &str, text: &str, expected: Result<Option<(i32, u32, u32)>, NotADate>) {
    let layout = DateLayout::parse(layout).expect("a layout");
    let expected = expected.map(|date| date.map(|(y, m, d)| NaiveDate::from_ymd_opt(y, m, d).expect("a day")));
    assert_eq!(layout.read(text, &PlaceholderDates::default()), expected, "{text:?} as {}", layout.written);
}

#[test]
fn the_layouts_of_payrolls_and_services_are_understood() {
    for (layout, text) in [
        ("yyyy-MM-dd", "2026-03-04"),
        ("YYYY-MM-DD", "2026-03-04"),
        ("yyyyMMdd", "20260304"),
        ("MM/dd/yyyy", "03/04/2026"),
        ("M/d/yyyy", "3/4/2026"),
        ("dd/MM/yyyy", "04/03/2026"),
        ("DD/MM/YYYY", " 04/03/2026 "),
        ("dd.MM.yyyy", "04.03.2026"),
        ("d.M.yyyy", "4.3.2026"),
        ("d MMMM yyyy", "4 March 2026"),
        ("dd-MMM-yyyy", "04-Mar-2026"),
        ("dd-MMM-yyyy", "04-MAR-2026"),
        ("MMMM d, yyyy", "March 4, 2026"),
    ] {
        check(layout, text, Ok(Some((2026, 3, 4))));
    }
    assert_eq!(DateLayout::parse("yyyy-MM-dd"), Ok(DateLayout::iso()));
}

#[test]
fn a_date_in_another_layout_or_an_impossible_year_is_no_date() {
    for (layout, text) in [
        ("dd/MM/yyyy", "2026-03-04"),
        ("dd/MM/yyyy", "04/13/2026"),
        ("dd/MM/yyyy", "04/03/26"),
        ("dd-MMM-yyyy", "03-Apr-26"),
        ("d MMMM yyyy", "4 Marchember 2026"),
        ("yyyy-MM-dd", "2026-02-29"),
        ("yyyy-MM-dd", "2026-01-"),
        ("yyyy-MM-dd", "+026-01-01"),
        ("yyyy-MM-dd", "0024-01-31"),
        ("yyyy-MM-dd", "1899-12-29"),
        ("yyyy-MM-dd", "2200-01-01"),
        ("yyyyMMdd", "2026134"),
        ("yyyy-MM-dd", ""),
    ] {
        check(layout, text, Err(NotADate));
    }
}

#[test]
fn a_year_of_two_digits_is_one_of_the_hundred_years_that_somebody_named() {
    let layout = DateLayout::parse_short("M/d/yy", 1950).expect("a layout");
    for (text, year) in [("3/4/49", 2049), ("3/4/50", 1950), ("3/4/00", 2000), ("3/4/99", 1999)] {
        let expected = Ok(NaiveDate::from_ymd_opt(year, 3, 4));
        assert_eq!(layout.read(text, &PlaceholderDates::default()), expected, "{text}");
    }
    let leap = DateLayout::parse_short("ddMMyy", 2000).expect("a layout");
    assert_eq!(leap.read("290224", &PlaceholderDates::none()), Ok(NaiveDate::from_ymd_opt(2024, 2, 29)));
    assert!(layout.has_short_year() && !DateLayout::iso().has_short_year());
}

#[test]
fn midnight_may_stand_behind_a_date_and_no_other_time() {
    for time in ["T00:00:00", " 00:00:00", " 0:00", "T00:00:00.000Z", "T00:00:00+00:00", " 12:00:00 AM", " 12:00 am"] {
        check("yyyy-MM-dd", &format!("2026-03-04{time}"), Ok(Some((2026, 3, 4))));
    }
    for time in ["T23:00:00Z", " 00:01", " 12:00 PM", " 12:00", "x", "T", "T00:00:00+02:00", " 0"] {
        check("yyyy-MM-dd", &format!("2026-03-04{time}"), Err(NotADate));
    }
}

#[test]
fn the_zone_of_a_date_changes_no_day() {
    for zone in ["Z", "-07:00", "+13:00"] {
        check("yyyy-MM-dd", &format!("2026-03-04{zone}"), Ok(Some((2026, 3, 4))));
    }
    for zone in ["-7:00", "+0100", "07:00", "-07:00:00", "-ab:cd", " Z"] {
        check("yyyy-MM-dd", &format!("2026-03-04{zone}"), Err(NotADate));
    }
}

#[test]
fn what_databases_and_spreadsheets_write_for_none_is_none() {
    for (layout, text) in [
        ("M/d/yyyy", "12/31/9999"),
        ("M/d/yyyy", "1/1/1900"),
        ("M/d/yyyy", "1/0/1900"),
        ("M/d/yyyy", "1/1/1900 12:00:00 AM"),
        ("MM/dd/yyyy", "00/00/0000"),
        ("dd.MM.yyyy", "31.12.9999"),
        ("dd/MM/yyyy", "30/12/1899"),
        ("yyyy-MM-dd", "0001-01-01"),
        ("yyyy-MM-dd", "1753-01-01T00:00:00"),
        ("yyyy-MM-dd", "0"),
        ("yyyyMMdd", "00000000"),
        ("yyyyMMdd", "99991231"),
        ("dd-MMM-yyyy", "00-Jan-1900"),
        ("dd-MMM-yyyy", "00/00/0000"),
        ("yyyy-MM-dd", "9999-12-31T23:59:59.9999999"),
        ("yyyy-MM-dd", "9999-12-31T23:59:59+01:00"),
        // What fills a column does not follow its layout.
        ("yyyy-MM-dd", "31/12/9999"),
        ("yyyy-MM-dd", "1/0/1900"),
        ("MM/dd/yyyy", "31.12.9999"),
        ("dd/MM/yyyy", "1/0/1900"),
        ("dd/MM/yyyy", "12/31/9999 12:00:00 AM"),
        ("d MMMM yyyy", "1900-01-01"),
    ] {
        check(layout, text, Ok(None));
    }
    let day = |text| DateLayout::iso().read(text, &PlaceholderDates::none());
    assert_eq!(day("1900-01-01"), Ok(NaiveDate::from_ymd_opt(1900, 1, 1)));
    assert_eq!((day("9999-12-31"), day("0000-00-00"), day("0")), (Err(NotADate), Err(NotADate), Err(NotADate)));
}

#[test]
fn a_placeholder_of_another_layout_that_may_be_a_day_is_no_date() {
    let february_first = PlaceholderDates::from_iter([WrittenDate::new(1950, 2, 1)]);
    let read = |layout: &str, text| DateLayout::parse(layout).expect("a layout").read(text, &february_first);
    assert_eq!(read("dd/MM/yyyy", "01/02/1950"), Ok(None));
    assert_eq!(read("MM/dd/yyyy", "01/02/1950"), Ok(NaiveDate::from_ymd_opt(1950, 1, 2)));
    assert_eq!(read("yyyy-MM-dd", "01/02/1950"), Err(NotADate));
    assert_eq!(read("yyyy-MM-dd", "31/12/9999"), Err(NotADate), "not in the job's list");
}

#[test]
fn a_layout_that_needs_a_guess_is_refused_with_the_reason() {
    for (layout, reason) in [
        ("dd/MM/yy", "two-digit year"),
        ("yyyy-mm-dd", "`m` is minutes"),
        ("yyyy-MM", "once each"),
        ("dd/dd/yyyy", "once each"),
        ("%Y-%m-%d", "`%` is not understood"),
        ("EEEE d MMMM yyyy", "`EEEE` is not understood"),
        ("", "once each"),
    ] {
        let error = DateLayout::parse(layout).expect_err("not a layout");
        assert!(error.contains(reason), "{layout}: {error}");
    }
}

proptest! {
    #[test]
    fn any_layout_and_any_text_is_read_or_refused_without_a_panic(layout in "[yMdDY/. -]{0,12}|\\PC{0,12}", text in "\\PC{0,16}") {
        if let Ok(layout) = DateLayout::parse(&layout) {
            let _ = layout.read(&text, &PlaceholderDates::default());
        }
    }

    #[test]
    fn a_day_that_chrono_prints_is_read_back(days in 1_i64..100_000, index in 0_usize..6) {
        let (layout, printed) = [
            ("yyyy-MM-dd", "%Y-%m-%d"),
            ("d MMMM yyyy", "%-d %B %Y"),
            ("dd-MMM-yyyy", "%d-%b-%Y"),
            ("MM/dd/yyyy", "%m/%d/%Y"),
            ("d.M.yyyy", "%-d.%-m.%Y"),
            ("yyyyMMdd", "%Y%m%d"),
        ][index];
        let layout = DateLayout::parse(layout).expect("a layout");
        let day = NaiveDate::from_ymd_opt(1900, 1, 1).expect("a day") + chrono::Days::new(days as u64);
        prop_assert_eq!(layout.read(&day.format(printed).to_string(), &PlaceholderDates::none()), Ok(Some(day)));
    }
}
