//! Three engagements: E1 is enrolled, E2 is provisioned only, E3 has nothing.

use std::time::Instant;

use serde_json::json;

use super::*;

pub const ENGAGEMENTS: &str = concat!(
    r#"{"engagementId":"E1","modifiedAt":"2026-03-01T10:00:00Z","engagementType":"EMPLOYMENT","state":"IN_PROGRESS","employment":{"salary":{"decimal":"12345.00","currencyCode":"EUR"}},"benefitEnrollments":[{"benefitEnrollmentId":"N1","plan":{"provider":"Wing","descriptiveName":"Premium"},"name":"Premium","state":"ENROLLED"}]}"#,
    "\n",
    r#"{"engagementId":"E2","modifiedAt":"2026-03-02T10:00:00Z","engagementType":"EMPLOYMENT","benefitEnrollments":[{"benefitEnrollmentId":"N2","name":"Standard","state":"PROVISIONED"}]}"#,
    "\n",
    r#"{"engagementId":"E3","engagementType":"CONTRACT","benefitEnrollments":[]}"#,
    "\n",
);
pub const ENROLLMENTS: &str = concat!(
    r#"{"engagementId":"E1","data":[{"id":"N1","plan":{"id":"P1","name":"Premium"},"state":"ENROLLED","employerContribution":{"dependents":100,"teamMember":55.50}}]}"#,
    "\n",
    r#"{"engagementId":"E2","data":[{"id":"N2","plan":{"id":"P2","name":"Standard"},"package":{"id":"K1"},"state":"PROVISIONED","employerContribution":{"teamMember":55}}]}"#,
    "\n",
);
const OFFER: &str = r#"{"supplementary":{"plans":[{"id":"P1","name":"Premium","providerName":"Wing","category":"HEALTH","estimatedPrice":{"decimal":"70.0","currencyCode":"EUR"},"fee":null}]},"packages":[{"id":"K1","name":"Essential","fee":null,"plans":[{"id":"P2","name":"Standard","providerName":"Wing","category":"HEALTH","estimatedPrice":{"decimal":"45.0","currencyCode":"EUR"}},{"id":"P3","name":"Pension","category":"PENSION"}]}]}"#;
pub const OFFERINGS: &str = concat!(
    r#"{"engagementId":"E1","data":{"supplementary":{"plans":[{"id":"P1","name":"Premium","providerName":"Wing","category":"HEALTH","estimatedPrice":{"decimal":"70.0","currencyCode":"EUR"},"fee":null}]},"packages":[{"id":"K1","name":"Essential","fee":null,"plans":[{"id":"P2","name":"Standard","providerName":"Wing","category":"HEALTH","estimatedPrice":{"decimal":"45.0","currencyCode":"EUR"}},{"id":"P3","name":"Pension","category":"PENSION"}]}]}}"#,
    "\n",
    r#"{"engagementId":"E2","data":{"supplementary":{"plans":[{"id":"P1","name":"Premium","providerName":"Wing","category":"HEALTH","estimatedPrice":{"decimal":"70.0","currencyCode":"EUR"},"fee":null}]},"packages":[{"id":"K1","name":"Essential","fee":null,"plans":[{"id":"P2","name":"Standard","providerName":"Wing","category":"HEALTH","estimatedPrice":{"decimal":"45.0","currencyCode":"EUR"}},{"id":"P3","name":"Pension","category":"PENSION"}]}]}}"#,
    "\n",
);
pub const PROVISIONING: &str = concat!(
    r#"{"engagementId":"E2","data":{"supplementary":{"enrollments":[]},"packaged":{"enrollments":[{"id":"N2","plan":{"id":"P2","name":"Standard"},"package":{"id":"K1"},"state":"PROVISIONED","employerContribution":{"teamMember":0.550}}]}}}"#,
    "\n",
);
const BENEFITS_PATH: &str = "/v0.1/benefits/engagements";

/// A client of Oyster: the fixture with a token of its own.
struct Oyster {
    fixture: Fixture,
    token: String,
}

impl Oyster {
    async fn with(change: impl FnOnce(&mut Settings)) -> Oyster {
        let fixture = Fixture::with(change).await;
        let token = grant(&fixture).await.1["access_token"].as_str().unwrap().to_owned();
        Oyster { fixture, token }
    }

    async fn new() -> Oyster {
        Oyster::with(|_| ()).await
    }

