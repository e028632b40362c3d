//! What Benbase last accepted (or held at the opening), by Benbase id: the ledger, for the service can't be read.

use chrono::NaiveDate;

use crate::address::{Home, homes_differ};
use crate::ids::BenbaseId;
use crate::money::Money;
use crate::text_table::TextTable;

/// Texts of a row: the Benbase id and those of [`Held`].
const TEXTS: usize = 9;

/// The rows of the ledger, sorted by Benbase id.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct BenbaseLedger(TextTable<TEXTS, Values>);

/// What of a row is no text.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
struct Values {
    pay_amount: Option<Money>,
    effective_start: Option<NaiveDate>,
    pay_sent: bool,
    terminated_on: Option<NaiveDate>,
}

/// One ledger row; `None` = not known, and a blank text is none. Amounts are counts of 1/10,000.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Held<'l> {
    pub pay_frequency: Option<&'l str>,
    pub pay_amount: Option<Money>,
    /// `annually` or `hourly`.
    pub pay_period: Option<&'l str>,
    pub effective_start: Option<NaiveDate>,
    /// Pay and date are those of a change that was sent, rather than of the opening ledger.
    pub pay_sent: bool,
    pub employment_status: Option<&'l str>,
    pub line1: Option<&'l str>,
    pub line2: Option<&'l str>,
    pub city: Option<&'l str>,
    pub state: Option<&'l str>,
    pub zip_code: Option<&'l str>,
    /// Day of the termination that Benbase accepted.
    pub terminated_on: Option<NaiveDate>,
}

impl Held<'_> {
    /// Whether two rows may be one person's: by their homes, or else by their pay. `None`: neither is known of both.
    pub fn is_like(&self, other: &Held<'_>) -> Option<bool> {
        if self.line1.is_some() && other.line1.is_some() {
            return Some(!homes_differ(&self.home(), &other.home(), false));
        }
        let pay = self.pay_amount.zip(self.pay_period);
        pay.zip(other.pay_amount.zip(other.pay_period)).map(|(one, another)| one == another)
    }

    fn home(&self) -> Home<'_> {
        Home { line1: self.line1, line2: self.line2, city: self.city, state: self.state, zip: self.zip_code }
    }
}

impl BenbaseLedger {
    pub fn len(&self) -> usize {
        self.0.len()
    }

    pub fn is_empty(&self) -> bool {
        self.0.is_empty()
    }

    /// What is held of a Benbase id; `None` = the ledger does not know it.
    pub fn get(&self, benbase_id: &BenbaseId) -> Option<Held<'_>> {
        self.0.find(benbase_id.as_str()).map(|row| self.at(row))
    }

    /// The row of a Benbase id, when ids mostly come in order: see [`TextTable::find_next`].
    pub fn find_next(&self, benbase_id: &str, next: &mut usize) -> Option<usize> {
        self.0.find_next(benbase_id, next)
    }

    /// What a row holds.
    pub fn at(&self, row: usize) -> Held<'_> {
        let Values { pay_amount, effective_start, pay_sent, terminated_on } = self.0.rest(row);
        let texts = self.0.texts(row).map(|text| (!text.is_empty()).then_some(text));
        let [_, pay_frequency, pay_period, employment_status, line1, line2, city, state, zip_code] = texts;
        Held {
            pay_frequency,
            pay_amount,
            pay_period,
            effective_start,
            pay_sent,
            employment_status,
            line1,
            line2,
            city,
            state,
            zip_code,
            terminated_on,
        }
    }

    /// Adds a row, in any order; quickest in the order of Benbase ids. Of two with one id the later counts.
    pub fn insert(&mut self, benbase_id: &str, held: &Held<'_>) {
        let in_order = self.0.len().checked_sub(1).is_none_or(|last| self.0.key(last) <= benbase_id);
        let texts = [
            Some(benbase_id),
            held.pay_frequency,
            held.pay_period,
            held.employment_status,
            held.line1,
            held.line2,
            held.city,
            held.state,
            held.zip_code,
        ];
        let Held { pay_amount, effective_start, pay_sent, terminated_on, .. } = *held;
        let values = Values { pay_amount, effective_start, pay_sent, terminated_on };
        self.0.push(texts.map(Option::unwrap_or_default), values);
        if !in_order {
            self.0.sort();
        }
    }
}

impl<'h, const N: usize> From<[(&str, Held<'h>); N]> for BenbaseLedger {
    fn from(rows: [(&str, Held<'h>); N]) -> BenbaseLedger {
        let mut ledger = BenbaseLedger::default();
        rows.iter().for_each(|(benbase_id, held)| ledger.insert(benbase_id, held));
        ledger
    }
}
