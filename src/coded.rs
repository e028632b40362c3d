//! A column of texts that repeat (companies, pay groups, statuses, currencies, benefit keys), as small integers and a list
//! of what they stand for: as texts such columns would be half of a large table.

use polars::prelude::{PlHashMap, StringChunked};

/// Different views of a column that are remembered: more texts are looked up one by one.
const VIEWS_KEPT_MAX: usize = 16;

/// One text a row; "" and null are no value.
#[derive(Clone, Debug, Default)]
pub struct Coded {
    /// 0 is no value, 1 the first of `texts`.
    numbers: Vec<u32>,
    /// In the order in which they were met.
    texts: Vec<String>,
    known: PlHashMap<String, u32>,
}

impl Coded {
    /// The texts of a polars column.
    pub fn of_column(column: &StringChunked) -> Coded {
        let mut coded = Coded::default();
        coded.numbers = encode(column, |text| coded.number(text));
        coded
    }

    /// Adds a row.
    pub fn push(&mut self, text: &str) {
        // Most rows say what the row before said.
        let number = match self.numbers.last() {
            Some(last) if self.text(*last).unwrap_or_default() == text => *last,
            _ => self.number(text),
        };
        self.numbers.push(number);
    }

    /// Makes room for so many times the rows that are there.
    pub fn foresee(&mut self, times: usize) {
        self.numbers.reserve(self.numbers.len() * times);
    }

    /// The text of a row; `None` when it has none or there is no such row.
    pub fn get(&self, row: usize) -> Option<&str> {
        self.text(*self.numbers.get(row)?)
    }

    /// The texts of all rows.
    pub fn iter(&self) -> impl Iterator<Item = Option<&str>> {
        self.numbers.iter().map(|number| self.text(*number))
    }

    /// What `number` makes of the text of each row, asked once a text, in the order in which they were met; no value is "".
    pub fn numbered(&self, mut number: impl FnMut(&str) -> u32) -> Vec<u32> {
        let blank = number("");
        let table: Vec<u32> = std::iter::once(blank).chain(self.texts.iter().map(|text| number(text))).collect();
        self.numbers.iter().map(|number| table[*number as usize]).collect()
    }

    /// The rows that `kept` marks.
    pub fn filter(&self, kept: impl Iterator<Item = bool>) -> Coded {
        let kept = self.numbers.iter().zip(kept).filter(|(_, kept)| *kept);
        Coded { numbers: kept.map(|(number, _)| *number).collect(), ..self.clone() }
    }

    fn text(&self, number: u32) -> Option<&str> {
        (number as usize).checked_sub(1).map(|at| self.texts[at].as_str())
    }

    fn number(&mut self, text: &str) -> u32 {
        if text.is_empty() {
            return 0;
        }
        if let Some(number) = self.known.get(text) {
            return *number;
        }
        self.texts.push(text.to_owned());
        let number = u32::try_from(self.texts.len()).expect("a table has fewer rows than a u32 counts");
        self.known.insert(text.to_owned(), number);
        number
    }
}

impl<'t> FromIterator<&'t str> for Coded {
    fn from_iter<I: IntoIterator<Item = &'t str>>(texts: I) -> Coded {
        let mut coded = Coded::default();
        texts.into_iter().for_each(|text| coded.push(text));
        coded
    }
}

/// The numbers of a column; null is 0. `number` is asked for the first of many equal texts only.
pub fn encode(texts: &StringChunked, mut number: impl FnMut(&str) -> u32) -> Vec<u32> {
    let mut numbers = Vec::with_capacity(texts.len());
    for piece in texts.downcast_iter() {
        // A view holds a short text, or says where a long one lies: equal views of one piece are equal texts.
        let mut seen: Vec<(u128, u32)> = Vec::with_capacity(VIEWS_KEPT_MAX);
        for (view, text) in piece.views().iter().zip(piece.iter()) {
            let view = view.as_u128();
            let known = seen.iter().find(|(v, _)| *v == view).map(|(_, known)| *known);
            numbers.push(match (text, known) {
                (None, _) => 0,
                (Some(_), Some(known)) => known,
                (Some(text), None) => {
                    let new = number(text);
                    if seen.len() < VIEWS_KEPT_MAX {
                        seen.push((view, new));
                    }
                    new
                }
            });
        }
    }
    numbers
}

#[cfg(test)]
mod tests {
    use polars::prelude::NewChunkedArray as _;

    use super::*;

    const LONG: &str = "long enough to lie apart from its view";

    #[test]
    fn a_coded_column_gives_back_its_texts_and_asks_for_each_once() {
        let column =
            StringChunked::from_slice_options("x".into(), &[Some("b"), None, Some("a"), Some("b"), Some(LONG)]);
        let coded = Coded::of_column(&column);
        assert!(coded.iter().eq(column.iter()));
        assert_eq!((coded.get(2), coded.get(1), coded.get(5)), (Some("a"), None, None));
        let mut asked = Vec::new();
        let lengths = coded.numbered(|text| {
            asked.push(text.to_owned());
            text.len() as u32
        });
        assert_eq!(lengths, [1, 0, 1, 1, LONG.len() as u32]);
        assert_eq!(asked, ["", "b", "a", LONG]);
    }

    #[test]
    fn rows_can_be_pushed_and_filtered() {
        let coded = Coded::from_iter(["a", "a", "", "b", "a", ""]);
        assert!(coded.iter().eq([Some("a"), Some("a"), None, Some("b"), Some("a"), None]));
        let kept = coded.filter([false, true, true, false, true].into_iter());
        assert!(kept.iter().eq([Some("a"), None, Some("a")]));
    }
}
