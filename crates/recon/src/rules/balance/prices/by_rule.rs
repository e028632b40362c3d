//! A record of cover that begins inside the period in the place of another one, where the scheme says what a part of a
//! period costs: the one before is due of its days, and the new one of the others.

use crate::balance::{AccountPeriod, Employee};
use crate::rules::balance::Books;
use crate::rules::balance::line::from;
use crate::rules::balance::periods;
use crate::rules::balance::prices::two_prices::{LAST_DEDUCTED_MAX, Prices, open};
use crate::rules::balance::statement::Statement;
use crate::rules::calendar::MONTHS;
use crate::rules::calendar::cover::{Cover, CoverShare};
use crate::rules::calendar::proration::in_turn;
use crate::rules::lines::pair::Pair;
use crate::rules::people::date;
use crate::rules::people::everybody::Person;
use crate::rules::place::Place;
use crate::scheme::{FirstDeduction, Scheme};
use tieout_model::balance::EntryKind;

/// What is due of both records, counts of 1/10,000.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(in crate::rules::balance) struct DueOfBoth {
    least: i64,
    most: i64,
    /// Whatever lies between is right. Else, where they differ, the one before may have ended earlier.
    any: bool,
}

/// What was before the record that begins inside the period.
enum Before {
    Nothing,
    Of(DueOfBoth),
    Unknown,
}

impl DueOfBoth {
    fn is_right(self, amount: i64, tolerance: i64) -> bool {
        let least = if self.any { self.least } else { self.most };
        (least - tolerance..=self.most + tolerance).contains(&amount)
    }

    /// It depends on until when the record before was in force.
    fn is_open(self, amount: i64, tolerance: i64) -> bool {
        !self.any && (self.least - tolerance..self.most - tolerance).contains(&amount)
    }
}

