//! What is open on one or two accounts, as a finding holds it.

use super::tally::Tally;
use tieout_model::balance::Account;
use tieout_model::finding::OpenBalance;
use tieout_model::money::Money;

/// The open balance over accounts of one currency; `None` over several currencies, or with nothing open.
pub(super) fn owed<'t>(tallies: impl IntoIterator<Item = (&'t Account, &'t Tally)>) -> Option<OpenBalance> {
    let proven = tallies.into_iter().filter(|(_, tally)| tally.is_proven());
    let tallies: Vec<_> = proven.map(|(account, tally)| (account, tally.proven(), tally.unproven())).collect();
    let currency = tallies.first()?.0.currency;
    if tallies.iter().any(|(account, ..)| account.currency != currency) {
        return None;
    }
    let items = || tallies.iter().flat_map(|(_, open, _)| &open.items);
    let oldest = items().min_by_key(|item| item.period)?;
    let mut periods: Vec<_> = items().map(|item| item.period.end).collect();
    periods.sort_unstable();
    periods.dedup();
    let amount: i128 = tallies.iter().map(|(_, open, _)| open.amount).sum();
    let rounding: i128 = tallies.iter().map(|(_, open, _)| open.rounding).sum();
    let unproven: i128 = tallies.iter().map(|(.., unproven)| *unproven).sum();
    let payer = tallies.first()?.0.payer;
    Some(OpenBalance {
        // Sums of payroll amounts, which have at most 90 million units.
        amount: Money(i64::try_from(amount).ok()?),
        currency,
        since: oldest.period,
        found_on: items().map(|item| item.found_on).min()?,
        periods: u32::try_from(periods.len()).ok()?,
        payer: tallies.iter().all(|(account, ..)| account.payer == payer).then_some(payer),
        rounding: Money(i64::try_from(rounding).ok()?),
        unproven: Money(i64::try_from(unproven).ok()?),
    })
}
