//! What the engagements of a world are like, and the findings that each must cause. All eight states of the guide
//! occur, and one that it does not know.

use crate::world::amounts::Cents;
use crate::world::names;
use crate::world::oyster::Seats;
use crate::world::oyster::history::{LAST_YEAR, LONG_AGO, RECENTLY, WEEKS_AGO};
use crate::world::oyster::records::{Enrollment, FITNESS, PETS, PLANS, PREMIUM, RETIREMENT, STANDARD, Share};
use crate::world::records::{Kind, Line, Link, Subject};
use crate::world::truth::Entry;

/// The job's benefits, in the order of their payroll columns.
pub const HEALTH: &str = "_OysterHealth";
pub const PENSION: &str = "_OysterPension";
/// The job allows a charge to be off its estimate by so much at least.
const TOLERATED: Cents = 500;
/// No tolerance reaches this far.
const FAR_OFF: Cents = 5_000;
/// One clean engagement in so many is linked by e-mail alone.
const BY_EMAIL_ONE_IN: usize = 4;

/// What makes the people of one engagement.
pub type Make = fn(&mut Seats) -> Vec<Subject>;

/// One engagement each, the first ones first.
pub const ALL: [Make; 10] = [
    estimate_and_stuck,
    not_charged_and_not_enrolled,
    double_cover_and_just_ended,
    contractor,
    units_and_dependents,
    currencies_and_unknown_plan,
    linked_to_nobody,
    opted_out_and_unknown_state,
    fails_over_http,
    named_twice,
];

/// An engagement with which everything is right.
pub fn clean(seats: &mut Seats, engagement: usize) -> Vec<Subject> {
    let mut s = seats.employee();
    let plan = if s.rng.bool() { STANDARD } else { PREMIUM };
    let share = 500 * s.rng.i64(0..=19);
    enroll(&mut s, plan, share, "ENROLLED");
    charge(&mut s, plan, share);
    let pension = 1_000 * s.rng.i64(0..=10);
    enroll(&mut s, RETIREMENT, pension, "ENROLLED");
    // The employer pays all of some pensions: payroll has nothing to deduct.
    if pension < 10_000 {
        charge(&mut s, RETIREMENT, pension);
    }
    if s.rng.u8(..4) == 0 {
        let more = s.rng.i64(1..TOLERATED);
        let cell = line(&mut s, plan);
        cell.ee = cell.ee.map(|cents| cents + more);
        s.tolerated_lines += 1;
    }
    if engagement.is_multiple_of(BY_EMAIL_ONE_IN) {
        s.links.clear();
    }
    vec![s]
}

/// AM15: payroll takes far more than the estimate; a former plan of the same kind is finished. EN10: requested weeks
/// ago.
fn estimate_and_stuck(seats: &mut Seats) -> Vec<Subject> {
    let mut s = seats.employee();
    enrolled(&mut s, STANDARD, 5_000).states = vec![("ENROLLED", LONG_AGO), ("FINISHED", LAST_YEAR)];
    enroll(&mut s, PREMIUM, 5_550, "ENROLLED");
    charge(&mut s, PREMIUM, 5_550);
    let cell = line(&mut s, PREMIUM);
    cell.ee = cell.ee.map(|cents| cents + FAR_OFF);
    enrolled(&mut s, RETIREMENT, 5_000).states = vec![("REQUESTED", WEEKS_AGO)];
    s.expect("AM15", HEALTH, "ee_amount");
    s.expect("EN10", PENSION, "state");
    vec![s]
}

/// EN09: enrolled, and payroll takes nothing. EN02: charged, and there is no enrollment.
fn not_charged_and_not_enrolled(seats: &mut Seats) -> Vec<Subject> {
    let mut s = seats.employee();
    enroll(&mut s, STANDARD, 5_000, "ENROLLED");
    charge(&mut s, RETIREMENT, 5_000);
    s.expect("EN09", HEALTH, "ee_amount");
    s.expect("EN02", PENSION, "ee_amount");
    vec![s]
}

/// EN07: health cover here and in Benifex. A pension that was canceled within the last period is still charged, as is
/// usual.
fn double_cover_and_just_ended(seats: &mut Seats) -> Vec<Subject> {
    let mut s = seats.in_both();
    s.user().benefits.retain(|benefit| benefit.kind == Kind::Medical);
    s.row().lines = Default::default();
    s.deduct_all();
    enroll(&mut s, PREMIUM, 8_000, "ENROLLED");
    charge(&mut s, PREMIUM, 8_000);
    enrolled(&mut s, RETIREMENT, 5_000).states = vec![("ENROLLED", LONG_AGO), ("CANCELED", RECENTLY)];
    charge(&mut s, RETIREMENT, 5_000);
    s.expect("EN07", HEALTH, "category");
    vec![s]
}

/// EN15: a contractor is charged. A pension that began after the cut-off is rightly not charged yet.
fn contractor(seats: &mut Seats) -> Vec<Subject> {
    let mut s = seats.contractor();
    enroll(&mut s, STANDARD, 5_000, "ENROLLED");
    charge(&mut s, STANDARD, 5_000);
    let pension = enrolled(&mut s, RETIREMENT, 5_000);
    (pension.states, pension.late) = (vec![("IN_PROGRESS", RECENTLY)], Some("ENROLLED"));
    s.engagement().changed_late = true;
    s.expect("EN15", HEALTH, "ee_amount");
    vec![s]
}

