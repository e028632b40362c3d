//! `run.json`: the run for machines. Amounts are decimal text; nothing in it depends on the clock or the machine.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};
use serde_json::{Value, json};

use tieout_model::control::{ControlTotal, Coverage, Disposition};
use tieout_model::money::{Currency, decimal_text};

use crate::changes::Changes;
use crate::figures::uncompared;
use crate::settings::CsvFormat;
use crate::tables::{due, exposure_by_currency, verdicts, waived_by_currency};
use crate::{PACK_VERSION, PackFile, Report, WrittenFile};
use tieout_model::calls::OysterStatistics;

/// How the CSV files beside it are written; absent where they are plain.
#[derive(Clone, Copy, Debug, Serialize, Deserialize)]
pub struct Written {
    delimiter: char,
    decimal_mark: char,
}

impl Written {
    fn of(format: CsvFormat) -> Written {
        Written { delimiter: format.delimiter.into(), decimal_mark: format.decimal_mark }
    }

    /// `None`: no delimiter that a CSV can have.
    pub fn format(self) -> Option<CsvFormat> {
        let delimiter = u8::try_from(self.delimiter).ok()?;
        Some(CsvFormat { delimiter, decimal_mark: self.decimal_mark, ..CsvFormat::PLAIN })
    }
}

pub fn file(report: &Report, others: &[WrittenFile]) -> anyhow::Result<PackFile> {
    let mut bytes = serde_json::to_vec_pretty(&value(report, others))?;
    bytes.push(b'\n');
    Ok(PackFile { name: "run.json".into(), bytes, sha256: String::new(), rows: None })
}

fn value(report: &Report, others: &[WrittenFile]) -> Value {
    let head = &report.head;
    let mut value = json!({
        "pack_version": PACK_VERSION,
        "tieout_version": head.version,
        "job": head.job,
        "run_id": head.run_id,
        "mode": if head.dry_run { "dry" } else { "live" },
        "as_of": head.as_of,
        "period": { "start": head.period_start, "end": head.period_end, "cutoff": head.cutoff },
        "snapshot": { "id": head.snapshot, "taken_at": head.snapshot_taken_at, "complete": head.complete },
        "verdict": verdicts(report).into_iter().map(|v| (v.item.replace(' ', "_"), v.said.into()))
            .collect::<serde_json::Map<String, Value>>(),
        "inputs": head.inputs.iter()
            .map(|f| json!({ "path": f.path, "bytes": f.bytes, "sha256": f.sha256 })).collect::<Vec<_>>(),
        "counts": head.counts.iter().map(|(k, n)| (k.replace(' ', "_"), (*n).into()))
            .collect::<serde_json::Map<String, Value>>(),
        "dispositions": head.dispositions.iter().map(disposition).collect::<Vec<_>>(),
        "coverage": report.coverage.iter().map(coverage).collect::<Vec<_>>(),
        "control_totals": report.control_totals.iter().map(total).collect::<Vec<_>>(),
        "exposure_to_date": exposure(exposure_by_currency(report)),
        "findings": report.exceptions.len(),
        "waived": { "findings": report.waived.len(), "exposure_to_date": exposure(waived_by_currency(report)) },
        "cleared": report.cleared.len(),
        "uncompared_employees": uncompared(report).people,
        "changes": json!(Changes::of(report)),
        "corrections": report.corrections.len(),
        "guards": report.guards,
        "calls": {
            "calls": head.calls.calls,
            "retries": head.calls.retries,
            "failures": head.calls.failures,
            "limit": head.calls.limit,
            "window_seconds": head.calls.window_seconds,
        },
        "audit_head": head.audit_head,
        "policy": head.policy.iter().map(|(k, v)| (k.clone(), v.clone().into()))
            .collect::<serde_json::Map<String, Value>>(),
        "files": others.iter().map(described).collect::<Vec<_>>(),
    });
    if !head.csv.is_plain() {
        value["csv"] = json!(Written::of(head.csv));
    }
    if let Some(statistics) = &head.oyster {
        value["oyster"] = oyster(statistics);
    }
    value
}

fn exposure(sums: BTreeMap<Currency, (i128, i128)>) -> Value {
    let both = |(currency, (under, over)): (Currency, (i128, i128))| {
        let text = |counts| decimal_text(counts, currency.decimals());
        (currency.code().to_owned(), json!({ "under_collected": text(under), "over_collected": text(over) }))
    };
    sums.into_iter().map(both).collect::<serde_json::Map<String, Value>>().into()
}

fn oyster(statistics: &OysterStatistics) -> Value {
    let calls = &statistics.calls;
    json!({
        "engagements": statistics.engagements,
        "engagements_changed": statistics.changed,
        "calls_planned": statistics.calls_planned,
        "calls_spared": statistics.calls_spared,
        "calls": calls.calls,
        "retries": calls.retries,
        "failures": calls.failures,
        "limit": calls.limit,
        "window_seconds": calls.window_seconds,
        "steps_outside_chart": statistics.steps_outside_chart,
    })
}

fn disposition(d: &Disposition) -> Value {
    json!({
        "source": d.source, "rows": d.rows, "matched": d.matched, "finding": d.finding, "waived": d.waived,
        "out_of_scope": d.out_of_scope, "rejected": d.rejected, "unverified": d.unverified,
    })
}

fn coverage(coverage: &Coverage) -> Value {
    json!({
        "code": coverage.code.name(), "compared": coverage.compared, "of": coverage.of(),
        "not_compared": coverage.not_compared,
    })
}

fn total(t: &ControlTotal) -> Value {
    let amount = |counts: i128| decimal_text(counts, t.currency.decimals());
    json!({
        "benefit": t.benefit, "currency": t.currency.code(), "side": t.payer.name(),
        "payroll": amount(t.payroll), "expected": amount(t.expected), "difference": amount(due(t.difference())),
        "residual": amount(due(t.residual())),
    })
}

fn described(file: &WrittenFile) -> Value {
    json!({ "name": file.name, "rows": file.rows, "sha256": file.sha256 })
}
