//! The reference in `docs/` says what the program says. Parts between `<!-- generated: NAME -->` and `<!-- end -->` are
//! made here from the program's own tables; the others are held against what it writes.

use std::fs;
use std::path::Path;

use clap::{Command, CommandFactory};
use tieout::cli::Cli;
use tieout_model::code::{Blocks, Code, Family, Rule};
use tieout_recon::proof;

use crate::harness::pages::{Page, page, pages};
use crate::support::repo;

const START: &str = "<!-- generated: ";
const END: &str = "<!-- end -->";
/// Columns of generated lines.
const COLUMNS: usize = 118;
const HELP_COLUMNS: usize = 100;
const FAULTS: &str = "crates/sandbox/src/faults/mod.rs";

/// The names of the generated parts of a page.
fn generated(page: &Page) -> Vec<&str> {
    page.text.lines().filter_map(|line| line.strip_prefix(START)?.strip_suffix(" -->")).collect()
}

/// The page with its generated parts made anew.
fn renewed(page: &Page) -> String {
    let mut text = String::new();
    let mut lines = page.text.lines();
    while let Some(line) = lines.next() {
        text.push_str(line);
        text.push('\n');
        if let Some(name) = line.strip_prefix(START).and_then(|rest| rest.strip_suffix(" -->")) {
            text.push_str(&part(name));
            let end = lines.by_ref().find(|line| *line == END);
            text.push_str(end.unwrap_or_else(|| panic!("{}: {name} has no {END}", page.name)));
            text.push('\n');
        }
    }
    text
}

fn part(name: &str) -> String {
    match name.split_once(' ').unwrap_or((name, "")) {
        ("list", "of codes") => list_of_codes(),
        ("codes", family) => codes(family),
        ("help", verb) => help(verb),
        ("job", section) => job_section(section),
        ("exit", "codes") => exit_codes(),
        ("faults", "") => faults(),
        ("table", name) => table(name),
        _ => panic!("nothing generates {name}"),
    }
}

fn list_of_codes() -> String {
    let row = |rule: &Rule| format!("| {} | {} | {} |\n", rule.code.name(), rule.title, rule.severities());
    let rows: String = Code::all().map(|code| row(code.rule())).collect();
    format!("| code | what | severity |\n| --- | --- | --- |\n{rows}")
}

/// The rules of one family, a section each.
fn codes(family: &str) -> String {
    Code::all().map(Code::rule).filter(|rule| rule.family.letters() == family).map(rule).collect()
}

fn rule(rule: &Rule) -> String {
    let mut severity = rule.severities();
    severity.push_str(match rule.blocks {
        Blocks::Everybody => "; without an employee it holds back every correction",
        Blocks::Concerned => "; it holds back the corrections of the employees whom it concerns",
        Blocks::Nobody => "",
    });
    if rule.corrects() {
        severity.push_str("; a Benbase change is derived from it");
    }
    let to_do = rule.move_text();
    let fields =
        [("Severity", &*severity), ("Compares", rule.compares), ("Tolerance", rule.tolerance), ("To do", &to_do)];
    let lines = fields.map(|(name, said)| wrapped(&format!("- **{name}:** {said}")));
    format!("### {} {}\n\n{}\n", rule.code.name(), rule.title, lines.concat())
}

/// An item of a list, in lines of at most [`COLUMNS`].
fn wrapped(item: &str) -> String {
    let (mut lines, mut line) = (String::new(), String::new());
    for word in item.split(' ') {
        if !line.is_empty() && line.chars().count() + 1 + word.chars().count() > COLUMNS {
            lines.push_str(line.trim_end());
            lines.push('\n');
            line = " ".to_owned();
        }
        if !line.is_empty() {
            line.push(' ');
        }
        line.push_str(word);
    }
    lines + &line + "\n"
}

/// The program with the options that every command takes left out of all others.
fn program() -> Command {
    let root = Cli::command().term_width(HELP_COLUMNS).disable_help_flag(true).disable_version_flag(true);
    let mut root =
        root.disable_help_subcommand(true).mut_args(|arg| if arg.is_global_set() { arg.hide(true) } else { arg });
    root.build();
    root
}

/// `--help` of a command.
fn help(verb: &str) -> String {
    let mut root = program();
    let mut command = &mut root;
    for name in verb.split(' ') {
        command = command.find_subcommand_mut(name).unwrap_or_else(|| panic!("there is no command {verb}"));
    }
    let help = command.render_help().to_string();
    let lines: Vec<&str> = help.trim().lines().map(str::trim_end).collect();
    format!("```text\n{}\n```\n", lines.join("\n"))
}

/// The commands that do something, with their words.
fn verbs(command: &Command, words: &str) -> Vec<String> {
    if !command.has_subcommands() {
        return vec![words.trim().to_owned()];
    }
    command.get_subcommands().flat_map(|verb| verbs(verb, &format!("{words} {}", verb.get_name()))).collect()
}

/// The parts of `jobs/example.toml`, each behind a line such as `# ------ payroll --`; the first one is `top`.
fn example() -> Vec<(String, String)> {
    let text = fs::read_to_string(repo().join("jobs/example.toml")).expect("the example");
    let mut parts = vec![("top".to_owned(), String::new())];
    for line in text.lines() {
        let title = line.strip_prefix("# ---").and_then(|rest| rest.trim_start_matches('-').strip_suffix(" --"));
        match (title, parts.last_mut()) {
            (Some(title), _) => parts.push((title.trim().to_owned(), String::new())),
            (None, Some((_, part))) => part.extend([line, "\n"]),
            (None, None) => {}
        }
    }
    parts
}

