//! What the books hold of one account before tonight, and what it says of tonight's period.

use std::borrow::Cow;

use chrono::NaiveDate;

use super::periods;
use super::tally::Unknown;
use crate::balance::{AccountPeriod, Employee, cell};
use crate::rules::lines::labels::JOINED_BY;
use crate::rules::people::date;
use crate::rules::people::everybody::Person;
use tieout_model::balance::{Account, EntryKind, PayPeriod};
use tieout_model::code::Code;
use tieout_model::finding::Payer;

/// One code holds several benefits.
pub(super) fn is_of_several(account: &Account) -> bool {
    account.benefit.contains(JOINED_BY)
}

/// What the books hold of one account before tonight.
#[derive(Clone)]
pub(super) struct Statement<'e> {
    pub(super) employee: Employee<'e>,
    pub(super) person: &'e Person,
    pub(super) account: Account,
    /// By period, oldest first.
    pub(super) cells: &'e [AccountPeriod],
}

impl<'e> Statement<'e> {
    pub(super) fn of(employee: Employee<'e>, person: &'e Person, account: Account) -> Statement<'e> {
        Statement { employee, person, cells: employee.cells(&account), account }
    }

    /// On the day of tonight's run another one was posted, which tonight's would replace. `taken`: by tonight's.
    pub(super) fn holds_another_run(&self, taken: i64) -> bool {
        let period = self.person.period();
        let Some(held) = cell(self.cells, period.end) else { return false };
        match (self.person.payday.in_file, held.period.is_one_day()) {
            (0, true) => held.movements.collected() != i128::from(taken),
            (0, false) => true,
            (_, one_day) => one_day && !period.is_one_day(),
        }
    }

    /// Runs beside the regular one since the regular period before the person's, up to its pay date.
    pub(super) fn since_last(&self, person: &Person) -> impl Iterator<Item = &'e AccountPeriod> + use<'e> {
        let (start, end) = (date(person.payday.start), date(person.payday.end));
        let paid = person.payday.date.map_or(end, date).max(end);
        let is_regular = |cell: &&AccountPeriod| !cell.period.is_one_day() && cell.period.end < start;
        let last = self.cells.iter().rfind(is_regular).map_or(start, |cell| cell.period.end);
        let beside = self.cells.iter().filter(|cell| cell.period.is_one_day());
        beside.filter(move |cell| last < cell.period.end && cell.period.end <= paid && cell.period.end != end)
    }

    /// What such runs took for the person's period (the last pay of somebody who has left) is due with that period,
    /// once it is judged, and no more in the run; of a run that came before the regular one's file, nothing else is.
    /// `expected`: of the period.
    pub(super) fn prepaid(&self, person: &Person, expected: i64) -> Vec<AccountPeriod> {
        if person.payday.in_file == 0 || expected <= 0 {
            return Vec::new();
        }
        let mut left = expected;
        let due = self.since_last(person).filter(|cell| cell.movements.get(EntryKind::Expected) > 0);
        due.map(|cell| {
            let (mut cell, was) = (cell.clone(), cell.movements.get(EntryKind::Expected));
            let waited = cell.code == Some(Code::CT08);
            cell.expect(if waited { 0 } else { was - was.min(left) });
            left -= was.min(left);
            cell.code = (cell.movements.balance() != 0).then_some(self.account.payer.amount_code());
            cell
        })
        .collect()
    }

    /// What the books hold of the period is in another currency: by which price it would be due in this one, nobody
    /// says.
    pub(super) fn has_other_currency(&self, period: PayPeriod) -> bool {
        let Account { benefit, payer, currency } = &self.account;
        let is_other =
            |other: &Account| other.benefit == *benefit && other.payer == *payer && other.currency != *currency;
        let holds = |cells: &[AccountPeriod]| cell(cells, period.end).is_some_and(|cell| !cell.movements.is_nothing());
        cell(self.cells, period.end).is_none()
            && self.employee.accounts().any(|(other, cells)| is_other(other) && holds(cells))
    }

    /// What the books hold of the period stands on the account of another name: the job has joined the codes of several
    /// benefits since, or parted them.
    fn has_other_name(&self, period: PayPeriod) -> bool {
        let Account { benefit, payer, currency } = &self.account;
        let shares = |other: &Account| {
            let mut parts = other.benefit.split(JOINED_BY);
            let is_other = other.payer == *payer && other.currency == *currency && other.benefit != *benefit;
            is_other && parts.any(|part| benefit.split(JOINED_BY).any(|own| own == part))
        };
        let holds = |cells: &[AccountPeriod]| cell(cells, period.end).is_some_and(|cell| !cell.movements.is_nothing());
        cell(self.cells, period.end).is_none()
            && self.employee.accounts().any(|(other, cells)| shares(other) && holds(cells))
    }

    /// What was due of the period stands on another account.
    pub(super) fn stands_elsewhere(&self, period: PayPeriod) -> bool {
        self.has_other_currency(period) || self.has_other_name(period)
    }

    /// A night judged the employee's part of the period by this record, and had no amounts of the employer: payroll's
    /// file, or the job, had no column for them then.
    pub(super) fn was_not_compared(&self, period: PayPeriod, from: NaiveDate) -> bool {
        let Account { benefit, payer, currency } = &self.account;
        if *payer == Payer::Employee || cell(self.cells, period.end).is_some() {
            return false;
        }
        let employee = Account { benefit: benefit.clone(), payer: Payer::Employee, currency: *currency };
        self.employee.cell(&employee, period.end).is_some_and(|cell| cell.cover_from == Some(from))
    }

    /// What was due of a period by a record of cover that began before this day.
    pub(super) fn due_before(&self, period: PayPeriod, day: NaiveDate) -> Option<i64> {
        let known = cell(self.cells, period.end).filter(|cell| cell.cover_from.is_none_or(|from| from < day));
        known.map(|cell| cell.movements.get(EntryKind::Expected))
    }

    /// The account in the periods before the person's. What an earlier run of the night posted is no news for a later
    /// one.
    pub(super) fn earlier(&self, person: &Person) -> impl DoubleEndedIterator<Item = &'e AccountPeriod> + use<'e> {
        let end = date(person.payday.end);
        self.cells.iter().filter(move |cell| cell.period.end < end)
    }
}

