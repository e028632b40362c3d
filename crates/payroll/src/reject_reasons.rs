//! Rejects put together by what is wrong, so that a person sees the few causes of many.

use std::collections::BTreeMap;
use std::fmt;

use tieout_model::source::Reject;

/// What several rejects have in common.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct RejectReason {
    /// Lines that it names aside.
    pub reason: String,
    /// Header of the column; blank when rows as a whole are wrong.
    pub column: String,
    pub rejects: u64,
    /// Physical line, from 1.
    pub first_line: u64,
    /// The first cell, masked.
    pub masked: String,
}

impl fmt::Display for RejectReason {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let RejectReason { reason, column, rejects, first_line, masked } = self;
        write!(f, "{rejects} rows: ")?;
        if !column.is_empty() {
            write!(f, "{column}: ")?;
        }
        write!(f, "{reason}, first on line {first_line}")?;
        if !masked.is_empty() {
            write!(f, " (`{masked}`)")?;
        }
        Ok(())
    }
}

/// Rejects by reason and column, the most frequent first.
pub fn by_reason(rejects: &[Reject]) -> Vec<RejectReason> {
    let mut reasons: BTreeMap<(String, &str), RejectReason> = BTreeMap::new();
    for reject in rejects {
        let key = (without_lines(&reject.reason), reject.column.as_str());
        let entry = reasons.entry(key).or_insert_with_key(|(reason, column)| RejectReason {
            reason: reason.clone(),
            column: (*column).to_owned(),
            rejects: 0,
            first_line: reject.line,
            masked: reject.masked.clone(),
        });
        entry.rejects += 1;
        if reject.line < entry.first_line {
            (entry.first_line, entry.masked) = (reject.line, reject.masked.clone());
        }
    }
    let mut reasons: Vec<RejectReason> = reasons.into_values().collect();
    reasons.sort_by(|a, b| b.rejects.cmp(&a.rejects).then(a.first_line.cmp(&b.first_line)));
    reasons
}

/// `differs from line 17 in name` → `differs from another line in name`.
fn without_lines(reason: &str) -> String {
    let Some((before, after)) = reason.split_once("line ") else { return reason.to_owned() };
    match after.trim_start_matches(|c: char| c.is_ascii_digit()) {
        rest if rest.len() < after.len() => format!("{before}another line{rest}"),
        _ => reason.to_owned(),
    }
}
