//! What connections share: limits and addresses of a service, windows, time-outs, URLs that credentials may travel to,
//! and the credentials by reference.

use std::net::{Ipv4Addr, Ipv6Addr};
use std::time::Duration;

use serde::Deserialize;

use super::problems::Problems;
use super::text::checks::{Text, path, within};
use super::text::key::Key;
use super::text::table::tables;
use super::text::{Quoted, Reference};
use tieout_services::settings::{HttpLimits, RateWindow, SecretRef};

const CALLS_MAX: usize = 1_000_000;
const CONCURRENCY_MAX: usize = 256;
const ATTEMPTS_MAX: u32 = 20;
const CONNECT_SECONDS: u64 = 10;
const READ_SECONDS: u64 = 30;
const TOTAL_SECONDS: u64 = 60;
/// At least; else twice the longest window, since a service may refuse calls for as long as its window is.
const RETRY_SECONDS: u64 = 300;
const RETRIES_A_RUN: u32 = 500;
const ATTEMPTS: u32 = 5;
const BODY_BYTES: usize = 8 << 20;
const BODY_BYTES_LEAST: usize = 1 << 10;
const BODY_BYTES_MAX: usize = 1 << 30;

#[derive(Debug, Default, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct RawHttp {
    #[serde(deserialize_with = "tables")]
    pub windows: Option<Vec<RawWindow>>,
    pub concurrency: Option<usize>,
    pub connect_timeout: Option<Quoted<Duration>>,
    pub read_timeout: Option<Quoted<Duration>>,
    pub total_timeout: Option<Quoted<Duration>>,
    pub body_bytes_max: Option<usize>,
    pub attempts_max: Option<u32>,
    pub retry_time_max: Option<Quoted<Duration>>,
    pub retry_budget: Option<u32>,
    pub ca_file: Option<Text>,
}

#[derive(Debug, Default, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct RawWindow {
    pub calls: Option<usize>,
    pub per: Option<Quoted<Duration>>,
}

/// The limits of one service; `default_windows` and `concurrency` are its own.
pub fn http(
    raw: Option<RawHttp>,
    default_windows: &[RateWindow],
    concurrency: usize,
    section: &Key,
    p: &mut Problems<'_>,
) -> Option<HttpLimits> {
    let raw = raw.unwrap_or_default();
    let key = |name: &str| section.then(name);
    let seconds = |raw: Option<Quoted<Duration>>, default: u64, name: &str, p: &mut Problems<'_>| {
        let duration = raw.map_or(Duration::from_secs(default), |duration| duration.0);
        if duration.is_zero() {
            p.at(&key(name), "expected a duration above zero, found zero");
        }
        duration
    };
    let windows = windows(raw.windows, default_windows, &key("windows"), p).unwrap_or_default();
    let longest = windows.iter().map(|window| window.per).max().unwrap_or_default();
    let limits = HttpLimits {
        windows,
        concurrency: within(raw.concurrency, concurrency, 1..=CONCURRENCY_MAX, &key("concurrency"), p),
        connect_timeout: seconds(raw.connect_timeout, CONNECT_SECONDS, "connect_timeout", p),
        read_timeout: seconds(raw.read_timeout, READ_SECONDS, "read_timeout", p),
        total_timeout: seconds(raw.total_timeout, TOTAL_SECONDS, "total_timeout", p),
        body_bytes_max: within(
            raw.body_bytes_max,
            BODY_BYTES,
            BODY_BYTES_LEAST..=BODY_BYTES_MAX,
            &key("body_bytes_max"),
            p,
        ),
        attempts_max: within(raw.attempts_max, ATTEMPTS, 1..=ATTEMPTS_MAX, &key("attempts_max"), p),
        retry_time_max: seconds(raw.retry_time_max, RETRY_SECONDS.max(2 * longest.as_secs()), "retry_time_max", p),
        retry_budget: raw.retry_budget.unwrap_or(RETRIES_A_RUN),
        ca_file: path(raw.ca_file),
    };
    for (name, part) in [("connect_timeout", limits.connect_timeout), ("read_timeout", limits.read_timeout)] {
        if part > limits.total_timeout && (p.has(&key(name)) || p.has(&key("total_timeout"))) {
            let at = if p.has(&key("total_timeout")) { "total_timeout" } else { name };
            p.at(&key(at), format!("expected total_timeout to be at least {name}, found it shorter"));
        }
    }
    (!limits.windows.is_empty()).then_some(limits)
}

