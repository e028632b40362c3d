//! The Oyster client over real HTTP: answers of a script for what no sandbox does.

use super::*;
use crate::answer::error::AttemptFault;
use crate::oyster::{Operation, OysterClient, OysterCredential, OysterWriter};
use crate::settings::{OysterAuth, OysterPaths, OysterUnits, OysterWrites};
use crate::tests::scripted::{Script, json};
use crate::{ApiError, Sent};
use tieout_model::correction::oyster::{ProvisioningChange, RequestChange, Shares, WantedPackage};
use tieout_model::terms::ShareUnit;

const TOKEN: &str =
    r#"{"access_token":"t","token_type":"Bearer","expires_in":7200,"scope":"read manage","created_at":1763629200}"#;
const ONE_PAGE: &str = r#"{"data":[{"engagementId":"E1","engagementType":"EMPLOYMENT","benefitEnrollments":[]}],"meta":{"items":100,"count":1,"page":1,"pages":1,"nextUrl":"/v1/engagements?perPage=100&page="}}"#;
const NO_ENROLLMENTS: &str = r#"{"data":[]}"#;
/// As little as there is of an answer to a write.
const DONE: &str = r#"{"data":{}}"#;

pub(super) fn settings(base_url: &str) -> settings::OysterAccess {
    let benefits = |last: &str| format!("/v0.1/benefits/engagements/{{engagement_id}}/{last}");
    settings::OysterAccess {
        base_url: base_url.to_owned(),
        auth: OysterAuth::Bearer(SecretRef::Sandbox),
        customer_id: None,
        actor_email: None,
        paths: OysterPaths {
            engagements: "/v1/engagements".to_owned(),
            engagement: "/v1/engagements/{engagement_id}".to_owned(),
            offerings: benefits("offerings"),
            provisioning: benefits("provisioning"),
            enrollments: benefits("enrollments"),
            requests: Some(benefits("requests")),
            ruleset: Some(benefits("ruleset")),
        },
        per_page: 100,
        units: OysterUnits {
            provisioning: ShareUnit::Fraction,
            enrollments: ShareUnit::Percent,
            request: ShareUnit::Percent,
            request_answer: ShareUnit::Fraction,
        },
        engaged_states: Default::default(),
        http: limits(),
        detail_days_max: 7,
        placeholder_dates: tieout_model::placeholder::PlaceholderDates::default(),
        writes: OysterWrites { provision: true, request: true, provision_max: 9, request_max: 9 },
    }
}

pub(super) fn client_credentials(token_url: String) -> OysterCredential {
    let credentials = Credentials {
        client_id: tieout_sandbox::CLIENT_ID.into(),
        client_secret: tieout_sandbox::CLIENT_SECRET.into(),
    };
    OysterCredential::ClientCredentials { token_url, credentials, scope: Some("read manage".to_owned()) }
}

pub(super) struct Log(Arc<Mutex<Vec<CallRecord>>>);

impl Log {
    /// Method, template and status of each call, token calls aside.
    pub fn calls(&self) -> Vec<(&'static str, String, Option<u16>)> {
        let log = self.0.lock().expect("unpoisoned");
        let calls = log.iter().filter(|call| call.path_template != crate::TOKEN_TEMPLATE);
        calls.map(|call| (call.method, call.path_template.clone(), call.status)).collect()
    }
}

type Wires = (CallSink, Clock, watch::Receiver<bool>, Log, watch::Sender<bool>);

fn wires() -> Wires {
    let log = Arc::new(Mutex::new(Vec::new()));
    let sink: CallSink = Arc::new({
        let log = log.clone();
        move |record| log.lock().expect("unpoisoned").push(record)
    });
    let (stop, cancel) = watch::channel(false);
    (sink, Arc::new(Utc::now), cancel, Log(log), stop)
}

fn patience(settings: &settings::OysterAccess) -> RetryPolicy {
    RetryPolicy { backoff_first: Duration::from_millis(10), window: Duration::ZERO, ..RetryPolicy::new(&settings.http) }
}

pub(super) fn reader(settings: &settings::OysterAccess, credential: OysterCredential) -> (OysterClient, Log) {
    let (sink, clock, cancel, log, _stop) = wires();
    let client = OysterClient::connect(settings, credential, sink, clock, cancel).expect("sound settings");
    (client.with_retry_policy(patience(settings)), log)
}

