//! One credential, many jobs: the limit of a service holds for all processes of the machine together.

use std::process::{Child, Command, Stdio};
use std::time::Duration;

use tieout_sandbox::RateWindow;

use crate::support::{Site, made, point_at, sandbox};

/// Jobs at once.
const JOBS: usize = 6;
const LIMIT: RateWindow = RateWindow { calls: 60, per: Duration::from_secs(2) };
const HTTP: &str = "windows = [{ calls = 60, per = \"2 s\" }]\nconcurrency = 8";

/// A job of its own name and state on the credential that all of them have.
fn job(site: &Site, running: &tieout_sandbox::Running, number: usize) -> String {
    let path = format!("made/job{number}.toml");
    point_at(site, running, &path, HTTP);
    site.edit(&path, "name = \"generated\"", &format!("name = \"job{number}\""));
    site.edit(&path, "made/state", &format!("made/state{number}"));
    path
}

fn begin(site: &Site, args: &[&str]) -> Child {
    let mut command: Command = site.command(args);
    command.stdout(Stdio::null()).stderr(Stdio::null()).spawn().expect("the binary starts")
}

#[test]
fn six_jobs_and_other_commands_on_one_credential_are_never_refused() {
    let site = made("40", "11");
    let (_runtime, running) = sandbox(&site, |settings| {
        settings.limit = LIMIT;
        settings.oyster_limits = vec![LIMIT];
        settings.latency = Duration::from_millis(5);
    });
    let jobs: Vec<String> = (0..JOBS).map(|number| job(&site, &running, number)).collect();
    let mut nights: Vec<Child> = jobs.iter().map(|job| begin(&site, &["run", job, "--as-of", "2026-04-02"])).collect();
    // A check and a question beside them count as well.
    site.run(&["check", &jobs[0]]);
    site.run(&["api", "benifex", "users", &jobs[1], "E-00001"]);
    for night in &mut nights {
        let exit = night.wait().expect("a process").code();
        assert!(matches!(exit, Some(0 | 1 | 3)), "{exit:?}");
    }
    let counts = running.counts();
    assert!(counts.calls > (2 * LIMIT.calls) as u64, "{} calls never met the limit", counts.calls);
    assert_eq!((counts.limited, counts.oyster.limited), (0, 0), "429s");
    assert!(counts.most_arrived <= LIMIT.calls, "{} calls in a window", counts.most_arrived);
}

#[test]
fn calls_of_a_killed_night_still_count() {
    let site = made("40", "11");
    let (_runtime, running) = sandbox(&site, |settings| {
        settings.limit = LIMIT;
        settings.oyster_limits = vec![LIMIT];
    });
    let job = job(&site, &running, 0);
    let mut killed = begin(&site, &["run", &job, "--as-of", "2026-04-02"]);
    while running.counts().calls < 20 {
        std::thread::sleep(Duration::from_millis(5));
    }
    killed.kill().expect("killed");
    killed.wait().expect("a process");
    let exit = site.run(&["run", &job, "--as-of", "2026-04-02"]).status.code();
    assert!(matches!(exit, Some(0 | 1 | 3)), "{exit:?}");
    assert_eq!((running.counts().limited, running.counts().oyster.limited), (0, 0), "429s");
}

#[test]
fn a_folder_that_cannot_be_shared_is_told_and_the_night_goes_on() {
    let site = made("40", "11");
    let (_runtime, running) = sandbox(&site, |_| ());
    let job = job(&site, &running, 0);
    std::fs::write(site.path("in_the_way"), "a file").expect("written");
    site.edit(&job, "zone = ", "limits_dir = \"in_the_way/limits\"\nzone = ");
    let output = site.run(&["run", &job, "--as-of", "2026-04-02"]);
    assert!(matches!(output.status.code(), Some(0 | 1 | 3)));
    assert!(String::from_utf8_lossy(&output.stderr).contains("the log of calls cannot be shared"));
}
