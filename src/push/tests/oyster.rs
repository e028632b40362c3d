//! The push to Oyster against the sandbox: what arrived is read from its journal, what holds from its state.

use std::fmt::Write as _;
use std::path::Path;
use std::sync::Arc;
use std::time::Duration;

use serde_json::Value;
use tokio::sync::watch;

use super::crash::{Drop, polled};
use super::*;
use crate::push::oyster::look;
use crate::push::oyster::push_oyster;
use tieout_corrections::oyster::{Current, evidence_json};
use tieout_model::correction::oyster::{
    OysterChange, ProvisioningChange, RequestChange, Shares, WantedPackage, WantedPlan,
};
use tieout_sandbox as sandbox;
use tieout_sandbox::{CLIENT_SECRET, Faults, Running};
use tieout_services::oyster::{OysterCredential, OysterWriter};
use tieout_services::settings as connection;
use tieout_services::{CallSink, RetryPolicy};
use tieout_store::{ByHand, ChainVerdict, Prepared, Ruling};

use ItemState::{Approved, Failed, InDoubt, Sent, Withdrawn};

/// Engagements of each kind: `E1` and so on are provisioned, `R1` and so on are engaged.
const ENGAGEMENTS: usize = 4;
/// What the sandbox needs to work off a request whose sender was gone.
const AFTERMATH: Duration = Duration::from_millis(15);
/// No push of two items needs as many; more is a push that never ends.
const POLLS_MAX: usize = 2_000;

struct Desk {
    state: tempfile::TempDir,
    running: Running,
    writer: OysterWriter,
    cancel: watch::Receiver<bool>,
    stop: watch::Sender<bool>,
    settings: job::Push,
    oyster: connection::OysterAccess,
    kinds: KindLimits,
    _world: tempfile::TempDir,
}

const OFFERED: &str = r#"{"supplementary":{"plans":[{"id":"P1","category":"HEALTH"}]},"packages":[{"id":"K1","plans":[{"id":"P2","category":"HEALTH"}]},{"id":"K2","plans":[{"id":"P3","category":"PENSION"}]}]}"#;

