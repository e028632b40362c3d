//! The identity of a correction: its body and its evidence as canonical JSON, and the hash that an approval is bound
//! to.

use serde::{Deserialize, Serialize};

use super::{Correction, Payload, SecondLook};
use crate::hash::sha256_hex;

/// Between body and evidence in the hashed text; JSON escapes it, so neither can hold one.
const SEPARATOR: &str = "\u{1f}";

/// Fields of a change of address.
const ADDRESS_PARTS: [&str; 5] = ["addr_line1", "addr_line2", "city", "state", "zip"];

#[derive(Serialize)]
struct Evidence<'a> {
    authority: &'a str,
    changes: Vec<ChangeText<'a>>,
    findings: Vec<FindingText<'a>>,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    second_look: Vec<&'static str>,
}

#[derive(Serialize)]
struct ChangeText<'a> {
    field: &'a str,
    from: &'a str,
    to: &'a str,
}

#[derive(Serialize)]
struct FindingText<'a> {
    id: &'a str,
    code: &'static str,
}

/// SHA-256 of body and evidence, lower-case hex: it moves when what is sent or why it is sent moves.
pub fn hash(correction: &Correction) -> String {
    hash_texts(&payload_json(&correction.payload), &evidence_json(correction))
}

/// The same from the texts as stored, so that a stored item can be checked against its own hash.
pub fn hash_texts(payload_json: &str, evidence_json: &str) -> String {
    sha256_hex([payload_json, evidence_json].join(SEPARATOR))
}

/// The body exactly as it is sent: fields in the order of their types, absent ones left out.
pub fn payload_json(payload: &Payload) -> String {
    serde_json::to_string(payload).expect("a struct of texts has no value that JSON cannot hold")
}

/// Authority, changes, findings and, where there are any, the reasons for a second look (`{"authority", "changes":
/// [{field, from, to}], "findings": [{id, code}], "second_look": [reason]}`).
pub fn evidence_json(correction: &Correction) -> String {
    let changes = correction.changes.iter().map(|c| ChangeText { field: &c.field, from: &c.from, to: &c.to }).collect();
    let findings = correction.findings.iter().map(|(id, code)| FindingText { id, code: code.name() }).collect();
    let second_look = correction.second_look.iter().map(|mark| mark.reason()).collect();
    let evidence = Evidence { authority: &correction.authority, changes, findings, second_look };
    serde_json::to_string(&evidence).expect("a struct of texts has no value that JSON cannot hold")
}

/// Evidence as it is read back.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize)]
pub struct Stored {
    /// `payroll` or `benifex`.
    pub authority: String,
    pub changes: Vec<StoredChange>,
    pub findings: Vec<StoredFinding>,
    /// Reasons for a second look, see [`super::SecondLook`].
    #[serde(default)]
    pub second_look: Vec<String>,
}

/// See [`super::Change`].
#[derive(Clone, Debug, PartialEq, Eq, Deserialize)]
pub struct StoredChange {
    pub field: String,
    pub from: String,
    pub to: String,
}

#[derive(Clone, Debug, PartialEq, Eq, Deserialize)]
pub struct StoredFinding {
    pub id: String,
    pub code: String,
}

/// Reads stored evidence. Errors: a text that [`evidence_json`] did not write.
pub fn read(evidence_json: &str) -> serde_json::Result<Stored> {
    serde_json::from_str(evidence_json)
}

impl Stored {
    /// The same reasons for the same move as tonight's, but for marks that come and go with time alone.
    pub fn is_same_at_another_time(&self, tonight: &Stored, of_time: &[SecondLook]) -> bool {
        self.findings == tonight.findings && self.is_same_move(tonight) && self.marks_are(tonight, of_time)
    }

    /// The same for a change that is told in other words: what moves and from where is told by other fields or values
    /// then, of an address whose parts stand elsewhere.
    pub fn is_same_in_other_words(&self, tonight: &Stored, of_time: &[SecondLook]) -> bool {
        self.is_same_move_in_other_words(tonight)
            && self.findings == tonight.findings
            && self.marks_are(tonight, of_time)
    }

    fn is_same_move_in_other_words(&self, tonight: &Stored) -> bool {
        let from = |stored: &Stored| -> Vec<(String, String)> {
            let told = stored.changes.iter().filter(|change| !ADDRESS_PARTS.contains(&change.field.as_str()));
            told.map(|change| (change.field.clone(), change.from.clone())).collect()
        };
        self.authority == tonight.authority && from(self) == from(tonight)
    }

