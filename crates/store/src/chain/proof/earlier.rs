//! The digests of the schema before whole rows were proved: of fewer tables, and of the columns named here. They are
//! held against the rows once more before new ones are taken, lest bringing a state up to date make an edit right.

use super::{Part, Sum, noted};
use rusqlite::Connection;

/// The schema whose digests these are.
pub(super) const SCHEMA: u32 = 12;

const QUERIES: [(Part, &[&str]); 6] = [
    (
        Part::Ledger,
        &["SELECT benbase_id, pay_frequency, pay_amount, pay_period, effective_start, employment_status, line1, line2, city,
               state, zip_code, terminated_on, source FROM ledger"],
    ),
    (
        Part::History,
        &[
            "SELECT id, code, employee_id, benefit, field, first_seen, status, last_seen, cleared_on, nights_open, reopened
             FROM finding",
            "SELECT finding_id, period_end, currency, exposure FROM finding_period",
        ],
    ),
    (Part::Runs, &["SELECT id, as_of, mode, exit_code, complete, good, payroll_hash, summary FROM run"]),
    (
        Part::Waivers,
        &[
            "SELECT id, group_id, reason, until, cap, currency, by, at, revoked_by, revoked_at, revoked_reason FROM waiver",
            "SELECT waiver, finding_id, cause, amount, currency FROM waiver_finding",
        ],
    ),
    (
        Part::Reports,
        &["SELECT sha256, as_of, run_id, exit_code FROM report", "SELECT as_of, report, sha256, by, at FROM sign_off"],
    ),
    (Part::Notes, &["SELECT id, finding_id, text, assignee, due, by, at FROM note"]),
];

/// The first part that was changed by another hand.
pub(super) fn edited(connection: &Connection) -> anyhow::Result<Option<Part>> {
    for (part, queries) in QUERIES {
        let mut sum = Sum::default();
        for query in queries {
            sum.add(super::sum_of(connection, part, query)?);
        }
        if noted(connection, part)? != Some(sum.text()) {
            return Ok(Some(part));
        }
    }
    Ok(None)
}
