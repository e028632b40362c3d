//! Pay groups: how often each is paid, and how many deductions a year it takes.

use std::collections::BTreeMap;

use crate::certainty::{Certainty, Proposed};
use crate::columns::Columns;
use crate::columns::names::words;
use crate::deductions::evidence::Evidence;
use crate::known::{Known, bare_id};
use crate::pay::vocabulary::{WordMap, term_of};
use crate::table::Table;

/// Pay groups that are listed; a column with more is no pay group.
const GROUPS_MAX: usize = 40;
/// Amounts that must fit a number of deductions a year, and their share in per cent.
const VOTES_MIN: usize = 3;
const VOTES_PERCENT: usize = 70;

#[derive(Debug, Default)]
pub struct Groups {
    /// By name; a file without the column has one, named "".
    pub groups: BTreeMap<String, Group>,
}

#[derive(Clone, Debug, Default)]
pub struct Group {
    pub rows: usize,
    /// A term of `payroll.pay_frequency_map`.
    pub frequency: Option<String>,
    /// Deductions a year, where they can be told.
    pub per_year: Option<Proposed<u32>>,
    /// What the service states of its people, where it states one number.
    pub pay_periods: Option<u32>,
}

impl Groups {
    /// How often everybody is paid, when all are paid alike.
    pub fn only_frequency(&self) -> Option<&str> {
        let mut all = self.groups.values().map(|group| group.frequency.as_deref());
        let first = all.next()??;
        all.all(|other| other == Some(first)).then_some(first)
    }
}

/// Rows of a pay group, how often each frequency stands in them, and how many people of each number of pays a year.
type Seen = (usize, BTreeMap<String, usize>, BTreeMap<u32, usize>);

pub fn find(
    table: &Table,
    columns: &Columns,
    words: &BTreeMap<&'static str, WordMap>,
    evidence: &Evidence,
    known: &Known,
) -> Groups {
    let mut groups: BTreeMap<String, Seen> = BTreeMap::new();
    let [at, frequency, id] = ["pay_group", "pay_frequency", "employee_id"].map(|field| columns.at(field));
    let terms = words.get("pay_frequency");
    for row in &table.rows {
        let cell = |at: usize| row.get(at).unwrap_or_default().trim();
        let name = at.map_or("", cell);
        if !groups.contains_key(name) && groups.len() == GROUPS_MAX {
            return Groups::default();
        }
        let (rows, frequencies, periods) = groups.entry(name.to_owned()).or_default();
        *rows += 1;
        if let Some((term, _)) = frequency.and_then(|at| terms?.known.get(cell(at))) {
            *frequencies.entry(term.clone()).or_default() += 1;
        }
        let person = id.and_then(|at| known.people.get(bare_id(cell(at))));
        if let Some(pays) = person.and_then(|person| person.pay_periods) {
            *periods.entry(pays).or_default() += 1;
        }
    }
    let groups = groups.into_iter().map(|(name, (rows, frequencies, periods))| {
        let only_period = if periods.len() == 1 { periods.into_keys().next() } else { None };
        let common = frequencies.into_iter().max_by_key(|(_, count)| *count).map(|(term, _)| term);
        let frequency = common.or_else(|| by_name(&name)).or_else(|| only_period.and_then(by_pays));
        let per_year = per_year(&name, frequency.as_deref(), evidence);
        (name, Group { rows, frequency, per_year, pay_periods: only_period })
    });
    Groups { groups: groups.collect() }
}

/// A frequency that is part of a group's name: `US Bi-Weekly`, `UK-M`.
fn by_name(name: &str) -> Option<String> {
    let words = words(name);
    let pairs = words.windows(2).map(|pair| pair.join(" "));
    pairs.chain(words.iter().cloned()).find_map(|word| term_of("pay_frequency", &word))
}

fn by_pays(pays: u32) -> Option<String> {
    term_of("pay_frequency", &pays.to_string())
}

fn per_year(group: &str, frequency: Option<&str>, evidence: &Evidence) -> Option<Proposed<u32>> {
    if let Some((times, fitting, all)) = evidence.times(group)
        && fitting >= VOTES_MIN
        && fitting * 100 >= all * VOTES_PERCENT
    {
        return Some(Proposed::sure(times, format!("{fitting} of {all} amounts are a year's price by {times}")));
    }
    let (times, certainty, reason) = match frequency? {
        "monthly" => (12, Certainty::Likely, "it is paid monthly"),
        "semimonthly" => (24, Certainty::Likely, "it is paid twice a month"),
        "biweekly" => (26, Certainty::Asked, "it has 26 pays a year, and often 24 deductions"),
        "weekly" => (52, Certainty::Asked, "it has 52 pays a year, and often 48 deductions"),
        _ => return None,
    };
    Some(Proposed::new(times, certainty, reason))
}
