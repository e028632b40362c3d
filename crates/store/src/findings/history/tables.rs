//! The rows of the history: read in one ordered scan a table, written with one prepared statement a kind of change.

use anyhow::Context as _;
use chrono::NaiveDate;
use rusqlite::{Connection, Row, Transaction, params};

use crate::database::days::Days;
use crate::findings::history::state::State;
use tieout_model::ids::PayrollId;

/// A row of `finding`.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct FindingRow {
    pub id: String,
    pub code: String,
    pub employee_id: PayrollId,
    pub benefit: String,
    pub field: String,
    pub first_seen: NaiveDate,
    pub state: State,
    /// The newest night that touched the row.
    pub night: NaiveDate,
    /// The state before that night.
    pub before: Option<State>,
}

/// A row of `finding_period`; exposures are counts of 1/10,000.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct PeriodRow {
    pub finding_id: String,
    pub period_end: NaiveDate,
    /// Blank: not computed.
    pub currency: String,
    pub exposure: i64,
    pub night: NaiveDate,
    pub before: Option<i64>,
}

/// What one night changes.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(super) struct Changes {
    pub findings: Vec<FindingRow>,
    pub periods: Vec<PeriodRow>,
    pub forgotten_periods: Vec<PeriodRow>,
}

impl Changes {
    /// The same changes in an order that does not depend on how they were found.
    pub fn sort(&mut self) {
        self.findings.sort_unstable_by(|a, b| a.id.cmp(&b.id));
        fn key(row: &PeriodRow) -> (&str, NaiveDate, &str) {
            (&row.finding_id, row.period_end, &row.currency)
        }
        self.periods.sort_unstable_by(|a, b| key(a).cmp(&key(b)));
    }
}

/// The newest night that the history knows.
pub(super) fn newest_night(connection: &Connection) -> anyhow::Result<Option<NaiveDate>> {
    let night: Option<String> = connection.query_row("SELECT MAX(night) FROM finding", [], |row| row.get(0))?;
    night.map(|night| Days::default().read(&night)).transpose()
}

/// Positions of the columns of the state after and before the newest night: last seen, cleared on, nights open,
/// reopened. By position, for a look-up by name goes through all names, for each cell of a long history.
const NOW: [usize; 4] = [6, 7, 8, 9];
const BEFORE: [usize; 4] = [12, 13, 14, 15];

/// Calls `visit` with each finding, in the order of ids.
pub(super) fn scan_findings(connection: &Connection, mut visit: impl FnMut(FindingRow)) -> anyhow::Result<()> {
    let mut statement = connection.prepare_cached(
        "SELECT id, code, employee_id, benefit, field, first_seen, last_seen, cleared_on, nights_open, reopened, night,
                before_status, before_last_seen, before_cleared_on, before_nights_open, before_reopened
         FROM finding ORDER BY id",
    )?;
    let (mut rows, mut days) = (statement.query([])?, Days::default());
    while let Some(row) = rows.next().context("read the history of findings")? {
        visit(finding_row(row, &mut days).context("read a finding from the history")?);
    }
    Ok(())
}

fn finding_row(row: &Row<'_>, days: &mut Days) -> anyhow::Result<FindingRow> {
    let known_before = row.get_ref(11)?.as_str_or_null()?.is_some();
    Ok(FindingRow {
        id: row.get(0)?,
        code: row.get(1)?,
        employee_id: PayrollId::new(row.get::<_, String>(2)?),
        benefit: row.get(3)?,
        field: row.get(4)?,
        first_seen: days.read(row.get_ref(5)?.as_str()?)?,
        state: state(row, days, NOW)?,
        night: days.read(row.get_ref(10)?.as_str()?)?,
        before: known_before.then(|| state(row, days, BEFORE)).transpose()?,
    })
}

fn state(row: &Row<'_>, days: &mut Days, columns: [usize; 4]) -> anyhow::Result<State> {
    let [last_seen, cleared_on, nights_open, reopened] = columns;
    Ok(State {
        last_seen: days.read(row.get_ref(last_seen)?.as_str()?)?,
        cleared_on: row.get_ref(cleared_on)?.as_str_or_null()?.map(|day| days.read(day)).transpose()?,
        nights_open: row.get(nights_open)?,
        reopened: row.get(reopened)?,
    })
}

