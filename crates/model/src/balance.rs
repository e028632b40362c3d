//! The benefit ledger's words. Each employee has an account a benefit, payer and currency; each payroll period posts
//! entries to it, which are never changed: what turns out otherwise is a further entry. The balance is what is still
//! owed: positive by the payer (under-collected), negative to the payer (over-collected). An entry is double: what an
//! account is debited, the account that stands against its kind is credited.

use std::fmt;
use std::ops::{AddAssign, Neg};
use std::sync::Arc;

use chrono::NaiveDate;
use serde::{Deserialize, Serialize};

use crate::code::{Code, Family};
use crate::finding::Payer;
use crate::ids::PayrollId;
use crate::money::Currency;

/// What an entry says.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, strum::EnumIter, strum::IntoStaticStr)]
pub enum EntryKind {
    /// Due for the period.
    #[strum(serialize = "expected")]
    Expected,
    /// Taken by payroll for the period.
    #[strum(serialize = "taken")]
    Taken,
    /// Taken in the period beside what it owes, for periods before.
    #[strum(serialize = "caught up")]
    CaughtUp,
    /// Given back in the period, of what was taken too much before.
    #[strum(serialize = "refunded")]
    Refunded,
    /// Given up by a person.
    #[strum(serialize = "written off")]
    WrittenOff,
}

impl EntryKind {
    /// In the order of a statement.
    pub const ALL: [EntryKind; 5] =
        [EntryKind::Expected, EntryKind::Taken, EntryKind::CaughtUp, EntryKind::Refunded, EntryKind::WrittenOff];

    pub fn name(self) -> &'static str {
        self.into()
    }

    /// The account on the other side of the entry.
    pub fn against(self) -> &'static str {
        match self {
            EntryKind::Expected => "benefits due",
            EntryKind::Taken | EntryKind::CaughtUp | EntryKind::Refunded => "payroll",
            EntryKind::WrittenOff => "written off",
        }
    }

    /// What an amount of this kind adds to the balance.
    fn effect(self, amount: i64) -> i128 {
        match self {
            EntryKind::Expected | EntryKind::Refunded => i128::from(amount),
            EntryKind::Taken | EntryKind::CaughtUp | EntryKind::WrittenOff => -i128::from(amount),
        }
    }
}

/// Of one employee.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Account {
    /// Benefit key; all accounts of a benefit share it, of which there are millions.
    pub benefit: Arc<str>,
    pub payer: Payer,
    pub currency: Currency,
}

/// A pay period. Its last day is what tells it apart; the first day of one that an earlier version noted is not known.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
pub struct PayPeriod {
    pub end: NaiveDate,
    pub start: Option<NaiveDate>,
}

/// Days that periods of two frequencies have in common from which they are no inexact dates.
const OVERLAP_DAYS_MIN: i64 = 4;

impl PayPeriod {
    /// The other one is this period, or a part of it.
    pub fn holds(self, other: &PayPeriod) -> bool {
        let begins_inside = self.start.zip(other.start).is_some_and(|(start, other)| start <= other);
        self.end == other.end || (begins_inside && other.end <= self.end)
    }

    /// The other one is of another frequency, and has days in common with this one: of a company that pays by the
    /// fortnight until the middle of a month and by the month from its first day on.
    pub fn overlaps(self, other: &PayPeriod) -> bool {
        let days = |from: NaiveDate, to: NaiveDate| to.signed_duration_since(from).num_days() + 1;
        let Some((start, from)) = self.start.zip(other.start).filter(|_| self.end != other.end) else { return false };
        let (own, its) = (days(start, self.end), days(from, other.end));
        let common = days(start.max(from), self.end.min(other.end));
        common >= OVERLAP_DAYS_MIN && 2 * own.max(its) >= 3 * own.min(its)
    }

    /// The two have days in common.
    pub fn has_days_of(self, other: &PayPeriod) -> bool {
        let from = |period: PayPeriod| period.start.unwrap_or(period.end);
        from(self) <= other.end && from(*other) <= self.end
    }

