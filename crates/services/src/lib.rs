//! The clients of the services. `transport` is the one way that every call goes, `limit` keeps it within the limits,
//! `answer` reads what comes back; each service has a folder with its operations and its wire types apart. What to call
//! when, and what to keep, is decided elsewhere.

pub mod benbase;
pub mod benifex;
pub mod oyster;
pub mod recorded;
pub mod settings;

mod address;
mod answer;
mod limit;
mod transport;

pub use address::{on_one_server, server_of};
pub use answer::error::{ApiError, AttemptFault, Detail, RefusedBy};
pub use limit::limiter::{Wait, rest, time_for};
pub use limit::retry::RetryPolicy;
pub use limit::slots::{OwnSlots, SlotNumber, Slots};
pub use transport::call_log::{CallRecord, CallSink, Clock};
pub use transport::sent::Sent;
pub use transport::token::{Credentials, TOKEN_TEMPLATE};

/// Makes ring the process's cryptography for TLS, unless one was chosen already. Without one, building an HTTP client
/// panics.
pub fn install_tls() {
    if rustls::crypto::CryptoProvider::get_default().is_none() {
        // Somebody else may have been faster; then theirs serves as well.
        let _ = rustls::crypto::ring::default_provider().install_default();
    }
}

#[cfg(test)]
mod tests;
