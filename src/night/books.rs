//! The benefit ledger as earlier nights left it.

use anyhow::Context as _;

use crate::outcome::Failure;
use tieout_model::balance::{Page, Posted};
use tieout_recon::balance::History;
use tieout_store::{PostingHead, Store};

/// All accounts before tonight.
pub fn read(store: &Store) -> Result<History, Failure> {
    let mut history = History::default();
    let scanned = store.scan_balances(|head, page| take(&mut history, head, page));
    scanned.context("reading the benefit ledger").map_err(Failure::bug)?;
    Ok(history)
}

/// Takes a page into the books.
pub fn take(history: &mut History, head: &PostingHead, page: Page) {
    let Page { employee_id, period, unjudged, postings } = page;
    if let Some(unjudged) = unjudged {
        history.know(&employee_id, period, unjudged);
    }
    for posting in postings {
        history.add(&employee_id, Posted { posting, night: head.night, reason: head.reason.clone() });
    }
}
