//! Body of a new hire, without the social security number: that one joins it only on its way out, so whatever stores,
//! hashes or shows a `NewHire` cannot give it away. Values stand as they are sent; `validate` checks them.

use std::fmt;

use secrecy::{ExposeSecret, SecretString};
use serde::{Deserialize, Serialize};

use super::ids::{EmployeeId, EmployerId};
use crate::correction::{Address, PayRate};

/// Digits of a social security number.
const SSN_DIGITS: usize = 9;
/// Digits of a phone number without the country code.
const PHONE_DIGITS: usize = 10;
/// Country code of the United States.
const US_PREFIX: &str = "1";

/// `POST /employee-changes/new-hire`. Optional fields that are blank are left out.
#[derive(Clone, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct NewHire {
    pub employer_id: EmployerId,
    pub employee_id: EmployeeId,
    pub first_name: String,
    pub last_name: String,
    /// `YYYY-MM-DD`, like all dates here.
    pub dob: String,
    /// Name of the employer. Required by the contract's table, though missing in its samples: always sent.
    pub employer: String,
    pub address: Address,
    pub hire_date: String,
    /// A personal address rather than one of work: benefits can outlast the job.
    pub email: String,
    #[serde(default, skip_serializing_if = "is_blank")]
    pub phone_number: Option<String>,
    #[serde(default, skip_serializing_if = "is_blank")]
    pub termination_date: Option<String>,
    /// `male` or `female`.
    #[serde(default, skip_serializing_if = "is_blank")]
    pub biological_sex: Option<String>,
    /// A week, as decimal text without trailing zeros: `40`, `37.5`.
    pub hours_worked: String,
    #[serde(default, skip_serializing_if = "is_blank")]
    pub pay_frequency: Option<String>,
    /// A list for the service; ours always has one entry.
    pub pay_rate: [PayRate; 1],
    /// `full_time` or `part_time`; unlike in a change of pay, hours cannot vary.
    pub employment_status: String,
    #[serde(default, skip_serializing_if = "is_blank")]
    pub job_title: Option<String>,
}

/// Nearly all of it is personal.
impl fmt::Debug for NewHire {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("NewHire(hidden)")
    }
}

fn is_blank(text: &Option<String>) -> bool {
    text.as_deref().is_none_or(|text| text.trim().is_empty())
}

/// A social security number. It can be sent, and nothing else: not shown, not compared, not stored.
#[derive(Clone)]
pub struct Ssn(SecretString);

impl Ssn {
    /// Takes nine digits, with or without dashes and blanks; `None` for anything else, which is then not sent.
    pub fn parse(text: &str) -> Option<Ssn> {
        let digits: String = text.trim().chars().filter(|c| !matches!(c, '-' | ' ')).collect();
        let whole = digits.len() == SSN_DIGITS && digits.bytes().all(|b| b.is_ascii_digit());
        whole.then(|| Ssn(format!("{}-{}-{}", &digits[..3], &digits[3..5], &digits[5..]).into()))
    }

    /// `123-45-6789`.
    pub(super) fn expose(&self) -> &str {
        self.0.expose_secret()
    }
}

impl fmt::Debug for Ssn {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Ssn(hidden)")
    }
}

/// A phone number as Benbase takes it: ten digits, the country code of the United States dropped. `None`: it cannot be
/// sent, and is left out.
pub fn phone_number(text: &str) -> Option<String> {
    let digits: String = text.chars().filter(char::is_ascii_digit).collect();
    let national = digits.strip_prefix(US_PREFIX).filter(|rest| rest.len() == PHONE_DIGITS).unwrap_or(&digits);
    (national.len() == PHONE_DIGITS).then(|| national.to_owned())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_social_security_number_has_nine_digits_and_is_never_shown() {
        for text in ["123-45-6789", "123456789", " 123 45 6789 "] {
            let ssn = Ssn::parse(text).expect(text);
            assert_eq!(ssn.expose(), "123-45-6789");
            assert!(!format!("{ssn:?}").contains("6789"));
        }
        for text in ["", "12-345-678", "1234567890", "123-45-678X", "***-**-6789", "١٢٣٤٥٦٧٨٩"] {
            assert!(Ssn::parse(text).is_none(), "{text}");
        }
    }

    #[test]
    fn a_phone_number_loses_its_marks_and_its_country_code() {
        for (text, expected) in [
            ("(555) 123-4567", Some("5551234567")),
            ("+1 555 123 4567", Some("5551234567")),
            ("1-555-123-4567", Some("5551234567")),
            ("1551234567", Some("1551234567")),
            ("+44 20 7946 0958", None),
            ("123-4567", None),
            ("", None),
        ] {
            assert_eq!(phone_number(text).as_deref(), expected, "{text}");
        }
    }
}
