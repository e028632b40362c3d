//! The records of cover one by one, before those of one benefit are added up: what each makes due, and what those made
//! due that another one replaced.

use std::cmp::Reverse;
use std::collections::{BTreeMap, BTreeSet};

use polars::prelude::*;

use crate::rules::lines::expected::NEVER;
use crate::rules::schema::LINES;

/// What is kept of each record before those of one benefit are added up.
pub(in crate::rules) const RECORDS: [&str; 7] = [
    LINES.emp.name,
    LINES.label.name,
    LINES.employee_due.name,
    LINES.employer_due.name,
    LINES.ee_cur.name,
    LINES.er_cur.name,
    LINES.per_year.name,
];

/// One row a row of the snapshot's benefits, in their order.
pub(in crate::rules) struct Records {
    /// [`RECORDS`].
    pub(in crate::rules) frame: DataFrame,
    /// How much of a deduction each of them makes due of the employee, and of the employer.
    pub(in crate::rules) portions: Vec<[Portion; 2]>,
}

/// How much of a deduction is due for a record.
#[derive(Clone, Copy, Debug, PartialEq, Eq, strum::IntoStaticStr)]
#[strum(serialize_all = "lowercase")]
pub(in crate::rules) enum Portion {
    Nothing,
    Whole,
    /// By the scheme's rule for a part of a period.
    Part,
}

/// All that is due for a record is a whole deduction of either payer.
pub(in crate::rules) fn is_whole(portions: [Portion; 2]) -> bool {
    portions.contains(&Portion::Whole) && !portions.contains(&Portion::Part)
}

/// Live records that another one of the same benefit replaces, by employee and label: what they made due before it.
pub(in crate::rules) type Superseded = BTreeMap<(u32, u32), Vec<Earlier>>;

/// A record that was in force before another one. Amounts are counts of 1/10,000 a deduction.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(in crate::rules) struct Earlier {
    /// First day of its cover.
    pub(in crate::rules) first: i32,
    pub(in crate::rules) employee: i64,
    pub(in crate::rules) employer: i64,
    /// Numbers of their currencies.
    pub(in crate::rules) currencies: [u32; 2],
    /// Its row of the snapshot's benefits.
    pub(in crate::rules) row: u32,
}

impl Records {
    /// Those of `replaced` of which all of a deduction was due. `first`: first days of cover, in the order of the
    /// records.
    pub(in crate::rules) fn superseded(&self, replaced: &[u32], first: &[i32]) -> PolarsResult<Superseded> {
        let mut superseded = Superseded::new();
        let (emps, labels) = (LINES.emp.of(&self.frame)?, LINES.label.of(&self.frame)?);
        let (employee, employer) = (LINES.employee_due.of(&self.frame)?, LINES.employer_due.of(&self.frame)?);
        let currencies = [LINES.ee_cur.of(&self.frame)?, LINES.er_cur.of(&self.frame)?];
        for row in replaced.iter().map(|row| *row as usize) {
            let amounts = [employee, employer].map(|of| of.get(row).unwrap_or_default());
            let (Some(emp), Some(label)) = (emps.get(row), labels.get(row)) else { continue };
            if is_whole(self.portions[row]) && first[row] != NEVER && amounts != [0; 2] {
                let [employee, employer] = amounts;
                let currencies = currencies.map(|of| of.get(row).unwrap_or_default());
                let of_line = superseded.entry((emp, label)).or_default();
                of_line.push(Earlier { first: first[row], employee, employer, currencies, row: row as u32 });
            }
        }
        self.leave_out_shared(&mut superseded, replaced)?;
        superseded.values_mut().for_each(|earlier| earlier.sort_by_key(|record| Reverse(record.first)));
        Ok(superseded)
    }

    /// Lines of several benefits: what one of them made due is not what the line did.
    fn leave_out_shared(&self, superseded: &mut Superseded, replaced: &[u32]) -> PolarsResult<()> {
        if superseded.is_empty() {
            return Ok(());
        }
        let replaced: BTreeSet<u32> = replaced.iter().copied().collect();
        let lines =
            LINES.emp.of(&self.frame)?.into_no_null_iter().zip(LINES.label.of(&self.frame)?.into_no_null_iter());
        let (mut once, mut shared) = (BTreeSet::new(), Vec::new());
        for (_, line) in (0..).zip(lines).filter(|(row, line)| superseded.contains_key(line) && !replaced.contains(row))
        {
            if !once.insert(line) {
                shared.push(line);
            }
        }
        shared.iter().for_each(|line| drop(superseded.remove(line)));
        Ok(())
    }

    /// Of records that another one of the same benefit replaces.
    pub(in crate::rules) fn make_nothing_due(&mut self, rows: &[u32]) -> PolarsResult<()> {
        if rows.is_empty() {
            return Ok(());
        }
        for column in [LINES.employee_due, LINES.employer_due] {
            let mut due: Vec<i64> = column.of(&self.frame)?.iter().map(Option::unwrap_or_default).collect();
            rows.iter().for_each(|row| due[*row as usize] = 0);
            self.frame.with_column(column.filled(due))?;
        }
        rows.iter().for_each(|row| self.portions[*row as usize] = [Portion::Nothing; 2]);
        Ok(())
    }
}
