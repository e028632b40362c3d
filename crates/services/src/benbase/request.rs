//! A change as it goes out: its body, and the social security number that joins a new hire only here. What to change,
//! and when, is decided elsewhere; sending is in `writer`.

use std::fmt;

use secrecy::{ExposeSecret, SecretString};
use serde::Serialize;

use crate::benbase::new_hire::Ssn;
use crate::benbase::redact::hide_values;
use tieout_model::correction::{NewHire, Payload, payload_json};

/// Fields whose values a preview shows; all others are personal.
const SHOWN: [&str; 11] = [
    "effective_start",
    "employee_id",
    "employer",
    "employer_id",
    "employment_status",
    "hire_date",
    "hours_worked",
    "pay_frequency",
    "period",
    "state",
    "termination_date",
];

/// A change as it goes out.
#[derive(Clone)]
pub struct Request {
    payload: Payload,
    /// Of a new hire, where the job wants it sent.
    ssn: Option<Ssn>,
}

/// The body of a new hire as it goes out.
#[derive(Serialize)]
struct NewHireBody<'a> {
    #[serde(flatten)]
    hire: &'a NewHire,
    #[serde(skip_serializing_if = "Option::is_none")]
    ssn: Option<&'a str>,
}

impl From<Payload> for Request {
    fn from(payload: Payload) -> Request {
        Request { payload, ssn: None }
    }
}

impl Request {
    /// A new hire that carries its social security number.
    pub fn hire(hire: Box<NewHire>, ssn: Ssn) -> Request {
        Request { payload: Payload::NewHire(hire), ssn: Some(ssn) }
    }

    /// What is sent, the social security number aside.
    pub fn payload(&self) -> &Payload {
        &self.payload
    }

    /// What a dry run prints: path and body, personal values hidden.
    pub fn preview(&self) -> String {
        let body = hide_values(self.body().expose_secret(), |key| SHOWN.contains(&key));
        format!("POST {}\n{body}", self.payload.path())
    }

    /// The body, byte for byte as it is sent.
    pub(super) fn body(&self) -> SecretString {
        match &self.payload {
            Payload::NewHire(hire) => json(&NewHireBody { hire, ssn: self.ssn.as_ref().map(Ssn::expose) }).into(),
            payload => payload_json(payload).into(),
        }
    }
}

fn json(body: &impl Serialize) -> String {
    serde_json::to_string(body).expect("a struct of texts has no value that JSON cannot hold")
}

/// The kind and nothing else: the rest is personal.
impl fmt::Debug for Request {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Request({})", self.payload.kind().name())
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::benbase::samples;

    /// The contract's examples.
    const BODIES: [&str; 6] = [
        include_str!("golden/new_hire_full.json"),
        include_str!("golden/new_hire_minimal.json"),
        include_str!("golden/demographic.json"),
        include_str!("golden/compensation_full.json"),
        include_str!("golden/compensation_status_only.json"),
        include_str!("golden/termination.json"),
    ];
    /// Values of the examples that nobody may see.
    const PERSONAL: [&str; 10] =
        ["John", "Doe", "1990", "Main", "10001", "john.doe", "555123", "25.50", "75000", "45-6789"];

    #[test]
    fn each_body_is_the_example_of_the_contract() {
        for (change, body) in samples::all_requests().iter().zip(BODIES) {
            assert_eq!(change.body().expose_secret(), body.trim_end(), "{change:?}");
        }
    }

    #[test]
    fn optional_fields_that_are_blank_are_left_out() {
        let blank = Some(" ".to_owned());
        let hire = NewHire {
            phone_number: blank.clone(),
            termination_date: blank.clone(),
            biological_sex: Some(String::new()),
            pay_frequency: blank.clone(),
            job_title: blank,
            ..samples::minimal_hire()
        };
        assert_eq!(Request::from(samples::hire(hire)).body().expose_secret(), BODIES[1].trim_end());
    }

    #[test]
    fn the_social_security_number_is_in_the_body_and_nowhere_else() {
        let change = samples::full_hire_with_ssn();
        assert!(change.body().expose_secret().contains("123-45-6789"));
        assert!(!payload_json(change.payload()).contains("45-6789"));
        assert_eq!(change.payload().key(), samples::hire(samples::full_hire()).key());
        let stored = serde_json::to_string(&samples::full_hire()).expect("JSON");
        assert_eq!(serde_json::from_str::<NewHire>(&stored).expect("our own JSON"), samples::full_hire());
    }

    #[test]
    fn nothing_personal_is_shown() {
        for change in samples::all_requests() {
            let hidden_hire = samples::full_hire();
            for text in [format!("{change:?} {hidden_hire:?}"), change.preview(), change.payload().key()] {
                let found: Vec<_> = PERSONAL.iter().filter(|value| text.contains(**value)).collect();
                assert!(found.is_empty(), "{found:?} in {text}");
            }
        }
    }

    #[test]
    fn a_preview_shows_path_fields_and_what_is_not_personal() {
        let expected = concat!(
            "POST /employee-changes/compensation-change\n",
            r#"{"employee_id":"emp_LRgFZ2uXBSVsR6Q0g9Q54","pay_frequency":"biweekly","#,
            r#""pay_rate":{"amount":"…","period":"annually","effective_start":"2025-01-01"},"#,
            r#""employment_status":"full_time"}"#,
        );
        assert_eq!(Request::from(samples::compensation()).preview(), expected);
        let hire = samples::full_hire_with_ssn().preview();
        assert!(hire.contains(r#""line1":"…","line2":"…","city":"…","state":"NY","zip_code":"…""#), "{hire}");
        assert!(hire.ends_with(r#""job_title":"…","ssn":"…"}"#), "{hire}");
    }
}
