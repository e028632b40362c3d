//! Cover that ended with a period and is gone from the service when that is judged, or the one after it: what was due
//! till then, the books alone tell.

use std::collections::{BTreeMap, BTreeSet};

use chrono::NaiveDate;

use crate::balance::{AccountPeriod, ChangedCodes, Employee, cell as cell_of};
use crate::rules::balance::statement::Statement;
use crate::rules::balance::{Books, periods};
use crate::rules::lines::labels::Catalog;
use crate::rules::lines::pair::{Pair, Pairs};
use crate::rules::people::date;
use crate::rules::people::everybody::Person;
use crate::rules::place::Place;
use tieout_model::balance::{EntryKind, PayPeriod};
use tieout_model::finding::Payer;

/// Cover that is gone, and what may have taken its place.
#[derive(Debug, Default)]
pub(in crate::rules::balance) struct Gone {
    /// Employees and labels whose cover was in force at the cut-off and is gone tonight.
    lines: BTreeSet<(u32, u32)>,
    /// By `emp` of whom something is taken without cover: what is in force.
    begun: BTreeMap<u32, Vec<Begun>>,
}

/// A benefit that is in force.
#[derive(Clone, Copy, Debug)]
pub(super) struct Begun {
    pub(super) label: u32,
    /// First day of its cover.
    pub(super) first: NaiveDate,
    /// Day of its last change.
    pub(super) changed: i32,
    /// Payroll took something of it.
    pub(super) taken: bool,
}

impl Gone {
    /// `gone`: rows of lines.
    pub(in crate::rules::balance) fn new(gone: &BTreeSet<usize>, pairs: &Pairs<'_>, places: &[u32]) -> Gone {
        let key = |pair: Pair| (pair.emp, pair.label);
        let lines = gone.iter().map(|row| key(pairs.get(*row))).collect();
        let is_over = |place| matches!(place, Place::En02 | Place::Tm07 | Place::UnverifiedEnded);
        let without_cover = (0..pairs.len()).filter(|row| is_over(Place::of(places[*row])));
        let mut begun: BTreeMap<u32, Vec<Begun>> = without_cover.map(|row| (pairs.get(row).emp, Vec::new())).collect();
        if begun.is_empty() {
            return Gone { lines, begun };
        }
        for pair in (0..pairs.len()).map(|row| pairs.get(row)).filter(|pair| pair.live) {
            if let (Some(first), Some(all)) = (pair.first_day(), begun.get_mut(&pair.emp)) {
                let (first, taken) = (date(first), pair.taken());
                all.push(Begun { label: pair.label, first, changed: pair.changed, taken });
            }
        }
        Gone { lines, begun }
    }

    pub(super) fn begun_of(&self, emp: u32) -> &[Begun] {
        self.begun.get(&emp).map_or(&[], Vec::as_slice)
    }
}

/// Days after the end of such a period in which what it owes may still be collected: two months.
const LATE_DAYS: i64 = 62;

impl Books<'_> {
    /// A whole deduction of the period before, of cover that was in force at the cut-off and has gone since, or of the
    /// days that it pays for in arrears: more than that was for nothing, however the rest may be. `None`: another line.
    pub(in crate::rules::balance) fn last_due(&self, statement: &Statement<'_>, pair: &Pair) -> Option<i64> {
        let person = statement.person;
        if let Some(due) = self.due_in_arrears(statement, pair) {
            return Some(due);
        }
        let (taken, _, tolerance) = self.lines.amounts(pair, statement.account.payer);
        let before = periods::before(date(person.payday.start), date(person.payday.end)).next()?;
        // Of a line that is in force, a part of it is gone.
        let ended = !pair.expected() || pair.live;
        let is_gone = self.lines.gone.lines.contains(&(pair.emp, pair.label)) && ended && person.leave.is_none();
        let is_gone = (is_gone || self.was_seen_before(person, pair)) && !self.gave_way(person, pair);
        due_in(statement.cells, before).filter(|due| is_gone && taken + tolerance >= *due)
    }

    /// What is taken without cover may be what was due of a period just before, in which cover was seen still and has
    /// gone, and in which nothing was judged. `left`: of the difference, once it has settled what is known to be open.
    pub(in crate::rules::balance) fn may_be_of_the_end(
        &self,
        employee: Employee<'_>,
        person: &Person,
        pair: &Pair,
        place: Place,
        left: [i128; 2],
    ) -> bool {
        let is_gone = place == Place::En02 && !pair.expected() && person.leave.is_none() && pair.collected();
        if !is_gone || !left.iter().any(|left| *left > 0) {
            return false;
        }
        let (start, end) = (date(person.payday.start), date(person.payday.end));
        let before: Vec<PayPeriod> =
            periods::before(start, end).take_while(|period| (start - period.end).num_days() <= LATE_DAYS).collect();
        let begun = self.lines.gone.begun_of(pair.emp);
        before.windows(2).any(|periods| {
            let [end, whole] = [periods[0], periods[1]];
            // Another plan has taken its place from the first day of that period on.
            if begun.iter().any(|plan| plan.first > whole.end && end.start.is_some_and(|start| plan.first <= start)) {
                return false;
            }
            let within = |payer: &Payer| {
                let Some(account) = self.lines.account(pair, *payer) else { return true };
                let most = not_judged(employee.cells(&account), whole, end, start).unwrap_or_default();
                left[*payer as usize] <= most + i128::from(pair.tolerance)
            };
            Payer::BOTH.iter().all(within)
        })
    }
}

/// What a period in which cover was seen still may owe by the one before it, once what was taken in it and since, up to
/// a day, is taken off, as far as that was not judged either. `None`: it was judged.
fn not_judged(cells: &[AccountPeriod], whole: PayPeriod, end: PayPeriod, day: NaiveDate) -> Option<i128> {
    let was_seen = |cell: &&AccountPeriod| !cell.is_unsettled() && end.start.is_some_and(|day| cell.found_on >= day);
    cell_of(cells, whole.end).filter(was_seen)?;
    let is_open = cell_of(cells, end.end).is_none_or(|cell| cell.movements.is_nothing() || cell.is_untold());
    let since = cells.iter().filter(|cell| whole.end < cell.period.end && cell.period.end < day);
    let taken: i128 = since.filter(|cell| cell.is_untold()).map(|cell| cell.movements.collected()).sum();
    due_in(cells, whole).filter(|_| is_open).map(|due| i128::from(due) - taken)
}

/// What was due in a regular period, where something was.
fn due_in(cells: &[AccountPeriod], period: PayPeriod) -> Option<i64> {
    let cell = cell_of(cells, period.end).filter(|cell| !cell.period.is_one_day())?;
    Some(cell.movements.get(EntryKind::Expected)).filter(|due| *due > 0)
}

/// Benefits whose codes changed and of which tonight's records have none in force.
pub(in crate::rules::balance) fn plans(
    changed: &ChangedCodes,
    pairs: &Pairs<'_>,
    catalog: &Catalog<'_>,
) -> BTreeSet<String> {
    let mut ended: BTreeSet<String> = changed.keys().cloned().collect();
    if !ended.is_empty() {
        let in_force = (0..pairs.len()).map(|row| pairs.get(row)).filter(|pair| pair.in_force);
        in_force.for_each(|pair| _ = ended.remove(catalog.labels.text(pair.label)));
    }
    ended
}
