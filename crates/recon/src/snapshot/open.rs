//! Finding, checking and opening sealed snapshots, and letting go of the oldest.

use std::collections::{BTreeMap, BTreeSet};
use std::fs;
use std::io;
use std::path::{Path, PathBuf};

use anyhow::Context as _;
use chrono::{DateTime, NaiveDate, Utc};
use polars::prelude::{Column, DataFrame};
use serde::Serialize;

use crate::snapshot::seal::{
    DESCRIPTION_FILE, Description, OYSTER_TABLES, Origin, SNAPSHOTS_DIR, TABLES, Tables, table_path,
};
use crate::snapshot::{
    Benefits, Engagements, Enrollments, Kept, OysterSnapshot, POPULATION, Population, Snapshot, USERS, Users, parquet,
};
use tieout_model::hash::sha256_hex;
use tieout_model::zone::Zone;

/// Nights that details may be taken over from: an outage of a week makes no night read everything again.
const KEPT_NIGHTS_MAX: usize = 8;

/// Snapshots kept by [`retain`]: a year of nights and a margin.
pub const SNAPSHOTS_MAX: usize = 400;

/// Older snapshots that are asked for what was before: two months of nights.
pub const OLDER_MAX: usize = 60;

/// A sealed snapshot is not what was sealed. A command exits 7.
#[derive(Debug, thiserror::Error)]
#[error(
    "the snapshot {dir} is damaged: {part}: {problem}; restore the folder from a backup, or remove it and extract or \
     import again"
)]
pub struct Damaged {
    pub dir: PathBuf,
    /// `table users`, `snapshot.json`.
    pub part: String,
    pub problem: String,
}

/// A sealed snapshot as its description tells, tables unread.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Listed {
    pub id: String,
    pub as_of: NaiveDate,
    pub taken_at: DateTime<Utc>,
    pub source: Origin,
    pub complete: bool,
    pub employees: usize,
    pub users: usize,
    pub benefits: usize,
    /// `None`: taken without Oyster.
    pub engagements: Option<usize>,
    pub enrollments: Option<usize>,
    #[serde(skip)]
    pub dir: PathBuf,
}

/// Opens the snapshot in `dir`. With `verify` each table's bytes are checked against the sealed hash. Errors:
/// [`Damaged`].
pub fn open(dir: &Path, verify: bool) -> anyhow::Result<Snapshot> {
    Ok(open_parts(dir, &[], &[], verify)?.0)
}

/// Opens and checks the snapshot in `dir`; its users and benefits come without the columns named, and those of the
/// benefits can be asked for one by one. Errors: [`Damaged`].
pub fn open_without(dir: &Path, of_users: &[&str], of_benefits: &[&str]) -> anyhow::Result<(Snapshot, BenefitColumns)> {
    open_parts(dir, of_users, of_benefits, true)
}

/// Whether the snapshot in `dir` asked for any of these employees; its large tables are not read. Errors: [`Damaged`].
pub fn has_any(dir: &Path, employee_ids: &BTreeSet<&str>) -> anyhow::Result<bool> {
    let population = read_table(dir, &describe(dir)?, "population", Population::NAMES, &[], true)?;
    let ids = POPULATION.employee_id.of(&population)?;
    Ok(ids.iter().flatten().any(|id| employee_ids.contains(id)))
}

/// Population and users of a snapshot; `None`: it was let go of. The users have what tells them apart, and where they
/// are. Errors: [`Damaged`].
pub fn people_of(state: &Path, id: &str) -> anyhow::Result<Option<(DataFrame, DataFrame)>> {
    let dir = state.join(SNAPSHOTS_DIR).join(id);
    if !dir.exists() {
        return Ok(None);
    }
    let description = describe(&dir)?;
    let table = |name, columns, left_out: &[&str]| read_table(&dir, &description, name, columns, left_out, true);
    let told_apart = [USERS.first_name.name, USERS.last_name.name, USERS.dob.name, USERS.start_date.name];
    let place = [USERS.emp.name, USERS.pay_group.name, USERS.legal_employer.name, USERS.leave_date.name];
    let others = Users::NAMES.iter().copied().filter(|name| !told_apart.contains(name) && !place.contains(name));
    let others: Vec<&str> = others.collect();
    let mut people = (table("population", Population::NAMES, &[])?, table("users", Users::NAMES, &others)?);
    people.0.rechunk_mut();
    people.1.rechunk_mut();
    Ok(Some(people))
}

/// The table of benefits in its file's form, checked: all its columns at once would be most of a large night's memory.
#[derive(Debug)]
pub struct BenefitColumns {
    dir: PathBuf,
    bytes: Vec<u8>,
}

impl BenefitColumns {
    /// One column. Errors: [`Damaged`].
    pub fn column(&self, name: &str) -> anyhow::Result<Column> {
        let others: Vec<&str> = Benefits::NAMES.iter().copied().filter(|other| *other != name).collect();
        let read = parquet::parse(&self.bytes, Benefits::NAMES, &others).and_then(|mut one| one.drop_in_place(name));
        Ok(read.map_err(|error| damaged(&self.dir, "table benefits", error.to_string()))?)
    }
}

