//! Benifex, Benbase and the sandbox, with the defaults for what the contracts leave open.

use std::collections::{BTreeMap, BTreeSet};
use std::time::Duration;

use super::key::Key;
use super::problems::Problems;
use super::raw::{RawBenbase, RawBenifex, RawSandbox, Text};
use super::text::{Quoted, Reference, shown};
use super::validate::{lower, map, path, text, trimmed, upper, within};
use super::validate_http::{address, http, window};
use super::{Benbase, Sandbox};
use tieout_model::dates::DateLayout;
use tieout_model::money::Currency;
use tieout_model::placeholder::PlaceholderDates;
use tieout_recon::settings::BenifexTerms;
use tieout_services::settings::{self, Benifex, EmployeeIdsStyle, RateWindow, SecretRef};

const TOKEN_URL: &str = "https://hub.onehub.global/oauth2/default/v1/token";
/// The connector's limit.
const BENIFEX_WINDOW: RateWindow = RateWindow { calls: 100, per: Duration::from_secs(60) };
const BENIFEX_CONCURRENCY: usize = 8;
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
const BATCH_MAX: usize = 1_000;
/// Layouts of `datesFormat` that the contract names.
const DATE_LAYOUTS: [&str; 7] =
    ["dd/MM/yyyy", "d MMMM yyyy", "MM/dd/yyyy", "yyyy-MM-dd", "DD/MM/YYYY", "MM/DD/YYYY", "YYYY-MM-DD"];

/// The Benifex connection. In a sandbox its URLs and credentials are those of the sandbox.
pub fn benifex(
    raw: RawBenifex,
    in_sandbox: bool,
    placeholder_dates: &PlaceholderDates,
    p: &mut Problems<'_>,
) -> Option<(Benifex, BenifexTerms)> {
    let section = Key::of("benifex");
    let key = |name: &str| section.then(name);
    let base_url = address(raw.base_url, None, in_sandbox, &key("base_url"), p);
    let token_url = address(raw.token_url, Some(TOKEN_URL), in_sandbox, &key("token_url"), p);
    let client_id = secret(raw.client_id, in_sandbox, &key("client_id"), p);
    let client_secret = secret(raw.client_secret, in_sandbox, &key("client_secret"), p);
    let benefit_status = map(raw.benefit_status, [], lower, |class| class, &key("benefit_status"), p);
    if benefit_status.is_empty() {
        p.missing_entries(
            &key("benefit_status"),
            "the service's words for live benefits, such as { ACTIVE = \"live\" }",
        );
    }
    let currency = |code: Quoted<Currency>| code.0;
    let http = http(raw.http, &[BENIFEX_WINDOW], BENIFEX_CONCURRENCY, &key("http"), p);
    let terms = BenifexTerms {
        benefit_status,
        salary_currency_by_pay_group: map(
            raw.salary_currency_by_pay_group,
            [],
            trimmed,
            currency,
            &key("salary_currency_by_pay_group"),
            p,
        ),
        salary_currency_by_country: map(
            raw.salary_currency_by_country,
            [],
            upper,
            currency,
            &key("salary_currency_by_country"),
            p,
        ),
        salary_basis_by_pay_group: map(
            raw.salary_basis_by_pay_group,
            [],
            trimmed,
            |basis| basis,
            &key("salary_basis_by_pay_group"),
            p,
        ),
        salary_basis: raw.salary_basis,
        part_time_pay: raw.part_time_pay,
    };
    let connection = Benifex {
        scope: text(raw.scope),
        benefits_prefix: prefix(raw.benefits_prefix, &key("benefits_prefix"), p),
        employee_ids_style: raw.employee_ids_style.unwrap_or(EmployeeIdsStyle::Comma),
        users_batch: within(raw.users_batch, 20, 1..=BATCH_MAX, &key("users_batch"), p),
        page_size: within(raw.page_size, 20, 1..=BATCH_MAX, &key("page_size"), p),
        first_page: within(raw.first_page, 0, 0..=1, &key("first_page"), p),
        date_layouts: map(raw.date_layouts, known_date_layouts(), trimmed, |layout| layout.0, &key("date_layouts"), p),
        placeholder_dates: placeholder_dates.clone(),
        base_url: base_url?,
        token_url: token_url?,
        client_id: client_id?,
        client_secret: client_secret?,
        http: http?,
    };
    Some((connection, terms))
}

fn known_date_layouts() -> BTreeMap<String, DateLayout> {
    DATE_LAYOUTS.iter().filter_map(|text| Some(((*text).to_owned(), DateLayout::parse(text).ok()?))).collect()
}

/// `""` or a path such as `/v2`.
fn prefix(raw: Option<String>, key: &Key, p: &mut Problems<'_>) -> String {
    let prefix = raw.unwrap_or_default();
    let lawful = prefix.starts_with('/')
        && !prefix.ends_with('/')
        && prefix.bytes().all(|b| b.is_ascii_alphanumeric() || b"/-_.".contains(&b));
    if !prefix.is_empty() && !lawful {
        p.at(key, format!("expected an empty text or a path such as `/v2`, found {}", shown(&prefix)));
    }
    prefix
}

/// Where corrections would go.
pub fn benbase(raw: RawBenbase, in_sandbox: bool, p: &mut Problems<'_>) -> Option<Benbase> {
    let section = Key::of("benbase");
    let key = |name: &str| section.then(name);
    let base_url = address(raw.base_url, None, in_sandbox, &key("base_url"), p);
    let api_key = secret(raw.api_key, in_sandbox, &key("api_key"), p);
    let employer_id = p.require(raw.employer_id, &key("employer_id"), "the employer's id, such as `emp_1234`");
    let countries = countries(raw.countries, &key("countries"), p);
    let http = http(raw.http, &[BENBASE_WINDOW], BENBASE_CONCURRENCY, &key("http"), p);
    let idempotency_header = header(raw.idempotency_header, &key("idempotency_header"), p);
    Some(Benbase {
        connection: settings::Benbase {
            base_url: base_url?,
            api_key: api_key?,
            employer_id: employer_id?.0.into(),
            idempotency_header,
            http: http?,
        },
        employer_name: text(raw.employer_name),
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

/// The world that is served instead of the network.
pub fn sandbox(raw: RawSandbox, p: &mut Problems<'_>) -> Option<Sandbox> {
    let section = Key::of("sandbox");
    let world = p.require(raw.world, &section.then("world"), "the folder of a world, such as `sample_data/world`");
    let limit = match raw.limit {
        Some(raw) => window(&raw, &section.then("limit"), p),
        None => Some(BENIFEX_WINDOW),
    };
    Some(Sandbox {
        world: path(world)?,
        baseline: path(raw.baseline),
        faults: raw.faults.filter(|spec| !spec.trim().is_empty()),
        limit: limit?,
        latency: raw.latency.map_or(Duration::ZERO, |latency| latency.0),
        clock: raw.clock.map(|clock| clock.0),
    })
}

/// A reference; in a sandbox its own credential.
pub fn secret(raw: Option<Reference>, in_sandbox: bool, key: &Key, p: &mut Problems<'_>) -> Option<SecretRef> {
    if in_sandbox {
        return Some(SecretRef::Sandbox);
    }
    p.require(raw, key, "a reference, { env = \"NAME\" } or { file = \"path\" }").map(|reference| reference.0)
}
