//! What stands beside the amounts of a deduction: its year to date, its arrears, its tax treatment.

use crate::columns::Columns;
use crate::columns::names::words;
use crate::columns::profile::Profile;
use crate::deductions::Wide;
use crate::deductions::kinds::{self, Payer};
use crate::table::Table;

/// The fields of a line that are such details, as a job names them.
pub const FIELDS: [&str; 4] = ["employee_year_to_date", "employer_year_to_date", "arrears_balance", "tax_treatment"];
/// How many of them are amounts.
const AMOUNTS: usize = 3;
const ARREARS: usize = 2;

/// Places of the columns, in the order of [`FIELDS`].
#[derive(Clone, Copy, Debug, Default)]
pub struct DetailPositions(pub [Option<usize>; FIELDS.len()]);

impl DetailPositions {
    /// Those of a file with a line a deduction.
    pub fn of_lines(columns: &Columns, profiles: &[Profile]) -> DetailPositions {
        let mut details = DetailPositions::default();
        for (which, field) in FIELDS.into_iter().enumerate() {
            details.0[which] = columns.at(field).filter(|at| holds(which, &profiles[*at]));
        }
        details
    }

    /// Job keys and places of those that are there.
    pub fn keys(self) -> impl Iterator<Item = (&'static str, usize)> {
        FIELDS.into_iter().zip(self.0).filter_map(|(key, at)| Some((key, at?)))
    }

    pub fn places(self) -> impl Iterator<Item = usize> {
        self.0.into_iter().flatten()
    }

    /// Puts a column in its place; false when another is there.
    pub fn put(&mut self, which: usize, at: usize) -> bool {
        let is_free = self.0[which].is_none();
        self.0[which].get_or_insert(at);
        is_free
    }
}

/// Whether the cells of a column are what this detail is.
pub fn holds(which: usize, profile: &Profile) -> bool {
    which >= AMOUNTS && profile.is_words() || which < AMOUNTS && is_exact(profile)
}

/// A cell that is no amount would cost its employee the whole row, for what nothing compares.
fn is_exact(profile: &Profile) -> bool {
    profile.is_amount() && profile.amounts + profile.nothing == profile.filled
}

/// Gives the columns that were left over to the deductions whose year or arrears they are.
pub fn of_wide(found: &mut Wide, table: &Table, profiles: &[Profile]) {
    let Wide { deductions, left } = found;
    left.retain(|left| {
        let header = words(&table.full_name(left.at));
        let Some((which, base)) = detail_of(&header).filter(|_| is_exact(&profiles[left.at])) else { return true };
        let base_of = |at: usize| kinds::amount_name(&words(&table.full_name(at))).base;
        let is_its = |at: &Option<usize>| at.is_some_and(|at| base_of(at) == base);
        let of = deductions.iter_mut().find(|deduction| is_its(&deduction.employee) || is_its(&deduction.employer));
        !of.is_some_and(|deduction| deduction.details.put(which, left.at))
    });
}

/// Which detail a header names, and the words that say of which deduction.
fn detail_of(header: &[String]) -> Option<(usize, Vec<String>)> {
    if let Some(rest) = kinds::without_year_to_date(header) {
        let name = kinds::amount_name(&rest);
        let is_plain = !name.of_other_time && !name.arrears;
        let which = usize::from(name.payer == Some(Payer::Employer));
        return is_plain.then_some((which, name.base));
    }
    let rest = kinds::without_arrears_balance(header)?;
    Some((ARREARS, kinds::amount_name(&rest).base))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[track_caller]
    fn check(header: &str, expected: Option<(usize, &str)>) {
        let found = detail_of(&words(header)).map(|(which, base)| (which, base.join(" ")));
        assert_eq!(found, expected.map(|(which, base)| (which, base.to_owned())), "{header}");
    }

    #[test]
    fn a_header_names_the_year_or_the_arrears_of_a_deduction() {
        check("Medical EE YTD", Some((0, "medical")));
        check("YTD Employer Dental", Some((1, "dental")));
        check("Pension (Year to Date)", Some((0, "pension")));
        check("Medical EE Arrears Balance", Some((2, "medical")));
        for header in ["Medical EE", "401k Goal Limit", "Medical EE Arrears", "Medical QTD", "Medical YTD Arrears"] {
            check(header, None);
        }
    }
}
