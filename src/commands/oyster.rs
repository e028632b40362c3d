//! `tieout oyster provision|request`: what a person wants of an engagement, checked against what Oyster offers and
//! shows today, printed as a difference and queued as proposed. Reads only: `tieout push` writes, and only what another
//! person approved.

use std::fmt::Write as _;
use std::fs::File;
use std::io::Read as _;
use std::path::Path;

use anyhow::{Context, anyhow};
use tokio::sync::watch;

use crate::cli::{OysterVerb, ProvisionArgs, RequestArgs, WishArgs};
use crate::job::Job;
use crate::outcome::{Exit, Failure, Outcome};
use crate::secrets;
use tieout_corrections::oyster::{
    Checked, Comparison, Current, check, compare, evidence_json, parse, parse_share, ruleset_notes,
};
use tieout_model::correction::oyster::{OysterChange, RequestChange, Shares};
use tieout_payroll::crosswalk::Crosswalk;
use tieout_services::ApiError;
use tieout_services::oyster::OysterClient;
use tieout_services::settings;
use tieout_store::{ByHand, Prepared, UNLINKED};

use super::open::anchor;
use super::services::Services;
use super::services::calls;
use super::{open, table};

/// Largest file of wishes.
const FILE_BYTES_MAX: u64 = 1024 * 1024;

fn without_oyster(job: &Path) -> Failure {
    let why =
        "the job has no section [oyster], so nothing can be asked or prepared there: add it as docs/oyster.md says";
    Failure::input(anyhow!("{}: {why}", job.display()))
}

/// Prepares what the command line names.
pub fn run(verb: &OysterVerb) -> Outcome {
    let (OysterVerb::Provision(ProvisionArgs { wish, .. }) | OysterVerb::Request(RequestArgs { wish, .. })) = verb;
    let opened = open::job(&wish.job)?;
    let settings = opened.job.oyster_connection().ok_or_else(|| without_oyster(&wish.job))?;
    let forbidden = forbidden(settings, verb);
    if let Some(why) = forbidden.as_ref().filter(|_| !wish.dry_run) {
        return Err(Failure::input(anyhow!("{why}")));
    }
    let change = change(verb)?;
    let employee_id = employee(&open::crosswalk(&opened.job)?, change.engagement_id().as_str())?;
    let today = today(&wish.job, &opened.job, settings, &change)?;
    let comparison = compare(&today.current, &change);
    if comparison.is_same() {
        table::print("it is so at Oyster already, as far as the wish says anything: nothing was queued");
        for note in &today.checked.notes {
            table::print(&format!("note: {note}"));
        }
        return Ok(Exit::Done);
    }
    table::print(&difference_text(&comparison, &today));
    if !today.checked.problems.is_empty() {
        let problems = today.checked.problems.join("\n  ");
        return Err(Failure::input(anyhow!("nothing was queued\n  {problems}")));
    }
    if wish.dry_run {
        table::print(forbidden.as_deref().unwrap_or("nothing was queued"));
        return Ok(Exit::Done);
    }
    let said = queue(&opened, wish, &employee_id, &change, &comparison, &today.current)?;
    table::print(&said);
    Ok(Exit::Done)
}

/// Why the job does not let this kind be written; looking at it is free.
fn forbidden(settings: &settings::OysterAccess, verb: &OysterVerb) -> Option<String> {
    let (on, key) = match verb {
        OysterVerb::Provision(_) => (settings.writes.provision, "provision"),
        OysterVerb::Request(_) => (settings.writes.request, "request"),
    };
    if !on {
        return Some(format!("nothing was queued: the job lacks {key} = true in [oyster.writes]"));
    }
    let pathless = matches!(verb, OysterVerb::Request(_)) && settings.paths.requests.is_none();
    pathless.then(|| "nothing was queued: the job names no path of requests in oyster.paths.requests".to_owned())
}

fn change(verb: &OysterVerb) -> Result<OysterChange, Failure> {
    match verb {
        OysterVerb::Provision(ProvisionArgs { wish, file }) => {
            let text = read(file).map_err(Failure::input)?;
            let change = parse(&text, wish.engagement.trim());
            let change = change.map_err(|why| Failure::input(anyhow!("{}: {why}", file.display())))?;
            Ok(OysterChange::Provisioning(change))
        }
        OysterVerb::Request(args) => {
            let share =
                |text: &str, option: &str| parse_share(text).map_err(|why| Failure::input(anyhow!("{option}: {why}")));
            Ok(OysterChange::Request(RequestChange {
                engagement_id: args.wish.engagement.trim().into(),
                plan_id: args.plan.trim().to_owned(),
                shares: Shares {
                    team_member: Some(share(&args.team_member, "--team-member")?),
                    dependents: args.dependents.as_deref().map(|text| share(text, "--dependents")).transpose()?,
                    max_dependents: args.max_dependents.map(i64::from),
                },
            }))
        }
    }
}

fn read(file: &Path) -> anyhow::Result<String> {
    let doing = || format!("reading {}", file.display());
    let mut text = String::new();
    File::open(file).with_context(doing)?.take(FILE_BYTES_MAX + 1).read_to_string(&mut text).with_context(doing)?;
    anyhow::ensure!(text.len() as u64 <= FILE_BYTES_MAX, "{}: larger than {FILE_BYTES_MAX} bytes", doing());
    Ok(text)
}

