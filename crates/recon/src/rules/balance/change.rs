//! What tonight changes of an account in a period, as it is posted.

use crate::balance::AccountPeriod;
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
        let AccountPeriod { period, code, cover_from, .. } = cell;
        let nothing = movements.is_nothing() && same_code && noted;
        (!nothing).then_some(Posting { account, period, movements, code, cover_from, by_gross })
    }
}
