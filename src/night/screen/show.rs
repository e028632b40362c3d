//! The summary on the terminal: verdict, control totals, findings by code, what is queued, where the report is,
//! the code to leave with.

use std::collections::BTreeMap;
use std::fmt::Write;
use std::path::Path;

use crate::commands::table::render;
use crate::outcome::{Exit, Failure};
use tieout_model::finding::Severity;
use tieout_model::money::{Currency, decimal_text};
use tieout_report::{PackFile, Report, exposure_by_currency, verdicts, waived_by_currency};

use crate::night::pack::assemble::is_new;

/// Everything, for `--full`. `alarm`: the severity at which the job alarms, and how many findings reach it.
pub fn text(report: &Report, folder: &Path, exit: Exit, alarm: Option<(Severity, usize)>) -> String {
    let head = &report.head;
    let mut out = String::new();
    let mode = if head.dry_run { " (dry run: nothing queued or remembered; fetched answers are kept)" } else { "" };
    let _ =
        writeln!(out, "{} as of {}, payroll {} to {}{mode}", head.job, head.as_of, head.period_start, head.period_end);
    let _ = writeln!(out);
    for verdict in verdicts(report) {
        let _ = writeln!(out, "  {:<15} {}", verdict.item, verdict.said);
    }
    let blocks = [control_totals(report), findings(report), corrections(report)];
    for block in blocks.iter().filter(|b| !b.is_empty()) {
        let _ = writeln!(out, "\n{block}");
    }
    let _ = writeln!(out, "\n{}", exposure(report));
    let _ = writeln!(out, "\nReport: {}", folder.display());
    out.push_str(&ending(exit, alarm));
    out
}

fn control_totals(report: &Report) -> String {
    let rows = report.control_totals.iter().map(|t| {
        let amount = |counts: i128| decimal_text(counts, t.currency.decimals());
        // As in the report: positive is still due.
        let due = |payroll_less_expected: i128| amount(-payroll_less_expected);
        let found: i128 = t.by_family.values().sum();
        vec![
            t.benefit.clone(),
            t.currency.code().to_owned(),
            t.payer.name().to_owned(),
            amount(t.payroll),
            amount(t.expected),
            due(t.difference()),
            due(found),
            due(t.tolerated),
            due(t.unverified + t.out_of_scope + t.waived),
            due(t.residual()),
        ]
    });
    let headers = [
        "Benefit",
        "",
        "Payer",
        "Payroll",
        "Expected",
        "Difference",
        "Findings",
        "Tolerated",
        "Not judged",
        "Residual",
    ];
    render(&headers, rows.collect(), &[3, 4, 5, 6, 7, 8, 9])
}

fn findings(report: &Report) -> String {
    let mut by_code: BTreeMap<(&str, &str), (&str, u64, u64)> = BTreeMap::new();
    for exception in &report.exceptions {
        let key = (exception.finding.severity.name(), exception.finding.code.name());
        let entry = by_code.entry(key).or_insert((exception.finding.code.rule().title, 0, 0));
        entry.1 += 1;
        entry.2 += u64::from(is_new(exception.status));
    }
    let is_empty = by_code.is_empty();
    let rows = by_code.into_iter().map(|((severity, code), (title, all, new))| {
        vec![severity.to_owned(), code.to_owned(), title.to_owned(), all.to_string(), new.to_string()]
    });
    let mut text = match is_empty {
        true => "No findings.".to_owned(),
        false => render(&["", "Code", "Finding", "Open", "New"], rows.collect(), &[3, 4]),
    };
    if !report.waived.is_empty() {
        let _ = write!(text, "\nWaived: {}", report.waived.len());
    }
    if !report.cleared.is_empty() {
        let _ = write!(text, "\nCleared since last night or earlier today: {}", report.cleared.len());
    }
    text
}

fn corrections(report: &Report) -> String {
    let mut by_fate: BTreeMap<(&str, &str), u64> = BTreeMap::new();
    for planned in &report.corrections {
        let fate = planned.disposition.split(':').next().unwrap_or_default();
        *by_fate.entry((planned.correction.kind().name(), fate)).or_default() += 1;
    }
    if by_fate.is_empty() {
        return "No corrections for Benbase.".to_owned();
    }
    let rows = by_fate.into_iter().map(|((kind, fate), n)| vec![kind.to_owned(), fate.to_owned(), n.to_string()]);
    render(&["Benbase correction", "Queue", "Items"], rows.collect(), &[2])
}

/// One line a currency; the directions are never set off, and currencies never added.
fn exposure(report: &Report) -> String {
    let row = |what: &str, (currency, (under, over)): (Currency, (i128, i128))| {
        let amount = |counts: i128| decimal_text(counts, currency.decimals());
        vec![format!("{}{what}", currency.code()), amount(under.abs()), amount(over.abs())]
    };
    let open = exposure_by_currency(report).into_iter().map(|sums| row("", sums));
    let waived = waived_by_currency(report).into_iter().map(|sums| row(" waived", sums));
    let rows: Vec<Vec<String>> = open.chain(waived).collect();
    match rows.is_empty() {
        true => "No exposure.".to_owned(),
        false => render(
            &["Exposure since first seen", "Under-collected or paid for nothing", "Over-collected"],
            rows,
            &[1, 2],
        ),
    }
}

/// The code that the command leaves with, and the alarm that a graver code hides.
pub fn ending(exit: Exit, alarm: Option<(Severity, usize)>) -> String {
    let mut text = String::new();
    if let Some((at, reached)) = alarm {
        let _ = writeln!(text, "Alarm: {reached} findings of severity {} or graver", at.name());
    }
    let _ = write!(text, "Exit {}: {}", exit as u8, exit.meaning());
    text
}

/// `run.json`, the last file of the pack, with the folder of the report.
pub fn json(files: &[PackFile], folder: &Path) -> Result<String, Failure> {
    let run = files.last().map_or(&[][..], |file| &file.bytes);
    let mut value: serde_json::Value = serde_json::from_slice(run).map_err(Failure::bug)?;
    value["report"] = folder.display().to_string().into();
    serde_json::to_string_pretty(&value).map_err(Failure::bug)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_last_line_names_the_exit_code_and_an_alarm_that_it_hides_stands_above() {
        assert_eq!(ending(Exit::Done, None), "Exit 0: done");
        let hidden = ending(Exit::Unverified, Some((Severity::S2, 7)));
        let lines = [
            "Alarm: 7 findings of severity S2 or graver",
            "Exit 3: not every source could be read in full, or the job lacks a key",
        ];
        assert_eq!(hidden, lines.join("\n"));
    }
}
