//! (see DESIGN)
#[cfg(feature = "sandbox")]
pub mod sandbox;
