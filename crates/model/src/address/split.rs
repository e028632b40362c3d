//! A line of an address as its words: upper case, without accents and punctuation, several words that stand for one
//! joined.

use std::borrow::Cow;

use unicode_normalization::UnicodeNormalization;
use unicode_normalization::char::is_combining_mark;

use super::roads::{beginning, road};
use super::words::{CARE_OF, GLUED, UNIT_MARK, is_direction, is_number, is_suffix, is_way, ordinal, phrase, short};

/// Fractions of a house number as one sign.
const FRACTIONS: [(&str, &str); 3] = [("¼", " 1/4"), ("½", " 1/2"), ("¾", " 3/4")];

/// `Rm 401` is a room, `12 RM 401` a house on a ranch road.
const ROOM: &str = "RM";

/// A house number, its letter, a name and a suffix.
const WORDS_WITH_LETTER: usize = 4;

/// The words of a line.
pub(super) fn split(line: &str) -> Vec<String> {
    let line = FRACTIONS.iter().fold(Cow::from(line), |line, (sign, text)| match line.contains(sign) {
        true => line.replace(sign, text).into(),
        false => line,
    });
    let plain: String = match line.is_ascii() {
        true => line.to_ascii_uppercase(),
        false => line.nfkd().filter(|c| !is_combining_mark(*c)).flat_map(char::to_uppercase).collect(),
    };
    let plain = if plain.contains('-') { lettered(&plain) } else { plain };
    let plain = if plain.contains(['.', '\'', '’']) { pointed(&plain) } else { plain };
    let plain = plain.replace(UNIT_MARK, " # ").replace("C/O", CARE_OF);
    let plain = match plain.trim_start().strip_prefix('%') {
        Some(whom) => format!("{CARE_OF} {whom}"),
        None => plain,
    };
    let is_between = |c: char| !c.is_alphanumeric() && c != '#' && c != '.';
    let mut parts = Vec::new();
    let mut on_grid = true;
    for word in plain.split(is_between).filter(|word| !word.is_empty()) {
        on_grid &= is_of_grid(word);
        parts.extend(if on_grid { grid(word) } else { apart(word) });
    }
    complete(&mut parts);
    joined(&parts)
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

/// Without apostrophes and points, but for the point of `39.2`. A point between words parts them (`St.James`), one
/// between single letters does not (`P.O.`).
fn pointed(line: &str) -> String {
    let chars: Vec<char> = line.chars().filter(|c| !['\'', '’'].contains(c)).collect();
    let at = |i: usize| chars.get(i).copied().unwrap_or(' ');
    let is_single =
        |i: usize| at(i).is_alphabetic() && (i == 0 || !at(i - 1).is_alphanumeric()) && !at(i + 1).is_alphanumeric();
    let point = |i: usize| {
        let (before, after) = (if i == 0 { ' ' } else { at(i - 1) }, at(i + 1));
        match (before, after) {
            _ if before.is_ascii_digit() && after.is_ascii_digit() => Some('.'),
            _ if !after.is_alphanumeric() || (i > 0 && is_single(i - 1) && is_single(i + 1)) => None,
            _ => Some(' '),
        }
    };
    (0..chars.len()).filter_map(|i| if at(i) == '.' { point(i) } else { Some(at(i)) }).collect()
}

/// A house number by a grid, or a part of it: `N6W23001`, `W23001`.
fn is_of_grid(word: &str) -> bool {
    let is_direction = |c: char| "NSEW".contains(c);
    let fits = |(a, b): (char, char)| b.is_ascii_digit() || (a.is_ascii_digit() && is_direction(b));
    let ends = word.starts_with(is_direction) && word.ends_with(|c: char| c.is_ascii_digit());
    ends && word.chars().zip(word.chars().skip(1)).all(fits)
}

/// `N 6 W 23001` of `N6W23001`.
fn grid(word: &str) -> Vec<String> {
    let apart: String =
        word.chars().flat_map(|c| if c.is_ascii_digit() { vec![c] } else { vec![' ', c, ' '] }).collect();
    apart.split_whitespace().map(str::to_owned).collect()
}

/// `APT 4` of `APT4`.
fn apart(word: &str) -> Vec<String> {
    let digit = word.find(|c: char| c.is_ascii_digit()).unwrap_or(0);
    match word.split_at(digit) {
        (letters, number) if digit > 0 && GLUED.contains(&letters) => vec![letters.to_owned(), number.to_owned()],
        _ => vec![word.to_owned()],
    }
}

/// Words that stand for one become one: routes and boxes at the start, numbered roads, ordinals, phrases.
fn joined(words: &[String]) -> Vec<String> {
    let words: Vec<&str> = words.iter().map(String::as_str).collect();
    let (taken, mut joined) = beginning(&words).unwrap_or_default();
    let mut rest = &words[taken..];
    while let Some((word, after)) = rest.split_first() {
        if let Some(ordinal) = ordinal(rest) {
            joined.push(ordinal);
            rest = &after[1..];
            continue;
        }
        // Without the number of a house a ranch road is a room.
        let begins = joined.last().map_or(*word != ROOM, |last| begins_street(last));
        if let Some((taken, road)) = road(rest, begins) {
            joined.push(road);
            rest = &rest[taken..];
            continue;
        }
        let (taken, one) = phrase(rest).unwrap_or((1, word));
        joined.extend(one.split(' ').map(str::to_owned));
        rest = rest.get(taken..).unwrap_or(after);
    }
    joined
}

/// A street may begin behind it: a house number or a direction.
fn begins_street(word: &str) -> bool {
    word.bytes().all(|byte| byte.is_ascii_digit()) || is_direction(short(word))
}

/// What people write apart or leave out: the letter of a house number, and the ending of a numbered street's name.
fn complete(words: &mut Vec<String>) {
    let is_whole = |word: &str| word.bytes().all(|byte| byte.is_ascii_digit());
    let has_letter = words.len() >= WORDS_WITH_LETTER
        && is_whole(&words[0])
        && words[1].len() == 1
        && words[1].bytes().all(|byte| byte.is_ascii_alphabetic())
        && !is_direction(&words[1])
        && !is_suffix(short(&words[2]))
        && !is_number(&words[2]);
    if has_letter {
        let letter = words.remove(1);
        words[0].push_str(&letter);
    }
    for at in 1..words.len().saturating_sub(1) {
        let before = words[..at].iter().rev().find(|word| !is_way(short(word)));
        let is_name = is_suffix(short(&words[at + 1])) && before.is_some_and(|word| is_whole(word));
        if let Some(number) = short(&words[at]).parse::<u32>().ok().filter(|_| is_name) {
            words[at] = format!("{number}{}", ending(number));
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