/// AM16: dependants are covered, whom nobody can price. AM14: a fraction where percents are due. Only the e-mail says
/// who it is.
fn units_and_dependents(seats: &mut Seats) -> Vec<Subject> {
    let mut s = seats.employee();
    enrolled(&mut s, STANDARD, 5_500).dependents = Some((2_520, 4));
    charge(&mut s, STANDARD, 3_000);
    enrolled(&mut s, RETIREMENT, 5_500).share_text = Some("0.55");
    charge(&mut s, RETIREMENT, 5_500);
    s.links.clear();
    s.expect("AM16", HEALTH, "price");
    s.expect("AM14", PENSION, "share");
    vec![s]
}

/// CU01: priced in dollars, charged in euros. EN08: charged, though only applied for. EN13: a plan that nobody has
/// mapped; another one is left out by the job.
fn currencies_and_unknown_plan(seats: &mut Seats) -> Vec<Subject> {
    let mut s = seats.employee();
    s.engagement().prices[STANDARD].1 = "USD";
    enroll(&mut s, STANDARD, 5_000, "ENROLLED");
    charge(&mut s, STANDARD, 5_000);
    enrolled(&mut s, RETIREMENT, 5_000).states = vec![("APPLIED", RECENTLY)];
    charge(&mut s, RETIREMENT, 5_000);
    enroll(&mut s, PETS, 10_000, "ENROLLED");
    enroll(&mut s, FITNESS, 10_000, "ENROLLED");
    s.expect("CU01", HEALTH, "currency");
    s.expect("EN08", PENSION, "ee_amount");
    s.findings.push(Entry::new("EN13", "", &format!("plan {}", PLANS[PETS].id), "plan_id"));
    vec![s]
}

/// ID03: provisioned days ago; neither crosswalk nor e-mail leads to anybody.
fn linked_to_nobody(seats: &mut Seats) -> Vec<Subject> {
    let mut s = seats.employee();
    enrolled(&mut s, STANDARD, 5_500).states = vec![("PROVISIONED", RECENTLY)];
    s.engagement().start_date = RECENTLY;
    s.links.clear();
    s.payroll.clear();
    s.employee_id.clear();
    let field = format!("engagement {}", s.engagement().id);
    s.findings.push(Entry::new("ID03", "", "", &field));
    vec![s]
}

/// EN08: charged after opting out, while another plan is on its way. CT11: a state that the guide does not know. With
/// them comes somebody whose engagement Oyster no longer lists (ID03).
fn opted_out_and_unknown_state(seats: &mut Seats) -> Vec<Subject> {
    let mut s = seats.employee();
    enrolled(&mut s, STANDARD, 5_000).states = vec![("ENROLLED", LONG_AGO), ("OPTED_OUT", LAST_YEAR)];
    enrolled(&mut s, PREMIUM, 5_000).states = vec![("IN_PROGRESS", RECENTLY)];
    charge(&mut s, STANDARD, 5_000);
    enroll(&mut s, RETIREMENT, 5_000, "PAUSED");
    charge(&mut s, RETIREMENT, 5_000);
    s.expect("EN08", HEALTH, "ee_amount");
    s.expect("CT11", PENSION, "state");
    let mut stranger = seats.employee();
    charge(&mut stranger, STANDARD, 5_000);
    stranger.engagement = None;
    stranger.expect("ID03", "", "engagement_id");
    vec![s, stranger]
}

/// CT02 over HTTP, where the engagement never answers. Everything is right with it.
fn fails_over_http(seats: &mut Seats) -> Vec<Subject> {
    let mut s = seats.employee();
    enroll(&mut s, STANDARD, 5_000, "ENROLLED");
    charge(&mut s, STANDARD, 5_000);
    s.fails_over_http = true;
    vec![s]
}

/// ID04: the crosswalk gives two people one engagement.
fn named_twice(seats: &mut Seats) -> Vec<Subject> {
    let mut s = seats.employee();
    enroll(&mut s, STANDARD, 5_000, "ENROLLED");
    charge(&mut s, STANDARD, 5_000);
    let mut other = seats.employee();
    charge(&mut other, STANDARD, 5_000);
    other.engagement = None;
    other.links = vec![Link { oyster_engagement_id: s.engagement().id.clone(), ..Link::default() }];
    s.expect("ID04", "", "oyster_engagement_id");
    other.expect("ID04", "", "oyster_engagement_id");
    vec![s, other]
}

/// Adds an enrollment that has long been in its state.
fn enroll(s: &mut Subject, plan: usize, share: Share, state: &'static str) {
    enrolled(s, plan, share).states = vec![(state, LONG_AGO)];
}

/// Adds an enrollment whose states are still to be set.
fn enrolled(s: &mut Subject, plan: usize, share: Share) -> &mut Enrollment {
    let id = names::code(&mut s.rng);
    let enrollment = Enrollment {
        id,
        plan,
        share,
        share_text: None,
        dependents: None,
        states: vec![("ENROLLED", LONG_AGO)],
        late: None,
    };
    s.engagement().enrollments.push(enrollment);
    s.engagement().enrollments.last_mut().expect("an enrollment was just added")
}

/// Payroll takes what is due for a plan.
fn charge(s: &mut Subject, plan: usize, share: Share) {
    let due = s.engagement().due(plan, share);
    *line(s, plan) = due;
}

/// The payroll cells of the benefit that a plan belongs to.
fn line(s: &mut Subject, plan: usize) -> &mut Line {
    &mut s.row().oyster[usize::from(plan == RETIREMENT)]
}
