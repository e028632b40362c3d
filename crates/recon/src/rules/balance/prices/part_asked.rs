//! The first part of cover where its own period was asked for it, or took it: what is taken after it is no part of it
//! in arrears.

use crate::balance::{AccountPeriod, Employee, cell as cell_of};
use crate::rules::balance::Books;
use crate::rules::calendar::cover::{Cover, CoverShare};
use crate::rules::ladder;
use crate::rules::lines::pair::Pair;
use crate::rules::people::date;
use crate::rules::people::everybody::Person;
use crate::rules::place::Place;
use crate::rules::timeline::late_changes::LateChange;
use crate::scheme::{FirstDeduction, Scheme};
use tieout_model::balance::EntryKind;

impl Books<'_> {
    /// The place of a line that was accepted as a part in arrears.
    pub(in crate::rules::balance) fn with_part_asked(
        &self,
        employee: Employee<'_>,
        person: &Person,
        pair: &Pair,
        place: Place,
    ) -> Place {
        let scheme = self.lines.scheme(person, pair.label);
        let cover = person.cover(pair, scheme);
        let whole = cover.share(scheme) == CoverShare::Whole && scheme.percent_of_pay != Some(true);
        let in_arrears = place == Place::Accepted && whole && ladder::in_arrears(pair, scheme, &cover);
        let Some(first) = cover.before().filter(|_| in_arrears) else { return place };
        let is_asked = |payer: &_| {
            let Some(account) = self.lines.account(pair, *payer) else { return false };
            let known = cell_of(employee.cells(&account), date(first.window.last));
            known.is_some_and(|cell| is_asked(cell, &first, scheme, self.lines.amounts(pair, *payer)))
        };
        if !self.lines.payers(pair).iter().any(is_asked) {
            return place;
        }
        let own = Scheme { first_deduction: Some(FirstDeduction::SamePay), ..scheme.clone() };
        ladder::plain(pair, person, &self.lines.labels[pair.label as usize], &own, LateChange::No)
    }
}

/// The period in which cover began owes its part by a rule, or took what together with tonight's is no part of it.
fn is_asked(cell: &AccountPeriod, first: &Cover, scheme: &Scheme, (taken, due, tolerance): (i64, i64, i64)) -> bool {
    let collected = i64::try_from(cell.movements.collected()).unwrap_or(i64::MAX);
    let nothing = cell.movements.get(EntryKind::Expected) == 0 && collected == 0;
    let with_tonight = collected.saturating_add(taken) - due;
    !nothing && (first.share(scheme) != CoverShare::Open || !first.accepts(with_tonight, due, tolerance))
}
