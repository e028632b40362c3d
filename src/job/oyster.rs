//! The section `[oyster]`: the connection and what its plans are to payroll, with the defaults for what the contract
//! leaves open, and what its plans, paths and switches must agree on.

use std::collections::{BTreeMap, BTreeSet};
use std::path::PathBuf;
use std::time::Duration;

use serde::Deserialize;

use super::deductions::benefit_is_known;
use super::http::{RawHttp, address, http, secret};
use super::problems::Problems;
use super::text::checks::{MapTo, Text, map, path, text, trimmed, upper, within};
use super::text::key::Key;
use super::text::table::table;
use super::text::{Quoted, Reference, shown};
use tieout_model::money::Money;
use tieout_model::placeholder::PlaceholderDates;
use tieout_model::share::Share;
use tieout_model::terms::ShareUnit;
use tieout_payroll::settings::Deductions;
use tieout_recon::settings::{OysterPlans, PricePeriod};
use tieout_services::settings::{self, OysterAuth, OysterPaths, OysterUnits, OysterWrites, RateWindow};

const BASE_URL: &str = "https://api.oysterhr.com";
const TOKEN_PATH: &str = "/oauth2/token";
/// Documented, a company: so many in five minutes, and a burst a second.
const WINDOWS: [RateWindow; 2] =
    [RateWindow { calls: 300, per: Duration::from_secs(300) }, RateWindow { calls: 40, per: Duration::from_secs(1) }];
const CONCURRENCY: usize = 4;
const PAGE_MAX: usize = 1_000;
const DAYS_MAX: i64 = 366;
const STUCK_DAYS: i64 = 30;
const REQUESTED_STUCK_DAYS: i64 = 14;
/// 10 %, in 1/10,000: a price is an estimate.
const ESTIMATE_SHARE: Share = Share::of_ten_thousandths(1_000);
const ESTIMATE_UNITS: i64 = 5;
/// Most items of a kind that one push may send.
const WRITES_MAX: u32 = 10_000;
/// In a path, where the id goes.
const ID_MARK: &str = "{engagement_id}";

#[derive(Debug, Default, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct RawOyster {
    pub base_url: Option<Text>,
    pub token_url: Option<Text>,
    pub client_id: Option<Reference>,
    pub client_secret: Option<Reference>,
    pub scope: Option<Text>,
    pub token: Option<Reference>,
    pub customer_id: Option<Text>,
    pub actor_email: Option<Text>,
    pub per_page: Option<usize>,
    #[serde(deserialize_with = "table")]
    pub paths: Option<RawOysterPaths>,
    #[serde(deserialize_with = "table")]
    pub units: Option<RawOysterUnits>,
    pub engaged_states: Option<Vec<Text>>,
    #[serde(deserialize_with = "table")]
    pub http: Option<RawHttp>,
    pub plans: MapTo<Text>,
    pub ignored_plans: MapTo<Text>,
    pub match_email: Option<bool>,
    pub price_period: Option<PricePeriod>,
    pub categories: MapTo<Text>,
    pub contractor_benefits: Option<Vec<Text>>,
    pub stuck_after_days: Option<i64>,
    pub requested_stuck_after_days: Option<i64>,
    pub estimate_tolerance_share: Option<Quoted<Share>>,
    pub estimate_tolerance: Option<Quoted<Money>>,
    pub detail_days_max: Option<i64>,
    pub opening_states: Option<Text>,
    #[serde(deserialize_with = "table")]
    pub writes: Option<RawOysterWrites>,
}

#[derive(Debug, Default, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct RawOysterPaths {
    pub engagements: Option<Text>,
    pub engagement: Option<Text>,
    pub offerings: Option<Text>,
    pub provisioning: Option<Text>,
    pub enrollments: Option<Text>,
    /// `""`: none.
    pub requests: Option<String>,
    /// `""`: none.
    pub ruleset: Option<String>,
}

#[derive(Debug, Default, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct RawOysterUnits {
    pub provisioning: Option<ShareUnit>,
    pub enrollments: Option<ShareUnit>,
    pub request: Option<ShareUnit>,
    pub request_answer: Option<ShareUnit>,
}

#[derive(Debug, Default, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct RawOysterWrites {
    pub provision: Option<bool>,
    pub provision_max: Option<u32>,
    pub request: Option<bool>,
    pub request_max: Option<u32>,
}

/// Oyster: its connection, and what its plans are to payroll.
#[derive(Clone, Debug)]
pub struct OysterSection {
    pub connection: settings::OysterAccess,
    pub plans: OysterPlans,
    /// Enrollment states with the day since which they are known, one JSON object a line, in the shape of
    /// `world/oyster/states.ndjson`: the opening balance of our history (the service gives no dates).
    pub opening_states: Option<PathBuf>,
}

