//! The two proofs of every run: control totals that tie out (CT04) and rows that all end in one place (CT10). Plain
//! values; `rules` fills them, the report shows them, the run refuses to queue when they do not hold.

use std::collections::btree_map::Entry;
use std::collections::{BTreeMap, BTreeSet};

use chrono::NaiveDate;
use serde::{Deserialize, Serialize};

use crate::balance::PayPeriod;
use crate::code::{Code, Family};
use crate::finding::Payer;
use crate::ids::PayrollId;
use crate::money::Currency;
use crate::share::Share;

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

/// What the guards and CT06 compare tonight with: the last good run.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct LastGood {
    /// Employees on payroll.
    pub population: u64,
    /// Payroll totals, both sides, by benefit and currency code, as decimal text of counts of 1/10,000.
    pub totals: BTreeMap<String, String>,
    /// What a file that is right had taken, in the same form; `None`: an earlier version did not note it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub due: Option<BTreeMap<String, String>>,
}

/// A payroll total that is too far from the last good run's.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Swing<'k> {
    /// `<benefit> <currency>`.
    pub key: &'k str,
    /// The last good run's and tonight's, counts of 1/10,000; `None`: one of the two cannot be read.
    pub moved: Option<(i128, i128)>,
}

impl LastGood {
    /// A night in this form. Both sides of a benefit and currency are added; the key of a total is
    /// `<benefit> <currency>`, and one of nothing is left out.
    pub fn of(population: u64, control_totals: &[ControlTotal]) -> LastGood {
        let texts = |of: fn(&ControlTotal) -> i128| {
            let mut sums: BTreeMap<String, i128> = BTreeMap::new();
            for total in control_totals {
                *sums.entry(format!("{} {}", total.benefit, total.currency)).or_default() += of(total);
            }
            sums.into_iter().filter(|(_, sum)| *sum != 0).map(|(key, sum)| (key, sum.to_string())).collect()
        };
        LastGood { population, totals: texts(|total| total.payroll), due: Some(texts(ControlTotal::right)) }
    }

    /// This run as the base line of later ones: a benefit of which nothing was due, as on a pay date without
    /// deductions, is compared with the run before still.
    #[must_use]
    pub fn after(mut self, last: Option<&LastGood>) -> LastGood {
        let of_last = last.and_then(|last| Some((last, last.due.as_ref()?)));
        if let (Some((last, due_before)), Some(due)) = (of_last, &mut self.due) {
            for (key, due_then) in due_before {
                if let Entry::Vacant(nothing) = due.entry(key.clone()) {
                    nothing.insert(due_then.clone());
                    let total = last.totals.get(key).cloned();
                    self.totals.remove(key);
                    self.totals.extend(total.map(|total| (key.clone(), total)));
                }
            }
        }
        self
    }

    /// Totals of tonight that moved by more than this share, moved otherwise than what is due, and are not what is due:
    /// on a pay date without deductions nothing is taken, and after a renewal more is, from a file that is whole. A
    /// benefit that is new tonight has nothing to compare with.
    pub fn swings<'k>(&'k self, tonight: &LastGood, share_max: Share) -> Vec<Swing<'k>> {
        let due = |of: &LastGood, key: &str| -> Option<i128> {
            of.due.as_ref()?.get(key).map_or(Some(0), |sum| sum.parse().ok())
        };
        let swing = |(key, before): (&'k String, &String)| {
            // A code that is mapped to no benefit, such as a garnishment, moves as it likes.
            if key.starts_with('(') {
                return None;
            }
            let now = tonight.totals.get(key).map_or("0", String::as_str);
            let (Ok(before), Ok(now)) = (before.parse(), now.parse()) else {
                return Some(Swing { key, moved: None });
            };
            has_swung((before, now), due(self, key).zip(due(tonight, key)), share_max)
                .then_some(Swing { key, moved: Some((before, now)) })
        };
        self.totals.iter().filter_map(swing).collect()
    }
}

/// `due`: of the last good run and of tonight; `None`: not known of one of them.
fn has_swung((before, now): (i128, i128), due: Option<(i128, i128)>, share_max: Share) -> bool {
    if !share_max.is_exceeded_by_move(before, now) {
        return false;
    }
    let Some((due_before, due_now)) = due else { return true };
    let wanted = before + due_now - due_before;
    let of = before.abs().max(wanted.abs());
    share_max.is_exceeded(now - wanted, of) && share_max.is_exceeded(now - due_now, of)
}

