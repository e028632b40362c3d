//! What tests of snapshots and of extractions start from.

use std::collections::{BTreeMap, BTreeSet};
use std::fs;
use std::path::Path;
use std::time::Duration;

use chrono::{DateTime, NaiveDate, Utc};
use tieout_model::dates::DateLayout;
use tieout_model::placeholder::PlaceholderDates;
use tieout_services::settings::{self, EmployeeIdsStyle, HttpLimits, RateWindow, SecretRef};

use crate::snapshot::Snapshot;

/// A fixed moment, `second` seconds after 2026-03-31T02:00:00Z.
pub fn moment(second: i64) -> DateTime<Utc> {
    DateTime::from_timestamp(1_774_922_400 + second, 0).expect("a valid moment")
}

/// A day of March 2026.
pub fn day(day: u32) -> NaiveDate {
    NaiveDate::from_ymd_opt(2026, 3, day).expect("a day")
}

/// A connection as the job gives it, with day-first dates.
pub fn settings(base_url: &str, token_url: &str) -> settings::BenifexAccess {
    let layout = DateLayout::parse("dd/MM/yyyy").expect("a layout");
    settings::BenifexAccess {
        base_url: base_url.into(),
        token_url: token_url.into(),
        client_id: SecretRef::Sandbox,
        client_secret: SecretRef::Sandbox,
        scope: None,
        benefits_prefix: String::new(),
        employee_ids_style: EmployeeIdsStyle::Comma,
        users_batch: 4,
        page_size: 20,
        first_page: 0,
        http: HttpLimits {
            windows: vec![RateWindow { calls: 1000, per: Duration::from_secs(1) }],
            concurrency: 4,
            connect_timeout: Duration::from_secs(5),
            read_timeout: Duration::from_secs(5),
            total_timeout: Duration::from_secs(10),
            body_bytes_max: 1 << 20,
            attempts_max: 3,
            retry_time_max: Duration::from_secs(10),
            retry_budget: 20,
            ca_file: None,
        },
        date_layouts: BTreeMap::from([("dd/MM/yyyy".to_owned(), layout)]),
        placeholder_dates: PlaceholderDates::default(),
    }
}

/// An Oyster connection with the defaults of its contract, and no more patience than Benifex's above.
pub fn oyster_settings(base_url: &str, token_url: &str) -> settings::OysterAccess {
    let benefits = |last: &str| format!("/v0.1/benefits/engagements/{{engagement_id}}/{last}");
    settings::OysterAccess {
        base_url: base_url.into(),
        auth: settings::OysterAuth::ClientCredentials {
            token_url: token_url.into(),
            client_id: SecretRef::Sandbox,
            client_secret: SecretRef::Sandbox,
            scope: None,
        },
        customer_id: None,
        actor_email: None,
        paths: settings::OysterPaths {
            engagements: "/v1/engagements".into(),
            engagement: "/v1/engagements/{engagement_id}".into(),
            offerings: benefits("offerings"),
            provisioning: benefits("provisioning"),
            enrollments: benefits("enrollments"),
            requests: None,
            ruleset: None,
        },
        per_page: 100,
        units: settings::OysterUnits {
            provisioning: tieout_model::terms::ShareUnit::Fraction,
            enrollments: tieout_model::terms::ShareUnit::Percent,
            request: tieout_model::terms::ShareUnit::Percent,
            request_answer: tieout_model::terms::ShareUnit::Fraction,
        },
        engaged_states: BTreeSet::new(),
        http: settings(base_url, token_url).http,
        detail_days_max: 7,
        placeholder_dates: PlaceholderDates::default(),
        writes: settings::OysterWrites::default(),
    }
}

/// A world of twelve users: `003` and `004` are one person twice, `005` is gone, `006` has benefits that can't be read,
/// `007` has none recorded, the rest have two each, in neither order.
pub fn write_world(dir: &Path) {
    let (mut users, mut benefits) = (Vec::new(), Vec::new());
    for n in 1..=12 {
        let employee = if n == 4 { 3 } else { n };
        let gone = if n == 5 { r#","_gone":true"# } else { "" };
        users.push(format!(
            r#"{{"id":"u-{n}","forename":"Zoë","surname":"O'Neil","dateOfBirth":"1990-01-{n:02}","employment":{{"employeeId":" {employee:03} ","startDate":"soon","salaryDetails":{{"payGroup":"UK-M ","salary":{n}000.50,"payPeriods":12}}}}{gone}}}"#
        ));
        let current = match n {
            6 => "7".to_owned(),
            _ => format!(
                r#"[{{"benefitKey":"_Pension","status":"ACTIVE","effectiveFrom":"01/02/2026","datesFormat":"dd/MM/yyyy","employeeContribution":{{"annual":{n}2,"monthly":{n},"currency":"gbp"}}}},{{"benefitKey":"_Dental","status":"ENDED","effectiveFrom":"2/1","datesFormat":"?"}}]"#
            ),
        };
        if n != 7 {
            benefits.push(format!(r#"{{"userId":"u-{n}","data":{{"currentBenefits":{current}}}}}"#));
        }
    }
    users.reverse();
    fs::create_dir_all(dir.join("benifex")).expect("creates");
    fs::write(dir.join("benifex/users.ndjson"), users.join("\n")).expect("writes");
    fs::write(dir.join("benifex/benefits.ndjson"), benefits.join("\n")).expect("writes");
}

/// Employee id, outcome and reason of everybody.
pub fn outcomes(snapshot: &Snapshot) -> Vec<(String, String, String)> {
    let column = |name: &str| {
        let column = snapshot.population.column(name).expect("there").str().expect("text").clone();
        column.iter().map(|text| text.unwrap_or_default().to_owned()).collect::<Vec<_>>()
    };
    let (ids, outcomes, reasons) = (column("employee_id"), column("outcome"), column("reason"));
    ids.into_iter().zip(outcomes).zip(reasons).map(|((id, outcome), reason)| (id, outcome, reason)).collect()
}
