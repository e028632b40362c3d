//! Whether two names are one person's.

use unicode_normalization::UnicodeNormalization as _;

/// Whether two names are one person's: case and blanks make no second person.
pub fn same_person(one: &str, other: &str) -> bool {
    folded(one) == folded(other)
}

fn folded(name: &str) -> String {
    let folded = name.nfkc().collect::<String>().to_lowercase();
    folded.split_whitespace().collect::<Vec<_>>().join(" ")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn case_and_blanks_make_no_second_person() {
        assert!(same_person("Ana  Approver ", "\u{a0}ana approver"));
        assert!(same_person("ÉVA", "e\u{301}va"));
        assert!(!same_person("ana.a", "ana.b"));
    }
}
