//! Lines of which payroll's amounts are known, and not what was due: the leave date is in dispute, or what the service
//! said could not be read or compared. Nobody is accused meanwhile: what payroll took is posted as due, so that a night
//! that knows more finds it.

use chrono::NaiveDate;

use crate::balance::{AccountPeriod, Employee, OF_PAY, OF_SIGN, Open, UNTOLD, cell};
use crate::rules::balance::earlier::is_apart;
use crate::rules::balance::prices::a_period_ahead;
use crate::rules::balance::statement::Statement;
use crate::rules::balance::{Books, Change, Outcome, page_of, periods};
use crate::rules::lines::pair::Pair;
use crate::rules::night::Night;
use crate::rules::people::date;
use crate::rules::people::everybody::Person;
use crate::rules::people::person_state::PersonState;
use crate::rules::place::Place;
use crate::rules::write::{Found, money};
use tieout_model::balance::{Account, EntryKind, MANGLED, Movements, Page, PayPeriod};
use tieout_model::code::Code;
use tieout_model::finding::SetAside;

const DAYS_OF_A_MONTH: i32 = 31;

/// What payroll took in a period of which nobody has said since what was due.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(in crate::rules::balance) struct Unsettled {
    pub(in crate::rules::balance) account: Account,
    pub(in crate::rules::balance) period: PayPeriod,
    pub(in crate::rules::balance) code: Code,
    /// Counts of 1/10,000.
    pub(in crate::rules::balance) taken: i128,
    /// What was due in the last period before that was judged; `None`: there is none.
    pub(in crate::rules::balance) due_before: Option<i64>,
}

/// What a line is found as of which payroll's amounts are beyond doubt, and not what was due; `None`: it is none.
/// `is_ahead`: of a run beside the regular one, whose file comes later.
fn unsettled(person: &Person, place: Place, is_ahead: bool) -> Option<Code> {
    match place {
        Place::Unsettled if person.disputed => Some(Code::DE07),
        Place::Unsettled => Some(Code::ID06),
        Place::UnverifiedPerson => Some(Code::CT01),
        Place::UnverifiedFields | Place::UnverifiedDates => Some(Code::CT11),
        Place::UnverifiedCurrency | Place::Cu01 => Some(Code::CU01),
        Place::Id01 | Place::OutNewHire => Some(Code::ID01),
        Place::Id04 => Some(Code::ID04),
        Place::Id05 => Some(Code::ID05),
        Place::UnverifiedGap if person.payday.in_file > 0 || is_ahead || has_just_joined(person) => Some(Code::CT08),
        Place::UnverifiedFrequency | Place::UnverifiedDeductions => Some(Code::CO03),
        Place::UnverifiedGroup => Some(Code::ID09),
        Place::UnverifiedPercent => Some(OF_PAY),
        Place::UnverifiedSign => Some(OF_SIGN),
        // An employer may pay for somebody on leave.
        Place::UnverifiedSacrifice if person.on_leave => None,
        Place::UnverifiedSeveral
        | Place::UnverifiedPayDate
        | Place::UnverifiedPart
        | Place::UnverifiedReplaced
        | Place::UnverifiedAhead
        | Place::UnverifiedInAdvance
        | Place::UnverifiedEnded
        | Place::UnverifiedFewer
        | Place::UnverifiedLate
        | Place::UnverifiedCalendar
        | Place::UnverifiedVanished
        | Place::UnverifiedOverlap
        | Place::UnverifiedSacrifice => Some(UNTOLD),
        _ => None,
    }
}

/// What a period gives back of what earlier ones took too much: whatever is due of it, it is not below 0.
fn refunded(statement: &Statement<'_>, taken: i64) -> i64 {
    let owed = Open::of(statement.earlier(statement.person)).amount.min(0);
    i64::try_from((-i128::from(taken)).min(-owed).max(0)).unwrap_or_default()
}

/// Nothing that a run beside the regular one takes is older than the period whose file comes next.
fn has_just_joined(person: &Person) -> bool {
    person.joined.is_some_and(|joined| person.payday.end - joined < DAYS_OF_A_MONTH)
}

