//! Answers that no service in its right mind gives, byte for byte.

use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::{TcpListener, TcpStream};

use super::*;
use crate::ApiError;
use crate::answer::error::AttemptFault;
use crate::benbase::{BenbaseReader, EmployerStatus};
use crate::benifex::Operation;
use tieout_model::ids::BenifexUserId;

const TOKEN: &str = r#"{"access_token":"t","expires_in":3600}"#;
const USER: &str = r#"{"data":{"id":"u1"}}"#;

/// A server that answers each request by the next bytes of its script and then closes; what came stays readable.
pub(super) struct Script {
    pub url: String,
    requests: Arc<Mutex<Vec<String>>>,
}

impl Script {
    /// The first entry of a script of answers is always a token.
    pub async fn new(answers: Vec<Vec<u8>>) -> Script {
        let listener = TcpListener::bind("127.0.0.1:0").await.expect("a free port");
        let url = format!("http://{}", listener.local_addr().expect("bound"));
        let requests = Arc::new(Mutex::new(Vec::new()));
        tokio::spawn({
            let requests = requests.clone();
            async move {
                for answer in answers {
                    let (mut stream, _) = listener.accept().await.expect("accepts");
                    let request = read_request(&mut stream).await;
                    requests.lock().expect("unpoisoned").push(request);
                    // The client may have seen enough and gone.
                    let _ = stream.write_all(&answer).await;
                    let _ = stream.shutdown().await;
                }
            }
        });
        Script { url, requests }
    }

    async fn after_token(answers: Vec<Vec<u8>>) -> Script {
        Script::new([vec![json(200, "", TOKEN)], answers].concat()).await
    }

    fn wired(&self) -> Wired {
        self.wired_with(|_| ())
    }

    fn wired_with(&self, change: impl FnOnce(&mut settings::BenifexAccess)) -> Wired {
        let mut settings = settings(&self.url, &format!("{}/token", self.url));
        change(&mut settings);
        wired(&settings, "id of ours", "s&cret=1")
    }

    pub fn requests(&self) -> Vec<String> {
        self.requests.lock().expect("unpoisoned").clone()
    }
}

pub(super) async fn read_request(stream: &mut TcpStream) -> String {
    let mut bytes = Vec::new();
    let mut chunk = [0; 4_096];
    loop {
        let read = stream.read(&mut chunk).await.expect("reads");
        bytes.extend_from_slice(&chunk[..read]);
        let text = String::from_utf8_lossy(&bytes).into_owned();
        let Some((head, body)) = text.split_once("\r\n\r\n") else {
            if read == 0 {
                return text;
            }
            continue;
        };
        let length =
            head.lines().find_map(|line| line.to_ascii_lowercase().strip_prefix("content-length: ")?.parse().ok());
        if body.len() >= length.unwrap_or(0_usize) || read == 0 {
            return text;
        }
    }
}

fn answer(status: u16, headers: &str, body: &[u8]) -> Vec<u8> {
    let head = format!("HTTP/1.1 {status} X\r\nConnection: close\r\nContent-Length: {}\r\n{headers}\r\n", body.len());
    [head.as_bytes(), body].concat()
}

pub(super) fn json(status: u16, headers: &str, body: &str) -> Vec<u8> {
    answer(status, &format!("Content-Type: application/json; charset=utf-8\r\n{headers}"), body.as_bytes())
}

#[tokio::test]
async fn every_passing_status_is_tried_again() {
    for status in [408, 425, 429, 500, 502, 503, 504, 520] {
        let script = Script::after_token(vec![json(status, "", "{}"), json(200, "", USER)]).await;
        let wired = script.wired();
        wired.client.user(&"u1".into()).await.expect("the second answer");
        assert_eq!(wired.statuses(), [status, 200]);
        let log = wired.log.lock().expect("unpoisoned");
        assert_eq!(log.iter().map(|call| call.attempt).collect::<Vec<_>>(), [1, 1, 2]);
    }
}

