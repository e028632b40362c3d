//! Amounts of cells, held against the decimals of their currency.

use crate::text::Memo;
use tieout_model::money::{Currency, DECIMALS_MAX, Marks, Money, MoneyFault};

pub(super) const NOT_A_CURRENCY: &str = "not a currency code of ISO 4217";

/// Parses amounts and currency codes; remembers the currencies met, as looking one up costs more than an amount.
#[derive(Debug)]
pub(super) struct MoneyParser {
    marks: Marks,
    currencies: Memo<Option<Currency>>,
    /// Of the last amount's currency.
    minor_unit: Option<(Currency, i64)>,
}

impl MoneyParser {
    pub fn new(marks: Marks) -> MoneyParser {
        MoneyParser { marks, currencies: Memo::new(), minor_unit: None }
    }

    pub fn currency(&mut self, text: &str) -> Option<Currency> {
        self.currencies.get(text, Currency::parse)
    }

    /// Hours or a share of full time.
    pub fn measure(&self, text: &str) -> Result<Money, MoneyFault> {
        Money::parse_measure(text, self.marks)
    }

    /// An amount of the currency given, or a rate with up to four decimals when none is.
    pub fn parse(&mut self, text: &str, currency: Option<Currency>) -> Result<Money, MoneyFault> {
        let amount = Money::parse(text, self.marks, DECIMALS_MAX)?;
        let Some(currency) = currency else { return Ok(amount) };
        let unit = match self.minor_unit {
            Some((last, unit)) if last == currency => unit,
            _ => currency.minor_unit(),
        };
        self.minor_unit = Some((currency, unit));
        match amount.0 % unit {
            0 => Ok(amount),
            _ => amount.fits(currency),
        }
    }
}
