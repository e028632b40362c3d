//! A world over several pay periods: a folder a night, each with its payroll and what Benifex and Benbase answer, and
//! the truth of every night. What happens to a planted person over the periods is a story (see `stories`).

use std::collections::BTreeSet;
use std::path::Path;

use anyhow::{Context, Result, ensure};
use chrono::NaiveDate;
use serde::Serialize;

use self::calendar::Calendar;
pub(super) use self::stories::Tonight;
use self::stories::{Known, Story};
use crate::world::EMPLOYEES_MAX;
use crate::world::calendar::Group;
use crate::world::files::{NightFiles, crosswalk_file, write_text};
use crate::world::job_text;
use crate::world::people::{Maker, Profile, mixed};
use crate::world::records::Subject;

mod calendar;
mod stories;

/// Every so many people has a story.
const STORY_ONE_IN: usize = 3;
/// Two years of months, or nearly one of fortnights.
const PERIODS_MAX: usize = 24;
/// A story needs a period before and one after.
const PERIODS_MIN: usize = 3;

/// What to generate.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct WantedPeriods {
    pub employees: usize,
    pub periods: usize,
    pub seed: u64,
}

/// `truth.json` of a world over several periods.
#[derive(Debug, Serialize)]
pub struct PeriodsTruth {
    pub nights: Vec<NightTruth>,
}

/// What one night must show, and nothing else.
#[derive(Debug, Serialize)]
pub struct NightTruth {
    /// Below the world: `nights/01`.
    pub folder: String,
    pub as_of: NaiveDate,
    pub period_start: NaiveDate,
    pub period_end: NaiveDate,
    pub findings: Vec<Told>,
}

/// What is found of an employee's benefit on a night.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize)]
pub struct Told {
    pub employee_id: String,
    pub benefit: &'static str,
    /// One of these; several where it is one finding a payer.
    pub codes: Vec<&'static str>,
    /// Of all its findings together, to date; positive is under-collected.
    pub exposure: String,
    /// The story, in words.
    pub cause: &'static str,
}

/// Writes a world over several periods into the folder `out`. The same arguments give the same bytes.
pub fn generate_periods(wanted: WantedPeriods, out: &Path) -> Result<PeriodsTruth> {
    let WantedPeriods { employees, periods, seed } = wanted;
    ensure!(
        (1..=EMPLOYEES_MAX).contains(&employees),
        "a world has 1 to {EMPLOYEES_MAX} employees, not {employees}: give another --employees"
    );
    ensure!(
        (PERIODS_MIN..=PERIODS_MAX).contains(&periods),
        "a world lasts {PERIODS_MIN} to {PERIODS_MAX} periods, not {periods}: give another --periods"
    );
    let calendar = Calendar::new(if seed.is_multiple_of(2) { Group::UkM } else { Group::UsBw });
    let people = people(wanted, &calendar);
    let doing = || format!("writing the world into {}", out.display());
    crosswalk_file(out, people.iter().map(|(subject, _)| subject)).with_context(doing)?;
    let nights: Result<Vec<NightTruth>> = (0..periods).map(|at| night(out, &calendar, &people, at)).collect();
    let truth = PeriodsTruth { nights: nights.with_context(doing)? };
    let mut text = serde_json::to_string_pretty(&truth)?;
    text.push('\n');
    write_text(out, "truth.json", &text)?;
    Ok(truth)
}

/// Everybody, and what happens to them.
fn people(wanted: WantedPeriods, calendar: &Calendar) -> Vec<(Subject, Option<Known>)> {
    let maker = Maker { seed: wanted.seed, employees: wanted.employees };
    let stories = Story::of(calendar);
    let person = |index: usize| {
        let mut subject = maker.person(Profile { index, group: Some(calendar.group), planted: true });
        stories::settle_in(&mut subject);
        let planted = index.is_multiple_of(STORY_ONE_IN);
        let known = planted.then(|| {
            let story = stories[(index / STORY_ONE_IN) % stories.len()];
            let mut rng = fastrand::Rng::with_seed(mixed(!wanted.seed, index as u64));
            Known::new(story, calendar, wanted.periods, &mut rng)
        });
        (subject, known)
    };
    (0..wanted.employees).map(person).collect()
}

/// Writes one night, and gives what it must show.
fn night(out: &Path, calendar: &Calendar, people: &[(Subject, Option<Known>)], at: usize) -> Result<NightTruth> {
    let folder = format!("nights/{:02}", at + 1);
    let period = calendar.period(at);
    let mut files = NightFiles::create(&out.join(&folder))?;
    let mut findings = BTreeSet::new();
    for (subject, known) in people {
        let (tonight, told) = stories::tonight(subject, known.as_ref(), calendar, at);
        files.write(&tonight, period)?;
        findings.extend(told);
    }
    files.finish()?;
    let as_of = calendar.as_of(at);
    write_text(&out.join(&folder), "job.toml", &job_text::job_of_night(out, &folder, as_of))?;
    let [period_start, period_end, _] = period;
    Ok(NightTruth { folder, as_of, period_start, period_end, findings: findings.into_iter().collect() })
}

#[cfg(test)]
mod tests {
    use strum::VariantArray as _;

    use super::*;

    fn truth(seed: u64) -> PeriodsTruth {
        let dir = tempfile::tempdir().expect("a folder");
        generate_periods(WantedPeriods { employees: 60, periods: 6, seed }, dir.path()).expect("a world")
    }

    #[test]
    fn every_story_is_told_in_some_night_or_leaves_nothing_to_tell() {
        let mut planted = Vec::new();
        for (seed, group) in [(0, Group::UkM), (1, Group::UsBw)] {
            let told: BTreeSet<&str> =
                truth(seed).nights.iter().flat_map(|night| night.findings.iter().map(|told| told.cause)).collect();
            for story in Story::of(&Calendar::new(group)) {
                assert!(story.is_right() != told.contains(story.cause()), "{}", story.cause());
                planted.push(story);
            }
        }
        assert!(Story::VARIANTS.iter().all(|story| planted.contains(story)), "{planted:?}");
    }

    #[test]
    fn the_first_night_is_clean_and_the_same_seed_gives_the_same_truth() {
        let (one, other) = (truth(4), truth(4));
        assert!(one.nights[0].findings.is_empty());
        assert_eq!(serde_json::to_string(&one).expect("JSON"), serde_json::to_string(&other).expect("JSON"));
    }

    #[test]
    fn too_few_and_too_many_periods_are_refused() {
        let dir = tempfile::tempdir().expect("a folder");
        for periods in [0, 2, PERIODS_MAX + 1] {
            let refused = generate_periods(WantedPeriods { employees: 3, periods, seed: 1 }, dir.path());
            assert!(refused.expect_err("refused").to_string().contains("--periods"));
        }
    }
}
