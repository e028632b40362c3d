//! People who left weeks before the period began: cover or deductions that outlived them. Leave dates lie so far back
//! that every rule for the end of cover agrees; both sources know the same day, so that DE07 stays silent.

use crate::world::calendar::{day, moved};
use crate::world::records::{Kind, Line, Subject};

/// The last of the possible leave dates, and how many days they spread over.
const LAST_LEAVE: chrono::NaiveDate = day(2026, 1, 31);
const SPREAD_DAYS: i64 = 90;

/// Off payroll, as it should be, and every benefit still live.
pub fn gone_still_covered(s: &mut Subject) {
    left(s);
    s.off_payroll();
    expect_covered(s);
}

/// On payroll without deductions, and every benefit still live.
pub fn still_covered(s: &mut Subject) {
    left(s);
    s.row().lines = Default::default();
    expect_covered(s);
}

/// The benefits ended in time; the dental deduction went on.
pub fn still_deducted(s: &mut Subject) {
    left(s);
    let gone = s.rng.bool();
    let user = s.user();
    for benefit in &mut user.benefits {
        benefit.status = "ENDED";
    }
    if gone {
        user.benefits.clear();
    }
    let row = s.row();
    for kind in [Kind::Medical, Kind::Pension] {
        *row.line(kind) = Line::default();
    }
    s.expect("EN05", Kind::Dental.key(), "ee_amount");
}

/// Nobody stopped anything but the pension: medical is live and deducted, dental ended and deducted.
pub fn unnoticed(s: &mut Subject) {
    left(s);
    let user = s.user();
    user.benefit(Kind::Dental).status = "ENDED";
    user.benefits.retain(|b| b.kind != Kind::Pension);
    *s.row().line(Kind::Pension) = Line::default();
    s.expect("EN04", Kind::Medical.key(), "status");
    s.expect("EN05", Kind::Medical.key(), "ee_amount");
    s.expect("EN05", Kind::Dental.key(), "ee_amount");
}

fn left(s: &mut Subject) {
    let left = moved(LAST_LEAVE, -s.rng.i64(0..SPREAD_DAYS));
    let user = s.user();
    (user.leave_date, user.status) = (Some(left), "Leaver");
    s.row().term_date = Some(left);
}

fn expect_covered(s: &mut Subject) {
    for kind in [Kind::Medical, Kind::Dental, Kind::Pension] {
        s.expect("EN04", kind.key(), "status");
    }
}
