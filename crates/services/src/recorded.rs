//! What the recorded answers of both services share: one JSON text a line.

use serde::de::DeserializeOwned;

/// A line that no world has: not JSON, or without the id of whom it is about. Its text is not kept.
#[derive(Debug, thiserror::Error)]
#[error("{what}")]
pub struct BadLine {
    pub(crate) what: String,
}

pub(crate) fn parse<T: DeserializeOwned>(line: &[u8]) -> Result<T, BadLine> {
    // The parser's own text may quote the line.
    serde_json::from_slice(line)
        .map_err(|error| BadLine { what: format!("{:?} error at column {}", error.classify(), error.column()) })
}
