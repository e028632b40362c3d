//! What the source cites of `docs/` is there.

use std::fs;
use std::path::{Path, PathBuf};

use crate::support::repo;

/// Where the source may cite `docs/rules.md` and `docs/contracts/`.
const CITING: [&str; 5] = ["src", "crates", "tests", "benches", "jobs"];
const CITING_EXTENSIONS: [&str; 4] = ["rs", "sql", "toml", "sh"];
const RULES: &str = "rules.md ";
const CONTRACTS: &str = "contracts, ";

fn read(relative: &str) -> String {
    fs::read_to_string(repo().join(relative)).unwrap_or_else(|e| panic!("{relative}: {e}"))
}

fn files_below(dir: &Path, found: &mut Vec<PathBuf>) {
    for entry in fs::read_dir(dir).unwrap_or_else(|e| panic!("{}: {e}", dir.display())) {
        let path = entry.expect("an entry").path();
        if path.is_dir() {
            files_below(&path, found);
        } else if path.extension().is_some_and(|e| CITING_EXTENSIONS.iter().any(|known| e == *known)) {
            found.push(path);
        }
    }
}

/// The first words behind each `mark` in the comments of a text, without the punctuation around them.
fn cited<'a>(text: &'a str, mark: &str) -> Vec<&'a str> {
    text.lines()
        .filter(|line| line.trim_start().starts_with(['/', '#', '-']))
        .flat_map(|line| line.split(mark).skip(1))
        .filter_map(|rest| rest.trim_start_matches("section ").split([' ', ')', ',', ';', ':']).next())
        .collect()
}

/// A section by its number, or a row of a table by its first cell.
fn has(page: &str, place: &str) -> bool {
    page.lines().any(|line| {
        let heading = line.trim_start_matches('#').trim_start().strip_prefix(place);
        let is_heading = line.starts_with('#') && heading.is_some_and(|rest| rest.starts_with([' ', '.']));
        is_heading || line.starts_with(&format!("| {place} |"))
    })
}

#[test]
fn what_the_source_cites_of_rules_and_contracts_is_in_docs() {
    let (rules, contracts) = (read("docs/rules.md"), read("docs/contracts/README.md"));
    let mut sources = Vec::new();
    for folder in CITING.map(|name| repo().join(name)).iter().filter(|folder| folder.is_dir()) {
        files_below(folder, &mut sources);
    }
    let (mut resolved, mut lost) = (0, Vec::new());
    for source in sources {
        let text = fs::read_to_string(&source).unwrap_or_else(|e| panic!("{}: {e}", source.display()));
        let of_rules = cited(&text, RULES).into_iter().map(|place| (RULES, place, has(&rules, place)));
        let of_contracts = cited(&text, CONTRACTS).into_iter().map(|place| {
            let is_file = place.ends_with(".yaml") && repo().join("docs/contracts").join(place).is_file();
            (CONTRACTS, place, is_file || has(&contracts, place))
        });
        for (document, place, is_there) in of_rules.chain(of_contracts) {
            if is_there {
                resolved += 1;
            } else {
                lost.push(format!("{}: {document}{place}", source.display()));
            }
        }
    }
    assert!(lost.is_empty(), "cited, but not in docs/:\n{}", lost.join("\n"));
    assert!(resolved >= 20, "only {resolved} citations were found");
}
