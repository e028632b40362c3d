//! How alike two names are: case, accents, punctuation and the order of the parts don't count. In 1/10,000, by whole
//! numbers only.

use std::borrow::Cow;

use unicode_normalization::UnicodeNormalization;
use unicode_normalization::char::is_combining_mark;

/// Stands between the parts of a name.
const BLANK: char = ' ';

/// Equal names.
pub(in crate::rules) const ALIKE: u32 = 10_000;

/// Letters that no decomposition turns into plain ones.
fn plain(c: char) -> &'static str {
    match c {
        'ß' => "ss",
        'æ' => "ae",
        'œ' => "oe",
        'ø' => "o",
        'ł' => "l",
        'đ' | 'ð' => "d",
        'þ' => "th",
        'ı' => "i",
        _ => "",
    }
}

/// A name in plain lower-case letters, with a blank between its parts.
pub(in crate::rules) fn folded(name: &str) -> String {
    let mut folded = String::with_capacity(name.len());
    let push = |c: char| match c {
        _ if !plain(c).is_empty() => folded.push_str(plain(c)),
        _ if c.is_alphanumeric() => folded.push(c),
        '\'' | '’' | '`' | '.' => {}
        _ => folded.push(BLANK),
    };
    match name.is_ascii() {
        // Nothing to take apart.
        true => name.chars().map(|c| c.to_ascii_lowercase()).for_each(push),
        false => name.nfkd().filter(|c| !is_combining_mark(*c)).flat_map(char::to_lowercase).for_each(push),
    }
    folded
}

/// The words of a folded name.
pub(in crate::rules) fn parts(folded: &str) -> Vec<&str> {
    folded.split(BLANK).filter(|part| !part.is_empty()).collect()
}

/// How surnames of other alphabets end in Latin letters, and the one ending that stands for it.
const ENDINGS: [(&str, &str); 7] =
    [("off", "ov"), ("eff", "ev"), ("skiy", "sky"), ("skij", "sky"), ("skii", "sky"), ("skyi", "sky"), ("ski", "sky")];

/// Letters before such an ending, at least: `Hoff` is another name than `Hov`.
const STEM_MIN: usize = 3;

/// A word without the letter that stands for an umlaut or a ring where there is none, and with one ending of many:
/// `mueller` as `muller`, `petroff` as `petrov`.
pub(in crate::rules) fn spelling(word: &str) -> Cow<'_, str> {
    let has_two = |letters: &[u8]| matches!(letters, b"ae" | b"aa" | b"oe" | b"ue");
    let word: Cow<'_, str> = match word.as_bytes().windows(2).any(has_two) {
        true => word.replace("ae", "a").replace("aa", "a").replace("oe", "o").replace("ue", "u").into(),
        false => word.into(),
    };
    let stem = |ending: &str| word.strip_suffix(ending).filter(|stem| stem.len() >= STEM_MIN);
    match ENDINGS.iter().find_map(|(ending, one)| Some(format!("{}{one}", stem(ending)?))) {
        Some(plain) => plain.into(),
        None => word,
    }
}

/// Similarity of two names: 10,000 less the share of letters to change, in the order given or sorted.
pub(in crate::rules) fn similarity(a: &str, b: &str) -> u32 {
    let (a, b) = (folded(a), folded(b));
    if a == b {
        return ALIKE;
    }
    let (mut a, mut b) = (parts(&a), parts(&b));
    let as_given = of_texts(&a.concat(), &b.concat());
    if as_given == ALIKE || (a.is_sorted() && b.is_sorted()) {
        return as_given;
    }
    a.sort();
    b.sort();
    as_given.max(of_texts(&a.concat(), &b.concat()))
}

fn of_texts(a: &str, b: &str) -> u32 {
    let longest = a.chars().count().max(b.chars().count());
    if longest == 0 {
        return ALIKE;
    }
    let changed = strsim::levenshtein(a, b).min(longest);
    // At most ALIKE, for no more letters change than there are.
    ((longest - changed) * ALIKE as usize / longest) as u32
}

/// `0.62`, rounded down.
pub(in crate::rules) fn shown(similarity: u32) -> String {
    format!("{}.{:02}", similarity / ALIKE, similarity % ALIKE / 100)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn case_accents_punctuation_and_order_do_not_count() {
        for (a, b) in [
            ("José Núñez", "NUNEZ, JOSE"),
            ("Mary O'Brien", "mary obrien"),
            ("Mary O'Brien", "Mary O Brien"),
            ("Anne-Marie Weiß", "Anne Marie Weiss"),
            ("Søren Łukasz", "soren lukasz"),
        ] {
            assert!(similarity(a, b) >= 9_000, "{a} {b}: {}", similarity(a, b));
        }
        assert_eq!(similarity("José Núñez", "NUNEZ, JOSE"), ALIKE);
    }

    #[test]
    fn other_names_fall_below_the_threshold() {
        assert!(similarity("Alice Moreau", "Bertrand Okafor") < 5_000);
        assert_eq!(similarity("abcd", "abce"), 7_500);
        assert_eq!(shown(similarity("abcd", "abce")), "0.75");
        assert_eq!(similarity("", ""), ALIKE);
    }
}
