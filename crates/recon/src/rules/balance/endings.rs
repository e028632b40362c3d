//! How the money of findings ended that are gone tonight.

use std::collections::BTreeMap;

use super::tally::Tally;
use crate::rules::night::Night;
use tieout_model::balance::{Account, Ending};
use tieout_model::finding::Payer;
use tieout_model::money::Currency;

/// Endings by employee and benefit, of the employee's account and the employer's.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Endings(BTreeMap<(String, String), Vec<OfPayer>>);

/// How the money of one payer ended, and how much it was, counts of 1/10,000.
type OfPayer = (Payer, Ending, i128, Currency);

impl Endings {
    /// The ending of a finding that is about these payers' money; `None` where no account is kept of it, or in several
    /// currencies.
    pub fn of(&self, employee_id: &str, benefit: &str, payers: &[Payer]) -> Option<(Ending, i128, Currency)> {
        let all = self.0.get(&(employee_id.to_owned(), benefit.to_owned()))?;
        let of_payers: Vec<_> = all.iter().filter(|(payer, ..)| payers.contains(payer)).collect();
        let (_, _, _, currency) = of_payers.first()?;
        let ending = of_payers.iter().map(|(_, ending, ..)| *ending).max()?;
        let amount = of_payers.iter().map(|(_, _, amount, _)| *amount).sum();
        of_payers.iter().all(|(.., other)| other == currency).then_some((ending, amount, *currency))
    }
}

/// Of all accounts in which something was open before tonight or has been written off.
pub(in crate::rules) fn endings(night: &Night<'_>) -> Endings {
    let mut endings = Endings::default();
    let former = night.balances.former.iter().map(|(emp, former)| (emp, &former.accounts));
    for (emp, accounts) in night.balances.accounts.iter().chain(former) {
        for (account, tally) in accounts {
            let Some((ending, amount)) = ending(tally) else { continue };
            let Account { benefit, payer, currency } = account;
            let key = (night.id(*emp).to_owned(), benefit.to_string());
            endings.0.entry(key).or_default().push((*payer, ending, amount, *currency));
        }
    }
    endings
}

fn ending(tally: &Tally) -> Option<(Ending, i128)> {
    if tally.is_open() {
        // What is open now is the other finding's.
        let was_open = if tally.opening == 0 { tally.open.amount } else { tally.opening };
        return Some((Ending::GoesOn, was_open));
    }
    match (tally.opening, tally.settled, tally.written_off) {
        (0, _, 0) => None,
        (0, _, written_off) => Some((Ending::WrittenOff, written_off)),
        (opening, 0, _) if tally.put_off.is_some() => Some((Ending::PutOff, opening)),
        (opening, 0, _) => Some((Ending::NeverOwed, opening)),
        (opening, ..) => Some((Ending::MadeGood, opening)),
    }
}
