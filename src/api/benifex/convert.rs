//! From what Benifex sent to the records of `record`: blank, `null` and absent become `None`; what is there and cannot
//! be read becomes `None` and a name in `faults`. An answer that does not prove what it should (no data at all, another
//! user's data) is an error, since "no benefits" must never be read out of it.

use std::collections::BTreeMap;

use chrono::NaiveDate;

use super::dates;
use super::record::{BenefitRecord, UserRecord};
use super::wire::{Benefits, CurrentBenefit, Envelope, Raw, User};
use crate::api::error::{ApiError, Detail};
use crate::job::DateLayout;
use crate::money::{Money, MoneyFault, UNITS_PER_ONE};

/// The answer of "one user" for `user_id`.
pub(super) fn user(user_id: &str, answer: Envelope<User>) -> Result<UserRecord, ApiError> {
    let user = answer.data.ok_or_else(|| broken("it holds no data"))?;
    let mut fields = Fields::default();
    let id = scalar(&user.id).map_err(|()| broken("its user id is neither text nor number"))?;
    if id.is_some_and(|id| id != user_id) {
        return Err(broken("it is about another user than the one asked for"));
    }
    let address = user.address.unwrap_or_default();
    let employment = user.employment.unwrap_or_default();
    let hours = employment.working_hours.unwrap_or_default();
    let salary = employment.salary_details.unwrap_or_default();
    let mut record = UserRecord {
        user_id: user_id.to_owned(),
        employee_id: scalar(&employment.employee_id)
            .map_err(|()| broken("its employee id is neither text nor number"))?,
        first_name: fields.text("first_name", &user.forename),
        last_name: fields.text("last_name", &user.surname),
        preferred_name: fields.text("preferred_name", &user.preferred_name),
        local_name: fields.text("local_name", &user.local_name),
        dob: fields.date("dob", &user.date_of_birth),
        postcode: fields.text("postcode", &address.postcode_zip_code),
        country: fields.text("country", &address.country),
        employment_status: fields.text("employment_status", &employment.employment_status),
        start_date: fields.date("start_date", &employment.start_date),
        original_start_date: fields.date("original_start_date", &employment.original_start_date),
        leave_date: fields.date("leave_date", &employment.leave_date),
        country_of_work: fields.text("country_of_work", &employment.country_of_work),
        pay_group: fields.text("pay_group", &salary.pay_group),
        salary: fields.amount("salary", &salary.salary),
        salary_effective: fields.date("salary_effective", &salary.salary_effective_date),
        pay_periods: fields.whole("pay_periods", &salary.pay_periods),
        fte: fields.amount("fte", &hours.full_time_equivalent_fraction),
        contracted_hours: fields.amount("contracted_hours", &hours.contracted_hours),
        fte_hours: fields.amount("fte_hours", &hours.full_time_equivalent_hours),
        faults: Vec::new(),
    };
    record.faults = fields.faults();
    Ok(record)
}

/// The answer of "detailed benefits": the current ones, sorted by key. Without any list in it nothing is proved; with
/// only the list of those that could be added, there are none.
pub(super) fn benefits(
    answer: Envelope<Benefits>,
    layouts: &BTreeMap<String, DateLayout>,
) -> Result<Vec<BenefitRecord>, ApiError> {
    let data = answer.data.ok_or_else(|| broken("it holds no data"))?;
    let current = match (data.current_benefits, data.eligible_to_add_benefits) {
        (Some(current), _) => current,
        (None, Some(_)) => Vec::new(),
        (None, None) => return Err(broken("it holds no list of benefits")),
    };
    let mut records: Vec<BenefitRecord> =
        current.into_iter().map(|entry| benefit(entry.unwrap_or_default(), layouts)).collect();
    records.sort_by(|a, b| a.benefit.cmp(&b.benefit));
    Ok(records)
}

