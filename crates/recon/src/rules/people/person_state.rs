//! What each person is to the rules, before any line is looked at: judged, absent on one side, near match, unverified.
//! Identity comes before amounts: nothing is compared for somebody who stands on one side only.

use std::collections::{BTreeMap, BTreeSet};

use polars::prelude::*;

use crate::rules::Inputs;
use crate::rules::identity::reused::reused;
use crate::rules::lines::labels::Label;
use crate::rules::people::elsewhere::elsewhere as belongs_elsewhere;
use crate::rules::people::same_person::{Near, near_matches};
use crate::rules::people::{People, day_number, mark, outcome};
use crate::rules::schema::{EMPLOYEES, LINES};
use crate::snapshot::USERS;
use crate::tables::column::{Column, PlainDay};
use tieout_model::source::Reject;
use tieout_payroll::ANOTHERS_ROW;

/// State of one person.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, strum::FromRepr)]
#[repr(u32)]
pub(in crate::rules) enum PersonState {
    Judged,
    Unverified,
    /// One of two ids that are one but for zeros, blanks, case or O, or that have one person (ID05).
    NearMatch,
    /// On payroll, not in Benifex (ID01).
    Missing,
    /// Missing, but hired within the grace period.
    NewHire,
    /// In Benifex with a live benefit, not on payroll (ID02).
    OffPayroll,
    /// Off payroll, but started within the grace period or this period.
    NewStarter,
    /// Leave or start date that decides the person's place cannot be read.
    DatesUnreadable,
    /// A payroll row was rejected or belongs to another run, or an id that may be the same could not be read: what is
    /// missing may stand there.
    RowUnused,
    /// The id is one person's on payroll and another's in Benifex (ID06).
    Reused,
    /// In Benifex in a pay group of another payroll, and not on this one.
    Elsewhere,
}

impl PersonState {
    pub(in crate::rules) fn number(self) -> u32 {
        self as u32
    }

    pub(in crate::rules) fn of(number: u32) -> PersonState {
        PersonState::from_repr(number).expect("a column of states holds numbers of states only")
    }
}

/// States by `emp`, and the ID05 pairs: payroll's `emp` → the other one.
pub(in crate::rules) struct States {
    pub(in crate::rules) column: UInt32Chunked,
    pub(in crate::rules) near: BTreeMap<u32, u32>,
}

impl States {
    pub(in crate::rules) fn get(&self, emp: u32) -> PersonState {
        PersonState::of(self.column.get(emp as usize).unwrap_or_default())
    }
}

/// Judges everybody's state, by `emp`. `live`: who has a live benefit that counts. `unused`: of whom payroll has rows
/// that are not in its tables. `elsewhere`: who is employed through Oyster, and need not be in Benifex.
pub(in crate::rules) fn states(
    inputs: &Inputs<'_>,
    people: &People<'_>,
    live: BooleanChunked,
    elsewhere: &BTreeSet<u32>,
) -> PolarsResult<States> {
    let mut unused = unused(inputs, people)?;
    let Near { pairs: near, namesakes } = near_matches(inputs, people, elsewhere, &unused)?;
    namesakes.into_iter().for_each(|emp| unused[emp as usize] = true);
    let unused: BooleanChunked = unused.into_iter().collect();
    let reused = reused(inputs, people)?;
    let is_reused: BooleanChunked = (0..people.ids.len() as u32).map(|emp| reused.contains(&emp)).collect();
    let ends: BTreeSet<u32> = near.iter().flat_map(|(a, b)| [*a, *b]).collect();
    let is_near: BooleanChunked = (0..people.ids.len() as u32).map(|emp| ends.contains(&emp)).collect();
    let (leave, start) = unreadable_dates(people, inputs.users)?;
    let grace_days = i32::try_from(inputs.job.rules.new_hire_grace_days).unwrap_or(i32::MAX);
    let grace = day_number(inputs.as_of).saturating_sub(grace_days);
    let frame = people.frame.hstack(&[
        live.with_name(EMPLOYEES.covered.name.into()).into_column(),
        is_near.with_name(EMPLOYEES.near.name.into()).into_column(),
        unused.with_name(EMPLOYEES.row_unused.name.into()).into_column(),
        is_reused.with_name(EMPLOYEES.reused.name.into()).into_column(),
        belongs_elsewhere(inputs, people)?.with_name(EMPLOYEES.elsewhere.name.into()).into_column(),
        leave.with_name(EMPLOYEES.leave_unreadable.name.into()).into_column(),
        start.with_name(EMPLOYEES.start_unreadable.name.into()).into_column(),
    ])?;
    let frame = frame.lazy().select([EMPLOYEES.state.picked(ladder(grace))]).collect()?;
    Ok(States { column: EMPLOYEES.state.of(&frame)?.clone(), near })
}

