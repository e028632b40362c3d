//! Who may approve corrections and up to which amount, and how long they may waive. What an item amounts to is
//! `review`'s business.

use serde::Deserialize;

use super::problems::Problems;
use super::text::Quoted;
use super::text::checks::{Text, within};
use super::text::key::Key;
use super::text::table::tables;
use tieout_model::money::Money;
use tieout_model::person::same_person;

/// Names that a list of approvers may have.
const APPROVERS_MAX: usize = 1_000;
/// Days that a job may allow a waiver at most: ten years.
const WAIVE_DAYS_MAX: u32 = 3_660;

#[derive(Debug, Default, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct RawApproval {
    #[serde(deserialize_with = "tables")]
    pub approvers: Option<Vec<RawApprover>>,
    pub waive_days_max: Option<u32>,
}

#[derive(Debug, Default, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct RawApprover {
    pub name: Option<Text>,
    pub logins: Option<Vec<Text>>,
    pub yearly_max: Option<Quoted<Money>>,
    pub daily_max: Option<Quoted<Money>>,
}

/// Who may approve.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Approval {
    /// Empty: nobody, until the job lists somebody.
    pub approvers: Vec<Approver>,
    /// Longest that a waiver may last, in days from the one on which it is given; `None` = no limit.
    pub waive_days_max: Option<u32>,
}

#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Approver {
    pub name: String,
    /// Greatest yearly pay difference of one correction, up or down, in Benbase's currency; `None` = no limit.
    pub yearly_max: Option<Money>,
    /// Greatest sum of yearly differences, each up or down, that they approve in a day; `None` = no limit.
    pub daily_max: Option<Money>,
    /// Logins on this machine under which this name counts; empty: any.
    pub logins: Vec<String>,
}

impl Approval {
    /// The approver of this name, if the job lists one.
    pub fn find(&self, name: &str) -> Option<&Approver> {
        self.approvers.iter().find(|approver| same_person(&approver.name, name))
    }
}

/// Checks the section; each name once.
pub(super) fn approval(raw: RawApproval, p: &mut Problems<'_>) -> Approval {
    let key = Key::of("approval").then("approvers");
    let days =
        |days| within(Some(days), WAIVE_DAYS_MAX, 1..=WAIVE_DAYS_MAX, &Key::of("approval").then("waive_days_max"), p);
    let waive_days_max = raw.waive_days_max.map(days);
    let raw = raw.approvers.unwrap_or_default();
    if raw.len() > APPROVERS_MAX {
        p.at(&key, format!("expected at most {APPROVERS_MAX} approvers, found {}", raw.len()));
    }
    let mut approval = Approval { waive_days_max, ..Approval::default() };
    for (i, entry) in raw.into_iter().take(APPROVERS_MAX).enumerate() {
        let at = key.item(i).then("name");
        let Some(name) = p.require(entry.name, &at, "the approver's name, as in `--by`") else { continue };
        if approval.find(&name.0).is_some() {
            p.at(&at, "expected each approver once, found the same name again");
        }
        if entry.logins.as_ref().is_some_and(Vec::is_empty) {
            p.at(
                &key.item(i).then("logins"),
                "expected the approver's logins, found none: leave the key out to map none",
            );
        }
        let amount = |written: Option<Quoted<Money>>| written.map(|amount| amount.0);
        approval.approvers.push(Approver {
            name: name.0,
            logins: entry.logins.unwrap_or_default().into_iter().map(|login| login.0).collect(),
            yearly_max: amount(entry.yearly_max),
            daily_max: amount(entry.daily_max),
        });
    }
    approval
}
