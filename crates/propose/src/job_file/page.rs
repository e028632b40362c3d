//! A job file that is being written: each key with its certainty and reason behind it.

use serde::Serialize;
use toml::Value;

use crate::certainty::Certainty;

const PAYROLL: &str = "payroll";
/// Columns of a line, its comment included.
const COLUMNS: usize = 120;

/// The text of a job file, and what is to be said of each of its keys.
#[derive(Debug, Default)]
pub struct JobFile {
    pub text: String,
    pub notes: Vec<Note>,
    /// Which of several payroll files is written, from 1; its keys stand in a table of its own.
    file: Option<usize>,
}

/// How sure one key is.
#[derive(Clone, Debug, Serialize)]
pub struct Note {
    /// From 1.
    pub line: usize,
    /// Key path, such as `payroll.columns.dob`.
    pub key: String,
    /// As TOML; blank where nothing is proposed.
    pub value: String,
    pub certainty: Certainty,
    pub reason: String,
}

impl JobFile {
    /// From now on what is of the payroll is of this one of several files; `None`: of the only one, or of none.
    pub fn begin_file(&mut self, number: Option<usize>) {
        self.file = number;
    }

    /// A header of a table, a blank line before it.
    pub fn table(&mut self, name: &str) {
        self.text += &match (self.file, name.strip_prefix(PAYROLL)) {
            (Some(_), Some("")) => "\n[[payroll.files]]\n".to_owned(),
            (Some(_), Some(rest)) => format!("\n[payroll.files{rest}]\n"),
            _ => format!("\n[{name}]\n"),
        };
    }

    /// A header of one more element of a list of tables of the payroll.
    pub fn element(&mut self, list: &str) {
        let files = if self.file.is_some() { "files." } else { "" };
        self.text += &format!("\n[[payroll.{files}{list}]]\n");
    }

    /// Control characters of a damaged header would be no TOML in a comment; in a text they are escaped.
    pub fn line(&mut self, line: &str) {
        self.text.extend(line.chars().map(|c| if c.is_control() { char::REPLACEMENT_CHARACTER } else { c }));
        self.text.push('\n');
    }

    /// Comment lines, wrapped.
    pub fn comment(&mut self, text: &str) {
        let mut line = String::from("#");
        for word in text.split_whitespace() {
            if line.chars().count() + 1 + word.chars().count() > COLUMNS {
                self.line(&line);
                line = String::from("#");
            }
            line.push(' ');
            line += word;
        }
        self.line(&line);
    }

    /// A key of the table `table` with its value as TOML.
    pub fn key(&mut self, table: &str, key: &str, value: &str, certainty: Certainty, reason: &str) {
        self.item(&format!("{} = {value}", bare_or_quoted(key)), path(table, key), value, certainty, reason);
    }

    /// A key that a person must fill in; it stands as a comment.
    pub fn open(&mut self, table: &str, key: &str, example: &str, reason: &str) {
        let shown = format!("# {} = {example}", bare_or_quoted(key));
        self.item(&shown, path(table, key), "", Certainty::Unknown, reason);
    }

    /// A line of its own shape, such as an item of a list.
    pub fn item(&mut self, shown: &str, key: String, value: &str, certainty: Certainty, reason: &str) {
        let reason = reason.split_whitespace().collect::<Vec<_>>().join(" ");
        let comment = format!("# {}: {reason}", certainty.name());
        if shown.chars().count() + 1 + comment.chars().count() > COLUMNS {
            let indent = " ".repeat(shown.len() - shown.trim_start().len());
            self.line(&format!("{indent}{comment}"));
            self.line(shown);
        } else {
            self.line(&format!("{shown} {comment}"));
        }
        let line = self.text.lines().count();
        let key = match (self.file, key.strip_prefix(PAYROLL)) {
            (Some(number), Some(rest)) => format!("payroll.files.{number}{rest}"),
            _ => key,
        };
        self.notes.push(Note { line, key, value: value.to_owned(), certainty, reason });
    }
}

fn path(table: &str, key: &str) -> String {
    if table.is_empty() { key.to_owned() } else { format!("{table}.{key}") }
}

/// A text as TOML writes it.
pub fn quoted(text: &str) -> String {
    Value::String(text.to_owned()).to_string()
}

/// A key as TOML writes it.
fn bare_or_quoted(key: &str) -> String {
    let bare = !key.is_empty() && key.chars().all(|c| c.is_ascii_alphanumeric() || matches!(c, '_' | '-'));
    if bare { key.to_owned() } else { quoted(key) }
}

/// An inline table of texts.
pub fn inline<'a>(entries: impl IntoIterator<Item = (&'a str, &'a str)>) -> String {
    let entries: Vec<String> =
        entries.into_iter().map(|(key, value)| format!("{} = {}", bare_or_quoted(key), quoted(value))).collect();
    if entries.is_empty() { "{}".to_owned() } else { format!("{{ {} }}", entries.join(", ")) }
}

/// A list of texts.
pub fn list<'a>(texts: impl IntoIterator<Item = &'a str>) -> String {
    format!("[{}]", texts.into_iter().map(quoted).collect::<Vec<_>>().join(", "))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_written_is_toml_whatever_the_texts_hold() {
        let mut page = JobFile::default();
        page.table("payroll.columns");
        let odd = "Medical \"EE\" \\ 'x'";
        page.key("payroll.columns", "employee id", &quoted(odd), Certainty::Sure, "a reason\nof two lines");
        page.open("payroll.columns", "dob", "\"…\"", &"a long reason ".repeat(12));
        let read: toml::Table = toml::from_str(&page.text).expect("TOML");
        assert_eq!(read["payroll"]["columns"]["employee id"].as_str(), Some(odd));
        assert_eq!(page.notes[0].line, 3);
    }
}
