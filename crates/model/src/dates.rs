//! Date layouts as people write them (`dd/MM/yyyy`, `D MMMM YYYY`) for chrono's parser. Only layouts that name one day
//! without a guess: a four-digit year, a month, a day.

use chrono::{Datelike, NaiveDate};

/// Years that a date of a person, payroll or benefit can have. chrono reads `26` for `yyyy` as the year 26.
pub const YEARS: std::ops::RangeInclusive<i32> = 1900..=2199;
/// Marks that may stand between the parts.
const MARKS: [char; 5] = ['/', '-', '.', ',', ' '];

/// The order and marks of a date in the payroll file, e.g. `yyyy-MM-dd`, `MM/dd/yyyy`, `d MMMM yyyy`.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct DateLayout {
    /// As the job writes it.
    pub written: String,
    /// The same for chrono's parser.
    pub strftime: String,
}

impl DateLayout {
    /// Translates a layout. Years `yyyy`; months `M`, `MM`, `MMM` (Mar), `MMMM` (March); days `d`, `dd`; years and days
    /// in upper case mean the same. The error says which part is not understood.
    pub fn parse(text: &str) -> Result<DateLayout, String> {
        let written = text.trim();
        let (mut strftime, mut seen) = (String::new(), [0_u8; 3]);
        let mut rest = written;
        while let Some(first) = rest.chars().next() {
            let run = rest.len() - rest.trim_start_matches(first).len();
            let (token, tail) = rest.split_at(run);
            match part(token) {
                Some((index, directive)) => {
                    seen[index] += 1;
                    strftime.push_str(directive);
                }
                None if MARKS.contains(&first) => strftime.push_str(token),
                None => return Err(refusal(token)),
            }
            rest = tail;
        }
        match seen {
            [1, 1, 1] => Ok(DateLayout { written: written.to_owned(), strftime }),
            _ => Err("a layout names the year, the month and the day once each".to_owned()),
        }
    }

    /// Reads a date, blanks around it aside. `None` when the text has another layout or a year outside 1900 to 2199.
    pub fn read(&self, text: &str) -> Option<NaiveDate> {
        NaiveDate::parse_from_str(text.trim(), &self.strftime).ok().filter(|date| YEARS.contains(&date.year()))
    }
}

/// Which of year, month and day (0, 1, 2) a run of one letter is, and how chrono spells it.
fn part(token: &str) -> Option<(usize, &'static str)> {
    match token {
        "yyyy" | "YYYY" => Some((0, "%Y")),
        "MM" => Some((1, "%m")),
        "M" => Some((1, "%-m")),
        "MMM" => Some((1, "%b")),
        "MMMM" => Some((1, "%B")),
        "dd" | "DD" => Some((2, "%d")),
        "d" | "D" => Some((2, "%-d")),
        _ => None,
    }
}

fn refusal(token: &str) -> String {
    match token {
        "yy" | "YY" => "a two-digit year is ambiguous; write `yyyy` and export four digits".to_owned(),
        "m" | "mm" | "mmm" | "mmmm" => "`m` is minutes; a month is `M`".to_owned(),
        _ => format!("`{token}` is not understood"),
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    #[track_caller]
    fn check_read(layout: &str, text: &str, expected: Option<(i32, u32, u32)>) {
        let layout = DateLayout::parse(layout).expect("a layout");
        let expected = expected.map(|(y, m, d)| NaiveDate::from_ymd_opt(y, m, d).expect("a day"));
        assert_eq!(layout.read(text), expected, "{text} as {}", layout.written);
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
            ("d MMMM yyyy", "4 March 2026"),
            ("dd-MMM-yyyy", "04-Mar-2026"),
            ("MMMM d, yyyy", "March 4, 2026"),
        ] {
            check_read(layout, text, Some((2026, 3, 4)));
        }
    }

    #[test]
    fn a_date_in_another_layout_or_an_impossible_year_is_no_date() {
        check_read("dd/MM/yyyy", "2026-03-04", None);
        check_read("dd/MM/yyyy", "04/13/2026", None);
        check_read("dd/MM/yyyy", "04/03/26", None);
        check_read("yyyy-MM-dd", "2026-02-29", None);
        check_read("yyyy-MM-dd", "2026-03-04T00:00:00", None);
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
                let _ = layout.read(&text);
            }
        }

        #[test]
        fn a_day_printed_in_a_layout_is_read_back(days in 0_i64..100_000, index in 0_usize..4) {
            let layout = DateLayout::parse(["yyyy-MM-dd", "d MMMM yyyy", "dd-MMM-yyyy", "MM/dd/yyyy"][index]).expect("a layout");
            let day = NaiveDate::from_ymd_opt(1900, 1, 1).expect("a day") + chrono::Days::new(days as u64);
            prop_assert_eq!(layout.read(&day.format(&layout.strftime).to_string()), Some(day));
        }
    }
}
