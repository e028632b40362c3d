//! A world of the people of an export: they agree with payroll but for what the export plants.

use std::collections::BTreeMap;
use std::fs;

use serde_json::{Value, json};

use crate::support::Site;

/// Writes `world` from a CSV: id, first, last, born, start, salary, group, pays a year, currency, country; then a
/// column a benefit with `EMPLOYEE/EMPLOYER` of a year, blank for those who do not have it.
pub fn write(site: &Site, people: &str) {
    let mut reader = csv::Reader::from_reader(people.trim_start().as_bytes());
    let headers = reader.headers().expect("a header").clone();
    let (mut users, mut benefits) = (String::new(), String::new());
    for (number, record) in reader.records().enumerate() {
        let record = record.expect("a record");
        let cells: BTreeMap<&str, &str> = headers.iter().zip(&record).collect();
        let id = format!("812095c1-8262-42d5-a6e8-{number:012}");
        let covers: Vec<Value> = cells
            .iter()
            .filter(|(key, amounts)| key.starts_with('_') && !amounts.is_empty())
            .map(|(key, amounts)| cover(key, amounts, cells["currency"]))
            .collect();
        users += &format!("{}\n", user(&id, &cells));
        benefits += &format!("{}\n", json!({"userId": id, "data": {"currentBenefits": covers}}));
    }
    let folder = site.path("world/benifex");
    fs::create_dir_all(&folder).expect("made");
    fs::write(folder.join("users.ndjson"), users).expect("written");
    fs::write(folder.join("benefits.ndjson"), benefits).expect("written");
}

fn user(id: &str, cells: &BTreeMap<&str, &str>) -> Value {
    let salary: f64 = cells["salary"].parse().expect("a salary");
    let pays: u32 = cells["pays"].parse().expect("pays a year");
    json!({"id": id, "forename": cells["first"], "surname": cells["last"], "dateOfBirth": cells["born"],
        "emailAddress": format!("{id}@example.com"),
        "address": {"line1": "1 Maple Street", "line2": "", "line3": "Reno", "postcodeZipCode": "89501", "country": "US"},
        "employment": {"employeeId": cells["id"], "startDate": cells["start"], "originalStartDate": cells["start"],
            "leaveDate": null, "employmentStatus": "Active", "legalEmployerCompany": "Fable Ltd", "department": "Ops",
            "countryOfWork": cells["country"], "workingHours": {"contractedHours": 40, "fullTimeEquivalentHours": 40,
                "daysPerWeek": 5, "fullTimeEquivalentFraction": 1.0},
            "salaryDetails": {"payGroup": cells["group"], "salary": salary, "salaryEffectiveDate": "2025-01-01",
                "pensionableSalary": salary, "payPeriods": pays}},
        "title": "Mx", "phoneNumber": "", "gender": null, "nationality": "", "language": "en-US",
        "maritalStatus": "Single", "nationalIdentity": {"nationalIdentityNumber1": "000-00-0000",
            "nationalIdentityNumber2": "", "nationalIdentityCountry": cells["country"]}, "customAttributes": {}})
}

fn cover(key: &str, amounts: &str, currency: &str) -> Value {
    let (employee, employer) = amounts.split_once('/').expect("both sides");
    let [employee, employer] = [employee, employer].map(|amount| amount.parse::<f64>().expect("an amount"));
    let cents = |amount: f64| (amount * 100.0).round() / 100.0;
    let money = |annual: f64| json!({"annual": cents(annual), "monthly": cents(annual / 12.0), "currency": currency});
    json!({"status": "ACTIVE", "effectiveFrom": "01/01/2026", "editableUntil": "31/12/2026", "changeDate": "01/01/2026",
        "benefitCost": money(employee + employer), "employeeContribution": money(employee),
        "employerContribution": money(employer), "benefitKey": key, "title": key.trim_start_matches('_'),
        "benefitLink": "https://app.example.com/benefits", "description": "", "sections": [], "faqs": [],
        "needToKnow": "", "usefulLinks": [], "datesFormat": "dd/MM/yyyy"})
}
