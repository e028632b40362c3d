//! ZIP codes as people and spreadsheets write them: with or without the dash of the last four digits, and without the
//! zeros with which those of the north-east begin.

use crate::states::state_code;

/// Digits of a ZIP code, and of its extension.
const ZIP5: usize = 5;
const PLUS4: usize = 4;

/// Digits that are left of a code that lost its zeros.
const WITHOUT_ZEROS: [usize; 2] = [4, 3];

/// Whose ZIP codes begin with 0; New York has two such codes.
const STATES_OF_ZERO: [&str; 7] = ["CT", "MA", "ME", "NH", "NJ", "RI", "VT"];

/// The five digits and the four, each as written; `None`: no ZIP code, whatever zeros it lost.
fn digits(zip: &str) -> Option<(String, String)> {
    let plain: String = zip.chars().filter(|c| !c.is_whitespace()).collect();
    let (head, plus) = match plain.split_once('-') {
        Some((head, plus)) if plus.is_empty() || plus.len() == PLUS4 => (head, plus),
        Some(_) => return None,
        None => plain
            .split_at_checked(plain.len().wrapping_sub(PLUS4))
            .filter(|_| plain.len() > ZIP5)
            .unwrap_or((&plain, "")),
    };
    let all_digits = head.bytes().chain(plus.bytes()).all(|byte| byte.is_ascii_digit());
    let length = head.len() == ZIP5 || WITHOUT_ZEROS.contains(&head.len());
    (all_digits && length).then(|| (head.to_owned(), plus.to_owned()))
}

/// The five digits of a ZIP code with the zeros that it lost; of anything else its first five characters in upper case,
/// blanks aside.
pub fn zip5(zip: &str) -> String {
    match digits(zip) {
        Some((head, _)) => format!("{head:0>ZIP5$}"),
        None => zip.chars().filter(|c| !c.is_whitespace()).take(ZIP5).flat_map(char::to_uppercase).collect(),
    }
}

/// A ZIP code as it is sent: five digits, or five and four with a dash. Zeros that it lost are put back where the codes
/// of the state begin with them; whatever else is no ZIP code stays as it is.
pub fn full_zip(zip: &str, state: &str) -> String {
    let zip = zip.trim();
    let begins_with_zero = STATES_OF_ZERO.contains(&state_code(state).as_str());
    match digits(zip).filter(|(head, _)| head.len() == ZIP5 || (head.len() + 1 == ZIP5 && begins_with_zero)) {
        Some((head, plus)) if plus.is_empty() => format!("{head:0>ZIP5$}"),
        Some((head, plus)) => format!("{head:0>ZIP5$}-{plus}"),
        None => zip.to_owned(),
    }
}

/// Both ZIP codes are there and their first five digits are not the same.
pub fn zips_differ(a: Option<&str>, b: Option<&str>) -> bool {
    matches!((a, b), (Some(a), Some(b)) if a != b && zip5(a) != zip5(b))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_last_four_digits_and_zeros_that_a_spreadsheet_lost_do_not_count() {
        for (a, b) in [
            ("02139-4307", " 02139"),
            ("2139", "02139"),
            ("21394307", "02139"),
            ("2139-4307", "02139-1111"),
            ("895011234", "89501"),
            ("89501 1234", "89501-9999"),
            ("501", "00501"),
        ] {
            assert!(!zips_differ(Some(a), Some(b)) && !zips_differ(Some(b), Some(a)), "{a} {b}");
        }
        for (a, b) in
            [("2139", "21390"), ("2139", "02138"), ("21394307", "21394"), ("02139", "02140"), ("2139A", "02139")]
        {
            assert!(zips_differ(Some(a), Some(b)), "{a} {b}");
        }
        assert!(!zips_differ(None, Some("02139")));
    }

    #[test]
    fn a_code_is_sent_whole_and_its_zeros_only_where_the_state_has_them() {
        for (written, state, sent) in [
            ("2134", "MA", "02134"),
            ("21341234", "Massachusetts", "02134-1234"),
            ("2134-1234", "ma", "02134-1234"),
            (" 02134 ", "MA", "02134"),
            ("895011234", "NV", "89501-1234"),
            ("89501 1234", "NV", "89501-1234"),
            ("89501-1234", "NV", "89501-1234"),
            ("8951", "NV", "8951"),
            ("213", "MA", "213"),
            ("2134-12", "MA", "2134-12"),
            ("K1A 0B1", "", "K1A 0B1"),
            ("", "MA", ""),
        ] {
            assert_eq!(full_zip(written, state), sent, "{written} {state}");
        }
    }
}
