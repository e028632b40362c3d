//! Deductions that are taken less often than once a month, such as a yearly premium: the first one of new cover may be
//! for the months or days that are left until the next one, or were covered since it began, and a leaver's last one for
//! those since the one before. Where the price changed since that one, either may be due of the months between.

use std::ops::RangeInclusive;

use chrono::{Datelike as _, Months, NaiveDate};

use crate::balance::{AccountPeriod, Employee};
use crate::rules::balance::Books;
use crate::rules::balance::prices::anew::Anew;
use crate::rules::balance::prices::two_prices::Prices;
use crate::rules::balance::statement::Statement;
use crate::rules::calendar::{DateKind, MONTHS};
use crate::rules::lines::pair::Pair;
use crate::rules::people::date;
use crate::rules::people::everybody::Person;
use crate::rules::place::Place;
use crate::scheme::{DeductionDates, FirstDeduction, Proration};
use tieout_model::balance::EntryKind;

/// A year of days, by which a part is reckoned.
const YEAR_DAYS: i64 = 365;

impl Books<'_> {
    /// The place of a line that takes such a part.
    pub(in crate::rules::balance) fn with_part_of_months(
        &self,
        employee: Employee<'_>,
        person: &Person,
        pair: &Pair,
        place: Place,
    ) -> Place {
        use Place::{Am01, Am02, Am06, Am08, AmBoth, UnverifiedPart, UnverifiedReplaced};
        if !matches!(place, Am01 | Am02 | AmBoth | Am06 | Am08 | UnverifiedPart | UnverifiedReplaced) {
            return place;
        }
        let is_part = |payer: &_| {
            let Some(account) = self.lines.account(pair, *payer) else { return false };
            let statement = Statement::of(employee, person, account);
            self.is_part_of_months(&statement, pair)
        };
        let is_between = |payer: &_| {
            let Some(account) = self.lines.account(pair, *payer) else { return false };
            let (taken, _, tolerance) = self.lines.amounts(pair, *payer);
            let prices = self.prices_since_last(&Statement::of(employee, person, account), pair);
            prices.is_some_and(|prices| prices.hold(taken, tolerance))
        };
        let mut differing = self.lines.payers(pair).iter().filter(|payer| self.lines.differs(pair, **payer));
        if differing.all(|payer| is_part(payer) || is_between(payer)) { Place::Accepted } else { place }
    }

    /// Of a deduction since the last of which the price changed: the one before, and tonight's.
    pub(in crate::rules::balance) fn prices_since_last(
        &self,
        statement: &Statement<'_>,
        pair: &Pair,
    ) -> Option<Prices> {
        let person = statement.person;
        let between = months_between(pair.per_year)?;
        let (first, paid) = (pair.first_day().map(date)?, person.payday.date.map(date)?);
        let open_rule = self.lines.scheme(person, pair.label).proration != Some(Proration::None);
        let deducted = pair.live && pair.date_kind == DateKind::Deduction && open_rule;
        let last = statement.earlier(person).rfind(|cell| cell.movements.get(EntryKind::Expected) > 0)?;
        let since = first_of(paid)?.checked_sub_months(between)?;
        let replaced = last.cover_from.is_some_and(|before| before < first);
        let changed = since <= last.period.end && since.checked_add_months(Months::new(1))? < first;
        // With the month of a deduction that opens a quarter, what it pays for begins.
        let in_arrears = paid.month() % between.as_u32() == 0;
        let changed = changed && first <= date(person.payday.end) && (in_arrears || Some(first) != first_of(paid));
        let whole = self.stated_whole(statement, pair).filter(|_| deducted && replaced && changed)?;
        Some(Prices::of(last.movements.get(EntryKind::Expected)).or(whole))
    }

    /// What is taken is the first deduction of new cover, or a leaver's last one, for a part of the months between two
    /// deductions.
    fn is_part_of_months(&self, statement: &Statement<'_>, pair: &Pair) -> bool {
        let person = statement.person;
        let (taken, _, tolerance) = self.lines.amounts(pair, statement.account.payer);
        let (Some(first), Some(paid)) = (pair.first_day().map(date), person.payday.date.map(date)) else {
            return false;
        };
        let Some(between) = months_between(pair.per_year).filter(|_| pair.live && taken > 0) else { return false };
        let Some(whole) = self.stated_whole(statement, pair) else { return false };
        let is_paid = |since: Option<NaiveDate>| {
            let mut earlier = statement.earlier(person);
            earlier.any(|cell| since.is_some_and(|since| cell.period.end > since) && cell.movements.collected() > 0)
        };
        let holds = |(first, end): (NaiveDate, NaiveDate)| {
            let range = part(whole, between, first, end);
            range.is_some_and(|range| (*range.start() - tolerance..=*range.end() + tolerance).contains(&taken))
        };
        // Cover of which something was taken at the last deduction is not new, whichever record it had then.
        let last =
            first_of(paid.min(date(person.payday.end))).and_then(|month| month.checked_sub_months(between)?.pred_opt());
        let of_new_cover = [self.until_next(person, pair, first, paid), since_begin(pair, first, paid)];
        // What was paid for these months already leaves no part of them.
        let until_last = self.until_last(person, pair, first, paid);
        (!is_paid(last) && of_new_cover.into_iter().flatten().any(holds))
            || until_last.is_some_and(|days| !is_paid(days.0.pred_opt()) && holds(days))
    }

    /// From the first day of cover, where it has just begun, to the first day of the month of the next deduction.
    fn until_next(
        &self,
        person: &Person,
        pair: &Pair,
        first: NaiveDate,
        paid: NaiveDate,
    ) -> Option<(NaiveDate, NaiveDate)> {
        let dates = self.lines.scheme(person, pair.label).deduction_dates.as_ref()?;
        let begun = first >= date(person.payday.previous().first) && first <= paid;
        let next = match dates {
            DeductionDates::Months(months) => {
                let mut later = (1..=12).filter_map(|more| first_of(paid)?.checked_add_months(Months::new(more)));
                later.find(|day| months.contains(&day.month()))
            }
            DeductionDates::Listed(dates) => dates.iter().find(|day| **day > paid).copied().and_then(first_of),
            DeductionDates::EveryPay | DeductionDates::FirstOfMonth(_) | DeductionDates::LastOfMonth(_) => None,
        };
        next.filter(|_| begun).map(|next| (first, next))
    }

    /// From the month after the last deduction, or the first day of cover, to the end of the month in which somebody
    /// has just left.
    fn until_last(
        &self,
        person: &Person,
        pair: &Pair,
        first: NaiveDate,
        paid: NaiveDate,
    ) -> Option<(NaiveDate, NaiveDate)> {
        let scheme = self.lines.scheme(person, pair.label);
        let dates = scheme.deduction_dates.as_ref().filter(|_| scheme.pays_for() != Some(FirstDeduction::InAdvance))?;
        let DeductionDates::Months(months) = dates else { return None };
        let leave = person.leave.filter(|leave| *leave >= person.payday.previous().first).map(date)?;
        let mut before = (0..12).filter_map(|less| first_of(paid)?.checked_sub_months(Months::new(less)));
        let since =
            before.find(|day| day.checked_sub_months(Months::new(1)).is_some_and(|day| months.contains(&day.month())));
        let end = first_of(leave)?.checked_add_months(Months::new(1))?;
        let since = since?.max(first);
        // All of the months between two deductions are no part of them.
        let all = since.checked_add_months(months_between(pair.per_year)?);
        let is_all = leave.succ_opt() == Some(end) && all == Some(end);
        (!is_all).then_some((since, end))
    }
}

