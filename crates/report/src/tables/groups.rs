//! One row a group of findings with one cause, those with most members first.

use tieout_model::group::Group;

use crate::Report;
use crate::table::{Table, amount, count, currency, text};

pub fn table(report: &Report) -> Table<'_> {
    let columns = vec![
        text("group_id", "Group", 19, |g: &&Group| g.id.as_str().into()),
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
    Table::new("groups", "One cause", columns, report.groups.iter().collect())
}
