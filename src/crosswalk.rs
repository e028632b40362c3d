//! The crosswalk: employee id → ids of the other services, from a CSV of the customer's.

use std::collections::BTreeMap;

/// Ids of the other services by employee id, and the employee ids that stand there twice.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Crosswalk {
    pub rows: BTreeMap<String, Linked>,
    /// Employee ids with several rows that disagree (ID04); none of their links may be used.
    pub ambiguous: Vec<String>,
}

/// What one employee id is called elsewhere.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Linked {
    pub benbase_id: Option<String>,
    pub oyster_engagement_id: Option<String>,
}
