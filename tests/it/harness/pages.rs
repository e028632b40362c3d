//! README, CONTRIBUTING and the pages of `docs/` as the tests read them.

use std::fs;
use std::path::{Path, PathBuf};

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
    /// Lines of all fenced blocks of a language.
    pub fn fenced(&self, language: &str) -> Vec<&str> {
        let (start, mut lines, mut inside) = (format!("```{language}"), Vec::new(), false);
        for line in self.text.lines() {
            match line {
                "```" => inside = false,
                _ if line == start => inside = true,
                _ if inside => lines.push(line),
                _ => {}
            }
        }
        lines
    }

    /// The lines that a person wraps, by number: no table, no fenced block, nothing that the program makes.
    pub fn wrapped(&self) -> Vec<(usize, &str)> {
        let (mut is_fenced, mut is_made) = (false, false);
        let mut wrapped = Vec::new();
        for (at, line) in self.text.lines().enumerate() {
            if line.trim_start().starts_with("```") {
                is_fenced = !is_fenced;
            } else if line.starts_with("<!-- ") {
                is_made = line != "<!-- end -->";
            } else if !is_fenced && !is_made && !line.starts_with('|') {
                wrapped.push((at + 1, line));
            }
        }
        wrapped
    }

    /// The text outside of fenced blocks, as one line.
    fn prose(&self) -> String {
        let mut outside = true;
        let mut prose = String::new();
        for line in self.text.lines() {
            if line.trim_start().starts_with("```") {
                outside = !outside;
            } else if outside {
                prose.push_str(line.trim());
                prose.push(' ');
            }
        }
        prose
    }

    /// What stands in backticks in the running text.
    pub fn spans(&self) -> Vec<String> {
        self.prose().split('`').skip(1).step_by(2).map(str::to_owned).collect()
    }

    /// Files that the page links to or shows.
    pub fn links(&self) -> Vec<PathBuf> {
        let folder = repo().join(&self.name).parent().expect("a folder").to_path_buf();
        let prose = self.prose();
        let targets = prose.split("](").skip(1).filter_map(|rest| rest.split([')', '#', ' ']).next());
        targets.filter(|t| !t.is_empty() && !t.starts_with("http")).map(|target| folder.join(target)).collect()
    }

    /// The first cells of the rows of the table under a heading, backticks aside, header row left out.
    pub fn first_cells(&self, heading: &str) -> Vec<&str> {
        let of_section = self.text.lines().skip_while(|line| *line != heading).skip(1);
        let section = of_section.take_while(|line| !line.starts_with('#'));
        let cells = section.filter_map(|line| line.strip_prefix("| ")?.split(" |").next());
        cells.filter(|cell| cell.starts_with('`')).map(|cell| cell.trim_matches('`')).collect()
    }
}
