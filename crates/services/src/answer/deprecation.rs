//! What a service says about the end of an endpoint: the headers `Deprecation` and `Sunset`, a `Link` to a notice, or
//! `meta.deprecation` in the answer. Told once an endpoint in the log, which somebody reads long before that day; calls
//! go on meanwhile.

use std::collections::BTreeSet;
use std::sync::{Mutex, PoisonError};

use chrono::{DateTime, NaiveDate, Utc};
use reqwest::header::{HeaderMap, LINK};
use serde::Deserialize;
use serde_json::Value;
use serde_json::value::RawValue;

/// In a body, before it is worth reading for a notice.
const MARK: &[u8] = b"\"deprecation\"";

/// The endpoints that were told of already, by path template.
#[derive(Debug, Default)]
pub(crate) struct Deprecations(Mutex<BTreeSet<String>>);

/// When an endpoint is deprecated and when it ends, as far as the service says it in a form that can be read.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
struct Notice {
    since: Option<NaiveDate>,
    sunset: Option<NaiveDate>,
}

#[derive(Deserialize)]
struct Body {
    meta: Option<Meta>,
}

#[derive(Deserialize)]
struct Meta {
    deprecation: Option<Box<RawValue>>,
}

impl Deprecations {
    /// Looks for a notice in the head of an answer.
    pub fn look_at_head(&self, service: &str, template: &str, headers: &HeaderMap) {
        if let Some(notice) = in_head(headers) {
            self.tell(service, template, &notice);
        }
    }

    /// Looks for a notice in its body.
    pub fn look_at_body(&self, service: &str, template: &str, body: &[u8]) {
        if let Some(notice) = in_body(body) {
            self.tell(service, template, &notice);
        }
    }

    fn tell(&self, service: &str, template: &str, notice: &Notice) {
        if !self.is_news(template) {
            return;
        }
        let day = |day: Option<NaiveDate>| day.map_or_else(|| "not stated".to_owned(), |day| day.to_string());
        let (since, sunset) = (day(notice.since), day(notice.sunset));
        tracing::warn!(service, path = template, since, sunset, "the service announces the end of this endpoint");
    }

    fn is_news(&self, template: &str) -> bool {
        // Nothing under the lock can panic half-way.
        let mut told = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        !told.contains(template) && told.insert(template.to_owned())
    }
}

fn in_head(headers: &HeaderMap) -> Option<Notice> {
    let text = |name: &str| headers.get(name).and_then(|value| value.to_str().ok());
    let linked = headers.get_all(LINK).iter().filter_map(|value| value.to_str().ok());
    let is_linked = linked.flat_map(|link| link.split(';')).any(|part| {
        let part = part.trim().to_ascii_lowercase().replace('"', "");
        part.strip_prefix("rel=").is_some_and(|rel| rel.split([' ', ',']).any(|word| word == "deprecation"))
    });
    let is_there = is_linked || headers.contains_key("deprecation") || headers.contains_key("sunset");
    is_there.then(|| Notice {
        since: text("deprecation").and_then(unix_day),
        sunset: text("sunset").and_then(|date| httpdate::parse_http_date(date.trim()).ok()).map(day_of),
    })
}

/// `@1767225600`.
fn unix_day(text: &str) -> Option<NaiveDate> {
    let seconds = text.trim().strip_prefix('@')?.parse().ok()?;
    DateTime::from_timestamp(seconds, 0).map(|at| at.date_naive())
}

fn day_of(at: std::time::SystemTime) -> NaiveDate {
    DateTime::<Utc>::from(at).date_naive()
}

fn in_body(body: &[u8]) -> Option<Notice> {
    if !body.windows(MARK.len()).any(|part| part == MARK) {
        return None;
    }
    let stated = serde_json::from_slice::<Body>(body).ok()?.meta?.deprecation?;
    let stated: Value = serde_json::from_str(stated.get()).ok()?;
    let day = |name: &str| DateTime::parse_from_rfc3339(stated[name].as_str()?).ok().map(|at| at.to_utc().date_naive());
    let is_notice = stated.as_object().is_some_and(|fields| !fields.is_empty());
    is_notice.then(|| Notice { since: day("at"), sunset: day("sunset") })
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;
    use reqwest::header::{HeaderName, HeaderValue};

    use super::*;

    fn day(text: &str) -> Option<NaiveDate> {
        text.parse().ok()
    }

    fn head(pairs: &[(&'static str, &'static str)]) -> HeaderMap {
        let pair = |(name, value): &(&'static str, &'static str)| {
            (HeaderName::from_static(name), HeaderValue::from_static(value))
        };
        pairs.iter().map(pair).collect()
    }

    #[test]
    fn a_notice_is_read_from_the_head() {
        let both = head(&[("deprecation", "@1767225600"), ("sunset", "Tue, 30 Jun 2026 23:59:59 GMT")]);
        assert_eq!(in_head(&both), Some(Notice { since: day("2026-01-01"), sunset: day("2026-06-30") }));
        let linked = head(&[("link", "<https://o.example/x>; rel=\"deprecation\"; type=\"text/html\"")]);
        assert_eq!(in_head(&linked), Some(Notice::default()));
        assert_eq!(in_head(&head(&[("deprecation", "true")])), Some(Notice::default()));
        assert_eq!(in_head(&head(&[("link", "<https://o.example/?page=2>; rel=\"next\"")])), None);
        assert_eq!(in_head(&head(&[])), None);
    }

    #[test]
    fn a_notice_is_read_from_the_body_and_nothing_else_is_one() {
        let body = br#"{"data":[],"meta":{"deprecation":{"at":"2026-01-01T00:00:00Z","sunset":"2026-06-30T23:59:59Z","link":{"rel":"deprecation"}}}}"#;
        assert_eq!(in_body(body), Some(Notice { since: day("2026-01-01"), sunset: day("2026-06-30") }));
        assert_eq!(in_body(br#"{"meta":{"deprecation":{"at":1}}}"#), Some(Notice::default()));
        for plain in [
            &br#"{"data":{"deprecation":{"at":1}}}"#[..],
            br#"{"meta":{"deprecation":null}}"#,
            br#"{"meta":{"deprecation":{}}}"#,
            br#"{"meta":{"deprecation":"#,
            b"[]",
        ] {
            assert_eq!(in_body(plain), None);
        }
    }

    #[test]
    fn an_endpoint_is_told_of_once() {
        let told = Deprecations::default();
        let asked = ["/a", "/b", "/a", "/a", "/b"].map(|template| told.is_news(template));
        assert_eq!(asked, [true, true, false, false, false]);
    }

    proptest! {
        #[test]
        fn any_body_is_looked_at(text in "\\PC{0,60}|\\{\"meta\":\\{\"deprecation\":\\PC{0,20}") {
            let _ = in_body(text.as_bytes());
        }
    }
}