#[tokio::test]
async fn every_lasting_status_is_final_at_once() {
    for status in [400, 402, 405, 409, 418, 422, 451, 501, 505] {
        let body = r#"{"error":{"type":"BAD","title":"for user 00123"}}"#;
        let script = Script::after_token(vec![json(status, "", body)]).await;
        let error = script.wired().client.user(&"u1".into()).await.expect_err("final");
        assert!(matches!(error, ApiError::Refused { status: got, .. } if got == status), "{error}");
        assert_eq!(error.detail(), Some("BAD: for user #####"));
        assert_eq!(error.to_string(), format!("the service refused the call (status {status})"));
        assert_eq!(script.requests().len(), 2);
    }
}

#[tokio::test]
async fn redirects_are_refused_and_named() {
    for status in [301, 302, 303, 307, 308, 304] {
        let script = Script::after_token(vec![json(status, "Location: /elsewhere\r\n", "{}")]).await;
        let error = script.wired().client.user(&"u1".into()).await.expect_err("refused");
        assert!(matches!(error, ApiError::Redirect { status: got } if got == status), "{error}");
        assert!(error.to_string().contains("redirect"));
        assert_eq!(script.requests().len(), 2, "the redirect was followed");
    }
    let script = Script::new(vec![json(302, "Location: http://127.0.0.1:1/\r\n", "{}")]).await;
    let error = script.wired().client.user(&"u1".into()).await.expect_err("refused");
    let ApiError::Token(inner) = &error else { panic!("{error}") };
    assert!(matches!(**inner, ApiError::Redirect { status: 302 }), "{error}");
}

#[tokio::test]
async fn retry_after_as_a_date_is_obeyed_by_the_clock_of_the_service() {
    // A service whose clock is an hour behind, and one that does not tell its time.
    for (behind, dated) in [(Duration::from_secs(3_600), true), (Duration::ZERO, false)] {
        let now = std::time::SystemTime::now();
        let date = httpdate::fmt_http_date(now - behind);
        let at = httpdate::fmt_http_date(now - behind + Duration::from_secs(2));
        let dated = if dated { format!("Date: {date}\r\n") } else { String::new() };
        let busy = json(503, &format!("{dated}Retry-After: {at}\r\n"), "{}");
        let script = Script::after_token(vec![busy, json(200, "", USER)]).await;
        let wired = script.wired();
        let (user, took) = timed(wired.client.user(&"u1".into())).await;
        user.expect("the second answer");
        // Dates have whole seconds, so up to one of the two is gone already.
        assert!(took >= Duration::from_millis(900), "{took:?}");
    }
}

#[tokio::test]
async fn too_many_calls_for_an_unknown_time_wait_for_the_window_of_the_job() {
    for header in ["", "Retry-After: 0\r\n", "Retry-After: Sun, 06 Nov 1994 08:49:37 GMT\r\n", "Retry-After: soon\r\n"]
    {
        let busy = || json(429, header, "{}");
        let script = Script::after_token(vec![busy(), busy(), busy(), json(200, "", USER)]).await;
        let settings = settings(&script.url, &format!("{}/token", script.url));
        let window = Duration::from_millis(700);
        let wired = wired_with_patience(&settings, |policy| policy.window = window);
        let (user, took) = timed(wired.client.user(&"u1".into())).await;
        user.expect("the last of four sends");
        assert!(took >= window, "{header:?}: {took:?}");
    }
}

