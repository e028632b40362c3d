//! The record of cover that is in force in the days after those of a deduction, where tonight's snapshot has it.

use polars::prelude::*;

use crate::rules::Inputs;
use crate::rules::balance::Books;
use crate::rules::balance::prices::whole::Stated;
use crate::rules::calendar::proration::Span;
use crate::rules::lines::benefits::Benefits;
use crate::rules::lines::expected::is_live;
use crate::rules::lines::pair::Pair;
use crate::snapshot::BENEFITS;
use tieout_model::finding::Payer;

/// Tonight's records, and those in whose place older ones stand.
pub(in crate::rules::balance) struct Coming<'b> {
    benefits: &'b Benefits,
    emps: UInt32Chunked,
    from: Int32Chunked,
    /// By the row of a record, whether its status says in force.
    live: Vec<u32>,
    /// Rows in whose place others begin later, with the first day of these.
    followed: Vec<(u32, i32)>,
    following: Option<Stated<'b>>,
}

/// A row of tonight's, or the place of one in whose place an older one stands.
#[derive(Clone, Copy, Debug)]
pub(in crate::rules::balance) enum Record {
    Tonight(u32),
    Following(u32),
}

impl<'b> Coming<'b> {
    pub(in crate::rules::balance) fn new(inputs: &Inputs<'b>) -> PolarsResult<Coming<'b>> {
        let benefits = inputs.benefits;
        let following = benefits.older.following.as_deref().map(Stated::new).transpose()?;
        Ok(Coming {
            benefits,
            emps: BENEFITS.emp.of(&benefits.frame)?.clone(),
            from: BENEFITS.effective_from.of(&benefits.frame)?.rechunk().into_owned(),
            live: benefits.statuses.numbered(|text| u32::from(is_live(inputs.job, text))),
            followed: benefits.older.followed.iter().map(|(row, first)| (*row, *first)).collect(),
            following,
        })
    }

    /// The record that is in force from the first of these days on in the place of the line's; `Some(None)`: the line's
    /// own still; `None`: nobody knows, or one begins between them.
    pub(in crate::rules::balance) fn of(&self, pair: &Pair, days: Span) -> Option<Option<Record>> {
        let begins = |first: i32, record: Record| match first {
            first if first == days.first => Some(Some(record)),
            first if first > days.last => Some(None),
            _ => None,
        };
        if let Ok(at) = self.followed.binary_search_by_key(&pair.bx_row, |(row, _)| *row) {
            return begins(self.followed[at].1, Record::Following(at as u32));
        }
        if !pair.live {
            return begins(pair.first, Record::Tonight(pair.bx_row)).filter(Option::is_some);
        }
        match self.later(pair, days.last) {
            Some((first, row)) => begins(first, Record::Tonight(row)),
            None => Some(None),
        }
    }

    /// Of several records the one that begins last by this day, where that is after the line's own.
    fn later(&self, pair: &Pair, by: i32) -> Option<(i32, u32)> {
        if pair.bx_rows <= 1 {
            return None;
        }
        let key = self.benefits.keys.get(pair.bx_row as usize);
        let is_of_line = |row: &u32| {
            let row = *row as usize;
            self.emps.get(row) == Some(pair.emp) && self.benefits.keys.get(row) == key
        };
        let end = pair.bx_row.saturating_add(pair.bx_rows).min(self.emps.len() as u32);
        let rows = pair.bx_row.saturating_sub(pair.bx_rows)..end;
        let live = rows.filter(is_of_line).filter(|row| self.live[*row as usize] == 1);
        let begun = live.filter_map(|row| Some((self.from.get(row as usize)?, row)));
        begun.filter(|(first, _)| (pair.first + 1..=by).contains(first)).max()
    }
}

impl Books<'_> {
    /// A whole deduction of a payer by such a record.
    pub(in crate::rules::balance) fn coming_deduction(&self, pair: &Pair, payer: Payer, record: Record) -> Option<i64> {
        let how = (pair.per_year, self.lines.account(pair, payer)?.currency.minor_unit());
        let stated = |payer| match record {
            Record::Tonight(row) => Some(self.stated.deduction(payer, row, how)),
            Record::Following(at) => self.coming.following.as_ref().map(|stated| stated.deduction(payer, at, how)),
        };
        let of = |payer| Some(self.lines.sign(pair.emp, pair.label, payer) * stated(payer)?);
        if self.lines.is_one_amount(pair) {
            return Some(of(Payer::Employee)? + of(Payer::Employer)?);
        }
        of(payer)
    }
}
