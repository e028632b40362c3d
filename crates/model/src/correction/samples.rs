//! The contract's example of each change, for tests.

use super::{Address, CompensationChange, DemographicChange, NewHire, PayRate, Payload, Termination};

pub const EMPLOYEE: &str = "emp_LRgFZ2uXBSVsR6Q0g9Q54";

pub fn minimal_hire() -> NewHire {
    NewHire {
        employer_id: "emp_123456789".into(),
        employee_id: EMPLOYEE.into(),
        first_name: "John".to_owned(),
        last_name: "Doe".to_owned(),
        dob: "1990-01-15".to_owned(),
        employer: "Acme Corporation".to_owned(),
        address: address("123 Main Street", None, "New York", "NY", "10001"),
        hire_date: "2024-01-15".to_owned(),
        email: "john.doe@example.com".to_owned(),
        phone_number: None,
        termination_date: None,
        biological_sex: None,
        hours_worked: "40".to_owned(),
        pay_frequency: None,
        pay_rate: [rate("25.50", "hourly", "2024-01-15")],
        employment_status: "full_time".to_owned(),
        job_title: None,
    }
}

pub fn full_hire() -> NewHire {
    NewHire {
        address: address("123 Main Street", Some("Apt 4B"), "New York", "NY", "10001"),
        phone_number: Some("5551234567".to_owned()),
        biological_sex: Some("male".to_owned()),
        pay_frequency: Some("biweekly".to_owned()),
        job_title: Some("Software Engineer".to_owned()),
        ..minimal_hire()
    }
}

pub fn hire(hire: NewHire) -> Payload {
    Payload::NewHire(Box::new(hire))
}

pub fn demographic() -> Payload {
    Payload::Demographic(DemographicChange {
        employee_id: EMPLOYEE.into(),
        address: address("456 New Street", Some("Unit 7C"), "Los Angeles", "CA", "90210"),
    })
}

pub fn compensation() -> Payload {
    Payload::Compensation(CompensationChange {
        employee_id: EMPLOYEE.into(),
        pay_frequency: Some("biweekly".to_owned()),
        pay_rate: Some(rate("75000.00", "annually", "2025-01-01")),
        employment_status: Some("full_time".to_owned()),
    })
}

pub fn status_only() -> Payload {
    Payload::Compensation(CompensationChange {
        employee_id: EMPLOYEE.into(),
        pay_frequency: None,
        pay_rate: None,
        employment_status: Some("variable_hours".to_owned()),
    })
}

pub fn termination_of(employee: &str, date: &str) -> Payload {
    Payload::Termination(Termination { employee_id: employee.into(), termination_date: date.to_owned() })
}

pub fn termination() -> Payload {
    termination_of(EMPLOYEE, "2024-12-31")
}

/// One of each, and the shorter forms.
pub fn all() -> Vec<Payload> {
    vec![hire(full_hire()), hire(minimal_hire()), demographic(), compensation(), status_only(), termination()]
}

pub fn rate(amount: &str, period: &str, effective_start: &str) -> PayRate {
    PayRate { amount: amount.to_owned(), period: period.to_owned(), effective_start: effective_start.to_owned() }
}

fn address(line1: &str, line2: Option<&str>, city: &str, state: &str, zip_code: &str) -> Address {
    Address {
        line1: line1.to_owned(),
        line2: line2.map(str::to_owned),
        city: city.to_owned(),
        state: state.to_owned(),
        zip_code: zip_code.to_owned(),
    }
}
