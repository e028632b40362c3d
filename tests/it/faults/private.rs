//! What tieout keeps is for its owner alone, also where somebody has opened it or put something else there.

use std::fs::{self, Permissions};
use std::os::unix::fs::{PermissionsExt as _, chown, symlink};
use std::path::Path;

use crate::support::{Site, shown};

const JOB: &str = "jobs/demo.toml";

/// A user who owns nothing here.
const NOBODY: u32 = 65_534;

fn mode(path: &Path) -> u32 {
    fs::metadata(path).unwrap_or_else(|e| panic!("{}: {e}", path.display())).permissions().mode() & 0o7777
}

fn open_to_all(site: &Site, paths: &[&str]) {
    for path in paths {
        let path = site.path(path);
        let everything = if path.is_dir() { 0o777 } else { 0o666 };
        fs::set_permissions(&path, Permissions::from_mode(everything)).expect("ours");
    }
}

#[test]
fn what_others_could_use_is_closed_with_a_warning_that_names_it() {
    let site = Site::new();
    site.expect(0, &["run", JOB]);
    let opened =
        ["state/demo", "state/demo/tieout.db", "state/demo/lock", "state/demo/snapshots", "reports", "reports/demo"];
    open_to_all(&site, &opened);
    let output = site.run(&["run", JOB]);
    assert_eq!(output.status.code(), Some(0), "{}", shown(&output));
    let said = String::from_utf8_lossy(&output.stderr).into_owned();
    let told = |path: &str| said.lines().filter(|line| line.contains(&format!("\"{path}\""))).count();
    assert_eq!(opened.map(told), [1; 6], "{said}");
    assert_eq!(opened.map(|path| mode(&site.path(path))), [0o700, 0o600, 0o600, 0o700, 0o755, 0o700]);
    let again = site.run(&["queue", "list", JOB]);
    assert!(again.stderr.is_empty(), "{}", shown(&again));
}

#[test]
fn a_lock_that_is_a_link_ends_the_night_and_what_it_leads_to_is_kept() {
    let site = Site::new();
    site.expect(0, &["queue", "list", JOB]);
    let victim = site.path("victim.txt");
    fs::write(&victim, "kept").expect("written");
    symlink(&victim, site.path("state/demo/lock")).expect("linked");
    let output = site.run(&["run", JOB, "--dry-run"]);
    assert_eq!(output.status.code(), Some(2), "{}", shown(&output));
    assert!(String::from_utf8_lossy(&output.stderr).contains("state/demo/lock is a link"), "{}", shown(&output));
    assert_eq!(fs::read_to_string(&victim).expect("there"), "kept");
}

/// Only root can give a folder away, so only there can this be seen.
#[test]
fn a_folder_of_another_user_is_refused_with_what_to_do() {
    let site = Site::new();
    site.expect(0, &["queue", "list", JOB]);
    for (theirs, args) in [
        ("state/demo/tieout.db", ["queue", "list"]),
        ("state/demo", ["run", "--offline"]),
        ("state/demo", ["push", "--dry-run"]),
        ("reports/demo", ["run", "--offline"]),
    ] {
        let path = site.path(theirs);
        fs::create_dir_all(site.path("reports/demo")).expect("made");
        if chown(&path, Some(NOBODY), None).is_err() {
            return;
        }
        let output = site.run(&[&args[..], &[JOB]].concat());
        assert_eq!(output.status.code(), Some(2), "{theirs}\n{}", shown(&output));
        let said = String::from_utf8_lossy(&output.stderr);
        assert!(said.contains(&format!("{theirs} belongs to user {NOBODY}")) && said.contains("chown"), "{said}");
        chown(&path, Some(0), None).expect("ours again");
    }
}
