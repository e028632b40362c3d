//! 2,000 pushes killed at random moments against a sandbox that loses answers, counted by the sandbox's journal.
//!
//!     cargo bench --bench push_kills

use std::error::Error;

use chrono::Utc;

use self::storm::{Storm, Wrong};

#[path = "../tests/it/harness/approved.rs"]
mod approved;
#[path = "../tests/it/harness/storm.rs"]
#[expect(dead_code, reason = "the tests use the rest of it")]
mod storm;

const STORM: Storm = Storm { kills: 2_000, items: 1_000, seed: 2_000 };

#[expect(clippy::print_stdout, reason = "the table is what a benchmark is for")]
#[expect(clippy::disallowed_methods, reason = "the binary asks the same clock for the age of an approval")]
fn main() -> Result<(), Box<dyn Error>> {
    let tally = STORM.rage(env!("CARGO_BIN_EXE_tieout"), Utc::now());
    print!("{tally}");
    if tally.wrong != Wrong::default() {
        return Err("a push sent something twice, lost something or did not label a doubt".into());
    }
    Ok(())
}
