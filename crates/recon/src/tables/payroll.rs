//! A payroll file as the rules take it: its tables as frames. Columns are moved or built one by one and dropped on the
//! way, so that a large file is not held twice.

use std::collections::BTreeMap;

use chrono::NaiveDate;
use polars::prelude::{
    BooleanChunked, Column, DataFrame, DataType, Int32Chunked, Int64Chunked, IntoColumn, NewChunkedArray,
    StringChunkedBuilder, UInt32Chunked,
};
use rayon::prelude::*;

use tieout_model::categorical::Categorical;
use tieout_model::control::PeriodsByGroup;
use tieout_model::finding::SetAside;
use tieout_model::source::{InputFile, Reject};
use tieout_model::terms::{EmploymentStatus, PayFrequency};
use tieout_payroll::{
    AmountColumn, CodeTotal, ControlCheck, FilePeriod, LeftOut, LineKind, Lines, Payroll, People, RowAmount, RowCounts,
    SeveralPeriods, TextColumn, UnknownSign,
};

/// A [`Payroll`] whose tables are frames. What has no text of its own here is as it was there.
#[derive(Debug)]
pub struct PayrollTables {
    /// One row an employee. Columns: see [`PEOPLE`].
    pub people: DataFrame,
    /// The columns of people whose texts repeat.
    pub words: PersonCategories,
    /// One row an employee, deduction code and currency. Columns: see [`LINES`].
    pub lines: DataFrame,
    /// What the numbers in the column `kind` of [`LINES`] stand for.
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

/// Columns of [`PayrollTables::people`], as documented in [`People`]. Dates are polars `Date`; amounts, rates, hours
/// and FTE `Int64` counts of 1/10,000; `line` `UInt32`, `duplicate` `Boolean`, the rest `String`. Absent values are
/// null.
pub const PEOPLE: [&str; 22] = [
    "employee_id",
    "line",
    "period_start",
    "period_end",
    "pay_date",
    "base_salary",
    "salary_effective",
    "hours",
    "fte",
    "gross_pay", // all null where no file has it
    "hire_date",
    "term_date",
    "first_name",
    "last_name",
    "dob",
    "email",
    "addr_line1",
    "addr_line2",
    "city",
    "zip",
    "unmapped", // names of fields whose text no map knows, comma-joined: pay_frequency, employment_status
    "duplicate",
];

/// Columns of [`PayrollTables::lines`], as documented in [`Lines`]: amounts `Int64` counts of 1/10,000, `duplicate`
/// `Boolean`, the rest `UInt32`.
pub const LINES: [&str; 8] = ["person", "kind", "ee_amount", "er_amount", "line", "rows", "largest", "duplicate"];

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
            facts: _,
            unknown_signs,
            controls,
            files,
            rows,
            rows_of_person,
            periods_of,
            row_amounts,
            left_beside,
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

/// The values of a column of the frame.
enum Values {
    Texts(TextColumn),
    Dates(Vec<Option<NaiveDate>>),
    Amounts(AmountColumn),
    Numbers(Vec<u32>),
    Flags(Vec<bool>),
    /// Whether the pay frequency, and the employment status, is unmapped.
    Unmapped(Vec<bool>, Vec<bool>),
}

fn people_frame(people: People) -> DataFrame {
    use Values::{Amounts, Dates, Flags, Numbers, Texts, Unmapped};
    let rows = people.len();
    let unmapped = Unmapped(people.pay_frequency_unmapped, people.employment_status_unmapped);
    frame(
        rows,
        vec![
            ("employee_id", Texts(people.employee_id)),
            ("line", Numbers(people.line)),
            ("period_start", Dates(people.period_start)),
            ("period_end", Dates(people.period_end)),
            ("pay_date", Dates(people.pay_date)),
            ("base_salary", Amounts(people.base_salary)),
            ("salary_effective", Dates(people.salary_effective)),
            ("hours", Amounts(people.hours)),
            ("fte", Amounts(people.fte)),
            ("gross_pay", Amounts(people.gross_pay)),
            ("hire_date", Dates(people.hire_date)),
            ("term_date", Dates(people.term_date)),
            ("first_name", Texts(people.first_name)),
            ("last_name", Texts(people.last_name)),
            ("dob", Dates(people.dob)),
            ("email", Texts(people.email)),
            ("addr_line1", Texts(people.addr_line1)),
            ("addr_line2", Texts(people.addr_line2)),
            ("city", Texts(people.city)),
            ("zip", Texts(people.zip)),
            ("unmapped", unmapped),
            ("duplicate", Flags(people.duplicate)),
        ],
    )
}

fn lines_frame(lines: Lines) -> DataFrame {
    use Values::{Amounts, Flags, Numbers};
    frame(
        lines.len(),
        vec![
            ("person", Numbers(lines.person)),
            ("kind", Numbers(lines.kind)),
            ("ee_amount", Amounts(lines.ee_amount)),
            ("er_amount", Amounts(lines.er_amount)),
            ("line", Numbers(lines.line)),
            ("rows", Numbers(lines.rows)),
            ("largest", Amounts(lines.largest)),
            ("duplicate", Flags(lines.duplicate)),
        ],
    )
}

fn frame(rows: usize, columns: Vec<(&str, Values)>) -> DataFrame {
    let columns = columns.into_par_iter().map(|(name, values)| values.into_column(name, rows)).collect();
    DataFrame::new(rows, columns).expect("every column of a table has its rows, and names are unique")
}

impl Values {
    fn into_column(self, name: &str, rows: usize) -> Column {
        match self {
            Values::Texts(texts) => text_column(name, rows, texts.iter()),
            Values::Dates(dates) => date_column(name, dates),
            // Columns that no file has are empty.
            Values::Amounts(amounts) if amounts.is_empty() => {
                Int64Chunked::from_iter_options(name.into(), std::iter::repeat_n(None, rows)).into_column()
            }
            Values::Amounts(amounts) => amount_column(name, amounts),
            Values::Numbers(numbers) => UInt32Chunked::from_vec(name.into(), numbers).into_column(),
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
fn text_column<'t>(name: &str, rows: usize, texts: impl Iterator<Item = Option<&'t str>> + Clone) -> Column {
    if texts.clone().all(|text| text.is_none()) {
        return Column::full_null(name.into(), rows, &DataType::String);
    }
    let mut builder = StringChunkedBuilder::new(name.into(), rows);
    texts.for_each(|text| builder.append_option(text));
    builder.finish().into_column()
}

/// A `Date` column; polars counts days from 1970-01-01 as chrono does.
fn date_column(name: &str, dates: Vec<Option<NaiveDate>>) -> Column {
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
fn amount_column(name: &str, amounts: AmountColumn) -> Column {
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
        assert_eq!(names(&people_frame(People::default())), PEOPLE);
        assert_eq!(names(&lines_frame(Lines::default())), LINES);
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
