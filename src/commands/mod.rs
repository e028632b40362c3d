//! One file a verb; the only code that knows more than two stages.

#[cfg(feature = "sandbox")]
pub mod world;
