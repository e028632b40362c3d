//! Whom payroll charges for benefits of Oyster's, as engagements: before anybody is said to be charged without cover,
//! their enrollments are read, even where the list of engagements shows none. Rather too many than too few: an e-mail
//! that several people have names the engagements of all of them. Who really is which engagement is for the rules to
//! say.

use std::collections::BTreeSet;

use crate::settings::OysterPlans;
use tieout_model::hash::sha256_hex;
use tieout_model::records::oyster::EngagementRecord;
use tieout_payroll::crosswalk::Crosswalk;
use tieout_payroll::{LineKind, Payroll};

/// Engagements by id or e-mail.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct DeductedEngagements {
    engagements: BTreeSet<String>,
    /// As in [`EngagementRecord`].
    email_keys: BTreeSet<String>,
}

impl DeductedEngagements {
    /// Of the payroll's period, by the links that the job allows; nobody for a job without Oyster.
    pub fn new(oyster: Option<&OysterPlans>, payroll: &Payroll, crosswalk: &Crosswalk) -> DeductedEngagements {
        let mut charged = DeductedEngagements::default();
        let Some(settings) = oyster else { return charged };
        let ours: BTreeSet<&str> = settings.plans.values().map(String::as_str).collect();
        let owned = |kind: &LineKind| kind.benefit.as_deref().is_some_and(|benefit| ours.contains(benefit));
        for (employee, email) in payroll.deducted_from(owned) {
            let linked = crosswalk.rows.get(employee).and_then(|linked| linked.oyster_engagement_id);
            match (linked, email.map(str::trim)) {
                (Some(engagement), _) => _ = charged.engagements.insert(engagement.trim().to_owned()),
                (None, Some(email)) if settings.match_email && !email.is_empty() => {
                    charged.email_keys.insert(sha256_hex(email.to_lowercase()));
                }
                (None, _) => {}
            }
        }
        charged
    }

    /// Whether an engagement of the list is one of them.
    pub fn includes(&self, listed: &EngagementRecord) -> bool {
        let by_email = listed.email_key.as_ref().is_some_and(|key| self.email_keys.contains(key));
        by_email || self.engagements.contains(listed.engagement_id.as_str().trim())
    }

    /// These engagements.
    pub fn of(engagements: &[&str]) -> DeductedEngagements {
        let engagements = engagements.iter().map(|id| (*id).to_owned()).collect();
        DeductedEngagements { engagements, email_keys: BTreeSet::new() }
    }
}
