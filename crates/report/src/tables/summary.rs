//! The night on one page, for people: verdict, run, inputs, counts, proofs, findings, exposure, policy.

use std::collections::BTreeMap;

use tieout_model::calls::OysterStatistics;
use tieout_model::control::Coverage;
use tieout_model::finding::{Direction, Severity};
use tieout_model::money::Currency;

use crate::figures::{Uncompared, employees, uncompared};
use crate::table::{Cell, Table, any, currency, text};
use crate::{Exception, PACK_VERSION, Report};

struct Row {
    section: &'static str,
    item: String,
    value: Cell<'static>,
    currency: Option<Currency>,
}

pub fn table(report: &Report) -> Table<'_> {
    let columns = vec![
        text("section", "Section", 18, |r: &Row| r.section.into()),
        text("item", "Item", 44, |r| r.item.as_str().into()),
        any("value", "Value", 60, |r| r.value.clone()),
        currency(|r| r.currency),
    ];
    let sections = [
        verdict(report),
        run(report),
        inputs(report),
        counts(report),
        coverage(report),
        findings(report),
        exposure(report),
    ];
    let rows = sections.into_iter().flatten().chain(policy(report));
    Table::new("summary", "Details", columns, rows.collect())
}

/// What the verdict says of a night that is complete.
pub const EVERYTHING_READ: &str = "every source was read in full";

/// One thing that a night must prove.
pub struct Verdict {
    pub item: &'static str,
    /// Whether it holds.
    pub holds: bool,
    /// In short words.
    pub said: String,
}

/// Whether everything was read and compared, everything adds up and nothing stopped the queue.
pub fn verdicts(report: &Report) -> [Verdict; 6] {
    let residuals = report.control_totals.iter().filter(|t| t.residual() != 0).count();
    let unplaced = report.head.dispositions.iter().filter(|d| d.unplaced() != 0).count();
    let complete = report.head.complete && report.head.mendable == 0;
    let verdict = |item, holds: bool, yes: &str, no: String| {
        let said = if holds { yes.to_owned() } else { no };
        Verdict { item, holds, said }
    };
    [
        Verdict { item: "payroll file", holds: true, said: report.head.payroll_file.clone() },
        verdict("completeness", complete, EVERYTHING_READ, incomplete(report)),
        verdict("comparison", report.unverified.is_empty(), "nothing is unverified", not_compared(report)),
        verdict("control totals", residuals == 0, "tie out, residual 0", format!("{residuals} do not tie out")),
        verdict("rows", unplaced == 0, "each in exactly one place", format!("{unplaced} sources do not balance")),
        verdict("queue", report.guards.is_empty(), "no guard stopped it", report.guards.join("; ")),
    ]
}

fn incomplete(report: &Report) -> String {
    if report.head.complete {
        let lines = report.head.mendable;
        return format!("incomplete: the job does not say what {lines} lines need to be compared, see unverified.csv");
    }
    format!("incomplete: {} parts are unverified, see unverified.csv", report.unverified.len())
}

fn not_compared(report: &Report) -> String {
    let Uncompared { people, reason } = uncompared(report);
    let who = match people {
        0 => "rows of nobody known".to_owned(),
        people => employees(people),
    };
    format!("{who} could not be compared, above all: {reason}")
}

fn row(section: &'static str, item: impl Into<String>, value: impl Into<String>) -> Row {
    Row { section, item: item.into(), value: Cell::Text(value.into().into()), currency: None }
}

fn count(section: &'static str, item: impl Into<String>, value: u64) -> Row {
    Row { section, item: item.into(), value: Cell::Count(value), currency: None }
}

fn run(report: &Report) -> Vec<Row> {
    let head = &report.head;
    let day = |date: chrono::NaiveDate| date.format("%Y-%m-%d").to_string();
    vec![
        row("run", "job", &head.job),
        row("run", "run id", &head.run_id),
        row("run", "mode", if head.dry_run { "dry run: nothing was queued or remembered" } else { "live" }),
        row("run", "as of", day(head.as_of)),
        row("run", "payroll period", format!("{} to {}", day(head.period_start), day(head.period_end))),
        row("run", "payroll cut-off", day(head.cutoff)),
        row("run", "snapshot", &head.snapshot),
        row("run", "snapshot taken at", &head.snapshot_taken_at),
        row("run", "audit head", head.audit_head.as_deref().unwrap_or("none yet")),
        row("run", "tieout version", &head.version),
        count("run", "pack version", u64::from(PACK_VERSION)),
    ]
}

fn verdict(report: &Report) -> Vec<Row> {
    verdicts(report).into_iter().map(|v| row("verdict", v.item, v.said)).collect()
}

fn inputs(report: &Report) -> Vec<Row> {
    let line = |file: &tieout_model::source::InputFile| {
        row("input", file.path.display().to_string(), format!("{} bytes, SHA-256 {}", file.bytes, file.sha256))
    };
    report.head.inputs.iter().map(line).collect()
}

