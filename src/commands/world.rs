//! `tieout world generate`.

use std::path::Path;

use anyhow::Result;

pub use crate::world::Summary;

/// Writes a world of `employees` people with planted discrepancies, and the truth about them, into the folder `out`.
pub fn generate(employees: usize, seed: u64, out: &Path) -> Result<Summary> {
    crate::world::generate(employees, seed, out)
}
