//! URLs of a service: which ones are fit to carry a token, and how ids get into a path or a query.

use std::net::IpAddr;

use anyhow::{Context, bail, ensure};
use percent_encoding::{AsciiSet, NON_ALPHANUMERIC, utf8_percent_encode};
use reqwest::Url;

use crate::answer::error::ApiError;

/// Everything but the characters that no server reads a meaning into (RFC 3986, "unreserved").
const RESERVED: &AsciiSet = &NON_ALPHANUMERIC.remove(b'-').remove(b'.').remove(b'_').remove(b'~');

/// Checks a URL of the job. `key` names it in the error. Only HTTPS, or HTTP on this machine; no user, query or
/// fragment, since those may hold secrets or be lost. The URL comes back without a trailing slash.
pub(crate) fn checked(key: &str, text: &str) -> anyhow::Result<Url> {
    let mut url = Url::parse(text).with_context(|| format!("{key} is no URL; expected https://host[:port][/path]"))?;
    match url.scheme() {
        "https" => {}
        "http" if is_loopback(&url) => {}
        "http" => bail!("{key} starts with http://, which would send the token in the clear; write https://"),
        other => bail!("{key} starts with {other}:, expected https:"),
    }
    ensure!(url.host_str().is_some_and(|host| !host.is_empty()), "{key} names no host");
    ensure!(
        url.username().is_empty() && url.password().is_none(),
        "{key} holds a user or password; secrets go by reference"
    );
    ensure!(url.query().is_none() && url.fragment().is_none(), "{key} holds a `?` or `#`; write it without");
    let path = url.path().trim_end_matches('/').to_owned();
    url.set_path(&path);
    Ok(url)
}

/// Whether the host is this machine by its address or by the name `localhost`.
pub(crate) fn is_loopback(url: &Url) -> bool {
    let host = url.host_str().unwrap_or("").trim_start_matches('[').trim_end_matches(']');
    host.eq_ignore_ascii_case("localhost") || host.parse::<IpAddr>().is_ok_and(|ip| ip.is_loopback())
}

/// Whether two URLs reach the same server, and so count against the same limit.
pub(crate) fn same_server(a: &Url, b: &Url) -> bool {
    a.host_str() == b.host_str() && a.port_or_known_default() == b.port_or_known_default()
}

/// The same of two addresses of a job; `false` when one is no URL.
pub fn on_one_server(a: &str, b: &str) -> bool {
    matches!((Url::parse(a), Url::parse(b)), (Ok(a), Ok(b)) if same_server(&a, &b))
}

/// The server of an address, as scheme, host and port; blank when it is no URL.
pub fn server_of(url: &str) -> String {
    Url::parse(url).map(|url| url.origin().ascii_serialization()).unwrap_or_default()
}

/// A value for a query, encoded.
pub(crate) fn query_value(text: &str) -> String {
    utf8_percent_encode(text, RESERVED).to_string()
}

/// An id as one segment of a path, encoded. Blank ids and dot segments would address something else.
pub(crate) fn segment(id: &str) -> Result<String, ApiError> {
    match id {
        "" | "." | ".." => Err(ApiError::Unsendable { why: "an id that is blank or made of dots fits into no path" }),
        id => Ok(query_value(id)),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_https_or_this_machine_may_carry_a_token() {
        for good in ["https://api.example.com/base/", "http://127.0.0.1:8080", "http://[::1]:80", "http://localhost:1/"]
        {
            let url = checked("benifex.base_url", good).expect(good);
            assert!(!url.path().ends_with("//"), "{url}");
        }
        for bad in [
            "http://api.example.com",
            "http://127.0.0.1.example.com",
            "ftp://127.0.0.1",
            "https://user:secret@example.com",
            "https://example.com/?key=secret",
            "https://example.com/#x",
            "example.com",
            "",
        ] {
            let error = checked("benifex.base_url", bad).expect_err(bad);
            let shown = format!("{error:#}");
            assert!(shown.contains("benifex.base_url") && !shown.contains("secret@"), "{shown}");
        }
    }

    #[test]
    fn a_server_is_a_host_and_a_port() {
        let same = |a: &str, b: &str| same_server(&a.parse().expect(a), &b.parse().expect(b));
        assert!(same("https://a.example/x", "https://a.example:443/y"));
        assert!(!same("http://127.0.0.1:1", "http://127.0.0.1:2"));
        assert!(!same("https://a.example", "https://b.example"));
    }

    #[test]
    fn an_id_stays_one_segment() {
        assert_eq!(segment("_Life Insurance/2?é").expect("fits"), "_Life%20Insurance%2F2%3F%C3%A9");
        for bad in ["", ".", ".."] {
            assert!(segment(bad).is_err());
        }
    }
}
