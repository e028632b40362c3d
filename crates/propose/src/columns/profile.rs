//! What the cells of a column have in common.

use std::collections::{BTreeMap, BTreeSet};

use crate::cells::{self, Amount, DateCell, DateShape, Order};
use crate::table::Table;

/// Different words of a column that are kept; a column with more holds no code words.
pub const WORDS_MAX: usize = 60;
/// Share of the filled cells that must be of a kind for a column to be of that kind, in per cent. The rest are words
/// such as `n/a`, or faults that `check` tells.
const MOST_PERCENT: usize = 90;
/// Words in the place of an amount or a date that are kept.
const ODD_MAX: usize = 20;
const ID_LENGTH_MAX: usize = 40;
/// So few different values are words whatever they look like.
const FEW_WORDS: usize = 12;

#[derive(Clone, Debug, Default)]
pub struct Profile {
    pub rows: usize,
    pub filled: usize,
    pub amounts: usize,
    /// Words for nothing or zero.
    pub nothing: usize,
    /// Amounts other than nothing.
    pub nonzero: usize,
    pub with_decimals: usize,
    /// Whole numbers with `.0` behind them, as a spreadsheet writes ids.
    pub pointed: usize,
    pub negative: usize,
    pub percent: usize,
    pub symbols: BTreeMap<char, usize>,
    /// Codes of currencies that stand in the cells of amounts.
    pub currencies: BTreeMap<String, usize>,
    pub dates: BTreeMap<DateShape, usize>,
    pub narrow_dates: usize,
    pub padded_dates: usize,
    pub timed_dates: usize,
    pub emails: usize,
    pub with_letters: usize,
    pub with_digits: usize,
    /// Two words or more.
    pub with_blanks: usize,
    pub with_leading_zero: usize,
    /// Filled cells that are there only once.
    pub different: usize,
    /// Words and how often; empty where there are more than [`WORDS_MAX`].
    pub words: BTreeMap<String, usize>,
    /// Cells that are neither amounts nor dates, in lower case; at most [`ODD_MAX`] different ones.
    pub odd: BTreeMap<String, usize>,
    pub longest: usize,
    /// Marks seen: decimal, thousands, and undecided ones before three digits.
    pub decimal_marks: BTreeMap<char, usize>,
    pub thousands_marks: BTreeMap<char, usize>,
    pub undecided_marks: BTreeMap<char, usize>,
    /// Amounts of 1,000 or more without a mark in their integer digits.
    pub unmarked_thousands: usize,
    /// Whole numbers of five digits between 20,000 and 60,000: what a spreadsheet makes of a date.
    pub serials: usize,
}

/// Looks at every cell of a column.
pub fn of_column(table: &Table, at: usize) -> Profile {
    let mut profile = Profile::default();
    let mut seen = BTreeSet::new();
    let mut many = false;
    for cell in table.column(at) {
        profile.rows += 1;
        if cell.is_empty() {
            continue;
        }
        profile.filled += 1;
        seen.insert(cell);
        profile.longest = profile.longest.max(cell.chars().count());
        profile.with_letters += usize::from(cell.chars().any(char::is_alphabetic));
        profile.with_digits += usize::from(cell.chars().any(|c| c.is_ascii_digit()));
        profile.with_blanks += usize::from(cell.contains(char::is_whitespace));
        profile.with_leading_zero +=
            usize::from(cell.len() > 1 && cell.starts_with('0') && cell.bytes().all(|b| b.is_ascii_digit()));
        profile.emails += usize::from(cell.contains('@') && cell.contains('.') && !cell.contains(' '));
        profile.nothing += usize::from(cells::is_nothing(cell));
        let (amount, date) = (cells::amount(cell), cells::date(cell));
        if amount.is_none() && date.is_none() && profile.odd.len() < ODD_MAX {
            *profile.odd.entry(cell.to_lowercase()).or_default() += 1;
        }
        if let Some(amount) = amount {
            profile.add_amount(amount, cell);
        }
        if let Some(date) = date {
            profile.add_date(date);
        }
        if !many {
            *profile.words.entry(cell.to_owned()).or_default() += 1;
            many = profile.words.len() > WORDS_MAX;
        }
    }
    profile.different = seen.len();
    if many {
        profile.words.clear();
    }
    profile
}

