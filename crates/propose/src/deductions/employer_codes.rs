//! Codes whose lines hold what the employer pays, in files that have one column for the amounts of both sides.

use std::collections::BTreeSet;

use crate::columns::names::words;
use crate::deductions::CodeWord;
use crate::deductions::kinds::{self, Payer};

/// How codes end that are the same deduction of either side.
const PAIRS: [(&str, &str); 3] = [("EE", "ER"), ("AN", "AG"), ("", "ER")];

/// The codes whose words say that the employee pays.
pub fn of_employee(codes: &[CodeWord]) -> BTreeSet<String> {
    let says = |text: &str| kinds::amount_name(&words(text)).payer == Some(Payer::Employee);
    let is_employees = |word: &&CodeWord| says(&word.code) || word.name.as_deref().is_some_and(says);
    codes.iter().filter(is_employees).map(|word| word.code.clone()).collect()
}

/// The codes of the employer: by the words of code or description, or by a code beside that is the employee's.
pub fn find(codes: &[CodeWord]) -> BTreeSet<String> {
    let upper: BTreeSet<String> = codes.iter().map(|word| bare(&word.code)).collect();
    let says = |text: &str| kinds::amount_name(&words(text)).payer;
    let name_of = |word: &CodeWord| kinds::amount_name(&words(word.name.as_deref().unwrap_or(&word.code)));
    let names: Vec<kinds::AmountName> = codes.iter().map(name_of).collect();
    let opposites = kinds::opposites(names.iter());
    let is_contribution = |word: &CodeWord| {
        let name = name_of(word);
        name.beside == Some(Payer::Employer) && opposites.contains(&name.base)
    };
    let is_employers = |word: &&CodeWord| match says(&word.code).or_else(|| says(word.name.as_deref()?)) {
        Some(payer) => payer == Payer::Employer,
        None => {
            let code = bare(&word.code);
            PAIRS.iter().any(|(employee, employer)| {
                let stem = code.strip_suffix(employer).filter(|stem| stem.len() > 1);
                stem.is_some_and(|stem| upper.contains(&format!("{stem}{employee}")))
            }) || is_contribution(word)
        }
    };
    codes.iter().filter(is_employers).map(|word| word.code.clone()).collect()
}

/// A code without the ending that says whose it is.
pub fn stem(code: &str) -> Option<&str> {
    let ends = ["EE", "ER", "AN", "AG"].into_iter().find_map(|end| code.strip_suffix(end))?;
    Some(ends.trim_end_matches(|c: char| !c.is_alphanumeric())).filter(|stem| stem.len() > 1)
}

fn bare(code: &str) -> String {
    code.to_uppercase().chars().filter(|c| c.is_alphanumeric()).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[track_caller]
    fn check(codes: &[(&str, &str)], expected: &[&str]) {
        let word = |(code, name): &(&str, &str)| CodeWord {
            code: (*code).to_owned(),
            name: (!name.is_empty()).then(|| (*name).to_owned()),
            lines: 1,
        };
        let codes: Vec<CodeWord> = codes.iter().map(word).collect();
        assert_eq!(find(&codes).iter().map(String::as_str).collect::<Vec<_>>(), expected);
    }

    #[test]
    fn an_employers_code_is_told_by_its_words_or_by_the_employees_code_beside_it() {
        check(&[("M1", "Medical"), ("M2", "Medical Employer")], &["M2"]);
        check(&[("MED-EE", ""), ("MED-ER", "")], &["MED-ER"]);
        check(&[("MEDEE", ""), ("MEDER", "")], &["MEDER"]);
        check(&[("401K", ""), ("401KER", "")], &["401KER"]);
        check(&[("OTHER", ""), ("SUMMER", "")], &[]);
        check(&[("M1", "Medical Deduction"), ("M2", "Medical Contribution"), ("P", "Pension Contribution")], &["M2"]);
    }
}
