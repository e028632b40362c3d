//! What the employer pays of a plan. Percents everywhere: the unit of an endpoint is the client's business.

use serde::{Deserialize, Serialize};

use crate::money::Money;

/// 100 %, in 1/10,000 of a percent.
pub const SHARE_MAX: i64 = 1_000_000;
/// 1 %: where percents are due, less of it reads as a fraction (contracts, O1).
pub const ONE_PERCENT: i64 = 10_000;

/// The three parts of a contribution; percents in 1/10,000 (55.5 % = 555,000). `None`: nothing is said.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Shares {
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub team_member: Option<i64>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub dependents: Option<i64>,
    /// Heads.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub max_dependents: Option<i64>,
}

/// A part of a contribution and how it is written.
type Part = (&'static str, Option<i64>, fn(i64) -> String);

impl Shares {
    /// Nothing is said of any part.
    pub fn is_silent(&self) -> bool {
        self.parts().iter().all(|(_, value, _)| value.is_none())
    }

    pub fn parts(&self) -> [Part; 3] {
        [
            ("team_member", self.team_member, percent),
            ("dependents", self.dependents, percent),
            ("max_dependents", self.max_dependents, |heads| heads.to_string()),
        ]
    }

    /// `team_member 55.5 %, dependents 25 %`.
    pub fn text(&self) -> String {
        let said = self.parts().into_iter().filter_map(|(name, value, text)| Some(format!("{name} {}", text(value?))));
        let said: Vec<String> = said.collect();
        if said.is_empty() { "as Oyster decides".to_owned() } else { said.join(", ") }
    }

    /// What no service would take, or what was probably meant as a fraction, in words.
    pub fn problems(&self) -> impl Iterator<Item = String> {
        let parts = self.parts();
        parts.into_iter().filter_map(|(name, value, text)| {
            let (value, heads) = (value?, name == "max_dependents");
            let lawful = value == 0 || if heads { value > 0 } else { (ONE_PERCENT..=SHARE_MAX).contains(&value) };
            let expected = match heads {
                true => "a number of heads, 0 or more",
                false => "0 percent, or 1 to 100 (less could be taken for a fraction)",
            };
            (!lawful).then(|| format!("{name}: expected {expected}, found {}", text(value)))
        })
    }
}

/// `55.5 %` of 555,000.
pub fn percent(share: i64) -> String {
    format!("{} %", Money(share).to_text(0))
}
