//! Deductions a period before cover in a job that does not say so. Where payroll takes of several people of a pay group
//! what is due of the days after those of their period, and of fewer what is due of its own, it may be the practice:
//! nobody is accused of it until the job says which it is.

use std::collections::{BTreeMap, BTreeSet};

use chrono::Days;
use rayon::prelude::*;

use crate::balance::{AccountPeriod, Employee};
use crate::rules::balance::prices::anew::Anew;
use crate::rules::balance::statement::Statement;
use crate::rules::balance::{Books, periods};
use crate::rules::calendar::DateKind;
use crate::rules::lines::pair::Pair;
use crate::rules::people::date;
use crate::rules::people::everybody::Person;
use crate::rules::place::Place;
use crate::scheme::FirstDeduction;
use tieout_model::balance::{EntryKind, PayPeriod};
use tieout_model::finding::Payer;

/// What one person is taken is no practice.
const PEOPLE_MIN: usize = 2;

/// What payroll takes of one payer, and what is due of the period and of the days after it.
struct Due {
    taken: i64,
    now: i64,
    next: i64,
    tolerance: i64,
}

impl Due {
    fn changes(&self) -> bool {
        (self.now - self.next).abs() > self.tolerance
    }

    fn is_of_next(&self) -> bool {
        (self.taken - self.next).abs() <= self.tolerance
    }
}

