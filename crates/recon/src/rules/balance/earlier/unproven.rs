//! What earlier periods left open, and a period may have settled of which nobody knows what payroll took: its file was
//! never read, or its line could not be judged. It is no finding until that is known, and is never forgotten.

use chrono::{Days, NaiveDate};

use crate::balance::{AccountPeriod, Employee, Open, cell};
use crate::rules::balance::statement::Statement;
use crate::rules::balance::{Books, Outcome, page_of};
use crate::rules::people::date;
use crate::rules::people::everybody::Person;
use tieout_model::balance::{Account, EntryKind, Page, PayPeriod, UNREAD};
use tieout_model::code::Code;

impl Books<'_> {
    /// The newest period before the person's of which nobody knows what payroll took for the account, where it came
    /// after something that is open.
    fn unknown_after(
        &self,
        employee: &Employee<'_>,
        person: &Person,
        (account, open): (&Account, &Open),
        is_stated: impl Fn(NaiveDate) -> bool,
    ) -> Option<PayPeriod> {
        let oldest = open.items.front()?.period;
        let start = date(person.payday.start);
        let looked_at: Vec<_> =
            employee.looked_at(account, is_stated).filter(|(period, _)| period.end < start).collect();
        let unjudged = looked_at.iter().rev().find(|(_, known)| !known).map(|(period, _)| *period);
        let mut before = looked_at.first().map_or(oldest, |(period, _)| *period);
        let mut missing = None;
        for (period, _) in looked_at.iter().skip(1) {
            missing = self.missing(person, before, *period).or(missing);
            before = *period;
        }
        missing = self.missing(person, before, person.period()).or(missing);
        unjudged.max(missing).filter(|unknown| unknown.end > oldest.end)
    }

    /// Notes which open accounts such a period may have settled. `is_stated`: tonight states an account's period that
    /// ended on this day.
    pub(in crate::rules::balance) fn doubt(
        &self,
        employee: Employee<'_>,
        person: &Person,
        is_stated: impl Fn(&Account, NaiveDate) -> bool,
        outcome: &mut Outcome,
    ) {
        for (account, tally) in &mut outcome.accounts {
            let open = (account, &tally.open);
            tally.unknown_after = self.unknown_after(&employee, person, open, |end| is_stated(account, end));
            let changed = self.changed_codes.get(&*account.benefit);
            let changed = changed.filter(|_| !self.is_of_ended_plan(&employee, account));
            let other = changed.and_then(|night| employee.last_looked_at_before(*night, date(person.payday.end)));
            if other.is_some() && other >= tally.unknown_after {
                (tally.unknown_after, tally.by_other_codes) = (other, true);
            }
            let Some(unknown) = tally.unknown_after else { continue };
            let before = || employee.cells(account).iter().filter(|cell| cell.period.end <= unknown.end);
            let opening: i128 = before().map(AccountPeriod::difference).sum();
            let stands = before().all(|cell| !is_stated(account, cell.period.end));
            tally.since_unknown = stands.then_some(tally.open.amount - opening);
        }
    }

    /// Nobody has the benefit any more, and it was due once: its codes left the job, or became another plan's, because
    /// it ended, and what was judged by them stands.
    fn is_of_ended_plan(&self, employee: &Employee<'_>, account: &Account) -> bool {
        let is_due = |cell: &AccountPeriod| !cell.is_unsettled() && cell.movements.get(EntryKind::Expected) > 0;
        let was_due = || employee.cells(account).iter().any(is_due);
        self.ended_plans.contains(&*account.benefit) && was_due()
    }

    /// The newest days between two periods that followed on each other for the person, of which no file was read.
    /// Files that were read after somebody left, or before somebody came back, had no row to look at.
    fn missing(&self, person: &Person, before: PayPeriod, after: PayPeriod) -> Option<PayPeriod> {
        let gap = gap(before, after)?;
        let away = person.leave.is_some_and(|leave| Some(date(leave)) < gap.start)
            || person.joined.is_some_and(|joined| date(joined) > before.end)
            || !person.on_payroll;
        if !away {
            return Some(gap);
        }
        let read = self.read_periods.iter().filter(|read| before.end < read.end && Some(read.end) < after.start);
        let mut last = before;
        let mut newest = None;
        for read in read.copied().chain([after]) {
            newest = self::gap(last, read).or(newest);
            last = read;
        }
        newest
    }

    /// The account's period could not be judged, for one before it was never read or is in doubt, and
    /// still is.
    pub(in crate::rules::balance) fn is_after_gap(&self, statement: &Statement<'_>, period: PayPeriod) -> bool {
        let person = statement.person;
        if cell(statement.cells, period.end).is_none_or(|cell| cell.code != Some(Code::CT08)) {
            return false;
        }
        let without_code = self.without_code_lately(&statement.employee, &statement.account, period.end) > 0;
        if without_code || self.is_after_doubt(statement, period.end) {
            return true;
        }
        let (employee, account) = (&statement.employee, &statement.account);
        // Of a row that could not be used, nothing was read.
        let read = employee.looked_at(account, |_| false).filter(|(read, _)| employee.look(read.end).is_some());
        let looked_at = read.map(|(period, _)| period).chain([person.period()]);
        let mut until: Vec<PayPeriod> = looked_at.filter(|before| before.end < period.end).collect();
        until.sort_by_key(|before| before.end);
        until.push(period);
        until.len() == 1 || until.windows(2).any(|two| self.missing(person, two[0], two[1]).is_some())
    }

    /// Rows of anybody were read of a period that ended on this day.
    pub(in crate::rules::balance) fn was_read(&self, end: NaiveDate) -> bool {
        self.read_periods.iter().any(|period| period.end == end)
    }

    /// The file holds other runs alone, and no regular one of its period, or of a later one, was read.
    pub(in crate::rules::balance) fn awaits_the_regular_run(&self) -> bool {
        self.other_runs_only && self.read_periods.iter().all(|read| read.end < self.file.end)
    }

    /// What notes that tonight's file has a row of somebody of whom nothing could be judged, and who has accounts.
    pub(in crate::rules::balance) fn unread(&self, emp: u32) -> Option<Page> {
        let (person, employee) = (&self.everybody[emp as usize], self.of(emp));
        let period = person.period();
        let concerns = person.payday.in_file > 0 && employee.accounts().next().is_some();
        if !concerns || employee.is_looked_at(period.end) {
            return None;
        }
        let mut pages = Vec::new();
        page_of(&mut pages, self.id(emp), period).unjudged = Some(vec![UNREAD.to_owned()]);
        pages.pop()
    }
}

/// The days between two periods, where they are those of a period.
fn gap(before: PayPeriod, after: PayPeriod) -> Option<PayPeriod> {
    let (from, until) = (before.end.checked_add_days(Days::new(1))?, after.start?.pred_opt()?);
    let days = |from: NaiveDate, until: NaiveDate| (until - from).num_days() + 1;
    let shorter = days(before.start?, before.end).min(days(after.start?, after.end));
    // Weeks may leave out their ends.
    (2 * days(from, until) > shorter && shorter > 1).then_some(PayPeriod { start: Some(from), end: until })
}
