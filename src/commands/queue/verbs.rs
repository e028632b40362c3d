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
    let unknown = |what: &str, word: &str| Failure::input(anyhow::anyhow!("there is no {what} {word:?} in the queue"));
    let state = args.state.as_deref().map(|w| ItemState::parse(w).ok_or_else(|| unknown("state", w))).transpose()?;
    let kind = args.kind.as_deref().map(|w| CorrectionKind::parse(w).ok_or_else(|| unknown("kind", w))).transpose()?;
    Ok(ItemFilter { state, kind, employee_id: args.employee.clone(), ..ItemFilter::default() })
}

fn stated(args: &BulkArgs) -> Result<Option<Bulk>, Failure> {
    let (Some(max_count), Some(amount)) = (args.max_count, &args.max_exposure) else { return Ok(None) };
    let max_exposure = Money::parse(amount, Marks::PLAIN, AMOUNT_DECIMALS).map_err(|why| {
        Failure::input(anyhow::anyhow!("--max-exposure: expected an amount such as 5000.00, found {why}"))
    })?;
    Ok(Some(Bulk { max_count, max_exposure, with_marked: args.with_marked }))
}
