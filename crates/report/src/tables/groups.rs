//! One row a group of findings with one cause, those with most members first.

use tieout_model::group::FindingGroup;

use super::exceptions::waive;
use crate::Report;
use crate::table::{Column, Table, amount, count, currency, text};

pub fn table(report: &Report) -> Table<'_> {
    with(report, Vec::new())
}

/// For a workbook: a reviewer may say until when a group is accepted.
pub fn sheet(report: &Report) -> Table<'_> {
    with(report, waive())
}

fn with<'r>(report: &'r Report, filled_in: Vec<Column<&'r FindingGroup>>) -> Table<'r> {
    let mut columns = vec![
        text("group_id", "Group", 19, |g: &&FindingGroup| g.id.as_str().into()),
        text("code", "Code", 7, |g| g.code.name().into()),
        text("title", "What", 28, |g| g.code.rule().title.into()),
        text("pay_group", "Pay group", 12, |g| g.pay_group.as_str().into()),
        text("benefit", "Benefit", 18, |g| g.benefit.as_str().into()),
        text("field", "Field", 16, |g| g.field.as_str().into()),
        count("members", "People", |g| g.members.len() as u64),
        amount("exposure", "Exposure of the period", |g| Some((g.exposure, g.currency))),
        currency(|g| Some(g.currency)),
        text("sentence", "In words", 90, |g| g.sentence.as_str().into()),
    ];
    columns.extend(filled_in);
    Table::new("groups", "One cause", columns, report.groups.iter().collect())
}
