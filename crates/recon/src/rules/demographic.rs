//! Personal data (DE01, DE02, DE04, DE05, DE07). Whole columns are compared for plain inequality first; only rows that
//! differ are looked at closely. No personal value ever stands in a finding.

use chrono::{Datelike, NaiveDate};
use polars::prelude::*;

use crate::rules::address::{lines_differ, zips_differ};
use crate::rules::columns::{days, numbers, texts};
use crate::rules::night::Night;
use crate::rules::people::{date, day_number};
use crate::rules::similar::{ALIKE, shown, similarity};
use crate::rules::state::{State, names};
use crate::rules::write::{Found, evidence};
use tieout_model::coded::Coded;
use tieout_model::correction::{Held, Ledger};
use tieout_model::finding::{Code, Evidence, Finding};

/// What stands in place of a personal value.
const MASKED: &str = "****";

/// DE04, DE05, DE07.
pub(super) fn judge(night: &Night<'_>, found: &mut Found) -> PolarsResult<()> {
    let (people, users) = (&night.inputs.payroll.people, night.inputs.users);
    let [first, last] = [texts(people, "first_name")?, texts(people, "last_name")?];
    let [born, left] = [days(people, "dob")?, days(people, "term_date")?];
    // Benifex's texts come in pieces: they are walked, not looked up.
    let names = texts(users, "first_name")?.iter().zip(texts(users, "last_name")?.iter());
    let dates = days(users, "dob")?.iter().zip(days(users, "leave_date")?.iter());
    let users = numbers(users, "emp")?.into_no_null_iter().zip(names.zip(dates));
    for (emp, (there, (bx_born, bx_left))) in users {
        let Some(row) = night.person(emp) else { continue };
        let here = (first.get(row), last.get(row));
        let unlike = [here != there, born.get(row) != bx_born, left.get(row) != bx_left];
        if unlike == [false; 3] || night.states.get(emp) != State::Judged || night.ambiguous.contains(&emp) {
            continue;
        }
        let [name_unlike, born_unlike, left_unlike] = unlike;
        found.findings.extend(name_unlike.then(|| name(night, emp, here, there)).transpose()?.flatten());
        found.findings.extend(born_unlike.then(|| birth_date(night, emp)).transpose()?.flatten());
        found.findings.extend(left_unlike.then(|| leave_date(night, emp)).transpose()?.flatten());
    }
    Ok(())
}

/// DE01 and DE02 of the people of Benbase's countries: employee, and row of the ledger.
pub(super) fn judge_covered(
    night: &Night<'_>,
    ledger: &Ledger,
    covered: &[(u32, Option<usize>)],
    found: &mut Found,
) -> PolarsResult<()> {
    let columns = Columns::new(night)?;
    for (emp, held) in covered {
        let (Some(row), Some(user)) = (night.person(*emp), night.user(*emp)) else { continue };
        if let Some(held) = held.map(|row| ledger.at(row)) {
            if columns.address_differs(row, &held) {
                found.findings.push(address(night, *emp)?);
            }
            if lines_differ(columns.state.get(row), held.state) {
                found.findings.push(state(night, *emp)?);
            }
        }
        if zips_differ(columns.zip.get(row), columns.postcode.get(user)) {
            found.findings.push(zip(night, *emp)?);
        }
    }
    Ok(())
}

fn both(night: &Night<'_>, emp: u32, payroll: &str, benifex: &str) -> PolarsResult<Vec<Evidence>> {
    Ok(night.at_person(emp, payroll)?.into_iter().chain([night.at_user(emp, benifex)?]).collect())
}

/// First and last name.
type Name<'n> = (Option<&'n str>, Option<&'n str>);

/// DE04: the best of first and last, preferred and last, and local name.
fn name(night: &Night<'_>, emp: u32, here: Name<'_>, there: Name<'_>) -> PolarsResult<Option<Finding>> {
    let here = joined(here);
    let likeness = |variant: &str| (!variant.is_empty() && !here.is_empty()).then(|| similarity(&here, variant));
    let enough = Some(night.inputs.job.rules.name_similarity.min(ALIKE));
    let mut best = likeness(&joined(there));
    if best < enough {
        best = best.max(likeness(&joined((night.user_text(emp, "preferred_name")?, there.1))));
    }
    if best < enough {
        best = best.max(likeness(night.user_text(emp, "local_name")?.unwrap_or_default()));
    }
    let Some(best) = best.filter(|_| best < enough) else { return Ok(None) };
    let form = night.form(Code::DE04, Some(emp))?;
    Ok(Some(Finding {
        field: "name".to_owned(),
        payroll_value: MASKED.to_owned(),
        system_value: format!("similarity {}", shown(best)),
        evidence: both(night, emp, "last_name", "lastName")?,
        sentence: format!(
            "The name in payroll and in Benifex is not the same (similarity {}): check that it is the same person, and \
             correct the wrong one. Payroll's move.",
            shown(best)
        ),
        ..form
    }))
}

fn joined((first, last): Name<'_>) -> String {
    [first, last].into_iter().flatten().collect::<Vec<_>>().join(" ")
}

fn user_day(night: &Night<'_>, emp: u32, column: &str) -> PolarsResult<Option<NaiveDate>> {
    let days = days(night.inputs.users, column)?;
    Ok(night.user(emp).and_then(|row| days.get(row)).map(date))
}

