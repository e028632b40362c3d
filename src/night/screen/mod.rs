//! The night on one screen of 80 columns: verdict, what changed, what costs most, what is next. `--full` shows the
//! rest.

pub(super) mod notice;
pub(super) mod show;

use std::collections::{BTreeMap, BTreeSet};
use std::fmt::Write as _;
use std::path::Path;

use tieout_model::balance::Ending;
use tieout_model::finding::Severity;
use tieout_model::history::Status;
use tieout_model::money::Currency;
use tieout_report::{
    CostGroup, PAGE, Report, Tone, Uncompared, amount, cost_groups, employees, grouped, headline, stakes, uncompared,
};

use crate::outcome::Exit;

/// Columns of a terminal that everybody has.
const COLUMNS: usize = 80;
/// Lines of a terminal that everybody has.
const LINES: usize = 24;
/// Currencies that fit beside the counts.
const CURRENCIES_MAX: usize = 4;
/// Groups that are shown where there is room for all of them.
const COSTLIEST: usize = 5;
/// How a correction begins that the queue takes up tonight.
const PROPOSED: &str = "propose";
const CUT: char = '\u{2026}';

/// What the screen is told beside the report.
pub struct ScreenInput<'a> {
    pub job: &'a Path,
    pub folder: &'a Path,
    pub exit: Exit,
    /// The severity at which the job alarms, and how many findings reach it.
    pub alarm: Option<(Severity, usize)>,
    /// Whether the terminal shows colours.
    pub colour: bool,
}

pub fn text(report: &Report, told: &ScreenInput<'_>) -> String {
    let mut blocks = vec![head(report), verdict(report, told.colour), changes(report), next(report, told)];
    // A blank line stands after each block but the last.
    let taken: usize = blocks.iter().flatten().map(|line| line.lines().count()).sum::<usize>() + blocks.len();
    let costliest = costliest(report, LINES.saturating_sub(taken).min(COSTLIEST), told.colour);
    blocks.insert(blocks.len() - 1, costliest);
    blocks.retain(|block| !block.is_empty());
    let blocks: Vec<String> = blocks.iter().map(|lines| lines.join("\n")).collect();
    blocks.join("\n\n")
}

fn head(report: &Report) -> Vec<String> {
    let head = &report.head;
    let night = format!("{} as of {}, payroll {} to {}", head.job, head.as_of, head.period_start, head.period_end);
    vec![cut(&night), cut(&head.payroll_file)]
}

fn verdict(report: &Report, colour: bool) -> Vec<String> {
    let headline = headline(report);
    let paint = match headline.tone {
        Tone::Good => Paint::Green,
        Tone::Warn => Paint::Yellow,
        Tone::Bad => Paint::Red,
    };
    let mode = if report.head.dry_run { "Dry run" } else { "Live" };
    let said = wrapped(&format!("{mode}. {}", headline.said));
    let mut lines: Vec<String> = said.iter().map(|line| paint.over(line, colour)).collect();
    if !report.unverified.is_empty() {
        lines.push(cut(&unverified(report)));
    }
    match report.guards.as_slice() {
        [] => {}
        [one] => lines.push(cut(&format!("Guard: {one}"))),
        [first, others @ ..] => lines.push(cut(&format!("Guards: {} more, and {first}", others.len()))),
    }
    lines
}

fn unverified(report: &Report) -> String {
    let Uncompared { people, reason } = uncompared(report);
    format!("Unverified: {}, above all: {reason}", employees(people))
}

fn counted(number: usize, one: &str, more: &str) -> String {
    match number {
        1 => format!("1 {one}"),
        _ => format!("{} {more}", grouped(&number.to_string())),
    }
}

