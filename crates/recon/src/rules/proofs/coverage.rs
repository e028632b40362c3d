//! How much each rule compared tonight, and why not the rest: a rule that compared nobody finds nothing, which is no
//! good news.

use std::collections::BTreeMap;

use polars::prelude::*;
use rayon::join;
use rayon::prelude::*;

use crate::rules::identity::residence::is_covered;
use crate::rules::night::Night;
use crate::rules::pay::salary::Unclear;
use crate::rules::people::person_state::PersonState;
use crate::rules::place::{Fate, Place};
use crate::rules::proofs::scope;
use crate::rules::schema::EMPLOYEES;
use crate::rules::write::Found;
use crate::snapshot::USERS;
use crate::tables::column::Column;
use crate::tables::payroll::PAYROLL_PEOPLE;
use tieout_model::categorical::Categorical;
use tieout_model::control::Coverage;
use tieout_model::finding::Code;

/// Rules that compare lines of benefits.
const OF_LINES: [Code; 18] = [
    Code::CU01,
    Code::EN01,
    Code::EN02,
    Code::EN04,
    Code::EN05,
    Code::EN11,
    Code::EN16,
    Code::TM07,
    Code::TM09,
    Code::TM11,
    Code::AM01,
    Code::AM02,
    Code::AM05,
    Code::AM06,
    Code::AM08,
    Code::AM09,
    Code::AM10,
    Code::AM13,
];

const NO_PAYROLL: &str = "payroll has no value";
const NO_BENIFEX: &str = "Benifex has no value";
const NOT_JUDGED: &str = "the person was not judged";
const LEFT: &str = "the person has left";
const NO_EMPLOYER: &str = "payroll gives no employer amounts";
const NO_LEDGER: &str = "the ledger does not know the Benbase id";

/// One entry a rule.
pub(in crate::rules) fn coverage(night: &Night<'_>, found: &Found) -> PolarsResult<Vec<Coverage>> {
    let lines = || OF_LINES.par_iter().map(|code| of_lines(night, *code)).collect();
    let (mut all, people): (Vec<Coverage>, _) = join(lines, || of_people(night, found));
    all.extend(people?);
    all.extend(of_population(night)?);
    all.extend(of_books(night));
    if let Some(oyster) = &night.oyster {
        all.extend(oyster.coverage());
    }
    if let Some((known, covered)) = found.in_ledger {
        for code in [Code::CO07, Code::DE02] {
            let mut coverage = Coverage::new(code);
            coverage.count(known);
            coverage.leave_out(covered - known, NO_LEDGER);
            all.push(coverage);
        }
    }
    all.sort_by_key(|coverage| coverage.code);
    Ok(all)
}

/// Lines that ended where the job can mend it: their reason names what it has to say.
pub(in crate::rules) fn mendable(night: &Night<'_>) -> u64 {
    use Place::{
        UnverifiedAhead, UnverifiedBefore, UnverifiedCalendar, UnverifiedCurrency, UnverifiedDeductions,
        UnverifiedInAdvance, UnverifiedPart, UnverifiedPayDate, UnverifiedPercent, UnverifiedSacrifice,
        UnverifiedShared, UnverifiedSign, UnverifiedSpelling,
    };
    let is_mendable = |place: Place| {
        matches!(
            place,
            UnverifiedAhead
                | UnverifiedBefore
                | UnverifiedCalendar
                | UnverifiedCurrency
                | UnverifiedDeductions
                | UnverifiedInAdvance
                | UnverifiedPart
                | UnverifiedPayDate
                | UnverifiedPercent
                | UnverifiedSacrifice
                | UnverifiedShared
                | UnverifiedSign
                | UnverifiedSpelling
        )
    };
    night.lines.iter().filter(|line| is_mendable(line.place)).count() as u64
}

fn of_lines(night: &Night<'_>, code: Code) -> Coverage {
    let mut coverage = Coverage::new(code);
    match unasked(night, code) {
        Some(reason) => coverage.leave_out(night.matched, reason),
        None => coverage.count(night.matched),
    }
    for line in &night.lines {
        match why_not(line.place).or_else(|| unasked(night, code)) {
            Some(_) if code == Code::CU01 && line.place == Place::Cu01 => coverage.count(1),
            _ if matches!(code, Code::AM02 | Code::AM09) && !line.employer => coverage.leave_out(1, NO_EMPLOYER),
            Some(reason) => coverage.leave_out(1, reason),
            None => coverage.count(1),
        }
    }
    for (label, apart) in &night.cells.apart {
        let ignored = night.labels[*label as usize].ignored.is_some();
        coverage.leave_out(apart.lines, if ignored { "left out by the job" } else { "not mapped (EN13)" });
    }
    coverage
}

