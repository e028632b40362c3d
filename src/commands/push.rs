//! `tieout push`: sends what is approved, or shows with `--dry-run` what it would send. Whoever calls holds the run lock of
//! the job: items found on their way are taken for those of a push that was killed.

use std::collections::{BTreeMap, BTreeSet};
use std::fmt::Write as _;
use std::io::{self, Write as _};
use std::sync::Arc;

use anyhow::Context;
use chrono::{DateTime, NaiveTime, TimeDelta, TimeZone as _, Utc};
use secrecy::{ExposeSecret as _, SecretString};
use tokio::sync::watch;

use crate::api::benbase::{BenbaseReader, BenbaseWriter, Ssn};
use crate::api::{CallSink, Clock};
use crate::cli::PushArgs;
use crate::correction::Kind;
use crate::job::{self, Job};
use crate::outcome::{Exit, Failure, Outcome};
use crate::payroll;
use crate::progress::Progress;
use crate::push::{self, KindLimits, Noted, Options, Preview, PushError, Service, Ssns, Stop, Summary};
use crate::secrets;
use crate::store::{BrokenAudit, Damaged, ItemFilter, ItemState, Store, Verdict};

use super::interrupt::Interrupt;
use super::open;
use super::services::{Services, wall_clock};

/// Hours by which a change of clocks may move the beginning of a day.
const MIDNIGHT_GAP_HOURS: i64 = 3;

/// Sends what is approved, or shows it.
pub fn run(args: &PushArgs) -> Outcome {
    let opened = open::job(&args.job)?;
    let job = &opened.job;
    let _lock = open::lock(job, opened.now)?;
    let mut store = open::store(job)?;
    let Some(benbase) = &job.benbase else {
        return Err(Failure::input(anyhow::anyhow!("the job has no [benbase], so there is nothing to push to")));
    };
    proved(&store)?;
    if args.dry_run {
        return preview(&store, &Request { job, benbase, items_max: args.max, clock: opened.clock.clone() });
    }
    let interrupt = Interrupt::install()?;
    let services = Services::start(job)?;
    let benbase = services.benbase.as_ref().unwrap_or(benbase);
    let request = Request { job, benbase, items_max: args.max, clock: opened.clock.clone() };
    let key = secrets::resolve(&benbase.api_key, "benbase.api_key").map_err(|e| Failure::new(Exit::Credentials, e))?;
    let (cancel, cancelled) = watch::channel(false);
    let (reader, writer) = connect(&request, key, wall_clock(), &cancelled)?;
    let outcome = services.runtime.block_on(async {
        let watcher = tokio::spawn(interrupt.clone().forward(cancel));
        let service = Service { reader: &reader, writer: &writer };
        let outcome = send(&mut store, service, &request, &cancelled).await;
        watcher.abort();
        outcome
    });
    services.stop();
    match outcome {
        Ok(Exit::Interrupted) => Ok(interrupt.exit().unwrap_or(Exit::Interrupted)),
        outcome => outcome,
    }
}

/// Nothing is sent from a queue that its audit chain does not vouch for.
fn proved(store: &Store) -> Result<(), Failure> {
    match store.audit_verify().context("proving the audit chain").map_err(super::queue::failure)? {
        Verdict::Whole { .. } => Ok(()),
        Verdict::Broken(found) => Err(Failure::new(
            Exit::Integrity,
            anyhow::anyhow!(
                "the audit chain breaks at {}: {}; nothing was sent, restore a backup",
                found.id,
                found.wrong
            ),
        )),
    }
}

/// What to push.
pub struct Request<'a> {
    pub job: &'a Job,
    /// The job's settings; in a sandbox with its address.
    pub benbase: &'a job::Benbase,
    /// Most items; `None`: as many as the day allows.
    pub items_max: Option<u64>,
    /// The job's clock.
    pub clock: Clock,
}

/// Reader and writer of the job's Benbase; sends nothing. `wall_clock`: of the call log.
pub fn connect(
    request: &Request<'_>,
    api_key: SecretString,
    wall_clock: Clock,
    cancel: &watch::Receiver<bool>,
) -> Result<(BenbaseReader, BenbaseWriter), Failure> {
    let sink: CallSink = Arc::new(|call| {
        let (path, attempt, status, fault) = (call.path_template, call.attempt, call.status, call.fault);
        tracing::debug!(service = call.service, method = call.method, path, attempt, status, fault, "call");
    });
    let (settings, sandboxed) = (request.benbase, request.job.sandbox.is_some());
    let connect = || -> anyhow::Result<_> {
        let reader =
            BenbaseReader::connect(settings, &api_key, Arc::clone(&sink), Arc::clone(&wall_clock), cancel.clone())?;
        let writer = BenbaseWriter::connect(settings, api_key.clone(), sandboxed, sink, wall_clock, cancel.clone())?;
        Ok((reader, writer))
    };
    connect().context("preparing the connection to Benbase").map_err(Failure::input)
}

