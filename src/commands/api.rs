//! `tieout api`: one documented operation of a service and its answer as JSON, for a person who wants to see what the
//! service says. Reads only. The answer is personal data and goes to stdout, nowhere else.

use std::path::Path;

use anyhow::Context;
use tokio::sync::watch;

use crate::cli::{ApiVerb, BenifexVerb, OysterReadVerb};
use crate::outcome::{Exit, Failure, Outcome};
use tieout_model::ids::{BenifexUserId, EngagementId};
use tieout_services::ApiError;
use tieout_services::benifex::{BenifexClient, Operation};
use tieout_services::oyster::{self, OysterClient};

use super::services::Services;
use super::services::calls;
use super::{open, table};

/// What else a 404 of Oyster may mean.
const NOT_FOUND: &str =
    "Oyster says the same of what it does not show: check the id, the token's scope and oyster.customer_id";
/// Spaces a level.
const INDENT: usize = 2;

/// Asks for what the command line names and prints the answer.
pub fn run(verb: &ApiVerb) -> Outcome {
    let job = match verb {
        ApiVerb::Benifex(verb) => benifex_operation(verb).0,
        ApiVerb::Oyster(verb) => oyster_operation(verb).0,
    };
    let opened = open::job(job)?;
    let services = Services::start(&opened.job)?;
    let (_cancel, cancelled) = watch::channel(false);
    let sink = calls::sink();
    let answer = match verb {
        ApiVerb::Benifex(verb) => {
            let client = services.connect_benifex(sink, cancelled)?;
            services.runtime.block_on(benifex(&client, benifex_operation(verb).1))
        }
        ApiVerb::Oyster(verb) => {
            let client = services
                .connect_oyster(sink, cancelled)?
                .ok_or_else(|| Failure::input(anyhow::anyhow!("the job {} has no section [oyster]", job.display())))?;
            services.runtime.block_on(oyster(&client, oyster_operation(verb).1))
        }
    };
    let answer = answer.map_err(|error| {
        let refused = matches!(error.downcast_ref(), Some(ApiError::Credentials { .. }));
        Failure::new(if refused { Exit::Credentials } else { Exit::Unverified }, error)
    })?;
    services.stop();
    table::print(&answer);
    Ok(Exit::Done)
}

fn benifex_operation(verb: &BenifexVerb) -> (&Path, Operation) {
    let user = |user_id: &String| BenifexUserId::from(user_id.as_str());
    match verb {
        BenifexVerb::Users { job, employee_ids, page } => {
            (job, Operation::Users { ids: employee_ids.clone(), page: *page })
        }
        BenifexVerb::User { job, user_id } => (job, Operation::User { user_id: user(user_id) }),
        BenifexVerb::Summary { job, user_id } => (job, Operation::Summary { user_id: user(user_id) }),
        BenifexVerb::Details { job, user_id } => (job, Operation::Details { user_id: user(user_id) }),
        BenifexVerb::Benefit { job, user_id, benefit_key } => {
            (job, Operation::Benefit { user_id: user(user_id), key: benefit_key.clone() })
        }
    }
}

fn oyster_operation(verb: &OysterReadVerb) -> (&Path, oyster::Operation) {
    let id = |engagement_id: &String| EngagementId::from(engagement_id.as_str());
    match verb {
        OysterReadVerb::Engagements { job, page } => (job, oyster::Operation::Engagements { page: *page }),
        OysterReadVerb::Engagement { job, engagement_id } => {
            (job, oyster::Operation::Engagement { engagement_id: id(engagement_id) })
        }
        OysterReadVerb::Offerings { job, engagement_id } => {
            (job, oyster::Operation::Offerings { engagement_id: id(engagement_id) })
        }
        OysterReadVerb::Provisioning { job, engagement_id } => {
            (job, oyster::Operation::Provisioning { engagement_id: id(engagement_id) })
        }
        OysterReadVerb::Enrollments { job, engagement_id } => {
            (job, oyster::Operation::Enrollments { engagement_id: id(engagement_id) })
        }
        OysterReadVerb::Ruleset { job, engagement_id } => {
            (job, oyster::Operation::Ruleset { engagement_id: id(engagement_id) })
        }
    }
}

