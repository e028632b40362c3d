//! When two United States addresses are the same: case, accents, punctuation, blanks and the postal words of
//! Publication 28 don't count, nor whether the unit stands in the first line or the second. Digits always count.

mod place;
mod roads;
mod split;
mod words;
mod zip;

pub use self::zip::{full_zip, zip5, zips_differ};

use self::place::Place;
use self::split::split;
use self::words::short;

/// Towns by the name that the post does not use, words joined, and the one that it does.
const TOWNS: [(&str, &str); 3] =
    [("WASHINGTONDC", "WASHINGTON"), ("WASHINGTONDISTRICTOFCOLUMBIA", "WASHINGTON"), ("NEWYORKCITY", "NEWYORK")];

/// Where somebody lives, as one source writes it.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Home<'a> {
    pub line1: Option<&'a str>,
    pub line2: Option<&'a str>,
    pub city: Option<&'a str>,
    pub state: Option<&'a str>,
    pub zip: Option<&'a str>,
}

/// Both have a first line and are not the same place; parts are compared where both have them, the state is not.
/// `has_line2`: payroll has a column for the second line; without one its silence on a unit says nothing.
pub fn homes_differ(payroll: &Home<'_>, held: &Home<'_>, has_line2: bool) -> bool {
    if payroll.line1.is_none() || held.line1.is_none() || payroll == held {
        return false;
    }
    lines_differ(payroll, held, has_line2)
        || towns_differ(payroll.city, held.city)
        || zips_differ(payroll.zip, held.zip)
}

fn lines_differ(payroll: &Home<'_>, held: &Home<'_>, has_line2: bool) -> bool {
    if (payroll.line1, payroll.line2) == (held.line1, held.line2) {
        return false;
    }
    let (here, there) = (Place::new(payroll), Place::new(held));
    let silent = !has_line2 && here.has_no_unit();
    !here.is_in_street_of(&there) || (!here.has_unit_of(&there) && !silent)
}

/// Street and unit as they are compared.
pub fn plain_lines(home: &Home<'_>) -> String {
    Place::new(home).to_string()
}

/// A town as it is compared.
pub fn town(name: &str) -> String {
    let town: String = split(name).iter().map(|word| short(word)).collect();
    TOWNS.iter().find(|(called, _)| *called == town).map_or(town, |(_, named)| (*named).to_owned())
}

/// Both towns are there and are not the same one.
pub fn towns_differ(a: Option<&str>, b: Option<&str>) -> bool {
    matches!((a, b), (Some(a), Some(b)) if !a.eq_ignore_ascii_case(b) && town(a) != town(b))
}

#[cfg(test)]
mod tests;