fn ladder(grace: i32) -> Expr {
    let at = |state: PersonState| lit(state.number());
    let outcome_is = |outcome: u32| EMPLOYEES.outcome.expr().eq(lit(outcome));
    let marked = |mark: u32| EMPLOYEES.mark.expr().eq(lit(mark));
    let in_benifex = marked(mark::BOTH).or(marked(mark::SERVICE_ONLY));
    let since = |day: Column<PlainDay>| day.expr().gt_eq(lit(grace)).fill_null(lit(false));
    // A list and its records that contradict each other prove nothing.
    let contradiction = outcome_is(outcome::FOUND).neq(in_benifex);
    let missing = outcome_is(outcome::NOT_FOUND).and(marked(mark::PAYROLL_ONLY));
    let alone = marked(mark::SERVICE_ONLY).and(EMPLOYEES.covered.expr());
    let left = EMPLOYEES.leave_unreadable.expr().and(alone.clone().or(marked(mark::BOTH)));
    // Whoever has left by the end of the period may have had the final pay before.
    let gone = EMPLOYEES.left.expr().lt_eq(EMPLOYEES.end.expr()).fill_null(lit(false));
    let off_payroll = alone.clone().and(EMPLOYEES.leaver.expr().not()).and(gone.not());
    let fresh = since(EMPLOYEES.begin).or(EMPLOYEES.begin.expr().gt_eq(EMPLOYEES.start.expr()).fill_null(lit(false)));
    when(outcome_is(outcome::UNVERIFIED).or(contradiction))
        .then(at(PersonState::Unverified))
        .when(EMPLOYEES.row_unused.expr())
        .then(at(PersonState::RowUnused))
        .when(EMPLOYEES.near.expr())
        .then(at(PersonState::NearMatch))
        .when(EMPLOYEES.elsewhere.expr())
        .then(at(PersonState::Elsewhere))
        .when(EMPLOYEES.reused.expr())
        .then(at(PersonState::Reused))
        .when(missing.clone().and(since(EMPLOYEES.hire)))
        .then(at(PersonState::NewHire))
        .when(missing)
        .then(at(PersonState::Missing))
        .when(left.or(EMPLOYEES.start_unreadable.expr().and(off_payroll.clone())))
        .then(at(PersonState::DatesUnreadable))
        .when(off_payroll.clone().and(fresh))
        .then(at(PersonState::NewStarter))
        .when(off_payroll)
        .then(at(PersonState::OffPayroll))
        .otherwise(at(PersonState::Judged))
}

/// Who has at least one live benefit that can be read and that the job does not ignore.
pub(in crate::rules) fn covered(expected: &DataFrame, labels: &[Label], height: usize) -> PolarsResult<BooleanChunked> {
    let mut covered = vec![false; height];
    let rows = LINES.emp.of(expected)?.into_no_null_iter().zip(LINES.label.of(expected)?.into_no_null_iter());
    let counts = LINES.live.of(expected)?.iter().zip(LINES.bad.of(expected)?.iter());
    for ((emp, label), counts) in rows.zip(counts) {
        if counts == (Some(true), Some(false)) && labels[label as usize].ignored.is_none() {
            covered[emp as usize] = true;
        }
    }
    Ok(covered.into_iter().collect())
}

