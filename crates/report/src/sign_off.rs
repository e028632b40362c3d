//! A signature: who answers for which totals of which files. It stands in the folder of the report that it is about.

use std::fs::{self, File, OpenOptions};
use std::io::{ErrorKind, Write as _};
use std::os::unix::fs::OpenOptionsExt as _;
use std::path::Path;

use anyhow::Context as _;
use serde::{Deserialize, Serialize};
use serde_json::Value;

use tieout_model::hash::{sha256_hex, sha256_hex_of};
use tieout_private::FILE_MODE;

use super::verify::{Listed, RUN, SIGN_OFF_FILE, Verified};

/// What of run.json is signed beside the files.
const TOTALS: [&str; 9] =
    ["job", "as_of", "run_id", "mode", "verdict", "control_totals", "exposure_to_date", "findings", "waived"];

/// A signature as it is written.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Signature {
    pub by: String,
    /// RFC 3339, UTC.
    pub at: String,
    /// Whoever typed it, as the machine knows them.
    pub operator: String,
    #[serde(default)]
    pub note: String,
    /// The figures of run.json that are signed for.
    pub signed_for: serde_json::Map<String, Value>,
    /// Every file of the report, run.json among them.
    pub files: Vec<Listed>,
    /// Of the signature's own file, hex.
    #[serde(skip)]
    pub sha256: String,
}

impl Signature {
    /// The signature in a folder; `None`: nobody signed.
    pub(crate) fn read(folder: &Path) -> anyhow::Result<Option<Signature>> {
        let path = folder.join(SIGN_OFF_FILE);
        let bytes = match fs::read(&path) {
            Ok(bytes) => bytes,
            Err(error) if error.kind() == ErrorKind::NotFound => return Ok(None),
            Err(error) => return Err(error).with_context(|| format!("read {}", path.display())),
        };
        let signature: Signature =
            serde_json::from_slice(&bytes).with_context(|| format!("{} is no signature", path.display()))?;
        Ok(Some(Signature { sha256: sha256_hex(&bytes), ..signature }))
    }
}

/// Signs a report that was verified: writes the signature into its folder. Errors: it is signed already, or the folder
/// can't be written.
pub fn sign_off(folder: &Path, verified: &Verified, [by, at, operator, note]: [&str; 4]) -> anyhow::Result<Signature> {
    let path = folder.join(RUN);
    let run = fs::read(&path).with_context(|| format!("read {}", path.display()))?;
    let totals: serde_json::Map<String, Value> =
        serde_json::from_slice(&run).with_context(|| format!("read {}", path.display()))?;
    let whole = verified.whole.iter().map(|name| -> anyhow::Result<Listed> {
        let file = File::open(folder.join(name)).with_context(|| format!("read {name}"))?;
        Ok(Listed { name: name.clone(), sha256: sha256_hex_of(file).with_context(|| format!("read {name}"))? })
    });
    let mut files = whole.collect::<Result<Vec<_>, _>>()?;
    files.push(Listed { name: RUN.to_owned(), sha256: sha256_hex(&run) });
    let signature = Signature {
        by: by.to_owned(),
        at: at.to_owned(),
        operator: operator.to_owned(),
        note: note.to_owned(),
        signed_for: totals.into_iter().filter(|(key, _)| TOTALS.contains(&key.as_str())).collect(),
        files,
        sha256: String::new(),
    };
    let mut bytes = serde_json::to_vec_pretty(&signature)?;
    bytes.push(b'\n');
    write(folder, &bytes)?;
    Ok(Signature { sha256: sha256_hex(&bytes), ..signature })
}

fn write(folder: &Path, bytes: &[u8]) -> anyhow::Result<()> {
    let path = folder.join(SIGN_OFF_FILE);
    let attempt = || -> std::io::Result<()> {
        let mut file = OpenOptions::new().write(true).create_new(true).mode(FILE_MODE).open(&path)?;
        file.write_all(bytes)?;
        file.sync_all()?;
        File::open(folder)?.sync_all()
    };
    attempt().with_context(|| format!("writing {}", path.display()))
}
