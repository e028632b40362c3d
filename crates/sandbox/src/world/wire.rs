//! The JSON lines of a world, in the shapes of the services' contracts. Written from the contracts alone: none of the
//! clients' types are used, so that a wrong type there is caught and not mirrored.

use chrono::NaiveDate;
use serde::ser::Error;
use serde::{Serialize, Serializer};
use serde_json::value::RawValue;

use crate::world::amounts::{Cents, json_text, payroll_text};
use crate::world::records;

/// A number with the digits of [`json_text`]; amounts never pass through a float.
struct Number(Cents);

impl Serialize for Number {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        RawValue::from_string(json_text(self.0)).map_err(S::Error::custom)?.serialize(serializer)
    }
}

impl Serialize for records::Amount {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        match self {
            records::Amount::Absent => serializer.serialize_none(),
            records::Amount::Cents(cents) => Number(*cents).serialize(serializer),
            records::Amount::Text(text) => serializer.serialize_str(text),
        }
    }
}

/// The `data` object of "get existing user".
#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
pub struct User<'a> {
    id: &'a str,
    forename: &'a str,
    surname: &'a str,
    date_of_birth: NaiveDate,
    #[serde(skip_serializing_if = "Option::is_none")]
    preferred_name: Option<&'a str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    local_name: Option<&'a str>,
    address: Address<'a>,
    email_address: String,
    employment: Employment<'a>,
    #[serde(flatten)]
    rest: Option<RestOfUser>,
}

/// What no reader needs.
#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct RestOfUser {
    title: &'static str,
    phone_number: &'static str,
    gender: Option<&'static str>,
    nationality: &'static str,
    language: &'static str,
    marital_status: &'static str,
    national_identity: NationalIdentity,
    custom_attributes: CustomAttributes,
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct NationalIdentity {
    national_identity_number1: &'static str,
    national_identity_number2: &'static str,
    national_identity_country: &'static str,
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct CustomAttributes {
    shirt_size: &'static str,
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct Address<'a> {
    line1: &'a str,
    line2: &'a str,
    line3: &'a str,
    postcode_zip_code: &'a str,
    country: &'static str,
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct Employment<'a> {
    employee_id: &'a str,
    start_date: NaiveDate,
    original_start_date: NaiveDate,
    leave_date: Option<NaiveDate>,
    employment_status: &'static str,
    legal_employer_company: &'static str,
    department: &'static str,
    country_of_work: &'static str,
    working_hours: WorkingHours,
    salary_details: SalaryDetails<'a>,
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct WorkingHours {
    contracted_hours: Number,
    full_time_equivalent_hours: Number,
    days_per_week: u32,
    full_time_equivalent_fraction: Option<Number>,
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct SalaryDetails<'a> {
    pay_group: &'a str,
    salary: records::Amount,
    salary_effective_date: NaiveDate,
    pensionable_salary: records::Amount,
    pay_periods: u32,
}

impl<'a> User<'a> {
    /// `fluff`: with everything that the service sends and no reader needs.
    pub fn new(user: &'a records::User, group: super::calendar::Group, fluff: bool) -> User<'a> {
        User {
            id: &user.user_id,
            forename: &user.first_name,
            surname: &user.last_name,
            date_of_birth: user.dob,
            preferred_name: user.preferred_name.as_deref(),
            local_name: user.local_name.as_deref(),
            address: Address {
                line1: &user.line1,
                line2: &user.line2,
                line3: &user.town,
                postcode_zip_code: &user.postcode,
                country: group.country(),
            },
            email_address: format!("{}@example.com", user.user_id),
            employment: employment(user, group),
            rest: fluff.then(|| rest_of_user(group)),
        }
    }
}

fn employment(user: &records::User, group: super::calendar::Group) -> Employment<'_> {
    Employment {
        employee_id: &user.employee_id,
        start_date: user.start_date,
        original_start_date: user.start_date,
        leave_date: user.leave_date,
        employment_status: user.status,
        legal_employer_company: user.legal_entity,
        department: "Laboratory",
        country_of_work: group.country(),
        working_hours: WorkingHours {
            contracted_hours: Number(user.contracted_hours),
            full_time_equivalent_hours: Number(user.fte_hours),
            days_per_week: 5,
            full_time_equivalent_fraction: user.fte.map(Number),
        },
        salary_details: SalaryDetails {
            pay_group: &user.pay_group,
            salary: user.salary,
            salary_effective_date: user.salary_effective,
            pensionable_salary: user.salary,
            pay_periods: user.pay_periods,
        },
    }
}

fn rest_of_user(group: super::calendar::Group) -> RestOfUser {
    RestOfUser {
        title: "Mx",
        phone_number: "",
        gender: None,
        nationality: "",
        language: if group.is_us() { "en-US" } else { "en-GB" },
        marital_status: "Single",
        national_identity: NationalIdentity {
            national_identity_number1: "000-00-0000",
            national_identity_number2: "",
            national_identity_country: group.country(),
        },
        custom_attributes: CustomAttributes { shirt_size: "M" },
    }
}

/// One line of `benbase/employees.ndjson`.
#[derive(Serialize)]
pub struct Ledger<'a> {
    employee_id: &'a str,
    #[serde(flatten, skip_serializing_if = "Option::is_none")]
    terms: Option<LedgerTerms<'a>>,
}

#[derive(Serialize)]
struct LedgerTerms<'a> {
    pay_frequency: &'static str,
    pay_rate: PayRate,
    employment_status: &'static str,
    address: LedgerAddress<'a>,
}

#[derive(Serialize)]
struct PayRate {
    amount: String,
    period: &'static str,
    effective_start: NaiveDate,
}

#[derive(Serialize)]
struct LedgerAddress<'a> {
    line1: &'a str,
    #[serde(skip_serializing_if = "str::is_empty")]
    line2: &'a str,
    city: &'a str,
    state: &'a str,
    zip_code: &'a str,
}

impl<'a> Ledger<'a> {
    pub fn new(ledger: &'a records::Ledger) -> Ledger<'a> {
        Ledger { employee_id: &ledger.benbase_id, terms: (!ledger.id_only).then(|| LedgerTerms::new(ledger)) }
    }
}

impl<'a> LedgerTerms<'a> {
    fn new(ledger: &'a records::Ledger) -> LedgerTerms<'a> {
        LedgerTerms {
            pay_frequency: ledger.pay_frequency,
            pay_rate: PayRate {
                amount: payroll_text(ledger.amount),
                period: ledger.period,
                effective_start: ledger.effective_start,
            },
            employment_status: ledger.employment_status,
            address: LedgerAddress {
                line1: &ledger.address.line1,
                line2: &ledger.address.line2,
                city: &ledger.address.city,
                state: &ledger.address.state,
                zip_code: &ledger.address.zip,
            },
        }
    }
}
