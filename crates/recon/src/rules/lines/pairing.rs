//! Who stands where: payroll's deduction lines ⟗ the expected ones over (employee, benefit, slot), one to one or the
//! run ends. The three small integers are packed into one, which polars joins by.

use polars::prelude::*;

use crate::rules::lines::dictionary::BLANK;
use crate::rules::lines::expected::NEVER;
use crate::rules::people::mark;
use crate::rules::schema::LINES;
use crate::tables::column::{Column, Row};

/// What the joined lines take over of each side.
const OF_PAYROLL: [&str; 7] = [
    LINES.employee_taken.name,
    LINES.employer_taken.name,
    LINES.pay_cur.name,
    LINES.pay_rows.name,
    LINES.pay_row.name,
    LINES.dup.name,
    LINES.pay_mixed.name,
];
const OF_BENIFEX: [&str; 17] = [
    LINES.employee_due.name,
    LINES.employer_due.name,
    LINES.ee_cur.name,
    LINES.er_cur.name,
    LINES.bx_cur.name,
    LINES.bx_rows.name,
    LINES.bx_row.name,
    LINES.changed.name,
    LINES.live.name,
    LINES.on.name,
    LINES.bad.name,
    LINES.unknown.name,
    LINES.uneven.name,
    LINES.several.name,
    LINES.first.name,
    LINES.bx_mixed.name,
    LINES.date_kind.name,
];

/// The slot of a line among those of the same employee and benefit, by side.
const PAYROLL_SLOT: Column<Row> = LINES.pay_slot;
const EXPECTED_SLOT: Column<Row> = LINES.bx_slot;

/// The joined lines, payroll's first and in its order: `emp`, `label`, `mark`, `cur`, `mixed` and the columns of both
/// sides, without nulls.
pub(in crate::rules) fn paired(deducted: DataFrame, expected: DataFrame) -> PolarsResult<DataFrame> {
    let key = Key::of(&[(&deducted, PAYROLL_SLOT), (&expected, EXPECTED_SLOT)])?;
    let (payroll, benifex) = (filled(&deducted, &OF_PAYROLL)?, filled(&expected, &OF_BENIFEX)?);
    let side = |table: DataFrame, slot: Column<Row>, columns: &[&str]| {
        let columns = columns.iter().map(|name| col(*name));
        table.lazy().select([key.packed(slot), slot.expr()].into_iter().chain(columns).collect::<Vec<_>>())
    };
    side(deducted, PAYROLL_SLOT, &OF_PAYROLL)
        .join_builder()
        .with(side(expected, EXPECTED_SLOT, &OF_BENIFEX))
        .on([LINES.key.expr()])
        .how(JoinType::Full)
        .coalesce(JoinCoalesce::CoalesceColumns)
        .validate(JoinValidation::OneToOne)
        .maintain_order(MaintainOrderJoin::LeftRight)
        .finish()
        .select([key.employee(), key.label(), marked()].into_iter().chain(payroll).chain(benifex).collect::<Vec<_>>())
        .with_columns([of_either(), LINES.pay_mixed.expr().or(LINES.bx_mixed.expr()).alias(LINES.mixed.name)])
        .select([all().exclude_cols([LINES.pay_mixed.name, LINES.bx_mixed.name]).as_expr()])
        .collect()
}

/// How many labels and slots there are, so that a key is one number and leads back to its parts.
#[derive(Clone, Copy)]
struct Key {
    labels: u64,
    slots: u64,
}

impl Key {
    /// Errors: more lines of one employee than a number of 64 bits has room for.
    fn of(sides: &[(&DataFrame, Column<Row>)]) -> PolarsResult<Key> {
        let mut most = [0_u64; 3];
        for (table, slot) in sides {
            for (most, column) in most.iter_mut().zip([LINES.emp, LINES.label, *slot]) {
                *most = (*most).max(column.of(table)?.max().map_or(0, u64::from));
            }
        }
        let [employees, labels, slots] = most.map(|most| most + 1);
        let all = employees.checked_mul(labels).and_then(|lines| lines.checked_mul(slots));
        polars_ensure!(all.is_some(), ComputeError: "{employees} employees with {labels} benefits are too many to join");
        Ok(Key { labels, slots })
    }

    fn packed(self, slot: Column<Row>) -> Expr {
        let of_benefit =
            LINES.emp.expr().cast(DataType::UInt64) * lit(self.labels) + LINES.label.expr().cast(DataType::UInt64);
        (of_benefit * lit(self.slots) + slot.expr().cast(DataType::UInt64)).alias(LINES.key.name)
    }

    fn employee(self) -> Expr {
        (LINES.key.expr() / lit(self.labels * self.slots)).cast(DataType::UInt32).alias(LINES.emp.name)
    }

