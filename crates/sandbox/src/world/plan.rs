//! Who is planted with what: evenly spread over the world, in an order that the seed decides.

use crate::world::people::mixed;
use crate::world::scenarios::{ALL, BUNDLES, Scenario};

/// From this size on, each scenario has people of its own.
const ONE_EACH_FROM: usize = 1_000;
/// Of so many employees, one carries a given scenario.
const ONE_IN: usize = 1_000;
/// No more than one person in so many is planted.
const PLANTED_ONE_IN: usize = 2;

/// What is planted on one person.
type Bundle = &'static [Scenario];

/// The planted people of one world, handed out in the order of the people.
pub struct Plan {
    employees: usize,
    /// In the order in which they are handed out: each once…
    bundles: Vec<Bundle>,
    /// …then these, round and round.
    repeated: Vec<Bundle>,
    planted: usize,
    handed_out: usize,
}

impl Plan {
    pub fn new(employees: usize, seed: u64) -> Plan {
        let mut bundles: Vec<Bundle> = match employees < ONE_EACH_FROM {
            true => BUNDLES.to_vec(),
            false => ALL.iter().map(std::slice::from_ref).collect(),
        };
        fastrand::Rng::with_seed(mixed(seed, u64::MAX)).shuffle(&mut bundles);
        let repeated: Vec<Bundle> = bundles.iter().copied().filter(|b| !b.iter().any(|s| s.once)).collect();
        let rounds = (employees / ONE_IN).max(1);
        let wanted = bundles.len() + (rounds - 1) * repeated.len();
        Plan { employees, planted: wanted.min(employees / PLANTED_ONE_IN), bundles, repeated, handed_out: 0 }
    }

    /// What to plant on the person at `index`; called once for each index, in order.
    pub fn next(&mut self, index: usize) -> Option<Bundle> {
        if self.handed_out == self.planted || self.handed_out * self.employees / self.planted != index {
            return None;
        }
        let bundle = match self.handed_out.checked_sub(self.bundles.len()) {
            None => self.bundles[self.handed_out],
            Some(further) => self.repeated[further % self.repeated.len()],
        };
        self.handed_out += 1;
        Some(bundle)
    }

    /// Clean people before the clean person at `index`, the last that was asked for.
    pub fn clean_before(&self, index: usize) -> usize {
        index - self.handed_out
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[track_caller]
    fn check_plan(employees: usize, planted: usize) {
        let mut plan = Plan::new(employees, 7);
        let handed_out = (0..employees).filter(|index| plan.next(*index).is_some()).count();
        assert_eq!(handed_out, planted, "{employees} employees");
    }

    #[test]
    fn every_bundle_finds_a_person_when_there_are_twice_as_many() {
        check_plan(1, 0);
        check_plan(10, 5);
        check_plan(44, BUNDLES.len());
        check_plan(999, BUNDLES.len());
        check_plan(1_000, ALL.len());
        check_plan(25_000, 25 * ALL.len() - 24 * ALL.iter().filter(|s| s.once).count());
    }

    #[test]
    fn the_seed_decides_the_order() {
        let first = |seed| {
            let mut plan = Plan::new(44, seed);
            (0..44).filter_map(|index| plan.next(index)).map(|bundle| bundle[0].name).collect::<Vec<_>>()
        };
        assert_eq!(first(1), first(1));
        assert_ne!(first(1), first(2));
    }
}
