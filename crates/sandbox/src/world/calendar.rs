//! The calendar and the pay groups of a generated world. Every date is fixed: the same seed gives the same bytes in any
//! year.

use chrono::{Days, NaiveDate};

/// The day for which a generated world is meant to be reconciled.
pub const AS_OF: NaiveDate = day(2026, 4, 2);
/// First day on which a changed election belongs to the next period: the cut-off is the end of the newest period.
pub const AFTER_CUTOFF: NaiveDate = day(2026, 4, 1);
/// A day inside the current period of every pay group, and before [`AS_OF`].
pub const INSIDE_EVERY_PERIOD: NaiveDate = day(2026, 3, 20);
/// The plan year began here; elections of people hired before it start on this day.
pub const PLAN_START: NaiveDate = day(2025, 4, 1);

/// A date that is known to exist.
pub const fn day(year: i32, month: u32, day: u32) -> NaiveDate {
    match NaiveDate::from_ymd_opt(year, month, day) {
        Some(date) => date,
        None => panic!("a date of the generated world does not exist"),
    }
}

/// `date` moved by whole days, back when negative.
pub fn moved(date: NaiveDate, days: i64) -> NaiveDate {
    let by = Days::new(days.unsigned_abs());
    if days < 0 { date - by } else { date + by }
}

/// A pay group, with all that follows from it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Group {
    /// United States, semimonthly.
    UsSm,
    /// United States, paid every two weeks, deducted twice a month.
    UsBw,
    /// United Kingdom, monthly.
    UkM,
    /// Ireland, monthly; the job knows no salary currency for it (CU02).
    IeM,
    /// Spain, monthly, employed through Oyster.
    EsM,
    /// Contractors of Oyster, by monthly invoice.
    CtrM,
}

impl Group {
    pub fn code(self) -> &'static str {
        match self {
            Group::UsSm => "US-SM",
            Group::UsBw => "US-BW",
            Group::UkM => "UK-M",
            Group::IeM => "IE-M",
            Group::EsM => "ES-M",
            Group::CtrM => "CTR-M",
        }
    }

    pub fn is_us(self) -> bool {
        matches!(self, Group::UsSm | Group::UsBw)
    }

    /// Pays a year, Benifex `payPeriods`.
    pub fn pay_periods(self) -> u32 {
        match self {
            Group::UsSm => 24,
            Group::UsBw => 26,
            Group::UkM | Group::IeM | Group::EsM | Group::CtrM => 12,
        }
    }

    /// Deductions a year.
    pub fn deductions(self) -> i64 {
        if self.is_us() { 24 } else { 12 }
    }

    pub fn frequency(self) -> &'static str {
        match self {
            Group::UsSm => "semimonthly",
            Group::UsBw => "biweekly",
            Group::UkM | Group::IeM | Group::EsM | Group::CtrM => "monthly",
        }
    }

    pub fn currency(self) -> &'static str {
        match self {
            Group::UsSm | Group::UsBw => "USD",
            Group::UkM => "GBP",
            Group::IeM | Group::EsM | Group::CtrM => "EUR",
        }
    }

    pub fn country(self) -> &'static str {
        match self {
            Group::UsSm | Group::UsBw => "US",
            Group::UkM => "GB",
            Group::IeM => "IE",
            Group::EsM | Group::CtrM => "ES",
        }
    }

    pub fn legal_entity(self) -> &'static str {
        match self {
            Group::UsSm | Group::UsBw => "Meridian Labs, Inc.",
            Group::UkM => "Meridian Labs Ltd",
            Group::IeM => "Meridian Labs Ireland DAC",
            Group::EsM => "Oyster HR Spain, S.L.",
            Group::CtrM => "Meridian Labs Contractors",
        }
    }

    /// First day, last day and pay date of the current period.
    pub fn period(self) -> [NaiveDate; 3] {
        match self {
            Group::UsSm => [day(2026, 3, 16), day(2026, 3, 31), day(2026, 3, 31)],
            Group::UsBw => [day(2026, 3, 15), day(2026, 3, 28), day(2026, 4, 3)],
            Group::UkM | Group::IeM | Group::EsM | Group::CtrM => [day(2026, 3, 1), day(2026, 3, 31), day(2026, 3, 31)],
        }
    }

    /// Hours of a full week, in hundredths.
    pub fn full_week(self) -> i64 {
        if self.is_us() { 4_000 } else { 3_750 }
    }

    /// Benifex `datesFormat`.
    pub fn dates_format(self) -> &'static str {
        if self.is_us() { "MM/dd/yyyy" } else { "dd/MM/yyyy" }
    }

    /// A date as [`Group::dates_format`] says.
    pub fn date_text(self, date: NaiveDate) -> String {
        let pattern = if self.is_us() { "%m/%d/%Y" } else { "%d/%m/%Y" };
        date.format(pattern).to_string()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_day_inside_every_period_is_inside_each_and_before_the_as_of_day() {
        for group in [Group::UsSm, Group::UsBw, Group::UkM, Group::IeM, Group::EsM, Group::CtrM] {
            let [start, end, _] = group.period();
            assert!(start <= INSIDE_EVERY_PERIOD && INSIDE_EVERY_PERIOD < end, "{group:?}");
            assert!(end < AFTER_CUTOFF);
        }
        assert!(INSIDE_EVERY_PERIOD < AS_OF);
    }

    #[test]
    fn dates_stand_in_the_layout_of_their_country() {
        assert_eq!(Group::UsBw.date_text(day(2025, 4, 1)), "04/01/2025");
        assert_eq!(Group::UkM.date_text(day(2025, 4, 1)), "01/04/2025");
    }
}
