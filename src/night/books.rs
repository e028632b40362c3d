//! The benefit ledger as earlier nights left it.

use anyhow::Context as _;
use chrono::NaiveDate;

use crate::outcome::Failure;
use tieout_recon::balance::History;
use tieout_store::Store;

/// All accounts before this run of a night.
pub fn read(store: &Store, night: NaiveDate) -> Result<History, Failure> {
    let mut history = History::of_night(night);
    let scanned = store.scan_balances(|head, page| history.take(head.night, page));
    scanned.context("reading the benefit ledger").map_err(Failure::bug)?;
    Ok(history)
}
