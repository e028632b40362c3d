//! What nights did and saw: runs, calls, checkpoints, and everybody ever seen.

pub(super) mod calls;
pub(super) mod enrollments;
pub(super) mod fetched;
pub(super) mod past_runs;
pub(super) mod reports;
pub(super) mod roster;
pub(super) mod runs;
