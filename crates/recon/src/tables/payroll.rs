//! A payroll file as the rules take it: its tables as frames. Columns are moved or built one by one and dropped on the
//! way, so that a large file is not held twice.

use std::collections::BTreeMap;

use chrono::NaiveDate;
use polars::prelude::{
    BooleanChunked, Column as AnyColumn, DataFrame, DataType, Int32Chunked, Int64Chunked, IntoColumn, NewChunkedArray,
    StringChunkedBuilder, UInt32Chunked,
};
use rayon::prelude::*;

use crate::tables::column::{Column, Day, Flag, Names, Number, Row, Text, columns};
use tieout_model::categorical::Categorical;
use tieout_model::control::PeriodsByGroup;
use tieout_model::finding::SetAside;
use tieout_model::money::Money;
use tieout_model::source::{InputFile, Reject};
use tieout_model::terms::{EmploymentStatus, PayFrequency};
use tieout_payroll::{
    AmountColumn, CodeTotal, ControlCheck, FilePeriod, LeftOut, LineKind, Lines, Payroll, People, RowAmount, RowCounts,
    SeveralPeriods, TextColumn, UnknownSign,
};

/// A [`Payroll`] whose tables are frames. What has no text of its own here is as it was there.
#[derive(Debug)]
pub struct PayrollTables {
    /// One row an employee. Columns: [`PAYROLL_PEOPLE`].
    pub people: DataFrame,
    /// The columns of people whose texts repeat.
    pub words: PersonCategories,
    /// One row an employee, deduction code and currency. Columns: [`PAYROLL_LINES`].
    pub lines: DataFrame,
    /// What the numbers in the column `kind` of [`PAYROLL_LINES`] stand for.
    pub kinds: Vec<LineKind>,
    pub rejects: Vec<Reject>,
    pub set_aside: Vec<SetAside>,
    pub left_out: Vec<LeftOut>,
    pub unknown_signs: Vec<UnknownSign>,
    pub controls: Vec<ControlCheck>,
    pub files: Vec<InputFile>,
    pub rows: RowCounts,
    /// In the order of `people`.
    pub rows_of_person: Vec<u64>,
    /// Pay periods that the file holds of an employee, where they are several.
    pub periods_of: BTreeMap<String, SeveralPeriods>,
    /// Of other runs in the file of a regular one, and of employees with several pay periods.
    pub row_amounts: Vec<RowAmount>,
    /// Leave dates that rows of other runs say, by employee.
    pub left_beside: BTreeMap<String, NaiveDate>,
    /// What rows of other runs paid, by employee; `None`: one of them takes something and does not say.
    pub gross_beside: BTreeMap<String, Option<Money>>,
    /// The file holds no regular run: what it took is beside that of the period.
    pub other_runs_only: bool,
    pub totals: Vec<CodeTotal>,
    /// The same of rejected rows, as far as their amounts could be read.
    pub rejected: Vec<CodeTotal>,
    pub period: FilePeriod,
    pub periods: PeriodsByGroup,
    /// Pay groups of which the file holds other runs alone.
    pub groups_beside: Vec<String>,
}

/// Columns of people whose texts repeat; absent values have no text.
#[derive(Clone, Debug, Default)]
pub struct PersonCategories {
    pub legal_entity: Categorical,
    pub pay_group: Categorical,
    pub currency: Categorical,
    /// Names of [`tieout_payroll::CurrencySource`].
    pub currency_source: Categorical,
    /// Names of [`tieout_model::terms::RateBasis`].
    pub rate_basis: Categorical,
    /// Names of [`PayFrequency`].
    pub pay_frequency: Categorical,
    /// Names of [`EmploymentStatus`].
    pub employment_status: Categorical,
    pub state: Categorical,
    pub country: Categorical,
}

pub const PAYROLL_PEOPLE: PayrollPeople = PayrollPeople::COLUMNS;
pub const PAYROLL_LINES: PayrollLines = PayrollLines::COLUMNS;

