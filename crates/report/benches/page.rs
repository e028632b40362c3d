//! How long a reader waits for the page in Chromium: until the search takes what is typed, and until it shows what it
//! found. Needs a Chromium, as `.ci/browser` does:
//!
//!     cargo bench -p tieout-report --features browser --bench page

#[path = "../tests/browser/chromium.rs"]
#[expect(dead_code, reason = "the tests use the rest of it")]
mod chromium;

use std::fs;
use std::io::{self, Write as _};
use std::time::{Duration, Instant};

use tieout_model::finding::Code;
use tieout_report::{page, sample};

use chromium::Browser;

const FINDINGS: [usize; 3] = [1_000, 10_000, 50_000];
const RUNS: usize = 5;
/// Types into the search as a person does, and waits until the page has drawn what it found.
const TYPED: &str = "new Promise(done => {
    const search = document.querySelector('input[type=search]');
    search.focus();
    search.value = '000999';
    search.dispatchEvent(new Event('input', { bubbles: true }));
    const told = () => document.querySelector('[role=status]').innerText;
    const look = () => told().includes(' of ') ? requestAnimationFrame(() => done(told())) : setTimeout(look, 1);
    look();
})";

fn main() -> anyhow::Result<()> {
    for findings in FINDINGS {
        let dir = tempfile::tempdir()?;
        let mut report = sample::report();
        report.exceptions = (0..findings).map(|number| sample::exception(number, Code::EN01, 10_000, "USD")).collect();
        let file = dir.path().join("index.html");
        fs::write(&file, &page(&report)?.bytes)?;
        let (mut ready, mut found) = (Duration::MAX, Duration::MAX);
        for _ in 0..RUNS {
            let mut browser = Browser::start();
            let begun = Instant::now();
            browser.open(&file, "");
            browser.eval("document.querySelector('input[type=search]').focus()");
            ready = ready.min(begun.elapsed());
            let begun = Instant::now();
            browser.eval(TYPED);
            found = found.min(begun.elapsed());
        }
        writeln!(io::stdout(), "{findings} findings: ready to type after {ready:.3?}, found {found:.3?} after typing")?;
    }
    Ok(())
}
