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
    let folder = site.path("made/reports/generated/2026-04-02");
    let grave = rows(&folder.join("exceptions.csv")).iter().filter(|row| row["severity"].as_str() <= "S2").count();
    let folder = folder.display();
    let found = format!("generated as of 2026-04-02, exit 1: findings of severity S2 or graver: {grave}");
    assert_eq!(told, format!("{found}; report: {folder}; read exceptions.csv there"));

    site.edit(JOB, "headcount_min = 100", "headcount_min = 20\ncorrected_share_max = \"0 %\"");
    let told = night(&site, 8).expect("a guard");
    let begin = "generated as of 2026-04-02, exit 8: nothing was queued, guards that stopped it: 1; ";
    assert!(told.starts_with(begin), "{told}");
    assert!(told.contains(&format!("severity S2 or graver: {grave}; ")), "{told}");
    // The report of the night that no guard stopped stays where it is.
    assert!(told.contains(&format!("report: {folder}-incomplete; read the verdict in summary.csv there")), "{told}");
}
