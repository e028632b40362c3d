//! The report as one value, and one file a format. A table is columns and rows of the report; the formats render tables
//! and know nothing of what is in them. One function writes the folder, by a temporary name and a rename.

mod behind;
mod by_cost;
mod changes;
mod csv;
mod earlier;
mod evidence;
mod figures;
mod folder;
mod index;
mod names;
mod page;
mod read;
mod run_json;
mod settings;
mod sign_off;
mod table;
mod tables;
mod verify;
mod workbook;

#[cfg(any(test, feature = "testing"))]
pub mod sample;

use rayon::prelude::*;
use std::borrow::Cow;
use std::collections::{BTreeMap, BTreeSet};

use chrono::NaiveDate;

use tieout_model::balance::BalanceTotal;
use tieout_model::calls::{CallStatistics, OysterStatistics};
use tieout_model::control::{ControlTotal, Coverage, Disposition};
use tieout_model::correction::Correction;
use tieout_model::finding::{Finding, SetAside};
use tieout_model::group::FindingGroup;
use tieout_model::history::{Cleared, Status};
use tieout_model::money::Currency;
use tieout_model::note::Note;
use tieout_model::source::{InputFile, Reject};
use tieout_model::waiver::Waiver;

pub use self::csv::{guarded, without_nul};
pub use behind::{AccountBehind, BEHIND_FINDINGS_MAX, BEHIND_LINES_MAX, Behind, EntryBehind};
pub use by_cost::{CostGroup, cost_groups};
pub use earlier::Earlier;
pub use evidence::{EVIDENCE_AGES, EvidenceAge};
pub use figures::{Headline, Tone, Uncompared, amount, employees, grouped, headline, stakes, uncompared};
pub use folder::{Beside, Pack, prepare, write_pack};
pub use index::{KnownNights, remove_index, write_index};
pub use names::ShownNames;
pub use page::PAGE;
pub use read::{ChangedReport, ReadFinding, ReadNight, read_cleared};
pub use settings::{CsvFormat, Formats, NameStyle};
pub use sign_off::{Signature, sign_off};
pub use table::{Cell, Heading, Kind, Table, Term};
pub use tables::{Verdict, exposure_by_currency, verdicts, waived_by_currency};
pub use verify::{NoReport, SIGN_OFF_FILE, Verified, verify};

/// Version of the column order of the pack; it rises when a column is added, moved or renamed.
pub const PACK_VERSION: u32 = 2;

/// One night's result, complete and in its final order.
#[derive(Clone, Debug)]
pub struct Report {
    pub head: ReportHead,
    pub control_totals: Vec<ControlTotal>,
    /// By benefit, payer and currency.
    pub balances: Vec<BalanceTotal>,
    /// How much each rule compared, in the order of the codes.
    pub coverage: Vec<Coverage>,
    /// How old the services' answers were.
    pub evidence: Vec<EvidenceAge>,
    /// By severity, then by exposure, whatever its direction and currency; then as [`Finding`] orders.
    pub exceptions: Vec<Exception>,
    /// What the exceptions have in common.
    pub groups: Vec<FindingGroup>,
    /// What a person accepts for a time, in the order of the exceptions. It is no exception, and in the totals.
    pub waived: Vec<Waived>,
    /// Ids of the findings that were waived the night before, and so no exceptions then.
    pub waived_before: BTreeSet<String>,
    /// Findings open last night that tonight's complete evidence no longer shows.
    pub cleared: Vec<Cleared>,
    pub corrections: Vec<PlannedCorrection>,
    pub rejects: Vec<Reject>,
    pub out_of_scope: Vec<SetAside>,
    pub unverified: Vec<SetAside>,
    /// What stopped the queue, in sentences; empty when nothing did.
    pub guards: Vec<String>,
    /// Earlier nights that are remembered, oldest first.
    pub nights: Vec<PastNight>,
    pub names: ShownNames,
    /// What stands behind the first exceptions, by finding id; empty where nothing shows it.
    pub behind: BTreeMap<String, Behind>,
}

/// An earlier night in figures.
#[derive(Clone, Debug)]
pub struct PastNight {
    pub as_of: NaiveDate,
    pub findings: u64,
}

/// What was run, on what, and how it went.
#[derive(Clone, Debug)]
pub struct ReportHead {
    pub job: String,
    pub run_id: String,
    pub as_of: NaiveDate,
    pub dry_run: bool,
    pub version: String,
    pub period_start: NaiveDate,
    pub period_end: NaiveDate,
    pub cutoff: NaiveDate,
    pub snapshot: String,
    pub snapshot_taken_at: String,
    /// Every source was read in full.
    pub complete: bool,
    /// Lines that could not be judged for a reason that the job can mend.
    pub mendable: u64,
    pub inputs: Vec<InputFile>,
    /// The payroll file by name, and what makes it unlike a fresh one.
    pub payroll_file: String,
    /// Rows by source and where they ended: `payroll rows read`, `payroll rows rejected`, `employees verified` …, in
    /// the order to show.
    pub counts: Vec<(String, u64)>,
    /// CT10: each source's rows in = the sum of where they ended.
    pub dispositions: Vec<Disposition>,
    /// Of Benifex.
    pub calls: CallStatistics,
    /// `None`: the job has no Oyster, or nobody was asked tonight.
    pub oyster: Option<OysterStatistics>,
    /// Hash of the newest entry of the audit chain before tonight's proposals; kept here, a rebuilt chain is noticed.
    pub audit_head: Option<String>,
    pub csv: CsvFormat,
    pub formats: Formats,
    /// Tolerances and materiality as shown to the reader.
    pub policy: Vec<(String, String)>,
}

