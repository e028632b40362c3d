//! `tieout waive`: a person accepts a finding, or a group of one cause, for a time. Who may approve may waive.

mod import;
mod list;
mod wish;

use anyhow::{Context as _, anyhow};
use chrono::NaiveDate;

use crate::cli::WaiveArgs;
use crate::outcome::{Exit, Failure, Outcome};
use crate::review::authority::listed;
use crate::secrets::{self, Operator};
use tieout_model::money::Marks;
use tieout_model::waiver::{Grant, governing};
use tieout_store::Store;

use super::open::OpenJob;
use super::open::anchor;
use super::{open, table};
use list::Replaced;
use wish::{Refused, WaivedPart, Wish};

/// Waives, takes back, lists or imports.
pub fn run(args: &WaiveArgs) -> Outcome {
    let opened = open::job(&args.job)?;
    let mut store = open::store(&opened.job)?;
    if args.list {
        list::print(&store, opened.as_of(None), args.json)?;
        return Ok(Exit::Done);
    }
    anchor::hold(&opened.job, &mut store)?;
    let by = args.by.clone().unwrap_or_else(secrets::login_name);
    let reason = args.reason.as_deref().unwrap_or_default();
    let said = match (&args.what, args.until, args.revoke, &args.import) {
        (Some(what), Some(until), ..) => {
            let wish = Wish { what, until, cap: args.cap.as_deref(), marks: Marks::PLAIN, by: &by, reason };
            waived(&opened, &mut store, &wish)?
        }
        (_, _, Some(id), _) => revoked(&opened, &mut store, id, &by, reason)?,
        (.., Some(file)) => import::import(&opened, &mut store, file, &by)?,
        _ => return Err(Failure::input(anyhow!("name a finding or a group, with --until and --reason"))),
    };
    table::print(&said);
    Ok(Exit::Done)
}

fn waived(opened: &OpenJob, store: &mut Store, wish: &Wish<'_>) -> Result<String, Failure> {
    let grant = wish::accept(opened, store, wish)
        .map_err(|why| Failure::input(anyhow!("nothing was waived: {}", typed(&why))))?;
    let ids = write(opened, store, std::slice::from_ref(&grant), "")?;
    let numbers: Vec<String> = ids.iter().map(i64::to_string).collect();
    let cap = grant.cap.map(|(cap, currency)| {
        format!(", while it costs no more than {} {currency}", cap.to_text(currency.decimals()))
    });
    Ok(format!(
        "waiver {}: {} is accepted until {}{}; it is no exception from the next run on",
        numbers.join(", "),
        subject(&grant),
        grant.until,
        cap.unwrap_or_default()
    ))
}

/// A refusal with the option that it is about.
fn typed(Refused { part, message }: &Refused) -> String {
    match part {
        WaivedPart::What => message.clone(),
        WaivedPart::Until => format!("--until: {message}"),
        WaivedPart::Cap => format!("--cap: {message}"),
        WaivedPart::By => format!("--by: {message}"),
        WaivedPart::Reason => format!("--reason: {message}"),
    }
}

fn subject(grant: &Grant) -> String {
    match grant.finding_alone() {
        Some(finding) => format!("finding {finding}"),
        None => format!("group {} with {} findings", grant.group_id, grant.findings.len()),
    }
}

/// `note`: beside who typed it, for the audit chain.
fn write(opened: &OpenJob, store: &mut Store, grants: &[Grant], note: &str) -> Result<Vec<i64>, Failure> {
    let note = format!("{note}{}", Operator::of_process());
    store.waive(grants, &note, opened.now).map_err(Failure::input)
}

fn revoked(opened: &OpenJob, store: &mut Store, id: i64, by: &str, reason: &str) -> Result<String, Failure> {
    let refused = |why: String| Failure::input(anyhow!("waiver {id} was not taken back: {why}"));
    let operator = Operator::of_process();
    let approver = listed(&opened.job.approval, by, &operator).map_err(|why| refused(why.to_string()))?;
    let reason = reason.trim();
    if reason.is_empty() {
        return Err(refused("it needs a reason: state --reason".to_owned()));
    }
    let note = operator.to_string();
    match store.revoke_waiver(id, &approver.name, reason, &note, opened.now).map_err(Failure::input)? {
        true => Ok(format!("waiver {id} is taken back; {}", without(store, id, opened.as_of(None))?)),
        false => Err(refused("there is none of this number, or it was taken back before".to_owned())),
    }
}

/// What holds once a waiver is taken back.
fn without(store: &Store, id: i64, today: NaiveDate) -> Result<String, Failure> {
    let all = store.all_waivers().context("reading the waivers").map_err(Failure::bug)?;
    let Some((waiver, _)) = all.iter().find(|(waiver, _)| waiver.id == id) else { return Ok(String::new()) };
    let Replaced { by, left, wholly } = Replaced::of(waiver, &governing(all.iter().map(|(waiver, _)| waiver)));
    Ok(match by {
        Some(by) if wholly => format!("waiver {by} had replaced it, so nothing else changes"),
        _ if waiver.is_expired(today) => format!("it had expired on {}", waiver.grant.until),
        Some(by) => {
            format!(
                "{left} of its findings are exceptions again from the next run on, of the others speaks waiver {by}"
            )
        }
        None => "what it held is an exception again from the next run on".to_owned(),
    })
}
