//! Oyster's lines in the books. What is due of them is an estimate: what payroll takes within its tolerance is due as
//! it was taken, and a period that took something else is held against what payroll regularly takes of the person, or
//! the estimate where it never did. What that leaves open stays open until it is made good, given back or never owed.

use super::Books;
use super::line::{OfAccount, OfLine};
use super::periods;
use super::statement::{Statement, with};
use crate::balance::{AccountPeriod, Before, Employee, Open, Tonight, settle};
use crate::rules::lines::pair::Pair;
use crate::rules::oyster::{BACKDATED_MAX, Due, Oysters};
use crate::rules::people::date;
use crate::rules::people::everybody::Person;
use crate::rules::place::Place;
use tieout_model::balance::{Account, EntryKind, PayPeriod};
use tieout_model::code::Code;
use tieout_model::finding::Payer;

/// What a period owes of itself. Counts of 1/10,000.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
struct Figure {
    amount: i64,
    /// Payroll took it before, so that it is no estimate.
    is_usual: bool,
    estimate: i64,
    /// How far a charge may be off the estimate.
    tolerance: i64,
    /// The currency's minor unit.
    unit: i64,
}

impl Figure {
    fn of(due: Due, usual: Option<i64>, unit: i64) -> Option<Figure> {
        let (estimate, tolerance) = match due {
            Due::Nothing => (0, 0),
            Due::Estimate { amount, tolerance } => (amount, tolerance),
            Due::Unknown => (usual?, 0),
        };
        let usual = usual.filter(|usual| due != Due::Nothing && (usual - estimate).abs() <= tolerance);
        Some(Figure { amount: usual.unwrap_or(estimate), is_usual: usual.is_some(), estimate, tolerance, unit })
    }

    fn off(&self, amount: i64) -> i64 {
        (amount - self.estimate).abs()
    }

    /// What of `taken` pays for the period itself, where so much is open of so many other periods: the rest makes up
    /// for them, or gives back.
    fn own(&self, taken: i64, open: i64, periods: u32) -> i64 {
        let (rest, alone) = (taken - open, self.off(taken) <= self.tolerance);
        let towards = open != 0 && (taken - self.amount).signum() == open.signum();
        let nearer = (rest - self.amount).abs() < (taken - self.amount).abs();
        if towards && (!alone || nearer) && self.settles(rest, open, periods) {
            return rest;
        }
        let in_part = towards && self.is_usual && self.off(self.amount) <= self.off(taken);
        if alone && !in_part { taken } else { self.amount }
    }

    /// With this for the period itself everything that was open is settled, as well as estimates can tell.
    fn settles(&self, rest: i64, open: i64, periods: u32) -> bool {
        let each = if self.is_usual { self.unit } else { self.tolerance };
        let beyond = rest - self.amount;
        let more = beyond.signum() == open.signum() && self.off(rest) <= self.tolerance;
        beyond.abs() <= each * (i64::from(periods) + 1) || more || self.off(rest) < self.off(self.amount)
    }
}

/// What is right of a period in which what is in force began, or shortly after. Counts of 1/10,000.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
struct Begun {
    least: i64,
    most: i64,
    tolerance: i64,
}

impl Begun {
    /// What of so much pays for the period, and is no finding; `None`: it is too little.
    fn own(self, taken: i64) -> Option<i64> {
        match taken {
            _ if taken < self.least => None,
            _ if taken <= self.most + self.tolerance => Some(taken),
            _ => Some(self.most),
        }
    }
}