columns! {
    /// [`PayrollTables::people`], as documented in [`People`]. Absent values are null.
    PayrollPeople of |people: People| -> Values {
        employee_id: Text = Texts(people.employee_id),
        line: Row = Rows(people.line),
        period_start: Day = Dates(people.period_start),
        period_end: Day = Dates(people.period_end),
        pay_date: Day = Dates(people.pay_date),
        /// 1/10,000, as are hours, FTE and gross pay.
        base_salary: Number = Amounts(people.base_salary),
        salary_effective: Day = Dates(people.salary_effective),
        hours: Number = Amounts(people.hours),
        fte: Number = Amounts(people.fte),
        /// All null where no file has it.
        gross_pay: Number = Amounts(people.gross_pay),
        hire_date: Day = Dates(people.hire_date),
        term_date: Day = Dates(people.term_date),
        first_name: Text = Texts(people.first_name),
        last_name: Text = Texts(people.last_name),
        dob: Day = Dates(people.dob),
        email: Text = Texts(people.email),
        addr_line1: Text = Texts(people.addr_line1),
        addr_line2: Text = Texts(people.addr_line2),
        city: Text = Texts(people.city),
        zip: Text = Texts(people.zip),
        /// Fields whose text no map knows: `pay_frequency`, `employment_status`.
        unmapped: Names = Unmapped(people.pay_frequency_unmapped, people.employment_status_unmapped),
        duplicate: Flag = Flags(people.duplicate),
    }
}

columns! {
    /// [`PayrollTables::lines`], as documented in [`Lines`].
    PayrollLines of |lines: Lines| -> Values {
        person: Row = Rows(lines.person),
        kind: Row = Rows(lines.kind),
        /// 1/10,000, as is the employer's.
        ee_amount: Number = Amounts(lines.ee_amount),
        er_amount: Number = Amounts(lines.er_amount),
        line: Row = Rows(lines.line),
        rows: Row = Rows(lines.rows),
        /// 1/10,000.
        largest: Number = Amounts(lines.largest),
        duplicate: Flag = Flags(lines.duplicate),
    }
}

impl From<Payroll> for PayrollTables {
    fn from(payroll: Payroll) -> PayrollTables {
        // What stands beside a period is none of the series.
        let (periods, groups_beside) = match payroll.other_runs_only {
            true => (BTreeMap::new(), payroll.periods_by_group().into_keys().collect()),
            false => (payroll.periods_by_group(), Vec::new()),
        };
        let Payroll {
            mut people,
            lines,
            kinds,
            rejects,
            set_aside,
            left_out,
            unknown_run_types: _,
            details: _,
            unknown_signs,
            controls,
            files,
            rows,
            rows_of_person,
            periods_of,
            row_amounts,
            left_beside,
            gross_beside,
            other_runs_only,
            totals,
            rejected,
            period,
        } = payroll;
        PayrollTables {
            words: words(&mut people),
            people: people_frame(people),
            lines: lines_frame(lines),
            kinds,
            rejects,
            set_aside,
            left_out,
            unknown_signs,
            controls,
            files,
            rows,
            rows_of_person,
            periods_of,
            row_amounts,
            left_beside,
            gross_beside,
            other_runs_only,
            totals,
            rejected,
            period,
            periods,
            groups_beside,
        }
    }
}

/// Takes those columns out.
fn words(people: &mut People) -> PersonCategories {
    PersonCategories {
        legal_entity: std::mem::take(&mut people.legal_entity),
        pay_group: std::mem::take(&mut people.pay_group),
        currency: std::mem::take(&mut people.currency).iter().map(|currency| currency.code()).collect(),
        currency_source: std::mem::take(&mut people.currency_source).iter().map(|source| source.name()).collect(),
        rate_basis: std::mem::take(&mut people.rate_basis).iter().map(|basis| basis.name()).collect(),
        pay_frequency: std::mem::take(&mut people.pay_frequency)
            .iter()
            .map(|frequency| frequency.map_or("", PayFrequency::name))
            .collect(),
        employment_status: std::mem::take(&mut people.employment_status)
            .iter()
            .map(|status| status.map_or("", EmploymentStatus::name))
            .collect(),
        state: std::mem::take(&mut people.state),
        country: std::mem::take(&mut people.country),
    }
}

use Values::{Amounts, Dates, Flags, Rows, Texts, Unmapped};

/// The values of a column of the frame.
enum Values {
    Texts(TextColumn),
    Dates(Vec<Option<NaiveDate>>),
    Amounts(AmountColumn),
    Rows(Vec<u32>),
    Flags(Vec<bool>),
    /// Whether the pay frequency, and the employment status, is unmapped.
    Unmapped(Vec<bool>, Vec<bool>),
}

fn people_frame(people: People) -> DataFrame {
    frame(people.len(), PayrollPeople::with_values(people))
}

