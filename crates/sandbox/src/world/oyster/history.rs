//! Since when a state is known. Days lie well on one side of every limit that a rule draws.

use chrono::NaiveDate;

use crate::world::calendar::day;

/// Months before the night.
pub const LONG_AGO: NaiveDate = day(2025, 6, 1);
/// An old plan year ended.
pub const LAST_YEAR: NaiveDate = day(2025, 12, 31);
/// Weeks ago: stuck, when nothing has moved since.
pub const WEEKS_AGO: NaiveDate = day(2026, 2, 10);
/// Inside the current period, and not long enough for anything to be stuck.
pub const RECENTLY: NaiveDate = day(2026, 3, 20);