/// Sends one Oyster operation; gives its answer indented, numbers to the last digit.
pub async fn oyster(client: &OysterClient, operation: oyster::Operation) -> anyhow::Result<String> {
    let answer = client.raw(&operation).await.map_err(|error| match error {
        ApiError::NotFound { .. } => with_detail(error).context(NOT_FOUND),
        error => with_detail(error),
    });
    Ok(indented(answer.context("asking Oyster")?.get()))
}

/// Sends one Benifex operation; gives its answer indented, numbers to the last digit.
pub async fn benifex(client: &BenifexClient, operation: Operation) -> anyhow::Result<String> {
    let answer = client.raw(&operation).await.map_err(with_detail).context("asking Benifex")?;
    Ok(indented(answer.get()))
}

/// At the terminal of the one who asked, what the service said may be shown.
fn with_detail(error: ApiError) -> anyhow::Error {
    match error.detail().map(str::to_owned) {
        Some(detail) => anyhow::Error::msg(format!("it said: {detail}")).context(error),
        None => error.into(),
    }
}

/// Indents valid JSON without reading its numbers: through a float they would change.
fn indented(json: &str) -> String {
    let mut out = String::with_capacity(json.len() * 2);
    let (mut depth, mut in_string, mut escaped) = (0_usize, false, false);
    let mut tokens = json.chars().peekable();
    while let Some(c) = tokens.next() {
        if in_string {
            out.push(c);
            in_string = escaped || c != '"';
            escaped = c == '\\' && !escaped;
            continue;
        }
        match c {
            _ if c.is_ascii_whitespace() => {}
            '{' | '[' => {
                out.push(c);
                while tokens.next_if(char::is_ascii_whitespace).is_some() {}
                match tokens.next_if(|next| matches!(next, '}' | ']')) {
                    Some(close) => out.push(close),
                    None => {
                        depth += 1;
                        new_line(&mut out, depth);
                    }
                }
            }
            '}' | ']' => {
                depth = depth.saturating_sub(1);
                new_line(&mut out, depth);
                out.push(c);
            }
            ',' => {
                out.push(c);
                new_line(&mut out, depth);
            }
            ':' => out.push_str(": "),
            _ => {
                in_string = c == '"';
                out.push(c);
            }
        }
    }
    out
}

fn new_line(out: &mut String, depth: usize) {
    out.push('\n');
    out.extend(std::iter::repeat_n(' ', depth * INDENT));
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;
    use serde_json::Value;

    use super::*;

    #[test]
    fn json_is_indented_and_its_numbers_stay() {
        let json = r#"{"a":[1234567890123456.78,{ } ,[]],"b{":"x, \"y\": [\\","c":10.00}"#;
        let expected = "{\n  \"a\": [\n    1234567890123456.78,\n    {},\n    []\n  ],\n  \"b{\": \"x, \\\"y\\\": [\\\\\",\n  \"c\": 10.00\n}";
        assert_eq!(indented(json), expected);
    }

    fn any_json() -> impl Strategy<Value = Value> {
        let leaf = prop_oneof![
            Just(Value::Null),
            any::<bool>().prop_map(Value::from),
            any::<i64>().prop_map(Value::from),
            "\\PC{0,8}".prop_map(Value::from),
        ];
        leaf.prop_recursive(4, 40, 5, |inner| {
            prop_oneof![
                proptest::collection::vec(inner.clone(), 0..5).prop_map(Value::from),
                proptest::collection::btree_map("\\PC{0,5}", inner, 0..5).prop_map(Value::from_iter),
            ]
        })
    }

    proptest! {
        #[test]
        fn it_looks_as_the_usual_printer_makes_it(json in any_json()) {
            let text = json.to_string();
            prop_assert_eq!(indented(&text), serde_json::to_string_pretty(&json).expect("prints"));
        }
    }
}
