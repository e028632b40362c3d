//! A state folder that was put back from a backup, or lost: it sends nothing until a person says so, and what may have
//! gone out is in doubt.

use std::fs;

use crate::harness::restores::{Accidents, Tally};
use crate::support::{Site, copy_folder, shown};

const JOB: &str = "jobs/demo.toml";
const STATE: &str = "state/demo";

/// Exit 7, and the way out in words.
#[track_caller]
fn refused(site: &Site, args: &[&str]) {
    let output = site.run(args);
    let said = shown(&output);
    assert!(output.status.code() == Some(7) && said.contains("tieout recover"), "{args:?}: {said}");
}

/// A correction was sent, and the state of before is there again.
fn sent_and_put_back() -> Site {
    let site = Site::new();
    site.run(&["run", JOB]);
    site.expect(0, &["queue", "approve", JOB, "1", "--by", "maria"]);
    copy_folder(&site.path(STATE), &site.path("backup"));
    site.expect(0, &["push", JOB]);
    fs::remove_dir_all(site.path(STATE)).expect("removed");
    copy_folder(&site.path("backup"), &site.path(STATE));
    site
}

#[test]
fn a_backup_that_is_put_back_sends_nothing_twice() {
    let site = sent_and_put_back();
    for verb in ["push", "run"] {
        refused(&site, &[verb, JOB]);
    }
    // Whole in itself is the older one too.
    refused(&site, &["audit", "verify", JOB]);
    site.expect(0, &["recover", JOB, "--reason", "the disk was replaced"]);
    let sent = site.run(&["push", JOB]);
    assert!(shown(&sent).contains("in doubt"), "{}", shown(&sent));
    let doubts = site.expect(0, &["queue", "list", JOB, "--state", "approved", "--json"]);
    assert_eq!(doubts.trim(), "[]");
    site.expect(0, &["audit", "verify", JOB]);
    site.expect(0, &["queue", "resolve", JOB, "1", "--as", "sent", "--reason", "seen", "--by", "maria"]);
}

#[test]
fn state_and_reports_put_back_together_send_nothing_while_the_second_anchor_is_not_mounted() {
    let site = Site::new();
    site.edit(JOB, "name = \"demo\"", "name = \"demo\"\nanchor = \"elsewhere/anchor.json\"");
    site.run(&["run", JOB]);
    site.expect(0, &["queue", "approve", JOB, "1", "--by", "maria"]);
    for folder in [STATE, "reports"] {
        copy_folder(&site.path(folder), &site.path("backup").join(folder));
    }
    site.expect(0, &["push", JOB]);
    for folder in [STATE, "reports"] {
        fs::remove_dir_all(site.path(folder)).expect("removed");
        copy_folder(&site.path("backup").join(folder), &site.path(folder));
    }
    refused(&site, &["push", JOB]);
    fs::rename(site.path("elsewhere"), site.path("unmounted")).expect("moved");
    fs::create_dir(site.path("elsewhere")).expect("a mount point");
    refused(&site, &["push", JOB]);
    site.expect(0, &["recover", JOB, "--reason", "the disk was replaced"]);
    let sent = site.run(&["push", JOB]);
    assert!(shown(&sent).contains("in doubt"), "{}", shown(&sent));
}

#[test]
fn a_second_place_for_the_anchor_can_be_named_later_and_given_up() {
    let site = Site::new();
    site.run(&["run", JOB]);
    site.edit(JOB, "name = \"demo\"", "name = \"demo\"\nanchor = \"elsewhere/anchor.json\"");
    site.expect(0, &["push", JOB]);
    let said = site.expect(0, &["audit", "verify", JOB]);
    for anchor in ["reports/demo/anchor.json", "elsewhere/anchor.json"] {
        assert!(said.contains(&format!("it holds the end that is noted in {anchor}\n")), "{said}");
    }
    site.edit(JOB, "\nanchor = \"elsewhere/anchor.json\"", "");
    fs::remove_dir_all(site.path("elsewhere")).expect("removed");
    site.expect(0, &["push", JOB]);
}

#[test]
fn a_state_that_is_gone_proposes_nothing_as_if_it_were_new() {
    let site = Site::new();
    site.run(&["run", JOB]);
    fs::remove_dir_all(site.path(STATE)).expect("removed");
    refused(&site, &["run", JOB]);
    fs::remove_file(site.path("reports/demo/anchor.json")).expect("removed");
    refused(&site, &["run", JOB]);
    site.expect(0, &["recover", JOB, "--reason", "the folder was deleted"]);
    site.run(&["run", JOB]);
    for state in ["proposed", "approved"] {
        assert_eq!(site.expect(0, &["queue", "list", JOB, "--state", state, "--json"]).trim(), "[]");
    }
    assert_ne!(site.expect(0, &["queue", "list", JOB, "--state", "in_doubt", "--json"]).trim(), "[]");
}

#[test]
fn a_state_that_is_gone_is_missed_by_whatever_a_live_night_left_and_by_nothing_else() {
    let site = Site::new();
    site.expect(0, &["run", JOB, "--dry-run"]);
    fs::remove_dir_all(site.path(STATE)).expect("removed");
    // A dry run queued nothing, though it stands in the page over all nights.
    site.expect(0, &["push", JOB]);
    site.run(&["run", JOB]);
    fs::remove_dir_all(site.path(STATE)).expect("removed");
    fs::remove_file(site.path("reports/demo/anchor.json")).expect("removed");
    fs::rename(site.path("reports/demo/2026-04-02"), site.path("reports/demo/2026-04-02-incomplete")).expect("renamed");
    refused(&site, &["push", JOB]);
    fs::rename(site.path("reports/demo/2026-04-02-incomplete"), site.path("pruned")).expect("moved");
    let said = shown(&site.run(&["push", JOB]));
    assert!(said.contains("reports/demo/index.html of an earlier night"), "{said}");
}

