//! What the ladder asks of one person.

use std::collections::BTreeMap;

use polars::prelude::*;
use rayon::prelude::*;

use crate::rules::Inputs;
use crate::rules::calendar::Payday;
use crate::rules::identity::other_group::InTwo;
use crate::rules::lines::dictionary::BLANK;
use crate::rules::lines::pair::Pair;
use crate::rules::pay::frequency::Frequency;
use crate::rules::people::leaving::says;
use crate::rules::people::person_state::{PersonState, States};
use crate::rules::people::{People, mark};
use crate::rules::schema::EMPLOYEES;
use crate::scheme::Scheme;
use crate::snapshot::USERS;
use crate::tables::column::{Column, PlainDay};
use crate::tables::payroll::PAYROLL_PEOPLE;

/// Words of an employment status that say that somebody is away.
pub(in crate::rules) const AWAY: [&str; 11] = [
    "leave",
    "loa",
    "absence",
    "absent",
    "furlough",
    "furloughed",
    "sabbatical",
    "maternity",
    "paternity",
    "parental",
    "unpaid",
];

/// Round shares of pay are halves of a percent.
const ROUND_SHARES: i128 = 200;

/// One person. Days since 1970.
#[derive(Clone, Copy, Debug)]
pub(in crate::rules) struct Person {
    pub(in crate::rules) state: PersonState,
    /// Benifex's id of the person whom payroll has under this one (ID05).
    pub(in crate::rules) other_id: Option<u32>,
    pub(in crate::rules) on_payroll: bool,
    pub(in crate::rules) in_benifex: bool,
    pub(in crate::rules) group: u32,
    pub(in crate::rules) payday: Payday,
    /// Cover ended before the period began, by the job's rule.
    pub(in crate::rules) leaver: bool,
    /// The sources contradict each other on when the person left.
    pub(in crate::rules) disputed: bool,
    /// The later leave date of the two sources.
    pub(in crate::rules) leave: Option<i32>,
    /// The later first day of the two sources.
    pub(in crate::rules) joined: Option<i32>,
    /// The earlier of them, where both sources have one.
    pub(in crate::rules) hired_by_both: Option<i32>,
    /// Benifex's employment status says so, or payroll's hours or pay of 0.
    pub(in crate::rules) on_leave: bool,
    /// The salary in Benifex, in counts of 1/10,000.
    pub(in crate::rules) salary: Option<i64>,
    /// Since when the salary is what it is, by the later of both sources.
    pub(in crate::rules) paid_since: Option<i32>,
    pub(in crate::rules) frequency: Frequency,
    /// Benifex has the person in another pay group, whose pay dates or deductions are others.
    pub(in crate::rules) other_calendar: bool,
    /// What the run paid, with those beside it in its file, in counts of 1/10,000.
    pub(in crate::rules) gross: Option<i64>,
}

impl Person {
    /// The leave date lies in the days after the period, as many as it has itself.
    pub(in crate::rules) fn leaves_next(&self) -> bool {
        let (end, days) = (self.payday.end, self.payday.end.saturating_sub(self.payday.start).saturating_add(1));
        self.leave.is_some_and(|leave| end < leave && leave.saturating_sub(end) <= days)
    }

    /// What a deduction of `due` comes to by the gross pay of the run, where a salary and it are known: by the part of
    /// either that the scheme's percentage is of.
    pub(in crate::rules) fn of_gross(&self, scheme: &Scheme, due: i64, per_year: i64) -> Option<i64> {
        let (salary, gross) = (self.salary.map(i128::from)?, i128::from(self.gross?));
        let (pays, in_file) = (i128::from(self.payday.pays), i128::from(self.payday.in_file.max(1)));
        if pays <= 0 && scheme.has_band() {
            return None;
        }
        let (of_salary, of_run) = (scheme.of_band(salary, pays), scheme.of_band(gross, in_file));
        // Of a salary below the floor nothing is due, and of what pay the percentage would be, nobody says.
        let of_gross = (of_salary > 0).then(|| i128::from(due) * i128::from(per_year) * of_run / of_salary)?;
        i64::try_from(of_gross).ok()
    }

    /// What is due of the employee in a year is a round share of salary, so that what is taken may follow actual
    /// pay.
    pub(in crate::rules) fn pays_percent_of(&self, pair: &Pair) -> bool {
        let (yearly, pay) =
            (i128::from(pair.employee_due) * i128::from(pair.per_year), self.salary.map_or(0, i128::from));
        // Each deduction was rounded for itself.
        let rounding = i128::from(pair.tolerance) * i128::from(pair.per_year);
        let shares = (yearly * ROUND_SHARES + pay / 2).checked_div(pay).unwrap_or_default();
        shares > 0 && (yearly - pay * shares / ROUND_SHARES).abs() <= rounding
    }
}