/// Calls `visit` with each finding's periods, in the order of ids.
pub(super) fn scan_periods(connection: &Connection, mut visit: impl FnMut(PeriodRow)) -> anyhow::Result<()> {
    let mut statement = connection.prepare_cached(
        "SELECT finding_id, period_end, currency, exposure, night, before_exposure
         FROM finding_period ORDER BY finding_id, period_end, currency",
    )?;
    let (mut rows, mut days) = (statement.query([])?, Days::default());
    while let Some(row) = rows.next().context("read the exposure of past periods")? {
        visit(PeriodRow {
            finding_id: row.get(0)?,
            period_end: days.read(row.get_ref(1)?.as_str()?)?,
            currency: row.get(2)?,
            exposure: row.get(3)?,
            night: days.read(row.get_ref(4)?.as_str()?)?,
            before: row.get(5)?,
        });
    }
    Ok(())
}

/// Writes what one night changes. A finding is never forgotten. Periods refer to findings, and so come last.
pub(super) fn write(transaction: &Transaction<'_>, changes: &Changes) -> anyhow::Result<()> {
    let sql = "DELETE FROM finding_period WHERE finding_id = ?1 AND period_end = ?2 AND currency = ?3";
    let mut forget_period = transaction.prepare_cached(sql)?;
    for row in &changes.forgotten_periods {
        forget_period.execute(params![row.finding_id, row.period_end.to_string(), row.currency])?;
    }
    write_findings(transaction, &changes.findings)?;
    let mut put = transaction.prepare_cached(
        "INSERT INTO finding_period (finding_id, period_end, currency, exposure, night, before_exposure)
         VALUES (?1, ?2, ?3, ?4, ?5, ?6)
         ON CONFLICT DO UPDATE SET exposure = excluded.exposure, night = excluded.night,
             before_exposure = excluded.before_exposure",
    )?;
    for row in &changes.periods {
        let (end, night) = (row.period_end.to_string(), row.night.to_string());
        put.execute(params![row.finding_id, end, row.currency, row.exposure, night, row.before])?;
    }
    Ok(())
}

fn write_findings(transaction: &Transaction<'_>, rows: &[FindingRow]) -> anyhow::Result<()> {
    let mut put = transaction.prepare_cached(
        "INSERT INTO finding (id, code, employee_id, benefit, field, first_seen, status, last_seen, cleared_on,
             nights_open, reopened, night, before_status, before_last_seen, before_cleared_on, before_nights_open,
             before_reopened)
         VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, ?11, ?12, ?13, ?14, ?15, ?16, ?17)
         ON CONFLICT DO UPDATE SET first_seen = excluded.first_seen, status = excluded.status,
             last_seen = excluded.last_seen, cleared_on = excluded.cleared_on, nights_open = excluded.nights_open,
             reopened = excluded.reopened, night = excluded.night, before_status = excluded.before_status,
             before_last_seen = excluded.before_last_seen, before_cleared_on = excluded.before_cleared_on,
             before_nights_open = excluded.before_nights_open, before_reopened = excluded.before_reopened",
    )?;
    let text = |date: NaiveDate| date.to_string();
    for row in rows {
        let (state, before) = (&row.state, row.before.as_ref());
        put.execute(params![
            row.id,
            row.code,
            row.employee_id.as_str(),
            row.benefit,
            row.field,
            text(row.first_seen),
            status_text(state),
            text(state.last_seen),
            state.cleared_on.map(text),
            state.nights_open,
            state.reopened,
            text(row.night),
            before.map(status_text),
            before.map(|b| text(b.last_seen)),
            before.and_then(|b| b.cleared_on).map(text),
            before.map(|b| b.nights_open),
            before.map(|b| b.reopened),
        ])?;
    }
    Ok(())
}

fn status_text(state: &State) -> &'static str {
    if state.is_open() { "open" } else { "cleared" }
}
