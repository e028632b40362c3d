//! What differs between sources without being wrong: clean people who must cause no finding. Each takes one variation
//! in turn, so that even a small world shows them all.

use crate::world::amounts::Cents;
use crate::world::calendar::{AS_OF, day, moved};
use crate::world::names::{LOCAL, PREFERRED, SUFFIXES, UNACCENTED, pick};
use crate::world::people::{benefit, due_line};
use crate::world::records::{Amount, Kind, Line, Subject};

/// Weekly hours are hundredths.
const HUNDREDTHS: i64 = 100;
const WEEKS_PER_YEAR: i64 = 52;
/// One line in so many is a cent off.
const DRIFT_ONE_IN: u8 = 8;
/// Below this amount a cent is not left off, so that no amount becomes zero or less.
const DRIFT_FROM: Cents = 100;

/// One clean person in so many has no variation.
const PLAIN_ONE_IN: usize = 8;

/// Taken in turn by the clean people.
const VARIATIONS: [fn(&mut Subject); 20] = [
    blanks_around_ids,
    without_accents,
    part_time,
    pending_benefit,
    hourly,
    new_on_payroll,
    preferred_name,
    leaver_ended,
    street_words,
    names_swapped,
    ended_benefit,
    new_in_benifex,
    monthly_only,
    leaver_still_on_payroll,
    variable_hours,
    written_zeros,
    local_name,
    leaving_soon,
    nearly_the_same,
    annual_only,
];

/// Applies the variation of the `ordinal`-th clean person, then a cent of drift on some lines.
pub fn vary(subject: &mut Subject, ordinal: usize) {
    if let Some(vary) = variation(ordinal) {
        vary(subject);
    }
    drift(subject);
}

fn variation(ordinal: usize) -> Option<fn(&mut Subject)> {
    let (turn, step) = (ordinal / PLAIN_ONE_IN, ordinal % PLAIN_ONE_IN);
    (step > 0).then(|| VARIATIONS[(turn * (PLAIN_ONE_IN - 1) + step - 1) % VARIATIONS.len()])
}

/// Leaves some deducted amounts one cent off: two correct ways to round differ by that much.
fn drift(s: &mut Subject) {
    let (Some(user), Some(row)) = (&s.user, s.payroll.first_mut()) else { return };
    for benefit in user.benefits.iter().filter(|b| b.status.eq_ignore_ascii_case("ACTIVE")) {
        if s.rng.u8(..DRIFT_ONE_IN) > 0 {
            continue;
        }
        let up = s.rng.bool();
        let line = row.line(benefit.kind);
        let cell = if s.rng.bool() { &mut line.ee } else { &mut line.er };
        if let Some(cents) = cell.as_mut().filter(|cents| **cents >= DRIFT_FROM) {
            *cents += if up { 1 } else { -1 };
            s.tolerated_lines += 1;
        }
    }
}

fn blanks_around_ids(s: &mut Subject) {
    let id = format!(" {}  ", s.employee_id);
    s.row().employee_id = id;
    s.user().pay_group.push(' ');
}

fn without_accents(s: &mut Subject) {
    let (first, last, plain_first, plain_last) = pick(&mut s.rng, &UNACCENTED);
    set_names(s, (first, last), (plain_first, plain_last));
}

fn names_swapped(s: &mut Subject) {
    let row = s.row();
    std::mem::swap(&mut row.first_name, &mut row.last_name);
}

fn preferred_name(s: &mut Subject) {
    let (first, preferred) = pick(&mut s.rng, &PREFERRED);
    let last = s.row().last_name.clone();
    set_names(s, (first, &last), (preferred, &last));
    s.user().preferred_name = Some(preferred.to_owned());
}

fn local_name(s: &mut Subject) {
    let (first, last, local_first, local_last) = pick(&mut s.rng, &LOCAL);
    set_names(s, (first, last), (local_first, local_last));
    s.user().local_name = Some(format!("{local_first} {local_last}"));
}

/// Names in Benifex, then in payroll.
fn set_names(s: &mut Subject, benifex: (&str, &str), payroll: (&str, &str)) {
    let user = s.user();
    (user.first_name, user.last_name) = (benifex.0.to_owned(), benifex.1.to_owned());
    let row = s.row();
    (row.first_name, row.last_name) = (payroll.0.to_owned(), payroll.1.to_owned());
}

fn part_time(s: &mut Subject) {
    let fte = pick(&mut s.rng, &[50, 60]);
    let hours = s.group.full_week() * fte / HUNDREDTHS;
    let row = s.row();
    (row.fte, row.hours, row.employment_status) = (fte, hours, "part_time");
    let user = s.user();
    user.contracted_hours = hours;
    user.fte = user.fte.map(|_| fte);
    if let Some(ledger) = &mut s.ledger {
        ledger.employment_status = "part_time";
    }
}

/// Payroll says so itself; Benifex has no word for it.
fn variable_hours(s: &mut Subject) {
    s.row().employment_status = "variable_hours";
    if let Some(ledger) = &mut s.ledger {
        ledger.employment_status = "variable_hours";
    }
}

