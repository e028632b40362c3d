//! What became of the findings since the night before, in figures that a later night can read.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};

use tieout_model::balance::Ending;
use tieout_model::history::Status;
use tieout_model::money::{Currency, DECIMALS_MAX, decimal_text};

use crate::Report;
use crate::figures::{grouped, stakes};

/// By what became of them.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Changes {
    pub new: FindingChange,
    pub still_open: FindingChange,
    pub re_opened: FindingChange,
    /// Whatever became of its money, which `endings` tells.
    pub cleared: FindingChange,
    /// By the name of the ending, those of [`Ending`] that there are; a report of an earlier version has none.
    #[serde(default)]
    pub endings: BTreeMap<String, FindingChange>,
    pub waived: FindingChange,
}

/// So many findings, and what they cost.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct FindingChange {
    pub findings: u64,
    /// Decimal text by currency, neither direction set off.
    pub at_stake: BTreeMap<String, String>,
}

impl Changes {
    pub fn of(report: &Report) -> Changes {
        let of = |status: Status| {
            let found = || report.exceptions.iter().filter(|exception| exception.status == status);
            FindingChange::of(found().count(), stakes(found()))
        };
        let waived = report.waived.iter().map(|waived| &waived.exception);
        Changes {
            new: of(Status::New),
            still_open: of(Status::Open),
            re_opened: of(Status::Reopened),
            cleared: FindingChange::of(report.cleared.len(), BTreeMap::new()),
            endings: endings(report).into_iter().map(|(ending, change)| (ending.name().to_owned(), change)).collect(),
            waived: FindingChange::of(report.waived.len(), stakes(waived)),
        }
    }

    /// What is open costs, in counts of 1/10,000.
    pub fn at_stake(&self) -> BTreeMap<Currency, i128> {
        let mut sums = BTreeMap::new();
        for (code, text) in [&self.new, &self.still_open, &self.re_opened].into_iter().flat_map(|c| &c.at_stake) {
            if let (Some(currency), Some(counts)) = (Currency::parse(code), counts(text)) {
                *sums.entry(currency).or_default() += counts;
            }
        }
        sums
    }
}

/// What was cleared, by how its money ended: only what was made good is in nobody's way any more. What no account is
/// kept of is in none.
pub fn endings(report: &Report) -> BTreeMap<Ending, FindingChange> {
    let mut sums: BTreeMap<Ending, (usize, BTreeMap<Currency, i128>)> = BTreeMap::new();
    for (ending, counts, currency) in report.cleared.iter().filter_map(|cleared| cleared.ending) {
        let (findings, by_currency) = sums.entry(ending).or_default();
        *findings += 1;
        *by_currency.entry(currency).or_default() += counts.abs();
    }
    sums.into_iter().map(|(ending, (findings, sums))| (ending, FindingChange::of(findings, sums))).collect()
}

impl FindingChange {
    /// A line a currency, of money that ended like this: `made good 25.00 USD`.
    pub fn lines(&self, ending: &str) -> Vec<String> {
        self.at_stake.iter().map(|(currency, text)| format!("{ending} {} {currency}", grouped(text))).collect()
    }

    fn of(findings: usize, at_stake: BTreeMap<Currency, i128>) -> FindingChange {
        let text = |(currency, counts): (Currency, i128)| {
            (currency.code().to_owned(), decimal_text(counts, currency.decimals()))
        };
        FindingChange { findings: findings as u64, at_stake: at_stake.into_iter().map(text).collect() }
    }
}

/// Counts of 1/10,000 of a plain decimal text, which may be a sum of many amounts.
pub fn counts(text: &str) -> Option<i128> {
    let (sign, digits) = text.strip_prefix('-').map_or((1, text), |digits| (-1, digits));
    let (whole, fraction) = digits.split_once('.').unwrap_or((digits, ""));
    let places = DECIMALS_MAX as usize;
    let all = format!("{whole}{fraction:0<places$}");
    let is_plain = !whole.is_empty() && fraction.len() <= places && all.bytes().all(|byte| byte.is_ascii_digit());
    all.parse::<i128>().ok().filter(|_| is_plain).map(|counts| sign * counts)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::sample;
    use tieout_model::history::Cleared;

    #[test]
    fn counts_are_read_from_what_a_report_writes_and_from_nothing_else() {
        for (text, expected) in [
            ("0", Some(0)),
            ("-12.50", Some(-125_000)),
            ("9000000000000.0001", Some(90_000_000_000_000_001)),
            ("", None),
            ("-", None),
            (".5", None),
            ("1.00000", None),
            ("1,00", None),
        ] {
            assert_eq!(counts(text), expected, "{text}");
        }
    }

    #[test]
    fn findings_are_counted_by_what_became_of_them_and_currencies_are_never_added() {
        let mut report = sample::report();
        report.exceptions[1].status = Status::Open;
        report.exceptions[2].status = Status::Reopened;
        let changes = Changes::of(&report);
        let told = |change: &FindingChange| (change.findings, change.at_stake.clone());
        let money = |code: &str, text: &str| BTreeMap::from([(code.to_owned(), text.to_owned())]);
        assert_eq!(told(&changes.new), (1, money("USD", "0.10")));
        assert_eq!(told(&changes.still_open), (1, money("USD", "0.20")));
        assert_eq!(told(&changes.re_opened), (1, money("JPY", "1234")));
        assert_eq!(told(&changes.cleared), (1, BTreeMap::new()));
        assert_eq!(told(&changes.waived), (1, money("USD", "0.40")));
        assert_eq!(changes.endings, BTreeMap::new());
        let sums = BTreeMap::from([(sample::currency("USD"), 3_000), (sample::currency("JPY"), 12_340_000)]);
        assert_eq!(changes.at_stake(), sums);
    }

    #[test]
    fn cleared_money_is_told_by_how_it_ended() {
        let mut report = sample::report();
        let usd = sample::currency("USD");
        let cleared = report.cleared[0].clone();
        let ended = [(Ending::MadeGood, 1_000), (Ending::GoesOn, -2_000), (Ending::MadeGood, -4_000)];
        report.cleared.extend(ended.map(|(ending, counts)| {
            let ending = Some((ending, counts, usd));
            Cleared { ending, ..cleared.clone() }
        }));
        let changes = Changes::of(&report);
        assert_eq!((changes.cleared.findings, changes.cleared.at_stake.len()), (4, 0));
        let told: Vec<_> =
            changes.endings.iter().map(|(name, c)| (name.as_str(), c.findings, c.at_stake["USD"].as_str())).collect();
        assert_eq!(told, [("goes on as another finding", 1, "0.20"), ("made good", 2, "0.50")]);
    }
}
