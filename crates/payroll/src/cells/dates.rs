//! Dates of cells: in the layout of the job, or as workbooks and spreadsheets count them.

use chrono::{Datelike as _, Days, NaiveDate};

use crate::settings;
use crate::settings::SerialEpoch;
use tieout_model::dates::{DateLayout, NotADate, YEARS};
use tieout_model::placeholder::WrittenDate;

/// Digits of the days since an epoch, up to 31 December 9999.
const SERIAL_DIGITS_MAX: usize = 7;
/// 29 February 1900, which spreadsheets count and which never was.
const NO_SUCH_DAY: u64 = 60;

/// Reads the dates of one file.
#[derive(Debug)]
pub(crate) struct DateParser<'s> {
    settings: &'s settings::Payroll,
    /// How a workbook's own dates are written, whatever the layout of its texts.
    of_workbook: Option<DateLayout>,
}

impl<'s> DateParser<'s> {
    pub fn new(settings: &'s settings::Payroll, of_workbook: bool) -> DateParser<'s> {
        DateParser { settings, of_workbook: of_workbook.then(DateLayout::iso) }
    }

    /// `None`: the text stands for no date.
    pub fn parse(&self, text: &str) -> Result<Option<NaiveDate>, NotADate> {
        let placeholders = &self.settings.placeholder_dates;
        let read = self.settings.dates.read(text, placeholders);
        let own = |_| self.of_workbook.as_ref().map_or(Err(NotADate), |layout| layout.read(text, placeholders));
        let serial = |_| {
            let day = of_serial(text, self.settings.cells.date_serials.ok_or(NotADate)?);
            match day {
                Some(day) if placeholders.contains(WrittenDate::from(day)) => Ok(None),
                day => day.filter(|day| YEARS.contains(&day.year())).map(Some).ok_or(NotADate),
            }
        };
        read.or_else(own).or_else(serial)
    }
}

/// A day as a spreadsheet counts it.
fn of_serial(text: &str, epoch: SerialEpoch) -> Option<NaiveDate> {
    let (whole, fraction) = text.split_once('.').unwrap_or((text, ""));
    let digits = !whole.is_empty() && whole.len() <= SERIAL_DIGITS_MAX && whole.bytes().all(|b| b.is_ascii_digit());
    if !digits || fraction.bytes().any(|b| b != b'0') {
        return None;
    }
    let count: u64 = whole.parse().ok()?;
    let (year, month, day) = match epoch {
        SerialEpoch::Year1904 => (1904, 1, 1),
        SerialEpoch::Year1900 if count == NO_SUCH_DAY || count == 0 => return None,
        SerialEpoch::Year1900 if count < NO_SUCH_DAY => (1899, 12, 31),
        SerialEpoch::Year1900 => (1899, 12, 30),
    };
    NaiveDate::from_ymd_opt(year, month, day)?.checked_add_days(Days::new(count))
}
