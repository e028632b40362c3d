//! Method and path → which documented operation is meant.

use axum::http::Method;

use crate::benbase::Operation;
use crate::{form, oyster};

/// Path of Benifex's token endpoint.
pub const TOKEN_PATH: &str = "/oauth2/default/v1/token";
/// Moves Oyster's enrollments on; part of no service.
const ADVANCE_PATH: &str = "/sandbox/advance";
/// Where Benbase begins.
pub const BENBASE_PREFIX: &str = "/benbase";

/// An operation with what its path says.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Call {
    Token,
    OysterToken,
    Oyster(oyster::Act),
    /// Moves enrollments of Oyster on; the query as it came.
    Advance(String),
    /// The query as it came.
    Users(String),
    User(String),
    Summary(String),
    Details(String),
    Benefit {
        user: String,
        benefit: String,
    },
    Change(Operation),
    /// Status of an employer.
    Employer(String),
    /// No contract knows the path; the service that it would have been.
    Unknown(Service),
}

/// Who answers, and so in which shape errors come.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Service {
    OAuth,
    Benifex,
    Benbase,
    Oyster,
}

impl Call {
    /// Finds the operation; paths that no contract knows are `Unknown`.
    pub fn of(method: &Method, path: &str, query: &str, benefits_prefix: &str) -> Call {
        if path == TOKEN_PATH && *method == Method::POST {
            return Call::Token;
        }
        if *method == Method::POST && path == oyster::TOKEN_PATH {
            return Call::OysterToken;
        }
        if *method == Method::POST && path == ADVANCE_PATH {
            return Call::Advance(query.to_owned());
        }
        if let Some(path) = path.strip_prefix(oyster::PREFIX) {
            return oyster::Act::of(method, path, query).map_or(Call::Unknown(Service::Oyster), Call::Oyster);
        }
        if let Some(path) = path.strip_prefix(BENBASE_PREFIX) {
            return benbase(method, path).unwrap_or(Call::Unknown(Service::Benbase));
        }
        if *method != Method::GET {
            return Call::Unknown(Service::Benifex);
        }
        let found = plain(path, query).or_else(|| benefits(path.strip_prefix(benefits_prefix)?));
        found.unwrap_or(Call::Unknown(Service::Benifex))
    }

    pub fn service(&self) -> Service {
        match self {
            Call::Token | Call::OysterToken => Service::OAuth,
            Call::Oyster(_) | Call::Advance(_) => Service::Oyster,
            Call::Change(_) | Call::Employer(_) => Service::Benbase,
            Call::Unknown(service) => *service,
            Call::Users(_) | Call::User(_) | Call::Summary(_) | Call::Details(_) | Call::Benefit { .. } => {
                Service::Benifex
            }
        }
    }

    /// The user whose record or benefits are read.
    pub fn user(&self) -> Option<&String> {
        match self {
            Call::User(user) | Call::Summary(user) | Call::Details(user) | Call::Benefit { user, .. } => Some(user),
            _ => None,
        }
    }

    /// The Oyster engagement that it is about.
    pub fn engagement(&self) -> Option<&str> {
        match self {
            Call::Oyster(act) => act.engagement(),
            _ => None,
        }
    }

    /// A request for a token, of either service.
    pub fn is_token(&self) -> bool {
        matches!(self, Call::Token | Call::OysterToken)
    }

    /// Name of an Oyster write; `None`: anything else.
    pub fn oyster_write(&self) -> Option<&'static str> {
        match self {
            Call::Oyster(act) => act.write(),
            _ => None,
        }
    }

    /// Method and path template, without the benefits prefix.
    pub fn template(&self) -> &'static str {
        match self {
            Call::Token => "POST /oauth2/default/v1/token",
            Call::OysterToken => "POST /oyster/oauth2/token",
            Call::Oyster(act) => act.template(),
            Call::Advance(_) => "POST /sandbox/advance",
            Call::Users(_) => "GET /users",
            Call::User(_) => "GET /users/{user-id}",
            Call::Summary(_) => "GET /users/{user-id}/benefits/summary",
            Call::Details(_) => "GET /users/{user-id}/benefits/details",
            Call::Benefit { .. } => "GET /users/{user-id}/benefits/{benefit-key}/summary",
            Call::Change(Operation::NewHire) => "POST /employee-changes/new-hire",
            Call::Change(Operation::Termination) => "POST /employee-changes/termination",
            Call::Change(Operation::Demographic) => "POST /employee-changes/demographic",
            Call::Change(Operation::CompensationChange) => "POST /employee-changes/compensation-change",
            Call::Employer(_) => "GET /employer/{id}/status",
            Call::Unknown(_) => "unknown",
        }
    }

    /// What its path and query tell it from others of its template by.
    pub fn key(&self) -> String {
        match self {
            Call::Token | Call::OysterToken | Call::Advance(_) | Call::Change(_) | Call::Unknown(_) => String::new(),
            Call::Oyster(act) => act.key().to_owned(),
            Call::Users(key) | Call::User(key) | Call::Summary(key) | Call::Details(key) | Call::Employer(key) => {
                key.clone()
            }
            Call::Benefit { user, benefit } => format!("{user} {benefit}"),
        }
    }
}

