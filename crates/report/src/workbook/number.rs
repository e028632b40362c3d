//! The border to the numbers of a spreadsheet, which are binary and hold fifteen digits: nothing is computed here, and
//! what would lose a digit stays a text.

use tieout_model::money::{Currency, decimal_text};

/// Counts of 1/10,000 from here on have more digits than a spreadsheet keeps.
const COUNTS_END: i128 = 1_000_000_000_000_000;
/// Counts of anything from here on, the same.
const COUNT_END: u64 = 1_000_000_000_000_000;

/// The number whose shortest decimal form is the amount; `None` where there is none.
pub fn of_amount(counts: i128, currency: Currency) -> Option<f64> {
    (counts.abs() < COUNTS_END).then(|| decimal_text(counts, currency.decimals()).parse().ok()).flatten()
}

/// The same of a count.
pub fn of_count(count: u64) -> Option<f64> {
    (count < COUNT_END).then(|| count.to_string().parse().ok()).flatten()
}
