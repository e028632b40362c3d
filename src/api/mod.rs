//! (see DESIGN)
pub mod benifex;
