//! What is not in the stored body of a new hire: the social security number, which joins it only on its way out, and
//! the phone number in Benbase's form.

use std::fmt;

use secrecy::{ExposeSecret, SecretString};

/// Digits of a social security number.
const SSN_DIGITS: usize = 9;
/// Digits of a phone number without the country code.
const PHONE_DIGITS: usize = 10;
/// Country code of the United States.
const US_PREFIX: &str = "1";

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
