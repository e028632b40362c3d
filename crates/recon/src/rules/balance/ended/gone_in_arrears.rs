//! The last deduction of a benefit that has ended, where deductions are in arrears: it pays for days before its period,
//! in which cover was there still.

use chrono::NaiveDate;

use crate::balance::{AccountPeriod, Employee};
use crate::rules::balance::Books;
use crate::rules::balance::earlier::left_out::last_due;
use crate::rules::balance::statement::Statement;
use crate::rules::calendar::proration::Span;
use crate::rules::lines::expected::NEVER;
use crate::rules::lines::pair::Pair;
use crate::rules::people::date;
use crate::rules::people::everybody::Person;
use crate::rules::place::Place;
use crate::scheme::FirstDeduction;
use tieout_model::balance::EntryKind;

/// What is known of cover in the days that a deduction pays for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Covered {
    /// All of them had, and so much is due.
    Whole(i64),
    /// It was seen in them, and gone only after the cut-off.
    Seen(i64),
    /// It ended in them, or nobody says when.
    Perhaps,
    No,
}

impl Books<'_> {
    /// The place of a line of a benefit that has ended: the days that its deduction pays for had cover, or not.
    pub(in crate::rules::balance) fn with_cover_in_arrears(
        &self,
        employee: Employee<'_>,
        person: &Person,
        pair: &Pair,
        place: Place,
    ) -> Place {
        use Place::{Accepted, En02, Tm07, UnverifiedEnded, UnverifiedVanished};
        let may_be_over = matches!(place, En02 | Tm07 | UnverifiedEnded | UnverifiedVanished);
        if !may_be_over || !self.ended_in_arrears(person, pair) || !self.lines.keeps(person, pair.label) {
            return place;
        }
        let known = self.lines.payers(pair).iter().filter_map(|payer| {
            let account = self.lines.account(pair, *payer)?;
            let statement = Statement::of(employee, person, account);
            let (taken, _, tolerance) = self.lines.amounts(pair, *payer);
            Some(match self.covered(&statement, pair)? {
                Covered::Whole(due) | Covered::Seen(due) if taken + tolerance < due => Covered::Perhaps,
                // More than that is told with the rest.
                Covered::Seen(due) if taken > due + tolerance => Covered::Whole(due),
                covered => covered,
            })
        });
        let known: Vec<Covered> = known.collect();
        match place {
            _ if known.contains(&Covered::No) => En02,
            _ if known.contains(&Covered::Perhaps) => UnverifiedEnded,
            _ if known.iter().any(|covered| matches!(covered, Covered::Seen(_))) => Tm07,
            // What was right at the cut-off is right of the days before it.
            Tm07 if known.is_empty() => Accepted,
            _ if known.is_empty() => place,
            _ => En02,
        }
    }

    /// What was due of the days that the line's deduction pays for, of a benefit that has ended after them.
    pub(in crate::rules::balance) fn due_in_arrears(&self, statement: &Statement<'_>, pair: &Pair) -> Option<i64> {
        let person = statement.person;
        match self.covered(statement, pair).filter(|_| self.ended_in_arrears(person, pair))? {
            Covered::Whole(due) | Covered::Seen(due) => Some(due),
            Covered::Perhaps | Covered::No => None,
        }
    }

    /// Payroll deducts in arrears, and takes something of a benefit that is in force no more. Of a leaver the leave
    /// date tells.
    pub(in crate::rules::balance) fn ended_in_arrears(&self, person: &Person, pair: &Pair) -> bool {
        let in_arrears = self.lines.scheme(person, pair.label).first_deduction == Some(FirstDeduction::InArrears);
        let ended = !pair.live && !pair.in_force && pair.collected();
        in_arrears && ended && !person.has_left() && person.payday.in_file == 1
    }

    /// `None`: the books hold nothing of it.
    fn covered(&self, statement: &Statement<'_>, pair: &Pair) -> Option<Covered> {
        let person = statement.person;
        let due = last_due(statement.cells, person.period())?;
        let window = person.cover(pair, self.lines.scheme(person, pair.label)).window;
        if pair.expected() && pair.changed != NEVER {
            return Some(match pair.changed {
                day if day < window.first => Covered::No,
                day if day < window.last => Covered::Perhaps,
                _ => Covered::Whole(due),
            });
        }
        self.seen_in(statement, window, due)
    }

    /// By the nights that saw the record: the last one, and the first one without it.
    fn seen_in(&self, statement: &Statement<'_>, window: Span, due: i64) -> Option<Covered> {
        let regular = |cell: &&AccountPeriod| !cell.period.is_one_day();
        let in_force = |cell: &AccountPeriod| cell.cover_from.is_some() && cell.movements.get(EntryKind::Expected) > 0;
        let earlier: Vec<&AccountPeriod> = statement.earlier(statement.person).filter(regular).collect();
        let last = earlier.iter().rposition(|cell| in_force(cell))?;
        let gone = earlier.get(last + 1).map_or(self.night, |cell| cell.found_on);
        Some(match earlier[last].found_on {
            _ if gone <= self.cutoff_of(window) => Covered::No,
            seen if seen > date(window.last) => Covered::Whole(due),
            seen if seen >= date(window.first) => Covered::Seen(due),
            _ => Covered::Perhaps,
        })
    }

    /// The cut-off of the pay period that has these days.
    fn cutoff_of(&self, days: Span) -> NaiveDate {
        date(days.last) + (self.file.cutoff - self.file.end)
    }
}
