//! Values that are there and cannot be read, and a record that cannot be fetched. Whatever needs them stays unverified.

use crate::world::records::{Amount, Kind, Subject};
use crate::world::scenarios::amount;

/// Over HTTP the user's record fails; imported, the person has a wrong amount that HTTP therefore never shows.
pub fn fails_over_http(s: &mut Subject) {
    amount::employee(s);
    s.fails_over_http = true;
}

/// A benefit status that no job maps.
pub fn status(s: &mut Subject) {
    s.user().benefit(Kind::Medical).status = "SUSPENDED_BY_PROVIDER";
    s.expect("CT11", Kind::Medical.key(), "status");
}

/// A start date in a layout that nobody listed, or a text that is no date. The change date is absent, so that one field
/// alone is at fault.
pub fn date(s: &mut Subject) {
    let other_layout = s.rng.bool();
    let dental = s.user().benefit(Kind::Dental);
    dental.change_date = None;
    if other_layout {
        (dental.dates_format, dental.effective_text) = ("EEE d MMM ''yy", Some("Tue 1 Apr '25"));
    } else {
        dental.effective_text = Some("31/31/2025");
    }
    s.expect("CT11", Kind::Dental.key(), "effective_from");
}

/// An amount that is no number.
pub fn amount(s: &mut Subject) {
    s.user().benefit(Kind::Pension).ee.annual = Amount::Text("5 % of salary");
    s.expect("CT11", Kind::Pension.key(), "ee_annual");
}

/// A salary that is no number: only what needs it is not compared.
pub fn salary(s: &mut Subject) {
    s.user().salary = Amount::Text("on file");
    s.expect("CT11", "", "salary");
}

/// An employment status in payroll that no job maps; Benbase then has nothing to be compared with.
pub fn payroll_status(s: &mut Subject) {
    s.row().employment_status = "seasonal, on call";
    s.expect("CT11", "", "employment_status");
}
