//! What shows that a state was changed by another hand, or put back: the audit chain, its anchor, and the digests of
//! the tables that it does not hold.

pub(super) mod anchor;
pub(super) mod audit;
pub(super) mod proof;
