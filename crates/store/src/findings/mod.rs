//! What nights found, and what people said of it.

pub(super) mod history;
pub(super) mod judged;
pub(super) mod notes;
pub(super) mod past;
pub(super) mod pending;
pub(super) mod waivers;
