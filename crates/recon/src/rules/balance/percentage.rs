//! A percentage of actual pay in the books. What it comes to in a period no file states, so what payroll takes is due
//! as it was taken; but a period that took nothing owes until payroll makes it up.

use super::anew::Anew;
use super::earlier::is_apart;
use super::ended::ended;
use super::line::{OfAccount, OfLine, amount_code, from};
use super::statement::{Statement, with};
use super::{Balances, Books, periods};
use crate::balance::{AccountPeriod, Employee, Open, Record, Tonight, mended, settle};
use crate::rules::calendar::DateKind;
use crate::rules::everybody::Person;
use crate::rules::expected::NEVER;
use crate::rules::pair::Pair;
use crate::rules::people::date;
use crate::rules::place::Place;
use tieout_model::balance::EntryKind;
use tieout_model::code::Code;
use tieout_model::finding::Payer;

/// What the percentage of the period may come to. Counts of 1/10,000.
struct Range {
    least: i64,
    /// `None`: payroll has no gross pay.
    most: Option<i64>,
    /// By the pay of the run, where it is known.
    usual: i64,
    tolerance: i64,
}

impl Range {
    /// What of `taken` pays for the period itself, where `open` is owed for earlier ones: all that is not made up.
    fn own(&self, taken: i64, open: i64) -> i64 {
        if open <= 0 {
            return taken;
        }
        let left = taken.saturating_sub(open);
        if left + self.tolerance >= self.least { left } else { taken.min(self.usual) }
    }

    /// The missed periods that are open as what is taken makes them up, where it lies between what they owe by the
    /// salary and by the gross pay.
    fn made_up_by_gross(&self, taken: i64, open: &Open, cells: &[AccountPeriod]) -> Vec<AccountPeriod> {
        let own = taken - i64::try_from(open.amount).unwrap_or_default();
        let most = self.most.unwrap_or(i64::MAX);
        let mut left = match own {
            _ if open.amount <= 0 || taken <= 0 => 0,
            own if own > most => own - most,
            own if own < self.least => own - self.least,
            _ => 0,
        };
        let is_open = |cell: &&AccountPeriod| open.items.iter().any(|item| item.period == cell.period);
        let missed = cells.iter().filter(is_open).filter(|cell| cell.movements.collected() == 0);
        let ranges: Vec<(&AccountPeriod, i64)> = missed
            .filter_map(|cell| Some((cell, cell.by_gross()? - cell.movements.get(EntryKind::Expected))))
            .filter(|(_, more)| left != 0 && more.signum() == left.signum())
            .collect();
        // A part of what is missing is made up by the salary as well as by anything.
        let all: i64 = ranges.iter().map(|(_, more)| *more).sum();
        if left < 0 && all - self.tolerance > left {
            return Vec::new();
        }
        let made_up = |(cell, more): (&AccountPeriod, i64)| {
            let more = if left > 0 { more.min(left) } else { more.max(left) };
            left -= more;
            let mut now = cell.clone();
            now.expect(cell.movements.get(EntryKind::Expected) + more);
            now
        };
        ranges.into_iter().map(made_up).collect()
    }

    /// Earlier periods that took less than they may owe, as what is taken beyond tonight's own makes them up. `short`:
    /// their cells, with what they may owe.
    fn made_up_of_short(
        &self,
        taken: i64,
        open: i128,
        short: Vec<(AccountPeriod, i64)>,
        changed: Code,
    ) -> Vec<AccountPeriod> {
        let own = taken - i64::try_from(open.max(0)).unwrap_or_default();
        let mut left = self.beyond(own);
        if left <= self.tolerance {
            return Vec::new();
        }
        let made_up = |(mut cell, due): (AccountPeriod, i64)| {
            let more = (due - cell.movements.get(EntryKind::Expected)).min(left);
            left -= more;
            cell.expect(cell.movements.get(EntryKind::Expected) + more);
            // Without a code a difference is rounding.
            cell.code = Some(changed);
            (more > 0).then_some(cell)
        };
        short.into_iter().filter_map(made_up).collect()
    }

    fn beyond(&self, own: i64) -> i64 {
        self.most.map_or(0, |most| own - most).max(0)
    }
}

impl Balances {
    /// What tonight's amount of a payer takes of earlier periods.
    pub(in crate::rules) fn settled(&self, emp: u32, benefit: &str, payer: Payer) -> i64 {
        let accounts = self.accounts.get(&emp).into_iter().flatten();
        let of_payer = accounts.filter(|(account, _)| *account.benefit == *benefit && account.payer == payer);
        i64::try_from(of_payer.map(|(_, tally)| tally.settled).sum::<i128>()).unwrap_or_default()
    }
}

