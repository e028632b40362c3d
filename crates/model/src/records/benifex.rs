//! What the rest of tieout knows of a Benifex user and benefit: the fields that a rule needs, parsed, and the names of
//! those that were there but could not be read. Also the body of a checkpoint, hence serde.

use chrono::NaiveDate;
use serde::{Deserialize, Serialize};

use crate::ids::BenifexUserId;

/// One user of the list: enough to find the rest.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct ListedUser {
    pub user_id: BenifexUserId,
    /// Trimmed.
    pub employee_id: String,
}

/// The walk over all pages of one batch of employee ids.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct UserBatch {
    pub users: Vec<ListedUser>,
    /// How the walk contradicted itself, after one repetition (CT03); empty when it did not.
    pub inconsistencies: Vec<String>,
}

/// One user. Amounts, rates and hours are counts of 1/10,000; blank and absent are both `None`.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct UserRecord {
    pub user_id: BenifexUserId,
    pub employee_id: Option<String>,
    pub first_name: Option<String>,
    pub last_name: Option<String>,
    pub preferred_name: Option<String>,
    pub local_name: Option<String>,
    pub dob: Option<NaiveDate>,
    pub postcode: Option<String>,
    pub country: Option<String>,
    pub employment_status: Option<String>,
    pub start_date: Option<NaiveDate>,
    pub original_start_date: Option<NaiveDate>,
    pub leave_date: Option<NaiveDate>,
    pub country_of_work: Option<String>,
    pub pay_group: Option<String>,
    pub salary: Option<i64>,
    pub salary_effective: Option<NaiveDate>,
    pub pay_periods: Option<i64>,
    pub fte: Option<i64>,
    pub contracted_hours: Option<i64>,
    pub fte_hours: Option<i64>,
    /// Names (of `snapshot::USERS`) of fields that were there and could not be read.
    pub faults: Vec<String>,
    /// The company that employs the person.
    #[serde(default)]
    pub legal_employer: Option<String>,
}

/// One current benefit of a user. Currencies are kept as written (trimmed, upper case).
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct BenefitRecord {
    pub benefit: String,
    pub status: Option<String>,
    pub effective_from: Option<NaiveDate>,
    pub change_date: Option<NaiveDate>,
    pub ee_annual: Option<i64>,
    pub ee_monthly: Option<i64>,
    pub er_annual: Option<i64>,
    pub er_monthly: Option<i64>,
    pub ee_currency: Option<String>,
    pub er_currency: Option<String>,
    pub cost_currency: Option<String>,
    /// Names (of `snapshot::BENEFITS`) of fields that were there and could not be read.
    pub faults: Vec<String>,
}