/// Why a rule compared no line at all.
fn unasked(night: &Night<'_>, code: Code) -> Option<&'static str> {
    let eligibility = || night.inputs.job.schemes.iter().any(|entry| entry.scheme.eligible.is_some());
    let percentage = || night.inputs.job.schemes.iter().any(|entry| entry.scheme.percent_of_pay == Some(true));
    match code {
        Code::AM13 if !percentage() => Some("no scheme of the job makes a benefit a percentage of pay"),
        Code::EN16 if !eligibility() => Some("no scheme of the job says who may have the benefit"),
        Code::TM07 if night.inputs.prior.is_none() => Some("no snapshot from before the cut-off"),
        _ => None,
    }
}

/// Who stands where: people on payroll for ID01 and ID04 to ID06, people in Benifex for ID02 and ID09.
fn of_population(night: &Night<'_>) -> PolarsResult<Vec<Coverage>> {
    let [mut missing, mut near, mut off, mut moved] =
        [Code::ID01, Code::ID05, Code::ID02, Code::ID09].map(Coverage::new);
    for emp in 0..night.people.ids.len() as u32 {
        let state = night.states.get(emp);
        let unknown = matches!(state, PersonState::Unverified | PersonState::RowUnused);
        if night.person(emp).is_some() {
            for coverage in [&mut missing, &mut near] {
                if unknown { coverage.leave_out(1, NOT_JUDGED) } else { coverage.count(1) }
            }
        }
        if night.user(emp).is_some() {
            match state {
                _ if unknown => off.leave_out(1, NOT_JUDGED),
                PersonState::DatesUnreadable => off.leave_out(1, "leave or start date not readable"),
                PersonState::Elsewhere => off.leave_out(1, "of another payroll"),
                _ => off.count(1),
            }
            match night.inputs.prior {
                Some(_) if state == PersonState::Elsewhere => moved.count(1),
                _ if night.person(emp).is_some() => moved.count(1),
                None if state == PersonState::Elsewhere => moved.leave_out(1, "no snapshot from before the cut-off"),
                _ => {}
            }
        }
    }
    let lines = night.inputs.payroll.lines.height() as u64;
    let mut repeated = Coverage::new(Code::ID04);
    repeated.count(lines);
    Ok(vec![missing, near, off, moved, repeated])
}

/// Rules that look at earlier periods: of how many people on payroll any is known.
fn of_books(night: &Night<'_>) -> Vec<Coverage> {
    let known = night.balances.known;
    let unknown = (night.inputs.payroll.people.height() as u64).saturating_sub(known);
    let of = |code| {
        let mut coverage = Coverage::new(code);
        coverage.count(known);
        coverage.leave_out(unknown, "no earlier period is known");
        coverage
    };
    [Code::EN14, Code::TM01, Code::TM03, Code::TM12, Code::AM07].map(of).into()
}

fn why_not(place: Place) -> Option<&'static str> {
    match place {
        Place::Id01 | Place::Id02 | Place::Id04 | Place::Id05 => Some("identity comes first (ID)"),
        Place::UnverifiedPerson => Some(NOT_JUDGED),
        Place::UnverifiedFields => Some("a field of the benefit could not be read"),
        Place::UnverifiedCurrency => Some("currency unknown"),
        Place::Cu01 => Some("currencies differ (CU01)"),
        Place::Unsettled => Some("who the person is or when they left is in dispute (ID06, DE07, EN06)"),
        _ => match place.fate() {
            Fate::Matched | Fate::Finding => None,
            Fate::Unverified => Some(scope::unverified(place).unwrap_or("unverified")),
            Fate::OutOfScope => Some(scope::out_of_scope(place).unwrap_or("out of scope")),
        },
    }
}

/// Whether a source has a value at a row.
type Has<'a> = Box<dyn Fn(usize) -> bool + 'a>;

/// A rule that compares one value of people: what payroll needs to have, what Benifex, and whether leavers count.
struct OfPeople<'a> {
    code: Code,
    payroll: Has<'a>,
    benifex: Has<'a>,
    leavers: bool,
    /// Whom the rule is about, by row of payroll.
    among: Has<'a>,
}

