//! The section `[crosswalk]`: where ids of other services are found.

use std::path::PathBuf;

use serde::Deserialize;

use super::problems::Problems;
use super::text::checks::{Text, path};
use super::text::key::Key;

#[derive(Debug, Default, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct RawCrosswalk {
    pub file: Option<Text>,
}

/// Employee id → ids of the other services. CSV with the headers `employee_id,benbase_id,oyster_engagement_id`.
#[derive(Clone, Debug)]
pub struct CrosswalkSection {
    pub file: PathBuf,
}

pub fn crosswalk(raw: RawCrosswalk, p: &mut Problems<'_>) -> Option<CrosswalkSection> {
    let file = p.require(raw.file, &Key::of("crosswalk").then("file"), "the path of a CSV file");
    Some(CrosswalkSection { file: path(file)? })
}
