//! One judged line in the books: an account a payer, what the period expected and took, and where the line ends once
//! its difference is settled.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

use chrono::NaiveDate;

use super::Books;
use super::credits::Credits;
use super::earlier::read_before::Again;
use super::ended::gone::Gone;
use super::statement::{Statement, unknown, with};
use super::tally::Unknown;
use crate::balance::{AccountPeriod, Employee, Settled, Tonight, settle};
use crate::rules::calendar::cover::CoverShare;
use crate::rules::calendar::employer_share::EmployerOutcome;
use crate::rules::ladder::plain;
use crate::rules::lines::expected::rounded;
use crate::rules::lines::labels::{Catalog, Label};
use crate::rules::lines::pair::{Pair, Pairs};
use crate::rules::lines::schemes::Schemes;
use crate::rules::oyster::Oysters;
use crate::rules::people::date;
use crate::rules::people::everybody::Person;
use crate::rules::place::{Fate, Place};
use crate::rules::timeline::late_changes::LateChange;
use crate::rules::timeline::records::Superseded;
use crate::rules::timeline::replaced::Old;
use crate::scheme::Scheme;
use tieout_model::balance::{Account, EntryKind};
use tieout_model::code::Code;
use tieout_model::finding::Payer;

/// Of the labels; the rows whose cover was in force at the cut-off and is gone come last.
pub(super) type Rules<'r> = (&'r [Label], &'r Schemes, &'r Superseded, &'r BTreeSet<usize>);

/// The placed lines.
pub(super) struct Lines<'l> {
    pub(super) pairs: &'l Pairs<'l>,
    pub(super) places: &'l [u32],
    pub(super) catalog: &'l Catalog<'l>,
    /// Names of the labels, as the accounts share them.
    pub(super) benefits: Vec<Arc<str>>,
    pub(super) labels: &'l [Label],
    pub(super) schemes: &'l Schemes,
    pub(super) superseded: &'l Superseded,
    pub(super) credits: Credits,
    pub(super) gone: Gone,
    /// What older snapshots say of the records that others replaced, by the row of tonight's record.
    pub(super) replaced: BTreeMap<u32, Vec<&'l Old>>,
    /// Rows of records in whose place others of tonight's begin after the period.
    pub(super) followed: &'l BTreeMap<u32, i32>,
    /// Whose lines are estimates.
    pub(super) oyster: Option<&'l Oysters<'l>>,
}

/// What a line comes to.
pub(super) struct OfLine<'e> {
    /// Where it ends.
    pub(super) place: Place,
    /// Its difference settles a balance, or is explained.
    pub(super) settles: bool,
    pub(super) accounts: Vec<OfAccount<'e>>,
}

/// What one account of a line comes to.
pub(super) struct OfAccount<'e> {
    pub(super) statement: Statement<'e>,
    /// Earlier periods, as the record of cover says now.
    pub(super) restated: Vec<AccountPeriod>,
    pub(super) settled: Settled,
    pub(super) unknown: Option<Unknown>,
    pub(super) tolerance: i64,
}

