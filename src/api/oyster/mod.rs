//! Oyster: the benefits of EOR and contractor engagements (seed 002, contracts section 3).

pub mod record;
