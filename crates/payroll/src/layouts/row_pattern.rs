//! Which rows a job leaves out, by the first text in them.

/// A text in which `*` stands for any run of characters; case does not count.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct RowPattern {
    /// As the job writes it.
    pub written: String,
    lower: String,
}

impl RowPattern {
    /// `None`: it has no text of its own and would match everything.
    pub fn new(written: &str) -> Option<RowPattern> {
        let lower = written.trim().to_lowercase();
        let own = lower.chars().filter(|c| *c != '*' && !c.is_whitespace()).count();
        (own > 0).then(|| RowPattern { written: written.trim().to_owned(), lower })
    }

    pub(crate) fn matches(&self, text: &str) -> bool {
        // Most rows differ in the first letter.
        let first = |text: &str| text.chars().next().map(|c| c.to_lowercase().next());
        if !self.lower.starts_with('*') && first(&self.lower) != first(text) {
            return false;
        }
        let text = text.to_lowercase();
        let mut pieces = self.lower.split('*');
        let Some(mut rest) = pieces.next().and_then(|start| text.strip_prefix(start)) else { return false };
        let mut pieces: Vec<&str> = pieces.collect();
        let Some(end) = pieces.pop() else { return rest.is_empty() };
        for piece in pieces {
            let Some(at) = rest.find(piece) else { return false };
            rest = &rest[at + piece.len()..];
        }
        rest.ends_with(end)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_star_stands_for_any_run_of_characters_and_case_does_not_count() {
        for (pattern, text, expected) in [
            ("Total*", "TOTAL for Dept 12", true),
            ("Total*", "Subtotal", false),
            ("*total*", "Subtotal", true),
            ("Page * of *", "page 2 of 5", true),
            ("Total", "Total", true),
            ("Total", "Total 5", false),
            ("Dept: *", "Dept: 5", true),
        ] {
            assert_eq!(RowPattern::new(pattern).expect("a pattern").matches(text), expected, "{pattern} {text}");
        }
        assert_eq!(RowPattern::new(" ** "), None);
    }
}