    /// It is the day of a run beside the regular one.
    pub fn is_one_day(self) -> bool {
        self.start == Some(self.end)
    }
}

impl fmt::Display for PayPeriod {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self.start {
            Some(start) => write!(f, "{start} to {}", self.end),
            None => write!(f, "the period to {}", self.end),
        }
    }
}

/// One amount a kind of entry, counts of 1/10,000. A correction of an earlier posting has what it adds, which can be
/// negative.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Movements([i64; 5]);

impl Movements {
    /// One entry.
    pub fn of(kind: EntryKind, amount: i64) -> Movements {
        let mut movements = Movements::default();
        movements.0[kind as usize] = amount;
        movements
    }

    /// In the order of [`EntryKind::ALL`].
    pub fn from_amounts(amounts: [i64; 5]) -> Movements {
        Movements(amounts)
    }

    pub fn amounts(&self) -> [i64; 5] {
        self.0
    }

    pub fn get(&self, kind: EntryKind) -> i64 {
        self.0[kind as usize]
    }

    /// The entries that there are.
    pub fn entries(&self) -> impl Iterator<Item = (EntryKind, i64)> {
        EntryKind::ALL.into_iter().zip(self.0).filter(|(_, amount)| *amount != 0)
    }

    /// Debit and credit of one entry: what it adds to the balance, or takes from it.
    pub fn debit_credit(kind: EntryKind, amount: i64) -> (i128, i128) {
        let effect = kind.effect(amount);
        (effect.max(0), (-effect).max(0))
    }

    /// What they add to the balance.
    pub fn balance(&self) -> i128 {
        self.entries().map(|(kind, amount)| kind.effect(amount)).sum()
    }

    /// What payroll took, all in all.
    pub fn collected(&self) -> i128 {
        let of = |kind| i128::from(self.get(kind));
        of(EntryKind::Taken) + of(EntryKind::CaughtUp) - of(EntryKind::Refunded)
    }

    pub fn is_nothing(&self) -> bool {
        *self == Movements::default()
    }

    /// The same with the other sign: what a deduction was caught up, a credit was refunded.
    #[must_use]
    pub fn mirrored(self) -> Movements {
        let [expected, taken, caught_up, refunded, written_off] = self.0;
        Movements([-expected, -taken, refunded, caught_up, -written_off])
    }
}

impl AddAssign for Movements {
    fn add_assign(&mut self, other: Movements) {
        // An amount of payroll has at most 90 million units: no sum of them that a person lives to see overflows.
        self.0.iter_mut().zip(other.0).for_each(|(mine, more)| *mine = mine.saturating_add(more));
    }
}

impl Neg for Movements {
    type Output = Movements;

    fn neg(self) -> Movements {
        Movements(self.0.map(|amount| -amount))
    }
}

/// What one night posts to one account for one period.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Posting {
    pub account: Account,
    pub period: PayPeriod,
    pub movements: Movements,
    /// The finding that the period's difference is; `None`: the difference is no more than rounding, or settles.
    pub code: Option<Code>,
    /// First day of the record of cover that the expected amount comes from.
    pub cover_from: Option<NaiveDate>,
    /// Of a percentage of pay that was expected by the salary: what it is by the gross pay of the period.
    pub by_gross: Option<i64>,
}

/// Stands among the benefits that could not be judged where the file of the period had no row of the employee at all.
pub const LEFT_OUT: &str = "";

/// Stands there where the file had a row of the employee of which nothing could be judged.
pub const UNREAD: &str = "?";

/// Stands before a benefit of which the file had no charge, where one was due and nobody knows how much.
pub const NOT_CHARGED: &str = "-";

/// Stands there before a benefit of which several records were in force, of which nobody knows what they come to.
pub const SEVERAL: &str = "&";

/// Stands there before a benefit of which one of several records is gone, and nobody knows until when it was due.
pub const FEWER: &str = "!";

/// Stands there before a pay group whose file posted the page, where that of another payroll had the period before.
pub const BESIDE: &str = "+";

/// Stands there before the pay group that the employee is in from the period on, where the deductions of some groups
/// pay for other days.
pub const GROUP: &str = "@";

