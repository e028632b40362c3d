//! The commands (see DESIGN).

pub mod api;
pub mod snapshot;
