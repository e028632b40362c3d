//! The pay period where one column says both its ends, a range of two days or a month, or where month and year have a
//! column each. A job has no column for it: the dates are stated.

use std::collections::BTreeSet;

use chrono::NaiveDate;

use crate::cells::Order;
use crate::cells::months;
use crate::certainty::{Certainty, Proposed};
use crate::columns::names::{plain, words};
use crate::pay::period::{Stated, dates_in};
use crate::table::Table;

/// Words of a header whose cells are periods; a number among them may be that of a period and not of a month.
const PERIOD_WORDS: [&str; 11] = [
    "period",
    "periode",
    "periodo",
    "zeitraum",
    "abrechnungszeitraum",
    "tijdvak",
    "cycle",
    "run",
    "okres",
    "loneperiod",
    "lønperiode",
];
const MONTH_WORDS: [&str; 11] =
    ["month", "monat", "abrechnungsmonat", "mois", "mes", "mese", "maand", "competencia", "miesiac", "maned", "manad"];
const YEAR_WORDS: [&str; 10] =
    ["year", "jahr", "jaar", "annee", "ano", "anno", "exercice", "ejercicio", "kalenderjahr", "rok"];

/// What such columns state; the newest where they state several. Columns of a field are not looked at.
pub fn find(table: &Table, taken: &BTreeSet<usize>, order: Order) -> Option<Stated> {
    let open: Vec<usize> = (0..table.headers.len()).filter(|at| !taken.contains(at)).collect();
    let says =
        |at: &usize, known: &[&str]| words(&table.headers[*at]).iter().any(|word| known.contains(&word.as_str()));
    let is_period = |at: &usize| says(at, &PERIOD_WORDS) || says(at, &MONTH_WORDS);
    let periods: Vec<usize> = open.iter().copied().filter(is_period).collect();
    let stated = |(start, end): (NaiveDate, NaiveDate), certainty: Certainty, reason: String| Stated {
        start: Some(Proposed::new(start, certainty, reason.clone())),
        end: Some(Proposed::new(end, certainty, reason)),
        pay_date: None,
    };
    for at in &periods {
        let of_month = says(at, &MONTH_WORDS);
        let short = |cell: &str| months::of_short(cell).filter(|_| of_month);
        if let Some(period) = newest(table, *at, |cell| ends(cell, order).or_else(|| short(cell))) {
            let of_numbers = !of_month && table.column(*at).any(months::is_number);
            let certainty = if of_numbers { Certainty::Asked } else { Certainty::Likely };
            return Some(stated(period, certainty, format!("as `{}` says", table.headers[*at])));
        }
    }
    let year = open.iter().copied().find(|at| YEAR_WORDS.contains(&plain(&table.headers[*at]).as_str()))?;
    periods.into_iter().find_map(|month| {
        let rows = table.rows.iter().map(|row| [year, month].map(|at| row.get(at).unwrap_or_default().trim()));
        let months: Option<Vec<_>> = rows.map(|[year, month]| months::days(year, &plain(month))).collect();
        let [year, month] = [year, month].map(|at| &table.headers[at]);
        let reason = format!("`{month}` taken for the month of `{year}`");
        Some(stated(months?.into_iter().max()?, Certainty::Asked, reason))
    })
}

/// The newest period of a column whose cells are all periods.
fn newest(
    table: &Table,
    at: usize,
    read: impl Fn(&str) -> Option<(NaiveDate, NaiveDate)>,
) -> Option<(NaiveDate, NaiveDate)> {
    let cells: BTreeSet<&str> = table.column(at).filter(|cell| !cell.is_empty()).collect();
    let periods: Option<Vec<_>> = cells.into_iter().map(read).collect();
    periods?.into_iter().max_by_key(|(start, end)| (*end, *start))
}

fn ends(cell: &str, order: Order) -> Option<(NaiveDate, NaiveDate)> {
    match dates_in(cell, order).as_slice() {
        [start, end] if start <= end => Some((*start, *end)),
        [] => months::of_cell(cell),
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{Hints, propose};

    #[track_caller]
    fn check(export: &str, expected: Option<([&str; 2], Certainty)>) {
        let period =
            propose(export.as_bytes(), &Hints::default()).expect("a proposal").period.expect("no columns of it");
        let found = period.start.zip(period.end);
        let found = found.map(|(start, end)| ([start.value, end.value].map(|day| day.to_string()), end.certainty));
        let expected = expected.map(|(days, certainty)| (days.map(str::to_owned), certainty));
        assert_eq!(found, expected, "{export}");
    }

    #[test]
    fn a_range_or_a_month_in_a_column_is_the_period() {
        let march = |certainty| Some((["2026-03-01", "2026-03-31"], certainty));
        let half = Some((["2026-03-16", "2026-03-31"], Certainty::Likely));
        check("Employee ID,Pay Period,Medical EE\n1,03/16/2026 - 03/31/2026,5.00\n", half);
        check("Employee ID,Pay Period,Medical EE\n1,2026-03-16 to 2026-03-31,5.00\n", half);
        check("Matricule;Mois de paie;Mutuelle\n1;03/2026;5,00\n2;02/2026;5,00\n", march(Certainty::Likely));
        check("Employee ID,Pay Period,Medical EE\n1,202603,5.00\n", march(Certainty::Asked));
        check("Employee ID,Pay Period,Medical EE\n1,March 2026,5.00\n", march(Certainty::Likely));
        check("Employee ID,Month,Medical EE\n1,Mar-26,5.00\n", march(Certainty::Likely));
        check("Matricola;Anno;Mese;Mutuelle\n1;2026;Marzo;5,00\n", march(Certainty::Asked));
        check("Personeelsnummer;Periode;Jaar;Pensioen\n1;3;2026;5,00\n", march(Certainty::Asked));
    }

    #[test]
    fn a_number_of_a_period_without_its_year_is_none() {
        check("Employee ID,Tax Period,Medical EE\n1,12,5.00\n", None);
        check("Employee ID,Period,Medical EE\n1,Month 12,5.00\n", None);
    }
}
