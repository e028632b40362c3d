//! A snapshot from a world's recorded answers instead of calls: the same conversion, the same outcomes. A world is
//! complete: an id without a user in it is not found. Lines are read once, in any order, and sorted as columns.

use std::collections::HashMap;
use std::path::Path;

use anyhow::Context as _;
use chrono::{DateTime, NaiveDate, Utc};
use polars::prelude::*;

use crate::deducted::DeductedEngagements;
use crate::snapshot::build::{GONE, SEVERAL_USERS, part_reason};
use crate::snapshot::lines::each_line;
use crate::snapshot::linked::linked;
use crate::snapshot::schema::{BenefitRow, BenefitsBuilder, PopulationBuilder, PopulationRow, UserRow, UsersBuilder};
use crate::snapshot::seal::{Origin, SnapshotHead, Tables, seal};
use crate::snapshot::{Outcome, OysterSnapshot, Snapshot, oyster};
use tieout_model::ids::BenifexUserId;
use tieout_payroll::crosswalk::Crosswalk;
use tieout_services::ApiError;
use tieout_services::benifex::recorded::{RecordedBenefits, RecordedUser};
use tieout_services::benifex::{Dates, recorded};
use tieout_services::settings;

/// What to import and as what.
#[derive(Clone, Copy, Debug)]
pub struct Import<'a> {
    /// Folder with `benifex/users.ndjson` and `benifex/benefits.ndjson`, of a job with Oyster also `oyster/*.ndjson`.
    pub world: &'a Path,
    pub settings: &'a settings::BenifexAccess,
    pub oyster: Option<&'a settings::OysterAccess>,
    /// Engagements whose enrollments are looked up where the list shows none, as a night reads them.
    pub charged: &'a DeductedEngagements,
    /// Employee ids to look for beside those in the world: payroll, roster, crosswalk.
    pub population: &'a [String],
    /// By which people are linked to Benbase.
    pub crosswalk: &'a Crosswalk,
    pub fold_id_case: bool,
    pub as_of: NaiveDate,
    pub taken_at: DateTime<Utc>,
}

/// Reads the world and seals it in `state`. Errors name the file and line that is not as a world has it.
pub fn import_world(import: &Import<'_>, state: &Path) -> anyhow::Result<Snapshot> {
    let taken_us = import.taken_at.timestamp_micros();
    let users = read_users(import, taken_us)?;
    let mut population = Population::new(import, &users.known)?;
    let benefits = read_benefits(import, &users.known, &mut population, taken_us)?;
    let tables = Tables {
        users: population.sort_users(users)?,
        benefits: population.sort_benefits(benefits)?,
        population: linked(population.table(taken_us)?, import.crosswalk)?,
        oyster: import.oyster.map(|settings| oyster_tables(import, settings)).transpose()?,
    };
    let head = SnapshotHead { taken_at: import.taken_at, as_of: import.as_of, source: Origin::World };
    seal(state, head, tables)
}

fn oyster_tables(import: &Import<'_>, settings: &settings::OysterAccess) -> anyhow::Result<OysterSnapshot> {
    oyster::import(import.world, settings, import.charged, import.taken_at)
}

/// A user of the world, record aside.
struct Known {
    user_id: BenifexUserId,
    employee_id: String,
    /// `Err`: reading the user gives no record, and why.
    row: Result<u32, String>,
}

/// Users in the order of the file.
struct Users {
    known: Vec<Known>,
    table: UsersBuilder,
}

fn read_users(import: &Import<'_>, taken_us: i64) -> anyhow::Result<Users> {
    let mut users = Users { known: Vec::new(), table: UsersBuilder::new(0) };
    let mut rows = 0;
    let path = import.world.join("benifex/users.ndjson");
    let parse = |line: &[u8]| recorded::user(line, &import.settings.placeholder_dates);
    each_line(&path, parse, |RecordedUser { user_id, employee_id, record }| {
        // Without an employee id no list can name the user.
        let Some(employee_id) = employee_id else { return Ok(()) };
        let row = match record {
            Ok(record) => {
                users.table.push(&UserRow { emp: rows, user: &record, fetched_us: taken_us });
                rows += 1;
                Ok(rows - 1)
            }
            Err(ApiError::Gone { .. }) => Err(part_reason("user", GONE)),
            Err(error) => Err(part_reason("user", error)),
        };
        let employee_id = if import.fold_id_case { employee_id.to_uppercase() } else { employee_id };
        users.known.push(Known { user_id, employee_id, row });
        Ok(())
    })?;
    Ok(users)
}

/// Benefits in the order of the file, with the employee and key of each row.
struct Benefits {
    table: BenefitsBuilder,
    keys: Vec<(u32, u32)>,
    names: Vec<String>,
}

