//! A percentage of pay that is taken after somebody has left: of a bonus, commission or holiday pay that came later it
//! is as due as of any pay.

use crate::balance::{AccountPeriod, Employee, Tonight, settle};
use crate::rules::balance::Books;
use crate::rules::balance::line::{OfAccount, OfLine};
use crate::rules::balance::percentage::percent_range::Range;
use crate::rules::balance::percentage::{open_beside, replace};
use crate::rules::balance::statement::{Statement, with};
use crate::rules::calendar::cover::CoverShare;
use crate::rules::lines::pair::Pair;
use crate::rules::people::date;
use crate::rules::people::everybody::Person;
use crate::rules::place::Place;
use crate::scheme::FirstDeduction;
use tieout_model::balance::EntryKind;
use tieout_model::code::Code;
use tieout_model::finding::Payer;

/// Parts of the usual pay by which another pay differs from it.
const PART_OF_USUAL_PAY: i64 = 100;

impl Books<'_> {
    /// Where the line of a percentage ends that was taken after cover was over. `None`: it may be of no pay that came
    /// later.
    pub(in crate::rules::balance) fn of_later_pay<'e>(
        &self,
        employee: Employee<'e>,
        person: &'e Person,
        pair: &Pair,
    ) -> Option<Result<OfLine<'e>, Place>> {
        let scheme = self.lines.scheme(person, pair.label);
        if !person.has_left() || self.lines.is_estimated(pair.label) {
            return None;
        }
        if scheme.percent_of_pay != Some(true) {
            let may_be = self.lines.labels[pair.label as usize].may_be_percentage(scheme);
            let other_pay = may_be && !is_usual_pay(person) && self.is_of_other_pay(employee, person, pair);
            return other_pay.then_some(Err(Place::UnverifiedPercent));
        }
        let mut accounts = Vec::new();
        for payer in self.lines.payers(pair).iter().copied() {
            let account = self.lines.account(pair, payer)?;
            let statement = Statement::of(employee, person, account);
            let (taken, ..) = self.lines.amounts(pair, payer);
            if statement.holds_another_run(taken) {
                return Some(Err(Place::UnverifiedRun));
            }
            match self.of_later_account(statement, pair) {
                Ok(of_account) if of_account.settled.unknown_refund => return Some(Err(Place::UnverifiedRefund)),
                Ok(of_account) => accounts.push(of_account),
                Err(unverified) => return Some(Err(unverified)),
            }
        }
        let is_right = accounts.iter().all(|of_account| of_account.settled.is_right());
        let settles = accounts.iter().any(|of_account| of_account.settled.settles());
        let place =
            if is_right { self.unless_listed_still(pair, person, Place::Matched, Place::En05) } else { Place::En05 };
        Some(Ok(OfLine { place, settles, accounts }))
    }

    /// No more is due than the percentage comes to; what is open may be taken with it.
    fn of_later_account<'e>(&self, statement: Statement<'e>, pair: &Pair) -> Result<OfAccount<'e>, Place> {
        let person = statement.person;
        let (taken, _, tolerance) = self.lines.amounts(pair, statement.account.payer);
        let mut restated = self.percentage_anew(&statement, pair);
        let last = self.last_of_cover(&statement, pair);
        if let Some(last) = &last {
            let open = open_beside(&with(statement.cells, &restated), person).amount;
            let short = self.short(&with(statement.cells, &restated), person, pair, last.usual);
            replace(&mut restated, last.made_up_of_short(taken, open, short));
        }
        let cells = with(statement.cells, &restated);
        let open = open_beside(&cells, person).amount;
        let beside_open = i64::try_from(i128::from(taken) - open.max(0)).unwrap_or(taken);
        let settles = open != 0 && (taken > 0) == (open > 0) && (beside_open <= tolerance || taken < 0);
        let expected = match (last, self.most_of_later_pay(&statement, pair)) {
            (Some(last), _) => own_of_last(&last, taken, beside_open),
            _ if settles || taken == 0 => 0,
            (None, Some(most)) => {
                let fits = |own: &i64| (0..=most + tolerance).contains(own);
                [beside_open, taken].into_iter().find(fits).unwrap_or(most)
            }
            (None, None) => return Err(Place::UnverifiedLaterPay),
        };
        let tonight = self.tonight(person.period(), statement.account.payer, expected, taken, tolerance);
        // Judged by the leave date, so that it stands while that does.
        let tonight = Tonight { code: Some(Code::EN05), cover_from: person.leave.map(date), ..tonight };
        let settled = settle(&cells, &tonight);
        Ok(OfAccount { statement, restated, settled, unknown: None, tolerance })
    }

    /// What the period itself may owe where the person leaves in it, or after it, and Benifex shows the record no more.
    /// `None`: cover was over before it, or nobody knows.
    pub(super) fn last_of_cover(&self, statement: &Statement<'_>, pair: &Pair) -> Option<Range> {
        let person = statement.person;
        let (scheme, (.., tolerance)) =
            (self.lines.scheme(person, pair.label), self.lines.amounts(pair, statement.account.payer));
        let cover = person.cover(pair, scheme);
        let of_salary = self.most_taken(statement, pair);
        let of_usual_pay = || self.full_amount(statement, pair).filter(|_| is_usual_pay(person));
        let full = of_salary.or_else(of_usual_pay).filter(|_| person.payday.in_file == 1 && !cover.is_over())?;
        let due = person.of_gross(scheme, full, self.per_year(person, pair)).unwrap_or(full);
        let least = if cover.share(scheme) == CoverShare::Whole { due } else { 0 };
        Some(Range { least, most: Some(due), usual: due, tolerance })
    }

    /// The most that the percentage comes to of a pay that came later: nothing where payroll goes on paying as before.
    /// `None`: nobody knows.
    fn most_of_later_pay(&self, statement: &Statement<'_>, pair: &Pair) -> Option<i64> {
        let person = statement.person;
        if is_usual_pay(person) {
            return Some(0);
        }
        let scheme = self.lines.scheme(person, pair.label);
        person.of_gross(scheme, self.most_taken(statement, pair)?, self.per_year(person, pair))
    }

    /// Another amount than before of a benefit that took a round share of the salary.
    fn is_of_other_pay(&self, employee: Employee<'_>, person: &Person, pair: &Pair) -> bool {
        let Some(account) = self.lines.account(pair, Payer::Employee) else { return false };
        let statement = Statement::of(employee, person, account);
        let full = self.most_taken(&statement, pair);
        let scheme = self.lines.scheme(person, pair.label);
        // In arrears, the final pay may take those of its own days as well.
        let in_arrears = scheme.first_deduction == Some(FirstDeduction::InArrears);
        let more = if in_arrears { person.cover(pair, scheme).windows_after() } else { 0 };
        full.is_some_and(|full| {
            let before = Pair { employee_due: full, per_year: self.per_year(person, pair), ..*pair };
            let are_whole = |whole: i64| (pair.employee_taken - full.saturating_mul(whole)).abs() <= pair.tolerance;
            person.pays_percent_of(&before) && pair.employee_taken > 0 && !(1..=more.saturating_add(1)).any(are_whole)
        })
    }

    /// Deductions a year; of a benefit that Benifex does not show any more, the line does not say.
    fn per_year(&self, person: &Person, pair: &Pair) -> i64 {
        self.lines.schemes.per_year(person.group, pair.label, person.payday.pays)
    }

    /// The most that the benefit took for a period before the person left, or takes as Benifex still says.
    fn most_taken(&self, statement: &Statement<'_>, pair: &Pair) -> Option<i64> {
        let person = statement.person;
        let (_, due, _) = self.lines.amounts(pair, statement.account.payer);
        let until = person.leave.map(date);
        let whole = statement.earlier(person).filter(|cell| until.is_none_or(|leave| cell.period.end <= leave));
        // Of what pay a percentage was that was right, nobody knows.
        let is_fixed = self.lines.keeps(person, pair.label);
        let of_salary = |cell: &&AccountPeriod| is_fixed || cell.code.is_some() || cell.by_gross().is_some();
        let regular = whole.filter(|cell| !cell.period.is_one_day()).filter(of_salary);
        let taken = regular.map(|cell| cell.movements.get(EntryKind::Expected).max(cell.by_gross().unwrap_or(0))).max();
        taken.max(Some(due).filter(|_| pair.live)).filter(|full| *full > 0)
    }
}

/// What of `taken` pays for the last period of cover: all, or what is left beside what is open, or else what is due.
fn own_of_last(last: &Range, taken: i64, beside_open: i64) -> i64 {
    let fits = |own: &i64| *own > 0 && (last.least - last.tolerance..=last.usual + last.tolerance).contains(own);
    [taken, beside_open].into_iter().find(fits).unwrap_or(if taken > 0 { last.usual } else { 0 })
}

/// Payroll goes on paying as before.
fn is_usual_pay(person: &Person) -> bool {
    let usual =
        person.salary.zip(Some(person.payday.pays).filter(|pays| *pays > 0)).map(|(salary, pays)| salary / pays);
    usual.zip(person.gross).is_some_and(|(usual, gross)| (gross - usual).abs() * PART_OF_USUAL_PAY <= usual)
}
