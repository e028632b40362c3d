//! Words behind amounts that say which way money goes: debit and credit, in the short forms that ledgers use.

use std::collections::BTreeMap;

use crate::certainty::Proposed;
use crate::deductions::benefits::Target;
use crate::proposal::{Code, Shape};
use crate::table::Table;

/// In upper case; each stands before or behind the digits.
const WORDS: [&str; 8] = ["DR", "CR", "DB", "S", "H", "D", "C", "K"];

/// The words of the amounts: those of what is taken, and those of what is paid back.
#[derive(Debug)]
pub struct SignWords {
    pub positive: Vec<&'static str>,
    pub negative: Vec<&'static str>,
}

/// The sign word of a cell, and the cell without it.
pub fn split(cell: &str) -> Option<(&'static str, &str)> {
    let is_digits = |text: &str| text.chars().any(|c| c.is_ascii_digit()) && !text.contains(char::is_alphabetic);
    let text = cell.trim();
    let letters = |c: char| c.is_ascii_alphabetic();
    let (ahead, behind) = (text.trim_start_matches(letters), text.trim_end_matches(letters));
    let (rest, word) = match behind.len() < text.len() {
        true => (behind, &text[behind.len()..]),
        false => (ahead, &text[..text.len() - ahead.len()]),
    };
    let known = WORDS.iter().find(|known| known.eq_ignore_ascii_case(word))?;
    // A letter and whole digits are an id or a code: `D1`.
    (is_digits(rest) && (known.len() > 1 || rest.contains(['.', ',']))).then(|| (*known, rest.trim()))
}

/// What the words mean: deductions of benefits are mostly taken, so the word of most of them means that. `None`:
/// amounts have no such words.
pub fn find(table: &Table, shape: &Shape, codes: &[Code]) -> Option<Proposed<SignWords>> {
    let mut counts: BTreeMap<&'static str, (usize, usize)> = BTreeMap::new();
    let mut count = |cell: &str, is_benefit: bool| {
        if let Some((word, _)) = split(cell) {
            let (benefits, all) = counts.entry(word).or_default();
            (*benefits, *all) = (*benefits + usize::from(is_benefit), *all + 1);
        }
    };
    let is_benefit = |word: &str| {
        codes.iter().any(|code| code.code == word && matches!(code.target.value, Target::Benefit(_) | Target::Open))
    };
    for row in &table.rows {
        let cell = |at: usize| row.get(at).unwrap_or_default().trim();
        match shape {
            Shape::Wide(deductions) => {
                for at in deductions.iter().flat_map(|d| [d.employee, d.employer]).flatten() {
                    count(cell(at), true);
                }
            }
            Shape::Groups(groups) => {
                for group in groups {
                    [group.employee, group.employer]
                        .into_iter()
                        .flatten()
                        .for_each(|at| count(cell(at), is_benefit(cell(group.code))));
                }
            }
            Shape::Long(long) => {
                for at in [long.employee_amount, long.employer_amount].into_iter().flatten() {
                    count(cell(at), is_benefit(cell(long.code)));
                }
            }
        }
    }
    let (most, (benefits, _)) = counts.iter().max_by_key(|(_, count)| **count)?;
    let words =
        SignWords { positive: vec![*most], negative: counts.keys().copied().filter(|word| word != most).collect() };
    let deductions: usize = counts.values().map(|(benefits, _)| benefits).sum();
    let reason = format!("{benefits} of {deductions} deductions have `{most}`: taken for what is deducted");
    let is_clear = *benefits > 0 && benefits * 10 >= deductions * 9;
    Some(if is_clear { Proposed::likely(words, reason) } else { Proposed::asked(words, reason) })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_word_of_debit_or_credit_stands_on_either_side_of_an_amount() {
        assert_eq!(split("60.00 DR"), Some(("DR", "60.00")));
        assert_eq!(split("60,00S"), Some(("S", "60,00")));
        assert_eq!(split("CR 1,200.00"), Some(("CR", "1,200.00")));
        assert_eq!(split("60.00"), None);
        assert_eq!(split("A1200"), None);
        for cell in ["S", "D1", "K 12"] {
            assert_eq!(split(cell), None, "{cell}");
        }
    }
}
