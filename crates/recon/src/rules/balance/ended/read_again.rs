//! A period that an earlier night judged, whose file is read again once cover has ended: what ends after a period takes
//! back nothing of it.

use crate::balance::{AccountPeriod, Employee, cell};
use crate::rules::balance::Books;
use crate::rules::balance::statement::Statement;
use crate::rules::lines::expected::NEVER;
use crate::rules::lines::pair::Pair;
use crate::rules::people::date;
use crate::rules::people::everybody::Person;
use crate::rules::place::Place;
use tieout_model::balance::EntryKind;
use tieout_model::code::Code;
use tieout_model::finding::Payer;

/// What is found where something is taken and no cover is in force.
const WITHOUT_COVER: [Code; 5] = [Code::EN02, Code::EN05, Code::EN11, Code::EN15, Code::EN16];

impl Books<'_> {
    /// What an earlier night found of the person's period by cover that was in force after its last day, and is no
    /// more. `pair`: tonight's line, where there is one.
    pub(in crate::rules::balance) fn judged_before<'e>(
        &self,
        statement: &Statement<'e>,
        pair: Option<&Pair>,
    ) -> Option<&'e AccountPeriod> {
        let person = statement.person;
        let end = person.payday.end;
        let is_usual = person.is_judged() && !person.disputed && person.payday.in_file == 1;
        if !is_usual || pair.is_some_and(|pair| pair.in_force || pair.live) {
            return None;
        }
        let held = cell(statement.cells, date(end)).filter(|held| !held.period.is_one_day())?;
        let without_cover = held.code.is_some_and(|code| WITHOUT_COVER.contains(&code));
        let by_cover = held.cover_from.is_some() && !held.is_unsettled() && !without_cover;
        // The leave date says nothing new.
        let stays = person.leave.is_none_or(|leave| leave >= end || held.cover_from == Some(date(leave)));
        let ended = pair.filter(|pair| pair.expected() && pair.changed != NEVER).map(|pair| pair.changed);
        let after = ended.map_or(held.found_on > date(end), |ended| ended > end);
        Some(held).filter(|_| by_cover && stays && after && held.found_on < self.night)
    }

    /// The same of a line that ends in `place`.
    pub(in crate::rules::balance) fn line_judged_before<'e>(
        &self,
        statement: &Statement<'e>,
        pair: &Pair,
        place: Place,
    ) -> Option<&'e AccountPeriod> {
        let by_amounts = matches!(place, Place::Matched | Place::Am01 | Place::Am02 | Place::AmBoth);
        self.judged_before(statement, Some(pair)).filter(|_| by_amounts)
    }

    /// The place of a line whose cover is not in force any more, by what was due while it was.
    pub(in crate::rules::balance) fn as_judged_before(
        &self,
        employee: Employee<'_>,
        person: &Person,
        pair: &Pair,
        place: Place,
    ) -> Place {
        let by_tonight = matches!(
            place,
            Place::En02
                | Place::Tm07
                | Place::En05
                | Place::Matched
                | Place::UnverifiedEnded
                | Place::UnverifiedVanished
                | Place::UnverifiedLate
        );
        if pair.in_force || !by_tonight || !self.lines.keeps(person, pair.label) {
            return place;
        }
        let due = |payer: Payer| {
            let account = self.lines.account(pair, payer)?;
            let statement = Statement::of(employee, person, account);
            self.judged_before(&statement, Some(pair)).map(|held| held.movements.get(EntryKind::Expected))
        };
        let due = Payer::BOTH.map(due);
        if due == [None; 2] {
            return place;
        }
        let differs = Payer::BOTH.map(|payer| {
            let (taken, _, tolerance) = self.lines.amounts(pair, payer);
            let compared = self.lines.payers(pair).contains(&payer);
            compared && (taken - due[payer as usize].unwrap_or_default()).abs() > tolerance
        });
        match differs {
            [false, false] if place == Place::Tm07 => place,
            [false, false] => Place::Matched,
            [true, false] => Place::Am01,
            [false, true] => Place::Am02,
            [true, true] => Place::AmBoth,
        }
    }
}
