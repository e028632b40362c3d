//! The section `[report]`: how the report is written, with its defaults.

use std::path::PathBuf;

use serde::Deserialize;

use super::problems::Problems;
use super::text::checks::{Text, path};
use super::text::key::Key;
use super::text::table::table;
use super::text::{OneChar, Quoted, shown};
use tieout_model::finding::Severity;
use tieout_report::{CsvFormat, Formats, NameStyle};

/// What stands between cells. What reads sheets back knows these.
const DELIMITERS: [(char, u8); 3] = [(',', b','), (';', b';'), ('\t', b'\t')];
const DECIMAL_MARKS: [char; 2] = ['.', ','];

#[derive(Debug, Default, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct RawReport {
    pub dir: Option<Text>,
    pub bom: Option<bool>,
    pub profile: Option<CsvProfile>,
    #[serde(deserialize_with = "table")]
    pub csv: Option<RawCsv>,
    pub formats: Option<Vec<ReportFormat>>,
    pub names: Option<NameStyle>,
    pub alarm_at: Option<Quoted<Severity>>,
}

/// As what a report is written.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum ReportFormat {
    Csv,
    Xlsx,
    Html,
    Parquet,
}

#[derive(Debug, Default, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct RawCsv {
    pub delimiter: Option<OneChar>,
    pub decimal_mark: Option<OneChar>,
    pub bom: Option<bool>,
}

/// Whose habits the CSV files follow.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum CsvProfile {
    Plain,
    ExcelDe,
}

#[derive(Clone, Debug)]
pub struct ReportSettings {
    pub dir: PathBuf,
    pub csv: CsvFormat,
    pub formats: Formats,
    /// What of an employee's name stands beside the id.
    pub names: NameStyle,
    /// Findings from this severity on make exit code 1; `None`: never.
    pub alarm_at: Option<Severity>,
}

pub fn report(raw: RawReport, p: &mut Problems<'_>) -> ReportSettings {
    let profile = match raw.profile {
        None | Some(CsvProfile::Plain) => CsvFormat::PLAIN,
        Some(CsvProfile::ExcelDe) => CsvFormat::EXCEL_DE,
    };
    ReportSettings {
        dir: path(raw.dir).unwrap_or_else(|| PathBuf::from("reports")),
        csv: csv(raw.csv.unwrap_or_default(), raw.bom, profile, p),
        formats: formats(raw.formats, p),
        names: raw.names.unwrap_or(NameStyle::None),
        alarm_at: raw.alarm_at.map(|severity| severity.0),
    }
}

fn formats(stated: Option<Vec<ReportFormat>>, p: &mut Problems<'_>) -> Formats {
    let Some(stated) = stated else { return Formats::ALL };
    if !stated.contains(&ReportFormat::Csv) {
        let message = "expected \"csv\" among them, found none: the queue's sheets and later nights are read from it";
        p.at(&Key::of("report").then("formats"), message);
    }
    let is_stated = |format| stated.contains(&format);
    Formats {
        workbook: is_stated(ReportFormat::Xlsx),
        page: is_stated(ReportFormat::Html),
        proof: is_stated(ReportFormat::Parquet),
    }
}

/// What is stated goes before the profile. `bom`: of the section itself.
fn csv(raw: RawCsv, bom: Option<bool>, profile: CsvFormat, p: &mut Problems<'_>) -> CsvFormat {
    let key = |name: &str| Key::of("report").then("csv").then(name);
    let mut format = CsvFormat { bom: raw.bom.or(bom).unwrap_or(profile.bom), ..profile };
    if let Some(OneChar(mark)) = raw.delimiter {
        match DELIMITERS.iter().find(|(delimiter, _)| *delimiter == mark) {
            Some((_, byte)) => format.delimiter = *byte,
            None => {
                let found = shown(&mark.to_string());
                p.at(&key("delimiter"), format!("expected `,`, `;` or `\\t`, found {found}"));
            }
        }
    }
    if let Some(OneChar(mark)) = raw.decimal_mark {
        match DECIMAL_MARKS.contains(&mark) {
            true => format.decimal_mark = mark,
            false => {
                let found = shown(&mark.to_string());
                p.at(&key("decimal_mark"), format!("expected `.` or `,`, found {found}"));
            }
        }
    }
    if raw.bom.is_some() && bom.is_some() {
        p.at(&key("bom"), "expected it once, found it in report.bom as well: take one away");
    }
    if u32::from(format.delimiter) == u32::from(format.decimal_mark) {
        let message = "expected another mark than decimal_mark, found the same; for most of Europe `;` and `,`";
        p.at(&Key::of("report").then("csv"), message);
    }
    format
}
