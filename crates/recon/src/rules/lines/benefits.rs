//! The snapshot's benefits as the rules take them: texts that repeat on every row (benefit, status, currencies) are
//! small integers, for as texts they would be half of a large table.

use std::collections::{BTreeMap, BTreeSet};

use polars::prelude::*;
use rayon::join;

use crate::categorical::of_column;
use crate::rules::timeline::hired_again::Former;
use crate::rules::timeline::replaced::Old;
use crate::rules::timeline::vanished::SeenBefore;
use crate::snapshot::BENEFITS;
use crate::snapshot::{Answered, answered};
use tieout_model::categorical::Categorical;
use tieout_model::zone::Zone;

const KEY_AND_STATUS: [&str; 2] = [BENEFITS.benefit.name, BENEFITS.status.name];

/// Columns of the currencies.
pub(in crate::rules) const CURRENCIES: [&str; 3] =
    [BENEFITS.ee_currency.name, BENEFITS.er_currency.name, BENEFITS.cost_currency.name];

/// A snapshot's benefits.
pub struct Benefits {
    /// The columns that are no repeating texts.
    pub(in crate::rules) frame: DataFrame,
    pub(in crate::rules) keys: Categorical,
    pub(in crate::rules) statuses: Categorical,
    /// In the order of [`CURRENCIES`].
    pub(in crate::rules) currencies: [Categorical; 3],
    pub(in crate::rules) older: Older,
}

/// What older snapshots say of the records and their people.
#[derive(Default)]
pub(in crate::rules) struct Older {
    /// By row, where tonight's record begins after the period and an older one was in force in it: the first day of
    /// tonight's. Days since 1970.
    pub(in crate::rules) followed: BTreeMap<u32, i32>,
    /// Of each of these, in their order: tonight's record.
    pub(in crate::rules) following: Option<Box<Benefits>>,
    /// Of those the rows beside whose older record others were in force, which stand in no row.
    pub(in crate::rules) several: BTreeSet<u32>,
    /// By row of tonight's records that replaced others lately, what those stated, the newest first; none, where an
    /// older snapshot shows that there was none.
    pub(in crate::rules) replaced: BTreeMap<u32, Vec<Old>>,
    /// By `emp` of whoever begins anew after the period: the employment before.
    pub(in crate::rules) former: BTreeMap<u32, Former>,
    pub(in crate::rules) seen_before: SeenBefore,
}

/// Columns of a snapshot's benefits whose texts repeat.
pub const REPEATED: [&str; 5] = [KEY_AND_STATUS[0], KEY_AND_STATUS[1], CURRENCIES[0], CURRENCIES[1], CURRENCIES[2]];

impl Benefits {
    /// Takes over a table with the columns of [`crate::snapshot::BENEFITS`].
    pub fn new(frame: DataFrame) -> PolarsResult<Benefits> {
        let rest = frame.drop_many(REPEATED);
        Benefits::from_parts(rest, |name| Ok(frame.column(name)?.clone()))
    }

    /// The same from a table without [`REPEATED`], whose columns come one after the other. Errors: those of `column`,
    /// and a column that holds no texts.
    pub fn from_parts<E: From<PolarsError> + Send>(
        frame: DataFrame,
        column: impl Fn(&str) -> Result<Column, E> + Sync,
    ) -> Result<Benefits, E> {
        let coded = |name| -> Result<Categorical, E> { Ok(of_column(column(name)?.str()?)) };
        let ([keys, statuses], [employee, employer, cost]) =
            join(|| KEY_AND_STATUS.map(&coded), || CURRENCIES.map(&coded));
        let currencies = [employee?, employer?, cost?];
        Ok(Benefits { frame, keys: keys?, statuses: statuses?, currencies, older: Older::default() })
    }

    /// How many were fetched on each day, days being those of `zone`.
    pub fn answered_on(&self, zone: &Zone) -> PolarsResult<Answered> {
        Ok(answered::days(BENEFITS.fetched_at.of(&self.frame)?, zone))
    }

    pub(in crate::rules) fn height(&self) -> usize {
        self.frame.height()
    }

    /// The rows that `kept` marks.
    pub(in crate::rules) fn filter(&self, kept: &BooleanChunked) -> PolarsResult<Benefits> {
        let [employee, employer, cost] = &self.currencies;
        let marks = || kept.iter().map(|kept| kept == Some(true));
        Ok(Benefits {
            frame: self.frame.filter(kept)?,
            keys: self.keys.filter(marks()),
            statuses: self.statuses.filter(marks()),
            currencies: [employee, employer, cost].map(|currency| currency.filter(marks())),
            older: Older::default(),
        })
    }

    /// All but these rows.
    pub(in crate::rules) fn without(self, rows: &BTreeSet<u32>) -> PolarsResult<Benefits> {
        if rows.is_empty() {
            return Ok(self);
        }
        let kept: BooleanChunked = (0..self.height() as u32).map(|row| !rows.contains(&row)).collect();
        let now = |row: u32| (!rows.contains(&row)).then(|| row - rows.range(..row).count() as u32);
        let rest = self.filter(&kept)?;
        let Older { followed, following, several, replaced, former, seen_before } = self.older;
        let stays = |(_, row): &(u32, &u32)| !rows.contains(row);
        let at = (0..).zip(followed.keys()).filter(stays).map(|(at, _)| at).collect();
        let older = Older {
            following: following.map(|records| records.take(at)).transpose()?.map(Box::new),
            followed: followed.into_iter().filter_map(|(row, begins)| Some((now(row)?, begins))).collect(),
            several: several.into_iter().filter_map(now).collect(),
            replaced: replaced.into_iter().filter_map(|(row, old)| Some((now(row)?, old))).collect(),
            former,
            seen_before,
        };
        Ok(Benefits { older, ..rest })
    }

    /// These rows, in their order.
    pub(in crate::rules) fn take(&self, rows: Vec<u32>) -> PolarsResult<Benefits> {
        let [employee, employer, cost] = &self.currencies;
        Ok(Benefits {
            keys: self.keys.take(&rows),
            statuses: self.statuses.take(&rows),
            currencies: [employee, employer, cost].map(|currency| currency.take(&rows)),
            frame: self.frame.take(&IdxCa::from_vec("row".into(), rows))?,
            older: Older::default(),
        })
    }
}
