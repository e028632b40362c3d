//! Whom to ask for, in which order, and how many calls that takes. Pure functions.

use std::collections::BTreeSet;

use sha2::{Digest as _, Sha256};
use tieout_model::ids::PayrollId;

/// Everybody to ask for: the union of payroll, roster and crosswalk; trimmed, in upper case if case does not count,
/// blanks left out, sorted, each once.
pub fn population<S: AsRef<str>>(ids: impl IntoIterator<Item = S>, fold_id_case: bool) -> Vec<String> {
    let ids: BTreeSet<String> = ids
        .into_iter()
        .map(|id| if fold_id_case { id.as_ref().trim().to_uppercase() } else { id.as_ref().trim().to_owned() })
        .filter(|id| !id.is_empty())
        .collect();
    ids.into_iter().collect()
}

/// The fewest calls for this many employees: the list in batches, and two for each that has a user.
pub fn calls_planned(employees: usize, with_user: usize, batch: usize) -> usize {
    employees.div_ceil(batch.max(1)) + 2 * with_user
}

/// Batches with somebody at risk first, so that a night that ends early has looked at those. Who shares a batch with
/// whom depends on the population alone: the same people are asked for in the same calls, whatever earlier nights
/// found.
pub(super) fn riskiest_first(mut batches: Vec<Vec<String>>, riskiest: &BTreeSet<PayrollId>) -> Vec<Vec<String>> {
    batches.sort_by_key(|batch| !batch.iter().any(|id| riskiest.contains(id.as_str())));
    batches
}

/// Names a batch by its ids: the same ids give the same key, whatever else the night asks for.
pub(super) fn batch_key(ids: &[String]) -> String {
    hash(ids.iter().map(String::as_str))
}

/// SHA-256 of several texts, in hex; their borders count.
pub(super) fn hash<'a>(texts: impl IntoIterator<Item = &'a str>) -> String {
    let mut hasher = Sha256::new();
    for text in texts {
        hasher.update((text.len() as u64).to_le_bytes());
        hasher.update(text);
    }
    hasher.finalize().iter().map(|byte| format!("{byte:02x}")).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn texts(ids: &[&str]) -> Vec<String> {
        ids.iter().map(|id| (*id).to_owned()).collect()
    }

    #[test]
    fn the_population_is_sorted_and_keeps_zeros_and_case() {
        assert_eq!(population(["b", " 007 ", "7", "", " ", "B", "b"], false), texts(&["007", "7", "B", "b"]));
        assert_eq!(population(["b", "B"], true), texts(&["B"]));
    }

    #[test]
    fn the_riskiest_come_first_and_nobody_is_lost() {
        let risky = BTreeSet::from(["d", "x"].map(PayrollId::from));
        let batches =
            ["a", "c", "e"].map(|first| texts(&[first, char::from(first.as_bytes()[0] + 1).to_string().as_str()]));
        let [ab, cd, ef] = batches.clone();
        assert_eq!(riskiest_first(batches.to_vec(), &risky), [cd, ab, ef]);
    }

    #[test]
    fn two_lists_of_ids_never_share_a_key() {
        assert_ne!(batch_key(&texts(&["ab", "c"])), batch_key(&texts(&["a", "bc"])));
        assert_eq!(batch_key(&texts(&["a"])), batch_key(&texts(&["a"])));
    }

    #[test]
    fn forty_people_of_whom_thirty_nine_are_found_take_eighty_calls() {
        assert_eq!(calls_planned(40, 39, 20), 80);
        assert_eq!(calls_planned(41, 0, 20), 3);
        assert_eq!(calls_planned(0, 0, 20), 0);
    }
}
