//! Personal data (DE04, DE05, DE07). Whole columns are compared for plain inequality first; only rows that
//! differ are looked at closely. No personal value ever stands in a finding.

use chrono::NaiveDate;
use polars::prelude::*;
use rayon::prelude::*;

use crate::rules::identity::masked::{MASKED, fingerprint};
use crate::rules::identity::reused::{Names, swapped};
use crate::rules::night::Night;
use crate::rules::people::person_state::{PersonState, names};
use crate::rules::people::similar::{ALIKE, shown};
use crate::rules::people::{date, day_number};
use crate::rules::schema::EMPLOYEES;
use crate::rules::write::Found;
use crate::snapshot::USERS;
use crate::tables::column::{Column, Day, PlainDay};
use crate::tables::payroll::PAYROLL_PEOPLE;
use tieout_model::code::Owner;
use tieout_model::finding::{Code, Finding};

/// DE04, DE05, DE07.
pub(in crate::rules) fn judge(night: &Night<'_>, found: &mut Found) -> PolarsResult<()> {
    let (people, users) = (&night.inputs.payroll.people, night.inputs.users);
    let [first, last] = [PAYROLL_PEOPLE.first_name.of(people)?, PAYROLL_PEOPLE.last_name.of(people)?];
    let [born, left] = [PAYROLL_PEOPLE.dob.of(people)?, PAYROLL_PEOPLE.term_date.of(people)?];
    // Benifex's texts come in pieces: they are walked, not looked up.
    let there = USERS.first_name.of(users)?.iter().zip(USERS.last_name.of(users)?.iter());
    let dates = USERS.dob.of(users)?.iter().zip(USERS.leave_date.of(users)?.iter());
    let users = USERS.emp.of(users)?.into_no_null_iter().zip(there.zip(dates));
    let unlike = users.filter_map(|(emp, (there, (bx_born, bx_left)))| {
        let row = night.person(emp)?;
        let name = (first.get(row), last.get(row)) != there;
        let unlike = [name, born.get(row) != bx_born, left.get(row) != bx_left];
        (unlike != [false; 3]).then_some((emp, unlike))
    });
    let unlike: Vec<(u32, [bool; 3])> = unlike.collect();
    if unlike.is_empty() {
        return Ok(());
    }
    let names = Names::new(night.inputs)?;
    let then = night.people.then.as_ref().map(|then| Names::with_users(night.inputs, then.users)).transpose()?;
    let names = [Some(&names), then.as_ref()];
    let is_judged = |emp: u32| night.states.get(emp) == PersonState::Judged && !night.links.ambiguous.contains(&emp);
    let judged = unlike.into_par_iter().filter(|(emp, _)| is_judged(*emp));
    let of_each = judged.map(|(emp, unlike)| of_person(night, emp, unlike, names));
    found.findings.par_extend(of_each.collect::<PolarsResult<Vec<_>>>()?.into_par_iter().flatten());
    Ok(())
}

/// Of somebody whose name, birth date or leave date is not letter for letter the same.
fn of_person(
    night: &Night<'_>,
    emp: u32,
    [name_unlike, born_unlike, left_unlike]: [bool; 3],
    names: [Option<&Names<'_>>; 2],
) -> PolarsResult<Vec<Finding>> {
    let of_person = [
        name_unlike.then(|| name(night, emp, names)).transpose()?.flatten(),
        born_unlike.then(|| birth_date(night, emp)).transpose()?.flatten(),
        left_unlike.then(|| leave_date(night, emp)).transpose()?.flatten(),
    ];
    // Of most there is none: a finding is large.
    Ok(of_person.into_iter().flatten().collect())
}

/// DE04. A name that changed since the cut-off, before which it was payroll's, is newer than its file. `names`: with
/// tonight's users, and with those of then.
fn name(night: &Night<'_>, emp: u32, [names, then]: [Option<&Names<'_>>; 2]) -> PolarsResult<Option<Finding>> {
    let (Some(row), Some(user), Some(names)) = (night.person(emp), night.user(emp), names) else { return Ok(None) };
    let enough = night.inputs.job.rules.name_similarity.min(ALIKE);
    let Some(best) = names.likeness(row, user, enough).filter(|best| *best < enough) else { return Ok(None) };
    let user_then = night.people.then.as_ref().and_then(|then| then.user(night.id(emp)));
    if user_then.zip(then).and_then(|(user, names)| names.likeness(row, user, enough)).is_some_and(|was| was >= enough)
    {
        return Ok(None);
    }
    let blank = night.finding(Code::DE04, Some(emp))?;
    Ok(Some(Finding {
        field: "name".to_owned(),
        payroll_value: MASKED.to_owned(),
        system_value: format!("similarity {}", shown(best)),
        masked: fingerprint(&names.plain(row, user)),
        evidence: night.at_both(emp, "last_name", "lastName")?,
        sentence: format!(
            "The name in payroll and in Benifex is not the same (similarity {}): check that it is the same person, and \
             correct the wrong one.",
            shown(best)
        ),
        ..blank
    }
    .moved_by(Owner::Payroll)))
}

