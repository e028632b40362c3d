//! README, CONTRIBUTING and the pages of `docs/` as the tests read them.

use std::fs;
use std::path::Path;

use crate::support::repo;

/// A page of Markdown.
pub struct Page {
    /// From the root of the repository, such as `docs/codes.md`.
    pub name: String,
    pub text: String,
}

/// Every page that is written for a reader of the product. The contracts are quoted material.
pub fn pages() -> Vec<Page> {
    let mut names: Vec<String> = fs::read_dir(repo().join("docs"))
        .expect("the folder of pages")
        .map(|entry| entry.expect("an entry").file_name().to_string_lossy().into_owned())
        .filter(|name| Path::new(name).extension().is_some_and(|e| e == "md"))
        .map(|name| format!("docs/{name}"))
        .collect();
    names.sort();
    names.splice(0..0, ["README.md", "CONTRIBUTING.md", "CHANGELOG.md"].map(str::to_owned));
    names.into_iter().map(|name| page(&name)).collect()
}

pub fn page(name: &str) -> Page {
    let text = fs::read_to_string(repo().join(name)).unwrap_or_else(|e| panic!("{name}: {e}"));
    Page { name: name.to_owned(), text }
}

impl Page {
    /// The first cells of the rows of the table under a heading, backticks aside, header row left out.
    pub fn first_cells(&self, heading: &str) -> Vec<&str> {
        let of_section = self.text.lines().skip_while(|line| *line != heading).skip(1);
        let section = of_section.take_while(|line| !line.starts_with('#'));
        let cells = section.filter_map(|line| line.strip_prefix("| ")?.split(" |").next());
        cells.filter(|cell| cell.starts_with('`')).map(|cell| cell.trim_matches('`')).collect()
    }
}
