//! The benefit ledger as earlier nights left it.

use std::panic::resume_unwind;
use std::sync::mpsc::{SyncSender, sync_channel};
use std::thread;

use anyhow::Context as _;
use chrono::NaiveDate;

use crate::outcome::Failure;
use tieout_model::balance::Page;
use tieout_recon::balance::BalanceHistory;
use tieout_store::Store;

/// Pages that are handed on at once.
const BATCH_PAGES: usize = 1_024;
/// Batches that wait at most.
const BATCHES_MAX: usize = 16;

/// All accounts before this run of a night.
pub fn read(store: &Store, night: NaiveDate) -> Result<BalanceHistory, Failure> {
    let (send, batches) = sync_channel::<Vec<(NaiveDate, Page)>>(BATCHES_MAX);
    // Reading and netting take as long as each other.
    let netted = move || BalanceHistory::new(Some(night), batches.iter().flatten());
    let (history, scanned) = thread::scope(|scope| {
        let netted = scope.spawn(netted);
        // Which ends the channel when it has ended.
        let scanned = scan(store, send);
        (netted.join().unwrap_or_else(|panic| resume_unwind(panic)), scanned)
    });
    scanned.context("reading the benefit ledger").map_err(Failure::bug)?;
    Ok(history)
}

/// Hands on every page of the ledger, with the night that posted it.
fn scan(store: &Store, send: SyncSender<Vec<(NaiveDate, Page)>>) -> anyhow::Result<()> {
    let mut batch = Vec::with_capacity(BATCH_PAGES);
    store.scan_balances(|head, page| {
        batch.push((head.night, page));
        if batch.len() == BATCH_PAGES {
            // Netting ends with the last batch, not before.
            let _ = send.send(std::mem::replace(&mut batch, Vec::with_capacity(BATCH_PAGES)));
        }
    })?;
    let _ = send.send(batch);
    Ok(())
}