fn counts(report: &Report) -> Vec<Row> {
    let calls = &report.head.calls;
    let mut rows: Vec<Row> = report.head.counts.iter().map(|(item, n)| count("count", item, *n)).collect();
    for d in &report.head.dispositions {
        let places = [
            ("rows", d.rows),
            ("matched", d.matched),
            ("finding", d.finding),
            ("waived", d.waived),
            ("out of scope", d.out_of_scope),
            ("rejected", d.rejected),
            ("unverified", d.unverified),
        ];
        rows.extend(places.map(|(place, n)| count("disposition", format!("{}: {place}", d.source), n)));
    }
    rows.extend(
        [("calls", calls.calls), ("retries", calls.retries), ("failed calls", calls.failures)]
            .map(|(item, n)| count("calls to Benifex", item, n)),
    );
    rows.extend(report.head.oyster.iter().flat_map(oyster));
    rows
}

fn oyster(statistics: &OysterStatistics) -> [Row; 8] {
    [
        ("calls", statistics.calls.calls),
        ("retries", statistics.calls.retries),
        ("failed calls", statistics.calls.failures),
        ("calls planned", statistics.calls_planned),
        ("calls spared", statistics.calls_spared),
        ("engagements", statistics.engagements),
        ("engagements changed", statistics.changed),
        ("enrollment steps outside the flow chart", statistics.steps_outside_chart),
    ]
    .map(|(item, n)| count("calls to Oyster", item, n))
}

/// What each rule compared, and why not the rest.
fn coverage(report: &Report) -> Vec<Row> {
    let text = |coverage: &Coverage| {
        let why = coverage.not_compared.iter().map(|(reason, n)| format!("; {n}: {reason}"));
        format!("compared {} of {}{}", coverage.compared, coverage.of(), why.collect::<String>())
    };
    let rules = report.coverage.iter();
    rules.map(|c| row("coverage", format!("{} {}", c.code.name(), c.code.rule().title), text(c))).collect()
}

fn findings(report: &Report) -> Vec<Row> {
    let mut rows = Vec::new();
    for severity in Severity::all() {
        let n = report.exceptions.iter().filter(|e| e.finding.severity == severity).count();
        rows.push(count("findings", severity.name(), n as u64));
    }
    let mut by_name: BTreeMap<&str, (&str, u64)> = BTreeMap::new();
    for exception in &report.exceptions {
        let rule = exception.finding.code.rule();
        by_name.entry(rule.code.name()).or_insert((rule.title, 0)).1 += 1;
    }
    rows.extend(by_name.into_iter().map(|(code, (title, n))| count("findings", format!("{code} {title}"), n)));
    rows.push(count("findings", "waived", report.waived.len() as u64));
    rows.push(count("findings", "cleared", report.cleared.len() as u64));
    rows.push(count("findings", "corrections planned", report.corrections.len() as u64));
    rows
}

/// Exposure to date by currency and direction, none below zero. Directions are not set off; what clears itself (S5) is
/// left out.
pub fn exposure_by_direction(report: &Report) -> BTreeMap<Currency, BTreeMap<Direction, i128>> {
    let mut sums: BTreeMap<Currency, BTreeMap<Direction, i128>> = BTreeMap::new();
    for exception in &report.exceptions {
        let Some((counts, currency)) = exception.exposure_to_date else { continue };
        let by_direction = sums.entry(currency).or_default();
        match exception.finding.direction(counts) {
            None | Some(Direction::ClearsItself) => {}
            Some(direction) => *by_direction.entry(direction).or_default() += counts.abs(),
        }
    }
    sums
}

/// Exposure to date by currency, neither below zero: under-collected or paid for nothing, and over-collected. The two
/// are not set off; what clears itself (S5) is left out.
pub fn exposure_by_currency(report: &Report) -> BTreeMap<Currency, (i128, i128)> {
    exposure_of(report.exceptions.iter())
}

/// The same of what is waived, which is in no other sum of the exposure.
pub fn waived_by_currency(report: &Report) -> BTreeMap<Currency, (i128, i128)> {
    exposure_of(report.waived.iter().map(|waived| &waived.exception))
}

fn exposure_of<'a>(exceptions: impl Iterator<Item = &'a Exception>) -> BTreeMap<Currency, (i128, i128)> {
    let mut sums: BTreeMap<Currency, (i128, i128)> = BTreeMap::new();
    let counted = exceptions.filter(|e| !e.finding.clears_itself());
    for (counts, currency) in counted.filter_map(|e| e.exposure_to_date) {
        let (under, over) = sums.entry(currency).or_default();
        *under += counts.max(0);
        *over += (-counts).max(0);
    }
    sums
}

fn exposure(report: &Report) -> Vec<Row> {
    let mut rows = exposure_rows("", exposure_by_currency(report));
    for severity in Severity::all() {
        let of_severity = report.exceptions.iter().filter(|e| e.finding.severity == severity);
        rows.extend(exposure_rows(&format!("{}: ", severity.name()), exposure_of(of_severity)));
    }
    rows.extend(exposure_rows("waived: ", waived_by_currency(report)));
    rows
}

fn exposure_rows(of: &str, sums: BTreeMap<Currency, (i128, i128)>) -> Vec<Row> {
    let line = |direction: &str, counts: i128, currency: Currency| {
        let (item, value) = (format!("{of}{direction}"), Cell::Amount(counts, currency));
        Row { section: "exposure to date", item, value, currency: Some(currency) }
    };
    let lines = |(c, (under, over)): (Currency, (i128, i128))| {
        [line("under-collected or paid for nothing", under, c), line("over-collected", over, c)]
    };
    sums.into_iter().flat_map(lines).collect()
}

fn policy(report: &Report) -> Vec<Row> {
    report.head.policy.iter().map(|(item, value)| row("policy", item, value)).collect()
}
