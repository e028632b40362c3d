//! An item as a request: what its kind means for sending, and its stored body as a change that can be sent.

use anyhow::Context as _;

use crate::api::benbase::{Change, Operation};
use crate::correction::Kind;
use crate::store::Item;

/// The Benbase operation of a kind. Operations sort in the order of sending.
pub fn operation(kind: Kind) -> Operation {
    match kind {
        Kind::Demographic => Operation::Demographic,
        Kind::Compensation => Operation::Compensation,
    }
}

/// What an item sends. Errors: a body that is none of its kind; it names no value.
pub fn change(item: &Item) -> anyhow::Result<Change> {
    let read = match item.kind {
        Kind::Demographic => serde_json::from_str(&item.payload).map(Change::Demographic),
        Kind::Compensation => serde_json::from_str(&item.payload).map(Change::Compensation),
    };
    // What serde says could repeat a value, so none of it is passed on.
    read.ok().with_context(|| format!("the body of queue item {} is no {} change", item.id, item.kind.name()))
}
