//! Labels and currencies of a night as numbers, and its people beside them.

use polars::prelude::PolarsResult;
use rayon::join;

use crate::rules::Inputs;
use crate::rules::calendar::takers::Takers;
use crate::rules::lines::deducted::KindWords;
use crate::rules::lines::expected::Encoded;
use crate::rules::lines::labels::Catalog;
use crate::rules::people::People;

/// The numbers of labels and currencies, and the columns that they stand for.
pub(in crate::rules) struct Coded<'a> {
    pub(in crate::rules) catalog: Catalog<'a>,
    pub(in crate::rules) of_kinds: KindWords,
    pub(in crate::rules) encoded: Encoded,
}

pub(in crate::rules) fn coded_with_people<'a>(inputs: &'a Inputs<'a>) -> PolarsResult<(Coded<'a>, People<'a>)> {
    let (coded, people) = join(|| coded(inputs), || People::new(inputs));
    let (coded, mut people) = (coded?, people?);
    people.takers = Takers::new(inputs.payroll, &people, (&coded.of_kinds, &coded.catalog.labels))?;
    Ok((coded, people))
}

fn coded<'a>(inputs: &Inputs<'a>) -> PolarsResult<Coded<'a>> {
    let mut catalog = Catalog::new(inputs.job);
    let of_kinds = KindWords::new(inputs.payroll, &mut catalog)?;
    let encoded = Encoded::new(inputs.benefits, &mut catalog);
    Ok(Coded { catalog, of_kinds, encoded })
}
