//! `tieout runs` and `tieout queue list`: what the database remembers.

use anyhow::Context;

use crate::cli::{JobArgs, QueueVerb};
use crate::money::{Currency, decimal_text};
use crate::outcome::{Exit, Failure, Outcome};
use crate::store::{Item, ItemFilter, RunSummary};

use super::{open, table};

/// Runs shown; older ones stay in the database.
const RUNS_SHOWN_MAX: u32 = 100;

/// Past runs: when, complete or not, findings, exposure, duration, calls.
pub fn run(args: &JobArgs) -> Outcome {
    let opened = open::job(&args.job)?;
    let store = open::store(&opened.job)?;
    let runs = store.runs(RUNS_SHOWN_MAX).context("reading the past runs").map_err(Failure::bug)?;
    if args.json {
        table::print_json(&runs)?;
        return Ok(Exit::Done);
    }
    let said = |flag: Option<bool>| flag.map_or("-", |yes| if yes { "yes" } else { "no" }).to_owned();
    let number = |n: Option<i64>| n.map_or_else(|| "-".to_owned(), |n| n.to_string());
    let rows = runs.iter().map(|run| {
        let seconds = run.ended_at.map(|end| (end - run.started_at).num_seconds());
        let exposure = run.summary.as_ref().map(exposure).unwrap_or_default();
        vec![
            run.as_of.to_string(),
            run.started_at.format("%Y-%m-%d %H:%M").to_string(),
            run.exit_code.map_or_else(|| "killed".to_owned(), |code| code.to_string()),
            said(run.complete),
            number(run.findings),
            exposure,
            number(run.corrections),
            number(run.calls),
            number(seconds),
        ]
    });
    let headers =
        ["As of", "Started (UTC)", "Exit", "Complete", "Findings", "Exposure", "Corrections", "Calls", "Seconds"];
    table::print(&table::render(&headers, rows.collect(), &[2, 4, 6, 7, 8]));
    Ok(Exit::Done)
}

fn exposure(summary: &RunSummary) -> String {
    let amount = |(currency, counts): (&String, &String)| {
        let decimals = Currency::parse(currency).map_or(0, |c| c.decimals());
        format!("{currency} {}", decimal_text(counts.parse().unwrap_or_default(), decimals))
    };
    summary.exposure.iter().map(amount).collect::<Vec<_>>().join(", ")
}

/// An item without its payload: that is personal, and `corrections.csv` has it for those who may see it.
fn item_json(item: &Item) -> serde_json::Value {
    serde_json::json!({
        "id": item.id,
        "state": item.state.name(),
        "kind": item.kind.name(),
        "employee_id": item.employee_id,
        "effective": item.effective,
        "payload_hash": item.payload_hash,
        "created_at": item.created_at,
        "reason": item.reason,
    })
}

/// Corrections and their states.
pub fn queue(verb: &QueueVerb) -> Outcome {
    let QueueVerb::List(args) = verb;
    let opened = open::job(&args.job)?;
    let store = open::store(&opened.job)?;
    let items = store.list_items(&ItemFilter::default()).context("reading the queue").map_err(Failure::bug)?;
    if args.json {
        table::print_json(&items.iter().map(item_json).collect::<Vec<_>>())?;
        return Ok(Exit::Done);
    }
    let rows = items.iter().map(|item| {
        vec![
            item.id.to_string(),
            item.state.name().to_owned(),
            item.kind.name().to_owned(),
            item.employee_id.clone(),
            item.effective.map(|day| day.to_string()).unwrap_or_default(),
            item.created_at.format("%Y-%m-%d %H:%M").to_string(),
            item.reason.clone(),
        ]
    });
    let headers = ["Item", "State", "Kind", "Employee", "Effective", "Proposed", "Reason"];
    table::print(&table::render(&headers, rows.collect(), &[0]));
    Ok(Exit::Done)
}
