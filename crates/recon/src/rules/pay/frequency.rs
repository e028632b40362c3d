//! Whether the sources contradict each other on how often somebody is paid: payroll's word, the days of its period and
//! Benifex's pay periods. Until that is settled nothing is said of an amount that differs.

use std::collections::BTreeMap;

use polars::prelude::*;
use rayon::prelude::*;

use crate::rules::Inputs;
use crate::rules::calendar::paydays::{PAYS, pays_of_word};
use crate::rules::calendar::pays_of_period;
use crate::rules::lines::dictionary::BLANK;
use crate::rules::lines::schemes::Schemes;
use crate::rules::night::Night;
use crate::rules::people::{People, date, day_number};
use crate::rules::schema::EMPLOYEES;
use crate::rules::write::{Found, evidence, several};
use tieout_model::code::Owner;
use tieout_model::finding::{Code, Finding};
use tieout_model::terms::PayFrequency;

/// What the sources say of one person's frequency.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(in crate::rules) struct Frequency {
    /// Payroll's word and Benifex's pay periods differ (CO03).
    pub(in crate::rules) differs: bool,
    /// The days of payroll's period contradict its word or, where it has none, Benifex.
    pub(in crate::rules) unlike_period: bool,
    /// So they do in the first period of another frequency: it begins where the last one of the old ended.
    pub(in crate::rules) switched: bool,
}

impl Frequency {
    pub(in crate::rules) fn is_disputed(self) -> bool {
        self.differs || self.unlike_period || self.switched
    }
}

/// By `emp`.
pub(in crate::rules) fn frequencies(
    inputs: &Inputs<'_>,
    people: &People<'_>,
    schemes: &Schemes,
) -> PolarsResult<Vec<Frequency>> {
    let words = inputs.payroll.words.pay_frequency.numbered(pays_of_word);
    let (groups, stated) = (EMPLOYEES.group.of(&people.frame)?, EMPLOYEES.pay_periods.of(&people.frame)?);
    let one = |emp: usize| {
        let payday = people.paydays[emp];
        let Some(row) = people.person.get(emp).filter(|_| payday.in_file == 1) else { return Frequency::default() };
        let (word, days) = (i64::from(words[row as usize]), pays_of_period(payday.start, payday.end));
        let stated = stated.get(emp).filter(|pays| PAYS.contains(pays)).unwrap_or_default();
        let group = groups.get(emp).unwrap_or(BLANK);
        let differs = word > 0 && stated > 0 && word != stated;
        let unlike_period = if word > 0 { are_apart(word, days) } else { stated > days && are_apart(stated, days) };
        let before = || {
            let last = inputs.books.of(people.ids.text(emp as u32)).last_period_before(date(payday.start))?;
            Some(pays_of_period(day_number(last.start?), day_number(last.end)))
        };
        let switched = unlike_period && before().is_some_and(|pays| pays > 0 && pays != days);
        Frequency {
            differs: differs && !are_deductions((schemes, schemes.labels()), group, word, stated),
            unlike_period: unlike_period && !switched,
            switched,
        }
    };
    Ok((0..people.ids.len()).into_par_iter().map(one).collect())
}

/// Two numbers of pays a year of which none is taken for the other, as 24 is for 26 and 13 for 12.
pub(in crate::rules) fn are_apart(a: i64, b: i64) -> bool {
    let known = |pays: i64| [12, 24, 26, 52].contains(&pays);
    known(a) && known(b) && 2 * a.max(b) >= 3 * a.min(b)
}

/// Benifex's pay periods state the deductions of a year rather than the pays: fewer than payroll's frequency has, and
/// what the job says or, where it says nothing, what is customary.
pub(in crate::rules) fn are_deductions(
    (schemes, labels): (&Schemes, u32),
    group: u32,
    pays: i64,
    pay_periods: i64,
) -> bool {
    let mut stated = (0..labels).map(|label| schemes.stated(group, label)).filter(|n| *n > 0).peekable();
    let customary = || {
        let frequency = PayFrequency::ALL.into_iter().find(|frequency| i64::from(frequency.per_year()) == pays);
        frequency.and_then(PayFrequency::customary_deductions).map(i64::from)
    };
    pays > pay_periods
        && match stated.peek() {
            Some(_) => stated.any(|n| n == pay_periods),
            None => customary() == Some(pay_periods),
        }
}

