//! The pay period: from columns, else from the title lines or the file's name.

use chrono::{Datelike as _, Days, Months, NaiveDate};

use crate::cells::months;
use crate::cells::{self, Order};
use crate::certainty::Proposed;
use crate::columns::names::words;

/// Words of a title line that say what its dates are.
const PERIOD_WORDS: [&str; 12] = [
    "period",
    "from",
    "beginning",
    "week",
    "zeitraum",
    "abrechnungszeitraum",
    "periode",
    "periodo",
    "between",
    "month",
    "abrechnungsmonat",
    "for",
];
const END_WORDS: [&str; 5] = ["ending", "ended", "end", "bis", "through"];
const PAY_WORDS: [&str; 12] = [
    "paid",
    "check",
    "cheque",
    "payday",
    "zahltag",
    "auszahlung",
    "paiement",
    "pago",
    "payment",
    "betaaldatum",
    "day",
    "pagamento",
];

/// Dates that the job must state as the file has no columns for them.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Stated {
    pub start: Option<Proposed<NaiveDate>>,
    pub end: Option<Proposed<NaiveDate>>,
    pub pay_date: Option<Proposed<NaiveDate>>,
}

/// What title lines and the file's name say; `frequency` is a term of `payroll.pay_frequency_map`.
pub fn stated(titles: &[String], file_name: &str, order: Order) -> Stated {
    let mut stated = Stated::default();
    for title in titles {
        let dates = dates_in(title, order);
        let words = words(title);
        let says = |known: &[&str]| words.iter().any(|word| known.contains(&word.as_str()));
        let told = |day: NaiveDate| Proposed::likely(day, "a title line states it");
        match dates.as_slice() {
            [start, end] if start <= end && (says(&PERIOD_WORDS) || !says(&PAY_WORDS)) => {
                stated.start.get_or_insert(told(*start));
                stated.end.get_or_insert(told(*end));
            }
            [pay, start, end] if start <= end && says_first(&words, &PAY_WORDS, &PERIOD_WORDS) => {
                stated.start.get_or_insert(told(*start));
                stated.end.get_or_insert(told(*end));
                stated.pay_date.get_or_insert(told(*pay));
            }
            [start, end, pay] if start <= end => {
                stated.start.get_or_insert(told(*start));
                stated.end.get_or_insert(told(*end));
                stated.pay_date.get_or_insert(told(*pay));
            }
            [day] if says(&PAY_WORDS) || says(&["pay"]) && says(&["date"]) => {
                stated.pay_date.get_or_insert(told(*day));
            }
            [day] if says(&END_WORDS) || says(&PERIOD_WORDS) => {
                stated.end.get_or_insert(told(*day));
            }
            _ => {}
        }
    }
    if stated.end.is_none()
        && stated.pay_date.is_none()
        && let Some((start, end)) = titles.iter().find_map(|title| months::of_title(title))
    {
        let told = |day: NaiveDate| Proposed::asked(day, "a title line names the month");
        (stated.start, stated.end) = (Some(told(start)), Some(told(end)));
    }
    if stated.end.is_none() {
        stated.end = of_name(file_name).map(|day| Proposed::asked(day, "the file's name states the day or month"));
    }
    stated
}

/// Whether a word of the one list stands before any of the other.
fn says_first(words: &[String], first: &[&str], second: &[&str]) -> bool {
    let place = |known: &[&str]| words.iter().position(|word| known.contains(&word.as_str()));
    place(first).is_some_and(|first| place(second).is_some_and(|second| first < second))
}

/// Fills in the start of a period from its end, and the end from the pay date, by how often people are paid.
pub fn complete(mut stated: Stated, frequency: Option<&str>) -> Stated {
    if stated.end.is_none() {
        let from = stated.pay_date.clone();
        stated.end =
            from.map(|pay| Proposed::asked(pay.value, "nothing but the pay date is known: taken for the last day"));
    }
    if stated.start.is_none()
        && let Some(end) = &stated.end
    {
        let (start, why) = match frequency {
            Some("weekly") => (end.value - Days::new(6), "a week before the end, as people are paid weekly"),
            Some("biweekly") => (end.value - Days::new(13), "two weeks before the end, as people are paid biweekly"),
            Some("semimonthly") if end.value.day() > 15 => (day_of(end.value, 16), "the second half of the month"),
            Some("semimonthly") => (day_of(end.value, 1), "the first half of the month"),
            _ => (first_day(end.value), "a month before the end"),
        };
        stated.start = Some(Proposed::asked(start, format!("{why}: nothing states it")));
    }
    stated
}

fn day_of(date: NaiveDate, day: u32) -> NaiveDate {
    date.with_day(day).unwrap_or(date)
}

/// The first day of a month that ends on this day: the first of it, or the day after the same day a month before.
fn first_day(end: NaiveDate) -> NaiveDate {
    match (end + Days::new(1)).day() {
        1 => day_of(end, 1),
        _ => end.checked_sub_months(Months::new(1)).map_or(end, |before| before + Days::new(1)),
    }
}

