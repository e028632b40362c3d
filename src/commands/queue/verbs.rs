//! The queue's verbs: from the command line to the functions beside this file.

use crate::cli::{BulkArgs, DecideArgs, ItemFilterArgs, QueueVerb, ResolvedAs};
use crate::commands::{open, table};
use crate::outcome::{Exit, Failure, Outcome};
use crate::review::authority::Bulk;
use crate::secrets;
use tieout_model::correction::CorrectionKind;
use tieout_model::money::{Marks, Money};
use tieout_store::{ItemFilter, ItemState};

use super::{Decide, Imported, Selection, approve, export, import, list, reject, resolve, retry, show};

/// Decimals of an amount on the command line.
const AMOUNT_DECIMALS: u32 = 2;

/// Runs the verb that was asked for and prints what it says.
pub fn run(verb: &QueueVerb) -> Outcome {
    table::print(&said(verb)?);
    Ok(Exit::Done)
}

fn said(verb: &QueueVerb) -> Result<String, Failure> {
    match verb {
        QueueVerb::List { job, filter, json } => list(&open::job(job)?.job, &item_filter(filter)?, *json),
        QueueVerb::Show { job, item, json } => show(&open::job(job)?.job, *item, *json),
        QueueVerb::Approve { decide, bulk } => {
            let bulk = stated(bulk)?;
            decided(decide, |job, decide| approve(job, decide, bulk))
        }
        QueueVerb::Reject(decide) => decided(decide, reject),
        QueueVerb::Resolve { job, item, outcome, reason, by } => {
            let opened = open::job(job)?;
            let sent = *outcome == ResolvedAs::Sent;
            resolve(&opened.job, *item, sent, &name(by.as_deref()), reason, opened.now)
        }
        QueueVerb::Retry { job, item, reason, by } => {
            let opened = open::job(job)?;
            retry(&opened.job, *item, &name(by.as_deref()), reason, opened.now)
        }
        QueueVerb::Export { job, out, filter } => export(&open::job(job)?.job, &item_filter(filter)?, out),
        QueueVerb::Import { job, file, by, bulk } => {
            let opened = open::job(job)?;
            let by = name(by.as_deref());
            import(&opened.job, Imported { file, by: &by, bulk: stated(bulk)?, now: opened.now })
        }
    }
}

fn decided(
    args: &DecideArgs,
    act: impl FnOnce(&crate::job::Job, &Decide<'_>) -> Result<String, Failure>,
) -> Result<String, Failure> {
    let opened = open::job(&args.job)?;
    let selection = match args.items.is_empty() {
        true => Selection::Proposed(item_filter(&args.filter)?),
        false => Selection::Items(args.items.clone()),
    };
    let by = name(args.by.as_deref());
    act(&opened.job, &Decide { selection: &selection, by: &by, reason: &args.reason, now: opened.now })
}

fn name(by: Option<&str>) -> String {
    by.map_or_else(secrets::login_name, str::to_owned)
}

fn item_filter(args: &ItemFilterArgs) -> Result<ItemFilter, Failure> {
    let unknown = |option: &str, word: &str, known: &[&str]| {
        Failure::input(anyhow::anyhow!("{option}: expected one of {}, found {word:?}", known.join(", ")))
    };
    let states = ItemState::ALL.map(ItemState::name);
    let state = args.state.as_deref();
    let state = state.map(|w| ItemState::parse(w).ok_or_else(|| unknown("--state", w, &states))).transpose()?;
    let kinds = CorrectionKind::ALL.map(CorrectionKind::name);
    let kind = args.kind.as_deref();
    let kind = kind.map(|w| CorrectionKind::parse(w).ok_or_else(|| unknown("--kind", w, &kinds))).transpose()?;
    Ok(ItemFilter { state, kind, employee_id: args.employee.clone(), ..ItemFilter::default() })
}

fn stated(args: &BulkArgs) -> Result<Option<Bulk>, Failure> {
    let (Some(max_count), Some(amount)) = (args.max_count, &args.max_exposure) else { return Ok(None) };
    let max_exposure = Money::parse(amount, Marks::PLAIN, AMOUNT_DECIMALS).map_err(|why| {
        Failure::input(anyhow::anyhow!("--max-exposure: expected an amount such as 5000.00, found {why}"))
    })?;
    Ok(Some(Bulk { max_count, max_exposure, with_marked: args.with_marked }))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_state_or_kind_that_is_none_is_told_with_those_that_are() {
        let filter = |state: Option<&str>, kind: Option<&str>| {
            let args =
                ItemFilterArgs { state: state.map(str::to_owned), kind: kind.map(str::to_owned), employee: None };
            item_filter(&args).map_err(|failure| failure.error.to_string())
        };
        let state = filter(Some("open"), None).expect_err("no state");
        assert!(
            state.starts_with("--state: expected one of proposed, approved, ") && state.ends_with("found \"open\"")
        );
        let kind = filter(None, Some("pay")).expect_err("no kind");
        assert!(kind.starts_with("--kind: expected one of compensation, ") && kind.ends_with("found \"pay\""));
        assert!(filter(Some("in_doubt"), Some("new_hire")).is_ok());
    }
}
