//! `tieout push`: sends what is approved, or shows with `--dry-run` what it would send. Whoever calls holds the run
//! lock of the job: items found on their way are taken for those of a push that was killed.

mod connect;
mod text;

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

use anyhow::Context;
use secrecy::ExposeSecret as _;
use tokio::sync::watch;

use self::text::{notice, preview_text, summary_text};
use crate::cli::PushArgs;
use crate::job::Job;
use crate::outcome::{self, Exit, Failure, Outcome};
use crate::progress::Progress;
use crate::push::{self, BenbaseConnection, KindLimits, Options, Preview, PushError, PushTarget, Ssns, Stop, Summary};
use tieout_model::correction::CorrectionKind;
use tieout_payroll as payroll;
use tieout_services::Clock;
use tieout_services::benbase::Ssn;
use tieout_services::oyster::OysterWriter;
use tieout_services::settings::HttpLimits;
use tieout_store::{BrokenChain, ChainVerdict, ItemFilter, ItemState, Store};

use super::open::anchor;
use super::services::Services;
use super::services::calls;
use super::{open, table};
use crate::interrupt::Interrupt;

/// Sends what is approved, or shows it.
pub fn run(args: &PushArgs) -> Outcome {
    let opened = open::job(&args.job)?;
    let job = &opened.job;
    let _lock = open::lock(job, opened.now)?;
    let mut store = open::store(job)?;
    anchor::hold(job, &mut store)?;
    if job.benbase.is_none() && job.oyster.is_none() {
        let why = "the job has neither [benbase] nor [oyster], so there is nothing to push to";
        return Err(Failure::input(anyhow::anyhow!(why)));
    }
    proved(&store)?;
    let request = Request { job, items_max: args.max, clock: opened.clock.clone() };
    if args.dry_run {
        return preview(&store, &request);
    }
    let interrupt = Interrupt::install()?;
    let services = Services::start(job)?;
    let (cancel, cancelled) = watch::channel(false);
    let benbase = connect::benbase(&services, &opened, &cancelled)?;
    let oyster = match push::oyster::waits(&store).map_err(failure)? {
        true => services.connect_oyster_writer(opened.skews.telling(calls::sink()), cancelled.clone())?,
        false => None,
    };
    let sides = Sides {
        benbase: benbase.as_ref().map(|(reader, writer)| BenbaseConnection { reader, writer }),
        oyster: oyster.as_ref(),
    };
    let outcome = services.runtime.block_on(async {
        let watcher = tokio::spawn(interrupt.clone().forward(cancel));
        let outcome = send(&mut store, sides, &request, &cancelled).await;
        watcher.abort();
        outcome
    });
    drop((benbase, oyster));
    services.stop();
    match outcome {
        Ok(Exit::Interrupted) => Ok(interrupt.exit().unwrap_or(Exit::Interrupted)),
        outcome => outcome,
    }
}

/// Nothing is sent from a queue that its audit chain does not vouch for.
fn proved(store: &Store) -> Result<(), Failure> {
    match store.audit_verify().context("proving the audit chain").map_err(super::queue::failure)? {
        ChainVerdict::Whole { .. } => Ok(()),
        ChainVerdict::Broken(found) => {
            Err(Failure::new(Exit::Integrity, anyhow::Error::new(BrokenChain(found)).context("nothing was sent")))
        }
    }
}

/// What to push.
struct Request<'a> {
    job: &'a Job,
    /// Most items; `None`: as many as the day allows.
    items_max: Option<u64>,
    /// The job's clock.
    clock: Clock,
}

/// The services that the job has and this push needs.
#[derive(Clone, Copy)]
struct Sides<'a> {
    benbase: Option<BenbaseConnection<'a>>,
    oyster: Option<&'a OysterWriter>,
}

/// Sends, first to Benbase, then to Oyster, and prints what became of each item. A push that a signal ended gives
/// [`Exit::Interrupted`], unless something needs a person; the caller knows which signal it was.
async fn send(store: &mut Store, sides: Sides<'_>, request: &Request<'_>, cancel: &watch::Receiver<bool>) -> Outcome {
    let (policy_hash, ssns) = (request.job.policy_hash(), request.ssns(store)?);
    let options = request.options(&policy_hash, &ssns);
    let mut summary = match sides.benbase {
        Some(service) => {
            let progress = Progress::new("pushing", window(request.job.benbase_connection().map(|b| &b.http)));
            push::push(store, service, &options, cancel, &progress).await.map_err(|error| stopped(store, error))?
        }
        None => push::unserved(store, PushTarget::Benbase).map_err(failure)?,
    };
    let more = to_oyster(store, sides.oyster, &options, &summary, cancel, request.job).await;
    let failed = more.map(|more| summary.join(more)).err();
    table::write(&summary_text(&summary));
    if let Some(error) = failed {
        return Err(stopped(store, error));
    }
    let exit = exit(&summary);
    if let Some(notice) = notice(&summary, exit, &request.job.name) {
        outcome::tell(&notice);
    }
    Ok(exit)
}

