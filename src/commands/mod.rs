//! The commands (see DESIGN).

pub mod api;
pub mod push;
#[cfg(feature = "sandbox")]
pub mod sandbox;
pub mod snapshot;
