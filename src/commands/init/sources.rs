//! What `tieout init` reads: the head of the export, and a folder of recorded answers.

use std::fs::{self, File};
use std::io::Read as _;
use std::path::Path;

use anyhow::Context;

use crate::cli::InitArgs;
use tieout_propose::{BYTES_MAX, Hints, known};

/// The bytes that a proposal looks at, whole lines where the file is larger.
pub fn head(path: &Path) -> anyhow::Result<Vec<u8>> {
    let file = File::open(path).with_context(|| format!("opening the payroll export {}", path.display()))?;
    let mut bytes = Vec::new();
    let most = u64::try_from(BYTES_MAX).unwrap_or(u64::MAX);
    file.take(most)
        .read_to_end(&mut bytes)
        .with_context(|| format!("reading the payroll export {}", path.display()))?;
    if bytes.len() == BYTES_MAX
        && let Some(end) = bytes.iter().rposition(|byte| *byte == b'\n')
    {
        bytes.truncate(end + 1);
    }
    Ok(bytes)
}

/// What the command line and the world say beside the file.
pub fn hints(args: &InitArgs) -> anyhow::Result<Hints> {
    let known = match &args.world {
        Some(world) => known::of_world(&answers(world, "users.ndjson")?, &answers(world, "benefits.ndjson")?),
        None => known::Known::default(),
    };
    Ok(Hints {
        file_name: args.file.file_name().map(|name| name.to_string_lossy().into_owned()).unwrap_or_default(),
        vendor: args.from.clone(),
        columns: args.column.iter().cloned().collect(),
        codes: args.code.iter().cloned().collect(),
        benefits: args.benefits.clone(),
        currency: args.currency.clone(),
        dates: args.dates.clone(),
        period: args.period,
        pay_date: args.pay_date,
        known,
    })
}

fn answers(world: &Path, name: &str) -> anyhow::Result<String> {
    let path = world.join("benifex").join(name);
    fs::read_to_string(&path).with_context(|| {
        let example = "as `tieout world generate` makes it";
        format!("reading {}: expected a folder of recorded answers, {example}", path.display())
    })
}
