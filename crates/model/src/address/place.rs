//! What an address says of the place: street, unit and, in Puerto Rico, the urbanization.

use std::fmt;

use super::Home;
use super::roads::{BOX, PO_BOX, is_route, plain_number};
use super::split::split;
use super::words::{
    CARE_OF, UNIT_MARK, URBANIZATION, is_any_unit, is_direction, is_mark, is_meant, is_number, is_ordinal, is_suffix,
    part, short,
};
use super::zip::zip5;
use crate::states::state_code;

/// Lines that say there is none.
const NO_LINE: [&str; 5] = ["NA", "NONE", "NIL", "NULL", "NOTAPPLICABLE"];

/// A house number, a name and a suffix: what follows may be a unit that no word announces, or the town.
const WORDS_OF_A_STREET: usize = 3;

/// Between the words of a street and those of the unit, as text.
const JOINT: &str = " # ";

/// Equal places are equal.
#[derive(Debug, Default, PartialEq, Eq)]
pub(super) struct Place {
    street: Vec<String>,
    /// Its parts in order: `4B`, `BLDG2`.
    unit: Vec<String>,
    urbanization: Vec<String>,
}

impl Place {
    pub(super) fn new(home: &Home<'_>) -> Place {
        let mut place = Place::default();
        let mut town: Option<Town> = None;
        for line in [home.line1, home.line2].into_iter().flatten().filter(|line| !is_no_line(line)) {
            let first = place == Place::default();
            let words = without_care_of(split(line));
            // A street without more is the most common line.
            let may_name_it = !first || words.len() > WORDS_OF_A_STREET;
            let town = may_name_it.then(|| &*town.get_or_insert_with(|| Town::new(home)));
            let words = match town {
                Some(town) => town.left_out(words, first),
                None => words,
            };
            place.read(&words);
        }
        place.unit.sort();
        place.unit.dedup();
        place
    }

    pub(super) fn has_no_unit(&self) -> bool {
        self.unit.is_empty()
    }

    pub(super) fn has_unit_of(&self, other: &Place) -> bool {
        self.unit == other.unit
    }

    pub(super) fn is_in_street_of(&self, other: &Place) -> bool {
        let streets = self.street.iter().zip(&other.street);
        self.street.len() == other.street.len()
            && streets.into_iter().all(|(a, b)| a == b || is_meant(a, b) || is_meant(b, a))
            && self.urbanization == other.urbanization
    }

    fn read(&mut self, words: &[String]) {
        let words: Vec<&str> = words.iter().map(String::as_str).collect();
        let (mut street, mut rest) = (Vec::new(), &words[..]);
        let announced = self.unit.len();
        while let Some((word, after)) = rest.split_first() {
            let marks = after.iter().take_while(|word| is_mark(word)).count();
            let numbers = number_of_unit(&after[marks..]);
            let number = || unit_number(&after[marks..marks + numbers]);
            rest = after;
            if *word == UNIT_MARK || (is_any_unit(word) && (numbers > 0 || marks > 0)) {
                self.unit.extend((numbers > 0).then(number));
                rest = &after[marks + numbers..];
            } else if let Some(part) = part(word).filter(|_| numbers > 0 || after.first().is_none_or(|w| is_unit(w))) {
                // `3rd Floor` is `Floor 3`.
                let before = if numbers == 0 { street.pop_if(|last: &mut String| is_ordinal(last)) } else { None };
                let number = before.map_or_else(number, |ordinal| digits(&ordinal));
                self.unit.push(format!("{part}{number}"));
                rest = if numbers == 0 { after } else { &after[marks + numbers..] };
            } else if *word == URBANIZATION && !after.is_empty() {
                let count = after.iter().take_while(|word| !is_number(word) && !is_unit(word)).count();
                self.urbanization.extend(after[..count].iter().map(|word| short(word).to_owned()));
                rest = &after[count..];
            } else {
                push_short(&mut street, word);
            }
        }
        if self.unit.len() == announced {
            self.unit.extend(unannounced(&mut street, self.street.is_empty()));
        }
        if street.first().is_some_and(|first| first == BOX) && !self.has_box_of_route() {
            PO_BOX.clone_into(&mut street[0]);
        }
        // A line that says the same once more.
        if street != self.street {
            self.street.extend(street);
        }
    }

    /// A box that comes next is one of a route or of a military unit.
    fn has_box_of_route(&self) -> bool {
        is_route(&self.street) || (self.street.is_empty() && !self.unit.is_empty())
    }
}

impl fmt::Display for Place {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}{JOINT}{}", self.street.join(" "), self.unit.join(" "))?;
        if self.urbanization.is_empty() { Ok(()) } else { write!(f, "{JOINT}{}", self.urbanization.join(" ")) }
    }
}

