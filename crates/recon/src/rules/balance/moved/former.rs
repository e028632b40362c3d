//! What the person left open who had an employee's id before the present holder: it stays a finding of its own, and is
//! no part of what the present holder owes.

use std::collections::BTreeMap;

use chrono::NaiveDate;

use crate::balance::Open;
use crate::rules::balance::Books;
use crate::rules::balance::tally::Tally;
use tieout_model::balance::{Account, Page};

/// The accounts of the former holder of an id.
#[derive(Debug)]
pub(in crate::rules::balance) struct Former {
    /// Those with something open or written off.
    pub(in crate::rules::balance) accounts: BTreeMap<Account, Tally>,
    /// The last day of the periods that are the former holder's.
    pub(in crate::rules::balance) until: NaiveDate,
}

impl Books<'_> {
    /// By `emp`.
    pub(in crate::rules::balance) fn former(&self) -> BTreeMap<u32, Former> {
        let positions = (0_u32..).zip(&self.positions);
        let of_position = |position: usize| {
            let (employee, until) = self.history.former(position)?;
            let left = employee.accounts().filter_map(|(account, cells)| {
                let tally = Tally::without_line(Open::of(cells).amount, cells);
                Some((account.clone(), tally.notable()?))
            });
            Some(Former { accounts: left.collect(), until })
        };
        positions.filter_map(|(emp, position)| Some((emp, of_position((*position)?)?))).collect()
    }

    /// The page that notes that the id was somebody else's.
    pub(in crate::rules::balance) fn handed_over(&self, emp: u32) -> Option<Page> {
        self.history.hand_over_to_note(self.positions[emp as usize]?, self.id(emp))
    }
}