impl Books<'_> {
    /// With the pay groups and labels that may be deducted a period ahead.
    pub(in crate::rules::balance) fn with_periods_ahead(self) -> Self {
        let rows = || (0..self.lines.places.len()).into_par_iter();
        let tonight: Vec<_> = rows().filter_map(|row| self.says(row)).collect();
        let asked: BTreeSet<(u32, u32)> = tonight.iter().filter(|(_, ahead)| *ahead).map(|(of, _)| *of).collect();
        if asked.is_empty() {
            return self;
        }
        let before: Vec<_> = rows().filter_map(|row| self.said(row, &asked)).collect();
        let mut counted: BTreeMap<(u32, u32), [usize; 2]> = BTreeMap::new();
        for (of, ahead) in tonight.into_iter().chain(before).filter(|(of, _)| asked.contains(of)) {
            counted.entry(of).or_default()[usize::from(ahead)] += 1;
        }
        let is_ahead = |(_, [own, ahead]): &(_, [usize; 2])| *ahead >= PEOPLE_MIN && ahead > own;
        Books { ahead: counted.into_iter().filter(is_ahead).map(|(of, _)| of).collect(), ..self }
    }

    /// The line takes what is due of the days after those of the period, as others of the pay group do.
    pub(in crate::rules::balance) fn may_be_ahead(&self, person: &Person, pair: &Pair, place: Place) -> bool {
        let is_asked = is_found(place) && self.ahead.contains(&(person.group, pair.label));
        is_asked && self.is_unstated(person, pair) && self.takes_ahead(person, pair)
    }

    /// What of a line tonight says that its pay group is deducted ahead, or is not.
    fn says(&self, row: usize) -> Option<((u32, u32), bool)> {
        let (pair, place) = (self.lines.pair(row), self.lines.place(row));
        let person = &self.everybody[pair.emp as usize];
        let of = (person.group, pair.label);
        // Of most lines, nothing else is due of the days after the period.
        let is_right = place == Place::Matched;
        let tells =
            if is_right { self.may_change(person, &pair) } else { is_found(place) || place == Place::UnverifiedAhead };
        if !tells || !self.is_unstated(person, &pair) {
            return None;
        }
        match is_right {
            true => self.dues(person, &pair)?.iter().any(Due::changes).then_some((of, false)),
            false => self.takes_ahead(person, &pair).then_some((of, true)),
        }
    }

    /// The same of an earlier period: what was taken changed in the one before the record began, or in the one in which
    /// it did.
    fn said(&self, row: usize, asked: &BTreeSet<(u32, u32)>) -> Option<((u32, u32), bool)> {
        let pair = self.lines.pair(row);
        let person = &self.everybody[pair.emp as usize];
        let of = (person.group, pair.label);
        if !asked.contains(&of) || !self.is_unstated(person, &pair) {
            return None;
        }
        let first = date(pair.first_day()?);
        let payer = if pair.employee_taken == 0 { Payer::Employer } else { Payer::Employee };
        let account = self.lines.account(&pair, payer)?;
        let employee = self.of(pair.emp);
        let amount = |period: PayPeriod| {
            let taken = || employee.cell(&account, period.end).map_or(0, |cell| cell.movements.collected());
            employee.look(period.end).map(|_| taken())
        };
        let (start, end) = (date(person.payday.start), date(person.payday.end));
        let own = if first >= start { Some(i128::from(self.lines.amounts(&pair, payer).0)) } else { None };
        let mut before = periods::before(start, end).skip_while(|period| period.start.is_some_and(|day| day > first));
        let own = if first > end { return None } else { own.or_else(|| amount(before.next()?))? };
        let [ahead, earlier] = [amount(before.next()?)?, amount(before.next()?)?];
        let changed = |one: i128, other: i128| (one - other).abs() > i128::from(pair.tolerance);
        let [in_it, in_advance] = [changed(own, ahead), changed(ahead, earlier)];
        (in_it != in_advance && own != 0).then_some((of, in_advance))
    }

    /// One deduction for the days of one period, of which the job does not say which days it pays for.
    fn is_unstated(&self, person: &Person, pair: &Pair) -> bool {
        let scheme = self.lines.scheme(person, pair.label);
        scheme.first_deduction.is_none()
            && person.is_judged()
            && !person.disputed
            && person.payday.in_file == 1
            && pair.per_year > 0
            && pair.in_force
            && pair.date_kind == DateKind::Deduction
            && person.employer_share(pair, scheme).is_none()
            && self.lines.keeps(person, pair.label)
    }

    /// Something else may be due of the days after the period.
    fn may_change(&self, person: &Person, pair: &Pair) -> bool {
        !pair.live || pair.bx_rows > 1 || person.leave.is_some() || self.lines.followed.contains_key(&pair.bx_row)
    }

    fn takes_ahead(&self, person: &Person, pair: &Pair) -> bool {
        let Some(dues) = self.dues(person, pair) else { return false };
        let cover = person.cover(pair, self.lines.scheme(person, pair.label));
        let begins = pair.live && pair.first_day().is_some_and(|first| cover.window.holds(first));
        // Whoever joins pays for the first days as well.
        let is_first =
            |due: &Due| begins && due.taken > due.next && cover.accepts(due.taken - due.next, due.next, due.tolerance);
        let of_next = dues.iter().any(Due::changes) && dues.iter().all(Due::is_of_next);
        of_next || (!dues.is_empty() && dues.iter().all(is_first))
    }

    /// Of each payer; `None`: what is due of the days after the period is not known.
    fn dues(&self, person: &Person, pair: &Pair) -> Option<Vec<Due>> {
        let scheme = self.lines.scheme(person, pair.label);
        let next = person.cover(pair, scheme).next();
        let record = self.coming.of(pair, next.window)?;
        let of_payer = |payer: &Payer| {
            let (taken, now, tolerance) = self.lines.amounts(pair, *payer);
            let next = match record {
                _ if next.is_over() => 0,
                Some(record) => self.coming_deduction(pair, *payer, record)?,
                None => now,
            };
            Some(Due { taken, now, next, tolerance })
        };
        self.lines.payers(pair).iter().map(of_payer).collect()
    }

    /// What periods that were set aside so owe, once the job says which days a deduction pays for.
    pub(in crate::rules::balance) fn ahead_by_rule(
        &self,
        statement: &Statement<'_>,
        anew: &Anew<'_>,
        owed: i64,
    ) -> Vec<AccountPeriod> {
        let Some(rule) = anew.scheme.first_deduction else { return Vec::new() };
        let of_period = |cell: &AccountPeriod| {
            let taken = cell.movements.get(EntryKind::Taken);
            let due = match rule {
                FirstDeduction::InAdvance => taken,
                _ => self.due_of_itself(statement, anew, cell, owed)?,
            };
            let mut now = cell.clone();
            now.expect(due);
            let differs = now.movements.balance().abs() > i128::from(anew.tolerance);
            now.code = differs.then_some(anew.payer.amount_code());
            Some(now)
        };
        statement.earlier(statement.person).filter(|cell| is_ahead(cell)).filter_map(of_period).collect()
    }

    /// What is due of the days of the period: by tonight's record, or what was due before it.
    fn due_of_itself(
        &self,
        statement: &Statement<'_>,
        anew: &Anew<'_>,
        cell: &AccountPeriod,
        owed: i64,
    ) -> Option<i64> {
        let first = anew.first?;
        if date(first) <= cell.period.end {
            return anew.by_record(cell.period, anew.own_record(first, owed), None);
        }
        due_before(statement.employee, statement.cells, cell)
    }
}

/// What was due in the last period before that was judged; nothing of somebody who was known and had no account.
fn due_before(employee: Employee<'_>, cells: &[AccountPeriod], cell: &AccountPeriod) -> Option<i64> {
    let judged = |other: &&AccountPeriod| {
        other.period.end < cell.period.end && !other.period.is_one_day() && !other.is_unsettled()
    };
    let before = cells.iter().rfind(judged).map(|other| other.movements.get(EntryKind::Expected));
    before.or_else(|| employee.knows_before(cell.period.end).then_some(0))
}

/// The day that marks a period of which it is not known whether it was paid for ahead.
pub(in crate::rules::balance) fn mark(period: PayPeriod) -> Option<chrono::NaiveDate> {
    period.end.checked_add_days(Days::new(1))
}

fn is_ahead(cell: &AccountPeriod) -> bool {
    cell.is_untold() && cell.cover_from.is_some() && cell.cover_from == mark(cell.period)
}

/// What the line is found as may come of a deduction for other days.
fn is_found(place: Place) -> bool {
    use Place::{Am01, Am02, Am08, AmBoth, AmTogether, En01, En11};
    matches!(place, Am01 | Am02 | AmBoth | AmTogether | Am08 | En01 | En11)
}