#[tokio::test]
async fn a_token_is_taken_after_the_wait_for_a_slot() {
    // One slot in two seconds, and tokens that are old after one: each call has to take a new one first.
    let brief = |number| json(200, "", &format!(r#"{{"access_token":"t{number}","expires_in":2}}"#));
    let (tokens, users) = (
        Script::new((0..9).map(brief).collect()).await,
        Script::new((0..3).map(|_| json(200, "", USER)).collect()).await,
    );
    let wired = users.wired_with(|settings| {
        settings.http.windows = vec![RateWindow { calls: 1, per: Duration::from_secs(2) }];
        settings.token_url = format!("{}/token", tokens.url);
    });
    let user = BenifexUserId::from("u1");
    let reads = (0..3).map(|_| wired.client.user(&user));
    for user in futures_util::future::join_all(reads).await {
        user.expect("answered");
    }
    let sent: std::collections::BTreeSet<String> = users.requests().iter().map(|request| bearer_of(request)).collect();
    assert_eq!(sent.len(), 3, "{sent:?}");
}

#[tokio::test]
async fn tokens_that_end_before_each_slot_are_sent_as_they_are() {
    // Token and call share the slots, and no token lives until the next one is free.
    let brief = json(200, "", r#"{"access_token":"t","expires_in":1}"#);
    let script = Script::new([vec![brief; 5], vec![json(200, "", USER)]].concat()).await;
    let windows = vec![RateWindow { calls: 1, per: Duration::from_millis(700) }];
    let wired = script.wired_with(|settings| settings.http.windows = windows);
    wired.client.user(&"u1".into()).await.expect("a service may take an old token");
}

fn bearer_of(request: &str) -> String {
    let header = request.lines().find_map(|line| line.strip_prefix("authorization: Bearer "));
    header.unwrap_or_default().to_owned()
}

#[tokio::test]
async fn all_who_wait_for_a_token_share_its_failure() {
    let script = Script::new((0..4).map(|_| json(503, "", "{}")).collect()).await;
    let wired = script.wired();
    let user = BenifexUserId::from("u1");
    let reads = (0..5).map(|_| wired.client.user(&user));
    for user in futures_util::future::join_all(reads).await {
        let error = user.expect_err("no token");
        assert_eq!(error.to_string(), "no token was to be had: given up after 4 attempts, the last with status 503");
    }
    assert_eq!(script.requests().len(), 4, "one call for all, sent four times");
}

#[tokio::test]
async fn retry_after_beyond_the_time_of_a_call_ends_it() {
    let script = Script::after_token(vec![json(503, "Retry-After: 3600\r\n", "{}")]).await;
    let (user, took) = timed(script.wired().client.user(&"u1".into())).await;
    let error = user.expect_err("no waiting for an hour");
    assert!(matches!(error, ApiError::Exhausted { attempts: 1, last: AttemptFault::Status(503), .. }), "{error}");
    assert!(took < Duration::from_secs(2), "{took:?}");
}

#[tokio::test]
async fn the_retries_of_the_run_end() {
    let script = Script::after_token(vec![json(500, "", "{}"), json(500, "", "{}"), json(200, "", USER)]).await;
    let wired = script.wired_with(|settings| settings.http.retry_budget = 1);
    let error = wired.client.user(&"u1".into()).await.expect_err("one retry is not enough");
    assert!(matches!(error, ApiError::Budget { last: AttemptFault::Status(500), .. }), "{error}");
    assert_eq!(wired.statuses(), [500, 500]);
}

#[tokio::test]
async fn a_body_beyond_the_limit_is_not_read_on() {
    let large = format!(r#"{{"data":{{"id":"u1","forename":"{}"}}}}"#, "x".repeat(70 * 1024));
    let script = Script::after_token(vec![json(200, "", &large)]).await;
    let wired = script.wired();
    let error = wired.client.user(&"u1".into()).await.expect_err("too large");
    assert!(matches!(error, ApiError::TooLarge { limit: 65_536 }), "{error}");
    assert_eq!(wired.outcomes(), [(Some(200), Some("too large"))]);
}

/// `{"data":{"id":"u1"}}`.
const GZIPPED: &[u8] = b"\x1f\x8b\x08\x00\x00\x00\x00\x00\x02\xff\xab\x56\x4a\x49\x2c\x49\x54\xb2\xaa\x56\xca\x4c\x51\xb2\x52\x2a\x35\x54\xaa\xad\x05\x00\xe1\x41\xf3\xf5\x14\x00\x00\x00";
/// The same with 100,000 blanks.
const GZIP_BOMB: &[u8] = b"\x1f\x8b\x08\x00\x00\x00\x00\x00\x02\xff\xed\xc1\xb1\x0d\x00\x10\x00\x04\xc0\x55\xe4\x37\xd0\xda\x46\xa2\xd1\x53\x89\xdd\xad\xa1\xb8\xbb\x93\xd1\x57\x4f\x3b\x99\x23\x2d\xbb\xe6\x16\x00\x00\x00\x00\x00\x00\x00\x00\x00\x00\x00\x00\x00\x00\x00\x00\x00\x00\x00\x00\x00\x00\x00\x00\x00\x00\x00\x00\x00\x00\x00\x00\x00\x00\x00\x00\x00\x00\x00\x00\x00\x00\x00\x00\x00\x00\x00\x00\x00\x00\x00\x00\x00\x00\x00\x00\x00\x00\x00\x00\x00\x00\x00\x00\x00\x00\x00\x00\x00\x00\x00\x00\x00\x00\x00\x00\x00\x00\x00\x00\x00\x00\x00\x00\x00\x00\x00\x00\x00\x00\x00\x00\x00\x00\x00\x00\xe0\x5b\xf7\x01\xc7\x33\xcc\x5f\xb4\x86\x01\x00";

#[tokio::test]
async fn packed_answers_are_unpacked_up_to_the_limit() {
    let headers = "Content-Type: application/json\r\nContent-Encoding: gzip\r\n";
    let script = Script::after_token(vec![answer(200, headers, GZIPPED)]).await;
    script.wired().client.user(&"u1".into()).await.expect("unpacked");
    assert!(script.requests()[1].to_ascii_lowercase().contains("accept-encoding: gzip"));

    let script = Script::after_token(vec![answer(200, headers, GZIP_BOMB)]).await;
    assert!(matches!(script.wired().client.user(&"u1".into()).await, Err(ApiError::TooLarge { .. })));

    let damaged = &GZIPPED[..GZIPPED.len() - 9];
    let script = Script::after_token(vec![answer(200, headers, damaged), json(200, "", USER)]).await;
    let wired = script.wired();
    wired.client.user(&"u1".into()).await.expect("the second answer");
    assert_eq!(wired.outcomes(), [(Some(200), Some("cut body")), (Some(200), None)]);
}

#[tokio::test]
async fn json_is_read_under_any_label() {
    let kinds = ["application/json", "Application/HAL+json", "text/plain; charset=utf-8", "text/html"];
    let headers = kinds.map(|kind| format!("Content-Type: {kind}\r\n"));
    for headers in headers.iter().map(String::as_str).chain([""]) {
        for body in [USER.to_owned(), format!("\u{feff}{USER}")] {
            let token = answer(200, headers, TOKEN.as_bytes());
            let script = Script::new(vec![token, answer(200, headers, body.as_bytes())]).await;
            script.wired().client.user(&"u1".into()).await.expect(headers);
            assert_eq!(script.requests().len(), 2);
        }
    }
}

#[tokio::test]
async fn what_is_no_json_under_another_label_is_tried_again() {
    let page = format!("<html>{}</html>", "x".repeat(70 * 1024));
    for body in ["<html>Please sign in</html>", page.as_str(), "\"OK\"", "0", "", "{\"data\":"] {
        let foreign = answer(200, "Content-Type: text/plain\r\n", body.as_bytes());
        let script = Script::after_token(vec![foreign, json(200, "", USER)]).await;
        let wired = script.wired();
        wired.client.user(&"u1".into()).await.expect("the second answer");
        assert_eq!(wired.outcomes(), [(Some(200), Some("wrong content type")), (Some(200), None)]);
    }
}

#[tokio::test]
async fn valid_json_of_another_shape_is_broken_without_quoting_it() {
    for body in [r#"{"data":"Amara Okafor"}"#, r#"["Amara Okafor"]"#, r#"{"data":{"employment":7}}"#, "null"] {
        let script = Script::after_token(vec![json(200, "", body)]).await;
        let error = script.wired().client.user(&"u1".into()).await.expect_err("broken");
        assert!(matches!(error, ApiError::Broken { .. }), "{error}");
        assert!(!format!("{error} {:?}", error.detail()).contains("Amara"));
        assert_eq!(script.requests().len(), 2, "it was tried again");
    }
}

#[tokio::test]
async fn data_beside_errors_is_no_answer() {
    let body = r#"{"errors":[{"title":"provider timed out"}],"data":{"id":"u1","currentBenefits":[]}}"#;
    let script = Script::after_token(vec![json(200, "", body), json(200, "", body), json(200, "", body)]).await;
    let wired = script.wired();
    let errors = [
        wired.client.user(&"u1".into()).await.expect_err("in part"),
        wired.client.benefits(&"u1".into()).await.expect_err("in part"),
        wired.client.users(&["A1".to_owned()]).await.expect_err("in part"),
    ];
    for error in errors {
        assert_eq!(error.to_string(), "the answer could not be read: it tells of errors");
        assert_eq!(error.detail(), Some("provider timed out"));
    }
}

#[tokio::test]
async fn text_that_is_not_utf_8_is_no_json() {
    let script = Script::after_token(vec![
        answer(200, "Content-Type: application/json\r\n", b"{\"data\":{\"id\":\"u1\",\"title\":\"\xff\"}}"),
        json(200, "", USER),
    ])
    .await;
    let wired = script.wired();
    wired.client.user(&"u1".into()).await.expect("the second answer");
    assert_eq!(wired.outcomes()[0], (Some(200), Some("invalid JSON")));
}

#[tokio::test]
async fn nobody_listening_is_no_connection() {
    let listener = TcpListener::bind("127.0.0.1:0").await.expect("a free port");
    let url = format!("http://{}", listener.local_addr().expect("bound"));
    drop(listener);
    let wired = wired(&settings(&url, &format!("{url}/token")), "id", "secret");
    let error = wired.client.user(&"u1".into()).await.expect_err("nobody there");
    assert!(error.is_away());
    assert_eq!(error.to_string(), "no token was to be had: given up after 4 attempts, the last with no connection");
    let log = wired.log.lock().expect("unpoisoned");
    assert!(log.iter().all(|call| call.fault == Some("connect") && call.status.is_none()));
}

#[tokio::test]
async fn id_and_secret_travel_in_the_form_and_nowhere_else() {
    let script = Script::after_token(vec![json(200, "", USER)]).await;
    let wired = script.wired_with(|settings| settings.scope = Some("users.read more".to_owned()));
    wired.client.user(&"u1".into()).await.expect("answered");
    let requests = script.requests();
    let (head, body) = requests[0].split_once("\r\n\r\n").expect("whole");
    let expected =
        "grant_type=client_credentials&client_id=id+of+ours&client_secret=s%26cret%3D1&scope=users.read+more";
    assert!(head.starts_with("POST /token HTTP/1.1\r\n"));
    assert_eq!(body, expected);
    let head = requests[1].to_ascii_lowercase();
    assert!(head.starts_with("get /users/u1 http/1.1\r\n"));
    assert!(head.contains("authorization: bearer t\r\n") && head.contains("accept: application/json\r\n"));
    assert!(head.contains(concat!("user-agent: tieout/", env!("CARGO_PKG_VERSION"))));
    assert!(!head.contains("ours"));
}

#[tokio::test]
async fn a_refused_token_is_final_for_all_later_calls() {
    for status in [400, 401, 403, 404] {
        let script = Script::new(vec![json(status, "", r#"{"error":"invalid_client"}"#)]).await;
        let wired = script.wired();
        for _ in 0..2 {
            let error = wired.client.user(&"u1".into()).await.expect_err("no token");
            assert!(matches!(error, ApiError::Credentials { status: got, .. } if got == status), "{error}");
        }
        assert_eq!(script.requests().len(), 1, "the account could be locked by asking again");
    }
}

#[tokio::test]
async fn a_token_that_passes_faults_is_asked_for_again() {
    let script = Script::new(vec![json(503, "", "{}"), json(200, "", TOKEN), json(200, "", USER)]).await;
    script.wired().client.user(&"u1".into()).await.expect("after one more token call");
}

#[tokio::test]
async fn token_calls_count_against_the_limit_on_the_same_server_only() {
    let window = RateWindow { calls: 1, per: Duration::from_secs(1) };
    let same = Script::after_token(vec![json(200, "", USER)]).await;
    let wired_same = same.wired_with(|settings| settings.http.windows = vec![window]);
    let (user, took) = timed(wired_same.client.user(&"u1".into())).await;
    user.expect("answered");
    assert!(took >= window.per, "{took:?}");

    let (tokens, users) = (Script::new(vec![json(200, "", TOKEN)]).await, Script::new(vec![json(200, "", USER)]).await);
    let wired_apart = users.wired_with(|settings| {
        settings.http.windows = vec![window];
        settings.token_url = format!("{}/token", tokens.url);
    });
    let (user, took) = timed(wired_apart.client.user(&"u1".into())).await;
    user.expect("answered");
    assert!(took < window.per, "{took:?}");
}

#[tokio::test]
async fn the_log_and_the_errors_hold_no_ids() {
    let script = Script::after_token(vec![json(404, "", "{}"), json(404, "", "{}"), json(404, "", "{}")]).await;
    let wired = script.wired();
    let ids = ["SECRET-ID".to_owned()];
    let errors = [
        wired.client.users(&ids).await.expect_err("404").to_string(),
        wired.client.user(&"SECRET-ID".into()).await.expect_err("404").to_string(),
        wired.client.benefits(&"SECRET-ID".into()).await.expect_err("404").to_string(),
    ];
    let log = format!("{:?} {errors:?}", wired.log.lock().expect("unpoisoned"));
    assert!(!log.contains("SECRET"), "{log}");
    assert!(log.contains("/users/{user-id}/benefits/details"));
}

#[tokio::test]
async fn each_operation_has_its_path() {
    let cases = [
        (
            Operation::Users { ids: vec!["A 1".into(), "B&2".into()], page: Some(3) },
            "/users?employeeIds=A%201,B%262&page=3&size=20",
        ),
        (Operation::Users { ids: vec!["A1".into()], page: None }, "/users?employeeIds=A1&page=0&size=20"),
        (Operation::User { user_id: "u/1".into() }, "/users/u%2F1"),
        (Operation::Summary { user_id: "u1".into() }, "/v2/users/u1/benefits/summary"),
        (Operation::Details { user_id: "u1".into() }, "/v2/users/u1/benefits/details"),
        (Operation::Benefit { user_id: "u1".into(), key: "_Life x".into() }, "/v2/users/u1/benefits/_Life%20x/summary"),
    ];
    for (operation, path) in cases {
        let script = Script::after_token(vec![json(200, "", r#"{"data":10.00}"#)]).await;
        let wired = script.wired_with(|settings| settings.benefits_prefix = "/v2".to_owned());
        let raw = wired.client.raw(&operation).await.expect("answered");
        assert_eq!(raw.get(), r#"{"data":10.00}"#);
        assert!(script.requests()[1].starts_with(&format!("GET {path} HTTP/1.1\r\n")), "{}", script.requests()[1]);
    }
}

#[tokio::test]
async fn what_would_be_ambiguous_is_not_sent() {
    let script = Script::new(vec![]).await;
    let wired = script.wired();
    let long = "x".repeat(2_000);
    for ids in [vec!["A,1"], vec![], vec![" "], vec!["A1", ""], vec![long.as_str()]] {
        let ids: Vec<String> = ids.into_iter().map(str::to_owned).collect();
        assert!(matches!(wired.client.users(&ids).await, Err(ApiError::Unsendable { .. })), "{ids:?}");
    }
    assert!(matches!(wired.client.user(&"..".into()).await, Err(ApiError::Unsendable { .. })));
    assert_eq!(script.requests().len(), 0);
}

#[tokio::test]
async fn ids_are_repeated_where_the_job_says_so() {
    let empty = r#"{"data":[],"pagination":{"page":0,"totalPages":0,"totalItems":0,"hasNext":false}}"#;
    let script = Script::after_token(vec![json(200, "", empty)]).await;
    let wired = script.wired_with(|settings| settings.employee_ids_style = EmployeeIdsStyle::Repeat);
    let batch = wired.client.users(&["A,1".to_owned(), " B2 ".to_owned()]).await.expect("answered");
    assert_eq!(batch.inconsistencies, [""; 0]);
    let line = "GET /users?employeeIds=A%2C1&employeeIds=B2&page=0&size=20 HTTP/1.1\r\n";
    assert!(script.requests()[1].starts_with(line), "{}", script.requests()[1]);
}

#[tokio::test]
async fn batches_respect_their_size_and_the_length_of_a_url() {
    let script = Script::new(vec![]).await;
    let wired = script.wired();
    let ids = |count: usize, length: usize| -> Vec<String> { (0..count).map(|n| format!("{n:0length$}")).collect() };

    let sizes = |ids: &[String]| wired.client.batches(ids).iter().map(Vec::len).collect::<Vec<_>>();
    assert_eq!(sizes(&ids(45, 5)), [20, 20, 5]);
    assert_eq!(sizes(&[]), [0; 0]);
    let long = ids(40, 300);
    // A URL of 2,000 bytes has room for six ids of 300.
    assert_eq!(sizes(&long), [6, 6, 6, 6, 6, 6, 4]);
    assert_eq!(wired.client.batches(&long).concat(), long);
    for batch in wired.client.batches(&long) {
        let url = format!("{}/users?employeeIds={}&page=199&size=20", script.url, batch.join(","));
        assert!(url.len() < 2_000, "{} bytes", url.len());
    }
    let odd: Vec<String> = ["A1", "B,2", "C3", "D4"].map(str::to_owned).into();
    assert_eq!(wired.client.batches(&odd), [vec!["A1"], vec!["B,2"], vec!["C3", "D4"]]);
}

#[tokio::test]
async fn the_status_of_an_employer_is_read_with_a_fixed_key() {
    let script = Script::new(vec![
        json(200, "", r#"{"status":"ACTIVE","payroll":{"connected":true}}"#),
        json(401, "", r#"{"error":"Invalid key"}"#),
    ])
    .await;
    let settings = settings::BenbaseAccess {
        base_url: format!("{}/api/", script.url),
        api_key: SecretRef::Sandbox,
        employer_id: "emp/1".into(),
        idempotency_header: None,
        http: limits(),
    };
    let (_stop, cancel) = watch::channel(false);
    let key = "sandbox_sk_1".into();
    let reader = BenbaseReader::connect(&settings, &key, Arc::new(drop), Arc::new(Utc::now), cancel).expect("sound");
    let expected = EmployerStatus { status: "ACTIVE".to_owned(), payroll_connected: Some(true) };
    assert_eq!(reader.employer_status().await.expect("answered"), expected);
    let error = reader.employer_status().await.expect_err("401 is final for a fixed key");
    assert!(matches!(error, ApiError::Credentials { status: 401, .. }), "{error}");
    let head = script.requests()[0].to_ascii_lowercase();
    assert!(head.starts_with("get /api/employer/emp%2f1/status http/1.1\r\n"), "{head}");
    assert!(head.contains("authorization: bearer sandbox_sk_1\r\n"));
}

#[tokio::test]
async fn settings_that_would_leak_or_fail_are_refused_before_any_call() {
    let refused = |change: &dyn Fn(&mut settings::BenifexAccess)| {
        let mut settings = settings("https://api.example.com", "https://hub.example.com/token");
        change(&mut settings);
        let (_stop, cancel) = watch::channel(false);
        let credentials = Credentials { client_id: "id".into(), client_secret: "secret".into() };
        let made = BenifexClient::connect(&settings, credentials, Arc::new(drop), Arc::new(Utc::now), cancel);
        made.err().map(|error| format!("{error:#}")).unwrap_or_default()
    };
    assert!(refused(&|s| s.base_url = "http://api.example.com".into()).contains("benifex.base_url"));
    assert!(refused(&|s| s.token_url = "http://hub.example.com".into()).contains("benifex.token_url"));
    assert!(refused(&|s| s.http.ca_file = Some("/nowhere/ca.pem".into())).contains("/nowhere/ca.pem"));
    let empty = tempfile::NamedTempFile::new().expect("a file");
    assert!(refused(&|s| s.http.ca_file = Some(empty.path().into())).contains("no certificate"));
}

#[tokio::test]
async fn a_run_that_was_stopped_sends_nothing() {
    let script = Script::new(vec![]).await;
    let wired = script.wired();
    wired.stop.send_replace(true);
    assert!(matches!(wired.client.user(&"u1".into()).await, Err(ApiError::Cancelled)));
    assert_eq!((script.requests().len(), wired.outcomes().len()), (0, 0));
}
