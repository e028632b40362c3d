//! Method and path → which documented operation is meant.

use axum::http::Method;

use super::form;

/// Path of Benifex's token endpoint.
pub const TOKEN_PATH: &str = "/oauth2/default/v1/token";
/// Where Benbase begins.
pub const BENBASE_PREFIX: &str = "/benbase";

/// An operation with what its path says.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Call {
    Token,
    /// The query as it came.
    Users(String),
    User(String),
    Summary(String),
    Details(String),
    Benefit {
        user: String,
        benefit: String,
    },
    Unknown,
}

/// Who answers, and so in which shape errors come.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Service {
    OAuth,
    Benifex,
}

impl Call {
    /// Finds the operation; paths that no contract knows are `Unknown`.
    pub fn of(method: &Method, path: &str, query: &str, benefits_prefix: &str) -> Call {
        if path == TOKEN_PATH && *method == Method::POST {
            return Call::Token;
        }
        if *method != Method::GET {
            return Call::Unknown;
        }
        plain(path, query).or_else(|| benefits(path.strip_prefix(benefits_prefix)?)).unwrap_or(Call::Unknown)
    }

    pub fn service(&self) -> Service {
        match self {
            Call::Token => Service::OAuth,
            _ => Service::Benifex,
        }
    }

    /// Method and path template, without the benefits prefix.
    pub fn template(&self) -> &'static str {
        match self {
            Call::Token => "POST /oauth2/default/v1/token",
            Call::Users(_) => "GET /users",
            Call::User(_) => "GET /users/{user-id}",
            Call::Summary(_) => "GET /users/{user-id}/benefits/summary",
            Call::Details(_) => "GET /users/{user-id}/benefits/details",
            Call::Benefit { .. } => "GET /users/{user-id}/benefits/{benefit-key}/summary",
            Call::Unknown => "unknown",
        }
    }

    /// What tells this call from others of its template.
    pub fn key(&self) -> String {
        match self {
            Call::Token | Call::Unknown => String::new(),
            Call::Users(key) | Call::User(key) | Call::Summary(key) | Call::Details(key) => key.clone(),
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
    fn only_the_configured_spelling_of_benefit_paths_is_found() {
        assert_eq!(get("/v2/users/u1/benefits/details", "/v2"), Call::Details("u1".into()));
        assert_eq!(get("/users/u1/benefits/details", "/v2"), Call::Unknown);
        assert_eq!(get("/v2/users/u1/benefits/details", ""), Call::Unknown);
        assert_eq!(get("/users/u1", "/v2"), Call::User("u1".into()));
        assert_eq!(get("/v2/users/u1", "/v2"), Call::Unknown);
    }

    #[test]
    fn other_methods_and_paths_are_unknown() {
        assert_eq!(Call::of(&Method::POST, "/users", "", ""), Call::Unknown);
        for path in ["/", "/users/", "/users/u1/benefits", "/users/u1/benefits/x", "/user"] {
            assert_eq!(get(path, ""), Call::Unknown, "{path}");
        }
    }
}
