//! The contract's rules for new hires and terminations. Their tests stand where all four changes are checked
//! (`api::benbase::validate`), with the contract's examples.

use super::{PAY_FREQUENCIES, Problem, Problems, all_digits, check_address, check_rate, is_date, is_there};
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
pub fn check_termination(change: &Termination) -> Vec<Problem> {
    let mut problems = Problems::default();
    problems.require(is_there(change.employee_id.as_str()), "employee_id", BENBASE_ID);
    problems.require(is_date(&change.termination_date), "termination_date", DATE);
    problems.0
}

/// Every problem of a new hire.
pub fn check_new_hire(hire: &NewHire) -> Vec<Problem> {
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
