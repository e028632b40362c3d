//! What a leaver's last days cost, where the service lists the benefit no more: of the period itself, or after it where
//! deductions are in arrears.

use crate::balance::{AccountPeriod, Open};
use crate::rules::balance::Books;
use crate::rules::balance::earlier::left_out::last_due;
use crate::rules::balance::prices::anew::Anew;
use crate::rules::balance::statement::Statement;
use crate::rules::calendar::cover::CoverShare;
use crate::rules::calendar::proration::prorated;
use crate::rules::people::date;
use crate::scheme::FirstDeduction;
use tieout_model::balance::EntryKind;

impl Books<'_> {
    /// What tonight's period owes for the days before somebody left, on an account without a line; 0: nothing, or no
    /// rule says how much. Counts of 1/10,000.
    pub(in crate::rules::balance) fn last_without_line(&self, statement: &Statement<'_>, label: u32) -> i64 {
        let person = statement.person;
        let scheme = self.lines.scheme(person, label);
        let due = match scheme.first_deduction {
            _ if person.disputed || person.payday.in_file != 1 || !person.is_answered() => None,
            Some(FirstDeduction::InArrears) => self.of_last_days(statement, label),
            // Whoever is off payroll was paid out before.
            _ if !person.on_payroll || scheme.percent_of_pay == Some(true) => None,
            _ => self.of_last_period(statement, label),
        };
        due.unwrap_or_default()
    }

    /// The same of a period in which cover lasts that somebody leaves or has left, by the price of the one just before.
    fn of_last_period(&self, statement: &Statement<'_>, label: u32) -> Option<i64> {
        let person = statement.person;
        let anew = Anew::without_line(self, statement, label);
        let period = person.period();
        let leave = person.leave.filter(|leave| *leave <= person.payday.end)?;
        let cover = anew.cover(period, None).filter(|cover| !cover.is_over())?;
        let is_regular = |cell: &&AccountPeriod| !cell.period.is_one_day() && cell.period.end < period.end;
        let mut before = statement.cells.iter().rev().filter(is_regular);
        let due = |cell: &AccountPeriod| cell.movements.get(EntryKind::Expected);
        let last = before.next()?;
        let just_before = period.start.and_then(|start| start.pred_opt()) == Some(last.period.end);
        // A record that vanished before somebody left had ended.
        let was_there = last.cover_from.is_some() || last.found_on >= date(leave);
        let in_force = was_there && due(last) > 0;
        let whole = last_due(statement.cells, period).filter(|_| just_before && in_force)?;
        // A final pay may have taken the rest of the cover beside its own; of another record, it is another price.
        let has_left = leave < person.payday.start;
        let usual = match before.next().filter(|_| has_left) {
            Some(other) => {
                let by_leave = last.cover_from.is_none_or(|day| day == date(leave));
                let usual = due(other) > 0 && (by_leave || other.cover_from == last.cover_from);
                if usual { due(other) } else { whole }
            }
            None if has_left => return None,
            None => whole,
        };
        let (whole, ahead) = (whole.min(usual), (whole - usual).max(0));
        match cover.share(anew.scheme) {
            CoverShare::Whole => Some((whole - ahead).max(0)),
            CoverShare::Part(method, days) => {
                Some((prorated(whole, method, cover.window, days, anew.unit) - ahead).max(0))
            }
            CoverShare::Open if has_left => None,
            // Left out, it gives back what was too much before.
            CoverShare::Open => {
                let open = Open::of(statement.cells.iter().filter(|cell| cell.period.end < period.end));
                let given_back = i64::try_from(-open.amount).ok().filter(|amount| *amount > 0);
                given_back.filter(|amount| cover.accepts(*amount, whole, anew.unit))
            }
            CoverShare::Nothing => None,
        }
    }

    fn of_last_days(&self, statement: &Statement<'_>, label: u32) -> Option<i64> {
        let person = statement.person;
        let anew = Anew::without_line(self, statement, label);
        let period = person.period();
        let cover = anew.cover(period, None).filter(|cover| cover.outlasts_leave())?;
        let is_regular = |cell: &&AccountPeriod| !cell.period.is_one_day() && cell.period.end < period.end;
        let mut before = statement.cells.iter().rev().filter(is_regular);
        let due = |cell: &AccountPeriod| cell.movements.get(EntryKind::Expected);
        // Whoever had no such cover in the days that are paid for owes nothing for them.
        let last = before.next().filter(|cell| cell.period.end == date(cover.window.last) && due(cell) > 0)?;
        // A record that vanished before somebody left had ended, nobody knows when.
        let vanished = last.cover_from.is_none() && person.leave.is_some_and(|leave| date(leave) > last.period.end);
        if vanished {
            return None;
        }
        // The final pay may have taken it beside its own.
        let by_no_record = last.cover_from.is_none() || last.cover_from == person.leave.map(date);
        let same_record = |other: &&AccountPeriod| other.cover_from == last.cover_from || by_no_record;
        let usual = before.next().filter(same_record).map_or(due(last), due);
        let ahead = (due(last) - usual).max(0);
        let whole = if ahead > 0 { usual } else { last_due(statement.cells, period)? };
        let share = match cover.share(anew.scheme) {
            CoverShare::Whole => whole,
            CoverShare::Part(method, days) => prorated(whole, method, cover.window, days, anew.unit),
            CoverShare::Nothing | CoverShare::Open => 0,
        };
        Some((share - ahead).max(0))
    }
}
