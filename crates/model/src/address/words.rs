//! The words of United States addresses as the postal service shortens them (USPS Publication 28).

use std::collections::{HashMap, HashSet};
use std::sync::LazyLock;

/// Directionals, ordinals of named streets and small numbers that are written out; long form first.
const OTHERS: [(&str, &str); 73] = [
    ("NORTH", "N"),
    ("SOUTH", "S"),
    ("EAST", "E"),
    ("WEST", "W"),
    ("NORTHEAST", "NE"),
    ("NORTHWEST", "NW"),
    ("SOUTHEAST", "SE"),
    ("SOUTHWEST", "SW"),
    ("NO", "N"),
    ("SO", "S"),
    ("FIRST", "1ST"),
    ("SECOND", "2ND"),
    ("THIRD", "3RD"),
    ("FOURTH", "4TH"),
    ("FIFTH", "5TH"),
    ("SIXTH", "6TH"),
    ("SEVENTH", "7TH"),
    ("EIGHTH", "8TH"),
    ("NINTH", "9TH"),
    ("TENTH", "10TH"),
    ("ELEVENTH", "11TH"),
    ("TWELFTH", "12TH"),
    ("THIRTEENTH", "13TH"),
    ("FOURTEENTH", "14TH"),
    ("FIFTEENTH", "15TH"),
    ("SIXTEENTH", "16TH"),
    ("SEVENTEENTH", "17TH"),
    ("EIGHTEENTH", "18TH"),
    ("NINETEENTH", "19TH"),
    ("TWENTIETH", "20TH"),
    ("THIRTIETH", "30TH"),
    ("FORTIETH", "40TH"),
    ("FIFTIETH", "50TH"),
    ("SIXTIETH", "60TH"),
    ("SEVENTIETH", "70TH"),
    ("EIGHTIETH", "80TH"),
    ("NINETIETH", "90TH"),
    ("ONE", "1"),
    ("TWO", "2"),
    ("THREE", "3"),
    ("FOUR", "4"),
    ("FIVE", "5"),
    ("SIX", "6"),
    ("SEVEN", "7"),
    ("EIGHT", "8"),
    ("NINE", "9"),
    ("TEN", "10"),
    ("ELEVEN", "11"),
    ("TWELVE", "12"),
    ("THIRTEEN", "13"),
    ("FOURTEEN", "14"),
    ("FIFTEEN", "15"),
    ("SIXTEEN", "16"),
    ("SEVENTEEN", "17"),
    ("EIGHTEEN", "18"),
    ("NINETEEN", "19"),
    ("TWENTY", "20"),
    ("SAINTE", "STE"),
    ("COUNTY", "CO"),
    ("CNTY", "CO"),
    ("CTY", "CO"),
    ("INTERSTATE", "I"),
    ("AND", ""),
    ("JUNIOR", "JR"),
    ("DOCTOR", "DR"),
    ("TOWNSHIP", "TWP"),
    ("MKT", "MARKET"),
    ("AVENIDA", "AVE"),
    ("CARRETERA", "CARR"),
    ("CONDOMINIO", "COND"),
    ("RESIDENCIAL", "RES"),
    ("PARCELAS", "PARC"),
    ("BARRIO", "BO"),
];

/// Stands before the number of a unit.
pub(super) const UNIT_MARK: &str = "#";
/// Begins what says for whom the mail is, and not where.
pub(super) const CARE_OF: &str = "ATTN";
/// Begins the name of a part of a town in Puerto Rico.
pub(super) const URBANIZATION: &str = "URB";

/// Tens of ordinals that are written out: `Twenty-Second` is `22nd`.
const TENS: [(&str, char); 8] = [
    ("TWENTY", '2'),
    ("THIRTY", '3'),
    ("FORTY", '4'),
    ("FIFTY", '5'),
    ("SIXTY", '6'),
    ("SEVENTY", '7'),
    ("EIGHTY", '8'),
    ("NINETY", '9'),
];

/// Words before the number of a unit, appendix C2, of which one is as good as another: people write what they like, and
/// the mark `#` for any of them.
const ANY_UNIT: [&str; 24] = [
    "APARTMENT",
    "APT",
    "APPT",
    "UNIT",
    "SUITE",
    "STE",
    "ROOM",
    "RM",
    "NUMBER",
    "NUM",
    "LOT",
    "SPACE",
    "SPC",
    "OFFICE",
    "OFC",
    "TRAILER",
    "TRLR",
    "DEPARTMENT",
    "DEPT",
    "NO",
    "NR",
    "FLAT",
    "APARTAMENTO",
    "APTO",
];

/// Of these, those that stand behind another one: `Apt No. 4`.
const MARKS: [&str; 5] = [UNIT_MARK, "NO", "NUMBER", "NUM", "NR"];

/// Words that people write without a blank before the number: `Apt4`.
pub(super) const GLUED: [&str; 27] = [
    "APT", "STE", "UNIT", "RM", "BLDG", "FL", "LOT", "SPC", "TRLR", "PH", "I", "IH", "US", "SR", "CR", "FM", "HC",
    "HCR", "RR", "PSC", "CMR", "HWY", "RT", "RTE", "BOX", "POBOX", "POB",
];

/// Words of a part of a building, long form first: a floor is no flat. Those without a number stand alone.
const PARTS: [(&str, &str); 21] = [
    ("BUILDING", "BLDG"),
    ("BLD", "BLDG"),
    ("FLOOR", "FL"),
    ("FLR", "FL"),
    ("HANGAR", "HNGR"),
    ("HANGER", "HNGR"),
    ("KEY", "KEY"),
    ("PIER", "PIER"),
    ("SLIP", "SLIP"),
    ("STOP", "STOP"),
    ("BASEMENT", "BSMT"),
    ("FRONT", "FRNT"),
    ("LOBBY", "LBBY"),
    ("LOWER", "LOWR"),
    ("PENTHOUSE", "PH"),
    ("REAR", "REAR"),
    ("SIDE", "SIDE"),
    ("UPPER", "UPPR"),
    ("TOWER", "TWR"),
    ("EDIFICIO", "BLDG"),
    ("EDIF", "BLDG"),
];

