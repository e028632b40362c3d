//! The one entry for the rules of all four changes (contracts, benbase.openapi.yaml); the rules themselves are in
//! `correction::validate`.

use crate::benbase::change::Change;
use tieout_model::correction::validate::{
    Problem, check_compensation, check_demographic, check_new_hire, check_termination,
};

/// Every problem of a change, in the order of its fields; empty = the contract takes it.
pub fn validate(change: &Change) -> Vec<Problem> {
    match change {
        Change::NewHire { hire, .. } => check_new_hire(hire),
        Change::Demographic(change) => check_demographic(change),
        Change::Compensation(change) => check_compensation(change),
        Change::Termination(change) => check_termination(change),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::benbase::{EmployeeId, EmployerId, NewHire, samples};

    #[track_caller]
    fn check(change: &Change, expected: &[&str]) {
        let fields: Vec<_> = validate(change).into_iter().map(|problem| problem.field).collect();
        assert_eq!(fields, expected);
    }

    #[track_caller]
    fn check_hire(edit: impl FnOnce(&mut NewHire), expected: &[&str]) {
        let mut hire = samples::full_hire();
        edit(&mut hire);
        check(&samples::hire(hire), expected);
    }

    #[test]
    fn the_examples_of_the_contract_have_no_problem() {
        for change in samples::all() {
            check(&change, &[]);
        }
    }

    #[test]
    fn names_and_titles_have_255_characters_at_most() {
        // Characters count, not bytes.
        let (longest, longer) = ("é".repeat(255), "é".repeat(256));
        check_hire(|h| h.first_name = longest.clone(), &[]);
        check_hire(|h| h.job_title = Some(longest.clone()), &[]);
        check_hire(|h| h.first_name = longer.clone(), &["first_name"]);
        check_hire(|h| h.last_name = longer.clone(), &["last_name"]);
        check_hire(|h| h.job_title = Some(longer.clone()), &["job_title"]);
    }

    #[test]
    fn an_email_has_two_parts_and_254_characters_at_most() {
        let of_length = |length: usize| format!("{}@example.com", "a".repeat(length - "@example.com".len()));
        check_hire(|h| h.email = of_length(254), &[]);
        for bad in [&of_length(255), "", "a", "@b", "a@", "a@b@c", "a b@c.d", "a@b\n", "a\u{0}@b"] {
            check_hire(|h| h.email = bad.to_owned(), &["email"]);
        }
    }

    #[test]
    fn a_phone_number_has_ten_digits_at_most() {
        check_hire(|h| h.phone_number = Some("123".to_owned()), &[]);
        for bad in ["15551234567", "555-123456", "+155512345", "٥٥٥"] {
            check_hire(|h| h.phone_number = Some(bad.to_owned()), &["phone_number"]);
        }
    }

    #[test]
    fn hours_are_plain_decimals() {
        for good in ["0", "40", "37.5", "0.25", "168"] {
            check_hire(|h| h.hours_worked = good.to_owned(), &[]);
        }
        for bad in ["", "40.0", "37.50", "040", "00", ".5", "40.", "-1", "+1", "1e2", "37,5", " 40", "٤٠"] {
            check_hire(|h| h.hours_worked = bad.to_owned(), &["hours_worked"]);
        }
    }

    #[test]
    fn only_the_documented_words_pass() {
        check_hire(|h| h.employment_status = "part_time".to_owned(), &[]);
        check_hire(|h| h.employment_status = "variable_hours".to_owned(), &["employment_status"]);
        check_hire(|h| h.biological_sex = Some("female".to_owned()), &[]);
        check_hire(|h| h.biological_sex = Some("Female".to_owned()), &["biological_sex"]);
        check_hire(|h| h.pay_frequency = Some("quarterly".to_owned()), &["pay_frequency"]);
    }

    #[test]
    fn dates_are_days_of_the_calendar_in_the_one_layout() {
        for bad in ["2024-02-30", "2024-1-15", "15/01/2024", "", "2024-01-15T00:00:00Z"] {
            check_hire(|h| h.dob = bad.to_owned(), &["dob"]);
            check_hire(|h| h.hire_date = bad.to_owned(), &["hire_date"]);
            check(&samples::termination_of("emp_1", bad), &["termination_date"]);
        }
        check_hire(|h| h.termination_date = Some("2024-02-30".to_owned()), &["termination_date"]);
    }

    #[test]
    fn a_termination_needs_an_employee_and_a_date() {
        check(&samples::termination_of(" ", "soon"), &["employee_id", "termination_date"]);
    }

    #[test]
    fn all_problems_of_a_new_hire_are_named_at_once_and_no_value_is_repeated() {
        let secret = || "SECRET SECRET".to_owned();
        let hire = NewHire {
            employer_id: EmployerId::new(""),
            employee_id: EmployeeId::new(" "),
            first_name: String::new(),
            last_name: " ".to_owned(),
            dob: secret(),
            employer: String::new(),
            address: tieout_model::correction::Address {
                line1: String::new(),
                line2: None,
                city: String::new(),
                state: secret(),
                zip_code: secret(),
            },
            hire_date: secret(),
            email: secret(),
            phone_number: Some(secret()),
            termination_date: Some(secret()),
            biological_sex: Some(secret()),
            hours_worked: secret(),
            pay_frequency: Some(secret()),
            pay_rate: [samples::rate(&secret(), &secret(), &secret())],
            employment_status: secret(),
            job_title: Some("x".repeat(256)),
        };
        let change = samples::hire(hire);
        check(
            &change,
            &[
                "employer_id",
                "employee_id",
                "first_name",
                "last_name",
                "dob",
                "employer",
                "address.line1",
                "address.city",
                "address.state",
                "address.zip_code",
                "hire_date",
                "email",
                "phone_number",
                "termination_date",
                "biological_sex",
                "pay_frequency",
                "job_title",
                "hours_worked",
                "pay_rate.amount",
                "pay_rate.period",
                "pay_rate.effective_start",
                "employment_status",
            ],
        );
        assert!(validate(&change).iter().all(|problem| !problem.to_string().contains("SECRET")));
    }
}
