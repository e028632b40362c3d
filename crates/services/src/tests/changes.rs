//! The Benbase writer against the sandbox, whose journal is the witness of what arrived.

use tokio::io::AsyncWriteExt;
use tokio::net::TcpListener;

use super::*;
use crate::benbase::{BenbaseWriter, Request, Sent, samples};
use crate::tests::scripted::{Script, json, read_request};
use tieout_model::correction::NewHire;
use tieout_sandbox::{API_KEY, Entry, Faults, Running, Settings, start};

const HELD: &str = concat!(
    r#"{"employee_id":"emp_LRgFZ2uXBSVsR6Q0g9Q54","employer_id":"emp_123456789"}"#,
    "\n",
    r#"{"employee_id":"emp_2","employer_id":"emp_123456789"}"#,
    "\n",
);
/// What the sandbox answers to a change that it carried out.
const SANDBOX_BODY: &str = "{}";

/// A sandbox that holds two employees, and a writer.
struct Pair {
    running: Running,
    writer: BenbaseWriter,
    log: Arc<Mutex<Vec<CallRecord>>>,
    stop: watch::Sender<bool>,
    _world: tempfile::TempDir,
}

impl Pair {
    async fn new(faults: &str) -> Pair {
        Pair::with(faults, |_| (), API_KEY).await
    }

    async fn with(faults: &str, change: impl FnOnce(&mut settings::BenbaseAccess), key: &str) -> Pair {
        let world = tempfile::tempdir().expect("a folder");
        let folder = world.path().join("benbase");
        std::fs::create_dir(&folder).expect("writable");
        std::fs::write(folder.join("employees.ndjson"), HELD).expect("writable");
        let mut served = Settings::for_world(world.path());
        served.faults = Faults::parse(faults).expect(faults);
        let running = start(served).await.expect("starts");
        let mut settings = settings(&running.benbase_url());
        change(&mut settings);
        let (writer, log, stop) = connected(&settings, key);
        Pair { running, writer, log, stop, _world: world }
    }

    /// Applied or not and status of each change that arrived.
    fn arrived(&self) -> Vec<(bool, Option<u16>)> {
        self.running.journal().iter().map(|entry: &Entry| (entry.applied, entry.status)).collect()
    }

    fn logged(&self) -> Vec<(u32, Option<u16>, Option<&'static str>)> {
        let log = self.log.lock().expect("unpoisoned");
        log.iter().map(|call| (call.attempt, call.status, call.fault)).collect()
    }
}

fn settings(base_url: &str) -> settings::BenbaseAccess {
    settings::BenbaseAccess {
        base_url: base_url.to_owned(),
        api_key: SecretRef::Sandbox,
        employer_id: "emp_123456789".into(),
        idempotency_header: None,
        http: HttpLimits { read_timeout: Duration::from_millis(300), ..limits() },
    }
}

type Connected = (BenbaseWriter, Arc<Mutex<Vec<CallRecord>>>, watch::Sender<bool>);

fn connected(settings: &settings::BenbaseAccess, key: &str) -> Connected {
    let log = Arc::new(Mutex::new(Vec::new()));
    let sink: CallSink = Arc::new({
        let log = log.clone();
        move |record| log.lock().expect("unpoisoned").push(record)
    });
    let (stop, cancel) = watch::channel(false);
    let writer = BenbaseWriter::connect(settings, key.into(), true, sink, Arc::new(Utc::now), cancel);
    let policy = RetryPolicy {
        backoff_first: Duration::from_millis(10),
        window: Duration::ZERO,
        ..RetryPolicy::new(&settings.http)
    };
    (writer.expect("sound settings").with_retry_policy(policy), log, stop)
}

fn in_doubt(sent: &Sent) -> bool {
    matches!(sent, Sent::InDoubt { .. })
}

/// Sends one change that meets `fault`; checks its outcome and that it arrived once and was applied or not.
async fn check_fault(fault: &str, is_expected: impl Fn(&Sent) -> bool, applied: bool, status: Option<u16>) {
    let pair = Pair::new(fault).await;
    let sent = pair.writer.send(&samples::compensation().into()).await;
    assert!(is_expected(&sent), "{fault}: {sent:?}");
    assert_eq!(pair.arrived(), [(applied, status)], "{fault}");
    assert_eq!(pair.logged().len(), 1, "{fault}");
}

