//! How the open findings of last night became those of tonight, code by code: opening + new + re-opened − cleared −
//! waived = closing.

use std::collections::BTreeMap;

use tieout_model::finding::Code;
use tieout_model::history::Status;

use crate::Report;
use crate::table::{Table, count, text};

#[derive(Default)]
struct Row {
    code: String,
    opening: u64,
    new: u64,
    reopened: u64,
    cleared: u64,
    waived: u64,
}

pub fn table(report: &Report) -> Table<'_> {
    let columns = vec![
        text("code", "Code", 7, |r: &Row| r.code.as_str().into()),
        text("title", "What", 32, |r| title(&r.code).into()),
        count("opening", "Opening", |r| r.opening),
        count("new", "New", |r| r.new),
        count("reopened", "Re-opened", |r| r.reopened),
        count("cleared", "Cleared", |r| r.cleared),
        count("waived", "Waived", |r| r.waived),
        count("closing", "Closing", |r| r.opening + r.new + r.reopened - r.cleared - r.waived),
    ];
    Table::new("roll_forward", "Roll-forward", columns, rows(report))
}

fn rows(report: &Report) -> Vec<Row> {
    let mut rows: BTreeMap<&str, Row> = BTreeMap::new();
    for exception in &report.exceptions {
        let row = rows.entry(exception.finding.code.name()).or_default();
        match exception.status {
            Status::New => row.new += 1,
            Status::Open => row.opening += 1,
            Status::Reopened => row.reopened += 1,
        }
    }
    // What was waived last night was no exception then.
    let was_open = |id: &str| !report.waived_before.contains(id);
    let waived = report.waived.iter().map(|waived| &waived.exception);
    for exception in waived.filter(|e| e.status == Status::Open && was_open(&e.id)) {
        let row = rows.entry(exception.finding.code.name()).or_default();
        row.opening += 1;
        row.waived += 1;
    }
    for cleared in report.cleared.iter().filter(|cleared| was_open(&cleared.id)) {
        let row = rows.entry(&cleared.code).or_default();
        row.opening += 1;
        row.cleared += 1;
    }
    rows.into_iter().map(|(code, row)| Row { code: code.to_owned(), ..row }).collect()
}

/// Blank for a code of an earlier version.
fn title(code: &str) -> &'static str {
    code.parse::<Code>().map_or("", |code| code.rule().title)
}
