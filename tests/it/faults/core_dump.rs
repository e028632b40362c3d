//! What the memory of the process holds never becomes a file.

use std::fs;
use std::io::{BufRead as _, BufReader};
use std::os::unix::fs::MetadataExt as _;
use std::os::unix::process::CommandExt as _;
use std::process::{Child, Command, Stdio};

use crate::support::{Site, repo};

/// A user who owns nothing here.
const NOBODY: u32 = 65_534;

/// Ends the process when the test ends, however it ends.
struct Running(Child);

impl Drop for Running {
    fn drop(&mut self) {
        let _ = self.0.kill();
        let _ = self.0.wait();
    }
}

/// A process that has said all that it says at its start.
fn started(command: &mut Command, last_line: &str) -> Running {
    let mut running = Running(command.stdout(Stdio::piped()).stderr(Stdio::null()).spawn().expect("the binary starts"));
    let stdout = running.0.stdout.take().expect("a pipe");
    let said = BufReader::new(stdout).lines().map(|line| line.expect("UTF-8")).find(|line| line == last_line);
    assert!(said.is_some(), "the process ended early");
    running
}

/// Of root's processes the kernel does not show whether they may be dumped: their files belong to root either way.
#[test]
fn a_crash_leaves_no_core_file_and_nobody_else_reads_the_memory() {
    let site = Site::new();
    let world = repo().join("sample_data/world").display().to_string();
    let mut command = site.command(&["sandbox", "--world", &world, "--listen", "127.0.0.1:0"]);
    let readable = fs::metadata(&world).is_ok_and(|meta| meta.mode() & 0o005 == 0o005);
    if rustix::process::geteuid().is_root() && readable {
        command.uid(NOBODY).current_dir("/");
    }
    let running = started(&mut command, "Stop with Ctrl-C.");
    let process = format!("/proc/{}", running.0.id());
    let limits = fs::read_to_string(format!("{process}/limits")).expect("the limits");
    let core: Vec<&str> = limits.lines().filter(|line| line.starts_with("Max core file size")).collect();
    assert_eq!(core.len(), 1, "{limits}");
    assert_eq!(core[0].split_whitespace().collect::<Vec<_>>()[4..6], ["0", "0"], "{}", core[0]);
    assert_eq!(fs::metadata(format!("{process}/mem")).expect("the process").uid(), 0);
}
