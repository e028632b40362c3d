//! `tieout runs`: the nights that the database remembers.

use anyhow::Context;
use serde_json::Value;

use crate::cli::JobArgs;
use crate::outcome::{Exit, Failure, Outcome};
use tieout_model::money::{Currency, decimal_text};
use tieout_store::{RunRow, RunSummary};

use super::{open, table};

/// Runs shown; older ones stay in the database.
const RUNS_SHOWN_MAX: u32 = 100;

/// Past runs: when, complete or not, findings, exposure, duration, calls.
pub fn run(args: &JobArgs) -> Outcome {
    let opened = open::job(&args.job)?;
    let store = open::store(&opened.job)?;
    let runs = store.runs(RUNS_SHOWN_MAX).context("reading the past runs").map_err(Failure::bug)?;
    if args.json {
        table::print_json(&runs.iter().map(decimal).collect::<Result<Vec<_>, _>>().map_err(Failure::bug)?)?;
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

/// The run as JSON, its amounts as decimal text; each key of theirs names the currency.
fn decimal(run: &RunRow) -> serde_json::Result<Value> {
    let mut value = serde_json::to_value(run)?;
    let Some(summary) = value.get_mut("summary").and_then(Value::as_object_mut) else { return Ok(value) };
    // `USD under-collected`, and `_Medical USD`.
    let first = |key: &str| key.split(' ').next().and_then(Currency::parse);
    let last = |key: &str| key.rsplit(' ').next().and_then(Currency::parse);
    in_decimals(summary.get_mut("exposure"), first);
    in_decimals(summary.get_mut("baseline").and_then(|baseline| baseline.get_mut("totals")), last);
    Ok(value)
}

fn in_decimals(amounts: Option<&mut Value>, currency: impl Fn(&str) -> Option<Currency>) {
    for (key, amount) in amounts.and_then(Value::as_object_mut).into_iter().flatten() {
        let counts = amount.as_str().and_then(|text| text.parse().ok());
        if let (Some(counts), Some(currency)) = (counts, currency(key)) {
            *amount = Value::String(decimal_text(counts, currency.decimals()));
        }
    }
}

fn exposure(summary: &RunSummary) -> String {
    let amount = |(what, counts): (&String, &String)| {
        let (currency, direction) = what.split_once(' ').unwrap_or((what, ""));
        let decimals = Currency::parse(currency).map_or(0, |c| c.decimals());
        format!("{currency} {} {direction}", decimal_text(counts.parse().unwrap_or_default(), decimals))
    };
    summary.exposure.iter().map(amount).collect::<Vec<_>>().join(", ")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn amounts_are_decimal_text_in_the_currency_that_their_key_names() {
        let mut exposure = serde_json::json!({ "EUR over-collected": "6363000", "JPY under-collected": "120000" });
        in_decimals(Some(&mut exposure), |key| key.split(' ').next().and_then(Currency::parse));
        assert_eq!(exposure, serde_json::json!({ "EUR over-collected": "636.30", "JPY under-collected": "12" }));
    }
}
