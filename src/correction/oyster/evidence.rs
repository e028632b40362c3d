//! Why a change of Oyster benefits is wanted: what it moves, and the state that its preparer saw. An approval is bound to
//! both.

use serde::{Deserialize, Serialize};

use crate::correction::Change;

/// Where the wish comes from; findings have sources, wishes have people.
const AUTHORITY: &str = "the preparer";

#[derive(Serialize)]
struct Evidence<'a> {
    authority: &'static str,
    changes: Vec<ChangeText<'a>>,
    /// None: the shape is that of the night's evidence.
    findings: [(); 0],
    state: &'a str,
}

#[derive(Serialize)]
struct ChangeText<'a> {
    field: &'a str,
    from: &'a str,
    to: &'a str,
}

/// The evidence of a change as it is stored. `state`: hash of what Oyster showed ([`super::Current::hash`]).
pub fn evidence_json(changes: &[Change], state: &str) -> String {
    let changes = changes.iter().map(|c| ChangeText { field: &c.field, from: &c.from, to: &c.to }).collect();
    let evidence = Evidence { authority: AUTHORITY, changes, findings: [], state };
    serde_json::to_string(&evidence).expect("a struct of texts has no value that JSON cannot hold")
}

#[derive(Deserialize)]
struct Seen {
    state: String,
}

/// The hash of the state that the preparer saw; `None`: it is no evidence of such a change.
pub fn seen_state(evidence_json: &str) -> Option<String> {
    serde_json::from_str(evidence_json).ok().map(|seen: Seen| seen.state)
}
