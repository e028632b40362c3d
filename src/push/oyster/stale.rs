//! Whether a change at Oyster still says what was approved. Whether Oyster has moved since is read from Oyster, just
//! before it is written to.

use crate::push::plan::Candidate;
use crate::push::stale::NO_CHANGE;
use tieout_corrections::oyster::seen_state;
use tieout_model::correction::evidence::hash_texts;
use tieout_model::correction::oyster::OysterChange;
use tieout_store::Item;

/// The item with what it says of itself.
pub fn candidate(item: Item) -> Candidate {
    let outdated = if OysterChange::read(item.kind, &item.payload).is_none() {
        Some(NO_CHANGE)
    } else if hash_texts(&item.payload, &item.evidence) != item.payload_hash {
        Some("its body or its evidence is not what was approved")
    } else if seen_state(&item.evidence).is_none() {
        Some("its evidence does not say which state was approved")
    } else {
        None
    };
    Candidate { item, outdated: outdated.map(str::to_owned), blocked: None, sets_pay: false }
}
