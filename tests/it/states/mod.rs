//! State folders that are copied, put back or lost.

mod copied;
mod restored;
