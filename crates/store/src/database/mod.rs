//! The file itself: opening it, its schema from version to version, its integrity, and whose it is.

pub(super) mod check;
pub(super) mod days;
pub(super) mod fault;
pub(super) mod migrations;
pub(super) mod open;
pub(super) mod owner;
pub(super) mod schema;
