use super::*;

#[tokio::test]
async fn a_token_is_granted_for_the_known_client_only() {
    let fixture = Fixture::new().await;
    let (status, body) = fixture.grant(&credentials()).await;
    assert_eq!((status, &body["token_type"], &body["expires_in"]), (200, &"Bearer".into(), &3600.into()));
    assert_eq!(body["access_token"].as_str().unwrap().split('.').count(), 3);

    let wrong = [("grant_type", "client_credentials"), ("client_id", CLIENT_ID), ("client_secret", "guess")];
    let (status, body) = fixture.grant(&wrong).await;
    assert_eq!((status, &body["error"]), (401, &"invalid_client".into()));
    let (status, body) = fixture.grant(&credentials()[..2]).await;
    assert_eq!((status, &body["error"]), (400, &"invalid_request".into()));
    let grant = [("grant_type", "password"), ("client_id", CLIENT_ID), ("client_secret", CLIENT_SECRET)];
    let (status, body) = fixture.grant(&grant).await;
    assert_eq!((status, &body["error"]), (400, &"unsupported_grant_type".into()));
}

#[tokio::test]
async fn the_list_is_a_flat_view_of_the_users_asked_for() {
    let fixture = Fixture::new().await;
    let (status, body) = fixture.get("/users?employeeIds=00123,nobody&page=0&size=20").await;
    let row = serde_json::json!({
        "id": "u1", "emailAddress": "a@example.com", "forename": "Amara", "surname": "O'Neil", "employeeId": "00123",
        "department": "Backend", "jobTitle": "Engineer", "location": "Leeds", "countryOfWork": "GB",
        "dateOfBirth": "1991-11-11", "startDate": "2024-01-01", "businessUnit": "Platform", "gender": "Female",
    });
    let pagination = serde_json::json!({
        "page": 0, "size": 20, "totalPages": 1, "totalItems": 1, "hasNext": false, "hasPrevious": false,
    });
    assert_eq!(status, 200);
    assert_eq!((&body["data"], &body["pagination"]), (&serde_json::json!([row]), &pagination));
    assert!(body["timestamp"].as_str().unwrap().starts_with("2026-01-01T00:00:"));
}

#[tokio::test]
async fn pages_follow_each_other_from_zero() {
    let fixture = Fixture::new().await;
    let mut seen = Vec::new();
    for page in 0..4 {
        // Repeated and comma-joined ids mix; asking twice for one id gives its users once.
        let path = format!("/users?employeeIds=00123&employeeIds=00124,00125,00124&page={page}&size=2");
        let (_, body) = fixture.get(&path).await;
        let ids: Vec<&str> = body["data"].as_array().unwrap().iter().map(|row| row["id"].as_str().unwrap()).collect();
        let p = &body["pagination"];
        seen.push((ids.join(","), p["hasNext"].as_bool().unwrap(), p["hasPrevious"].as_bool().unwrap()));
        assert_eq!((&p["totalPages"], &p["totalItems"], &p["page"]), (&2.into(), &4.into(), &page.into()));
    }
    let wanted = [("u1,u2", true, false), ("u3,u4", false, true), ("", false, true), ("", false, true)];
    assert_eq!(seen, wanted.map(|(ids, next, previous)| (ids.to_owned(), next, previous)));
}

#[tokio::test]
async fn an_unknown_employee_is_an_empty_list() {
    let (status, body) = Fixture::new().await.get("/users?employeeIds=nobody&page=0&size=20").await;
    assert_eq!((status, &body["data"]), (200, &serde_json::json!([])));
    assert_eq!((&body["pagination"]["totalPages"], &body["pagination"]["totalItems"]), (&0.into(), &0.into()));
}

#[tokio::test]
async fn list_parameters_are_required_and_checked() {
    let fixture = Fixture::new().await;
    for (query, pointers) in [
        ("", "employeeIds page size"),
        ("?employeeIds=,&page=0&size=1", "employeeIds"),
        ("?employeeIds=1&page=-1&size=0", "page size"),
        ("?employeeIds=1&page=x&size=1001", "page size"),
        ("?employeeIds=1&size=20", "page"),
    ] {
        let (status, body) = fixture.get(&format!("/users{query}")).await;
        let details = body["error"]["details"].as_array().unwrap();
        let found: Vec<&str> = details.iter().map(|d| d["pointer"].as_str().unwrap()).collect();
        assert_eq!(found.join(" "), pointers, "{query}");
        check_error((status, body), 400, "BAD_REQUEST");
    }
}