impl Lines<'_> {
    pub(super) fn place(&self, row: usize) -> Place {
        Place::of(self.places[row])
    }

    pub(super) fn benefit(&self, label: u32) -> &str {
        self.catalog.labels.text(label)
    }

    /// The line was judged: its amounts belong in the books.
    pub(super) fn posts(&self, person: &Person, label: u32, place: Place) -> bool {
        place.is_judged() && self.keeps(person, label)
    }

    /// The line would belong in the books, had it been judged. So would one that the job leaves out or does not map,
    /// once it does: what payroll took of it is not known then.
    pub(super) fn concerns(&self, person: &Person, label: u32, place: Place) -> bool {
        let is_code = self.benefit(label).starts_with('(');
        !is_code && (place.fate() != Fate::Matched || !self.keeps(person, label))
    }

    /// No record of tonight's begins after the line's.
    pub(super) fn is_newest(&self, pair: &Pair) -> bool {
        pair.in_force && !self.followed.contains_key(&pair.bx_row)
    }

    /// The benefit is Oyster's.
    pub(super) fn is_estimated(&self, label: u32) -> bool {
        self.oyster.is_some_and(|oyster| oyster.owns(label))
    }

    /// Accounts are kept of each line of the benefit: not of Oyster's estimates, nor of a percentage of actual pay,
    /// which no file states.
    pub(super) fn keeps(&self, person: &Person, label: u32) -> bool {
        !self.is_estimated(label) && self.scheme(person, label).percent_of_pay != Some(true)
    }

    pub(super) fn scheme(&self, person: &Person, label: u32) -> &Scheme {
        self.schemes.scheme(person.group, label)
    }

    /// Where the line would end, were its change not late.
    pub(super) fn plain(&self, pair: &Pair, person: &Person) -> Place {
        plain(pair, person, &self.labels[pair.label as usize], self.scheme(person, pair.label), LateChange::No)
    }

    /// Taken, due and what of a difference is rounding, of one payer. A salary sacrifice is one amount, which stands on
    /// the employee's account whoever pays it.
    pub(super) fn amounts(&self, pair: &Pair, payer: Payer) -> (i64, i64, i64) {
        match payer {
            Payer::Employee if self.is_one_amount(pair) => {
                (pair.employee_taken + pair.employer_taken, pair.employee_due + pair.employer_due, 2 * pair.tolerance)
            }
            Payer::Employee => (pair.employee_taken, pair.employee_due, pair.tolerance),
            Payer::Employer => (pair.employer_taken, pair.employer_due, pair.tolerance),
        }
    }

    pub(super) fn is_one_amount(&self, pair: &Pair) -> bool {
        self.labels[pair.label as usize].sacrifice && pair.employer
    }

    /// The payers that have an account.
    pub(super) fn payers(&self, pair: &Pair) -> &'static [Payer] {
        if pair.employer && !self.is_one_amount(pair) { &Payer::BOTH } else { &[Payer::Employee] }
    }

    /// What payroll takes differs from what is due.
    pub(super) fn differs(&self, pair: &Pair, payer: Payer) -> bool {
        let (taken, due, tolerance) = self.amounts(pair, payer);
        (taken - due).abs() > tolerance
    }

    pub(super) fn account(&self, pair: &Pair, payer: Payer) -> Option<Account> {
        let stated = match payer {
            Payer::Employee => pair.ee_cur,
            Payer::Employer => pair.er_cur,
        };
        let currency = self.catalog.currencies.get(if pair.on_payroll() { pair.pay_cur } else { stated })?;
        Some(Account { benefit: Arc::clone(&self.benefits[pair.label as usize]), payer, currency })
    }
}

