//! One line of an opening ledger: a JSON object in the shape of Benbase's own bodies. Fields that the ledger does not
//! keep are passed over. Problems never repeat a value: all of it is personal.

use chrono::NaiveDate;
use serde::Deserialize;
use serde_json::value::RawValue;

use tieout_model::correction::Held;
use tieout_model::correction::validate::{EMPLOYMENT_STATUSES, PAY_FREQUENCIES, PAY_PERIODS};
use tieout_model::dates::{DateLayout, NotADate, YEARS};
use tieout_model::money::Money;
use tieout_model::placeholder::PlaceholderDates;

/// See [`Written::held`].
type Line<'w> = (&'w str, Held<'w>, Option<NaiveDate>);

/// A line as it is written.
#[derive(Deserialize)]
pub(super) struct Written {
    employee_id: Option<String>,
    pay_frequency: Option<String>,
    pay_rate: Option<WrittenRate>,
    employment_status: Option<String>,
    address: Option<WrittenAddress>,
    reinstated_on: Option<String>,
}

#[derive(Deserialize)]
struct WrittenRate {
    /// Decimal text by the contract; a JSON number is read from its text as well.
    amount: Option<Box<RawValue>>,
    period: Option<String>,
    effective_start: Option<String>,
}

#[derive(Deserialize)]
struct WrittenAddress {
    line1: Option<String>,
    line2: Option<String>,
    city: Option<String>,
    state: Option<String>,
    zip_code: Option<String>,
}

/// Reads the shape of a line; what it says is [`Written::held`]'s business. Errors: the one problem of the line.
pub(super) fn parse(text: &str) -> Result<Written, Vec<String>> {
    serde_json::from_str(text).map_err(|error| {
        let kind = if error.is_data() { "a field of another type than Benbase's" } else { "not a JSON object" };
        vec![format!("{kind}, at column {}", error.column())]
    })
}

impl Written {
    /// Benbase id, what is held, and the day from which on Benbase has somebody again whom it held as terminated; or
    /// every problem of the line.
    pub fn held(&self, placeholders: &PlaceholderDates) -> Result<Line<'_>, Vec<String>> {
        let mut problems = Vec::new();
        let id = filled(&self.employee_id);
        if id.is_none() {
            problems.push("employee_id: expected a Benbase id".to_owned());
        }
        let status = &self.employment_status;
        let mut held = Held {
            pay_frequency: one_of(&self.pay_frequency, &PAY_FREQUENCIES, "pay_frequency", &mut problems),
            employment_status: one_of(status, &EMPLOYMENT_STATUSES, "employment_status", &mut problems),
            ..Held::default()
        };
        if let Some(rate) = &self.pay_rate {
            take_rate(rate, placeholders, &mut held, &mut problems);
        }
        if let Some(address) = &self.address {
            (held.line1, held.line2) = (filled(&address.line1), filled(&address.line2));
            (held.city, held.state) = (filled(&address.city), filled(&address.state));
            held.zip_code = filled(&address.zip_code);
        }
        let reinstated_on = take_date(&self.reinstated_on, "reinstated_on", placeholders, &mut problems);
        match id {
            Some(id) if problems.is_empty() => Ok((id, held, reinstated_on)),
            _ => Err(problems),
        }
    }
}

fn take_date(
    text: &Option<String>,
    field: &str,
    placeholders: &PlaceholderDates,
    problems: &mut Vec<String>,
) -> Option<NaiveDate> {
    match DateLayout::iso().read(filled(text)?, placeholders) {
        Ok(date) => date,
        Err(NotADate) => {
            let (first, last) = (YEARS.start(), YEARS.end());
            problems.push(format!("{field}: expected a date, YYYY-MM-DD, of the years {first} to {last}"));
            None
        }
    }
}

fn take_rate<'w>(
    rate: &'w WrittenRate,
    placeholders: &PlaceholderDates,
    held: &mut Held<'w>,
    problems: &mut Vec<String>,
) {
    let amount = rate.amount.as_ref().map(|raw| Money::from_json(raw.get()));
    match amount {
        Some(Ok(amount)) if amount >= Money::ZERO => held.pay_amount = Some(amount),
        Some(Ok(_)) => problems.push("pay_rate.amount: expected zero or more".to_owned()),
        Some(Err(fault)) => problems.push(format!("pay_rate.amount: expected a decimal amount; it is {fault}")),
        None => problems.push("pay_rate.amount: expected a decimal amount; it is absent".to_owned()),
    }
    held.pay_period = one_of(&rate.period, &PAY_PERIODS, "pay_rate.period", problems);
    if held.pay_period.is_none() && !problems.iter().any(|p| p.starts_with("pay_rate.period")) {
        problems.push(format!("pay_rate.period: expected {}; it is absent", PAY_PERIODS.join(" or ")));
    }
    held.effective_start = take_date(&rate.effective_start, "pay_rate.effective_start", placeholders, problems);
}

fn one_of<'w>(text: &'w Option<String>, words: &[&str], field: &str, problems: &mut Vec<String>) -> Option<&'w str> {
    let text = filled(text)?;
    if !words.contains(&text) {
        problems.push(format!("{field}: expected one of {}", words.join(", ")));
    }
    Some(text)
}

/// Absent, `null` and blank are the same.
fn filled(text: &Option<String>) -> Option<&str> {
    text.as_deref().map(str::trim).filter(|text| !text.is_empty())
}
