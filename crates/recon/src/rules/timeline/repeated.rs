//! Several records of one benefit of one employee: the one in force counts, which is the live one that began last, and
//! of those the one that was changed last. What it replaced is due nothing. Where it began inside the period and a rule
//! says how much of it is due, what is due of the record before is not known, and neither whether equal records of one
//! day are one: a difference of such a line is unverified.

use std::cmp::Reverse;
use std::collections::BTreeSet;

use polars::prelude::*;

use crate::rules::lines::expected::NEVER;
use crate::rules::schema::LINES;
use crate::rules::timeline::records::{Portion, is_whole};
use crate::tables::column::{Column, Flag, Number, PlainDay, Row};

/// What is read of each record.
struct Records<'r> {
    keys: Vec<(u32, u32)>,
    /// The benefit of each row: one label can stand for several.
    benefits: &'r [u32],
    live: &'r BooleanChunked,
    days: [&'r [i32]; 2],
    amounts: [&'r [i64]; 2],
    currencies: [&'r [u32]; 2],
    /// All of a deduction is due for the record.
    whole: Vec<bool>,
}

/// What becomes of each record.
struct Fate {
    replaced: Vec<bool>,
    several: Vec<bool>,
    /// The record whose currencies it goes by.
    like: Vec<usize>,
}

/// The rows of `expected`, of which those of one label are neighbours, and the benefit of each: replaced records are
/// due nothing and say nothing, and `several` marks those of which it is not known what they come to. Also the
/// snapshot's rows that are replaced.
pub(in crate::rules) fn in_force(
    mut rows: DataFrame,
    benefits: &[u32],
    portions: &[[Portion; 2]],
) -> PolarsResult<(DataFrame, Vec<u32>)> {
    rows.rechunk_mut();
    let Fate { replaced, several, like } = Records::new(&rows, benefits, portions)?.fate();
    let counted = |column: Column<Number>| {
        let values = column.of(&rows)?.iter().zip(&replaced);
        let values = values.map(|(value, replaced)| value.filter(|_| !replaced).unwrap_or_default());
        PolarsResult::Ok(column.filled(values))
    };
    let day = |column: Column<PlainDay>| {
        let values = column.of(&rows)?.iter().zip(&replaced);
        let values = values.map(|(value, replaced)| value.filter(|_| !replaced).unwrap_or(NEVER));
        PolarsResult::Ok(column.filled(values))
    };
    let flag = |column: Column<Flag>| {
        let values = column.of(&rows)?.iter().zip(&replaced);
        PolarsResult::Ok(column.filled(values.map(|(value, replaced)| value == Some(true) && !replaced)))
    };
    let currency = |column: Column<Row>| {
        let values = column.of(&rows)?.cont_slice()?;
        PolarsResult::Ok(column.filled(like.iter().map(|at| values[*at]).collect()))
    };
    let known = LINES.several.of(&rows)?.iter().zip(&several);
    let several: Vec<bool> = known.map(|(known, several)| known == Some(true) || *several).collect();
    let mut columns = vec![LINES.several.filled(several)];
    for column in [LINES.employee_due, LINES.employer_due] {
        columns.push(counted(column)?);
    }
    for column in [LINES.first, LINES.changed] {
        columns.push(day(column)?);
    }
    for column in [LINES.live, LINES.unknown, LINES.uneven] {
        columns.push(flag(column)?);
    }
    for column in [LINES.ee_cur, LINES.er_cur, LINES.bx_cur] {
        columns.push(currency(column)?);
    }
    let of_snapshot = LINES.bx_row.of(&rows)?.into_no_null_iter();
    let replaced = of_snapshot.zip(&replaced).filter_map(|(row, replaced)| replaced.then_some(row)).collect();
    for column in columns {
        rows.with_column(column)?;
    }
    Ok((rows, replaced))
}

impl<'r> Records<'r> {
    fn new(rows: &'r DataFrame, benefits: &'r [u32], portions: &[[Portion; 2]]) -> PolarsResult<Records<'r>> {
        let emps = LINES.emp.of(rows)?.into_no_null_iter();
        Ok(Records {
            keys: emps.zip(LINES.label.of(rows)?.into_no_null_iter()).collect(),
            benefits,
            live: LINES.live.of(rows)?,
            days: [LINES.first.of(rows)?.cont_slice()?, LINES.changed.of(rows)?.cont_slice()?],
            amounts: [LINES.employee_due.of(rows)?.cont_slice()?, LINES.employer_due.of(rows)?.cont_slice()?],
            currencies: [LINES.ee_cur.of(rows)?.cont_slice()?, LINES.er_cur.of(rows)?.cont_slice()?],
            whole: LINES.bx_row.of(rows)?.into_no_null_iter().map(|row| is_whole(portions[row as usize])).collect(),
        })
    }

    fn fate(&self) -> Fate {
        let height = self.keys.len();
        let mut fate =
            Fate { replaced: vec![false; height], several: vec![false; height], like: (0..height).collect() };
        let all: Vec<usize> = (0..height).collect();
        for rows in all.chunk_by(|a, b| self.keys[*a] == self.keys[*b]).filter(|rows| rows.len() > 1) {
            let benefits: BTreeSet<u32> = rows.iter().map(|row| self.benefits[*row]).collect();
            for benefit in benefits {
                let of_benefit: Vec<usize> =
                    rows.iter().copied().filter(|row| self.benefits[*row] == benefit).collect();
                self.judge(&of_benefit, &mut fate);
            }
        }
        fate
    }

    fn judge(&self, rows: &[usize], fate: &mut Fate) {
        let is_live = |row: &usize| self.live.get(*row) == Some(true);
        let since = |row: usize| self.days.map(|days| days[row]);
        let mut live: Vec<usize> = rows.iter().copied().filter(is_live).collect();
        live.sort_by_key(|row| Reverse(since(*row)));
        let Some(newest) = live.first().copied() else { return };
        let states = |row: usize| (self.amounts.map(|of| of[row]), self.currencies.map(|of| of[row]));
        let mut told = vec![states(newest)];
        for row in rows.iter().copied().filter(|row| *row != newest) {
            let together = is_live(&row) && since(row) == since(newest);
            if together && !told.contains(&states(row)) {
                told.push(states(row));
                fate.several[row] = true;
                continue;
            }
            (fate.replaced[row], fate.like[row]) = (true, newest);
            let before = is_live(&row) && !self.whole[newest] && states(row) != states(newest);
            fate.several[newest] |= together || before;
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::tables::column::frame;

    const DOLLAR: u32 = 3;

    /// Records of one benefit: live, first day, day of the change, due of the employee. Gives what is due, and whether
    /// it is said that several are in force.
    #[track_caller]
    fn check(records: &[(bool, i32, i32, i64)], due: &[i64], several: bool) {
        check_of(&vec![7; records.len()], records, due, several);
    }

    #[track_caller]
    fn check_of(benefits: &[u32], records: &[(bool, i32, i32, i64)], due: &[i64], several: bool) {
        check_with(benefits, &vec![[Portion::Whole; 2]; records.len()], records, due, several);
    }

    #[track_caller]
    fn check_with(
        benefits: &[u32],
        portions: &[[Portion; 2]],
        records: &[(bool, i32, i32, i64)],
        due: &[i64],
        several: bool,
    ) {
        let height = records.len();
        let number = |column: Column<Row>, value: u32| column.filled(vec![value; height]);
        let flag = |column: Column<Flag>, of: fn(&(bool, i32, i32, i64)) -> bool| column.filled(records.iter().map(of));
        let rows = frame(vec![
            number(LINES.emp, 1),
            number(LINES.label, 1),
            number(LINES.ee_cur, DOLLAR),
            number(LINES.er_cur, DOLLAR),
            number(LINES.bx_cur, DOLLAR),
            LINES.employee_due.filled(records.iter().map(|record| record.3)),
            LINES.employer_due.filled(vec![0; height]),
            LINES.first.filled(records.iter().map(|record| record.1)),
            LINES.changed.filled(records.iter().map(|record| record.2)),
            flag(LINES.live, |record| record.0),
            flag(LINES.unknown, |_| false),
            flag(LINES.uneven, |_| false),
            flag(LINES.several, |_| false),
            LINES.bx_row.filled((0..height as u32).collect()),
        ]);
        let (rows, _) = in_force(rows.expect("columns"), benefits, portions).expect("rows");
        let amounts: Vec<i64> = LINES.employee_due.of(&rows).expect("a column").into_no_null_iter().collect();
        let flags: Vec<bool> =
            LINES.several.of(&rows).expect("a column").iter().map(|flag| flag == Some(true)).collect();
        assert_eq!((amounts.as_slice(), flags.contains(&true)), (due, several));
    }

    #[test]
    fn the_record_in_force_counts_and_not_what_it_replaced() {
        check(&[(true, 10, 5, 100), (true, 20, 15, 120)], &[0, 120], false);
        check(&[(true, 20, 15, 120), (false, 40, 30, 0)], &[120, 0], false);
        // Put right on one day: the last word counts.
        check(&[(true, 20, 15, 120), (true, 20, 16, 125)], &[0, 125], false);
    }

    #[test]
    fn of_several_benefits_under_one_label_each_has_its_own() {
        check_of(&[7, 8], &[(true, 10, 5, 100), (true, 20, 5, 20)], &[100, 20], false);
        check_of(&[7, 8, 7], &[(true, 10, 5, 100), (true, 20, 5, 20), (true, 30, 5, 120)], &[0, 20, 120], false);
    }

    #[test]
    fn of_equal_records_one_counts_and_whether_they_are_one_is_not_known() {
        check(&[(true, 10, 5, 100), (true, 10, 5, 100)], &[100, 0], true);
    }

    #[test]
    fn what_is_due_of_the_record_before_a_part_of_the_newest_is_not_known() {
        let records = |new| [(true, 10, 5, 100), (true, 20, 5, new)];
        for portion in [Portion::Nothing, Portion::Part] {
            check_with(&[7, 7], &[[Portion::Whole; 2], [portion; 2]], &records(60), &[0, 60], true);
        }
        check_with(&[7, 7], &[[Portion::Whole; 2], [Portion::Nothing; 2]], &records(100), &[0, 100], false);
    }

    #[test]
    fn records_in_force_together_with_different_amounts_are_several() {
        check(&[(true, 10, 5, 100), (true, 10, 5, 50)], &[100, 50], true);
    }

    #[test]
    fn without_a_live_record_nothing_is_replaced() {
        check(&[(false, 10, 5, 0), (false, 20, 5, 0)], &[0, 0], false);
    }
}
