//! Which column of the file is which field: by the vendor's use, by name, and by what the cells hold.

pub(super) mod code_groups;
pub(super) mod details;
pub(super) mod fields;
pub(super) mod names;
pub(super) mod profile;
pub(super) mod stated;
pub(super) mod vendors;

use std::collections::{BTreeMap, BTreeSet};

use crate::certainty::{Certainty, Proposed};
use crate::columns::fields::{Field, Means};
use crate::columns::names::words;
use crate::columns::profile::Profile;
use crate::columns::vendors::Vendor;
use crate::deductions::LONG_FIELDS;
use crate::known::Known;
use crate::table::Table;

/// Share of a column's ids that the services must know for the column to be the employee id beyond doubt, in per cent.
const KNOWN_IDS_PERCENT: usize = 50;

/// One employee in so many with several values makes a column one of lines.
const DIFFERING_ONE_IN: usize = 10;

/// Columns by the field that they were found to be; the number is their place in the file.
#[derive(Debug, Default)]
pub struct Columns {
    pub by_field: BTreeMap<String, Proposed<usize>>,
    /// Columns whose name means a field that their cells do not fit: place, field.
    pub unfit: Vec<(usize, String)>,
    /// Columns that are of a line and not of its employee: place, field.
    pub of_lines: Vec<(usize, String)>,
}

impl Columns {
    /// Takes away what differs from line to line of an employee: it is of the line and not of the employee, and rows
    /// that contradict each other are rejected. A few employees are a fault that the night tells.
    pub fn drop_of_lines(&mut self, table: &Table) {
        let Some(id) = self.at("employee_id") else { return };
        let of_employee = |field: &str| {
            field != "employee_id" && field != "record_type" && field != "run_type" && !LONG_FIELDS.contains(&field)
        };
        let places: Vec<(String, usize)> = self.by_field.iter().map(|(field, at)| (field.clone(), at.value)).collect();
        for (field, at) in places.into_iter().filter(|(field, _)| of_employee(field)) {
            let mut first: BTreeMap<&str, (&str, bool)> = BTreeMap::new();
            for row in &table.rows {
                let cell = |at: usize| row.get(at).unwrap_or_default().trim();
                let entry = first.entry(cell(id)).or_insert((cell(at), false));
                entry.1 |= entry.0 != cell(at);
            }
            let differing = first.values().filter(|(_, differs)| *differs).count();
            if differing * DIFFERING_ONE_IN >= first.len() && differing > 0 {
                self.by_field.remove(&field);
                self.of_lines.push((at, field));
            }
        }
    }

    /// Takes away what only its vague name says, where each row of an employee may have another: `Rate`, `Hours`.
    pub fn drop_vague(&mut self) {
        let is_vague = |(_, column): &(&String, &Proposed<usize>)| column.certainty <= Certainty::Asked;
        let vague: Vec<(usize, String)> =
            self.by_field.iter().filter(is_vague).map(|(field, at)| (at.value, field.clone())).collect();
        self.by_field.retain(|field, _| !vague.iter().any(|(_, vague)| vague == field));
        self.of_lines.extend(vague);
    }

    pub fn at(&self, field: &str) -> Option<usize> {
        self.by_field.get(field).map(|column| column.value)
    }

    pub fn taken(&self) -> BTreeSet<usize> {
        self.by_field.values().map(|column| column.value).collect()
    }
}

struct Candidate<'f> {
    field: &'f Field,
    at: usize,
    /// Smaller is better.
    rank: (u8, usize),
    proposed: Proposed<usize>,
}