/// Of whom a payroll row was rejected, of whom payroll has only rows of other runs, and whose other spelling could not
/// be read. Nothing that such a person lacks is called missing.
fn unused(inputs: &Inputs<'_>, people: &People<'_>) -> PolarsResult<Vec<bool>> {
    let mut unused = vec![false; people.ids.len()];
    let marks = EMPLOYEES.mark.of(&people.frame)?;
    // A rejected row without a readable id may be anybody's who seems to be off payroll, and so may one under the id of
    // another.
    let is_anybodys = |reject: &Reject| reject.employee_id.is_empty() || reject.reason.ends_with(ANOTHERS_ROW);
    if inputs.payroll.rejects.iter().any(is_anybodys) {
        unused = marks.into_no_null_iter().map(|mark| mark == mark::SERVICE_ONLY).collect();
    }
    for id in inputs.payroll.rejects.iter().map(|reject| reject.employee_id.as_str()) {
        if let Some(emp) = people.ids.find(id) {
            unused[emp as usize] = true;
        }
    }
    for id in inputs.payroll.set_aside.iter().map(|aside| aside.employee_id.as_str()) {
        if let Some(emp) = people.ids.find(id).filter(|emp| marks.get(*emp as usize) == Some(mark::SERVICE_ONLY)) {
            unused[emp as usize] = true;
        }
    }
    for emp in doubtful(people)? {
        unused[emp as usize] = true;
    }
    Ok(unused)
}

/// Ids that stand on one side only, where a spreadsheet may have shortened the one to the other: of which digits were
/// lost, nobody says.
fn shortened(people: &People<'_>, lost: &[u32]) -> PolarsResult<BTreeSet<u32>> {
    let marks = EMPLOYEES.mark.of(&people.frame)?;
    let on_payroll = |emp: &&u32| marks.get(**emp as usize) == Some(mark::PAYROLL_ONLY);
    let (payroll, others): (Vec<&u32>, Vec<&u32>) = lost.iter().partition(on_payroll);
    let mut shortened = BTreeSet::new();
    for emp in payroll.into_iter().filter(|emp| people.ids.text(**emp).contains("E+")) {
        let shown = people.ids.text(*emp);
        let longer: Vec<u32> =
            others.iter().map(|other| **other).filter(|other| is_shortened(shown, people.ids.text(*other))).collect();
        shortened.extend(longer.iter().copied().chain(longer.first().map(|_| *emp)));
    }
    Ok(shortened)
}

/// Ids that stand on one side only and that are, but for how they are written, one that could not be read, or one of
/// several on the other side.
fn doubtful(people: &People<'_>) -> PolarsResult<Vec<u32>> {
    let outcomes = EMPLOYEES.outcome.of(&people.frame)?.into_no_null_iter();
    let marks = EMPLOYEES.mark.of(&people.frame)?.into_no_null_iter();
    let (mut lost, mut unread) = (Vec::new(), BTreeSet::new());
    for ((emp, outcome), mark) in (0_u32..).zip(outcomes).zip(marks) {
        match (outcome, mark) {
            (outcome::NOT_FOUND, mark::PAYROLL_ONLY) | (outcome::FOUND, mark::SERVICE_ONLY) => lost.push(emp),
            (outcome::UNVERIFIED, _) => _ = unread.insert(bare(people.ids.text(emp))),
            _ => {}
        }
    }
    let shortened = shortened(people, &lost)?;
    let several = several(people, &lost)?;
    lost.retain(|emp| {
        let form = bare(people.ids.text(*emp));
        unread.contains(&form) || several.contains(&form) || shortened.contains(emp)
    });
    Ok(lost)
}

/// Forms of ids of which both sides have some that stand there only, and one of them several: which is which, nobody
/// says.
fn several(people: &People<'_>, lost: &[u32]) -> PolarsResult<BTreeSet<String>> {
    let marks = EMPLOYEES.mark.of(&people.frame)?;
    let on_payroll = |emp: &&u32| marks.get(**emp as usize) == Some(mark::PAYROLL_ONLY);
    let form = |emp: &u32| bare(people.ids.text(*emp));
    let mut forms: BTreeMap<String, [usize; 2]> = BTreeMap::new();
    lost.iter().filter(on_payroll).for_each(|emp| forms.entry(form(emp)).or_default()[0] += 1);
    if forms.is_empty() {
        return Ok(BTreeSet::new());
    }
    for emp in lost.iter().filter(|emp| !on_payroll(emp)) {
        if let Some(sides) = forms.get_mut(&form(emp)) {
            sides[1] += 1;
        }
    }
    let is_several = |sides: &[usize; 2]| sides[1] > 0 && *sides != [1, 1];
    Ok(forms.into_iter().filter(|(_, sides)| is_several(sides)).map(|(form, _)| form).collect())
}

