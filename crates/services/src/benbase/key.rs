//! Whether an API key belongs to the service that it is about to be sent to (contracts, B12).

use anyhow::bail;
use reqwest::Url;
use secrecy::{ExposeSecret, SecretString};

use crate::address::is_loopback;

const LIVE_PREFIX: &str = "live_sk_";
const SANDBOX_PREFIX: &str = "sandbox_sk_";
/// Domain of both servers; that of the sandbox has the word in its name.
const DOMAIN: &str = ".benbase.com";
const SANDBOX_WORD: &str = "sandbox";

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Environment {
    Live,
    Sandbox,
}

/// Fails for a live key in a sandboxed job; warns when key and host disagree. What is of neither kind passes: the
/// prefixes are a convention.
pub fn check(key: &SecretString, base_url: &str, sandboxed: bool) -> anyhow::Result<()> {
    let (key, host) = (environment_of_key(key), Url::parse(base_url).ok().and_then(|url| environment_of_host(&url)));
    if sandboxed && key == Some(Environment::Live) {
        bail!(
            "benbase.api_key starts with {LIVE_PREFIX}, but the job runs in a sandbox; expected a key that starts with \
             {SANDBOX_PREFIX}, or a job without [sandbox]"
        );
    }
    if disagree(key, host) {
        tracing::warn!(?key, ?host, "benbase.api_key and benbase.base_url seem to be of different kinds");
    }
    Ok(())
}

fn disagree(key: Option<Environment>, host: Option<Environment>) -> bool {
    key.zip(host).is_some_and(|(key, host)| key != host)
}

fn environment_of_key(key: &SecretString) -> Option<Environment> {
    let key = key.expose_secret().trim();
    match () {
        () if key.starts_with(LIVE_PREFIX) => Some(Environment::Live),
        () if key.starts_with(SANDBOX_PREFIX) => Some(Environment::Sandbox),
        () => None,
    }
}

fn environment_of_host(url: &Url) -> Option<Environment> {
    let host = url.host_str().unwrap_or("");
    match () {
        () if is_loopback(url) || host.contains(SANDBOX_WORD) => Some(Environment::Sandbox),
        () if host.ends_with(DOMAIN) => Some(Environment::Live),
        () => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const LIVE: &str = "https://embed.benbase.com/api";
    const SANDBOX: &str = "https://embed-sandbox.benbase.com/api";

    #[test]
    fn key_and_host_of_different_kinds_are_noticed() {
        for (key, url, expected) in [
            ("live_sk_1", LIVE, false),
            ("live_sk_1", SANDBOX, true),
            ("live_sk_1", "http://127.0.0.1:8080/api", true),
            ("sandbox_sk_1", SANDBOX, false),
            ("sandbox_sk_1", "http://localhost:1", false),
            ("sandbox_sk_1", LIVE, true),
            ("sandbox_sk_1", "https://gateway.example.com", false),
            ("live_sk_1", "https://gateway.example.com", false),
            ("other", LIVE, false),
        ] {
            let url: Url = url.parse().expect(url);
            assert_eq!(disagree(environment_of_key(&key.into()), environment_of_host(&url)), expected, "{key} {url}");
        }
    }

    #[test]
    fn only_a_live_key_in_a_sandboxed_job_is_refused() {
        for (key, url, sandboxed, passes) in [
            ("live_sk_hush", SANDBOX, true, false),
            ("live_sk_hush", LIVE, true, false),
            ("live_sk_hush", SANDBOX, false, true),
            ("sandbox_sk_hush", SANDBOX, true, true),
            ("sandbox_sk_hush", LIVE, false, true),
            ("hush", LIVE, true, true),
        ] {
            let outcome = check(&key.into(), url, sandboxed);
            assert_eq!(outcome.is_ok(), passes, "{key} {url} {sandboxed}");
            assert!(outcome.err().is_none_or(|error| !format!("{error:#}").contains("hush")));
        }
    }
}
