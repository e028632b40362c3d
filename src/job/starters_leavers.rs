//! New hires and terminations: a switch and a cap each, off unless the job says otherwise. Both need to know whom
//! Benbase has, which only an opening ledger tells.

use serde::Deserialize;

use tieout_corrections::settings::{NewHires, Terminations, VariableHours};

use super::problems::Problems;
use super::text::checks::within;
use super::text::key::Key;

/// Most items of a kind that one run may propose and one push may send.
const PER_RUN_MAX: u32 = 10_000;

#[derive(Debug, Default, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct RawNewHires {
    pub enabled: Option<bool>,
    pub per_run_max: Option<u32>,
    pub variable_hours_new_hire: Option<VariableHours>,
    pub send_ssn: Option<bool>,
}

#[derive(Debug, Default, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct RawTerminations {
    pub enabled: Option<bool>,
    pub per_run_max: Option<u32>,
}

/// Checks the section against payroll's columns and Benbase's settings.
pub(super) fn new_hires(raw: RawNewHires, p: &mut Problems<'_>) -> NewHires {
    let section = Key::of("new_hires");
    let enabled = raw.enabled.unwrap_or(false);
    let hires = NewHires {
        enabled,
        per_run_max: cap(enabled, raw.per_run_max, &section, p),
        variable_hours: raw.variable_hours_new_hire.unwrap_or_default(),
        send_ssn: raw.send_ssn.unwrap_or(false),
    };
    if enabled {
        needs(&["benbase.employer_name", "benbase.opening_ledger"], &section, p);
    }
    if hires.send_ssn {
        needs(&["payroll.columns.nat_id"], &section.then("send_ssn"), p);
    }
    hires
}

/// Checks the section against Benbase's settings.
pub(super) fn terminations(raw: RawTerminations, p: &mut Problems<'_>) -> Terminations {
    let section = Key::of("terminations");
    let enabled = raw.enabled.unwrap_or(false);
    let terminations = Terminations { enabled, per_run_max: cap(enabled, raw.per_run_max, &section, p) };
    if enabled {
        needs(&["benbase.opening_ledger"], &section, p);
    }
    terminations
}

/// A cap of nothing under a switch that is on is a mistake.
fn cap(enabled: bool, written: Option<u32>, section: &Key, p: &mut Problems<'_>) -> u32 {
    let least = u32::from(enabled);
    let key = section.then("per_run_max");
    if enabled && written.is_none() {
        p.missing(&key, "how many one run may propose at most");
    }
    within(written, least, least..=PER_RUN_MAX, &key, p)
}

fn needs(keys: &[&str], at: &Key, p: &mut Problems<'_>) {
    for key in keys {
        let mut parts = key.split('.');
        let first = Key::of(parts.next().unwrap_or_default());
        if !p.has(&parts.fold(first, |key, part| key.then(part))) {
            p.at(at, format!("expected {key} beside it, found none"));
        }
    }
}
