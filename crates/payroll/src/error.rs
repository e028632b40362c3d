//! Why a payroll file as a whole cannot be used. Rows that cannot be used are no errors: they are rejects.

use std::fmt;
use std::io;
use std::path::PathBuf;

use chrono::NaiveDate;

use tieout_model::source::Reject;

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
        "the file {} lacks columns that the job maps: {}; correct the column map or the export",
        path.display(), Missing(.missing)
    )]
    MissingColumns { path: PathBuf, missing: Vec<MissingColumn> },

    #[error(
        "the header of the file {} names a mapped column more than once: {}; expected each once; rename the others in the export",
        path.display(), .names.join(", ")
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
        "{rejected}{} of {rows} payroll rows were rejected: expected at most {} %; see the rejects, then correct the export or the job (date layout, marks, encoding)",
        if *.stopped { " or more" } else { "" }, Share(*.share_max)
    )]
    TooManyRejected {
        rejected: u64,
        /// Data rows read.
        rows: u64,
        /// In 1/10,000.
        share_max: u32,
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
        "the file {} mixes pay periods of one pay group: {}; exports of several periods seem to have been joined, deliver them one by one; or map the columns that tell pay groups and off-cycle runs apart",
        path.display(), .groups.join("; ")
    )]
    MixedPeriods { path: PathBuf, groups: Vec<String> },

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

struct Share(u32);

impl fmt::Display for Share {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}.{:02}", self.0 / 100, self.0 % 100)
    }
}
