//! A record of cover that begins inside the period in the place of another one: Benifex shows the new one alone, and
//! the books know what the one before cost.

use crate::balance::{Employee, Open};
use crate::rules::balance::Books;
use crate::rules::balance::changed_inside::is_changed_inside;
use crate::rules::balance::line::from;
use crate::rules::balance::periods;
use crate::rules::balance::statement::Statement;
use crate::rules::calendar::Payday;
use crate::rules::calendar::cover::CoverShare;
use crate::rules::calendar::proration::{METHODS, in_turn};
use crate::rules::lines::pair::Pair;
use crate::rules::people::date;
use crate::rules::people::everybody::Person;
use crate::rules::place::Place;
use crate::scheme::FirstDeduction;
use tieout_model::balance::EntryKind;

/// Periods back in which the record before was deducted last: a pay date on which nothing is due may lie between.
pub(in crate::rules::balance) const LAST_DEDUCTED_MAX: usize = 2;

/// Least and most that a whole deduction was, counts of 1/10,000.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(in crate::rules::balance) struct Prices {
    pub(in crate::rules::balance) least: i64,
    pub(in crate::rules::balance) most: i64,
}

impl Prices {
    pub(in crate::rules::balance) fn of(price: i64) -> Prices {
        Prices { least: price, most: price }
    }

    /// With another one: whatever a practice makes of two prices lies between them.
    pub(in crate::rules::balance) fn or(self, price: i64) -> Prices {
        Prices { least: self.least.min(price), most: self.most.max(price) }
    }

    pub(in crate::rules::balance) fn hold(self, amount: i64, tolerance: i64) -> bool {
        (self.least - tolerance..=self.most + tolerance).contains(&amount)
    }
}

