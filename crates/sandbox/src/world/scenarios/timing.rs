//! Elections that changed after the cut-off: payroll took what was right before. The world at the cut-off holds the
//! person as they were.

use crate::world::amounts::Cents;
use crate::world::calendar::{AFTER_CUTOFF, PLAN_START};
use crate::world::people::contribution;
use crate::world::records::{Kind, Subject};
use crate::world::scenarios::enrollment::added;

/// A change moves the yearly amount by at least this much, far beyond any tolerance of one deduction.
const CHANGE_MIN: Cents = 12_000;

/// The medical plan costs something else since the plan's start. From next month on it would be no matter of this one.
pub fn changed(s: &mut Subject) {
    remember(s);
    let (group, more) = (s.group, s.rng.i64(CHANGE_MIN..60_000));
    let medical = s.user().benefit(Kind::Medical);
    let (ee, er) = (medical.ee.annual.cents().unwrap_or(0), medical.er.annual.cents().unwrap_or(0));
    medical.ee = contribution(ee + more, group);
    medical.er = contribution(er + more, group);
    medical.change_date = Some(AFTER_CUTOFF);
    medical.effective_from = medical.effective_from.max(PLAN_START);
    s.expect("TM07", Kind::Medical.key(), "ee_amount");
}

/// The dental plan ended; Benifex no longer lists it, or lists it as ended.
pub fn ended(s: &mut Subject) {
    remember(s);
    let listed = s.rng.bool();
    let user = s.user();
    if listed {
        let dental = user.benefit(Kind::Dental);
        (dental.status, dental.change_date) = ("ENDED", Some(AFTER_CUTOFF));
    } else {
        user.benefits.retain(|b| b.kind != Kind::Dental);
    }
    s.expect("TM07", Kind::Dental.key(), "ee_amount");
}

/// Life cover was chosen, backdated to the plan's start; payroll could not know.
pub fn joined(s: &mut Subject) {
    remember(s);
    let mut life = added(s, Kind::Life);
    life.change_date = Some(AFTER_CUTOFF);
    s.user().benefits.push(life);
    s.expect("TM07", Kind::Life.key(), "ee_amount");
}

fn remember(s: &mut Subject) {
    if s.at_cutoff.is_none() {
        s.at_cutoff.clone_from(&s.user);
    }
}
