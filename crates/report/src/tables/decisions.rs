//! Planned corrections to decide on, one row a correction: what a reviewer fills in goes back by `tieout queue import`,
//! which knows each by its hash.

use crate::table::{Table, adds_up, amount, choice, currency, date, employee, entry, text};
use crate::{PlannedCorrection, Report};

/// Before a hash, so that no program takes it for a number.
const HASH_MARK: &str = "sha256:";
/// What can be decided.
const DECISIONS: [&str; 2] = ["approve", "reject"];

pub fn table(report: &Report) -> Table<'_> {
    let columns = vec![
        text("kind", "Kind", 14, |p: &&PlannedCorrection| p.correction.kind().name().into()),
        employee(|p| p.correction.employee_id.as_str()),
        text("what_changes", "What changes", 60, |p| what_changes(p).into()),
        date("effective", "Effective", |p| p.correction.effective),
        adds_up(amount("yearly_difference", "Yearly difference", |p| super::wide(p.correction.yearly_difference))),
        currency(|p| p.correction.yearly_difference.map(|(_, currency)| currency)),
        text("queue", "Queue", 20, |p| p.disposition.as_str().into()),
        text("second_look", "Second look", 30, |p| second_look(p).into()),
        choice("decision", "Decision", &DECISIONS),
        entry("decided_by", "Decided by", 18),
        entry("reason", "Reason", 40),
        text("taken_from", "Taken from", 12, |p| p.correction.authority.as_str().into()),
        text("item_hash", "Item hash", 24, |p| format!("{HASH_MARK}{}", p.payload_hash).into()),
    ];
    Table::new("corrections", "Corrections", columns, report.corrections.iter().collect())
}

fn what_changes(planned: &PlannedCorrection) -> String {
    let changes = planned.correction.changes.iter().map(|c| format!("{}: {} -> {}", c.field, c.from, c.to));
    changes.collect::<Vec<_>>().join("; ")
}

/// Why an approver should look twice; blank for most.
fn second_look(planned: &PlannedCorrection) -> String {
    planned.correction.second_look.iter().map(|mark| mark.reason()).collect::<Vec<_>>().join("; ")
}
