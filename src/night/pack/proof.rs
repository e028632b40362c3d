//! The proof for a stranger in the pack: the tables that the night was judged from, those of what it says, and the file
//! that derives the one from the other.

use tieout_model::balance::{BalanceTotal, EntryKind, Page};
use tieout_model::code::Family;
use tieout_model::control::{ControlTotal, Disposition};
use tieout_model::hash::sha256_hex;
use tieout_recon::proof::{self, FindingRow, PROOF_FILE, PROOF_SQL, Run, TotalRow, VarianceRow, Written};
use tieout_recon::rules::Compared;
use tieout_report::{Exception, Pack, PackFile, Report, WrittenFile};

/// What stands on each row of the run with this id.
fn run(id: &str) -> Run<'_> {
    Run { id, rule_version: env!("CARGO_PKG_VERSION") }
}

/// `proof.sql` as a file of the pack.
pub fn sql() -> PackFile {
    let bytes = PROOF_SQL.as_bytes().to_vec();
    PackFile { name: PROOF_FILE.into(), sha256: sha256_hex(&bytes), bytes, rows: None }
}

/// As `run.json` lists them.
fn listed(tables: Vec<Written>) -> Vec<WrittenFile> {
    let listed = |Written { name, rows, sha256 }| WrittenFile { name, rows: Some(rows), sha256 };
    tables.into_iter().map(listed).collect()
}

/// Writes the tables that the night was judged from; `pages` are what it posts.
pub fn write_judged(
    compared: &Compared<'_>,
    pages: &[Page],
    pack: &Pack,
    run_id: &str,
) -> anyhow::Result<Vec<WrittenFile>> {
    Ok(listed(proof::write_judged(compared, pages, pack.under_construction(), run(run_id))?))
}

/// Writes the tables of what the report says.
pub fn write_said(report: &Report, pack: &Pack) -> anyhow::Result<Vec<WrittenFile>> {
    let findings = told(report).map(|(e, waived)| FindingRow {
        id: &e.id,
        waived,
        finding: &e.finding,
        to_date: e.exposure_to_date,
        earlier: e.exposure_earlier,
    });
    let variances = told(report).flat_map(|(e, waived)| {
        let row = move |variance| VarianceRow { id: &e.id, waived, finding: &e.finding, variance };
        e.finding.variances.iter().map(row)
    });
    let totals = report.control_totals.iter().flat_map(control_total);
    let totals = totals.chain(report.head.dispositions.iter().flat_map(disposition));
    let totals = totals.chain(report.balances.iter().flat_map(balance));
    let dir = pack.under_construction();
    Ok(listed(proof::write_said(dir, run(&report.head.run_id), findings, variances, totals)?))
}

/// Every finding, and whether it is waived.
fn told(report: &Report) -> impl Iterator<Item = (&Exception, bool)> {
    let waived = report.waived.iter().map(|waived| (&waived.exception, true));
    report.exceptions.iter().map(|exception| (exception, false)).chain(waived)
}

/// In the sign of the report: positive is still due.
fn control_total(total: &ControlTotal) -> impl Iterator<Item = TotalRow<'_>> {
    let family = |family| -total.by_family.get(&family).copied().unwrap_or_default();
    let items = [
        ("payroll", total.payroll),
        ("expected", total.expected),
        ("ct", family(Family::Completeness)),
        ("id", family(Family::Identity)),
        ("cu", family(Family::Currency)),
        ("en", family(Family::Existence)),
        ("tm", family(Family::Timing)),
        ("am", family(Family::Amount)),
        ("tolerated", -total.tolerated),
        ("settled", -total.settled),
        ("unverified", -total.unverified),
        ("rejected", -total.rejected),
        ("out of scope", -total.out_of_scope),
        ("waived", -total.waived),
    ];
    items.into_iter().map(|(item, amount)| TotalRow {
        proof: "control total",
        name: &total.benefit,
        payer: Some(total.payer),
        currency: Some(total.currency),
        item,
        amount: Some(amount),
        rows: None,
    })
}

fn disposition(of: &Disposition) -> impl Iterator<Item = TotalRow<'_>> {
    let items = [
        ("rows", of.rows),
        ("matched", of.matched),
        ("finding", of.finding),
        ("waived", of.waived),
        ("out of scope", of.out_of_scope),
        ("rejected", of.rejected),
        ("unverified", of.unverified),
    ];
    items.into_iter().map(|(item, rows)| TotalRow {
        proof: "disposition",
        name: &of.source,
        payer: None,
        currency: None,
        item,
        amount: None,
        rows: Some(rows),
    })
}

fn balance(total: &BalanceTotal) -> impl Iterator<Item = TotalRow<'_>> {
    let movements = EntryKind::ALL.into_iter().map(|kind| (kind.name(), total.movements[kind as usize]));
    let items = [("opening", total.opening), ("closing", total.closing)].into_iter().chain(movements);
    items.map(|(item, amount)| TotalRow {
        proof: "balance",
        name: &total.account.benefit,
        payer: Some(total.account.payer),
        currency: Some(total.account.currency),
        item,
        amount: Some(amount),
        rows: None,
    })
}