impl Books<'_> {
    /// Where the line of a percentage ends, and its accounts. `None`: nothing is kept of it.
    pub(super) fn of_percentage<'e>(
        &self,
        employee: Employee<'e>,
        person: &Person,
        pair: &Pair,
        place: Place,
    ) -> Option<Result<OfLine<'e>, Place>> {
        use Place::{Accepted, Am13, AmTogether, En01, En04, Matched, Tm11, UnverifiedLimit};
        let scheme = self.lines.scheme(person, pair.label);
        let percentage = scheme.percent_of_pay == Some(true) && !self.lines.is_estimated(pair.label);
        let is_kept = matches!(place, Matched | Accepted | Am13 | AmTogether | En01 | En04 | Tm11 | UnverifiedLimit);
        if place == Place::En05 {
            return self.of_later_pay(employee, person, pair);
        }
        if !percentage || !is_kept {
            return None;
        }
        let (mut now, mut left, mut accounts) = (Accepted, [0_i128; 2], Vec::new());
        for payer in self.lines.payers(pair).iter().copied() {
            let account = self.lines.account(pair, payer)?;
            let statement = Statement { employee, cells: employee.cells(&account), account };
            let mut restated = self.percentage_anew(&statement, person, pair);
            let (taken, due, tolerance) = self.lines.amounts(pair, payer);
            if statement.holds_another_run(person, taken) {
                return Some(Err(Place::UnverifiedRun));
            }
            let range = self.range(person, pair, payer);
            let end = date(person.payday.end);
            let others = |cells: &[AccountPeriod]| Open::of(cells.iter().filter(|cell| cell.period.end != end));
            let open = others(&with(statement.cells, &restated));
            let by_gross = range.made_up_by_gross(taken, &open, &with(statement.cells, &restated));
            restated.retain(|cell| is_apart(&by_gross, cell));
            restated.extend(by_gross);
            let short = short(&with(statement.cells, &restated), person, pair, due);
            let open = others(&with(statement.cells, &restated)).amount;
            let of_short = range.made_up_of_short(taken, open, short, amount_code(payer));
            restated.retain(|cell| is_apart(&of_short, cell));
            restated.extend(of_short);
            let cells = with(statement.cells, &restated);
            let own = range.own(taken, i64::try_from(others(&cells).amount).unwrap_or_default());
            let expected = if matches!(place, En01 | Tm11) { due } else { own };
            left[payer as usize] = i128::from(range.beyond(own));
            if range.beyond(own) > tolerance {
                now = Am13;
            } else if own < range.least - tolerance && now != Am13 {
                now = UnverifiedLimit;
            }
            let is_short = place == UnverifiedLimit && own < range.least - tolerance;
            if cells.is_empty() && expected == taken && !is_short {
                continue;
            }
            let code = Some(if place == Tm11 { Code::TM11 } else { Code::EN01 });
            let tonight = self.tonight(person.period(), payer, expected, taken, tolerance);
            let mut settled = settle(&cells, &Tonight { code, cover_from: from(pair), ..tonight });
            let missed = (matches!(place, En01 | Tm11) || is_short) && person.payday.in_file > 0;
            let by_gross = person.of_gross(due, pair.per_year).filter(|_| missed);
            settled.cell.set_by_gross(by_gross);
            accounts.push(OfAccount { statement, restated, settled, unknown: None, tolerance });
        }
        let settles = accounts.iter().any(|of_account| of_account.settled.settles());
        let now = match place {
            Am13 | AmTogether if settles => now,
            _ => place,
        };
        // Of a sacrifice the whole difference is told, which settles all or nothing.
        if place == AmTogether && now != Accepted {
            return None;
        }
        if now == Am13 && may_follow_the_record(person, pair, left) {
            return Some(Err(Place::UnverifiedSince));
        }
        if now == Am13
            && let Some(unverified) = self.unjudgeable(employee, person, pair, (now, left))
        {
            return Some(Err(unverified));
        }
        (!accounts.is_empty()).then_some(Ok(OfLine { place: now, settles, accounts }))
    }

    fn range(&self, person: &Person, pair: &Pair, payer: Payer) -> Range {
        let (_, due, tolerance) = self.lines.amounts(pair, payer);
        // A run beside the regular one owes nothing of its own that is known.
        if person.payday.in_file == 0 {
            return Range { least: 0, most: None, usual: i64::MAX, tolerance };
        }
        // A salary sacrifice is held against what Benifex names alone.
        let flat = Some(due).filter(|_| self.lines.is_one_amount(pair));
        let of_gross = flat.or_else(|| person.of_gross(due, pair.per_year));
        Range {
            least: of_gross.map_or(due, |of_gross| due.min(of_gross)),
            most: of_gross.map(|of_gross| due.max(of_gross)),
            usual: of_gross.unwrap_or(due),
            tolerance,
        }
    }

    /// Earlier periods of the account: those that a file forgot owe; those that had no cover, by the record or the
    /// leave date as they are now, owe nothing, nor do those that were judged by a fixed amount, before the job named
    /// it a percentage.
    pub(super) fn percentage_anew(
        &self,
        statement: &Statement<'_>,
        person: &Person,
        pair: &Pair,
    ) -> Vec<AccountPeriod> {
        let (_, due, tolerance) = self.lines.amounts(pair, statement.account.payer);
        let due = Some(due).filter(|_| pair.date_kind == DateKind::Deduction);
        let anew = Anew::of_line(self, statement, person, pair, (due, tolerance));
        let mut all = ended(statement.cells, &anew, (&statement.account, tolerance, self.night));
        all.extend(self.left_out(statement, &anew));
        let changed = amount_code(statement.account.payer);
        let record = Record { from: from(pair), tolerance, period: person.period(), night: self.night, changed };
        let nothing = |cell: &AccountPeriod| anew.due(cell, statement.cells).filter(|due| *due == 0);
        let never_due = mended(statement.cells, &record, nothing).into_iter().filter(|cell| is_apart(&all, cell));
        all.extend(never_due.collect::<Vec<AccountPeriod>>());
        let earlier = || statement.earlier(person);
        if !Open::of(earlier()).is_settled(tolerance) {
            all.extend(
                earlier()
                    .filter_map(|cell| as_taken(cell, person))
                    .filter(|cell| is_apart(&all, cell))
                    .collect::<Vec<AccountPeriod>>(),
            );
        }
        all
    }
}

