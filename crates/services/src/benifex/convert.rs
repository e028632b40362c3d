//! From what Benifex sent to the records of `record`: blank, `null` and absent become `None`; what is there and cannot
//! be read becomes `None` and a name in `faults`. An answer that does not prove what it should (no data at all, another
//! user's data) is an error, since "no benefits" must never be read out of it.

use chrono::NaiveDate;

use crate::answer::error::{ApiError, Detail};
use crate::answer::json::{Fields, Raw, scalar};
use crate::benifex::dates::Dates;
use crate::benifex::wire::{Benefits, CurrentBenefit, Envelope, User};
use tieout_model::ids::BenifexUserId;
use tieout_model::placeholder::PlaceholderDates;
use tieout_model::records::benifex::{BenefitRecord, UserRecord};

/// The answer of "one user" for `user_id`.
pub(super) fn user(
    user_id: &BenifexUserId,
    answer: Envelope<User>,
    placeholders: &PlaceholderDates,
) -> Result<UserRecord, ApiError> {
    about(user_id, &answer.user_id)?;
    let user = answer.data.ok_or_else(|| broken("it holds no data"))?;
    let mut fields = Fields::default();
    let named = about(user_id, &user.id)?;
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
        dob: fields.date("dob", &user.date_of_birth, placeholders),
        postcode: fields.text("postcode", &address.postcode_zip_code),
        country: fields.text("country", &address.country),
        employment_status: fields.text("employment_status", &employment.employment_status),
        start_date: fields.date("start_date", &employment.start_date, placeholders),
        original_start_date: fields.date("original_start_date", &employment.original_start_date, placeholders),
        leave_date: fields.date("leave_date", &employment.leave_date, placeholders),
        country_of_work: fields.text("country_of_work", &employment.country_of_work),
        pay_group: fields.text("pay_group", &salary.pay_group),
        salary: fields.amount("salary", &salary.salary),
        salary_effective: fields.date("salary_effective", &salary.salary_effective_date, placeholders),
        pay_periods: fields.whole("pay_periods", &salary.pay_periods),
        fte: fields.measure("fte", &hours.full_time_equivalent_fraction),
        contracted_hours: fields.measure("contracted_hours", &hours.contracted_hours),
        fte_hours: fields.measure("fte_hours", &hours.full_time_equivalent_hours),
        legal_employer: fields.text("legal_employer", &employment.legal_employer_company),
        faults: Vec::new(),
    };
    if !named && record.employee_id.is_none() {
        return Err(broken("it does not say whom it is about"));
    }
    record.faults = fields.faults();
    Ok(record)
}

/// Whether an id says that the answer is about the user who was asked for; an error when it is another one's.
fn about(user_id: &BenifexUserId, id: &Raw) -> Result<bool, ApiError> {
    match scalar(id).map_err(|()| broken("its user id is neither text nor number"))? {
        Some(id) if *user_id != *id => Err(broken("it is about another user than the one asked for")),
        id => Ok(id.is_some()),
    }
}

/// The answer of "detailed benefits" for `user_id`: the current ones, sorted by key. Without any list in it nothing is
/// proved; with only the list of those that could be added, there are none.
pub(super) fn benefits(
    user_id: &BenifexUserId,
    answer: Envelope<Benefits>,
    dates: &Dates<'_>,
) -> Result<Vec<BenefitRecord>, ApiError> {
    about(user_id, &answer.user_id)?;
    let data = answer.data.ok_or_else(|| broken("it holds no data"))?;
    about(user_id, &data.user_id)?;
    let current = match (data.current_benefits, data.eligible_to_add_benefits) {
        (Some(current), _) => current,
        (None, Some(_)) => Vec::new(),
        (None, None) => return Err(broken("it holds no list of benefits")),
    };
    let mut records: Vec<BenefitRecord> =
        current.into_iter().map(|entry| benefit(entry.unwrap_or_default(), dates)).collect();
    records.sort_by(|a, b| a.benefit.cmp(&b.benefit));
    Ok(records)
}

