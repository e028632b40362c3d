//! When two United States addresses are the same: case, accents, punctuation, blanks and the postal words of
//! Publication 28 don't count, nor whether the unit stands in the first line or the second.

mod words;

use std::borrow::Cow;

use unicode_normalization::UnicodeNormalization;
use unicode_normalization::char::is_combining_mark;

use words::{is_any_unit, is_suffix, ordinal, part, phrase, short};

/// Digits of a ZIP code without its extension.
const ZIP5: usize = 5;

/// Stands before the number of a unit.
const UNIT_MARK: &str = "#";

/// How a line begins that says for whom the mail is, and not where.
const CARE_OF: [&str; 4] = ["C/O", "CARE OF ", "ATTN", "ATTENTION "];

/// Lines that say there is none.
const NO_LINE: [&str; 5] = ["NA", "NONE", "NIL", "NULL", "NOTAPPLICABLE"];

/// Fractions of a house number as one sign.
const FRACTIONS: [(&str, &str); 3] = [("¼", " 1/4"), ("½", " 1/2"), ("¾", " 3/4")];

/// Towns by the name that the post does not use, words joined, and the one that it does.
const TOWNS: [(&str, &str); 3] =
    [("WASHINGTONDC", "WASHINGTON"), ("WASHINGTONDISTRICTOFCOLUMBIA", "WASHINGTON"), ("NEWYORKCITY", "NEWYORK")];

/// A house number, a name and a suffix: what follows may be a unit that no word announces.
const WORDS_OF_A_STREET: usize = 3;

/// Street and unit of an address; equal places are equal.
#[derive(Debug, Default, PartialEq, Eq)]
struct Place {
    street: Vec<String>,
    /// Its parts in order: `4B`, `BLDG2`.
    unit: Vec<String>,
}

impl Place {
    fn new(line1: Option<&str>, line2: Option<&str>) -> Place {
        let mut place = Place::default();
        for line in [line1, line2].into_iter().flatten().filter(|line| !is_care_of(line) && !is_no_line(line)) {
            place.read(line);
        }
        place.unit.sort();
        place
    }

    fn read(&mut self, line: &str) {
        let words = split(line);
        let words: Vec<&str> = words.iter().map(String::as_str).collect();
        let (mut street, mut rest) = (Vec::new(), &words[..]);
        let announced = self.unit.len();
        while let Some((word, after)) = rest.split_first() {
            let numbers = number_of_unit(after);
            rest = after;
            if *word == UNIT_MARK || (is_any_unit(word) && (numbers > 0 || after.first() == Some(&UNIT_MARK))) {
                self.unit.extend((numbers > 0).then(|| after[..numbers].concat()));
                rest = &after[numbers..];
            } else if let Some(part) = part(word).filter(|_| numbers > 0 || after.first().is_none_or(|w| is_unit(w))) {
                // `3rd Floor` is `Floor 3`.
                let before = if numbers == 0 { street.pop_if(|last: &mut String| is_ordinal(last)) } else { None };
                let number = before.map_or_else(|| after[..numbers].concat(), |ordinal| digits(&ordinal));
                self.unit.push(format!("{part}{number}"));
                rest = &after[numbers..];
            } else {
                street.extend(Some(short(word).to_owned()).filter(|short| !short.is_empty()));
            }
        }
        if self.unit.len() == announced {
            self.unit.extend(unannounced(&mut street, self.street.is_empty()));
        }
        self.street.extend(street);
    }
}

/// Takes the unit off the end of a line that has no word for it: `12 Main St 4B`, or a second line `4B`.
fn unannounced(street: &mut Vec<String>, first: bool) -> Option<String> {
    let words: Vec<&str> = street.iter().map(String::as_str).collect();
    let count =
        words.iter().rev().take_while(|word| is_number(word) && !is_ordinal(word) && !is_direction(word)).count();
    let kept = words.len() - count;
    let after_street = kept >= WORDS_OF_A_STREET && is_suffix(words[kept - 1]);
    (count > 0 && (after_street || (kept == 0 && !first))).then(|| street.split_off(kept).concat())
}