/// Sends, and prints what became of each item. A push that a signal ended gives [`Exit::Interrupted`], unless something
/// needs a person; the caller knows which signal it was.
pub async fn send(
    store: &mut Store,
    service: Service<'_>,
    request: &Request<'_>,
    cancel: &watch::Receiver<bool>,
) -> Outcome {
    let window = request.benbase.http.windows.first().map(|window| (window.calls, window.per));
    let progress = Progress::new("pushing", window);
    let (policy_hash, ssns) = (request.job.policy_hash(), request.ssns(store)?);
    let options = request.options(&policy_hash, &ssns);
    let summary = push::push(store, service, &options, cancel, &progress).await.map_err(failure)?;
    print(&summary_text(&summary))?;
    Ok(exit(&summary))
}

/// Prints the requests that [`send`] would send, personal values hidden. Asks no service and writes nothing.
pub fn preview(store: &Store, request: &Request<'_>) -> Outcome {
    let (policy_hash, ssns) = (request.job.policy_hash(), request.ssns(store)?);
    let preview = push::preview(store, &request.options(&policy_hash, &ssns)).map_err(failure)?;
    print(&preview_text(&preview))?;
    Ok(Exit::Done)
}

impl Request<'_> {
    /// The social security numbers of the new hires that wait, where the job wants them sent: read from the payroll file
    /// now, and held no longer than the push takes. Payroll is left alone when nobody waits to be hired.
    fn ssns(&self, store: &Store) -> Result<Ssns, Failure> {
        if !self.job.new_hires.send_ssn {
            return Ok(Ssns::NotSent);
        }
        let hires = ItemFilter { kind: Some(Kind::NewHire), state: Some(ItemState::Approved), ..ItemFilter::default() };
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
            concurrency: self.benbase.http.concurrency,
            policy_hash,
            day_start: day_start(self.job.zone, (self.clock)()),
            items_max: self.items_max,
            kinds: KindLimits::of(self.job),
            ssns,
            clock: Arc::clone(&self.clock),
        }
    }
}

/// When the day of `now` began in a zone.
fn day_start(zone: chrono_tz::Tz, now: DateTime<Utc>) -> DateTime<Utc> {
    let midnight = now.with_timezone(&zone).date_naive().and_time(NaiveTime::MIN);
    // There are zones whose clocks go forward at midnight.
    let first = (0..=MIDNIGHT_GAP_HOURS)
        .find_map(|hours| zone.from_local_datetime(&(midnight + TimeDelta::hours(hours))).earliest());
    first.map_or(now - TimeDelta::days(1), |first| first.to_utc())
}

/// What to leave with when nothing, or not all, could be sent.
fn failure(error: PushError) -> Failure {
    let exit = match &error {
        PushError::Credentials(_) => Exit::Credentials,
        PushError::Cancelled => Exit::Interrupted,
        PushError::Store(error) if error.is::<BrokenAudit>() || error.is::<Damaged>() => Exit::Integrity,
        PushError::Store(_) | PushError::Inactive | PushError::Unreachable(_) | PushError::Clock { .. } => {
            Exit::InDoubt
        }
    };
    Failure::new(exit, error)
}

fn exit(summary: &Summary) -> Exit {
    match summary.stop {
        Some(Stop::Credentials(_)) => Exit::Credentials,
        _ if summary.needs_person() => Exit::InDoubt,
        Some(Stop::Cancelled) => Exit::Interrupted,
        _ => Exit::Done,
    }
}

/// Counts first, then each item that was not simply sent.
fn summary_text(summary: &Summary) -> String {
    let mut text = String::new();
    let counts = [
        ("sent", summary.sent.len() as u64),
        ("failed", summary.failed.len() as u64),
        ("in doubt", summary.in_doubt.len() as u64),
        ("not sent", summary.not_sent.len() as u64),
        ("held", summary.held.len() as u64),
        ("stale, withdrawn", summary.stale.len() as u64),
        ("approval void", summary.voided.len() as u64),
        ("not begun", summary.left),
    ];
    for (name, count) in counts.into_iter().filter(|(name, count)| *name == "sent" || *count > 0) {
        line(&mut text, format_args!("{name:<18}{count:>8}"));
    }
    if let Some(stop) = summary.stop {
        line(&mut text, format_args!("stopped: {stop}"));
    }
    for id in &summary.recovered {
        line(&mut text, format_args!("item {id}: a push that was killed left it on its way; it is in doubt now"));
    }
    items(&mut text, "failed", &summary.failed);
    items(&mut text, "in doubt", &summary.in_doubt);
    items(&mut text, "not sent, approved still", &summary.not_sent);
    for held in &summary.held {
        line(&mut text, format_args!("item {} held: {}", held.item, held.reason));
    }
    items(&mut text, "withdrawn", &summary.stale);
    items(&mut text, "to be approved again", &summary.voided);
    text
}

