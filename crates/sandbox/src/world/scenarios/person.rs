//! Where somebody lives, what they are called, when they were born and when they leave.

use chrono::{Datelike, NaiveDate};

use crate::world::calendar::{AS_OF, INSIDE_EVERY_PERIOD, moved};
use crate::world::names::{STRANGERS, other_us_place, pick};
use crate::world::records::Subject;

/// Benbase holds another street in the same town.
pub fn street(s: &mut Subject) {
    let number = s.rng.u16(1..9_900);
    s.ledger().address.line1 = format!("{number} Old Quarry Road");
    s.expect("DE01", "", "address");
}

/// Benifex holds the ZIP of another town; Benbase has the right one.
pub fn zip(s: &mut Subject) {
    let address = s.row().address.clone();
    let (_, _, other) = other_us_place(&mut s.rng, &address);
    other.clone_into(&mut s.user().postcode);
    s.expect("DE01", "", "zip");
}

/// Benbase holds another state, the rest of the address being the same.
pub fn state(s: &mut Subject) {
    let address = s.row().address.clone();
    let (_, other, _) = other_us_place(&mut s.rng, &address);
    other.clone_into(&mut s.ledger().address.state);
    s.expect("DE02", "", "state");
}

/// Benifex has somebody else's name under the id.
pub fn name(s: &mut Subject) {
    let (first, last) = pick(&mut s.rng, &STRANGERS);
    let user = s.user();
    (user.first_name, user.last_name) = (first.to_owned(), last.to_owned());
    s.expect("DE04", "", "name");
}

/// Day and month swapped where that makes another date, else another day.
pub fn birth(s: &mut Subject) {
    let dob = s.user().dob;
    let swapped = NaiveDate::from_ymd_opt(dob.year(), dob.day(), dob.month()).filter(|other| *other != dob);
    s.user().dob = swapped.unwrap_or_else(|| moved(dob, 3));
    s.expect("DE05", "", "dob");
}

/// One source knows of a leave date in this period and the other of none; or both know a coming one, weeks apart.
/// The date lies inside the period, so that cover and deductions go on for now.
pub fn leave_date(s: &mut Subject) {
    match s.rng.u8(..3) {
        0 => s.user().leave_date = Some(INSIDE_EVERY_PERIOD),
        1 => s.row().term_date = Some(INSIDE_EVERY_PERIOD),
        _ => {
            s.user().leave_date = Some(moved(AS_OF, 45));
            s.row().term_date = Some(moved(AS_OF, 30));
        }
    }
    s.expect("DE07", "", "term_date");
}
