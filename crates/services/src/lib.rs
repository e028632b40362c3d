//! The clients of the services. `http` is the one transport that every call goes through; each service has a folder
//! with its operations and its wire types apart. What to call when, and what to keep, is decided elsewhere.

pub mod benbase;
pub mod benifex;
pub mod oyster;
pub mod settings;

mod address;
mod body;
mod call_log;
mod cancel;
mod connect;
mod deprecation;
mod distrust;
mod error;
mod http;
mod json;
mod limiter;
mod link;
mod message;
mod pace;
mod refusal;
mod retry;
mod sent;
mod slots;
mod token;
mod turnstile;
mod verdict;
mod write;

pub use address::{on_one_server, server_of};
pub use call_log::{CallRecord, CallSink, Clock};
pub use error::{ApiError, Detail, Fault, Place};
pub use limiter::{Wait, rest, time_for};
pub use retry::RetryPolicy;
pub use sent::Sent;
pub use slots::{OwnSlots, SlotNumber, Slots};
pub use token::{Credentials, TOKEN_TEMPLATE};

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
