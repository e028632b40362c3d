//! A code that holds further benefits than the job says: payroll takes as much more as is due of benefits that have no
//! code, or no line. Nobody is accused of either.

use std::collections::{BTreeMap, BTreeSet};

use crate::rules::lines::owed::Owed;
use crate::rules::lines::pair::{Pair, Pairs};
use crate::rules::place::Place;

/// A benefit in force that payroll has no line of.
#[derive(Clone, Copy)]
struct Without {
    row: usize,
    label: u32,
    due: [i64; 2],
}

/// Moves lines that take as much more than is due as is due of such benefits to what is not judged, with the lines that
/// are missing. Gives the benefits without a code of which that is so for everybody.
pub(in crate::rules::lines) fn hold_further_benefits(
    pairs: &Pairs<'_>,
    places: &mut [u32],
    owed: &Owed<'_>,
) -> BTreeSet<u32> {
    let used: BTreeSet<u32> =
        (0..pairs.len()).map(|row| pairs.get(row)).filter(Pair::taken).map(|pair| pair.label).collect();
    let mut without: BTreeMap<u32, Vec<Without>> = BTreeMap::new();
    let mut of_label: BTreeMap<u32, BTreeSet<u32>> = BTreeMap::new();
    for (row, place) in places.iter().map(|place| Place::of(*place)).enumerate() {
        if !matches!(place, Place::En13 | Place::En01) {
            continue;
        }
        let pair = pairs.get(row);
        // Who was taken it under its own code before, as others are tonight, is taken it no more.
        if pair.on_payroll() || (used.contains(&pair.label) && owed.was_taken(&pair)) {
            continue;
        }
        let benefit = Without { row, label: pair.label, due: [pair.employee_due, pair.employer_due] };
        without.entry(pair.emp).or_default().push(benefit);
        if place == Place::En13 {
            of_label.entry(pair.label).or_default().insert(pair.emp);
        }
    }
    let mut explained = BTreeSet::new();
    for row in 0..if without.is_empty() { 0 } else { places.len() } {
        if !matches!(Place::of(places[row]), Place::Am01 | Place::Am02 | Place::AmBoth) {
            continue;
        }
        let pair = pairs.get(row);
        let Some(benefits) = without.get_mut(&pair.emp).filter(|_| owed.is_nothing(&pair)) else { continue };
        let Some(held) = held_by(&pair, places, benefits) else { continue };
        places[row] = Place::UnverifiedShared.number();
        for benefit in &held {
            explained.insert((pair.emp, benefit.label));
            // A benefit without a code is told as that.
            if Place::of(places[benefit.row]) == Place::En01 {
                places[benefit.row] = Place::UnverifiedShared.number();
            }
        }
        benefits.retain(|benefit| held.iter().all(|held| held.row != benefit.row));
    }
    of_label.retain(|label, emps| emps.iter().all(|emp| explained.contains(&(*emp, *label))));
    of_label.into_keys().collect()
}

/// The benefits that the line holds beside its own: all those without a code, all without a line, or one of them.
fn held_by(pair: &Pair, places: &[u32], benefits: &[Without]) -> Option<Vec<Without>> {
    let without_code = |benefit: &&Without| Place::of(places[benefit.row]) == Place::En13;
    let without_code: Vec<Without> = benefits.iter().filter(without_code).copied().collect();
    let one = benefits.iter().map(|benefit| vec![*benefit]);
    [without_code, benefits.to_vec()].into_iter().chain(one).find(|held| explains(pair, held))
}

fn explains(pair: &Pair, held: &[Without]) -> bool {
    let near = |paid: i64, due: i64| (paid - due).abs() <= 2 * pair.tolerance;
    let [employee, employer] = [0, 1].map(|payer| held.iter().map(|benefit| benefit.due[payer]).sum::<i64>());
    let employer_agrees = !pair.employer
        || near(pair.employer_taken, pair.employer_due + employer)
        || near(pair.employer_taken, pair.employer_due);
    !held.is_empty() && near(pair.employee_taken, pair.employee_due + employee) && employer_agrees
}
