//! Why a payroll file as a whole cannot be used. Rows that cannot be used are no errors: they are rejects.

use std::collections::BTreeMap;
use std::fmt;
use std::io;
use std::path::PathBuf;

use chrono::NaiveDate;

use crate::reject_reasons::{RejectReason, by_reason};
use tieout_model::share::Share;
use tieout_model::source::Reject;

/// Reasons that an error about rejected rows names.
const REASONS_SHOWN: usize = 3;

/// A payroll, deduction or control file that cannot be read. Nothing in the texts is personal.
#[derive(Debug, thiserror::Error)]
pub enum PayrollError {
    #[error(
        "no {what}: expected a file that matches {}, but of the {files_there} files in its folder none does; check that the export ran, and `{key}` in the job",
        pattern.display()
    )]
    NotFound { what: &'static str, key: &'static str, pattern: PathBuf, files_there: usize },

    #[error(
        "the {what} {} is a folder: expected a file, or a pattern such as `{}/*.csv`; correct `{key}` in the job",
        path.display(), path.display()
    )]
    Folder { what: &'static str, key: &'static str, path: PathBuf },

    #[error("cannot read the file {}", path.display())]
    Unreadable { path: PathBuf, source: io::Error },

    #[error(
        "the file {} is too large: expected at most {max} bytes, there are {bytes}; split the export by legal entity or pay group",
        path.display()
    )]
    TooLarge { path: PathBuf, bytes: u64, max: u64 },

    #[error("the file {} is empty: expected a header and rows; check that the export ran to its end", path.display())]
    Empty { path: PathBuf },

    #[error(
        "the file {} has a header and no data rows: expected at least one; check the selection of the export",
        path.display()
    )]
    HeaderOnly { path: PathBuf },

    #[error(
        "the file {} is not separated by {}: expected the header to hold {wanted} mapped columns, {found} were there, but {} separates {found_with}; set `delimiter` to it in the job",
        path.display(), Mark(*.configured), Mark(*.works)
    )]
    WrongDelimiter { path: PathBuf, configured: u8, works: u8, wanted: usize, found: usize, found_with: usize },

    #[error(
        "the file {} lacks columns that the job maps: {}; {}; correct the column map, `header_row` or the export",
        path.display(), Missing(.missing), SeenLines(*.line, *.found, *.wanted, .lines)
    )]
    MissingColumns {
        path: PathBuf,
        missing: Vec<MissingColumn>,
        /// Physical line that seems to be the header, of `wanted` columns with so many of them found.
        line: u64,
        found: usize,
        wanted: usize,
        /// The first lines as they were read.
        lines: Vec<SeenLine>,
    },

    #[error(
        "the file {} has no row on line {line}, where the job says that the header begins; correct `header_row`",
        path.display()
    )]
    NoHeaderRow { path: PathBuf, line: u64 },

    #[error("the file {} is {is}: expected a table as CSV or a workbook; {advice}", path.display())]
    OtherKind { path: PathBuf, is: &'static str, advice: &'static str },

    #[error("the workbook {} cannot be used: {what}", path.display())]
    Workbook { path: PathBuf, what: String },

    #[error(
        "the header of the file {} names a mapped column more than once: {}; expected each once; write which one is meant, such as `{} #2`",
        path.display(), .names.join(", "), .names[0]
    )]
    DuplicateHeaders { path: PathBuf, names: Vec<String> },

    #[error(
        "the file {} has a second, different header on line {line}: expected one set of columns; two exports seem to have been joined, deliver them one by one",
        path.display()
    )]
    SecondHeader { path: PathBuf, line: u64 },

    #[error(
        "the file {} is still being written: its size or change time moved while it was read; run again when the export has ended",
        path.display()
    )]
    StillWritten { path: PathBuf },

    #[error(
        "the file {} is not {expected}: {found}; export it as {expected} or set `encoding` in the job",
        path.display()
    )]
    NotDecodable { path: PathBuf, expected: &'static str, found: &'static str },

    #[error(
        "the file {} has a quote on or after line {line} that is not closed: the rest of the file would be one cell; correct the quoting of the export",
        path.display()
    )]
    UnclosedQuote { path: PathBuf, line: u64 },

    #[error(
        "{rejected}{} of {rows} payroll rows were rejected: expected at most {}; most often: {}; see the rejects, then correct the export or the job (date layout, marks, encoding)",
        if *.stopped { " or more" } else { "" }, .share_max, Reasons(.rejects)
    )]
    TooManyRejected {
        rejected: u64,
        /// Data rows read.
        rows: u64,
        share_max: Share,
        /// Reading stopped early, as more cells were bad than are ever kept.
        stopped: bool,
        rejects: Vec<Reject>,
    },

    #[error(
        "no pay period is known: expected {lacking}, in a mapped column of the payroll file or in the job; map the column or set the date in the job's period"
    )]
    NoPeriod { lacking: &'static str },

    #[error(
        "the payroll file is not of the day {as_of}: its period {start}..{end} {}; deliver the file of the period, name another day with --as-of, or raise `period_age_max_days` in the job",
        if as_of < start { "has not begun by then".to_owned() } else { format!("ended more than {age_max_days} days before") }
    )]
    OtherPeriod { as_of: NaiveDate, start: NaiveDate, end: NaiveDate, age_max_days: i64 },

    #[error(
        "the file {} mixes pay periods of one pay group: {}; exports of several periods seem to have been joined, deliver them one by one; or map the columns that tell pay groups and off-cycle runs apart; or, if it is to hold them, say several_rows in the job",
        path.display(), .groups.join("; ")
    )]
    MixedPeriods { path: PathBuf, groups: Vec<String> },

    #[error(
        "no pay period is known: expected at least one row of a regular run, found run types that no map knows: {}; add their words to `run_type_map`",
        Words(.words)
    )]
    NoRegularRun { words: BTreeMap<String, u64> },

    #[error(
        "the file {} has several rows of code {code} with other amounts each for {repeated} of {employees} employees: expected one; map what tells them apart (`record_type` for the employer's share), or put the code into `split_codes` if they belong together",
        path.display()
    )]
    RepeatedCode { path: PathBuf, code: String, employees: u64, repeated: u64 },

    #[error(
        "the file {} has employee ids with decimals, some of them `.0`: whether that is part of the id cannot be known; export ids as text",
        path.display()
    )]
    IdsWithDecimals { path: PathBuf },

    #[error("the control file {} cannot be used: line {line}: {reason}", path.display())]
    ControlFile { path: PathBuf, line: u64, reason: String },

    #[error(
        "the rows of payroll code {code} for one employee add up to more than an amount can hold; check the export for repeated rows"
    )]
    SumTooLarge { code: String },
}

