//! Somebody whom a payroll file forgot: the file of the period had no row of the person, who was employed and on
//! payroll before, or had left as was thought then. That is noted; once the person is on payroll again, or has left
//! later, the period owes what was due for it.

use chrono::NaiveDate;

use crate::balance::{AccountPeriod, Employee};
use crate::rules::balance::prices::anew::Anew;
use crate::rules::balance::statement::Statement;
use crate::rules::balance::{Books, page_of};
use crate::rules::calendar::cover::{Cover, CoverShare};
use crate::rules::people::everybody::Person;
use crate::rules::people::person_state::PersonState;
use crate::rules::people::{date, day_number};
use tieout_model::balance::{EntryKind, LEFT_OUT, Movements, Page, PayPeriod};
use tieout_model::code::Code;

/// Days of two months.
const JUST_JOINED_DAYS: i64 = 62;

/// Half a year, in which a leave date may be taken back as if there had never been one.
const TAKEN_BACK_DAYS: i32 = 183;

impl Books<'_> {
    /// What notes that tonight's file has no row of somebody who belongs in it, with the benefits in force.
    pub(in crate::rules::balance) fn noted(&self, emp: u32, rows: &[usize]) -> Option<Page> {
        let (person, employee) = (&self.everybody[emp as usize], self.of(emp));
        let period = person.period();
        let employed = person.joined.is_none_or(|joined| joined <= person.payday.start)
            && person.leave.is_none_or(|leave| leave >= person.payday.start - TAKEN_BACK_DAYS);
        let missing = matches!(person.state, PersonState::OffPayroll | PersonState::NewStarter)
            || employee.knows_before(period.end);
        let regular = person.payday.in_file == 1 && person.in_benifex && person.is_answered();
        if !(employed && missing && regular) {
            return None;
        }
        let lines = rows.iter().map(|row| self.lines.pairs.get(*row)).filter(|pair| pair.live && !pair.unreadable);
        let mut covered: Vec<String> = lines.map(|pair| self.lines.benefit(pair.label).to_owned()).collect();
        covered.push(LEFT_OUT.to_owned());
        covered.sort();
        let known = employee.look(period.end);
        // What was read of the period stays known.
        let is_news = known.is_none_or(|known| known.contains(LEFT_OUT) && !known.iter().eq(&covered));
        let mut pages = Vec::new();
        page_of(&mut pages, self.id(emp), period).unjudged = is_news.then_some(covered);
        pages.pop().filter(|_| is_news)
    }

    /// The periods that left the person out, as the account owes for them from tonight on.
    pub(in crate::rules::balance) fn left_out(&self, statement: &Statement<'_>, anew: &Anew<'_>) -> Vec<AccountPeriod> {
        let benefit = &*statement.account.benefit;
        let start = date(anew.person.payday.start);
        let periods = statement.employee.left_out(benefit).filter(|(period, _)| period.end < start);
        let ours = periods.filter(|(period, _)| is_ours(statement.employee, anew.person, period.end));
        ours.filter_map(|(period, covered)| self.left_out_of(statement, anew, period, covered)).collect()
    }

    fn left_out_of(
        &self,
        statement: &Statement<'_>,
        anew: &Anew<'_>,
        period: PayPeriod,
        covered: bool,
    ) -> Option<AccountPeriod> {
        let first_day = day_number(period.start?);
        // A later file had the period's rows.
        let held = statement.cells.iter().any(|cell| cell.period.holds(&period));
        let employed = anew.person.joined.is_none_or(|joined| joined <= first_day);
        if held || !employed {
            return None;
        }
        let whole =
            |cover: &Cover| !cover.is_over() && !cover.is_ahead() && cover.share(anew.scheme) == CoverShare::Whole;
        let by_record = anew.first.and_then(|first| anew.cover(period, Some(first))).filter(whole);
        let by_record = by_record.and_then(|_| anew.own_whole_in(period));
        let as_before = || anew.cover(period, None).filter(|cover| covered && whole(cover));
        let as_before = || as_before().and_then(|_| last_due(statement.cells, period));
        let expected = by_record.or_else(as_before).filter(|expected| *expected > 0)?;
        Some(AccountPeriod {
            movements: Movements::of(EntryKind::Expected, expected),
            code: Some(Code::EN01),
            cover_from: by_record.and(anew.first).map(date),
            ..AccountPeriod::new(period, self.night)
        })
    }
}

/// Periods that left the person out before any had rows of them: they owe nothing, for another payroll may have had the
/// person, and a catch-up may take them, once. `due`: the most that a period takes for itself.
pub(in crate::rules::balance) fn before_the_first(statement: &Statement<'_>, due: i64) -> usize {
    let person = statement.person;
    let Statement { employee, account, cells, .. } = statement;
    let start = date(person.payday.start);
    let earlier = || cells.iter().filter(|cell| cell.period.end < start);
    if earlier().any(|cell| cell.code.is_none() && cell.movements.get(EntryKind::Expected) > due) {
        return 0;
    }
    let periods = employee.left_out(&account.benefit).filter(|(period, covered)| period.end < start && *covered);
    periods.filter(|(period, _)| !is_ours(*employee, person, period.end)).count()
}

/// The person was on this payroll before the day, or had just joined the company.
fn is_ours(employee: Employee<'_>, person: &Person, day: NaiveDate) -> bool {
    let joined = person.joined.map(date).is_some_and(|joined| (day - joined).num_days() < JUST_JOINED_DAYS);
    joined || employee.knows_before(day)
}

/// A deduction of the newest regular period before this one in which one was due, if that is about as long.
pub(in crate::rules::balance) fn last_due(cells: &[AccountPeriod], period: PayPeriod) -> Option<i64> {
    let days = |period: PayPeriod| Some((period.end - period.start?).num_days() + 1);
    let due = |cell: &&AccountPeriod| cell.period.end < period.end && cell.movements.get(EntryKind::Expected) > 0;
    let last = cells.iter().filter(due).rfind(|cell| !cell.period.is_one_day())?;
    let (own, other) = (days(period)?, days(last.period)?);
    (2 * (own - other).abs() <= own.min(other)).then(|| last.movements.get(EntryKind::Expected))
}