impl Books<'_> {
    /// Where a line of Oyster's ends, and its accounts. `None`: it is none of Oyster's, or was not judged.
    pub(super) fn of_estimate<'e>(
        &self,
        employee: Employee<'e>,
        person: &'e Person,
        pair: &Pair,
        place: Place,
    ) -> Option<Result<OfLine<'e>, Place>> {
        let oyster = self.lines.oyster.filter(|oyster| oyster.owns(pair.label))?;
        let due = oyster.due_by(pair, place).filter(|_| person.payday.in_file <= 1)?;
        let (mut accused, mut settles, mut left, mut accounts) = ([false; 2], false, [0_i128; 2], Vec::new());
        let payers = if pair.employer { &Payer::BOTH[..] } else { &[Payer::Employee] };
        for payer in payers.iter().copied() {
            let account = self.lines.account(pair, payer).or_else(|| self.only_account(employee, pair, payer));
            let Some(due) = due[payer as usize] else { continue };
            let Some(account) = account else {
                if due == Due::Nothing {
                    continue;
                }
                return None;
            };
            let statement = Statement::of(employee, person, account);
            let taken = if payer == Payer::Employee { pair.employee_taken } else { pair.employer_taken };
            if taken != 0 && statement.holds_another_run(taken) {
                return Some(Err(Place::UnverifiedRun));
            }
            let again = self.read_before.again(&statement, pair, (false, 1));
            let new = taken - again.taken;
            let of_account = self.estimated(statement, pair, place, due, new)?;
            if again.unclear && !of_account.settled.is_right() {
                return Some(Err(Place::UnverifiedRun));
            }
            let settled = &of_account.settled;
            if settled.unknown_refund {
                return Some(Err(Place::UnverifiedRefund));
            }
            left[payer as usize] = settled.cell.movements.balance().abs();
            accused[payer as usize] = !settled.is_right();
            settles |= settled.settles() || again.taken != 0;
            accounts.push(of_account);
        }
        let unverified = self.unjudgeable(employee, person, pair, place, left);
        if let Some(unverified) = unverified.filter(|_| accused.contains(&true)) {
            return Some(Err(unverified));
        }
        Some(Ok(OfLine { place: after(place, accused), settles, accounts }))
    }

    /// The account that the books hold of a line that names no currency.
    fn only_account(&self, employee: Employee<'_>, pair: &Pair, payer: Payer) -> Option<Account> {
        let benefit = self.lines.benefit(pair.label);
        let mut held = employee.accounts().map(|(account, _)| account);
        let first = held.find(|account| *account.benefit == *benefit && account.payer == payer)?;
        held.all(|account| *account.benefit != *benefit || account.payer != payer).then(|| first.clone())
    }

    fn estimated<'e>(
        &self,
        statement: Statement<'e>,
        pair: &Pair,
        place: Place,
        due: Due,
        taken: i64,
    ) -> Option<OfAccount<'e>> {
        let person = statement.person;
        let unit = statement.account.currency.minor_unit();
        let usual = usual(&statement, unit);
        let figure = Figure::of(due, usual, unit);
        let refundable = self.given_back(&statement, pair, due, taken);
        let of_begun = figure.and_then(|figure| self.of_begun(&statement, pair, figure));
        let settled = |restated: &[AccountPeriod]| {
            let cells = with(statement.cells, restated);
            let end = date(person.payday.end);
            let others = Open::of(cells.iter().filter(|cell| cell.period.end != end));
            let open = i64::try_from(others.amount).ok()?;
            let expected = match expected(open, others.periods, usual, figure, (place, due, taken), unit)? {
                _ if let Some(own) = of_begun.and_then(|begun| begun.own(taken - open)) => own,
                expected => expected,
            };
            let tonight = self.tonight(person.period(), statement.account.payer, expected, taken, 0);
            let before = Before { refundable, ..Before::default() };
            let mut settled = settle(&cells, &Tonight { code: Some(code(place)), before, ..tonight });
            // More is given back than is known to have been taken.
            settled.unknown_refund |= due == Due::Nothing && taken < 0 && !settled.is_right();
            Some(settled)
        };
        let (mut restated, mut now) = (Vec::new(), settled(&[])?);
        // What settles by what was said before needs nothing that is said since.
        if !(now.is_right() && now.open.amount == 0) {
            restated = self.estimates_anew(&statement, pair, figure.filter(|_| due != Due::Nothing));
            now = settled(&restated)?;
        }
        Some(OfAccount { statement, restated, settled: now, unknown: None, tolerance: 0 })
    }

    /// What is right beside what is open, where what is in force began inside the period or shortly before: in the
    /// first any part of a deduction, from the price of what it followed on; in the next ones what is missing as well.
    fn of_begun(&self, statement: &Statement<'_>, pair: &Pair, whole: Figure) -> Option<Begun> {
        let person = statement.person;
        let (oyster, payer, unit) = (self.lines.oyster?, statement.account.payer, whole.unit);
        let (start, end) = (date(person.payday.start), date(person.payday.end));
        if let Some((employee, employer)) = oyster.due_before(pair, start, unit) {
            let before = if payer == Payer::Employee { employee } else { employer };
            let [least, most] = [before.min(whole.estimate), before.max(whole.estimate)];
            return Some(Begun { least: least - whole.tolerance, most, tolerance: whole.tolerance });
        }
        let began = |period: &PayPeriod| period.start.is_some_and(|day| oyster.due_before(pair, day, unit).is_some());
        let mut back: Vec<PayPeriod> = periods::before(start, end).zip(1..BACKDATED_MAX).map(|(one, _)| one).collect();
        let first = back.iter().position(began)?;
        back.truncate(first + 1);
        // What could not be judged may have been taken.
        let benefit = &*statement.account.benefit;
        let is_missing =
            |one: &&PayPeriod| !statement.employee.look(one.end).is_some_and(|look| look.contains(benefit));
        let due: i64 = back.iter().filter(is_missing).map(|_| whole.estimate).sum();
        let cells = || statement.earlier(person).filter(|cell| cell.period.end >= back[first].end);
        let rest = due - cells().map(taken).sum::<i64>() - i64::try_from(Open::of(cells()).amount).ok()?;
        let most = whole.estimate + rest;
        (rest > whole.tolerance).then_some(Begun { least: whole.estimate, most, tolerance: whole.tolerance })
    }

    /// What a refund may give back of cover that is not in force: what was taken and let pass since it was over.
    fn given_back(&self, statement: &Statement<'_>, pair: &Pair, due: Due, taken: i64) -> Option<i128> {
        if due != Due::Nothing || taken >= 0 {
            return Some(0);
        }
        let since = self.lines.oyster.and_then(|oyster| oyster.over_since(pair.emp, pair.label));
        let cells =
            statement.earlier(statement.person).filter(|cell| since.is_none_or(|since| cell.period.end >= since));
        Some(cells.map(|cell| cell.movements.collected()).sum())
    }

    /// Earlier periods of the account that were found wrong by what Oyster, or payroll, said then and says no more:
    /// they owe what was taken, or tonight's figure. No period is restated beyond what is open.
    fn estimates_anew(&self, statement: &Statement<'_>, pair: &Pair, figure: Option<Figure>) -> Vec<AccountPeriod> {
        let person = statement.person;
        let Some(oyster) = self.lines.oyster else { return Vec::new() };
        let benefit = self.lines.benefit(pair.label);
        let due = |cell: &AccountPeriod| match cell.code? {
            Code::EN02 | Code::EN08 if completed(oyster, pair, cell) => Some(taken(cell)),
            Code::EN15 if oyster.is_live(pair.emp, pair.label) && !oyster.may_not_charge(pair.emp, benefit) => {
                Some(taken(cell))
            }
            _ if ended(oyster.last_day(pair.emp), person, cell) => Some(taken(cell)),
            Code::AM15 | Code::EN09 => mended(statement, figure?, cell),
            _ => None,
        };
        restated(statement, due)
    }

    /// The same of an account without a line.
    pub(super) fn estimates_without_line(&self, statement: &Statement<'_>) -> Vec<AccountPeriod> {
        let person = statement.person;
        restated(statement, |cell| ended(None, person, cell).then(|| taken(cell)))
    }
}