impl Books<'_> {
    /// The accounts of a line of which it is not known what was due. What was judged of the period before stands, but
    /// for a leave date that was not in dispute then.
    pub(in crate::rules::balance) fn unsettled<'e>(
        &self,
        employee: Employee<'e>,
        person: &'e Person,
        pair: &Pair,
        place: Place,
    ) -> Vec<Change<'e>> {
        // A record that began later may replace the other one or stand beside it: what they come to judges them.
        let add_up = place == Place::UnverifiedSeveral && self.lines.superseded.contains_key(&(pair.emp, pair.label));
        let is_kept = self.lines.keeps(person, pair.label) && !add_up;
        let is_ahead = self.awaits_the_regular_run() && employee.knows_before(date(person.payday.end));
        let Some(code) = unsettled(person, place, is_ahead).filter(|_| is_kept) else {
            return Vec::new();
        };
        let period = person.period();
        let of_payer = |payer| {
            let account = self.lines.account(pair, payer)?;
            let (taken, due, _) = self.lines.amounts(pair, payer);
            let statement = Statement::of(employee, person, account);
            let known = cell(statement.cells, period.end);
            if code != Code::DE07 && known.is_some_and(|known| !known.is_unsettled()) {
                return None;
            }
            let how = (self.lines.is_one_amount(pair), self.lines.sign(pair.emp, pair.label, payer));
            let again = self.read_before.again(&statement, pair, how);
            // What could not be read says nothing of what was due.
            let nothing = (taken, due) == (0, 0) && known.is_none() && !pair.expected();
            if nothing || again.unclear || statement.holds_another_run(taken) {
                return None;
            }
            let taken = (taken - again.taken) * if code == OF_SIGN { self.as_written(payer) } else { 1 };
            let refunded = if place == Place::UnverifiedEnded { refunded(&statement, taken) } else { 0 };
            let mut cell = AccountPeriod {
                movements: Movements::from_amounts([taken + refunded, taken, 0, 0, 0]),
                code: Some(code),
                // It is no record that says so: any that is in force after all states it anew.
                cover_from: match place {
                    Place::UnverifiedInAdvance => a_period_ahead::mark(period),
                    _ => person.leave.map(date).or(period.start.filter(|_| place != Place::UnverifiedVanished)),
                },
                ..known.cloned().unwrap_or(AccountPeriod::new(period, self.night))
            };
            cell.set_by_gross(self.due_by_its_record(person, pair, payer).filter(|_| matches!(code, OF_PAY | OF_SIGN)));
            Some(Change { account: statement.account, known, cell })
        };
        self.lines.payers(pair).iter().copied().filter_map(of_payer).collect()
    }

    /// What is posted of somebody of whom nothing can be judged tonight.
    pub(in crate::rules::balance) fn unjudged(
        &self,
        emp: u32,
        employee: Employee<'_>,
        mut unjudged: Vec<String>,
        unsettled: Vec<Change<'_>>,
    ) -> Vec<Page> {
        let person = &self.everybody[emp as usize];
        if let Some(other) = person.other_id {
            unjudged.push(format!("{MANGLED}{}", self.id(other)));
        }
        if person.state == PersonState::RowUnused {
            return self.unread(emp).into_iter().collect();
        }
        let period = person.period();
        let mut pages = Vec::new();
        let page = page_of(&mut pages, self.id(emp), period);
        page.unjudged = (!employee.is_read(period.end)).then_some(unjudged);
        page.postings.extend(unsettled.into_iter().filter_map(|change| self.of_change(emp, change).1));
        let is_news = page.unjudged.is_some() || !page.postings.is_empty();
        pages.retain(|_| is_news && person.payday.in_file > 0);
        pages
    }

    /// Notes what earlier periods took of which it is not known yet whether it was due, and those of which not even
    /// that is known. `tonight`: what is due in the person's period.
    pub(in crate::rules::balance) fn still_unsettled(
        &self,
        employee: Employee<'_>,
        person: &Person,
        is_stated: impl Fn(&Account, NaiveDate) -> bool,
        tonight: impl Fn(&Account) -> Option<i64>,
        outcome: &mut Outcome,
    ) {
        if person.disputed || !person.is_answered() {
            return;
        }
        let start = date(person.payday.start);
        if person.on_payroll || person.in_benifex {
            // What another id took in it may have been this one's.
            let is_known = |end| employee.accounts().any(|(_, cells)| cell(cells, end).is_some());
            outcome.unread.extend(employee.unread().filter(|period| period.end < start && !is_known(period.end)));
        }
        for (account, cells) in employee.accounts() {
            let before = cells.iter().filter(|cell| cell.is_unsettled() && cell.period.end < start);
            // Of a night that a guard stopped, that nothing was taken is as much in doubt.
            let even = are_even(cells, tonight(account), |period| self.is_first_of(employee, period));
            let counts = |cell: &&AccountPeriod| match cell.code {
                Some(Code::CT06) => true,
                Some(UNTOLD) => !even,
                _ => cell.movements.collected() != 0 && !(even && is_after_untold(cells, cell)),
            };
            let taken = before.filter(|cell| counts(cell) && !is_stated(account, cell.period.end));
            outcome.unsettled.extend(taken.filter_map(|cell| {
                let (account, taken) = (account.clone(), cell.movements.collected());
                let due_before = due_before(cells, cell.period.end);
                Some(Unsettled { account, period: cell.period, code: cell.code?, taken, due_before })
            }));
        }
    }
}

