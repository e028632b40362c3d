//! Codes of payroll that the job does not map, or leaves out. Of somebody with something open, or with a benefit that
//! has no code either, what such a code took is noted on an account of its own; once the job maps it, it is what the
//! benefit took in that period.

use chrono::NaiveDate;

use crate::balance::{AccountPeriod, Employee, cell};
use crate::rules::balance::earlier::owed_then;
use crate::rules::balance::prices::anew::Anew;
use crate::rules::balance::statement::Statement;
use crate::rules::balance::{Books, Change};
use crate::rules::lines::pair::Pair;
use crate::rules::people::day_number;
use crate::rules::people::everybody::Person;
use crate::rules::place::Place;
use tieout_model::balance::{Account, EntryKind, Movements, PayPeriod};
use tieout_model::finding::Payer;

/// The account is that of a code.
pub(in crate::rules::balance) fn is_of_code(account: &Account) -> bool {
    account.benefit.starts_with('(')
}

impl Books<'_> {
    /// What tonight's lines of such codes took. It is posted as due, so that nobody is accused of it.
    pub(in crate::rules::balance) fn of_codes<'e>(
        &self,
        employee: Employee<'e>,
        person: &'e Person,
        rows: &[usize],
    ) -> Vec<Change<'e>> {
        let period = person.period();
        let pairs = rows.iter().map(|row| self.lines.pairs.get(*row));
        let of_codes = pairs.filter(|pair| self.lines.benefit(pair.label).starts_with('(') && pair.taken());
        let of_payer = |(pair, payer): (Pair, Payer)| {
            let account = self.lines.account(&pair, payer)?;
            let taken = if payer == Payer::Employee { pair.employee_taken } else { pair.employer_taken };
            let known = employee.cell(&account, period.end);
            let cell = AccountPeriod {
                movements: Movements::from_amounts([taken, taken, 0, 0, 0]),
                ..known.cloned().unwrap_or(AccountPeriod::new(period, self.night))
            };
            (taken != 0 || known.is_some()).then_some(Change { account, known, cell })
        };
        of_codes.flat_map(|pair| Payer::BOTH.map(|payer| (pair, payer))).filter_map(of_payer).collect()
    }

    /// A benefit in force has no code: one of payroll's that the job does not map may be its own.
    pub(in crate::rules::balance) fn lacks_a_code(&self, rows: &[usize]) -> bool {
        rows.iter().any(|row| self.lines.place(*row) == Place::En13 && self.lines.pairs.get(*row).live)
    }

    /// How many of the last periods before a day the job had no code for the account's benefit, and of which nobody
    /// knows what they took.
    pub(in crate::rules::balance) fn without_code_lately(
        &self,
        employee: &Employee<'_>,
        account: &Account,
        day: NaiveDate,
    ) -> usize {
        employee.without_code_lately(account, day, |night| self.history.had_no_code(&account.benefit, night))
    }

    /// The account whose money an account of a code holds by tonight's job. `is_one`: both payers' amounts of a benefit
    /// are one.
    fn mapped_to(&self, account: &Account, is_one: impl Fn(&str) -> bool) -> Option<Account> {
        let benefit = self.lines.catalog.benefit_of_code_label(&account.benefit)?;
        let payer = if is_one(benefit) { Payer::Employee } else { account.payer };
        Some(Account { benefit: benefit.into(), payer, currency: account.currency })
    }

    /// Periods of an account before the day with what codes took that tonight's job maps to it. `anew`: those that are
    /// stated anew already; `by_record`: what states one of which the books hold nothing.
    pub(in crate::rules::balance) fn with_codes(
        &self,
        statement: &Statement<'_>,
        mut anew: Vec<AccountPeriod>,
        end: NaiveDate,
        tolerance: i64,
        is_one: bool,
        by_record: Option<(&Anew<'_>, NaiveDate, i64)>,
    ) -> Vec<AccountPeriod> {
        let Statement { employee, account, .. } = statement;
        let owing = |period: PayPeriod| {
            let (anew, from, owed) = by_record?;
            let record = anew.own_record(day_number(from), owed_then(statement, period, from, owed));
            let mut cell = AccountPeriod { cover_from: Some(from), ..AccountPeriod::new(period, self.night) };
            cell.expect(anew.by_record(period, record, None)?);
            Some(cell)
        };
        // Accounts come by benefit, those of codes nearly first.
        let from_codes = employee.accounts().skip_while(|(other, _)| *other.benefit < *"(");
        let of_codes = from_codes.take_while(|(other, _)| is_of_code(other));
        let mapped = of_codes.filter(|(other, _)| self.mapped_to(other, |_| is_one).as_ref() == Some(account));
        for theirs in mapped.flat_map(|(_, cells)| cells).filter(|theirs| is_held(theirs, end)) {
            let at = anew.iter().position(|own| own.period.end == theirs.period.end);
            let known = || cell(employee.cells(account), theirs.period.end).cloned().or_else(|| owing(theirs.period));
            let Some(mut own) = at.map(|at| anew[at].clone()).or_else(known) else { continue };
            own.movements += Movements::of(EntryKind::Taken, theirs.movements.get(EntryKind::Taken));
            let differs = own.movements.balance().abs() > i128::from(tolerance);
            own.code = own.code.or(Some(account.payer.amount_code())).filter(|_| differs);
            match at {
                Some(at) => anew[at] = own,
                None => anew.push(own),
            }
        }
        anew
    }

    /// An account of a code once what it held stands on that of a benefit. `is_changed`: the period of the latter is
    /// stated anew tonight.
    pub(in crate::rules::balance) fn moved_away(
        &self,
        account: &Account,
        cells: &[AccountPeriod],
        end: NaiveDate,
        is_one: impl Fn(&str) -> bool,
        is_changed: impl Fn(&Account, NaiveDate) -> bool,
    ) -> Vec<AccountPeriod> {
        let Some(to) = self.mapped_to(account, is_one) else { return Vec::new() };
        let moved = cells.iter().filter(|held| is_held(held, end) && is_changed(&to, held.period.end));
        moved.map(AccountPeriod::emptied).collect()
    }
}

fn is_held(cell: &AccountPeriod, end: NaiveDate) -> bool {
    cell.period.end < end && !cell.movements.is_nothing()
}
