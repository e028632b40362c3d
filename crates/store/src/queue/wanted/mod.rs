//! What a night wants, held against what the queue has.

pub(super) mod blocked;
pub(super) mod decide;
pub(super) mod ping_pong;
pub(super) mod propose;
pub(super) mod seen;