/// What the books expect, where so much of so many other periods is open; `None`: nobody knows.
fn expected(
    open: i64,
    periods: u32,
    usual: Option<i64>,
    figure: Option<Figure>,
    (place, due, taken): (Place, Due, i64),
    unit: i64,
) -> Option<i64> {
    if due != Due::Unknown {
        return figure.map(|figure| figure.own(taken, open, periods));
    }
    if place == Place::En09 {
        return usual;
    }
    let rest = taken - open;
    let settles = open != 0 && usual.is_some_and(|usual| (rest - usual).abs() <= unit * (i64::from(periods) + 1));
    Some(if settles { rest } else { taken })
}

/// What payroll took in the newest earlier period that was right by itself and about as long.
fn usual(statement: &Statement<'_>, unit: i64) -> Option<i64> {
    let person = statement.person;
    let is_usual = |cell: &&AccountPeriod| {
        let [expected, taken, rest @ ..] = cell.movements.amounts();
        cell.code.is_none() && rest == [0; 3] && expected == taken && taken > 0 && !cell.period.is_one_day()
    };
    let last = statement.earlier(person).rfind(is_usual)?;
    let taken = last.movements.get(EntryKind::Taken);
    person.due_of(last.period, taken, unit).filter(|due| *due == taken)
}

