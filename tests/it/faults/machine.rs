//! What the machine refuses: open files, room in a file, room behind stdout. None of it is a bug, a wrong command line
//! or a success.

use std::fs::OpenOptions;
use std::process::{Command, Output, Stdio};

use crate::support::{Site, shown};

const JOB: &str = "jobs/demo.toml";
/// Exit code for the machine.
const MACHINE: i32 = 74;
/// Files that are open before the program itself opens one: the three streams, and one for the loader.
const OPEN_FILES_MIN: usize = 5;
/// Enough for a push, and for a listing.
const OPEN_FILES_ENOUGH: usize = 24;

/// The command under a limit of the shell, such as `ulimit -n 5`.
fn limited(site: &Site, limit: &str, args: &[&str]) -> Output {
    let plain = site.command(args);
    let mut command = Command::new("sh");
    command.arg("-c").arg(format!("{limit} && exec \"$0\" \"$@\"")).arg(plain.get_program()).args(args);
    command.current_dir(site.path("")).env("XDG_STATE_HOME", site.path("user"));
    command.output().expect("the shell starts")
}

#[test]
fn too_few_open_files_are_the_machines_fault_wherever_they_run_out() {
    let site = Site::new();
    site.run(&["run", JOB]);
    for args in [["queue", "list", JOB].as_slice(), &["push", JOB]] {
        let mut exits = Vec::new();
        for files in OPEN_FILES_MIN..=OPEN_FILES_ENOUGH {
            let output = limited(&site, &format!("ulimit -n {files}"), args);
            let exit = output.status.code();
            assert!(matches!(exit, Some(0 | MACHINE)), "{args:?} with {files} files\n{}", shown(&output));
            exits.push(exit);
        }
        assert!(exits.contains(&Some(MACHINE)) && exits.last() == Some(&Some(0)), "{args:?}: {exits:?}");
    }
}

#[test]
fn a_file_that_may_not_grow_further_ends_the_night_with_a_word_and_the_next_one_is_whole() {
    let site = Site::new();
    // In blocks of 512 bytes: a database of 200 kB fits, what the services answer does not.
    let output = limited(&site, "ulimit -f 400", &["run", JOB]);
    assert_eq!(output.status.code(), Some(MACHINE), "{}", shown(&output));
    site.expect(0, &["run", JOB]);
    site.expect(0, &["audit", "verify", JOB]);
}

#[test]
fn a_result_that_finds_no_room_is_told_and_one_that_nobody_reads_is_not() {
    let site = Site::new();
    site.run(&["run", JOB]);
    for args in [["queue", "list", JOB].as_slice(), &["runs", JOB, "--json"], &["push", JOB, "--dry-run"], &["--help"]]
    {
        let full = OpenOptions::new().write(true).open("/dev/full").expect("a device of the system");
        let output = site.command(args).stdout(full).stderr(Stdio::piped()).output().expect("starts");
        assert_eq!(output.status.code(), Some(MACHINE), "{args:?}: {}", shown(&output));
        let (reader, writer) = std::io::pipe().expect("a pipe");
        drop(reader);
        let output = site.command(args).stdout(writer).stderr(Stdio::piped()).output().expect("starts");
        assert_eq!(output.status.code(), Some(0), "{args:?}: {}", shown(&output));
        assert!(output.stderr.is_empty(), "{args:?}: {}", shown(&output));
    }
}
