//! The books' own proof, by benefit, payer and currency: what they held before, what the night posts, and what the
//! accounts hold afterwards, each added up for itself.

use std::collections::BTreeMap;

use crate::balance::BalanceHistory;
use tieout_model::balance::{Account, BalanceTotal, EntryKind, Page};

/// Sums under way.
#[derive(Default)]
pub(super) struct Sums {
    totals: BTreeMap<Account, BalanceTotal>,
}

impl Sums {
    /// As the books stood before the night, with what an earlier run of it posted; `Sums::changed` tells what becomes
    /// of them.
    pub(super) fn opening(history: &BalanceHistory) -> Sums {
        let mut sums = Sums::default();
        for (account, balance) in history.balances().filter(|(_, balance)| *balance != 0) {
            let total = sums.of(account);
            total.opening += balance;
            total.closing += balance;
        }
        for (account, posted) in history.posted() {
            let total = sums.of(account);
            let [expected, taken, caught_up, refunded, written_off] = *posted;
            total.opening -= expected - taken - caught_up + refunded - written_off;
            total.movements.iter_mut().zip(posted).for_each(|(sum, amount)| *sum += amount);
        }
        sums
    }

    /// An account holds so much more after the night.
    pub(super) fn changed(&mut self, account: &Account, by: i128) {
        self.of(account).closing += by;
    }

    /// With what the night posts.
    pub(super) fn posted(mut self, pages: &[Page]) -> Vec<BalanceTotal> {
        for posting in pages.iter().flat_map(|page| &page.postings) {
            let total = self.of(&posting.account);
            for (sum, amount) in total.movements.iter_mut().zip(posting.movements.amounts()) {
                *sum += i128::from(amount);
            }
        }
        self.totals.into_values().filter(|total| total != &empty(&total.account)).collect()
    }

    fn of(&mut self, account: &Account) -> &mut BalanceTotal {
        if !self.totals.contains_key(account) {
            self.totals.insert(account.clone(), empty(account));
        }
        self.totals.get_mut(account).expect("just put there")
    }
}

fn empty(account: &Account) -> BalanceTotal {
    BalanceTotal { account: account.clone(), opening: 0, movements: [0; EntryKind::ALL.len()], closing: 0 }
}
