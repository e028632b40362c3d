//! Why a change of Oyster benefits is wanted: what it moves, and the state that its preparer saw. An approval is bound
//! to both.

use serde::{Deserialize, Serialize};

use crate::oyster::Current;
use tieout_model::correction::Change;

/// Where the wish comes from; findings have sources, wishes have people.
const AUTHORITY: &str = "the preparer";

#[derive(Serialize)]
struct Evidence<'a> {
    authority: &'static str,
    changes: Vec<ChangeText<'a>>,
    /// None: the shape is that of the night's evidence.
    findings: [(); 0],
    state: String,
    seen: &'a Current,
}

#[derive(Serialize)]
struct ChangeText<'a> {
    field: &'a str,
    from: &'a str,
    to: &'a str,
}

/// The evidence of a change as it is stored. `seen`: what Oyster showed.
pub fn evidence_json(changes: &[Change], seen: &Current) -> String {
    let changes = changes.iter().map(|c| ChangeText { field: &c.field, from: &c.from, to: &c.to }).collect();
    let evidence = Evidence { authority: AUTHORITY, changes, findings: [], state: seen.hash(), seen };
    serde_json::to_string(&evidence).expect("a struct of texts has no value that JSON cannot hold")
}

#[derive(Deserialize)]
struct Seen {
    state: String,
    /// `None`: written before it was kept.
    seen: Option<Current>,
}

/// The hash of the state that the preparer saw; `None`: it is no evidence of such a change.
pub fn seen_state(evidence_json: &str) -> Option<String> {
    serde_json::from_str(evidence_json).ok().map(|seen: Seen| seen.state)
}

/// The state itself, where the evidence holds it.
pub fn seen(evidence_json: &str) -> Option<Current> {
    serde_json::from_str(evidence_json).ok().and_then(|seen: Seen| seen.seen)
}
