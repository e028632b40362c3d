//! What a payroll file is made into: a struct a table, a field a column. All columns of a table have as many rows as
//! the table; a text that is blank is no value.

use chrono::NaiveDate;

use crate::people::person::CurrencySource;
use tieout_model::categorical::Categorical;
use tieout_model::money::{Currency, Money};
use tieout_model::terms::{EmploymentStatus, PayFrequency, RateBasis};

// No row of a large table pays for a date that may be absent.
const _: () = assert!(size_of::<Option<NaiveDate>>() == size_of::<NaiveDate>());

/// One row an employee, in the order of first appearance.
#[derive(Clone, Debug, Default)]
pub struct People {
    /// Never blank.
    pub employee_id: TextColumn,
    /// The physical line in the file, from 1, of the first row of that employee.
    pub line: Vec<u32>,
    pub legal_entity: Categorical,
    pub pay_group: Categorical,
    /// Never absent, as `period_end`.
    pub period_start: Vec<Option<NaiveDate>>,
    pub period_end: Vec<Option<NaiveDate>>,
    pub pay_date: Vec<Option<NaiveDate>>,
    /// Resolved: column, pay group, job.
    pub currency: Vec<Currency>,
    pub currency_source: Vec<CurrencySource>,
    pub base_salary: AmountColumn,
    pub rate_basis: Vec<RateBasis>,
    pub salary_effective: Vec<Option<NaiveDate>>,
    pub pay_frequency: Vec<Option<PayFrequency>>,
    /// There is a text, and the job's map does not know it; as `employment_status_unmapped`.
    pub pay_frequency_unmapped: Vec<bool>,
    pub hours: AmountColumn,
    /// A share of full time, 1 for a whole.
    pub fte: AmountColumn,
    /// What the run paid, and the hours of it. Empty, as the next three are, when no file has any of them.
    pub gross_pay: AmountColumn,
    pub net_pay: AmountColumn,
    pub hours_worked: AmountColumn,
    pub leave_hours: AmountColumn,
    pub employment_status: Vec<Option<EmploymentStatus>>,
    pub employment_status_unmapped: Vec<bool>,
    pub hire_date: Vec<Option<NaiveDate>>,
    pub term_date: Vec<Option<NaiveDate>>,
    pub first_name: TextColumn,
    pub last_name: TextColumn,
    pub dob: Vec<Option<NaiveDate>>,
    pub email: TextColumn,
    pub addr_line1: TextColumn,
    pub addr_line2: TextColumn,
    pub city: TextColumn,
    pub state: Categorical,
    pub zip: TextColumn,
    /// Upper case.
    pub country: Categorical,
    /// Several rows that disagree or repeat a key (ID04); the lines are summed all the same.
    pub duplicate: Vec<bool>,
}

impl People {
    /// Employees.
    pub fn len(&self) -> usize {
        self.line.len()
    }

    pub fn is_empty(&self) -> bool {
        self.line.is_empty()
    }
}

/// One row an employee, deduction code and currency with an amount in it; split lines added up. Sorted by person, then
/// by code and currency.
#[derive(Clone, Debug, Default)]
pub struct Lines {
    /// Row of the employee in [`People`].
    pub person: Vec<u32>,
    /// Place in [`crate::Payroll::kinds`].
    pub kind: Vec<u32>,
    /// Absent: a blank cell. A line with both amounts absent does not exist.
    pub ee_amount: AmountColumn,
    /// Absent: no column, or a blank cell.
    pub er_amount: AmountColumn,
    /// The physical line in the file, from 1, of the first row.
    pub line: Vec<u32>,
    /// Rows added up.
    pub rows: Vec<u32>,
    /// The employee amount farthest from zero among the rows.
    pub largest: AmountColumn,
    /// More than one row, and the code is not one of `split_codes` (ID04).
    pub duplicate: Vec<bool>,
}

impl Lines {
    pub fn len(&self) -> usize {
        self.person.len()
    }

    pub fn is_empty(&self) -> bool {
        self.person.is_empty()
    }
}

/// A text a row, one behind the other in memory; a blank one is no value.
#[derive(Clone, Debug, Default)]
pub struct TextColumn {
    bytes: String,
    ends: Vec<usize>,
}

