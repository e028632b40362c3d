//! How many of something, in words.

/// `1 problem`, `3 problems`.
pub fn counted(number: usize, one: &str, more: &str) -> String {
    format!("{number} {}", if number == 1 { one } else { more })
}
