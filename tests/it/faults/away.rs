//! Nights in which a service is not there at all.

use std::time::Duration;

use crate::support::{made, point_at, rows, sandbox, shown};

const HTTP: &str = "windows = [{ calls = 100000, per = \"1 s\" }]\nconcurrency = 4\nattempts_max = 2";
const NIGHT: [&str; 4] = ["run", "made/http.toml", "--as-of", "2026-04-02"];

#[test]
fn a_service_that_is_away_ends_the_asking_and_is_told_with_the_cause() {
    let site = made("200", "11");
    let (runtime, running) = sandbox(&site, |settings| settings.latency = Duration::ZERO);
    point_at(&site, &running, "made/http.toml", HTTP);
    runtime.block_on(running.stop());
    let night = site.run(&NIGHT);
    let said = String::from_utf8_lossy(&night.stderr);
    assert_eq!(night.status.code(), Some(3), "{}", shown(&night));
    for service in ["Benifex", "Oyster"] {
        assert!(said.contains(&format!("{service} is asked nothing more tonight")), "{said}");
    }
    assert!(said.contains("no token was to be had: given up after 2 attempts, the last with no connection"), "{said}");
    // Of all batches only those are tried that are in flight when the first one fails.
    let unverified = rows(&site.path("made/reports/generated/2026-04-02/unverified.csv"));
    let not_asked = unverified.iter().filter(|row| row.values().any(|cell| cell.contains("not asked for"))).count();
    assert!(not_asked > 100, "{not_asked} of {}", unverified.len());
}

#[test]
fn one_service_that_is_away_does_not_end_the_night_of_the_other() {
    let site = made("40", "11");
    let (_runtime, running) = sandbox(&site, |settings| settings.latency = Duration::ZERO);
    point_at(&site, &running, "made/http.toml", HTTP);
    // Nobody listens on the first port.
    site.edit("made/http.toml", &running.oyster_url(), "http://127.0.0.1:1/oyster");
    let night = site.run(&NIGHT);
    let said = String::from_utf8_lossy(&night.stderr);
    assert_eq!(night.status.code(), Some(3), "{}", shown(&night));
    assert!(said.contains("Oyster is asked nothing more tonight") && !said.contains("Benifex is asked"), "{said}");
    assert!(running.counts().calls > 60, "Benifex was asked as on any night");
}
