//! Headcount and totals of the night, and of each of its pay groups: what the guards compare, with the people whose
//! lines differ.

use std::collections::BTreeMap;

use polars::prelude::*;

use crate::rules::lines::dictionary::Dictionary;
use crate::rules::night::Night;
use crate::rules::people::date;
use crate::rules::people::person_state::PersonState;
use crate::rules::place::Place;
use crate::rules::proofs::covers::covers;
use crate::rules::proofs::totals::{Bucket, bucket, control_totals};
use crate::rules::schema::{EMPLOYEES, LINES};
use crate::tables::column::{Column, Number, PlainDay, Row};
use crate::tables::payroll::PersonCategories;
use tieout_model::control::{Apart, BaseLine};
use tieout_model::finding::Payer;

/// Days before a period in which people begin whom its file is the first to have.
const BEGUN_DAYS: i32 = 31;
/// Days before a period in which people leave whom its file is the first not to have.
const LEFT_DAYS: i32 = 62;

/// Of one pay group, benefit, currency and payer. Counts of 1/10,000.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
struct Side {
    payroll: i128,
    /// What a file that is right takes.
    due: i128,
    /// People whose line differs.
    apart: u64,
    /// Those of whom nothing was taken, and who are not on unpaid leave.
    missed: u64,
    /// People of whom something was taken.
    taken_of: u64,
}

/// By pay group, label and currency: the employee's and the employer's.
#[derive(Default)]
struct Sides {
    positions: PlHashMap<(usize, u32, u32), usize>,
    of_both: Vec<[Side; 2]>,
}

impl Sides {
    fn position(&mut self, key: (usize, u32, u32)) -> usize {
        *self.positions.entry(key).or_insert_with(|| {
            self.of_both.push(<[Side; 2]>::default());
            self.of_both.len() - 1
        })
    }

    /// Those with any money.
    fn in_order(&self) -> BTreeMap<(usize, u32, u32), [Side; 2]> {
        let all = self.positions.iter().map(|(key, position)| (*key, self.of_both[*position]));
        all.filter(|(_, both)| *both != <[Side; 2]>::default()).collect()
    }
}

/// Tonight, to be compared with the last good run and to be one for later nights.
pub(in crate::rules) fn tonight(night: &Night<'_>) -> PolarsResult<BaseLine> {
    let groups = Groups::new(night)?;
    let sides = sides(night, &groups)?;
    let people = groups.people(night)?;
    let covers = covers(night, &groups.of_emp, groups.names.len())?;
    let rejected = night.inputs.payroll.rejects.len() as u64;
    let mut of_groups: Vec<BaseLine> = people
        .iter()
        .zip(covers)
        .map(|([population, begun, left, missing], covers)| BaseLine {
            population: *population,
            begun: *begun,
            left: *left,
            missing: *missing,
            covers,
            due: Some(BTreeMap::new()),
            apart: Some(BTreeMap::new()),
            ..BaseLine::default()
        })
        .collect();
    for ((group, label, currency), both) in sides.in_order() {
        let Some(code) = night.currency(currency) else { continue };
        // Both sides of a benefit are one total.
        let key = format!("{} {code}", night.catalog.labels.text(label));
        let run = &mut of_groups[group];
        let text = |of: fn(&Side) -> i128| both.iter().map(of).sum::<i128>();
        let (total, due) = (text(|side| side.payroll), text(|side| side.due));
        if total != 0 {
            run.totals.insert(key.clone(), total.to_string());
        }
        if due != 0 {
            run.due.get_or_insert_default().insert(key.clone(), due.to_string());
        }
        let [employee, employer] = both.map(|side| Apart::new(side.apart, side.missed, side.taken_of));
        let people = employee.people.max(employer.people) + rejected;
        let nothing_taken = employee.nothing_taken || employer.nothing_taken;
        run.apart.get_or_insert_default().insert(key, Apart { people, nothing_taken });
    }
    let mut whole = BaseLine::of(night.inputs.payroll.people.height() as u64, &control_totals(night, &[]));
    let sum = BaseLine::of_groups((0..).map(|n: usize| n.to_string()).zip(of_groups.iter().cloned()).collect());
    (whole.apart, whole.begun, whole.left, whole.missing) = (sum.apart, sum.begun, sum.left, sum.missing);
    whole.covers = sum.covers;
    for (emp, group) in groups.of_emp.iter().enumerate().filter(|(emp, _)| night.person(*emp as u32).is_some()) {
        of_groups[*group].pay_date = of_groups[*group].pay_date.or(night.people.paydays[emp].date.map(date));
    }
    let named = groups.names.into_iter().zip(of_groups);
    whole.groups = named.filter(|(_, run)| run.population > 0).collect();
    Ok(whole)
}

/// The pay groups of the file, by the names of their periods.
struct Groups {
    names: Vec<String>,
    /// By `emp`: position of the name.
    of_emp: Vec<usize>,
}

