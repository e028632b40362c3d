//! The tables of Benifex: who was asked for, who was found, and their benefits.

use polars::prelude::{DataFrame, PolarsResult};

use crate::snapshot::Outcome;
use crate::tables::column::{Cells, Column, Day, Flag, Names, Number, Row, Text, table};
use tieout_model::records::benifex::{BenefitRecord, UserRecord};

/// One employee id and what became of it.
#[derive(Clone, Copy, Debug)]
pub struct PopulationRow<'a> {
    pub emp: u32,
    pub employee_id: &'a str,
    pub outcome: Outcome,
    pub reason: Option<&'a str>,
    pub batch_inconsistent: bool,
    /// Microseconds since 1970.
    pub fetched_us: Option<i64>,
    /// By the crosswalk of the night.
    pub benbase_id: Option<&'a str>,
}

/// A person who was found.
#[derive(Clone, Copy, Debug)]
pub struct UserRow<'a> {
    pub emp: u32,
    pub user: &'a UserRecord,
    /// Microseconds since 1970.
    pub fetched_us: i64,
}

/// A current benefit of a person.
#[derive(Clone, Copy, Debug)]
pub struct BenefitRow<'a> {
    pub emp: u32,
    pub benefit: &'a BenefitRecord,
    /// Microseconds since 1970.
    pub fetched_us: i64,
}

pub const POPULATION: Population = Population::COLUMNS;
pub const USERS: Users = Users::COLUMNS;
pub const BENEFITS: Benefits = Benefits::COLUMNS;

table! {
    /// Everybody whom the services were asked for, sorted by `employee_id`.
    Population, PopulationBuilder of |row: &PopulationRow<'_>| {
        /// 0, 1, 2 … = row number: the small integer of the employee in this snapshot.
        emp: Row = row.emp,
        /// Unique.
        employee_id: Text = Some(row.employee_id),
        /// See [`Outcome`].
        outcome: Text = Some(row.outcome.name()),
        /// Null unless unverified.
        reason: Text = row.reason,
        /// CT03: the page walk that this id was part of contradicted itself.
        batch_inconsistent: Flag = row.batch_inconsistent,
        /// Of the list answer, microseconds since 1970; null without one.
        fetched_at: Number = row.fetched_us,
        /// By the crosswalk of the night; null in snapshots from before there was such a column.
        benbase_id: Text = row.benbase_id,
    }
}

table! {
    /// One row a found person, sorted by `emp`. Texts are trimmed, and null when blank.
    Users, UsersBuilder of |row: &UserRow<'_>| {
        emp: Row = row.emp,
        user_id: Text = Some(row.user.user_id.as_str()),
        first_name: Text = row.user.first_name.as_deref(),
        last_name: Text = row.user.last_name.as_deref(),
        preferred_name: Text = row.user.preferred_name.as_deref(),
        local_name: Text = row.user.local_name.as_deref(),
        dob: Day = row.user.dob,
        postcode: Text = row.user.postcode.as_deref(),
        country: Text = row.user.country.as_deref(),
        employment_status: Text = row.user.employment_status.as_deref(),
        start_date: Day = row.user.start_date,
        original_start_date: Day = row.user.original_start_date,
        leave_date: Day = row.user.leave_date,
        country_of_work: Text = row.user.country_of_work.as_deref(),
        pay_group: Text = row.user.pay_group.as_deref(),
        /// 1/10,000.
        salary: Number = row.user.salary,
        salary_effective: Day = row.user.salary_effective,
        /// Null when it is no whole number.
        pay_periods: Number = row.user.pay_periods,
        /// 1/10,000.
        fte: Number = row.user.fte,
        /// 1/10,000 of an hour a week.
        contracted_hours: Number = row.user.contracted_hours,
        /// 1/10,000 of an hour a week.
        fte_hours: Number = row.user.fte_hours,
        /// Microseconds since 1970.
        fetched_at: Number = Some(row.fetched_us),
        /// Fields that were there and could not be read (CT11).
        faults: Names = &row.user.faults,
        /// Null in snapshots from before there was such a column.
        legal_employer: Text = row.user.legal_employer.as_deref(),
    }
}

table! {
    /// One row a current benefit, sorted by `emp`, then `benefit`. Amounts are 1/10,000, and null when absent.
    Benefits, BenefitsBuilder of |row: &BenefitRow<'_>| {
        emp: Row = row.emp,
        benefit: Text = Some(&row.benefit.benefit),
        /// As the service wrote it, trimmed.
        status: Text = row.benefit.status.as_deref(),
        effective_from: Day = row.benefit.effective_from,
        change_date: Day = row.benefit.change_date,
        ee_annual: Number = row.benefit.ee_annual,
        ee_monthly: Number = row.benefit.ee_monthly,
        er_annual: Number = row.benefit.er_annual,
        er_monthly: Number = row.benefit.er_monthly,
        ee_currency: Text = row.benefit.ee_currency.as_deref(),
        er_currency: Text = row.benefit.er_currency.as_deref(),
        cost_currency: Text = row.benefit.cost_currency.as_deref(),
        /// Microseconds since 1970.
        fetched_at: Number = Some(row.fetched_us),
        /// Fields that were there and could not be read (CT11); a date whose layout is unknown is one too.
        faults: Names = &row.benefit.faults,
    }
}

#[cfg(test)]
mod tests {
    use chrono::NaiveDate;
    use polars::prelude::{AnyValue, DataType};

    use super::*;

    #[test]
    fn columns_have_their_names_and_types_even_without_rows() {
        let users = UsersBuilder::new(0).finish().expect("a frame");
        assert_eq!(users.get_column_names(), Users::NAMES);
        for (name, dtype) in [
            ("emp", DataType::UInt32),
            ("user_id", DataType::String),
            ("dob", DataType::Date),
            ("salary", DataType::Int64),
            ("faults", DataType::String),
        ] {
            assert_eq!(users.column(name).expect("there").dtype(), &dtype, "{name}");
        }
        assert_eq!(BenefitsBuilder::new(0).finish().expect("a frame").get_column_names(), Benefits::NAMES);
        assert_eq!(PopulationBuilder::new(0).finish().expect("a frame").get_column_names(), Population::NAMES);
    }

    #[test]
    fn a_record_arrives_in_its_columns() {
        let mut users = UsersBuilder::new(1);
        let user = UserRecord {
            user_id: "u-1".into(),
            first_name: Some("Zoë".into()),
            dob: NaiveDate::from_ymd_opt(1970, 1, 3),
            salary: Some(720_000_000),
            faults: vec!["leave_date".into(), "fte".into()],
            ..UserRecord::default()
        };
        users.push(&UserRow { emp: 7, user: &user, fetched_us: 99 });
        let frame = users.finish().expect("a frame");
        let cell = |name: &str| frame.column(name).expect("there").get(0).expect("a row").into_static();
        assert_eq!(cell("emp"), AnyValue::UInt32(7));
        assert_eq!(cell("first_name"), AnyValue::StringOwned("Zoë".into()));
        assert_eq!(cell("dob"), AnyValue::Date(2));
        assert_eq!(cell("salary"), AnyValue::Int64(720_000_000));
        assert_eq!(cell("last_name"), AnyValue::Null);
        assert_eq!(cell("fetched_at"), AnyValue::Int64(99));
        assert_eq!(cell("faults"), AnyValue::StringOwned("leave_date,fte".into()));
        assert_eq!(USERS.dob.of(&frame).expect("days").get(0), Some(2));
    }
}