fn read_benefits(
    import: &Import<'_>,
    known: &[Known],
    population: &mut Population,
    taken_us: i64,
) -> anyhow::Result<Benefits> {
    let employee_of: HashMap<&str, u32> = population.employees_of(known).collect();
    let mut seen = vec![false; population.employees.len()];
    let mut benefits = Benefits { table: BenefitsBuilder::new(0), keys: Vec::new(), names: Vec::new() };
    let mut name_of: HashMap<String, u32> = HashMap::new();
    let path = import.world.join("benifex/benefits.ndjson");
    let dates = Dates { layouts: &import.settings.date_layouts, placeholders: &import.settings.placeholder_dates };
    let parse = |line: &[u8]| recorded::benefits(line, &dates);
    each_line(&path, parse, |RecordedBenefits { user_id, benefits: read }| {
        let Some(&emp) = employee_of.get(user_id.as_str()) else { return Ok(()) };
        anyhow::ensure!(!std::mem::replace(&mut seen[emp as usize], true), "an earlier line is about the same user");
        let records = match read {
            Ok(records) => records,
            Err(error) => {
                population.employees[emp as usize].fault = Some(part_reason("benefits", error));
                return Ok(());
            }
        };
        for record in &records {
            let name = *name_of.entry(record.benefit.clone()).or_insert_with_key(|name| {
                benefits.names.push(name.clone());
                (benefits.names.len() - 1) as u32
            });
            benefits.table.push(&BenefitRow { emp, benefit: record, fetched_us: taken_us });
            benefits.keys.push((emp, name));
        }
        Ok(())
    })?;
    Ok(benefits)
}

/// Everybody, sorted by id; the place in the list is the employee's number.
struct Population {
    employees: Vec<Employee>,
}

struct Employee {
    id: String,
    /// Row in the users as read.
    row: Option<u32>,
    /// Place in the known users.
    known: Option<usize>,
    fault: Option<String>,
}

impl Population {
    fn new(import: &Import<'_>, known: &[Known]) -> anyhow::Result<Population> {
        let mut named: Vec<(&str, Option<usize>)> =
            known.iter().enumerate().map(|(at, user)| (user.employee_id.as_str(), Some(at))).collect();
        named.extend(import.population.iter().map(|id| (id.trim(), None)).filter(|(id, _)| !id.is_empty()));
        named.sort_unstable();
        u32::try_from(named.len()).context("a snapshot holds at most 4,294,967,295 employees")?;
        let of_one = |named: &[(&str, Option<usize>)]| {
            let mut users = named.iter().filter_map(|(_, at)| *at);
            let first = users.next();
            let (row, fault) = match first.map(|at| &known[at].row) {
                Some(_) if users.next().is_some() => (None, Some(SEVERAL_USERS.to_owned())),
                Some(Ok(row)) => (Some(*row), None),
                Some(Err(reason)) => (None, Some(reason.clone())),
                None => (None, None),
            };
            Employee { id: named[0].0.to_owned(), row, known: first, fault }
        };
        Ok(Population { employees: named.chunk_by(|a, b| a.0 == b.0).map(of_one).collect() })
    }

    /// User id → employee, for those whose benefits are looked at.
    fn employees_of<'a>(&self, known: &'a [Known]) -> impl Iterator<Item = (&'a str, u32)> {
        let asked = (0..).zip(&self.employees).filter(|(_, employee)| employee.row.is_some());
        asked.filter_map(|(emp, employee)| employee.known.map(|at| (known[at].user_id.as_str(), emp)))
    }

    fn is_found(&self, emp: u32) -> bool {
        let employee = &self.employees[emp as usize];
        employee.row.is_some() && employee.fault.is_none()
    }

    fn sort_users(&self, users: Users) -> anyhow::Result<DataFrame> {
        let found: Vec<u32> = (0..self.employees.len() as u32).filter(|emp| self.is_found(*emp)).collect();
        let rows = found.iter().filter_map(|emp| self.employees[*emp as usize].row).collect();
        let mut frame = gather(users.table.finish()?, rows)?;
        frame.with_column(Column::new("emp".into(), found))?;
        Ok(frame)
    }

    fn sort_benefits(&self, benefits: Benefits) -> anyhow::Result<DataFrame> {
        let Benefits { table, keys, names } = benefits;
        let mut rows: Vec<u32> = (0..keys.len() as u32).filter(|row| self.is_found(keys[*row as usize].0)).collect();
        // Stable: a benefit that stands there twice keeps the order of the answer.
        rows.sort_by(|a, b| {
            let ((emp_a, name_a), (emp_b, name_b)) = (keys[*a as usize], keys[*b as usize]);
            emp_a.cmp(&emp_b).then_with(|| names[name_a as usize].cmp(&names[name_b as usize]))
        });
        gather(table.finish()?, rows)
    }

    fn table(&self, taken_us: i64) -> PolarsResult<DataFrame> {
        let mut table = PopulationBuilder::new(self.employees.len());
        for (emp, employee) in (0..).zip(&self.employees) {
            let outcome = match (&employee.fault, employee.row) {
                (Some(_), _) => Outcome::Unverified,
                (None, Some(_)) => Outcome::Found,
                (None, None) => Outcome::NotFound,
            };
            table.push(&PopulationRow {
                emp,
                employee_id: &employee.id,
                outcome,
                reason: employee.fault.as_deref(),
                batch_inconsistent: false,
                fetched_us: Some(taken_us),
                benbase_id: None,
            });
        }
        table.finish()
    }
}

/// The rows in the order given; as it is when that is the order it has.
fn gather(frame: DataFrame, rows: Vec<u32>) -> anyhow::Result<DataFrame> {
    if rows.len() == frame.height() && rows.is_sorted() {
        return Ok(frame);
    }
    Ok(frame.take(&IdxCa::from_vec("row".into(), rows))?)
}
