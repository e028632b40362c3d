//! Takes over what Benbase accepted: the fields that were sent replace those of the row, the others stay. A new hire
//! makes a row of its own, a termination marks one.

use anyhow::Context as _;
use rusqlite::{Transaction, params};

use tieout_model::correction::{CompensationChange, CorrectionKind, DemographicChange, NewHire, Payload, Termination};
use tieout_model::money::Money;

/// Writes the ledger row of an accepted body (JSON as it was sent).
pub(crate) fn accept(
    transaction: &Transaction<'_>,
    kind: CorrectionKind,
    payload: &str,
    now: &str,
) -> anyhow::Result<()> {
    let payload = Payload::read(kind, payload)
        .context("the stored body is none that this tieout knows: it can't be taken over into the ledger")?;
    match &payload {
        Payload::Compensation(change) => compensation(transaction, change, now),
        Payload::Demographic(change) => demographic(transaction, change, now),
        Payload::NewHire(hire) => new_hire(transaction, hire, now),
        Payload::Termination(change) => termination(transaction, change, now),
    }
}

fn compensation(transaction: &Transaction<'_>, change: &CompensationChange, now: &str) -> anyhow::Result<()> {
    let mut put = transaction.prepare_cached(
        "INSERT INTO ledger (benbase_id, pay_frequency, pay_amount, pay_period, effective_start, employment_status,
             accepted_at, source)
         VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, 'push')
         ON CONFLICT DO UPDATE SET pay_frequency = coalesce(excluded.pay_frequency, pay_frequency),
             pay_amount = coalesce(excluded.pay_amount, pay_amount),
             pay_period = coalesce(excluded.pay_period, pay_period),
             effective_start = coalesce(excluded.effective_start, effective_start),
             employment_status = coalesce(excluded.employment_status, employment_status),
             accepted_at = excluded.accepted_at, source = 'push'",
    )?;
    let rate = change.pay_rate.as_ref();
    let amount = rate.map(|rate| amount(&rate.amount)).transpose()?;
    put.execute(params![
        change.employee_id.as_str(),
        change.pay_frequency,
        amount.map(|amount| amount.0),
        rate.map(|rate| &rate.period),
        rate.map(|rate| &rate.effective_start),
        change.employment_status,
        now,
    ])?;
    Ok(())
}

fn demographic(transaction: &Transaction<'_>, change: &DemographicChange, now: &str) -> anyhow::Result<()> {
    let mut put = transaction.prepare_cached(
        "INSERT INTO ledger (benbase_id, line1, line2, city, state, zip_code, accepted_at, source)
         VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, 'push')
         ON CONFLICT DO UPDATE SET line1 = excluded.line1, line2 = excluded.line2, city = excluded.city,
             state = excluded.state, zip_code = excluded.zip_code, accepted_at = excluded.accepted_at,
             source = 'push'",
    )?;
    let address = &change.address;
    put.execute(params![
        change.employee_id.as_str(),
        address.line1,
        address.line2,
        address.city,
        address.state,
        address.zip_code,
        now
    ])?;
    Ok(())
}

/// What an earlier row says is of an earlier employment: none of it stays.
fn new_hire(transaction: &Transaction<'_>, hire: &NewHire, now: &str) -> anyhow::Result<()> {
    let mut put = transaction.prepare_cached(
        "INSERT OR REPLACE INTO ledger (benbase_id, pay_frequency, pay_amount, pay_period, effective_start,
             employment_status, line1, line2, city, state, zip_code, accepted_at, source)
         VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, ?11, ?12, 'push')",
    )?;
    let (address, [rate]) = (&hire.address, &hire.pay_rate);
    put.execute(params![
        hire.employee_id.as_str(),
        hire.pay_frequency,
        amount(&rate.amount)?.0,
        rate.period,
        rate.effective_start,
        hire.employment_status,
        address.line1,
        address.line2,
        address.city,
        address.state,
        address.zip_code,
        now,
    ])?;
    Ok(())
}

fn termination(transaction: &Transaction<'_>, change: &Termination, now: &str) -> anyhow::Result<()> {
    let mut put = transaction.prepare_cached(
        "INSERT INTO ledger (benbase_id, terminated_on, accepted_at, source) VALUES (?1, ?2, ?3, 'push')
         ON CONFLICT DO UPDATE SET terminated_on = excluded.terminated_on, accepted_at = excluded.accepted_at,
             source = 'push'",
    )?;
    put.execute(params![change.employee_id.as_str(), change.termination_date, now])?;
    Ok(())
}

fn amount(text: &str) -> anyhow::Result<Money> {
    Money::from_json(text).context("the stored body has a pay rate that is no amount")
}
