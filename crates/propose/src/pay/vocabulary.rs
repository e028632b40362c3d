//! The payroll's words for terms: `FT` is full time (`data/words.toml`).

use std::collections::BTreeMap;
use std::sync::LazyLock;

use crate::certainty::Certainty;
use crate::columns::names::plain;
use crate::columns::profile::Profile;

/// Field → term → words.
type Terms = BTreeMap<String, BTreeMap<String, Vec<String>>>;

static TERMS: LazyLock<Terms> = LazyLock::new(|| {
    toml::from_str(include_str!("../../data/words.toml")).expect("the table is part of the program and a test reads it")
});

/// The words of a column, as the file writes them.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct WordMap {
    /// Word → term, with how sure.
    pub known: BTreeMap<String, (String, Certainty)>,
    /// Words that mean nothing to us, and in how many rows each stands.
    pub unknown: BTreeMap<String, usize>,
}

impl WordMap {
    /// Whether the column is about the field at all: most of its rows have a word of it.
    pub fn is_plausible(&self, profile: &Profile) -> bool {
        let unknown: usize = self.unknown.values().sum();
        unknown * 2 <= profile.filled && profile.different <= crate::columns::profile::WORDS_MAX
    }
}

/// Which term of a field each word of a column is.
pub fn of_column(field: &str, profile: &Profile) -> WordMap {
    let mut map = WordMap::default();
    let Some(terms) = TERMS.get(field) else { return map };
    for (word, rows) in &profile.words {
        match term(terms, word) {
            Some(found) => {
                map.known.insert(word.clone(), found);
            }
            None => {
                map.unknown.insert(word.clone(), *rows);
            }
        }
    }
    map
}

/// The term of one word.
pub fn term_of(field: &str, word: &str) -> Option<String> {
    term(TERMS.get(field)?, word).map(|(term, _)| term)
}

fn term(terms: &BTreeMap<String, Vec<String>>, word: &str) -> Option<(String, Certainty)> {
    let word = plain(word);
    let (term, _) = terms.iter().find(|(_, words)| words.iter().any(|known| plain(known) == word))?;
    // A letter or a number stands for many things.
    let certainty = if word.chars().count() <= 2 { Certainty::Likely } else { Certainty::Sure };
    Some((term.clone(), certainty))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn words_of_many_payrolls_are_terms() {
        for (field, word, term) in [
            ("employment_status", "F - Full Time", "full_time"),
            ("employment_status", "Teilzeit", "part_time"),
            ("pay_frequency", "Bi-Weekly", "biweekly"),
            ("pay_frequency", "SM", "semimonthly"),
            ("rate_basis", "Per Hour", "hourly"),
            ("run_type", "Normal", "regular"),
        ] {
            assert_eq!(term_of(field, word).as_deref(), Some(term), "{word}");
        }
        assert_eq!(term_of("employment_status", "Active"), None);
    }

    #[test]
    fn no_word_of_a_field_means_two_terms() {
        for (field, terms) in TERMS.iter() {
            let mut seen = BTreeMap::new();
            for (term, words) in terms {
                for word in words {
                    let before = seen.insert(plain(word), term);
                    assert!(before.is_none_or(|before| before == term), "{field}: {word}");
                }
            }
        }
    }
}