fn plain(path: &str, query: &str) -> Option<Call> {
    let segments: Vec<&str> = path.strip_prefix('/')?.split('/').collect();
    match segments[..] {
        ["users"] => Some(Call::Users(query.to_owned())),
        ["users", user] if !user.is_empty() => Some(Call::User(form::decode(user))),
        _ => None,
    }
}

fn benefits(path: &str) -> Option<Call> {
    let segments: Vec<&str> = path.strip_prefix('/')?.split('/').collect();
    match segments[..] {
        ["users", user, "benefits", "summary"] => Some(Call::Summary(form::decode(user))),
        ["users", user, "benefits", "details"] => Some(Call::Details(form::decode(user))),
        ["users", user, "benefits", benefit, "summary"] => {
            Some(Call::Benefit { user: form::decode(user), benefit: form::decode(benefit) })
        }
        _ => None,
    }
}

fn benbase(method: &Method, path: &str) -> Option<Call> {
    let segments: Vec<&str> = path.strip_prefix('/')?.split('/').collect();
    match segments[..] {
        ["employee-changes", name] if *method == Method::POST => Operation::of(name).map(Call::Change),
        ["employer", id, "status"] if *method == Method::GET => Some(Call::Employer(form::decode(id))),
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn get(path: &str, prefix: &str) -> Call {
        Call::of(&Method::GET, path, "page=0", prefix)
    }

    #[test]
    fn each_documented_path_is_found() {
        assert_eq!(get("/users", ""), Call::Users("page=0".into()));
        assert_eq!(get("/users/u%201", ""), Call::User("u 1".into()));
        assert_eq!(get("/users/u1/benefits/summary", ""), Call::Summary("u1".into()));
        assert_eq!(get("/users/u1/benefits/details", ""), Call::Details("u1".into()));
        let one = Call::Benefit { user: "u1".into(), benefit: "_Life/A".into() };
        assert_eq!(get("/users/u1/benefits/_Life%2FA/summary", ""), one);
        assert_eq!(Call::of(&Method::POST, TOKEN_PATH, "", ""), Call::Token);
    }

    #[test]
    fn each_benbase_path_is_found() {
        let post = |path: &str| Call::of(&Method::POST, path, "", "");
        for operation in
            [Operation::NewHire, Operation::Termination, Operation::Demographic, Operation::CompensationChange]
        {
            assert_eq!(post(&format!("/benbase/employee-changes/{}", operation.name())), Call::Change(operation));
        }
        assert_eq!(post("/benbase/employee-changes/rehire"), Call::Unknown(Service::Benbase));
        assert_eq!(get("/benbase/employer/e%201/status", ""), Call::Employer("e 1".into()));
    }

    #[test]
    fn only_the_configured_spelling_of_benefit_paths_is_found() {
        assert_eq!(get("/v2/users/u1/benefits/details", "/v2"), Call::Details("u1".into()));
        assert_eq!(get("/users/u1/benefits/details", "/v2"), Call::Unknown(Service::Benifex));
        assert_eq!(get("/v2/users/u1/benefits/details", ""), Call::Unknown(Service::Benifex));
        assert_eq!(get("/users/u1", "/v2"), Call::User("u1".into()));
        assert_eq!(get("/v2/users/u1", "/v2"), Call::Unknown(Service::Benifex));
    }

    #[test]
    fn other_methods_and_paths_are_unknown() {
        assert_eq!(Call::of(&Method::POST, "/users", "", ""), Call::Unknown(Service::Benifex));
        assert_eq!(get("/benbase/employee-changes/new-hire", ""), Call::Unknown(Service::Benbase));
        for path in ["/", "/users/", "/users/u1/benefits", "/users/u1/benefits/x", "/user"] {
            assert_eq!(get(path, ""), Call::Unknown(Service::Benifex), "{path}");
        }
    }
}
