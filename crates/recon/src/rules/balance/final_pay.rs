//! The final pay of somebody who has left that comes after the last day of cover, in the file of a later period: it may
//! take what cover until then still costs, where no earlier file took it.

use super::before::of_period;
use super::statement::Statement;
use super::{Books, periods};
use crate::balance::{Cell, Settled, cell};
use crate::rules::cover::Share;
use crate::rules::everybody::Person;
use crate::rules::pair::Pair;
use crate::rules::people::date;
use crate::rules::place::Place;
use crate::rules::proration::prorated;
use tieout_model::balance::EntryKind;

impl Books<'_> {
    /// So much of what is too much pays for cover of earlier periods. Counts of 1/10,000; `None`: nothing does. Errors:
    /// the place of a line whose cover has a price that nobody knows any more.
    pub(super) fn final_pay(
        &self,
        statement: &Statement<'_>,
        person: &Person,
        pair: &Pair,
        (taken, expected): (i64, i64),
        settled: &Settled,
    ) -> Result<Option<i64>, Place> {
        let more = i64::try_from(i128::from(taken - expected) - settled.settled).unwrap_or(i64::MAX);
        if !person.has_left() || person.payday.in_file == 0 || settled.is_right() || more <= 0 {
            return Ok(None);
        }
        let full = self.full_amount(statement, person, pair);
        let unpaid = self.unpaid(statement, person, pair, full.unwrap_or_default());
        match (full, unpaid) {
            (_, None) => Ok(None),
            (None, Some(_)) => Err(Place::UnverifiedVanished),
            (Some(_), Some(unpaid)) if more <= unpaid + pair.tau => Ok(Some(more)),
            (Some(_), Some(unpaid)) => Ok(Some(unpaid).filter(|unpaid| *unpaid > 0)),
        }
    }

    /// What a whole period costs: as Benifex still says, or as the last whole period before the leave date did.
    fn full_amount(&self, statement: &Statement<'_>, person: &Person, pair: &Pair) -> Option<i64> {
        let (_, due, _) = self.lines.amounts(pair, statement.account.payer);
        let until = person.leave.map(date);
        let was = |cell: &&Cell| {
            let whole = until.is_none_or(|leave| cell.period.end <= leave);
            whole && !cell.period.is_one_day() && cell.movements.get(EntryKind::Expected) > 0
        };
        let was = statement.earlier(person).rfind(was).map(|cell| cell.movements.get(EntryKind::Expected));
        was.max(Some(due).filter(|due| pair.live && *due > 0))
    }

    /// What cover in the periods before costs at most beside what they were asked for, where a period costs `full`.
    /// `None`: nothing is known of any of them, or all of them were judged as whole ones.
    fn unpaid(&self, statement: &Statement<'_>, person: &Person, pair: &Pair, full: i64) -> Option<i64> {
        let Statement { employee, account, cells } = statement;
        let scheme = self.lines.scheme(person, pair.label);
        let leave = person.leave.map(date)?;
        let (start, end) = (date(person.payday.start), date(person.payday.end));
        let known_before = employee.knows_before(start);
        if !known_before && !self.file_before {
            return None;
        }
        let (mut unpaid, mut any_judged) = (None, false);
        for period in periods::before(start, end) {
            let cover = of_period(person, pair, scheme, period);
            let judged = employee.look(period.end).is_some_and(|unjudged| !unjudged.contains(&*account.benefit));
            any_judged |= judged;
            let before_leave = period.end < leave;
            let joined = person.joined.is_some_and(|joined| date(joined) > period.end);
            if cover.is_ahead() || joined || before_leave && (any_judged || !known_before) {
                break;
            }
            if cover.is_over() {
                continue;
            }
            let cost = match cover.share(scheme) {
                Share::Nothing => 0,
                Share::Whole | Share::Open => full,
                Share::Part(method, covered) => {
                    prorated(full, method, cover.window, covered, account.currency.minor_unit())
                }
            };
            // A difference of the period itself is in the balance.
            let asked = cell(cells, period.end).map_or(0, |cell| cell.movements.get(EntryKind::Expected));
            unpaid = Some(unpaid.unwrap_or_default() + (cost - asked).max(0));
        }
        unpaid
    }
}
