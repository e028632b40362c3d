//! A salary sacrifice that the job names only later: what both payers paid is one amount, which stands on the
//! employee's account. What the employer's account held before goes there.

use chrono::NaiveDate;

use crate::balance::{AccountPeriod, OF_PAY};
use crate::rules::balance::Change;
use crate::rules::balance::statement::Statement;
use tieout_model::balance::{Account, EntryKind, Movements};
use tieout_model::code::Code;
use tieout_model::finding::Payer;

/// Periods of the employee's account before this day, with what stands on the employer's. `anew`: those of the former
/// that are stated anew already, which owe the whole amount.
pub(in crate::rules::balance) fn joined(
    statement: &Statement<'_>,
    anew: &[AccountPeriod],
    end: NaiveDate,
    tolerance: i64,
) -> Vec<AccountPeriod> {
    let employers = Account { payer: Payer::Employer, ..statement.account.clone() };
    let join = |theirs: &AccountPeriod| {
        let is_same = |cell: &&AccountPeriod| cell.period.end == theirs.period.end;
        let mut more = theirs.movements;
        let own = match anew.iter().find(is_same) {
            Some(cell) => {
                more += Movements::of(EntryKind::Expected, -more.get(EntryKind::Expected));
                cell
            }
            None => statement.cells.iter().find(is_same)?,
        };
        let mut both = own.clone();
        both.movements += more;
        let differs = both.movements.balance().abs() > i128::from(tolerance);
        both.code = match own.code {
            Some(OF_PAY) if theirs.code == Some(OF_PAY) => Some(OF_PAY),
            // Both took something of it.
            Some(Code::EN01) if differs && theirs.movements.collected() != 0 => Some(Code::AM01),
            code => code.or(theirs.code.filter(|_| !theirs.is_unsettled())).filter(|_| differs),
        };
        Some(both)
    };
    let held = statement.employee.cells(&employers).iter();
    held.filter(|cell| cell.period.end < end && !cell.movements.is_nothing()).filter_map(join).collect()
}

/// The employer's account once what it held stands on the employee's, whose changes these are.
pub(in crate::rules::balance) fn emptied(
    account: &Account,
    cells: &[AccountPeriod],
    end: NaiveDate,
    changes: &[Change<'_>],
) -> Vec<AccountPeriod> {
    let employees = Account { payer: Payer::Employee, ..account.clone() };
    let is_joined =
        |cell: &&AccountPeriod| changes.iter().any(|c| c.account == employees && c.cell.period.end == cell.period.end);
    let held = cells.iter().filter(|cell| cell.period.end < end && !cell.movements.is_nothing());
    held.filter(is_joined).map(AccountPeriod::emptied).collect()
}