/// The Oyster connection. In a sandbox its URLs and credentials are those of the sandbox. `deductions`: the valid
/// section, or `None` when it is wrong and what hangs on it is not looked at.
pub fn oyster(
    raw: RawOyster,
    in_sandbox: bool,
    deductions: Option<&Deductions>,
    placeholder_dates: &PlaceholderDates,
    p: &mut Problems<'_>,
) -> Option<OysterSection> {
    let section = Key::of("oyster");
    let key = |name: &str| section.then(name);
    let word = |text: Text| text.0;
    let header = |raw: Option<Text>, name: &str, p: &mut Problems<'_>| header_value(text(raw), &key(name), p);
    let customer_id = header(raw.customer_id, "customer_id", p);
    let actor_email = header(raw.actor_email, "actor_email", p);
    let paths = paths(raw.paths.unwrap_or_default(), &key("paths"), p);
    let http = http(raw.http, &WINDOWS, CONCURRENCY, &key("http"), p);
    let plans = map(raw.plans, [], trimmed, word, &key("plans"), p);
    let ignored_plans = map(raw.ignored_plans, [], trimmed, word, &key("ignored_plans"), p);
    plans_once(&plans, &ignored_plans, p);
    let categories = map(raw.categories, [], trimmed, |text| upper(&text.0), &key("categories"), p);
    let contractor_benefits = names(raw.contractor_benefits);
    if let Some(deductions) = deductions {
        benefits_are_known(deductions, &plans, &categories, &contractor_benefits, p);
    }
    let writes = writes(raw.writes.unwrap_or_default(), &paths, &key("writes"), p);
    let days = |raw, default, name: &str, p: &mut Problems<'_>| within(raw, default, 1..=DAYS_MAX, &key(name), p);
    let connection = connection(
        [raw.base_url, raw.token_url, raw.scope],
        [raw.client_id, raw.client_secret, raw.token],
        in_sandbox,
        p,
    );
    let (base_url, auth) = connection?;
    let plans = OysterPlans {
        plans,
        ignored_plans,
        match_email: raw.match_email.unwrap_or(false),
        price_period: raw.price_period.unwrap_or(PricePeriod::Month),
        categories,
        contractor_benefits,
        stuck_after_days: days(raw.stuck_after_days, STUCK_DAYS, "stuck_after_days", p),
        requested_stuck_after_days: days(
            raw.requested_stuck_after_days,
            REQUESTED_STUCK_DAYS,
            "requested_stuck_after_days",
            p,
        ),
        estimate_tolerance_share: raw.estimate_tolerance_share.map_or(ESTIMATE_SHARE, |Quoted(share)| share),
        estimate_tolerance: raw.estimate_tolerance.map_or(Money::units(ESTIMATE_UNITS), |amount| amount.0),
    };
    let connection = settings::OysterAccess {
        base_url,
        auth,
        customer_id,
        actor_email,
        paths,
        per_page: within(raw.per_page, 100, 1..=PAGE_MAX, &key("per_page"), p),
        units: units(raw.units.unwrap_or_default()),
        engaged_states: raw.engaged_states.unwrap_or_default().iter().map(|state| upper(&state.0)).collect(),
        detail_days_max: within(raw.detail_days_max, 0, 0..=DAYS_MAX, &key("detail_days_max"), p),
        placeholder_dates: placeholder_dates.clone(),
        writes,
        http: http?,
    };
    Some(OysterSection { connection, plans, opening_states: path(raw.opening_states) })
}

/// Base URL and proof of identity: either client credentials or a token that somebody else renews.
fn connection(
    [base_url, token_url, scope]: [Option<Text>; 3],
    [client_id, client_secret, token]: [Option<Reference>; 3],
    in_sandbox: bool,
    p: &mut Problems<'_>,
) -> Option<(String, OysterAuth)> {
    let key = |name: &str| Key::of("oyster").then(name);
    let alone = p.has(&key("token"));
    let beside = ["token_url", "client_id", "client_secret", "scope"].into_iter().filter(|name| p.has(&key(name)));
    let beside: Vec<&str> = beside.filter(|_| alone).collect();
    if !beside.is_empty() {
        let beside = beside.join(", ");
        p.at(&key("token"), format!("expected either a token or client credentials, found {beside} beside it"));
    }
    let base_url = address(base_url, Some(BASE_URL), in_sandbox, &key("base_url"), p);
    let default = base_url.as_deref().map(|base_url| format!("{base_url}{TOKEN_PATH}"));
    let token_url = address(token_url, default.as_deref().or(Some(BASE_URL)), in_sandbox, &key("token_url"), p);
    if alone && !in_sandbox {
        return Some((base_url?, OysterAuth::Bearer(token?.0)));
    }
    let client_id = secret(client_id, in_sandbox, &key("client_id"), p);
    let client_secret = secret(client_secret, in_sandbox, &key("client_secret"), p);
    let auth = OysterAuth::ClientCredentials {
        token_url: token_url?,
        client_id: client_id?,
        client_secret: client_secret?,
        scope: text(scope),
    };
    Some((base_url?, auth))
}

/// What fits into a header. It is not repeated: it may be an e-mail address.
fn header_value(value: Option<String>, key: &Key, p: &mut Problems<'_>) -> Option<String> {
    if value.as_deref().is_some_and(|value| !value.bytes().all(|byte| byte.is_ascii_graphic())) {
        p.at(key, "expected letters, digits and marks of ASCII without blanks, found others");
    }
    value
}

