//! Bodies of the two changes that happen once in a working life: a new hire, without the social security number, and a
//! termination. The number joins a hire only on its way out, so whatever stores, hashes or shows a [`NewHire`] cannot
//! give it away. Values stand as they are sent; `validate` checks them.

use std::fmt;

use serde::{Deserialize, Serialize};

use super::{Address, PayRate};
use crate::ids::{BenbaseId, EmployerId};

/// `POST /employee-changes/new-hire`. Optional fields that are blank are left out.
#[derive(Clone, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct NewHire {
    pub employer_id: EmployerId,
    pub employee_id: BenbaseId,
    pub first_name: String,
    pub last_name: String,
    /// `YYYY-MM-DD`, like all dates here.
    pub dob: String,
    /// Name of the employer. Required by the contract's table, though missing in its samples: always sent.
    pub employer: String,
    pub address: Address,
    pub hire_date: String,
    /// A personal address rather than one of work: benefits can outlast the job.
    pub email: String,
    #[serde(default, skip_serializing_if = "is_blank")]
    pub phone_number: Option<String>,
    #[serde(default, skip_serializing_if = "is_blank")]
    pub termination_date: Option<String>,
    /// `male` or `female`.
    #[serde(default, skip_serializing_if = "is_blank")]
    pub biological_sex: Option<String>,
    /// A week, as decimal text without trailing zeros: `40`, `37.5`.
    pub hours_worked: String,
    #[serde(default, skip_serializing_if = "is_blank")]
    pub pay_frequency: Option<String>,
    /// A list for the service; ours always has one entry.
    pub pay_rate: [PayRate; 1],
    /// `full_time` or `part_time`; unlike in a change of pay, hours cannot vary.
    pub employment_status: String,
    #[serde(default, skip_serializing_if = "is_blank")]
    pub job_title: Option<String>,
}

/// Nearly all of it is personal.
impl fmt::Debug for NewHire {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("NewHire(hidden)")
    }
}

fn is_blank(text: &Option<String>) -> bool {
    text.as_deref().is_none_or(|text| text.trim().is_empty())
}

/// `POST /employee-changes/termination`. No reversal is documented, so it counts as irreversible.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Termination {
    pub employee_id: BenbaseId,
    /// `YYYY-MM-DD`.
    pub termination_date: String,
}
