//! What the books hold open of a line before tonight.

use crate::balance::{AccountPeriod, BalanceHistory};
use crate::rules::lines::labels::Catalog;
use crate::rules::lines::pair::Pair;
use crate::rules::people::date;
use crate::rules::people::everybody::Person;
use crate::rules::people::ids::Ids;
use tieout_model::finding::Payer;

/// What the books say is owed to people, and by them.
pub(in crate::rules::lines) struct Owed<'n> {
    pub(in crate::rules::lines) books: &'n BalanceHistory,
    pub(in crate::rules::lines) catalog: &'n Catalog<'n>,
    pub(in crate::rules::lines) ids: &'n Ids<'n>,
    pub(in crate::rules::lines) everybody: &'n [Person],
}

impl Owed<'_> {
    /// The line gives back no more than what earlier periods took too much, with what is due tonight kept of it.
    /// `apart`: what is due tonight is not taken with it.
    pub(in crate::rules::lines) fn is_refund(&self, pair: &Pair, apart: bool) -> bool {
        let owed = |payer: Payer| self.open(pair, payer).min(0);
        let (paid, due, payer) = if pair.employee_taken == 0 {
            (pair.employer_taken, pair.employer_due, Payer::Employer)
        } else {
            (pair.employee_taken, pair.employee_due, Payer::Employee)
        };
        let due = if apart || pair.date_kind.is_free() { 0 } else { due.max(0) };
        i128::from(paid) + i128::from(pair.tolerance) >= owed(payer) + i128::from(due)
    }

    /// Earlier periods of the line left nothing open.
    pub(in crate::rules::lines) fn is_nothing(&self, pair: &Pair) -> bool {
        Payer::BOTH.into_iter().all(|payer| self.open(pair, payer) == 0)
    }

    /// An earlier period took something for the benefit of the line.
    pub(in crate::rules::lines) fn was_taken(&self, pair: &Pair) -> bool {
        Payer::BOTH.into_iter().any(|payer| self.earlier(pair, payer).any(|cell| cell.movements.collected() != 0))
    }

    /// The same, as a deduction is written.
    pub(in crate::rules::lines) fn was_collected(&self, pair: &Pair) -> bool {
        Payer::BOTH.into_iter().any(|payer| self.earlier(pair, payer).any(|cell| cell.movements.collected() > 0))
    }

    /// What earlier periods left open. Counts of 1/10,000.
    fn open(&self, pair: &Pair, payer: Payer) -> i128 {
        self.earlier(pair, payer).map(AccountPeriod::difference).sum()
    }

    fn earlier(&self, pair: &Pair, payer: Payer) -> impl Iterator<Item = &AccountPeriod> {
        let start = date(self.everybody[pair.emp as usize].payday.start);
        let benefit = self.catalog.labels.text(pair.label);
        let accounts = self.books.of(self.ids.text(pair.emp)).accounts();
        let of_payer = accounts.filter(move |(account, _)| *account.benefit == *benefit && account.payer == payer);
        of_payer.flat_map(|(_, cells)| cells).filter(move |cell| cell.period.end < start)
    }
}
