//! The push against the real sandbox, whose journal is the witness of what arrived.

mod anchored;
mod crash;
mod desk;
mod oyster;
mod served;
mod starters_leavers;
mod storm;

use chrono::{DateTime, Utc};

use super::*;
use crate::job::RetryUncertain;
use tieout_model::correction::CorrectionKind;

pub const POLICY: &str = "policy";

/// A fixed moment, `second` seconds after 2026-03-31T02:00:00Z.
pub fn at(second: i64) -> DateTime<Utc> {
    DateTime::from_timestamp(1_774_922_400 + second, 0).expect("a valid moment")
}

pub fn settings() -> job::Push {
    job::Push {
        retry_uncertain: RetryUncertain::Never,
        canary: true,
        consecutive_failures_max: 5,
        daily_items_max: 500,
        daily_yearly_difference_max: None,
        stale_after_days: 30,
    }
}

/// An approved item that changes pay.
pub fn item(id: i64, employee_id: &str) -> Item {
    Item {
        id,
        employee_id: employee_id.to_owned(),
        kind: CorrectionKind::Compensation,
        state: ItemState::Approved,
        attempt: 0,
        payload: "{}".to_owned(),
        payload_hash: "hash".to_owned(),
        evidence: "{}".to_owned(),
        effective: None,
        yearly_difference: None,
        created_at: at(-100),
        created_by: "tieout run".to_owned(),
        changed_at: at(-50),
        reason: String::new(),
        approved_by: Some("Ada".to_owned()),
        approved_at: Some(at(-50)),
        policy_hash: Some(POLICY.to_owned()),
    }
}
