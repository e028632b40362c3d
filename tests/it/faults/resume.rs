//! A killed extraction is taken up where it was: no answer that was kept is asked for again, and the report is the one
//! of an undisturbed night.

use std::collections::BTreeMap;
use std::process::Stdio;
use std::time::Duration;

use crate::support::{Site, files, made, point_at, rows, sandbox};

/// Nights that are killed, each at a moment of its own.
const KILLS: u32 = 20;
/// Calls that one night makes take about this long; the moments of the kills are spread over it.
const NIGHT: Duration = Duration::from_millis(900);
/// Nights that are killed behind their snapshot.
const SEALED_KILLS: u32 = 8;
const LATENCY: Duration = Duration::from_millis(20);

const HTTP: &str = "windows = [{ calls = 100000, per = \"1 s\" }]\nconcurrency = 4";

/// What must not depend on how the night went.
fn findings(site: &Site) -> BTreeMap<String, Vec<u8>> {
    let mut pack = files(&site.path("made/reports/generated/2026-04-02"));
    pack.retain(|name, _| {
        ["exceptions.csv", "control_totals.csv", "variances.csv", "unverified.csv"].contains(&name.as_str())
    });
    // The moment of fetching and the snapshot are evidence, and differ from night to night.
    pack.remove("exceptions.csv");
    let exceptions: String = rows(&site.path("made/reports/generated/2026-04-02/exceptions.csv"))
        .into_iter()
        .map(|mut row| {
            row.remove("evidence");
            format!("{row:?}\n")
        })
        .collect();
    pack.insert("exceptions".to_owned(), exceptions.into_bytes());
    pack
}

/// Keys of the answers that the database of a killed night holds.
fn kept(site: &Site) -> Vec<(String, String)> {
    let path = site.path("made/state/tieout.db");
    let Ok(connection) = rusqlite::Connection::open(path) else { return Vec::new() };
    let Ok(mut statement) = connection.prepare(
        "SELECT kind, key FROM fetched JOIN extraction ON extraction.id = fetched.extraction WHERE sealed_at IS NULL",
    ) else {
        return Vec::new();
    };
    let rows = statement.query_map([], |row| Ok((row.get(0)?, row.get(1)?))).expect("a query");
    rows.collect::<Result<_, _>>().expect("rows")
}

/// The sandbox's name of the call that a kept answer came from.
fn call(kind: &str, key: &str) -> String {
    let path = match kind {
        "user" => "/users/{user-id}",
        "benefits" => "/users/{user-id}/benefits/details",
        "oyster_list" => return "GET /oyster/v1/engagements per_page=100&page=1".to_owned(),
        part => {
            let part = part.strip_prefix("oyster_").expect("one of Oyster's kinds");
            return format!("GET /oyster/v0.1/benefits/engagements/{{engagement-id}}/{part} {key}");
        }
    };
    format!("GET {path} {key}")
}

/// As if no night had ever been: without the reports, too, a state that is gone is a lost one.
fn forget(site: &Site) {
    for folder in ["made/state", "made/reports"] {
        std::fs::remove_dir_all(site.path(folder)).expect("removed");
    }
}

#[test]
fn twenty_killed_nights_repeat_no_kept_answer_and_end_like_an_undisturbed_one() {
    let site = made("60", "11");
    let (_runtime, running) = sandbox(&site, |s| s.latency = LATENCY);
    point_at(&site, &running, "made/http.toml", HTTP);
    let undisturbed = {
        site.expect(0, &["run", "made/http.toml", "--as-of", "2026-04-02"]);
        let pack = findings(&site);
        forget(&site);
        pack
    };
    let mut killed = 0;
    for kill in 0..KILLS {
        // Spread over the night, with a stride that visits each part of it.
        let moment = NIGHT * ((kill * 37) % KILLS) / KILLS;
        let mut night = site
            .command(&["run", "made/http.toml", "--as-of", "2026-04-02"])
            .stdout(Stdio::null())
            .stderr(Stdio::null())
            .spawn()
            .expect("the night starts");
        std::thread::sleep(moment);
        let ended = night.try_wait().expect("a process").is_some();
        night.kill().ok();
        night.wait().expect("a process");
        killed += u32::from(!ended);
        let kept = kept(&site);
        let before = running.counts().answered;
        site.expect(0, &["run", "made/http.toml", "--as-of", "2026-04-02"]);
        let after = running.counts().answered;
        for (kind, key) in kept.iter().filter(|(kind, _)| kind != "users") {
            let call = call(kind, key);
            assert_eq!(before.get(&call), after.get(&call), "kill {kill}: a kept answer was asked for again: {kind}");
        }
        assert!(findings(&site) == undisturbed, "kill {kill}: the report differs from that of an undisturbed night");
        forget(&site);
    }
    assert!(
        killed > KILLS / 2,
        "only {killed} nights were killed before their end: NIGHT is too long for this machine"
    );
}

/// A night whose snapshot is sealed and whose report is not there yet has all its answers.
#[test]
fn a_night_killed_between_its_snapshot_and_its_report_asks_nobody_again() {
    let site = made("60", "11");
    let (_runtime, running) = sandbox(&site, |_| ());
    point_at(&site, &running, "made/http.toml", HTTP);
    let night = ["run", "made/http.toml", "--as-of", "2026-04-02"];
    site.expect(0, &night);
    let undisturbed = findings(&site);
    let mut met = 0;
    for kill in 0..SEALED_KILLS {
        forget(&site);
        let mut killed =
            site.command(&night).stdout(Stdio::null()).stderr(Stdio::null()).spawn().expect("the night starts");
        // The sandbox is in its world only, so that the first snapshot is tonight's.
        while !has_snapshot(&site) && killed.try_wait().expect("a process").is_none() {
            std::thread::sleep(Duration::from_millis(1));
        }
        std::thread::sleep(Duration::from_millis(u64::from(kill) * 7));
        killed.kill().ok();
        killed.wait().expect("a process");
        met += usize::from(has_snapshot(&site) && !site.path("made/reports/generated/2026-04-02").exists());
        let before = running.counts();
        site.expect(0, &night);
        let after = running.counts();
        assert_eq!((before.calls, before.tokens), (after.calls, after.tokens), "kill {kill}: somebody was asked again");
        assert!(findings(&site) == undisturbed, "kill {kill}: the report differs from that of an undisturbed night");
    }
    assert!(met > 0, "no night was killed between its snapshot and its report");
}

fn has_snapshot(site: &Site) -> bool {
    let sealed = |path: std::path::PathBuf| path.join("snapshot.json").is_file();
    std::fs::read_dir(site.path("made/state/snapshots"))
        .is_ok_and(|all| all.filter_map(Result::ok).any(|entry| sealed(entry.path())))
}