/// What follows what went to Benbase: nothing, when that was stopped.
async fn to_oyster(
    store: &mut Store,
    writer: Option<&OysterWriter>,
    options: &Options<'_>,
    before: &Summary,
    cancel: &watch::Receiver<bool>,
    job: &Job,
) -> Result<Summary, PushError> {
    let Some(writer) = writer else { return push::unserved(store, PushTarget::Oyster) };
    if before.stop.is_some() {
        let left = push::unserved(store, PushTarget::Oyster)?.held.len() as u64;
        return Ok(Summary { left, ..Summary::default() });
    }
    let begun = before.sent.len() + before.failed.len() + before.in_doubt.len() + before.not_sent.len();
    let items_max = options.items_max.map(|most| most.saturating_sub(begun as u64));
    let progress = Progress::new("pushing to Oyster", window(job.oyster_connection().map(|oyster| &oyster.http)));
    push::oyster::push_oyster(store, writer, &Options { items_max, ..options.clone() }, cancel, &progress).await
}

fn window(limits: Option<&HttpLimits>) -> Option<(usize, std::time::Duration)> {
    limits?.windows.first().map(|window| (window.calls, window.per))
}

/// Prints the requests that [`send`] would send, personal values hidden. Asks no service and writes nothing.
fn preview(store: &Store, request: &Request<'_>) -> Outcome {
    let (policy_hash, ssns) = (request.job.policy_hash(), request.ssns(store)?);
    let options = request.options(&policy_hash, &ssns);
    let of_side = |side, served| match served {
        true => push::preview(store, side, &options),
        false => push::unserved(store, side).map(|summary| Preview { held: summary.held, ..Preview::default() }),
    };
    let mut preview = of_side(PushTarget::Benbase, request.job.benbase.is_some()).map_err(failure)?;
    preview.join(of_side(PushTarget::Oyster, request.job.oyster.is_some()).map_err(failure)?);
    table::write(&preview_text(&preview));
    Ok(Exit::Done)
}

impl Request<'_> {
    /// The social security numbers of the new hires that wait, where the job wants them sent: read from the payroll
    /// file now, and held no longer than the push takes. Payroll is left alone when nobody waits to be hired.
    fn ssns(&self, store: &Store) -> Result<Ssns, Failure> {
        if !self.job.new_hires.send_ssn {
            return Ok(Ssns::NotSent);
        }
        let hires = ItemFilter {
            kind: Some(CorrectionKind::NewHire),
            state: Some(ItemState::Approved),
            ..ItemFilter::default()
        };
        let items = store.list_items(&hires).map_err(|error| failure(PushError::Store(error)))?;
        let wanted: BTreeSet<String> = items.into_iter().map(|item| item.employee_id).collect();
        if wanted.is_empty() {
            return Ok(Ssns::Sent(BTreeMap::new()));
        }
        let found = payroll::national_ids(&self.job.payroll, &wanted, payroll::SETTLE);
        let found = found.context("reading the social security numbers of new hires; nothing was sent");
        let by_employee = found.map_err(Failure::input)?.into_iter();
        let parsed = by_employee.filter_map(|(id, text)| Some((id, Ssn::parse(text.expose_secret())?)));
        Ok(Ssns::Sent(parsed.collect()))
    }

    fn options<'a>(&'a self, policy_hash: &'a str, ssns: &'a Ssns) -> Options<'a> {
        Options {
            settings: &self.job.push,
            concurrency: self.job.benbase_connection().map_or(1, |benbase| benbase.http.concurrency),
            policy_hash,
            day_start: self.job.zone.day_start((self.clock)()),
            items_max: self.items_max,
            kinds: KindLimits::of(self.job),
            ssns,
            clock: Arc::clone(&self.clock),
        }
    }
}

/// What to leave with when nothing, or not all, could be sent.
fn failure(error: PushError) -> Failure {
    let exit = match &error {
        PushError::Credentials(_) => Exit::Credentials,
        PushError::Cancelled => Exit::Interrupted,
        PushError::Store(_) => Exit::Bug,
        PushError::Inactive | PushError::Unreachable(_) | PushError::Clock { .. } => Exit::InDoubt,
    };
    Failure::new(exit, error)
}

/// The same once sending has begun: what may have gone out and is not settled needs a person, whatever ended the push.
fn stopped(store: &Store, error: PushError) -> Failure {
    let failure = failure(error);
    match store.under_way() {
        Ok(0) => failure,
        unsettled if matches!(failure.exit, Exit::Bug | Exit::Machine | Exit::Busy) => {
            let how_many = unsettled.map_or_else(|_| "an unknown number of".to_owned(), |count| count.to_string());
            let why = format!("{how_many} items were on their way and are in doubt, see `tieout queue list`");
            Failure { exit: Exit::InDoubt, error: failure.error.context(why) }
        }
        _ => failure,
    }
}

fn exit(summary: &Summary) -> Exit {
    match summary.stop {
        Some(Stop::Credentials(_) | Stop::OysterCredentials(_)) => Exit::Credentials,
        _ if summary.needs_person() => Exit::InDoubt,
        Some(Stop::Cancelled) => Exit::Interrupted,
        _ => Exit::Done,
    }
}