#[tokio::test]
async fn a_user_is_served_as_recorded_byte_for_byte() {
    let (status, text) = Fixture::new().await.get_text("/users/u1").await;
    let recorded = USERS.lines().next().unwrap();
    assert_eq!(status, 200);
    assert!(text.starts_with(&format!(r#"{{"data":{recorded},"timestamp":""#)), "{text}");
}

#[tokio::test]
async fn details_are_served_as_recorded_byte_for_byte() {
    let (status, text) = Fixture::new().await.get_text("/users/u1/benefits/details").await;
    assert_eq!(status, 200);
    assert!(text.starts_with(r#"{"data":{"currentBenefits":[{"status":"ACTIVE","benefitCost":{"monthly":15.10},"#));
}

#[tokio::test]
async fn the_summary_keeps_key_title_link_and_status() {
    let (status, body) = Fixture::new().await.get("/users/u1/benefits/summary").await;
    let wanted = serde_json::json!({
        "currentBenefits": [
            {"benefitKey": "_Life", "title": "Life", "benefitLink": "https://x.example/l", "status": "ACTIVE"},
        ],
        "eligibleToAddBenefits": [{"benefitKey": "_Cycle", "title": "Cycle"}],
    });
    assert_eq!((status, &body["data"]), (200, &wanted));
}

#[tokio::test]
async fn one_benefit_comes_in_the_long_form() {
    let fixture = Fixture::new().await;
    let (status, body) = fixture.get("/users/u1/benefits/_Life/summary").await;
    assert_eq!((status, &body["data"]["description"]), (200, &"d".into()));
    check_error(fixture.get("/users/u1/benefits/_Cycle/summary").await, 404, "NOT_FOUND");
}

#[tokio::test]
async fn a_user_without_recorded_benefits_has_none() {
    let (status, body) = Fixture::new().await.get("/users/u5/benefits/details").await;
    let none = serde_json::json!({"currentBenefits": [], "eligibleToAddBenefits": []});
    assert_eq!((status, &body["data"]), (200, &none));
}

#[tokio::test]
async fn unknown_users_are_404_and_removed_ones_410() {
    let fixture = Fixture::new().await;
    for tail in ["", "/benefits/summary", "/benefits/details", "/benefits/_Life/summary"] {
        check_error(fixture.get(&format!("/users/nobody{tail}")).await, 404, "NOT_FOUND");
        check_error(fixture.get(&format!("/users/u4{tail}")).await, 410, "GONE");
    }
    check_error(fixture.get("/users/u1/benefits").await, 404, "NOT_FOUND");
}

#[tokio::test]
async fn only_the_configured_prefix_is_served() {
    let fixture = Fixture::with(|settings| settings.benefits_prefix = "/v2".into()).await;
    for tail in ["summary", "details", "_Life/summary"] {
        assert_eq!(fixture.get(&format!("/v2/users/u1/benefits/{tail}")).await.0, 200);
        check_error(fixture.get(&format!("/users/u1/benefits/{tail}")).await, 404, "NOT_FOUND");
    }
    assert_eq!(fixture.get("/users/u1").await.0, 200);
}

#[tokio::test]
async fn calls_without_a_live_token_are_401() {
    let mut fixture = Fixture::with(|settings| settings.token_lifetime = Duration::from_secs(1)).await;
    assert_eq!(fixture.get("/users/u1").await.0, 200);
    tokio::time::sleep(Duration::from_millis(1_010)).await;
    check_error(fixture.get("/users/u1").await, 401, "UNAUTHORIZED");
    fixture.renew().await;
    assert_eq!(fixture.get("/users/u1").await.0, 200);
    fixture.token = "guess".into();
    check_error(fixture.get("/users/u1").await, 401, "UNAUTHORIZED");
    assert_eq!(fixture.running.counts().unauthorized, 2);
}

#[tokio::test]
async fn the_call_over_the_limit_is_429_with_retry_after_until_a_slot_is_free() {
    let limit = RateWindow { calls: 3, per: Duration::from_millis(1_200) };
    let mut fixture = Fixture::with(|settings| settings.limit = limit).await;
    for _ in 0..3 {
        assert_eq!(fixture.get("/users/u1").await.0, 200);
    }
    // A new token is no new window.
    fixture.renew().await;
    let refused = fixture.try_get("/users/u1").await.unwrap();
    let wait: u64 = refused.headers()["retry-after"].to_str().unwrap().parse().unwrap();
    assert_eq!(refused.status().as_u16(), 429);
    assert!((1..=2).contains(&wait), "{wait}");
    check_error((429, refused.json().await.unwrap()), 429, "TOO_MANY_REQUESTS");
    tokio::time::sleep(Duration::from_secs(wait)).await;
    assert_eq!(fixture.get("/users/u1").await.0, 200);
    let counts = fixture.running.counts();
    assert_eq!((counts.calls, counts.limited, counts.most_accepted, counts.most_arrived), (5, 1, 3, 4));
}

#[tokio::test]
async fn calls_at_once_share_one_window() {
    let limit = RateWindow { calls: 10, per: Duration::from_secs(60) };
    let fixture =
        Fixture::with(|settings| (settings.limit, settings.latency) = (limit, Duration::from_millis(20))).await;
    let answers = futures_util::future::join_all((0..40).map(|_| fixture.get("/users/u1"))).await;
    let count = |wanted| answers.iter().filter(|(status, _)| *status == wanted).count();
    assert_eq!((count(200), count(429)), (10, 30));
    let counts = fixture.running.counts();
    assert_eq!((counts.limited, counts.most_accepted, counts.most_arrived), (30, 10, 40));
}

#[tokio::test]
async fn every_answer_is_delayed_by_the_latency() {
    let fixture = Fixture::with(|settings| settings.latency = Duration::from_millis(50)).await;
    let before = std::time::Instant::now();
    assert_eq!(fixture.get("/users/u1").await.0, 200);
    assert!(before.elapsed() >= Duration::from_millis(50));
}

#[tokio::test]
async fn calls_are_counted_by_template_and_answers_by_call() {
    let fixture = Fixture::new().await;
    for path in ["/users/u1", "/users/u1", "/users/nobody", "/users?employeeIds=1&page=0&size=5"] {
        fixture.get(path).await;
    }
    let counts = fixture.running.counts();
    assert_eq!((counts.calls, counts.tokens), (4, 1));
    assert_eq!((counts.by_template["GET /users/{user-id}"], counts.by_template["GET /users"]), (3, 1));
    let answered: Vec<(&str, u64)> = counts.answered.iter().map(|(name, n)| (name.as_str(), *n)).collect();
    let wanted = [
        ("GET /users employeeIds=1&page=0&size=5", 1),
        ("GET /users/{user-id} nobody", 1),
        ("GET /users/{user-id} u1", 2),
    ];
    assert_eq!(answered, wanted);
}

#[tokio::test]
async fn a_world_line_that_is_no_user_is_named_without_its_text() {
    let world = tempfile::tempdir().unwrap();
    std::fs::create_dir(world.path().join("benifex")).unwrap();
    let lines = "{\"id\":\"u1\"}\n{\"id\":\"secret\",}\n";
    std::fs::write(world.path().join("benifex/users.ndjson"), lines).unwrap();
    let error = format!("{:#}", start(Settings::for_world(world.path())).await.unwrap_err());
    assert!(error.contains("line 2 of") && error.contains("users.ndjson") && !error.contains("secret"), "{error}");
}

#[tokio::test]
async fn a_world_that_is_not_there_is_an_error_and_an_empty_one_is_not() {
    let world = tempfile::tempdir().unwrap();
    let missing = start(Settings::for_world(world.path().join("none"))).await.unwrap_err();
    assert!(missing.to_string().contains("no world at"), "{missing}");
    start(Settings::for_world(world.path())).await.unwrap().stop().await;
}
