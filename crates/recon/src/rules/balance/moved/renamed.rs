//! Ids that payroll and Benifex changed in the same month: what was open under the old one is the new one's. By the
//! snapshot of the cut-off, or of when the old id was last read, which has the person under it.

use std::collections::{BTreeMap, BTreeSet};

use polars::prelude::*;

use crate::balance::Open;
use crate::rules::Inputs;
use crate::rules::identity::holders::{Marks, Users, is_one};
use crate::rules::people::People;
use crate::rules::people::date;
use crate::rules::people::departed::LastRead;
use crate::rules::people::everybody::Person;
use crate::rules::timeline::positions::position;
use crate::snapshot::{POPULATION, USERS};

/// Old `emp` → new one. `positions`: of each `emp` in the books.
pub(in crate::rules::balance) fn renamed(
    inputs: &Inputs<'_>,
    ids: &People<'_>,
    people: &[Person],
    positions: &[Option<usize>],
) -> PolarsResult<BTreeMap<u32, u32>> {
    let books = inputs.books;
    let owes = |at: usize| books.at(at).accounts().any(|(_, cells)| Open::of(cells).amount != 0);
    let all = (0_u32..).zip(people.iter().zip(positions));
    let gone = all.clone().filter(|(_, (person, at))| super::mangled::is_gone(person) && at.is_some_and(owes));
    let gone: Vec<u32> = gone.map(|(emp, _)| emp).collect();
    if gone.is_empty() {
        return Ok(BTreeMap::new());
    }
    let is_new = |person: &Person, at: Option<usize>| {
        let is_known = at.is_some_and(|at| books.at(at).knows_before(date(person.payday.end)));
        person.on_payroll && person.in_benifex && person.is_judged() && !is_known
    };
    let new: BTreeSet<u32> = all.filter(|(_, (person, at))| is_new(person, **at)).map(|(emp, _)| emp).collect();
    let now = Marks::new(Users { population: inputs.population, users: inputs.users })?;
    let now_rows: Vec<(u32, usize)> =
        new.iter().filter_map(|emp| Some((*emp, ids.user.get(*emp as usize)? as usize))).collect();
    let of_prior = inputs.prior.iter().map(|prior| Users { population: prior.population, users: prior.users });
    let mut renamed = BTreeMap::new();
    for older in of_prior.chain(inputs.last_read.iter().map(LastRead::people)) {
        let then = Marks::new(older)?;
        let (then_ids, left) = (POPULATION.employee_id.of(older.population)?, USERS.leave_date.of(older.users)?);
        for old in &gone {
            let row = position(then_ids, ids.ids.text(*old)).and_then(|at| then.row_of(at as u32));
            let Some(row) = row.filter(|row| left.get(*row).is_none()) else { continue };
            let mut same = now_rows.iter().filter(|(_, user)| is_one((&now, *user), (&then, row)));
            if let (Some((emp, _)), None) = (same.next(), same.next()) {
                renamed.insert(*old, *emp);
            }
        }
    }
    let taken: Vec<u32> = renamed.values().copied().collect();
    renamed.retain(|_, new| taken.iter().filter(|one| **one == *new).count() == 1);
    Ok(renamed)
}
