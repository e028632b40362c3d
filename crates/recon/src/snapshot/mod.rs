//! The sealed snapshot: what the services answered in one night, as typed Parquet tables in one folder, immutable and
//! hashed. One folder a snapshot, `<state>/snapshots/<id>/`, with `population.parquet`, `users.parquet`,
//! `benefits.parquet` and `snapshot.json` (id, taken_at, as_of, source, complete, tables with rows and SHA-256). Of a
//! job with Oyster also `engagements.parquet` and `enrollments.parquet`.

pub(crate) mod answered;
mod build;
mod import;
mod lines;
mod linked;
mod open;
mod oyster;
mod parquet;
mod schema;
mod seal;
#[cfg(any(test, feature = "testing"))]
pub mod testing;
#[cfg(test)]
mod tests;

pub use answered::Answered;
pub use build::{Builder, PersonAnswers};
pub use build::{GONE, NOT_FOUND, SEVERAL_USERS, part_reason};
pub use import::{Import, import_world};
pub use linked::linked;
pub use open::{
    BenefitColumns, Damaged, Listed, OLDER_MAX, SNAPSHOTS_MAX, has_any, kept_oyster, list, newest, newest_on_or_before,
    newest_oyster, older, open, open_oyster, open_without, people_of, retain,
};
pub use oyster::{
    Detail, ENGAGEMENTS, ENROLLMENTS, Engagement, Engagements, Enrollments, Kept, OysterSnapshot, SightedState,
};
pub use oyster::{ENGAGEMENT_GONE, ENGAGEMENT_NOT_FOUND, wants_provisioning};
pub use schema::{BENEFITS, Benefits, POPULATION, Population, USERS, Users};
pub use seal::{Origin, SnapshotHead, Tables, prepare, seal};

use chrono::{DateTime, NaiveDate, Utc};
use polars::prelude::{Column, DataFrame, DataType};
use rayon::prelude::*;
use tieout_model::zone::Zone;

/// A sealed snapshot, open: its description and its tables.
#[derive(Clone, Debug)]
pub struct Snapshot {
    /// Day and begin of the hash; the name of its folder.
    pub id: String,
    pub taken_at: DateTime<Utc>,
    /// The day that it speaks of.
    pub as_of: NaiveDate,
    pub source: Origin,
    /// Nobody is unverified, no engagement either, and the list of engagements is whole.
    pub complete: bool,
    /// Columns: [`Population`].
    pub population: DataFrame,
    /// Columns: [`Users`].
    pub users: DataFrame,
    /// Columns: [`Benefits`].
    pub benefits: DataFrame,
    /// `None`: Oyster was not asked.
    pub oyster: Option<OysterSnapshot>,
    /// Over the description and the hashes of the tables, lower-case hex.
    pub sha256: String,
}

impl Snapshot {
    /// The first day of which it is evidence, days being those of `zone`: never one before it was taken.
    pub fn known_on(&self, zone: &Zone) -> NaiveDate {
        open::evidence_day(self.source, self.as_of, self.taken_at, zone)
    }

    fn new(description: &seal::Description, tables: Tables) -> Snapshot {
        let Tables { population, users, benefits, oyster } = tables;
        Snapshot {
            id: description.id.clone(),
            taken_at: description.taken_at,
            as_of: description.as_of,
            source: description.source,
            complete: description.complete,
            population,
            users,
            benefits,
            oyster,
            sha256: description.sha256.clone(),
        }
    }

    /// Makes one piece of each column that is looked up row by row: ids, amounts and dates. The more pieces, the longer
    /// a look-up takes. The users' texts stay as they are: few are looked up, and they are most of the table.
    pub fn join_pieces(&mut self) {
        self.population.rechunk_mut();
        let whole =
            |column: &Column| if *column.dtype() == DataType::String { column.clone() } else { column.rechunk() };
        let columns = self.users.columns().par_iter().map(whole).collect();
        self.users = DataFrame::new(self.users.height(), columns).expect("they were the columns of a frame before");
    }

    /// Everybody whom the services were asked for, sorted.
    pub fn employee_ids(&self) -> anyhow::Result<impl Iterator<Item = &str>> {
        Ok(POPULATION.employee_id.of(&self.population)?.iter().flatten())
    }
}

/// What became of one employee id that the service was asked for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Outcome {
    /// User and benefits were fetched.
    Found,
    /// A complete, consistent answer without this id.
    NotFound,
    /// Not fetched, not readable, several users for one id, or an inconsistent page walk: judged by nobody.
    Unverified,
}

impl Outcome {
    /// As the `outcome` column holds it.
    pub fn name(self) -> &'static str {
        match self {
            Outcome::Found => "found",
            Outcome::NotFound => "not_found",
            Outcome::Unverified => "unverified",
        }
    }
}
