//! The four changes that Benbase takes, one type each, and how they look on the wire. What to change, and when, is
//! decided elsewhere; sending is in `writer`.

use std::fmt;

use secrecy::{ExposeSecret, SecretString};
use serde::Serialize;

use crate::benbase::new_hire::Ssn;
use crate::benbase::redact::hide_values;
use tieout_model::correction::{CompensationChange, DemographicChange, NewHire, Payload, Termination};
use tieout_model::hash::sha256_hex;

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

/// One of the documented changes. They sort in the order in which those of one employee are sent.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Operation {
    NewHire,
    Demographic,
    Compensation,
    Termination,
}

impl Operation {
    /// Path under the base URL.
    pub fn path(self) -> &'static str {
        match self {
            Operation::NewHire => "/employee-changes/new-hire",
            Operation::Demographic => "/employee-changes/demographic",
            Operation::Compensation => "/employee-changes/compensation-change",
            Operation::Termination => "/employee-changes/termination",
        }
    }

    /// Whether sending it twice leaves Benbase as sending it once. A new hire may come to be two people.
    pub fn sets_state(self) -> bool {
        self != Operation::NewHire
    }
}

/// A change that can be sent.
#[derive(Clone)]
pub enum Change {
    NewHire {
        hire: Box<NewHire>,
        /// Only where the job wants it sent.
        ssn: Option<Ssn>,
    },
    Demographic(DemographicChange),
    Compensation(CompensationChange),
    Termination(Termination),
}

/// The body of a new hire as it goes out.
#[derive(Serialize)]
struct NewHireBody<'a> {
    #[serde(flatten)]
    hire: &'a NewHire,
    #[serde(skip_serializing_if = "Option::is_none")]
    ssn: Option<&'a str>,
}

impl Change {
    pub fn operation(&self) -> Operation {
        match self {
            Change::NewHire { .. } => Operation::NewHire,
            Change::Demographic(_) => Operation::Demographic,
            Change::Compensation(_) => Operation::Compensation,
            Change::Termination(_) => Operation::Termination,
        }
    }

    /// Benbase's id of the employee.
    pub fn employee_id(&self) -> &str {
        match self {
            Change::NewHire { hire, .. } => hire.employee_id.as_str(),
            Change::Demographic(change) => &change.employee_id,
            Change::Compensation(change) => &change.employee_id,
            Change::Termination(change) => change.employee_id.as_str(),
        }
    }

    /// The same for the same change: SHA-256 of operation, employee and body, the social security number aside.
    pub fn key(&self) -> String {
        sha256_hex(format!("{}\u{1f}{}\u{1f}{}", self.operation().path(), self.employee_id(), self.body_without_ssn()))
    }

    /// What a dry run prints: path and body, personal values hidden.
    pub fn preview(&self) -> String {
        let body = hide_values(self.body().expose_secret(), |key| SHOWN.contains(&key));
        format!("POST {}\n{body}", self.operation().path())
    }

    /// The body, byte for byte as it is sent.
    pub(super) fn body(&self) -> SecretString {
        match self {
            Change::NewHire { hire, ssn } => json(&NewHireBody { hire, ssn: ssn.as_ref().map(Ssn::expose) }).into(),
            _ => self.body_without_ssn().into(),
        }
    }

    fn body_without_ssn(&self) -> String {
        match self {
            Change::NewHire { hire, .. } => json(hire),
            Change::Demographic(change) => json(change),
            Change::Compensation(change) => json(change),
            Change::Termination(change) => json(change),
        }
    }
}

fn json(body: &impl Serialize) -> String {
    serde_json::to_string(body).expect("a struct of texts has no value that JSON cannot hold")
}

impl From<Payload> for Change {
    fn from(payload: Payload) -> Change {
        match payload {
            Payload::Compensation(change) => Change::Compensation(change),
            Payload::Demographic(change) => Change::Demographic(change),
            Payload::NewHire(hire) => Change::NewHire { hire, ssn: None },
            Payload::Termination(change) => Change::Termination(change),
        }
    }
}

/// The operation and nothing else: the rest is personal.
impl fmt::Debug for Change {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Change({:?})", self.operation())
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::benbase::samples;
    use tieout_model::correction::evidence::hash_texts;

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
        for (change, body) in samples::all().iter().zip(BODIES) {
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
        assert_eq!(samples::hire(hire).body().expose_secret(), BODIES[1].trim_end());
    }

