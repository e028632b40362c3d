//! A leave date in dispute: no line is judged until it is settled. What payroll took is posted as due, so that nobody
//! is accused meanwhile, and what is known later finds it.

use super::statement::Statement;
use super::{Books, Change};
use crate::balance::{AccountPeriod, Employee, UNSETTLED, cell};
use crate::rules::everybody::Person;
use crate::rules::pair::Pair;
use crate::rules::people::date;
use tieout_model::balance::Movements;

impl Books<'_> {
    /// The accounts of a line of somebody whose leave date is in dispute.
    pub(super) fn unsettled<'e>(&self, employee: Employee<'e>, person: &Person, pair: &Pair) -> Vec<Change<'e>> {
        let period = person.period();
        let of_payer = |payer| {
            let account = self.lines.account(pair, payer)?;
            let (taken, due, _) = self.lines.amounts(pair, payer);
            let statement = Statement { employee, cells: employee.cells(&account), account };
            let known = cell(statement.cells, period.end);
            let again = self.read_before.again(&statement, person, pair, self.lines.is_one_amount(pair));
            let nothing = (taken, due) == (0, 0) && known.is_none();
            if nothing || again.unclear || statement.holds_another_run(person, taken) {
                return None;
            }
            let taken = taken - again.taken;
            let cell = AccountPeriod {
                movements: Movements::from_amounts([taken, taken, 0, 0, 0]),
                code: Some(UNSETTLED),
                // It is no record that says so: any that is in force after all states it anew.
                cover_from: person.leave.map(date).or(period.start),
                ..known.copied().unwrap_or(AccountPeriod::new(period, self.night))
            };
            Some(Change { account: statement.account, known, cell })
        };
        self.lines.payers(pair).iter().copied().filter_map(of_payer).collect()
    }
}
