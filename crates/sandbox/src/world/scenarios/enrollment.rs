//! Enrolled but not deducted, deducted but not enrolled, and what no mapping knows.

use crate::world::people::{benefit, due_line};
use crate::world::records::{Amount, Benefit, Kind, Line, Subject};
use crate::world::truth::Entry;

/// The pension is live and stands in no payroll cell.
pub fn not_deducted(s: &mut Subject) {
    *s.row().line(Kind::Pension) = Line::default();
    s.expect("EN01", Kind::Pension.key(), "ee_amount");
}

/// Cycle to work is deducted, and Benifex has no such benefit for the person.
pub fn not_enrolled(s: &mut Subject) {
    let taken = s.rng.i64(1_500..9_000);
    *s.row().line(Kind::Cycle) = Line { ee: Some(taken), er: None };
    s.expect("EN02", Kind::Cycle.key(), "ee_amount");
    known_at_cutoff(s);
}

/// Life cover is deducted while it is pending, or after it ended.
pub fn not_live(s: &mut Subject) {
    let mut life = added(s, Kind::Life);
    *s.row().line(Kind::Life) = due_line(&life, s.group.deductions());
    life.status = if s.rng.bool() { "PENDING" } else { "ENDED" };
    s.user().benefits.push(life);
    s.expect("EN02", Kind::Life.key(), "ee_amount");
    known_at_cutoff(s);
}

/// The same was known at the cut-off: without that, nobody could tell cover that never was from cover that ended since.
fn known_at_cutoff(s: &mut Subject) {
    s.at_cutoff = s.user.clone();
}

/// Payroll deducts a code that is mapped to nothing. One finding for the code, whoever has it.
pub fn unmapped_code(s: &mut Subject) {
    let taken = s.rng.i64(1_000..6_000);
    *s.row().line(Kind::Gym) = Line { ee: Some(taken), er: None };
    s.findings.push(Entry::new("EN13", "", "(GYM)", "deduction_code"));
}

/// A live benefit whose key is mapped to nothing. One finding for the key, whoever has it.
pub fn unmapped_benefit(s: &mut Subject) {
    let pet = added(s, Kind::Pet);
    s.user().benefits.push(pet);
    s.findings.push(Entry::new("EN13", "", Kind::Pet.key(), "benefit_key"));
}

/// A further live benefit with an employee share of its own, not yet given to the person.
pub fn added(s: &mut Subject, kind: Kind) -> Benefit {
    let (group, salary, hired) = (s.group, s.row().base_salary, s.row().hire_date);
    let mut added = benefit(&mut s.rng, group, salary, hired, kind);
    if added.ee.annual == Amount::Cents(0) {
        added.ee = crate::world::people::contribution(s.rng.i64(9_000..30_000), group);
    }
    added
}
