//! What the network brings: bodies read up to a limit and told from JSON, and failures on the way put into our terms.

use std::error::Error as _;

use reqwest::Response;
use serde::de::IgnoredAny;

use crate::answer::distrust;
use crate::answer::error::{ApiError, AttemptFault, Detail};
use crate::answer::refusal;
use crate::transport::link::Trouble;

/// Reads a body, unpacked, up to `limit` bytes.
pub(crate) async fn read_body(mut response: Response, limit: usize, body: &mut Vec<u8>) -> Result<(), Trouble> {
    while let Some(chunk) = response.chunk().await.map_err(broken_body)? {
        if body.len() + chunk.len() > limit {
            body.extend_from_slice(&chunk[..limit - body.len()]);
            return Err(Trouble::Final(ApiError::TooLarge { limit }));
        }
        body.extend_from_slice(&chunk);
    }
    Ok(())
}

pub(crate) fn broken_send(error: reqwest::Error) -> Trouble {
    if let Some(why) = distrust::reason(&error) {
        return Trouble::Final(ApiError::Untrusted { why, detail: chain(error) });
    }
    let fault = match () {
        () if error.is_connect() && is_of_name(&error) => AttemptFault::UnknownHost,
        () if error.is_connect() => AttemptFault::Connect,
        () if error.is_timeout() => AttemptFault::TimedOut,
        () => AttemptFault::Reset,
    };
    Trouble::Passing(fault, chain(error))
}

/// The library that connects tells the look-up of a name by these words alone.
const OF_NAME: &str = "dns error";

fn is_of_name(error: &reqwest::Error) -> bool {
    let mut causes = std::iter::successors(error.source(), |&cause| cause.source());
    causes.any(|cause| cause.to_string() == OF_NAME)
}

fn broken_body(error: reqwest::Error) -> Trouble {
    let fault = if error.is_timeout() { AttemptFault::TimedOut } else { AttemptFault::CutBody };
    Trouble::Passing(fault, chain(error))
}

/// The causes of a network fault, without the URL.
fn chain(error: reqwest::Error) -> Detail {
    refusal::masked(&format!("{:#}", anyhow::Error::new(error.without_url())))
}

pub(crate) fn names_json(content_type: &str) -> bool {
    let kind = content_type.split(';').next().unwrap_or("").trim().to_ascii_lowercase();
    kind == "application/json" || kind.ends_with("+json") || kind == "text/json"
}

pub(crate) fn is_valid_json(body: &[u8]) -> bool {
    std::str::from_utf8(body).is_ok_and(|text| serde_json::from_str::<IgnoredAny>(text).is_ok())
}
