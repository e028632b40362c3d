//! Who stands where: payroll's deduction lines against Benifex's expected ones over (employee, benefit, slot), one to
//! one or the run ends. `emp` is dense and a person has a handful of lines, so a chain of rows a person takes the place
//! of a hash table, and each column is gathered once with its blanks filled.

use rayon::join;
use rayon::prelude::*;
use std::sync::Mutex;

use polars::prelude::*;

use crate::rules::columns::{flags, frame, numbers, numbers_from};
use crate::rules::dictionary::BLANK;
use crate::rules::expected::NEVER;
use crate::rules::people::mark;

/// "No row": beyond every table.
const NONE: u32 = u32::MAX;

/// What the joined lines take over of each side.
const OF_PAYROLL: [&str; 7] = ["a", "s", "pay_cur", "pay_rows", "pay_row", "dup", "pay_mixed"];
const OF_BENIFEX: [&str; 17] = [
    "e",
    "r",
    "ee_cur",
    "er_cur",
    "bx_cur",
    "bx_rows",
    "bx_row",
    "changed",
    "live",
    "on",
    "bad",
    "unknown",
    "uneven",
    "several",
    "first",
    "bx_mixed",
    "date_kind",
];

/// The key of each row of one side, and its rows by person.
struct Rows {
    emp: Vec<u32>,
    label: Vec<u32>,
    slot: Vec<u32>,
    /// Last row of a person.
    head: Vec<u32>,
    /// The person's row before this one.
    next: Vec<u32>,
}

impl Rows {
    fn new(table: &DataFrame, slot: &str, people: usize) -> PolarsResult<Rows> {
        let column = |name| PolarsResult::Ok(numbers(table, name)?.into_no_null_iter().collect());
        let (emp, label, slot): (Vec<u32>, _, _) = (column("emp")?, column("label")?, column(slot)?);
        let next = Vec::with_capacity(emp.len());
        let mut side = Rows { emp, label, slot, head: vec![NONE; people], next };
        for row in 0..side.emp.len() {
            polars_ensure!(side.find(side.key(row)).is_none(), ComputeError: "a line stands twice on one side");
            let head = &mut side.head[side.emp[row] as usize];
            side.next.push(std::mem::replace(head, row as u32));
        }
        Ok(side)
    }

    fn key(&self, row: usize) -> (u32, u32, u32) {
        (self.emp[row], self.label[row], self.slot[row])
    }

    fn find(&self, key: (u32, u32, u32)) -> Option<usize> {
        let mut row = self.head[key.0 as usize] as usize;
        while row != NONE as usize {
            if self.key(row) == key {
                return Some(row);
            }
            row = self.next[row] as usize;
        }
        None
    }
}

/// The joined lines: `emp`, `label`, `mark`, `cur`, `mixed` and the columns of both sides, without nulls. `people`: how
/// many employees there are.
pub(super) fn paired(deducted: DataFrame, expected: DataFrame, people: usize) -> PolarsResult<DataFrame> {
    let (left, right) = join(|| Rows::new(&deducted, "pay_slot", people), || Rows::new(&expected, "bx_slot", people));
    let (left, right) = (left?, right?);
    let mut alone = vec![true; right.emp.len()];
    let mut pay: Vec<u32> = (0..left.emp.len() as u32).collect();
    let found = |row: usize| right.find(left.key(row)).map_or(NONE, |at| at as u32);
    let mut due: Vec<u32> = (0..left.emp.len()).into_par_iter().map(found).collect();
    due.iter().filter(|at| **at != NONE).for_each(|at| alone[*at as usize] = false);
    due.extend((0_u32..).zip(alone).filter_map(|(row, alone)| alone.then_some(row)));
    pay.resize(due.len(), NONE);
    let of_either = |ours: &[u32], theirs: &[u32]| -> Vec<u32> {
        let rows = pay.iter().zip(&due);
        rows.map(|(p, d)| ours.get(*p as usize).copied().unwrap_or_else(|| theirs[*d as usize])).collect()
    };
    let (emp, label) = join(|| of_either(&left.emp, &right.emp), || of_either(&left.label, &right.label));
    drop((left, right));
    let marks = pay.iter().zip(&due).map(|pair| match pair {
        (_, &NONE) => mark::LEFT_ONLY,
        (&NONE, _) => mark::RIGHT_ONLY,
        _ => mark::BOTH,
    });
    let mut columns =
        vec![numbers_from("emp", emp), numbers_from("label", label), numbers_from("mark", marks.collect())];
    let (payroll, benifex) = ((Mutex::new(deducted), pay), (Mutex::new(expected), due));
    let of_payroll = OF_PAYROLL.map(|name| (&payroll, name));
    let wanted: Vec<_> = of_payroll.into_iter().chain(OF_BENIFEX.map(|name| (&benifex, name))).collect();
    let gathered = wanted.par_iter().map(|((table, rows), name)| {
        // A column is gone from its side once it is gathered, so that the lines are not held twice.
        let column = table.lock().expect("no thread panics with it").drop_in_place(name)?;
        gather(&column, rows)
    });
    let gathered: Vec<PolarsResult<Column>> = gathered.collect();
    drop((payroll, benifex));
    for column in gathered {
        columns.push(column?);
    }
    of_both(frame(columns)?)
}

