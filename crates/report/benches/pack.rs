//! How long the files of a night's report take to render and to write, and how large page and workbook are, by the
//! number of findings. Each time is the best of some runs; one number of findings alone by naming it:
//!
//!     cargo bench -p tieout-report --features testing -- 1000

use std::io::{self, Write as _};
use std::time::{Duration, Instant};

use tieout_model::finding::Code;
use tieout_report::{Report, page, render, sample, workbook, write_pack};

const FINDINGS: [usize; 3] = [1_000, 50_000, 500_000];
const RUNS: usize = 5;
/// What the findings are of, in turn.
const CODES: [Code; 4] = [Code::EN01, Code::EN02, Code::AM01, Code::EN05];
/// Greatest amount.
const UNITS: usize = 900;
const CURRENCIES: [&str; 3] = ["USD", "GBP", "EUR"];

fn main() -> anyhow::Result<()> {
    let wanted: Vec<usize> = std::env::args().skip(1).filter_map(|arg| arg.parse().ok()).collect();
    for findings in FINDINGS.into_iter().filter(|findings| wanted.is_empty() || wanted.contains(findings)) {
        let report = night(findings);
        let (page_time, page) = best(|| page(&report))?;
        let (workbook_time, workbook) = best(|| workbook(&report))?;
        let (pack_time, files) = best(|| {
            let dir = tempfile::tempdir()?;
            let files = render(&report, &[])?;
            write_pack(dir.path(), "2026-03-31", &files)?;
            Ok(files.len())
        })?;
        writeln!(
            io::stdout(),
            "{findings} findings: page {page_time:.3?}, {} bytes; workbook {workbook_time:.3?}, {} bytes; all {files} files \
             rendered and on the disk {pack_time:.3?}",
            page.bytes.len(),
            workbook.bytes.len(),
        )?;
    }
    Ok(())
}

fn night(findings: usize) -> Report {
    let mut report = sample::report();
    report.exceptions = (0..findings)
        .map(|number| {
            let units = i64::try_from(number % UNITS + 1).expect("few");
            let (code, currency) = (CODES[number % CODES.len()], CURRENCIES[number % CURRENCIES.len()]);
            sample::exception(number, code, units * 10_000, currency)
        })
        .collect();
    report
}

/// The shortest of some runs, and what the last one made.
fn best<T>(mut run: impl FnMut() -> anyhow::Result<T>) -> anyhow::Result<(Duration, T)> {
    let mut shortest = Duration::MAX;
    let mut made = None;
    for _ in 0..RUNS {
        let begun = Instant::now();
        made = Some(run()?);
        shortest = shortest.min(begun.elapsed());
    }
    Ok((shortest, made.expect("it ran")))
}
