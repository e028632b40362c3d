//! The first part of a new benefit: where the books know that nothing was before it, what no accepted practice takes is
//! wrong, and stays open until all that was taken of it is what one does.

use crate::balance::{AccountPeriod, Employee, Open};
use crate::rules::balance::prices::anew::Anew;
use crate::rules::balance::statement::{Statement, with};
use crate::rules::balance::{Books, periods};
use crate::rules::calendar::cover::CoverShare;
use crate::rules::lines::pair::Pair;
use crate::rules::people::date;
use crate::rules::people::everybody::Person;
use crate::rules::place::Place;
use tieout_model::balance::EntryKind;
use tieout_model::code::Code;

impl Books<'_> {
    /// The place of a line that was not judged, for its cover may have replaced another one.
    pub(in crate::rules::balance) fn with_nothing_before(
        &self,
        employee: Employee<'_>,
        person: &Person,
        pair: &Pair,
        place: Place,
    ) -> Place {
        let scheme = self.lines.scheme(person, pair.label);
        let is_whole_pay = scheme.percent_of_pay != Some(true) && person.employer_share(pair, scheme).is_none();
        if place != Place::UnverifiedPart || !is_whole_pay || person.payday.in_file != 1 {
            return place;
        }
        let Some(previous) = periods::before(date(person.payday.start), date(person.payday.end)).next() else {
            return place;
        };
        let is_first = |payer: &_| {
            let Some(account) = self.lines.account(pair, *payer) else { return false };
            let is_known = employee.known(&account).any(|period| period == previous);
            let statement = Statement::of(employee, person, account);
            let nothing = statement.earlier(person).all(|cell| cell.movements.is_nothing());
            is_known && nothing && !statement.stands_elsewhere(previous) && self.replaced(&statement, pair).is_empty()
        };
        let is_only_record = !self.lines.superseded.contains_key(&(pair.emp, pair.label));
        if is_only_record && self.lines.payers(pair).iter().all(is_first) { Place::Am08 } else { place }
    }
}

/// States the first part anew among the earlier periods that are, as so much `more` than tonight's own makes it one
/// that an accepted practice takes.
pub(in crate::rules::balance) fn make_up(
    statement: &Statement<'_>,
    anew: &Anew<'_>,
    restated: &mut Vec<AccountPeriod>,
    more: i64,
    tolerance: i64,
) {
    if let Some(part) = made_up(statement, anew, &with(statement.cells, restated), more, tolerance) {
        restated.retain(|cell| cell.period.end != part.period.end);
        restated.push(part);
    }
}

/// The first part, where nothing else is open.
fn made_up(
    statement: &Statement<'_>,
    anew: &Anew<'_>,
    cells: &[AccountPeriod],
    more: i64,
    tolerance: i64,
) -> Option<AccountPeriod> {
    let person = statement.person;
    let end = date(person.payday.end);
    let open = Open::of(cells.iter().filter(|cell| cell.period.end != end));
    let beyond = i128::from(more) - open.amount;
    let by_record = |cell: &&AccountPeriod| cell.code.is_some() && cell.cover_from == anew.first.map(date);
    let is_right = |cell: &&AccountPeriod| {
        let all = i64::try_from(i128::from(cell.movements.get(EntryKind::Expected)) + beyond).ok()?;
        let cover = anew.cover(cell.period, anew.first)?;
        let is_part = cell.code == Some(Code::AM08) && cover.begins() && cover.share(anew.scheme) == CoverShare::Open;
        let whole = anew.own_whole_in(cell.period)?;
        let right = is_part && cover.accepts(all, whole, tolerance);
        (right || anew.is_first_part_of(cell, all, whole)).then_some(all)
    };
    let earlier = cells.iter().filter(|cell| cell.period.end < end);
    let (part, all) = earlier.filter(by_record).filter_map(|cell| Some((cell, is_right(&cell)?))).next_back()?;
    let is_alone = open.items.iter().all(|item| item.period == part.period);
    if more.abs() <= tolerance || !is_alone {
        return None;
    }
    let mut part = part.clone();
    part.expect(all);
    Some(part)
}