/// The columns of a table of the proof.
fn table(name: &str) -> String {
    let declared = proof::declared();
    let table = declared.iter().find(|table| table.name == name).unwrap_or_else(|| panic!("no table {name}"));
    let row = |column: &proof::Column| format!("| `{}` | {} | {} |\n", column.name, column.kind, column.about.trim());
    let rows: String = table.columns.iter().chain(proof::of_run()).map(row).collect();
    format!("{}\n| column | type | what is in it |\n| --- | --- | --- |\n{rows}", wrapped(table.about.trim()))
}

fn job_section(section: &str) -> String {
    let parts = example();
    let (_, text) = parts.iter().find(|(name, _)| name == section).unwrap_or_else(|| panic!("no part {section}"));
    format!("```toml\n{}\n```\n", text.trim())
}

/// The exit codes as `src/outcome.rs` declares them: a doc comment, then `Name = number,`.
fn exit_codes() -> String {
    let source = fs::read_to_string(repo().join("src/outcome.rs")).expect("the exit codes");
    let (mut table, mut meaning) = ("| code | meaning |\n| --- | --- |\n".to_owned(), String::new());
    for line in source.lines().map(str::trim) {
        let number = line.strip_suffix(',').and_then(|l| l.split_once(" = ")?.1.parse::<u8>().ok());
        if let Some(doc) = line.strip_prefix("/// ") {
            meaning.push_str(doc);
            meaning.push(' ');
        } else if let Some(number) = number {
            table.push_str(&format!("| {number} | {} |\n", meaning.trim().trim_end_matches('.')));
            meaning.clear();
        } else {
            meaning.clear();
        }
    }
    table
}

/// What the module of the sandbox's faults says of itself, from the grammar on.
fn faults() -> String {
    let source = fs::read_to_string(repo().join(FAULTS)).unwrap_or_else(|e| panic!("{FAULTS}: {e}"));
    let doc: Vec<&str> = source.lines().map_while(|line| line.strip_prefix("//!")).collect();
    let lines = doc.iter().map(|line| line.strip_prefix(' ').unwrap_or(line)).skip(2);
    lines.flat_map(|line| [line, "\n"]).collect()
}

#[test]
fn the_generated_parts_of_the_docs_are_what_the_program_says() {
    let fresh = Path::new(env!("CARGO_TARGET_TMPDIR"));
    let mut stale = Vec::new();
    for page in pages().iter().filter(|page| !generated(page).is_empty()) {
        let text = renewed(page);
        if text != page.text {
            let path = fresh.join(page.name.replace('/', "_"));
            fs::write(&path, text).expect("written");
            stale.push(format!("cp {} {}", path.display(), page.name));
        }
    }
    assert!(
        stale.is_empty(),
        "the program says something else; look at the new text and take it:\n{}",
        stale.join("\n")
    );
}

#[test]
fn no_code_command_or_part_of_the_example_is_left_out() {
    let (codes, commands, job) = (page("docs/codes.md"), page("docs/commands.md"), page("docs/job-file.md"));
    let families: Vec<String> = Family::all().map(|family| format!("codes {}", family.letters())).collect();
    assert_eq!(generated(&codes), [vec!["list of codes".to_owned()], families].concat());
    let mut documented = generated(&commands);
    let mut helps: Vec<String> = verbs(&program(), "").iter().map(|verb| format!("help {verb}")).collect();
    documented.sort_unstable();
    helps.sort_unstable();
    assert_eq!(documented, helps);
    let parts: Vec<String> = example().iter().map(|(name, _)| format!("job {name}")).collect();
    assert_eq!(generated(&job), parts);
    let tables: Vec<String> = proof::declared().iter().map(|table| format!("table {}", table.name)).collect();
    assert_eq!(generated(&page("docs/tables.md")), tables);
    assert_eq!(generated(&page("docs/exit-codes.md")), ["exit codes"]);
    assert_eq!(generated(&page("docs/sandbox.md")), ["faults"]);
}

#[test]
fn the_reports_page_lists_every_column_in_order() {
    let reports = page("docs/reports.md");
    let sample = repo().join("reports/sample");
    for entry in fs::read_dir(&sample).expect("the sample report") {
        let path = entry.expect("an entry").path();
        let name = path.file_name().expect("a name").to_string_lossy().into_owned();
        if !path.extension().is_some_and(|e| e == "csv" || e == "json") {
            continue;
        }
        let documented = reports.first_cells(&format!("## {name}"));
        let bytes = fs::read(&path).expect("readable");
        if name == "run.json" {
            let run: serde_json::Value = serde_json::from_slice(&bytes).expect("JSON");
            let mut keys: Vec<&str> = run.as_object().expect("an object").keys().map(String::as_str).collect();
            // The sample has plain marks, of which nothing is said.
            keys.push("csv");
            keys.sort_unstable();
            assert_eq!(documented, keys, "{name}");
        } else if name.ends_with(".csv") {
            let text = bytes.strip_prefix("\u{feff}".as_bytes()).unwrap_or(&bytes);
            let headers = csv::Reader::from_reader(text).headers().expect("headers").clone();
            assert_eq!(documented, headers.iter().collect::<Vec<_>>(), "{name}");
        }
    }
}