    #[test]
    fn the_social_security_number_is_in_the_body_and_nowhere_else() {
        let change = samples::full_hire_with_ssn();
        assert!(change.body().expose_secret().contains("123-45-6789"));
        assert!(!change.body_without_ssn().contains("45-6789"));
        assert_eq!(change.key(), samples::hire(samples::full_hire()).key());
        let stored = serde_json::to_string(&samples::full_hire()).expect("JSON");
        assert_eq!(serde_json::from_str::<NewHire>(&stored).expect("our own JSON"), samples::full_hire());
    }

    #[test]
    fn nothing_personal_is_shown() {
        for change in samples::all() {
            let hidden_hire = samples::full_hire();
            for text in [format!("{change:?} {hidden_hire:?}"), change.preview(), change.key()] {
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
        assert_eq!(samples::compensation().preview(), expected);
        let hire = samples::full_hire_with_ssn().preview();
        assert!(hire.contains(r#""line1":"…","line2":"…","city":"…","state":"NY","zip_code":"…""#), "{hire}");
        assert!(hire.ends_with(r#""job_title":"…","ssn":"…"}"#), "{hire}");
    }

    #[test]
    fn a_key_is_of_operation_employee_and_body() {
        let keys: Vec<String> = samples::all().iter().map(Change::key).collect();
        let distinct: std::collections::BTreeSet<_> = keys.iter().collect();
        assert_eq!(distinct.len(), keys.len());
        assert!(keys.iter().all(|key| key.len() == 64));
        assert_eq!(samples::termination().key(), samples::termination().key());
        assert_ne!(samples::termination().key(), samples::termination_of(samples::EMPLOYEE, "2025-01-01").key());
    }

    /// In the order of the samples: payload hash with the evidence below, and key. Approvals and audit chains of existing
    /// state files are bound to them.
    const PINNED: [(&str, &str); 6] = [
        (
            "cd6898166b5e66f51aeca903b1372627d86b060f6998d4de286bfcc4268c9b37",
            "85854bdb6d76e7b6e66718fc595e03e6621b2efe45571e239050631ef2bb9985",
        ),
        (
            "04601877acb9a740dcd5869a4a4bfb5b71c1c21166e29bf4bb1d689dd3ec8e71",
            "fac88455eed54301bf96ba04480cceb4d0439369403476e284d64422ef71d164",
        ),
        (
            "a0c986a28956d7891eb0164a47db15a44d4b0111e1143a233e58938fb8215318",
            "e0d1ea5d47fdf986f386cf3d45395a60339a54be2f64ecd56dca9e7f6b5d99de",
        ),
        (
            "dc72239444abe1954122a672300e16d439e377522103833bbba4279602c177a2",
            "ab1cd6ba787e44667f2d402beb7999f3de0894e374c22beff2d42fdc4e9dc390",
        ),
        (
            "6cb65241501a970c55b60cb3fdf6802a09fcfcaf0363f172ec614058d9405fd0",
            "88c3fb7fa0074fd97be3ed43d9ff84f5fcd65c146d8edaa0827aed5da7240f78",
        ),
        (
            "b79439e28f158f0fa259a26c8571cc814ff0eb86b0c9ff3345428ce12b9cdb5f",
            "b0a2a7d45800ab6f45e05a0440b648045a28cf6d5a79ed5b5e5090ac4afad87d",
        ),
    ];
    const EVIDENCE: &str = concat!(
        r#"{"authority":"payroll","changes":[{"field":"f","from":"a","to":"b"}],"#,
        r#""findings":[{"id":"0011223344556677","code":"CO04"}]}"#,
    );

    #[test]
    fn payload_hashes_and_keys_of_existing_state_files_stay() {
        for (change, (payload_hash, key)) in samples::all().iter().zip(PINNED) {
            let stored = change.body_without_ssn();
            assert_eq!(hash_texts(&stored, EVIDENCE), payload_hash, "{change:?}");
            assert_eq!(change.key(), key, "{change:?}");
        }
    }

    #[test]
    fn changes_of_one_employee_sort_in_the_order_of_sending() {
        let mut operations: Vec<Operation> = samples::all().iter().rev().map(Change::operation).collect();
        operations.sort_unstable();
        operations.dedup();
        let order = [Operation::NewHire, Operation::Demographic, Operation::Compensation, Operation::Termination];
        assert_eq!(operations, order);
        assert_eq!(order.map(Operation::sets_state), [false, true, true, true]);
    }
}