/// Adds a word of a street: `N E` is `NE`.
fn push_short(street: &mut Vec<String>, word: &str) {
    let short = plain_number(short(word));
    match street.last_mut().filter(|last| ["N", "S"].contains(&last.as_str()) && ["E", "W"].contains(&short)) {
        Some(last) => last.push_str(short),
        None => street.extend(Some(short.to_owned()).filter(|short| !short.is_empty())),
    }
}

/// Takes the unit off the end of a line that has no word for it: `12 Main St 4B`, or a second line `4B`.
fn unannounced(street: &mut Vec<String>, first: bool) -> Option<String> {
    let words: Vec<&str> = street.iter().map(String::as_str).collect();
    let count =
        words.iter().rev().take_while(|word| is_number(word) && !is_ordinal(word) && !is_direction(word)).count();
    let kept = words.len() - count;
    let after_street = kept >= WORDS_OF_A_STREET && is_suffix(words[kept - 1]);
    (count > 0 && (after_street || (kept == 0 && !first))).then(|| {
        let unit = street.split_off(kept);
        unit_number(&unit.iter().map(String::as_str).collect::<Vec<_>>())
    })
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

fn unit_number(words: &[&str]) -> String {
    words.iter().map(|word| plain_number(word)).collect()
}

fn is_unit(word: &str) -> bool {
    word == UNIT_MARK || is_any_unit(word) || part(word).is_some()
}

fn digits(word: &str) -> String {
    word.chars().filter(char::is_ascii_digit).collect()
}

fn is_no_line(line: &str) -> bool {
    let letters: String = line.chars().filter(|c| c.is_alphanumeric()).flat_map(char::to_uppercase).collect();
    NO_LINE.contains(&letters.as_str())
}

/// Without those for whom the mail is, up to the number of a house, a box or a unit: `c/o Smith, 12 Main St`.
fn without_care_of(words: Vec<String>) -> Vec<String> {
    let Some(begin) = words.iter().position(|word| word == CARE_OF) else { return words };
    let is_place = |at: usize| {
        let word = words[at].as_str();
        (is_number(word) && word.starts_with(|c: char| c.is_ascii_digit()) && !is_ordinal(word))
            || [UNIT_MARK, PO_BOX].contains(&word)
            || (is_unit(word) && words.get(at + 1).is_some_and(|next| is_number(next) || next == UNIT_MARK))
    };
    let end = (begin + 1..words.len()).find(|at| is_place(*at)).unwrap_or(words.len());
    [&words[..begin], &words[end..]].concat()
}

/// The town of an address, which people write once more behind the street.
struct Town {
    city: Vec<String>,
    state: Option<String>,
    zip: Option<String>,
}

impl Town {
    fn new(home: &Home<'_>) -> Town {
        Town {
            city: home.city.map(split).unwrap_or_default(),
            state: home.state.map(state_code),
            zip: home.zip.map(zip5),
        }
    }

    /// A line without the city, the state and the ZIP code of its own address at its end.
    fn left_out(&self, mut words: Vec<String>, first: bool) -> Vec<String> {
        let with_zip = words.len() - self.zip_at_end(&words);
        let with_state = with_zip - self.state_at_end(&words[..with_zip]);
        let alike = |(a, b): (&String, &String)| short(a) == short(b);
        let tail = with_state.checked_sub(self.city.len()).filter(|_| !self.city.is_empty());
        let tail = tail.filter(|at| words[*at..with_state].iter().zip(&self.city).all(alike));
        // `12 State St`, `12 Oak Park`: what is left is a street, or nothing.
        let least = if with_state < with_zip { 1 } else { WORDS_OF_A_STREET };
        if let Some(kept) = tail.filter(|kept| *kept >= least || (*kept == 0 && !first)) {
            words.truncate(kept);
        }
        words
    }

    /// How many words at the end are the ZIP code.
    fn zip_at_end(&self, words: &[String]) -> usize {
        let is_zip = |word: &String| Some(word) == self.zip.as_ref();
        match words {
            [.., word] if is_zip(word) => 1,
            [.., word, plus] if is_zip(word) && plus.len() == 4 && plus.bytes().all(|b| b.is_ascii_digit()) => 2,
            _ => 0,
        }
    }

    /// How many words at the end are the state.
    fn state_at_end(&self, words: &[String]) -> usize {
        let is_state = |count: &usize| {
            let at = words.len().checked_sub(*count);
            at.is_some_and(|at| Some(state_code(&words[at..].concat())) == self.state)
        };
        (1..=3).find(is_state).unwrap_or(0)
    }
}
