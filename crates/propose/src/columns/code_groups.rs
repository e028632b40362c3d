//! Several deductions beside each other in a row, each with a column of its code and columns of its amounts: `Code 1`,
//! `Amount 1`, `Code 2`, `Amount 2`, or the same names again and again.

use std::collections::BTreeMap;

use crate::columns::details::{self, DetailPositions};
use crate::columns::fields::{self, Means};
use crate::columns::names::words;
use crate::columns::profile::{Profile, WORDS_MAX};
use crate::deductions::CodeWord;
use crate::table::Table;

/// Places of one group's columns.
#[derive(Clone, Debug, Default)]
pub struct CodeGroup {
    pub code: usize,
    pub employee: Option<usize>,
    pub employer: Option<usize>,
    pub details: DetailPositions,
}

/// The groups of a file, two at least; none where it has no such columns.
pub fn find(table: &Table, profiles: &[Profile]) -> Vec<CodeGroup> {
    let mut by_number: BTreeMap<usize, ([Option<usize>; 3], DetailPositions)> = BTreeMap::new();
    for (at, (written, profile)) in table.headers.iter().zip(profiles).enumerate() {
        let header = words(written);
        let (numbers, base): (Vec<String>, Vec<String>) =
            header.into_iter().partition(|word| word.chars().all(|c| c.is_ascii_digit()));
        let same = table.headers[..at].iter().filter(|other| *other == written).count();
        let number = numbers.first().and_then(|number| number.parse().ok()).unwrap_or(same + 1);
        for (slot, key) in ["code", "employee_amount", "employer_amount"].into_iter().enumerate() {
            if means(key, &base) && (slot == 0 || profile.is_amount() || profile.is_empty()) {
                by_number.entry(number).or_default().0[slot].get_or_insert(at);
                break;
            }
        }
        if let Some(which) = details::FIELDS.iter().position(|key| means(key, &base))
            && details::holds(which, profile)
        {
            by_number.entry(number).or_default().1.put(which, at);
        }
    }
    let groups: Vec<CodeGroup> = by_number
        .into_values()
        .filter_map(|([code, employee, employer], details)| {
            (employee.is_some() || employer.is_some()).then_some(CodeGroup { code: code?, employee, employer, details })
        })
        .collect();
    if groups.len() < 2 { Vec::new() } else { groups }
}

fn means(key: &str, header: &[String]) -> bool {
    let field = fields::all().iter().find(|field| field.key == key);
    field.and_then(|field| field.means(header)).is_some_and(|(means, _)| matches!(means, Means::Name | Means::Maybe))
}

/// The code words of all groups.
pub fn codes(table: &Table, groups: &[CodeGroup]) -> Vec<CodeWord> {
    let mut counts: BTreeMap<&str, usize> = BTreeMap::new();
    for cell in groups.iter().flat_map(|group| table.column(group.code)).filter(|cell| !cell.is_empty()) {
        if counts.len() < WORDS_MAX || counts.contains_key(cell) {
            *counts.entry(cell).or_default() += 1;
        }
    }
    let word = |(code, lines): (&str, usize)| CodeWord { code: code.to_owned(), name: None, lines };
    counts.into_iter().map(word).collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::columns::profile;
    use crate::table;
    use crate::table::delimiter;

    #[track_caller]
    fn check(text: &str, expected: &[[usize; 2]]) {
        let table = table::find(text, &delimiter::find(text)).expect("a table");
        let profiles: Vec<Profile> = (0..table.headers.len()).map(|at| profile::of_column(&table, at)).collect();
        let found: Vec<[usize; 2]> =
            find(&table, &profiles).iter().map(|group| [group.code, group.employee.expect("an amount")]).collect();
        assert_eq!(found, expected);
    }

    #[test]
    fn groups_are_told_by_their_numbers_or_their_order() {
        check("Employee ID,Ded Code 1,Ded Amount 1,Ded Code 2,Ded Amount 2\n1,MED,60.00,DEN,5.00\n", &[[1, 2], [3, 4]]);
        check("Employee ID,Code,Amount,Code,Amount\n1,MED,60.00,DEN,5.00\n", &[[1, 2], [3, 4]]);
        check("Employee ID,Code,Amount\n1,MED,60.00\n", &[]);
    }
}