impl Groups {
    fn new(night: &Night<'_>) -> PolarsResult<Groups> {
        let (mut names, of_row) = group_names(&night.inputs.payroll.words);
        let number = EMPLOYEES.group.of(&night.people.frame)?;
        let mut of_emp: Vec<Option<usize>> = vec![None; night.people.ids.len()];
        let mut of_number: PlHashMap<u32, usize> = PlHashMap::default();
        for (emp, own) in (0_u32..).zip(&mut of_emp) {
            let Some(row) = night.person(emp) else { continue };
            let at = of_row[row];
            *own = Some(at);
            of_number.entry(number.get(emp as usize).unwrap_or_default()).or_insert(at);
        }
        if names.is_empty() {
            names.push(String::new());
        }
        // Who is not on payroll belongs to the people of the group that Benifex names.
        let of_group = |emp: usize| number.get(emp).and_then(|number| of_number.get(&number).copied());
        let of_emp =
            of_emp.into_iter().enumerate().map(|(emp, own)| own.or_else(|| of_group(emp)).unwrap_or(0)).collect();
        Ok(Groups { names, of_emp })
    }

    /// Of each group: people on payroll, those who have just begun, people off it who have just left, and those who
    /// should be on it.
    fn people(&self, night: &Night<'_>) -> PolarsResult<Vec<[u64; 4]>> {
        let mut of_groups = vec![[0; 4]; self.names.len()];
        let day = |column: Column<PlainDay>| column.of(&night.people.frame);
        let (begin, leave) = (day(EMPLOYEES.begin)?, day(EMPLOYEES.leave)?);
        for (emp, group) in self.of_emp.iter().enumerate() {
            let payday = &night.people.paydays[emp];
            let within =
                |day: Option<i32>, days| day.is_some_and(|day| (payday.start - days..=payday.end).contains(&day));
            let on_payroll = night.person(emp as u32).is_some();
            of_groups[*group][0] += u64::from(on_payroll);
            of_groups[*group][1] += u64::from(on_payroll && within(begin.get(emp), BEGUN_DAYS));
            of_groups[*group][2] += u64::from(!on_payroll && within(leave.get(emp), LEFT_DAYS));
            of_groups[*group][3] += u64::from(night.states.get(emp as u32) == PersonState::OffPayroll);
        }
        Ok(of_groups)
    }
}

/// The names of the pay groups of the file, and the position of that of each of its people.
pub(in crate::rules) fn group_names(words: &PersonCategories) -> (Vec<String>, Vec<usize>) {
    let PersonCategories { pay_group, legal_entity, pay_frequency, .. } = words;
    let parts = [pay_group, legal_entity, pay_frequency];
    let [groups, companies, frequencies] = parts.map(|words| {
        let mut dictionary = Dictionary::new();
        words.numbered(|word| dictionary.number(word))
    });
    let mut names: Vec<String> = Vec::new();
    let mut known: PlHashMap<[u32; 3], usize> = PlHashMap::default();
    let of_row = (0..groups.len()).map(|row| {
        *known.entry([groups[row], companies[row], frequencies[row]]).or_insert_with(|| {
            names.push(name(parts.map(|words| words.get(row).unwrap_or_default())));
            names.len() - 1
        })
    });
    let of_row = of_row.collect();
    (names, of_row)
}

/// As the periods of the file are called.
fn name([group, company, frequency]: [&str; 3]) -> String {
    let names = [group, company, frequency].map(str::trim);
    names.into_iter().filter(|name| !name.is_empty()).collect::<Vec<_>>().join(", ")
}

fn sides(night: &Night<'_>, groups: &Groups) -> PolarsResult<Sides> {
    let all = &night.placed;
    let number = |column: Column<Row>| PolarsResult::Ok(column.of(all)?.into_no_null_iter());
    let amount = |column: Column<Number>| PolarsResult::Ok(column.of(all)?.into_no_null_iter());
    let lines =
        number(LINES.emp)?.zip(number(LINES.label)?).zip(number(LINES.place)?.zip(LINES.employer.of(all)?.iter()));
    let taken = number(LINES.pay_cur)?.zip(amount(LINES.employee_taken)?.zip(amount(LINES.employer_taken)?));
    let due = number(LINES.ee_cur)?
        .zip(number(LINES.er_cur)?)
        .zip(amount(LINES.employee_due)?.zip(amount(LINES.employer_due)?));
    let mut sides = Sides::default();
    for ((((emp, label), (place, employer)), (pay_cur, (a, s))), ((ee_cur, er_cur), (e, r))) in
        lines.zip(taken).zip(due)
    {
        let (group, place) = (groups.of_emp[emp as usize], Place::of(place));
        let of_payroll = sides.position((group, label, pay_cur));
        for (payer, taken, due_cur, due) in [(Payer::Employee, a, ee_cur, e), (Payer::Employer, s, er_cur, r)] {
            let told = matches!(
                bucket(place, payer, employer == Some(true)),
                Bucket::Finding | Bucket::Unverified | Bucket::Unmapped
            );
            // What is no finding is right as it was taken.
            let right = if told { due } else { taken };
            let side = &mut sides.of_both[of_payroll][payer as usize];
            side.payroll += i128::from(taken);
            side.taken_of += u64::from(taken != 0);
            if right == 0 && taken == 0 {
                continue;
            }
            let of_due =
                if right == 0 || due_cur == pay_cur { of_payroll } else { sides.position((group, label, due_cur)) };
            let side = &mut sides.of_both[of_due][payer as usize];
            side.due += i128::from(right);
            side.apart += u64::from(told && taken != due);
            side.missed += u64::from(told && taken == 0 && due != 0 && place != Place::Tm11);
        }
    }
    Ok(sides)
}
