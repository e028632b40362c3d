//! Every command of the README is run, and its tables are what the program says.

use std::fs;

use crate::support::{Site, repo, shown};

/// Exit codes that a command may show on the sample data: done, or done with somebody unverified on purpose.
const FINE: [i32; 2] = [0, 3];

fn readme() -> String {
    fs::read_to_string(repo().join("README.md")).expect("the README")
}

/// Lines of all `console` blocks.
fn commands() -> Vec<String> {
    let mut commands = Vec::new();
    let mut inside = false;
    for line in readme().lines() {
        match line {
            "```console" => inside = true,
            "```" => inside = false,
            _ if inside => commands.push(line.to_owned()),
            _ => {}
        }
    }
    commands
}

#[test]
fn every_command_of_the_readme_runs() {
    let site = Site::new();
    let mut run = 0;
    for command in commands() {
        let args = command.strip_prefix("cargo run -- ").or_else(|| command.strip_prefix("tieout "));
        let Some(args) = args else {
            assert!(
                ["cargo test", "cargo install --path ."].contains(&command.as_str()),
                "not run by a test: {command}"
            );
            continue;
        };
        let output = site.run(&args.split_whitespace().collect::<Vec<_>>());
        assert!(output.status.code().is_some_and(|c| FINE.contains(&c)), "{command}\n{}", shown(&output));
        run += 1;
    }
    assert!(run >= 10, "only {run} commands were found");
}

#[test]
fn the_test_command_of_the_readme_is_what_ci_runs() {
    let ci = fs::read_to_string(repo().join(".ci/run")).expect("the CI script");
    assert!(commands().contains(&"cargo test".to_owned()));
    assert!(ci.lines().any(|line| line.starts_with("cargo test")), "CI does not run the README's test command");
}

#[test]
fn the_readme_lists_every_rule_with_its_title() {
    let readme = readme();
    for code in tieout_model::finding::Code::ALL {
        let rule = tieout_recon::rules::registry::of(code);
        let row = format!("| {} | {} | {} |", code.name(), rule.title, rule.severities());
        assert!(readme.contains(&row), "the README has no row {row}");
    }
}

#[test]
fn the_readme_lists_every_exit_code() {
    let readme = readme();
    for code in [0, 1, 2, 3, 4, 5, 6, 7, 8, 70] {
        assert!(readme.lines().any(|l| l.starts_with(&format!("| {code} |"))), "exit code {code} is not in the README");
    }
}
