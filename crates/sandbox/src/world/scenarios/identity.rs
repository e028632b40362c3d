//! Ids that lead nowhere, to two places, or almost to the right one.

use crate::world::job_text::EMPLOYER_ID;
use crate::world::records::{CODES, Kind, Line, Link, PayrollRow, Subject};
use crate::world::scenarios::pay::lower_salary;
use crate::world::scenarios::person::zip;
use crate::world::truth::Entry;

/// On payroll for years, unknown to Benifex.
pub fn not_in_benifex(s: &mut Subject) {
    s.unknown_to_benifex();
    s.expect("ID01", "", "employee_id");
}

/// Enrolled for years, on no payroll line; only the crosswalk names them.
pub fn not_on_payroll(s: &mut Subject) {
    s.off_payroll();
    s.expect("ID02", "", "employee_id");
}

/// The medical deduction stands in two lines; everything else only in the first.
pub fn line_twice(s: &mut Subject) {
    let row = s.row();
    let mut lines = [Line::default(); CODES];
    lines[Kind::Medical as usize] = *row.line(Kind::Medical);
    let again = PayrollRow { lines, ..row.clone() };
    s.payroll.push(again);
    s.expect("ID04", Kind::Medical.key(), "deduction_code");
}

/// The crosswalk gives one person two Benbase ids.
pub fn linked_twice(s: &mut Subject) {
    let second = Link { benbase_id: format!("{}x", s.links[0].benbase_id), ..Link::default() };
    s.links.push(second);
    s.expect("ID04", "", "benbase_id");
}

/// Payroll writes an id that differs from the one in Benifex only in zeros, case, blanks, or the letter O. The right
/// one is known through the crosswalk.
pub fn near_id(s: &mut Subject) {
    s.named_by_crosswalk();
    let id = s.employee_id.clone();
    let near = match id.strip_prefix("E-") {
        None => id.trim_start_matches('0').to_owned(),
        Some(digits) if digits.contains('0') && s.rng.bool() => format!("E-{}", digits.replacen('0', "O", 1)),
        Some(digits) if s.rng.bool() => format!("E- {digits}"),
        Some(digits) => format!("e-{digits}"),
    };
    near.clone_into(&mut s.row().employee_id);
    s.findings.push(Entry::new("ID05", &near, "", "employee_id"));
}

/// A salary to correct, and no Benbase id to correct it under.
pub fn no_benbase_id(s: &mut Subject) {
    lower_salary(s);
    s.ledger = None;
    if s.rng.bool() {
        s.links.clear();
    } else {
        s.links[0] = Link { oyster_engagement_id: format!("eng_{}", s.employee_id), ..Link::default() };
    }
    s.expect("CO01", "", "base_salary");
    s.expect("ID08", "", "benbase_id");
}

/// An address to correct, under an id that is the employer's.
pub fn employers_id(s: &mut Subject) {
    zip(s);
    s.ledger = None;
    EMPLOYER_ID.clone_into(&mut s.links[0].benbase_id);
    s.expect("ID08", "", "benbase_id");
}