fn of_people(night: &Night<'_>, found: &Found) -> PolarsResult<Vec<Coverage>> {
    let rules = rules(night)?;
    let leaver = EMPLOYEES.leaver.of(&night.people.frame)?;
    let mut all: Vec<Coverage> = rules.iter().map(|rule| Coverage::new(rule.code)).collect();
    for emp in 0..night.people.ids.len() as u32 {
        let Some(row) = night.person(emp) else { continue };
        let judged = night.states.get(emp) == PersonState::Judged && !night.links.ambiguous.contains(&emp);
        let left = leaver.get(emp as usize) == Some(true);
        let user = night.user(emp).filter(|_| judged);
        for (rule, coverage) in rules.iter().zip(&mut all).filter(|(rule, _)| (rule.among)(row)) {
            match user {
                None => coverage.leave_out(1, NOT_JUDGED),
                Some(_) if left && !rule.leavers => coverage.leave_out(1, LEFT),
                Some(_) if !(rule.payroll)(row) => coverage.leave_out(1, NO_PAYROLL),
                Some(user) if !(rule.benifex)(user) => coverage.leave_out(1, NO_BENIFEX),
                Some(_) => coverage.count(1),
            }
        }
    }
    if let Some(salary) = all.iter_mut().find(|coverage| coverage.code == Code::CO01) {
        not_comparable(found, salary);
    }
    Ok(all)
}

/// Takes the salaries off that were there and could not be compared.
fn not_comparable(found: &Found, salary: &mut Coverage) {
    let mut reasons: BTreeMap<&str, u64> = BTreeMap::new();
    for aside in found.unverified.iter().filter(|aside| aside.benefit.is_empty()) {
        if Unclear::REASONS.contains(&&*aside.reason) {
            *reasons.entry(&aside.reason).or_default() += 1;
        }
    }
    for (reason, people) in reasons {
        salary.compared = salary.compared.saturating_sub(people);
        *salary.not_compared.entry(reason.to_owned()).or_default() += people;
    }
}

fn rules<'a>(night: &'a Night<'_>) -> PolarsResult<Vec<OfPeople<'a>>> {
    let (people, users) = (&night.inputs.payroll.people, night.inputs.users);
    let words = &night.inputs.payroll.words;
    let dated = night.inputs.job.payroll.columns.term_date.is_some();
    let word = |coded: &'a Categorical| -> Has<'a> { Box::new(|row| coded.get(row).is_some()) };
    let (fte, hours) = (has(users, USERS.fte)?, has(users, USERS.contracted_hours)?);
    let rule =
        |code, payroll, benifex, leavers| OfPeople { code, payroll, benifex, leavers, among: Box::new(|_| true) };
    let zip = rule(Code::DE01, has(people, PAYROLL_PEOPLE.zip)?, has(users, USERS.postcode)?, true);
    let in_country = |row| words.country.get(row).is_none_or(|country| is_covered(night, country));
    Ok(vec![
        rule(Code::CO01, has(people, PAYROLL_PEOPLE.base_salary)?, has(users, USERS.salary)?, false),
        rule(Code::CO03, word(&words.pay_frequency), has(users, USERS.pay_periods)?, false),
        rule(Code::CO04, word(&words.employment_status), Box::new(move |user| fte(user) || hours(user)), false),
        OfPeople { among: Box::new(in_country), ..zip },
        rule(Code::DE04, has(people, PAYROLL_PEOPLE.last_name)?, has(users, USERS.last_name)?, true),
        rule(Code::DE05, has(people, PAYROLL_PEOPLE.dob)?, has(users, USERS.dob)?, true),
        rule(Code::DE07, Box::new(move |_| dated), Box::new(|_| true), true),
        rule(Code::EN06, Box::new(move |_| dated), has(users, USERS.employment_status)?, true),
        rule(Code::CO02, has(people, PAYROLL_PEOPLE.salary_effective)?, has(users, USERS.salary_effective)?, false),
        rule(Code::CU02, has(people, PAYROLL_PEOPLE.base_salary)?, has(users, USERS.salary)?, false),
        rule(Code::ID06, has(people, PAYROLL_PEOPLE.dob)?, has(users, USERS.dob)?, true),
    ])
}

/// Whether a column has a value; in one piece, for it is looked up person by person.
fn has<'a, C>(frame: &DataFrame, column: Column<C>) -> PolarsResult<Has<'a>> {
    let there = frame.column(column.name)?.is_not_null().rechunk().into_owned();
    Ok(Box::new(move |row| there.get(row) == Some(true)))
}
