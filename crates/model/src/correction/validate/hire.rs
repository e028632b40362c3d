//! The contract's rules for new hires and terminations.

use super::{BodyProblem, PAY_FREQUENCIES, Problems, all_digits, check_address, check_rate, is_date, is_there};
use crate::correction::{NewHire, Termination};

const NAME_CHARS_MAX: usize = 255;
const EMAIL_CHARS_MAX: usize = 254;
const PHONE_CHARS_MAX: usize = 10;
/// Of a new hire; a change of pay knows one more.
const STATUSES: [&str; 2] = ["full_time", "part_time"];
const SEXES: [&str; 2] = ["male", "female"];
const DATE: &str = "a date, YYYY-MM-DD";
const BENBASE_ID: &str = "a Benbase id";

/// Every problem of a termination.
pub fn check_termination(change: &Termination) -> Vec<BodyProblem> {
    let mut problems = Problems::default();
    problems.require(is_there(change.employee_id.as_str()), "employee_id", BENBASE_ID);
    problems.require(is_date(&change.termination_date), "termination_date", DATE);
    problems.0
}

/// Every problem of a new hire.
pub fn check_new_hire(hire: &NewHire) -> Vec<BodyProblem> {
    let mut problems = Problems::default();
    let p = &mut problems;
    p.require(is_there(hire.employer_id.as_str()), "employer_id", "the employer's Benbase id");
    p.require(is_there(hire.employee_id.as_str()), "employee_id", BENBASE_ID);
    p.require(is_name(&hire.first_name), "first_name", "a name of at most 255 characters");
    p.require(is_name(&hire.last_name), "last_name", "a name of at most 255 characters");
    p.require(is_date(&hire.dob), "dob", DATE);
    p.require(is_there(&hire.employer), "employer", "the employer's name");
    check_address(&hire.address, p);
    p.require(is_date(&hire.hire_date), "hire_date", DATE);
    p.require(is_email(&hire.email), "email", "an e-mail address of at most 254 characters");
    check_options(hire, p);
    p.require(is_hours(&hire.hours_worked), "hours_worked", "a plain decimal without trailing zeros, such as 37.5");
    let [rate] = &hire.pay_rate;
    check_rate(rate, p);
    let known = STATUSES.contains(&hire.employment_status.as_str());
    p.require(known, "employment_status", "full_time or part_time");
    problems.0
}

/// What may be blank, and is then not sent.
fn check_options(hire: &NewHire, p: &mut Problems) {
    let holds = |text: &Option<String>, rule: fn(&str) -> bool| {
        text.as_deref().is_none_or(|text| !is_there(text) || rule(text))
    };
    let phone = holds(&hire.phone_number, |text| text.len() <= PHONE_CHARS_MAX && all_digits(text));
    p.require(phone, "phone_number", "at most ten digits");
    p.require(holds(&hire.termination_date, is_date), "termination_date", DATE);
    let sex = holds(&hire.biological_sex, |text| SEXES.contains(&text));
    p.require(sex, "biological_sex", "male or female");
    let frequency = holds(&hire.pay_frequency, |text| PAY_FREQUENCIES.contains(&text));
    p.require(frequency, "pay_frequency", "weekly, biweekly, semimonthly or monthly");
    p.require(holds(&hire.job_title, is_name), "job_title", "a title of at most 255 characters");
}

fn is_name(text: &str) -> bool {
    is_there(text) && text.chars().count() <= NAME_CHARS_MAX
}

fn is_email(text: &str) -> bool {
    let parts = text.split_once('@');
    let whole = parts.is_some_and(|(name, host)| !name.is_empty() && !host.is_empty() && !host.contains('@'));
    let plain = !text.contains(|c: char| c.is_whitespace() || c.is_control());
    whole && plain && text.chars().count() <= EMAIL_CHARS_MAX
}

/// One spelling a number: no sign, no zero that does not count.
fn is_hours(text: &str) -> bool {
    let (whole, decimals) = match text.split_once('.') {
        Some((whole, decimals)) => (whole, Some(decimals)),
        None => (text, None),
    };
    let whole_is_plain = !whole.is_empty() && all_digits(whole) && (whole == "0" || !whole.starts_with('0'));
    let decimals_count = decimals.is_none_or(|d| !d.is_empty() && all_digits(d) && !d.ends_with('0'));
    whole_is_plain && decimals_count
}

#[cfg(test)]
mod tests {
    use super::super::check;
    use super::*;
    use crate::correction::{Address, Payload, samples};

    #[track_caller]
    fn check_fields(payload: &Payload, expected: &[&str]) {
        let fields: Vec<_> = check(payload).into_iter().map(|problem| problem.field).collect();
        assert_eq!(fields, expected);
    }

    #[track_caller]
    fn check_hire(edit: impl FnOnce(&mut NewHire), expected: &[&str]) {
        let mut hire = samples::full_hire();
        edit(&mut hire);
        check_fields(&samples::hire(hire), expected);
    }

    #[test]
    fn the_examples_of_the_contract_have_no_problem() {
        for change in samples::all() {
            check_fields(&change, &[]);
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
            check_fields(&samples::termination_of("emp_1", bad), &["termination_date"]);
        }
        check_hire(|h| h.termination_date = Some("2024-02-30".to_owned()), &["termination_date"]);
    }

    #[test]
    fn a_termination_needs_an_employee_and_a_date() {
        check_fields(&samples::termination_of(" ", "soon"), &["employee_id", "termination_date"]);
    }

    #[test]
    fn all_problems_of_a_new_hire_are_named_at_once_and_no_value_is_repeated() {
        let secret = || "SECRET SECRET".to_owned();
        let hire = NewHire {
            employer_id: "".into(),
            employee_id: " ".into(),
            first_name: String::new(),
            last_name: " ".to_owned(),
            dob: secret(),
            employer: String::new(),
            address: Address {
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
        check_fields(
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
        assert!(check(&change).iter().all(|problem| !problem.to_string().contains("SECRET")));
    }
}
