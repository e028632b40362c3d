//! A percentage of actual pay in the books. What it comes to in a period no file states, so what payroll takes within
//! reason is due as it was taken; but a period that took nothing owes until payroll makes it up, and one that took more
//! is owed back.

mod late_record;
pub(super) mod percent_after;
pub(super) mod percent_range;
pub(super) mod yearly_limit;

use super::earlier::is_apart;
use super::ended::ended;
use super::line::{OfAccount, OfLine, from};
use super::percentage::percent_range::Range;
use super::percentage::yearly_limit::{as_low_before, is_over, last_took_a_part, owing_again};
use super::prices::anew::Anew;
use super::statement::{Statement, with};
use super::{Balances, Books};
use crate::balance::{AccountPeriod, Employee, Open, Record, Tonight, mended, settle};
use crate::rules::calendar::DateKind;
use crate::rules::lines::expected::rounded;
use crate::rules::lines::pair::Pair;
use crate::rules::people::date;
use crate::rules::people::everybody::Person;
use crate::rules::place::Place;
use tieout_model::balance::EntryKind;
use tieout_model::code::Code;
use tieout_model::finding::Payer;

/// What one payer's part of a line comes to.
struct OfPayer<'e> {
    /// `None`: there is nothing to keep.
    account: Option<OfAccount<'e>>,
    /// Less than the percentage, as a limit makes it.
    short: bool,
    /// As much too little as in the periods before: no limit that is reached.
    low: bool,
    /// A limit was reached in the year, and nothing more is due.
    over: bool,
    /// Periods before the record was entered may owe something by it, and what they were paid is not known.
    since: bool,
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

