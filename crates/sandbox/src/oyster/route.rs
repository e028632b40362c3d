//! Method and path → which Oyster operation is meant.

use axum::http::Method;

use crate::form;

/// Where Oyster begins.
pub const PREFIX: &str = "/oyster";
/// Its token endpoint.
pub const TOKEN_PATH: &str = "/oyster/oauth2/token";

/// An operation with what its path says.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Act {
    /// The list of engagements; the query as it came.
    List(String),
    Engagement(String),
    Offerings(String),
    Provisioning(String),
    Enrollments(String),
    Ruleset(String),
    /// Replaces the provisioning.
    Provision(String),
    /// Asks for one more plan.
    Request(String),
}

impl Act {
    /// `path` without the prefix.
    pub fn of(method: &Method, path: &str, query: &str) -> Option<Act> {
        let segments: Vec<&str> = path.strip_prefix('/')?.split('/').collect();
        let (get, put, post) = (*method == Method::GET, *method == Method::PUT, *method == Method::POST);
        match segments[..] {
            ["v1", "engagements"] if get => Some(Act::List(query.to_owned())),
            ["v1", "engagements", id] if get && !id.is_empty() => Some(Act::Engagement(form::decode(id))),
            ["v0.1", "benefits", "engagements", id, part] if !id.is_empty() => {
                let id = form::decode(id);
                match part {
                    "offerings" if get => Some(Act::Offerings(id)),
                    "provisioning" if get => Some(Act::Provisioning(id)),
                    "provisioning" if put => Some(Act::Provision(id)),
                    "enrollments" if get => Some(Act::Enrollments(id)),
                    "ruleset" if get => Some(Act::Ruleset(id)),
                    "requests" if post => Some(Act::Request(id)),
                    _ => None,
                }
            }
            _ => None,
        }
    }

    /// Method and path template.
    pub fn template(&self) -> &'static str {
        match self {
            Act::List(_) => "GET /oyster/v1/engagements",
            Act::Engagement(_) => "GET /oyster/v1/engagements/{engagement-id}",
            Act::Offerings(_) => "GET /oyster/v0.1/benefits/engagements/{engagement-id}/offerings",
            Act::Provisioning(_) => "GET /oyster/v0.1/benefits/engagements/{engagement-id}/provisioning",
            Act::Enrollments(_) => "GET /oyster/v0.1/benefits/engagements/{engagement-id}/enrollments",
            Act::Ruleset(_) => "GET /oyster/v0.1/benefits/engagements/{engagement-id}/ruleset",
            Act::Provision(_) => "PUT /oyster/v0.1/benefits/engagements/{engagement-id}/provisioning",
            Act::Request(_) => "POST /oyster/v0.1/benefits/engagements/{engagement-id}/requests",
        }
    }

    /// Engagement id, or the query of the list.
    pub fn key(&self) -> &str {
        match self {
            Act::List(key)
            | Act::Engagement(key)
            | Act::Offerings(key)
            | Act::Provisioning(key)
            | Act::Enrollments(key)
            | Act::Ruleset(key)
            | Act::Provision(key)
            | Act::Request(key) => key,
        }
    }

    /// The one engagement that it is about.
    pub fn engagement(&self) -> Option<&str> {
        (!matches!(self, Act::List(_))).then(|| self.key())
    }

    /// Name of a write in the journal; `None`: a read.
    pub fn write(&self) -> Option<&'static str> {
        match self {
            Act::Provision(_) => Some("provisioning"),
            Act::Request(_) => Some("requests"),
            _ => None,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn each_documented_path_is_found_with_its_method() {
        let of = |method, path: &str| Act::of(&method, path, "page=1");
        assert_eq!(of(Method::GET, "/v1/engagements"), Some(Act::List("page=1".into())));
        assert_eq!(of(Method::GET, "/v1/engagements/a%20b"), Some(Act::Engagement("a b".into())));
        let benefits = |part: &str| format!("/v0.1/benefits/engagements/E1/{part}");
        assert_eq!(of(Method::GET, &benefits("offerings")), Some(Act::Offerings("E1".into())));
        assert_eq!(of(Method::GET, &benefits("provisioning")), Some(Act::Provisioning("E1".into())));
        assert_eq!(of(Method::PUT, &benefits("provisioning")), Some(Act::Provision("E1".into())));
        assert_eq!(of(Method::GET, &benefits("enrollments")), Some(Act::Enrollments("E1".into())));
        assert_eq!(of(Method::GET, &benefits("ruleset")), Some(Act::Ruleset("E1".into())));
        assert_eq!(of(Method::POST, &benefits("requests")), Some(Act::Request("E1".into())));
    }

    #[test]
    fn other_methods_and_paths_are_not() {
        for (method, path) in [
            (Method::POST, "/v1/engagements"),
            (Method::GET, "/v1/engagements/"),
            (Method::POST, "/v0.1/benefits/engagements/E1/provisioning"),
            (Method::GET, "/v0.1/benefits/engagements/E1/requests"),
            (Method::GET, "/v0.1/benefits/engagements//offerings"),
            (Method::GET, "/v1/benefits/engagements/E1/offerings"),
            (Method::GET, "/v1"),
        ] {
            assert_eq!(Act::of(&method, path, ""), None, "{method} {path}");
        }
    }
}