fn open_parts(
    dir: &Path,
    not_of_users: &[&str],
    not_of_benefits: &[&str],
    verify: bool,
) -> anyhow::Result<(Snapshot, BenefitColumns)> {
    let description = describe(dir)?;
    let table = |name, columns, left_out| read_table(dir, &description, name, columns, left_out, verify);
    let population = table("population", Population::NAMES, &[])?;
    let users = table("users", Users::NAMES, not_of_users)?;
    let oyster = read_oyster(dir, &description, verify)?;
    let bytes = load(dir, &description, "benefits", verify)?;
    let benefits = parse_table(dir, &description, "benefits", &bytes, Benefits::NAMES, not_of_benefits)?;
    let tables = Tables { population, users, benefits, oyster };
    Ok((Snapshot::new(&description, tables), BenefitColumns { dir: dir.to_owned(), bytes }))
}

/// Oyster's tables of the newest snapshot that has them; `None` without one.
pub fn newest_oyster(state: &Path) -> anyhow::Result<Option<OysterSnapshot>> {
    let newest = list(state)?.into_iter().rev().find(|listed| listed.engagements.is_some());
    newest.map_or(Ok(None), |listed| open_oyster(&listed.dir))
}

/// What a night need not read again, of each engagement from the newest night that read it: a night whose list failed,
/// or that could not read an engagement, does not make the next one read what nothing has moved. Snapshots of calls
/// alone, back to the last one that is whole and at most `KEPT_NIGHTS_MAX`.
pub fn kept_oyster(state: &Path) -> anyhow::Result<BTreeMap<String, Kept>> {
    let extracted = |listed: &Listed| listed.engagements.is_some() && listed.source == Origin::Benifex;
    let mut found = BTreeSet::new();
    let mut kept = BTreeMap::new();
    for night in list(state)?.into_iter().rev().filter(extracted).take(KEPT_NIGHTS_MAX) {
        let Some(oyster) = open_oyster(&night.dir)? else { continue };
        // What a newer night found, without details too, is not what this one says.
        kept.extend(oyster.kept()?.into_iter().filter(|(id, _)| !found.contains(id)));
        found.extend(oyster.states()?.0);
        if oyster.complete()? {
            break;
        }
    }
    Ok(kept)
}

/// Opens and checks Oyster's tables of the snapshot in `dir`; `None` when it was taken without Oyster.
pub fn open_oyster(dir: &Path) -> anyhow::Result<Option<OysterSnapshot>> {
    read_oyster(dir, &describe(dir)?, true)
}

fn read_oyster(dir: &Path, description: &Description, verify: bool) -> anyhow::Result<Option<OysterSnapshot>> {
    let Some(about) = &description.oyster else { return Ok(None) };
    let table = |name, columns| read_table(dir, description, name, columns, &[], verify);
    let [engagements, enrollments] = OYSTER_TABLES;
    Ok(Some(OysterSnapshot {
        engagements: table(engagements, Engagements::NAMES)?,
        enrollments: table(enrollments, Enrollments::NAMES)?,
        list_fault: about.list_fault.clone(),
    }))
}

/// All snapshots of a state folder, oldest first: by the day that they speak of, then by when they were taken.
pub fn list(state: &Path) -> anyhow::Result<Vec<Listed>> {
    let snapshots = state.join(SNAPSHOTS_DIR);
    let entries = match fs::read_dir(&snapshots) {
        Err(error) if error.kind() == std::io::ErrorKind::NotFound => return Ok(Vec::new()),
        entries => entries.with_context(|| format!("read the folder {}", snapshots.display()))?,
    };
    let mut listed = Vec::new();
    for entry in entries {
        let entry = entry.with_context(|| format!("read the folder {}", snapshots.display()))?;
        let visible = !entry.file_name().to_string_lossy().starts_with('.');
        if visible && entry.file_type()?.is_dir() {
            listed.push(Listed::new(describe(&entry.path())?, entry.path()));
        }
    }
    listed.sort_by(|a, b| (a.as_of, a.taken_at, &a.id).cmp(&(b.as_of, b.taken_at, &b.id)));
    Ok(listed)
}

/// The newest snapshot, if there is one.
pub fn newest(state: &Path) -> anyhow::Result<Option<Listed>> {
    Ok(list(state)?.pop())
}

/// The newest snapshot that is evidence of `day` or an earlier one, days being those of `zone`.
pub fn newest_on_or_before(state: &Path, day: NaiveDate, zone: &Zone) -> anyhow::Result<Option<Listed>> {
    Ok(list(state)?.into_iter().rev().find(|listed| listed.known_on(zone) <= day))
}

/// Snapshots that were fetched before another one, newest first, as many as [`OLDER_MAX`]; days are those of `zone`.
pub fn older(state: &Path, than: &Snapshot, zone: &Zone) -> anyhow::Result<Vec<Listed>> {
    let mut listed = list(state)?;
    listed.retain(|listed| listed.id != than.id && listed.taken_at <= than.taken_at);
    listed.sort_by_key(|listed| std::cmp::Reverse((listed.known_on(zone), listed.taken_at)));
    listed.truncate(OLDER_MAX);
    Ok(listed)
}