/// How many, and what they cost by currency.
fn changes(report: &Report) -> Vec<String> {
    let of = |status: Status| report.exceptions.iter().filter(move |e| e.status == status);
    let all = stakes(report.exceptions.iter());
    let waived = stakes(report.waived.iter().map(|waived| &waived.exception));
    let (made_good_count, made_good) = made_good(report);
    let different: BTreeSet<Currency> = all.keys().chain(waived.keys()).chain(made_good.keys()).copied().collect();
    let currencies: Vec<Currency> = different.iter().copied().take(CURRENCIES_MAX).collect();
    let line = |name: &str, count: usize, sums: &BTreeMap<Currency, i128>| {
        let mut line = format!("{name:<12}{:>8}", grouped(&count.to_string()));
        for currency in &currencies {
            let sum = sums.get(currency).map_or_else(String::new, |counts| amount(*counts, *currency));
            let _ = write!(line, "{sum:>15}");
        }
        line.trim_end().to_owned()
    };
    let mut heading = format!("{:<12}{:>8}", "", "findings");
    currencies.iter().for_each(|currency| _ = write!(heading, "{:>15}", currency.code()));
    let mut lines = vec![heading];
    for (name, status) in [("new", Status::New), ("still open", Status::Open), ("re-opened", Status::Reopened)] {
        lines.push(line(name, of(status).count(), &stakes(of(status))));
    }
    lines.push(line("waived", report.waived.len(), &waived));
    // Where no money of its own stands.
    let further = match different.len() - currencies.len() {
        0 => String::new(),
        further => format!("   further currencies, see the report: {further}"),
    };
    lines.push(format!("{}{further}", line("cleared", report.cleared.len(), &BTreeMap::new())));
    lines.push(line("  made good", made_good_count, &made_good));
    lines
}

/// Of what is cleared: how many findings whose money came in or was given back, and how much by currency.
fn made_good(report: &Report) -> (usize, BTreeMap<Currency, i128>) {
    let mut sums: BTreeMap<Currency, i128> = BTreeMap::new();
    let endings = report.cleared.iter().filter_map(|cleared| cleared.ending);
    let made_good: Vec<_> = endings.filter(|(ending, ..)| *ending == Ending::MadeGood).collect();
    for (_, counts, currency) in &made_good {
        *sums.entry(*currency).or_default() += counts.abs();
    }
    (made_good.len(), sums)
}

fn costliest(report: &Report, most: usize, colour: bool) -> Vec<String> {
    let groups = cost_groups(report);
    groups.iter().take(most).map(|group| costly(group, colour)).collect()
}

/// `S2 EN05 leaver still deducted, _Medical, 3 people         1,096.23 GBP`: nobody by id, for a scheduler keeps it.
fn costly(group: &CostGroup<'_>, colour: bool) -> String {
    let cost = format!("{} {}", amount(group.exposure, group.currency), group.currency);
    let people = counted(group.people, "person", "people");
    let about = [group.code.rule().title, group.benefit, &people].into_iter().filter(|text| !text.is_empty());
    let about: Vec<&str> = about.collect();
    let severity = group.severity.name();
    let rest = COLUMNS - severity.len() - 1 - cost.chars().count() - 1;
    let what = cut_to(&format!("{} {}", group.code.name(), about.join(", ")), rest);
    let paint = if group.severity == Severity::S1 { Paint::Red } else { Paint::Plain };
    format!("{} {what:<rest$} {cost}", paint.over(severity, colour))
}

fn next(report: &Report, told: &ScreenInput<'_>) -> Vec<String> {
    let proposed = report.corrections.iter().filter(|planned| planned.disposition.starts_with(PROPOSED)).count();
    let mut lines = Vec::new();
    if proposed > 0 && !report.head.dry_run {
        lines.push(format!("Corrections proposed: {proposed}. Next: tieout queue list {}", told.job.display()));
    }
    let to_open = if report.head.formats.page { told.folder.join(PAGE) } else { told.folder.to_owned() };
    lines.push(format!("Report: {}", to_open.display()));
    lines.push(super::screen::show::ending(told.exit, told.alarm));
    lines
}

/// A verdict loses no word.
fn wrapped(text: &str) -> Vec<String> {
    let mut lines = vec![String::new()];
    for word in text.split(' ') {
        match lines.last_mut() {
            Some(line) if line.is_empty() => word.clone_into(line),
            Some(line) if line.chars().count() + 1 + word.chars().count() <= COLUMNS => *line += &format!(" {word}"),
            _ => lines.push(word.to_owned()),
        }
    }
    lines
}

