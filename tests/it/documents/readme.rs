//! The README is short, and what README and `docs/` tell a reader to type works.

use std::fs;

use clap::Parser;
use clap::error::ErrorKind;
use tieout::cli::Cli;

use crate::harness::pages::{Page, page, pages};
use crate::support::{Site, repo, shown};

/// Exit codes that a command may show on the sample data: done, or done with somebody unverified on purpose.
const FINE: [i32; 2] = [0, 3];
const README_WORDS_MAX: usize = 1_500;
/// What stands in a command for the reader's own value, and a value of its kind.
const PLACEHOLDERS: [(&str, &str); 4] = [("ITEM", "1"), ("N", "1"), ("DATE", "2026-03-31"), ("\u{2026}", "x")];

#[test]
fn the_readme_is_a_front_page() {
    let words = page("README.md").text.split_whitespace().count();
    assert!(words <= README_WORDS_MAX, "the README has {words} words, at most {README_WORDS_MAX}");
}

#[test]
fn every_command_of_the_readme_and_the_docs_runs() {
    let mut run = 0;
    for page in pages() {
        let site = Site::new();
        for command in page.fenced("console") {
            let args = command.strip_prefix("cargo run -- ").or_else(|| command.strip_prefix("tieout "));
            let Some(args) = args else {
                assert_eq!(command, "cargo test", "{}: not run by a test", page.name);
                continue;
            };
            let words = words(args);
            let output = site.run(&words.iter().map(String::as_str).collect::<Vec<_>>());
            let done = output.status.code().is_some_and(|code| FINE.contains(&code));
            assert!(done, "{}: {command}\n{}", page.name, shown(&output));
            run += 1;
        }
    }
    assert!(run >= 20, "only {run} commands were found");
}

/// As a shell parts them: what stands in quotes is one word.
fn words(command: &str) -> Vec<String> {
    let mut words = vec![String::new()];
    let mut is_quoted = false;
    for c in command.chars() {
        match c {
            '"' => is_quoted = !is_quoted,
            ' ' if !is_quoted => words.push(String::new()),
            c => words.last_mut().expect("there is one").push(c),
        }
    }
    words.retain(|word| !word.is_empty());
    words
}

#[test]
fn the_test_command_of_the_readme_is_what_ci_runs() {
    let ci = fs::read_to_string(repo().join(".ci/run")).expect("the CI script");
    assert!(page("README.md").fenced("console").contains(&"cargo test"));
    assert!(ci.lines().any(|line| line.starts_with("cargo test")), "CI does not run the README's test command");
}

/// Commands in the running text, and those that need a machine or services of the reader's.
fn mentioned(page: &Page) -> Vec<String> {
    let in_blocks = page.fenced("sh").into_iter().filter_map(|line| line.split(" #").next());
    let commands = in_blocks.map(str::to_owned).chain(page.spans());
    commands.filter(|command| command.starts_with("tieout ")).collect()
}

#[test]
fn every_command_that_is_mentioned_is_one_of_the_program() {
    let mut parsed = 0;
    for page in pages() {
        for command in mentioned(&page) {
            let words = command.split_whitespace().map(|word| {
                PLACEHOLDERS.iter().find(|(placeholder, _)| *placeholder == word).map_or(word, |(_, value)| value)
            });
            let unknown = Cli::try_parse_from(words).err().filter(|error| {
                !matches!(
                    error.kind(),
                    ErrorKind::MissingRequiredArgument
                        | ErrorKind::MissingSubcommand
                        | ErrorKind::DisplayHelpOnMissingArgumentOrSubcommand
                        | ErrorKind::DisplayHelp
                        | ErrorKind::DisplayVersion
                )
            });
            assert!(unknown.is_none(), "{}: {command}\n{}", page.name, unknown.expect("an error"));
            parsed += 1;
        }
    }
    assert!(parsed >= 20, "only {parsed} commands were found");
}

#[test]
fn every_link_of_the_pages_leads_to_a_file() {
    let mut lost = Vec::new();
    for page in pages() {
        lost.extend(page.links().into_iter().filter(|path| !path.exists()).map(|path| (page.name.clone(), path)));
    }
    assert!(lost.is_empty(), "{lost:#?}");
}

#[test]
fn the_set_up_of_the_readme_is_what_the_unit_expects() {
    let unit = fs::read_to_string(repo().join("jobs/schedules/tieout@.service")).expect("the unit");
    let setting = |key: &str| unit.lines().find_map(|line| line.strip_prefix(key)).expect("a setting of the unit");
    let program = setting("ExecStart=").split(' ').next().expect("a program");
    let secrets = setting("LoadCredential=").split(':').nth(1).expect("a file").replace("%i", "acme");
    let folder = secrets.rsplit_once('/').expect("a folder").0.to_owned();
    let set_up = page("README.md").fenced("sh").join("\n");
    for needed in [program, setting("WorkingDirectory="), &format!("-o {0} -g {0}", setting("User=")), &folder] {
        assert!(set_up.contains(needed), "the README's set-up does not name {needed}");
    }
}