/// The dates of a line of text, in their order.
pub fn dates_in(text: &str, order: Order) -> Vec<NaiveDate> {
    let tokens: Vec<&str> = text.split_whitespace().flat_map(|token| token.split('–')).collect();
    let trimmed = |text: &str| text.trim_matches([',', ';', ':', '(', ')', '.', '-', '"']).to_owned();
    let mut dates = Vec::new();
    let mut at = 0;
    while at < tokens.len() {
        let three = tokens.get(at..at + 3).map(|three| trimmed(&three.join(" ")));
        let named =
            three.filter(|three| three.contains(char::is_alphabetic)).and_then(|three| cells::day(&three, order));
        let single = trimmed(tokens[at]);
        if let Some(day) = named {
            dates.push(day);
            at += 3;
        } else if let Some(day) = cells::day(&single, order) {
            dates.push(day);
            at += 1;
        } else {
            dates.extend(joined(&single, order));
            at += 1;
        }
    }
    dates
}

/// The dates of `01.03.2026-31.03.2026`, `03/16/2026-03/31/2026` and `2026-03-01_2026-03-31`.
fn joined(text: &str, order: Order) -> Vec<NaiveDate> {
    let by = |mark: char| text.split(mark).filter_map(|part| cells::day(part, order)).collect::<Vec<_>>();
    ['-', '_', '/'].map(by).into_iter().find(|dates| !dates.is_empty()).unwrap_or_default()
}

/// The day, or the last day of the month, that a file name has in it.
fn of_name(name: &str) -> Option<NaiveDate> {
    let digits: Vec<&str> = name.split(|c: char| !c.is_ascii_digit()).filter(|run| !run.is_empty()).collect();
    let ymd = |y: &str, m: &str, d: &str| {
        let year = y.parse().ok().filter(|year| (2000..2100).contains(year))?;
        NaiveDate::from_ymd_opt(year, m.parse().ok()?, d.parse().ok()?)
    };
    let last = |y: &str, m: &str| Some(ymd(y, m, "1")?.checked_add_months(Months::new(1))? - Days::new(1));
    let whole = digits.iter().filter(|run| run.len() == 8).find_map(|run| ymd(&run[..4], &run[4..6], &run[6..]));
    let parts = digits.windows(3).find_map(|run| ymd(run[0], run[1], run[2]));
    let month =
        digits.windows(2).find_map(|run| (run[0].len() == 4 && run[1].len() == 2).then(|| last(run[0], run[1]))?);
    let six = digits.iter().filter(|run| run.len() == 6).find_map(|run| last(&run[..4], &run[4..]));
    whole.or(parts).or(month).or(six)
}

/// A start after its end, or a period too long for one, is no period: it is asked for again.
pub fn is_sound(stated: &Stated) -> bool {
    match (&stated.start, &stated.end) {
        (Some(start), Some(end)) => (0..=PERIOD_DAYS_MAX).contains(&(end.value - start.value).num_days()),
        _ => false,
    }
}

/// As `payroll.period` takes it at most, in days.
const PERIOD_DAYS_MAX: i64 = 92;

#[cfg(test)]
mod tests {
    use super::*;
    use crate::certainty::Certainty;

    fn day(text: &str) -> NaiveDate {
        text.parse().expect("a day")
    }

    #[track_caller]
    fn check(titles: &[&str], name: &str, start: Option<&str>, end: Option<&str>, pay: Option<&str>) {
        let titles: Vec<String> = titles.iter().map(|title| (*title).to_owned()).collect();
        let found = stated(&titles, name, Order::MonthFirst);
        let days = [found.start, found.end, found.pay_date].map(|date| date.map(|date| date.value));
        assert_eq!(days, [start, end, pay].map(|date| date.map(day)), "{titles:?} {name}");
    }

    #[test]
    fn a_period_is_read_from_title_lines_and_names() {
        check(&["Pay Period: 03/16/2026 - 03/31/2026"], "x.csv", Some("2026-03-16"), Some("2026-03-31"), None);
        check(&["Pay day: 03/31/2026"], "x.csv", None, None, Some("2026-03-31"));
        check(&["Abrechnungszeitraum 01.03.2026-31.03.2026"], "x.csv", Some("2026-03-01"), Some("2026-03-31"), None);
        check(&["From Mar 16, 2026 to Mar 31, 2026"], "x.csv", Some("2026-03-16"), Some("2026-03-31"), None);
        check(&["Period ending 03/31/2026"], "x.csv", None, Some("2026-03-31"), None);
        let both = ["Check Date 03/31/2026 - Period 03/16/2026 to 03/31/2026"];
        check(&both, "x.csv", Some("2026-03-16"), Some("2026-03-31"), Some("2026-03-31"));
        check(&["Lohnjournal März 2026"], "x.csv", Some("2026-03-01"), Some("2026-03-31"), None);
        check(&["Printed in March 2026", "Pay day: 04/02/2026"], "x.csv", None, None, Some("2026-04-02"));
        check(&[], "payroll_2026-03-31.csv", None, Some("2026-03-31"), None);
        check(&[], "PAY_202603.csv", None, Some("2026-03-31"), None);
        check(&["Acme Ltd"], "payroll.csv", None, None, None);
    }

    #[test]
    fn the_start_follows_from_how_often_people_are_paid_and_is_asked() {
        let end = Some(Proposed::likely(day("2026-03-31"), ""));
        for (frequency, start) in [
            (Some("weekly"), "2026-03-25"),
            (Some("biweekly"), "2026-03-18"),
            (Some("semimonthly"), "2026-03-16"),
            (Some("monthly"), "2026-03-01"),
            (None, "2026-03-01"),
        ] {
            let full = complete(Stated { end: end.clone(), ..Stated::default() }, frequency);
            let found = full.start.expect("a start");
            assert_eq!((found.value, found.certainty), (day(start), Certainty::Asked));
        }
    }
}
