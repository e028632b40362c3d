//! What earlier periods say of a difference that meets no balance: payroll may give back what it took for days without
//! cover, or take what earlier periods were not asked for.

use chrono::NaiveDate;

use super::line::{Statement, unknown_since};
use super::{Books, periods};
use crate::balance::{Before, cell};
use crate::rules::everybody::Person;
use crate::rules::expected::NEVER;
use crate::rules::pair::Pair;
use crate::rules::people::date;
use tieout_model::balance::{EntryKind, PayPeriod};

impl Books<'_> {
    /// Of a line that differs. `from`: the first day of its cover.
    pub(super) fn before(
        &self,
        statement: &Statement<'_>,
        person: &Person,
        pair: &Pair,
        from: Option<NaiveDate>,
    ) -> Before {
        let Statement { employee, account, .. } = statement;
        if !self.lines.differs(pair, account.payer) {
            return Before::default();
        }
        let (start, end) = (date(person.payday.start), date(person.payday.end));
        let previous = periods::before(start, end).next();
        let changed = (pair.changed != NEVER).then(|| date(pair.changed));
        let elected_late = previous.and_then(|previous| previous.start).is_some_and(|day| changed >= Some(day));
        let unknown_periods = match from {
            Some(from) => unknown_since(employee, person, from).count().try_into().unwrap_or(u32::MAX),
            None => 0,
        };
        let (taken, due, _) = self.lines.amounts(pair, account.payer);
        Before {
            unknown_periods,
            elected_late,
            refundable: refundable(statement, person, pair, i128::from(due) - i128::from(taken)),
            if_since_begin: from.map_or(0, |from| if_since(statement, person, from, due)),
            first_part: self.takes_first_part(statement, person, pair, previous),
        }
    }

    /// Cover began in the period before, which took nothing, and tonight takes the part of it beside the whole of its
    /// own.
    fn takes_first_part(
        &self,
        statement: &Statement<'_>,
        person: &Person,
        pair: &Pair,
        previous: Option<PayPeriod>,
    ) -> bool {
        let (taken, due, tolerance) = self.lines.amounts(pair, statement.account.payer);
        let cover = person.cover(pair, self.lines.scheme(person, pair.label));
        let (Some(first), Some(previous), true) = (cover.before(), previous, pair.live) else { return false };
        let took_nothing = cell(statement.cells, previous.end).is_none_or(|cell| cell.movements.collected() == 0);
        took_nothing && taken > due && first.accepts(taken - due, due, tolerance)
    }
}

/// What a refund may give back: what was taken for days after cover ended. Where a benefit is over and nobody says
/// since when, that may be all that is known to have been taken. `None`: nobody knows.
fn refundable(statement: &Statement<'_>, person: &Person, pair: &Pair, more: i128) -> Option<i128> {
    let Statement { employee, account, cells } = statement;
    let left = person.leave.filter(|leave| *leave < person.payday.start).map(date);
    if left.is_none() && !pair.in_force {
        let all: i128 = statement.earlier(person).map(|cell| cell.movements.collected()).sum();
        return Some(all).filter(|all| more <= all + i128::from(pair.tau));
    }
    let (start, end) = (date(person.payday.start), date(person.payday.end));
    let ended = left.or(periods::before(start, end).next().and_then(|previous| previous.start))?;
    let since: Vec<PayPeriod> = periods::before(start, end).take_while(|period| period.end >= ended).collect();
    let judged =
        |period: &PayPeriod| employee.look(period.end).is_some_and(|unjudged| !unjudged.contains(&*account.benefit));
    let taken = |period: &PayPeriod| cell(cells, period.end).map_or(0, |cell| cell.movements.collected());
    (!since.is_empty() && since.iter().all(judged)).then(|| since.iter().map(taken).sum())
}

/// What would be open had a record, whose amount is another one since it was first read, had this amount from its first
/// day on. Since when it has, no record says: payroll may take it for either. 0: the amount is what it was.
fn if_since(statement: &Statement<'_>, person: &Person, from: NaiveDate, due: i64) -> i128 {
    let cells = || statement.earlier(person).filter(|cell| cell.cover_from == Some(from));
    let is_another = cells().any(|cell| {
        let was = cell.movements.get(EntryKind::Expected);
        was != 0 && was != due
    });
    let whole = cells().filter(|cell| cell.period.start.is_some_and(|start| start >= from));
    if is_another { whole.map(|cell| i128::from(due) - cell.movements.collected()).sum() } else { 0 }
}
