//! Labels and currencies of a night as numbers, and its people beside them.

use polars::prelude::PolarsResult;
use rayon::join;

use crate::rules::Inputs;
use crate::rules::deducted::KindWords;
use crate::rules::expected::Encoded;
use crate::rules::labels::Labels;
use crate::rules::people::People;
use crate::rules::takers::Takers;

/// The numbers of labels and currencies, and the columns that they stand for.
pub(super) struct Coded<'a> {
    pub(super) words: Labels<'a>,
    pub(super) of_kinds: KindWords,
    pub(super) encoded: Encoded,
}

pub(super) fn coded_with_people<'a>(inputs: &'a Inputs<'a>) -> PolarsResult<(Coded<'a>, People<'a>)> {
    let (coded, people) = join(|| coded(inputs), || People::new(inputs));
    let (coded, mut people) = (coded?, people?);
    people.takers = Takers::new(inputs.payroll, &people, (&coded.of_kinds, &coded.words.labels))?;
    Ok((coded, people))
}

fn coded<'a>(inputs: &Inputs<'a>) -> PolarsResult<Coded<'a>> {
    let mut words = Labels::new(inputs.job);
    let of_kinds = KindWords::new(inputs.payroll, &mut words)?;
    let encoded = Encoded::new(inputs.benefits, &mut words);
    Ok(Coded { words, of_kinds, encoded })
}