/// How many of the words that follow are the number of a unit, such as `4`, `B` or `4 B`.
fn number_of_unit(words: &[&str]) -> usize {
    let is_letter = |word: &str| word.chars().all(char::is_alphabetic);
    let mut last: Option<bool> = None;
    let fits = |word: &&&str| {
        let letter = is_letter(word);
        let fits = is_number(word) && last != Some(letter);
        last = Some(letter);
        fits
    };
    words.iter().take_while(fits).count()
}

fn is_unit(word: &str) -> bool {
    word == UNIT_MARK || is_any_unit(word) || part(word).is_some()
}

/// Holds a digit, or is a single letter.
fn is_number(word: &str) -> bool {
    word.chars().any(|c| c.is_ascii_digit()) || word.chars().count() == 1 && word != UNIT_MARK
}

fn is_ordinal(word: &str) -> bool {
    ["ST", "ND", "RD", "TH"].iter().any(|end| word.strip_suffix(end).is_some_and(|n| n.parse::<u32>().is_ok()))
}

fn digits(word: &str) -> String {
    word.chars().filter(char::is_ascii_digit).collect()
}

fn is_direction(word: &str) -> bool {
    ["N", "S", "E", "W"].contains(&word)
}

fn is_care_of(line: &str) -> bool {
    let line = line.trim_start().to_uppercase();
    // A street has a number: `C/O Smith, 12 Main St`.
    CARE_OF.iter().any(|begin| line.starts_with(begin)) && !line.bytes().any(|byte| byte.is_ascii_digit())
}

fn is_no_line(line: &str) -> bool {
    let letters: String = line.chars().filter(|c| c.is_alphanumeric()).flat_map(char::to_uppercase).collect();
    NO_LINE.contains(&letters.as_str())
}

/// `12A` of `12-A`.
fn lettered(line: &str) -> String {
    let chars: Vec<char> = line.chars().collect();
    let at = |i: usize| chars.get(i).copied().unwrap_or(' ');
    let joins = |i: usize| {
        let letter = at(i + 1).is_alphabetic() && !at(i + 2).is_alphanumeric();
        at(i) == '-' && letter && i > 0 && at(i - 1).is_ascii_digit()
    };
    (0..chars.len()).filter(|i| !joins(*i)).map(at).collect()
}

/// The words of a line in upper case without accents, several that stand for one joined.
fn split(line: &str) -> Vec<String> {
    let line = FRACTIONS.iter().fold(Cow::from(line), |line, (sign, text)| match line.contains(sign) {
        true => line.replace(sign, text).into(),
        false => line,
    });
    let plain: String = line.nfkd().filter(|c| !is_combining_mark(*c)).flat_map(char::to_uppercase).collect();
    let plain: String = plain.chars().filter(|c| !['.', '\'', '’'].contains(c)).collect();
    let plain = lettered(&plain).replace(UNIT_MARK, " # ");
    let words: Vec<&str> = plain.split(|c: char| !c.is_alphanumeric() && c != '#').filter(|w| !w.is_empty()).collect();
    let (mut split, mut rest) = (Vec::with_capacity(words.len()), &words[..]);
    while let Some((word, after)) = rest.split_first() {
        if let Some(ordinal) = ordinal(rest) {
            split.push(ordinal);
            rest = &after[1..];
            continue;
        }
        let (taken, one) = phrase(rest).unwrap_or((1, word));
        split.extend(one.split(' ').map(str::to_owned));
        rest = rest.get(taken..).unwrap_or(after);
    }
    complete(&mut split);
    split
}

/// What people leave out: the `PO` of a line that is a box alone, and the ending of a numbered street's name.
fn complete(words: &mut [String]) {
    if let [first, number] = words
        && first == "BOX"
        && is_number(number)
    {
        "POBOX".clone_into(first);
    }
    for at in 1..words.len().saturating_sub(1) {
        let is_name = is_suffix(short(&words[at + 1])) && words[at - 1].bytes().all(|b| b.is_ascii_digit());
        if let Some(ending) = words[at].parse::<u32>().ok().filter(|_| is_name).map(ending) {
            words[at].push_str(ending);
        }
    }
}

