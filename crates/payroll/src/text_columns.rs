//! The text columns of people while a file is read: those whose texts repeat as numbers, the others one text behind the
//! other.

use polars::prelude::Column;

use crate::columns::{COMPANY, COUNTRY, PAY_GROUP, STATE, TEXTS};
use crate::frame::text_column;
use tieout_model::coded::Coded;

/// Texts of one column, one behind the other; a blank one is no value.
#[derive(Debug, Default)]
pub(super) struct Texts {
    bytes: String,
    ends: Vec<usize>,
}

/// Columns in the order of [`TEXTS`]; each is held in one of the two ways.
#[derive(Debug, Default)]
pub(super) struct TextColumns {
    words: [Coded; TEXTS.len()],
    texts: [Texts; TEXTS.len()],
}

/// Whether a column repeats a few texts.
fn repeats(which: usize) -> bool {
    [COMPANY, PAY_GROUP, STATE, COUNTRY].contains(&which)
}

impl Texts {
    pub fn push(&mut self, text: &str) {
        self.bytes.push_str(text);
        self.ends.push(self.bytes.len());
    }

    /// Makes room for so many times the texts that are there.
    pub fn foresee(&mut self, times: usize) {
        self.bytes.reserve(self.bytes.len() * times);
        self.ends.reserve(self.ends.len() * times);
    }

    pub fn get(&self, at: usize) -> &str {
        let start = at.checked_sub(1).map_or(0, |before| self.ends[before]);
        &self.bytes[start..self.ends[at]]
    }

    pub fn into_column(self, name: &str) -> Column {
        let texts = (0..self.ends.len()).map(|at| Some(self.get(at)).filter(|t| !t.is_empty()));
        text_column(name, self.ends.len(), texts)
    }
}

impl TextColumns {
    pub fn push(&mut self, which: usize, text: &str) {
        match repeats(which) {
            true => self.words[which].push(text),
            false => self.texts[which].push(text),
        }
    }

    /// Makes room for so many times the rows that are there.
    pub fn foresee(&mut self, times: usize) {
        self.texts.iter_mut().for_each(|texts| texts.foresee(times));
        self.words.iter_mut().for_each(|words| words.foresee(times));
    }

    /// A text; blank when there is none.
    pub fn get(&self, which: usize, at: usize) -> &str {
        match repeats(which) {
            true => self.words[which].get(at).unwrap_or_default(),
            false => self.texts[which].get(at),
        }
    }

    /// Takes out a column of [`TEXTS`] that is no repeating one.
    pub fn take(&mut self, name: &str) -> Texts {
        TEXTS
            .iter()
            .position(|text| *text == name)
            .map(|which| std::mem::take(&mut self.texts[which]))
            .unwrap_or_default()
    }

    /// Takes out a repeating column.
    pub fn take_words(&mut self, which: usize) -> Coded {
        std::mem::take(&mut self.words[which])
    }
}
