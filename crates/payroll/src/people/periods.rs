//! The pay periods that a file holds of employees who may have several rows.

use std::collections::BTreeMap;

use chrono::NaiveDate;

use tieout_model::balance::PayPeriod;

/// First and last day of a row's period, as far as they are known.
type Days = (Option<NaiveDate>, Option<NaiveDate>);

/// By the first row of an employee; only those with several.
#[derive(Debug, Default)]
pub(crate) struct Periods(BTreeMap<u32, Vec<PayPeriod>>);

impl Periods {
    /// Notes a further row's period. `first`: that of the employee's first row.
    pub fn note(&mut self, row: u32, first: Days, further: Days) {
        let (Some(first), Some(further)) = (period(first), period(further)) else { return };
        if let Some(periods) = self.0.get_mut(&row) {
            if periods.iter().all(|known| known.end != further.end) {
                periods.push(further);
            }
        } else if first.end != further.end {
            self.0.insert(row, vec![first, further]);
        }
    }

    /// The first row of each employee with several periods, and the periods.
    pub fn several(&self) -> impl Iterator<Item = (u32, &[PayPeriod])> {
        self.0.iter().map(|(row, periods)| (*row, periods.as_slice()))
    }
}

fn period((start, end): Days) -> Option<PayPeriod> {
    end.map(|end| PayPeriod { end, start })
}
