//! What a person says of a finding.

use chrono::{DateTime, NaiveDate, Utc};

/// A note, and who is to see to the finding until when.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Note {
    pub text: String,
    pub assignee: Option<String>,
    pub due: Option<NaiveDate>,
    /// Who says so.
    pub by: String,
    pub at: DateTime<Utc>,
}
