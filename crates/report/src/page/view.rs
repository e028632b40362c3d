//! What the template of the page shows, in words and numbers.

use std::collections::BTreeMap;

use askama::Template;

use tieout_model::code::Owner;
use tieout_model::finding::Direction;
use tieout_model::history::Status;
use tieout_model::money::Currency;

use super::looked::{Aged, Compared};
use super::section::Section;
use super::{SCRIPT, STYLE, data, looked, policy, section};
use crate::by_cost::{CostGroup, cost_groups};
use crate::changes::endings;
use crate::figures::{Headline, amount, grouped, headline, stakes};
use crate::tables::{self, Verdict, exposure_by_direction, verdicts};
use crate::{EVIDENCE_AGES, Exception, Report};

/// Findings that the page holds: more would make it slow. All of them are in the CSV.
const FINDINGS_MAX: usize = 50_000;
/// Groups that the page shows.
const GROUPS_MAX: usize = 10;
/// Length of a whole bar.
pub(super) const WHOLE: i128 = 1_000;
/// Length of the longest bar of the trend.
const NIGHT_LENGTH: u64 = 42;

const DIRECTIONS: [Direction; 3] = [Direction::UnderCollected, Direction::PaidForNothing, Direction::OverCollected];

#[derive(Template)]
#[template(path = "page.html")]
pub struct View {
    policy: String,
    style: &'static str,
    script: &'static str,
    title: String,
    period: String,
    is_dry: bool,
    headline: Headline,
    proofs: [Verdict; 6],
    directions: [&'static str; 3],
    money: Vec<Money>,
    changes: Vec<Tile>,
    ages: Vec<Bar>,
    nights: Vec<Bar>,
    trend: String,
    looked: String,
    compared: Vec<Compared>,
    aged: Vec<Aged>,
    evidence_ages: [&'static str; EVIDENCE_AGES.len()],
    groups: Vec<Costly>,
    cut: String,
    sections: Vec<Section>,
    foot: String,
    data: String,
    behind: String,
}

struct Money {
    currency: String,
    amounts: Vec<String>,
}

struct Tile {
    name: &'static str,
    count: String,
    money: Vec<String>,
}

pub struct Bar {
    pub name: String,
    pub count: String,
    start: i128,
    length: i128,
}

impl Bar {
    /// Parts of [`WHOLE`], each where the one before ends.
    pub fn side_by_side(names: &[&str], counts: &[i128]) -> Vec<Bar> {
        let all = counts.iter().sum::<i128>().max(1);
        let mut start = 0;
        let bar = |(count, name): (&i128, &&str)| {
            let length = count * WHOLE / all;
            let bar = Bar { name: (*name).to_owned(), count: grouped(&count.to_string()), start, length };
            start += length;
            bar
        };
        counts.iter().zip(names).map(bar).collect()
    }
}

struct Costly {
    severity: &'static str,
    code: &'static str,
    title: &'static str,
    benefit: String,
    field: String,
    subject: String,
    people: String,
    direction: &'static str,
    amount: String,
    currency: String,
    length: i128,
    owner: &'static str,
    to_do: String,
}

impl View {
    pub fn of(report: &Report) -> anyhow::Result<View> {
        let head = &report.head;
        let sheets = tables::sheets(report);
        let (exceptions, others): (Vec<_>, Vec<_>) = sheets.iter().partition(|table| table.name == tables::EXCEPTIONS);
        let rows = exceptions.iter().map(|table| table.rows()).sum::<usize>();
        let data =
            exceptions.iter().map(|table| data::json(table, rows.min(FINDINGS_MAX))).collect::<Result<_, _>>()?;
        let nights = nights(report);
        Ok(View {
            policy: policy(),
            style: STYLE,
            script: SCRIPT,
            title: format!("{} as of {}", head.job, head.as_of),
            period: format!("{} to {}", head.period_start, head.period_end),
            is_dry: head.dry_run,
            headline: headline(report),
            proofs: verdicts(report),
            directions: DIRECTIONS.map(Direction::name),
            money: money(report),
            changes: changes(report),
            ages: ages(report),
            trend: trend(&nights),
            nights,
            looked: looked::said(report),
            compared: looked::compared(report),
            aged: looked::aged(report),
            evidence_ages: EVIDENCE_AGES,
            groups: costly(&cost_groups(report)),
            cut: cut(rows),
            sections: others.into_iter().map(section::of).collect(),
            foot: format!("tieout {}, run {}, snapshot {}", head.version, head.run_id, head.snapshot),
            data,
            behind: data::behind(&report.behind)?,
        })
    }
}

fn money(report: &Report) -> Vec<Money> {
    let line = |(currency, sums): (Currency, BTreeMap<Direction, i128>)| Money {
        currency: currency.code().to_owned(),
        amounts: DIRECTIONS.map(|direction| amount(sums.get(&direction).copied().unwrap_or(0), currency)).to_vec(),
    };
    exposure_by_direction(report).into_iter().map(line).collect()
}

fn changes(report: &Report) -> Vec<Tile> {
    let tile = |name, status| {
        let of_status = || report.exceptions.iter().filter(|e| e.status == status);
        Tile { name, count: grouped(&of_status().count().to_string()), money: stakes_text(of_status()) }
    };
    let cleared = Tile {
        name: "cleared",
        count: grouped(&report.cleared.len().to_string()),
        money: endings(report).into_iter().flat_map(|(ending, change)| change.lines(ending.name())).collect(),
    };
    let waived = Tile {
        name: "waived",
        count: grouped(&report.waived.len().to_string()),
        money: stakes_text(report.waived.iter().map(|waived| &waived.exception)),
    };
    vec![
        tile("new", Status::New),
        tile("still open", Status::Open),
        tile("re-opened", Status::Reopened),
        cleared,
        waived,
    ]
}

/// A line a currency.
fn stakes_text<'r>(exceptions: impl Iterator<Item = &'r Exception>) -> Vec<String> {
    let text = |(currency, counts)| format!("{} {currency}", amount(counts, currency));
    stakes(exceptions).into_iter().map(text).collect()
}

fn ages(report: &Report) -> Vec<Bar> {
    let mut counts = [0; tables::AGES.len()];
    for exception in &report.exceptions {
        counts[tables::age_bucket((report.head.as_of - exception.first_seen).num_days()).1] += 1;
    }
    Bar::side_by_side(&tables::AGES, &counts)
}

/// Findings of the nights before, and of tonight.
fn nights(report: &Report) -> Vec<Bar> {
    let tonight = (report.head.as_of, report.exceptions.len() as u64);
    let nights = report.nights.iter().map(|night| (night.as_of, night.findings)).chain([tonight]);
    let most = nights.clone().map(|(_, findings)| findings).max().unwrap_or(0).max(1);
    let bar = |(as_of, findings): (chrono::NaiveDate, u64)| Bar {
        name: as_of.to_string(),
        count: grouped(&findings.to_string()),
        start: 0,
        length: i128::from((findings * NIGHT_LENGTH).div_ceil(most)),
    };
    nights.map(bar).collect()
}

fn trend(nights: &[Bar]) -> String {
    match nights {
        [first, .., last] => format!("from {} on {} to {} on {}", first.count, first.name, last.count, last.name),
        _ => String::new(),
    }
}

fn costly(groups: &[CostGroup<'_>]) -> Vec<Costly> {
    let most = |of: Currency| groups.iter().filter(|g| g.currency == of).map(|g| g.exposure.abs()).max().unwrap_or(1);
    let line = |group: &CostGroup<'_>| {
        let rule = group.code.rule();
        let subject = [group.benefit, group.field].into_iter().filter(|text| !text.is_empty());
        Costly {
            severity: group.severity.name(),
            code: group.code.name(),
            title: rule.title,
            benefit: group.benefit.to_owned(),
            field: group.field.to_owned(),
            subject: subject.collect::<Vec<_>>().join(", "),
            people: people(group.people),
            direction: group.direction.name(),
            amount: amount(group.exposure, group.currency),
            currency: group.currency.code().to_owned(),
            length: group.exposure.abs() * WHOLE / most(group.currency).max(1),
            owner: group.owner.map_or("", Owner::team),
            to_do: match group.owner {
                Some(owner) => format!("{}; {}'s move", rule.to_do, owner.name()),
                None => rule.to_do.to_owned(),
            },
        }
    };
    groups.iter().take(GROUPS_MAX).map(line).collect()
}

fn people(number: usize) -> String {
    match number {
        1 => "1 person".to_owned(),
        more => format!("{} people", grouped(&more.to_string())),
    }
}

/// What is said when the page does not hold all findings.
fn cut(rows: usize) -> String {
    match rows > FINDINGS_MAX {
        true => format!(
            "These are the first {} of {} rows, the gravest and costliest; all of them are in exceptions.csv.",
            grouped(&FINDINGS_MAX.to_string()),
            grouped(&rows.to_string())
        ),
        false => String::new(),
    }
}