impl Profile {
    fn add_amount(&mut self, amount: Amount, cell: &str) {
        self.amounts += 1;
        self.nonzero += usize::from(!amount.zero);
        self.with_decimals += usize::from(amount.decimal.is_some());
        let whole = cell.strip_suffix(".0").is_some_and(|whole| whole.bytes().all(|b| b.is_ascii_digit()));
        self.pointed += usize::from(whole);
        self.negative += usize::from(amount.negative);
        self.percent += usize::from(amount.percent);
        let marks = [
            (amount.symbol, &mut self.symbols),
            (amount.decimal, &mut self.decimal_marks),
            (amount.thousands, &mut self.thousands_marks),
            (amount.ambiguous, &mut self.undecided_marks),
        ];
        for (mark, counts) in marks {
            if let Some(mark) = mark {
                *counts.entry(mark).or_default() += 1;
            }
        }
        if let Some(code) = amount.code {
            *self.currencies.entry(code.code().to_owned()).or_default() += 1;
        }
        let bare = amount.thousands.is_none() && amount.ambiguous.is_none();
        self.unmarked_thousands += usize::from(bare && amount.decimal.is_some() && amount.integer_digits > 3);
        let serial = cell.len() == 5 && cell.parse().is_ok_and(|n| cells::SERIALS.contains(&n));
        self.serials += usize::from(serial);
    }

    fn add_date(&mut self, date: DateCell) {
        *self.dates.entry(date.shape).or_default() += 1;
        self.narrow_dates += usize::from(date.narrow);
        self.timed_dates += usize::from(date.time);
        self.padded_dates += usize::from(!date.narrow);
    }

    fn most(&self, count: usize) -> bool {
        self.filled > 0 && count * 100 >= self.filled * MOST_PERCENT
    }

    pub fn is_empty(&self) -> bool {
        self.filled == 0
    }

    pub fn is_date(&self) -> bool {
        let dates = self.dates.values().sum::<usize>();
        dates > 0 && self.most(dates + self.nothing)
    }

    /// Numbers, whatever they count; ids of digits are numbers too.
    pub fn is_amount(&self) -> bool {
        self.amounts > 0 && self.most(self.amounts + self.nothing) && !self.is_date()
    }

    /// Money: numbers with decimals or a symbol, no ids and no percentages.
    pub fn is_money(&self) -> bool {
        self.is_amount()
            && self.percent == 0
            && (self.with_decimals > 0 || !self.symbols.is_empty() || !self.currencies.is_empty() || self.nonzero == 0)
            && self.with_leading_zero == 0
    }

    pub fn is_email(&self) -> bool {
        self.most(self.emails)
    }

    /// One value in nearly every row, without decimals: an id where few repeat.
    pub fn is_id(&self) -> bool {
        let whole =
            self.with_decimals == self.pointed && self.symbols.is_empty() && !self.is_date() && !self.is_email();
        let filled = self.filled * 100 >= self.rows * MOST_PERCENT && self.longest <= ID_LENGTH_MAX;
        filled && whole && self.most(self.with_digits) && self.with_blanks * 2 < self.filled.max(1)
    }

    /// A few words that repeat.
    pub fn is_words(&self) -> bool {
        self.filled > 0
            && !self.is_date()
            && (self.different <= FEW_WORDS || (!self.words.is_empty() && self.different * 2 <= self.filled))
    }

    /// Whether a date in it is written day first, month first, or either.
    pub fn orders(&self) -> BTreeSet<Order> {
        self.dates.keys().map(|shape| shape.order).collect()
    }
}
