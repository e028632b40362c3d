//! Signs of currencies that have letters in them, beside an amount: `US$62.50`, `62,50 kr`.

/// Signs of currencies that have letters, the longer first. A night reads more of them.
const LETTER_SIGNS: [&str; 22] = [
    "US$", "CA$", "AU$", "NZ$", "HK$", "NT$", "MX$", "C$", "A$", "S$", "R$", "SFr.", "Fr.", "Rs.", "kr.", "Rs", "kr",
    "zł", "Kč", "Ft", "lei", "RM",
];

/// A text without such a sign at one of its ends. Letters alone may be those of a code, `RM12`: with them it must be
/// written like an amount.
pub fn without(text: &str) -> &str {
    let bare = LETTER_SIGNS.iter().find_map(|sign| {
        let rest = text.strip_prefix(sign).or_else(|| text.strip_suffix(sign))?.trim();
        let is_amount = rest.starts_with(|c: char| c.is_ascii_digit() || ['-', '(', '.'].contains(&c));
        let is_marked = sign.ends_with('$') || rest.contains(['.', ',', ' ']);
        (is_amount && is_marked).then_some(rest)
    });
    bare.unwrap_or(text)
}

#[cfg(test)]
mod tests {
    #[test]
    fn signs_of_currencies_with_letters_stand_beside_an_amount() {
        for cell in ["US$62.50", "R$ 1.250,00", "62,50 kr", "RM250.00", "Fr. 62.50"] {
            assert!(crate::cells::amount(cell).is_some(), "{cell}");
        }
        for cell in ["RM12", "kr", "US$", "Ft", "A$x"] {
            assert!(crate::cells::amount(cell).is_none(), "{cell}");
        }
    }
}
