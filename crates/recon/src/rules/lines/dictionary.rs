//! Texts that repeat (benefit keys, codes, currencies, pay groups, statuses) as small integers, so that everything
//! after works on integers. Number 0 is "blank".

use polars::prelude::{Column as AnyColumn, *};

use crate::categorical::encode;
use crate::tables::column::{Column, Row};
use tieout_model::money::{Currency, UNITS_PER_ONE};

/// What number 0 of every dictionary means.
pub(in crate::rules) const BLANK: u32 = 0;

/// Texts in the order in which they were met, and their numbers.
pub(in crate::rules) struct Dictionary {
    texts: Vec<String>,
    numbers: PlHashMap<String, u32>,
}

impl Dictionary {
    /// Holds the blank only.
    pub(in crate::rules) fn new() -> Dictionary {
        Dictionary { texts: vec![String::new()], numbers: PlHashMap::default() }
    }

    /// How many numbers are given out, the blank included.
    pub(in crate::rules) fn len(&self) -> usize {
        self.texts.len()
    }

    pub(in crate::rules) fn text(&self, number: u32) -> &str {
        &self.texts[number as usize]
    }

    pub(in crate::rules) fn texts(&self) -> &[String] {
        &self.texts
    }

    /// The number of a text that was met before.
    pub(in crate::rules) fn find(&self, text: &str) -> Option<u32> {
        self.numbers.get(text.trim()).copied()
    }

    /// The number of a text, blanks around it aside; a new one when it was not met before.
    pub(in crate::rules) fn number(&mut self, text: &str) -> u32 {
        let text = text.trim();
        if text.is_empty() {
            return BLANK;
        }
        if let Some(number) = self.numbers.get(text) {
            return *number;
        }
        let number = u32::try_from(self.texts.len()).expect("a frame has fewer rows than a u32 counts");
        self.texts.push(text.to_owned());
        self.numbers.insert(text.to_owned(), number);
        number
    }

    /// The numbers of a column; null is the blank.
    pub(in crate::rules) fn encode(&mut self, texts: &StringChunked) -> Vec<u32> {
        encode(texts, |text| self.number(text))
    }

    /// Like [`Dictionary::encode`], as a named column.
    pub(in crate::rules) fn column(&mut self, column: Column<Row>, texts: &StringChunked) -> AnyColumn {
        column.filled(self.encode(texts))
    }
}

/// Number of a currency text that ISO 4217 does not list: there, but not known.
pub(in crate::rules) const ALIEN: u32 = 1;

/// Currencies as small integers: 0 blank, 1 unknown text, then the real ones.
pub(in crate::rules) struct Currencies {
    known: Vec<Currency>,
    numbers: PlHashMap<String, u32>,
}

impl Currencies {
    pub(in crate::rules) fn new() -> Currencies {
        Currencies { known: Vec::new(), numbers: PlHashMap::default() }
    }

    /// How many numbers are given out, blank and unknown included.
    pub(in crate::rules) fn len(&self) -> usize {
        self.known.len() + 2
    }

    /// `None` for blank and unknown.
    pub(in crate::rules) fn get(&self, number: u32) -> Option<Currency> {
        (number as usize).checked_sub(2).and_then(|at| self.known.get(at).copied())
    }

    pub(in crate::rules) fn number(&mut self, text: &str) -> u32 {
        if let Some(number) = self.numbers.get(text) {
            return *number;
        }
        let number = match (text.trim().is_empty(), Currency::parse(text)) {
            (true, _) => BLANK,
            (false, None) => ALIEN,
            (false, Some(currency)) => self.number_of(currency),
        };
        self.numbers.insert(text.to_owned(), number);
        number
    }

    pub(in crate::rules) fn number_of(&mut self, currency: Currency) -> u32 {
        let at = self.known.iter().position(|c| *c == currency).unwrap_or_else(|| {
            self.known.push(currency);
            self.known.len() - 1
        });
        // ISO 4217 lists fewer than 200 currencies.
        at as u32 + 2
    }

    /// Minor units (in counts of 1/10,000) by number; those of no currency are a cent, for they are never used.
    pub(in crate::rules) fn minor_units(&self) -> Vec<i64> {
        let cent = UNITS_PER_ONE / 100;
        let known = self.known.iter().map(Currency::minor_unit);
        [cent, cent].into_iter().chain(known).collect()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn equal_texts_share_a_number_and_blanks_are_zero() {
        let mut words = Dictionary::new();
        let column = StringChunked::new("x".into(), [Some("a"), Some(" a "), None, Some("b"), Some("")]);
        assert_eq!(words.encode(&column), [1, 1, BLANK, 2, BLANK]);
        assert_eq!((words.text(2), words.len()), ("b", 3));
    }

    #[test]
    fn a_currency_text_is_blank_unknown_or_real() {
        let mut currencies = Currencies::new();
        let texts = ["USD", "US$", "", "jpy", "USD"];
        assert_eq!(texts.map(|text| currencies.number(text)), [2, ALIEN, BLANK, 3, 2]);
        assert_eq!(currencies.minor_units(), [100, 100, 100, 10_000]);
        assert_eq!((currencies.get(ALIEN), currencies.get(3)), (None, Currency::parse("JPY")));
    }
}
