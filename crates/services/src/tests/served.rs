//! The Benifex client against the sandbox: one test a status and a fault that the sandbox can give.

use super::*;
use crate::ApiError;
use crate::answer::error::{AttemptFault, RefusedBy};
use crate::benifex::Operation;
use tieout_model::records::benifex::ListedUser;
use tieout_sandbox::{CLIENT_ID, CLIENT_SECRET, Faults, Running, Settings, start};

/// A sandbox with `count` users `u1`, `u2`, … of the employees `001`, `002`, …; each has life cover.
struct Served {
    running: Running,
    ids: Vec<String>,
    _world: tempfile::TempDir,
}

impl Served {
    async fn new(count: usize, faults: &str) -> Served {
        Served::with(count, faults, |_| ()).await
    }

    async fn with(count: usize, faults: &str, change: impl FnOnce(&mut Settings)) -> Served {
        let world = tempfile::tempdir().expect("a folder");
        let folder = world.path().join("benifex");
        std::fs::create_dir(&folder).expect("writable");
        let (mut users, mut benefits) = (String::new(), String::new());
        for n in 1..=count {
            users += &format!(
                r#"{{"id":"u{n}","employment":{{"employeeId":"{n:03} ","salaryDetails":{{"salary":{n}000.10}}}}}}"#
            );
            benefits += &format!(
                r#"{{"userId":"u{n}","data":{{"currentBenefits":[{{"benefitKey":"_Life","status":"ACTIVE","effectiveFrom":"01/04/2025","datesFormat":"dd/MM/yyyy","employeeContribution":{{"monthly":{n}.10,"currency":"GBP"}}}}],"eligibleToAddBenefits":[]}}}}"#
            );
            users.push('\n');
            benefits.push('\n');
        }
        users += "{\"id\":\"u-gone\",\"employment\":{\"employeeId\":\"gone\"},\"_gone\":true}\n";
        std::fs::write(folder.join("users.ndjson"), users).expect("writable");
        std::fs::write(folder.join("benefits.ndjson"), benefits).expect("writable");
        let mut settings = Settings::for_world(world.path());
        settings.limit = sandboxed(WINDOW);
        settings.faults = Faults::parse(faults).expect(faults);
        change(&mut settings);
        let running = start(settings).await.expect("starts");
        Served { running, ids: (1..=count).map(|n| format!("{n:03}")).collect(), _world: world }
    }

    fn wired(&self) -> Wired {
        self.wired_with(|_| ())
    }

    fn wired_with(&self, change: impl FnOnce(&mut settings::BenifexAccess)) -> Wired {
        let mut settings = settings(&self.running.base_url(), &self.running.token_url());
        change(&mut settings);
        wired(&settings, CLIENT_ID, CLIENT_SECRET)
    }
}

fn listed(numbers: impl IntoIterator<Item = usize>) -> Vec<ListedUser> {
    let user = |n| ListedUser { user_id: format!("u{n}").into(), employee_id: format!("{n:03}") };
    numbers.into_iter().map(user).collect()
}

