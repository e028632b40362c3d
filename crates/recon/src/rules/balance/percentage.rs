//! A percentage of actual pay in the books. What it comes to in a period no file states, so what payroll takes within
//! reason is due as it was taken; but a period that took nothing owes until payroll makes it up, and one that took more
//! is owed back.

use super::anew::Anew;
use super::earlier::is_apart;
use super::ended::ended;
use super::line::{OfAccount, OfLine, amount_code, from};
use super::statement::{Statement, with};
use super::{Balances, Books, periods};
use crate::balance::{AccountPeriod, Employee, Open, Record, Tonight, mended, settle};
use crate::rules::calendar::DateKind;
use crate::rules::everybody::Person;
use crate::rules::expected::{NEVER, rounded};
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
    /// What of `taken` pays for the period itself, where `open` is owed for earlier ones: all that is not made up, and
    /// what is given back.
    fn own(&self, taken: i64, open: i64) -> i64 {
        let before = taken.saturating_sub(open);
        match open.signum() {
            0 => taken,
            1 if before + self.tolerance >= self.least => before,
            1 => taken.min(self.usual),
            // A run beside the regular one.
            _ if self.usual == i64::MAX => {
                if taken < 0 {
                    before.min(0)
                } else {
                    taken
                }
            }
            _ => {
                let is_usual = |amount: i64| (amount - self.usual).abs() <= self.tolerance;
                let within = taken + self.tolerance >= self.least;
                let gives_back = !within || (is_usual(before) && !is_usual(taken));
                if gives_back { before.min(self.usual).max(taken) } else { taken }
            }
        }
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
    fn made_up_of_short(&self, taken: i64, open: i128, short: Vec<(AccountPeriod, i64)>) -> Vec<AccountPeriod> {
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
            cell.code = Some(Code::AM13);
            (more > 0).then_some(cell)
        };
        short.into_iter().filter_map(made_up).collect()
    }

    fn beyond(&self, own: i64) -> i64 {
        self.most.map_or(0, |most| own - most).max(0)
    }
}

/// What one payer's part of a line comes to.
struct OfPayer<'e> {
    /// `None`: there is nothing to keep.
    account: Option<OfAccount<'e>>,
    /// Less than the percentage, as a limit makes it.
    short: bool,
    /// What of the difference settles nothing.
    left: i128,
}

/// Of a line that has no cover in the period all is too much.
fn owes_nothing(place: Place) -> bool {
    matches!(place, Place::En02 | Place::En05 | Place::En11 | Place::En16)
}

