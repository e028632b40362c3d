//! Headcount and totals of a run, of each pay group its own, and how far they may move from the last good run.

use std::borrow::Cow;
use std::collections::btree_map::Entry;
use std::collections::{BTreeMap, BTreeSet};

use chrono::NaiveDate;
use serde::{Deserialize, Serialize};

use super::ControlTotal;
use crate::share::Share;

/// People of whom nothing of a benefit was taken: of one alone, that is no column that is gone.
const EVERYBODY_MIN: u64 = 2;

/// How far headcount and totals may move from one run to the next.
#[derive(Clone, Copy, Debug)]
pub struct Limits {
    pub population_change_max: Share,
    pub total_change_max: Share,
    /// Of fewer people a move is no swing, however large a share of a small group they are.
    pub people_min: u64,
}

/// Headcount and totals of a run. The guards and CT06 compare tonight's with those of the last good run.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct BaseLine {
    /// Employees on payroll.
    pub population: u64,
    /// Payroll totals, both sides, by benefit and currency code, as decimal text of counts of 1/10,000.
    pub totals: BTreeMap<String, String>,
    /// What a file that is right had taken, in the same form; `None`: an earlier version did not note it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub due: Option<BTreeMap<String, String>>,
    /// Keys of which nothing was due: their sums are those of the run before.
    #[serde(default, skip_serializing_if = "BTreeSet::is_empty")]
    pub carried_over: BTreeSet<String>,
    /// The same of each pay group of the file; an earlier version did not note it.
    #[serde(default, skip_serializing_if = "BTreeMap::is_empty")]
    pub groups: BTreeMap<String, BaseLine>,
    /// By the keys of the totals, the people whose line differs; `None`: not known.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub apart: Option<BTreeMap<String, Apart>>,
    /// What the service shows of the people on payroll.
    #[serde(default, skip_serializing_if = "Covers::is_nothing")]
    pub covers: Covers,
    /// Of a pay group.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub pay_date: Option<NaiveDate>,
    /// Of tonight alone: people on payroll who have just begun, and people off it who have just left, as the service
    /// says too.
    #[serde(skip)]
    pub begun: u64,
    #[serde(skip)]
    pub left: u64,
    /// Of tonight alone: people off payroll who have not left, and whose cover is live.
    #[serde(skip)]
    pub missing: u64,
    /// Where other pay groups than tonight's were read: the newest good run as a whole, and the newest of every group.
    #[serde(skip)]
    pub wider: Vec<BaseLine>,
}

/// The people whose line of a benefit is not what is due.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Apart {
    pub people: u64,
    /// Nothing was taken of anybody, and something was due of several who are not on unpaid leave.
    pub nothing_taken: bool,
}

impl Apart {
    /// Of one payer: `missed` had something due, are not on leave, and nothing was taken of them.
    pub fn new(people: u64, missed: u64, taken_of: u64) -> Apart {
        Apart { people, nothing_taken: taken_of == 0 && missed >= EVERYBODY_MIN }
    }

    /// With those of another group.
    pub fn join(&mut self, other: Apart) {
        self.people += other.people;
        self.nothing_taken |= other.nothing_taken;
    }
}

/// Benefits in force with a price, of people on payroll: one a person and benefit.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Covers {
    pub known: u64,
    /// Of which payroll takes something, and for which nothing is due: the service has none, or none with a price.
    pub taken_without: u64,
}

impl Covers {
    fn is_nothing(&self) -> bool {
        *self == Covers::default()
    }

    fn join(&mut self, other: Covers) {
        self.known += other.known;
        self.taken_without += other.taken_without;
    }
}

/// A payroll total that is too far from the last good run's.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Swing<'k> {
    /// `<benefit> <currency>`.
    pub key: &'k str,
    /// The last good run's and tonight's, counts of 1/10,000; `None`: one of the two cannot be read.
    pub moved: Option<(i128, i128)>,
}

impl BaseLine {
    /// A night in this form. Both sides of a benefit and currency are added; the key of a total is
    /// `<benefit> <currency>`, and one of nothing is left out.
    pub fn of(population: u64, control_totals: &[ControlTotal]) -> BaseLine {
        let texts = |of: fn(&ControlTotal) -> i128| {
            let mut sums: BTreeMap<String, i128> = BTreeMap::new();
            for total in control_totals {
                *sums.entry(format!("{} {}", total.benefit, total.currency)).or_default() += of(total);
            }
            sums.into_iter().filter(|(_, sum)| *sum != 0).map(|(key, sum)| (key, sum.to_string())).collect()
        };
        let (totals, due) = (texts(|total| total.payroll), Some(texts(ControlTotal::right)));
        BaseLine { population, totals, due, ..BaseLine::default() }
    }

