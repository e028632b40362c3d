//! Amounts row by row, where an earlier file may have had the row: of other runs beside the regular one, and of
//! employees of whom the file holds several pay periods. The lines hold the sums alone.

use std::collections::BTreeSet;

use chrono::{Days, NaiveDate};

use tieout_model::balance::PayPeriod;
use tieout_model::money::{Currency, Money};

/// What one row took for one benefit; at least one of the amounts is there.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct RowAmount {
    pub employee_id: String,
    /// Benefit key, or the code in brackets.
    pub benefit: String,
    pub currency: Currency,
    pub employee: Option<Money>,
    pub employer: Option<Money>,
    pub of: OfRow,
}

/// What a row is of.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum OfRow {
    /// One of several pay periods of the employee.
    Period(PayPeriod),
    /// A run beside the regular one, on this day; `None`: the row does not say.
    OtherRun(Option<NaiveDate>),
}

/// The pay periods that a file holds of an employee, where they are several.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct SeveralPeriods {
    /// As in [`crate::Payroll::periods_by_group`].
    pub pay_group: String,
    pub periods: Vec<PayPeriod>,
    /// Last days of those that most of the pay group have rows of.
    pub usual: BTreeSet<NaiveDate>,
}

/// The day of a run beside the regular one: its pay date, or the day after a period that ends with it, so that it is
/// none of the period's.
pub(crate) fn day_of_other_run(period_end: Option<NaiveDate>, pay_date: Option<NaiveDate>) -> Option<NaiveDate> {
    match (period_end, pay_date) {
        (Some(end), Some(paid)) if paid != end => Some(paid),
        (Some(end), _) => end.checked_add_days(Days::new(1)),
        (None, paid) => paid,
    }
}
