//! Findings by what they have in common, the costliest first.

use tieout_model::code::Owner;

use crate::Report;
use crate::by_cost::{CostGroup, cost_groups};
use crate::table::{Table, amount, count, currency, text};

pub fn table(report: &Report) -> Table<'_> {
    let columns = vec![
        text("owner", "Owner", 10, |g: &CostGroup<'_>| g.owner.map_or("", Owner::team).into()),
        text("severity", "Severity", 9, |g| g.severity.name().into()),
        text("code", "Code", 7, |g| g.code.name().into()),
        text("title", "What", 30, |g| g.code.rule().title.into()),
        text("benefit", "Benefit", 18, |g| g.benefit.into()),
        text("field", "Field", 16, |g| g.field.into()),
        count("people", "People", |g| g.people as u64),
        count("findings", "Findings", |g| g.findings),
        amount("exposure_to_date", "Exposure to date", |g| Some((g.exposure, g.currency))),
        currency(|g| Some(g.currency)),
        text("direction", "Direction", 16, |g| g.direction.name().into()),
        text("to_do", "To do", 70, |g| g.code.rule().to_do.into()),
    ];
    Table::new("by_cost", "By cost", columns, cost_groups(report))
}
