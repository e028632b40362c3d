//! Fractions and percents, converted by moving the point of the written number: no rounding, no floats.

use anyhow::Context;
use serde_json::Value;

/// Between percent and fraction lie two digits.
const DIGITS: usize = 2;

/// 0.55 → 55
pub fn percent(fraction: &Value) -> anyhow::Result<Value> {
    let (whole, decimals) = parts(fraction)?;
    let decimals = format!("{decimals:0<DIGITS$}");
    let (moved, rest) = decimals.split_at(DIGITS);
    number(&format!("{whole}{moved}"), rest)
}

/// 55.5 → 0.555
pub fn fraction(percent: &Value) -> anyhow::Result<Value> {
    let (whole, decimals) = parts(percent)?;
    let whole = format!("{whole:0>width$}", width = DIGITS + 1);
    let (rest, moved) = whole.split_at(whole.len() - DIGITS);
    number(rest, &format!("{moved}{decimals}"))
}

/// Digits before and after the point. Exponents are no share.
fn parts(value: &Value) -> anyhow::Result<(String, String)> {
    let text = value.as_number().context("a share is no number")?.to_string();
    let (whole, decimals) = text.split_once('.').unwrap_or((&text, ""));
    anyhow::ensure!(text.bytes().all(|b| b.is_ascii_digit() || b == b'.'), "a share is no plain decimal");
    Ok((whole.to_owned(), decimals.to_owned()))
}

fn number(whole: &str, decimals: &str) -> anyhow::Result<Value> {
    let whole = match whole.trim_start_matches('0') {
        "" => "0",
        digits => digits,
    };
    let text = match decimals.trim_end_matches('0') {
        "" => whole.to_owned(),
        decimals => format!("{whole}.{decimals}"),
    };
    serde_json::from_str(&text).context("a share cannot be written again")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_point_moves_by_two_digits_both_ways() {
        for (small, large) in [("0.55", "55"), ("1", "100"), ("0", "0"), ("0.007", "0.7"), ("0.555", "55.5")] {
            let (small, large): (Value, Value) =
                (serde_json::from_str(small).expect("JSON"), serde_json::from_str(large).expect("JSON"));
            assert_eq!(percent(&small).expect("a share"), large);
            assert_eq!(fraction(&large).expect("a share"), small);
        }
    }

    #[test]
    fn what_is_no_plain_decimal_is_refused() {
        for text in ["-0.5", "1e-9", "\"0.5\"", "null"] {
            assert!(percent(&serde_json::from_str(text).expect("JSON")).is_err(), "{text}");
        }
    }
}