/// The contract's paths; the operations whose path is a guess stay off unless the job names one.
fn paths(raw: RawOysterPaths, section: &Key, p: &mut Problems<'_>) -> OysterPaths {
    let benefits = |last: &str| format!("/v0.1/benefits/engagements/{ID_MARK}/{last}");
    let mut one = |raw: Option<String>, default: String, name: &str, marks: &[usize]| {
        let written = raw.unwrap_or(default);
        if !is_path(&written) || !marks.contains(&written.matches(ID_MARK).count()) {
            let expected = match marks {
                [0] => "a path such as `/v1/engagements`",
                [1] => "a path with `{engagement_id}` in it once",
                _ => "a path, with `{engagement_id}` in it at most once",
            };
            p.at(&section.then(name), format!("expected {expected}, found {}", shown(&written)));
        }
        written
    };
    OysterPaths {
        engagements: one(text(raw.engagements), "/v1/engagements".to_owned(), "engagements", &[0]),
        engagement: one(text(raw.engagement), format!("/v1/engagements/{ID_MARK}"), "engagement", &[1]),
        offerings: one(text(raw.offerings), benefits("offerings"), "offerings", &[1]),
        provisioning: one(text(raw.provisioning), benefits("provisioning"), "provisioning", &[1]),
        enrollments: one(text(raw.enrollments), benefits("enrollments"), "enrollments", &[1]),
        requests: filled(raw.requests).map(|written| one(Some(written), String::new(), "requests", &[1])),
        ruleset: filled(raw.ruleset).map(|written| one(Some(written), String::new(), "ruleset", &[0, 1])),
    }
}

fn filled(raw: Option<String>) -> Option<String> {
    raw.map(|text| text.trim().to_owned()).filter(|text| !text.is_empty())
}

/// Segments of plain characters, none of them empty or made of dots; the mark of the id is one of them.
fn is_path(text: &str) -> bool {
    let plain = |segment: &str| {
        segment == ID_MARK
            || (segment.bytes().all(|b| b.is_ascii_alphanumeric() || b"-_.~".contains(&b))
                && segment.bytes().any(|b| b != b'.'))
    };
    text.strip_prefix('/').is_some_and(|rest| rest.split('/').all(plain))
}

fn units(raw: RawOysterUnits) -> OysterUnits {
    OysterUnits {
        provisioning: raw.provisioning.unwrap_or(ShareUnit::Fraction),
        enrollments: raw.enrollments.unwrap_or(ShareUnit::Percent),
        request: raw.request.unwrap_or(ShareUnit::Percent),
        request_answer: raw.request_answer.unwrap_or(ShareUnit::Fraction),
    }
}

fn plans_once(plans: &BTreeMap<String, String>, ignored: &BTreeMap<String, String>, p: &mut Problems<'_>) {
    for plan in ignored.keys().filter(|plan| plans.contains_key(*plan)) {
        let key = Key::of("oyster").then("ignored_plans").then(plan);
        p.at(&key, "expected a plan without a benefit, found it in oyster.plans too");
    }
}

fn names(raw: Option<Vec<Text>>) -> BTreeSet<String> {
    raw.unwrap_or_default().into_iter().map(|name| name.0).collect()
}

/// A benefit that payroll has no code for would never be compared; most likely it is a typo.
fn benefits_are_known(
    deductions: &Deductions,
    plans: &BTreeMap<String, String>,
    categories: &BTreeMap<String, String>,
    contractor_benefits: &BTreeSet<String>,
    p: &mut Problems<'_>,
) {
    let benefits: BTreeSet<&str> =
        deductions.benefits().chain(deductions.ignored_benefits.keys().map(String::as_str)).collect();
    let known: Vec<&str> = benefits.iter().copied().collect();
    let mut check = |key: Key, benefit: &str| benefit_is_known(benefit, &known, &key, p);
    let key = |name: &str| Key::of("oyster").then(name);
    plans.iter().for_each(|(plan, benefit)| check(key("plans").then(plan), benefit));
    categories.keys().for_each(|benefit| check(key("categories").then(benefit), benefit));
    contractor_benefits.iter().for_each(|benefit| check(key("contractor_benefits"), benefit));
}

/// Off unless switched on; what is on needs a cap, and a request needs its path.
fn writes(raw: RawOysterWrites, paths: &OysterPaths, section: &Key, p: &mut Problems<'_>) -> OysterWrites {
    let mut cap = |on: bool, written: Option<u32>, name: &str| {
        let key = section.then(name);
        if on && written.is_none() {
            p.missing(&key, "how many one push may send at most");
        }
        let least = u32::from(on);
        within(written, least, least..=WRITES_MAX, &key, p)
    };
    let (provision, request) = (raw.provision.unwrap_or(false), raw.request.unwrap_or(false));
    let provision_max = cap(provision, raw.provision_max, "provision_max");
    let request_max = cap(request, raw.request_max, "request_max");
    if request && paths.requests.is_none() {
        p.at(&section.then("request"), "expected oyster.paths.requests beside it, found none");
    }
    OysterWrites { provision, request, provision_max, request_max }
}