/// Whom the crosswalk links to the engagement; one that it does not name stands for itself.
fn employee(crosswalk: &Crosswalk, engagement_id: &str) -> Result<String, Failure> {
    let named = crosswalk.rows.iter().filter(|(_, linked)| linked.oyster_engagement_id == Some(engagement_id));
    let mut linked = named.map(|(employee_id, _)| employee_id);
    match (linked.next(), linked.next()) {
        (None, _) => Ok(format!("{UNLINKED}{engagement_id}")),
        (Some(employee_id), None) => Ok(employee_id.to_owned()),
        (Some(_), Some(_)) => {
            let why = format!("the crosswalk gives engagement {engagement_id} to several employees: settle that first");
            Err(Failure::input(anyhow!(why)))
        }
    }
}

/// What Oyster shows of the engagement, held against the wish.
struct Today {
    /// What the change is about.
    current: Current,
    checked: Checked,
}

/// `file` is that of the job.
fn today(file: &Path, job: &Job, settings: &settings::OysterAccess, change: &OysterChange) -> Result<Today, Failure> {
    let services = Services::start(job)?;
    let (_cancel, cancelled) = watch::channel(false);
    let reader = services.connect_oyster(calls::sink(), cancelled)?;
    let reader = reader.ok_or_else(|| without_oyster(file))?;
    let read = services.runtime.block_on(ask(&reader, settings, change));
    services.stop();
    read.map_err(|error| {
        let exit = match error.downcast_ref() {
            Some(ApiError::Credentials { .. }) => Exit::Credentials,
            // The engagement was named on the command line.
            Some(ApiError::NotFound { .. } | ApiError::Gone { .. }) => Exit::Input,
            _ => Exit::Unverified,
        };
        Failure::new(exit, error.context(format!("asking Oyster for engagement {}", change.engagement_id())))
    })
}

async fn ask(reader: &OysterClient, settings: &settings::OysterAccess, change: &OysterChange) -> anyhow::Result<Today> {
    let id = change.engagement_id();
    let state = reader.engagement_state(id).await?;
    let engaged = state.as_ref().map(|state| settings.engaged_states.contains(state));
    let offerings = reader.offerings(id).await?;
    let enrolled = Current::of_enrollments(&reader.enrollments(id).await?).map_err(anyhow::Error::msg)?;
    let (current, all) = match change {
        OysterChange::Provisioning(_) => {
            let current = Current::of_provisioning(&reader.provisioning(id).await?).map_err(anyhow::Error::msg)?;
            let all = Current { plans: current.plans.iter().chain(&enrolled.plans).cloned().collect(), stage: None };
            (current.at_stage(state, enrolled), all)
        }
        OysterChange::Request(request) => (enrolled.clone().of_plan(&request.plan_id), enrolled),
    };
    let mut checked = check(change, &offerings, &all, engaged);
    if settings.paths.ruleset.is_some() {
        checked.notes.extend(ruleset_notes(change, &reader.ruleset(id).await?, settings.units.provisioning));
    }
    Ok(Today { checked, current })
}

fn difference_text(comparison: &Comparison, today: &Today) -> String {
    let changes = comparison.changes();
    let rows = changes.iter().map(|c| vec![c.field.clone(), c.from.clone(), c.to.clone()]).collect();
    let mut text = table::render(&["", "at Oyster today", "wanted"], rows, &[]);
    for note in &today.checked.notes {
        // Writing to a String cannot fail.
        let _ = write!(text, "\nnote: {note}");
    }
    text
}

fn queue(
    opened: &open::OpenJob,
    wish: &WishArgs,
    employee_id: &str,
    change: &OysterChange,
    comparison: &Comparison,
    current: &Current,
) -> Result<String, Failure> {
    let by = wish.by.clone().unwrap_or_else(secrets::login_name);
    super::queue::check_name(&opened.job, &by)?;
    let (payload, evidence) = (change.payload_json(), evidence_json(&comparison.changes(), current));
    let wanted = ByHand {
        employee_id,
        kind: change.kind(),
        engagement_id: change.engagement_id().as_str(),
        plan_id: change.plan_id(),
        payload: &payload,
        evidence: &evidence,
        by: &by,
    };
    let mut store = open::store(&opened.job)?;
    anchor::hold(&opened.job, &mut store)?;
    match store.prepare_by_hand(&wanted, opened.now).map_err(super::queue::failure)? {
        Prepared::Queued { item, superseded } => {
            let instead = superseded.map(|old| format!(" in place of item {old}")).unwrap_or_default();
            Ok(format!("item {item} is proposed{instead}: another person approves it, `tieout push` sends it"))
        }
        Prepared::AlreadyQueued { item, state } => Ok(format!("item {item} says the same and is {}", state.words())),
        Prepared::Busy { item, state } => {
            let why =
                format!("item {item} of this engagement is {}: settle it first; nothing was queued", state.words());
            Err(Failure::input(anyhow!(why)))
        }
    }
}