/// What stands behind an ordinal number.
fn ending(number: u32) -> &'static str {
    match (number % 100, number % 10) {
        (11..=13, _) => "TH",
        (_, 1) => "ST",
        (_, 2) => "ND",
        (_, 3) => "RD",
        _ => "TH",
    }
}

/// Line 1 and line 2.
pub(super) type Lines<'a> = (Option<&'a str>, Option<&'a str>);

/// Both have a first line and are not the same place. `has_line2`: payroll has a column for the second line; without
/// one its silence on a unit says nothing.
pub(super) fn lines_differ(payroll: Lines<'_>, held: Lines<'_>, has_line2: bool) -> bool {
    if payroll.0.is_none() || held.0.is_none() {
        return false;
    }
    if payroll == held {
        return false;
    }
    let (here, there) = (Place::new(payroll.0, payroll.1), Place::new(held.0, held.1));
    let silent = !has_line2 && here.unit.is_empty();
    here.street != there.street || (here.unit != there.unit && !silent)
}

/// Street and unit as they are compared.
pub(super) fn plain_lines((line1, line2): Lines<'_>) -> String {
    let Place { street, unit } = Place::new(line1, line2);
    format!("{} # {}", street.join(" "), unit.join(" "))
}

/// A town as it is compared.
pub(super) fn town(name: &str) -> String {
    let town: String = split(name).iter().map(|word| short(word)).collect();
    TOWNS.iter().find(|(called, _)| *called == town).map_or(town, |(_, named)| (*named).to_owned())
}

/// Both towns are there and are not the same one.
pub(super) fn towns_differ(a: Option<&str>, b: Option<&str>) -> bool {
    matches!((a, b), (Some(a), Some(b)) if !a.eq_ignore_ascii_case(b) && town(a) != town(b))
}

/// The first five characters of a ZIP code, blanks aside, in upper case.
pub(super) fn zip5(zip: &str) -> impl Iterator<Item = char> {
    zip.chars().filter(|c| !c.is_whitespace()).take(ZIP5).flat_map(char::to_uppercase)
}

