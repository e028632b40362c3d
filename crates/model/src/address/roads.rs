//! Addresses without the name of a street: boxes, rural routes, highway contract routes, military mail and numbered
//! roads. Each becomes one spelling; the number stays.

use super::words::{is_mark, is_number, is_ordinal, is_way, part, short};
use crate::states::{STATES, state_code};

/// A box at a post office.
pub(super) const PO_BOX: &str = "POBOX";
/// A box on a route.
pub(super) const BOX: &str = "BOX";

/// What a box at a post office is called, wherever it stands.
const BOXES: [&[&str]; 12] = [
    &["P", "O", "BOX"],
    &["PO", "BOX"],
    &["POST", "OFFICE", "BOX"],
    &["POSTAL", "BOX"],
    &["P", "O", "BX"],
    &["PO", "BX"],
    &["P", "O", "DRAWER"],
    &["PO", "DRAWER"],
    &["POST", "OFFICE", "DRAWER"],
    &["FIRM", "CALLER"],
    &["POBOX"],
    &["POB"],
];

/// The same where nothing else stands in the line.
const BOXES_ALONE: [&[&str]; 6] = [&["BOX"], &["DRAWER"], &["CALLER"], &["BIN"], &["LOCKBOX"], &["LOCK", "BOX"]];

/// How a line begins that is a route or a military address, its words shortened.
const ROUTES: [(&[&str], &str); 13] = [
    (&["RURAL", "RTE"], "RR"),
    (&["RR"], "RR"),
    (&["R", "R"], "RR"),
    (&["RFD"], "RR"),
    (&["HWY", "CONTRACT", "RTE"], "HC"),
    (&["HWY", "CONTRACT"], "HC"),
    (&["STAR", "RTE"], "HC"),
    (&["HC"], "HC"),
    (&["H", "C"], "HC"),
    (&["HCR"], "HC"),
    (&["POSTAL", "SERVICE", "CTR"], "PSC"),
    (&["PSC"], "PSC"),
    (&["CMR"], "CMR"),
];

const RURAL_ROUTE: &str = "RR";

/// The same where a box follows; else the road of that number.
const ROUTES_WITH_BOX: [&str; 2] = ["RD", "RTE"];

/// Numbered roads, their words shortened: `true` only where a street may begin.
const ROADS: [(&[&str], bool, &str); 32] = [
    (&["US", "HWY"], false, "USHWY"),
    (&["US", "RTE"], false, "USHWY"),
    (&["U", "S", "HWY"], false, "USHWY"),
    (&["U", "S", "RTE"], false, "USHWY"),
    (&["US"], false, "USHWY"),
    (&["I", "HWY"], false, "I"),
    (&["IH"], true, "I"),
    (&["I"], true, "I"),
    (&["CO", "RD"], false, "CORD"),
    (&["CR"], true, "CORD"),
    (&["CO", "HWY"], false, "COHWY"),
    (&["FARM", "TO", "MARKET", "RD"], false, "FM"),
    (&["FARM", "TO", "MARKET"], false, "FM"),
    (&["HWY", "FM"], false, "FM"),
    (&["FM", "RD"], false, "FM"),
    (&["FM"], true, "FM"),
    (&["RNCH", "TO", "MARKET", "RD"], false, "RM"),
    (&["RNCH", "TO", "MARKET"], false, "RM"),
    (&["RNCH", "RD"], false, "RM"),
    (&["RM"], true, "RM"),
    (&["STATE", "RTE"], false, "SR"),
    (&["STATE", "RD"], false, "SR"),
    (&["ST", "RTE"], true, "SR"),
    (&["ST", "RD"], true, "SR"),
    (&["SR"], true, "SR"),
    (&["STATE", "HWY"], false, "STATEHWY"),
    (&["ST", "HWY"], true, "STATEHWY"),
    (&["SH"], true, "STATEHWY"),
    (&["TWP", "RD"], false, "TWPRD"),
    (&["TR"], true, "TWPRD"),
    (&["HWY"], false, "HWY"),
    (&["RTE"], false, "RTE"),
];

/// Most words of a road before its number, and of a state before them.
const ROAD_WORDS: usize = 6;

/// Roads of a county or a state that letters name: `County Road B`, `State Road MM`.
const LETTERED: [&str; 4] = ["CORD", "COHWY", "SR", "STATEHWY"];

/// What stands behind the name of a state in the name of its road, words shortened.
const OF_A_STATE: [&[&str]; 8] =
    [&["STATE", "HWY"], &["STATE", "RTE"], &["STATE", "RD"], &["ST", "HWY"], &["ST", "RTE"], &["HWY"], &["RTE"], &[]];

/// A state as people shorten it, and its letters.
const CALIFORNIA: (&str, &str) = ("CALIF", "CA");

/// A number without the zeros before it.
pub(super) fn plain_number(word: &str) -> &str {
    let rest = word.trim_start_matches('0');
    match rest.starts_with(|c: char| c.is_ascii_digit()) || rest.len() == word.len() {
        true => rest,
        // Of `00` and `0A` one zero stays.
        false => &word[word.len() - rest.len() - 1..],
    }
}

