//! The whole file: each section as written, and from them the valid [`Job`]: defaults, and what several keys must agree
//! on. A single value that cannot be what its key needs is refused when it is read (`text`). A part is `None` only when
//! a problem says why; all parts are looked at before anything is given up.

pub(super) mod read;
pub(super) mod sections;
pub(super) mod stages;

use std::path::{Component, Path, PathBuf};

use serde::Deserialize;

use super::approval::RawApproval;
use super::benbase::RawBenbase;
use super::benifex::RawBenifex;
use super::crosswalk::RawCrosswalk;
use super::deductions::RawDeductions;
use super::guards::RawGuards;
use super::oyster::RawOyster;
use super::payroll::RawPayroll;
use super::problems::{Problems, near};
use super::push::RawPush;
use super::report::RawReport;
use super::rules::RawRules;
use super::sandbox::RawSandbox;
use super::schemes::RawScheme;
use super::starters_leavers::{RawNewHires, RawTerminations};
use super::text::checks::{Text, path};
use super::text::key::Key;
use super::text::table::{table, tables};
use super::text::{Quoted, shown};
use super::{
    Job, approval, benbase, benifex, crosswalk, deductions, guards, oyster, payroll, push, report, rules, sandbox,
    schemes, starters_leavers,
};
use tieout_model::placeholder::{PlaceholderDates, WrittenDate};
use tieout_model::zone::Zone;

#[derive(Debug, Default, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct RawJob {
    pub name: Option<Text>,
    pub zone: Option<Text>,
    pub state_dir: Option<Text>,
    pub limits_dir: Option<Text>,
    pub anchor: Option<Text>,
    pub placeholder_dates: Option<Vec<Quoted<WrittenDate>>>,
    #[serde(deserialize_with = "table")]
    pub payroll: Option<RawPayroll>,
    #[serde(deserialize_with = "table")]
    pub deductions: Option<RawDeductions>,
    #[serde(deserialize_with = "tables")]
    pub schemes: Option<Vec<RawScheme>>,
    #[serde(deserialize_with = "table")]
    pub benifex: Option<RawBenifex>,
    #[serde(deserialize_with = "table")]
    pub benbase: Option<RawBenbase>,
    #[serde(deserialize_with = "table")]
    pub oyster: Option<RawOyster>,
    #[serde(deserialize_with = "table")]
    pub crosswalk: Option<RawCrosswalk>,
    #[serde(deserialize_with = "table")]
    pub rules: Option<RawRules>,
    #[serde(deserialize_with = "table")]
    pub guards: Option<RawGuards>,
    #[serde(deserialize_with = "table")]
    pub approval: Option<RawApproval>,
    #[serde(deserialize_with = "table")]
    pub push: Option<RawPush>,
    #[serde(deserialize_with = "table")]
    pub new_hires: Option<RawNewHires>,
    #[serde(deserialize_with = "table")]
    pub terminations: Option<RawTerminations>,
    #[serde(deserialize_with = "table")]
    pub report: Option<RawReport>,
    #[serde(deserialize_with = "table")]
    pub sandbox: Option<RawSandbox>,
}

const NAME_CHARS_MAX: usize = 64;