fn user_day(night: &Night<'_>, emp: u32, column: Column<Day>) -> PolarsResult<Option<NaiveDate>> {
    let days = column.of(night.inputs.users)?;
    Ok(night.user(emp).and_then(|row| days.get(row)).map(date))
}

fn pay_day(night: &Night<'_>, emp: u32, column: Column<Day>) -> PolarsResult<Option<NaiveDate>> {
    let days = column.of(&night.inputs.payroll.people)?;
    Ok(night.person(emp).and_then(|row| days.get(row)).map(date))
}

/// DE05.
fn birth_date(night: &Night<'_>, emp: u32) -> PolarsResult<Option<Finding>> {
    let (Some(here), Some(there)) = (pay_day(night, emp, USERS.dob)?, user_day(night, emp, USERS.dob)?) else {
        return Ok(None);
    };
    if here == there {
        return Ok(None);
    }
    let how = if swapped(day_number(here), day_number(there)) { "day and month swapped" } else { "differs" };
    let blank = night.finding(Code::DE05, Some(emp))?;
    Ok(Some(Finding {
        field: "dob".to_owned(),
        payroll_value: format!("{MASKED}-**-**"),
        system_value: how.to_owned(),
        masked: fingerprint(&[here, there].map(|day| day.to_string())),
        evidence: night.at_both(emp, "dob", "dateOfBirth")?,
        sentence: format!(
            "The birth date in payroll and in Benifex is not the same ({how}); premiums by age depend on it: correct the \
             wrong one."
        ),
        ..blank
    }
    .moved_by(Owner::Payroll)))
}

/// DE07: both have a leave date and they are too far apart, or one has one that has passed and the other has none. Void
/// dates are none, and of somebody who leaves after its period the payroll file says nothing yet.
fn leave_date(night: &Night<'_>, emp: u32) -> PolarsResult<Option<Finding>> {
    let stands =
        |column: Column<PlainDay>| PolarsResult::Ok(column.of(&night.people.frame)?.get(emp as usize).map(date));
    let (here, there) = (stands(EMPLOYEES.term)?, stands(EMPLOYEES.left)?);
    let dated = here.is_some() || night.inputs.job.payroll.all_map(|columns| &columns.term_date);
    let differs = match (here, there) {
        (Some(a), Some(b)) => {
            i64::from((day_number(a) - day_number(b)).abs()) > night.inputs.job.rules.leave_date_tolerance_days
        }
        (Some(here), None) => here < night.inputs.as_of,
        (None, Some(there)) => there < night.inputs.as_of && there <= night.period(emp)?.1,
        (None, None) => false,
    };
    let unreadable = night.user_text(emp, USERS.faults)?.into_iter().flat_map(names).any(|f| f == "leave_date");
    // Whether the person is employed at all is EN06's.
    let conflict = EMPLOYEES.conflict.of(&night.people.frame)?.get(emp as usize) == Some(true);
    if !differs || unreadable || !dated || conflict {
        return Ok(None);
    }
    let blank = night.finding(Code::DE07, Some(emp))?;
    let text = |date: Option<NaiveDate>| date.map(|d| d.to_string()).unwrap_or_default();
    let said = |date: Option<NaiveDate>| if date.is_some() { text(date) } else { "missing".to_owned() };
    Ok(Some(Finding {
        field: "term_date".to_owned(),
        payroll_value: text(here),
        system_value: text(there),
        evidence: night.at_both(emp, "term_date", "leaveDate")?,
        sentence: format!(
            "The leave date is {} on payroll but {} in Benifex; when cover ends depends on it: correct the wrong one.",
            said(here),
            said(there)
        ),
        ..blank
    }
    .moved_by(Owner::Payroll)))
}