/// Everybody by `emp`, in these states.
pub(in crate::rules) fn everybody(
    inputs: &Inputs<'_>,
    people: &People<'_>,
    states: &States,
    frequencies: &[Frequency],
    in_two: &BTreeMap<u32, InTwo<'_>>,
) -> PolarsResult<Vec<Person>> {
    let day = |column: Column<PlainDay>| column.of(&people.frame);
    let (leave, hire, begin) = (day(EMPLOYEES.leave)?, day(EMPLOYEES.hire)?, day(EMPLOYEES.begin)?);
    let (marks, groups) = (EMPLOYEES.mark.of(&people.frame)?, EMPLOYEES.group.of(&people.frame)?);
    let (leaver, disputed) = (EMPLOYEES.leaver.of(&people.frame)?, EMPLOYEES.disputed.of(&people.frame)?);
    let stated = USERS.salary.of(inputs.users)?;
    let status = USERS.employment_status.of(inputs.users)?;
    let (hours, salary) =
        (PAYROLL_PEOPLE.hours.of(&inputs.payroll.people)?, PAYROLL_PEOPLE.base_salary.of(&inputs.payroll.people)?);
    let gross = PAYROLL_PEOPLE.gross_pay.of(&inputs.payroll.people)?;
    let paid_since =
        [PAYROLL_PEOPLE.salary_effective.of(&inputs.payroll.people)?, USERS.salary_effective.of(inputs.users)?];
    let beside = &inputs.payroll.gross_beside;
    let paid_by_others: BTreeMap<u32, Option<i64>> =
        beside.iter().filter_map(|(id, paid)| Some((people.ids.find(id)?, paid.map(|paid| paid.0)))).collect();
    let rows_of = |emp: usize| [people.person.get(emp), people.user.get(emp)];
    let one = |emp: usize| {
        let away = people.user.get(emp).and_then(|row| status.get(row as usize)).is_some_and(is_away);
        let none = |amounts: &Int64Chunked, row: u32| amounts.get(row as usize) == Some(0);
        let idle = people.person.get(emp).is_some_and(|row| none(hours, row) || none(salary, row));
        let of_run = people.person.get(emp).and_then(|row| gross.get(row as usize));
        let of_others = paid_by_others.get(&(emp as u32)).copied().unwrap_or(Some(0));
        let gross = of_run.zip(of_others).and_then(|(run, others)| run.checked_add(others));
        Person {
            state: states.get(emp as u32),
            other_id: states.near.get(&(emp as u32)).copied(),
            on_payroll: matches!(marks.get(emp), Some(mark::BOTH | mark::PAYROLL_ONLY)),
            in_benifex: matches!(marks.get(emp), Some(mark::BOTH | mark::SERVICE_ONLY)),
            group: groups.get(emp).unwrap_or(BLANK),
            payday: people.paydays[emp],
            leaver: leaver.get(emp) == Some(true),
            disputed: disputed.get(emp) == Some(true),
            leave: leave.get(emp),
            joined: hire.get(emp).max(begin.get(emp)),
            hired_by_both: hire.get(emp).zip(begin.get(emp)).map(|(hire, begin)| hire.min(begin)),
            on_leave: away || idle || of_run == Some(0),
            salary: people.user.get(emp).and_then(|row| stated.get(row as usize)),
            paid_since: rows_of(emp)
                .into_iter()
                .zip(&paid_since)
                .filter_map(|(row, days)| days.get(row? as usize))
                .max(),
            frequency: frequencies[emp],
            other_calendar: in_two.get(&(emp as u32)).is_some_and(|in_two| in_two.other_calendar),
            gross,
        }
    };
    Ok((0..people.ids.len()).into_par_iter().map(one).collect())
}

/// `On leave`, `LOA - unpaid`; not `Leaver`.
fn is_away(status: &str) -> bool {
    says(status, &AWAY)
}

#[cfg(test)]
mod tests {
    use super::*;
    use tieout_model::money::Money;

    #[test]
    fn a_percentage_of_a_band_of_pay_is_of_what_lies_between_its_floor_and_its_ceiling() {
        let band = |floor: Option<i64>, ceiling: Option<i64>| Scheme {
            pay_floor: floor.map(Money::units),
            pay_ceiling: ceiling.map(Money::units),
            ..Scheme::default()
        };
        let units = |amount: i64| i128::from(Money::units(amount).0);
        let of = |scheme: &Scheme, pay: i64, periods: i128| scheme.of_band(units(pay), periods);
        let both = band(Some(520), Some(4_189));
        assert_eq!([500, 3_000, 6_000].map(|pay| of(&both, pay, 1)), [0, 2_480, 3_669].map(units));
        assert_eq!(of(&both, 36_000, 12), units(36_000 - 12 * 520));
        assert_eq!(of(&band(None, Some(4_189)), 6_000, 1), units(4_189));
        assert_eq!(of(&Scheme::default(), 6_000, 1), units(6_000));
    }

    #[test]
    fn a_status_says_by_its_words_that_somebody_is_away() {
        for status in ["On Leave", "Leave of absence", "LOA - unpaid", "furloughed"] {
            assert!(is_away(status), "{status}");
        }
        for status in ["Active", "Leaver", "Left", "Cleaver"] {
            assert!(!is_away(status), "{status}");
        }
    }
}
