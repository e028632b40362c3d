//! Names as words, so that `Employee #`, `employee_no` and `EmployeeNumber` are one name.

use unicode_normalization::UnicodeNormalization as _;
use unicode_normalization::char::is_combining_mark;

/// Short forms in headers, and what they stand for.
const SHORT_FORMS: &[(&str, &str)] = &[
    ("addr", "address"),
    ("amt", "amount"),
    ("co", "company"),
    ("cod", "codigo"),
    ("comp", "company"),
    ("contrib", "contribution"),
    ("cont", "contribution"),
    ("contributions", "contribution"),
    ("ded", "deduction"),
    ("dedn", "deduction"),
    ("dedns", "deduction"),
    ("deductions", "deduction"),
    ("dept", "department"),
    ("desc", "description"),
    ("dt", "date"),
    ("emp", "employee"),
    ("empl", "employee"),
    ("empr", "employer"),
    ("freq", "frequency"),
    ("hrs", "hours"),
    ("ins", "insurance"),
    ("nbr", "number"),
    ("no", "number"),
    ("nr", "number"),
    ("num", "number"),
    ("yr", "year"),
];

/// The words of a name: lower case, without accents and marks, camel case and digits behind letters apart, short forms
/// spelled out.
pub fn words(name: &str) -> Vec<String> {
    let plain: String = name.nfkd().filter(|c| !is_combining_mark(*c)).collect();
    let plain = plain.replace('#', " number ").replace('%', " percent ").replace('&', " and ").replace('ß', "ss");
    let plain = plain.replace("(k)", "k").replace("(b)", "b").replace(['\'', '’'], "");
    let chars: Vec<char> = plain.chars().collect();
    let mut words = vec![String::new()];
    for (at, char) in chars.iter().copied().enumerate() {
        let before = at.checked_sub(1).map(|before| chars[before]);
        if !char.is_alphanumeric() || before.is_some_and(|before| starts_word(before, char, chars.get(at + 1))) {
            words.push(String::new());
        }
        if char.is_alphanumeric()
            && let Some(word) = words.last_mut()
        {
            word.extend(char.to_lowercase());
        }
    }
    words.retain(|word| !word.is_empty());
    words.into_iter().map(spelled_out).collect()
}

/// Last words of names that databases write as one: `EMPLOYEEID`, `CHECKDATE`.
const LAST_WORDS: [&str; 13] =
    ["id", "no", "nbr", "num", "number", "code", "name", "date", "amt", "amount", "begin", "start", "end"];
/// Letters of the word before it.
const FIRST_WORD_LETTERS_MIN: usize = 3;

/// The two words of a name that is written as one.
pub fn parted(word: &str) -> Option<[String; 2]> {
    let parted = |last: &&str| word.strip_suffix(*last).filter(|first| first.len() >= FIRST_WORD_LETTERS_MIN);
    let last = LAST_WORDS.iter().filter(|last| parted(last).is_some()).max_by_key(|last| last.len())?;
    Some([parted(last)?.to_owned(), (*last).to_owned()].map(spelled_out))
}

/// The same as one text.
pub fn plain(name: &str) -> String {
    words(name).join(" ")
}

fn starts_word(before: char, char: char, next: Option<&char>) -> bool {
    let acronym_ends = before.is_uppercase() && char.is_uppercase() && next.is_some_and(|next| next.is_lowercase());
    let hump = before.is_lowercase() && char.is_uppercase();
    let number = before.is_alphabetic() && char.is_ascii_digit();
    hump || acronym_ends || number
}

fn spelled_out(word: String) -> String {
    SHORT_FORMS.iter().find(|(short, _)| *short == word).map_or(word, |(_, long)| (*long).to_owned())
}

/// Whether `part` stands in `whole`, word by word and in this order.
pub fn holds(whole: &[String], part: &[String]) -> bool {
    !part.is_empty() && whole.windows(part.len()).any(|window| window == part)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn one_name_in_many_spellings_is_one_name() {
        for name in ["Employee #", "employee_no", "EmployeeNumber", "EMPLOYEE NO.", "Emp Nbr", " employee\nnumber "] {
            assert_eq!(plain(name), "employee number", "{name}");
        }
        for (name, expected) in [
            ("401(k) EE", "401k ee"),
            ("Address1", "address 1"),
            ("Währung", "wahrung"),
            ("NINumber", "ni number"),
            ("AD&D", "ad and d"),
            ("Straße", "strasse"),
            ("People's Pension", "peoples pension"),
        ] {
            assert_eq!(plain(name), expected);
        }
    }
}