fn benefit(entry: CurrentBenefit, dates: &Dates<'_>) -> BenefitRecord {
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
        effective_from: date_by(&mut fields, "effective_from", &entry.effective_from, format.as_deref(), dates),
        change_date: date_by(&mut fields, "change_date", &entry.change_date, format.as_deref(), dates),
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

fn date_by(
    fields: &mut Fields,
    name: &'static str,
    raw: &Raw,
    format: Option<&str>,
    dates: &Dates<'_>,
) -> Option<NaiveDate> {
    let text = fields.text(name, raw)?;
    fields.kept(name, dates.read(&text, format).map_err(|_| ()))
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeMap;

    use tieout_model::dates::DateLayout;

    use super::*;

    fn read_user(json: &str) -> Result<UserRecord, ApiError> {
        user(&"u1".into(), serde_json::from_str(json).expect("well-formed"), &PlaceholderDates::default())
    }

    fn read_benefits(json: &str) -> Result<Vec<BenefitRecord>, ApiError> {
        let layout = DateLayout::parse("dd/MM/yyyy").expect("a layout");
        let layouts = BTreeMap::from([(layout.written.clone(), layout)]);
        let dates = Dates { layouts: &layouts, placeholders: &PlaceholderDates::default() };
        benefits(&"u1".into(), serde_json::from_str(json).expect("well-formed"), &dates)
    }

    fn day(year: i32, month: u32, day: u32) -> Option<NaiveDate> {
        NaiveDate::from_ymd_opt(year, month, day)
    }

    #[test]
    fn hours_and_shares_of_full_time_are_rounded_and_money_is_not() {
        let record = read_user(
            r#"{"data":{"id":"u1","employment":{"workingHours":{"contractedHours":18.666666,
                "fullTimeEquivalentHours":35,"fullTimeEquivalentFraction":0.53333333},
                "salaryDetails":{"salary":52000.123456}}}}"#,
        )
        .expect("reads");
        assert_eq!((record.contracted_hours, record.fte), (Some(186_667), Some(5_333)));
        assert_eq!((record.salary, record.faults), (None, vec!["salary".to_owned()]));
    }

    #[test]
    fn a_user_is_read_field_by_field() {
        let record = read_user(
            r#"{"data":{"id":"u1","forename":"Amara","surname":"Okafor","dateOfBirth":"1991-11-11","preferredName":"",
                "localName":null,"address":{"line1":"x","postcodeZipCode":" SO14 0AA ","country":"GB"},
                "employment":{"employeeId":"00123","startDate":"2024-01-01","originalStartDate":"2023-05-02",
                "leaveDate":"2026-01-31","employmentStatus":"Active","legalEmployerCompany":" Acme Ltd","countryOfWork":"GB",
                "workingHours":{"contractedHours":37.5,"fullTimeEquivalentHours":"40","fullTimeEquivalentFraction":0.9375,"daysPerWeek":2.5},
                "salaryDetails":{"payGroup":"0220 ","salary":52000.10,"salaryEffectiveDate":"2025-04-01","payPeriods":12.0}},
                "nationalIdentity":{"nationalIdentityNumber1":"QQ123456C"}},"timestamp":"2025-11-20T09:15:28.002Z"}"#,
        )
        .expect("reads");
        let text = |text: &str| Some(text.to_owned());
        let expected = UserRecord {
            user_id: "u1".into(),
            employee_id: text("00123"),
            first_name: text("Amara"),
            last_name: text("Okafor"),
            preferred_name: None,
            local_name: None,
            dob: day(1991, 11, 11),
            postcode: text("SO14 0AA"),
            country: text("GB"),
            employment_status: text("Active"),
            start_date: day(2024, 1, 1),
            original_start_date: day(2023, 5, 2),
            leave_date: day(2026, 1, 31),
            country_of_work: text("GB"),
            pay_group: text("0220"),
            salary: Some(520_001_000),
            salary_effective: day(2025, 4, 1),
            pay_periods: Some(12),
            fte: Some(9_375),
            contracted_hours: Some(375_000),
            fte_hours: Some(400_000),
            legal_employer: text("Acme Ltd"),
            faults: Vec::new(),
        };
        assert_eq!(record, expected);
    }

    #[test]
    fn absent_null_and_blank_are_the_same_nothing() {
        let absent = read_user(r#"{"data":{"id":"u1"}}"#).expect("reads");
        let null = read_user(
            r#"{"data":{"id":"u1","forename":null,"dateOfBirth":null,"address":null,
                "employment":{"salaryDetails":{"salary":null,"payPeriods":null},"workingHours":null}}}"#,
        );
        let blank = read_user(
            r#"{"data":{"id":"u1","forename":" ","dateOfBirth":"","address":{"country":""},
                "employment":{"employeeId":"","leaveDate":" ","salaryDetails":{"salary":"","payPeriods":" "}}}}"#,
        );
        assert_eq!(absent, UserRecord { user_id: "u1".into(), ..UserRecord::default() });
        assert_eq!(null.expect("reads"), absent);
        assert_eq!(blank.expect("reads"), absent);
    }

    #[test]
    fn what_is_there_but_unreadable_is_named_and_spoils_nothing_else() {
        let record = read_user(
            r#"{"data":{"id":null,"forename":{"first":"A"},"surname":17,"dateOfBirth":"11/11/1991","employment":{"employeeId":123,
                "leaveDate":20260131,"salaryDetails":{"salary":"lots","payPeriods":12.5},
                "workingHours":{"fullTimeEquivalentFraction":"half"}}}}"#,
        )
        .expect("reads");
        assert_eq!(record.faults, ["first_name", "dob", "leave_date", "salary", "pay_periods", "fte"]);
        assert_eq!((record.last_name.as_deref(), record.employee_id.as_deref()), (Some("17"), Some("123")));
    }

    #[test]
    fn an_answer_about_nobody_or_somebody_else_is_broken() {
        for json in [
            r#"{"data":null}"#,
            r#"{}"#,
            r#"{"data":{}}"#,
            r#"{"data":{"id":" ","employment":{"employeeId":null}}}"#,
            r#"{"data":{"id":"u2"}}"#,
            r#"{"userId":"u2","data":{"id":"u1"}}"#,
            r#"{"data":{"employment":{"employeeId":[]}}}"#,
        ] {
            assert!(matches!(read_user(json), Err(ApiError::Broken { .. })), "{json}");
        }
    }

    #[test]
    fn benefits_keep_money_to_the_last_digit_and_dates_by_their_format() {
        let records = read_benefits(
            r#"{"data":{"currentBenefits":[
                {"benefitKey":"_LifeInsurance","status":"ACTIVE ","effectiveFrom":"01/04/2025","changeDate":"2025-03-15",
                 "benefitCost":{"annual":180.0,"monthly":15.0,"currency":" gbp"},
                 "employeeContribution":{"annual":60.10,"monthly":"5.01","currency":"GBP"},
                 "employerContribution":{"annual":1.2e2,"currency":"EUR"},"datesFormat":"dd/MM/yyyy",
                 "sections":[{"sections":[[1,{"deep":null}]]}],"description":"<p>x</p>"},
                {"benefitKey":"_Dental","effectiveFrom":"04/01/2025","datesFormat":"MM/dd/yyyy"}]}}"#,
        )
        .expect("reads");
        let dental = BenefitRecord {
            benefit: "_Dental".to_owned(),
            faults: vec!["effective_from".to_owned()],
            ..BenefitRecord::default()
        };
        let life = BenefitRecord {
            benefit: "_LifeInsurance".to_owned(),
            status: Some("ACTIVE".to_owned()),
            effective_from: day(2025, 4, 1),
            change_date: day(2025, 3, 15),
            ee_annual: Some(601_000),
            ee_monthly: Some(50_100),
            er_annual: Some(1_200_000),
            er_monthly: None,
            ee_currency: Some("GBP".to_owned()),
            er_currency: Some("EUR".to_owned()),
            cost_currency: Some("GBP".to_owned()),
            faults: Vec::new(),
        };
        assert_eq!(records, [dental, life]);
    }

    #[test]
    fn a_benefit_that_cannot_be_named_is_unreadable_not_absent() {
        let records = read_benefits(r#"{"data":{"currentBenefits":[null,{"status":"ACTIVE"}]}}"#).expect("reads");
        assert_eq!(records.len(), 2);
        assert!(records.iter().all(|record| record.faults == ["benefit"]));
    }

    #[test]
    fn benefits_of_somebody_else_are_broken() {
        for json in
            [r#"{"userId":"u2","data":{"currentBenefits":[]}}"#, r#"{"data":{"userId":"u2","currentBenefits":[]}}"#]
        {
            assert!(matches!(read_benefits(json), Err(ApiError::Broken { .. })), "{json}");
        }
        assert_eq!(read_benefits(r#"{"userId":"u1","data":{"currentBenefits":[]}}"#).expect("reads"), []);
    }

    #[test]
    fn no_benefits_needs_a_list_that_says_so() {
        for json in [
            r#"{"data":{"currentBenefits":[],"eligibleToAddBenefits":[]}}"#,
            r#"{"data":{"currentBenefits":[]}}"#,
            r#"{"data":{"currentBenefits":null,"eligibleToAddBenefits":[{"benefitKey":"_Cycle"}]}}"#,
        ] {
            assert_eq!(read_benefits(json).expect("reads"), [], "{json}");
        }
        for json in [r#"{"data":null}"#, r#"{}"#, r#"{"data":{}}"#, r#"{"data":{"currentBenefits":null}}"#] {
            assert!(matches!(read_benefits(json), Err(ApiError::Broken { .. })), "{json}");
        }
    }
}
