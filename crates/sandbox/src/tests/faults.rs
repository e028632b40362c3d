use std::error::Error;
use std::time::Instant;

use super::*;

const LIST: &str = "/users?employeeIds=00123,00124&page=0&size=2";

/// All causes of an error in one text.
fn causes(error: &dyn Error) -> String {
    let next = error.source().map(causes).unwrap_or_default();
    format!("{error}; {next}")
}

fn ids(body: &Value) -> Vec<&str> {
    body["data"].as_array().unwrap().iter().map(|row| row["id"].as_str().unwrap()).collect()
}

#[tokio::test]
async fn a_status_replaces_the_answer_of_its_request_only() {
    let fixture = Fixture::faulty("status:503@2; status:429:7@3; status:500@4; status:502@5").await;
    assert_eq!(fixture.get("/users/u1").await.0, 200);
    check_error(fixture.get("/users/u1").await, 503, "SERVICE_UNAVAILABLE");
    let slow_down = fixture.try_get("/users/u1").await.unwrap();
    assert_eq!((slow_down.status().as_u16(), slow_down.headers()["retry-after"].to_str().unwrap()), (429, "7"));
    check_error(fixture.get("/users/u1").await, 500, "INTERNAL_SERVER_ERROR");
    check_error(fixture.get("/users/u1").await, 502, "BAD_GATEWAY");
    assert_eq!(fixture.get("/users/u1").await.0, 200);
    let counts = fixture.running.counts();
    assert_eq!((counts.calls, counts.faulted, counts.limited), (6, 4, 0));
    assert_eq!(counts.answered["GET /users/{user-id} u1"], 2);
}

#[tokio::test]
async fn a_fault_of_a_user_meets_record_and_benefits_but_no_other_user() {
    let fixture = Fixture::faulty("status:500@user:u1; status:502@benefits:u2; status:503@employee:00125").await;
    for path in ["/users/u1", "/users/u1/benefits/details", "/users/u1/benefits/_Life/summary"] {
        assert_eq!(fixture.get(path).await.0, 500);
        assert_eq!(fixture.get(path).await.0, 500);
    }
    assert_eq!((fixture.get("/users/u2").await.0, fixture.get("/users/u2/benefits/summary").await.0), (200, 502));
    assert_eq!(fixture.get(LIST).await.0, 200);
    assert_eq!(fixture.get("/users?employeeIds=00123,00125&page=0&size=9").await.0, 503);
}

#[tokio::test]
async fn a_slow_answer_is_right_but_late() {
    let fixture = Fixture::faulty("slow:150ms@1").await;
    let before = Instant::now();
    assert_eq!(fixture.get("/users/u1").await.0, 200);
    assert!(before.elapsed() >= Duration::from_millis(150));
    assert_eq!(fixture.running.counts().answered["GET /users/{user-id} u1"], 1);
}

#[tokio::test]
async fn a_hang_never_answers_and_a_stop_ends_it() {
    let fixture = Fixture::faulty("hang@1").await;
    let url = format!("{}/users/u1", fixture.running.base_url());
    let impatient = fixture.client.get(&url).bearer_auth(&fixture.token).timeout(Duration::from_millis(200));
    assert!(impatient.send().await.unwrap_err().is_timeout());
    assert_eq!(fixture.get("/users/u1").await.0, 200);
    assert_eq!(fixture.running.counts().answered["GET /users/{user-id} u1"], 1);

    let fixture = Fixture::faulty("hang@1").await;
    let url = format!("{}/users/u1", fixture.running.base_url());
    let hanging = tokio::spawn(fixture.client.get(&url).bearer_auth(&fixture.token).send());
    while fixture.running.counts().calls == 0 {
        tokio::time::sleep(Duration::from_millis(5)).await;
    }
    let before = Instant::now();
    fixture.running.stop().await;
    assert!(hanging.await.unwrap().is_err());
    assert!(before.elapsed() < Duration::from_secs(3), "{:?}", before.elapsed());
}

#[tokio::test]
async fn a_reset_is_seen_as_one() {
    let fixture = Fixture::faulty("reset@1").await;
    let error = fixture.try_get("/users/u1").await.unwrap_err();
    assert!(causes(&error).to_lowercase().contains("reset"), "{}", causes(&error));
    assert_eq!(fixture.get("/users/u1").await.0, 200);
}

#[tokio::test]
async fn a_cut_body_starts_well_and_ends_early() {
    let fixture = Fixture::faulty("cut@1").await;
    let answer = fixture.try_get("/users/u1").await.unwrap();
    assert_eq!(answer.status().as_u16(), 200);
    let full: usize = answer.headers()["content-length"].to_str().unwrap().parse().unwrap();
    assert!(full > USERS.lines().next().unwrap().len());
    let error = answer.bytes().await.unwrap_err();
    assert!(causes(&error).contains("end of file before message length reached"), "{}", causes(&error));
    assert_eq!(fixture.get("/users/u1").await.0, 200);
}