/// Checks a job file, which stands at `file`; `fingerprint` is the hash of its bytes.
pub fn job(raw: RawJob, file: &Path, fingerprint: String, p: &mut Problems<'_>) -> Option<Job> {
    let name = name(raw.name, p);
    let zone = zone(raw.zone, p);
    let section = |name: &str| format!("a section [{name}]");
    let placeholders = placeholder_dates(raw.placeholder_dates);
    let payroll = p.require(raw.payroll, &Key::of("payroll"), &section("payroll"));
    let payroll = payroll.and_then(|raw| payroll::payroll(raw, &placeholders, p));
    let deductions = p.require(raw.deductions, &Key::of("deductions"), &section("deductions"));
    let deductions = deductions.and_then(|raw| deductions::deductions(raw, p));
    let schemes = schemes::schemes(raw.schemes.unwrap_or_default(), deductions.as_ref(), p);
    let in_sandbox = p.has(&Key::of("sandbox"));
    let benifex = match raw.benifex {
        Some(raw) => benifex::benifex(raw, in_sandbox, &placeholders, p),
        None => p.require(None, &Key::of("benifex"), &section("benifex")),
    };
    let oyster = raw.oyster.map(|raw| oyster::oyster(raw, in_sandbox, deductions.as_ref(), &placeholders, p));
    let benbase = raw.benbase.map(|raw| benbase::benbase(raw, in_sandbox, p));
    let crosswalk = raw.crosswalk.map(|raw| crosswalk::crosswalk(raw, p));
    let sandbox = raw.sandbox.map(|raw| sandbox::sandbox(raw, p));
    let rules = rules::rules(raw.rules.unwrap_or_default(), p);
    let guards = guards::guards(raw.guards.unwrap_or_default());
    let approval = approval::approval(raw.approval.unwrap_or_default(), p);
    let push = push::push(raw.push.unwrap_or_default(), p);
    let new_hires = starters_leavers::new_hires(raw.new_hires.unwrap_or_default(), p);
    let terminations = starters_leavers::terminations(raw.terminations.unwrap_or_default(), p);
    let report = report::report(raw.report.unwrap_or_default(), p);
    let name = name?;
    let state_dir = path(raw.state_dir).unwrap_or_else(|| PathBuf::from("state").join(&name));
    apart(&state_dir, &report.dir.join(&name), p);
    let (benifex, benifex_terms) = benifex?;
    Some(Job {
        file: file.to_owned(),
        state_dir,
        limits_dir: path(raw.limits_dir),
        anchor: path(raw.anchor),
        name,
        zone: zone?,
        payroll: payroll?,
        deductions: deductions?,
        schemes,
        benifex,
        benifex_terms,
        oyster: all_or_none(oyster)?,
        benbase: all_or_none(benbase)?,
        crosswalk: all_or_none(crosswalk)?,
        rules,
        guards,
        approval,
        push,
        new_hires,
        terminations,
        report,
        sandbox: all_or_none(sandbox)?,
        fingerprint,
    })
}

fn name(raw: Option<Text>, p: &mut Problems<'_>) -> Option<String> {
    let key = Key::of("name");
    let name = p.require(raw, &key, "a short name of the job, such as `acme`")?.0;
    let lawful = name.chars().all(|c| c.is_ascii_alphanumeric() || c == '-' || c == '_');
    if lawful && !name.starts_with(['-', '_']) && name.len() <= NAME_CHARS_MAX {
        return Some(name);
    }
    let expected = format!("expected letters, digits, `-` and `_`, at most {NAME_CHARS_MAX}, a letter or digit first");
    p.at(&key, format!("{expected}; found {}", shown(&name)));
    None
}

/// `UTC` unless the job says otherwise.
fn zone(raw: Option<Text>, p: &mut Problems<'_>) -> Option<Zone> {
    let Some(Quoted(written)) = raw else { return Some(Zone::UTC) };
    if let Some(zone) = Zone::find(&written) {
        return Some(zone);
    }
    let names = Zone::names();
    let names: Vec<&str> = names.iter().map(String::as_str).collect();
    let hint = near(&written, &names).map(|near| format!("did you mean `{near}`?"));
    let message = format!("expected a time zone, such as `America/New_York`, found {}", shown(&written));
    p.at_with_hint(&Key::of("zone"), message, hint);
    None
}

/// The usual ones unless the job lists its own.
fn placeholder_dates(raw: Option<Vec<Quoted<WrittenDate>>>) -> PlaceholderDates {
    raw.map_or_else(PlaceholderDates::default, |dates| dates.into_iter().map(|date| date.0).collect())
}

/// What each clears away in its own folder must never be the other's. Links are not followed: nothing is asked of the
/// disk here.
fn apart(state: &Path, reports: &Path, p: &mut Problems<'_>) {
    let (plain_state, plain_reports) = (plain(state), plain(reports));
    if plain_state.starts_with(&plain_reports) || plain_reports.starts_with(&plain_state) {
        let (state, reports) = (state.display(), reports.display());
        let message = format!("expected reports and state apart, but reports go to {reports} and state to {state}");
        p.at(&Key::of("report").then("dir"), format!("{message}; neither may be in the other"));
    }
}

/// A path from the root without `.` and `..`.
fn plain(path: &Path) -> PathBuf {
    let whole = std::path::absolute(path).unwrap_or_else(|_| path.to_owned());
    let mut plain = PathBuf::new();
    for part in whole.components() {
        match part {
            Component::ParentDir => {
                plain.pop();
            }
            part => plain.push(part),
        }
    }
    plain
}

/// A part that may be absent, but not wrong.
fn all_or_none<T>(part: Option<Option<T>>) -> Option<Option<T>> {
    match part {
        None => Some(None),
        Some(None) => None,
        valid => Some(valid.flatten()),
    }
}