/// What a difference is that settles nothing.
fn code(place: Place) -> Code {
    match place {
        Place::Tm11 => Code::TM11,
        Place::En02 => Code::EN02,
        Place::En05 => Code::EN05,
        Place::En11 => Code::EN11,
        Place::En16 => Code::EN16,
        Place::Am13 => Code::AM13,
        Place::AmTogether => Code::AM01,
        _ => Code::EN01,
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
        let is_kept = matches!(place, Matched | Accepted | Am13 | AmTogether | En01 | En04 | Tm11 | UnverifiedLimit)
            || owes_nothing(place);
        if let Some(of_later_pay) = (place == Place::En05).then(|| self.of_later_pay(employee, person, pair)).flatten()
        {
            return Some(of_later_pay);
        }
        if !percentage || !is_kept {
            return None;
        }
        let (mut wrong, mut short, mut left, mut accounts) = (false, false, [0_i128; 2], Vec::new());
        for payer in self.lines.payers(pair).iter().copied() {
            let account = self.lines.account(pair, payer)?;
            let statement = Statement { employee, cells: employee.cells(&account), account };
            let of_payer = match self.percentage_of(statement, person, pair, place) {
                Ok(of_payer) => of_payer,
                Err(unverified) => return Some(Err(unverified)),
            };
            left[payer as usize] = of_payer.left;
            short |= of_payer.short;
            if let Some(account) = of_payer.account {
                wrong |= !account.settled.is_right();
                accounts.push(account);
            }
        }
        let settles = accounts.iter().any(|of_account| of_account.settled.settles());
        let now = match place {
            Matched | Accepted | En04 => place,
            _ if wrong || accounts.is_empty() => place,
            _ if short => UnverifiedLimit,
            _ => Accepted,
        };
        if now == Am13 && may_follow_the_record(person, pair, left) {
            return Some(Err(Place::UnverifiedSince));
        }
        if matches!(now, Am13 | AmTogether)
            && let Some(unverified) = self.unjudgeable(employee, person, pair, (now, left))
        {
            return Some(Err(unverified));
        }
        (!accounts.is_empty()).then_some(Ok(OfLine { place: now, settles, accounts }))
    }

    /// What one payer's part of the line comes to.
    fn percentage_of<'e>(
        &self,
        statement: Statement<'e>,
        person: &Person,
        pair: &Pair,
        place: Place,
    ) -> Result<OfPayer<'e>, Place> {
        use Place::{AmTogether, En01, En04, En05, Tm11};
        let payer = statement.account.payer;
        let mut restated = self.percentage_anew(&statement, person, pair);
        let (taken, due, tolerance) = self.lines.amounts(pair, payer);
        if statement.holds_another_run(person, taken) {
            return Err(Place::UnverifiedRun);
        }
        let range = self.range(person, pair, payer, place);
        let end = date(person.payday.end);
        let others = |cells: &[AccountPeriod]| Open::of(cells.iter().filter(|cell| cell.period.end != end));
        let open = others(&with(statement.cells, &restated));
        let by_gross = range.made_up_by_gross(taken, &open, &with(statement.cells, &restated));
        restated.retain(|cell| is_apart(&by_gross, cell));
        restated.extend(by_gross);
        let short = short(&with(statement.cells, &restated), person, pair, due);
        let open = others(&with(statement.cells, &restated)).amount;
        let of_short = range.made_up_of_short(taken, open, short);
        restated.retain(|cell| is_apart(&of_short, cell));
        restated.extend(of_short);
        let cells = with(statement.cells, &restated);
        let own = range.own(taken, i64::try_from(others(&cells).amount).unwrap_or_default());
        let is_short = own < range.least - tolerance;
        // Of the currency's units, as what is taken is.
        let beyond = rounded(range.beyond(own), 1, statement.account.currency.minor_unit());
        let expected = match place {
            En01 | Tm11 | AmTogether if is_short => due,
            Place::Matched | Place::Accepted | En04 => own,
            _ => own - beyond,
        };
        let mut left = i128::from(range.beyond(own));
        let posted = !cells.is_empty() || expected != taken || is_short;
        let settled = posted.then(|| {
            let code = Some(code(place));
            let cover_from = if matches!(place, En04 | En05) { person.leave.map(date) } else { from(pair) };
            let tonight = self.tonight(person.period(), payer, expected, taken, tolerance);
            settle(&cells, &Tonight { code, cover_from, ..tonight })
        });
        let Some(mut settled) = settled else { return Ok(OfPayer { account: None, short: is_short, left }) };
        if owes_nothing(place) && settled.unknown_refund {
            return Err(Place::UnverifiedRefund);
        }
        if place == AmTogether {
            left = (i128::from(expected) - i128::from(taken)).abs() - settled.settled.abs();
        }
        let by_gross = person.of_gross(due, pair.per_year).filter(|_| is_short && person.payday.in_file > 0);
        settled.cell.set_by_gross(by_gross);
        let short = is_short && !matches!(place, En01 | Tm11 | AmTogether);
        let account = OfAccount { statement, restated, settled, unknown: None, tolerance };
        Ok(OfPayer { account: Some(account), short, left })
    }

    fn range(&self, person: &Person, pair: &Pair, payer: Payer, place: Place) -> Range {
        let (_, due, tolerance) = self.lines.amounts(pair, payer);
        if owes_nothing(place) {
            return Range { least: 0, most: Some(0), usual: 0, tolerance };
        }
        // A run beside the regular one owes nothing of its own that is known.
        if person.payday.in_file == 0 {
            return Range { least: 0, most: None, usual: i64::MAX, tolerance };
        }
        // Where the gross pay is not known, a salary sacrifice is held against what Benifex names alone.
        let flat = Some(due).filter(|_| self.lines.is_one_amount(pair));
        let of_gross = person.of_gross(due, pair.per_year).or(flat);
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
        let (_, stated, tolerance) = self.lines.amounts(pair, statement.account.payer);
        let due = Some(stated).filter(|_| pair.date_kind == DateKind::Deduction);
        let anew = Anew::of_line(self, statement, person, pair, (due, tolerance));
        let mut all = ended(statement.cells, &anew, (&statement.account, tolerance, self.night));
        all.extend(self.left_out(statement, &anew));
        let changed = amount_code(statement.account.payer);
        let record = Record { from: from(pair), tolerance, period: person.period(), night: self.night, changed };
        // The first part of cover, which a later period made up.
        let made_up = |cell: &AccountPeriod| cell.code == Some(Code::AM13) && cell.movements.collected() == 0;
        let nothing = |cell: &AccountPeriod| anew.due(cell, statement.cells).filter(|due| *due == 0 && !made_up(cell));
        let never_due = mended(statement.cells, &record, nothing).into_iter().filter(|cell| is_apart(&all, cell));
        all.extend(never_due.collect::<Vec<AccountPeriod>>());
        let now_due = due_after_all(statement.cells, person, pair, stated).filter(|cell| is_apart(&all, cell));
        all.extend(now_due.collect::<Vec<AccountPeriod>>());
        let earlier = || statement.earlier(person);
        if !self.lines.is_one_amount(pair) && !Open::of(earlier()).is_settled(tolerance) {
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
    let is_open = |cell: &&AccountPeriod| cell.movements.get(EntryKind::Expected) > 0 || cell.by_gross().is_some();
    let given_up = |cell: &&AccountPeriod| cell.movements.get(EntryKind::WrittenOff) != 0;
    let taken = earlier.filter(|cell| is_open(cell) && !given_up(cell) && !cell.period.is_one_day());
    let more = taken.filter_map(|cell| Some((cell.clone(), may_owe(cell)?)));
    more.filter(|(cell, due)| *due > cell.movements.get(EntryKind::Expected)).collect()
}

/// Earlier periods that took more than was due by what was known then, and that the record holds for as it is now:
/// where nothing was due, all that they took was; where another record was in force, as much as tonight's makes it.
fn due_after_all<'c>(
    cells: &'c [AccountPeriod],
    person: &Person,
    pair: &Pair,
    due: i64,
) -> impl Iterator<Item = AccountPeriod> + use<'c> {
    let (from, end) = (from(pair).filter(|_| pair.live), date(person.payday.end));
    let leave = person.leave.map(date);
    let is_covered = move |cell: &&AccountPeriod| {
        let begins = cell.period.start.is_some_and(|start| from.is_some_and(|from| from <= start));
        begins && cell.period.end < end && leave.is_none_or(|leave| leave >= cell.period.end)
    };
    cells.iter().filter(is_covered).filter_map(move |cell| {
        let taken = i64::try_from(cell.movements.collected()).ok()?;
        let expected = match cell.code? {
            Code::EN02 | Code::EN05 | Code::EN11 => taken,
            Code::AM13 if cell.cover_from != from => taken.min(due),
            _ => return None,
        };
        if expected <= cell.movements.get(EntryKind::Expected) {
            return None;
        }
        let mut now = cell.clone();
        now.expect(expected);
        now.code = cell.code.filter(|_| now.movements.balance() != 0);
        now.cover_from = from;
        Some(now)
    })
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