/// Cells by period, some of them restated.
pub(super) fn with<'c>(cells: &'c [AccountPeriod], restated: &[AccountPeriod]) -> Cow<'c, [AccountPeriod]> {
    if restated.is_empty() {
        return Cow::Borrowed(cells);
    }
    let stands = cells.iter().filter(|cell| restated.iter().all(|new| new.period.end != cell.period.end));
    let mut all: Vec<AccountPeriod> = stands.chain(restated).cloned().collect();
    all.sort_unstable_by_key(|cell| cell.period.end);
    Cow::Owned(all)
}

/// Periods of cover before the person's period of which payroll is not known, newest first.
pub(super) fn unknown_since(
    employee: &Employee<'_>,
    person: &Person,
    from: NaiveDate,
) -> impl Iterator<Item = PayPeriod> {
    let (start, end) = (date(person.payday.start), date(person.payday.end));
    let covered = periods::before(start, end).take_while(move |period| period.end >= from);
    // Of another pay frequency, other periods hold its days.
    covered.filter(|period| employee.look(period.end).is_none() && !employee.overlaps(period))
}

/// What earlier periods may owe, each as much as tonight's. Where payroll took the benefit in a known period, those
/// before it are taken to be right.
pub(super) fn unknown(statement: &Statement<'_>, from: NaiveDate, expected: i64) -> Option<Unknown> {
    let person = statement.person;
    if expected <= 0 || statement.earlier(person).any(|cell| cell.movements.collected() > 0) {
        return None;
    }
    let periods = u32::try_from(unknown_since(&statement.employee, person, from).count()).ok().filter(|n| *n > 0)?;
    Some(Unknown { periods, since: from, amount: i128::from(periods) * i128::from(expected) })
}