/// Payers who took the same too low amount before.
fn too_low(low: [bool; 2]) -> Place {
    match low {
        [true, true] => Place::AmBoth,
        [true, false] => Place::Am01,
        [false, _] => Place::Am02,
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
        person: &'e Person,
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
        let (mut wrong, mut short, mut since) = (false, false, false);
        let (mut left, mut accounts) = ([0_i128; 2], Vec::new());
        let (mut low, mut limits) = ([false; 2], [false; 2]);
        for payer in self.lines.payers(pair).iter().copied() {
            let account = self.lines.account(pair, payer)?;
            let statement = Statement::of(employee, person, account);
            // What the employer pays may match what the employee does.
            let matched = payer == Payer::Employer && limits[Payer::Employee as usize];
            let of_payer = match self.percentage_of(statement, pair, place, matched) {
                Ok(of_payer) => of_payer,
                Err(unverified) => return Some(Err(unverified)),
            };
            left[payer as usize] = of_payer.left;
            short |= of_payer.short;
            since |= of_payer.since;
            (low[payer as usize], limits[payer as usize]) = (of_payer.low, of_payer.over);
            if let Some(account) = of_payer.account {
                wrong |= !account.settled.is_right();
                accounts.push(account);
            }
        }
        let settles = accounts.iter().any(|of_account| of_account.settled.settles());
        let now = match place {
            Matched | Accepted if since => Place::UnverifiedSince,
            Matched | Accepted | En04 => place,
            UnverifiedLimit if low.contains(&true) => too_low(low),
            _ if wrong || accounts.is_empty() => place,
            // Of what was right of a percentage a refund may be, once the cover is gone.
            _ if short && owes_nothing(place) && !settles => return Some(Err(Place::UnverifiedRefund)),
            _ if short && owes_nothing(place) => Place::UnverifiedRefund,
            _ if short || is_over(pair, limits) => UnverifiedLimit,
            _ if since => Place::UnverifiedSince,
            _ => Accepted,
        };
        if now == Am13 && self.may_follow_the_record(person, pair, left, &accounts) {
            return Some(Err(Place::UnverifiedSince));
        }
        if matches!(now, Am13 | AmTogether)
            && let Some(unverified) = self.unjudgeable(employee, person, pair, now, left)
        {
            return Some(Err(unverified));
        }
        (!accounts.is_empty()).then_some(Ok(OfLine { place: now, settles, accounts }))
    }

    /// What one payer's part of the line comes to. `matched`: a limit of the payer whom this one matches is reached.
    fn percentage_of<'e>(
        &self,
        statement: Statement<'e>,
        pair: &Pair,
        place: Place,
        matched: bool,
    ) -> Result<OfPayer<'e>, Place> {
        let person = statement.person;
        use Place::{AmTogether, En01, En04, En05, Tm11};
        let payer = statement.account.payer;
        let (taken, due, tolerance) = self.lines.amounts(pair, payer);
        if statement.holds_another_run(taken) {
            return Err(Place::UnverifiedRun);
        }
        let range = self.range(&statement, pair, place);
        let mut restated = self.made_up(&statement, pair, place, &range);
        let open = open_beside(&with(statement.cells, &restated), person).amount;
        let unit = statement.account.currency.minor_unit();
        let own = rounded(range.own(taken, i64::try_from(open).unwrap_or_default()), 1, unit);
        let short = own < range.least - tolerance;
        let as_low = match place {
            Place::UnverifiedLimit if short => {
                as_low_before(&with(statement.cells, &restated), person, own, tolerance, payer.amount_code())
            }
            _ => Vec::new(),
        };
        let low = !as_low.is_empty();
        replace(&mut restated, as_low);
        let cells = with(statement.cells, &restated);
        let over = place == En01 && short && (matched || last_took_a_part(&cells, person));
        // Of the currency's units, as what is taken is.
        let beyond = rounded(range.beyond(own), 1, unit);
        let expected = match place {
            _ if low => range.least,
            _ if over => 0,
            En01 | Tm11 | AmTogether if short => due,
            Place::Matched | Place::Accepted | En04 => own,
            _ => own - beyond,
        };
        let mut left = i128::from(range.beyond(own));
        if cells.is_empty() && (expected, taken) == (0, 0) && !short {
            return Ok(OfPayer { account: None, short, low, over, since: false, left });
        }
        let code = Some(if low { payer.amount_code() } else { code(place) });
        let cover_from = if matches!(place, En04 | En05) { person.leave.map(date) } else { from(pair) };
        let tonight = self.tonight(person.period(), payer, expected, taken, tolerance);
        let mut settled = settle(&cells, &Tonight { code, cover_from, ..tonight });
        if owes_nothing(place) && settled.unknown_refund {
            return Err(Place::UnverifiedRefund);
        }
        if place == AmTogether {
            left = (i128::from(expected) - i128::from(taken)).abs() - settled.settled.abs();
        }
        let scheme = self.lines.scheme(person, pair.label);
        let by_gross = person.of_gross(scheme, due, pair.per_year).or(Some(due).filter(|_| over));
        settled.cell.set_by_gross(by_gross.filter(|_| short && person.payday.in_file > 0));
        let since = self.owe_of_unknown_pay(&restated, person);
        let low = low && !settled.is_right();
        let short = short && !matches!(place, En01 | Tm11 | AmTogether);
        let account = OfAccount { statement, restated, settled, unknown: None, tolerance };
        Ok(OfPayer { account: Some(account), short, low, over, since, left })
    }

    /// Earlier periods of the account, as they are known tonight: what is taken makes them up, or shows that something
    /// was due in them.
    fn made_up(&self, statement: &Statement<'_>, pair: &Pair, place: Place, range: &Range) -> Vec<AccountPeriod> {
        let person = statement.person;
        let (taken, due, tolerance) = self.lines.amounts(pair, statement.account.payer);
        let mut restated = self.percentage_anew(statement, pair);
        if taken > tolerance && !owes_nothing(place) {
            let again = owing_again(&with(statement.cells, &restated), person, from(pair), due);
            replace(&mut restated, again);
        }
        let open = open_beside(&with(statement.cells, &restated), person);
        let by_gross = range.made_up_by_gross(taken, &open, &with(statement.cells, &restated));
        replace(&mut restated, by_gross);
        let short = self.short(&with(statement.cells, &restated), person, pair, due);
        let open = open_beside(&with(statement.cells, &restated), person).amount;
        replace(&mut restated, range.made_up_of_short(taken, open, short));
        restated
    }

    fn range(&self, statement: &Statement<'_>, pair: &Pair, place: Place) -> Range {
        let person = statement.person;
        let (_, due, tolerance) = self.lines.amounts(pair, statement.account.payer);
        if owes_nothing(place) {
            return Range { least: 0, most: Some(0), usual: 0, tolerance };
        }
        let is_gone = place == Place::Accepted && !pair.live && person.leave.is_some();
        if let Some(last) = self.last_of_cover(statement, pair).filter(|_| is_gone) {
            return last;
        }
        let scheme = self.lines.scheme(person, pair.label);
        // A run beside the regular one owes nothing of its own that is known.
        if person.payday.in_file == 0 {
            return Range { least: 0, most: None, usual: i64::MAX, tolerance };
        }
        // Where the gross pay is not known, a salary sacrifice is held against what Benifex names alone.
        let flat = Some(due).filter(|_| self.lines.is_one_amount(pair));
        let of_gross = person.of_gross(scheme, due, pair.per_year).or(flat);
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
    pub(super) fn percentage_anew(&self, statement: &Statement<'_>, pair: &Pair) -> Vec<AccountPeriod> {
        let person = statement.person;
        let (_, stated, tolerance) = self.lines.amounts(pair, statement.account.payer);
        let due = Some(stated).filter(|_| pair.date_kind == DateKind::Deduction);
        let anew = Anew::of_line(self, statement, pair, due, tolerance);
        let mut all = ended(statement.cells, &anew, (&statement.account, tolerance, self.night), false);
        all.extend(self.left_out(statement, &anew));
        let changed = statement.account.payer.amount_code();
        let record = Record { from: from(pair), tolerance, period: person.period(), night: self.night, changed };
        all.extend(self.before_the_record(statement, pair, &anew, &record));
        // What was right of other periods says nothing of those that were found wrong.
        let wrong: Vec<AccountPeriod> = statement.cells.iter().filter(|cell| cell.code.is_some()).cloned().collect();
        // The first part of cover, which a later period made up.
        let made_up = |cell: &AccountPeriod| cell.code == Some(Code::AM13) && cell.movements.collected() == 0;
        let nothing = |cell: &AccountPeriod| anew.due(cell, &wrong).filter(|due| *due == 0 && !made_up(cell));
        let never_due = mended(&wrong, &record, nothing).into_iter().filter(|cell| is_apart(&all, cell));
        all.extend(never_due.collect::<Vec<AccountPeriod>>());
        let now_due = due_after_all(statement.cells, person, pair, stated).filter(|cell| is_apart(&all, cell));
        all.extend(now_due.collect::<Vec<AccountPeriod>>());
        all.extend(self.taken_of_pay(statement, pair, stated));
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

/// What is open of other periods than tonight's.
fn open_beside(cells: &[AccountPeriod], person: &Person) -> Open {
    let end = date(person.payday.end);
    Open::of(cells.iter().filter(|cell| cell.period.end != end))
}

/// In place of what is stated of the same periods.
fn replace(restated: &mut Vec<AccountPeriod>, by: Vec<AccountPeriod>) {
    restated.retain(|cell| is_apart(&by, cell));
    restated.extend(by);
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
        // By the percentage it was too little, period after period.
        Some(Code::AM01 | Code::AM02) => cell.movements.collected() > 0 && cell.by_gross().is_none(),
        Some(Code::EN05) => cell.movements.collected() > 0 && employed,
        _ => false,
    };
    let balance = i64::try_from(cell.movements.balance()).ok().filter(|_| found)?;
    let mut now = cell.clone();
    now.expect(cell.movements.get(EntryKind::Expected) - balance);
    now.code = None;
    Some(now)
}