fn write_world(world: &Path) {
    let folder = world.join("oyster");
    std::fs::create_dir(&folder).expect("a folder");
    let (mut list, mut offers, mut enrolled, mut provisioned) =
        (String::new(), String::new(), String::new(), String::new());
    for n in 1..=ENGAGEMENTS {
        for (kind, state) in [("E", "PROVISIONED"), ("R", "ENROLLED")] {
            let id = format!("{kind}{n}");
            // On its way beside what is provisioned.
            let beside = match kind {
                "E" => format!(r#",{{"id":"X-{id}","plan":{{"id":"P9"}},"state":"PROVISIONED"}}"#),
                _ => String::new(),
            };
            let of = |team_member: &str, beside: &str| {
                format!(
                    r#"[{{"id":"N-{id}","plan":{{"id":"P2"}},"package":{{"id":"K1"}},"state":"{state}","employerContribution":{{"teamMember":{team_member}}}}}{beside}]"#
                )
            };
            let _ = writeln!(
                list,
                r#"{{"engagementId":"{id}","engagementType":"EMPLOYMENT","state":"DRAFT","benefitEnrollments":[]}}"#
            );
            let _ = writeln!(offers, r#"{{"engagementId":"{id}","data":{OFFERED}}}"#);
            let _ = writeln!(enrolled, r#"{{"engagementId":"{id}","data":{}}}"#, of("55", &beside));
            let _ = writeln!(
                provisioned,
                r#"{{"engagementId":"{id}","data":{{"supplementary":{{"enrollments":[]}},"packaged":{{"enrollments":{}}}}}}}"#,
                of("0.55", "")
            );
        }
    }
    for (name, text) in
        [("engagements", list), ("offerings", offers), ("enrollments", enrolled), ("provisioning", provisioned)]
    {
        std::fs::write(folder.join(format!("{name}.ndjson")), text).expect("writes");
    }
}

fn settings_of(running: &Running, writes: &str) -> connection::OysterAccess {
    let text = format!(
        r#"name = "desk"
[payroll]
file = "p.csv"
currency = "EUR"
wide = [{{ code = "OYH", employee = "m" }}]
columns = {{ employee_id = "id" }}
period = {{ start = "2026-03-01", end = "2026-03-31" }}
[deductions]
codes = {{ OYH = "_OysterHealth" }}
[benifex]
base_url = {url:?}
token_url = {url:?}
client_id = {{ env = "X" }}
client_secret = {{ env = "X" }}
benefit_status = {{ ACTIVE = "live" }}
[oyster]
base_url = {url:?}
token = {{ env = "X" }}
plans = {{ P1 = "_OysterHealth" }}
[oyster.paths]
requests = "/v0.1/benefits/engagements/{{engagement_id}}/requests"
[oyster.writes]
{writes}
[oyster.http]
windows = [{{ calls = 10000, per = "1 s" }}]
read_timeout = "300 ms"
attempts_max = 2
"#,
        url = running.oyster_url(),
    );
    let job = crate::job::parse(&text, Path::new("desk.toml")).unwrap_or_else(|e| panic!("{e}"));
    job.oyster.expect("the job has it").connection
}

fn writer(settings: &connection::OysterAccess, cancel: &watch::Receiver<bool>) -> OysterWriter {
    let sink: CallSink = Arc::new(|_| ());
    let (clock, credential): (Clock, _) = (Arc::new(|| at(0)), OysterCredential::Bearer(CLIENT_SECRET.into()));
    let writer = OysterWriter::connect(settings, credential, sink, clock, cancel.clone()).expect("sound settings");
    let policy = RetryPolicy {
        backoff_first: Duration::from_millis(5),
        window: Duration::ZERO,
        ..RetryPolicy::new(&settings.http)
    };
    writer.with_retry_policy(policy)
}

const ALL_ON: &str = "provision = true\nrequest = true\nprovision_max = 5\nrequest_max = 5";

impl Desk {
    async fn new(faults: &str) -> Desk {
        let world = tempfile::tempdir().expect("a folder");
        write_world(world.path());
        let mut served = sandbox::Settings::for_world(world.path());
        served.faults = Faults::parse(faults).expect(faults);
        served.oyster_limits = vec![tieout_sandbox::RateWindow { calls: 100_000, per: Duration::from_secs(1) }];
        let running = sandbox::start(served).await.expect("starts");
        let settings = settings_of(&running, ALL_ON);
        let (stop, cancel) = watch::channel(false);
        let writer = writer(&settings, &cancel);
        Desk {
            state: tempfile::tempdir().expect("a folder"),
            running,
            writer,
            cancel,
            stop,
            settings: super::settings(),
            oyster: settings,
            kinds: KindLimits { oyster_provisionings: 5, oyster_requests: 5, ..KindLimits::default() },
            _world: world,
        }
    }

    fn store(&self) -> Store {
        Store::open(self.state.path()).expect("opens")
    }

    fn options(&self) -> Options<'_> {
        Options {
            settings: &self.settings,
            concurrency: 1,
            policy_hash: POLICY,
            day_start: at(-3600),
            items_max: None,
            kinds: self.kinds,
            ssns: &Ssns::NotSent,
            clock: Arc::new(|| at(0)),
        }
    }

    async fn try_push(&self) -> Result<Summary, PushError> {
        push_oyster(&mut self.store(), &self.writer, &self.options(), &self.cancel, &Progress::silent()).await
    }

    async fn push(&self) -> Summary {
        self.try_push().await.expect("pushes")
    }

    /// Proposes a change for the state of today and has it approved.
    async fn approve(&self, change: OysterChange) {
        let current = look::current(self.writer.reader(), &change).await.expect("reads");
        let changes = tieout_corrections::oyster::compare(&current, &change).changes();
        let (payload, evidence) = (change.payload_json(), evidence_json(&changes, &current));
        let engagement_id = change.engagement_id().as_str();
        let wanted = ByHand {
            employee_id: engagement_id,
            kind: change.kind(),
            engagement_id,
            plan_id: change.plan_id(),
            payload: &payload,
            evidence: &evidence,
            by: "Ana",
        };
        let mut store = self.store();
        let prepared = store.prepare_by_hand(&wanted, at(-100)).expect("prepares");
        let Prepared::Queued { item, .. } = prepared else { panic!("{prepared:?}") };
        let ticket = store.items_by_id([item]).expect("reads")[&item].ticket();
        let ruling = Ruling { ticket, approve: true, by: "Bo".to_owned(), reason: String::new() };
        let seen = store.audit_entries().expect("a count");
        assert_eq!(store.decide_all(&[ruling], ("", seen), at(-50), POLICY).expect("approves"), []);
    }

    async fn advance(&self, query: &str) {
        let url = format!("{}/sandbox/advance?{query}", self.running.base_url());
        let answer = reqwest::Client::new().post(url).send().await.expect("answers");
        assert!(answer.status().is_success());
    }

    /// Calls that read a provisioning.
    fn reads(&self) -> u64 {
        let counts = self.running.counts().by_template;
        let read = counts.iter().filter(|(call, _)| call.starts_with("GET") && call.ends_with("/provisioning"));
        read.map(|(_, count)| count).sum()
    }

    fn states(&self) -> Vec<ItemState> {
        self.store().list_items(&ItemFilter::default()).expect("lists").iter().map(|item| item.state).collect()
    }

    /// Operation, whether it was applied, and the status that went out.
    fn arrived(&self) -> Vec<(String, bool, Option<u16>)> {
        self.running.journal().into_iter().map(|entry| (entry.operation, entry.applied, entry.status)).collect()
    }

    fn package_of(&self, engagement: &str) -> Value {
        let text = self.running.oyster_provisioning(engagement).expect("there");
        let provisioning: Value = serde_json::from_str(&text).expect("JSON");
        provisioning["packaged"]["enrollments"][0]["package"]["id"].clone()
    }

    fn enrollments_of(&self, engagement: &str, plan: &str) -> usize {
        let text = self.running.oyster_enrollments(engagement).expect("there");
        let enrolled: Value = serde_json::from_str(&text).expect("JSON");
        enrolled.as_array().expect("a list").iter().filter(|entry| entry["plan"]["id"] == plan).count()
    }

    /// Claims an item and goes away before anything is sent.
    fn claim_and_die(&self, item: i64) {
        let mut store = self.store();
        let ticket = store.items_by_id([item]).expect("reads")[&item].ticket();
        assert!(store.claim(&ticket, at(-10), "request").expect("claims").is_done());
    }

    /// Intents to send an item, as the audit has them.
    fn claims(&self, item: i64) -> usize {
        self.store().audit_of(item).expect("reads").iter().filter(|row| row.event == "claim").count()
    }

    #[track_caller]
    fn check_audit(&self) {
        let verdict = self.store().audit_verify().expect("reads");
        assert!(matches!(verdict, ChainVerdict::Whole { .. }), "{verdict:?}");
    }
}

fn shares(team_member: i64) -> Shares {
    Shares { team_member: Some(team_member), ..Shares::default() }
}

/// Package `K2` in place of `K1`.
fn provisioning(engagement: &str) -> OysterChange {
    OysterChange::Provisioning(ProvisioningChange {
        engagement_id: engagement.into(),
        supplementary: vec![WantedPlan { plan_id: "P1".to_owned(), shares: shares(255_000) }],
        package: Some(WantedPackage {
            package_id: "K2".to_owned(),
            plans: vec![WantedPlan { plan_id: "P3".to_owned(), shares: shares(600_000) }],
        }),
    })
}

fn request(engagement: &str) -> OysterChange {
    OysterChange::Request(RequestChange {
        engagement_id: engagement.into(),
        plan_id: "P1".to_owned(),
        shares: shares(555_000),
    })
}

#[tokio::test]
async fn what_is_approved_arrives_once_in_the_units_of_its_endpoint_and_a_second_push_sends_nothing() {
    let desk = Desk::new("").await;
    desk.approve(provisioning("E1")).await;
    desk.approve(request("R1")).await;
    let summary = desk.push().await;
    assert_eq!((summary.sent.len(), summary.needs_person()), (2, false), "{summary:?}");
    let journal = desk.running.journal();
    let bodies: Vec<String> = journal.iter().map(|entry| entry.body.to_string()).collect();
    assert_eq!(bodies.len(), 2);
    assert!(bodies[0].contains("0.255") && bodies[0].contains("0.6") && bodies[0].contains("K2"), "{}", bodies[0]);
    assert!(bodies[1].contains("55.5") && bodies[1].contains("P1"), "{}", bodies[1]);
    assert_eq!((desk.package_of("E1"), desk.enrollments_of("R1", "P1")), (Value::from("K2"), 1));
    assert_eq!(desk.push().await, Summary::default());
    assert_eq!(desk.arrived().len(), 2);
    desk.check_audit();
}

#[tokio::test]
async fn what_is_so_already_is_settled_without_a_write() {
    let desk = Desk::new("").await;
    desk.approve(provisioning("E1")).await;
    desk.approve(request("R1")).await;
    // Somebody else does the same first.
    for change in [provisioning("E1"), request("R1")] {
        look::send(&desk.writer, &change).await;
    }
    let before = desk.arrived().len();
    let summary = desk.push().await;
    assert_eq!((summary.sent.len(), desk.arrived().len()), (2, before), "{summary:?}");
    let story = desk.store().audit_of(1).expect("reads");
    assert!(story.last().is_some_and(|row| row.detail.contains("nothing was sent")), "{story:?}");
}

#[tokio::test]
async fn what_moved_since_its_approval_is_withdrawn_and_nothing_is_written() {
    let desk = Desk::new("").await;
    desk.approve(provisioning("E1")).await;
    desk.approve(request("R1")).await;
    let package = WantedPackage { package_id: "K1".to_owned(), plans: Vec::new() };
    let other = ProvisioningChange { engagement_id: "E1".into(), package: Some(package), supplementary: Vec::new() };
    desk.writer.put_provisioning(&other).await;
    let mut asked = request("R1");
    if let OysterChange::Request(change) = &mut asked {
        change.shares = shares(100_000);
    }
    look::send(&desk.writer, &asked).await;
    let summary = desk.push().await;
    assert_eq!((summary.moved.len(), desk.arrived().len()), (2, 2), "{summary:?}");
    assert!(summary.needs_person());
    // What moved is named, whether or not it is wanted otherwise.
    for (reason, moved) in [
        (&summary.moved[0].reason, "plan P2 of package K1: PROVISIONED, team_member 55 % -> PROVISIONED, "),
        (&summary.moved[1].reason, "plan P1: absent -> REQUESTED, team_member 10 %"),
    ] {
        assert!(reason.contains(moved) && reason.contains("prepare it again"), "{reason}");
    }
    // Nobody can approve again what would only be found to have moved again.
    assert_eq!(desk.states(), [Withdrawn, Withdrawn]);
    assert_eq!(desk.push().await, Summary::default());
    // The same wish for the state of today is a new item.
    desk.approve(provisioning("E1")).await;
    assert_eq!(desk.push().await.sent, [3]);
    desk.check_audit();
}

#[tokio::test]
async fn a_provisioning_is_not_sent_once_the_team_member_is_engaged() {
    let desk = Desk::new("").await;
    desk.approve(provisioning("E1")).await;
    // Another enrollment moves on; what is provisioned stays as it was approved.
    desk.advance("engagement=E1&enrollment=X-E1").await;
    let summary = desk.push().await;
    assert_eq!((summary.sent.len(), summary.moved.len(), desk.arrived().len()), (0, 1, 0), "{summary:?}");
    let reason = &summary.moved[0].reason;
    assert!(reason.contains("enrollment of plan P9: PROVISIONED, "), "{reason}");
    desk.check_audit();
}

#[tokio::test]
async fn the_state_of_the_engagement_is_looked_at_where_the_job_says_which_ones_matter() {
    let mut desk = Desk::new("").await;
    let change = provisioning("E1");
    let stage = |current: Current| current.stage.expect("a provisioning has one").engagement;
    assert_eq!(stage(look::current(desk.writer.reader(), &change).await.expect("reads")), None);
    desk.oyster.engaged_states.insert("IN_PROGRESS".to_owned());
    desk.writer = writer(&desk.oyster, &desk.cancel);
    assert_eq!(stage(look::current(desk.writer.reader(), &change).await.expect("reads")).as_deref(), Some("DRAFT"));
}

#[tokio::test]
async fn a_provisioning_that_was_applied_without_an_answer_is_found_by_reading() {
    let desk = Desk::new("lost@write times=9").await;
    desk.approve(provisioning("E1")).await;
    let summary = desk.push().await;
    assert_eq!((summary.sent.len(), desk.states()), (1, vec![Sent]), "{summary:?}");
    assert_eq!(desk.package_of("E1"), Value::from("K2"));
    desk.check_audit();
}

#[tokio::test]
async fn a_provisioning_that_did_not_arrive_stays_approved_and_the_next_push_sends_it() {
    let desk = Desk::new("reset@write times=2").await;
    desk.approve(provisioning("E1")).await;
    let summary = desk.push().await;
    assert_eq!((summary.not_sent.len(), desk.states()), (1, vec![Approved]), "{summary:?}");
    assert_eq!(desk.package_of("E1"), Value::from("K1"));
    // Both sends stand in the books, each with its own intent.
    assert_eq!((desk.arrived().len(), desk.claims(1)), (2, 2));
    let summary = desk.push().await;
    assert_eq!((summary.sent.len(), desk.package_of("E1")), (1, Value::from("K2")), "{summary:?}");
    desk.check_audit();
}

#[tokio::test]
async fn a_provisioning_is_sent_again_only_after_another_look_and_another_claim() {
    for (fault, packages_read) in
        [("status:503@write:1", 4), ("reset@write:1", 4), ("hang@write:1", 4), ("status:429@write:1", 3)]
    {
        let desk = Desk::new(fault).await;
        desk.approve(provisioning("E1")).await;
        let before = desk.reads();
        let summary = desk.push().await;
        assert_eq!((summary.sent.clone(), desk.package_of("E1")), (vec![1], Value::from("K2")), "{fault}: {summary:?}");
        assert_eq!((desk.arrived().len(), desk.claims(1)), (2, 2), "{fault}");
        // Before each send and after each that may have been applied.
        assert_eq!(desk.reads() - before, packages_read, "{fault}");
        desk.check_audit();
    }
}

#[tokio::test]
async fn what_somebody_else_provisions_after_a_fault_is_never_overwritten() {
    let mut desk = Desk::new("status:503@write:1").await;
    // The wait after the fault is long enough for somebody else.
    let policy = RetryPolicy { backoff_first: Duration::from_secs(2), ..RetryPolicy::new(&desk.oyster.http) };
    desk.writer = desk.writer.with_retry_policy(policy);
    desk.approve(provisioning("E1")).await;
    let package = WantedPackage { package_id: "K1".to_owned(), plans: Vec::new() };
    let other = ProvisioningChange { engagement_id: "E1".into(), package: Some(package), supplementary: Vec::new() };
    let somebody = writer(&desk.oyster, &desk.cancel);
    let meanwhile = async {
        while desk.arrived().is_empty() {
            tokio::time::sleep(Duration::from_millis(1)).await;
        }
        somebody.put_provisioning(&other).await
    };
    let (summary, theirs) = tokio::join!(desk.push(), meanwhile);
    assert!(matches!(theirs, tieout_services::Sent::Accepted { .. }), "{theirs:?}");
    assert_eq!((summary.sent.len(), desk.package_of("E1")), (0, Value::from("K1")), "{summary:?}");
    assert_eq!(desk.arrived().len(), 2, "one send of ours, one of theirs");
    desk.check_audit();
}

#[tokio::test]
async fn a_request_that_was_applied_without_an_answer_is_found_in_the_enrollments() {
    for fault in ["lost@write", "cut@write"] {
        let desk = Desk::new(fault).await;
        desk.approve(request("R1")).await;
        let summary = desk.push().await;
        assert_eq!((summary.sent.len(), desk.states()), (1, vec![Sent]), "{fault}: {summary:?}");
        assert_eq!((desk.arrived().len(), desk.enrollments_of("R1", "P1")), (1, 1), "{fault}");
    }
}

#[tokio::test]
async fn a_request_that_may_not_have_arrived_is_in_doubt_and_never_sent_again() {
    let mut desk = Desk::new("reset@write:1").await;
    desk.settings.retry_uncertain = RetryUncertain::StateSettingOnly;
    desk.approve(request("R1")).await;
    let first = desk.push().await;
    assert_eq!((first.in_doubt.len(), desk.states()), (1, vec![InDoubt]), "{first:?}");
    for _ in 0..2 {
        let next = desk.push().await;
        assert_eq!((next.held.len(), next.held[0].why), (1, Why::InDoubt), "{next:?}");
        assert_eq!((desk.states(), desk.arrived().len()), (vec![InDoubt], 1));
    }
    // As soon as it shows, it is sent.
    look::send(&desk.writer, &request("R1")).await;
    let last = desk.push().await;
    assert_eq!((last.sent.len(), desk.states(), desk.enrollments_of("R1", "P1")), (1, vec![Sent], 1), "{last:?}");
    desk.check_audit();
}

#[tokio::test]
async fn a_push_that_died_between_intent_and_send_is_settled_by_reading() {
    let desk = Desk::new("").await;
    desk.approve(provisioning("E1")).await;
    desk.approve(request("R1")).await;
    desk.claim_and_die(1);
    desk.claim_and_die(2);
    let summary = desk.push().await;
    // The provisioning is as it was, so it goes; whether the request left the house nobody knows.
    assert_eq!((summary.recovered.len(), summary.sent.clone()), (2, vec![1]), "{summary:?}");
    assert_eq!((desk.states(), desk.arrived().len()), (vec![Sent, InDoubt], 1));
    desk.check_audit();
}

#[tokio::test]
async fn a_push_killed_at_any_point_asks_for_nothing_twice_and_loses_nothing() {
    for (drop, faults) in [(Drop::AtOnce, ""), (Drop::WhenWoken, ""), (Drop::WhenWoken, "lost@write:2")] {
        let mut crashes = 0;
        for polls in 0..POLLS_MAX {
            let mut desk = Desk::new(faults).await;
            desk.settings.canary = false;
            desk.approve(provisioning("E1")).await;
            desk.approve(request("R1")).await;
            let ended = polled(desk.try_push(), polls, drop).await;
            let when = format!("{faults:?}, {drop:?} after {polls} polls");
            if let Some(ended) = ended {
                ended.expect("pushes");
                break;
            }
            crashes += 1;
            tokio::time::sleep(AFTERMATH).await;
            let summary = desk.push().await;
            let asked = desk.arrived().iter().filter(|(operation, ..)| operation == "requests").count();
            assert!(asked <= 1 && desk.enrollments_of("R1", "P1") <= 1, "{when}");
            assert_eq!((desk.states()[0], desk.package_of("E1")), (Sent, Value::from("K2")), "{when}: {summary:?}");
            match desk.states()[1] {
                Sent => assert_eq!(desk.enrollments_of("R1", "P1"), 1, "{when}"),
                InDoubt => assert_eq!(desk.enrollments_of("R1", "P1"), 0, "{when}: {summary:?}"),
                state => panic!("{when}: {}", state.words()),
            }
            desk.check_audit();
        }
        assert!(crashes > 4, "{faults:?}, {drop:?}: {crashes} crashes");
    }
}

#[tokio::test]
async fn a_kind_that_is_switched_off_is_held_even_if_it_was_approved() {
    let mut desk = Desk::new("").await;
    desk.approve(provisioning("E1")).await;
    desk.approve(request("R1")).await;
    desk.kinds = KindLimits::default();
    let summary = desk.push().await;
    assert!(summary.held.len() == 2 && summary.held.iter().all(|held| held.why == Why::KindLimit), "{summary:?}");
    assert_eq!((desk.states(), desk.arrived().len()), (vec![Approved, Approved], 0));
}

#[tokio::test]
async fn each_kind_has_its_cap_and_the_day_has_one() {
    let mut desk = Desk::new("").await;
    for n in 1..=3 {
        desk.approve(provisioning(&format!("E{n}"))).await;
        desk.approve(request(&format!("R{n}"))).await;
    }
    (desk.kinds.oyster_provisionings, desk.kinds.oyster_requests) = (1, 2);
    let first = desk.push().await;
    assert_eq!((first.sent.len(), first.held.len()), (3, 3), "{first:?}");
    desk.settings.daily_items_max = 4;
    let second = desk.push().await;
    assert_eq!(second.sent.len(), 1, "{second:?}");
    assert!(second.held.iter().any(|held| held.why == Why::DailyItems), "{second:?}");
}

#[tokio::test]
async fn a_refusal_is_final_and_the_canary_keeps_the_rest() {
    let desk = Desk::new("status:422@write:1").await;
    desk.approve(provisioning("E1")).await;
    desk.approve(request("R1")).await;
    let summary = desk.push().await;
    assert_eq!((summary.failed.len(), summary.stop, summary.left), (1, Some(Stop::Canary), 1), "{summary:?}");
    assert!(summary.failed[0].reason.starts_with("refused with status 422"), "{summary:?}");
    assert_eq!(desk.states(), [Failed, Approved]);
}

#[tokio::test]
async fn refused_credentials_end_the_push_and_leave_everything_approved() {
    // Three reads prepare the two items; the push reads again.
    for fault in ["status:403@oyster:4", "status:403@write:1"] {
        let desk = Desk::new(fault).await;
        desk.approve(provisioning("E1")).await;
        desk.approve(request("R1")).await;
        let summary = desk.push().await;
        assert_eq!((summary.stop, summary.left), (Some(Stop::OysterCredentials(403)), 1), "{fault}: {summary:?}");
        assert_eq!((desk.states(), summary.not_sent.len()), (vec![Approved, Approved], 1), "{fault}");
    }
}

#[tokio::test]
async fn a_push_that_is_stopped_begins_nothing_more() {
    let desk = Desk::new("").await;
    desk.approve(provisioning("E1")).await;
    desk.stop.send_replace(true);
    let summary = desk.push().await;
    assert_eq!((summary.stop, summary.left, desk.arrived().len()), (Some(Stop::Cancelled), 1, 0), "{summary:?}");
    assert_eq!(desk.states(), [Approved]);
}

#[tokio::test]
async fn a_dry_run_shows_what_would_be_sent_and_asks_nobody() {
    let desk = Desk::new("").await;
    desk.approve(provisioning("E1")).await;
    let before = desk.running.counts().oyster.calls;
    let preview = preview(&desk.store(), PushTarget::Oyster, &desk.options()).expect("previews");
    let [(1, text)] = preview.requests.as_slice() else { panic!("{preview:?}") };
    assert!(text.starts_with("PUT the provisioning of engagement E1\n  package K2"), "{text}");
    assert_eq!(desk.running.counts().oyster.calls, before);
    let benbase = super::super::preview(&desk.store(), PushTarget::Benbase, &desk.options()).expect("previews");
    assert_eq!(benbase, Preview::default());
}
