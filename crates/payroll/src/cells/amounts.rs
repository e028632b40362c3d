//! Amounts of cells, held against the decimals of their currency.

use std::borrow::Cow;

use crate::cells::currency_marks::of_mark;
use crate::cells::text::Memo;
use crate::settings;
use crate::settings::CellSettings;
use tieout_model::money::{Currency, DECIMALS_MAX, Marks, Money, MoneyFault};

pub(crate) const NOT_A_CURRENCY: &str = "not a currency code of ISO 4217";
/// Apostrophes that stand between thousands; the job names one of them.
const APOSTROPHES: [char; 4] = ['\'', '’', 'ʼ', '′'];
/// What accounting formats show in place of 0, a currency sign aside.
const DASHES: [&str; 3] = ["-", "–", "—"];
/// Digits of money behind the point that a percent sign moves.
const PERCENT: i64 = 100;

/// Why a cell is no amount of its row. The cell itself is never repeated.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub(crate) enum AmountFault {
    #[error(transparent)]
    Money(#[from] MoneyFault),
    #[error("in another currency than its row")]
    OtherCurrency,
}

/// Parses amounts and currency codes; remembers the currencies met, as looking one up costs more than an amount.
#[derive(Debug)]
pub(crate) struct MoneyParser<'s> {
    marks: Marks,
    cells: &'s CellSettings,
    currencies: Memo<Option<Currency>>,
    /// Of the last amount's currency.
    minor_unit: Option<(Currency, i64)>,
}

/// Whether a text stands for 0 in the formats of accounting: a dash alone, or with a currency sign.
pub(crate) fn is_dash(text: &str) -> bool {
    let alone = text.trim_matches(|c: char| c.is_whitespace() || of_mark(c.encode_utf8(&mut [0; 4])).is_some());
    DASHES.contains(&alone)
}

impl<'s> MoneyParser<'s> {
    pub fn new(settings: &'s settings::Payroll) -> MoneyParser<'s> {
        MoneyParser { marks: settings.marks, cells: &settings.cells, currencies: Memo::new(), minor_unit: None }
    }

    pub fn currency(&mut self, text: &str) -> Option<Currency> {
        self.currencies.get(text, Currency::parse)
    }

    /// Hours or a share of full time.
    pub fn measure(&self, text: &str) -> Result<Money, MoneyFault> {
        Money::parse_measure(text, self.marks)
    }

    /// A share of full time, which may be written in percent.
    pub fn share(&self, text: &str) -> Result<Money, MoneyFault> {
        match text.strip_suffix('%') {
            Some(percent) => Ok(self.measure(percent.trim_end())?.div_round(PERCENT, 1)),
            None => self.measure(text),
        }
    }

    /// An amount or rate of the currency given; with no more decimals than that has, unless it is a rate.
    pub fn parse(&mut self, text: &str, currency: Option<Currency>, rate: bool) -> Result<Money, AmountFault> {
        let plain = text.bytes().all(|b| matches!(b, b'0'..=b'9' | b'.' | b',' | b'-')) && text != "-";
        let amount = match plain {
            true => Money::parse(text, self.marks, DECIMALS_MAX)?,
            false => self.marked(text, currency)?,
        };
        let Some(currency) = currency.filter(|_| !rate) else { return Ok(amount) };
        let unit = match self.minor_unit {
            Some((last, unit)) if last == currency => unit,
            _ => currency.minor_unit(),
        };
        self.minor_unit = Some((currency, unit));
        match amount.0 % unit {
            0 => Ok(amount),
            _ => Ok(amount.fits(currency)?),
        }
    }

    /// An amount with words or signs around its digits: of its currency, or of what makes it negative.
    fn marked(&self, text: &str, currency: Option<Currency>) -> Result<Money, AmountFault> {
        if self.cells.zero_words.contains(&text.to_lowercase()) {
            return Ok(Money::ZERO);
        }
        let (mut body, mut negative, mut rest) = (String::with_capacity(text.len()), false, text);
        while let Some(first) = rest.chars().next() {
            let (word, behind) = rest.split_at(rest.find(|c| !is_word(c)).unwrap_or(rest.len()));
            if word.is_empty() {
                body.push(self.usual(first));
                rest = &rest[first.len_utf8()..];
                continue;
            }
            // A point belongs to `Fr.` or to the digits behind it: only the first is a word.
            let pointed = behind.starts_with('.').then(|| &rest[..=word.len()]);
            let currencies = pointed.and_then(of_mark);
            rest = if currencies.is_some() { &behind[1..] } else { behind };
            let upper = word.to_uppercase();
            match currencies.or_else(|| of_mark(word)) {
                Some(codes) => check_currency(codes, currency)?,
                None if self.cells.negative_words.contains(&upper) => negative = !negative,
                None if self.cells.positive_words.contains(&upper) => {}
                None => match Currency::parse(word) {
                    Some(named) if currency.is_none_or(|currency| currency == named) => {}
                    Some(_) => return Err(AmountFault::OtherCurrency),
                    None => return Err(MoneyFault::NotANumber.into()),
                },
            }
            if pointed.is_some() && currencies.is_none() && behind[1..].starts_with(|c: char| c.is_ascii_digit()) {
                return Err(MoneyFault::NotANumber.into());
            }
        }
        let body = body.trim();
        let body = body.strip_prefix('\'').unwrap_or(body);
        if DASHES.contains(&body) {
            return Ok(Money::ZERO);
        }
        let amount = Money::parse(body, self.marks, DECIMALS_MAX)?;
        match (negative, amount.0 < 0) {
            (false, _) => Ok(amount),
            (true, false) => Ok(Money(-amount.0)),
            // Which of the two counts, nobody can know.
            (true, true) => Err(MoneyFault::NotANumber.into()),
        }
    }

    /// A mark of the kind that the job names.
    fn usual(&self, mark: char) -> char {
        match self.marks.thousands {
            Some(thousands) if APOSTROPHES.contains(&thousands) && APOSTROPHES.contains(&mark) => thousands,
            _ if mark == '\u{2212}' => '-',
            _ => mark,
        }
    }
}

/// Letters, and the signs of currencies.
fn is_word(c: char) -> bool {
    c.is_alphabetic() || of_mark(c.encode_utf8(&mut [0; 4])).is_some()
}

fn check_currency(codes: &[&str], currency: Option<Currency>) -> Result<(), AmountFault> {
    match currency {
        Some(currency) if !codes.is_empty() && !codes.contains(&currency.code()) => Err(AmountFault::OtherCurrency),
        _ => Ok(()),
    }
}

/// The text of an employee id, without what spreadsheets add: `="00123"`, `'00123`, `123.0`.
pub(crate) fn plain_id<'t>(text: &'t str, cells: &CellSettings) -> Cow<'t, str> {
    let id = text.strip_prefix('\'').unwrap_or(text);
    let is_number = |text: &str| !text.is_empty() && text.bytes().all(|b| b.is_ascii_digit());
    let id = match id.split_once('.') {
        Some((whole, zeros)) if is_number(whole) && !zeros.is_empty() && zeros.bytes().all(|b| b == b'0') => whole,
        _ => id,
    };
    match cells.id_digits {
        Some(digits) if id.len() < digits && is_number(id) => Cow::Owned(format!("{id:0>digits$}")),
        _ => Cow::Borrowed(id),
    }
}