/// A mapped column that the header lacks.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct MissingColumn {
    pub header: String,
    /// What the header has instead, when something is alike.
    pub near: Option<String>,
}

/// A line of a file in which the header was looked for. Its texts may be personal and are not kept.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct SeenLine {
    pub line: u64,
    /// Cells that are not blank.
    pub cells: usize,
    /// Mapped columns that it names.
    pub mapped: usize,
}

struct SeenLines<'a>(u64, usize, usize, &'a [SeenLine]);

impl fmt::Display for SeenLines<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let SeenLines(line, found, wanted, lines) = self;
        match found {
            0 => write!(f, "no line names one of them; the file begins with")?,
            _ => write!(f, "line {line} seems to be the header, with {found} of {wanted}; the file begins with")?,
        }
        for (at, SeenLine { line, cells, mapped }) in lines.iter().enumerate() {
            let comma = if at == 0 { "" } else { "," };
            write!(f, "{comma} line {line}: {cells} cells, {mapped} mapped")?;
        }
        Ok(())
    }
}

struct Words<'a>(&'a BTreeMap<String, u64>);

impl fmt::Display for Words<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let words: Vec<String> = self.0.iter().map(|(word, rows)| format!("`{word}` ({rows} rows)")).collect();
        f.write_str(&words.join(", "))
    }
}

struct Reasons<'a>(&'a [Reject]);

impl fmt::Display for Reasons<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let reasons = by_reason(self.0);
        let shown: Vec<String> = reasons.iter().take(REASONS_SHOWN).map(RejectReason::to_string).collect();
        f.write_str(&shown.join("; "))
    }
}

struct Missing<'a>(&'a [MissingColumn]);

impl fmt::Display for Missing<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        for (at, column) in self.0.iter().enumerate() {
            let comma = if at == 0 { "" } else { ", " };
            write!(f, "{comma}`{}`", column.header)?;
            if let Some(near) = &column.near {
                write!(f, " (there is `{near}`)")?;
            }
        }
        Ok(())
    }
}

struct Mark(u8);

impl fmt::Display for Mark {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self.0 {
            b'\t' => f.write_str("a tab"),
            mark => write!(f, "`{}`", char::from(mark)),
        }
    }
}
