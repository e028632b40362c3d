//! (see DESIGN)
pub mod api;
#[cfg(feature = "sandbox")]
pub mod sandbox;
pub mod snapshot;