/// A finding with its history.
#[derive(Clone, Debug)]
pub struct Exception {
    /// The same from night to night: from job, code, employee, benefit and field.
    pub id: String,
    pub finding: Finding,
    pub status: Status,
    pub first_seen: NaiveDate,
    pub nights_open: u32,
    /// Sum over the payroll periods in which the finding was seen; counts of 1/10,000.
    pub exposure_to_date: Option<(i128, Currency)>,
    /// What of it earlier nights saw in other periods than tonight's; 0 where it is a balance of the ledger.
    pub exposure_earlier: i128,
    pub periods_open: u32,
    /// The group of findings with one cause that it belongs to; blank where it stands alone.
    pub group_id: String,
    /// Correction that it led to, or why none could be derived; blank where no correction could come of this code.
    pub correction: String,
    /// The newest note, with the newest assignee and due day.
    pub note: Option<Note>,
}

/// A finding that is no exception tonight, for a person accepts it.
#[derive(Clone, Debug)]
pub struct Waived {
    pub exception: Exception,
    pub waiver: Waiver,
}

/// A correction and what becomes of it in the queue.
#[derive(Clone, Debug)]
pub struct PlannedCorrection {
    pub correction: Correction,
    /// `propose`, `supersede`, `already queued`, `withdraw`, `stopped by a guard`.
    pub disposition: String,
    /// SHA-256 of payload and evidence, hex.
    pub payload_hash: String,
}

/// One file of the pack.
#[derive(Clone, Debug)]
pub struct PackFile {
    pub name: Cow<'static, str>,
    pub bytes: Vec<u8>,
    /// Of `bytes`, lower-case hex; blank for `run.json`, which nothing names.
    pub sha256: String,
    /// Data rows; absent for files that are no tables.
    pub rows: Option<u64>,
}

/// A file of the pack that is on the disk already, as `run.json` lists it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct WrittenFile {
    /// Within the pack; a table of the proof stands in a folder of it.
    pub name: String,
    pub rows: Option<u64>,
    /// Hex.
    pub sha256: String,
}

impl From<&PackFile> for WrittenFile {
    fn from(file: &PackFile) -> WrittenFile {
        WrittenFile { name: file.name.to_string(), rows: file.rows, sha256: file.sha256.clone() }
    }
}

/// Every file of the pack but those of [`not_judged`] and the tables of the proof, which are `written` already;
/// `run.json` last because it holds the hashes of all others.
pub fn render(report: &Report, written: &[WrittenFile]) -> anyhow::Result<Vec<PackFile>> {
    let ReportHead { csv, formats, .. } = report.head;
    let (workbook, (page, files)) = rayon::join(
        || formats.workbook.then(|| workbook::file(report)).transpose(),
        || {
            let page = || formats.page.then(|| page::file(report)).transpose();
            rayon::join(page, || csv_files(&tables::judged(report), csv))
        },
    );
    let mut files = files?;
    files.extend([page?, workbook?].into_iter().flatten());
    let listed: Vec<WrittenFile> = files.iter().map(WrittenFile::from).chain(written.iter().cloned()).collect();
    files.push(run_json::file(report, &listed)?);
    Ok(files)
}

/// The page alone.
pub fn page(report: &Report) -> anyhow::Result<PackFile> {
    page::file(report)
}

/// The workbook alone.
pub fn workbook(report: &Report) -> anyhow::Result<PackFile> {
    workbook::file(report)
}

/// The lists of what was not judged, in their order. They need no history and no plan: they can be rendered beside
/// those.
pub fn not_judged(
    rejects: &[Reject],
    out_of_scope: &[SetAside],
    unverified: &[SetAside],
    names: &ShownNames,
    format: CsvFormat,
) -> anyhow::Result<Vec<PackFile>> {
    csv_files(&tables::not_judged(rejects, out_of_scope, unverified, names), format)
}

/// `rejects.csv` alone: of a payroll file that was refused.
pub fn rejects_file(rejects: &[Reject], format: CsvFormat) -> anyhow::Result<PackFile> {
    csv::file(&tables::rejects(rejects), format)
}

fn csv_files(tables: &[Table<'_>], format: CsvFormat) -> anyhow::Result<Vec<PackFile>> {
    tables.par_iter().map(|table| csv::file(table, format)).collect()
}
