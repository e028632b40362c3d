//! Figures and verdicts as people read them, on the page and on the screen.

use std::borrow::Cow;
use std::collections::{BTreeMap, BTreeSet};

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
    pub said: Cow<'static, str>,
}

impl Headline {
    /// `complete`: everything was read. `uncompared`: employees of whom something was read and not compared.
    /// `unguarded`: no guard stopped the queue.
    pub fn of(ties_out: bool, complete: bool, uncompared: usize, unguarded: bool) -> Headline {
        if !ties_out {
            return Headline { tone: Tone::Bad, said: "It does not tie out: do not act on this report".into() };
        }
        let missing = match (complete, uncompared) {
            (false, _) => Some("not everything could be read".to_owned()),
            (true, 0) => None,
            (true, _) => Some(format!("{} could not be compared", employees(uncompared))),
        };
        let guard = (!unguarded).then(|| "a guard stopped the queue".to_owned());
        let but: Vec<String> = missing.into_iter().chain(guard).collect();
        match but.is_empty() {
            true => Headline { tone: Tone::Good, said: "It ties out, and everything was read".into() },
            false => Headline { tone: Tone::Warn, said: format!("It ties out, but {}", but.join(", and ")).into() },
        }
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
    let [_, complete, _, totals, rows, queue] = verdicts(report).map(|verdict| verdict.holds);
    Headline::of(totals && rows, complete, uncompared(report).people, queue)
}

/// Those of whom something could not be fetched, read or compared.
pub struct Uncompared<'r> {
    pub people: usize,
    /// Why, of most of it; blank where all was.
    pub reason: &'r str,
}

pub fn uncompared(report: &Report) -> Uncompared<'_> {
    let ids = report.unverified.iter().map(|part| part.employee_id.as_str()).filter(|id| !id.is_empty());
    let mut reasons: BTreeMap<&str, usize> = BTreeMap::new();
    for part in &report.unverified {
        *reasons.entry(&part.reason).or_default() += 1;
    }
    let reason = reasons.into_iter().max_by_key(|(_, count)| *count).map_or("", |(reason, _)| reason);
    Uncompared { people: ids.collect::<BTreeSet<&str>>().len(), reason }
}

/// `1 employee`, `1,200 employees`.
pub fn employees(number: usize) -> String {
    match number {
        1 => "1 employee".to_owned(),
        _ => format!("{} employees", grouped(&number.to_string())),
    }
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
