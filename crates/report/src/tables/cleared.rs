//! What tonight's complete evidence no longer shows.

use tieout_model::balance::is_of_former;
use tieout_model::history::Cleared;

use crate::Report;
use crate::table::{Table, amount, count, currency, date, employee_or_former, text};

pub const NAME: &str = "cleared";
/// The column of its money.
pub const AMOUNT: &str = "amount";

pub fn table(report: &Report) -> Table<'_> {
    let columns = vec![
        text("code", "Code", 7, |c: &&Cleared| c.code.as_str().into()),
        employee_or_former(|c| c.employee_id.as_str(), |c| is_of_former(&c.field)),
        text("benefit", "Benefit", 18, |c| c.benefit.as_str().into()),
        text("field", "Field", 16, |c| c.field.as_str().into()),
        date("first_seen", "First seen", |c| Some(c.first_seen)),
        date("last_seen", "Last seen", |c| Some(c.last_seen)),
        count("nights_open", "Nights", |c| u64::from(c.nights_open)),
        text("ending", "Ending", 18, |c| c.ending.map_or("", |(ending, ..)| ending.name()).into()),
        amount(AMOUNT, "Amount", |c| c.ending.map(|(_, counts, currency)| (counts, currency))),
        currency(|c| c.ending.map(|(.., currency)| currency)),
        text("exception_id", "Finding", 19, |c| c.id.as_str().into()),
    ];
    Table::new(NAME, "Cleared", columns, report.cleared.iter().collect())
}
