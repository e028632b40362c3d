//! A request, read and understood as far as its path and body say what it is about.

use axum::body::to_bytes;
use axum::extract::Request;
use axum::http::header::AUTHORIZATION;
use serde::Deserialize;

use crate::benifex::employee_ids;
use crate::form;
use crate::oyster::Act;
use crate::route::Call;

/// Greatest request body, in bytes; a longer one counts as empty, which no operation takes.
const BODY_BYTES_MAX: usize = 1 << 20;

const CUSTOMER: &str = "x-oyster-customer-id";
const ACTOR: &str = "x-oyster-actor-email";

/// One request.
pub struct Incoming {
    pub call: Call,
    pub authorization: Option<String>,
    /// `X-Oyster-Customer-Id`
    pub customer: Option<String>,
    /// `X-Oyster-Actor-Email`
    pub actor: Option<String>,
    pub body: String,
    /// What tells this call from others of its template.
    pub key: String,
    /// Employees that it asks for or changes.
    pub employees: Vec<String>,
    /// Page of the list, from 0; Oyster's from 1.
    pub page: usize,
}

#[derive(Deserialize)]
struct ChangeHead {
    employee_id: String,
}

impl Incoming {
    /// Reads the body to its end.
    pub async fn read(request: Request, benefits_prefix: &str) -> Incoming {
        let (parts, body) = request.into_parts();
        let body = to_bytes(body, BODY_BYTES_MAX).await.unwrap_or_default();
        let body = String::from_utf8_lossy(&body).into_owned();
        let call = Call::of(&parts.method, parts.uri.path(), parts.uri.query().unwrap_or(""), benefits_prefix);
        let header = |name: &str| parts.headers.get(name).and_then(|value| value.to_str().ok()).map(str::to_owned);
        let authorization = header(AUTHORIZATION.as_str());
        let (customer, actor) = (header(CUSTOMER), header(ACTOR));
        let (mut key, mut employees, mut page) = (call.key(), Vec::new(), 0);
        match &call {
            Call::Users(query) => {
                let pairs = form::pairs(query);
                employees = employee_ids(&pairs);
                page = page_of(&pairs);
            }
            Call::Oyster(Act::List(query)) => page = page_of(&form::pairs(query)),
            Call::Change(_) => {
                employees.extend(serde_json::from_str(&body).ok().map(|head: ChangeHead| head.employee_id));
                key = employees.concat();
            }
            _ => {}
        }
        Incoming { call, authorization, customer, actor, body, key, employees, page }
    }

    /// Template and key.
    pub fn name(&self) -> String {
        format!("{} {}", self.call.template(), self.key).trim_end().to_owned()
    }
}

fn page_of(pairs: &[(String, String)]) -> usize {
    form::all(pairs, "page").next().and_then(|text| text.parse().ok()).unwrap_or(0)
}