/// Gives each field its best column, and each column one field. Columns of deduction lines are looked for in a `long`
/// file only.
pub fn find(
    table: &Table,
    profiles: &[Profile],
    vendor: Option<&Vendor>,
    known: &Known,
    stated: &BTreeMap<String, usize>,
    long: bool,
) -> Columns {
    let mut columns = Columns::default();
    let mut candidates = Vec::new();
    for (at, profile) in profiles.iter().enumerate() {
        let header = words(&table.headers[at]);
        for field in fields::all().iter().filter(|field| long || !LONG_FIELDS.contains(&field.key.as_str())) {
            let Some((rank, certainty, reason)) = named(field, &header, vendor) else { continue };
            // In a file with a column a deduction, a `Type` is anything.
            if !long && field.key == "record_type" && rank.0 > 2 {
                continue;
            }
            if field.key == "hours" && beyond_a_week(table, at) {
                continue;
            }
            match field.fits(profile) {
                true => candidates.push(candidate(field, at, rank, certainty, reason, profile)),
                false if rank.0 <= 1 => columns.unfit.push((at, field.key.clone())),
                false => {}
            }
        }
    }
    by_known_ids(table, profiles, known, &mut candidates);
    let all = stated.iter().filter_map(|(field, at)| {
        let field = fields::all().iter().find(|known| known.key == *field)?;
        Some(Candidate { field, at: *at, rank: (0, 0), proposed: Proposed::sure(*at, "stated on the command line") })
    });
    candidates.extend(all);
    candidates.sort_by_key(|candidate| (candidate.rank, candidate.at));
    for Candidate { field, at, proposed, .. } in candidates {
        if columns.by_field.contains_key(&field.key) || columns.taken().contains(&at) {
            continue;
        }
        columns.by_field.insert(field.key.clone(), proposed);
    }
    let taken = columns.taken();
    columns.unfit.retain(|(at, field)| !taken.contains(at) && !columns.by_field.contains_key(field));
    columns
}

/// Whether some cell is more hours than a week of work has: those of a pay run.
fn beyond_a_week(table: &Table, at: usize) -> bool {
    let whole = |cell: &str| cell.split(['.', ',']).next().and_then(|whole| whole.parse::<u32>().ok());
    table.column(at).filter_map(whole).any(|hours| hours > WEEK_HOURS_MAX)
}

/// Seven days of twelve hours.
const WEEK_HOURS_MAX: u32 = 84;

/// How a header names a field: rank, certainty and reason.
fn named(field: &Field, header: &[String], vendor: Option<&Vendor>) -> Option<((u8, usize), Certainty, String)> {
    if let Some(at) = vendor.and_then(|vendor| vendor.prefers(&field.key, header)) {
        let title = vendor.map_or("", |vendor| vendor.title.as_str());
        return Some(((1, at), Certainty::Sure, format!("{title} calls it so")));
    }
    let (means, at) = field.means(header)?;
    Some(match means {
        Means::Name => ((2, at), Certainty::Sure, "by its name".to_owned()),
        Means::Maybe => ((3, at), Certainty::Likely, "by a name that other things have too".to_owned()),
        Means::Part => ((4, at), Certainty::Likely, "a name of it is part of the header".to_owned()),
        Means::Doubtful => ((5, at), Certainty::Asked, "by a name that many things have".to_owned()),
    })
}

fn candidate<'f>(
    field: &'f Field,
    at: usize,
    rank: (u8, usize),
    certainty: Certainty,
    reason: String,
    profile: &Profile,
) -> Candidate<'f> {
    let empty = profile.is_empty();
    let certainty = if empty { certainty.min(Certainty::Likely) } else { certainty };
    let reason = if empty { reason + "; all its cells are blank" } else { reason };
    Candidate { field, at, rank, proposed: Proposed::new(at, certainty, reason) }
}

/// Ids that the services know prove the column, whatever it is called.
fn by_known_ids(table: &Table, profiles: &[Profile], known: &Known, candidates: &mut Vec<Candidate<'_>>) {
    let Some(field) = fields::all().iter().find(|field| field.key == "employee_id") else { return };
    if known.people.is_empty() {
        return;
    }
    for (at, profile) in profiles.iter().enumerate() {
        let ids: BTreeSet<&str> = table.column(at).map(crate::known::bare_id).filter(|id| !id.is_empty()).collect();
        let hits = ids.iter().filter(|id| known.people.contains_key(**id)).count();
        if profile.is_empty() || hits * 100 < ids.len() * KNOWN_IDS_PERCENT || hits == 0 {
            continue;
        }
        let reason = format!("the services know {hits} of its {} ids", ids.len());
        let rank = (0, ids.len() - hits);
        candidates.push(Candidate { field, at, rank, proposed: Proposed::sure(at, reason) });
    }
}
