//! What Benifex sends, as far as a rule needs it: everything optional, scalars kept as their JSON text so that amounts
//! stay exact and a field of another type spoils itself only. Long texts (`sections`, `faqs`, HTML) and personal data
//! that nobody compares are left out on purpose: what is not declared is not kept.

use serde::Deserialize;

use crate::answer::json::Raw;

/// `{ data, timestamp }` around a single object.
#[derive(Debug, Deserialize)]
#[serde(rename_all = "camelCase")]
pub(super) struct Envelope<T> {
    pub data: Option<T>,
    /// Not documented; where it is there it has to be the one that was asked for.
    pub user_id: Raw,
}

#[derive(Debug, Deserialize)]
pub(super) struct UserList {
    pub data: Option<Vec<Option<UserListItem>>>,
    pub pagination: Option<Pagination>,
}

#[derive(Debug, Default, Deserialize)]
#[serde(rename_all = "camelCase")]
pub(super) struct Pagination {
    pub page: Raw,
    pub total_pages: Raw,
    pub total_items: Raw,
    pub has_next: Raw,
}

#[derive(Debug, Default, Deserialize)]
#[serde(rename_all = "camelCase")]
pub(super) struct UserListItem {
    pub id: Raw,
    pub employee_id: Raw,
}

#[derive(Debug, Default, Deserialize)]
#[serde(rename_all = "camelCase")]
pub(super) struct User {
    pub id: Raw,
    pub forename: Raw,
    pub surname: Raw,
    pub preferred_name: Raw,
    pub local_name: Raw,
    pub date_of_birth: Raw,
    pub address: Option<Address>,
    pub employment: Option<Employment>,
}

#[derive(Debug, Default, Deserialize)]
#[serde(rename_all = "camelCase")]
pub(super) struct Address {
    pub postcode_zip_code: Raw,
    pub country: Raw,
}

#[derive(Debug, Default, Deserialize)]
#[serde(rename_all = "camelCase")]
pub(super) struct Employment {
    pub employee_id: Raw,
    pub start_date: Raw,
    pub original_start_date: Raw,
    pub leave_date: Raw,
    pub employment_status: Raw,
    pub legal_employer_company: Raw,
    pub country_of_work: Raw,
    pub working_hours: Option<WorkingHours>,
    pub salary_details: Option<SalaryDetails>,
}

#[derive(Debug, Default, Deserialize)]
#[serde(rename_all = "camelCase")]
pub(super) struct WorkingHours {
    pub contracted_hours: Raw,
    pub full_time_equivalent_hours: Raw,
    pub full_time_equivalent_fraction: Raw,
}

#[derive(Debug, Default, Deserialize)]
#[serde(rename_all = "camelCase")]
pub(super) struct SalaryDetails {
    pub pay_group: Raw,
    pub salary: Raw,
    pub salary_effective_date: Raw,
    pub pay_periods: Raw,
}

#[derive(Debug, Deserialize)]
#[serde(rename_all = "camelCase")]
pub(super) struct Benefits {
    /// Not documented; where it is there it has to be the one that was asked for.
    pub user_id: Raw,
    pub current_benefits: Option<Vec<Option<CurrentBenefit>>>,
    /// Only whether it is there: see `convert::benefits`.
    pub eligible_to_add_benefits: Option<serde::de::IgnoredAny>,
}

#[derive(Debug, Default, Deserialize)]
#[serde(rename_all = "camelCase")]
pub(super) struct CurrentBenefit {
    pub benefit_key: Raw,
    pub status: Raw,
    pub effective_from: Raw,
    pub change_date: Raw,
    pub dates_format: Raw,
    pub benefit_cost: Option<Cost>,
    pub employee_contribution: Option<Cost>,
    pub employer_contribution: Option<Cost>,
}

#[derive(Debug, Default, Deserialize)]
pub(super) struct Cost {
    pub annual: Raw,
    pub monthly: Raw,
    pub currency: Raw,
}
