//! The snapshot's benefits as the rules take them: texts that repeat on every row (benefit, status, currencies) are small
//! integers, for as texts they would be half of a large table.

use polars::prelude::*;

use super::columns::texts;
use crate::coded::Coded;

/// Columns of the currencies.
pub(super) const CURRENCIES: [&str; 3] = ["ee_currency", "er_currency", "cost_currency"];

/// A snapshot's benefits.
pub struct Benefits {
    /// The columns that are no repeating texts.
    pub(super) frame: DataFrame,
    pub(super) keys: Coded,
    pub(super) statuses: Coded,
    /// In the order of [`CURRENCIES`].
    pub(super) currencies: [Coded; 3],
}

impl Benefits {
    /// Takes over a table with the columns of [`crate::snapshot::BENEFITS`].
    pub fn new(frame: DataFrame) -> PolarsResult<Benefits> {
        let coded = |name| PolarsResult::Ok(Coded::of_column(texts(&frame, name)?));
        let (keys, statuses) = (coded("benefit")?, coded("status")?);
        let [employee, employer, cost] = CURRENCIES.map(coded);
        let currencies = [employee?, employer?, cost?];
        let frame = frame.drop_many(["benefit", "status"].into_iter().chain(CURRENCIES));
        Ok(Benefits { frame, keys, statuses, currencies })
    }

    pub(super) fn height(&self) -> usize {
        self.frame.height()
    }

    /// The rows that `kept` marks.
    pub(super) fn filter(&self, kept: &BooleanChunked) -> PolarsResult<Benefits> {
        let [employee, employer, cost] = &self.currencies;
        let marks = || kept.iter().map(|kept| kept == Some(true));
        Ok(Benefits {
            frame: self.frame.filter(kept)?,
            keys: self.keys.filter(marks()),
            statuses: self.statuses.filter(marks()),
            currencies: [employee, employer, cost].map(|currency| currency.filter(marks())),
        })
    }
}
