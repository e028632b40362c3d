//! The section `[oyster]` as written; see `raw`.

use serde::Deserialize;

use super::raw::{MapTo, RawHttp, Text};
use super::table::table;
use super::text::{Quoted, Reference};
use tieout_model::money::Money;
use tieout_model::share::Share;
use tieout_model::terms::ShareUnit;
use tieout_recon::settings::PricePeriod;

#[derive(Debug, Default, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct RawOyster {
    pub base_url: Option<Text>,
    pub token_url: Option<Text>,
    pub client_id: Option<Reference>,
    pub client_secret: Option<Reference>,
    pub scope: Option<Text>,
    pub token: Option<Reference>,
    pub customer_id: Option<Text>,
    pub actor_email: Option<Text>,
    pub per_page: Option<usize>,
    #[serde(deserialize_with = "table")]
    pub paths: Option<RawOysterPaths>,
    #[serde(deserialize_with = "table")]
    pub units: Option<RawOysterUnits>,
    pub engaged_states: Option<Vec<Text>>,
    #[serde(deserialize_with = "table")]
    pub http: Option<RawHttp>,
    pub plans: MapTo<Text>,
    pub ignored_plans: MapTo<Text>,
    pub match_email: Option<bool>,
    pub price_period: Option<PricePeriod>,
    pub categories: MapTo<Text>,
    pub contractor_benefits: Option<Vec<Text>>,
    pub stuck_after_days: Option<i64>,
    pub requested_stuck_after_days: Option<i64>,
    pub estimate_tolerance_share: Option<Quoted<Share>>,
    pub estimate_tolerance: Option<Quoted<Money>>,
    pub detail_days_max: Option<i64>,
    pub opening_states: Option<Text>,
    #[serde(deserialize_with = "table")]
    pub writes: Option<RawOysterWrites>,
}

#[derive(Debug, Default, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct RawOysterPaths {
    pub engagements: Option<Text>,
    pub engagement: Option<Text>,
    pub offerings: Option<Text>,
    pub provisioning: Option<Text>,
    pub enrollments: Option<Text>,
    /// `""`: none.
    pub requests: Option<String>,
    /// `""`: none.
    pub ruleset: Option<String>,
}

#[derive(Debug, Default, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct RawOysterUnits {
    pub provisioning: Option<ShareUnit>,
    pub enrollments: Option<ShareUnit>,
    pub request: Option<ShareUnit>,
    pub request_answer: Option<ShareUnit>,
}

#[derive(Debug, Default, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct RawOysterWrites {
    pub provision: Option<bool>,
    pub provision_max: Option<u32>,
    pub request: Option<bool>,
    pub request_max: Option<u32>,
}
