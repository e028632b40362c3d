//! Columnar builders of the three tables: records in, typed columns out, one push a row. A row is an array of cells in
//! the order of the table's column list, written down once in this file.

use chrono::{Datelike as _, NaiveDate};
use polars::prelude::*;

use crate::snapshot::{BENEFITS, Outcome, POPULATION, USERS};
use tieout_model::records::benifex::{BenefitRecord, UserRecord};

/// Days from 0001-01-01 (day 1) to 1970-01-01, where polars counts from.
const EPOCH_FROM_CE_DAYS: i32 = 719_163;

/// One employee id and what became of it.
#[derive(Clone, Copy, Debug)]
pub(super) struct PopulationRow<'a> {
    pub emp: u32,
    pub employee_id: &'a str,
    pub outcome: Outcome,
    pub reason: Option<&'a str>,
    pub batch_inconsistent: bool,
    /// Microseconds since 1970.
    pub fetched_us: Option<i64>,
}

pub(super) enum Cell<'a> {
    Employee(u32),
    Text(Option<&'a str>),
    Names(&'a [String]),
    Number(Option<i64>),
    Date(Option<NaiveDate>),
    Flag(bool),
}

enum Builder {
    Employee(PrimitiveChunkedBuilder<UInt32Type>),
    Text(StringChunkedBuilder),
    Number(PrimitiveChunkedBuilder<Int64Type>),
    Date(PrimitiveChunkedBuilder<Int32Type>),
    Flag(BooleanChunkedBuilder),
}

/// A table that grows by rows of `N` cells.
pub(super) struct Sheet<const N: usize> {
    builders: [Builder; N],
    rows: usize,
}

pub(super) fn population(capacity: usize) -> Sheet<6> {
    let blank = PopulationRow {
        emp: 0,
        employee_id: "",
        outcome: Outcome::Found,
        reason: None,
        batch_inconsistent: false,
        fetched_us: None,
    };
    Sheet::like(POPULATION, &population_cells(&blank), capacity)
}

pub(super) fn users(capacity: usize) -> Sheet<23> {
    Sheet::like(USERS, &user_cells(0, &UserRecord::default(), 0), capacity)
}

pub(super) fn benefits(capacity: usize) -> Sheet<14> {
    Sheet::like(BENEFITS, &benefit_cells(0, &BenefitRecord::default(), 0), capacity)
}

impl Sheet<6> {
    pub fn push_population(&mut self, row: &PopulationRow<'_>) {
        self.push(population_cells(row));
    }
}

impl Sheet<23> {
    pub fn push_user(&mut self, emp: u32, user: &UserRecord, fetched_us: i64) {
        self.push(user_cells(emp, user, fetched_us));
    }
}

impl Sheet<14> {
    pub fn push_benefit(&mut self, emp: u32, benefit: &BenefitRecord, fetched_us: i64) {
        self.push(benefit_cells(emp, benefit, fetched_us));
    }
}

impl<const N: usize> Sheet<N> {
    /// An empty table with the names given and the types of a sample row.
    pub(super) fn like(names: [&'static str; N], sample: &[Cell<'_>; N], capacity: usize) -> Sheet<N> {
        let builder = |at: usize| {
            let name = PlSmallStr::from_static(names[at]);
            match sample[at] {
                Cell::Employee(_) => Builder::Employee(PrimitiveChunkedBuilder::new(name, capacity)),
                Cell::Text(_) | Cell::Names(_) => Builder::Text(StringChunkedBuilder::new(name, capacity)),
                Cell::Number(_) => Builder::Number(PrimitiveChunkedBuilder::new(name, capacity)),
                Cell::Date(_) => Builder::Date(PrimitiveChunkedBuilder::new(name, capacity)),
                Cell::Flag(_) => Builder::Flag(BooleanChunkedBuilder::new(name, capacity)),
            }
        };
        Sheet { builders: std::array::from_fn(builder), rows: 0 }
    }

    pub(super) fn push(&mut self, cells: [Cell<'_>; N]) {
        for (builder, cell) in self.builders.iter_mut().zip(cells) {
            match (builder, cell) {
                (Builder::Employee(column), Cell::Employee(emp)) => column.append_value(emp),
                (Builder::Text(column), Cell::Text(text)) => column.append_option(text),
                (Builder::Text(column), Cell::Names([])) => column.append_null(),
                (Builder::Text(column), Cell::Names(names)) => column.append_value(names.join(",")),
                (Builder::Number(column), Cell::Number(number)) => column.append_option(number),
                (Builder::Date(column), Cell::Date(date)) => column.append_option(date.map(epoch_days)),
                (Builder::Flag(column), Cell::Flag(flag)) => column.append_value(flag),
                _ => unreachable!("the builders were made from a row of the same function"),
            }
        }
        self.rows += 1;
    }

    pub fn finish(self) -> PolarsResult<DataFrame> {
        let column = |builder| match builder {
            Builder::Employee(column) => column.finish().into_column(),
            Builder::Text(column) => column.finish().into_column(),
            Builder::Number(column) => column.finish().into_column(),
            Builder::Date(column) => column.finish().into_date().into_column(),
            Builder::Flag(column) => column.finish().into_column(),
        };
        DataFrame::new(self.rows, self.builders.into_iter().map(column).collect())
    }
}

fn epoch_days(date: NaiveDate) -> i32 {
    date.num_days_from_ce() - EPOCH_FROM_CE_DAYS
}

fn population_cells<'a>(row: &PopulationRow<'a>) -> [Cell<'a>; 6] {
    [
        Cell::Employee(row.emp),
        Cell::Text(Some(row.employee_id)),
        Cell::Text(Some(row.outcome.name())),
        Cell::Text(row.reason),
        Cell::Flag(row.batch_inconsistent),
        Cell::Number(row.fetched_us),
    ]
}

fn user_cells(emp: u32, user: &UserRecord, fetched_us: i64) -> [Cell<'_>; 23] {
    [
        Cell::Employee(emp),
        Cell::Text(Some(&user.user_id)),
        text(&user.first_name),
        text(&user.last_name),
        text(&user.preferred_name),
        text(&user.local_name),
        Cell::Date(user.dob),
        text(&user.postcode),
        text(&user.country),
        text(&user.employment_status),
        Cell::Date(user.start_date),
        Cell::Date(user.original_start_date),
        Cell::Date(user.leave_date),
        text(&user.country_of_work),
        text(&user.pay_group),
        Cell::Number(user.salary),
        Cell::Date(user.salary_effective),
        Cell::Number(user.pay_periods),
        Cell::Number(user.fte),
        Cell::Number(user.contracted_hours),
        Cell::Number(user.fte_hours),
        Cell::Number(Some(fetched_us)),
        Cell::Names(&user.faults),
    ]
}

fn benefit_cells(emp: u32, benefit: &BenefitRecord, fetched_us: i64) -> [Cell<'_>; 14] {
    [
        Cell::Employee(emp),
        Cell::Text(Some(&benefit.benefit)),
        text(&benefit.status),
        Cell::Date(benefit.effective_from),
        Cell::Date(benefit.change_date),
        Cell::Number(benefit.ee_annual),
        Cell::Number(benefit.ee_monthly),
        Cell::Number(benefit.er_annual),
        Cell::Number(benefit.er_monthly),
        text(&benefit.ee_currency),
        text(&benefit.er_currency),
        text(&benefit.cost_currency),
        Cell::Number(Some(fetched_us)),
        Cell::Names(&benefit.faults),
    ]
}

pub(super) fn text(field: &Option<String>) -> Cell<'_> {
    Cell::Text(field.as_deref())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn columns_have_their_documented_names_and_types_even_without_rows() {
        let user = users(0).finish().expect("a frame");
        assert_eq!(user.get_column_names(), USERS);
        for (name, dtype) in [
            ("emp", DataType::UInt32),
            ("user_id", DataType::String),
            ("dob", DataType::Date),
            ("salary", DataType::Int64),
            ("faults", DataType::String),
        ] {
            assert_eq!(user.column(name).expect("there").dtype(), &dtype, "{name}");
        }
        assert_eq!(benefits(0).finish().expect("a frame").get_column_names(), BENEFITS);
        assert_eq!(population(0).finish().expect("a frame").get_column_names(), POPULATION);
    }

    #[test]
    fn a_record_arrives_in_its_columns() {
        let mut sheet = users(1);
        let user = UserRecord {
            user_id: "u-1".into(),
            first_name: Some("Zoë".into()),
            dob: NaiveDate::from_ymd_opt(1970, 1, 3),
            salary: Some(720_000_000),
            faults: vec!["leave_date".into(), "fte".into()],
            ..UserRecord::default()
        };
        sheet.push_user(7, &user, 99);
        let frame = sheet.finish().expect("a frame");
        let cell = |name: &str| frame.column(name).expect("there").get(0).expect("a row").into_static();
        assert_eq!(cell("emp"), AnyValue::UInt32(7));
        assert_eq!(cell("first_name"), AnyValue::StringOwned("Zoë".into()));
        assert_eq!(cell("dob"), AnyValue::Date(2));
        assert_eq!(cell("salary"), AnyValue::Int64(720_000_000));
        assert_eq!(cell("last_name"), AnyValue::Null);
        assert_eq!(cell("fetched_at"), AnyValue::Int64(99));
        assert_eq!(cell("faults"), AnyValue::StringOwned("leave_date,fte".into()));
    }
}