impl Books<'_> {
    /// Nothing was due of the person before this period: the file of the one before had no row of them.
    fn is_first_of(&self, employee: Employee<'_>, period: PayPeriod) -> bool {
        let before = period.start.and_then(|start| periods::before(start, period.end).next());
        before.is_some_and(|before| self.was_read(before.end)) && !employee.knows_before(period.end)
    }

    /// What was taken in the period in which somebody joined, without a record of cover: no night has seen one since
    /// that was in force in it (`first`: its first day), and nobody had it before. `stated`: periods stated anew
    /// already.
    pub(in crate::rules::balance) fn never_covered(
        &self,
        statement: &Statement<'_>,
        first: Option<NaiveDate>,
        stated: &[AccountPeriod],
    ) -> Vec<AccountPeriod> {
        let person = statement.person;
        let joined = person.joined.map(date);
        let joined_in =
            |period: PayPeriod| period.start.zip(joined).is_some_and(|(start, day)| start <= day && day <= period.end);
        let never = |cell: &&AccountPeriod| {
            let has_left = person.leave.is_some_and(|leave| date(leave) <= cell.found_on);
            cell.is_without_record()
                && joined_in(cell.period)
                && first.is_none_or(|day| day > cell.period.end)
                && !has_left
        };
        let earlier = statement.cells.iter().filter(|cell| cell.period.end < date(person.payday.start));
        let found = earlier.filter(never).filter(|cell| is_apart(stated, cell)).map(|cell| {
            let mut found = cell.clone();
            found.expect(0);
            found.code = Some(Code::EN02).filter(|_| found.movements.balance() != 0);
            found
        });
        found.collect()
    }
}

/// What was due in the last regular period before the day that was judged.
fn due_before(cells: &[AccountPeriod], end: NaiveDate) -> Option<i64> {
    let judged = |cell: &&AccountPeriod| cell.period.end < end && !cell.period.is_one_day() && !cell.is_unsettled();
    cells.iter().rfind(judged).map(|cell| cell.movements.get(EntryKind::Expected))
}

