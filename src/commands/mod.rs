//! The commands (see DESIGN).

pub mod api;
