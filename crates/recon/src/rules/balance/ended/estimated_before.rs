//! A period of an Oyster benefit that an earlier night judged by what was in force then, whose file is read again after
//! Oyster has moved on: an enrollment or employment that ends later, or another share or price, takes back nothing.

use crate::balance::{AccountPeriod, Employee, Settled, Tonight, cell, settle};
use crate::rules::balance::Books;
use crate::rules::balance::line::{OfAccount, OfLine};
use crate::rules::balance::statement::Statement;
use crate::rules::lines::pair::Pair;
use crate::rules::people::date;
use crate::rules::people::everybody::Person;
use crate::rules::place::Place;
use tieout_model::balance::EntryKind;
use tieout_model::code::Code;
use tieout_model::finding::Payer;

impl Books<'_> {
    /// What a night after the last day of the person's period found of it by what Oyster had in force.
    pub(in crate::rules::balance) fn estimated_before<'e>(
        &self,
        statement: &Statement<'e>,
    ) -> Option<&'e AccountPeriod> {
        let person = statement.person;
        let held = cell(statement.cells, date(person.payday.end)).filter(|held| !held.period.is_one_day())?;
        let by_cover =
            matches!(held.code, None | Some(Code::AM15 | Code::EN09)) && held.movements.get(EntryKind::Expected) != 0;
        let is_usual = person.is_judged() && person.payday.in_file == 1;
        Some(held).filter(|_| is_usual && by_cover && held.found_on > held.period.end && held.found_on < self.night)
    }

    /// A line of Oyster's whose period was judged before, by what was due then. `tonight`: what it comes to by what
    /// Oyster says now. `None`: that is the same, or is what counts.
    pub(in crate::rules::balance) fn as_estimated_before<'e>(
        &self,
        employee: Employee<'e>,
        person: &'e Person,
        pair: &Pair,
        tonight: Option<&Result<OfLine<'e>, Place>>,
    ) -> Option<OfLine<'e>> {
        let oyster = self.lines.oyster.filter(|oyster| oyster.is_readable(pair))?;
        let in_force = oyster.may_be_charged(pair.emp, pair.label, self.lines.benefit(pair.label));
        let mut accounts = Vec::new();
        for payer in Payer::BOTH.into_iter().filter(|payer| *payer == Payer::Employee || pair.employer) {
            let Some(account) = self.lines.account(pair, payer) else { continue };
            let statement = Statement::of(employee, person, account);
            let held = self.estimated_before(&statement);
            let Some(held) = held.filter(|held| !in_force || is_borne_out(&statement, held)) else { continue };
            let taken = if payer == Payer::Employee { pair.employee_taken } else { pair.employer_taken };
            let settled = self.settled_as_before(&statement, held, taken);
            accounts.push(OfAccount { statement, restated: Vec::new(), settled, unknown: None, tolerance: 0 });
        }
        let is_said = |own: &OfAccount<'_>| {
            let of_line = tonight.and_then(|line| line.as_ref().ok());
            let mut own_accounts = of_line.into_iter().flat_map(|line| &line.accounts);
            own_accounts.any(|said| {
                said.statement.account == own.statement.account
                    && said.settled.cell.movements == own.settled.cell.movements
            })
        };
        if accounts.iter().all(is_said) {
            return None;
        }
        Some(OfLine { place: Place::Matched, settles: true, accounts })
    }

    fn settled_as_before(&self, statement: &Statement<'_>, held: &AccountPeriod, taken: i64) -> Settled {
        let due = held.movements.get(EntryKind::Expected);
        let again = i128::from(taken) == held.movements.collected();
        let within = self.lines.oyster.is_some_and(|oyster| (taken - due).abs() <= oyster.tolerance(due));
        let expected = if !again && within { taken } else { due };
        let code = held.code.unwrap_or(Code::AM15);
        let tonight = self.tonight(held.period, statement.account.payer, expected, taken, 0);
        settle(statement.cells, &Tonight { code: Some(code), ..tonight })
    }
}

/// What is in force tonight makes another amount due; the one of then was right, or another period was right by it.
fn is_borne_out(statement: &Statement<'_>, held: &AccountPeriod) -> bool {
    let due = held.movements.get(EntryKind::Expected);
    let is_alike = |other: &AccountPeriod| other.code.is_none() && other.movements.get(EntryKind::Expected) == due;
    statement.cells.iter().any(is_alike)
}