/// The day of which a snapshot is evidence: what a service answered later is none of the earlier day that a night was
/// run for. Of recorded answers a person says of which day they are.
pub(super) fn evidence_day(source: Origin, as_of: NaiveDate, taken_at: DateTime<Utc>, zone: &Zone) -> NaiveDate {
    match source {
        Origin::Benifex => as_of.max(zone.date(taken_at)),
        Origin::World => as_of,
    }
}

/// Removes all but the newest `keep` snapshots; returns the ids of those removed.
pub fn retain(state: &Path, keep: usize) -> anyhow::Result<Vec<String>> {
    let mut listed = list(state)?;
    listed.truncate(listed.len().saturating_sub(keep));
    for old in &listed {
        fs::remove_dir_all(&old.dir).with_context(|| format!("remove the old snapshot {}", old.dir.display()))?;
        tracing::info!(snapshot = %old.id, keep, "removed an old snapshot");
    }
    Ok(listed.into_iter().map(|old| old.id).collect())
}

/// Checks the hashes without reading the tables.
pub(super) fn verify(dir: &Path) -> anyhow::Result<()> {
    let description = describe(dir)?;
    let oyster = if description.oyster.is_some() { &OYSTER_TABLES[..] } else { &[] };
    TABLES.iter().chain(oyster).try_for_each(|name| load(dir, &description, name, true).map(drop))
}

fn describe(dir: &Path) -> anyhow::Result<Description> {
    let bad = |problem: String| damaged(dir, DESCRIPTION_FILE, problem);
    let text = fs::read(dir.join(DESCRIPTION_FILE)).map_err(|error| unread(dir, DESCRIPTION_FILE, error))?;
    let description: Description = serde_json::from_slice(&text).map_err(|error| bad(error.to_string()))?;
    if (description.id.clone(), description.sha256.clone()) != description.identity() {
        return Err(bad("it was changed after it was sealed".into()).into());
    }
    Ok(description)
}

fn read_table(
    dir: &Path,
    description: &Description,
    name: &str,
    columns: &[&str],
    left_out: &[&str],
    verify: bool,
) -> anyhow::Result<DataFrame> {
    let bytes = load(dir, description, name, verify)?;
    parse_table(dir, description, name, &bytes, columns, left_out)
}

fn parse_table(
    dir: &Path,
    description: &Description,
    name: &str,
    bytes: &[u8],
    columns: &[&str],
    left_out: &[&str],
) -> anyhow::Result<DataFrame> {
    let bad = |problem: String| damaged(dir, &format!("table {name}"), problem);
    let frame = parquet::parse(bytes, columns, left_out).map_err(|error| bad(error.to_string()))?;
    let expected = description.tables.get(name).map_or(0, |table| table.rows);
    if frame.height() != expected {
        return Err(bad(format!("{expected} rows expected, {} there", frame.height())).into());
    }
    Ok(frame)
}

/// A table's file in one piece: the bytes that are hashed are the bytes that are used, and nonsense is never parsed.
fn load(dir: &Path, description: &Description, name: &str, verify: bool) -> anyhow::Result<Vec<u8>> {
    let part = format!("table {name}");
    let bytes = fs::read(table_path(dir, name)).map_err(|error| unread(dir, &part, error))?;
    if verify {
        let expected = description.tables.get(name).map_or("none", |table| table.sha256.as_str());
        let found = sha256_hex(&bytes);
        if expected != found {
            let problem = format!("its SHA-256 is {found}, sealed was {expected}");
            return Err(damaged(dir, &part, problem).into());
        }
    }
    Ok(bytes)
}

/// A file that is gone is damage; one that the machine does not give says nothing of the snapshot.
fn unread(dir: &Path, part: &str, error: io::Error) -> anyhow::Error {
    match error.kind() {
        io::ErrorKind::NotFound => damaged(dir, part, error.to_string()).into(),
        _ => anyhow::Error::new(error).context(format!("reading {part} of the snapshot {}", dir.display())),
    }
}

fn damaged(dir: &Path, part: &str, problem: String) -> Damaged {
    Damaged { dir: dir.to_owned(), part: part.to_owned(), problem }
}

impl Listed {
    /// The first day of which it is evidence: what was fetched later and carries an earlier day shows nothing of that
    /// day. Of recorded answers a person says which day they are of.
    pub fn known_on(&self, zone: &Zone) -> NaiveDate {
        evidence_day(self.source, self.as_of, self.taken_at, zone)
    }

    fn new(description: Description, dir: PathBuf) -> Listed {
        let known = |name: &str| description.tables.get(name).map(|table| table.rows);
        let rows = |name: &str| known(name).unwrap_or_default();
        Listed {
            as_of: description.as_of,
            taken_at: description.taken_at,
            source: description.source,
            complete: description.complete,
            employees: rows("population"),
            users: rows("users"),
            benefits: rows("benefits"),
            engagements: known("engagements"),
            enrollments: known("enrollments"),
            id: description.id,
            dir,
        }
    }
}
