//! A payroll export in, a job file out: each key with how sure it is, and why. The names that vendors give their
//! columns, codes and words are data (`data/`). Nothing is kept of a cell but counts, and words that are code words. No
//! files, no network, no clock.

mod cells;
mod certainty;
mod columns;
mod deductions;
mod hints;
mod job_file;
pub mod known;
mod merged;
mod pay;
mod proposal;
mod questions;
mod table;

use self::proposal::FileKind;
use self::table::decoded::Decoded;

pub use self::certainty::{Certainty, Proposed};
pub use self::columns::stated::check as check_stated;
pub use self::deductions::benefits::Target;
pub use self::hints::Hints;
pub use self::job_file::page::{JobFile, Note};
pub use self::job_file::{Services, Site, write};
pub use self::proposal::{NoProposal, Proposal, Shape};
pub use self::questions::{About, Question, answer, questions};

/// Bytes of a file that are looked at: the head of a large one says what it is.
pub const BYTES_MAX: usize = 64 << 20;

/// Looks at the bytes of an export, its head when it is larger than [`BYTES_MAX`]; those of a workbook as CSV.
pub fn propose(bytes: &[u8], hints: &Hints) -> Result<Proposal, NoProposal> {
    let Decoded { text, encoding } = table::decoded::decode(bytes);
    let delimiter = match hints.workbook {
        true => Proposed::sure(b',', "a sheet as CSV"),
        false => table::delimiter::find(&text),
    };
    let table = table::find(&text, &delimiter).ok_or(NoProposal::NoTable)?;
    let sheet = hints.sheet.clone().map(|sheet| Proposed::sure(sheet, "stated on the command line"));
    let file = match hints.workbook {
        true => FileKind::Workbook { sheet },
        false => FileKind::Text { encoding, delimiter },
    };
    proposal::of_table(file, table, hints)
}

/// The vendors whose layouts are known: the name for [`Hints::vendor`], and what their maker calls it.
pub fn vendors() -> impl Iterator<Item = (&'static str, &'static str)> {
    columns::vendors::all().iter().map(|(name, vendor)| (name.as_str(), vendor.title.as_str()))
}
