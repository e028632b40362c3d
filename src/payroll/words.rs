//! The columns of people whose texts repeat.

use crate::coded::Coded;

/// One row an employee, in the order of [`super::Payroll::people`]; blank cells have no value.
#[derive(Clone, Debug, Default)]
pub struct Words {
    pub legal_entity: Coded,
    pub pay_group: Coded,
    /// Resolved: column, pay group, job.
    pub currency: Coded,
    /// `column`, `pay_group`, `job`.
    pub currency_source: Coded,
    /// Names of `job::RateBasis`.
    pub rate_basis: Coded,
    /// Names of `job::PayFrequency`.
    pub pay_frequency: Coded,
    /// Names of `job::EmploymentStatus`.
    pub employment_status: Coded,
    pub state: Coded,
    /// Upper case.
    pub country: Coded,
}
