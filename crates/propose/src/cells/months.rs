//! Months as payrolls name them: `March 2026`, `März 2026`, `03/2026`, `2026-03`.

use chrono::{Days, Months, NaiveDate};

use crate::columns::names::words;

/// By month, in English, German, French, Spanish, Italian, Dutch, Portuguese and the languages of the North, without
/// accents, as [`words`] gives them.
const NAMES: [&[&str]; 12] = [
    &["jan", "january", "januar", "janvier", "ene", "enero", "gen", "gennaio", "januari", "janeiro"],
    &["feb", "february", "februar", "fev", "fevr", "fevrier", "febrero", "febbraio", "februari", "fevereiro"],
    &["mar", "march", "marz", "mrz", "maerz", "mars", "marzo", "maart", "mrt", "marco", "marts"],
    &["apr", "april", "avr", "avril", "abr", "abril", "aprile"],
    &["may", "mai", "mayo", "mag", "maggio", "mei", "maio", "maj"],
    &["jun", "june", "juni", "juin", "junio", "giu", "giugno", "junho"],
    &["jul", "july", "juli", "juil", "juillet", "julio", "lug", "luglio", "julho"],
    &["aug", "august", "aout", "ago", "agosto", "augustus", "augusti"],
    &["sep", "sept", "september", "septembre", "septiembre", "set", "settembre", "setembro"],
    &["oct", "october", "okt", "oktober", "octobre", "octubre", "ott", "ottobre", "out", "outubro"],
    &["nov", "november", "novembre", "noviembre", "novembro"],
    &["dec", "december", "dez", "dezember", "decembre", "dic", "diciembre", "dicembre", "dezembro", "desember"],
];
const YEARS: std::ops::Range<i32> = 2000..2100;
/// Digits of `202603`.
const RUN_DIGITS: usize = 6;

/// First and last day of the month that a cell is; `None` where it says anything else.
pub fn of_cell(cell: &str) -> Option<(NaiveDate, NaiveDate)> {
    let words = words(cell);
    match words.as_slice() {
        [run] if run.len() == RUN_DIGITS && run.is_ascii() => days(&run[..4], &run[4..]),
        [a, b] => days(b, a).or_else(|| days(a, b)),
        _ => None,
    }
}

/// The same with two digits of the year behind the month's name, `Mar-26`: elsewhere than in a column of months a day.
pub fn of_short(cell: &str) -> Option<(NaiveDate, NaiveDate)> {
    match words(cell).as_slice() {
        [month, year] if year.len() == 2 && month.chars().all(char::is_alphabetic) => days(&format!("20{year}"), month),
        _ => None,
    }
}

/// Whether the month of a cell is a number: `202606` may be the sixth of other periods.
pub fn is_number(cell: &str) -> bool {
    of_cell(cell).is_some() && !cell.contains(char::is_alphabetic)
}

/// The same of a title line, which may say more than the month; the month is named by its word.
pub fn of_title(title: &str) -> Option<(NaiveDate, NaiveDate)> {
    let words = words(title);
    let named = |pair: &[String]| pair[0].chars().all(char::is_alphabetic).then(|| days(&pair[1], &pair[0]))?;
    words.windows(2).find_map(named)
}

/// First and last day of a month.
pub fn days(year: &str, month: &str) -> Option<(NaiveDate, NaiveDate)> {
    let year: i32 = year.parse().ok().filter(|year| YEARS.contains(year))?;
    let named = || NAMES.iter().position(|names| names.contains(&month)).and_then(|at| u32::try_from(at + 1).ok());
    let month = if month.len() <= 2 { month.parse().ok() } else { None }.or_else(named)?;
    let first = NaiveDate::from_ymd_opt(year, month, 1)?;
    Some((first, first.checked_add_months(Months::new(1))? - Days::new(1)))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[track_caller]
    fn check(found: Option<(NaiveDate, NaiveDate)>, expected: Option<[&str; 2]>) {
        let found = found.map(|(first, last)| [first.to_string(), last.to_string()]);
        assert_eq!(found, expected.map(|days| days.map(str::to_owned)));
    }

    #[test]
    fn a_month_is_known_in_numbers_and_in_many_languages() {
        for cell in ["March 2026", "Mar-2026", "03/2026", "3.2026", "2026-03", "202603", "März 2026", "mars 2026"] {
            check(of_cell(cell), Some(["2026-03-01", "2026-03-31"]));
        }
        check(of_cell("février 2028"), Some(["2028-02-01", "2028-02-29"]));
        for cell in ["03/31/2026", "2026", "13/2026", "Month 12", "Marching 2026", "200013", ""] {
            check(of_cell(cell), None);
        }
    }

    #[test]
    fn a_title_names_a_month_by_its_word() {
        check(of_title("Lohnjournal März 2026, Firma Fable"), Some(["2026-03-01", "2026-03-31"]));
        for title in ["Report 12 2026", "From 03/16/2026", "Fable Ltd"] {
            check(of_title(title), None);
        }
    }
}
