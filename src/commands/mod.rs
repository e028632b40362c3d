//! The commands (see DESIGN).

pub mod explain;
