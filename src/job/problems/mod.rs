//! All that is wrong with a job file, collected with line, key and a near match for a typo.

pub(super) mod drawn;

use std::collections::BTreeSet;
use std::fmt;
use std::path::PathBuf;

use toml::de::DeTable;

use super::file::sections::home_of;
use super::text::key::Key;

/// Problems that are told at once; a file with more is not a job file.
pub const PROBLEMS_MAX: usize = 100;

/// Keys that the hint of an unknown one lists; a table with more is looked up.
const KNOWN_SHOWN: usize = 8;

/// One thing that is wrong. `line` and `column` from 1; 0 where the file as a whole is meant.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Problem {
    pub line: usize,
    pub column: usize,
    /// Key path, such as `payroll.delimiter`; blank where no key is to blame.
    pub key: String,
    /// What was expected and what was there.
    pub message: String,
    /// A near match for a typo, or where to look.
    pub hint: Option<String>,
}

/// A job file that cannot be used, with every problem in it, sorted by line.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct JobError {
    pub path: PathBuf,
    pub problems: Vec<Problem>,
}

impl std::error::Error for JobError {}

impl fmt::Display for JobError {
    /// One line a problem: `jobs/x.toml:12: payroll.delimiter: expected one character, found 3`.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        for (i, problem) in self.problems.iter().enumerate() {
            let newline = if i > 0 { "\n" } else { "" };
            write!(f, "{newline}{}:", self.path.display())?;
            if problem.line > 0 {
                write!(f, "{}:", problem.line)?;
            }
            if !problem.key.is_empty() {
                write!(f, " {}:", problem.key)?;
            }
            write!(f, " {}", problem.message)?;
            if let Some(hint) = &problem.hint {
                write!(f, "; {hint}")?;
            }
        }
        Ok(())
    }
}

/// Collects the problems of one text.
pub struct Problems<'t> {
    text: &'t str,
    written: &'t DeTable<'t>,
    list: Vec<Problem>,
    /// Keys whose absence needs no words of its own: the file has them with a typo.
    meant: BTreeSet<Key>,
}

impl<'t> Problems<'t> {
    pub fn new(text: &'t str, written: &'t DeTable<'t>) -> Problems<'t> {
        Problems { text, written, list: Vec::new(), meant: BTreeSet::new() }
    }

    /// A problem with a value; the line is that of the key, or of the nearest table around it.
    pub fn at(&mut self, key: &Key, message: impl Into<String>) {
        self.at_with_hint(key, message, None);
    }

    pub fn at_with_hint(&mut self, key: &Key, message: impl Into<String>, hint: Option<String>) {
        let mut around = key.clone();
        let offset = loop {
            match around.offset(self.written) {
                Some(offset) => break Some(offset),
                None if around == Key::default() => break None,
                None => around = around.parent(),
            }
        };
        let (line, column) = offset.map_or((0, 0), |offset| line_and_column(self.text, offset));
        self.push(Problem { line, column, key: key.to_string(), message: message.into(), hint });
    }

    /// A key that its table does not have; `known` are those that it has.
    pub fn unknown_key(&mut self, key: &Key, known: &[&str]) {
        let near = near(key.name(), known);
        if let Some(near) = near {
            self.meant.insert(key.parent().then(near));
        }
        let hint = match near {
            Some(near) => format!("did you mean `{near}`?"),
            None => home_of(key.name()).unwrap_or_else(|| match known.len() {
                0..=KNOWN_SHOWN => format!("known here: {}", known.join(", ")),
                _ => "jobs/example.toml shows every key".to_owned(),
            }),
        };
        self.at_with_hint(key, "unknown key", Some(hint));
    }

    /// A key that must be there and is not. Says nothing where the file has it with a typo or a wrong value: that has
    /// been told.
    pub fn missing(&mut self, key: &Key, expected: &str) {
        if !self.has(key) {
            self.at(key, format!("expected {expected}, found nothing"));
        }
    }

    /// A table that must have entries and has none. Says nothing where its entries are wrong: that has been told.
    pub fn missing_entries(&mut self, key: &Key, expected: &str) {
        let inside = format!("{key}.");
        if !self.has(key) {
            self.missing(key, expected);
        } else if !self.list.iter().any(|problem| problem.key == key.to_string() || problem.key.starts_with(&inside)) {
            self.at(key, format!("expected {expected}, found an empty table"));
        }
    }

    /// The value, or a problem that it is missing.
    pub fn require<T>(&mut self, value: Option<T>, key: &Key, expected: &str) -> Option<T> {
        if value.is_none() {
            self.missing(key, expected);
        }
        value
    }

    /// The file has this key, well or badly written.
    pub fn has(&self, key: &Key) -> bool {
        self.meant.contains(key) || key.offset(self.written).is_some()
    }

    pub fn push(&mut self, problem: Problem) {
        if self.list.len() < PROBLEMS_MAX {
            self.list.push(problem);
        }
    }

    pub fn is_empty(&self) -> bool {
        self.list.is_empty()
    }

    /// Sorted by line, each once.
    pub fn into_sorted(mut self) -> Vec<Problem> {
        self.list.sort();
        self.list.dedup();
        self.list
    }
}

/// Line and column (in characters) of a byte offset, from 1.
pub fn line_and_column(text: &str, offset: usize) -> (usize, usize) {
    let before = text.get(..offset.min(text.len())).unwrap_or(text);
    let line_start = before.rfind('\n').map_or(0, |newline| newline + 1);
    (before.matches('\n').count() + 1, before[line_start..].chars().count() + 1)
}

/// The candidate that a typo most likely meant: one wrong, missing or swapped letter in three at most. Case and `-`
/// against `_` do not count.
pub fn near<'c>(text: &str, candidates: &[&'c str]) -> Option<&'c str> {
    let plain = |s: &str| s.trim().to_lowercase().replace('-', "_");
    let text = plain(text);
    candidates
        .iter()
        .map(|candidate| (strsim::osa_distance(&text, &plain(candidate)), *candidate))
        .filter(|(distance, candidate)| *distance <= (candidate.chars().count() / 3).max(1))
        .min()
        .map(|(_, candidate)| candidate)
}
