//! Faults on demand, repeatable: what goes wrong, at which request, how often.
//!
//! A specification is a list of faults with `;` between them. Each fault is
//!
//! ```text
//! [SHARE%] KIND[@SELECTOR] [times=K]
//! ```
//!
//! | kind | what the client sees |
//! | --- | --- |
//! | `status:CODE` | that status (400 to 599) with the service's error body; `status:429:SECONDS` adds `Retry-After` |
//! | `slow:DURATION` | the right answer, later: `slow:200ms`, `slow:2s` |
//! | `hang` | no answer, the connection stays open |
//! | `reset` | the connection is reset before the answer |
//! | `cut` | headers with the full length, half of the body, then the end |
//! | `badjson` | half of the body as if it were all |
//! | `html` | a sign-in page with status 200 |
//! | `duprow` | list only: a row of the page before, or of this one, comes once more |
//! | `movingtotal` | list only: the count of all rows is too high, and another one on each page and read |
//! | `expire` | every token given out so far is void, from this request on |
//! | `deprecated` | the right answer with the headers of a deprecated endpoint |
//! | `lost` | the request is carried out, then the connection is reset |
//!
//! A write that meets `status`, `hang` or `reset` is not carried out; one that meets another kind is.
//!
//! | selector | which requests |
//! | --- | --- |
//! | `@N` | the Nth API request, from 1, of all services; token requests are not counted |
//! | `@token`, `@token:N` | token requests, Oyster's included; the Nth of them |
//! | `@post`, `@post:N` | Benbase changes; the Nth of them |
//! | `@oyster`, `@oyster:N` | Oyster requests; the Nth of them |
//! | `@write`, `@write:N` | Oyster's PUT and POST; the Nth of them |
//! | `@users` | the list of users |
//! | `@engagements` | the list of engagements |
//! | `@engagement:ID` | all Oyster requests about that engagement |
//! | `@user:ID` | all reads of that user |
//! | `@benefits:ID` | the benefit reads of that user |
//! | `@employee:ID` | lists that ask for that employee id, Benbase changes of that employee |
//!
//! Ids are percent-encoded where they hold `;`, `%` or blanks. Without a selector a fault needs a share and takes from
//! all API requests. A share (`2%`, `0.25%`) is drawn from the seed, the call and how often it came before, so the
//! order in which calls arrive does not matter. `times=K`: with a number, that request and the K − 1 after it (1 if not
//! given); otherwise the first K matches (without an end if not given). A request that is refused for its token or by
//! the limit meets no fault but `expire`, though it still counts as a match. Where several faults meet, delays add up
//! and the first of the other kinds wins.

use std::time::Duration;

mod parse;
mod pick;

pub(super) use pick::{Effects, FaultPlan, Request};

/// A valid specification. The default has no faults.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Faults(Vec<Fault>);

impl Faults {
    /// Reads a specification; blank text is no faults. The error says which part is wrong and what would be right.
    pub fn parse(text: &str) -> Result<Faults, String> {
        let parts = text.split(';').map(str::trim).filter(|part| !part.is_empty());
        parts.map(parse::fault).collect::<Result<Vec<_>, _>>().map(Faults)
    }
}

#[derive(Clone, Debug, PartialEq, Eq)]
struct Fault {
    kind: FaultKind,
    selector: Selector,
    /// In 1/10,000 of the matching requests; `None`: all of them.
    share: Option<u32>,
    times: Option<u64>,
}

/// What goes wrong.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum FaultKind {
    Status {
        code: u16,
        /// Seconds.
        retry_after: Option<u64>,
    },
    Slow(Duration),
    Hang,
    Reset,
    Cut,
    BadJson,
    Html,
    DupRow,
    MovingTotal,
    Expire,
    Deprecated,
    Lost,
}

#[derive(Clone, Debug, PartialEq, Eq)]
enum Selector {
    Any,
    Index(u64),
    Token(Option<u64>),
    Post(Option<u64>),
    Oyster(Option<u64>),
    Write(Option<u64>),
    Users,
    Engagements,
    Engagement(String),
    User(String),
    Benefits(String),
    Employee(String),
}