impl Books<'_> {
    /// Where the line ends, and its accounts. Errors: the place of a line that cannot be judged by what is known of the
    /// periods before.
    pub(super) fn line<'e>(
        &self,
        employee: Employee<'e>,
        person: &'e Person,
        pair: &Pair,
        place: Place,
    ) -> Result<OfLine<'e>, Place> {
        let mut accounts = Vec::new();
        let (mut accused, mut settles, mut left) = ([false; 2], false, [0_i128; 2]);
        for payer in self.lines.payers(pair).iter().copied() {
            let Some(account) = self.lines.account(pair, payer) else { continue };
            let (taken, ..) = self.lines.amounts(pair, payer);
            let statement = Statement::of(employee, person, account);
            let mut expected = self.expected(&statement, pair, place);
            // That nothing was due on a pay date of a benefit in force is news for later nights.
            let apart = person.employer_share(pair, self.lines.scheme(person, pair.label));
            let apart = apart.filter(|_| payer == Payer::Employer);
            let kind = apart.map_or(pair.date_kind, |share| share.date_kind);
            let free = pair.live && kind.is_free();
            if (taken, expected) == (0, 0) && !free && statement.cells.is_empty() {
                continue;
            }
            if statement.holds_another_run(taken) {
                return Err(Place::UnverifiedRun);
            }
            let how = (self.lines.is_one_amount(pair), self.lines.sign(pair.emp, pair.label, payer));
            let again = self.read_before.again(&statement, pair, how);
            let new = taken - again.taken;
            let moved = self.of_move(&statement, pair, place, taken)?;
            let mut of_account = self.settle(statement.clone(), pair, place, expected, new, moved);
            if let Some(own) = self.beside_arrears(&of_account, person, pair, new).filter(|own| *own != expected) {
                expected = own;
                of_account = self.settle(statement.clone(), pair, place, expected, new, 0);
            }
            let OfAccount { settled, tolerance, .. } = &of_account;
            let last_pay = self.last_pay(&statement, new, *tolerance, settled);
            let late_pay = self.final_pay(&of_account, person, pair, new, expected)?;
            let first_pay = self.first_days(&of_account, pair, new, expected);
            if let Some(due) = last_pay.or(late_pay).or(first_pay) {
                of_account = self.settle(statement, pair, place, expected, new, due + moved);
                settles = true;
            }
            // What the sentence of a finding would say is more than what is new of the line.
            if again != Again::default() && !of_account.settled.is_right() {
                return Err(Place::UnverifiedRun);
            }
            let difference = i128::from(new) - i128::from(expected + moved);
            left[payer as usize] = difference.abs() - of_account.settled.settled.abs();
            settles |= again.taken != 0;
            // Beside a finding on the employee's side, what an accepted practice pays is none.
            settles |= apart.is_some() && expected == taken && self.lines.differs(pair, payer);
            if of_account.settled.unknown_refund {
                return Err(Place::UnverifiedRefund);
            }
            accused[payer as usize] = !of_account.settled.is_right();
            settles |= of_account.settled.settles() || ended_since(place, expected, self.lines.amounts(pair, payer));
            accounts.push(of_account);
        }
        if pair.duplicate && place != Place::En05 && accused.contains(&true) {
            return Err(Place::Id04);
        }
        match self.unjudgeable(employee, person, pair, place, left).filter(|_| accused.contains(&true)) {
            Some(unverified) => Err(unverified),
            None => Ok(OfLine {
                place: self.unless_listed_still(pair, person, after(place, accused, settles), place),
                settles,
                accounts,
            }),
        }
    }

    /// Where a line ends that ends in `now` by its amounts: what was taken of a leaver may be right, and the benefit is
    /// there all the same.
    pub(super) fn unless_listed_still(&self, pair: &Pair, person: &Person, now: Place, before: Place) -> Place {
        if (before, now) != (Place::En05, Place::Matched) || person.payday.in_file == 0 {
            return now;
        }
        let cover = person.cover(pair, self.lines.scheme(person, pair.label));
        match cover.is_over() {
            true if pair.live && cover.is_over_before_the_period() => Place::En04,
            true => now,
            false => Place::Accepted,
        }
    }

    /// What the books expect of the line. A line that is right although it differs (an accepted part of a period, what
    /// was right before a late change without a day of its own) is expected as it was taken.
    fn expected(&self, statement: &Statement<'_>, pair: &Pair, place: Place) -> i64 {
        let person = statement.person;
        let payer = statement.account.payer;
        let (taken, due, tolerance) = self.lines.amounts(pair, payer);
        let scheme = self.lines.scheme(person, pair.label);
        let apart = person.employer_share(pair, scheme).filter(|_| payer == Payer::Employer);
        if let Some(rest) = self.due_of_rest(statement, pair, place) {
            return rest;
        }
        if let Some(held) = self.line_judged_before(statement, pair, place) {
            return held.movements.get(EntryKind::Expected);
        }
        match place {
            Place::Am01 | Place::Am08
                if apart.is_some_and(|share| share.outcome(pair, scheme) == EmployerOutcome::Accepted) =>
            {
                taken
            }
            Place::Am08 if apart.is_some() => due,
            Place::Am08 if let Some(due) = self.due_by_rule(statement, pair) => due,
            Place::Am08 if let Some(least) = self.least_of_both(statement, pair) => least,
            Place::En05 if !person.cover(pair, scheme).is_over() => {
                self.until_leave(statement, pair).unwrap_or_default()
            }
            Place::En02 | Place::Am01 | Place::Am02 | Place::AmBoth
                if let Some(last) = self.last_due(statement, pair) =>
            {
                last
            }
            Place::Am01 | Place::Am02 | Place::AmBoth if let Some(prices) = self.prices_since_last(statement, pair) => {
                taken.clamp(prices.least, prices.most)
            }
            Place::En04 | Place::En05 | Place::En11 | Place::En15 | Place::En16 => 0,
            Place::Accepted if self.owes_first_days_before(statement, pair) => due,
            Place::Accepted => self.beside_open(statement, pair).unwrap_or(taken),
            Place::En01 if let Some(own) = self.beside_open(statement, pair) => own,
            Place::Am08 if person.cover(pair, scheme).share(scheme) == CoverShare::Open => {
                let own = self.of_part(statement, pair, taken, due, tolerance);
                // A final pay takes no more than what the rest of the cover costs.
                let follow = if person.has_left() { person.cover(pair, scheme).windows_after() } else { 0 };
                let most = due.saturating_mul(follow.saturating_add(1));
                let own = if follow > 0 && taken > most { own.max(most) } else { own };
                rounded(own, 1, statement.account.currency.minor_unit())
            }
            Place::Tm07 => self.due_of_late(statement, pair),
            _ => due,
        }
    }

    /// What is due of the line follows from when somebody left.
    fn by_leave_date(&self, person: &Person, pair: &Pair, place: Place, payer: Payer) -> bool {
        let scheme = self.lines.scheme(person, pair.label);
        let apart = person.employer_share(pair, scheme).filter(|_| payer == Payer::Employer);
        let cover = apart.map_or_else(|| person.cover(pair, scheme), |share| share.cover);
        matches!(place, Place::En04 | Place::En05) || (pair.live && cover.ends())
    }

    /// `of_earlier`: what is due of days before the period, with a last pay or after a move. It says nothing of what
    /// those periods owe.
    pub(super) fn settle<'e>(
        &self,
        statement: Statement<'e>,
        pair: &Pair,
        place: Place,
        expected: i64,
        taken: i64,
        of_earlier: i64,
    ) -> OfAccount<'e> {
        let person = statement.person;
        let (period, payer) = (person.period(), statement.account.payer);
        let (.., tolerance) = self.lines.amounts(pair, payer);
        let from = from(pair);
        // The nights after the end of a benefit whose deduction trails are those without it. Where none was in force
        // before a late change, no record said that nothing was due.
        let nothing = place == Place::Tm07 && (expected, taken) == (0, 0);
        let was_none = nothing && self.was_none_at_cutoff(pair);
        let of_record = from.filter(|_| !was_none && !self.ended_in_arrears(person, pair));
        let held = self.line_judged_before(&statement, pair, place);
        let code = held.and_then(|held| held.code).unwrap_or(code(place, self.lines.plain(pair, person), payer));
        let (restated, whole) = self.restated(&statement, pair, (place, expected, taken));
        let tonight = Tonight {
            code: Some(code),
            // Judged by a leave date, so that the record brings back what it expects where the date was wrong.
            cover_from: match self.by_leave_date(person, pair, place, payer) {
                _ if let Some(held) = held => held.cover_from,
                true => person.leave.map(date),
                // What is not in force makes nothing due: once it is, it is news.
                false => of_record.filter(|_| pair.in_force || taken != 0),
            },
            before: self.before(&statement, pair, &restated),
            ..self.tonight(period, payer, expected + of_earlier, taken, tolerance)
        };
        let settled = settle(&with(statement.cells, &restated), &tonight);
        let unknown = from
            .filter(|_| whole && settled.open.amount > 0)
            .and_then(|from| unknown(&statement, from, expected + of_earlier));
        OfAccount { statement, restated, settled, unknown, tolerance }
    }
}