/// How many words begin a line as a box, a route or a military address, and what they stand for.
pub(super) fn beginning(words: &[&str]) -> Option<(usize, Vec<String>)> {
    // A street begins with the number of a house.
    if words.first().is_some_and(|first| first.starts_with(|c: char| c.is_ascii_digit())) {
        return None;
    }
    if let Some((taken, number)) = numbered(words, &BOXES_ALONE).filter(|(taken, _)| *taken == words.len()) {
        let kind = if words[0] == BOX { BOX } else { PO_BOX };
        return Some((taken, vec![kind.to_owned(), number]));
    }
    if let Some((taken, number)) = numbered(words, &BOXES) {
        return Some((taken, vec![PO_BOX.to_owned(), number]));
    }
    let shortened: Vec<&str> = words.iter().map(|word| short(word)).collect();
    let route = ROUTES.iter().find(|(form, _)| shortened.starts_with(form));
    let (length, kind) = match route {
        Some((form, kind)) => (form.len(), *kind),
        None => (1, ROUTES_WITH_BOX.contains(shortened.first()?).then_some(RURAL_ROUTE)?),
    };
    let number = number_after(&words[length..]);
    let taken = length + number.as_ref().map_or(0, |(count, _)| *count);
    let boxed = words[taken..].strip_prefix(&[BOX]).and_then(number_after);
    let alone = route.is_some() && number.is_some() && taken == words.len();
    let whole = taken + boxed.as_ref().map_or(0, |(count, _)| count + 1);
    (boxed.is_some() || alone).then(|| {
        let boxed = boxed.into_iter().flat_map(|(_, number)| [BOX.to_owned(), number]);
        (whole, [kind.to_owned()].into_iter().chain(number.map(|(_, number)| number)).chain(boxed).collect())
    })
}

/// The words, in the one spelling, are a route or military mail: a box belongs to it.
pub(super) fn is_route(words: &[String]) -> bool {
    words.first().is_some_and(|first| ROUTES.iter().any(|(_, kind)| kind == first))
}

/// A form and its number: how many words, and the number.
fn numbered(words: &[&str], forms: &[&[&str]]) -> Option<(usize, String)> {
    let form = forms.iter().find(|form| words.starts_with(form))?;
    let (taken, number) = number_after(&words[form.len()..])?;
    Some((form.len() + taken, number))
}

/// The number that the words begin with, marks before it aside, and how many words that is.
fn number_after(words: &[&str]) -> Option<(usize, String)> {
    let marks = words.iter().take_while(|word| is_mark(word)).count();
    let number = words.get(marks).filter(|word| is_number(word))?;
    Some((marks + 1, plain_number(number).to_owned()))
}

/// How many words make a numbered road, and its one spelling. `begins`: a street may begin here.
pub(super) fn road(words: &[&str], begins: bool) -> Option<(usize, String)> {
    let first = *words.first()?;
    let first = if first == "TR" { first } else { short(first) };
    if !begins && !ROADS.iter().any(|(form, _, _)| form[0] == first) {
        return None;
    }
    // Each names a number, or letters, within a few words.
    let numbered = words[1..].iter().take(ROAD_WORDS).any(|word| is_of_road(word) || is_letters(word));
    if !numbered {
        return None;
    }
    let shortened: Vec<&str> =
        words.iter().take(ROAD_WORDS).map(|word| if *word == "TR" { word } else { short(word) }).collect();
    if let Some((form, _, name)) =
        ROADS.iter().find(|(form, only_first, _)| shortened.starts_with(form) && (begins || !only_first))
    {
        let marks = words[form.len()..].iter().take_while(|word| is_mark(word)).count();
        let number = words.get(form.len() + marks)?;
        let fits = is_of_road(number) || (LETTERED.contains(name) && is_letters(number));
        return fits.then(|| (form.len() + marks + 1, format!("{name}-{}", plain_number(number))));
    }
    begins.then(|| road_of_a_state(words, &shortened)).flatten()
}

/// `KY 1207`, `Kentucky State Highway 1207`.
fn road_of_a_state(words: &[&str], shortened: &[&str]) -> Option<(usize, String)> {
    (1..=2).find_map(|length| {
        let form = OF_A_STATE.iter().find(|form| shortened.get(length..).is_some_and(|rest| rest.starts_with(form)))?;
        // `NE 3rd St`, `Fl 2`.
        let is_other_word = form.is_empty() && (is_way(words[0]) || part(words[0]).is_some());
        let number = words.get(length + form.len()).filter(|word| is_of_road(word) && !is_other_word)?;
        let name = words[..length].concat();
        let code = if name == CALIFORNIA.0 { CALIFORNIA.1.to_owned() } else { state_code(&name) };
        let is_state = STATES.iter().any(|(known, _)| *known == code);
        is_state.then(|| (length + form.len() + 1, format!("{code}HWY-{}", plain_number(number))))
    })
}

/// The number of a road: `50`, `60E`.
fn is_of_road(word: &str) -> bool {
    word.starts_with(|c: char| c.is_ascii_digit()) && is_number(word) && !is_ordinal(word)
}

/// One letter, or one twice.
fn is_letters(word: &str) -> bool {
    let letters: Vec<char> = word.chars().collect();
    matches!(letters[..], [a] if a.is_alphabetic()) || matches!(letters[..], [a, b] if a == b && a.is_alphabetic())
}