/// What such periods took, and those after them that may have settled it, is in all what was due before each or is due
/// since, or lies between. `is_first`: nothing was due before the period.
fn are_even(cells: &[AccountPeriod], tonight: Option<i64>, is_first: impl Fn(PayPeriod) -> bool) -> bool {
    let judged = |cell: &&AccountPeriod| !cell.period.is_one_day() && !cell.is_unsettled();
    let due = |cell: &AccountPeriod| i128::from(cell.movements.get(EntryKind::Expected));
    let (mut least, mut most) = (0, 0);
    for cell in cells.iter().filter(|cell| cell.is_untold() || is_after_untold(cells, cell)) {
        let before = cells.iter().rfind(|other| other.period.end < cell.period.end && judged(other)).map(due);
        let since = cells.iter().find(|other| other.period.end > cell.period.end && judged(other)).map(due);
        let since = since.or(tonight.map(i128::from));
        let before = before.or_else(|| is_first(cell.period).then_some(0));
        // On a first night, what was right is often what is due no more.
        let Some(before) = before else { return true };
        let since = since.unwrap_or(before);
        let [low, high] = [before.min(since), before.max(since)];
        (least, most) = (least + cell.movements.collected() - high, most + cell.movements.collected() - low);
    }
    (least..=most).contains(&0)
}

/// It could not be judged, for a period before it of which nobody knows what was due.
fn is_after_untold(cells: &[AccountPeriod], cell: &AccountPeriod) -> bool {
    cell.code == Some(Code::CT08) && cells.iter().any(|other| other.is_untold() && other.period.end < cell.period.end)
}

/// What earlier periods took of which nobody has said since whether it was due.
pub(in crate::rules::balance) fn still_unsettled(night: &Night<'_>, found: &mut Found) {
    for (emp, periods) in &night.balances.unread {
        let of_period = |period: &PayPeriod| {
            let reason = format!(
                "what payroll took in {period} is not known, for its row could not be used then: run that period's file \
                 again once the row is mended"
            );
            night.person_aside(*emp, "payroll", reason)
        };
        found.unverified.extend(periods.iter().map(of_period));
    }
    for (emp, all) in &night.balances.unsettled {
        // As much is to be said of several periods that could not be judged for the same reason.
        for alike in all.chunk_by(|one, next| (&one.account, one.code) == (&next.account, next.code)) {
            let [Unsettled { account, period, code, due_before, .. }, ..] = alike else { continue };
            let taken: i128 = alike.iter().map(|one| one.taken).sum();
            let periods = match alike.last().map(|last| last.period).filter(|_| alike.len() > 1) {
                Some(PayPeriod { end, .. }) => {
                    format!("{} periods from {} to {end}", alike.len(), period.start.unwrap_or(period.end))
                }
                None => period.to_string(),
            };
            let shown = money(i64::try_from(taken).unwrap_or(i64::MAX), Some(account.currency));
            let payer = account.payer.name();
            let why = match *code {
                Code::CT06 => format!(
                    "is in doubt, for a guard stopped the night that read it (CT06){}: run that period's file again, with \
                     --accept-swing where it is right",
                    due_before.map_or_else(String::new, |due| {
                        format!("; {} were due in the last period that was judged", money(due, Some(account.currency)))
                    })
                ),
                OF_PAY => "is not known, for they may be a percentage of actual pay: state in the schemes of the job \
                           whether they are (percent_of_pay), and run that period's file again"
                    .to_owned(),
                OF_SIGN => "is not known, for the amounts of the code had the other sign (AM10): say in the payroll \
                            section of the job how they are written, and run that period's file again"
                    .to_owned(),
                UNTOLD => {
                    "could not be judged then, and no later night knows what was due: state in the job what that night \
                     asked for, and run that period's file again"
                        .to_owned()
                }
                Code::CT08 => {
                    "could not be judged, for a period before it was never read: run the file of that period".to_owned()
                }
                _ => format!(
                    "could not be judged then ({}), and no record tells since: run that period's file again once its record \
                     can be read",
                    code.name()
                ),
            };
            let reason = format!("whether the {shown} that payroll took of the {payer} for {periods} were due {why}");
            let aside = night.person_aside(*emp, "payroll", reason);
            found.unverified.push(SetAside { benefit: account.benefit.to_string(), ..aside });
        }
    }
}