/// What people write for either; the postal service has no such word.
const PARK_OR_PIKE: (&str, [&str; 2]) = ("PK", ["PARK", "PIKE"]);

/// How several words stand for one.
const PHRASES: [(&[&str], &str); 16] = [
    (&["P", "O", "BOX"], "POBOX"),
    (&["PO", "BOX"], "POBOX"),
    (&["POST", "OFFICE", "BOX"], "POBOX"),
    (&["POB"], "POBOX"),
    (&["RURAL", "ROUTE"], "RR"),
    (&["R", "R"], "RR"),
    (&["RFD"], "RR"),
    (&["CR"], "CO RD"),
    (&["NORTH", "EAST"], "NE"),
    (&["NORTH", "WEST"], "NW"),
    (&["SOUTH", "EAST"], "SE"),
    (&["SOUTH", "WEST"], "SW"),
    (&["IN", "CARE", "OF"], CARE_OF),
    (&["CARE", "OF"], CARE_OF),
    (&["ATTENTION"], CARE_OF),
    (&["URBANIZACION"], URBANIZATION),
];

static SHORT: LazyLock<HashMap<&str, &str>> = LazyLock::new(|| {
    let mut short: HashMap<&str, &str> = OTHERS.into_iter().collect();
    for (abbreviation, forms) in suffixes() {
        short.extend(forms.map(|form| (form, abbreviation)));
    }
    short
});

static SUFFIXES: LazyLock<HashSet<&str>> = LazyLock::new(|| suffixes().map(|(abbreviation, _)| abbreviation).collect());

/// Abbreviation and other forms of each suffix.
fn suffixes() -> impl Iterator<Item = (&'static str, impl Iterator<Item = &'static str>)> {
    let lines = include_str!("publication_28.txt").lines().filter(|line| !line.starts_with('#'));
    lines.filter_map(|line| {
        let mut words = line.split_whitespace();
        Some((words.next()?, words))
    })
}

/// The word is a suffix as the postal service shortens it, or as people do: a street may end there.
pub(super) fn is_suffix(word: &str) -> bool {
    SUFFIXES.contains(word) || word == PARK_OR_PIKE.0
}

/// The one word may stand for the other, and for others too.
pub(super) fn is_meant(word: &str, other: &str) -> bool {
    word == PARK_OR_PIKE.0 && PARK_OR_PIKE.1.contains(&other)
}

/// A word of a street or town, upper case, as the postal service shortens it.
pub(super) fn short(word: &str) -> &str {
    SHORT.get(word).copied().unwrap_or(word)
}

/// The word says that the number of a unit follows, and nothing more.
pub(super) fn is_any_unit(word: &str) -> bool {
    ANY_UNIT.contains(&word)
}

/// The word stands between a word for a unit and its number.
pub(super) fn is_mark(word: &str) -> bool {
    MARKS.contains(&word)
}

/// Holds a digit, or is a single letter. Roads of one word with their number are no number.
pub(super) fn is_number(word: &str) -> bool {
    let digit = word.chars().any(|c| c.is_ascii_digit()) && !word.contains('-');
    digit || (word.chars().count() == 1 && word != UNIT_MARK)
}

pub(super) fn is_ordinal(word: &str) -> bool {
    ["ST", "ND", "RD", "TH"].iter().any(|end| word.strip_suffix(end).is_some_and(|n| n.parse::<u32>().is_ok()))
}

pub(super) fn is_direction(word: &str) -> bool {
    ["N", "S", "E", "W"].contains(&word)
}

/// A direction, also between two others.
pub(super) fn is_way(word: &str) -> bool {
    is_direction(word) || ["NE", "NW", "SE", "SW"].contains(&word)
}

/// The postal abbreviation of a part of a building.
pub(super) fn part(word: &str) -> Option<&'static str> {
    PARTS.iter().find(|(long, short)| *long == word || *short == word).map(|(_, short)| *short)
}

/// How many of the words make one, and that one.
pub(super) fn phrase(words: &[&str]) -> Option<(usize, &'static str)> {
    PHRASES.iter().find(|(phrase, _)| words.starts_with(phrase)).map(|(phrase, one)| (phrase.len(), *one))
}

/// `22ND` of `TWENTY SECOND`.
pub(super) fn ordinal(words: &[&str]) -> Option<String> {
    let [tens, ones, ..] = words else { return None };
    let (_, tens) = TENS.iter().find(|(word, _)| word == tens)?;
    let ones = OTHERS.iter().find(|(word, _)| word == ones).map(|(_, short)| *short)?;
    let is_small = ones.len() == 3 && ones.starts_with(|c: char| c.is_ascii_digit());
    is_small.then(|| format!("{tens}{ones}"))
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;

    use super::*;

    #[test]
    fn no_form_stands_for_two_suffixes_and_no_abbreviation_for_another() {
        let mut seen = BTreeSet::new();
        for (abbreviation, forms) in suffixes() {
            assert!(seen.insert(abbreviation), "{abbreviation}");
            for form in forms {
                assert!(seen.insert(form), "{form}");
            }
        }
        assert!(seen.len() > 500, "{}", seen.len());
        assert!(OTHERS.iter().all(|(long, _)| !seen.contains(long)));
    }
}
