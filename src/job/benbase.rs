//! The section `[benbase]`: where corrections would go, whom it covers and what it held at the start.

use std::collections::BTreeSet;
use std::path::PathBuf;
use std::time::Duration;

use serde::Deserialize;

use super::http::{RawHttp, address, http, secret};
use super::problems::Problems;
use super::text::checks::{Text, path, text, upper};
use super::text::key::Key;
use super::text::table::table;
use super::text::{Quoted, Reference, shown};
use tieout_recon::settings::UNITED_STATES;
use tieout_services::settings;
use tieout_services::settings::RateWindow;

/// No limit is documented; a careful one.
const BENBASE_WINDOW: RateWindow = RateWindow { calls: 5, per: Duration::from_secs(1) };
const BENBASE_CONCURRENCY: usize = 2;
/// Headers that each call has anyway.
const HEADERS_TAKEN: [&str; 10] = [
    "accept",
    "accept-encoding",
    "authorization",
    "connection",
    "content-length",
    "content-type",
    "expect",
    "host",
    "transfer-encoding",
    "user-agent",
];

#[derive(Debug, Default, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct RawBenbase {
    pub base_url: Option<Text>,
    pub api_key: Option<Reference>,
    pub employer_id: Option<Text>,
    pub employer_name: Option<Text>,
    pub countries: Option<Vec<Text>>,
    pub opening_ledger: Option<Text>,
    /// `""`: none.
    pub idempotency_header: Option<String>,
    #[serde(deserialize_with = "table")]
    pub http: Option<RawHttp>,
}

/// Benbase: its connection, whom it covers and what it held at the start.
#[derive(Clone, Debug)]
pub struct BenbaseSection {
    pub connection: settings::BenbaseAccess,
    /// As new hires carry it.
    pub employer_name: Option<String>,
    /// ISO country codes of the people that Benbase covers, in upper case.
    pub countries: BTreeSet<String>,
    /// The same, in each way in which payroll may write them.
    pub spelled: BTreeSet<String>,
    /// What Benbase held before the first push, one JSON object a line, in the shape of
    /// `world/benbase/employees.ndjson`: the opening balance of the ledger (the service has no read).
    pub opening_ledger: Option<PathBuf>,
}

/// Where corrections would go.
pub fn benbase(raw: RawBenbase, in_sandbox: bool, p: &mut Problems<'_>) -> Option<BenbaseSection> {
    let section = Key::of("benbase");
    let key = |name: &str| section.then(name);
    let base_url = address(raw.base_url, None, in_sandbox, &key("base_url"), p);
    let api_key = secret(raw.api_key, in_sandbox, &key("api_key"), p);
    let employer_id = p.require(raw.employer_id, &key("employer_id"), "the employer's id, such as `emp_1234`");
    let countries = countries(raw.countries, &key("countries"), p);
    let http = http(raw.http, &[BENBASE_WINDOW], BENBASE_CONCURRENCY, &key("http"), p);
    let idempotency_header = header(raw.idempotency_header, &key("idempotency_header"), p);
    Some(BenbaseSection {
        connection: settings::BenbaseAccess {
            base_url: base_url?,
            api_key: api_key?,
            employer_id: employer_id?.0.into(),
            idempotency_header,
            http: http?,
        },
        employer_name: text(raw.employer_name),
        spelled: spelled(&countries),
        countries,
        opening_ledger: path(raw.opening_ledger),
    })
}

/// `""` or a name that HTTP allows and that is not taken.
fn header(raw: Option<String>, key: &Key, p: &mut Problems<'_>) -> Option<String> {
    let name = raw.filter(|name| !name.is_empty())?;
    let lawful = name.bytes().all(|b| b.is_ascii_alphanumeric() || b == b'-' || b == b'_');
    if !lawful || HEADERS_TAKEN.iter().any(|taken| name.eq_ignore_ascii_case(taken)) {
        p.at(key, format!("expected an empty text or a header such as `Idempotency-Key`, found {}", shown(&name)));
    }
    Some(name)
}

/// The United States have more names than their code.
fn spelled(countries: &BTreeSet<String>) -> BTreeSet<String> {
    let covers = countries.contains(UNITED_STATES[0]);
    let names = UNITED_STATES.iter().filter(|_| covers).map(|name| (*name).to_owned());
    countries.iter().cloned().chain(names).collect()
}

/// Benbase knows the United States only, so they are the default.
fn countries(raw: Option<Vec<Text>>, key: &Key, p: &mut Problems<'_>) -> BTreeSet<String> {
    let Some(written) = raw else { return BTreeSet::from(["US".to_owned()]) };
    if written.is_empty() {
        p.at(key, "expected at least one country, found none");
    }
    for (i, Quoted(country)) in written.iter().enumerate() {
        if country.len() != 2 || !country.bytes().all(|b| b.is_ascii_alphabetic()) {
            p.at(&key.item(i), format!("expected an ISO country code of two letters, found {}", shown(country)));
        }
    }
    written.iter().map(|country| upper(&country.0)).collect()
}
