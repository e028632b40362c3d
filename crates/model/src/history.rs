//! What history knows of a finding from night to night.

use chrono::NaiveDate;

#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Status {
    New,
    Open,
    Reopened,
}

impl Status {
    pub fn name(self) -> &'static str {
        match self {
            Status::New => "new",
            Status::Open => "open",
            Status::Reopened => "re-opened",
        }
    }
}

#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Cleared {
    pub id: String,
    pub code: String,
    pub employee_id: String,
    pub benefit: String,
    pub field: String,
    pub first_seen: NaiveDate,
    pub last_seen: NaiveDate,
    pub nights_open: u32,
}