pub(super) fn writer(settings: &settings::OysterAccess, credential: OysterCredential) -> (OysterWriter, Log) {
    let (sink, clock, cancel, log, _stop) = wires();
    let client = OysterWriter::connect(settings, credential, sink, clock, cancel).expect("sound settings");
    (client.with_retry_policy(patience(settings)), log)
}

fn bearer() -> OysterCredential {
    OysterCredential::Bearer("b-token".into())
}

/// A reader with a token that somebody else renews.
async fn scripted(answers: Vec<Vec<u8>>) -> (Script, OysterClient, Log) {
    let script = Script::new(answers).await;
    let (client, log) = reader(&settings(&script.url), bearer());
    (script, client, log)
}

async fn scripted_writer(answers: Vec<Vec<u8>>) -> (Script, OysterWriter, Log) {
    let script = Script::new(answers).await;
    let (client, log) = writer(&settings(&script.url), bearer());
    (script, client, log)
}

fn provisioning(engagement_id: &str) -> ProvisioningChange {
    let package = WantedPackage { package_id: "B9965d2e".to_owned(), plans: vec![] };
    ProvisioningChange { engagement_id: engagement_id.into(), supplementary: vec![], package: Some(package) }
}

fn request(engagement_id: &str) -> RequestChange {
    let shares = Shares { team_member: Some(555_000), dependents: Some(252_000), max_dependents: Some(4) };
    RequestChange { engagement_id: engagement_id.into(), plan_id: "ANYSTRONGID".to_owned(), shares }
}

fn head(request: &str) -> String {
    request.split("\r\n\r\n").next().unwrap_or_default().to_ascii_lowercase()
}

#[tokio::test]
async fn the_customer_goes_with_every_call_and_the_administrator_with_writes_only() {
    let script =
        Script::new(vec![json(201, "", TOKEN), json(200, "", ONE_PAGE), json(200, "", DONE), json(201, "", DONE)])
            .await;
    let mut settings = settings(&script.url);
    settings.customer_id = Some("cust1234".to_owned());
    settings.actor_email = Some("admin@example.com".to_owned());
    let (writer, log) = writer(&settings, client_credentials(format!("{}/oauth2/token", script.url)));
    writer.reader().engagements().await.expect("a page");
    assert!(matches!(writer.put_provisioning(&provisioning("E1")).await, Sent::Accepted { status: 200, .. }));
    assert!(matches!(writer.request_benefit(&request("E1")).await, Sent::Accepted { status: 201, .. }));
    let requests = script.requests();
    let has = |header: &str| requests.iter().map(|request| head(request).contains(header)).collect::<Vec<_>>();
    assert_eq!(has("x-oyster-customer-id: cust1234"), [false, true, true, true]);
    assert_eq!(has("x-oyster-actor-email: admin@example.com"), [false, false, true, true]);
    assert_eq!(has("authorization: bearer t\r\n"), [false, true, true, true]);
    let methods: Vec<_> = log.calls().into_iter().map(|(method, ..)| method).collect();
    assert_eq!(methods, ["GET", "PUT", "POST"]);
    assert!(requests[1].starts_with("GET /v1/engagements?per_page=100&page=1 HTTP/1.1\r\n"));
    assert!(requests[2].starts_with("PUT /v0.1/benefits/engagements/E1/provisioning HTTP/1.1\r\n"));
    let golden = [
        include_str!("../oyster/golden/provisioning_package_only.json"),
        include_str!("../oyster/golden/request.json"),
    ];
    for (request, golden) in requests[2..].iter().zip(golden) {
        assert_eq!(request.split_once("\r\n\r\n").map(|(_, body)| body), Some(golden.trim_end()));
    }
}

