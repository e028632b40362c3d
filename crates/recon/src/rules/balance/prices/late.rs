//! What is due of a line that payroll has as it was right before a late change (TM07).

use crate::balance::{AccountPeriod, cell};
use crate::rules::balance::Books;
use crate::rules::balance::line::from;
use crate::rules::balance::statement::Statement;
use crate::rules::calendar::cover::Cover;
use crate::rules::lines::pair::Pair;
use crate::rules::people::everybody::Person;
use crate::rules::people::{date, day_number};
use crate::scheme::FirstDeduction;
use tieout_model::balance::EntryKind;

/// Days into those that a deduction in advance pays for, by which cover that is gone has ended before them.
const GONE_DAYS: i32 = 7;

impl Books<'_> {
    /// A change that does not say since when it holds leaves what was taken due.
    pub(in crate::rules::balance) fn due_of_late(&self, statement: &Statement<'_>, pair: &Pair) -> i64 {
        let person = statement.person;
        let (taken, due, _) = self.lines.amounts(pair, statement.account.payer);
        let cover = person.cover(pair, self.lines.scheme(person, pair.label));
        if let Some(due) = self.due_by_rule(statement, pair) {
            return due;
        }
        let is_dated = pair.changed > day_number(self.file.cutoff) && dated(statement, pair, &cover, due);
        match self.ended_before_its_days(person, pair, &cover) || self.gave_way(person, pair) {
            true => 0,
            false if is_dated => due,
            false => taken,
        }
    }

    /// What was deducted in advance was right at the cut-off, and pays for days before which cover has ended.
    fn ended_before_its_days(&self, person: &Person, pair: &Pair, cover: &Cover) -> bool {
        let scheme = self.lines.scheme(person, pair.label);
        let in_advance = scheme.first_deduction == Some(FirstDeduction::InAdvance);
        let gone = !pair.live && person.leave.is_none() && pair.collected();
        in_advance && gone && day_number(self.night) <= cover.window.first + GONE_DAYS
    }
}

/// A late change that says from which day on it holds: for all days that the deduction pays for, and in a record that
/// no earlier night knew, or of which one knew only once payroll had taken an earlier period's amount. `due`: by it.
fn dated(statement: &Statement<'_>, pair: &Pair, cover: &Cover, due: i64) -> bool {
    let person = statement.person;
    let from = from(pair);
    let left = person.leave.map(date);
    let by_record = |cell: &&AccountPeriod| left.is_none() || cell.cover_from != left;
    let last = statement.earlier(person).rfind(by_record);
    let known = last.and_then(|cell| cell.cover_from);
    let owes = |cell: &AccountPeriod| cell.movements.get(EntryKind::Expected) == due && cell.movements.balance() != 0;
    let of_all_days = from.is_some_and(|from| from <= date(cover.window.first));
    // An earlier night on the same file may have known it: earlier periods have its first day since.
    let held = cell(statement.cells, date(person.payday.end)).filter(|held| held.cover_from == from);
    let judged = held.is_some_and(|held| held.movements.balance() != 0);
    pair.live && of_all_days && (known.is_none() || known != from || judged || last.is_some_and(owes))
}