#[test]
fn a_backup_that_is_put_back_sends_nothing_twice_when_its_anchor_is_gone_too() {
    let site = sent_and_put_back();
    fs::rename(site.path("reports"), site.path("moved")).expect("moved");
    for verb in ["push", "run", "check"] {
        refused(&site, &[verb, JOB]);
    }
    site.expect(0, &["recover", JOB, "--reason", "the disk was replaced"]);
    let sent = site.run(&["push", JOB]);
    assert!(shown(&sent).contains("in doubt"), "{}", shown(&sent));
    site.run(&["run", JOB]);
    site.expect(0, &["audit", "verify", JOB]);
}

#[test]
fn a_backup_from_before_a_night_that_queued_nothing_new_is_noticed() {
    let site = Site::new();
    site.run(&["run", JOB]);
    copy_folder(&site.path(STATE), &site.path("backup"));
    site.run(&["run", JOB]);
    fs::remove_dir_all(site.path(STATE)).expect("removed");
    copy_folder(&site.path("backup"), &site.path(STATE));
    refused(&site, &["run", JOB]);
    site.expect(0, &["recover", JOB, "--reason", "the disk was replaced"]);
    let again = site.run(&["run", JOB]);
    assert!(matches!(again.status.code(), Some(0 | 1)), "{}", shown(&again));
}

#[test]
fn reports_that_move_take_their_anchor_along() {
    let site = Site::new();
    site.run(&["run", JOB]);
    fs::rename(site.path("reports/demo/anchor.json"), site.path("anchor.json")).expect("moved");
    refused(&site, &["push", JOB]);
    fs::rename(site.path("anchor.json"), site.path("reports/demo/anchor.json")).expect("moved back");
    site.expect(0, &["push", JOB]);
}

#[test]
fn the_state_of_one_job_is_refused_to_another() {
    let site = Site::new();
    site.run(&["run", JOB]);
    site.edit(JOB, "name = \"demo\"", "name = \"other\"\nstate_dir = \"state/demo\"");
    let output = site.run(&["run", JOB]);
    let said = shown(&output);
    assert!(output.status.code() == Some(2) && said.contains("belongs to job demo"), "{said}");
}

/// Another file with the same job under another name.
fn copied(site: &Site, name: &str) -> String {
    let path = format!("jobs/{name}.toml");
    fs::copy(site.path(JOB), site.path(&path)).expect("copied");
    site.edit(&path, "name = \"demo\"", &format!("name = {name:?}"));
    path
}

#[test]
fn a_job_under_another_name_sends_nothing_again_until_a_person_says_so() {
    let site = Site::new();
    site.run(&["run", JOB]);
    site.edit(JOB, "name = \"demo\"", "name = \"renamed\"");
    for verb in ["push", "run", "check"] {
        refused(&site, &[verb, JOB]);
    }
    site.edit(JOB, "name = \"renamed\"", "name = \"demo\"");
    site.expect(0, &["push", JOB]);
    let moved = copied(&site, "moved");
    fs::remove_file(site.path(JOB)).expect("removed");
    let said = shown(&site.run(&["push", &moved]));
    assert!(said.contains("jobs/demo.toml is gone") && said.contains("Give it back its name"), "{said}");
    site.expect(0, &["recover", &moved, "--reason", "renamed for good"]);
    site.run(&["run", &moved]);
    for state in ["proposed", "approved"] {
        assert_eq!(site.expect(0, &["queue", "list", &moved, "--state", state, "--json"]).trim(), "[]");
    }
}

#[test]
fn a_second_job_of_an_employer_begins_beside_the_first_one_while_that_one_is_there() {
    let site = Site::new();
    site.run(&["run", JOB]);
    let second = copied(&site, "second");
    let pushed = site.run(&["push", &second]);
    assert_eq!(pushed.status.code(), Some(0), "{}", shown(&pushed));
    assert!(shown(&pushed).contains("two jobs read the same payroll file"), "{}", shown(&pushed));
    let third = copied(&site, "third");
    site.edit(&third, "employer_id = \"emp_900000001\"", "employer_id = \"emp_2\"");
    fs::remove_dir_all(site.path(STATE)).expect("removed");
    let said = shown(&site.run(&["push", &copied(&site, "fourth")]));
    assert!(said.contains("its state is not in") && said.contains("state/demo any more"), "{said}");
    // Nothing of another employer is its own.
    let said = shown(&site.run(&["push", "--dry-run", &third]));
    assert!(!said.contains("under another name"), "{said}");
}

#[track_caller]
fn nothing_arrives_twice(accidents: Accidents) -> Tally {
    let tally = accidents.happen();
    assert_eq!(tally.arrived_twice, 0, "{tally:?}");
    // Sends before and after, and accidents of both kinds, or nothing was proved.
    assert!(tally.arrived_after > 0 && tally.arrived > tally.arrived_after, "{tally:?}");
    assert!(tally.lost > 0 && tally.put_back > 0 && tally.refused > 0, "{tally:?}");
    tally
}

#[test]
fn what_was_lost_or_put_back_at_any_moment_of_nights_and_pushes_sends_nothing_twice() {
    nothing_arrives_twice(Accidents { count: 3, seed: 1 });
}

#[test]
#[ignore = "takes half an hour: `cargo test --test it -- --ignored two_hundred` runs it"]
fn two_hundred_lost_and_restored_states_send_nothing_twice() {
    let tally = nothing_arrives_twice(Accidents { count: 200, seed: 2 });
    assert_eq!(tally.lost + tally.put_back, 200, "{tally:?}");
}
