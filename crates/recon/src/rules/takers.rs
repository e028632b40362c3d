//! From how many of a pay group who have a benefit payroll takes something for it: where a pay date may be of either of
//! two months or years, that says of which it is to payroll.

use polars::prelude::*;

use crate::rules::calendar::{DateKind, Payday};
use crate::rules::deducted::KindWords;
use crate::rules::dictionary::BLANK;
use crate::rules::people::People;
use crate::rules::schema::EMPLOYEES;
use crate::scheme::Scheme;
use crate::tables::payroll::PAYROLL_LINES;
use crate::tables::payroll::PayrollTables;

/// Who is taken something, by `emp` and label; empty where no pay date leaves a doubt.
#[derive(Default)]
pub(super) struct Takers(Option<PlHashSet<(u32, u32)>>);

impl Takers {
    pub(super) fn new(payroll: &PayrollTables, people: &People<'_>, words: &KindWords) -> PolarsResult<Takers> {
        if !people.paydays.iter().any(Payday::may_be_of_two) {
            return Ok(Takers::default());
        }
        let emp_of_person = &people.ids.of_person;
        let lines = &payroll.lines;
        let keys =
            PAYROLL_LINES.person.of(lines)?.into_no_null_iter().zip(PAYROLL_LINES.kind.of(lines)?.into_no_null_iter());
        let amounts = PAYROLL_LINES.ee_amount.of(lines)?.iter().zip(PAYROLL_LINES.er_amount.of(lines)?.iter());
        let taken = keys.zip(amounts).filter(|(_, (ee, er))| ee.unwrap_or(0) != 0 || er.unwrap_or(0) != 0);
        let key = |(person, kind): (u32, u32)| (emp_of_person[person as usize], words.labels[kind as usize]);
        Ok(Takers(Some(taken.map(|(keys, _)| key(keys)).collect())))
    }

    /// By pay group and label, whether something is taken of most who have a record of it. `emp`, `labels`: of the
    /// records.
    pub(super) fn most(&self, people: &People<'_>, emp: &[u32], labels: &[u32]) -> PolarsResult<Practice> {
        let Some(takers) = &self.0 else { return Ok(Practice::default()) };
        let groups = EMPLOYEES.group.of(&people.frame)?;
        let mut counted: PlHashMap<(u32, u32), (u64, u64)> = PlHashMap::default();
        for key in emp.iter().copied().zip(labels.iter().copied()) {
            if people.person.get(key.0 as usize).is_some() {
                let group = groups.get(key.0 as usize).unwrap_or(BLANK);
                let (taken, all) = counted.entry((group, key.1)).or_default();
                *taken += u64::from(takers.contains(&key));
                *all += 1;
            }
        }
        Ok(Practice(counted.into_iter().map(|(key, (taken, all))| (key, 2 * taken > all)).collect()))
    }
}

/// By pay group and label, whether something is taken of most.
#[derive(Default)]
pub(super) struct Practice(PlHashMap<(u32, u32), bool>);

impl Practice {
    /// What the pay date is to a benefit, as payroll takes it where it may be of either of two months or years.
    pub(super) fn kind(&self, payday: &Payday, scheme: &Scheme, per_year: i64, of: (u32, u32)) -> DateKind {
        match (payday.kind(scheme, per_year), self.0.get(&of)) {
            (DateKind::Unknown, Some(takes)) => payday.kind_as_taken(scheme, per_year, *takes),
            (kind, _) => kind,
        }
    }
}
