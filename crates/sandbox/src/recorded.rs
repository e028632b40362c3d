//! The recorded answers of Benifex, indexed: where in its file each user's text lies. The text itself stays on disk and
//! is read when it is served, byte for byte.

use std::borrow::Cow;
use std::collections::HashMap;
use std::fs::File;
use std::io::{BufRead, BufReader, ErrorKind};
use std::os::unix::fs::FileExt;
use std::path::Path;

use anyhow::Context;
use serde::Deserialize;
use serde_json::value::RawValue;

/// Where a text lies in its file, in bytes.
#[derive(Clone, Copy, Debug)]
struct Span {
    from: u64,
    length: usize,
}

/// One user of the world.
#[derive(Debug)]
pub struct User {
    /// Removed: reads of the user answer 410.
    pub gone: bool,
    record: Span,
    benefits: Option<Span>,
}

/// The users of a world.
#[derive(Debug, Default)]
pub struct Recorded {
    users: Vec<User>,
    by_id: HashMap<Box<str>, usize>,
    by_employee: HashMap<Box<str>, Vec<usize>>,
    users_file: Option<File>,
    benefits_file: Option<File>,
}

impl Recorded {
    /// Indexes both files. Errors name file and line, never what stood there.
    pub fn open(world: &Path) -> anyhow::Result<Recorded> {
        let mut recorded = Recorded::default();
        let users = world.join("benifex/users.ndjson");
        recorded.users_file = lines(&users, |from, line| recorded.add_user(from, line))?;
        let benefits = world.join("benifex/benefits.ndjson");
        recorded.benefits_file = lines(&benefits, |from, line| recorded.add_benefits(from, line))?;
        Ok(recorded)
    }

    fn add_user(&mut self, from: u64, line: &str) -> anyhow::Result<()> {
        let head: UserHead = serde_json::from_str(line)?;
        anyhow::ensure!(!self.by_id.contains_key(head.id.as_ref()), "this user id stood on an earlier line");
        let at = self.users.len();
        self.by_id.insert(head.id.into(), at);
        if let Some(employee) = head.employment.and_then(|e| e.employee_id) {
            self.by_employee.entry(employee.trim().into()).or_default().push(at);
        }
        let record = Span { from, length: line.len() };
        self.users.push(User { gone: head.gone.unwrap_or(false), record, benefits: None });
        Ok(())
    }

    fn add_benefits(&mut self, from: u64, line: &str) -> anyhow::Result<()> {
        let head: BenefitsHead = serde_json::from_str(line)?;
        let Some(at) = self.by_id.get(head.user_id.as_ref()) else { return Ok(()) };
        let data = head.data.get();
        let offset = data.as_ptr().addr() - line.as_ptr().addr();
        let span = Span { from: from + offset as u64, length: data.len() };
        let earlier = self.users[*at].benefits.replace(span);
        anyhow::ensure!(earlier.is_none(), "the benefits of this user stood on an earlier line");
        Ok(())
    }

    pub fn user(&self, id: &str) -> Option<&User> {
        self.by_id.get(id).map(|at| &self.users[*at])
    }

    /// The users of these employee ids in the order of the file, each once. Blanks around ids do not count.
    pub fn of_employees<'a>(&self, ids: impl Iterator<Item = &'a str>) -> Vec<&User> {
        let mut found: Vec<usize> = ids.filter_map(|id| self.by_employee.get(id.trim())).flatten().copied().collect();
        found.sort_unstable();
        found.dedup();
        found.into_iter().map(|at| &self.users[at]).collect()
    }

    /// The `data` of "get existing user", as recorded.
    pub fn record(&self, user: &User) -> anyhow::Result<String> {
        read(self.users_file.as_ref(), user.record).context("sandbox: cannot read benifex/users.ndjson again")
    }

    /// The `data` of the detailed benefits, as recorded; `None`: nothing was recorded for the user.
    pub fn benefits(&self, user: &User) -> anyhow::Result<Option<String>> {
        let Some(span) = user.benefits else { return Ok(None) };
        let text =
            read(self.benefits_file.as_ref(), span).context("sandbox: cannot read benifex/benefits.ndjson again")?;
        Ok(Some(text))
    }
}

#[derive(Deserialize)]
struct UserHead<'a> {
    #[serde(borrow)]
    id: Cow<'a, str>,
    #[serde(borrow)]
    employment: Option<EmploymentHead<'a>>,
    #[serde(rename = "_gone")]
    gone: Option<bool>,
}

#[derive(Deserialize)]
struct EmploymentHead<'a> {
    #[serde(borrow, rename = "employeeId")]
    employee_id: Option<Cow<'a, str>>,
}

#[derive(Deserialize)]
struct BenefitsHead<'a> {
    #[serde(borrow, rename = "userId")]
    user_id: Cow<'a, str>,
    #[serde(borrow)]
    data: &'a RawValue,
}

/// Calls `take` with the offset and text of each line that is not blank. A file that is not there has no lines.
pub fn lines(path: &Path, mut take: impl FnMut(u64, &str) -> anyhow::Result<()>) -> anyhow::Result<Option<File>> {
    let file = match File::open(path) {
        Ok(file) => file,
        Err(error) if error.kind() == ErrorKind::NotFound => return Ok(None),
        Err(error) => return Err(error).with_context(|| format!("sandbox: cannot open {}", path.display())),
    };
    let mut reader = BufReader::new(&file);
    let (mut line, mut from, mut number) = (String::new(), 0, 1u64);
    loop {
        line.clear();
        let length = reader
            .read_line(&mut line)
            .with_context(|| format!("sandbox: cannot read line {number} of {}", path.display()))?;
        if length == 0 {
            break;
        }
        let text = line.trim_end();
        if !text.is_empty() {
            take(from, text).map_err(|e| misplaced(path, number, e))?;
        }
        from += length as u64;
        number += 1;
    }
    Ok(Some(file))
}

/// The parser's own message may quote the line; only where it stopped is kept.
fn misplaced(path: &Path, number: u64, error: anyhow::Error) -> anyhow::Error {
    let place = format!("sandbox: line {number} of {} is not as a world has it", path.display());
    match error.downcast_ref::<serde_json::Error>() {
        Some(json) => anyhow::anyhow!("{place}: {:?} error at column {}", json.classify(), json.column()),
        None => error.context(place),
    }
}

fn read(file: Option<&File>, span: Span) -> anyhow::Result<String> {
    let file = file.context("the file was not there at the start")?;
    let mut bytes = vec![0; span.length];
    file.read_exact_at(&mut bytes, span.from)?;
    Ok(String::from_utf8(bytes)?)
}
