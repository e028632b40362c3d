//! Oyster's enrollments as expected lines, in the columns of Benifex's: one an employee and benefit.

use polars::prelude::*;

use crate::rules::calendar::DateKind;
use crate::rules::lines::dictionary::BLANK;
use crate::rules::lines::expected::NEVER;
use crate::rules::lines::labels::Catalog;
use crate::rules::lines::schemes::Schemes;
use crate::rules::oyster::Oysters;
use crate::rules::oyster::cover::OysterCover;
use crate::rules::people::People;
use crate::rules::schema::{EMPLOYEES, LINES};
use crate::tables::column::frame;
use crate::tables::column::{Column, Flag, Number, PlainDay, Row};

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
        catalog: &Catalog<'_>,
        schemes: &Schemes,
    ) -> PolarsResult<DataFrame> {
        let groups = EMPLOYEES.group.of(&people.frame)?;
        let units = catalog.currencies.minor_units();
        let priced: Vec<Priced> = { self.covers.iter() }
            .map(|((emp, label), cover)| {
                let nothing = self.may_not_charge(*emp, catalog.labels.text(*label));
                let group = groups.get(*emp as usize).unwrap_or(BLANK);
                let payday = &people.paydays[*emp as usize];
                let per_year = schemes.per_year(group, *label, payday.pays);
                let date_kind = payday.kind(schemes.scheme(group, *label), per_year);
                let (employee, employer) = match nothing || date_kind.is_free() {
                    true => (0, 0),
                    false => cover.due(self.settings, per_year, units[cover.currency() as usize]),
                };
                Priced { per_year, date_kind, employee, employer }
            })
            .collect();
        let number = |column: Column<Row>, of: &dyn Fn(&(u32, u32), &OysterCover) -> u32| {
            column.filled(self.covers.iter().map(|(key, cover)| of(key, cover)).collect())
        };
        let flag =
            |column: Column<Flag>, of: &dyn Fn(&OysterCover) -> bool| column.filled(self.covers.values().map(of));
        let count = |column: Column<Number>, of: fn(&Priced) -> i64| column.filled(priced.iter().map(of));
        let never = |column: Column<PlainDay>| column.filled(priced.iter().map(|_| NEVER));
        let columns = vec![
            number(LINES.emp, &|key, _| key.0),
            number(LINES.label, &|key, _| key.1),
            number(LINES.ee_cur, &|_, cover| cover.currency()),
            number(LINES.er_cur, &|_, cover| cover.currency()),
            number(LINES.bx_cur, &|_, cover| cover.currency()),
            count(LINES.per_year, |p| p.per_year),
            count(LINES.employee_due, |p| p.employee),
            count(LINES.employer_due, |p| p.employer),
            LINES.date_kind.filled(priced.iter().map(|p| p.date_kind.number()).collect()),
            flag(LINES.live, &|cover| cover.live),
            flag(LINES.on, &|cover| cover.live),
            flag(LINES.bx_mixed, &|_| false),
            flag(LINES.several, &|_| false),
            flag(LINES.bad, &|cover| cover.bad.is_some()),
            flag(LINES.unknown, &OysterCover::nameless),
            flag(LINES.uneven, &OysterCover::uneven),
            never(LINES.changed),
            never(LINES.first),
            number(LINES.bx_rows, &|_, cover| cover.rows.len() as u32),
            number(LINES.bx_row, &|_, cover| cover.shown() as u32),
            number(LINES.bx_slot, &|_, _| 0),
        ];
        due.vstack(&frame(columns)?.select(due.get_column_names_owned())?)
    }
}
