//! How the money of findings ended that are gone tonight.

use std::collections::BTreeMap;

use super::tally::Tally;
use crate::rules::night::Night;
use tieout_model::balance::{Account, Ending};
use tieout_model::finding::Payer;
use tieout_model::money::Currency;

/// Endings by employee, benefit and whether they are of who had the employee's id before; of the employee's account and
/// the employer's.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Endings(BTreeMap<(String, String, bool), Vec<OfPayer>>);

/// How the money of one payer ended, and how much it was, counts of 1/10,000.
type OfPayer = (Payer, Ending, i128, Currency);

impl Endings {
    /// The ending of a finding that is about these payers' money; `None` where no account is kept of it, or in several
    /// currencies. Where the money of both ended in different ways: how what goes on did, or else the most of it.
    pub fn of(
        &self,
        (employee_id, benefit, is_former): (&str, &str, bool),
        payers: &[Payer],
    ) -> Option<(Ending, i128, Currency)> {
        let all = self.0.get(&(employee_id.to_owned(), benefit.to_owned(), is_former))?;
        let of_payers: Vec<_> = all.iter().filter(|(payer, ..)| payers.contains(payer)).collect();
        let (_, _, _, currency) = of_payers.first()?;
        let mut amounts: BTreeMap<Ending, i128> = BTreeMap::new();
        of_payers.iter().for_each(|(_, ending, amount, _)| *amounts.entry(*ending).or_default() += amount);
        let told = |(ending, amount): &(Ending, i128)| (*ending == Ending::GoesOn, amount.abs(), *ending);
        let (ending, amount) = amounts.into_iter().max_by_key(told)?;
        of_payers.iter().all(|(.., other)| other == currency).then_some((ending, amount, *currency))
    }
}

/// Of all accounts in which something was open before tonight or has been written off.
pub(in crate::rules) fn endings(night: &Night<'_>) -> Endings {
    let mut endings = Endings::default();
    let own = night.balances.accounts.iter().map(|(emp, accounts)| (emp, accounts, false));
    let former = night.balances.former.iter().map(|(emp, former)| (emp, &former.accounts, true));
    for (emp, accounts, is_former) in own.chain(former) {
        for (account, tally) in accounts {
            let Some((ending, amount)) = ending(tally) else { continue };
            let Account { benefit, payer, currency } = account;
            let key = (night.id(*emp).to_owned(), benefit.to_string(), is_former);
            endings.0.entry(key).or_default().push((*payer, ending, amount, *currency));
        }
    }
    endings
}

fn ending(tally: &Tally) -> Option<(Ending, i128)> {
    // What is open the other way is another finding's.
    let is_written_off = tally.opening == 0 && tally.written_off.signum() * tally.open.amount.signum() < 0;
    if tally.is_open() && !is_written_off {
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