fn lines_frame(lines: Lines) -> DataFrame {
    frame(lines.len(), PayrollLines::with_values(lines))
}

fn frame(rows: usize, columns: Vec<(&str, Values)>) -> DataFrame {
    let columns = columns.into_par_iter().map(|(name, values)| values.into_column(name, rows)).collect();
    DataFrame::new(rows, columns).expect("every column of a table has its rows, and names are unique")
}

impl Values {
    fn into_column(self, name: &str, rows: usize) -> AnyColumn {
        match self {
            Values::Texts(texts) => text_column(name, rows, texts.iter()),
            Values::Dates(dates) => date_column(name, dates),
            // Columns that no file has are empty.
            Values::Amounts(amounts) if amounts.is_empty() => {
                Int64Chunked::from_iter_options(name.into(), std::iter::repeat_n(None, rows)).into_column()
            }
            Values::Amounts(amounts) => amount_column(name, amounts),
            Values::Rows(rows) => UInt32Chunked::from_vec(name.into(), rows).into_column(),
            Values::Flags(flags) => BooleanChunked::from_slice(name.into(), &flags).into_column(),
            Values::Unmapped(frequency, status) => {
                let names =
                    frequency.iter().zip(&status).map(|(frequency, status)| unmapped_names(*frequency, *status));
                text_column(name, rows, names)
            }
        }
    }
}

/// A `String` column; `texts` gives `rows` values.
fn text_column<'t>(name: &str, rows: usize, texts: impl Iterator<Item = Option<&'t str>> + Clone) -> AnyColumn {
    if texts.clone().all(|text| text.is_none()) {
        return AnyColumn::full_null(name.into(), rows, &DataType::String);
    }
    let mut builder = StringChunkedBuilder::new(name.into(), rows);
    texts.for_each(|text| builder.append_option(text));
    builder.finish().into_column()
}

/// A `Date` column; polars counts days from 1970-01-01 as chrono does.
fn date_column(name: &str, dates: Vec<Option<NaiveDate>>) -> AnyColumn {
    let all: Option<Vec<i32>> = dates.iter().map(|date| date.map(|date| date.to_epoch_days())).collect();
    let days = match all {
        Some(days) => Int32Chunked::from_vec(name.into(), days),
        None => {
            let days = dates.iter().map(|date| date.map(|date| date.to_epoch_days()));
            Int32Chunked::from_iter_options(name.into(), days)
        }
    };
    days.into_date().into_column()
}

/// An `Int64` column.
fn amount_column(name: &str, amounts: AmountColumn) -> AnyColumn {
    match amounts.into_counts() {
        Ok(counts) => Int64Chunked::from_vec(name.into(), counts).into_column(),
        Err(amounts) => {
            let counts = amounts.iter().map(|amount| amount.map(|amount| amount.0));
            Int64Chunked::from_iter_options(name.into(), counts).into_column()
        }
    }
}

fn unmapped_names(frequency: bool, status: bool) -> Option<&'static str> {
    match (frequency, status) {
        (true, true) => Some("pay_frequency,employment_status"),
        (true, false) => Some("pay_frequency"),
        (false, true) => Some("employment_status"),
        (false, false) => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn names(frame: &DataFrame) -> Vec<&str> {
        frame.get_column_names().into_iter().map(|name| name.as_str()).collect()
    }

    #[test]
    fn frames_have_the_documented_columns_in_their_order() {
        assert_eq!(names(&people_frame(People::default())), PayrollPeople::NAMES);
        assert_eq!(names(&lines_frame(Lines::default())), PayrollLines::NAMES);
    }

    #[test]
    fn dates_become_days_and_absent_ones_null() {
        let leap_day = NaiveDate::from_ymd_opt(1972, 2, 29).expect("a real day");
        for (dates, expected) in
            [(vec![Some(leap_day)], vec![Some(789)]), (vec![None, Some(leap_day)], vec![None, Some(789)])]
        {
            let column = date_column("day", dates);
            let days: Vec<Option<i32>> = column.date().expect("dates").physical().iter().collect();
            assert_eq!(days, expected);
        }
    }

    #[test]
    fn fields_that_no_map_knows_are_named_together() {
        let column = Values::Unmapped(vec![false, true, true], vec![false, false, true]).into_column("unmapped", 3);
        let names: Vec<Option<&str>> = column.str().expect("texts").iter().collect();
        assert_eq!(names, [None, Some("pay_frequency"), Some("pay_frequency,employment_status")]);
    }
}
