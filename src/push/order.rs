//! An item as a request: what its kind means for sending, and its stored body as a change that can be sent.

use anyhow::Context as _;

use super::Ssns;
use tieout_model::correction::Kind;
use tieout_services::benbase::{Change, Operation};
use tieout_store::Item;

/// The Benbase operation of a kind, `None` of Oyster's. Operations sort in the order of sending.
pub fn operation(kind: Kind) -> Option<Operation> {
    match kind {
        Kind::NewHire => Some(Operation::NewHire),
        Kind::Termination => Some(Operation::Termination),
        Kind::Demographic => Some(Operation::Demographic),
        Kind::Compensation => Some(Operation::Compensation),
        Kind::OysterProvisioning | Kind::OysterRequest => None,
    }
}

/// What an item sends, the social security number aside. Errors: a body that is none of its kind; it names no value.
pub fn change(item: &Item) -> anyhow::Result<Change> {
    let read = match item.kind {
        Kind::Demographic => serde_json::from_str(&item.payload).map(Change::Demographic),
        Kind::Compensation => serde_json::from_str(&item.payload).map(Change::Compensation),
        Kind::NewHire => serde_json::from_str(&item.payload).map(|hire| Change::NewHire { hire, ssn: None }),
        Kind::Termination => serde_json::from_str(&item.payload).map(Change::Termination),
        Kind::OysterProvisioning | Kind::OysterRequest => {
            anyhow::bail!("queue item {} does not go to Benbase", item.id)
        }
    };
    // What serde says could repeat a value, so none of it is passed on.
    read.ok().with_context(|| format!("the body of queue item {} is no {} change", item.id, item.kind.name()))
}

/// What an item sends, byte for byte: a new hire carries its social security number where the job wants it sent. Errors:
/// as [`change`], or no number for a hire that was to have one; the plan holds such hires.
pub fn complete_change(item: &Item, ssns: &Ssns) -> anyhow::Result<Change> {
    match (change(item)?, ssns) {
        (Change::NewHire { hire, .. }, Ssns::Sent(by_employee)) => {
            let ssn = by_employee.get(&item.employee_id).cloned();
            let ssn = ssn.with_context(|| format!("queue item {} has no social security number to send", item.id))?;
            Ok(Change::NewHire { hire, ssn: Some(ssn) })
        }
        (change, _) => Ok(change),
    }
}
