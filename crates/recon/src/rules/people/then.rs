//! What Benifex said of people when payroll was cut off: what has no day of its own and changed since is newer than
//! payroll's file.

use std::collections::BTreeSet;

use polars::prelude::*;

use crate::rules::Inputs;
use crate::rules::calendar::paydays::pays_of_word;
use crate::rules::people::ids::Ids;
use crate::rules::people::positions;
use crate::rules::timeline::positions::position;
use crate::snapshot::{POPULATION, USERS};

/// The users of the newest snapshot up to the cut-off.
pub(in crate::rules) struct Then<'i> {
    pub(in crate::rules) users: &'i DataFrame,
    ids: &'i StringChunked,
    /// Row of the users by place in the population.
    rows: IdxCa,
    others: &'i BTreeSet<String>,
}

impl<'i> Then<'i> {
    pub(in crate::rules) fn new(inputs: &Inputs<'i>) -> PolarsResult<Option<Then<'i>>> {
        let Some(prior) = &inputs.prior else { return Ok(None) };
        let emps: Vec<u32> = USERS.emp.of(prior.users)?.into_no_null_iter().collect();
        let rows = positions(&emps, prior.population.height())?;
        let ids = POPULATION.employee_id.of(prior.population)?;
        Ok(Some(Then { users: prior.users, ids, rows, others: prior.others }))
    }

    /// Row of the users of the same person.
    pub(in crate::rules) fn user(&self, employee_id: &str) -> Option<usize> {
        let at = position(self.ids, employee_id).filter(|_| !self.others.contains(employee_id))?;
        self.rows.get(at).map(|row| row as usize)
    }
}

/// Pay periods a year that changed since the cut-off, before which they were those of payroll's word, are no news of
/// its file.
pub(super) fn with_pay_periods_then(
    mut benifex: DataFrame,
    inputs: &Inputs<'_>,
    ids: &Ids<'_>,
    person: &IdxCa,
    then: Option<&Then<'_>>,
) -> PolarsResult<DataFrame> {
    let Some(then) = then else { return Ok(benifex) };
    let words = inputs.payroll.words.pay_frequency.numbered(pays_of_word);
    let before = USERS.pay_periods.of(then.users)?;
    let own = |(emp, stated): (usize, Option<i64>)| {
        let word = person.get(emp).map(|row| i64::from(words[row as usize]));
        let differs = word.is_some_and(|word| word > 0 && Some(word) != stated) && stated.is_some();
        let was = || then.user(ids.text(emp as u32)).and_then(|row| before.get(row));
        if differs { was().filter(|was| Some(*was) == word).or(stated) } else { stated }
    };
    let now: Vec<Option<i64>> = USERS.pay_periods.of(&benifex)?.iter().enumerate().map(own).collect();
    let now = Int64Chunked::from_iter_options(USERS.pay_periods.name.into(), now.into_iter());
    benifex.with_column(now.into_column())?;
    Ok(benifex)
}
