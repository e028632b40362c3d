//! A percentage whose record was entered after periods that it holds for were paid: what it makes due of them.

use crate::balance::{AccountPeriod, Record, cell, restated};
use crate::rules::balance::line::{OfAccount, from};
use crate::rules::balance::prices::anew::{Anew, ByRecord};
use crate::rules::balance::statement::Statement;
use crate::rules::balance::{Books, periods};
use crate::rules::calendar::cover::CoverShare;
use crate::rules::lines::expected::NEVER;
use crate::rules::lines::pair::Pair;
use crate::rules::people::everybody::Person;
use crate::rules::people::{date, day_number};
use tieout_model::balance::{EntryKind, PayPeriod};
use tieout_model::code::Code;

impl Books<'_> {
    /// Periods that the record holds for, and of which nothing is known but that they took nothing: they owe what the
    /// percentage comes to by the salary.
    pub(super) fn before_the_record(
        &self,
        statement: &Statement<'_>,
        pair: &Pair,
        anew: &Anew<'_>,
        record: &Record,
    ) -> Vec<AccountPeriod> {
        let (Some(from), Some(whole)) = (record.from.filter(|_| pair.live), anew.whole) else { return Vec::new() };
        // Books of earlier versions hold nothing of a percentage that was right.
        if !self.replaced(statement, pair).is_empty() || !anew.is_only_record {
            return Vec::new();
        }
        let own = anew.own_record(day_number(from), whole);
        let is_new = |period: PayPeriod| {
            let held = cell(statement.cells, period.end).is_some() || statement.stands_elsewhere(period);
            !held && !statement.was_not_compared(period, from)
        };
        let due = |period: PayPeriod| {
            let is_known = is_new(period) && !statement.person.had_other_pay(period);
            anew.by_record(period, own, None).filter(|_| is_known)
        };
        let mut all = restated(&statement.employee, &statement.account, record, due);
        let earlier = statement.employee.known(&statement.account).filter(|period| period.end < record.period.end);
        all.extend(earlier.filter(|period| is_new(*period)).filter_map(|period| {
            let most = most_due(statement, anew, own, period)?;
            let new = AccountPeriod::new(period, self.night);
            // Without a code it would be one whose yearly limit was reached.
            let mut cell = AccountPeriod { code: Some(Code::TM01), cover_from: Some(from), ..new };
            cell.set_by_gross(Some(most));
            Some(cell)
        }));
        all
    }

    /// Tonight has learned of periods that may owe something of a pay that nobody knows.
    pub(super) fn owe_of_unknown_pay(&self, restated: &[AccountPeriod], person: &Person) -> bool {
        restated.iter().any(|cell| {
            let is_new = cell.found_on == self.night && cell.period.end < date(person.payday.start);
            is_new && cell.movements.is_nothing() && cell.by_gross().is_some() && person.had_other_pay(cell.period)
        })
    }

    /// The record was entered after payroll's cut-off of the period or, of one that was never read, since it began.
    fn is_late(&self, pair: &Pair, period: &PayPeriod) -> bool {
        let Some(changed) = (pair.changed != NEVER).then(|| date(pair.changed)) else { return false };
        if from(pair).is_none_or(|from| changed <= from) {
            return false;
        }
        let cutoff = period.end + (self.file.cutoff - self.file.end);
        match self.was_read(period.end) {
            true => changed > cutoff,
            false => period.start.is_some_and(|start| changed >= start),
        }
    }

    /// What is `left` beyond the percentage is no more than the record owes of periods before it was entered: what was
    /// paid in those of which the books do not hold what they took, nobody knows.
    pub(super) fn may_follow_the_record(
        &self,
        person: &Person,
        pair: &Pair,
        left: [i128; 2],
        accounts: &[OfAccount<'_>],
    ) -> bool {
        let Some(from) = from(pair) else { return false };
        let took = |of_account: &OfAccount<'_>, period: &PayPeriod| {
            cell(of_account.statement.cells, period.end).is_some_and(|cell| cell.movements.collected() != 0)
        };
        let is_held = |period: &PayPeriod| accounts.iter().any(|of_account| took(of_account, period));
        let late = periods::before(date(person.payday.start), date(person.payday.end))
            .take_while(|period| period.start.is_some_and(|start| start >= from))
            .filter(|period| self.is_late(pair, period) && !is_held(period))
            .count();
        let most = [pair.employee_due, pair.employer_due].map(|due| i128::from(due) * late as i128);
        late > 0 && left.iter().zip(most).all(|(left, most)| *left <= most)
    }

    /// Earlier periods that were taken less than they may owe, with that: by a limit that nobody states, or because the
    /// percentage that tonight's record names since their first day was not known then.
    pub(super) fn short(
        &self,
        cells: &[AccountPeriod],
        person: &Person,
        pair: &Pair,
        due: i64,
    ) -> Vec<(AccountPeriod, i64)> {
        let from = from(pair);
        let may_owe = |cell: &AccountPeriod| {
            let is_new = from != cell.cover_from || self.is_late(pair, &cell.period);
            let holds = from.zip(cell.period.start).is_some_and(|(from, start)| from <= start);
            let by_record = person.due_of(cell.period, due, 1).filter(|_| pair.live && is_new && holds);
            by_record.max(cell.by_gross())
        };
        let end = date(person.payday.end);
        let earlier = cells.iter().filter(|cell| cell.period.end < end && cell.movements.balance() == 0);
        let is_open = |cell: &&AccountPeriod| cell.movements.get(EntryKind::Expected) > 0 || cell.by_gross().is_some();
        let given_up = |cell: &&AccountPeriod| cell.movements.get(EntryKind::WrittenOff) != 0;
        let taken = earlier.filter(|cell| is_open(cell) && !given_up(cell) && !cell.period.is_one_day());
        let more = taken.filter_map(|cell| Some((cell.clone(), may_owe(cell)?)));
        more.filter(|(cell, due)| *due > cell.movements.get(EntryKind::Expected)).collect()
    }
}

/// The most that an earlier period may owe by the record, where nobody knows how much it does: its pay was another one,
/// or no rule says what is due of a part of it.
fn most_due(statement: &Statement<'_>, anew: &Anew<'_>, own: ByRecord, period: PayPeriod) -> Option<i64> {
    let cover = anew.cover(period, Some(own.first)).filter(|cover| !cover.is_ahead() && !cover.is_over())?;
    let is_unknown = match cover.share(anew.scheme) {
        CoverShare::Open => true,
        CoverShare::Nothing => false,
        CoverShare::Whole | CoverShare::Part(..) => statement.person.had_other_pay(period),
    };
    anew.whole_in(period, own).filter(|most| is_unknown && *most > 0)
}

impl Person {
    /// The salary is another one since the period began.
    fn had_other_pay(&self, period: PayPeriod) -> bool {
        self.paid_since.zip(period.start).is_some_and(|(since, start)| date(since) > start)
    }
}
