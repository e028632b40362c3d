//! What tonight changes of an account in a period, as it is posted.

use super::line::{OfAccount, from};
use super::prices::put_off::put_off;
use super::statement::Statement;
use super::tally::{Tally, is_in_doubt};
use crate::balance::{AccountPeriod, cell};
use crate::rules::lines::pair::Pair;
use crate::rules::people::everybody::Person;
use tieout_model::balance::{Account, Posting};

/// What tonight says of an account in a period, beside what the books held.
pub(super) struct Change<'b> {
    pub(super) account: Account,
    pub(super) known: Option<&'b AccountPeriod>,
    pub(super) cell: AccountPeriod,
}

impl Change<'_> {
    /// How much more the account holds.
    pub(super) fn of_balance(&self) -> i128 {
        self.cell.movements.balance() - self.known.map_or(0, |known| known.movements.balance())
    }

    /// What is to be posted, where anything is new.
    pub(super) fn posting(self) -> Option<Posting> {
        let Change { account, known, cell } = self;
        let mut movements = cell.movements;
        movements += -known.map(|known| known.movements).unwrap_or_default();
        let same_code = known.is_none_or(|known| known.code == cell.code);
        // The first look at a period notes the record of cover that it was judged by, even where nothing was due.
        let noted = known.is_some() || cell.cover_from.is_none();
        let by_gross = cell.by_gross();
        let noted = noted && (by_gross.is_none() || by_gross == known.and_then(AccountPeriod::by_gross));
        let AccountPeriod { period, code, cover_from, .. } = cell;
        let nothing = movements.is_nothing() && same_code && noted;
        (!nothing).then_some(Posting { account, period, movements, code, cover_from, by_gross })
    }
}

/// Notes what changes of an account, and what it comes to where that is notable.
pub(super) fn note_changes<'e>(
    OfAccount { statement, restated, settled, unknown, tolerance }: OfAccount<'e>,
    person: &Person,
    pair: &Pair,
    changes: &mut Vec<Change<'e>>,
) -> Option<(Account, Tally)> {
    let Statement { account, cells: known, .. } = statement;
    let put_off = put_off(known, &restated, from(pair), person);
    for now in restated.into_iter().chain([settled.cell.clone()]) {
        changes.push(Change { account: account.clone(), known: cell(known, now.period.end), cell: now });
    }
    let in_doubt = !pair.in_force && is_in_doubt(person, known);
    let tally = Tally::new(known, settled, tolerance, unknown)?;
    Some((account, Tally { in_doubt, put_off, ..tally }))
}