    async fn faulty(faults: &str) -> Oyster {
        let faults = Faults::parse(faults).unwrap();
        Oyster::with(|settings| settings.faults = faults).await
    }

    async fn send(&self, method: &str, path: &str, body: Option<&Value>) -> reqwest::Result<reqwest::Response> {
        let url = format!("{}{path}", self.fixture.running.oyster_url());
        let request = self.fixture.client.request(method.parse().unwrap(), url).bearer_auth(&self.token);
        match body {
            Some(body) => request.body(body.to_string()),
            None => request,
        }
        .send()
        .await
    }

    async fn text(&self, path: &str) -> (u16, String) {
        let answer = self.send("GET", path, None).await.unwrap();
        (answer.status().as_u16(), answer.text().await.unwrap())
    }

    async fn get(&self, path: &str) -> (u16, Value) {
        let (status, text) = self.text(path).await;
        (status, serde_json::from_str(&text).unwrap_or(Value::Null))
    }

    async fn put(&self, engagement: &str, body: &Value) -> (u16, Value) {
        let path = format!("{BENEFITS_PATH}/{engagement}/provisioning");
        let answer = self.send("PUT", &path, Some(body)).await.unwrap();
        (answer.status().as_u16(), answer.json().await.unwrap_or(Value::Null))
    }

    async fn post(&self, engagement: &str, body: &Value) -> (u16, Value) {
        let path = format!("{BENEFITS_PATH}/{engagement}/requests");
        let answer = self.send("POST", &path, Some(body)).await.unwrap();
        (answer.status().as_u16(), answer.json().await.unwrap_or(Value::Null))
    }

    async fn advance(&self, query: &str) -> u16 {
        let url = format!("{}/sandbox/advance?{query}", self.fixture.running.base_url());
        self.fixture.client.post(url).send().await.unwrap().status().as_u16()
    }

    /// The states of an engagement by list and by enrollments, which have to agree.
    async fn states(&self, engagement: &str) -> Vec<String> {
        let (_, enrollments) = self.get(&format!("{BENEFITS_PATH}/{engagement}/enrollments")).await;
        let (_, one) = self.get(&format!("/v1/engagements/{engagement}")).await;
        let states = |list: &Value, id: &str| -> Vec<String> {
            let text = |entry: &Value, name: &str| entry[name].as_str().unwrap().to_owned();
            list.as_array().unwrap().iter().map(|e| format!("{} {}", text(e, id), text(e, "state"))).collect()
        };
        let states_of_list = states(&one["data"]["benefitEnrollments"], "benefitEnrollmentId");
        assert_eq!(states_of_list, states(&enrollments["data"], "id"));
        states_of_list
    }
}

async fn grant(fixture: &Fixture) -> (u16, Value) {
    let answer = fixture.client.post(fixture.running.oyster_token_url()).form(&credentials()).send().await.unwrap();
    (answer.status().as_u16(), answer.json().await.unwrap())
}

fn wanted() -> Value {
    json!({
        "supplementary": {"plans": [{"id": "P1", "employer_contributions": {"team_member": 0.5, "dependents": 0.25, "max_dependents_covered": 4}}]},
        "package": {"id": "K1", "plans": [{"id": "P2", "employer_contributions": {"team_member": 0.555}}]},
    })
}

fn fields(answer: &Value) -> Vec<&str> {
    answer["errors"].as_array().unwrap().iter().map(|e| e["field"].as_str().unwrap()).collect()
}

#[tokio::test]
async fn a_token_names_its_scope_and_opens_oyster_only() {
    let oyster = Oyster::new().await;
    let (status, body) = grant(&oyster.fixture).await;
    assert_eq!((status, &body["token_type"], &body["scope"]), (200, &"Bearer".into(), &"read manage".into()));
    assert_eq!(oyster.get("/v1/engagements").await.0, 200);
    let other = Oyster { token: oyster.fixture.token.clone(), fixture: oyster.fixture };
    let (status, body) = other.get("/v1/engagements").await;
    assert_eq!((status, body), (401, json!({"error": {"message": "The access token is invalid"}})));
    let fixed = Oyster { token: CLIENT_SECRET.to_owned(), ..other };
    assert_eq!(fixed.get("/v1/engagements").await.0, 200);
    assert_eq!(fixed.fixture.running.counts().oyster.unauthorized, 1);
}

