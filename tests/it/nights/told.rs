//! Whoever scheduled a command is told on stderr, in one line, why it needs a person.

use crate::support::{Site, made, rows, shown};

const JOB: &str = "made/job.toml";

/// A night without calls, whose snapshot answers for everybody; expects an exit code, and gives what was told.
#[track_caller]
fn night(site: &Site, exit: i32) -> Option<String> {
    let output = site.run(&["run", JOB, "--offline"]);
    assert_eq!(output.status.code(), Some(exit), "{}", shown(&output));
    let stderr = String::from_utf8_lossy(&output.stderr).into_owned();
    let mut told = stderr.lines().filter_map(|line| line.strip_prefix("needs a person: "));
    let line = told.next().map(str::to_owned);
    assert_eq!(told.next(), None, "{stderr}");
    line
}

#[test]
fn a_night_tells_what_how_many_where_and_what_to_do_and_nothing_when_it_is_done() {
    let site = made("60", "3");
    site.expect(0, &["snapshot", "import", JOB, "--world", "made/world_at_cutoff", "--as-of", "2026-03-31"]);
    site.expect(0, &["snapshot", "import", JOB, "--world", "made/world"]);
    assert_eq!(night(&site, 0), None);

    site.edit(JOB, "[report]\n", "[report]\nalarm_at = \"S2\"\n");
    let told = night(&site, 1).expect("an alarm");
    let grave = |site: &Site| {
        let findings = rows(&site.path("made/reports/generated/2026-04-02").join("exceptions.csv"));
        findings.iter().filter(|row| row["severity"].as_str() <= "S2").count()
    };
    let folder = site.path("made/reports/generated/2026-04-02");
    let (folder, grave_findings) = (folder.display(), grave(&site));
    let found = format!("generated as of 2026-04-02, exit 1: findings of severity S2 or graver: {grave_findings}");
    assert_eq!(told, format!("{found}; report: {folder}; read exceptions.csv there"));

    // What the queue holds already is not counted again: the guard stops a night that queues something.
    let site = made("60", "3");
    site.expect(0, &["snapshot", "import", JOB, "--world", "made/world"]);
    site.edit(JOB, "[report]\n", "[report]\nalarm_at = \"S2\"\n");
    site.edit(JOB, "headcount_min = 100", "headcount_min = 20\ncorrected_share_max = \"0 %\"");
    let told = night(&site, 8).expect("a guard");
    let begin = "generated as of 2026-04-02, exit 8: nothing was queued, guards that stopped it: 1; ";
    assert!(told.starts_with(begin), "{told}");
    let grave = grave(&site);
    assert!(told.contains(&format!("severity S2 or graver: {grave}; ")), "{told}");
    assert!(told.contains("read the verdict in summary.csv there"), "{told}");
}

#[test]
fn a_command_line_that_is_not_understood_is_told_as_the_log_is() {
    let site = Site::new();
    let told = |args: &[&str]| {
        let output = site.run(args);
        assert_eq!(output.status.code(), Some(2), "{}", shown(&output));
        assert!(output.stdout.is_empty(), "{}", shown(&output));
        String::from_utf8(output.stderr).expect("text")
    };
    // Nobody reads these at a terminal.
    for args in [&["rnu"][..], &["run"], &["run", JOB, "--as-of", "soon"], &["run", JOB, "--log-format=json", "-x"]] {
        let line = told(args);
        let line: serde_json::Value =
            serde_json::from_str(&line).unwrap_or_else(|_| panic!("one line of JSON: {line}"));
        assert_eq!(line["fields"]["exit"], 2, "{line}");
        let message = line["fields"]["message"].as_str().expect("a text");
        assert!(message.starts_with("error: ") && !message.contains("error: error"), "{message}");
    }
    for args in [&["rnu", "--log-format", "text"][..], &["--log-format=text", "run"]] {
        assert!(told(args).starts_with("error: "), "{args:?}");
    }
    for args in [["--help"], ["--version"]] {
        assert!(site.expect(0, &args).contains("tieout"));
    }
}
