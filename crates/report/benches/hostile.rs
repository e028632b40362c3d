//! Writes a report full of texts that a spreadsheet could take for formulas, as CSV and as a workbook, and what must be
//! read of them. `benches/libreoffice.py` opens both in LibreOffice and compares:
//!
//!     cargo bench -p tieout-report --features testing --bench hostile -- ROWS FOLDER [SEED]

use std::fs;
use std::path::PathBuf;

use anyhow::Context as _;
use tieout_model::finding::SetAside;
use tieout_report::{Report, not_judged, sample, workbook};

/// What hides the beginning of a formula from a careless reader.
const HIDING: [&str; 12] =
    [" ", "\t", "\r", "\n", "\u{b}", "\u{1}", "\u{a0}", "\u{200b}", "\u{200e}", "\u{feff}", "'", ""];
/// What a formula begins with, and what only looks like one.
const BEGINNINGS: [&str; 9] = ["=", "+", "-", "@", "(", "\u{ff1d}", "%", "", ""];
const MIDDLES: [&str; 14] = [
    "1+1",
    "SUM(A1:A9)",
    "HYPERLINK(\"http://127.0.0.1/\";\"click\")",
    "cmd|' /C calc'!A0",
    "WEBSERVICE(\"http://127.0.0.1/\")",
    "A1",
    "12)",
    "1e5",
    "2026-03-31",
    "00123",
    "a,b;c",
    "\"quoted\"",
    "Ünïcödé \u{1f600}",
    "",
];
const ENDS: [&str; 6] = ["", " ", "\n=1+1", ",=1+1", "\",\"=1+1", "\t-1"];

/// One of many numbers that look random and are the same each time.
struct Dice(u64);

impl Dice {
    fn of<'t>(&mut self, faces: &[&'t str]) -> &'t str {
        // The generator of Knuth's MMIX, of whose bits the higher ones are good.
        self.0 = self.0.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        faces[(self.0 >> 33) as usize % faces.len()]
    }

    fn text(&mut self) -> String {
        let hiding: String = (0..3).map(|_| self.of(&HIDING)).collect();
        [hiding.as_str(), self.of(&BEGINNINGS), self.of(&MIDDLES), self.of(&ENDS)].concat()
    }
}

fn main() -> anyhow::Result<()> {
    let mut wanted = std::env::args().skip(1).filter(|arg| !arg.starts_with("--"));
    let rows: u64 = wanted.next().context("how many rows?")?.parse().context("how many rows?")?;
    let dir = PathBuf::from(wanted.next().context("into which folder?")?);
    let seed = wanted.next().map_or(Ok(1), |seed| seed.parse()).context("which seed?")?;
    let mut dice = Dice(seed);
    let unverified: Vec<SetAside> = (0..rows)
        .map(|_| {
            let (id, benefit, reason) = (dice.text(), dice.text(), dice.text());
            SetAside { benefit, ..SetAside::person("benifex", id, reason) }
        })
        .collect();
    let report = Report { unverified, ..sample::report() };
    fs::create_dir_all(&dir)?;
    for file in not_judged(&[], &[], &report.unverified, &report.names, report.head.csv)? {
        fs::write(dir.join(&*file.name), &file.bytes)?;
    }
    fs::write(dir.join("report.xlsx"), workbook(&report)?.bytes)?;
    let texts = report.unverified.iter().map(|row| [row.employee_id.as_str(), &row.benefit, &row.reason]);
    let lines: Result<Vec<String>, _> = texts.map(|texts| serde_json::to_string(&texts)).collect();
    fs::write(dir.join("texts.ndjson"), lines?.join("\n"))?;
    Ok(())
}
