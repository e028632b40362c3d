//! When two bodies ask for the same in other words: what is no difference to the rules is none to a decision.

use super::{Address, CompensationChange, NewHire, PayRate, Payload};
use crate::address::{Home, homes_differ};
use crate::money::Money;
use crate::states::state_code;
use crate::terms::{RateBasis, YEAR_ROUNDING};

impl Payload {
    /// The same change of the same person, however an address, a name or the pay of a month is written.
    pub fn is_alike(&self, other: &Payload) -> bool {
        match (self, other) {
            (Payload::Compensation(a), Payload::Compensation(b)) => pays_alike(a, b),
            (Payload::Demographic(a), Payload::Demographic(b)) => {
                a.employee_id == b.employee_id && addresses_alike(&a.address, &b.address)
            }
            (Payload::NewHire(a), Payload::NewHire(b)) => hires_alike(a, b),
            _ => self == other,
        }
    }
}

fn pays_alike(a: &CompensationChange, b: &CompensationChange) -> bool {
    let rates = match (&a.pay_rate, &b.pay_rate) {
        (Some(a), Some(b)) => rates_alike(a, b),
        (a, b) => a.is_none() && b.is_none(),
    };
    rates && CompensationChange { pay_rate: None, ..a.clone() } == CompensationChange { pay_rate: None, ..b.clone() }
}

/// A year's pay that one file tells by the month has its cents rounded.
fn rates_alike(a: &PayRate, b: &PayRate) -> bool {
    let rounding = if a.period == RateBasis::Annually.name() { YEAR_ROUNDING } else { Money::ZERO };
    let amounts = Money::from_json(&a.amount).ok().zip(Money::from_json(&b.amount).ok());
    let near = amounts.is_some_and(|(a, b)| a.0.abs_diff(b.0) <= rounding.0.unsigned_abs());
    (near || a.amount == b.amount) && a.period == b.period && a.effective_start == b.effective_start
}

fn addresses_alike(a: &Address, b: &Address) -> bool {
    state_code(&a.state) == state_code(&b.state) && !homes_differ(&home(a), &home(b), true)
}

fn home(address: &Address) -> Home<'_> {
    Home {
        line1: Some(&address.line1),
        line2: address.line2.as_deref(),
        city: Some(&address.city),
        state: Some(&address.state),
        zip: Some(&address.zip_code),
    }
}

fn hires_alike(a: &NewHire, b: &NewHire) -> bool {
    let plain = |hire: &NewHire| NewHire {
        first_name: hire.first_name.to_lowercase(),
        last_name: hire.last_name.to_lowercase(),
        email: hire.email.to_lowercase(),
        address: a.address.clone(),
        pay_rate: a.pay_rate.clone(),
        ..hire.clone()
    };
    let [[pay_a], [pay_b]] = [&a.pay_rate, &b.pay_rate];
    addresses_alike(&a.address, &b.address) && rates_alike(pay_a, pay_b) && plain(a) == plain(b)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::correction::{DemographicChange, samples};

    fn moves(line1: &str, line2: Option<&str>, zip_code: &str) -> Payload {
        let address = Address {
            line1: line1.to_owned(),
            line2: line2.map(str::to_owned),
            city: "Boston".to_owned(),
            state: "MA".to_owned(),
            zip_code: zip_code.to_owned(),
        };
        Payload::Demographic(DemographicChange { employee_id: "emp_1".into(), address })
    }

    fn earns(amount: &str, period: &str, effective: &str) -> Payload {
        let rate =
            PayRate { amount: amount.to_owned(), period: period.to_owned(), effective_start: effective.to_owned() };
        Payload::Compensation(CompensationChange {
            employee_id: "emp_1".into(),
            pay_frequency: None,
            pay_rate: Some(rate),
            employment_status: None,
        })
    }

    #[test]
    fn an_address_in_another_spelling_is_the_same_change_and_another_place_is_not() {
        let asked = moves("9 Oak Ave", Some("Apt 4"), "02134");
        for same in [
            moves("9 OAK AVENUE", Some("#4"), "02134"),
            moves("9 Oak Ave. Unit 4", None, "02134"),
            moves("9 Oak Ave", Some("Apt 4"), "02134-1234"),
        ] {
            assert!(asked.is_alike(&same) && same.is_alike(&asked), "{same:?}");
        }
        for other in [
            moves("9 Oak Ave", None, "02134"),
            moves("9 Oak St", Some("Apt 4"), "02134"),
            moves("9 Oak Ave", Some("Apt 4"), "02135"),
        ] {
            assert!(!asked.is_alike(&other), "{other:?}");
        }
    }

    #[test]
    fn the_pay_of_a_month_is_that_of_its_year_and_any_other_pay_or_day_is_another_change() {
        let asked = earns("63001.00", "annually", "2026-02-01");
        // Twelve months of 5,250.08.
        assert!(asked.is_alike(&earns("63000.96", "annually", "2026-02-01")));
        for other in [
            earns("63002.00", "annually", "2026-02-01"),
            earns("63001.00", "annually", "2026-02-02"),
            earns("63001.00", "hourly", "2026-02-01"),
        ] {
            assert!(!asked.is_alike(&other), "{other:?}");
        }
        assert!(!earns("30.00", "hourly", "2026-02-01").is_alike(&earns("30.04", "hourly", "2026-02-01")));
    }

    #[test]
    fn each_change_is_alike_to_itself_and_to_no_other_kind() {
        let all = samples::all();
        for (at, one) in all.iter().enumerate() {
            for (other_at, other) in all.iter().enumerate() {
                assert_eq!(one.is_alike(other), at == other_at, "{one:?} {other:?}");
            }
        }
    }

    #[test]
    fn a_hire_is_the_same_whatever_the_case_of_name_and_address() {
        let hires = samples::all().into_iter().filter_map(|change| match change {
            Payload::NewHire(hire) => Some(hire),
            _ => None,
        });
        for hire in hires {
            let mut written = hire.clone();
            written.last_name = hire.last_name.to_uppercase();
            written.address.line1 = hire.address.line1.to_uppercase();
            assert!(Payload::NewHire(hire.clone()).is_alike(&Payload::NewHire(written.clone())));
            written.dob = "1970-01-01".to_owned();
            assert!(!Payload::NewHire(hire).is_alike(&Payload::NewHire(written)));
        }
    }
}
