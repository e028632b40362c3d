//! A pair: payroll's line of one employee and benefit beside what is due for it; either can be missing.

use polars::prelude::*;

use crate::rules::calendar::DateKind;
use crate::rules::lines::expected::NEVER;
use crate::rules::people::mark;
use crate::rules::schema::LINES;
use crate::tables::column::{Column, Flag, Number, Row};
use tieout_model::finding::Payer;

/// One pair, with what the ladder asks of it. Amounts are counts of 1/10,000; where a side is missing they are 0, and
/// its flags are no.
#[derive(Clone, Copy, Debug)]
pub(in crate::rules) struct Pair {
    pub(in crate::rules) emp: u32,
    pub(in crate::rules) label: u32,
    /// Who holds the line, see [`mark`].
    pub(in crate::rules) mark: u32,
    /// Taken of the employee, and paid by the employer.
    pub(in crate::rules) employee_taken: i64,
    pub(in crate::rules) employer_taken: i64,
    /// Due of the employee, and of the employer.
    pub(in crate::rules) employee_due: i64,
    pub(in crate::rules) employer_due: i64,
    pub(in crate::rules) pay_cur: u32,
    pub(in crate::rules) ee_cur: u32,
    pub(in crate::rules) er_cur: u32,
    /// The first currency that the service names.
    pub(in crate::rules) bx_cur: u32,
    /// Payroll's currency, else the service's.
    pub(in crate::rules) cur: u32,
    /// Deductions a year; 0 = unknown.
    pub(in crate::rules) per_year: i64,
    /// Rounding tolerance of one deduction.
    pub(in crate::rules) tolerance: i64,
    /// In force in the period.
    pub(in crate::rules) live: bool,
    /// The status says in force, whenever it begins.
    pub(in crate::rules) in_force: bool,
    /// A field of the benefit could not be read.
    pub(in crate::rules) unreadable: bool,
    /// An amount without a known currency.
    pub(in crate::rules) nameless: bool,
    /// Two currencies in one benefit.
    pub(in crate::rules) uneven: bool,
    /// Several currencies on one side.
    pub(in crate::rules) mixed: bool,
    /// Records of which it is not known what they come to.
    pub(in crate::rules) several: bool,
    /// Payroll has the key twice (ID04).
    pub(in crate::rules) duplicate: bool,
    /// First day of cover; [`NEVER`] where none is known.
    pub(in crate::rules) first: i32,
    /// What the pay date is to the benefit.
    pub(in crate::rules) date_kind: DateKind,
    /// Day of the last change; [`NEVER`] where none is known.
    pub(in crate::rules) changed: i32,
    /// Payroll gives employer amounts for the benefit.
    pub(in crate::rules) employer: bool,
    /// First row of `PayrollTables::lines`, where payroll has the line.
    pub(in crate::rules) pay_row: u32,
    /// Row of the snapshot's benefits to show, where there is one.
    pub(in crate::rules) bx_row: u32,
    /// How many rows of it are the line's.
    pub(in crate::rules) bx_rows: u32,
}

impl Pair {
    /// Payroll has the line.
    pub(in crate::rules) fn on_payroll(&self) -> bool {
        self.mark != mark::SERVICE_ONLY
    }

    /// The service has the benefit.
    pub(in crate::rules) fn expected(&self) -> bool {
        self.mark != mark::PAYROLL_ONLY
    }

    /// First day of cover, where it is known.
    pub(in crate::rules) fn first_day(&self) -> Option<i32> {
        Some(self.first).filter(|day| *day != NEVER)
    }

    /// Payroll took something.
    pub(in crate::rules) fn taken(&self) -> bool {
        (self.employee_taken, self.employer_taken) != (0, 0)
    }

    /// Payroll took something, and gave nothing back.
    pub(in crate::rules) fn collected(&self) -> bool {
        self.taken() && self.employee_taken >= 0 && self.employer_taken >= 0
    }

    /// Something is due that payroll would have a line for.
    pub(in crate::rules) fn due(&self) -> bool {
        self.employee_due > 0 || (self.employer_due > 0 && self.employer)
    }

    /// What both sides paid is what is due of both; each was rounded for itself.
    pub(in crate::rules) fn agrees_together(&self) -> bool {
        (self.employee_taken + self.employer_taken - self.employee_due - self.employer_due).abs() <= 2 * self.tolerance
    }

    /// A side lies beyond the tolerance. That of the employer is compared only where payroll gives its amounts.
    pub(in crate::rules) fn differs(&self, payer: Payer) -> bool {
        match payer {
            Payer::Employee => (self.employee_taken - self.employee_due).abs() > self.tolerance,
            Payer::Employer => self.employer && (self.employer_taken - self.employer_due).abs() > self.tolerance,
        }
    }
}