impl TextColumn {
    pub(super) fn push(&mut self, text: &str) {
        self.bytes.push_str(text);
        self.ends.push(self.bytes.len());
    }

    /// Makes room for so many times the texts that are there.
    pub(super) fn reserve(&mut self, times: usize) {
        self.bytes.reserve(self.bytes.len() * times);
        self.ends.reserve(self.ends.len() * times);
    }

    pub fn len(&self) -> usize {
        self.ends.len()
    }

    pub fn is_empty(&self) -> bool {
        self.ends.is_empty()
    }

    /// The text of a row of the table.
    pub fn get(&self, row: usize) -> Option<&str> {
        let start = row.checked_sub(1).map_or(0, |before| self.ends[before]);
        Some(&self.bytes[start..self.ends[row]]).filter(|text| !text.is_empty())
    }

    pub fn iter(&self) -> impl Iterator<Item = Option<&str>> + Clone {
        (0..self.len()).map(|row| self.get(row))
    }
}

/// An amount, rate or measure a row.
#[derive(Clone, Debug, Default)]
pub struct AmountColumn(Vec<OptionalMoney>);

/// An amount that may be absent, in the memory of one that is there: there are millions.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct OptionalMoney(i64);

impl OptionalMoney {
    /// No amount: what is accepted from outside, and sums of it, are checked to stay above it.
    const ABSENT: i64 = i64::MIN;

    pub fn new(amount: Option<Money>) -> OptionalMoney {
        OptionalMoney(amount.map_or(OptionalMoney::ABSENT, |amount| amount.0))
    }

    pub fn get(self) -> Option<Money> {
        (self.0 != OptionalMoney::ABSENT).then_some(Money(self.0))
    }
}

impl AmountColumn {
    pub(super) fn push(&mut self, amount: Option<Money>) {
        self.0.push(OptionalMoney::new(amount));
    }

    pub(super) fn reserve(&mut self, more: usize) {
        self.0.reserve(more);
    }

    pub(super) fn set(&mut self, row: usize, amount: Option<Money>) {
        self.0[row] = OptionalMoney::new(amount);
    }

    /// Adds to the amount of a row; one that is absent counts as 0 beside one that is not. Each amount is bounded where
    /// it was read, and a sum beyond all bounds stays at the last that fits.
    pub(super) fn add(&mut self, row: usize, more: Option<Money>) {
        let Some(more) = more else { return };
        let sum = self.0[row].get().unwrap_or_default().0.saturating_add(more.0);
        self.0[row] = OptionalMoney::new(Some(Money(sum.max(-i64::MAX))));
    }

    pub fn len(&self) -> usize {
        self.0.len()
    }

    pub fn is_empty(&self) -> bool {
        self.0.is_empty()
    }

    /// The amount of a row of the table; none in a column that is empty.
    pub fn get(&self, row: usize) -> Option<Money> {
        self.0.get(row)?.get()
    }

    pub fn iter(&self) -> impl Iterator<Item = Option<Money>> {
        self.0.iter().map(|amount| amount.get())
    }

    /// The amounts in the memory that they have, in counts of 1/10,000; the column itself when some are absent.
    pub fn into_counts(self) -> Result<Vec<i64>, AmountColumn> {
        match self.0.iter().all(|amount| amount.get().is_some()) {
            true => Ok(self.0.into_iter().map(|amount| amount.0).collect()),
            false => Err(self),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_absent_amount_is_none_and_a_zero_is_not() {
        let mut column = AmountColumn::default();
        [Some(Money(0)), None, Some(Money(-1))].into_iter().for_each(|amount| column.push(amount));
        assert!(column.iter().eq([Some(Money(0)), None, Some(Money(-1))]));
        let column = column.into_counts().expect_err("one is absent");
        assert_eq!((column.len(), column.get(1)), (3, None));
    }

    #[test]
    fn a_blank_text_is_no_value_wherever_it_stands() {
        let mut column = TextColumn::default();
        ["", "é", "", "b"].into_iter().for_each(|text| column.push(text));
        assert!(column.iter().eq([None, Some("é"), None, Some("b")]));
    }
}
