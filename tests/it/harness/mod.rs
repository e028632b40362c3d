//! What tests and benchmarks share: corrections in a queue, and what hits nights, pushes and state folders.

pub mod approved;
pub mod io_faults;
pub mod pages;
pub mod restores;
pub mod storm;
pub mod sweep;