#[tokio::test]
async fn each_read_has_its_path_and_an_id_stays_one_segment() {
    let raw = [
        (Operation::Engagements { page: Some(3) }, "/v1/engagements?per_page=100&page=3"),
        (Operation::Engagement { engagement_id: "a/b".into() }, "/v1/engagements/a%2Fb"),
        (Operation::Offerings { engagement_id: "é?".into() }, "/v0.1/benefits/engagements/%C3%A9%3F/offerings"),
        (Operation::Provisioning { engagement_id: "E1".into() }, "/v0.1/benefits/engagements/E1/provisioning"),
        (Operation::Enrollments { engagement_id: "E1".into() }, "/v0.1/benefits/engagements/E1/enrollments"),
        (Operation::Ruleset { engagement_id: "E1".into() }, "/v0.1/benefits/engagements/E1/ruleset"),
    ];
    let (script, client, log) = scripted(vec![json(200, "", r#"{"data":1.50}"#); raw.len()]).await;
    for (operation, _) in &raw {
        assert_eq!(client.raw(operation).await.expect("an answer").get(), r#"{"data":1.50}"#);
    }
    for (request, (_, path)) in script.requests().iter().zip(&raw) {
        assert!(request.starts_with(&format!("GET {path} HTTP/1.1\r\n")), "{request}");
    }
    let templates: Vec<_> = log.calls().into_iter().map(|(_, template, _)| template).collect();
    assert_eq!(templates[1], "/v1/engagements/{engagement_id}");
    for bad in ["", ".", ".."] {
        assert!(matches!(client.engagement(&bad.into()).await, Err(ApiError::Unsendable { .. })), "{bad:?}");
    }
    assert!(matches!(
        writer(&settings(&script.url), bearer()).0.put_provisioning(&provisioning("..")).await,
        Sent::NotSent { .. }
    ));
    assert_eq!(script.requests().len(), raw.len());
}

#[tokio::test]
async fn an_operation_that_the_job_leaves_off_is_not_called() {
    let script = Script::new(vec![]).await;
    let mut settings = settings(&script.url);
    (settings.paths.ruleset, settings.paths.requests) = (None, None);
    settings.writes = OysterWrites { request: true, ..OysterWrites::default() };
    let (writer, log) = writer(&settings, bearer());
    let error = writer.reader().ruleset(&"E1".into()).await.expect_err("off");
    assert!(error.to_string().contains("oyster.paths.ruleset"), "{error}");
    for (sent, key) in [
        (writer.put_provisioning(&provisioning("E1")).await, "oyster.writes.provision"),
        (writer.request_benefit(&request("E1")).await, "oyster.paths.requests"),
    ] {
        assert!(matches!(&sent, Sent::NotSent { reason, .. } if reason.contains(key)), "{sent:?}");
    }
    let invalid = ProvisioningChange { package: None, ..provisioning("E1") };
    settings.writes.provision = true;
    let (writer, _) = self::writer(&settings, bearer());
    assert!(matches!(writer.put_provisioning(&invalid).await, Sent::Invalid { .. }));
    assert!(log.calls().is_empty());
}

#[tokio::test]
async fn too_many_calls_without_a_body_are_waited_out() {
    let (_script, client, log) = scripted(vec![
        b"HTTP/1.1 429 X\r\nRetry-After: 1\r\nContent-Length: 0\r\n\r\n".to_vec(),
        json(200, "", ONE_PAGE),
    ])
    .await;
    let (walk, took) = timed(client.engagements()).await;
    assert_eq!(walk.expect("the second answer").engagements.len(), 1);
    assert!(took >= Duration::from_secs(1), "{took:?}");
    assert_eq!(log.calls().iter().map(|call| call.2).collect::<Vec<_>>(), [Some(429), Some(200)]);
}

#[tokio::test]
async fn a_token_of_somebody_else_is_refused_for_good_and_one_of_ours_renewed_once() {
    let refusal = || json(401, "", r#"{"error":{"message":"The access token is invalid"}}"#);
    let (script, client, _) = scripted(vec![refusal()]).await;
    let error = client.offerings(&"E1".into()).await.expect_err("refused");
    assert!(matches!(error, ApiError::Credentials { status: 401, .. }), "{error}");
    assert_eq!((error.detail(), script.requests().len()), (Some("The access token is invalid"), 1));

    let script = Script::new(vec![json(200, "", TOKEN), refusal(), json(200, "", TOKEN), json(200, "", DONE)]).await;
    let credential = client_credentials(format!("{}/token", script.url));
    let (writer, _) = writer(&settings(&script.url), credential);
    // 401 proves that nothing was applied, so even a request goes again.
    assert!(matches!(writer.request_benefit(&request("E1")).await, Sent::Accepted { .. }));
    assert_eq!(script.requests().len(), 4);
}

#[tokio::test]
async fn every_shape_of_error_is_told_and_a_404_is_final() {
    for (status, body, detail) in [
        (400, r#"{"errors":[{"message":"This endpoint has been sunset"}]}"#, Some("This endpoint has been sunset")),
        (
            400,
            r#"{"errors":[{"field":"package.id","message":"Gone","type":"INVALID"}]}"#,
            Some("INVALID: package.id: Gone"),
        ),
        (403, r#"{"error":{"message":"Requires scope read"}}"#, Some("Requires scope read")),
        (404, "", None),
        (422, r#"{"errors":[{"message":"Engagement is already engaged"}]}"#, Some("Engagement is already engaged")),
    ] {
        let (script, client, _) = scripted(vec![json(status, "", body)]).await;
        let error = client.enrollments(&"E1".into()).await.expect_err(body);
        assert_eq!(error.detail(), detail, "{status}");
        assert_eq!(matches!(error, ApiError::NotFound { .. }), status == 404);
        assert_eq!(matches!(error, ApiError::Credentials { .. }), status == 403);
        assert_eq!(script.requests().len(), 1);
    }
}

#[tokio::test]
async fn enrollments_are_paged_once_they_say_that_there_are_more() {
    let page = |number: u32, id: &str| {
        format!(
            r#"{{"data":[{{"id":"{id}","plan":{{"id":"P"}},"state":"ENROLLED"}}],"meta":{{"page":{number},"pages":2,"count":2}}}}"#
        )
    };
    let (script, client, _) = scripted(vec![json(200, "", &page(1, "N2")), json(200, "", &page(2, "N1"))]).await;
    let found = client.enrollments(&"E1".into()).await.expect("two pages");
    assert_eq!(found.iter().filter_map(|one| one.enrollment_id.as_deref()).collect::<Vec<_>>(), ["N1", "N2"]);
    assert!(script.requests()[0].starts_with("GET /v0.1/benefits/engagements/E1/enrollments HTTP"));
    assert!(script.requests()[1].starts_with("GET /v0.1/benefits/engagements/E1/enrollments?per_page=100&page=2 HTTP"));

    let same = page(1, "N1");
    let (script, client, _) = scripted(vec![json(200, "", &same); 4]).await;
    assert!(matches!(client.enrollments(&"E1".into()).await, Err(ApiError::Broken { .. })));
    assert_eq!(script.requests().len(), 4, "read once more, and no more than that");
    let (_script, client, _) = scripted(vec![json(200, "", NO_ENROLLMENTS)]).await;
    assert_eq!(client.enrollments(&"E1".into()).await.expect("none"), []);
}

#[tokio::test]
async fn both_windows_hold() {
    let mut settings = settings("");
    let window = |calls, ms| RateWindow { calls, per: Duration::from_millis(ms) };
    settings.http.windows = vec![window(3, 1_500), window(1, 200)];
    let script = Script::new(vec![json(200, "", ONE_PAGE); 4]).await;
    settings.base_url = script.url.clone();
    let (client, _) = reader(&settings, bearer());
    let start = Instant::now();
    let mut after = Vec::new();
    for _ in 0..4 {
        client.first_page().await.expect("a page");
        after.push(start.elapsed());
    }
    assert!(after[2] >= Duration::from_millis(400), "{after:?}");
    assert!(after[2] < Duration::from_millis(1_400), "{after:?}");
    assert!(after[3] >= Duration::from_millis(1_500), "{after:?}");
}

#[tokio::test]
async fn what_may_have_been_applied_is_not_sent_again() {
    let reset = Vec::new;
    let fault = || [json(503, "", ""), reset(), json(500, "", r#"{"errors":[{"message":"Oops"}]}"#), json(408, "", "")];
    for answer in fault() {
        let (script, writer, _) = scripted_writer(vec![answer, json(200, "", DONE)]).await;
        let sent = writer.put_provisioning(&provisioning("E1")).await;
        assert!(matches!(sent, Sent::InDoubt { .. }), "{sent:?}");
        assert_eq!(script.requests().len(), 1);
    }
    for answer in fault().into_iter().take(3) {
        let (script, writer, _) = scripted_writer(vec![answer, json(201, "", DONE)]).await;
        assert!(matches!(writer.request_benefit(&request("E1")).await, Sent::InDoubt { .. }));
        assert_eq!(script.requests().len(), 1);
    }
}

#[tokio::test]
async fn a_put_that_was_not_applied_is_for_its_caller_to_repeat() {
    let refusal = || json(422, "", r#"{"errors":[{"message":"Engagement is already engaged"}]}"#);
    let (script, writer, _) = scripted_writer(vec![json(429, "Retry-After: 0\r\n", ""), refusal()]).await;
    let sent = writer.put_provisioning(&provisioning("E1")).await;
    assert!(matches!(&sent, Sent::NotSent { retry_after: Some(Duration::ZERO), .. }), "{sent:?}");
    assert_eq!(script.requests().len(), 1);
    let sent = writer.put_provisioning(&provisioning("E1")).await;
    let refused = Sent::Refused { status: 422, reason: "Engagement is already engaged".to_owned() };
    assert!(sent == refused, "{sent:?}");
}

#[tokio::test]
async fn what_is_proved_not_to_be_applied_goes_again_or_is_not_sent() {
    let too_many = || json(429, "Retry-After: 0\r\n", "");
    let (script, writer, _) = scripted_writer(vec![too_many(), json(201, "", DONE)]).await;
    assert!(matches!(writer.request_benefit(&request("E1")).await, Sent::Accepted { status: 201, .. }));
    assert_eq!(script.requests().len(), 2);
    let listener = tokio::net::TcpListener::bind("127.0.0.1:0").await.expect("a free port");
    let url = format!("http://{}", listener.local_addr().expect("bound"));
    drop(listener);
    let (writer, log) = self::writer(&settings(&url), bearer());
    let sent = writer.put_provisioning(&provisioning("E1")).await;
    assert!(
        matches!(&sent, Sent::NotSent { reason, .. } if reason.contains(&AttemptFault::Connect.to_string())),
        "{sent:?}"
    );
    assert_eq!(log.calls().len(), 1);
    let sent = writer.request_benefit(&request("E1")).await;
    assert!(matches!(&sent, Sent::NotSent { .. }), "{sent:?}");
    assert_eq!(log.calls().len(), 1 + 4);
    let script = Script::new(vec![json(401, "", r#"{"error":"invalid_client"}"#)]).await;
    let (writer, _) = self::writer(&settings(&script.url), client_credentials(format!("{}/token", script.url)));
    assert!(matches!(writer.request_benefit(&request("E1")).await, Sent::Credentials { status: 401 }));
}

#[tokio::test]
async fn a_notice_of_the_end_of_an_endpoint_stops_no_call() {
    let headers = "Deprecation: @1767225600\r\nSunset: Tue, 30 Jun 2026 23:59:59 GMT\r\n";
    let body = r#"{"data":[],"meta":{"deprecation":{"at":"2026-01-01T00:00:00Z","sunset":"2026-06-30T23:59:59Z"}}}"#;
    let (_script, client, _) = scripted(vec![json(200, headers, body), json(200, headers, body)]).await;
    for _ in 0..2 {
        assert_eq!(client.enrollments(&"E1".into()).await.expect("an answer"), []);
    }
}

#[tokio::test]
async fn the_answer_to_a_request_is_kept_as_shares_and_without_names() {
    let answer = r#"{"data":{"id":"F08d621d","plan":{"id":"Bbc51b6b","name":"Jane's plan"},"state":"REQUESTED","employerContribution":{"dependents":35,"maxDependentsCovered":6,"teamMember":0.55}}}"#;
    let (_script, writer, _) = scripted_writer(vec![json(200, "", answer)]).await;
    let Sent::Accepted { excerpt, .. } = writer.request_benefit(&request("E1")).await else { panic!("not accepted") };
    let expected = "enrollment F08d621d, state REQUESTED, team member 55 %, at most 6 dependents, dependents 35 where \
                    fractions are due";
    assert_eq!(excerpt, expected);
}