/// The columns of the joined lines.
pub(in crate::rules) struct Pairs<'l> {
    keys: [&'l [u32]; 3],
    amounts: [&'l [i64]; 4],
    currencies: [&'l [u32]; 5],
    per_year: &'l [i64],
    tolerance: &'l [i64],
    changed: &'l [i32],
    first: &'l [i32],
    rows: [&'l [u32]; 3],
    date_kinds: &'l [u32],
    /// A bit a flag, in the order of [`FLAGS`].
    flags: Vec<u16>,
}

/// The flags of a line, as the columns of `tables::lines` name them.
const FLAGS: [Column<Flag>; 9] = [
    LINES.live,
    LINES.on,
    LINES.bad,
    LINES.unknown,
    LINES.uneven,
    LINES.mixed,
    LINES.dup,
    LINES.employer,
    LINES.several,
];

/// All flags of a row are wanted at once.
fn packed(lines: &DataFrame) -> PolarsResult<Vec<u16>> {
    let mut packed = vec![0; lines.height()];
    for (bit, column) in FLAGS.iter().enumerate() {
        for (all, flag) in packed.iter_mut().zip(column.of(lines)?.iter()) {
            *all |= u16::from(flag == Some(true)) << bit;
        }
    }
    Ok(packed)
}

impl<'l> Pairs<'l> {
    /// Of a frame with the columns of `tables::lines`, each in one piece.
    pub(in crate::rules) fn new(lines: &'l DataFrame) -> PolarsResult<Pairs<'l>> {
        let number = |column: Column<Row>| column.of(lines)?.cont_slice();
        let amount = |column: Column<Number>| column.of(lines)?.cont_slice();
        Ok(Pairs {
            keys: [number(LINES.emp)?, number(LINES.label)?, number(LINES.mark)?],
            amounts: [
                amount(LINES.employee_taken)?,
                amount(LINES.employer_taken)?,
                amount(LINES.employee_due)?,
                amount(LINES.employer_due)?,
            ],
            currencies: [
                number(LINES.pay_cur)?,
                number(LINES.ee_cur)?,
                number(LINES.er_cur)?,
                number(LINES.bx_cur)?,
                number(LINES.cur)?,
            ],
            per_year: amount(LINES.per_year)?,
            tolerance: amount(LINES.tolerance)?,
            changed: LINES.changed.of(lines)?.cont_slice()?,
            first: LINES.first.of(lines)?.cont_slice()?,
            rows: [number(LINES.pay_row)?, number(LINES.bx_row)?, number(LINES.bx_rows)?],
            date_kinds: number(LINES.date_kind)?,
            flags: packed(lines)?,
        })
    }

    pub(in crate::rules) fn len(&self) -> usize {
        self.tolerance.len()
    }

    /// Employee and label of each row: what sorting wants, and nothing else of it.
    pub(in crate::rules) fn owners(&self) -> impl Iterator<Item = (u32, u32)> + 'l {
        let [emps, labels, _] = self.keys;
        emps.iter().copied().zip(labels.iter().copied())
    }

    /// Money is due to somebody.
    pub(in crate::rules) fn has_credits(&self) -> bool {
        let [.., of_employee, of_employer] = self.amounts;
        of_employee.iter().chain(of_employer).any(|due| *due < 0)
    }

    /// Label, paid and due amount and tolerance of the side that has an amount, the employee's first; of all rows this
    /// is wanted, and of no row anything else.
    pub(in crate::rules) fn payer_with_amount(&self, row: usize) -> (u32, i64, i64, i64) {
        let [a, s, e, r] = self.amounts.map(|column| column[row]);
        let (paid, due) = if a == 0 { (s, r) } else { (a, e) };
        (self.keys[1][row], paid, due, self.tolerance[row])
    }

    /// What the pay date is to the benefit of the row.
    pub(in crate::rules) fn date_kind(&self, row: usize) -> DateKind {
        DateKind::of(self.date_kinds[row])
    }

    pub(in crate::rules) fn get(&self, row: usize) -> Pair {
        let [emp, label, mark] = self.keys.map(|column| column[row]);
        let [a, s, e, r] = self.amounts.map(|column| column[row]);
        let [pay_cur, ee_cur, er_cur, bx_cur, cur] = self.currencies.map(|column| column[row]);
        let [live, in_force, unreadable, nameless, uneven, mixed, duplicate, employer, several] =
            std::array::from_fn(|bit| self.flags[row] & (1 << bit) != 0);
        let [pay_row, bx_row, bx_rows] = self.rows.map(|column| column[row]);
        Pair {
            emp,
            label,
            mark,
            employee_taken: a,
            employer_taken: s,
            employee_due: e,
            employer_due: r,
            pay_cur,
            ee_cur,
            er_cur,
            bx_cur,
            cur,
            per_year: self.per_year[row],
            tolerance: self.tolerance[row],
            live,
            in_force,
            unreadable,
            nameless,
            uneven,
            mixed,
            several,
            duplicate,
            first: self.first[row],
            date_kind: self.date_kind(row),
            changed: self.changed[row],
            employer,
            pay_row,
            bx_row,
            bx_rows,
        }
    }
}