fn preview_text(preview: &Preview) -> String {
    let mut text = String::new();
    for (id, request) in &preview.requests {
        line(&mut text, format_args!("# item {id}\n{request}"));
    }
    line(&mut text, format_args!("requests that would go out: {}; nothing was sent", preview.requests.len()));
    for held in &preview.held {
        line(&mut text, format_args!("item {} would be held: {}", held.item, held.reason));
    }
    items(&mut text, "would be withdrawn", &preview.stale);
    items(&mut text, "would have to be approved again", &preview.voided);
    text
}

fn items(text: &mut String, what: &str, items: &[Noted]) {
    for Noted { item, reason } in items {
        line(text, format_args!("item {item} {what}: {reason}"));
    }
}

fn line(text: &mut String, line: std::fmt::Arguments<'_>) {
    // Writing to a String cannot fail.
    let _ = writeln!(text, "{line}");
}

fn print(text: &str) -> Result<(), Failure> {
    match io::stdout().lock().write_all(text.as_bytes()) {
        // What was sent is sent, whether or not somebody reads on.
        Err(error) if error.kind() == io::ErrorKind::BrokenPipe => Ok(()),
        written => written.context("writing to stdout").map_err(Failure::bug),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::push::{Held, Why};

    fn noted(item: i64, reason: &str) -> Vec<Noted> {
        vec![Noted { item, reason: reason.to_owned() }]
    }

    #[test]
    fn the_exit_code_says_whether_a_person_is_needed() {
        let sent = Summary { sent: vec![1], ..Summary::default() };
        let held = |why| vec![Held { item: 2, why, reason: String::new() }];
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

    #[test]
    fn a_summary_counts_and_then_names_what_was_not_simply_sent() {
        let summary = Summary {
            recovered: vec![4],
            sent: vec![1, 2, 3],
            failed: noted(5, "refused with status 422"),
            stop: Some(Stop::Failures(1)),
            left: 7,
            ..Summary::default()
        };
        let expected = "\
sent                     3
failed                   1
not begun                7
stopped: an item was not accepted, so nothing more was sent
item 4: a push that was killed left it on its way; it is in doubt now
item 5 failed: refused with status 422
";
        assert_eq!(summary_text(&summary), expected);
        assert_eq!(summary_text(&Summary::default()), "sent                     0\n");
    }

    #[test]
    fn a_dry_run_prints_each_request_under_its_item() {
        let requests = vec![(7, "POST /employee-changes/demographic\n{}".to_owned())];
        let preview = Preview { requests, stale: noted(8, "its finding is gone"), ..Preview::default() };
        let expected = "\
# item 7
POST /employee-changes/demographic
{}
requests that would go out: 1; nothing was sent
item 8 would be withdrawn: its finding is gone
";
        assert_eq!(preview_text(&preview), expected);
    }

    #[test]
    fn a_day_begins_at_midnight_of_the_zone_or_as_soon_as_it_exists() {
        let check = |zone: chrono_tz::Tz, now: &str, start: &str| {
            assert_eq!(day_start(zone, now.parse().expect(now)), start.parse::<DateTime<Utc>>().expect(start), "{now}");
        };
        check(chrono_tz::UTC, "2026-03-31T02:00:00Z", "2026-03-31T00:00:00Z");
        check(chrono_tz::America::New_York, "2026-03-31T02:00:00Z", "2026-03-30T04:00:00Z");
        // Havana's clocks go from 0:00 to 1:00 on this day.
        check(chrono_tz::America::Havana, "2026-03-08T12:00:00Z", "2026-03-08T05:00:00Z");
    }

    /// A job whose payroll file gives `rows` of id and social security number, with a hire of each of `hires` approved.
    fn ssns_of(rows: &str, send_ssn: bool, hires: &[&str]) -> Result<Vec<String>, Failure> {
        let folder = tempfile::tempdir().expect("a folder");
        let file = folder.path().join("payroll.csv");
        std::fs::write(&file, format!("id,ssn,med\n{rows}")).expect("writes");
        let job = job::parse(&job_text(&file, send_ssn), std::path::Path::new("jobs/x.toml")).expect("a job");
        let mut store = Store::in_memory().expect("opens");
        let plan = crate::correction::Plan {
            corrections: hires.iter().map(|id| crate::store::queue_tests::hire(id)).collect(),
            not_derived: Vec::new(),
        };
        let judged = crate::store::Judged::new(true, BTreeSet::new(), &[]);
        let now = DateTime::UNIX_EPOCH;
        store.enqueue_plan(&plan, &judged, now, "tieout run").expect("queues");
        for item in store.list_items(&ItemFilter::default()).expect("lists") {
            assert!(store.approve(&item.ticket(), "Ada", "", now, "policy").expect("approves").is_done());
        }
        let benbase = job.benbase.as_ref().expect("the job has it");
        let request = Request { job: &job, benbase, items_max: None, clock: Arc::new(|| DateTime::UNIX_EPOCH) };
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
