//! Digits → counts of 1/10,000: the one place where decimals are refused or rounded.

use super::{AMOUNT_MAX, DECIMALS_MAX, Money, MoneyFault, UNITS_PER_ONE};

/// What becomes of more decimals than there may be.
#[derive(Clone, Copy, Debug)]
pub(super) enum Decimals {
    /// They are refused unless they are zeros.
    AtMost(u32),
    /// They are rounded to [`DECIMALS_MAX`], half away from zero.
    Rounded,
}

/// Reads `digits[.digits]` times ten to the power of `exponent`. No sign, no grouping.
pub(super) fn from_digits(text: &str, exponent: i32, decimals: Decimals) -> Result<Money, MoneyFault> {
    let (whole, fraction) = text.split_once('.').unwrap_or((text, ""));
    let all_digits = |s: &str| s.bytes().all(|b| b.is_ascii_digit());
    if (whole.is_empty() && fraction.is_empty()) || !all_digits(whole) || !all_digits(fraction) {
        return Err(MoneyFault::NotANumber);
    }
    let digits = format!("{whole}{fraction}");
    let places = fraction.len() as i64 - i64::from(exponent);
    let significant = digits.trim_start_matches('0').trim_end_matches('0');
    if significant.is_empty() {
        return Ok(Money::ZERO);
    }
    let dropped_zeros = (digits.len() - digits.trim_end_matches('0').len()) as i64;
    let places = places - dropped_zeros;
    match decimals {
        Decimals::AtMost(max) if places > i64::from(max.min(DECIMALS_MAX)) => {
            return Err(MoneyFault::TooManyDecimals { max });
        }
        Decimals::Rounded if places > i64::from(DECIMALS_MAX) => {
            return rounded(significant, usize::try_from(places - i64::from(DECIMALS_MAX)).unwrap_or(usize::MAX));
        }
        _ => {}
    }
    let shift = u32::try_from(i64::from(DECIMALS_MAX) - places).map_err(|_| MoneyFault::TooLarge)?;
    let counts = significant
        .parse::<i64>()
        .ok()
        .and_then(|n| n.checked_mul(10_i64.checked_pow(shift)?))
        .filter(|n| *n <= AMOUNT_MAX * UNITS_PER_ONE)
        .ok_or(MoneyFault::TooLarge)?;
    Ok(Money(counts))
}

/// Digits without their last `excess`, rounded half away from zero.
fn rounded(digits: &str, excess: usize) -> Result<Money, MoneyFault> {
    let Some(at) = digits.len().checked_sub(excess) else { return Ok(Money::ZERO) };
    let (kept, dropped) = digits.split_at(at);
    let kept = if kept.is_empty() { Some(0) } else { kept.parse::<i64>().ok() };
    let up = i64::from(dropped.as_bytes().first().is_some_and(|digit| *digit >= b'5'));
    let counts = kept.and_then(|n| n.checked_add(up)).filter(|n| *n <= AMOUNT_MAX * UNITS_PER_ONE);
    counts.map(Money).ok_or(MoneyFault::TooLarge)
}