#[tokio::test]
async fn all_four_changes_are_accepted_and_arrive_as_written() {
    let pair = Pair::new("").await;
    let hire = |id: &str| NewHire { employee_id: id.into(), ..samples::full_hire() };
    let changes =
        [samples::hire(hire("emp_9")), samples::demographic(), samples::compensation(), samples::termination()];
    for change in changes.map(Request::from) {
        let accepted = Sent::Accepted { status: 200, excerpt: SANDBOX_BODY.to_owned() };
        let sent = pair.writer.send(&change).await;
        assert!(sent == accepted, "{change:?}: {sent:?}");
    }
    let journal = pair.running.journal();
    let operations: Vec<_> = journal.iter().map(|entry| entry.operation.as_str()).collect();
    assert_eq!(operations, ["new-hire", "demographic", "compensation-change", "termination"]);
    let golden = include_str!("../benbase/golden/compensation_full.json");
    assert_eq!(journal[2].body, serde_json::from_str::<serde_json::Value>(golden).expect("JSON"));
    let log = pair.log.lock().expect("unpoisoned");
    let templates: Vec<_> = log.iter().map(|call| (call.method, call.path_template.as_str())).collect();
    assert_eq!(templates[3], ("POST", "/employee-changes/termination"));
}

#[tokio::test]
async fn what_may_have_been_applied_is_in_doubt_and_sent_once() {
    check_fault("lost@post:1", in_doubt, true, None).await;
    check_fault("reset@post", in_doubt, false, None).await;
    check_fault("hang@post", in_doubt, false, None).await;
    check_fault("slow:2s@post", in_doubt, true, Some(200)).await;
    for status in [500, 501, 502, 503, 504, 505, 520] {
        check_fault(&format!("status:{status}@post:1"), in_doubt, false, Some(status)).await;
    }
}

#[tokio::test]
async fn every_refusal_is_final_and_sent_once() {
    for status in [400, 402, 404, 405, 408, 409, 410, 418, 422, 425, 451] {
        let refused = |sent: &Sent| matches!(sent, Sent::Refused { status: got, .. } if *got == status);
        check_fault(&format!("status:{status}@post"), refused, false, Some(status)).await;
    }
}

#[tokio::test]
async fn a_success_whose_body_proves_nothing_is_in_doubt() {
    for (fault, words) in [("cut@post", "cut"), ("badjson@post", "not JSON"), ("html@post", "not JSON")] {
        let doubted = |sent: &Sent| {
            matches!(sent, Sent::InDoubt { reason } if reason.starts_with("the service answered with status 200")
                && reason.contains(words))
        };
        check_fault(fault, doubted, true, Some(200)).await;
    }
}

