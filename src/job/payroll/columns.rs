//! Which columns payroll has of an employee.

use serde::Deserialize;

use super::Keys;
use crate::job::problems::Problems;
use crate::job::text::checks::{Text, text};
use tieout_payroll::settings::PayrollColumns;

#[derive(Clone, Debug, Default, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct RawColumns {
    pub employee_id: Option<Text>,
    pub legal_entity: Option<Text>,
    pub pay_group: Option<Text>,
    pub run_type: Option<Text>,
    pub period_start: Option<Text>,
    pub period_end: Option<Text>,
    pub pay_date: Option<Text>,
    pub currency: Option<Text>,
    pub base_salary: Option<Text>,
    pub annual_pay: Option<Text>,
    pub hourly_pay: Option<Text>,
    pub rate_basis: Option<Text>,
    pub salary_effective: Option<Text>,
    pub pay_frequency: Option<Text>,
    pub hours: Option<Text>,
    pub fte: Option<Text>,
    pub gross_pay: Option<Text>,
    pub net_pay: Option<Text>,
    pub hours_worked: Option<Text>,
    pub leave_hours: Option<Text>,
    pub employment_status: Option<Text>,
    pub hire_date: Option<Text>,
    pub term_date: Option<Text>,
    pub first_name: Option<Text>,
    pub last_name: Option<Text>,
    pub dob: Option<Text>,
    pub email: Option<Text>,
    pub nat_id: Option<Text>,
    pub addr_line1: Option<Text>,
    pub addr_line2: Option<Text>,
    pub city: Option<Text>,
    pub state: Option<Text>,
    pub zip: Option<Text>,
    pub country: Option<Text>,
}

pub fn columns(raw: RawColumns, keys: &Keys, p: &mut Problems<'_>) -> Option<PayrollColumns> {
    let key = keys.of("columns", p).then("employee_id");
    let employee_id = p.require(raw.employee_id, &key, "the header of the employee id")?.0;
    if raw.base_salary.is_some() && (raw.annual_pay.is_some() || raw.hourly_pay.is_some()) {
        let message = "expected base_salary, or annual_pay and hourly_pay, found both";
        p.at(&keys.of("columns", p).then("base_salary"), message);
    }
    Some(PayrollColumns {
        employee_id,
        legal_entity: text(raw.legal_entity),
        pay_group: text(raw.pay_group),
        run_type: text(raw.run_type),
        period_start: text(raw.period_start),
        period_end: text(raw.period_end),
        pay_date: text(raw.pay_date),
        currency: text(raw.currency),
        base_salary: text(raw.base_salary),
        annual_pay: text(raw.annual_pay),
        hourly_pay: text(raw.hourly_pay),
        rate_basis: text(raw.rate_basis),
        salary_effective: text(raw.salary_effective),
        pay_frequency: text(raw.pay_frequency),
        hours: text(raw.hours),
        fte: text(raw.fte),
        gross_pay: text(raw.gross_pay),
        net_pay: text(raw.net_pay),
        hours_worked: text(raw.hours_worked),
        leave_hours: text(raw.leave_hours),
        employment_status: text(raw.employment_status),
        hire_date: text(raw.hire_date),
        term_date: text(raw.term_date),
        first_name: text(raw.first_name),
        last_name: text(raw.last_name),
        dob: text(raw.dob),
        email: text(raw.email),
        nat_id: text(raw.nat_id),
        addr_line1: text(raw.addr_line1),
        addr_line2: text(raw.addr_line2),
        city: text(raw.city),
        state: text(raw.state),
        zip: text(raw.zip),
        country: text(raw.country),
    })
}
