//! What the template of the index shows, in words and numbers.

use std::collections::BTreeMap;

use askama::Template;
use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use sha2::{Digest as _, Sha256};

use super::read::{Figures, Night, Nights, Signed};
use crate::changes::FindingChange;
use crate::figures::{amount, grouped};
use tieout_model::money::Currency;

const STYLE: &str = concat!(include_str!("../../templates/style.css"), include_str!("../../templates/nights.css"));
const CHANGES: [&str; 5] = ["new", "still open", "re-opened", "cleared", "waived"];
/// The place of what was cleared, whose money is told by how it ended.
const CLEARED: usize = 3;
/// Newest nights of the trend.
const TREND_NIGHTS_MAX: usize = 90;
/// Currencies whose trend is drawn.
const CURRENCIES_MAX: usize = 6;
/// Width of a night, and height of the whole, in the units of a drawing.
const NIGHT_WIDTH: usize = 10;
const HEIGHT: i128 = 60;

#[derive(Template)]
#[template(path = "nights.html")]
pub struct View {
    policy: String,
    style: &'static str,
    job: String,
    latest: Option<Line>,
    trends: Vec<Trend>,
    /// What can become of a finding.
    changes: [&'static str; 5],
    lines: Vec<Line>,
    older: usize,
}

/// A night as a row.
#[derive(Clone)]
struct Line {
    day: String,
    /// `None`: there is nothing to go to.
    link: Option<String>,
    class: &'static str,
    mark: char,
    said: String,
    ties_out: &'static str,
    /// One for each of [`CHANGES`], or one for all.
    changes: Vec<Tile>,
    signed: String,
    warnings: Vec<String>,
    beside: Vec<Beside>,
}

#[derive(Clone)]
struct Tile {
    name: &'static str,
    count: String,
    money: Vec<String>,
    /// Columns that it takes.
    span: usize,
}

#[derive(Clone)]
struct Beside {
    name: String,
    link: String,
}

/// One thing, night by night.
struct Trend {
    title: String,
    width: usize,
    bars: Vec<Bar>,
    /// The first night and the last.
    ends: [End; 2],
    said: String,
}

struct End {
    day: String,
    value: String,
}

struct Bar {
    x: usize,
    y: i128,
    height: i128,
    said: String,
}

impl View {
    pub fn of(job: &str, nights: &Nights) -> View {
        let lines: Vec<Line> = nights.shown.iter().map(line).collect();
        View {
            policy: policy(),
            style: STYLE,
            job: job.to_owned(),
            latest: lines.iter().find(|line| line.link.is_some()).cloned(),
            trends: trends(&nights.shown),
            changes: CHANGES,
            lines,
            older: nights.older,
        }
    }
}

/// What the page may load: nothing, and nothing of it runs.
fn policy() -> String {
    let hash = STANDARD.encode(Sha256::digest(STYLE));
    format!("default-src 'none'; img-src data:; style-src 'sha256-{hash}'; base-uri 'none'; form-action 'none'")
}

fn line(night: &Night) -> Line {
    let day = night.day.to_string();
    let (class, mark, said, ties_out) = match &night.told {
        Ok(figures) => {
            let headline = &figures.headline;
            let ties_out = if figures.ties_out { "yes" } else { "no" };
            (headline.class(), headline.mark(), headline.said.clone().into_owned(), ties_out)
        }
        Err(why) => ("bad", '!', why.clone(), "not known"),
    };
    let Signed { by, doubt } = &night.signature;
    let ended = night.ended.as_ref().map(|how| format!("the last run of this day {how}"));
    let beside = night.beside.iter().map(|(name, link)| Beside { name: name.clone(), link: link.clone() });
    Line {
        link: night.link.clone(),
        class,
        mark,
        said,
        ties_out,
        changes: night.told.as_ref().map_or_else(|_| vec![Tile::over_all("findings", "\u{2013}")], changes),
        signed: by.clone(),
        warnings: ended.into_iter().chain(doubt.map(str::to_owned)).collect(),
        beside: beside.collect(),
        day,
    }
}

/// A report of an earlier version tells only how many there are.
fn changes(figures: &Figures) -> Vec<Tile> {
    let Some(all) = &figures.changes else {
        let count = grouped(&figures.findings.to_string());
        return vec![Tile { money: stakes(&figures.at_stake), ..Tile::over_all("findings", &count) }];
    };
    let money = |(currency, text): (&String, &String)| format!("{} {currency}", grouped(text));
    let tile = |(name, change): (&'static str, &FindingChange)| Tile {
        name,
        count: grouped(&change.findings.to_string()),
        money: change.at_stake.iter().map(money).collect(),
        span: 1,
    };
    let mut tiles: Vec<Tile> = CHANGES
        .into_iter()
        .zip([&all.new, &all.still_open, &all.re_opened, &all.cleared, &all.waived])
        .map(tile)
        .collect();
    tiles[CLEARED].money = all.endings.iter().flat_map(|(ending, change)| change.lines(ending)).collect();
    tiles
}

impl Tile {
    fn over_all(name: &'static str, count: &str) -> Tile {
        Tile { name, count: count.to_owned(), money: Vec::new(), span: CHANGES.len() }
    }
}

fn stakes(at_stake: &BTreeMap<Currency, i128>) -> Vec<String> {
    at_stake.iter().map(|(currency, counts)| format!("{} {currency}", amount(*counts, *currency))).collect()
}

/// Findings, and what is at stake currency by currency: these are never added.
fn trends(nights: &[Night]) -> Vec<Trend> {
    let told = nights.iter().filter_map(|night| Some((night, night.told.as_ref().ok()?)));
    let mut told: Vec<(&Night, &Figures)> = told.take(TREND_NIGHTS_MAX).collect();
    told.reverse();
    if told.len() < 2 {
        return Vec::new();
    }
    let days = |value: &dyn Fn(&Figures) -> i128, text: &dyn Fn(i128) -> String, title: String| {
        let values: Vec<(String, i128)> =
            told.iter().map(|(night, figures)| (night.day.to_string(), value(figures))).collect();
        trend(title, &values, text)
    };
    let findings = days(&|f| f.findings.into(), &|count| grouped(&count.to_string()), "Findings".to_owned());
    let mut currencies: Vec<Currency> =
        told.iter().rev().flat_map(|(_, figures)| figures.at_stake.keys().copied()).collect();
    currencies.sort_unstable();
    currencies.dedup();
    let of = |currency: &Currency| {
        let value = |f: &Figures| f.at_stake.get(currency).copied().unwrap_or(0);
        days(&value, &|counts| amount(counts, *currency), format!("At stake, {currency}"))
    };
    [findings].into_iter().chain(currencies.iter().take(CURRENCIES_MAX).map(of)).collect()
}

fn trend(title: String, values: &[(String, i128)], text: &dyn Fn(i128) -> String) -> Trend {
    let most = values.iter().map(|(_, value)| *value).max().unwrap_or(0).max(1);
    let bar = |(at, (day, value)): (usize, &(String, i128))| {
        // What is there at all is seen.
        let height = (value * HEIGHT / most).max(i128::from(*value > 0));
        Bar { x: at * NIGHT_WIDTH + 1, y: HEIGHT - height, height, said: format!("{day}: {}", text(*value)) }
    };
    let end =
        |value: Option<&(String, i128)>| value.map(|(day, value)| (day.clone(), text(*value))).unwrap_or_default();
    let (first, last) = (end(values.first()), end(values.last()));
    Trend {
        said: format!("{title}: from {} on {} to {} on {}", first.1, first.0, last.1, last.0),
        title,
        width: values.len() * NIGHT_WIDTH,
        bars: values.iter().enumerate().map(bar).collect(),
        ends: [first, last].map(|(day, value)| End { day, value }),
    }
}