fn unreadable_dates(people: &People<'_>, users: &DataFrame) -> PolarsResult<(BooleanChunked, BooleanChunked)> {
    let (mut leave, mut start) = (vec![false; people.ids.len()], vec![false; people.ids.len()]);
    for (emp, faults) in USERS.emp.of(users)?.into_no_null_iter().zip(USERS.faults.of(users)?.iter()) {
        for fault in faults.into_iter().flat_map(names) {
            leave[emp as usize] |= fault == "leave_date";
            start[emp as usize] |= fault == "start_date";
        }
    }
    Ok((leave.into_iter().collect(), start.into_iter().collect()))
}

/// The names of a comma-joined list.
pub(in crate::rules) fn names(list: &str) -> impl Iterator<Item = &str> {
    list.split(',').map(str::trim).filter(|name| !name.is_empty())
}

/// Digits after which no id goes on.
const ID_DIGITS_MAX: usize = 30;

/// All digits of a number as spreadsheets write a long one (`1.00E+05`), or an id that they take for one (`1E05`).
fn written_out(id: &str) -> Option<String> {
    let (mantissa, exponent) = id.split_once('E')?;
    let (whole, fraction) = mantissa.split_once('.').unwrap_or((mantissa, ""));
    let exponent: usize =
        exponent.strip_prefix('+').unwrap_or(exponent).parse().ok().filter(|n| *n <= ID_DIGITS_MAX)?;
    let fraction = fraction.trim_end_matches('0');
    let digits = format!("{whole}{fraction}");
    let number = digits.bytes().all(|b| b.is_ascii_digit()) && digits.bytes().any(|b| b != b'0') && !whole.is_empty();
    let zeros = exponent.checked_sub(fraction.len()).filter(|_| number)?;
    Some(digits + &"0".repeat(zeros))
}

/// Whether a spreadsheet shortened a long id to this one (`1.23457E+11`).
fn is_shortened(shown: &str, id: &str) -> bool {
    let Some((mantissa, _)) = shown.split_once("E+") else { return false };
    let kept = mantissa.bytes().filter(u8::is_ascii_digit).count();
    let all = written_out(shown).filter(|all| all.len() == id.len() && kept < all.len());
    let (Some(Ok(shown)), Ok(id)) = (all.map(|all| all.parse::<u128>()), id.parse::<u128>()) else { return false };
    let step = 10_u128.saturating_pow((id.checked_ilog10().unwrap_or_default() as usize + 1 - kept) as u32);
    shown.abs_diff(id) <= step / 2
}

/// An id without what people lose on the way: leading zeros, blanks, case, digits written as a power of ten; O is read
/// as 0.
pub(in crate::rules) fn bare(id: &str) -> String {
    let all: String = id.chars().filter(|c| !c.is_whitespace()).flat_map(char::to_uppercase).collect();
    let all = written_out(&all).unwrap_or(all);
    all.replace('O', "0").trim_start_matches('0').to_owned()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn ids_are_near_when_only_zeros_blanks_case_or_the_letter_o_differ() {
        for (a, b) in [("00123", "123"), ("a 10", "A10"), ("1O5", "105"), ("ab-1", "AB-1")] {
            assert_eq!(bare(a), bare(b), "{a} {b}");
        }
        assert_ne!(bare("1230"), bare("123"));
        assert_ne!(bare("AB-1"), bare("AB1"));
    }

    #[test]
    fn a_power_of_ten_is_the_id_that_a_spreadsheet_took_for_a_number() {
        for (a, b) in [("1E05", "1.00E+05"), ("12E4", "1.2E+05"), ("1.00E+05", "100000"), ("00012E4", "120000")] {
            assert_eq!(bare(a), bare(b), "{a} {b}");
        }
        for (a, b) in [("AE05", "E05"), ("1E05", "1.1E+05"), ("0E1", "0E2"), ("1E99", "1E98"), ("1.5E0", "15")] {
            assert_ne!(bare(a), bare(b), "{a} {b}");
        }
    }

    #[test]
    fn a_spreadsheet_shortens_an_id_to_the_digits_that_it_shows() {
        assert!(is_shortened("1.23457E+11", "123456789012"));
        assert!(is_shortened("1.23E+05", "123456"));
        for other in ["123464789012", "1234567890123", "223456789012", "A23456789012"] {
            assert!(!is_shortened("1.23457E+11", other), "{other}");
        }
        assert!(!is_shortened("123456", "123456"));
    }
}