/// Reads one user while `faults` meet the calls; checks statuses and faults in the log and that the call succeeds.
async fn check_mended(faults: &str, expected: &[(Option<u16>, Option<&'static str>)]) {
    let served = Served::new(1, faults).await;
    let wired = served.wired();
    let user =
        wired.client.user(&"u1".into()).await.unwrap_or_else(|error| panic!("{faults}: {error} {:?}", error.detail()));
    assert_eq!(user.salary, Some(10_001_000));
    assert_eq!(wired.outcomes(), expected, "{faults}");
    assert_eq!(served.running.counts().calls, expected.len() as u64);
}

/// Reads one user whose calls all meet `fault`; checks that the sends end and with which reason.
async fn check_given_up(fault: &str, expected: AttemptFault, reason: &str) {
    let served = Served::new(1, &format!("{fault}@user:u1")).await;
    let wired = served.wired_with(|settings| settings.http.read_timeout = Duration::from_millis(200));
    let error = wired.client.user(&"u1".into()).await.expect_err(fault);
    assert!(matches!(error, ApiError::Exhausted { attempts: 4, last, .. } if last == expected), "{error:?}");
    assert_eq!(error.to_string(), format!("given up after 4 attempts, the last with {reason}"));
    assert_eq!(served.running.counts().calls, 4);
}

#[tokio::test]
async fn a_batch_a_user_and_benefits_are_read() {
    let served = Served::new(3, "").await;
    let wired = served.wired();
    let ids = [served.ids.clone(), vec!["unknown".to_owned()]].concat();
    let batch = wired.client.users(&ids).await.expect("answered");
    assert_eq!((batch.users, batch.inconsistencies), (listed(1..=3), vec![]));
    let user = wired.client.user(&"u2".into()).await.expect("answered");
    assert_eq!((user.employee_id.as_deref(), user.salary), (Some("002"), Some(20_001_000)));
    let benefits = wired.client.benefits(&"u2".into()).await.expect("answered");
    assert_eq!((benefits.len(), benefits[0].ee_monthly), (1, Some(21_000)));
    assert_eq!(benefits[0].effective_from, chrono::NaiveDate::from_ymd_opt(2025, 4, 1));
    assert_eq!(served.running.counts().unauthorized, 0);
}

#[tokio::test]
async fn all_pages_of_a_batch_are_read_once() {
    let served = Served::new(7, "").await;
    let wired = served.wired_with(|settings| settings.page_size = 3);
    let batch = wired.client.users(&served.ids).await.expect("answered");
    assert_eq!((batch.users, batch.inconsistencies), (listed(1..=7), vec![]));
    assert_eq!(served.running.counts().calls, 3);
}

#[tokio::test]
async fn a_wrong_first_page_is_seen() {
    let served = Served::new(7, "").await;
    let wired = served.wired_with(|settings| (settings.page_size, settings.first_page) = (3, 1));
    let batch = wired.client.users(&served.ids).await.expect("answered");
    assert!(!batch.inconsistencies.is_empty());
    assert_eq!(served.running.counts().calls, 4, "two pages, read twice");
}

#[tokio::test]
async fn every_operation_gives_its_raw_answer() {
    let served = Served::new(1, "").await;
    let wired = served.wired();
    let user_id = || "u1".to_owned();
    for (operation, part) in [
        (Operation::Users { ids: served.ids.clone(), page: None }, "\"totalItems\":1"),
        (Operation::User { user_id: user_id().into() }, "\"salary\":1000.10"),
        (Operation::Summary { user_id: user_id().into() }, "\"status\":\"ACTIVE\""),
        (Operation::Details { user_id: user_id().into() }, "\"monthly\":1.10"),
        (Operation::Benefit { user_id: user_id().into(), key: "_Life".to_owned() }, "\"monthly\":1.10"),
    ] {
        let answer = wired.client.raw(&operation).await.expect("answered");
        assert!(answer.get().contains(part), "{answer}");
    }
    let missing = Operation::User { user_id: "nobody".into() };
    let error = wired.client.raw(&missing).await.expect_err("404");
    assert_eq!(error.to_string(), "the service does not know it (status 404)");
    assert_eq!(error.detail(), Some("NOT_FOUND: User not found"));
}

#[tokio::test]
async fn status_404_and_410_and_403_and_422_are_final() {
    let served = Served::new(3, "status:403@user:u2; status:422@user:u3").await;
    let wired = served.wired();
    assert!(matches!(wired.client.user(&"nobody".into()).await, Err(ApiError::NotFound { .. })));
    assert!(matches!(wired.client.benefits(&"nobody".into()).await, Err(ApiError::NotFound { .. })));
    assert!(matches!(wired.client.user(&"u-gone".into()).await, Err(ApiError::Gone { .. })));
    assert!(matches!(wired.client.benefits(&"u-gone".into()).await, Err(ApiError::Gone { .. })));
    let forbidden = wired.client.user(&"u2".into()).await;
    assert!(matches!(forbidden, Err(ApiError::Credentials { place: RefusedBy::Call, status: 403, .. })));
    assert!(matches!(wired.client.user(&"u3".into()).await, Err(ApiError::Refused { status: 422, .. })));
    assert_eq!(served.running.counts().calls, 6);
}

#[tokio::test]
async fn a_wrong_prefix_is_not_found() {
    let served = Served::new(1, "").await;
    let wired = served.wired_with(|settings| settings.benefits_prefix = "/v2".to_owned());
    assert!(matches!(wired.client.benefits(&"u1".into()).await, Err(ApiError::NotFound { .. })));
}

#[tokio::test]
async fn wrong_credentials_are_told() {
    let served = Served::new(1, "").await;
    let settings = settings(&served.running.base_url(), &served.running.token_url());
    let error = wired(&settings, CLIENT_ID, "guess").client.user(&"u1".into()).await.expect_err("refused");
    assert!(matches!(error, ApiError::Credentials { place: RefusedBy::Token, status: 401, .. }), "{error}");
    assert_eq!(served.running.counts().calls, 0);
}

#[tokio::test]
async fn status_401_renews_the_token_once_and_repeats_once() {
    check_mended("expire@1", &[(Some(401), None), (Some(200), None)]).await;

    let served = Served::new(1, "expire@user:u1").await;
    let wired = served.wired();
    let error = wired.client.user(&"u1".into()).await.expect_err("each token is void on arrival");
    assert!(matches!(error, ApiError::Credentials { place: RefusedBy::Call, status: 401, .. }), "{error}");
    assert_eq!(wired.statuses(), [401, 401]);
    assert_eq!(served.running.counts().tokens, 2);
}

#[tokio::test]
async fn one_token_serves_all_workers_and_one_renewal_too() {
    let served = Served::new(20, "expire@25").await;
    let wired = served.wired_with(|settings| settings.http.attempts_max = 1);
    for _ in 0..2 {
        let reads = (1..=20).map(|n| {
            let client = wired.client.clone();
            tokio::spawn(async move { client.user(&format!("u{n}").into()).await.map(drop) })
        });
        for read in reads.collect::<Vec<_>>() {
            read.await.expect("no panic").expect("answered");
        }
    }
    assert_eq!(served.running.counts().tokens, 2);
}

#[tokio::test]
async fn a_token_is_renewed_before_it_ends() {
    let served = Served::with(1, "", |settings| settings.token_lifetime = Duration::from_secs(2)).await;
    let wired = served.wired();
    for _ in 0..6 {
        wired.client.user(&"u1".into()).await.expect("answered");
        tokio::time::sleep(Duration::from_millis(400)).await;
    }
    let counts = served.running.counts();
    assert_eq!(counts.unauthorized, 0);
    assert!((2..6).contains(&counts.tokens), "{} tokens for 6 calls", counts.tokens);
}

#[tokio::test]
async fn passing_statuses_are_tried_again() {
    for status in [408_u16, 425, 500, 502, 503, 504] {
        let expected = [(Some(status), None), (Some(status), None), (Some(200), None)];
        check_mended(&format!("status:{status}@user:u1 times=2"), &expected).await;
    }
}

#[tokio::test]
async fn a_service_that_stays_broken_is_given_up() {
    check_given_up("status:503", AttemptFault::Status(503), "status 503").await;
    check_given_up("status:429:0", AttemptFault::Status(429), "status 429").await;
    check_given_up("hang", AttemptFault::TimedOut, "a time-out").await;
    check_given_up("reset", AttemptFault::Reset, "a broken connection").await;
    check_given_up("cut", AttemptFault::CutBody, "a cut answer").await;
    check_given_up("badjson", AttemptFault::InvalidJson, "invalid JSON").await;
    check_given_up("html", AttemptFault::ContentType, "a wrong content type").await;
}

#[tokio::test]
async fn broken_answers_are_tried_again() {
    let good = (Some(200), None);
    check_mended("reset@1", &[(None, Some("reset")), good]).await;
    check_mended("lost@1", &[(None, Some("reset")), good]).await;
    check_mended("cut@1", &[(Some(200), Some("cut body")), good]).await;
    check_mended("badjson@1", &[(Some(200), Some("invalid JSON")), good]).await;
    check_mended("html@1", &[(Some(200), Some("wrong content type")), good]).await;
    check_mended("hang@1", &[(None, Some("time-out")), good]).await;
    check_mended("slow:5s@1", &[(None, Some("time-out")), good]).await;
    check_mended("slow:300ms@1", &[good]).await;
}

#[tokio::test]
async fn token_faults_are_mended_too() {
    let good = [(Some(200), None)];
    for fault in ["status:503", "status:429:0", "reset", "cut", "badjson", "html", "hang"] {
        check_mended(&format!("{fault}@token:1"), &good).await;
    }
}

#[tokio::test]
async fn retry_after_in_seconds_stops_all_workers() {
    let served = Served::new(4, "status:429:1@user:u1 times=1").await;
    let wired = served.wired();
    assert!(wired.client.user(&"u2".into()).await.is_ok());
    let limited = tokio::spawn({
        let client = wired.client.clone();
        async move { client.user(&"u1".into()).await.map(drop) }
    });
    while !wired.statuses().contains(&429) {
        tokio::time::sleep(Duration::from_millis(5)).await;
    }
    let (others, took) =
        timed(async { (wired.client.user(&"u3".into()).await, wired.client.user(&"u4".into()).await) }).await;
    others.0.expect("answered");
    others.1.expect("answered");
    assert!(took >= Duration::from_millis(900), "another worker went on after {took:?}");
    limited.await.expect("no panic").expect("answered after the pause");
}

#[tokio::test]
async fn a_duplicated_row_that_passes_is_read_away() {
    let served = Served::new(5, "duprow@2").await;
    let wired = served.wired_with(|settings| settings.page_size = 3);
    let batch = wired.client.users(&served.ids).await.expect("answered");
    assert_eq!((batch.users, batch.inconsistencies), (listed(1..=5), vec![]));
    assert_eq!(served.running.counts().calls, 4);
}

#[tokio::test]
async fn contradictions_that_stay_are_told_and_rows_counted_once() {
    for (fault, contradiction) in
        [("duprow@users", "a user came twice"), ("movingtotal@users", "the totals change from page to page")]
    {
        let served = Served::new(5, fault).await;
        let wired = served.wired_with(|settings| settings.page_size = 3);
        let batch = wired.client.users(&served.ids).await.expect("answered");
        assert_eq!(batch.users, listed(1..=5));
        assert!(batch.inconsistencies.iter().any(|told| told == contradiction), "{:?}", batch.inconsistencies);
        assert_eq!(served.running.counts().calls, 4, "read again once, not more");
    }
}

#[tokio::test]
async fn the_limit_is_kept_as_the_server_sees_it_and_used_in_full() {
    let limit = RateWindow { calls: 40, per: Duration::from_secs(1) };
    let served = Served::with(1, "", |settings| {
        settings.limit = sandboxed(limit);
        settings.latency = Duration::from_millis(5);
    })
    .await;
    let wired = served.wired_with(|settings| settings.http.windows = vec![limit]);
    let (_, took) = timed(async {
        let reads: Vec<_> = (0..8)
            .map(|_| {
                let client = wired.client.clone();
                tokio::spawn(async move {
                    for _ in 0..20 {
                        client.user(&"u1".into()).await.expect("answered");
                    }
                })
            })
            .collect();
        for read in reads {
            read.await.expect("no panic");
        }
    })
    .await;
    let counts = served.running.counts();
    assert_eq!((counts.calls, counts.limited), (160, 0));
    assert!(counts.most_arrived <= 40, "{} calls in a window", counts.most_arrived);
    // 161 calls with the token's, 40 a second: the last goes after four seconds. One more for a busy machine.
    assert!(took < Duration::from_secs(5), "{took:?}");
}

#[tokio::test]
async fn no_more_calls_are_in_flight_than_the_job_says() {
    let served = Served::with(1, "", |settings| settings.latency = Duration::from_millis(100)).await;
    let wired = served.wired_with(|settings| settings.http.concurrency = 2);
    wired.client.user(&"u1".into()).await.expect("answered");
    let reads: Vec<_> = (0..6)
        .map(|_| {
            let client = wired.client.clone();
            tokio::spawn(async move { client.user(&"u1".into()).await.map(drop) })
        })
        .collect();
    let (_, took) = timed(async {
        for read in reads {
            read.await.expect("no panic").expect("answered");
        }
    })
    .await;
    assert!(took >= Duration::from_millis(300), "{took:?}");
    let mut log = wired.log.lock().expect("unpoisoned").clone();
    log.sort_by_key(|call| call.sent_us);
    for three in log.windows(3) {
        assert!(three[2].sent_us >= three[0].answered_us.min(three[1].answered_us), "three at once");
    }
}

#[tokio::test]
async fn the_call_in_flight_ends_and_no_other_begins() {
    let served = Served::new(2, "slow:300ms@user:u1").await;
    let wired = served.wired();
    wired.client.user(&"u2".into()).await.expect("answered");
    let in_flight = tokio::spawn({
        let client = wired.client.clone();
        async move { client.user(&"u1".into()).await.map(drop) }
    });
    while served.running.counts().calls < 2 {
        tokio::time::sleep(Duration::from_millis(5)).await;
    }
    wired.stop.send_replace(true);
    assert!(matches!(wired.client.user(&"u2".into()).await, Err(ApiError::Cancelled)));
    in_flight.await.expect("no panic").expect("its answer still counts");
    assert_eq!(served.running.counts().calls, 2);
}

#[tokio::test]
async fn waits_end_when_the_run_is_stopped() {
    let served = Served::new(1, "status:503:15@user:u1; hang@2").await;
    let wired = served.wired();
    let waiting = tokio::spawn({
        let client = wired.client.clone();
        async move { client.user(&"u1".into()).await.map(drop) }
    });
    while wired.statuses().is_empty() {
        tokio::time::sleep(Duration::from_millis(5)).await;
    }
    let (ended, took) = timed(async {
        wired.stop.send_replace(true);
        waiting.await.expect("no panic")
    })
    .await;
    assert!(matches!(ended, Err(ApiError::Cancelled)));
    assert!(took < Duration::from_secs(1), "{took:?}");
    assert_eq!(served.running.counts().calls, 1);
}

#[tokio::test]
async fn a_read_that_is_dropped_in_flight_is_logged_as_abandoned() {
    let served = Served::new(1, "hang@1").await;
    let wired = served.wired();
    let dropped = tokio::time::timeout(Duration::from_millis(300), wired.client.user(&"u1".into())).await;
    assert!(dropped.is_err());
    assert_eq!(wired.outcomes(), [(None, Some("abandoned"))]);
}
