//! Where somebody lives (DE01, DE02): payroll's address against what Benbase last accepted, and its ZIP code against
//! Benifex's postcode. Payroll is the authority. No personal value ever stands in a finding.

use polars::prelude::*;

use crate::rules::identity::masked::{MASKED, fingerprint};
use crate::rules::night::Night;
use crate::rules::people::person_state::PersonState;
use crate::rules::write::{Found, evidence};
use crate::settings::UNITED_STATES;
use crate::snapshot::USERS;
use crate::tables::payroll::PAYROLL_PEOPLE;
use tieout_model::address::{Home, homes_differ, plain_lines, town, zip5, zips_differ};
use tieout_model::categorical::Categorical;
use tieout_model::code::Owner;
use tieout_model::correction::{BenbaseLedger, Held};
use tieout_model::finding::{Code, Finding};
use tieout_model::states::state_code;

/// DE01 of ZIP code and postcode, for people in the United States and in the countries that Benbase covers.
pub(in crate::rules) fn judge(night: &Night<'_>, found: &mut Found) -> PolarsResult<()> {
    let zips = PAYROLL_PEOPLE.zip.of(&night.inputs.payroll.people)?;
    let countries = &night.inputs.payroll.words.country;
    let users = night.inputs.users;
    let there = USERS.postcode.of(users)?.iter().zip(USERS.country.of(users)?.iter());
    let then = night.people.then.as_ref();
    let then = then.map(|then| PolarsResult::Ok((then, USERS.postcode.of(then.users)?))).transpose()?;
    // A postcode that changed since the cut-off, before which it was payroll's, is newer than its file.
    let is_newer = |emp: u32, zip: Option<&str>| {
        let was = then.and_then(|(then, postcodes)| postcodes.get(then.user(night.id(emp))?));
        was.is_some_and(|was| !was.trim().is_empty() && !zips_differ(zip, Some(was)))
    };
    for (emp, (postcode, country)) in USERS.emp.of(users)?.into_no_null_iter().zip(there) {
        let Some(row) = night.person(emp).filter(|row| zips_differ(zips.get(*row), postcode)) else { continue };
        let both = [zips.get(row), postcode];
        if is_newer(emp, both[0]) {
            continue;
        }
        let here = countries.get(row).or(country).is_some_and(|country| is_covered(night, country));
        if here && night.states.get(emp) == PersonState::Judged && !night.links.ambiguous.contains(&emp) {
            found.findings.push(zip(night, emp, both)?);
        }
    }
    Ok(())
}

/// The rule of ZIP codes is about people of this country.
pub(in crate::rules) fn is_covered(night: &Night<'_>, country: &str) -> bool {
    let country = country.trim();
    UNITED_STATES.iter().any(|name| name.eq_ignore_ascii_case(country))
        || night.inputs.job.benbase.is_some_and(|benbase| benbase.countries.contains(country))
}

/// DE01 and DE02 of the people of Benbase's countries: employee, and row of the ledger.
pub(in crate::rules) fn judge_covered(
    night: &Night<'_>,
    ledger: &BenbaseLedger,
    covered: &[(u32, Option<usize>)],
    found: &mut Found,
) -> PolarsResult<()> {
    let columns = Columns::new(night)?;
    for (emp, held) in covered {
        let (Some(row), Some(held)) = (night.person(*emp), held.map(|row| ledger.at(row))) else { continue };
        if columns.address_differs(row, &held) {
            let masked = columns.address(row, &held);
            found.findings.push(Finding { masked, ..against_ledger(night, *emp, Code::DE01, "address", "address")? });
        }
        if states_differ(columns.state.get(row), held.state) {
            let what = "state, which tax and plans follow,";
            let masked = fingerprint(&[columns.state.get(row), held.state].map(plain_state));
            found.findings.push(Finding { masked, ..against_ledger(night, *emp, Code::DE02, "state", what)? });
        }
    }
    Ok(())
}

