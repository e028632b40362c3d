//! What `tieout init` reads: the head of the export, and a folder of recorded answers.

use std::fs::{self, File};
use std::io::Read as _;
use std::path::{Path, PathBuf};

use anyhow::Context;
use flate2::read::MultiGzDecoder;

use crate::cli::InitArgs;
use tieout_payroll as payroll;
use tieout_payroll::settings::SheetChoice;
use tieout_propose::{BYTES_MAX, Hints, known};

/// The first bytes of gzip.
const GZIP: [u8; 2] = [0x1f, 0x8b];

/// The bytes that a proposal looks at.
pub struct Head {
    /// Unpacked, whole lines where the file is larger; of a workbook its sheet as CSV.
    pub bytes: Vec<u8>,
    pub workbook: bool,
    /// The stated sheet, where this file has it.
    pub sheet: Option<String>,
    /// Why it has not.
    lacks: Option<String>,
}

/// Heads of the files of one payroll. A stated sheet may be in some of them alone; a workbook without it is then read
/// by its only sheet. Errors: none has it.
pub fn heads(files: &[PathBuf], sheet: Option<&str>) -> anyhow::Result<Vec<Head>> {
    let heads = files.iter().map(|file| head(file, sheet)).collect::<anyhow::Result<Vec<Head>>>()?;
    if let Some(sheet) = sheet
        && heads.iter().all(|head| head.sheet.is_none())
    {
        let why = |(file, head): (&PathBuf, &Head)| Some(format!("{}: {}", file.display(), head.lacks.as_ref()?));
        let why: Vec<String> = files.iter().zip(&heads).filter_map(why).collect();
        anyhow::bail!("no file has a sheet `{sheet}`: {}", why.join("; "));
    }
    Ok(heads)
}

fn head(path: &Path, sheet: Option<&str>) -> anyhow::Result<Head> {
    let reading = || format!("reading the payroll export {}", path.display());
    let file = File::open(path).with_context(|| format!("opening the payroll export {}", path.display()))?;
    let mut bytes = Vec::new();
    let most = u64::try_from(BYTES_MAX).unwrap_or(u64::MAX);
    file.take(most).read_to_end(&mut bytes).with_context(reading)?;
    if payroll::is_workbook(&bytes) {
        anyhow::ensure!(
            bytes.len() < BYTES_MAX,
            "{} is larger than {BYTES_MAX} bytes: export it as CSV",
            path.display()
        );
        return of_workbook(bytes, sheet).map_err(anyhow::Error::msg).with_context(reading);
    }
    if bytes.starts_with(&GZIP) {
        let mut unpacked = Vec::new();
        MultiGzDecoder::new(bytes.as_slice()).take(most).read_to_end(&mut unpacked).with_context(reading)?;
        bytes = unpacked;
    }
    if let Some(other) = payroll::no_table(&bytes) {
        return Err(anyhow::Error::msg(other)).with_context(reading);
    }
    if bytes.len() == BYTES_MAX
        && let Some(end) = bytes.iter().rposition(|byte| *byte == b'\n')
    {
        bytes.truncate(end + 1);
    }
    Ok(Head { bytes, workbook: false, sheet: None, lacks: Some("it is no workbook".to_owned()) })
}

fn of_workbook(bytes: Vec<u8>, sheet: Option<&str>) -> Result<Head, String> {
    let head = |bytes, sheet, lacks| Head { bytes, workbook: true, sheet, lacks };
    let Some(name) = sheet else {
        let csv = payroll::sheet_as_csv(bytes, None).map_err(|why| why.replace("in `sheet`", "with --sheet"))?;
        return Ok(head(csv, None, None));
    };
    match payroll::sheet_as_csv(bytes.clone(), Some(&SheetChoice::Name(name.to_owned()))) {
        Ok(csv) => Ok(head(csv, Some(name.to_owned()), None)),
        // One of several sheets is chosen by name or not at all.
        Err(why) => match payroll::sheet_as_csv(bytes, None) {
            Ok(csv) => Ok(head(csv, None, Some(why))),
            Err(_) => Err(why),
        },
    }
}

/// What the command line and the world say beside the file.
pub fn hints(args: &InitArgs, file: &Path, head: &Head) -> anyhow::Result<Hints> {
    let known = match &args.world {
        Some(world) => known::of_world(&answers(world, "users.ndjson")?, &answers(world, "benefits.ndjson")?),
        None => known::Known::default(),
    };
    Ok(Hints {
        file_name: file.file_name().map(|name| name.to_string_lossy().into_owned()).unwrap_or_default(),
        workbook: head.workbook,
        sheet: head.sheet.clone(),
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
