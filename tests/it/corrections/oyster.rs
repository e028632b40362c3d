//! The way of a change of Oyster benefits: prepared, looked at, approved by another person, pushed; by the commands
//! alone, against a sandbox whose journal is the witness.

use std::fs;
use std::path::Path;

use tieout_sandbox::{CLIENT_ID, CLIENT_SECRET, Entry, Running, Settings};
use tokio::runtime::Runtime;

use crate::support::{Site, copy_folder, expected, found, repo, shown};

const JOB: &str = "jobs/eor.toml";
const WANTED: &str = r#"
[package]
id = "K2"
plans = [{ plan = "P3", team_member = "60" }]
[[supplementary]]
plan = "P1"
team_member = "25.5"
"#;
const OFFERED: &str = r#"{"supplementary":{"plans":[{"id":"P1"}]},"packages":[{"id":"K1","plans":[{"id":"P2"}]},{"id":"K2","plans":[{"id":"P3"}]}]}"#;

/// A job that is employed through Oyster only, and its sandbox.
struct Office {
    site: Site,
    running: Running,
    _runtime: Runtime,
}

impl Office {
    fn new(writes: &str) -> Office {
        let site = Site::new();
        write_world(&site);
        let runtime =
            tokio::runtime::Builder::new_multi_thread().worker_threads(1).enable_all().build().expect("a runtime");
        let settings = Settings::for_world(site.path("world"));
        let running = runtime.block_on(tieout_sandbox::start(settings)).expect("the sandbox starts");
        fs::write(site.path(JOB), job_text(&site, &running, writes)).expect("written");
        fs::write(site.path("wanted.toml"), WANTED).expect("written");
        Office { site, running, _runtime: runtime }
    }

    fn arrived(&self) -> Vec<Entry> {
        self.running.journal()
    }

    /// Expects a refusal that says why, and nothing queued.
    #[track_caller]
    fn refused(&self, args: &[&str], why: &str) {
        let output = self.site.run(args);
        let said = shown(&output);
        assert_eq!(output.status.code(), Some(2), "{}\n{said}", args.join(" "));
        assert!(said.contains(why), "{}\n{said}", args.join(" "));
    }
}