impl Anew<'_> {
    /// So much of an earlier deduction pays for its days of cover, which began since the one before it.
    pub(in crate::rules::balance) fn is_first_part_of(&self, cell: &AccountPeriod, amount: i64, whole: i64) -> bool {
        let of_days = || {
            let (between, first) = (months_between(self.per_year)?, date(self.first?));
            let end = first_of(cell.period.end)?.checked_add_months(Months::new(1))?;
            let since = end.checked_sub_months(between)?;
            part(whole, between, first, end).filter(|_| since < first)
        };
        let range = of_days();
        range.is_some_and(|range| (*range.start() - self.tolerance..=*range.end() + self.tolerance).contains(&amount))
    }
}

/// Between two deductions that are taken less often than once a month.
fn months_between(per_year: i64) -> Option<Months> {
    let is_seldom = per_year > 0 && per_year < MONTHS && MONTHS % per_year == 0;
    u32::try_from(MONTHS / per_year.max(1)).ok().filter(|_| is_seldom).map(Months::new)
}

/// From the first day of cover to the end of the month of a deduction that pays for the months before it.
fn since_begin(pair: &Pair, first: NaiveDate, paid: NaiveDate) -> Option<(NaiveDate, NaiveDate)> {
    let end = first_of(paid)?.checked_add_months(Months::new(1))?;
    (pair.date_kind == DateKind::Deduction && first < end).then_some((first, end))
}

fn first_of(day: NaiveDate) -> Option<NaiveDate> {
    day.with_day(1)
}

/// What days up to the one before `end` may cost of an amount that pays for so many months: by months, with the first
/// of them or without, or by days. `None`: they are as many, or more.
fn part(whole: i64, between: Months, first: NaiveDate, end: NaiveDate) -> Option<RangeInclusive<i64>> {
    let between = i64::from(between.as_u32());
    let number = |day: NaiveDate| i64::from(day.year()) * MONTHS + i64::from(day.month0());
    let months = number(end) - number(first);
    let of = |times: i64, parts: i64| {
        i64::try_from(i128::from(whole) * i128::from(times) / i128::from(parts)).unwrap_or(i64::MAX)
    };
    let by_days = of((end - first).num_days() * MONTHS, YEAR_DAYS * between);
    let by_months = [of(months - 1, between), of(months, between)];
    (1..=between).contains(&months).then(|| by_months[0].min(by_days)..=by_months[1].max(by_days.min(whole)))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_part_of_a_yearly_amount_is_by_months_or_by_days() {
        let day = |text: &str| text.parse().expect("a date");
        let of = |first: &str, end: &str, between| part(2_400_000, Months::new(between), day(first), day(end));
        // Six or seven twelfths; 214 days of 365 are 140.7123.
        assert_eq!(of("2026-06-01", "2027-01-01", 12), Some(1_200_000..=1_407_123));
        // Of the third month of a quarter, a third at most.
        assert_eq!(of("2026-03-16", "2026-04-01", 3), Some(0..=800_000));
        assert_eq!(of("2025-06-01", "2027-01-01", 12), None);
    }
}
