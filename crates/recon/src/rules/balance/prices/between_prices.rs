//! A price that changed inside an earlier period: where no rule of the scheme says what is due of it, any amount
//! between the two prices is right, and a later deduction may take or give back the rest. Of cover whose first day was
//! put off, the price before is nothing.

use crate::balance::AccountPeriod;
use crate::rules::balance::earlier::left_out::last_due;
use crate::rules::balance::prices::anew::Anew;
use crate::rules::balance::statement::Statement;
use crate::rules::calendar::MONTHS;
use crate::rules::calendar::cover::CoverShare;
use crate::rules::people::date;
use crate::scheme::FirstDeduction;
use tieout_model::balance::EntryKind;

/// Days before the end of a period in which a price changed that a deduction still makes up for.
const LATELY_DAYS: i32 = 100;

const YEAR_DAYS: i64 = 365;

/// Periods that were deducted for cover whose first day was put off. Of more, another record may have replaced it.
const PUT_OFF_MAX: usize = 2;

impl Anew<'_> {
    /// The price may have changed lately inside the days that a deduction paid for.
    pub(in crate::rules::balance) fn changed_inside(&self, cells: &[AccountPeriod]) -> bool {
        let tonight = self.person.payday;
        // What is paid seldom is made up for seldom.
        let lately = i64::from(LATELY_DAYS).max(2 * YEAR_DAYS / self.per_year.max(1));
        let Some(first) = self.first.filter(|first| i64::from(tonight.end - first) <= lately) else { return false };
        let other_days =
            matches!(self.scheme.first_deduction, Some(FirstDeduction::InAdvance | FirstDeduction::InArrears));
        let day = date(first);
        let inside =
            |cell: &AccountPeriod| cell.period.start.is_some_and(|start| start < day) && day <= cell.period.end;
        other_days || self.pays_for_later_months(first) || cells.iter().any(inside) || self.is_put_off(cells)
    }

    /// It is deducted less than once a month, and the day lies before tonight's period.
    fn pays_for_later_months(&self, day: i32) -> bool {
        self.per_year < MONTHS && day < self.person.payday.start
    }

    /// The first day of cover may have been put off: the record was changed late and has the price that it had, nothing
    /// shows another one before it, and by that a period or two were deducted.
    fn is_put_off(&self, cells: &[AccountPeriod]) -> bool {
        let (Some(first), Some(whole)) = (self.first.map(date), self.whole) else { return false };
        let owing = || cells.iter().filter(|cell| due(cell) > 0 && cell.cover_from != Some(first));
        let before = owing().next().and_then(|cell| cell.cover_from).filter(|before| *before < first);
        let is_same = |cell: &AccountPeriod| {
            cell.cover_from == before && self.person.due_of(cell.period, whole, self.unit) == Some(due(cell))
        };
        let few = before.is_some() && owing().nth(PUT_OFF_MAX).is_none();
        few && self.is_only_record && self.changed_late && owing().all(is_same)
    }

    /// The cell of the last deduction of which either price may be due, as `more` than all else that is due makes it.
    /// `cells`: before tonight, as they stand from tonight on.
    pub(in crate::rules::balance) fn between_prices(
        &self,
        statement: &Statement<'_>,
        cells: &[AccountPeriod],
        more: i128,
    ) -> Option<AccountPeriod> {
        let first = self.first?;
        let start = date(self.person.payday.start);
        let regular = |cell: &&AccountPeriod| !cell.period.is_one_day() && cell.period.end < start && due(cell) > 0;
        let covers = cells.iter().rev().filter(regular).map(|cell| (cell, self.cover(cell.period, Some(first))));
        let mut covers = covers.filter_map(|(cell, cover)| Some((cell, cover?)));
        let (cell, cover) = covers.find(|(_, cover)| cover.begins() || cover.is_ahead())?;
        let inside = cover.begins() && cover.share(self.scheme) == CoverShare::Open;
        // It was read that there was no cover before.
        let known_without = |day| statement.employee.known(&statement.account).any(|period| period.end < day);
        let put_off = self.is_put_off(cells) && cell.cover_from.is_some_and(known_without);
        let later = cover.is_ahead() && (put_off || self.pays_for_later_months(first));
        if !(inside || later) {
            return None;
        }
        let price = self.person.due_of(cell.period, self.whole?, self.unit)?;
        let before = match cell.cover_from == Some(date(first)) {
            true => last_due(cells, cell.period)?,
            false if put_off => 0,
            false => self.price_of(cell, cells),
        };
        let least = before.min(price).min(due(cell));
        let most = before.max(price).max(due(cell));
        let mut cell = cell.clone();
        let wanted = i128::from(due(&cell)) + more;
        // Between two amounts of money.
        cell.expect(i64::try_from(wanted.clamp(least.into(), most.into())).ok()?);
        Some(cell)
    }

    /// What another period owed by the same record of cover as this one, which may have been stated anew already.
    fn price_of(&self, cell: &AccountPeriod, cells: &[AccountPeriod]) -> i64 {
        let is_like = |other: &&AccountPeriod| {
            other.cover_from == cell.cover_from && other.period.end < cell.period.end && due(other) > 0
        };
        let like = cells.iter().rfind(|other| is_like(other) && !other.period.is_one_day());
        like.and_then(|other| self.person.due_of(other.period, due(other), self.unit)).unwrap_or(due(cell))
    }
}

fn due(cell: &AccountPeriod) -> i64 {
    cell.movements.get(EntryKind::Expected)
}