/// Adds `cur`, payroll's currency or else Benifex's, and `mixed`, several currencies on either side.
fn of_both(mut lines: DataFrame) -> PolarsResult<DataFrame> {
    let currencies =
        numbers(&lines, "pay_cur")?.into_no_null_iter().zip(numbers(&lines, "bx_cur")?.into_no_null_iter());
    let cur = currencies.map(|(paid, due)| if paid == BLANK { due } else { paid }).collect();
    let mixed = flags(&lines, "pay_mixed")? | flags(&lines, "bx_mixed")?;
    lines.hstack_mut(&[numbers_from("cur", cur), mixed.with_name("mixed".into()).into_column()])?;
    Ok(lines.drop_many(["pay_mixed", "bx_mixed"]))
}

/// Takes a column of one side at `rows`; where the side has no line: zero, blank, no, never.
fn gather(column: &Column, rows: &[u32]) -> PolarsResult<Column> {
    let gathered = match column.dtype() {
        DataType::Int64 => filled(column.i64()?, rows, 0).into_column(),
        DataType::UInt32 => filled(column.u32()?, rows, 0).into_column(),
        DataType::Int32 => filled(column.i32()?, rows, NEVER).into_column(),
        _ => {
            let values: Vec<bool> = column.bool()?.iter().map(|flag| flag == Some(true)).collect();
            let values = rows.iter().map(|row| values.get(*row as usize) == Some(&true));
            values.collect::<BooleanChunked>().into_column()
        }
    };
    Ok(gathered.with_name(column.name().clone()))
}

fn filled<T: PolarsNumericType>(values: &ChunkedArray<T>, rows: &[u32], blank: T::Native) -> ChunkedArray<T> {
    let values: Vec<T::Native> = values.iter().map(|v| v.unwrap_or(blank)).collect();
    let values = rows.iter().map(|row| values.get(*row as usize).copied().unwrap_or(blank));
    ChunkedArray::from_vec(PlSmallStr::EMPTY, values.collect())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn side(slot: &str, keys: &[(u32, u32, u32)]) -> DataFrame {
        let of = |pick: fn(&(u32, u32, u32)) -> u32| keys.iter().map(pick).collect::<Vec<u32>>();
        df!("emp" => of(|k| k.0), "label" => of(|k| k.1), slot => of(|k| k.2)).expect("three columns")
    }

    #[test]
    fn a_row_is_found_by_its_whole_key_in_whatever_order_the_rows_stand() {
        let side = Rows::new(&side("slot", &[(1, 5, 0), (0, 5, 0), (1, 6, 0), (1, 6, 1)]), "slot", 3).expect("unique");
        assert_eq!([(1, 5, 0), (0, 5, 0), (1, 6, 1)].map(|key| side.find(key)), [Some(0), Some(1), Some(3)]);
        assert_eq!([(0, 6, 0), (2, 5, 0), (1, 5, 1)].map(|key| side.find(key)), [None; 3]);
    }

    #[test]
    fn a_line_that_stands_twice_ends_the_run() {
        let twice = side("slot", &[(1, 5, 0), (0, 5, 0), (1, 5, 0)]);
        assert!(Rows::new(&twice, "slot", 2).is_err());
    }
}
