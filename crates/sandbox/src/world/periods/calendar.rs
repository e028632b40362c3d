//! The pay periods of a world that lasts several of them.

use chrono::{Months, NaiveDate};

use crate::world::calendar::{Group, day, moved};

/// The first month of a monthly world.
const FIRST_MONTH: NaiveDate = day(2026, 1, 1);
/// The first day of a biweekly world; its fourth pay date is the third of its month.
const FIRST_DAY: NaiveDate = day(2026, 3, 29);
const BIWEEKLY_DAYS: i64 = 14;
/// Days from the end of a biweekly period to its pay date.
const PAID_AFTER_DAYS: i64 = 6;
/// Days from the pay date to the night that judges the period.
const JUDGED_AFTER_DAYS: i64 = 2;

/// The calendar of one pay group.
#[derive(Clone, Copy, Debug)]
pub struct Calendar {
    pub group: Group,
}

impl Calendar {
    pub fn new(group: Group) -> Calendar {
        Calendar { group }
    }

    pub fn is_biweekly(&self) -> bool {
        self.group == Group::UsBw
    }

    /// First day, last day and pay date, by number from 0.
    pub fn period(&self, at: usize) -> [NaiveDate; 3] {
        if self.is_biweekly() {
            let start = moved(FIRST_DAY, BIWEEKLY_DAYS * at as i64);
            let end = moved(start, BIWEEKLY_DAYS - 1);
            return [start, end, moved(end, PAID_AFTER_DAYS)];
        }
        let start = FIRST_MONTH + Months::new(at as u32);
        let end = moved(start + Months::new(1), -1);
        [start, end, end]
    }

    /// The day of the night that judges the period.
    pub fn as_of(&self, at: usize) -> NaiveDate {
        moved(self.period(at)[2], JUDGED_AFTER_DAYS)
    }

    /// Nothing is deducted on its pay date: the third of a month, of which two have deductions.
    pub fn is_holiday(&self, at: usize) -> bool {
        let before = |date: NaiveDate| moved(date, -2 * BIWEEKLY_DAYS);
        let date = self.period(at)[2];
        self.is_biweekly() && before(date).format("%Y-%m").to_string() == date.format("%Y-%m").to_string()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_fourth_biweekly_pay_date_is_the_third_of_its_month_and_no_month_has_one() {
        let holidays = |group| (0..13).filter(|at| Calendar::new(group).is_holiday(*at)).collect::<Vec<_>>();
        assert_eq!(holidays(Group::UsBw), [3]);
        assert_eq!(Calendar::new(Group::UsBw).period(3)[2], day(2026, 5, 29));
        assert!(holidays(Group::UkM).is_empty());
        assert_eq!(Calendar::new(Group::UkM).period(1), [day(2026, 2, 1), day(2026, 2, 28), day(2026, 2, 28)]);
    }
}
