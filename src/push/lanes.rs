//! The line of items to send: of one employee at most one is under way, and what comes after an item that did not go
//! well stays.

use std::collections::{BTreeMap, VecDeque};

use tieout_store::Item;

/// Items of one employee, in the order of sending.
type Lane = VecDeque<Item>;

/// Items that wait for their turn.
#[derive(Debug, Default)]
pub struct Lanes {
    free: VecDeque<Lane>,
    /// By employee: what comes after the item that is under way.
    busy: BTreeMap<String, Lane>,
    waiting: u64,
}

impl Lanes {
    /// The items of one employee must stand together.
    pub fn new(items: Vec<Item>) -> Lanes {
        let mut line = Lanes { waiting: items.len() as u64, ..Lanes::default() };
        for item in items {
            match line.free.back_mut() {
                Some(lane) if lane.back().is_some_and(|last| last.employee_id == item.employee_id) => {
                    lane.push_back(item);
                }
                _ => line.free.push_back(Lane::from([item])),
            }
        }
        line
    }

    /// Items not begun.
    pub fn waiting(&self) -> u64 {
        self.waiting
    }

    /// The next item of an employee of whom nothing is under way; [`Lanes::done`] must follow.
    pub fn next(&mut self) -> Option<Item> {
        let mut lane = self.free.pop_front()?;
        let item = lane.pop_front()?;
        self.busy.insert(item.employee_id.clone(), lane);
        self.waiting -= 1;
        Some(item)
    }

    /// The item of this employee is over. `go_on`: the next one may go; else the rest comes back.
    pub fn done(&mut self, employee_id: &str, go_on: bool) -> Lane {
        let lane = self.busy.remove(employee_id).unwrap_or_default();
        if !go_on {
            self.waiting -= lane.len() as u64;
            return lane;
        }
        if !lane.is_empty() {
            // Whoever was begun is finished first.
            self.free.push_front(lane);
        }
        Lane::new()
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::push::tests::item;

    fn line() -> Lanes {
        Lanes::new(vec![item(1, "A"), item(5, "A"), item(2, "B"), item(3, "C")])
    }

    fn next(line: &mut Lanes) -> Option<i64> {
        line.next().map(|item| item.id)
    }

    #[test]
    fn nobody_has_two_items_under_way_and_whoever_was_begun_is_finished_first() {
        let mut line = line();
        assert_eq!((next(&mut line), next(&mut line), line.waiting()), (Some(1), Some(2), 2));
        assert!(line.done("A", true).is_empty());
        assert_eq!((next(&mut line), next(&mut line), next(&mut line)), (Some(5), Some(3), None));
        assert!(line.done("A", true).is_empty());
        assert_eq!((next(&mut line), line.waiting()), (None, 0));
    }

    #[test]
    fn what_follows_an_item_that_did_not_go_well_comes_back() {
        let mut line = line();
        assert_eq!(next(&mut line), Some(1));
        assert_eq!(line.done("A", false).iter().map(|item| item.id).collect::<Vec<_>>(), [5]);
        assert_eq!((next(&mut line), next(&mut line), next(&mut line), line.waiting()), (Some(2), Some(3), None, 0));
    }
}