fn benefit(entry: CurrentBenefit, layouts: &BTreeMap<String, DateLayout>) -> BenefitRecord {
    let mut fields = Fields::default();
    let key = fields.text("benefit", &entry.benefit_key);
    if key.is_none() {
        // Cover that cannot be named is unreadable, not absent.
        fields.fault("benefit");
    }
    let format = scalar(&entry.dates_format).ok().flatten();
    let cost = entry.benefit_cost.unwrap_or_default();
    let employee = entry.employee_contribution.unwrap_or_default();
    let employer = entry.employer_contribution.unwrap_or_default();
    let mut record = BenefitRecord {
        benefit: key.unwrap_or_default(),
        status: fields.text("status", &entry.status),
        effective_from: fields.date_by("effective_from", &entry.effective_from, format.as_deref(), layouts),
        change_date: fields.date_by("change_date", &entry.change_date, format.as_deref(), layouts),
        ee_annual: fields.amount("ee_annual", &employee.annual),
        ee_monthly: fields.amount("ee_monthly", &employee.monthly),
        er_annual: fields.amount("er_annual", &employer.annual),
        er_monthly: fields.amount("er_monthly", &employer.monthly),
        ee_currency: fields.code("ee_currency", &employee.currency),
        er_currency: fields.code("er_currency", &employer.currency),
        cost_currency: fields.code("cost_currency", &cost.currency),
        faults: Vec::new(),
    };
    record.faults = fields.faults();
    record
}

fn broken(what: &'static str) -> ApiError {
    ApiError::Broken { what, detail: Detail::default() }
}

/// The text of a scalar, trimmed; `None` when blank or absent. `Err`: a list or an object.
pub(super) fn scalar(raw: &Raw) -> Result<Option<String>, ()> {
    let Some(raw) = raw else { return Ok(None) };
    let text = match raw.get().as_bytes().first() {
        Some(b'"') => serde_json::from_str::<String>(raw.get()).map_err(|_| ())?,
        Some(b'[' | b'{') => return Err(()),
        _ => raw.get().to_owned(),
    };
    Ok(Some(text.trim().to_owned()).filter(|text| !text.is_empty()))
}

/// A whole number, as number or text, such as `3`, `3.0` or `"3"`.
pub(super) fn whole(raw: &Raw) -> Result<Option<i64>, ()> {
    match amount(raw)? {
        Some(counts) if counts % UNITS_PER_ONE == 0 => Ok(Some(counts / UNITS_PER_ONE)),
        Some(_) => Err(()),
        None => Ok(None),
    }
}

fn amount(raw: &Raw) -> Result<Option<i64>, ()> {
    let Some(text) = scalar(raw)? else { return Ok(None) };
    match Money::from_json(&text) {
        Ok(money) => Ok(Some(money.0)),
        Err(MoneyFault::Blank) => Ok(None),
        Err(_) => Err(()),
    }
}

/// Reads the fields of one record and remembers the names of those that cannot be read.
#[derive(Default)]
struct Fields(Vec<&'static str>);

impl Fields {
    fn fault(&mut self, name: &'static str) {
        if !self.0.contains(&name) {
            self.0.push(name);
        }
    }

    fn kept<T>(&mut self, name: &'static str, read: Result<Option<T>, ()>) -> Option<T> {
        read.unwrap_or_else(|()| {
            self.fault(name);
            None
        })
    }

    fn text(&mut self, name: &'static str, raw: &Raw) -> Option<String> {
        self.kept(name, scalar(raw))
    }

    fn code(&mut self, name: &'static str, raw: &Raw) -> Option<String> {
        self.text(name, raw).map(|text| text.to_uppercase())
    }

    fn amount(&mut self, name: &'static str, raw: &Raw) -> Option<i64> {
        self.kept(name, amount(raw))
    }

    fn whole(&mut self, name: &'static str, raw: &Raw) -> Option<i64> {
        self.kept(name, whole(raw))
    }

    fn date(&mut self, name: &'static str, raw: &Raw) -> Option<NaiveDate> {
        let text = self.text(name, raw)?;
        self.kept(name, dates::iso(&text).map(Some).map_err(|_| ()))
    }

    fn date_by(
        &mut self,
        name: &'static str,
        raw: &Raw,
        format: Option<&str>,
        layouts: &BTreeMap<String, DateLayout>,
    ) -> Option<NaiveDate> {
        let text = self.text(name, raw)?;
        self.kept(name, dates::by_format(&text, format, layouts).map(Some).map_err(|_| ()))
    }

    fn faults(self) -> Vec<String> {
        self.0.into_iter().map(str::to_owned).collect()
    }
}
