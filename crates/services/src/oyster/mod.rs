//! Oyster: the benefits of EOR and contractor engagements (contracts, section 3). `client` has the reads, `writer` the
//! two writes, `paging` the walk over pages, `wire` and `request` what is received and sent, `convert` and `share` turn
//! it into `record`, which is what the rest of the program knows.

mod client;
mod convert;
mod paging;
mod reason;
pub mod recorded;
mod request;
mod share;
#[cfg(test)]
mod tests;
mod wire;
mod writer;

pub use client::{Operation, OysterClient, OysterCredential};
pub use writer::OysterWriter;