#[tokio::test]
async fn what_was_recorded_is_served_byte_for_byte() {
    let oyster = Oyster::new().await;
    let lines: Vec<&str> = ENGAGEMENTS.lines().collect();
    let (_, list) = oyster.text("/v1/engagements?per_page=2&page=1").await;
    assert!(list.starts_with(&format!(r#"{{"data":[{},{}],"meta":"#, lines[0], lines[1])), "{list}");
    assert_eq!(oyster.text("/v1/engagements/E3").await, (200, format!(r#"{{"data":{}}}"#, lines[2])));
    assert_eq!(oyster.text(&format!("{BENEFITS_PATH}/E1/offerings")).await, (200, format!(r#"{{"data":{OFFER}}}"#)));
    assert!(oyster.text(&format!("{BENEFITS_PATH}/E1/enrollments")).await.1.contains("55.50"));
    assert!(oyster.text(&format!("{BENEFITS_PATH}/E2/provisioning")).await.1.contains("0.550"));
}

#[tokio::test]
async fn an_engagement_without_benefits_has_empty_lists_and_an_unknown_one_no_body() {
    let oyster = Oyster::new().await;
    let empty = json!({"data": {"supplementary": {"enrollments": []}, "packaged": {"enrollments": []}}});
    assert_eq!(oyster.get(&format!("{BENEFITS_PATH}/E3/provisioning")).await, (200, empty));
    assert_eq!(oyster.get(&format!("{BENEFITS_PATH}/E3/enrollments")).await, (200, json!({"data": []})));
    assert_eq!(oyster.text(&format!("{BENEFITS_PATH}/E9/enrollments")).await, (404, String::new()));
    assert_eq!(oyster.text("/v1/engagements/E9").await, (404, String::new()));
}

#[tokio::test]
async fn pages_count_from_one_and_the_last_names_no_next() {
    let oyster = Oyster::new().await;
    let meta = |body: &Value, name: &str| body["meta"][name].clone();
    let (_, first) = oyster.get("/v1/engagements?per_page=2").await;
    assert_eq!((first["data"].as_array().unwrap().len(), meta(&first, "pages")), (2, json!(2)));
    assert_eq!(meta(&first, "nextUrl"), "/v1/engagements?perPage=2&page=2");
    let (_, last) = oyster.get("/v1/engagements?per_page=2&page=2").await;
    assert_eq!((last["data"][0]["engagementId"].clone(), meta(&last, "count")), (json!("E3"), json!(3)));
    assert_eq!(meta(&last, "nextUrl"), "/v1/engagements?perPage=2&page=");
    let (_, beyond) = oyster.get("/v1/engagements?per_page=2&page=3").await;
    assert_eq!((&beyond["data"], meta(&beyond, "page")), (&json!([]), json!(3)));
    let (_, plain) = oyster.get("/v1/engagements?perPage=1").await;
    assert_eq!(meta(&plain, "items"), 100);
    for query in ["page=0", "per_page=0", "page=x"] {
        assert_eq!(oyster.get(&format!("/v1/engagements?{query}")).await.0, 400, "{query}");
    }
}

#[tokio::test]
async fn a_ruleset_is_made_of_the_offer() {
    let (status, body) = Oyster::new().await.get(&format!("{BENEFITS_PATH}/E2/ruleset")).await;
    let plans: Vec<&str> =
        body["data"]["rules"].as_array().unwrap().iter().map(|rule| rule["planId"].as_str().unwrap()).collect();
    assert_eq!((status, plans), (200, vec!["P1", "P2", "P3"]));
}

#[tokio::test]
async fn a_put_replaces_everything_and_is_seen_in_all_reads() {
    let oyster = Oyster::new().await;
    let (status, body) = oyster.put("E2", &wanted()).await;
    assert_eq!(status, 200);
    let packaged = body["data"]["packaged"]["enrollments"].as_array().unwrap();
    let plans: Vec<&str> = packaged.iter().map(|e| e["plan"]["id"].as_str().unwrap()).collect();
    assert_eq!(plans, ["P2", "P3"], "a plan that is not named comes with its package");
    assert_eq!(packaged[0]["employerContribution"], json!({"teamMember": 0.555}));
    assert_eq!(packaged[0]["plan"]["estimatedPrice"], json!({"decimal": "45.0", "currencyCode": "EUR"}));
    assert_eq!((&packaged[0]["package"]["name"], &packaged[0]["state"]), (&"Essential".into(), &"PROVISIONED".into()));
    let supplementary = &body["data"]["supplementary"]["enrollments"][0];
    let shares = json!({"teamMember": 0.5, "dependents": 0.25, "maxDependentsCovered": 4});
    assert_eq!(supplementary["employerContribution"], shares);
    assert_eq!(oyster.get(&format!("{BENEFITS_PATH}/E2/provisioning")).await.1, body);
    let (_, enrolled) = oyster.get(&format!("{BENEFITS_PATH}/E2/enrollments")).await;
    let percents: Vec<Value> =
        enrolled["data"].as_array().unwrap().iter().map(|e| e["employerContribution"].clone()).collect();
    assert_eq!(percents, [json!({"teamMember": 55.5}), Value::Null, json!({"teamMember": 50, "dependents": 25})]);
    assert_eq!(oyster.states("E2").await.len(), 3);
    let (_, after) = oyster.get("/v1/engagements/E2").await;
    assert_ne!(after["data"]["modifiedAt"], "2026-03-02T10:00:00Z");

    assert_eq!(oyster.put("E2", &json!({"package": {"id": "K1"}})).await.0, 200);
    assert_eq!(oyster.states("E2").await.len(), 2);
    assert_eq!(oyster.put("E2", &json!({})).await.0, 200);
    assert_eq!(oyster.states("E2").await.len(), 0);
}

#[tokio::test]
async fn a_put_that_is_wrong_says_which_fields_in_camel_case_and_changes_nothing() {
    let oyster = Oyster::new().await;
    let plan = |id: &str, shares: Value| json!({"id": id, "employer_contributions": shares});
    let supplementary = |plan: Value| json!({"supplementary": {"plans": [plan]}});
    for (body, field) in [
        (json!({"package": {"id": "K9"}}), "package.id"),
        (json!({"packaged": {"id": "K1"}}), "packaged"),
        (json!({"package": {"id": "K1", "plans": [{"id": "P1"}]}}), "package.plans.0.id"),
        (supplementary(plan("P2", json!({}))), "supplementary.plans.0.id"),
        (
            supplementary(plan("P1", json!({"team_member": 55}))),
            "supplementary.plans.0.employerContributions.teamMember",
        ),
        (
            supplementary(plan("P1", json!({"team_member": "0.5"}))),
            "supplementary.plans.0.employerContributions.teamMember",
        ),
        (
            supplementary(plan("P1", json!({"max_dependents_covered": 7}))),
            "supplementary.plans.0.employerContributions.maxDependentsCovered",
        ),
        (
            supplementary(json!({"id": "P1", "employer_contribution": {"team_member": 0.5}})),
            "supplementary.plans.0.employerContribution",
        ),
        (json!({"supplementary": {"plans": {}}}), "supplementary.plans"),
        (json!([]), "body"),
    ] {
        let (status, answer) = oyster.put("E2", &body).await;
        assert_eq!((status, fields(&answer)), (400, vec![field]), "{body}");
    }
    assert_eq!(oyster.states("E2").await, ["N2 PROVISIONED"]);
    assert_eq!(oyster.put("E9", &wanted()).await, (404, Value::Null));
    let journal = oyster.fixture.running.journal();
    assert!(journal.iter().all(|entry| !entry.applied), "{journal:?}");
}

#[tokio::test]
async fn nobody_is_provisioned_once_engaged() {
    let oyster = Oyster::new().await;
    let refused = (422, json!({"errors": [{"message": "Engagement is already engaged"}]}));
    assert_eq!(oyster.put("E1", &wanted()).await, refused);
    assert_eq!(oyster.advance("engagement=E2").await, 200);
    assert_eq!(oyster.put("E2", &wanted()).await, refused);
}

#[tokio::test]
async fn a_request_takes_percents_and_answers_fractions() {
    let oyster = Oyster::new().await;
    let body = json!({"plan_id": "P1", "employer_contribution": {"team_member": 55.5, "dependents": 25.2, "max_dependents_covered": 4}});
    let (status, answer) = oyster.post("E2", &body).await;
    assert_eq!((status, &answer["data"]["state"]), (201, &"REQUESTED".into()));
    let shares = json!({"teamMember": 0.555, "dependents": 0.252, "maxDependentsCovered": 4});
    assert_eq!(answer["data"]["employerContribution"], shares);
    let (_, enrolled) = oyster.get(&format!("{BENEFITS_PATH}/E2/enrollments")).await;
    assert_eq!(enrolled["data"][1]["employerContribution"], json!({"teamMember": 55.5, "dependents": 25.2}));
    assert_eq!(oyster.post("E2", &body).await.0, 422);
    let id = answer["data"]["id"].as_str().unwrap();
    assert_eq!(oyster.advance(&format!("engagement=E2&enrollment={id}&state=CANCELED")).await, 200);
    assert_eq!(oyster.post("E2", &body).await.0, 201);
}

#[tokio::test]
async fn a_request_for_what_is_not_on_offer_is_refused() {
    let oyster = Oyster::new().await;
    for (body, field) in [
        (json!({"plan_id": "P2"}), "planId"),
        (json!({"planId": "P1"}), "planId"),
        (json!({"plan_id": "P1", "employer_contribution": {"team_member": 101}}), "employerContribution.teamMember"),
        (json!({"plan_id": "P1", "employer_contributions": {}}), "employerContributions"),
    ] {
        let (status, answer) = oyster.post("E2", &body).await;
        assert_eq!((status, fields(&answer)[0]), (400, field), "{body}");
    }
    assert_eq!(oyster.post("E9", &json!({"plan_id": "P1"})).await.0, 404);
}

#[tokio::test]
async fn states_advance_on_request_along_the_chart() {
    let oyster = Oyster::new().await;
    for state in ["APPLIED", "IN_PROGRESS", "ENROLLED", "FINISHED"] {
        assert_eq!(oyster.advance("engagement=E2&enrollment=N2").await, 200);
        assert_eq!(oyster.states("E2").await, [format!("N2 {state}")]);
        let (_, provisioned) = oyster.get(&format!("{BENEFITS_PATH}/E2/provisioning")).await;
        assert_eq!(provisioned["data"]["packaged"]["enrollments"][0]["state"], state);
    }
    for query in ["engagement=E2&enrollment=N2", "engagement=E2&enrollment=N9&state=APPLIED", "engagement=E9"] {
        assert_eq!(oyster.advance(query).await, 404, "{query}");
    }
    assert_eq!(oyster.advance("engagement=E2&state=PAUSED").await, 200);
    assert_eq!(oyster.states("E2").await, ["N2 PAUSED"]);
}

#[tokio::test]
async fn both_windows_hold_and_a_refusal_has_no_body() {
    let limits = [(3, 60_000), (2, 150)].map(|(calls, ms)| RateWindow { calls, per: Duration::from_millis(ms) });
    let oyster = Oyster::with(|settings| settings.oyster_limits = limits.to_vec()).await;
    let start = Instant::now();
    let get = async || oyster.send("GET", "/v1/engagements/E1", None).await.unwrap();
    assert_eq!((get().await.status().as_u16(), get().await.status().as_u16()), (200, 200));
    if start.elapsed() < Duration::from_millis(100) {
        let burst = get().await;
        assert_eq!((burst.status().as_u16(), &burst.headers()["retry-after"]), (429, &"1".parse().unwrap()));
    }
    tokio::time::sleep(Duration::from_millis(160)).await;
    assert_eq!(get().await.status().as_u16(), 200);
    tokio::time::sleep(Duration::from_millis(160)).await;
    let full = get().await;
    assert_eq!(full.status().as_u16(), 429);
    assert!(!full.headers().contains_key("content-type"));
    assert!(full.headers()["retry-after"].to_str().unwrap().parse::<u64>().unwrap() > 50);
    assert_eq!(full.text().await.unwrap(), "");
    let counts = oyster.fixture.running.counts();
    let busiest: Vec<_> = counts.oyster.windows.iter().map(|w| (w.limit.calls, w.accepted)).collect();
    assert_eq!(busiest, [(3, 3), (2, 2)]);
    assert!(counts.oyster.limited >= 1 && counts.limited == counts.oyster.limited);
    assert_eq!(oyster.fixture.get("/users/u1").await.0, 200, "Benifex has a window of its own");
}

#[tokio::test]
async fn a_reseller_names_its_customer() {
    let oyster = Oyster::with(|settings| settings.oyster_customer = Some("cust1".to_owned())).await;
    let (status, body) = oyster.get("/v1/engagements").await;
    assert_eq!((status, body["error"]["message"].is_string()), (403, true));
    let url = format!("{}/v1/engagements", oyster.fixture.running.oyster_url());
    let request = oyster.fixture.client.get(url).bearer_auth(&oyster.token).header("X-Oyster-Customer-Id", "cust1");
    assert_eq!(request.send().await.unwrap().status().as_u16(), 200);
}

#[tokio::test]
async fn faults_find_their_oyster_call() {
    let oyster = Oyster::faulty(
        "status:503@oyster:2; status:404@engagement:E1; status:429:7@oyster:4; duprow@engagements; deprecated@oyster:5",
    )
    .await;
    let (_, list) = oyster.get("/v1/engagements").await;
    assert_eq!((list["data"].as_array().unwrap().len(), &list["meta"]["count"]), (4, &json!(3)));
    assert_eq!(oyster.get("/v1/engagements/E2").await.0, 503);
    assert_eq!(oyster.text("/v1/engagements/E1").await, (404, String::new()));
    let slow_down = oyster.send("GET", "/v1/engagements/E2", None).await.unwrap();
    assert_eq!((slow_down.status().as_u16(), &slow_down.headers()["retry-after"]), (429, &"7".parse().unwrap()));
    let deprecated = oyster.send("GET", "/v1/engagements/E2", None).await.unwrap();
    assert_eq!(deprecated.status().as_u16(), 200);
    assert!(["deprecation", "sunset", "link"].iter().all(|name| deprecated.headers().contains_key(*name)));
    assert_eq!(oyster.fixture.get("/users/u1").await.0, 200);
    assert_eq!(oyster.fixture.running.counts().oyster.calls, 5);
}

#[tokio::test]
async fn an_expired_token_is_refused_here_too() {
    let oyster = Oyster::faulty("expire@oyster:2").await;
    assert_eq!(oyster.get("/v1/engagements").await.0, 200);
    assert_eq!(oyster.get("/v1/engagements").await.0, 401);
}

#[tokio::test]
async fn a_lost_write_was_applied_a_reset_one_was_not_and_all_are_journalled() {
    let oyster = Oyster::faulty("lost@write:1; reset@write:2; lost@write:3; status:500@write:4").await;
    let put = format!("{BENEFITS_PATH}/E2/provisioning");
    assert!(oyster.send("PUT", &put, Some(&wanted())).await.is_err());
    assert_eq!(oyster.states("E2").await.len(), 3);
    assert!(oyster.send("PUT", &put, Some(&json!({}))).await.is_err());
    assert_eq!(oyster.states("E2").await.len(), 3);
    let request = json!({"plan_id": "P1"});
    let post = format!("{BENEFITS_PATH}/E1/requests");
    assert_eq!(oyster.advance("engagement=E1&state=FINISHED").await, 200);
    assert!(oyster.send("POST", &post, Some(&request)).await.is_err());
    assert_eq!(oyster.states("E1").await.len(), 2);
    assert_eq!(oyster.send("POST", &post, Some(&request)).await.unwrap().status().as_u16(), 500);
    assert_eq!(oyster.states("E1").await.len(), 2);
    let seen: Vec<_> = oyster
        .fixture
        .running
        .journal()
        .into_iter()
        .map(|e| (e.operation, e.engagement.unwrap(), e.applied, e.status))
        .collect();
    let entry = |operation: &str, engagement: &str, applied, status| {
        (operation.to_owned(), engagement.to_owned(), applied, status)
    };
    let expected = [
        entry("provisioning", "E2", true, None),
        entry("provisioning", "E2", false, None),
        entry("requests", "E1", true, None),
        entry("requests", "E1", false, Some(500)),
    ];
    assert_eq!(seen, expected);
    assert_eq!(oyster.fixture.running.counts().oyster.writes, 4);
}

#[tokio::test]
async fn the_journal_keeps_who_acted() {
    let oyster = Oyster::new().await;
    let url = format!("{}{BENEFITS_PATH}/E2/provisioning", oyster.fixture.running.oyster_url());
    let request = oyster.fixture.client.put(url).bearer_auth(&oyster.token).header("X-Oyster-Actor-Email", "a@x.test");
    assert_eq!(request.body(wanted().to_string()).send().await.unwrap().status().as_u16(), 200);
    let journal = oyster.fixture.running.journal();
    assert_eq!(
        (journal[0].actor.as_deref(), &journal[0].body, journal[0].status),
        (Some("a@x.test"), &wanted(), Some(200))
    );
}