/// First day of the cover of a line, where it is stated.
pub(super) fn from(pair: &Pair) -> Option<NaiveDate> {
    pair.first_day().map(date)
}

/// What was due before the line's cover, or a part of it, ended is due of the period still.
fn ended_since(place: Place, expected: i64, (_, due, _): (i64, i64, i64)) -> bool {
    matches!(place, Place::En02 | Place::Am01 | Place::Am02 | Place::AmBoth) && expected != due
}

/// What a difference that settles nothing is.
fn code(place: Place, plain: Place, payer: Payer) -> Code {
    match if place == Place::Tm07 { plain } else { place } {
        Place::En01 => Code::EN01,
        Place::En02 => Code::EN02,
        Place::En05 => Code::EN05,
        Place::En11 => Code::EN11,
        Place::En15 => Code::EN15,
        Place::En16 => Code::EN16,
        Place::Tm11 => Code::TM11,
        Place::Am08 => Code::AM08,
        Place::Am06 => Code::AM06,
        Place::Tm09 => Code::TM09,
        _ => payer.amount_code(),
    }
}

/// Where a line ends once its accounts are settled.
fn after(place: Place, [employee, employer]: [bool; 2], settles: bool) -> Place {
    use Place::{Accepted, Am01, Am02, Am08, Am09, AmBoth, En04, Matched, Tm07};
    match (place, employee, employer) {
        (Matched | Accepted | En04, ..) => place,
        (Tm07, false, false) if settles => Matched,
        (Tm07, ..) => place,
        // Its amounts are no rounding: a practice takes them.
        (Am08, false, false) if !settles => Accepted,
        (_, false, false) => Matched,
        (Am01 | Am02 | AmBoth, true, true) => AmBoth,
        (Am01 | Am02 | AmBoth | Am09, true, false) => Am01,
        (Am01 | Am02 | AmBoth | Am09, false, true) => Am02,
        _ => place,
    }
}
