//! Real requests against a small world: two users of one employee id, one who is gone, one without benefits.

use std::time::Duration;

use serde_json::Value;

use crate::window::RateWindow;
use crate::{API_KEY, CLIENT_ID, CLIENT_SECRET, Faults, Running, Settings, start};

mod benbase;
mod benifex;
mod faults;
mod oyster;

const USERS: &str = concat!(
    r#"{"id":"u1","forename":"Amara","surname":"O'Neil","dateOfBirth":"1991-11-11","gender":"Female","emailAddress":"a@example.com","employment":{"employeeId":"00123","startDate":"2024-01-01","jobTitle":"Engineer","department":"Backend","location":"Leeds","countryOfWork":"GB","businessUnit":"Platform","salaryDetails":{"salary":52000.00}}}"#,
    "\n\n",
    r#"{"id":"u2","forename":"Tomás","employment":{"employeeId":"00124 "}}"#,
    "\n",
    r#"{"id":"u3","employment":{"employeeId":"00124"}}"#,
    "\n",
    r#"{"id":"u4","employment":{"employeeId":"00125"},"_gone":true}"#,
    "\n",
    r#"{"id":"u5"}"#,
    "\n",
);
const BENEFITS: &str = concat!(
    r#"{"userId":"u1","data":{"currentBenefits":[{"status":"ACTIVE","benefitCost":{"monthly":15.10},"benefitKey":"_Life","title":"Life","benefitLink":"https://x.example/l","description":"d"}],"eligibleToAddBenefits":[{"benefitKey":"_Cycle","title":"Cycle","description":"d"}]}}"#,
    "\n",
    r#"{"userId":"nobody","data":{}}"#,
    "\n",
);
const EMPLOYEES: &str = concat!(
    r#"{"employee_id":"emp_1","employer_id":"acme","pay_frequency":"monthly","employment_status":"full_time"}"#,
    "\n",
);

/// A world on disk, the sandbox that serves it and a client with a token.
struct Fixture {
    running: Running,
    client: reqwest::Client,
    token: String,
    _world: tempfile::TempDir,
}

impl Fixture {
    async fn new() -> Fixture {
        Fixture::with(|_| ()).await
    }

    async fn with(change: impl FnOnce(&mut Settings)) -> Fixture {
        // Only the first test to come here installs it.
        drop(rustls::crypto::ring::default_provider().install_default());
        let world = tempfile::tempdir().unwrap();
        for (name, text) in [
            ("benifex/users.ndjson", USERS),
            ("benifex/benefits.ndjson", BENEFITS),
            ("benbase/employees.ndjson", EMPLOYEES),
            ("oyster/engagements.ndjson", oyster::ENGAGEMENTS),
            ("oyster/enrollments.ndjson", oyster::ENROLLMENTS),
            ("oyster/offerings.ndjson", oyster::OFFERINGS),
            ("oyster/provisioning.ndjson", oyster::PROVISIONING),
        ] {
            let path = world.path().join(name);
            std::fs::create_dir_all(path.parent().unwrap()).unwrap();
            std::fs::write(path, text).unwrap();
        }
        let mut settings = Settings::for_world(world.path());
        change(&mut settings);
        let running = start(settings).await.unwrap();
        let client = reqwest::Client::builder().timeout(Duration::from_secs(5)).build().unwrap();
        let mut fixture = Fixture { running, client, token: String::new(), _world: world };
        fixture.renew().await;
        fixture
    }

    async fn faulty(faults: &str) -> Fixture {
        let faults = Faults::parse(faults).unwrap();
        Fixture::with(|settings| settings.faults = faults).await
    }

    async fn renew(&mut self) {
        let (status, body) = self.grant(&credentials()).await;
        assert_eq!(status, 200, "{body}");
        self.token = body["access_token"].as_str().unwrap().to_owned();
    }

    async fn grant(&self, form: &[(&str, &str)]) -> (u16, Value) {
        let answer = self.client.post(self.running.token_url()).form(form).send().await.unwrap();
        (answer.status().as_u16(), answer.json().await.unwrap())
    }

    async fn try_get(&self, path: &str) -> reqwest::Result<reqwest::Response> {
        let url = format!("{}{path}", self.running.base_url());
        self.client.get(url).bearer_auth(&self.token).send().await
    }

    async fn try_change(&self, operation: &str, body: &str) -> reqwest::Result<reqwest::Response> {
        let url = format!("{}/employee-changes/{operation}", self.running.benbase_url());
        self.client.post(url).bearer_auth(API_KEY).body(body.to_owned()).send().await
    }

    async fn change(&self, operation: &str, body: &Value) -> (u16, Value) {
        let answer = self.try_change(operation, &body.to_string()).await.unwrap();
        (answer.status().as_u16(), answer.json().await.unwrap())
    }

    async fn get(&self, path: &str) -> (u16, Value) {
        let (status, text) = self.get_text(path).await;
        (status, serde_json::from_str(&text).unwrap())
    }

    async fn get_text(&self, path: &str) -> (u16, String) {
        let answer = self.try_get(path).await.unwrap();
        (answer.status().as_u16(), answer.text().await.unwrap())
    }
}

fn credentials() -> [(&'static str, &'static str); 3] {
    [("grant_type", "client_credentials"), ("client_id", CLIENT_ID), ("client_secret", CLIENT_SECRET)]
}

/// Checks the error envelope of Benifex.
#[track_caller]
fn check_error((status, body): (u16, Value), wanted: u16, kind: &str) {
    assert_eq!((status, body["error"]["type"].as_str()), (wanted, Some(kind)), "{body}");
    assert!(body["error"]["title"].is_string() && body["timestamp"].is_string(), "{body}");
}