    /// Whether an approval on this evidence stands beside tonight's: the same move, no finding and no mark that the
    /// approver did not see. That a mark or a finding is gone, for the other source has followed, and that the period
    /// is over by now, is nothing to decide again; that the date is long ago by now is.
    pub fn covers(&self, tonight: &Stored) -> bool {
        self.is_same_move(tonight) && self.has_reasons_of(tonight)
    }

    /// The same for a change that is told in other words.
    pub fn covers_in_other_words(&self, tonight: &Stored) -> bool {
        self.is_same_move_in_other_words(tonight) && self.has_reasons_of(tonight)
    }

    fn has_reasons_of(&self, tonight: &Stored) -> bool {
        let seen = |mark: &String| self.second_look.contains(mark) || mark == SecondLook::EarlierPeriod.reason();
        tonight.findings.iter().all(|finding| self.findings.contains(finding)) && tonight.second_look.iter().all(seen)
    }

    /// The same move with no mark that was not there, whatever asks for it.
    pub fn is_same_change(&self, tonight: &Stored) -> bool {
        self.is_same_move(tonight) && tonight.second_look.iter().all(|mark| self.second_look.contains(mark))
    }

    fn is_same_move(&self, tonight: &Stored) -> bool {
        self.authority == tonight.authority && self.changes == tonight.changes
    }

    fn marks_are(&self, tonight: &Stored, of_time: &[SecondLook]) -> bool {
        let lasting = |marks: &[String]| -> Vec<String> {
            let of_time = |mark: &String| of_time.iter().any(|time| time.reason() == mark);
            marks.iter().filter(|mark| !of_time(mark)).cloned().collect()
        };
        lasting(&self.second_look) == lasting(&tonight.second_look)
    }
}

/// The findings of which an evidence text speaks; the rest of it is not looked at.
#[derive(Deserialize)]
struct Settles {
    findings: Vec<Settled>,
}

#[derive(Deserialize)]
struct Settled {
    id: String,
}

/// Ids of the findings that stored evidence names. Errors: a text that [`evidence_json`] did not write.
pub fn finding_ids(evidence_json: &str) -> serde_json::Result<Vec<String>> {
    let settles: Settles = serde_json::from_str(evidence_json)?;
    Ok(settles.findings.into_iter().map(|finding| finding.id).collect())
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::correction::{Change, CompensationChange};
    use crate::finding::Code;

    fn sample() -> Correction {
        let change = CompensationChange {
            employee_id: "emp_1".into(),
            pay_frequency: None,
            pay_rate: None,
            employment_status: Some("part_time".to_owned()),
        };
        Correction {
            employee_id: "00123".into(),
            payload: Payload::Compensation(change),
            changes: vec![Change {
                field: "employment_status".to_owned(),
                from: "full_time".to_owned(),
                to: "part_time".to_owned(),
            }],
            effective: None,
            second_look: Default::default(),
            yearly_difference: None,
            findings: vec![("0011223344556677".to_owned(), Code::CO04)],
            authority: "payroll".to_owned(),
        }
    }

    #[test]
    fn absent_fields_are_left_out_of_the_body() {
        assert_eq!(payload_json(&sample().payload), r#"{"employee_id":"emp_1","employment_status":"part_time"}"#);
        let back: Payload = serde_json::from_str(&payload_json(&sample().payload)).expect("our own JSON");
        assert_eq!(back, sample().payload);
    }

    #[test]
    fn the_hash_is_of_body_and_evidence_and_of_nothing_else() {
        let text = concat!(
            r#"{"employee_id":"emp_1","employment_status":"part_time"}"#,
            "\u{1f}",
            r#"{"authority":"payroll","changes":[{"field":"employment_status","from":"full_time","to":"part_time"}],"#,
            r#""findings":[{"id":"0011223344556677","code":"CO04"}]}"#
        );
        assert_eq!(hash(&sample()), sha256_hex(text));
        assert_eq!(hash(&sample()).len(), 64);
        let ids = finding_ids(&evidence_json(&sample())).expect("our own JSON");
        assert_eq!(ids, ["0011223344556677"]);
    }

    #[test]
    fn any_change_of_body_or_evidence_moves_the_hash() {
        let edits: [fn(&mut Correction); 4] = [
            |c| c.changes[0].from = "variable_hours".to_owned(),
            |c| c.findings[0].1 = Code::CO07,
            |c| c.authority = "benifex".to_owned(),
            |c| {
                if let Payload::Compensation(change) = &mut c.payload {
                    change.employee_id = "emp_2".into();
                }
            },
        ];
        for edit in edits {
            let mut other = sample();
            edit(&mut other);
            assert_ne!(hash(&other), hash(&sample()), "{other:?}");
        }
    }
}
