//! Salary, its date, how often it is paid, full or part time: payroll (the authority) against Benifex and Benbase.

use crate::world::amounts::Cents;
use crate::world::calendar::moved;
use crate::world::records::{Amount, Subject};

/// A salary of Benifex or Benbase lies this many percent below payroll's.
const LOWER_PERCENT: std::ops::Range<i64> = 2..8;

/// Benifex missed a rise; Benbase has it.
pub fn salary(s: &mut Subject) {
    lower_salary(s);
    s.expect("CO01", "", "base_salary");
}

/// Benifex missed a rise, and Benbase knows the person but no pay: a correction can be derived.
pub fn salary_unrecorded(s: &mut Subject) {
    rise_this_period(s);
    lower_salary(s);
    s.ledger().id_only = true;
    s.expect("CO01", "", "base_salary");
}

/// Benifex and Benbase both missed a rise.
pub fn salary_stale(s: &mut Subject) {
    let lower = lower_salary(s);
    s.ledger().amount = lower;
    s.expect("CO01", "", "base_salary");
    s.expect("CO07", "", "base_salary");
}

/// The same salary since another day, at least two periods away.
pub fn salary_date(s: &mut Subject) {
    let days = s.rng.i64(65..200);
    let user = s.user();
    user.salary_effective = moved(user.salary_effective, -days);
    s.expect("CO02", "", "salary_effective");
}

/// Benifex pays a fortnightly person in another rhythm. Deductions a year are the job's, so no amount moves.
pub fn frequency(s: &mut Subject) {
    s.user().pay_periods = if s.rng.bool() { 12 } else { 52 };
    s.expect("CO03", "", "pay_frequency");
}

/// Half time in Benifex, full time in payroll, at the same salary.
pub fn employment_status(s: &mut Subject) {
    let user = s.user();
    user.contracted_hours = user.fte_hours / 2;
    user.fte = user.fte.map(|full| full / 2);
    s.expect("CO04", "", "employment_status");
}

/// Benbase missed a rise of this period; Benifex has it.
pub fn ledger_salary(s: &mut Subject) {
    rise_this_period(s);
    let salary = s.row().base_salary;
    let lower = lowered(s, salary);
    s.ledger().amount = lower;
    s.expect("CO07", "", "base_salary");
}

/// Benbase holds another pay frequency.
pub fn ledger_frequency(s: &mut Subject) {
    rise_this_period(s);
    s.ledger().pay_frequency = "monthly";
    s.expect("CO07", "", "pay_frequency");
}

/// Benbase holds part time for a full-time person.
pub fn ledger_status(s: &mut Subject) {
    rise_this_period(s);
    s.ledger().employment_status = "part_time";
    s.expect("CO07", "", "employment_status");
}

/// Payroll pays in a currency that the job gives no Benifex salary of this pay group or country.
pub fn salary_currency(s: &mut Subject) {
    s.expect("CU02", "", "salary");
}

/// Lets Benifex hold a lower salary than payroll, and returns it.
pub fn lower_salary(s: &mut Subject) -> Cents {
    let salary = s.row().base_salary;
    let lower = lowered(s, salary);
    s.user().salary = Amount::Cents(lower);
    lower
}

fn lowered(s: &mut Subject, salary: Cents) -> Cents {
    salary - salary * s.rng.i64(LOWER_PERCENT) / 100
}

/// The salary counts from the first day of the period in payroll and Benifex: recent enough to be corrected.
fn rise_this_period(s: &mut Subject) {
    let [start, ..] = s.group.period();
    s.row().salary_effective = start;
    s.user().salary_effective = start;
}
