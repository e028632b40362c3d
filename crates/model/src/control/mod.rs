//! The two proofs of every run: control totals that tie out (CT04) and rows that all end in one place (CT10). Plain
//! values; `rules` fills them, the report shows them, the run refuses to queue when they do not hold.

mod base_line;

use std::collections::{BTreeMap, BTreeSet};

use chrono::NaiveDate;

use crate::balance::PayPeriod;
use crate::code::{Code, Family};
use crate::finding::Payer;
use crate::ids::PayrollId;
use crate::money::Currency;
use crate::share::Share;

pub use base_line::{Apart, BaseLine, Covers, Limits, Swing};

/// What a night whose queue a guard stopped leaves with, and what is kept of it as a run.
pub const EXIT_OF_A_GUARD: u8 = 8;

/// Of what is expected of a benefit, what unpaid leave may leave out before the file is in doubt.
const LEAVE_SHARE_MAX: Share = Share::of_ten_thousandths(2_000);

/// CT10: every row of a source in exactly one place.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Disposition {
    /// `payroll rows`, `payroll lines`, `employees`, `benefits`, and with Oyster `engagements`, `enrollments`.
    pub source: String,
    pub rows: u64,
    pub matched: u64,
    pub finding: u64,
    pub waived: u64,
    pub out_of_scope: u64,
    pub rejected: u64,
    pub unverified: u64,
}

impl Disposition {
    /// Rows that ended nowhere or twice; 0, or the run is broken.
    pub fn unplaced(&self) -> i128 {
        let placed = [self.matched, self.finding, self.waived, self.out_of_scope, self.rejected, self.unverified];
        i128::from(self.rows) - placed.iter().map(|n| i128::from(*n)).sum::<i128>()
    }
}

/// Rows that ended as a finding, and whose: where all that was found of them is waived, they end as waived.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct FoundRows {
    /// As [`Disposition::source`].
    pub source: &'static str,
    pub employee_id: PayrollId,
    /// Benefit key, or payroll code in brackets; blank for rows of the person.
    pub benefit: String,
    pub rows: u64,
}

/// One line of the control totals; amounts are counts of 1/10,000.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ControlTotal {
    pub benefit: String,
    pub currency: Currency,
    pub payer: Payer,
    /// Summed while the payroll file was read.
    pub payroll: i128,
    /// Summed over the snapshot, before any join.
    pub expected: i128,
    /// Code family → sum of the variances of its findings.
    pub by_family: BTreeMap<Family, i128>,
    /// Differences inside the tolerance, signed (CT09).
    pub tolerated: i128,
    /// Payroll − expected where the difference settles a balance of earlier periods.
    pub settled: i128,
    /// Payroll − expected over what could not be compared.
    pub unverified: i128,
    /// Of payroll, in rows that were rejected, as far as their amounts could be read.
    pub rejected: i128,
    pub out_of_scope: i128,
    pub waived: i128,
    /// Payroll − expected of people on unpaid leave (TM11), which is a part of `by_family`.
    pub on_leave: i128,
}

impl ControlTotal {
    pub fn difference(&self) -> i128 {
        self.payroll - self.expected
    }

    /// What a file that is right takes: what was expected, and what differs for a reason that says nothing against the
    /// file. Many people on unpaid leave do.
    fn right(&self) -> i128 {
        let away = Some(self.on_leave).filter(|away| !LEAVE_SHARE_MAX.is_exceeded(*away, self.expected));
        self.expected + self.tolerated + self.settled + self.out_of_scope + self.waived + away.unwrap_or_default()
    }

    /// What no finding, tolerance or reason explains; exactly 0, or the run does not tie out (CT04).
    pub fn residual(&self) -> i128 {
        let explained = self.by_family.values().sum::<i128>();
        self.difference()
            - explained
            - self.tolerated
            - self.settled
            - self.unverified
            - self.rejected
            - self.out_of_scope
            - self.waived
    }
}

/// How much one rule compared in a night.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Coverage {
    pub code: Code,
    pub compared: u64,
    /// Reason → how many were not compared for it.
    pub not_compared: BTreeMap<String, u64>,
}

impl Coverage {
    pub fn new(code: Code) -> Coverage {
        Coverage { code, compared: 0, not_compared: BTreeMap::new() }
    }

    pub fn count(&mut self, compared: u64) {
        self.compared += compared;
    }

    pub fn leave_out(&mut self, count: u64, reason: &str) {
        if count == 0 {
            return;
        }
        match self.not_compared.get_mut(reason) {
            Some(counted) => *counted += count,
            None => _ = self.not_compared.insert(reason.to_owned(), count),
        }
    }

    /// Compared or not.
    pub fn of(&self) -> u64 {
        self.compared + self.not_compared.values().sum::<u64>()
    }
}

/// The pay periods of a file, by pay group: legal entity, group and frequency, as far as the file names them.
pub type PeriodsByGroup = BTreeMap<String, PayPeriod>;

/// When an earlier period of a pay group was paid, and for what.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct PastPay {
    /// Last day of the period.
    pub end: NaiveDate,
    pub date: NaiveDate,
    /// What a file that is right had taken, by benefit and currency code. Counts of 1/10,000.
    pub due: BTreeMap<String, i128>,
}

/// What earlier nights read of tonight's pay groups (CT07, CT08).
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct PastPeriods {
    /// Other periods of each group, newest night first, as many as [`PastPeriods::KEPT_MAX`]; tonight's own before them
    /// where a person accepted it.
    pub earlier: BTreeMap<String, Vec<PayPeriod>>,
    /// Other pays of each group, newest night first, as many as [`PastPeriods::KEPT_MAX`].
    pub pays: BTreeMap<String, Vec<PastPay>>,
    /// Periods of each group that only nights read which a guard stopped, newest night first, with the night.
    pub stopped: BTreeMap<String, Vec<(PayPeriod, NaiveDate)>>,
    /// The periods that tonight's very file was read for before.
    pub same_file: PeriodsByGroup,
    /// Nights that read files of tonight's period of other pay groups alone, where tonight's had none of it yet.
    pub other_payrolls: BTreeSet<NaiveDate>,
    /// Nights, each with the last day of a period, that read files of other pay groups alone of it.
    pub other_files: BTreeSet<(NaiveDate, NaiveDate)>,
    /// Runs that a guard stopped, newest first.
    pub doubted: Vec<DoubtedRun>,
    /// A person takes tonight's file as it is.
    pub accepted: bool,
}

/// A run whose payroll file was in doubt: what it read is in the books as it was taken, until a later run bears it out.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct DoubtedRun {
    /// Last days of its pay periods.
    pub ends: Vec<NaiveDate>,
    pub run: BaseLine,
    /// The good runs after it.
    pub since: Vec<BaseLine>,
}

impl PastPeriods {
    /// Files of several periods may be read late, and out of their order, after one that is newer.
    pub const KEPT_MAX: usize = 12;
}
