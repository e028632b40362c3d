//! From the text of a job file to a [`Job`] or all its problems. Serde stops at the first wrong value, so the wrong key
//! is told, taken out and the rest read again; `file` then adds what no single value shows.

use std::fs;
use std::path::Path;

use serde::Deserialize;
use sha2::{Digest, Sha256};
use toml::Spanned;
use toml::de::{DeTable, Deserializer, Error};

use crate::job::Job;
use crate::job::file::{self, RawJob};
use crate::job::problems::{JobError, PROBLEMS_MAX, Problem, Problems, line_and_column, near};
use crate::job::text::key::{self, Key};
use crate::job::text::shown;

/// A job file is written by hand; what is larger is another file.
const FILE_BYTES_MAX: u64 = 1 << 20;

/// Reads and checks a job file.
pub fn load(path: &Path) -> Result<Job, JobError> {
    let whole_file = |message: String, hint: Option<&str>| JobError {
        path: path.to_owned(),
        problems: vec![Problem { line: 0, column: 0, key: String::new(), message, hint: hint.map(str::to_owned) }],
    };
    let size = fs::metadata(path)
        .map_err(|e| whole_file(format!("the job file cannot be read: {e}"), Some("job files stand in `jobs/`")))?
        .len();
    if size > FILE_BYTES_MAX {
        return Err(whole_file(format!("expected a job file of at most {FILE_BYTES_MAX} bytes, found {size}"), None));
    }
    let bytes = fs::read(path).map_err(|e| whole_file(format!("the job file cannot be read: {e}"), None))?;
    match std::str::from_utf8(&bytes) {
        Ok(text) => parse(text, path),
        Err(e) => {
            let line = bytes[..e.valid_up_to()].iter().filter(|b| **b == b'\n').count() + 1;
            Err(whole_file(format!("expected UTF-8, found something else in line {line}"), Some("save it as UTF-8")))
        }
    }
}

/// Checks the text of a job file; `path` is named in the problems and not read.
pub fn parse(text: &str, path: &Path) -> Result<Job, JobError> {
    let refused = |problems| JobError { path: path.to_owned(), problems };
    let body = text.strip_prefix('\u{feff}').unwrap_or(text);
    let (table, errors) = DeTable::parse_recoverable(body);
    if !errors.is_empty() {
        return Err(refused(syntax_problems(body, &errors)));
    }
    let written = table.clone();
    let mut problems = Problems::new(body, written.get_ref());
    let raw = deserialise(table, &mut problems);
    let job = file::job(raw, path, fingerprint(text.as_bytes()), &mut problems);
    match job {
        Some(job) if problems.is_empty() => Ok(job),
        _ => Err(refused(problems.into_sorted())),
    }
}

/// SHA-256 in lower-case hex.
fn fingerprint(bytes: &[u8]) -> String {
    Sha256::digest(bytes).iter().map(|byte| format!("{byte:02x}")).collect()
}

/// What the parser says, one problem a line: further errors of a line follow from its first.
fn syntax_problems(text: &str, errors: &[Error]) -> Vec<Problem> {
    let mut problems: Vec<Problem> = errors
        .iter()
        .map(|error| {
            let (line, column) = error.span().map_or((0, 0), |span| line_and_column(text, span.start));
            let message = format!("not valid TOML: {}", error.message().replace('\n', ", "));
            Problem { line, column, key: String::new(), message, hint: None }
        })
        .take(PROBLEMS_MAX)
        .collect();
    problems.sort();
    problems.dedup_by_key(|problem| problem.line);
    problems
}

/// Reads all that can be read; each value that cannot be is a problem and left out.
fn deserialise<'t>(mut table: Spanned<DeTable<'t>>, problems: &mut Problems<'_>) -> RawJob {
    for _ in 0..PROBLEMS_MAX {
        let error = match RawJob::deserialize(Deserializer::from(table.clone())) {
            Ok(raw) => return raw,
            Err(error) => error,
        };
        let key = error.span().and_then(|span| key::find(table.get_ref(), &span));
        tell(&error, key.as_ref(), table.get_ref(), problems);
        if !key.is_some_and(|key| key.remove_from(table.get_mut())) {
            break;
        }
    }
    RawJob::default()
}

/// Puts serde's words into ours. None of its words that repeat a value are kept: it could be a secret.
fn tell(error: &Error, key: Option<&Key>, table: &DeTable<'_>, problems: &mut Problems<'_>) {
    let top = Key::default();
    let (key, message) = (key.unwrap_or(&top), error.message());
    let quoted: Vec<&str> = message.split('`').skip(1).step_by(2).collect();
    let found = key.kind(table).unwrap_or("something else");
    if message.starts_with("unknown field") {
        problems.unknown_key(key, quoted.get(1..).unwrap_or_default());
    } else if message.starts_with("unknown variant") {
        let (found, known) = quoted.split_first().map_or(("", [].as_slice()), |(found, known)| (*found, known));
        let hint = near(found, known).map(|near| format!("did you mean `{near}`?"));
        problems.at_with_hint(key, format!("expected one of {}, found {}", known.join(", "), shown(found)), hint);
    } else if let Some((_, expected)) =
        message.strip_prefix("invalid type: ").and_then(|rest| rest.rsplit_once(", expected "))
    {
        problems.at(key, format!("expected {}, found {found}", plain_words(expected)));
    } else if message.starts_with("invalid value: ") {
        let expected = message.rsplit_once(", expected ").map_or("another value", |(_, expected)| expected);
        problems.at(key, format!("expected {}, found another", plain_words(expected)));
    } else if message.starts_with("wanted string") {
        problems.at(key, format!("expected a text in quotes, found {found}"));
    } else if message.starts_with("expected ") {
        problems.at(key, message);
    } else {
        problems.at(key, format!("cannot be read, found {found}"));
    }
}

/// Rust's name of a type as a reader of the job file would say it.
fn plain_words(expected: &str) -> &str {
    match expected {
        "u32" => "a whole number from 0 to 4294967295",
        "usize" => "a whole number of zero or more",
        "i64" => "a whole number",
        "a boolean" => "true or false",
        "a string" => "a text in quotes",
        "a sequence" => "a list",
        "a map" => "a table",
        _ if expected.starts_with("enum ") => "one of its names in quotes",
        _ => expected,
    }
}