/// `E1` is provisioned with package `K1`, `R1` is engaged; the crosswalk links `R1` alone.
fn write_world(site: &Site) {
    let folder = site.path("world/oyster");
    fs::create_dir_all(&folder).expect("a folder");
    let mut files = [
        ("engagements", String::new()),
        ("offerings", String::new()),
        ("enrollments", String::new()),
        ("provisioning", String::new()),
    ];
    for (id, state) in [("E1", "PROVISIONED"), ("R1", "ENROLLED")] {
        let of = |share: &str| {
            format!(
                r#"[{{"id":"N-{id}","plan":{{"id":"P2"}},"package":{{"id":"K1"}},"state":"{state}","employerContribution":{{"teamMember":{share}}}}}]"#
            )
        };
        let packaged = of("0.55");
        let lines = [
            format!(r#"{{"engagementId":"{id}","engagementType":"EMPLOYMENT","benefitEnrollments":[]}}"#),
            format!(r#"{{"engagementId":"{id}","data":{OFFERED}}}"#),
            format!(r#"{{"engagementId":"{id}","data":{}}}"#, of("55")),
            format!(
                r#"{{"engagementId":"{id}","data":{{"supplementary":{{"enrollments":[]}},"packaged":{{"enrollments":{packaged}}}}}}}"#
            ),
        ];
        for ((_, text), line) in files.iter_mut().zip(lines) {
            text.push_str(&line);
            text.push('\n');
        }
    }
    for (name, text) in files {
        fs::write(folder.join(format!("{name}.ndjson")), text).expect("written");
    }
    let crosswalk = "employee_id,benbase_id,oyster_engagement_id\n0042,,R1\n";
    fs::write(site.path("crosswalk.csv"), crosswalk).expect("written");
}

fn job_text(site: &Site, running: &Running, writes: &str) -> String {
    for (name, secret) in [("id", CLIENT_ID), ("secret", CLIENT_SECRET)] {
        fs::write(site.path(name), secret).expect("written");
    }
    let (id, secret, url, token_url) =
        (site.path("id"), site.path("secret"), running.oyster_url(), running.oyster_token_url());
    format!(
        r#"name = "eor"
[payroll]
file = "payroll.csv"
currency = "EUR"
wide = [{{ code = "OYH", employee = "oyh" }}]
columns = {{ employee_id = "id" }}
period = {{ start = "2026-03-01", end = "2026-03-31" }}
[deductions]
codes = {{ OYH = "_OysterHealth" }}
[benifex]
base_url = {base_url:?}
token_url = {benifex_token_url:?}
client_id = {{ file = {id:?} }}
client_secret = {{ file = {secret:?} }}
benefit_status = {{ ACTIVE = "live" }}
[crosswalk]
file = "crosswalk.csv"
[oyster]
base_url = {url:?}
token_url = {token_url:?}
client_id = {{ file = {id:?} }}
client_secret = {{ file = {secret:?} }}
plans = {{ P1 = "_OysterHealth" }}
[oyster.paths]
requests = "/v0.1/benefits/engagements/{{engagement_id}}/requests"
[oyster.writes]
{writes}
[approval]
approvers = [{{ name = "ana" }}, {{ name = "maria" }}]
"#,
        base_url = running.base_url(),
        benifex_token_url = running.token_url(),
    )
}

const ALL_ON: &str = "provision = true\nprovision_max = 5\nrequest = true\nrequest_max = 5";

#[test]
fn a_change_goes_from_its_preparer_over_another_person_to_oyster_and_arrives_once() {
    let office = Office::new(ALL_ON);
    let Office { site, .. } = &office;
    let provision = ["oyster", "provision", JOB, "E1", "--file", "wanted.toml", "--by", "ana"];
    let shown = site.expect(0, &[&provision[..], &["--dry-run"]].concat());
    for part in ["package plan P3", "K1", "K2", "supplementary plan P1", "nothing was queued"] {
        assert!(shown.contains(part), "{part}: {shown}");
    }
    assert!(site.expect(0, &provision).contains("item 1 is proposed"));
    assert!(site.expect(0, &provision).contains("item 1 says the same and is proposed"));
    let request = ["oyster", "request", JOB, "R1", "--plan", "P1", "--team-member", "55.5", "--by", "ana"];
    assert!(site.expect(0, &request).contains("item 2 is proposed"));
    let listed = site.expect(0, &["queue", "list", JOB]);
    for part in ["oyster_provisioning", "engagement E1", "oyster_request", "0042", "team_member 55.5 %"] {
        assert!(listed.contains(part), "{part}: {listed}");
    }
    let told = site.expect(0, &["queue", "show", JOB, "1"]);
    assert!(told.starts_with("item 1: oyster_provisioning of engagement E1, proposed"), "{told}");
    assert!(!told.contains("findings"), "no night found it: {told}");
    site.expect(0, &["queue", "export", JOB, "--out", "out.csv"]);

    office.refused(&["queue", "approve", JOB, "1", "--by", "ana"], "whoever prepared it");
    for item in ["1", "2"] {
        site.expect(0, &["queue", "approve", JOB, item, "--by", "maria"]);
    }
    let dry = site.expect(0, &["push", JOB, "--dry-run"]);
    assert!(dry.contains("PUT the provisioning of engagement E1"), "{dry}");
    assert!(dry.contains("POST a request for engagement R1"), "{dry}");
    assert_eq!(office.arrived().len(), 0);
    let pushed = site.expect(0, &["push", JOB]);
    assert_eq!(pushed.trim(), format!("{:<18}{:>8}", "sent", 2));
    let operations: Vec<String> = office.arrived().into_iter().map(|entry| entry.operation).collect();
    assert_eq!(operations, ["provisioning", "requests"]);

    assert_eq!(site.expect(0, &["push", JOB]).trim(), format!("{:<18}{:>8}", "sent", 0));
    assert!(site.expect(0, &provision).contains("it is so at Oyster already"));
    assert_eq!(office.arrived().len(), 2);
    site.expect(0, &["audit", "verify", JOB]);
}

#[test]
fn what_is_switched_off_not_on_offer_or_too_late_is_refused_and_not_queued() {
    let off = Office::new("");
    let provision = |engagement| ["oyster", "provision", JOB, engagement, "--file", "wanted.toml", "--by", "ana"];
    off.refused(&provision("E1"), "provision = true in [oyster.writes]");
    let request = |plan| ["oyster", "request", JOB, "R1", "--plan", plan, "--team-member", "55.5", "--by", "ana"];
    off.refused(&request("P1"), "request = true in [oyster.writes]");
    // Looking is free.
    let looked = off.site.expect(0, &[&provision("E1")[..], &["--dry-run"]].concat());
    assert!(looked.contains("supplementary plan P1") && looked.contains("nothing was queued"), "{looked}");

    let office = Office::new(ALL_ON);
    office.refused(&request("P9"), "not on offer");
    office.refused(&provision("R1"), "provisioning is over");
    office.site.edit("wanted.toml", "\"K2\"", "\"K9\"");
    office.refused(&provision("E1"), "package K9 is not on offer; on offer: K1, K2");
    office.site.edit("wanted.toml", "\"25.5\"", "0.255");
    office.refused(&provision("E1"), "expected a string");
    let listed = office.site.expect(0, &["queue", "list", JOB]);
    assert!(listed.contains("no such items"), "{listed}");
}

/// Rewrites the lines of a file that hold `part`; without a text for it the line goes.
fn change_lines(path: &Path, part: &str, change: impl Fn(&str) -> Option<String>) {
    let text = fs::read_to_string(path).expect("a readable file");
    assert!(text.contains(part), "{} holds no {part}", path.display());
    let line = |line: &str| if line.contains(part) { change(line) } else { Some(line.to_owned()) };
    fs::write(path, text.lines().filter_map(line).map(|line| line + "\n").collect::<String>()).expect("written");
}

/// The demo, in whose list the first engagement has no enrollments, and whose history knows nothing of the one in
/// force.
fn hidden() -> Site {
    let site = Site::new();
    fs::remove_file(site.path("sample_data")).expect("a link");
    copy_folder(&repo().join("sample_data"), &site.path("sample_data"));
    let first = |file: &str| {
        let text = fs::read_to_string(site.path(file)).expect("a readable file");
        serde_json::from_str::<serde_json::Value>(text.lines().next().expect("a line")).expect("JSON")
    };
    let enrolled = first("sample_data/world/oyster/enrollments.ndjson");
    let engagement = enrolled["engagementId"].as_str().expect("an id");
    let enrollments = enrolled["data"].as_array().expect("a list");
    let live = enrollments.iter().find(|one| one["state"] == "ENROLLED").expect("one is in force");
    let part = format!("\"engagementId\":\"{engagement}\"");
    for world in ["world", "world_at_cutoff"] {
        change_lines(&site.path(&format!("sample_data/{world}/oyster/engagements.ndjson")), &part, |line| {
            let mut listed: serde_json::Value = serde_json::from_str(line).expect("JSON");
            listed["benefitEnrollments"] = serde_json::json!([]);
            Some(listed.to_string())
        });
    }
    let states = site.path("sample_data/world/oyster/states.ndjson");
    change_lines(&states, live["id"].as_str().expect("an id"), |_| None);
    site
}

const DEMO: &str = "jobs/demo.toml";
const DEMO_PACK: &str = "reports/demo/2026-04-02";

#[test]
fn an_enrollment_that_the_list_does_not_show_is_read_before_anybody_is_accused() {
    let site = hidden();
    site.expect(0, &["run", DEMO]);
    let truth = site.path("sample_data/truth.json");
    assert_eq!(found(&site.path(DEMO_PACK)), expected(&truth, false), "over HTTP");

    let site = hidden();
    for (world, day) in [("world_at_cutoff", "2026-03-31"), ("world", "2026-04-02")] {
        let world = format!("sample_data/{world}");
        site.expect(0, &["snapshot", "import", DEMO, "--world", &world, "--as-of", day]);
    }
    let output = site.run(&["run", DEMO, "--offline"]);
    assert!(site.path(DEMO_PACK).exists(), "{}", shown(&output));
    assert_eq!(found(&site.path(DEMO_PACK)), expected(&truth, false), "imported");
}