/// Both states are there and are not the same one.
fn states_differ(a: Option<&str>, b: Option<&str>) -> bool {
    matches!((a, b), (Some(a), Some(b)) if a != b && state_code(a) != state_code(b))
}

/// A state as it is compared.
fn plain_state(state: Option<&str>) -> String {
    state.map(state_code).unwrap_or_default()
}

/// Address columns of payroll.
struct Columns<'a> {
    line1: &'a StringChunked,
    line2: &'a StringChunked,
    city: &'a StringChunked,
    zip: &'a StringChunked,
    state: &'a Categorical,
    /// Payroll has a column for the second line.
    has_line2: bool,
}

impl<'a> Columns<'a> {
    fn new(night: &Night<'a>) -> PolarsResult<Columns<'a>> {
        let people = &night.inputs.payroll.people;
        Ok(Columns {
            line1: PAYROLL_PEOPLE.addr_line1.of(people)?,
            line2: PAYROLL_PEOPLE.addr_line2.of(people)?,
            city: PAYROLL_PEOPLE.city.of(people)?,
            zip: PAYROLL_PEOPLE.zip.of(people)?,
            state: &night.inputs.payroll.words.state,
            has_line2: night.inputs.job.payroll.all_map(|columns| &columns.addr_line2),
        })
    }

    fn home(&self, row: usize) -> Home<'a> {
        let [line1, line2, city, zip] = [self.line1, self.line2, self.city, self.zip].map(|column| column.get(row));
        Home { line1, line2, city, state: self.state.get(row), zip }
    }

    /// A second line is compared where both sides have it, or payroll has a column for it.
    fn address_differs(&self, row: usize, held: &Held<'_>) -> bool {
        homes_differ(&self.home(row), &home_of(held), self.has_line2)
    }

    /// What both addresses are known by.
    fn address(&self, row: usize, held: &Held<'_>) -> String {
        let homes = [self.home(row), home_of(held)];
        let lines = homes.map(|home| plain_lines(&home));
        let towns = homes.map(|home| home.city.map(town).unwrap_or_default());
        let zips = homes.map(|home| plain_zip(home.zip));
        fingerprint(&[lines, towns, zips].concat())
    }
}

fn home_of<'a>(held: &Held<'a>) -> Home<'a> {
    Home { line1: held.line1, line2: held.line2, city: held.city, state: held.state, zip: held.zip_code }
}

fn against_ledger(night: &Night<'_>, emp: u32, code: Code, field: &str, what: &str) -> PolarsResult<Finding> {
    let blank = night.finding(code, Some(emp))?;
    Ok(Finding {
        field: field.to_owned(),
        payroll_value: MASKED.to_owned(),
        system_value: "differs".to_owned(),
        evidence: night
            .at_person(emp, field)?
            .into_iter()
            .chain([evidence("benbase-ledger", field, "ledger")])
            .collect(),
        sentence: format!(
            "The {what} on payroll in {} is not the one that Benbase last accepted.",
            night.period_text(emp)?
        ),
        ..blank
    })
}

fn plain_zip(zip: Option<&str>) -> String {
    zip.map(zip5).unwrap_or_default()
}

/// DE01 of ZIP code and postcode, which are `both`.
fn zip(night: &Night<'_>, emp: u32, both: [Option<&str>; 2]) -> PolarsResult<Finding> {
    let blank = night.finding(Code::DE01, Some(emp))?;
    Ok(Finding {
        field: "zip".to_owned(),
        payroll_value: MASKED.to_owned(),
        system_value: "differs".to_owned(),
        masked: fingerprint(&both.map(plain_zip)),
        evidence: night.at_both(emp, "zip", "postcode")?,
        sentence: format!(
            "The ZIP code on payroll in {} is not the postcode in Benifex: correct the wrong one.",
            night.period_text(emp)?
        ),
        ..blank
    }
    .moved_by(Owner::Benefits))
}