/// Stands there before Benifex's id of the person whom payroll has under this one (ID05), and nobody under that one.
/// Earlier versions wrote no id behind it.
pub const MANGLED: &str = "=";

/// Stands alone on a page of the last day on which somebody else had the employee's id: what was posted for periods up
/// to it is the former holder's.
pub const HANDED_OVER: &str = "<";

/// All that is posted at once for one employee and period. A page of nobody notes the job's codes instead, each with
/// its benefit, from the night on that first judged by them.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Page {
    pub employee_id: PayrollId,
    pub period: PayPeriod,
    /// Benefits that could not be judged, of a period in which the employee's payroll was looked at; `None`: the page
    /// adds to a period without a new look at it.
    pub unjudged: Option<Vec<String>>,
    pub postings: Vec<Posting>,
}

/// The accounts of one benefit, payer and currency, all employees together. Counts of 1/10,000.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct BalanceTotal {
    pub account: Account,
    /// Before the night.
    pub opening: i128,
    /// What the night posts, in the order of [`EntryKind::ALL`].
    pub movements: [i128; EntryKind::ALL.len()],
    /// After it, added up from the accounts.
    pub closing: i128,
}

impl BalanceTotal {
    /// Opening + movements − closing; exactly 0, or the books are wrong.
    pub fn residual(&self) -> i128 {
        let [expected, taken, caught_up, refunded, written_off] = self.movements;
        self.opening + expected - taken - caught_up + refunded - written_off - self.closing
    }
}

/// How a finding about money ended.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, strum::IntoStaticStr)]
pub enum Ending {
    /// Payroll took it later, or gave it back.
    #[strum(serialize = "made good")]
    MadeGood,
    #[strum(serialize = "written off")]
    WrittenOff,
    /// A corrected file or a corrected record says that it was right.
    #[strum(serialize = "never owed")]
    NeverOwed,
    /// The first day of cover is a later one now, so that nothing was due; whether that is right, no record says.
    #[strum(serialize = "cover begins later")]
    PutOff,
    /// The money is still out, and is told as another finding.
    #[strum(serialize = "goes on as another finding")]
    GoesOn,
}

impl Ending {
    pub fn name(self) -> &'static str {
        self.into()
    }
}

/// Field of findings on what the employer adds.
const ER_AMOUNT: &str = "er_amount";

/// Begins the field of a finding on what is open of the person who had an employee's id before.
pub const OF_FORMER: &str = "former_";

/// The finding is about a former holder of its employee's id.
pub fn is_of_former(field: &str) -> bool {
    field.starts_with(OF_FORMER)
}

/// Whose accounts a finding about money is of; nobody's where it is of another kind.
pub fn payers_of(code: Code, field: &str) -> &'static [Payer] {
    let field = field.strip_prefix(OF_FORMER).unwrap_or(field);
    match code.rule().family {
        Family::Existence => &Payer::BOTH,
        // One finding a line, whichever payer's amount changed.
        Family::Timing if code == Code::TM07 => &Payer::BOTH,
        Family::Amount | Family::Timing if field == ER_AMOUNT => &[Payer::Employer],
        Family::Amount | Family::Timing => &[Payer::Employee],
        _ => &[],
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn expected_and_refunded_are_debited_and_the_others_credited() {
        let movements = Movements::from_amounts([100, 70, 20, 5, 3]);
        assert_eq!(movements.balance(), 100 - 70 - 20 + 5 - 3);
        assert_eq!(movements.collected(), 70 + 20 - 5);
        let sides: Vec<_> = movements.entries().map(|(kind, amount)| Movements::debit_credit(kind, amount)).collect();
        assert_eq!(sides, [(100, 0), (0, 70), (0, 20), (5, 0), (0, 3)]);
    }

    #[test]
    fn what_is_taken_back_adds_up_to_nothing() {
        let mut movements = Movements::of(EntryKind::Taken, 100);
        movements += -movements;
        assert!(movements.is_nothing());
        assert_eq!(Movements::debit_credit(EntryKind::Taken, -100), (100, 0), "a reversal stands on the other side");
    }
}