impl Books<'_> {
    /// The place of a line whose cover begins inside the period, of which a rule says what is due.
    pub(in crate::rules::balance) fn with_both_by_rule(
        &self,
        employee: Employee<'_>,
        person: &Person,
        pair: &Pair,
        place: Place,
    ) -> Place {
        let is_one = matches!(place, Place::Matched | Place::En01 | Place::Am08);
        if !is_one || !self.is_by_rule(employee, person, pair) {
            return place;
        }
        let (mut is_own, mut is_wrong, mut is_open, mut is_other) = (false, false, false, false);
        for payer in self.lines.payers(pair) {
            let Some(account) = self.lines.account(pair, *payer) else { continue };
            let statement = Statement::of(employee, person, account);
            let (taken, due, tolerance) = self.lines.amounts(pair, *payer);
            let differs = self.lines.differs(pair, *payer);
            match self.before_it(&statement, pair) {
                Before::Nothing => is_own |= differs,
                // The new record's own part is due whatever was before.
                Before::Unknown if taken < due => is_own |= differs,
                Before::Unknown => is_open |= differs,
                // Either part was rounded.
                Before::Of(due) if due.is_right(taken, 2 * tolerance) => is_other |= differs,
                Before::Of(due) => {
                    is_open |= due.is_open(taken, 2 * tolerance);
                    is_wrong |= !due.is_open(taken, 2 * tolerance);
                }
            }
        }
        match place {
            _ if is_open => Place::UnverifiedReplaced,
            _ if is_wrong || (is_own && is_other) => Place::Am08,
            _ if is_other => Place::Accepted,
            _ => place,
        }
    }

    /// What the books expect of such a period. `None`: no other record was before, or nobody knows.
    pub(in crate::rules::balance) fn due_by_rule(&self, statement: &Statement<'_>, pair: &Pair) -> Option<i64> {
        let (taken, _, tolerance) = self.lines.amounts(pair, statement.account.payer);
        let own = taken - open(statement);
        match self.before_it(statement, pair) {
            Before::Of(due) if own != taken && due.is_right(own, 2 * tolerance) => Some(own),
            Before::Of(due) => Some(taken.clamp(due.least, due.most)),
            Before::Nothing | Before::Unknown => None,
        }
    }

    fn is_by_rule(&self, employee: Employee<'_>, person: &Person, pair: &Pair) -> bool {
        let scheme = self.lines.scheme(person, pair.label);
        let cover = person.cover(pair, scheme);
        let ruled = match cover.share(scheme) {
            CoverShare::Part(..) => true,
            CoverShare::Nothing => !cover.ends(),
            CoverShare::Whole | CoverShare::Open => false,
        };
        // What is deducted less than once a month pays for more days than those of its period.
        let often = pair.per_year >= MONTHS;
        let together = person.employer_share(pair, scheme).is_none();
        let is_one = pair.live && cover.begins() && person.payday.in_file == 1 && !pair.date_kind.is_free();
        let joined = person.joined.is_some_and(|joined| cover.window.first < joined && joined <= cover.window.last);
        let is_back = joined && employee.knows_before(date(person.payday.start));
        ruled && is_one && !is_back && often && together && self.lines.keeps(person, pair.label)
    }

    fn before_it(&self, statement: &Statement<'_>, pair: &Pair) -> Before {
        let person = statement.person;
        let scheme = self.lines.scheme(person, pair.label);
        let cover = person.cover(pair, scheme);
        let first = pair.first_day().filter(|_| self.is_by_rule(statement.employee, person, pair));
        let whole = first.and_then(|first| Some((first, self.stated_whole(statement, pair)?)));
        let Some(new) = whole else { return Before::Nothing };
        // What older snapshots show, the oldest first: of the days of the period, and the one before them.
        let older = self.replaced(statement, pair);
        let (inside, before): (Vec<_>, Vec<_>) =
            older.iter().rev().copied().partition(|(first, ..)| *first > cover.window.first);
        let seen = older.iter().any(|(.., seen)| *seen >= cover.window.first);
        let shows_none = self.lines.replaced.get(&pair.bx_row).is_some_and(Vec::is_empty);
        let of_books = || self.price_before(statement, pair).filter(|_| !shows_none);
        let prices = match before.last() {
            Some((_, price, _)) => Some(Prices::of(*price)),
            None => of_books(),
        };
        if prices.is_none() && !shows_none && !had_none(statement, &cover) {
            return Before::Unknown;
        }
        if prices.is_none() && inside.is_empty() {
            return Before::Nothing;
        }
        if scheme.proration_at_end.is_some_and(|at_end| Some(at_end) != scheme.proration) {
            // By which of the two rules the one before ended, nobody says.
            let all =
                inside.iter().fold(prices.unwrap_or(Prices::of(0)).or(new.1), |all, (_, price, _)| all.or(*price));
            return Before::Of(DueOfBoth { least: all.least, most: all.most, any: true });
        }
        let unit = statement.account.currency.minor_unit();
        let due = |before: i64| {
            let inside = inside.iter().map(|(first, price, _)| (*first, *price));
            let all: Vec<_> = [(cover.window.first, before)].into_iter().chain(inside).chain([new]).collect();
            match cover.share(scheme) {
                CoverShare::Part(method, covered) => in_turn(&all, method, cover.window, covered.last, unit),
                _ => before,
            }
        };
        let known_until = seen || lasted(statement, pair, scheme);
        let least = prices.filter(|_| known_until).map_or(0, |prices| prices.least);
        let most = prices.map_or(0, |prices| prices.most);
        let [least, most] = [due(least), due(most)];
        Before::Of(DueOfBoth { least: least.min(most), most: least.max(most), any: false })
    }
}

/// Whoever has just joined had no cover before, and of others a night judged that nothing was due.
fn had_none(statement: &Statement<'_>, cover: &Cover) -> bool {
    let person = statement.person;
    let (start, end) = (date(person.payday.start), date(person.payday.end));
    let lately: Vec<_> = periods::before(start, end).take(LAST_DEDUCTED_MAX).map(|period| period.end).collect();
    let is_lately = |cell: &&AccountPeriod| lately.contains(&cell.period.end);
    let was_due = |cell: &AccountPeriod| cell.is_unsettled() || cell.movements.get(EntryKind::Expected) != 0;
    if statement.earlier(person).filter(is_lately).any(was_due) {
        return false;
    }
    let judged = statement.employee.known(&statement.account).any(|period| lately.contains(&period.end));
    judged || cover.is_new(person.joined)
}

/// The record before was in force on a day of the period still: a night of then judged the period before by it.
fn lasted(statement: &Statement<'_>, pair: &Pair, scheme: &Scheme) -> bool {
    let person = statement.person;
    let of_period = matches!(scheme.first_deduction, None | Some(FirstDeduction::SamePay | FirstDeduction::NextPay));
    let start = date(person.payday.start);
    let last = statement.earlier(person).rfind(|cell| !cell.period.is_one_day());
    let by_it = |cell: &AccountPeriod| cell.cover_from.is_some() && cell.cover_from < from(pair);
    of_period
        && last.is_some_and(|cell| Some(cell.period.end) == start.pred_opt() && cell.found_on >= start && by_it(cell))
}
