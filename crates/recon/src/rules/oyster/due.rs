//! Oyster's enrollments as expected lines, in the columns of Benifex's: one an employee and benefit.

use polars::prelude::*;

use crate::rules::columns::{frame, numbers, numbers_from};
use crate::rules::dictionary::BLANK;
use crate::rules::expected::NEVER;
use crate::rules::oyster::Oysters;
use crate::rules::oyster::cover::Cover;
use crate::rules::people::People;
use crate::rules::words::{PerYear, Words};

impl Oysters<'_> {
    /// Oyster's expected lines behind Benifex's.
    pub(in crate::rules) fn with_due(
        &self,
        due: DataFrame,
        people: &People<'_>,
        words: &Words<'_>,
        per_year: &PerYear,
    ) -> PolarsResult<DataFrame> {
        let groups = numbers(&people.frame, "group")?;
        let units = words.currencies.minor_units();
        let priced: Vec<(i64, i64, i64)> = { self.covers.iter() }
            .map(|((emp, label), cover)| {
                let d = per_year.stated(groups.get(*emp as usize).unwrap_or(BLANK), *label);
                let (e, r) = cover.due(self.settings, d, units[cover.currency() as usize]);
                (d, e, r)
            })
            .collect();
        let number = |name: &str, of: &dyn Fn(&(u32, u32), &Cover) -> u32| {
            numbers_from(name, self.covers.iter().map(|(key, cover)| of(key, cover)).collect())
        };
        let flag = |name: &str, of: &dyn Fn(&Cover) -> bool| {
            self.covers.values().map(of).collect::<BooleanChunked>().with_name(name.into()).into_column()
        };
        let count = |name: &str, of: fn(&(i64, i64, i64)) -> i64| {
            Int64Chunked::from_iter_values(name.into(), priced.iter().map(of)).into_column()
        };
        let mut columns = vec![number("emp", &|key, _| key.0), number("label", &|key, _| key.1)];
        columns.extend(["ee_cur", "er_cur", "bx_cur"].map(|name| number(name, &|_, cover| cover.currency())));
        columns.extend([count("d", |p| p.0), count("e", |p| p.1), count("r", |p| p.2)]);
        columns.extend(["live", "on"].map(|name| flag(name, &|cover| cover.live)));
        columns.extend(["begins", "bx_mixed"].map(|name| flag(name, &|_| false)));
        columns.push(flag("bad", &|cover| cover.bad.is_some()));
        columns.push(flag("unknown", &Cover::nameless));
        columns.push(flag("uneven", &Cover::uneven));
        columns.push(Int32Chunked::from_vec("changed".into(), vec![NEVER; priced.len()]).into_column());
        columns.push(number("bx_rows", &|_, cover| cover.rows.len() as u32));
        columns.push(number("bx_row", &|_, cover| cover.shown() as u32));
        columns.push(number("bx_slot", &|_, _| 0));
        due.vstack(&frame(columns)?.select(due.get_column_names_owned())?)
    }
}
