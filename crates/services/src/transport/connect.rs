//! The HTTP client of one service: time-outs, trust, and whether its connections are used again.

use anyhow::Context;
use reqwest::redirect::Policy;
use reqwest::tls::Certificate;
use reqwest::{Client, Url};

use crate::address;
use crate::install_tls;
use crate::settings::HttpLimits;

/// How this program names itself.
const USER_AGENT: &str = concat!("tieout/", env!("CARGO_PKG_VERSION"));
/// What becomes of a connection after its call.
pub(crate) enum Connections {
    /// It serves the next call, too.
    Kept,
    /// It is closed. A server may close a kept connection at the very moment at which the next request is written, and
    /// nobody can then tell whether that request arrived. Over a connection of its own, a failed connect proves that
    /// it was not sent, and a connection that breaks later is a fault of this call.
    Single,
}

/// Builds it; sends nothing.
pub(crate) fn client(limits: &HttpLimits, urls: &[Url], connections: Connections) -> anyhow::Result<Client> {
    install_tls();
    let idle_max = match connections {
        Connections::Kept => usize::MAX,
        Connections::Single => 0,
    };
    let mut builder = Client::builder()
        .user_agent(USER_AGENT)
        .redirect(Policy::none())
        .referer(false)
        // Repeating is ours to do and to count.
        .retry(reqwest::retry::never())
        .connect_timeout(limits.connect_timeout)
        .read_timeout(limits.read_timeout)
        .timeout(limits.total_timeout)
        .pool_max_idle_per_host(idle_max)
        .gzip(true);
    if urls.iter().all(address::is_loopback) {
        // A proxy would not reach this machine, and without TLS a missing bundle of authorities must not matter.
        builder = builder.no_proxy();
        if urls.iter().all(|url| url.scheme() == "http") {
            return builder.tls_certs_only([]).build().context("building the HTTP client");
        }
    }
    if let Some(file) = &limits.ca_file {
        let place = || format!("reading the certificate authority {}", file.display());
        let pem = std::fs::read(file).with_context(place)?;
        let certificates = Certificate::from_pem_bundle(&pem).with_context(place)?;
        anyhow::ensure!(!certificates.is_empty(), "{} holds no certificate; expected PEM", file.display());
        builder = builder.tls_certs_merge(certificates);
    }
    builder.build().context("building the HTTP client; does this machine have a bundle of certificate authorities?")
}