fn pay_day(night: &Night<'_>, emp: u32, column: &str) -> PolarsResult<Option<NaiveDate>> {
    let days = days(&night.inputs.payroll.people, column)?;
    Ok(night.person(emp).and_then(|row| days.get(row)).map(date))
}

/// DE05.
fn birth_date(night: &Night<'_>, emp: u32) -> PolarsResult<Option<Finding>> {
    let (Some(here), Some(there)) = (pay_day(night, emp, "dob")?, user_day(night, emp, "dob")?) else {
        return Ok(None);
    };
    if here == there {
        return Ok(None);
    }
    let swapped = here.year() == there.year() && (here.month(), here.day()) == (there.day(), there.month());
    let how = if swapped { "day and month swapped" } else { "differs" };
    let form = night.form(Code::DE05, Some(emp))?;
    Ok(Some(Finding {
        field: "dob".to_owned(),
        payroll_value: format!("{MASKED}-**-**"),
        system_value: how.to_owned(),
        evidence: both(night, emp, "dob", "dateOfBirth")?,
        sentence: format!(
            "The birth date in payroll and in Benifex is not the same ({how}); premiums by age depend on it: correct the \
             wrong one. Payroll's move."
        ),
        ..form
    }))
}

/// DE07: both have a leave date and they are too far apart, or one has one that has passed and the other has none.
fn leave_date(night: &Night<'_>, emp: u32) -> PolarsResult<Option<Finding>> {
    let (here, there) = (pay_day(night, emp, "term_date")?, user_day(night, emp, "leave_date")?);
    let differs = match (here, there) {
        (Some(a), Some(b)) => {
            i64::from((day_number(a) - day_number(b)).abs()) > night.inputs.job.rules.leave_date_tolerance_days
        }
        (Some(one), None) | (None, Some(one)) => one < night.inputs.as_of,
        (None, None) => false,
    };
    let unreadable = night.user_text(emp, "faults")?.into_iter().flat_map(names).any(|f| f == "leave_date");
    if !differs || unreadable {
        return Ok(None);
    }
    let form = night.form(Code::DE07, Some(emp))?;
    let text = |date: Option<NaiveDate>| date.map(|d| d.to_string()).unwrap_or_default();
    let said = |date: Option<NaiveDate>| if date.is_some() { text(date) } else { "missing".to_owned() };
    Ok(Some(Finding {
        field: "term_date".to_owned(),
        payroll_value: text(here),
        system_value: text(there),
        evidence: both(night, emp, "term_date", "leaveDate")?,
        sentence: format!(
            "The leave date is {} on payroll but {} in Benifex; when cover ends depends on it: correct the wrong one. \
             Payroll's move.",
            said(here),
            said(there)
        ),
        ..form
    }))
}

/// Address columns of both sources.
struct Columns<'a> {
    lines: [&'a StringChunked; 3],
    zip: &'a StringChunked,
    state: &'a Coded,
    postcode: StringChunked,
}

impl<'a> Columns<'a> {
    fn new(night: &Night<'a>) -> PolarsResult<Columns<'a>> {
        let people = &night.inputs.payroll.people;
        Ok(Columns {
            lines: [texts(people, "addr_line1")?, texts(people, "addr_line2")?, texts(people, "city")?],
            zip: texts(people, "zip")?,
            state: &night.inputs.payroll.words.state,
            // In one piece, for it is looked up person by person.
            postcode: texts(night.inputs.users, "postcode")?.rechunk().into_owned(),
        })
    }

    /// A second line stands or not; the other parts are compared where both sides have them.
    fn address_differs(&self, row: usize, held: &Held<'_>) -> bool {
        let [line1, line2, city] = self.lines.map(|column| column.get(row));
        if line1.is_none() || held.line1.is_none() {
            return false;
        }
        lines_differ(line1, held.line1)
            || lines_differ(Some(line2.unwrap_or_default()), Some(held.line2.unwrap_or_default()))
            || lines_differ(city, held.city)
            || zips_differ(self.zip.get(row), held.zip_code)
    }
}

fn against_ledger(night: &Night<'_>, emp: u32, code: Code, field: &str, what: &str) -> PolarsResult<Finding> {
    let form = night.form(code, Some(emp))?;
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
            "The {what} on payroll in {} is not the one that Benbase last accepted: approve the correction. The \
             approver's move.",
            night.period_text(emp)?
        ),
        ..form
    })
}

fn address(night: &Night<'_>, emp: u32) -> PolarsResult<Finding> {
    against_ledger(night, emp, Code::DE01, "address", "address")
}

fn state(night: &Night<'_>, emp: u32) -> PolarsResult<Finding> {
    against_ledger(night, emp, Code::DE02, "state", "state, which tax and plans follow,")
}

fn zip(night: &Night<'_>, emp: u32) -> PolarsResult<Finding> {
    let form = night.form(Code::DE01, Some(emp))?;
    Ok(Finding {
        field: "zip".to_owned(),
        payroll_value: MASKED.to_owned(),
        system_value: "differs".to_owned(),
        evidence: both(night, emp, "zip", "postcode")?,
        sentence: format!(
            "The ZIP code on payroll in {} is not the postcode in Benifex: correct the wrong one. The benefits team's \
             move.",
            night.period_text(emp)?
        ),
        ..form
    })
}
