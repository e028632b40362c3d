//! The columns of people whose texts repeat.

use tieout_model::coded::Coded;

/// One row an employee, in the order of [`super::Payroll::people`]; blank cells have no value.
#[derive(Clone, Debug, Default)]
pub struct Words {
    pub legal_entity: Coded,
    pub pay_group: Coded,
    /// Resolved: column, pay group, job.
    pub currency: Coded,
    /// `column`, `pay_group`, `job`.
    pub currency_source: Coded,
    /// Names of `tieout_model::terms::RateBasis`.
    pub rate_basis: Coded,
    /// Names of `tieout_model::terms::PayFrequency`.
    pub pay_frequency: Coded,
    /// Names of `tieout_model::terms::EmploymentStatus`.
    pub employment_status: Coded,
    pub state: Coded,
    /// Upper case.
    pub country: Coded,
}
