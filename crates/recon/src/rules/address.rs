//! When two United States addresses are the same: case, punctuation, blanks and the postal abbreviations of street words
//! don't count. Nothing is guessed or split.

/// Postal abbreviations (USPS publication 28), long form first.
const ABBREVIATIONS: [(&str, &str); 24] = [
    ("STREET", "ST"),
    ("AVENUE", "AVE"),
    ("ROAD", "RD"),
    ("BOULEVARD", "BLVD"),
    ("DRIVE", "DR"),
    ("LANE", "LN"),
    ("COURT", "CT"),
    ("PLACE", "PL"),
    ("TERRACE", "TER"),
    ("PARKWAY", "PKWY"),
    ("HIGHWAY", "HWY"),
    ("CIRCLE", "CIR"),
    ("SQUARE", "SQ"),
    ("APARTMENT", "APT"),
    ("SUITE", "STE"),
    ("BUILDING", "BLDG"),
    ("NORTH", "N"),
    ("SOUTH", "S"),
    ("EAST", "E"),
    ("WEST", "W"),
    ("NORTHEAST", "NE"),
    ("NORTHWEST", "NW"),
    ("SOUTHEAST", "SE"),
    ("SOUTHWEST", "SW"),
];

/// Digits of a ZIP code without its extension.
const ZIP5: usize = 5;

/// One line of an address, so that equal places are equal texts.
fn normalised(line: &str) -> String {
    let upper = line.to_uppercase();
    let plain: String = upper.chars().filter(|c| !['.', '\'', '’'].contains(c)).collect();
    let words = plain.split(|c: char| !c.is_alphanumeric()).filter(|w| !w.is_empty());
    let short = |word| ABBREVIATIONS.iter().find(|(long, _)| *long == word).map_or(word, |(_, short)| *short);
    words.map(short).collect::<Vec<_>>().join(" ")
}

/// The first five characters of a ZIP code, blanks aside, in upper case.
fn zip5(zip: &str) -> impl Iterator<Item = char> {
    zip.chars().filter(|c| !c.is_whitespace()).take(ZIP5).flat_map(char::to_uppercase)
}

/// Both lines are there and do not name the same place.
pub(super) fn lines_differ(a: Option<&str>, b: Option<&str>) -> bool {
    matches!((a, b), (Some(a), Some(b)) if !a.eq_ignore_ascii_case(b) && normalised(a) != normalised(b))
}

/// Both ZIP codes are there and their first five characters are not the same.
pub(super) fn zips_differ(a: Option<&str>, b: Option<&str>) -> bool {
    matches!((a, b), (Some(a), Some(b)) if a != b && !zip5(a).eq(zip5(b)))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn case_punctuation_and_postal_abbreviations_do_not_count() {
        for (a, b) in [
            ("12 North Main Street, Apartment 4", "12 N MAIN ST APT 4"),
            ("1 St. James's Place", "1 ST JAMESS PL"),
            ("5  Elm-Road", "5 ELM RD"),
        ] {
            assert_eq!(normalised(a), normalised(b), "{a}");
            assert!(!lines_differ(Some(a), Some(b)), "{a}");
        }
        assert_ne!(normalised("12 Main St"), normalised("21 Main St"));
    }

    #[test]
    fn only_the_first_five_of_a_zip_count_and_zeros_stay() {
        assert!(!zips_differ(Some("02139-4307"), Some(" 02139")));
        assert!(zips_differ(Some("2139"), Some("02139")));
        assert!(!zips_differ(None, Some("02139")));
    }
}