/// CO03 of periods whose days are those of another frequency: one a person, or one a pay group in which all have such.
pub(in crate::rules) fn judge(night: &Night<'_>, found: &mut Found) -> PolarsResult<()> {
    let mut by_group: BTreeMap<u32, (u64, Vec<u32>)> = BTreeMap::new();
    let groups = EMPLOYEES.group.of(&night.people.frame)?;
    for (emp, group) in (0_u32..).zip(groups.into_no_null_iter()).filter(|(emp, _)| night.person(*emp).is_some()) {
        let of_group = by_group.entry(group).or_default();
        of_group.0 += 1;
        let Frequency { differs, unlike_period, .. } = night.frequencies[emp as usize];
        if unlike_period && !differs {
            of_group.1.push(emp);
        }
    }
    for (people, emps) in by_group.into_values() {
        match emps.as_slice() {
            [first, _, ..] if emps.len() as u64 == people => found.findings.push(of_group(night, *first, people)?),
            emps => {
                for emp in emps {
                    found.findings.push(of_person(night, *emp)?);
                }
            }
        }
    }
    Ok(())
}

fn of_person(night: &Night<'_>, emp: u32) -> PolarsResult<Finding> {
    let blank = night.finding(Code::CO03, Some(emp))?;
    let (word, days) = (said(night, emp)?, by_days(night, emp)?);
    Ok(Finding {
        field: FIELD.to_owned(),
        payroll_value: word.clone(),
        system_value: days.clone(),
        evidence: night.at_person(emp, FIELD)?.into_iter().collect(),
        sentence: format!(
            "The pay frequency of this employee is {word}, but payroll's period, {}, is {days}: correct the frequency, or the dates of \
             the period.",
            night.period_text(emp)?
        ),
        ..blank
    }
    .moved_by(Owner::Payroll))
}

/// `emp`: one of the group.
fn of_group(night: &Night<'_>, emp: u32, people: u64) -> PolarsResult<Finding> {
    let blank = night.finding(Code::CO03, None)?;
    let (word, days) = (said(night, emp)?, by_days(night, emp)?);
    let group = night.people.groups.text(EMPLOYEES.group.of(&night.people.frame)?.get(emp as usize).unwrap_or(BLANK));
    Ok(Finding {
        field: FIELD.to_owned(),
        pay_group: group.to_owned(),
        payroll_value: word.clone(),
        system_value: days.clone(),
        evidence: vec![evidence("payroll", FIELD, group)],
        sentence: format!(
            "The pay frequency of {} of the pay group {group} is {word}, but payroll's period, {}, is {days}: correct the frequency, or \
             the dates of the period.",
            several(people, "employee"),
            night.period_text(emp)?
        ),
        ..blank
    }
    .moved_by(Owner::Payroll))
}

const FIELD: &str = "pay_frequency";

/// Payroll's word, else Benifex's.
fn said(night: &Night<'_>, emp: u32) -> PolarsResult<String> {
    let words = &night.inputs.payroll.words.pay_frequency;
    let word = night.person(emp).and_then(|row| words.get(row)).map(str::to_owned);
    let stated = EMPLOYEES.pay_periods.of(&night.people.frame)?.get(emp as usize).unwrap_or_default();
    Ok(word.unwrap_or_else(|| format!("{} in Benifex", name(stated))))
}

fn by_days(night: &Night<'_>, emp: u32) -> PolarsResult<String> {
    let payday = night.people.paydays[emp as usize];
    Ok(format!("{} by its days", name(pays_of_period(payday.start, payday.end))))
}

fn name(pays: i64) -> &'static str {
    let known = PayFrequency::ALL.into_iter().find(|frequency| i64::from(frequency.per_year()) == pays);
    known.map_or("of another frequency", PayFrequency::name)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn frequencies_that_are_taken_for_one_another_contradict_nothing() {
        for (a, b, apart) in
            [(12, 52, true), (26, 52, true), (12, 24, true), (24, 26, false), (12, 13, false), (52, 0, false)]
        {
            assert_eq!((are_apart(a, b), are_apart(b, a)), (apart, apart), "{a} {b}");
        }
    }
}
