//! The contract's rules for what is sent to Benbase (contracts, benbase.openapi.yaml), checked before anything is
//! queued and again before anything is sent. Problems name the field and what was expected, never what was there: the
//! values are personal. Which correction to derive is `plan`'s business.

mod hire;

use std::fmt;

use chrono::NaiveDate;

pub use self::hire::{check_new_hire, check_termination};

use crate::states::STATES;

use super::{Address, CompensationChange, DemographicChange, PayRate, Payload};

pub const PAY_FREQUENCIES: [&str; 4] = ["weekly", "biweekly", "semimonthly", "monthly"];
pub const PAY_PERIODS: [&str; 2] = ["hourly", "annually"];
pub const EMPLOYMENT_STATUSES: [&str; 3] = ["full_time", "part_time", "variable_hours"];

/// One field that the contract would refuse.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct BodyProblem {
    /// Path of the field in the body, e.g. `address.state`.
    pub field: &'static str,
    pub expected: &'static str,
}

impl fmt::Display for BodyProblem {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}: expected {}", self.field, self.expected)
    }
}

/// Every problem of a body, in the order of its fields; empty = the contract takes it.
pub fn check(payload: &Payload) -> Vec<BodyProblem> {
    match payload {
        Payload::Compensation(change) => check_compensation(change),
        Payload::Demographic(change) => check_demographic(change),
        Payload::NewHire(hire) => check_new_hire(hire),
        Payload::Termination(change) => check_termination(change),
    }
}

/// The problems of one body so far.
#[derive(Default)]
pub struct Problems(pub Vec<BodyProblem>);

impl Problems {
    pub fn require(&mut self, holds: bool, field: &'static str, expected: &'static str) {
        if !holds {
            self.0.push(BodyProblem { field, expected });
        }
    }
}

/// Every problem of a new address.
fn check_demographic(change: &DemographicChange) -> Vec<BodyProblem> {
    let mut problems = Problems::default();
    problems.require(is_there(change.employee_id.as_str()), "employee_id", "a Benbase id");
    check_address(&change.address, &mut problems);
    problems.0
}

/// Every problem of a change of pay.
fn check_compensation(change: &CompensationChange) -> Vec<BodyProblem> {
    let mut problems = Problems::default();
    problems.require(is_there(change.employee_id.as_str()), "employee_id", "a Benbase id");
    let any = change.pay_frequency.is_some() || change.pay_rate.is_some() || change.employment_status.is_some();
    problems.require(any, "body", "at least one of pay_frequency, pay_rate and employment_status");
    if let Some(frequency) = &change.pay_frequency {
        let known = PAY_FREQUENCIES.contains(&frequency.as_str());
        problems.require(known, "pay_frequency", "weekly, biweekly, semimonthly or monthly");
    }
    if let Some(rate) = &change.pay_rate {
        check_rate(rate, &mut problems);
    }
    if let Some(status) = &change.employment_status {
        let known = EMPLOYMENT_STATUSES.contains(&status.as_str());
        problems.require(known, "employment_status", "full_time, part_time or variable_hours");
    }
    problems.0
}

pub fn check_rate(rate: &PayRate, problems: &mut Problems) {
    problems.require(is_amount(&rate.amount), "pay_rate.amount", "zero or more with exactly two decimals");
    problems.require(PAY_PERIODS.contains(&rate.period.as_str()), "pay_rate.period", "hourly or annually");
    problems.require(is_date(&rate.effective_start), "pay_rate.effective_start", "a date, YYYY-MM-DD");
}

pub fn check_address(address: &Address, problems: &mut Problems) {
    problems.require(is_there(&address.line1), "address.line1", "a street line");
    let line2 = address.line2.as_deref().is_none_or(is_there);
    problems.require(line2, "address.line2", "a second line, or no such field");
    problems.require(is_there(&address.city), "address.city", "a city");
    let state = STATES.iter().any(|(code, _)| *code == address.state);
    problems.require(state, "address.state", "the two letters of one of the fifty states or DC");
    problems.require(is_zip(&address.zip_code), "address.zip_code", "a ZIP code of 5 or 5+4 digits");
}

pub fn is_there(text: &str) -> bool {
    !text.trim().is_empty()
}

/// Digits, a point and two digits.
fn is_amount(text: &str) -> bool {
    text.split_once('.')
        .is_some_and(|(whole, cents)| !whole.is_empty() && all_digits(whole) && cents.len() == 2 && all_digits(cents))
}

/// A day of the calendar, written in exactly one way.
pub fn is_date(text: &str) -> bool {
    // chrono also takes signs, missing zeros and years of five digits; the contract does not.
    let length = text.len() == "YYYY-MM-DD".len();
    length && NaiveDate::parse_from_str(text, "%Y-%m-%d").is_ok_and(|d| d.format("%Y-%m-%d").to_string() == text)
}

fn is_zip(text: &str) -> bool {
    let five = |s: &str| s.len() == 5 && all_digits(s);
    match text.split_once('-') {
        None => five(text),
        Some((zip, plus4)) => five(zip) && plus4.len() == 4 && all_digits(plus4),
    }
}

