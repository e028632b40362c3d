//! `truth.json`: the findings that a generated world must cause, written down by the scenarios that planted them.

use std::collections::BTreeSet;

use serde::Serialize;

/// One finding: its code and the three parts that tell it from others of the same job.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize)]
pub struct Entry {
    pub code: &'static str,
    /// Blank for findings about no single person.
    pub employee_id: String,
    /// Benefit key, `(CODE)` for an unmapped payroll code, or blank.
    pub benefit: String,
    /// The field compared, in payroll's names. A deduction line as a whole counts as its employee amount; cover that
    /// outlived an employment (EN04) as the benefit's status.
    pub field: String,
}

impl Entry {
    pub fn new(code: &'static str, employee_id: &str, benefit: &str, field: &str) -> Entry {
        Entry { code, employee_id: employee_id.to_owned(), benefit: benefit.to_owned(), field: field.to_owned() }
    }
}

/// What changes when the world is read over HTTP with the faults.
#[derive(Debug, Default, Serialize)]
pub struct OverHttp {
    /// Fault specification for the sandbox; blank: the world is too small for any.
    pub faults: String,
    /// Findings that the faults add.
    pub findings: BTreeSet<Entry>,
    /// Employees whose other findings vanish: nobody may judge what was not fetched.
    pub instead_of: BTreeSet<String>,
}

/// The content of `truth.json`.
#[derive(Debug, Default, Serialize)]
pub struct Truth {
    /// Findings of the world imported as it is.
    pub findings: BTreeSet<Entry>,
    pub over_http: OverHttp,
    /// Employees with an entry of their own above, in either list, or part of an EN13.
    pub planted_employees: u64,
    /// Everybody else.
    pub clean_employees: u64,
    /// Deduction lines of clean people that are off by no more than the rounding tolerance.
    pub tolerated_lines: u64,
}
