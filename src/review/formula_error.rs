//! Cells in which a spreadsheet put an error in place of what somebody typed: a text that begins with `=` or `-` is a
//! formula to it. The audit would keep `#NAME?` as a name or reason for good.

/// Characters of the longest error that a spreadsheet shows, with room for languages that were not looked at.
const CHARS_MAX: usize = 20;
/// LibreOffice's numbered errors.
const NUMBERED: &str = "Err:";
/// Errors without a mark at their end: not available in English, German, French, Dutch, and a query under way.
const UNMARKED: [&str; 6] = ["#N/A", "#NV", "#N/D", "#N/B", "#ND", "#GETTING_DATA"];

/// Whether a cell holds such an error, in whatever language: `#NAME?`, `#WERT!`, `#¡REF!`, `Err:508`.
pub fn is_formula_error(cell: &str) -> bool {
    let numbered = cell.strip_prefix(NUMBERED);
    if numbered.is_some_and(|number| !number.is_empty() && number.bytes().all(|b| b.is_ascii_digit())) {
        return true;
    }
    let Some(word) = cell.strip_prefix('#').filter(|_| cell.chars().count() <= CHARS_MAX) else { return false };
    let marked = word
        .strip_suffix(['!', '?'])
        .is_some_and(|word| !word.is_empty() && word.chars().all(|c| c.is_uppercase() || "/0_¿¡ ".contains(c)));
    marked || UNMARKED.contains(&cell)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_error_is_known_in_any_language_and_a_persons_words_are_not_taken_for_one() {
        let errors =
            ["#NAME?", "#REF!", "#DIV/0!", "#N/A", "#VALUE!", "#WERT!", "#BEZUG!", "#NV", "#¡REF!", "#¿NOMBRE?"];
        for cell in errors.into_iter().chain(["#NOM?", "#VALEUR!", "#SPILL!", "#ÜBERLAUF!", "Err:508"]) {
            assert!(is_formula_error(cell), "{cell}");
        }
        for cell in ["", "#", "#12 of the list", "#urgent!", "NAME?", "see #REF! in the sheet", "Err:", "Err:x", "#!"] {
            assert!(!is_formula_error(cell), "{cell}");
        }
    }
}