/// The pay periods of a file, by pay group: legal entity, group and frequency, as far as the file names them.
pub type PeriodsByGroup = BTreeMap<String, PayPeriod>;

/// What earlier nights read of tonight's pay groups (CT07, CT08).
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct PastPeriods {
    /// Other periods of each group, newest night first, as many as [`PastPeriods::KEPT_MAX`]; tonight's own before them
    /// where a person accepted it.
    pub earlier: BTreeMap<String, Vec<PayPeriod>>,
    /// Periods of each group that only nights read which a guard stopped, newest night first, with the night.
    pub stopped: BTreeMap<String, Vec<(PayPeriod, NaiveDate)>>,
    /// The periods that tonight's very file was read for before.
    pub same_file: PeriodsByGroup,
    /// Nights that read files of tonight's period of other pay groups alone, where tonight's had none of it yet.
    pub other_payrolls: BTreeSet<NaiveDate>,
    /// A person takes tonight's file as it is.
    pub accepted: bool,
}

impl PastPeriods {
    /// Files of several periods may be read late, and out of their order, after one that is newer.
    pub const KEPT_MAX: usize = 12;
}

#[cfg(test)]
mod tests {
    use super::*;

    #[track_caller]
    fn check_swing(moved: (i128, i128), due: Option<(i128, i128)>, swung: bool) {
        let run = |total: i128, due: Option<i128>| {
            let texts = |sum: i128| BTreeMap::from([("_Dental USD".to_owned(), sum.to_string())]);
            LastGood { population: 100, totals: texts(total), due: due.map(texts) }
        };
        let (before, now) = (run(moved.0, due.map(|due| due.0)), run(moved.1, due.map(|due| due.1)));
        let swings = before.swings(&now, Share::of_ten_thousandths(500));
        let expected = Swing { key: "_Dental USD", moved: Some(moved) };
        assert_eq!(swings, if swung { vec![expected] } else { Vec::new() });
    }

    #[test]
    fn a_base_line_keeps_what_a_night_owed_nothing_of() {
        let run = |totals: &[(&str, &str)], due: &[(&str, &str)]| {
            let texts =
                |of: &[(&str, &str)]| of.iter().map(|(key, sum)| ((*key).to_owned(), (*sum).to_owned())).collect();
            LastGood { population: 100, totals: texts(totals), due: Some(texts(due)) }
        };
        let last =
            run(&[("_Dental USD", "1000"), ("_Life USD", "50")], &[("_Dental USD", "1010"), ("_Life USD", "50")]);
        let tonight = run(&[("_Dental USD", "40"), ("_Life USD", "60")], &[("_Life USD", "60")]);
        let kept =
            run(&[("_Dental USD", "1000"), ("_Life USD", "60")], &[("_Dental USD", "1010"), ("_Life USD", "60")]);
        assert_eq!(tonight.clone().after(Some(&last)), kept);
        assert_eq!(tonight.clone().after(None), tonight);
        let older = LastGood { due: None, ..last };
        assert_eq!(tonight.clone().after(Some(&older)), tonight);
    }

    #[test]
    fn a_total_swings_that_moves_otherwise_than_what_is_due() {
        check_swing((1_000, 1_050), None, false);
        check_swing((1_000, 1_051), None, true);
        check_swing((1_000, 500), Some((1_000, 1_000)), true);
        check_swing((1_000, 2_000), Some((1_000, 1_000)), true);
        // A pay date without deductions, some taken by mistake, and the one after it.
        check_swing((1_000, 0), Some((1_000, 0)), false);
        check_swing((1_000, 40), Some((1_030, 0)), false);
        check_swing((1_000, 60), Some((1_000, 0)), true);
        check_swing((40, 1_000), Some((0, 1_000)), false);
        // A renewal that payroll follows, one that it does not, and a file of twice the new amounts.
        check_swing((1_000, 1_200), Some((1_000, 1_200)), false);
        check_swing((1_000, 1_000), Some((1_000, 1_200)), false);
        check_swing((1_000, 2_400), Some((1_000, 1_200)), true);
        // What is never due: a benefit whose price nobody states.
        check_swing((1_000, 500), Some((0, 0)), true);
    }
}