/// Both ZIP codes are there and their first five characters are not the same.
pub(super) fn zips_differ(a: Option<&str>, b: Option<&str>) -> bool {
    matches!((a, b), (Some(a), Some(b)) if a != b && !zip5(a).eq(zip5(b)))
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Two lines, the second blank or not there.
    type Written = (&'static str, &'static str);

    fn lines((line1, line2): Written) -> Lines<'static> {
        (Some(line1), Some(line2).filter(|line| !line.is_empty()))
    }

    #[track_caller]
    fn check_same(a: Written, b: Written) {
        assert!(!lines_differ(lines(a), lines(b), true), "{:?} {:?}", place(a), place(b));
    }

    #[track_caller]
    fn check_differ(a: Written, b: Written) {
        assert!(lines_differ(lines(a), lines(b), true), "{:?} {:?}", place(a), place(b));
    }

    fn place(written: Written) -> Place {
        let (line1, line2) = lines(written);
        Place::new(line1, line2)
    }

    #[test]
    fn case_punctuation_and_postal_abbreviations_do_not_count() {
        check_same(("12 North Main Street, Apartment 4", ""), ("12 N MAIN ST APT 4", ""));
        check_same(("1 St. James's Place", ""), ("1 Saint Jamess Pl", ""));
        check_same(("5  Elm-Road", ""), ("5 ELM RD", ""));
        check_same(("77 Cañon Trail", ""), ("77 Canon Trl.", ""));
        check_same(("900 Mount Vernon Parkway South East", ""), ("900 Mt Vernon Pkwy SE", ""));
        check_same(("350 Fifth Avenue", ""), ("350 5th Ave", ""));
        check_same(("One Harbor Crossing", ""), ("1 Hbr Xing", ""));
        check_same(("P.O. Box 17", ""), ("Post Office Box 17", ""));
        check_same(("Rural Route 2 Box 8", ""), ("R.R. 2, Box 8", ""));
        check_same(("4410 County Road 12", ""), ("4410 CR 12", ""));
        check_same(("880 State Route 9", ""), ("880 SR 9", ""));
        check_same(("880 US Highway 9", ""), ("880 US Hwy 9", ""));
        check_same(("123 45 St", ""), ("123 45th Street", ""));
        check_same(("7 21 Ave", ""), ("7 21st Ave", ""));
        check_same(("12½ Oak Ln", ""), ("12 1/2 Oak Lane", ""));
        check_same(("Box 12", ""), ("PO Box 12", ""));
        check_same(("12 Main St", "N/A"), ("12 Main St", ""));
        check_same(("12 Main St", "none"), ("12 Main St", "-"));
    }

    #[test]
    fn a_unit_is_the_same_whatever_it_is_called_and_wherever_it_stands() {
        for other in [
            ("12 Main St", "Apt 4"),
            ("12 Main St", "# 4"),
            ("12 Main St #4", ""),
            ("12 Main St Apt. #4", ""),
            ("12 Main St", "Unit 4"),
            ("12 Main St 4", ""),
            ("12 Main St", "4"),
            ("Apt 4", "12 Main St"),
            ("#4, 12 Main St", ""),
            ("12 Main St", "No. 4"),
        ] {
            check_same(("12 Main Street Apt 4", ""), other);
        }
        check_same(("12 Main St", "Apt 4B"), ("12 Main St Apt 4-B", ""));
        check_same(("12 Main St", "Bldg 2 Apt 4"), ("12 Main St Apt 4", "Building 2"));
        check_same(("12 Main St", "3rd Floor"), ("12 Main St Fl 3", ""));
        check_same(("12 Main St", "Rear"), ("12 Main St Rear", ""));
        check_same(("100 Front Street", "Ste B"), ("100 Front St", "Suite B"));
    }

    #[test]
    fn another_street_house_or_unit_is_a_difference() {
        check_differ(("12 Main St", ""), ("21 Main St", ""));
        check_differ(("12 Main St", ""), ("12 Main Ave", ""));
        check_differ(("12 N Main St", ""), ("12 S Main St", ""));
        check_differ(("12 Main St", "Apt 4"), ("12 Main St", "Apt 5"));
        check_differ(("12 Main St", "Fl 4"), ("12 Main St", "Apt 4"));
        check_differ(("12 Main St", ""), ("12 Main St", "Apt 4"));
        check_differ(("4 Main St", "Apt 12"), ("12 Main St", "Apt 4"));
        check_differ(("100 Highway 12", ""), ("100 Highway 14", ""));
        check_differ(("12 1st Ave", ""), ("1 21st Ave", ""));
        check_differ(("123 45th St", ""), ("123 46 St", ""));
        check_differ(("Rural Route 2 Box 8", ""), ("PO Box 8", ""));
        check_differ(("12 None Such Rd", ""), ("12 Main St", ""));
    }

    #[test]
    fn a_unit_that_payroll_has_no_column_for_is_not_missing() {
        let (bare, held) = (lines(("12 Main St", "")), lines(("12 Main St", "Apt 4")));
        assert!(!lines_differ(bare, held, false) && lines_differ(bare, held, true));
        assert!(lines_differ(lines(("12 Main St Apt 5", "")), held, false));
        assert!(lines_differ(lines(("9 Elm St", "")), held, false));
    }

    #[test]
    fn towns_are_the_same_by_postal_words() {
        for (a, b) in [
            ("Saint Louis", "St. Louis"),
            ("Fort Worth", "FT WORTH"),
            ("San José", "San Jose"),
            ("De Kalb", "DEKALB"),
            ("Washington, D.C.", "Washington"),
            ("New York City", "New York"),
        ] {
            assert!(!towns_differ(Some(a), Some(b)), "{a}");
        }
        assert!(towns_differ(Some("Springfield"), Some("Boston")) && !towns_differ(None, Some("Boston")));
    }

    #[test]
    fn only_the_first_five_of_a_zip_count_and_zeros_stay() {
        assert!(!zips_differ(Some("02139-4307"), Some(" 02139")));
        assert!(zips_differ(Some("2139"), Some("02139")));
        assert!(!zips_differ(None, Some("02139")));
    }
}
