//! The one transport that every call goes through: connection, token, line in front of the service, retries and call
//! log.

pub(crate) mod body;
pub(crate) mod call_log;
pub(crate) mod cancel;
pub(crate) mod connect;
pub(crate) mod http;
pub(crate) mod link;
pub(crate) mod message;
pub(crate) mod sent;
pub(crate) mod token;
pub(crate) mod write;
