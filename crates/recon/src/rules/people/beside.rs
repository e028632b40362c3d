//! People of whom the file of a regular run has off-cycle or correction rows alone: what those took is what payroll
//! took of them in the period, as much as with a regular row. Only of whom Benifex has in a pay group of the file, and
//! who was on this payroll before: of others, nobody knows whether it owes them a regular row.

use std::collections::{BTreeMap, BTreeSet};

use polars::prelude::*;

use crate::rules::Inputs;
use crate::rules::lines::dictionary::BLANK;
use crate::rules::lines::other_runs::is_of_other_run;
use crate::rules::people::day_number;
use crate::rules::people::ids::Ids;
use crate::snapshot::USERS;

/// What the rows of such a person say beside their amounts.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(in crate::rules) struct Beside {
    /// The leave date, days since 1970.
    pub(in crate::rules) term: Option<i32>,
    /// They take something.
    pub(in crate::rules) paid: bool,
}

/// By `emp`. `person`, `user`: rows of payroll's people and of Benifex's users; `groups` of the former, and by `emp` of
/// the latter.
pub(in crate::rules) fn beside(
    inputs: &Inputs<'_>,
    ids: &Ids<'_>,
    person: &IdxCa,
    user: &IdxCa,
    groups: &[u32],
    theirs: &UInt32Chunked,
) -> PolarsResult<BTreeMap<u32, Beside>> {
    let mut found: BTreeMap<u32, Beside> = BTreeMap::new();
    if inputs.payroll.other_runs_only {
        return Ok(found);
    }
    let begins = USERS.start_date.of(inputs.users)?;
    let start = day_number(inputs.payroll.period.start);
    let held: BTreeSet<u32> = groups.iter().copied().filter(|group| *group != BLANK).collect();
    let rejected: BTreeSet<u32> =
        inputs.payroll.rejects.iter().filter_map(|row| ids.find(row.employee_id.as_str())).collect();
    for aside in inputs.payroll.set_aside.iter().filter(|aside| is_of_other_run(aside)) {
        let Some(emp) = ids.find(aside.employee_id.as_str()) else { continue };
        let (alone, row) = (person.get(emp as usize).is_none(), user.get(emp as usize));
        let Some(row) = row.filter(|_| alone && !rejected.contains(&emp)) else { continue };
        let is_ours = theirs.get(emp as usize).is_some_and(|group| held.is_empty() || held.contains(&group));
        let began = begins.get(row as usize).is_none_or(|begin| begin < start);
        let was_ours = || inputs.books.of(ids.text(emp)).knows_before(inputs.payroll.period.start);
        if is_ours && began && was_ours() {
            let amounts = [aside.employee_amount, aside.employer_amount];
            let own = found
                .entry(emp)
                .or_insert_with(|| Beside { term: term(inputs, aside.employee_id.as_str()), paid: false });
            own.paid |= amounts.into_iter().flatten().any(|amount| amount.0 != 0);
        }
    }
    Ok(found)
}

fn term(inputs: &Inputs<'_>, employee_id: &str) -> Option<i32> {
    inputs.payroll.left_beside.get(employee_id).copied().map(day_number)
}
