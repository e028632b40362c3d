use serde_json::json;

use super::*;

fn new_hire() -> Value {
    json!({
        "employer_id": "acme", "employee_id": "emp_9", "first_name": "John", "last_name": "Doe", "dob": "1990-01-15",
        "employer": "Acme Corporation",
        "address": {"line1": "123 Main Street", "city": "New York", "state": "NY", "zip_code": "00501"},
        "hire_date": "2024-01-15", "email": "john.doe@example.com", "hours_worked": "37.5",
        "pay_rate": [{"amount": "25.50", "period": "hourly", "effective_start": "2024-01-15"}],
        "employment_status": "full_time",
    })
}

fn demographic() -> Value {
    json!({
        "employee_id": "emp_1",
        "address": {"line1": "456 New Street", "line2": "", "city": "Los Angeles", "state": "CA", "zip_code": "90210"},
    })
}

fn compensation() -> Value {
    json!({
        "employee_id": "emp_1", "pay_frequency": "biweekly", "employment_status": "variable_hours",
        "pay_rate": {"amount": "75000.00", "period": "annually", "effective_start": "2025-01-01"},
    })
}

fn termination() -> Value {
    json!({"employee_id": "emp_1", "termination_date": "2024-12-31"})
}

/// Operation, good body, field, accepted values, refused values.
type Case = (&'static str, Value, &'static str, Vec<Value>, Vec<Value>);

/// `body` with the value at a JSON pointer replaced, or taken out when there is none.
fn changed(mut body: Value, pointer: &str, value: Option<Value>) -> Value {
    let (parent, name) = pointer.rsplit_once('/').unwrap();
    let parent = body.pointer_mut(parent).unwrap();
    match (parent, value) {
        (Value::Object(fields), Some(value)) => drop(fields.insert(name.to_owned(), value)),
        (Value::Object(fields), None) => drop(fields.remove(name)),
        (other, value) => other[name.parse::<usize>().unwrap()] = value.unwrap(),
    }
    body
}

#[tokio::test]
async fn accepted_changes_are_held_and_journalled_in_order() {
    let fixture = Fixture::new().await;
    for (operation, body) in [
        ("new-hire", new_hire()),
        ("demographic", demographic()),
        ("compensation-change", compensation()),
        ("termination", termination()),
        ("termination", json!({"employee_id": "emp_9", "termination_date": "2025-01-31"})),
    ] {
        assert_eq!(fixture.change(operation, &body).await, (200, json!({})), "{operation}");
    }
    let held = |id| serde_json::from_str::<Value>(&fixture.running.benbase_employee(id).unwrap()).unwrap();
    let wanted = json!({
        "employee_id": "emp_1", "employer_id": "acme", "pay_frequency": "biweekly",
        "employment_status": "variable_hours", "pay_rate": compensation()["pay_rate"],
        "address": demographic()["address"], "termination_date": "2024-12-31",
    });
    assert_eq!(held("emp_1"), wanted);
    assert_eq!(held("emp_9")["pay_rate"], new_hire()["pay_rate"][0]);
    assert_eq!(held("emp_9")["termination_date"], "2025-01-31");
    let journal = fixture.running.journal();
    assert_eq!(journal.iter().map(|e| e.order).collect::<Vec<_>>(), [1, 2, 3, 4, 5]);
    assert!(journal.iter().all(|e| e.applied && e.status == Some(200)));
    assert_eq!((journal[1].operation.as_str(), &journal[1].body), ("demographic", &demographic()));
}

#[tokio::test]
async fn unknown_employees_employers_and_paths_are_404() {
    let fixture = Fixture::new().await;
    for (operation, body) in
        [("demographic", demographic()), ("compensation-change", compensation()), ("termination", termination())]
    {
        let body = changed(body, "/employee_id", Some("emp_2".into()));
        let wanted = json!({"error": "Employee not found", "details": {}});
        assert_eq!(fixture.change(operation, &body).await, (404, wanted));
    }
    let stranger = changed(new_hire(), "/employer_id", Some("other".into()));
    assert_eq!(fixture.change("new-hire", &stranger).await.0, 404);
    assert_eq!(fixture.change("rehire", &new_hire()).await.0, 404);
    assert!(fixture.running.journal().iter().all(|e| !e.applied));
}

#[tokio::test]
async fn a_known_employee_is_not_hired_again() {
    let fixture = Fixture::new().await;
    assert_eq!(fixture.change("new-hire", &new_hire()).await.0, 200);
    let (status, body) = fixture.change("new-hire", &new_hire()).await;
    assert_eq!((status, &body["details"]), (422, &json!({"employee_id": "Already exists"})));
}

