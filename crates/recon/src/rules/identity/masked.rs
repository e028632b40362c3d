//! Personal values (names, birth dates, addresses): no finding shows them, and yet each knows whether they moved.

use tieout_model::hash::sha256_hex;

/// What stands in place of a personal value.
pub(in crate::rules) const MASKED: &str = "****";

/// Between values; none of them holds it.
const JOINT: &str = "\u{1f}";

/// What the values of both sides are known by, as they are compared: the same however they are written.
pub(in crate::rules) fn fingerprint(values: &[String]) -> String {
    sha256_hex(values.join(JOINT))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_value_that_moves_to_the_other_side_is_another() {
        let of = |values: [&str; 2]| fingerprint(&values.map(str::to_owned));
        assert_eq!(of(["1 MAIN ST", ""]), of(["1 MAIN ST", ""]));
        assert_ne!(of(["1 MAIN ST", ""]), of(["", "1 MAIN ST"]));
    }
}