/// The record was entered after periods that it holds for, and what is `left` beyond the percentage is no more than it
/// owes of them: what they took by an earlier percentage, the books do not hold.
fn may_follow_the_record(person: &Person, pair: &Pair, left: [i128; 2]) -> bool {
    let (start, end) = (date(person.payday.start), date(person.payday.end));
    let Some(from) = from(pair).filter(|_| pair.changed != NEVER) else { return false };
    let changed = date(pair.changed);
    if changed <= from {
        return false;
    }
    let since = periods::before(start, end).take_while(|period| period.start.is_some_and(|start| start >= from));
    let late = since.filter(|period| period.start.is_some_and(|start| changed >= start)).count();
    let most = [pair.e, pair.r].map(|due| i128::from(due) * late as i128);
    late > 0 && left.iter().zip(most).all(|(left, most)| *left <= most)
}

/// Earlier periods that were taken less than they may owe, with that: by a limit that nobody states, or because the
/// percentage that tonight's record names since their first day was not known then.
fn short(cells: &[AccountPeriod], person: &Person, pair: &Pair, due: i64) -> Vec<(AccountPeriod, i64)> {
    let from = from(pair);
    let may_owe = |cell: &AccountPeriod| {
        let is_new = from != cell.cover_from && from.zip(cell.period.start).is_some_and(|(from, start)| from <= start);
        let by_record = person.due_of(cell.period, due, 1).filter(|_| pair.live && is_new);
        by_record.max(cell.by_gross())
    };
    let end = date(person.payday.end);
    let earlier = cells.iter().filter(|cell| cell.period.end < end && cell.movements.balance() == 0);
    let taken = earlier.filter(|cell| cell.movements.get(EntryKind::Expected) > 0 && !cell.period.is_one_day());
    let more = taken.filter_map(|cell| Some((cell.clone(), may_owe(cell)?)));
    more.filter(|(cell, due)| *due > cell.movements.get(EntryKind::Expected)).collect()
}

/// A period of which the amount was found wrong, or that came after a leave date which is another one now: of a
/// percentage what was taken was due.
fn as_taken(cell: &AccountPeriod, person: &Person) -> Option<AccountPeriod> {
    let employed = person.leave.is_none_or(|leave| date(leave) >= cell.period.end);
    let found = match cell.code {
        Some(Code::AM01 | Code::AM02) => cell.movements.collected() > 0,
        Some(Code::EN05) => cell.movements.collected() > 0 && employed,
        _ => false,
    };
    let balance = i64::try_from(cell.movements.balance()).ok().filter(|_| found)?;
    let mut now = cell.clone();
    now.expect(cell.movements.get(EntryKind::Expected) - balance);
    now.code = None;
    Some(now)
}
