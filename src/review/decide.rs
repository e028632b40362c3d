//! From the rows of a sheet to decisions, or to all that is wrong with them. Every row is held against its item; only a
//! row without a decision may be older than its item.

use std::collections::BTreeMap;

use super::authority::may_approve;
use super::compare::{Edited, check, row_number};
use super::formula_error::is_formula_error;
use super::row::{HASH_MARK, values};
use super::sheet::{Sheet, SheetRow};
use super::{COLUMNS, DecisionProblem, EXPORTED};
use crate::job::Approval;
use crate::secrets::Operator;
use tieout_store::{Item, ItemState};

pub(super) const ITEM_ID: usize = 0;
pub(super) const ITEM_HASH: usize = 1;
const STATE: usize = 11;
const DECISION: usize = 12;
const DECIDED_BY: usize = 13;
const REASON: usize = 14;

/// What a reviewer decided on one item.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Decision {
    /// Row of the sheet, from 1.
    pub row: usize,
    pub item: i64,
    pub approve: bool,
    /// An approver as the job names them.
    pub by: String,
    pub reason: String,
}

impl Sheet {
    /// Ids that the rows name, in their order; cells that are no ids left out.
    pub fn ids(&self) -> impl Iterator<Item = i64> {
        self.rows.iter().filter_map(|row| row_number(&row.cells[ITEM_ID]))
    }

    /// Whether its rows name items by their hashes alone.
    pub fn is_by_hash(&self) -> bool {
        !self.present[ITEM_ID]
    }

    /// Gives each row the id of the item that has its hash. A row of none keeps no id, and goes when nothing was
    /// decided in it: it is of an earlier night.
    pub fn identify(&mut self, items: impl Iterator<Item = (String, i64)>) {
        let ids: BTreeMap<String, i64> = items.map(|(hash, id)| (format!("{HASH_MARK}{hash}"), id)).collect();
        for row in &mut self.rows {
            row.cells[ITEM_ID] = ids.get(&row.cells[ITEM_HASH]).map(i64::to_string).unwrap_or_default();
        }
        self.rows.retain(|row| !row.cells[ITEM_ID].is_empty() || !row.cells[DECISION].is_empty());
    }
}

/// The decisions of a sheet in the order of its rows, rows without one left out; or every problem. `items`: at least
/// those that [`Sheet::ids`] names and that exist, as they are now. `operator`: whoever hands the sheet in.
pub fn decide(
    sheet: &Sheet,
    items: &BTreeMap<i64, Item>,
    approval: &Approval,
    operator: &Operator,
) -> anyhow::Result<Result<Vec<Decision>, Vec<DecisionProblem>>> {
    let mut reading =
        Reading { sheet, approval, operator, first_row: BTreeMap::new(), decisions: Vec::new(), problems: Vec::new() };
    for row in &sheet.rows {
        reading.row(row, items)?;
    }
    let Reading { decisions, problems, .. } = reading;
    Ok(if problems.is_empty() { Ok(decisions) } else { Err(problems) })
}

struct Reading<'a> {
    sheet: &'a Sheet,
    approval: &'a Approval,
    operator: &'a Operator,
    /// Item → the row that names it.
    first_row: BTreeMap<i64, usize>,
    decisions: Vec<Decision>,
    problems: Vec<DecisionProblem>,
}

impl Reading<'_> {
    fn row(&mut self, row: &SheetRow, items: &BTreeMap<i64, Item>) -> anyhow::Result<()> {
        let Some(id) = row_number(&row.cells[ITEM_ID]) else {
            match self.sheet.is_by_hash() {
                true => self.note(row, ITEM_HASH, "the queue has no such item any more: decide in tonight's workbook"),
                false => self.note(row, ITEM_ID, "expected the number of an item: put it back, or remove the row"),
            }
            return Ok(());
        };
        if let Some(first) = self.first_row.get(&id) {
            let message = format!("item {id} is already in row {first}: keep one of the two");
            self.note(row, ITEM_ID, message);
            return Ok(());
        }
        self.first_row.insert(id, row.number);
        let Some(item) = items.get(&id) else {
            self.note(row, ITEM_ID, format!("this job's queue has no item {id}: is this another job's file?"));
            return Ok(());
        };
        let approve = match row.cells[DECISION].to_lowercase().as_str() {
            "" => None,
            "approve" => Some(true),
            "reject" => Some(false),
            _ => {
                self.note(row, DECISION, "expected approve, reject or a blank");
                return Ok(());
            }
        };
        if self.is_as_exported(row, item, approve.is_some())?
            && let Some(approve) = approve
        {
            self.decision(row, item, approve);
        }
        Ok(())
    }

    /// Whether every exported value still means the same; a stale row without a decision is no problem and no match.
    fn is_as_exported(&mut self, row: &SheetRow, item: &Item, decided: bool) -> anyhow::Result<bool> {
        let exported = values(item)?;
        if check(&exported[ITEM_HASH], &row.cells[ITEM_HASH]).is_err() {
            if decided {
                let message =
                    "the item changed since the export, or the hash was edited: export again and decide again";
                self.note(row, ITEM_HASH, message);
            }
            return Ok(false);
        }
        if item.state != ItemState::Proposed {
            if decided {
                let words = item.state.words();
                self.note(row, STATE, format!("item {} is {words} by now: clear its decision", item.id));
            }
            return Ok(false);
        }
        let compared = (0..EXPORTED).filter(|column| *column != ITEM_ID && self.sheet.present[*column]);
        let edited: Vec<(usize, Edited)> =
            compared.filter_map(|column| Some((column, check(&exported[column], &row.cells[column]).err()?))).collect();
        for (column, edited) in &edited {
            self.note(row, *column, edited.message());
        }
        Ok(edited.is_empty())
    }

    fn decision(&mut self, row: &SheetRow, item: &Item, approve: bool) {
        let (mut by, reason) = (row.cells[DECIDED_BY].clone(), row.cells[REASON].clone());
        let before = self.problems.len();
        for column in [DECIDED_BY, REASON] {
            if is_formula_error(&row.cells[column]) {
                let what = if column == REASON { "reason" } else { "name" };
                let message =
                    format!("expected the {what}, found an error of the spreadsheet: type it without = or - first");
                self.note(row, column, message);
                return;
            }
        }
        if by.is_empty() {
            self.note(row, DECIDED_BY, "expected the name of the person who decided");
        } else if approve {
            match may_approve(self.approval, item, &by, self.operator) {
                Ok(approver) => by.clone_from(&approver.name),
                Err(why) => self.note(row, DECIDED_BY, why.to_string()),
            }
        }
        if !approve && reason.is_empty() {
            self.note(row, REASON, "expected a reason: a rejection needs one");
        }
        if self.problems.len() == before {
            self.decisions.push(Decision { row: row.number, item: item.id, approve, by, reason });
        }
    }

    fn note(&mut self, row: &SheetRow, column: usize, message: impl Into<String>) {
        self.problems.push(DecisionProblem {
            row: row.number,
            column: COLUMNS[column],
            message: message.into(),
            ..DecisionProblem::default()
        });
    }
}
