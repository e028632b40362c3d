//! The documented rules for the bodies of changes, as tables. What no page documents (order of dates, layouts of zip
//! and social security numbers, unknown fields) is let through.

use std::collections::BTreeMap;

use chrono::NaiveDate;
use serde_json::{Map, Value};

use crate::benbase::Operation;

const STATES: &[&str] = &[
    "AL", "AK", "AZ", "AR", "CA", "CO", "CT", "DE", "DC", "FL", "GA", "HI", "ID", "IL", "IN", "IA", "KS", "KY", "LA",
    "ME", "MD", "MA", "MI", "MN", "MS", "MO", "MT", "NE", "NV", "NH", "NJ", "NM", "NY", "NC", "ND", "OH", "OK", "OR",
    "PA", "RI", "SC", "SD", "TN", "TX", "UT", "VT", "VA", "WA", "WV", "WI", "WY",
];
const FREQUENCIES: &[&str] = &["weekly", "biweekly", "semimonthly", "monthly"];
const NAME_CHARS_MAX: usize = 255;
const EMAIL_CHARS_MAX: usize = 254;
const PHONE_CHARS_MAX: usize = 10;
/// Of an amount.
const DECIMALS: usize = 2;

/// What a field may hold.
enum Rule {
    Text,
    /// Characters at most.
    Short(usize),
    Date,
    Email,
    Amount,
    Number,
    OneOf(&'static [&'static str]),
    Object(&'static [Field]),
    List(&'static [Field]),
}

/// Name, whether it must be there, rule.
type Field = (&'static str, bool, Rule);

const ADDRESS: &[Field] = &[
    ("line1", true, Rule::Text),
    ("line2", false, Rule::Text),
    ("city", true, Rule::Text),
    ("state", true, Rule::OneOf(STATES)),
    ("zip_code", true, Rule::Text),
];
const PAY_RATE: &[Field] = &[
    ("amount", true, Rule::Amount),
    ("period", true, Rule::OneOf(&["hourly", "annually"])),
    ("effective_start", true, Rule::Date),
];
const NEW_HIRE: &[Field] = &[
    ("employer_id", true, Rule::Text),
    ("employee_id", true, Rule::Text),
    ("first_name", true, Rule::Short(NAME_CHARS_MAX)),
    ("last_name", true, Rule::Short(NAME_CHARS_MAX)),
    ("dob", true, Rule::Date),
    ("employer", true, Rule::Text),
    ("address", true, Rule::Object(ADDRESS)),
    ("hire_date", true, Rule::Date),
    ("email", true, Rule::Email),
    ("hours_worked", true, Rule::Number),
    ("pay_rate", true, Rule::List(PAY_RATE)),
    ("employment_status", true, Rule::OneOf(&["full_time", "part_time"])),
    ("ssn", false, Rule::Text),
    ("phone_number", false, Rule::Short(PHONE_CHARS_MAX)),
    ("termination_date", false, Rule::Date),
    ("biological_sex", false, Rule::OneOf(&["male", "female"])),
    ("pay_frequency", false, Rule::OneOf(FREQUENCIES)),
    ("job_title", false, Rule::Short(NAME_CHARS_MAX)),
];
const TERMINATION: &[Field] = &[("employee_id", true, Rule::Text), ("termination_date", true, Rule::Date)];
const DEMOGRAPHIC: &[Field] = &[("employee_id", true, Rule::Text), ("address", true, Rule::Object(ADDRESS))];
const COMPENSATION: &[Field] = &[
    ("employee_id", true, Rule::Text),
    ("pay_frequency", false, Rule::OneOf(FREQUENCIES)),
    ("pay_rate", false, Rule::Object(PAY_RATE)),
    ("employment_status", false, Rule::OneOf(&["full_time", "part_time", "variable_hours"])),
];

/// Everything that is wrong with a body.
#[derive(Debug, Default, PartialEq, Eq)]
pub struct Problems {
    /// A required field is missing, which the service tells apart (400, not 422).
    pub incomplete: bool,
    /// Path of the field → what is wrong with it.
    by_field: BTreeMap<String, String>,
}

impl Problems {
    /// As the service's `details`.
    pub fn details(&self) -> Value {
        Value::Object(self.by_field.iter().map(|(name, text)| (name.clone(), text.clone().into())).collect())
    }

    fn add(&mut self, path: &str, text: impl Into<String>) {
        self.by_field.insert(path.to_owned(), text.into());
    }

    fn fields(&mut self, prefix: &str, body: &Map<String, Value>, fields: &[Field]) {
        for (name, required, rule) in fields {
            let path = format!("{prefix}{name}");
            match body.get(*name) {
                None => self.missing(&path, *required),
                Some(Value::Null) if *required => self.missing(&path, true),
                Some(Value::String(text)) if *required && text.trim().is_empty() => self.missing(&path, true),
                Some(value) => self.value(&path, value, rule),
            }
        }
    }

    fn missing(&mut self, path: &str, required: bool) {
        if required {
            self.incomplete = true;
            self.add(path, "Required");
        }
    }

    fn value(&mut self, path: &str, value: &Value, rule: &Rule) {
        match (rule, value) {
            (Rule::Object(fields), Value::Object(inner)) => self.fields(&format!("{path}."), inner, fields),
            (Rule::Object(_), _) => self.add(path, "Must be an object"),
            (Rule::List(fields), Value::Array(items)) => {
                for (at, item) in items.iter().enumerate() {
                    match item {
                        Value::Object(inner) => self.fields(&format!("{path}[{at}]."), inner, fields),
                        _ => self.add(&format!("{path}[{at}]"), "Must be an object"),
                    }
                }
            }
            (Rule::List(_), _) => self.add(path, "Must be an array"),
            (_, Value::String(text)) => {
                if let Some(wrong) = text_problem(text, rule) {
                    self.add(path, wrong);
                }
            }
            _ => self.add(path, "Must be a string"),
        }
    }
}

fn text_problem(text: &str, rule: &Rule) -> Option<String> {
    let (good, wanted) = match rule {
        Rule::Text | Rule::Object(_) | Rule::List(_) => (true, String::new()),
        Rule::Short(most) => (text.chars().count() <= *most, format!("Must be at most {most} characters")),
        Rule::Date => (is_date(text), "Must be a date, YYYY-MM-DD".to_owned()),
        Rule::Email => (is_email(text), format!("Must be an e-mail address of at most {EMAIL_CHARS_MAX} characters")),
        Rule::Amount => (is_amount(text), "Must be zero or more, with two decimal places".to_owned()),
        Rule::Number => (is_number(text), "Must be a number, zero or more".to_owned()),
        Rule::OneOf(values) => (values.contains(&text), format!("Must be one of {}", values.join(", "))),
    };
    (!good).then_some(wanted)
}

/// `Err`: everything that is wrong.
pub fn check(operation: Operation, body: &Map<String, Value>) -> Result<(), Problems> {
    let mut problems = Problems::default();
    let fields = match operation {
        Operation::NewHire => NEW_HIRE,
        Operation::Termination => TERMINATION,
        Operation::Demographic => DEMOGRAPHIC,
        Operation::CompensationChange => COMPENSATION,
    };
    problems.fields("", body, fields);
    if operation == Operation::CompensationChange && operation.fields().iter().all(|name| !body.contains_key(*name)) {
        problems.add("body", "At least one of pay_frequency, pay_rate and employment_status is required");
    }
    if problems.by_field.is_empty() { Ok(()) } else { Err(problems) }
}

fn is_date(text: &str) -> bool {
    // The parser alone would take single digits and signs.
    let layout = text.len() == "YYYY-MM-DD".len() && text.bytes().all(|b| b.is_ascii_digit() || b == b'-');
    layout && NaiveDate::parse_from_str(text, "%Y-%m-%d").is_ok()
}

fn is_email(text: &str) -> bool {
    let parts = text.split_once('@');
    let whole = parts.is_some_and(|(name, host)| !name.is_empty() && !host.is_empty() && !host.contains('@'));
    whole && text.chars().count() <= EMAIL_CHARS_MAX && !text.contains(char::is_whitespace)
}

fn is_amount(text: &str) -> bool {
    is_number(text) && text.split_once('.').is_some_and(|(_, decimals)| decimals.len() == DECIMALS)
}

fn is_number(text: &str) -> bool {
    let digits = |part: &str| !part.is_empty() && part.bytes().all(|b| b.is_ascii_digit());
    match text.split_once('.') {
        Some((whole, decimals)) => digits(whole) && digits(decimals),
        None => digits(text),
    }
}