#[tokio::test]
async fn a_success_counts_by_what_its_body_says() {
    for (status, body, words) in [
        (200, r#"{"success":false,"error":"employee is locked by payroll","details":{}}"#, "employee is locked"),
        (200, r#"{"error":"validation failed","details":{"pay_rate":"invalid"}}"#, "pay_rate: invalid"),
        (202, r#"{"errors":["unknown"]}"#, "says that it failed"),
    ] {
        let script = Script::new(vec![json(status, "", body)]).await;
        let (writer, ..) = connected(&settings(&script.url), API_KEY);
        let sent = writer.send(&samples::compensation().into()).await;
        let Sent::InDoubt { reason } = &sent else { panic!("{body}: {sent:?}") };
        assert!(reason.contains(words), "{reason}");
        assert_eq!(script.requests().len(), 1, "it was sent again");
    }
    for (status, body) in [(200, ""), (202, r#"{"status":"queued"}"#), (204, ""), (200, r#"{"success":true}"#)] {
        let script = Script::new(vec![json(status, "", body)]).await;
        let (writer, ..) = connected(&settings(&script.url), API_KEY);
        let sent = writer.send(&samples::compensation().into()).await;
        assert!(matches!(sent, Sent::Accepted { status: got, .. } if got == status), "{body}: {sent:?}");
    }
}

#[tokio::test]
async fn a_refused_key_is_told_apart_and_shown_nowhere() {
    let refused = |status| move |sent: &Sent| *sent == Sent::Credentials { status };
    check_fault("status:403@post", refused(403), false, Some(403)).await;
    let pair = Pair::with("", |_| (), "sandbox_sk_hush").await;
    let sent = pair.writer.send(&samples::termination().into()).await;
    assert!(sent == Sent::Credentials { status: 401 }, "{sent:?}");
    assert_eq!(pair.arrived(), [(false, Some(401))]);
}

#[tokio::test]
async fn the_reason_of_a_refusal_is_kept_without_what_was_sent() {
    let pair = Pair::new("").await;
    let unknown = samples::termination_of("emp_nobody", "2024-12-31");
    let not_found = Sent::Refused { status: 404, reason: "Employee not found".to_owned() };
    let sent = pair.writer.send(&unknown.into()).await;
    assert!(sent == not_found, "{sent:?}");
    let again = samples::hire(samples::full_hire());
    let exists = Sent::Refused { status: 422, reason: "Validation failed; employee_id: Already exists".to_owned() };
    let sent = pair.writer.send(&again.into()).await;
    assert!(sent == exists, "{sent:?}");
    assert_eq!(pair.arrived(), [(false, Some(404)), (false, Some(422))]);
}

#[tokio::test]
async fn what_the_contract_refuses_is_not_sent() {
    let pair = Pair::new("").await;
    let sent = pair.writer.send(&samples::termination_of("", "31.12.2024").into()).await;
    let Sent::Invalid { problems } = &sent else { panic!("{sent:?}") };
    assert_eq!(problems.iter().map(|p| p.field).collect::<Vec<_>>(), ["employee_id", "termination_date"]);
    assert_eq!((pair.arrived().len(), pair.logged().len()), (0, 0));
}

#[tokio::test]
async fn too_many_calls_are_sent_again_until_they_pass() {
    let pair = Pair::new("status:429@post:1 times=2").await;
    let sent = pair.writer.send(&samples::compensation().into()).await;
    assert!(matches!(sent, Sent::Accepted { .. }), "{sent:?}");
    assert_eq!(pair.arrived(), [(false, Some(429)), (false, Some(429)), (true, Some(200))]);
    assert_eq!(pair.logged().iter().map(|call| call.0).collect::<Vec<_>>(), [1, 2, 3]);
}

#[tokio::test]
async fn too_many_calls_for_too_long_are_not_sent() {
    let pair = Pair::new("status:429@post").await;
    let sent = pair.writer.send(&samples::compensation().into()).await;
    let Sent::NotSent { reason, retry_after: None } = &sent else { panic!("{sent:?}") };
    assert!(reason.starts_with("given up after 4 attempts, the last with status 429"), "{reason}");
    assert!(pair.arrived().iter().all(|(applied, _)| !applied));
    let pair = Pair::new("status:429:3600@post").await;
    let sent = pair.writer.send(&samples::compensation().into()).await;
    let an_hour = Some(Duration::from_secs(3_600));
    assert!(matches!(&sent, Sent::NotSent { retry_after, .. } if *retry_after == an_hour), "{sent:?}");
    assert_eq!(pair.arrived(), [(false, Some(429))]);
}

#[tokio::test]
async fn a_closed_port_and_an_unknown_host_prove_that_nothing_was_sent() {
    let listener = TcpListener::bind("127.0.0.1:0").await.expect("a free port");
    let closed = format!("http://{}", listener.local_addr().expect("bound"));
    drop(listener);
    for url in [closed.as_str(), "https://benbase.invalid/api"] {
        let (writer, log, _stop) = connected(&settings(url), API_KEY);
        let sent = writer.send(&samples::hire(samples::minimal_hire()).into()).await;
        let Sent::NotSent { reason, retry_after: None } = &sent else { panic!("{url}: {sent:?}") };
        assert!(reason.starts_with("given up after 4 attempts, the last with no connection"), "{reason}");
        assert_eq!(log.lock().expect("unpoisoned").len(), 4);
    }
}

#[tokio::test]
async fn a_server_without_tls_proves_that_nothing_was_sent() {
    let pair = Pair::new("").await;
    let url = pair.running.benbase_url().replace("http://", "https://");
    let (writer, _log, _stop) = connected(&settings(&url), API_KEY);
    let sent = writer.send(&samples::compensation().into()).await;
    assert!(matches!(sent, Sent::NotSent { .. }), "{sent:?}");
    assert_eq!(pair.arrived(), []);
}

#[tokio::test]
async fn each_change_has_a_connection_of_its_own() {
    let listener = TcpListener::bind("127.0.0.1:0").await.expect("a free port");
    let url = format!("http://{}", listener.local_addr().expect("bound"));
    let connections = Arc::new(Mutex::new(0));
    tokio::spawn({
        let connections = connections.clone();
        async move {
            loop {
                let (mut stream, _) = listener.accept().await.expect("accepts");
                *connections.lock().expect("unpoisoned") += 1;
                // The connection stays open, so a client that keeps connections would use it again.
                tokio::spawn(async move {
                    while !read_request(&mut stream).await.is_empty() {
                        stream.write_all(b"HTTP/1.1 200 OK\r\nContent-Length: 0\r\n\r\n").await.expect("written");
                    }
                });
            }
        }
    });
    let (writer, _log, _stop) = connected(&settings(&url), API_KEY);
    for _ in 0..3 {
        let sent = writer.send(&samples::compensation().into()).await;
        assert!(matches!(sent, Sent::Accepted { .. }), "{sent:?}");
    }
    assert_eq!(*connections.lock().expect("unpoisoned"), 3);
}

#[tokio::test]
async fn the_key_of_a_change_goes_into_the_header_that_the_job_names() {
    let script = Script::new(vec![json(202, "", ""), json(204, "", "")]).await;
    let mut settings = settings(&script.url);
    let (plain, _log, _stop) = connected(&settings, API_KEY);
    settings.idempotency_header = Some("Idempotency-Key".to_owned());
    let (keyed, _log, _stop) = connected(&settings, API_KEY);
    for (writer, status) in [(&plain, 202), (&keyed, 204)] {
        let sent = writer.send(&samples::termination().into()).await;
        assert!(sent == Sent::Accepted { status, excerpt: String::new() }, "{sent:?}");
    }
    let header = format!("idempotency-key: {}\r\n", samples::termination().key());
    let [first, second] = &script.requests()[..] else { panic!("two requests") };
    assert!(!first.to_ascii_lowercase().contains("idempotency"));
    assert!(second.contains(&header), "{second}");
    let (head, body) = second.split_once("\r\n\r\n").expect("a head");
    assert!(head.starts_with("POST /employee-changes/termination HTTP/1.1\r\n"), "{head}");
    assert!(head.contains("content-type: application/json\r\n"), "{head}");
    assert_eq!(body, include_str!("../benbase/golden/termination.json").trim_end());
}

#[tokio::test]
async fn an_undocumented_status_leaves_doubt() {
    for status in [302, 303, 304, 307] {
        let script = Script::new(vec![json(status, "Location: /elsewhere\r\n", "{}")]).await;
        let (writer, _log, _stop) = connected(&settings(&script.url), API_KEY);
        let sent = writer.send(&samples::compensation().into()).await;
        assert!(in_doubt(&sent), "{status}: {sent:?}");
        assert_eq!(script.requests().len(), 1, "the redirect was followed");
    }
}

#[tokio::test]
async fn a_writer_that_is_told_to_end_sends_nothing_more() {
    let pair = Pair::new("").await;
    pair.stop.send_replace(true);
    let sent = pair.writer.send(&samples::compensation().into()).await;
    assert!(matches!(sent, Sent::NotSent { .. }), "{sent:?}");
    assert_eq!((pair.arrived().len(), pair.logged().len()), (0, 0));
}

#[tokio::test]
async fn after_a_change_in_doubt_the_next_one_passes() {
    let pair = Pair::new("lost@post:1; reset@post:3").await;
    let changes = [samples::demographic(), samples::compensation(), samples::demographic(), samples::compensation()];
    let mut doubts = Vec::new();
    for change in changes.map(Request::from) {
        doubts.push(in_doubt(&pair.writer.send(&change).await));
    }
    assert_eq!(doubts, [true, false, true, false]);
    assert_eq!(pair.arrived(), [(true, None), (true, Some(200)), (false, None), (true, Some(200))]);
}

#[tokio::test]
async fn the_rate_of_the_job_is_kept() {
    let window = RateWindow { calls: 2, per: Duration::from_millis(200) };
    let pair = Pair::with("", |settings| settings.http.windows = vec![window], API_KEY).await;
    let change = Request::from(samples::compensation());
    let (_, took) = timed(async {
        for _ in 0..6 {
            assert!(matches!(pair.writer.send(&change).await, Sent::Accepted { .. }));
        }
    })
    .await;
    assert!(took >= Duration::from_millis(400), "{took:?}");
}

#[test]
fn a_live_key_does_not_get_into_a_sandbox() {
    let (_stop, cancel) = watch::channel(false);
    let settings = settings("http://127.0.0.1:1");
    let writer =
        BenbaseWriter::connect(&settings, "live_sk_hush".into(), true, Arc::new(drop), Arc::new(Utc::now), cancel);
    let shown = format!("{:#}", writer.err().expect("refused"));
    assert!(shown.contains("benbase.api_key") && !shown.contains("hush"), "{shown}");
}

#[test]
fn an_outcome_shows_no_word_of_the_service() {
    let words = || "Amara Okafor".to_owned();
    for sent in [
        Sent::Accepted { status: 200, excerpt: words() },
        Sent::Refused { status: 422, reason: words() },
        Sent::NotSent { reason: words(), retry_after: None },
        Sent::InDoubt { reason: words() },
    ] {
        assert!(!format!("{sent:?}").contains("Amara"));
    }
    let change = samples::full_hire_with_ssn();
    assert_eq!(format!("{change:?}"), "Request(new_hire)");
}