    /// This run as the base line of later ones: a benefit of which nothing was due, as on a pay date without
    /// deductions, is compared with the run before still.
    #[must_use]
    pub fn after(mut self, last: Option<&BaseLine>) -> BaseLine {
        let of_last = last.and_then(|last| Some((last, last.due.as_ref()?)));
        if let (Some((last, due_before)), Some(due)) = (of_last, &mut self.due) {
            for (key, due_then) in due_before {
                if let Entry::Vacant(nothing) = due.entry(key.clone()) {
                    nothing.insert(due_then.clone());
                    let total = last.totals.get(key).cloned();
                    self.totals.remove(key);
                    self.totals.extend(total.map(|total| (key.clone(), total)));
                    self.carried_over.insert(key.clone());
                }
            }
        }
        let groups = std::mem::take(&mut self.groups).into_iter();
        let of_last = |name: &String| last.and_then(|last| last.groups.get(name));
        self.groups = groups.map(|(name, group)| (name.clone(), group.after(of_last(&name)))).collect();
        self
    }

    /// The two runs as far as they can be compared: of the pay groups that both hold, where one holds others as well. A
    /// group that is not in a file says nothing, unless its people are in tonight's: a group that became part of
    /// another one, of several, or has another name.
    pub fn compared<'r>(&'r self, tonight: &'r BaseLine) -> (Cow<'r, BaseLine>, Cow<'r, BaseLine>) {
        let (last, of_tonight) = self.in_common(tonight);
        // Those who are missing of a group may hide behind others who are in it now.
        let in_common = share_of(last.moved(&of_tonight) + of_tonight.missing, last.population);
        let as_a_whole = |whole: &&BaseLine| share_of(whole.moved(tonight), whole.population);
        let nearest = || self.wider.iter().min_by_key(as_a_whole).filter(|whole| as_a_whole(whole) < in_common);
        match self.newest_of_other_names(tonight).or_else(nearest) {
            Some(whole) => (Cow::Borrowed(whole), Cow::Borrowed(tonight)),
            None => (last, of_tonight),
        }
    }

    /// The newest run, where a group of it is gone and one is here that no run held: it may be that one.
    fn newest_of_other_names(&self, tonight: &BaseLine) -> Option<&BaseLine> {
        let lacks = |run: &BaseLine, of: &BaseLine| of.groups.keys().any(|name| !run.groups.contains_key(name));
        self.wider.first().filter(|newest| lacks(tonight, newest) && lacks(self, tonight))
    }

    /// The pay groups that both runs hold, where one holds others as well.
    fn in_common<'r>(&'r self, tonight: &'r BaseLine) -> (Cow<'r, BaseLine>, Cow<'r, BaseLine>) {
        let in_both =
            |(name, _): &(&String, &BaseLine)| self.groups.contains_key(*name) && tonight.groups.contains_key(*name);
        if self.groups.is_empty() || tonight.groups.is_empty() || self.groups.keys().eq(tonight.groups.keys()) {
            return (Cow::Borrowed(self), Cow::Borrowed(tonight));
        }
        let common = |of: &BaseLine| BaseLine::sum(of.groups.iter().filter(in_both).map(|(_, group)| group));
        (Cow::Owned(common(self)), Cow::Owned(common(tonight)))
    }

    /// These pay groups as one run, each with its own last good one.
    pub fn of_groups(groups: BTreeMap<String, BaseLine>) -> BaseLine {
        BaseLine { groups: groups.clone(), ..BaseLine::sum(groups.values()) }
    }

    /// Added up; a sum that cannot be read stays so.
    fn sum<'r>(runs: impl Iterator<Item = &'r BaseLine>) -> BaseLine {
        let mut sum = BaseLine { due: Some(BTreeMap::new()), apart: Some(BTreeMap::new()), ..BaseLine::default() };
        for run in runs {
            sum.population += run.population;
            sum.begun += run.begun;
            sum.left += run.left;
            sum.missing += run.missing;
            sum.covers.join(run.covers);
            add(&mut sum.totals, &run.totals);
            sum.due = sum.due.zip(run.due.as_ref()).map(|(mut due, more)| {
                add(&mut due, more);
                due
            });
            sum.apart = sum.apart.zip(run.apart.as_ref()).map(|(mut apart, more)| {
                more.iter().for_each(|(key, more)| apart.entry(key.clone()).or_default().join(*more));
                apart
            });
        }
        sum
    }

    /// The headcounts of both runs, where they are too far from each other: more people, or a larger share of them,
    /// than have just begun or left.
    pub fn population_swing(&self, tonight: &BaseLine, limits: Limits) -> Option<(u64, u64)> {
        let (before, now, moved) = (self.population, tonight.population, self.moved(tonight));
        let exceeds = before != 0 && limits.population_change_max.is_exceeded(i128::from(moved), i128::from(before));
        (exceeds && moved >= limits.people_min).then_some((before, now))
    }

    /// Benefits that the service showed in the last good run, of as many people as are on payroll tonight, and shows
    /// tonight, where so many are gone while payroll goes on: it may have answered for a part of them only.
    pub fn lost_covers(&self, tonight: &BaseLine, limits: Limits) -> Option<(u64, u64)> {
        let (before, now) = (self.covers, tonight.covers);
        let heads = i128::from(self.population.max(1));
        let wanted = i128::from(before.known) * i128::from(tonight.population) / heads;
        let more = now.taken_without.saturating_sub(before.taken_without);
        let exceeds = |lost: i128| wanted > 0 && limits.population_change_max.is_exceeded(lost, wanted);
        let are_many = more >= limits.people_min && exceeds(i128::from(more));
        (are_many && exceeds(wanted - i128::from(now.known))).then_some((wanted as u64, now.known))
    }

    /// People more or fewer than have just begun or left.
    fn moved(&self, tonight: &BaseLine) -> u64 {
        let (before, now) = (self.population, tonight.population);
        match now > before {
            true => (now - before).saturating_sub(tonight.begun),
            false => (before - now).saturating_sub(tonight.left),
        }
    }

    /// Totals of tonight that moved by more than this share, moved otherwise than what is due, and are not what is
    /// due: on a pay date without deductions nothing is taken, and after a renewal more is, from a file that is whole.
    /// A benefit that is new tonight has nothing to compare with, and lines of a few people are found each by itself,
    /// unless nothing was taken of anybody.
    pub fn swings<'k>(&'k self, tonight: &BaseLine, limits: Limits) -> Vec<Swing<'k>> {
        let due = |of: &BaseLine, key: &str| -> Option<i128> {
            of.due.as_ref()?.get(key).map_or(Some(0), |sum| sum.parse().ok())
        };
        let swing = |(key, before): (&'k String, &String)| {
            // A code that is mapped to no benefit, such as a garnishment, moves as it likes.
            if key.starts_with('(') {
                return None;
            }
            let now = tonight.totals.get(key).map_or("0", String::as_str);
            let (Ok(before), Ok(now)) = (before.parse(), now.parse()) else {
                return Some(Swing { key, moved: None });
            };
            let swung = has_swung((before, now), due(self, key).zip(due(tonight, key)), limits.total_change_max);
            (swung && tonight.is_of_many(key, limits)).then_some(Swing { key, moved: Some((before, now)) })
        };
        self.totals.iter().filter_map(swing).collect()
    }

    /// A later good run bears out what this one, which was in doubt, read of a benefit: headcount is about the same,
    /// and the total is what was due but for a few people, or what it is now.
    pub fn is_borne_out_by(&self, good: &BaseLine, limits: Limits, key: &str) -> bool {
        let (run, good) = self.compared(good);
        if good.population_swing(&run, limits).is_some() {
            return false;
        }
        let sum = |of: Option<&BTreeMap<String, String>>| -> Option<i128> {
            of?.get(key).map_or(Some(0), |sum| sum.parse().ok())
        };
        let Some(total) = sum(Some(&run.totals)) else { return false };
        let is_near = |other: Option<i128>| {
            other.is_some_and(|other| !limits.total_change_max.is_exceeded(total - other, total.abs().max(other.abs())))
        };
        !run.is_of_many(key, limits) || is_near(sum(run.due.as_ref())) || is_near(sum(Some(&good.totals)))
    }

    /// So many people's lines of the benefit differ that it says something against the file.
    fn is_of_many(&self, key: &str, limits: Limits) -> bool {
        let Some(apart) = &self.apart else { return true };
        let apart = apart.get(key).copied().unwrap_or_default();
        apart.people >= limits.people_min || apart.nothing_taken
    }
}

/// In billionths, to be compared with others.
fn share_of(people: u64, population: u64) -> u128 {
    u128::from(people) * 1_000_000_000 / u128::from(population.max(1))
}

/// Adds sums to others of the same form.
fn add(sums: &mut BTreeMap<String, String>, more: &BTreeMap<String, String>) {
    for (key, more) in more {
        let sum = sums.entry(key.clone()).or_insert_with(|| "0".to_owned());
        *sum = match (sum.parse::<i128>(), more.parse::<i128>()) {
            (Ok(sum), Ok(more)) => (sum + more).to_string(),
            _ => format!("{sum} and {more}"),
        };
    }
}

/// `due`: of the last good run and of tonight; `None`: not known of one of them.
fn has_swung((before, now): (i128, i128), due: Option<(i128, i128)>, share_max: Share) -> bool {
    if !share_max.is_exceeded_by_move(before, now) {
        return false;
    }
    let Some((due_before, due_now)) = due else { return true };
    let wanted = before + due_now - due_before;
    let of = before.abs().max(wanted.abs());
    share_max.is_exceeded(now - wanted, of) && share_max.is_exceeded(now - due_now, of)
}

#[cfg(test)]
mod tests;