impl Books<'_> {
    /// The place of a line whose cover begins inside the period, where the books know what it replaced: any amount
    /// between the two prices is right without a rule, more than both is too much, and less than both too little.
    pub(in crate::rules::balance) fn with_both_prices(
        &self,
        employee: Employee<'_>,
        person: &Person,
        pair: &Pair,
        place: Place,
    ) -> Place {
        let scheme = self.lines.scheme(person, pair.label);
        let cover = person.cover(pair, scheme);
        let is_part = matches!(place, Place::UnverifiedPart | Place::Am08 | Place::Accepted);
        let part = is_part && pair.live && cover.begins() && !cover.ends();
        // Of a share that is paid on dates of its own, another part of the days counts.
        let together = person.employer_share(pair, scheme).is_none();
        if !part || !together || !self.lines.keeps(person, pair.label) {
            return place;
        }
        if cover.share(scheme) != CoverShare::Open && !is_hired_again(person) {
            return place;
        }
        let mut beyond = false;
        for payer in self.lines.payers(pair).iter().filter(|payer| self.lines.differs(pair, **payer)) {
            let Some(account) = self.lines.account(pair, *payer) else { return place };
            let statement = Statement::of(employee, person, account);
            let Some(prices) = self.price_before(&statement, pair) else { return place };
            if is_hired_again(person) {
                let (taken, due, tolerance) = self.lines.amounts(pair, *payer);
                // Until they left, and since they are back.
                let right = prices.or(due).or(0).hold(taken - open(&statement).max(0), tolerance);
                beyond |= !right;
                continue;
            }
            if self.least_of_both(&statement, pair).is_some() {
                beyond = true;
                continue;
            }
            if place == Place::Accepted {
                continue;
            }
            let (taken, due, tolerance) = self.lines.amounts(pair, *payer);
            let (prices, open) = (prices.or(due), open(&statement));
            let is_right = |amount: i64| cover.accepts(amount, due, tolerance) || prices.hold(amount, tolerance);
            match is_right(taken) {
                true => {}
                false if taken > prices.most || (open != 0 && is_right(taken - open)) => beyond = true,
                false => return place,
            }
        }
        if beyond { Place::Am08 } else { Place::Accepted }
    }

    /// The least that is due of a period in which one record followed on another and of which no rule says more: the
    /// lower price. `None`: as much was taken, or nobody knows.
    pub(in crate::rules::balance) fn least_of_both(&self, statement: &Statement<'_>, pair: &Pair) -> Option<i64> {
        let person = statement.person;
        let scheme = self.lines.scheme(person, pair.label);
        let cover = person.cover(pair, scheme);
        let of_period =
            matches!(scheme.first_deduction, None | Some(FirstDeduction::SamePay | FirstDeduction::NextPay));
        let prices = self.price_before(statement, pair)?;
        let open_share = cover.share(scheme) == CoverShare::Open;
        let follows = cover.begins() && !cover.ends() && pair.live && open_share && !is_hired_again(person);
        if !(of_period && follows && self.lasted(statement)) {
            return None;
        }
        let (taken, due, tolerance) = self.lines.amounts(pair, statement.account.payer);
        let least = prices.or(due).least;
        let own = (taken - open(statement)).max(taken);
        (own < least - tolerance).then_some(least)
    }

    /// What is due of a period in which another price followed on one that the books know, and whose deduction took or
    /// gave back beside it what earlier periods left open: what lies between the prices, if the deduction does not, or
    /// what one practice makes exactly. `None`: it did not, or nobody can tell.
    pub(in crate::rules::balance) fn beside_open(&self, statement: &Statement<'_>, pair: &Pair) -> Option<i64> {
        let person = statement.person;
        let scheme = self.lines.scheme(person, pair.label);
        let cover = person.cover(pair, scheme);
        let is_open = cover.share(scheme) == CoverShare::Open;
        let begins = is_open && cover.begins() && !cover.ends() && !is_hired_again(person);
        let before = match begins {
            true => self.price_before(statement, pair),
            false if is_changed_inside(person, pair) => self.price_of_same_record(statement, pair).map(Prices::of),
            false => None,
        }?;
        let (taken, due, tolerance) = self.lines.amounts(pair, statement.account.payer);
        let own = taken - open(statement);
        let all = before.or(due);
        let by_days = METHODS.iter().filter(|_| begins).flat_map(|(method, _)| {
            let window = cover.window;
            let new = pair.first_day().map(|first| (first, due));
            [before.least, before.most].map(|price| {
                let prices: Vec<_> = [(window.first, price)].into_iter().chain(new).collect();
                in_turn(&prices, *method, window, window.last, 1)
            })
        });
        let exact: Vec<i64> = [before.least, before.most, due].into_iter().chain(by_days).collect();
        let is_exact = |amount: i64| exact.iter().any(|exact| (amount - exact).abs() <= tolerance);
        let is_own = match all.hold(taken, tolerance) {
            true => is_exact(own) && !is_exact(taken),
            false => all.hold(own, tolerance),
        };
        Some(own).filter(|own| *own != taken && is_own)
    }

    /// The record before was in force on a day of the period still: a night of then judged the last one by it.
    fn lasted(&self, statement: &Statement<'_>) -> bool {
        let person = statement.person;
        let regular = statement.earlier(person).rfind(|cell| !cell.period.is_one_day());
        regular.is_some_and(|cell| cell.found_on >= date(person.payday.start))
    }

    /// What was due of a whole period by the record that the line's replaced. `None`: nobody knows, or there was none.
    pub(in crate::rules::balance) fn price_before(&self, statement: &Statement<'_>, pair: &Pair) -> Option<Prices> {
        let person = statement.person;
        let first = from(pair).filter(|_| person.payday.in_file == 1)?;
        let of_record = |since: chrono::NaiveDate| {
            let due = statement.earlier(person).filter(move |cell| {
                let whole = cell.period.start.is_some_and(|start| start >= since);
                whole && !cell.period.is_one_day() && cell.cover_from == Some(since)
            });
            due.filter(|cell| cell.movements.get(EntryKind::Expected) > 0)
        };
        let since = statement.earlier(person).filter_map(|cell| cell.cover_from).rfind(|since| *since < first)?;
        let last = of_record(since).next_back()?;
        let amount = |cell: &crate::balance::AccountPeriod| cell.movements.get(EntryKind::Expected);
        let unit = statement.account.currency.minor_unit();
        let (start, end) = (date(person.payday.start), date(person.payday.end));
        let just_before = periods::before(start, end).take(LAST_DEDUCTED_MAX).any(|p| p.end == last.period.end);
        let as_long = person.due_of(last.period, amount(last), unit) == Some(amount(last));
        let prices = of_record(since).map(amount).fold(Prices { least: amount(last), most: amount(last) }, Prices::or);
        (just_before && as_long).then_some(prices)
    }

    /// The least that is wrong of a part of a period, whichever practice is the scheme's. What earlier periods left
    /// open may have been taken, or given back, with it.
    pub(in crate::rules::balance) fn of_part(
        &self,
        statement: &Statement<'_>,
        pair: &Pair,
        taken: i64,
        due: i64,
        tolerance: i64,
    ) -> i64 {
        let person = statement.person;
        let cover = person.cover(pair, self.lines.scheme(person, pair.label));
        let replaced = self.price_before(statement, pair).filter(|_| cover.begins()).map(|prices| prices.or(due));
        let open = open(statement);
        let between = |amount: i64| replaced.is_some_and(|prices| prices.hold(amount, tolerance));
        let nearest = cover.nearest(taken, due, tolerance);
        match (taken - open, replaced) {
            (own, _) if open != 0 && (cover.accepts(own, due, tolerance) || between(own)) => own,
            _ if between(taken) => taken,
            (own, Some(prices)) if self.lasted(statement) => own.clamp(prices.least, prices.most),
            (_, Some(prices)) if taken > prices.most => nearest.max(prices.most),
            _ => nearest,
        }
    }
}

/// Whoever joined inside the period and had cover before had left between.
pub(in crate::rules::balance) fn is_hired_again(person: &Person) -> bool {
    let Payday { start, end, .. } = person.payday;
    person.joined.is_some_and(|joined| start < joined && joined <= end)
}

/// What earlier periods left open.
pub(in crate::rules::balance) fn open(statement: &Statement<'_>) -> i64 {
    i64::try_from(Open::of(statement.earlier(statement.person)).amount).unwrap_or_default()
}
