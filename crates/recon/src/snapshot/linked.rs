//! What Benbase calls the people of a snapshot: the crosswalk may say something else on another night.

use polars::prelude::*;

use super::POPULATION;
use tieout_payroll::crosswalk::Crosswalk;

/// The population with the Benbase ids that the crosswalk gives.
pub fn linked(mut population: DataFrame, crosswalk: &Crosswalk) -> PolarsResult<DataFrame> {
    let mut next = 0;
    let of = |id: Option<&str>| crosswalk.rows.next(id?, &mut next).and_then(|linked| linked.benbase_id);
    let ids: StringChunked = POPULATION.employee_id.of(&population)?.iter().map(of).collect();
    population.with_column(ids.with_name(POPULATION.benbase_id.name.into()).into_column())?;
    Ok(population)
}