#[tokio::test]
async fn every_required_field_is_asked_for() {
    let fixture = Fixture::new().await;
    let tables: [(&str, Value, &str); 4] = [
        (
            "new-hire",
            new_hire(),
            "/employer_id /employee_id /first_name /last_name /dob /employer /address /hire_date /email /hours_worked \
             /pay_rate /employment_status /address/line1 /address/city /address/state /address/zip_code \
             /pay_rate/0/amount /pay_rate/0/period /pay_rate/0/effective_start",
        ),
        (
            "demographic",
            demographic(),
            "/employee_id /address /address/line1 /address/city /address/state /address/zip_code",
        ),
        (
            "compensation-change",
            compensation(),
            "/employee_id /pay_rate/amount /pay_rate/period /pay_rate/effective_start",
        ),
        ("termination", termination(), "/employee_id /termination_date"),
    ];
    for (operation, body, pointers) in tables {
        for pointer in pointers.split_whitespace() {
            let path = pointer[1..].replace("/0/", "[0].").replace('/', ".");
            let wanted = json!({"error": "Invalid payload", "details": {path: "Required"}});
            for value in [None, Some(Value::Null), Some(" ".into())] {
                let body = changed(body.clone(), pointer, value);
                assert_eq!(fixture.change(operation, &body).await, (400, wanted.clone()), "{operation} {body}");
            }
        }
    }
}

#[tokio::test]
async fn every_documented_rule_is_kept() {
    let fixture = Fixture::new().await;
    let long = |n| Value::from("x".repeat(n));
    let email = |n: usize| Value::from(format!("{}@example.com", "x".repeat(n - 12)));
    let cases: [Case; 20] = [
        ("new-hire", new_hire(), "/first_name", vec![long(255)], vec![long(256), 1.into()]),
        ("new-hire", new_hire(), "/last_name", vec![long(255)], vec![long(256)]),
        ("new-hire", new_hire(), "/job_title", vec![long(255)], vec![long(256), Value::Null]),
        ("new-hire", new_hire(), "/email", vec![email(254)], vec![email(255), "x".into(), "a@b@c".into(), "@b".into()]),
        ("new-hire", new_hire(), "/phone_number", vec!["5551234567".into()], vec!["+15551234567".into()]),
        ("new-hire", new_hire(), "/dob", vec!["2000-02-29".into()], vec!["1999-02-29".into(), "01/15/1990".into()]),
        ("new-hire", new_hire(), "/hire_date", vec!["2030-01-01".into()], vec!["2024-1-15".into()]),
        ("new-hire", new_hire(), "/termination_date", vec!["2030-01-01".into()], vec!["2024-01-15T00:00:00Z".into()]),
        ("new-hire", new_hire(), "/employment_status", vec!["part_time".into()], vec!["variable_hours".into()]),
        ("new-hire", new_hire(), "/biological_sex", vec!["female".into()], vec!["Female".into(), "x".into()]),
        ("new-hire", new_hire(), "/pay_frequency", vec!["semimonthly".into()], vec!["annually".into(), "".into()]),
        ("new-hire", new_hire(), "/hours_worked", vec!["40".into()], vec![40.into(), "forty".into(), "-1".into()]),
        ("new-hire", new_hire(), "/pay_rate", vec![json!([])], vec![compensation()["pay_rate"].clone(), json!(["x"])]),
        ("new-hire", new_hire(), "/address", vec![], vec!["1 Main Street".into(), json!([])]),
        (
            "demographic",
            demographic(),
            "/address/state",
            vec!["DC".into()],
            vec!["PR".into(), "ca".into(), "Ohio".into()],
        ),
        ("demographic", demographic(), "/address/zip_code", vec!["00501-1234".into()], vec![90210.into()]),
        ("compensation-change", compensation(), "/pay_rate", vec![], vec![new_hire()["pay_rate"].clone()]),
        (
            "compensation-change",
            compensation(),
            "/pay_rate/amount",
            vec!["0.00".into(), "2.55".into()],
            vec![
                "75000".into(),
                "1.5".into(),
                "1.555".into(),
                "-1.00".into(),
                "1,000.00".into(),
                ".50".into(),
                75000.into(),
            ],
        ),
        ("compensation-change", compensation(), "/pay_rate/period", vec!["hourly".into()], vec!["monthly".into()]),
        (
            "termination",
            termination(),
            "/termination_date",
            vec!["2030-12-31".into()],
            vec!["2024-02-30".into(), 2024.into()],
        ),
    ];
    for (at, (operation, body, pointer, accepted, refused)) in cases.into_iter().enumerate() {
        let path = pointer[1..].replace('/', ".");
        for (nth, value) in accepted.into_iter().enumerate() {
            let mut body = changed(body.clone(), pointer, Some(value));
            if operation == "new-hire" {
                body["employee_id"] = format!("emp_{at}_{nth}").into();
            }
            assert_eq!(fixture.change(operation, &body).await, (200, json!({})), "{body}");
        }
        for value in refused {
            let body = changed(body.clone(), pointer, Some(value));
            let (status, answer) = fixture.change(operation, &body).await;
            assert_eq!((status, &answer["error"]), (422, &"Validation failed".into()), "{body}");
            let named = answer["details"].as_object().unwrap().keys().all(|key| key.starts_with(&path));
            assert!(named && !answer["details"].as_object().unwrap().is_empty(), "{answer}");
        }
    }
}