fn cut(text: &str) -> String {
    cut_to(text, COLUMNS)
}

fn cut_to(text: &str, columns: usize) -> String {
    let line = text.replace(char::is_control, " ");
    match line.chars().count() > columns {
        true => line.chars().take(columns - 1).chain([CUT]).collect(),
        false => line,
    }
}

/// A colour by its meaning.
#[derive(Clone, Copy)]
enum Paint {
    Plain,
    Green,
    Yellow,
    Red,
}

impl Paint {
    fn over(self, text: &str, colour: bool) -> String {
        let code = match self {
            Paint::Plain => return text.to_owned(),
            Paint::Green => 32,
            Paint::Yellow => 33,
            Paint::Red => 31,
        };
        if colour { format!("\u{1b}[{code}m{text}\u{1b}[0m") } else { text.to_owned() }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use tieout_model::finding::Code;
    use tieout_report::sample;

    fn shown(report: &Report, colour: bool) -> String {
        let (job, folder) = (Path::new("jobs/demo.toml"), Path::new("reports/demo/2026-03-31"));
        let alarm = Some((Severity::S2, 3));
        text(report, &ScreenInput { job, folder, exit: Exit::Unverified, alarm, colour })
    }

    #[test]
    fn the_night_fits_on_one_screen_of_eighty_columns_whatever_it_was_like() {
        let mut report = sample::report();
        for number in 10..40 {
            for currency in ["EUR", "GBP", "CHF", "JPY", "KWD"] {
                report.exceptions.push(sample::exception(number, Code::EN02, -1_234_567_890, currency));
            }
        }
        report.exceptions[5].finding.benefit = "_A benefit with a name that is as long as a sentence".repeat(3);
        report.unverified[0].reason = "benefits not fetched: ".repeat(20).into();
        report.guards = vec!["the population swung by far more than the job allows ".repeat(4); 3];
        let screen = shown(&report, false);
        assert!(screen.lines().count() <= LINES, "{screen}");
        assert!(screen.lines().all(|line| line.chars().count() <= COLUMNS), "{screen}");
        assert!(screen.contains("further currencies, see the report: 2"), "{screen}");
    }

    #[test]
    fn the_screen_says_verdict_changes_cost_and_what_is_next() {
        let screen = shown(&sample::report(), false);
        for part in [
            "payroll.csv, of the period\n\nLive. It ties out, but 1 employee could not be compared",
            "Unverified: 1 employee, above all: benefits not fetched",
            "new                3          1,234           0.30",
            "cleared            1",
            "  made good        0",
            "S2 EN01 missing deduction, _Dental, 1 person",
            "1,234 JPY",
            "S2 EN01 missing deduction, _Dental, 2 people",
            "Corrections proposed: 1. Next: tieout queue list jobs/demo.toml",
            "Report: reports/demo/2026-03-31/index.html",
            "Alarm: 3 findings of severity S2 or graver\nExit 3: not every source could be read in full, or the job lacks a key",
        ] {
            assert!(screen.contains(part), "{part}\n{screen}");
        }
    }

    #[test]
    fn the_verdict_is_never_cut() {
        let mut report = sample::report();
        report.head.dry_run = true;
        report.head.complete = false;
        report.guards = vec!["the population swung".to_owned()];
        let said = "Dry run. It ties out, but not everything could be read, and a guard stopped the\nqueue\n";
        let screen = shown(&report, false);
        assert!(screen.contains(said), "{screen}");
    }

    #[test]
    fn colours_say_how_grave_it_is_and_stay_off_where_nobody_sees_them() {
        let mut report = sample::report();
        report.unverified.clear();
        assert!(shown(&report, true).contains("\u{1b}[32mLive. It ties out"));
        report.head.dry_run = true;
        assert!(shown(&report, true).contains("\u{1b}[32mDry run. It ties out"));
        report.head.dry_run = false;
        report.head.complete = false;
        assert!(shown(&report, true).contains("\u{1b}[33mLive. It ties out"));
        assert!(!shown(&report, false).contains('\u{1b}'));
    }
}
