//! How urgent a finding is.

/// S1 stop or legal … S5 information (rules.md 2.1). The order is by urgency: `S1` is the smallest.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Severity {
    S1,
    S2,
    S3,
    S4,
    S5,
}

impl Severity {
    pub fn name(self) -> &'static str {
        match self {
            Severity::S1 => "S1",
            Severity::S2 => "S2",
            Severity::S3 => "S3",
            Severity::S4 => "S4",
            Severity::S5 => "S5",
        }
    }

    pub fn parse(text: &str) -> Option<Severity> {
        use Severity::{S1, S2, S3, S4, S5};
        [S1, S2, S3, S4, S5].into_iter().find(|s| s.name() == text)
    }
}