#[tokio::test]
async fn all_problems_of_a_body_come_at_once() {
    let body = json!({"employee_id": "emp_1", "address": {"line1": "x", "state": "XX", "zip_code": 1}});
    let (status, answer) = Fixture::new().await.change("demographic", &body).await;
    let fields: Vec<&str> = answer["details"].as_object().unwrap().keys().map(String::as_str).collect();
    assert_eq!((status, fields), (400, vec!["address.city", "address.state", "address.zip_code"]));
}

#[tokio::test]
async fn a_compensation_change_needs_one_of_its_three_fields() {
    let fixture = Fixture::new().await;
    let (status, answer) = fixture.change("compensation-change", &json!({"employee_id": "emp_1"})).await;
    assert_eq!((status, answer["details"]["body"].is_string()), (422, true));
    for name in ["pay_frequency", "pay_rate", "employment_status"] {
        let body = json!({"employee_id": "emp_1", name: compensation()[name]});
        assert_eq!(fixture.change("compensation-change", &body).await.0, 200, "{name}");
    }
}

#[tokio::test]
async fn a_body_that_is_no_json_object_is_400_and_journalled_as_text() {
    let fixture = Fixture::new().await;
    for body in ["", "{", "[]", "null"] {
        assert_eq!(fixture.try_change("termination", body).await.unwrap().status().as_u16(), 400);
    }
    let journal = fixture.running.journal();
    assert_eq!((journal.len(), &journal[1].body, journal[1].status), (4, &json!("{"), Some(400)));
}

#[tokio::test]
async fn calls_without_the_key_are_401_and_change_nothing() {
    let fixture = Fixture::new().await;
    let url = format!("{}/employee-changes/termination", fixture.running.benbase_url());
    let wanted = json!({"error": "Unauthorized", "details": {}});
    for request in [fixture.client.post(&url), fixture.client.post(&url).bearer_auth("live_sk_x")] {
        let answer = request.body(termination().to_string()).send().await.unwrap();
        assert_eq!((answer.status().as_u16(), answer.json::<Value>().await.unwrap()), (401, wanted.clone()));
    }
    assert!(!fixture.running.benbase_employee("emp_1").unwrap().contains("termination_date"));
    let seen: Vec<_> = fixture.running.journal().iter().map(|e| (e.applied, e.status)).collect();
    assert_eq!(seen, [(false, Some(401)); 2]);
}

#[tokio::test]
async fn the_status_of_an_employer_is_read_and_strangers_are_inactive() {
    let fixture = Fixture::new().await;
    let read = async |id: &str| {
        let url = format!("{}/employer/{id}/status", fixture.running.benbase_url());
        fixture.client.get(url).bearer_auth(API_KEY).send().await.unwrap().json::<Value>().await.unwrap()
    };
    assert_eq!(read("acme").await, json!({"status": "ACTIVE", "payroll": {"connected": true}}));
    assert_eq!(read("other").await, json!({"status": "INACTIVE", "payroll": {"connected": false}}));
}

#[tokio::test]
async fn the_journal_file_has_a_line_a_change_and_goes_on_after_a_restart() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("journal.ndjson");
    for _ in 0..2 {
        let journal = path.clone();
        let fixture = Fixture::with(|settings| settings.journal = Some(journal)).await;
        assert_eq!(fixture.change("termination", &termination()).await.0, 200);
    }
    let text = std::fs::read_to_string(&path).unwrap();
    let line = |order| {
        json!({
            "order": order, "operation": "termination", "body": termination(), "applied": true, "status": 200,
        })
    };
    let lines: Vec<Value> = text.lines().map(|line| serde_json::from_str(line).unwrap()).collect();
    assert_eq!(lines, [line(1), line(2)]);
}

#[tokio::test]
async fn benbase_has_no_part_in_the_window_of_benifex() {
    let limit = RateWindow { calls: 1, per: Duration::from_secs(60) };
    let fixture = Fixture::with(|settings| settings.limit = limit).await;
    for _ in 0..3 {
        assert_eq!(fixture.change("termination", &termination()).await.0, 200);
    }
    assert_eq!((fixture.get("/users/u1").await.0, fixture.get("/users/u1").await.0), (200, 429));
}
