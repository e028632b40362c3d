//! Oyster's enrollments as expected lines, in the columns of Benifex's: one an employee and benefit.

use polars::prelude::*;

use crate::rules::calendar::DateKind;
use crate::rules::columns::{frame, numbers, numbers_from};
use crate::rules::dictionary::BLANK;
use crate::rules::expected::NEVER;
use crate::rules::labels::Labels;
use crate::rules::oyster::Oysters;
use crate::rules::oyster::cover::OysterCover;
use crate::rules::people::People;
use crate::rules::schemes::Schemes;

/// What is due for one line of Oyster's.
struct Priced {
    per_year: i64,
    date_kind: DateKind,
    employee: i64,
    employer: i64,
}

impl Oysters<'_> {
    /// Oyster's expected lines behind Benifex's.
    pub(in crate::rules) fn with_due(
        &self,
        due: DataFrame,
        people: &People<'_>,
        words: &Labels<'_>,
        schemes: &Schemes,
    ) -> PolarsResult<DataFrame> {
        let groups = numbers(&people.frame, "group")?;
        let units = words.currencies.minor_units();
        let priced: Vec<Priced> = { self.covers.iter() }
            .map(|((emp, label), cover)| {
                let group = groups.get(*emp as usize).unwrap_or(BLANK);
                let payday = &people.paydays[*emp as usize];
                let per_year = schemes.per_year(group, *label, payday.pays);
                let date_kind = payday.kind(schemes.scheme(group, *label), per_year);
                let (employee, employer) = match date_kind.is_free() {
                    true => (0, 0),
                    false => cover.due(self.settings, per_year, units[cover.currency() as usize]),
                };
                Priced { per_year, date_kind, employee, employer }
            })
            .collect();
        let number = |name: &str, of: &dyn Fn(&(u32, u32), &OysterCover) -> u32| {
            numbers_from(name, self.covers.iter().map(|(key, cover)| of(key, cover)).collect())
        };
        let flag = |name: &str, of: &dyn Fn(&OysterCover) -> bool| {
            self.covers.values().map(of).collect::<BooleanChunked>().with_name(name.into()).into_column()
        };
        let count = |name: &str, of: fn(&Priced) -> i64| {
            Int64Chunked::from_iter_values(name.into(), priced.iter().map(of)).into_column()
        };
        let mut columns = vec![number("emp", &|key, _| key.0), number("label", &|key, _| key.1)];
        columns.extend(["ee_cur", "er_cur", "bx_cur"].map(|name| number(name, &|_, cover| cover.currency())));
        columns.extend([count("d", |p| p.per_year), count("e", |p| p.employee), count("r", |p| p.employer)]);
        columns.push(numbers_from("date_kind", priced.iter().map(|p| p.date_kind.number()).collect()));
        columns.extend(["live", "on"].map(|name| flag(name, &|cover| cover.live)));
        columns.extend(["bx_mixed", "several"].map(|name| flag(name, &|_| false)));
        columns.push(flag("bad", &|cover| cover.bad.is_some()));
        columns.push(flag("unknown", &OysterCover::nameless));
        columns.push(flag("uneven", &OysterCover::uneven));
        let never = |name: &str| Int32Chunked::from_vec(name.into(), vec![NEVER; priced.len()]).into_column();
        columns.extend(["changed", "first"].map(never));
        columns.push(number("bx_rows", &|_, cover| cover.rows.len() as u32));
        columns.push(number("bx_row", &|_, cover| cover.shown() as u32));
        columns.push(number("bx_slot", &|_, _| 0));
        due.vstack(&frame(columns)?.select(due.get_column_names_owned())?)
    }
}
