//! Deductions of the wrong size, of one side or both, and in currencies that do not agree.

use crate::world::amounts::Cents;
use crate::world::calendar::{AS_OF, moved};
use crate::world::people::due_line;
use crate::world::records::{Kind, Subject};
use crate::world::scenarios::enrollment::added;

/// The smallest difference that no rounding explains; the tolerance is one cent.
const BEYOND_TOLERANCE: Cents = 2;

/// Payroll takes more or less from the employee for medical cover than is due.
pub fn employee(s: &mut Subject) {
    let off = some_difference(s);
    let cell = &mut s.row().line(Kind::Medical).ee;
    *cell = cell.map(|cents| cents + off);
    s.expect("AM01", Kind::Medical.key(), "ee_amount");
}

/// Payroll books another employer share for the pension than is due.
pub fn employer(s: &mut Subject) {
    let off = some_difference(s);
    let cell = &mut s.row().line(Kind::Pension).er;
    *cell = cell.map(|cents| cents + off);
    s.expect("AM02", Kind::Pension.key(), "er_amount");
}

/// One cent beyond the tolerance, and not what rounding leaves of a yearly amount or two: one deduction may carry that.
pub fn two_cents(s: &mut Subject) {
    let off = if s.rng.bool() { BEYOND_TOLERANCE } else { -BEYOND_TOLERANCE };
    let deductions = s.group.deductions();
    let dental = s.user().benefit(Kind::Dental).ee;
    let left = dental.annual.cents().unwrap_or_default() - deductions * dental.due(deductions);
    let off = if [left, 2 * left].contains(&off) { -off } else { off };
    let cell = &mut s.row().line(Kind::Dental).ee;
    *cell = cell.map(|cents| cents + off);
    s.expect("AM01", Kind::Dental.key(), "ee_amount");
}

/// Life cover begins after the period and is deducted already; at the cut-off there was none.
pub fn not_begun(s: &mut Subject) {
    let mut life = added(s, Kind::Life);
    *s.row().line(Kind::Life) = due_line(&life, s.group.deductions());
    life.effective_from = moved(AS_OF, 31);
    s.user().benefits.push(life);
    s.expect("EN11", Kind::Life.key(), "ee_amount");
}

/// The dental plan is priced in another currency than payroll's: its cost alone, or all three parts.
pub fn currencies(s: &mut Subject) {
    let other = if s.group.currency() == "EUR" { "USD" } else { "EUR" };
    let throughout = s.rng.bool();
    let dental = s.user().benefit(Kind::Dental);
    dental.cost_currency = other;
    if throughout {
        (dental.ee.currency, dental.er.currency) = (other, other);
    }
    s.expect("CU01", Kind::Dental.key(), "currency");
}

/// Some currency units up, or a little down: never so far that nothing is left of the smallest amount.
fn some_difference(s: &mut Subject) -> Cents {
    if s.rng.bool() { s.rng.i64(200..5_000) } else { -s.rng.i64(200..1_000) }
}