/// All that the cell holds of the payer.
fn taken(cell: &AccountPeriod) -> i64 {
    // Sums of a few payroll amounts.
    i64::try_from(cell.movements.collected()).unwrap_or_default()
}

/// What was not in force, or not there, is now, and was not over in between: it was under way.
fn completed(oyster: &Oysters<'_>, pair: &Pair, cell: &AccountPeriod) -> bool {
    oyster.is_live(pair.emp, pair.label) && !oyster.was_over(pair.emp, pair.label, cell.period.end)
}

/// Nothing was taken in the period, which began after the last day.
fn ended(last_day: Option<chrono::NaiveDate>, person: &Person, cell: &AccountPeriod) -> bool {
    let last = last_day.into_iter().chain(person.leave.map(date)).min();
    taken(cell) == 0 && last.zip(cell.period.start).is_some_and(|(last, start)| last < start)
}

/// What was due of a period that was held against another estimate, where no period took as much as that: then it was
/// wrong, and the price is no new one.
fn mended(statement: &Statement<'_>, figure: Figure, cell: &AccountPeriod) -> Option<i64> {
    let was = cell.movements.get(EntryKind::Expected);
    let alike = |other: &&AccountPeriod| {
        let due = other.movements.get(EntryKind::Expected);
        other.code.is_none() && due != 0 && (due - was).abs() <= figure.tolerance.max(figure.unit)
    };
    if statement.cells.iter().any(|other| alike(&other)) {
        return None;
    }
    let (now, taken) = (statement.person.due_of(cell.period, figure.amount, figure.unit)?, taken(cell));
    if taken != 0 && figure.off(taken) <= figure.tolerance {
        return Some(taken);
    }
    let [before, after] = [was - taken, now - taken];
    (before.signum() == after.signum() && after.abs() < before.abs()).then_some(now)
}

/// The cells that owe another amount, as long as something of their sign is open.
fn restated(statement: &Statement<'_>, due: impl Fn(&AccountPeriod) -> Option<i64>) -> Vec<AccountPeriod> {
    let earlier = || statement.earlier(statement.person);
    let mut open = Open::of(earlier()).amount;
    let mut all = Vec::new();
    if open == 0 {
        return all;
    }
    for cell in earlier().filter(|cell| cell.difference() != 0) {
        let Some(due) = due(cell) else { continue };
        let mut now = cell.clone();
        now.expect(due);
        now.code = cell.code.filter(|_| now.movements.balance() != 0);
        let rest = open + now.movements.balance() - cell.movements.balance();
        if rest.signum() != -open.signum() && rest != open {
            open = rest;
            all.push(now);
        }
    }
    all
}

/// What a difference is that settles nothing.
fn code(place: Place) -> Code {
    match place {
        Place::En02Oyster => Code::EN02,
        Place::En08 => Code::EN08,
        Place::En09 => Code::EN09,
        Place::En15 => Code::EN15,
        Place::Am06 => Code::AM06,
        Place::Tm09 => Code::TM09,
        _ => Code::AM15,
    }
}

/// Where a line ends once its accounts are settled.
fn after(place: Place, accused: [bool; 2]) -> Place {
    use Place::{
        Am06, Am15Both, Am15Employee, Am15Employer, Am15Free, Am16, En02Oyster, En08, En09, En15, Matched, Tm09,
    };
    match (place, accused) {
        (Am15Both | Am15Employee | Am15Employer, [true, true]) => Am15Both,
        (Am15Both | Am15Employee | Am15Employer, [true, false]) => Am15Employee,
        (Am15Both | Am15Employee | Am15Employer, [false, true]) => Am15Employer,
        (Am15Free, [false, _]) => Am16,
        (Am15Both | Am15Employee | Am15Employer | En02Oyster | En08 | En09 | En15 | Am06 | Tm09, [false, false]) => {
            Matched
        }
        _ => place,
    }
}
