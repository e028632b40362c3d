//! Figures and verdicts as people read them, on the page and on the screen.

use std::collections::BTreeMap;

use tieout_model::money::{Currency, decimal_text};

use crate::tables::verdicts;
use crate::{Exception, Report};

/// Digits between two marks.
const GROUP: usize = 3;

/// How a verdict sounds.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Tone {
    Good,
    Warn,
    Bad,
}

/// The verdict of a night in one line.
pub struct Headline {
    pub tone: Tone,
    pub said: &'static str,
}

impl Headline {
    /// `complete`: everything was read. `unguarded`: no guard stopped the queue.
    pub fn of(ties_out: bool, complete: bool, unguarded: bool) -> Headline {
        let said = match (ties_out, complete, unguarded) {
            (false, ..) => "It does not tie out: do not act on this report",
            (true, false, true) => "It ties out, but not everything could be read",
            (true, false, false) => "It ties out, but not everything could be read, and a guard stopped the queue",
            (true, true, false) => "It ties out, but a guard stopped the queue",
            (true, true, true) => "It ties out, and everything was read",
        };
        let tone = match (ties_out, complete && unguarded) {
            (false, _) => Tone::Bad,
            (true, false) => Tone::Warn,
            (true, true) => Tone::Good,
        };
        Headline { tone, said }
    }

    /// A class of the page's style.
    pub fn class(&self) -> &'static str {
        match self.tone {
            Tone::Good => "good",
            Tone::Warn => "warn",
            Tone::Bad => "bad",
        }
    }

    pub fn mark(&self) -> char {
        if self.tone == Tone::Good { '\u{2713}' } else { '!' }
    }
}

pub fn headline(report: &Report) -> Headline {
    let [_, complete, totals, rows, queue] = verdicts(report).map(|verdict| verdict.holds);
    Headline::of(totals && rows, complete, queue)
}

/// What findings cost by currency, in counts of 1/10,000: amounts of both directions together, neither set off. What
/// clears itself and what costs nothing is left out.
pub fn stakes<'r>(exceptions: impl Iterator<Item = &'r Exception>) -> BTreeMap<Currency, i128> {
    let mut sums: BTreeMap<Currency, i128> = BTreeMap::new();
    for exception in exceptions.filter(|e| !e.finding.clears_itself()) {
        if let Some((counts, currency)) = exception.exposure_to_date.filter(|(counts, _)| *counts != 0) {
            *sums.entry(currency).or_default() += counts.abs();
        }
    }
    sums
}

/// An amount as people read it: `−1,234.50`.
pub fn amount(counts: i128, currency: Currency) -> String {
    grouped(&decimal_text(counts, currency.decimals()))
}

/// Plain digits with marks between thousands and a typographic minus.
pub fn grouped(number: &str) -> String {
    let (sign, digits) = number.strip_prefix('-').map_or(("", number), |digits| ("\u{2212}", digits));
    let (whole, fraction) = digits.find('.').map_or((digits, ""), |point| digits.split_at(point));
    let mut text = String::from(sign);
    for (at, digit) in whole.chars().enumerate() {
        if at > 0 && (whole.len() - at).is_multiple_of(GROUP) {
            text.push(',');
        }
        text.push(digit);
    }
    text + fraction
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn thousands_are_marked_and_a_minus_is_one() {
        for (plain, shown) in
            [("0", "0"), ("999.50", "999.50"), ("1000", "1,000"), ("-1234567.8", "\u{2212}1,234,567.8")]
        {
            assert_eq!(grouped(plain), shown);
        }
    }
}
