//! The benefit ledger's arithmetic: what earlier nights posted, what one more pay period adds, and what that settles.
//! Pure: entries in, entries and outcomes out; nothing here knows of frames, files or findings' words.

mod account_period;
mod beside;
mod by_dates;
mod cells;
mod codes;
mod handed_over;
mod history;
mod interned;
mod known;
mod mangled;
mod open;
mod retro;
mod rounding;
mod settle;
#[cfg(test)]
mod tests;

pub use account_period::{AccountPeriod, cell};
pub(crate) use account_period::{OF_PAY, OF_SIGN, UNTOLD};
pub use beside::Payrolls;
pub use by_dates::by_dates;
pub use codes::{ChangedCodes, CodeMap};
pub use history::{BalanceHistory, Employee};
pub use mangled::{Joined, UnderTwo};
pub use open::{Open, OpenEntry};
pub use retro::{Record, mended, owing, restated};
pub use rounding::Rounding;
pub use settle::{Before, Explained, Settled, Tonight, settle};
