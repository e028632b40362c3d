//! Currencies of ISO 4217.

use std::fmt;
use std::sync::LazyLock;

use iso_currency::Currency as IsoCurrency;

use super::DECIMALS_MAX;

/// A three-letter currency code, ISO 4217, upper case.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Currency([u8; 3]);

/// The decimals of each code that ISO 4217 lists, by its [`place`]: this is asked of each amount of a file.
static LISTED: LazyLock<Vec<Option<u32>>> = LazyLock::new(|| {
    let letters = || b'A'..=b'Z';
    let codes = letters().flat_map(|a| letters().flat_map(move |b| letters().map(move |c| [a, b, c])));
    let decimals = |code: [u8; 3]| {
        let listed = IsoCurrency::from_code(std::str::from_utf8(&code).ok()?)?;
        Some(listed.exponent().map_or(0, u32::from).min(DECIMALS_MAX))
    };
    codes.map(decimals).collect()
});

/// The place of a code among all of three letters; `None` where it has another sign than letters.
fn place(code: [u8; 3]) -> Option<usize> {
    code.iter().try_fold(0, |place, sign| sign.is_ascii_uppercase().then(|| place * 26 + usize::from(sign - b'A')))
}

impl Currency {
    /// Reads a code in any case, blanks around it aside. `None` when ISO 4217 does not list it.
    pub fn parse(text: &str) -> Option<Currency> {
        let mut code: [u8; 3] = text.trim().as_bytes().try_into().ok()?;
        code.make_ascii_uppercase();
        LISTED[place(code)?].map(|_| Currency(code))
    }

    /// The three letters.
    pub fn code(&self) -> &str {
        std::str::from_utf8(&self.0).unwrap_or("???")
    }

    /// Decimals of the currency: 2 for USD, 0 for JPY, 3 for KWD. Those without a minor unit count as 0, and none has
    /// more than [`DECIMALS_MAX`].
    pub fn decimals(&self) -> u32 {
        place(self.0).and_then(|place| LISTED[place]).unwrap_or(0)
    }

    /// One minor unit (a cent) in counts of [`Money`](super::Money).
    pub fn minor_unit(&self) -> i64 {
        10_i64.pow(DECIMALS_MAX - self.decimals())
    }
}

impl fmt::Display for Currency {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.code())
    }
}

impl fmt::Debug for Currency {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.code())
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::money::{Money, MoneyFault};

    #[test]
    fn a_currency_bounds_its_decimals() {
        let [usd, jpy, kwd] = ["usd", "JPY", "KWD"].map(|c| Currency::parse(c).expect("listed"));
        assert_eq!((usd.decimals(), jpy.decimals(), kwd.decimals()), (2, 0, 3));
        assert_eq!((usd.minor_unit(), jpy.minor_unit(), kwd.minor_unit()), (100, 10_000, 10));
        assert!(Money(12_345_600).fits(usd).is_ok());
        assert_eq!(Money(12_345_670).fits(usd), Err(MoneyFault::TooManyDecimals { max: 2 }));
        assert!(Currency::parse("US").is_none());
        assert!(Currency::parse("ZZZ").is_none());
    }
}
