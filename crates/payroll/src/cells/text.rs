//! Text of cells: blanks, masking, and a small memory for texts that repeat on every row.

use std::borrow::Cow;

/// Characters of a masked cell in `rejects.csv`.
const MASKED_CHARS_MAX: usize = 20;
/// Bytes of `=""`.
const GUARD_BYTES: usize = 3;
/// Digits of a code word; a text with more is a number.
const CODE_DIGITS_MAX: usize = 3;
/// Distinct texts that a [`Memo`] keeps; columns with more are looked up each time.
const MEMO_TEXTS_MAX: usize = 32;

/// Unicode blanks, NBSP among them, and the zero-width ones that exports leave behind.
fn is_blank(c: char) -> bool {
    c.is_whitespace() || matches!(c, '\u{200b}' | '\u{2060}' | '\u{feff}')
}

/// Takes every kind of blank off both ends.
pub(crate) fn trim(text: &str) -> &str {
    match text.as_bytes() {
        // Which keeps a spreadsheet from reading a number into it.
        [b'=', b'"', .., b'"'] if text.len() >= GUARD_BYTES => trim(&text[2..text.len() - 1]),
        // Most cells have none.
        [first, .., last] if first.is_ascii_graphic() && last.is_ascii_graphic() => text,
        _ => text.trim_matches(is_blank),
    }
}

/// Folds the case of an employee id, the same way wherever ids are compared.
pub fn fold_id(id: &str) -> Cow<'_, str> {
    match id.bytes().all(|b| b.is_ascii() && !b.is_ascii_lowercase()) {
        true => Cow::Borrowed(id),
        false => Cow::Owned(id.to_uppercase()),
    }
}

/// The kind of each character: `9` digit, `a` letter, the rest as it is, cut short.
pub(crate) fn mask(cell: &[u8]) -> String {
    let kind = |c: char| match c {
        _ if c.is_numeric() => '9',
        _ if c.is_alphabetic() => 'a',
        _ => c,
    };
    String::from_utf8_lossy(cell).chars().take(MASKED_CHARS_MAX).map(kind).collect()
}

/// A word of a code column as errors show it, so that it can be mapped: cut short, and without the digits of a number.
pub(crate) fn code_word(word: &str) -> String {
    let digits = word.chars().filter(|c| c.is_numeric()).count();
    let kind = |c: char| if c.is_control() || digits > CODE_DIGITS_MAX && c.is_numeric() { '9' } else { c };
    word.chars().take(MASKED_CHARS_MAX).map(kind).collect()
}

/// Remembers what a text of a low-cardinality column means.
#[derive(Debug)]
pub(crate) struct Memo<T> {
    seen: Vec<(Box<str>, T)>,
}

impl<T: Copy> Memo<T> {
    pub fn new() -> Memo<T> {
        Memo { seen: Vec::new() }
    }

    pub fn get(&mut self, text: &str, work_out: impl FnOnce(&str) -> T) -> T {
        if let Some((_, known)) = self.seen.iter().find(|(t, _)| **t == *text) {
            return *known;
        }
        let value = work_out(text);
        if self.seen.len() < MEMO_TEXTS_MAX {
            self.seen.push((text.into(), value));
        }
        value
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn blanks_of_every_kind_are_trimmed_and_inner_ones_stay() {
        assert_eq!(trim("\u{a0} \t00 12\u{202f}\u{3000}\u{feff}"), "00 12");
        assert_eq!(trim(" \u{a0}"), "");
    }

    #[test]
    fn the_guard_around_a_text_is_no_part_of_it() {
        assert_eq!(trim("=\"00123\""), "00123");
        assert_eq!(trim("=\"\""), "");
        assert_eq!(trim("=\""), "=\"");
    }

    #[test]
    fn a_masked_cell_shows_kinds_of_characters_only_and_at_most_twenty() {
        assert_eq!(mask("Zoë 12.5-é".as_bytes()), "aaa 99.9-a");
        assert_eq!(mask("abcdefghijklmnopqrstuvwxyz".as_bytes()), "a".repeat(20));
        assert_eq!(mask(b"a\xff1"), "a\u{fffd}9");
    }

    #[test]
    fn folded_ids_are_equal_whatever_their_case() {
        assert_eq!(fold_id("ab01é"), fold_id("AB01É"));
        assert!(matches!(fold_id("0001-A"), Cow::Borrowed("0001-A")));
    }

    #[test]
    fn a_memo_answers_beyond_its_capacity() {
        let mut memo = Memo::new();
        for round in 0..2 {
            for n in 0..2 * MEMO_TEXTS_MAX {
                assert_eq!(memo.get(&n.to_string(), |t| t.len()), n.to_string().len(), "round {round}");
            }
        }
        assert_eq!(memo.seen.len(), MEMO_TEXTS_MAX);
    }
}
