//! Both services against the real sandbox over HTTP.

use std::collections::{BTreeMap, BTreeSet};
use std::fs;
use std::path::Path;
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::time::Duration;

use tokio::sync::watch;

use super::*;
use crate::extract::{CallBuffer, ExtractError, Extracted, Options, extract_both, population};
use tieout_recon::deducted::DeductedEngagements;
use tieout_recon::snapshot::testing::{day, moment, oyster_settings, settings, write_world};
use tieout_recon::snapshot::{Import, import_world};
use tieout_recon::snapshot::{Origin, Snapshot, SnapshotHead, kept_oyster, seal};
use tieout_sandbox as sandbox;
use tieout_sandbox::{Faults, Running};
use tieout_services::benifex::BenifexClient;
use tieout_services::oyster::OysterCredential;
use tieout_services::{CallSink, Clock, Credentials, RetryPolicy};
use tieout_store::Store;

/// Six engagements: `e1`, `e4`, `e5` and `e6` are enrolled, `e2` has nothing, `e3` is provisioned and its enrollment
/// does not show the contribution.
fn write_oyster(dir: &Path) {
    let [mut engagements, mut enrollments, mut offerings, mut provisioning] = [const { Vec::new() }; 4];
    for n in 1..=6 {
        let state = if n == 3 { "PROVISIONED" } else { "ENROLLED" };
        let embedded = match n {
            2 => String::new(),
            _ => format!(r#"{{"benefitEnrollmentId":"n{n}","name":"Standard","state":"{state}"}}"#),
        };
        engagements.push(format!(
            r#"{{"engagementId":"e{n}","modifiedAt":"2026-03-0{n}T10:00:00Z","engagementType":"EMPLOYMENT","state":"IN_PROGRESS","employment":{{"email":"p{n}@example.com"}},"benefitEnrollments":[{embedded}]}}"#
        ));
        let share = if n == 3 { "" } else { r#","employerContribution":{"teamMember":55.5}"# };
        enrollments.push(format!(
            r#"{{"engagementId":"e{n}","data":[{{"id":"n{n}","plan":{{"id":"p1","category":"HEALTH"}},"state":"{state}"{share}}}]}}"#
        ));
        offerings.push(format!(
            r#"{{"engagementId":"e{n}","data":{{"supplementary":{{"plans":[{{"id":"p1","category":"HEALTH","estimatedPrice":{{"decimal":"70.0","currencyCode":"EUR"}}}}]}},"packages":[]}}}}"#
        ));
        provisioning.push(format!(
            r#"{{"engagementId":"e{n}","data":{{"supplementary":{{"enrollments":[{{"id":"n{n}","plan":{{"id":"p1"}},"state":"{state}","employerContribution":{{"teamMember":0.55}}}}]}},"packaged":{{"enrollments":[]}}}}}}"#
        ));
    }
    enrollments.remove(1);
    fs::create_dir_all(dir.join("oyster")).expect("creates");
    let files = [("engagements", engagements), ("enrollments", enrollments), ("offerings", offerings)];
    for (name, lines) in files.into_iter().chain([("provisioning", provisioning)]) {
        fs::write(dir.join(format!("oyster/{name}.ndjson")), lines.join("\n")).expect("writes");
    }
}

/// Pages of two, and details: two calls each for four, three for `e3`.
const CALLS: u64 = 3 + 4 * 2 + 3;

/// A world served, and everything that nights need beside it.
struct Nights {
    world: tempfile::TempDir,
    state: tempfile::TempDir,
    sandbox: Running,
    store: Store,
    secret: &'static str,
    fresh: bool,
    lists_fail: bool,
    wanted: BTreeMap<String, Vec<String>>,
    charged: DeductedEngagements,
}

impl Nights {
    async fn new() -> Nights {
        Nights::faulty("").await
    }

    async fn faulty(faults: &str) -> Nights {
        Nights::serving(faults, &[]).await
    }

    /// The list shows no enrollment of these engagements, whatever their details say.
    async fn serving(faults: &str, hidden: &[&str]) -> Nights {
        let (world, state) = (tempfile::tempdir().expect("a folder"), tempfile::tempdir().expect("a folder"));
        write_world(world.path());
        write_oyster(world.path());
        hide(world.path(), hidden);
        let mut settings = sandbox::Settings::for_world(world.path());
        settings.limit.calls = 1000;
        settings.oyster_limits = vec![tieout_sandbox::RateWindow { calls: 1000, per: Duration::from_secs(1) }];
        settings.faults = Faults::parse(faults).expect("a specification");
        let sandbox = sandbox::start(settings).await.expect("starts");
        let store = Store::in_memory().expect("opens");
        Nights {
            world,
            state,
            sandbox,
            store,
            secret: sandbox::CLIENT_SECRET,
            fresh: false,
            lists_fail: false,
            wanted: BTreeMap::new(),
            charged: DeductedEngagements::default(),
        }
    }

    fn settings(&self) -> settings::OysterAccess {
        let (base_url, token_url) = (self.sandbox.oyster_url(), self.sandbox.oyster_token_url());
        let mut settings = settings::OysterAccess { per_page: 2, ..oyster_settings(&base_url, &token_url) };
        if self.lists_fail {
            settings.paths.engagements = "/v1/nowhere".to_owned();
        }
        settings
    }

    /// Extracts, told to stop as soon as `calls_max` calls were answered.
    async fn extract(&mut self, calls_max: usize) -> Result<(Extracted, OysterExtracted), ExtractError> {
        let (stop, stopped) = watch::channel(false);
        let benifex = settings(&self.sandbox.base_url(), &self.sandbox.token_url());
        let oyster = self.settings();
        let credentials = |secret: &str| Credentials {
            client_id: sandbox::CLIENT_ID.to_owned().into(),
            client_secret: secret.to_owned().into(),
        };
        let calls = CallBuffer::default();
        let sink = stopping_sink(calls.sink(), stop.clone(), calls_max);
        let token_url = self.sandbox.oyster_token_url();
        let credential =
            OysterCredential::ClientCredentials { token_url, credentials: credentials(self.secret), scope: None };
        let patient = RetryPolicy {
            backoff_first: Duration::from_millis(1),
            window: Duration::ZERO,
            ..RetryPolicy::new(&benifex.http)
        };
        let client = BenifexClient::connect(
            &benifex,
            credentials(sandbox::CLIENT_SECRET),
            sink.clone(),
            clock(),
            stopped.clone(),
        );
        let client = client.expect("connects").with_retry_policy(patient.clone());
        let oyster_client = OysterClient::connect(&oyster, credential, sink, clock(), stopped).expect("connects");
        let oyster_client = oyster_client.with_retry_policy(patient);
        let kept = kept_oyster(self.state.path()).expect("opens");
        let known = BTreeSet::from(["e1".to_owned(), "e9".to_owned()]);
        let silent = Progress::silent();
        let night = OysterNight {
            client: &oyster_client,
            settings: &oyster,
            known: &known,
            kept: &kept,
            wanted: &self.wanted,
            charged: &self.charged,
            progress: &silent,
        };
        let population = population((0..=12).map(|n| format!("{n:03}")), false);
        let options = Options {
            fresh: self.fresh,
            concurrency: 3,
            fold_id_case: false,
            riskiest: BTreeSet::new(),
            connection: Options::connection(&benifex, Some(&oyster), ""),
            calls,
            clock: clock(),
        };
        extract_both(&client, &night, &mut self.store, &population, &options, &silent, &stop).await
    }

    async fn extract_all(&mut self) -> (Extracted, OysterExtracted) {
        self.extract(usize::MAX).await.expect("extracts")
    }

    /// A whole night: extracted, sealed, the extraction closed.
    async fn night(&mut self, as_of: u32) -> (Snapshot, OysterExtracted) {
        let (extracted, oyster) = self.extract_all().await;
        let (extraction, plan) = (extracted.extraction, oyster.clone());
        let mut tables = extracted.into_tables().expect("tables");
        tables.oyster = Some(oyster.into_tables().expect("tables"));
        let head = SnapshotHead { taken_at: moment(i64::from(as_of)), as_of: day(as_of), source: Origin::Benifex };
        let sealed = seal(self.state.path(), head, tables).expect("seals");
        self.store.finish_extraction(extraction, &sealed.id, moment(0)).expect("ends");
        (sealed, plan)
    }

    /// The same world by an import.
    fn imported(&self) -> snapshot::OysterSnapshot {
        let (benifex, oyster) = (settings("http://localhost:1", "http://localhost:1/token"), self.settings());
        let import = Import {
            world: self.world.path(),
            settings: &benifex,
            oyster: Some(&oyster),
            charged: &self.charged,
            population: &[],
            crosswalk: &tieout_payroll::crosswalk::Crosswalk::default(),
            fold_id_case: false,
            as_of: day(31),
            taken_at: moment(0),
        };
        let other = tempfile::tempdir().expect("a folder");
        import_world(&import, other.path()).expect("imports").oyster.expect("has Oyster")
    }

    fn oyster_calls(&self) -> u64 {
        self.sandbox.counts().oyster.calls
    }

    async fn advance(&self, engagement: &str, state: &str) {
        let url = format!("{}/sandbox/advance?engagement={engagement}&state={state}", self.sandbox.base_url());
        let answer = reqwest::Client::new().post(url).send().await.expect("answers");
        assert!(answer.status().is_success(), "{}", answer.status());
    }
}

fn clock() -> Clock {
    Arc::new(|| moment(0))
}

fn stopping_sink(keep: CallSink, stop: watch::Sender<bool>, calls_max: usize) -> CallSink {
    let calls = AtomicUsize::new(0);
    Arc::new(move |record| {
        keep(record);
        if calls.fetch_add(1, Ordering::Relaxed) + 1 >= calls_max {
            stop.send_replace(true);
        }
    })
}

/// Engagement id → reason, of those that nobody may judge.
fn unverified(oyster: &OysterExtracted) -> BTreeMap<&str, &str> {
    let reasons = oyster.engagements.iter();
    reasons.filter_map(|one| Some((one.engagement_id.as_str(), one.detail.as_ref().err()?.as_str()))).collect()
}

/// Empties what the list shows of these engagements.
fn hide(world: &Path, hidden: &[&str]) {
    let path = world.join("oyster/engagements.ndjson");
    let text = fs::read_to_string(&path).expect("reads");
    let line = |line: &str| match line.split_once(r#""benefitEnrollments":["#) {
        Some((before, _)) if hidden.iter().any(|id| line.contains(&format!(r#""engagementId":"{id}""#))) => {
            format!(r#"{before}"benefitEnrollments":[]}}"#)
        }
        _ => line.to_owned(),
    };
    fs::write(path, text.lines().map(line).collect::<Vec<_>>().join("\n")).expect("writes");
}

#[track_caller]
fn check_same(fetched: &snapshot::OysterSnapshot, imported: &snapshot::OysterSnapshot) {
    assert!(fetched.enrollments.equals_missing(&imported.enrollments), "{:?}", fetched.enrollments);
    let comparable = |oyster: &snapshot::OysterSnapshot| oyster.engagements.drop("fingerprint").expect("there");
    assert!(comparable(fetched).equals_missing(&comparable(imported)), "{:?}", fetched.engagements);
}

#[tokio::test]
async fn calls_and_an_import_of_the_same_world_make_the_same_tables() {
    let mut nights = Nights::new().await;
    let (fetched, plan) = nights.night(31).await;
    assert_eq!(nights.oyster_calls(), CALLS);
    let spared = CallPlan { engagements: 6, changed: 5, calls_planned: CALLS, calls_spared: 2 };
    assert_eq!(plan.plan, spared);
    let (fetched, imported) = (fetched.oyster.expect("has Oyster"), nights.imported());
    assert!(fetched.complete().expect("reads") && imported.complete().expect("reads"));
    check_same(&fetched, &imported);
    // 55.5 % as written, and 0.55 of e3 from its provisioning; 70 EUR from the offerings.
    let shares = fetched.enrollments.column("share").expect("there").i64().expect("numbers").to_vec();
    assert_eq!(shares, [555_000, 550_000, 555_000, 555_000, 555_000].map(Some));
    let prices = fetched.enrollments.column("price").expect("there").i64().expect("numbers").to_vec();
    assert_eq!(prices, [Some(700_000); 5]);
}

#[tokio::test]
async fn a_later_night_asks_for_the_list_and_for_what_has_moved() {
    let mut nights = Nights::new().await;
    let (first, _) = nights.night(30).await;
    nights.advance("e4", "FINISHED").await;
    nights.wanted.insert("e5".into(), vec!["sent h".into()]);
    let before = nights.oyster_calls();
    let (second, oyster) = nights.night(31).await;
    // Three pages, and two parts each of e4 and e5.
    assert_eq!(nights.oyster_calls() - before, 3 + 2 * 2);
    assert_eq!(oyster.plan, CallPlan { engagements: 6, changed: 2, calls_planned: 7, calls_spared: 2 * 4 });
    let (first, second) = (first.oyster.expect("has Oyster"), second.oyster.expect("has Oyster"));
    let states = |oyster: &snapshot::OysterSnapshot| oyster.states().expect("reads").1;
    let mut expected = states(&first);
    expected[2].2 = "FINISHED".to_owned();
    assert_eq!(states(&second), expected);
    // Taken over or read anew, the rows of the others are the same.
    let others = |oyster: &snapshot::OysterSnapshot| oyster.enrollments.slice(3, 2);
    assert!(others(&first).equals_missing(&others(&second)));
    nights.fresh = true;
    let before = nights.oyster_calls();
    nights.night(31).await;
    // e4 is over: what is left out of it is of no use.
    assert_eq!(nights.oyster_calls() - before, CALLS);
}

#[tokio::test]
async fn that_somebody_who_is_charged_has_no_enrollment_is_asked_once_and_remembered() {
    let mut nights = Nights::new().await;
    nights.charged = DeductedEngagements::of(&["e2", "e5"]);
    let (first, oyster) = nights.night(29).await;
    // The list shows the enrollment of e5, which is read in any case.
    assert_eq!(nights.oyster_calls(), CALLS + 1);
    assert_eq!(oyster.plan, CallPlan { engagements: 6, changed: 6, calls_planned: CALLS + 1, calls_spared: 1 });
    let detail = oyster.engagements[1].detail.clone().expect("found").expect("read");
    assert_eq!(detail.enrollments, []);
    check_same(&first.oyster.expect("has Oyster"), &nights.imported());
    for as_of in [30, 31] {
        let before = nights.oyster_calls();
        let (_, oyster) = nights.night(as_of).await;
        assert_eq!((nights.oyster_calls() - before, oyster.plan.changed), (3, 0), "{as_of}");
        assert_eq!(oyster.engagements[1].detail.clone().expect("found"), Some(detail.clone()), "{as_of}");
    }
}

#[tokio::test]
async fn an_enrollment_that_the_list_lacks_is_found_where_payroll_charges_for_it() {
    let mut nights = Nights::serving("", &["e3", "e5"]).await;
    let (uncharged, _) = nights.night(29).await;
    // Two parts less of e5, and three of e3.
    assert_eq!(nights.oyster_calls(), CALLS - 2 - 3);
    check_same(&uncharged.oyster.expect("has Oyster"), &nights.imported());
    nights.charged = DeductedEngagements::of(&["e3", "e5"]);
    let before = nights.oyster_calls();
    let (charged, oyster) = nights.night(30).await;
    assert_eq!(nights.oyster_calls() - before, 3 + 2 + 3);
    assert_eq!(oyster.plan, CallPlan { engagements: 6, changed: 2, calls_planned: 8, calls_spared: 2 * 4 });
    let charged = charged.oyster.expect("has Oyster");
    let states = charged.states().expect("reads").1;
    let ids: Vec<&str> = states.iter().map(|(engagement, ..)| engagement.as_str()).collect();
    assert_eq!(ids, ["e1", "e3", "e4", "e5", "e6"]);
    assert!(charged.enrollments.equals_missing(&nights.imported().enrollments), "{:?}", charged.enrollments);
    let before = nights.oyster_calls();
    let (again, _) = nights.night(31).await;
    assert_eq!(nights.oyster_calls() - before, 3);
    assert!(charged.enrollments.equals_missing(&again.oyster.expect("has Oyster").enrollments));
}

#[tokio::test]
async fn somebody_who_is_charged_and_whose_enrollments_do_not_answer_is_unverified() {
    let mut nights = Nights::faulty("status:500@engagement:e2").await;
    assert_eq!(unverified(&nights.extract_all().await.1), BTreeMap::new(), "nobody asks for e2");
    nights.fresh = true;
    nights.charged = DeductedEngagements::of(&["e2"]);
    let (_, oyster) = nights.extract_all().await;
    let reason = "enrollments: given up after 3 attempts, the last with status 500";
    assert_eq!(unverified(&oyster), BTreeMap::from([("e2", reason)]));
}

#[tokio::test]
async fn the_night_after_a_failed_list_reads_no_details_again() {
    let mut nights = Nights::new().await;
    nights.night(29).await;
    nights.lists_fail = true;
    let (failed, oyster) = nights.night(30).await;
    assert!(oyster.list_fault.is_some() && !failed.complete);
    nights.lists_fail = false;
    let before = nights.oyster_calls();
    let (_, oyster) = nights.night(31).await;
    assert_eq!(nights.oyster_calls() - before, 3);
    assert_eq!((oyster.plan.changed, oyster.plan.calls_spared), (0, 2 * 6));
}

#[tokio::test]
async fn a_stopped_extraction_is_taken_up_and_repeats_no_answered_call() {
    let undisturbed = without_fingerprints(Nights::new().await.extract_all().await.1);
    for calls in (1..38).step_by(3) {
        let mut nights = Nights::new().await;
        let stopped = nights.extract(calls).await.expect_err("stops");
        let ExtractError::Interrupted { answers } = stopped else { panic!("after {calls}: {stopped}") };
        let (extracted, oyster) = nights.extract_all().await;
        assert_eq!(extracted.resumed + oyster.resumed, answers, "after {calls}");
        let mut answered = nights.sandbox.counts().answered;
        // Valid JSON that proves nothing is no answer. The list is one question, whatever its pages.
        let repeated =
            |call: &String| !call.contains("token") && !call.ends_with("u-6") && !call.contains("v1/engagements");
        answered.retain(|call, times| *times > 1 && repeated(call));
        assert_eq!(answered, BTreeMap::new(), "repeated after {calls}");
        // The port of each sandbox is another one, and so are the fingerprints; the rest is the same.
        assert_eq!(without_fingerprints(oyster), undisturbed, "after {calls}");
    }
}

fn without_fingerprints(oyster: OysterExtracted) -> Vec<Engagement> {
    let without = |engagement| Engagement { fingerprint: None, ..engagement };
    oyster.engagements.into_iter().map(without).collect()
}

#[tokio::test]
async fn a_fault_that_lasts_leaves_one_engagement_unverified_and_the_others_found() {
    let (_, oyster) = Nights::faulty("status:500@engagement:e5; reset@engagement:e1").await.extract_all().await;
    let expected = [
        ("e1", "enrollments: given up after 3 attempts, the last with a broken connection"),
        ("e5", "enrollments: given up after 3 attempts, the last with status 500"),
    ];
    assert_eq!(unverified(&oyster), BTreeMap::from(expected));
    assert_eq!((oyster.list_fault.as_ref(), oyster.engagements.len()), (None, 6));
}

#[tokio::test]
async fn a_faulty_list_makes_no_engagement_absent() {
    let (extracted, oyster) = Nights::faulty("status:500@engagements").await.extract_all().await;
    let reason = "list of engagements: given up after 3 attempts, the last with status 500";
    assert_eq!(unverified(&oyster), BTreeMap::from([("e1", reason), ("e9", reason)]));
    assert_eq!(oyster.list_fault.as_deref(), Some(reason));
    // Benifex goes on.
    assert!(extracted.employees.iter().any(|employee| matches!(employee.answer, Ok(Some(_)))));
    let (_, oyster) = Nights::faulty("movingtotal@engagements").await.extract_all().await;
    let reason = "the list that should have named it contradicted itself";
    assert_eq!(unverified(&oyster), BTreeMap::from([("e9", reason)]));
    assert!(oyster.list_fault.is_some());
}

#[tokio::test]
async fn an_engagement_or_a_user_that_may_not_be_read_is_unverified_and_the_night_goes_on() {
    let faults = "status:403@engagement:e5; status:403@user:u-8";
    let (extracted, oyster) = Nights::faulty(faults).await.extract_all().await;
    let reason = "enrollments: the service refused the call (status 403)";
    assert_eq!(unverified(&oyster), BTreeMap::from([("e5", reason)]));
    let user = extracted.employees.iter().find(|employee| employee.employee_id == "008").expect("asked for");
    assert_eq!(user.answer.as_ref().err().map(String::as_str), Some("user: the service refused the call (status 403)"));
    assert!(extracted.employees.iter().any(|employee| matches!(employee.answer, Ok(Some(_)))));
}

#[tokio::test]
async fn a_list_that_may_not_be_read_and_engagements_none_of_which_may_end_the_night() {
    let night = |faults: &'static str| async move { Nights::faulty(faults).await.extract(usize::MAX).await };
    let error = night("status:403@engagements").await.expect_err("refused");
    assert!(matches!(error, ExtractError::OysterCredentials(_)), "{error}");
    let each = "status:403@engagement:e1; status:403@engagement:e3; status:403@engagement:e4; \
                status:403@engagement:e5; status:403@engagement:e6";
    let error = night(each).await.expect_err("refused");
    assert!(matches!(error, ExtractError::Forbidden { service: "Oyster", asked: 5, .. }), "{error}");
}

#[tokio::test]
async fn refused_credentials_of_one_service_end_the_night_of_both() {
    let mut nights = Nights::new().await;
    nights.secret = "wrong";
    let error = nights.extract(usize::MAX).await.expect_err("refused");
    assert!(matches!(error, ExtractError::OysterCredentials(_)), "{error}");
}
