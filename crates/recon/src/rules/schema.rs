//! The tables of the rules: everybody of the night, and the lines. What the services and payroll gave is declared where
//! it is made: `snapshot::schema`, `tables::payroll`.

use crate::tables::column::{Column, Flag, Number, PlainDay, Row, columns};

pub(super) const EMPLOYEES: Employees = Employees::COLUMNS;
pub(super) const LINES: Lines = Lines::COLUMNS;

columns! {
    /// Everybody of the night, one row an `emp`. Pay groups are numbers of `People::groups`; days are null where none
    /// is known.
    Employees {
        emp: Row,
        payroll_group: Row,
        benifex_group: Row,
        /// Payroll's pay group, or else Benifex's.
        group: Row,
        /// Who holds the person, see [`super::people::mark`].
        mark: Row,
        /// See [`super::people::outcome`].
        outcome: Row,
        /// Part of an inconsistent page walk.
        shaky: Flag,
        /// First and last day of the period: the person's own, that of the pay group, the one that counts.
        own_start: PlainDay,
        own_end: PlainDay,
        group_start: PlainDay,
        group_end: PlainDay,
        start: PlainDay,
        end: PlainDay,
        /// Leave dates of payroll and of Benifex; once judged, those that are not void.
        term: PlainDay,
        left: PlainDay,
        /// The later of them.
        leave: PlainDay,
        /// Cover ended before the period began.
        leaver: Flag,
        /// One source says that cover has ended, the other that it has not.
        disputed: Flag,
        /// By one source the person is employed, by the other one no more (EN06).
        conflict: Flag,
        /// Hire date on payroll.
        hire: PlainDay,
        /// Start date in Benifex, and the original one.
        begin: PlainDay,
        original: PlainDay,
        /// Deductions a year as Benifex states them; 0 = unknown.
        pay_periods: Number,
        /// Of [`super::people::person_state::PersonState`], and what it is judged by.
        state: Row,
        covered: Flag,
        near: Flag,
        row_unused: Flag,
        reused: Flag,
        elsewhere: Flag,
        leave_unreadable: Flag,
        start_unreadable: Flag,
    }
}

columns! {
    /// Lines of an employee and a benefit: what payroll takes, what is due, and both together. Amounts are counts
    /// of 1/10,000; currencies and labels are numbers of `Catalog`.
    Lines {
        emp: Row,
        label: Row,
        /// Taken of the employee, and of the employer.
        employee_taken: Number,
        employer_taken: Number,
        pay_cur: Row,
        /// Rows of payroll's lines in it, and the first of them.
        pay_rows: Row,
        pay_row: Row,
        /// Of a row that stands twice (ID04).
        dup: Flag,
        /// 0, or 1, 2 … for further currencies of one benefit; whether there are several.
        pay_slot: Row,
        pay_mixed: Flag,
        /// Due of the employee, and of the employer.
        employee_due: Number,
        employer_due: Number,
        ee_cur: Row,
        er_cur: Row,
        /// The first currency that the benefit names.
        bx_cur: Row,
        /// In force in the period.
        live: Flag,
        /// The status says in force, whenever cover begins.
        on: Flag,
        /// A field that could not be read, or an unmapped status.
        bad: Flag,
        /// An amount without a known currency.
        unknown: Flag,
        /// Two currencies in one benefit.
        uneven: Flag,
        /// Records of which it is not known what they come to.
        several: Flag,
        /// First day of cover, and day of the last change; never where there is none.
        first: PlainDay,
        changed: PlainDay,
        /// Deductions a year; 0 = unknown.
        per_year: Number,
        /// What the pay date is to the benefit, see [`super::calendar::DateKind`].
        date_kind: Row,
        /// Rows of the snapshot in it, and the one to show: the first live one, else the first.
        bx_rows: Row,
        bx_row: Row,
        bx_slot: Row,
        bx_mixed: Flag,
        /// Employee, label and slot as one number, by which both sides are joined.
        key: Number,
        /// Who holds the line, see [`super::people::mark`].
        mark: Row,
        /// Payroll's currency, else Benifex's; whether either side has several.
        cur: Row,
        mixed: Flag,
        /// Tolerance of one deduction.
        tolerance: Number,
        /// Payroll has a column for the employer's share.
        employer: Flag,
        /// See [`super::place::Place`].
        place: Row,
        /// Its difference settles an earlier balance.
        settles: Flag,
    }
}
