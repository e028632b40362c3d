//! The way of an answer out, with what a fault does to it there.

use std::io;

use axum::body::{Body, Bytes};
use axum::http::HeaderValue;
use axum::http::header::CONTENT_LENGTH;
use axum::response::Response;
use futures_util::{StreamExt, stream};
use tokio::sync::watch;

use crate::answer::Answer;
use crate::connection::Connection;
use crate::faults::FaultKind;

/// What a proxy that lost its session would say.
const SIGN_IN_PAGE: &str =
    "<!DOCTYPE html><html><head><title>Sign in</title></head><body>Please sign in.</body></html>";

/// The answer as the fault leaves it.
pub async fn send(
    answer: Answer,
    fault: Option<FaultKind>,
    line: &Connection,
    stopped: watch::Receiver<bool>,
) -> Response {
    match fault {
        Some(FaultKind::Hang) => {
            is_set(stopped).await;
            broken(line)
        }
        Some(FaultKind::Reset | FaultKind::Lost) => broken(line),
        Some(FaultKind::Cut) => cut(answer),
        Some(FaultKind::BadJson) => Answer { body: half(&answer.body).to_owned(), ..answer }.into_response(),
        Some(FaultKind::Html) => {
            let body = SIGN_IN_PAGE.to_owned();
            let content_type = "text/html; charset=utf-8";
            Answer { status: 200, content_type, retry_after: None, deprecated: false, body }.into_response()
        }
        Some(FaultKind::Deprecated) => Answer { deprecated: true, ..answer }.into_response(),
        Some(
            FaultKind::Status { .. }
            | FaultKind::Slow(_)
            | FaultKind::DupRow
            | FaultKind::MovingTotal
            | FaultKind::Expire,
        )
        | None => answer.into_response(),
    }
}

/// Waits until the sandbox is told to stop.
pub async fn is_set(mut stopped: watch::Receiver<bool>) {
    // An error means that the sandbox itself is gone.
    drop(stopped.wait_for(|stop| *stop).await);
}

/// The first write of this response fails and takes the connection with it.
fn broken(line: &Connection) -> Response {
    line.reset();
    Response::new(Body::empty())
}

/// The headers promise all of the body; the stream breaks after half of it.
fn cut(answer: Answer) -> Response {
    let (length, first) = (answer.body.len(), Bytes::copy_from_slice(half(&answer.body).as_bytes()));
    let rest = stream::once(async {
        // The server sends what it has while the body waits, so the half goes out before the error.
        tokio::task::yield_now().await;
        Err(io::Error::other("cut by a fault"))
    });
    let mut response = Answer { body: String::new(), ..answer }.into_response();
    response.headers_mut().insert(CONTENT_LENGTH, HeaderValue::from(length));
    *response.body_mut() = Body::from_stream(stream::iter([Ok(first)]).chain(rest));
    response
}

/// The first half, at a character's border.
fn half(text: &str) -> &str {
    &text[..text.floor_char_boundary(text.len() / 2)]
}