/// At least one window: a service without a limit is not called.
fn windows(
    raw: Option<Vec<RawWindow>>,
    default: &[RateWindow],
    key: &Key,
    p: &mut Problems<'_>,
) -> Option<Vec<RateWindow>> {
    let Some(written) = raw else { return Some(default.to_vec()) };
    if written.is_empty() {
        p.at(key, "expected at least one { calls = …, per = \"…\" }, found none");
    }
    let read: Vec<Option<RateWindow>> =
        written.iter().enumerate().map(|(i, raw)| window(raw, &key.item(i), p)).collect();
    read.into_iter().collect()
}

/// At most so many calls in any so long a time.
pub fn window(raw: &RawWindow, key: &Key, p: &mut Problems<'_>) -> Option<RateWindow> {
    let calls = p.require(raw.calls, &key.then("calls"), "the number of calls");
    let per = p.require(raw.per.as_ref(), &key.then("per"), "the length of the window, such as `60 s`");
    let calls = within(Some(calls?), 1, 1..=CALLS_MAX, &key.then("calls"), p);
    let per = per?.0;
    if per.is_zero() {
        p.at(&key.then("per"), "expected a duration above zero, found zero");
        return None;
    }
    Some(RateWindow { calls, per })
}

/// A URL without a trailing slash; empty in a sandbox, whose port is known only when it runs.
pub fn address(
    raw: Option<Text>,
    default: Option<&str>,
    in_sandbox: bool,
    key: &Key,
    p: &mut Problems<'_>,
) -> Option<String> {
    let written = raw.map(|text| text.0);
    if let Some(fault) = written.as_deref().and_then(url_fault) {
        // The URL is not repeated: a password could stand in it.
        p.at(key, format!("expected an address such as `https://api.example.com`, found {fault}"));
        return None;
    }
    if in_sandbox {
        return Some(String::new());
    }
    let url = p.require(written.or_else(|| default.map(str::to_owned)), key, "the service's address, `https://…`")?;
    Some(url.trim_end_matches('/').to_owned())
}

/// Why a text cannot be the address of a service: credentials travel in the clear only inside this machine.
fn url_fault(url: &str) -> Option<&'static str> {
    let (secure, rest) = match (url.strip_prefix("https://"), url.strip_prefix("http://")) {
        (Some(rest), _) => (true, rest),
        (_, Some(rest)) => (false, rest),
        _ => return Some("neither https:// nor http:// in front"),
    };
    let authority = rest.split('/').next().unwrap_or_default();
    let (host, port) = match authority.strip_prefix('[').and_then(|inner| inner.split_once(']')) {
        Some((host, port)) => (host, port.strip_prefix(':')),
        None => authority.split_once(':').map_or((authority, None), |(host, port)| (host, Some(port))),
    };
    let loopback = host == "localhost"
        || host.parse::<Ipv4Addr>().is_ok_and(|ip| ip.is_loopback())
        || host.parse::<Ipv6Addr>().is_ok_and(|ip| ip.is_loopback());
    if rest.contains('@') {
        Some("a user name or password in it; credentials are given by reference")
    } else if rest.contains(['?', '#', '\\']) || rest.contains(char::is_whitespace) {
        Some("a blank, `?`, `#` or `\\` in it")
    } else if host.is_empty() || port.is_some_and(|port| port.parse::<u16>().is_err()) {
        Some("no host, or a port that is no number")
    } else if !secure && !loopback {
        Some("http:// to another machine, where only https:// keeps the credentials secret")
    } else {
        None
    }
}

/// A reference; in a sandbox its own credential.
pub fn secret(raw: Option<Reference>, in_sandbox: bool, key: &Key, p: &mut Problems<'_>) -> Option<SecretRef> {
    if in_sandbox {
        return Some(SecretRef::Sandbox);
    }
    p.require(raw, key, "a reference, { env = \"NAME\" } or { file = \"path\" }").map(|reference| reference.0)
}
