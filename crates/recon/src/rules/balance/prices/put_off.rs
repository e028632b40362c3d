//! What an account owes no more because the first day of cover was put off to a later one. Whether something was missed
//! before all the same, no record says: it is told, and never forgotten in silence.

use chrono::NaiveDate;

use crate::balance::{AccountPeriod, cell};
use crate::rules::balance::tally::Tally;
use crate::rules::people::date;
use crate::rules::people::everybody::Person;
use crate::rules::write::money;
use tieout_model::balance::{Account, EntryKind};

/// A first day of cover that is a later one now.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(in crate::rules::balance) struct PutOff {
    pub(in crate::rules::balance) first: NaiveDate,
    /// What was found, and is owed no more by it. Counts of 1/10,000.
    pub(in crate::rules::balance) amount: i128,
}

/// `known`: what the books held; `restated`: earlier periods as they stand from tonight on; `first`: tonight's first
/// day.
pub(in crate::rules::balance) fn put_off(
    known: &[AccountPeriod],
    restated: &[AccountPeriod],
    first: Option<NaiveDate>,
    person: &Person,
) -> Option<PutOff> {
    let first = first?;
    let left = person.leave.map(date);
    let owed_no_more = |now: &AccountPeriod| {
        let was = cell(known, now.period.end)?;
        let earlier = was.cover_from.filter(|from| *from < first && Some(*from) != left);
        let before = now.period.start.is_some_and(|start| start < first);
        let [due, was_due] = [now, was].map(|cell| i128::from(cell.movements.get(EntryKind::Expected)));
        let less = was_due - due;
        (was.code.is_some() && !was.is_unsettled() && earlier.is_some() && before && less > 0).then_some(less)
    };
    let amount: i128 = restated.iter().filter_map(owed_no_more).sum();
    (amount > 0).then_some(PutOff { first, amount })
}

/// What a finding says of it that goes on.
pub(in crate::rules::balance) fn sentence(tallies: &[(&Account, &Tally)]) -> String {
    let of_account = |(account, tally): &(&Account, &Tally)| {
        let PutOff { first, amount } = tally.put_off?;
        let shown = money(i64::try_from(amount).unwrap_or(i64::MAX), Some(account.currency));
        let payer = account.payer.name();
        Some(format!(
            " {shown} of the {payer} is owed no more, for cover begins on {first} now: see that this is the right day."
        ))
    };
    tallies.iter().filter_map(of_account).collect()
}