/// Paid by the hour; Benifex holds the year.
fn hourly(s: &mut Subject) {
    let rate = s.rng.i64(1_450..6_200);
    let row = s.row();
    (row.base_salary, row.rate_basis) = (rate, "hourly");
    let annual = rate * row.hours * WEEKS_PER_YEAR / HUNDREDTHS;
    s.user().salary = Amount::Cents(annual);
    if let Some(ledger) = &mut s.ledger {
        (ledger.amount, ledger.period) = (rate, "hourly");
    }
}

fn pending_benefit(s: &mut Subject) {
    undeducted(s, "PENDING");
}

fn ended_benefit(s: &mut Subject) {
    undeducted(s, "ENDED");
}

/// The last benefit is in another state than live, and nothing is deducted for it.
fn undeducted(s: &mut Subject, status: &'static str) {
    let kind = s.user().benefits[0].kind;
    s.user().benefit(kind).status = status;
    *s.row().line(kind) = Default::default();
}

/// Hired days ago; Benifex does not know them yet.
fn new_on_payroll(s: &mut Subject) {
    let hired = moved(AS_OF, -s.rng.i64(2..14));
    s.unknown_to_benifex();
    let row = s.row();
    (row.hire_date, row.salary_effective) = (hired, hired);
}

/// Enrolled days ago; the first payroll is still to come.
fn new_in_benifex(s: &mut Subject) {
    let started = moved(AS_OF, -s.rng.i64(2..14));
    s.off_payroll();
    let user = s.user();
    (user.start_date, user.salary_effective) = (started, started);
    for benefit in &mut user.benefits {
        benefit.effective_from = started;
        benefit.change_date = Some(started);
    }
}

/// Left long ago, off payroll, benefits over.
fn leaver_ended(s: &mut Subject) {
    s.off_payroll();
    let left = moved(day(2026, 1, 31), -s.rng.i64(0..90));
    let user = s.user();
    (user.leave_date, user.status) = (Some(left), "Leaver");
    for benefit in &mut user.benefits {
        benefit.status = "ENDED";
    }
}

/// Left long ago; payroll still lists them, without any deduction.
fn leaver_still_on_payroll(s: &mut Subject) {
    let left = moved(day(2026, 1, 31), -s.rng.i64(0..90));
    let user = s.user();
    (user.leave_date, user.status) = (Some(left), "Leaver");
    user.benefits.clear();
    let row = s.row();
    row.term_date = Some(left);
    row.lines = Default::default();
}

/// Both sources know the day, one a day later than the other.
fn leaving_soon(s: &mut Subject) {
    let leaves = moved(AS_OF, s.rng.i64(20..90));
    s.user().leave_date = Some(leaves);
    s.row().term_date = Some(moved(leaves, 1));
}

/// Benbase writes the address as the postal service does, Benifex the ZIP with four more digits.
fn street_words(s: &mut Subject) {
    let more = s.rng.u16(1_000..9_999);
    let Some(ledger) = &mut s.ledger else { return };
    let address = &mut ledger.address;
    for (word, short) in SUFFIXES {
        if let Some(street) = address.line1.strip_suffix(word) {
            address.line1 = format!("{street}{short}.");
        }
    }
    address.line1 = address.line1.to_uppercase();
    address.line2 = address.line2.replace("Apartment", "Apt");
    let user = s.user();
    user.postcode = format!("{}-{more}", user.postcode);
}

/// A zero in a cell is an amount, and it is the right one.
fn written_zeros(s: &mut Subject) {
    let held: Vec<Kind> = s.user().benefits.iter().map(|b| b.kind).collect();
    let row = s.row();
    for kind in Kind::ORDINARY {
        if !held.contains(&kind) {
            row.line(kind).ee = Some(0);
        }
    }
}

/// Benifex states no year.
fn monthly_only(s: &mut Subject) {
    let per_year = s.group.deductions();
    let first = &mut s.user().benefits[0];
    (first.ee.annual, first.er.annual) = (Amount::Absent, Amount::Absent);
    let (kind, line) = (first.kind, due_line(first, per_year));
    *s.row().line(kind) = line;
}

/// Benifex states no month and the status in small letters; payroll leaves the employer's zero out.
fn annual_only(s: &mut Subject) {
    let (group, salary, hired) = (s.group, s.row().base_salary, s.row().hire_date);
    let mut only = benefit(&mut s.rng, group, salary, hired, Kind::Cycle);
    (only.ee.monthly, only.er.monthly) = (Amount::Absent, Amount::Absent);
    only.status = "Active";
    let line = Line { er: None, ..due_line(&only, group.deductions()) };
    let user = s.user();
    user.benefits.retain(|b| b.kind != Kind::Cycle);
    user.benefits.push(only);
    *s.row().line(Kind::Cycle) = line;
}

/// Inside the tolerances: fifty cents of salary and three days of its date.
fn nearly_the_same(s: &mut Subject) {
    let row = s.row();
    let (salary, effective) = (row.base_salary, row.salary_effective);
    let user = s.user();
    (user.salary, user.salary_effective) = (Amount::Cents(salary + 50), moved(effective, 3));
}