    fn label(self) -> Expr {
        let of_benefit = LINES.key.expr() / lit(self.slots);
        (of_benefit % lit(self.labels)).cast(DataType::UInt32).alias(LINES.label.name)
    }
}

/// Which side holds the line.
fn marked() -> Expr {
    let mark = |mark: u32| lit(mark);
    when(EXPECTED_SLOT.expr().is_null())
        .then(mark(mark::PAYROLL_ONLY))
        .when(PAYROLL_SLOT.expr().is_null())
        .then(mark(mark::SERVICE_ONLY))
        .otherwise(mark(mark::BOTH))
        .cast(DataType::UInt32)
        .alias(LINES.mark.name)
}

/// Payroll's currency, or else that of the service.
fn of_either() -> Expr {
    when(LINES.pay_cur.expr().eq(lit(BLANK)))
        .then(LINES.bx_cur.expr())
        .otherwise(LINES.pay_cur.expr())
        .alias(LINES.cur.name)
}

/// The columns of one side; where it has no line: zero, blank, no, never.
fn filled(side: &DataFrame, names: &[&str]) -> PolarsResult<Vec<Expr>> {
    let fill = |name: &&str| {
        let blank = match side.column(name)?.dtype() {
            DataType::Int64 => lit(0_i64),
            DataType::UInt32 => lit(BLANK),
            DataType::Int32 => lit(NEVER),
            _ => lit(false),
        };
        Ok(col(*name).fill_null(blank))
    };
    names.iter().map(fill).collect()
}

#[cfg(test)]
mod tests {
    use polars::prelude::Column as AnyColumn;

    use super::*;

    /// One side with its keys (employee, benefit, slot); a number column is 1, a flag is set.
    fn side(slot: Column<Row>, names: &[&str], keys: &[(u32, u32, u32)]) -> DataFrame {
        let of = |pick: fn(&(u32, u32, u32)) -> u32| keys.iter().map(pick).collect::<Vec<u32>>();
        let mut side =
            df!("emp" => of(|k| k.0), "label" => of(|k| k.1), slot.name => of(|k| k.2)).expect("three columns");
        for name in names {
            let column = match *name {
                "employee_taken" | "employer_taken" | "employee_due" | "employer_due" => {
                    AnyColumn::new((*name).into(), vec![1_i64; keys.len()])
                }
                "changed" | "first" => AnyColumn::new((*name).into(), vec![1_i32; keys.len()]),
                "dup" | "pay_mixed" | "live" | "on" | "bad" | "unknown" | "uneven" | "several" | "bx_mixed" => {
                    AnyColumn::new((*name).into(), vec![true; keys.len()])
                }
                _ => AnyColumn::new((*name).into(), vec![1_u32; keys.len()]),
            };
            side.with_column(column).expect("as long as the others");
        }
        side
    }

    fn joined(payroll: &[(u32, u32, u32)], expected: &[(u32, u32, u32)]) -> PolarsResult<DataFrame> {
        paired(side(PAYROLL_SLOT, &OF_PAYROLL, payroll), side(EXPECTED_SLOT, &OF_BENIFEX, expected))
    }

    #[test]
    fn a_line_is_found_by_its_whole_key_in_whatever_order_the_lines_stand() {
        let lines = joined(&[(1, 5, 0), (0, 5, 0), (1, 6, 1)], &[(1, 6, 0), (1, 5, 0), (2, 5, 0)]).expect("unique");
        let column = |of: Column<Row>| of.of(&lines).expect("a column").into_no_null_iter().collect::<Vec<u32>>();
        assert_eq!(column(LINES.emp), [1, 0, 1, 1, 2]);
        assert_eq!(column(LINES.label), [5, 5, 6, 6, 5]);
        let [both, left, right] = [mark::BOTH, mark::PAYROLL_ONLY, mark::SERVICE_ONLY];
        assert_eq!(column(LINES.mark), [both, left, left, right, right]);
        assert_eq!(column(LINES.cur), [1; 5]);
        let due: Vec<i64> = LINES.employee_due.of(&lines).expect("amounts").into_no_null_iter().collect();
        assert_eq!(due, [1, 0, 0, 1, 1]);
        let first: Vec<i32> = LINES.first.of(&lines).expect("days").into_no_null_iter().collect();
        assert_eq!(first, [1, NEVER, NEVER, 1, 1]);
    }

    #[test]
    fn a_line_that_stands_twice_on_either_side_ends_the_run() {
        let (once, twice) = ([(1, 5, 0)], [(1, 5, 0), (0, 5, 0), (1, 5, 0)]);
        assert!(joined(&twice, &once).is_err());
        assert!(joined(&once, &twice).is_err());
        assert!(joined(&once, &once).is_ok());
    }

    #[test]
    fn nobody_has_a_line_where_neither_side_has_one() {
        assert_eq!(joined(&[], &[]).expect("nothing twice").height(), 0);
    }
}
