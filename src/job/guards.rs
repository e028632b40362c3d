//! The section `[guards]`: what stops the queue, with its defaults (rules.md).

use serde::Deserialize;

use super::text::Quoted;
use tieout_corrections::settings::Guards;
use tieout_model::share::Share;

#[derive(Debug, Default, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct RawGuards {
    pub population_change_max: Option<Quoted<Share>>,
    pub total_change_max: Option<Quoted<Share>>,
    pub corrected_share_max: Option<Quoted<Share>>,
    pub salary_change_max: Option<Quoted<Share>>,
    pub headcount_min: Option<u32>,
    pub people_min: Option<u32>,
}

/// What stops the queue.
pub fn guards(raw: RawGuards) -> Guards {
    Guards {
        population_change_max: share(raw.population_change_max, 500),
        total_change_max: share(raw.total_change_max, 500),
        corrected_share_max: share(raw.corrected_share_max, 1_000),
        salary_change_max: share(raw.salary_change_max, 2_000),
        headcount_min: raw.headcount_min.unwrap_or(20),
        people_min: raw.people_min.unwrap_or(5),
    }
}

/// A share in 1/10,000.
pub fn share(raw: Option<Quoted<Share>>, default_ten_thousandths: u32) -> Share {
    raw.map_or(Share::of_ten_thousandths(default_ten_thousandths), |Quoted(share)| share)
}