#[tokio::test]
async fn half_a_json_text_comes_whole_as_far_as_http_can_tell() {
    let fixture = Fixture::faulty("badjson@1").await;
    let answer = fixture.try_get("/users/u1").await.unwrap();
    assert_eq!(
        (answer.status().as_u16(), &answer.headers()["content-type"]),
        (200, &"application/json".parse().unwrap())
    );
    assert!(serde_json::from_str::<Value>(&answer.text().await.unwrap()).is_err());
}

#[tokio::test]
async fn a_page_of_html_comes_with_status_200() {
    let fixture = Fixture::faulty("html@1").await;
    let answer = fixture.try_get("/users/u1").await.unwrap();
    assert_eq!(answer.status().as_u16(), 200);
    assert!(answer.headers()["content-type"].to_str().unwrap().starts_with("text/html"));
    assert!(answer.text().await.unwrap().starts_with("<!DOCTYPE html>"));
}

#[tokio::test]
async fn a_duplicated_row_spans_pages_or_stands_twice() {
    let fixture = Fixture::faulty("duprow@1; duprow@3").await;
    let (_, first) = fixture.get(LIST).await;
    assert_eq!((ids(&first), &first["pagination"]["totalItems"]), (vec!["u2", "u1", "u2"], &3.into()));
    let (_, clean) = fixture.get(LIST).await;
    assert_eq!(ids(&clean), ["u1", "u2"]);
    let (_, second) = fixture.get("/users?employeeIds=00123,00124&page=1&size=2").await;
    assert_eq!((ids(&second), &second["pagination"]["totalItems"]), (vec!["u2", "u3"], &3.into()));
}

#[tokio::test]
async fn a_moving_total_is_another_one_on_each_page_and_read() {
    let fixture = Fixture::faulty("movingtotal@users").await;
    let mut totals = Vec::new();
    for path in [LIST, "/users?employeeIds=00123,00124&page=1&size=2", LIST] {
        let (_, body) = fixture.get(path).await;
        totals.push(body["pagination"]["totalItems"].as_u64().unwrap());
    }
    assert_eq!(totals, [4, 5, 5]);
}

#[tokio::test]
async fn an_expired_token_is_refused_until_it_is_renewed() {
    let mut fixture = Fixture::faulty("expire@2").await;
    assert_eq!(fixture.get("/users/u1").await.0, 200);
    for _ in 0..2 {
        check_error(fixture.get("/users/u1").await, 401, "UNAUTHORIZED");
    }
    fixture.renew().await;
    assert_eq!(fixture.get("/users/u1").await.0, 200);
}

#[tokio::test]
async fn token_requests_have_their_own_count() {
    let mut fixture = Fixture::faulty("status:503@token:2; reset@1").await;
    let (status, body) = fixture.grant(&credentials()).await;
    assert_eq!((status, &body["error"]), (503, &"service_unavailable".into()));
    fixture.renew().await;
    assert!(fixture.try_get("/users/u1").await.is_err());
}

#[tokio::test]
async fn a_lost_change_was_applied_and_a_reset_one_was_not() {
    let fixture = Fixture::faulty("lost@post:1; reset@post:2; status:500@post:3; cut@post:4").await;
    let bodies = ["2026-01-01", "2026-01-02", "2026-01-03", "2026-01-04"]
        .map(|day| serde_json::json!({"employee_id": "emp_1", "termination_date": day}).to_string());
    let held = |day: &str| {
        let held = fixture.running.benbase_employee("emp_1").unwrap();
        assert!(held.contains(day), "{held}");
    };
    assert!(fixture.try_change("termination", &bodies[0]).await.is_err());
    held("2026-01-01");
    assert!(fixture.try_change("termination", &bodies[1]).await.is_err());
    held("2026-01-01");
    assert_eq!(fixture.try_change("termination", &bodies[2]).await.unwrap().status().as_u16(), 500);
    held("2026-01-01");
    assert!(fixture.try_change("termination", &bodies[3]).await.unwrap().bytes().await.is_err());
    held("2026-01-04");
    let seen: Vec<_> = fixture.running.journal().iter().map(|e| (e.order, e.applied, e.status)).collect();
    assert_eq!(seen, [(1, true, None), (2, false, None), (3, false, Some(500)), (4, true, Some(200))]);
    assert!(fixture.running.counts().answered.is_empty());
}

#[tokio::test]
async fn the_same_seed_gives_the_same_faults() {
    let mut runs = Vec::new();
    for seed in [1, 1, 2] {
        let faults = Faults::parse("30% status:500").unwrap();
        let fixture = Fixture::with(|settings| (settings.faults, settings.seed) = (faults, seed)).await;
        let mut statuses = Vec::new();
        for _ in 0..30 {
            statuses.push(fixture.get("/users/u1").await.0);
        }
        runs.push(statuses);
    }
    assert_eq!(runs[0], runs[1]);
    assert_ne!(runs[0], runs[2]);
    assert!(runs[0].contains(&500) && runs[0].contains(&200));
}
