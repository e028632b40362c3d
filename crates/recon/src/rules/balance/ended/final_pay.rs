//! The final pay of somebody who has left that comes after the last day of cover, in the file of a later period: it may
//! take what cover until then still costs, where no earlier file took it.

use crate::balance::{AccountPeriod, Employee, Open, cell as cell_of};
use crate::rules::balance::earlier::before::of_period;
use crate::rules::balance::line::OfAccount;
use crate::rules::balance::prices::anew::Anew;
use crate::rules::balance::statement::{Statement, with};
use crate::rules::balance::{Books, periods};
use crate::rules::calendar::cover::CoverShare;
use crate::rules::calendar::proration::prorated;
use crate::rules::lines::pair::Pair;
use crate::rules::people::date;
use crate::rules::people::everybody::Person;
use crate::rules::place::Place;
use tieout_model::balance::EntryKind;
use tieout_model::finding::Payer;

impl Books<'_> {
    /// So much of what is too much pays for cover of earlier periods. Counts of 1/10,000; `None`: nothing does. Errors:
    /// the place of a line whose cover has a price that nobody knows any more.
    pub(in crate::rules::balance) fn final_pay(
        &self,
        OfAccount { statement, restated, settled, .. }: &OfAccount<'_>,
        person: &Person,
        pair: &Pair,
        taken: i64,
        expected: i64,
    ) -> Result<Option<i64>, Place> {
        let more = i64::try_from(i128::from(taken - expected) - settled.settled).unwrap_or(i64::MAX);
        if !person.has_left() || person.payday.in_file == 0 || settled.is_right() || more <= 0 {
            return Ok(None);
        }
        let full = self.full_amount(statement, pair);
        let unpaid = self.unpaid(statement, restated, pair, full.unwrap_or_default());
        match (full, unpaid) {
            (None, None) if self.may_trail(statement, person, pair) => Err(Place::UnverifiedVanished),
            (_, None) => Ok(None),
            (None, Some(_)) => Err(Place::UnverifiedVanished),
            (Some(_), Some(unpaid)) if more <= unpaid + pair.tolerance => Ok(Some(more)),
            (Some(_), Some(unpaid)) => Ok(Some(unpaid).filter(|unpaid| *unpaid > 0)),
        }
    }

    /// On a first night: cover that Benifex does not show any more may have stood in the period before, and the
    /// deduction be the last one for it. An older snapshot alone could tell.
    fn may_trail(&self, Statement { employee, .. }: &Statement<'_>, person: &Person, pair: &Pair) -> bool {
        let (start, end) = (date(person.payday.start), date(person.payday.end));
        let first_night = !employee.knows_before(start) && !self.file_before;
        let scheme = self.lines.scheme(person, pair.label);
        let previous =
            periods::before(start, end).next().map(|period| of_period(person, pair, pair.first_day(), scheme, period));
        let covered = previous.is_some_and(|cover| !cover.is_ahead() && !cover.is_over());
        first_night && person.in_benifex && covered
    }

    /// What of a leaver's deduction pays for the period itself, where earlier periods left something open and nobody
    /// says how long cover lasts. A deduction after the last day takes what is open first; one of the period of that
    /// day takes it with what is more than a whole deduction, or than a part that one practice makes exactly; one that
    /// is left out gives back what was too much. Counts of 1/10,000; `None`: the line says it by itself.
    pub(in crate::rules::balance) fn beside_arrears(
        &self,
        OfAccount { statement, restated, tolerance, .. }: &OfAccount<'_>,
        person: &Person,
        pair: &Pair,
        taken: i64,
    ) -> Option<i64> {
        let leave = person.leave.filter(|_| person.has_left() && person.payday.in_file == 1)?;
        let scheme = self.lines.scheme(person, pair.label);
        let cover = person.cover(pair, scheme);
        let end = date(person.payday.end);
        let now = with(statement.cells, restated);
        let open = i64::try_from(Open::of(now.iter().filter(|cell| cell.period.end < end)).amount).ok()?;
        let whole = cover.share(scheme) == CoverShare::Whole && cover.windows_after() > 0;
        let part = cover.share(scheme) == CoverShare::Open && open != 0;
        if cover.is_over() || !(whole || part) || taken < 0 || (taken == 0 && open > 0) {
            return None;
        }
        let full = self.full_amount(statement, pair)?;
        let has_rest = cover.windows_after().saturating_add(1).saturating_mul(full);
        let accepts = |own: i64| {
            let rest = (full - tolerance..=has_rest + tolerance).contains(&own);
            rest || cover.accepts(own, full, *tolerance)
        };
        let own = taken - open;
        if whole {
            // All of the period has cover; what of the rest of its month is due, nobody says.
            let takes_more = own > has_rest + tolerance || (open > 0 && taken > full + tolerance);
            return Some(own.clamp(full, has_rest)).filter(|_| open >= 0 && takes_more);
        }
        match leave < person.payday.start {
            true if open > 0 => Some(own.max(0)).filter(|own| accepts(*own)),
            false if open > 0 && taken <= full + tolerance => {
                let is_part = |amount: i64| cover.parts(full).iter().any(|part| (amount - part).abs() <= *tolerance);
                Some(own).filter(|own| is_part(*own) && !is_part(taken) && taken < full - tolerance)
            }
            _ => Some(own).filter(|own| *own >= 0 && accepts(*own)),
        }
    }

    /// The place of a line of somebody who left in the period, and whose cover Benifex does not show in force any more:
    /// where it is known what it cost, the last deduction is judged by that, and so is a refund that the books explain.
    pub(in crate::rules::balance) fn with_last_price(
        &self,
        employee: Employee<'_>,
        person: &Person,
        pair: &Pair,
        place: Place,
    ) -> Place {
        if place != Place::UnverifiedEnded || !person.has_left() {
            return place;
        }
        if self.is_dropped_before_leaving(person, pair) {
            // Where the record says that it ended in these days, a part of them may be due.
            let cover = person.cover(pair, self.lines.scheme(person, pair.label));
            return if pair.expected() && cover.may_end_on(pair.changed) { place } else { Place::En02 };
        }
        let is_known = |payer: &Payer| {
            let account = self.lines.account(pair, *payer);
            let statement = account.map(|account| Statement::of(employee, person, account));
            statement.is_some_and(|statement| {
                let (taken, ..) = self.lines.amounts(pair, *payer);
                let by_price = self.until_leave(&statement, pair).is_some();
                let in_books = || self.settle(statement.clone(), pair, Place::En05, 0, taken, 0);
                // What comes back may settle what is open, or be of days after the leave date.
                let is_refund = || taken < 0 && in_books().settled.is_right();
                by_price || is_refund() || self.beside_arrears(&in_books(), person, pair, taken).is_some()
            })
        };
        if self.lines.payers(pair).iter().all(is_known) { Place::En05 } else { place }
    }

    /// What is due of the period in which somebody left, by the price of the last whole one: what was taken where an
    /// accepted practice takes it, or else the most that one takes. `None`: less, which may be another price.
    pub(in crate::rules::balance) fn until_leave(&self, statement: &Statement<'_>, pair: &Pair) -> Option<i64> {
        let person = statement.person;
        let (taken, _, tolerance) = self.lines.amounts(pair, statement.account.payer);
        let nothing = Some(0).filter(|_| taken == 0);
        let Some(full) = self.full_amount(statement, pair) else { return nothing };
        let (scheme, unit) = (self.lines.scheme(person, pair.label), statement.account.currency.minor_unit());
        let cover = person.cover(pair, scheme);
        let (most, is_open) = match cover.share(scheme) {
            CoverShare::Nothing => return nothing,
            CoverShare::Part(method, covered) => (prorated(full, method, cover.window, covered, unit), false),
            CoverShare::Whole => (full, false),
            CoverShare::Open => (full, true),
        };
        let accepts = |amount: i64| {
            amount > 0 && ((amount - most).abs() <= tolerance || (is_open && cover.accepts(amount, full, tolerance)))
        };
        // What earlier periods leave open may be in it, or given back.
        let own = taken - i64::try_from(Open::of(statement.earlier(person)).amount).ok()?;
        // There is no later pay that takes what the rest of the cover costs.
        let follow = cover.windows_after();
        let with_rest = most.saturating_add(follow.saturating_mul(full));
        match taken {
            _ if accepts(taken) => Some(taken),
            _ if accepts(own) => Some(own),
            ..=0 => nothing,
            _ if taken > with_rest + tolerance => Some(with_rest),
            _ if follow > 0 && taken >= most => Some(taken),
            _ => None,
        }
    }

    /// What a whole period costs: as Benifex still says, or as the last whole period before the leave date did.
    pub(in crate::rules::balance) fn full_amount(&self, statement: &Statement<'_>, pair: &Pair) -> Option<i64> {
        let person = statement.person;
        let (_, due, _) = self.lines.amounts(pair, statement.account.payer);
        let until = person.leave.map(date);
        let was = |cell: &&AccountPeriod| {
            let whole = until.is_none_or(|leave| cell.period.end <= leave);
            whole && !cell.period.is_one_day() && cell.movements.get(EntryKind::Expected) > 0
        };
        let was = statement.earlier(person).rfind(was).map(|cell| cell.movements.get(EntryKind::Expected));
        was.max(Some(due).filter(|due| pair.live && *due > 0))
    }

    /// What cover in the periods before costs at most beside what they were asked for, where a period costs `full`.
    /// `None`: nothing is known of any of them, or all of them were judged as whole ones.
    /// `restated`: earlier periods as they stand from tonight on, with those that a file forgot.
    fn unpaid(&self, statement: &Statement<'_>, restated: &[AccountPeriod], pair: &Pair, full: i64) -> Option<i64> {
        let person = statement.person;
        let Statement { employee, account, cells, .. } = statement;
        let now = with(cells, restated);
        let scheme = self.lines.scheme(person, pair.label);
        let leave = person.leave.map(date)?;
        let (start, end) = (date(person.payday.start), date(person.payday.end));
        let known_until = employee.last_before(start);
        if known_until.is_none() && !self.file_before {
            return None;
        }
        let anew = Anew::without_line(self, statement, pair.label);
        let (mut unpaid, mut paid) = (None, 0);
        for period in periods::before(start, end) {
            let cover = of_period(person, pair, pair.first_day(), scheme, period);
            let joined = person.joined.is_some_and(|joined| date(joined) > period.end);
            // What was due of whole periods up to the last known one is in the balance.
            let settled = period.end < leave && known_until.is_none_or(|known| period.end <= known);
            if cover.is_ahead() || joined || settled {
                break;
            }
            let cell = cell_of(cells, period.end);
            let expected = |cell: &AccountPeriod| cell.movements.get(EntryKind::Expected);
            let asked = cell.map_or(0, expected);
            if cover.is_over() {
                // Another final pay, between then and now.
                paid += if cell.is_some_and(|cell| cell.cover_from == Some(leave)) { asked } else { 0 };
                continue;
            }
            let cost = match cover.share(scheme) {
                _ if anew.is_free(period) => 0,
                CoverShare::Nothing => 0,
                CoverShare::Whole | CoverShare::Open => full,
                CoverShare::Part(method, covered) => {
                    prorated(full, method, cover.window, covered, account.currency.minor_unit())
                }
            };
            // A difference of the period itself is in the balance.
            let asked = asked.max(cell_of(&now, period.end).map_or(0, expected));
            unpaid = Some(unpaid.unwrap_or_default() + (cost - asked).max(0));
        }
        unpaid.map(|unpaid: i64| (unpaid - paid).max(0))
    }
}