#[cfg(test)]
mod tests {
    use chrono::DateTime;

    use super::*;
    use crate::job;
    use crate::push::{HeldBack, Noted, Why};

    fn noted(item: i64, reason: &str) -> Vec<Noted> {
        vec![Noted { item, reason: reason.to_owned() }]
    }

    #[test]
    fn the_exit_code_says_whether_a_person_is_needed() {
        let sent = Summary { sent: vec![1], ..Summary::default() };
        let held = |why| vec![HeldBack { item: 2, why, reason: String::new() }];
        for (summary, expected) in [
            (sent.clone(), Exit::Done),
            (Summary { stale: noted(2, "gone"), ..sent.clone() }, Exit::Done),
            (Summary { held: held(Why::RunLimit), ..sent.clone() }, Exit::Done),
            (Summary { held: held(Why::DailyItems), ..sent.clone() }, Exit::InDoubt),
            (Summary { in_doubt: noted(2, "no answer"), ..sent.clone() }, Exit::InDoubt),
            (Summary { voided: noted(2, "moved"), ..sent.clone() }, Exit::InDoubt),
            (Summary { stop: Some(Stop::Canary), ..sent.clone() }, Exit::InDoubt),
            (Summary { stop: Some(Stop::Cancelled), left: 3, ..sent.clone() }, Exit::Interrupted),
            (Summary { stop: Some(Stop::Credentials(401)), not_sent: noted(2, "key"), ..sent }, Exit::Credentials),
        ] {
            assert_eq!(exit(&summary), expected, "{summary:?}");
        }
    }

    /// A job whose payroll file gives `rows` of id and social security number, with a hire of each of `hires` approved.
    fn ssns_of(rows: &str, send_ssn: bool, hires: &[&str]) -> Result<Vec<String>, Failure> {
        let folder = tempfile::tempdir().expect("a folder");
        let file = folder.path().join("payroll.csv");
        std::fs::write(&file, format!("id,ssn,med\n{rows}")).expect("writes");
        let job = job::parse(&job_text(&file, send_ssn), std::path::Path::new("jobs/x.toml")).expect("a job");
        let mut store = Store::in_memory().expect("opens");
        let plan = tieout_model::correction::CorrectionPlan {
            corrections: hires.iter().map(|id| tieout_store::testing::hire(id)).collect(),
            ..tieout_model::correction::CorrectionPlan::default()
        };
        let judged = tieout_store::Judged::new(true, BTreeSet::new(), &[]);
        let now = DateTime::UNIX_EPOCH;
        store.enqueue_plan(&plan, &judged, now, "tieout run").expect("queues");
        for item in store.list_items(&ItemFilter::default()).expect("lists") {
            assert!(store.approve(&item.ticket(), "Ada", "", now, "policy").expect("approves").is_done());
        }
        let request = Request { job: &job, items_max: None, clock: Arc::new(|| DateTime::UNIX_EPOCH) };
        match request.ssns(&store)? {
            Ssns::NotSent => Ok(vec!["not sent".to_owned()]),
            Ssns::Sent(by_employee) => Ok(by_employee.into_keys().collect()),
        }
    }

    fn job_text(file: &std::path::Path, send_ssn: bool) -> String {
        format!(
            "name = \"x\"\n[payroll]\nfile = {file:?}\ncurrency = \"USD\"\n\
             wide = [{{ code = \"MED\", employee = \"med\" }}]\ncolumns = {{ employee_id = \"id\", nat_id = \"ssn\" }}\n\
             period = {{ start = \"2026-03-16\", end = \"2026-03-31\" }}\n\
             [deductions]\ncodes = {{ MED = \"_Medical\" }}\n[benifex]\nbenefit_status = {{ ACTIVE = \"live\" }}\n\
             [benbase]\nemployer_id = \"e_1\"\nemployer_name = \"Acme\"\nopening_ledger = \"o\"\n\
             [sandbox]\nworld = \"w\"\n\
             [new_hires]\nenabled = true\nper_run_max = 5\nsend_ssn = {send_ssn}\n"
        )
    }

    #[test]
    fn numbers_of_nine_digits_are_read_for_those_who_wait_to_be_hired_and_for_nobody_else() {
        let rows = "001,123-45-6789,1\n002,123-45-678,1\n003,,1\n004,987 65 4321,1\n005,111223333,1\n";
        let found = |send_ssn, hires: &[&str]| ssns_of(rows, send_ssn, hires).expect("reads");
        assert_eq!(found(true, &["001", "002", "003", "004", "9"]), ["001", "004"]);
        assert_eq!(found(false, &["001"]), ["not sent"]);
        assert!(found(true, &[]).is_empty());
    }

    #[test]
    fn a_payroll_file_that_cannot_be_read_ends_the_push_only_if_somebody_waits_to_be_hired() {
        let twice = "001,1,1\nid,med,other\n";
        let failed = ssns_of(twice, true, &["001"]).expect_err("a second header");
        assert_eq!(failed.exit, Exit::Input);
        assert!(ssns_of(twice, true, &[]).expect("reads nothing").is_empty());
    }
}
