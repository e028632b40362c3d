//! A column of texts that repeat (companies, pay groups, statuses, currencies, benefit keys), as small integers and a
//! list of what they stand for: as texts such columns would be half of a large table.

use std::collections::HashMap;

/// One text a row; "" and null are no value.
#[derive(Clone, Debug, Default)]
pub struct Categorical {
    /// 0 is no value, 1 the first of `texts`.
    numbers: Vec<u32>,
    /// In the order in which they were met.
    texts: Vec<String>,
    known: HashMap<String, u32>,
}

impl Categorical {
    /// As many rows as `numbers` gives; it asks for the number of a text, 0 where a row has none.
    pub fn with_numbers(numbers: impl FnOnce(&mut dyn FnMut(&str) -> u32) -> Vec<u32>) -> Categorical {
        let mut coded = Categorical::default();
        coded.numbers = numbers(&mut |text| coded.number(text));
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
    pub fn reserve_times(&mut self, times: usize) {
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

    /// What `number` makes of the text of each row, asked once a text, in the order in which they were met; no value is
    /// "".
    pub fn numbered(&self, mut number: impl FnMut(&str) -> u32) -> Vec<u32> {
        let blank = number("");
        let table: Vec<u32> = std::iter::once(blank).chain(self.texts.iter().map(|text| number(text))).collect();
        self.numbers.iter().map(|number| table[*number as usize]).collect()
    }

    /// The rows that `kept` marks, and the texts that they have.
    pub fn filter(&self, kept: impl Iterator<Item = bool>) -> Categorical {
        let kept = self.numbers.iter().zip(kept).filter(|(_, kept)| *kept);
        self.with(kept.map(|(number, _)| *number))
    }

    /// These rows, in their order, and the texts that they have. A row that there is not has no value.
    pub fn take(&self, rows: &[u32]) -> Categorical {
        self.with(rows.iter().map(|row| self.numbers.get(*row as usize).copied().unwrap_or_default()))
    }

    fn with(&self, numbers: impl Iterator<Item = u32>) -> Categorical {
        let mut renumbered = vec![None; self.texts.len() + 1];
        let mut with = Categorical::default();
        for number in numbers {
            let known = &mut renumbered[number as usize];
            let new = *known.get_or_insert_with(|| with.number(self.text(number).unwrap_or_default()));
            with.numbers.push(new);
        }
        with
    }

    /// Gives a row another text; nothing happens where there is no such row.
    pub fn set(&mut self, row: usize, text: Option<&str>) {
        let number = self.number(text.unwrap_or_default());
        self.numbers.get_mut(row).into_iter().for_each(|held| *held = number);
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

impl<'t> FromIterator<&'t str> for Categorical {
    fn from_iter<I: IntoIterator<Item = &'t str>>(texts: I) -> Categorical {
        let mut coded = Categorical::default();
        texts.into_iter().for_each(|text| coded.push(text));
        coded
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn rows_can_be_pushed_and_filtered() {
        let coded = Categorical::from_iter(["a", "a", "", "b", "a", ""]);
        assert!(coded.iter().eq([Some("a"), Some("a"), None, Some("b"), Some("a"), None]));
        let kept = coded.filter([false, true, true, false, true].into_iter());
        assert!(kept.iter().eq([Some("a"), None, Some("a")]));
        let mut asked = Vec::new();
        kept.numbered(|text| {
            asked.push(text.to_owned());
            0
        });
        assert_eq!(asked, ["", "a"], "a text of rows that are not kept is none of theirs");
    }

    #[test]
    fn rows_can_be_taken_and_given_another_text() {
        let mut coded = Categorical::from_iter(["a", "b", ""]);
        assert!(coded.take(&[2, 1, 1]).iter().eq([None, Some("b"), Some("b")]));
        coded.set(0, Some("c"));
        coded.set(1, None);
        coded.set(7, Some("d"));
        assert!(coded.iter().eq([Some("c"), None, None]));
    }
}