pub fn all_digits(text: &str) -> bool {
    text.bytes().all(|b| b.is_ascii_digit())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn compensation() -> CompensationChange {
        let rate = PayRate {
            amount: "75000.00".to_owned(),
            period: "annually".to_owned(),
            effective_start: "2026-03-16".to_owned(),
        };
        CompensationChange {
            employee_id: "emp_1".into(),
            pay_frequency: Some("biweekly".to_owned()),
            pay_rate: Some(rate),
            employment_status: Some("full_time".to_owned()),
        }
    }

    fn address() -> Address {
        Address {
            line1: "1 Main St".to_owned(),
            line2: None,
            city: "Austin".to_owned(),
            state: "TX".to_owned(),
            zip_code: "01234".to_owned(),
        }
    }

    #[track_caller]
    fn check_rate_problems(edit: impl Fn(&mut PayRate), expected: &[&str]) {
        let mut change = compensation();
        edit(change.pay_rate.as_mut().expect("the sample has a rate"));
        check_fields(&Payload::Compensation(change), expected);
    }

    #[track_caller]
    fn check_address_problems(edit: impl Fn(&mut Address), expected: &[&str]) {
        let mut address = address();
        edit(&mut address);
        check_fields(&Payload::Demographic(DemographicChange { employee_id: "emp_1".into(), address }), expected);
    }

    #[track_caller]
    fn check_fields(payload: &Payload, expected: &[&str]) {
        let fields: Vec<_> = check(payload).into_iter().map(|p| p.field).collect();
        assert_eq!(fields, expected, "{payload:?}");
    }

    #[test]
    fn a_sound_body_has_no_problem() {
        check_rate_problems(|_| (), &[]);
        check_address_problems(|_| (), &[]);
        check_address_problems(|a| a.zip_code = "01234-5678".to_owned(), &[]);
        check_address_problems(|a| a.line2 = Some("Apt 4".to_owned()), &[]);
        check_rate_problems(|r| r.amount = "0.00".to_owned(), &[]);
        check_rate_problems(|r| r.effective_start = "2024-02-29".to_owned(), &[]);
    }

    #[test]
    fn an_amount_is_zero_or_more_with_exactly_two_decimals() {
        for text in
            ["", "5", "5.", "5.0", "5.000", ".50", "-5.00", "+5.00", "1,000.00", "5.0a", "٣.00", "5.00 ", "1e3.00"]
        {
            check_rate_problems(|r| r.amount = text.to_owned(), &["pay_rate.amount"]);
        }
    }

    #[test]
    fn a_date_is_a_real_day_in_the_one_layout() {
        for text in [
            "2026-02-29",
            "2026-3-16",
            "16-03-2026",
            "2026-03-16T00:00:00Z",
            "+2026-03-16",
            "",
            "2026-13-01",
            "+10000-01-01",
            "-0001-01-01",
        ] {
            check_rate_problems(|r| r.effective_start = text.to_owned(), &["pay_rate.effective_start"]);
        }
    }

    #[test]
    fn only_the_documented_words_pass() {
        check_rate_problems(|r| r.period = "yearly".to_owned(), &["pay_rate.period"]);
        let frequency = CompensationChange { pay_frequency: Some("quarterly".to_owned()), ..compensation() };
        check_fields(&Payload::Compensation(frequency), &["pay_frequency"]);
        let status = CompensationChange { employment_status: Some("Full_Time".to_owned()), ..compensation() };
        check_fields(&Payload::Compensation(status), &["employment_status"]);
    }

    #[test]
    fn a_compensation_change_needs_one_of_its_three_fields() {
        let blank = CompensationChange {
            employee_id: "emp_1".into(),
            pay_frequency: None,
            pay_rate: None,
            employment_status: None,
        };
        check_fields(&Payload::Compensation(blank), &["body"]);
    }

    #[test]
    fn fifty_states_and_dc_pass_and_nothing_else() {
        let codes = STATES.map(|(code, _)| code);
        let mut sorted = codes.to_vec();
        sorted.sort_unstable();
        sorted.dedup();
        assert_eq!(sorted.len(), 51);
        for state in codes {
            check_address_problems(|a| a.state = state.to_owned(), &[]);
        }
        for state in ["PR", "GU", "VI", "AE", "AP", "AA", "tx", "", "Texas"] {
            check_address_problems(|a| a.state = state.to_owned(), &["address.state"]);
        }
    }

    #[test]
    fn a_zip_code_has_five_or_five_and_four_digits() {
        for zip in ["1234", "123456", "12345-", "12345-678", "12345-67890", "123456789", "12a45", "", "12345 6789"] {
            check_address_problems(|a| a.zip_code = zip.to_owned(), &["address.zip_code"]);
        }
    }

    #[test]
    fn all_problems_of_a_body_are_named_at_once_and_no_value_is_repeated() {
        let bad = Address {
            line1: " ".to_owned(),
            line2: Some(String::new()),
            city: String::new(),
            state: "SECRET".to_owned(),
            zip_code: "SECRET".to_owned(),
        };
        let payload = Payload::Demographic(DemographicChange { employee_id: "".into(), address: bad });
        check_fields(
            &payload,
            &["employee_id", "address.line1", "address.line2", "address.city", "address.state", "address.zip_code"],
        );
        assert!(check(&payload).iter().all(|p| !p.to_string().contains("SECRET")));
    }
}
