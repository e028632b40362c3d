//! The money of both sides in words. A finding holds what payroll took of the employee and what the employer adds, so
//! its sentence names both; whose money it is also decides what is to be done with it.

use std::collections::BTreeMap;

use crate::rules::write::money;
use tieout_model::finding::{Payer, Variance};
use tieout_model::money::{Currency, Money};

/// What payroll took, by side.
pub(in crate::rules) fn taken(variances: &[Variance]) -> String {
    of_payers(variances.iter().map(|v| (v.payer, v.currency, v.payroll.0)))
}

/// What is due, by side.
pub(in crate::rules) fn due(variances: &[Variance]) -> String {
    of_payers(variances.iter().map(|v| (v.payer, v.currency, v.expected.0)))
}

/// `96.88 USD of the employee and 135.63 USD of the employer`. A side without an amount is left out; `nothing` if both
/// are.
pub(in crate::rules) fn of_payers(amounts: impl IntoIterator<Item = (Payer, Currency, i64)>) -> String {
    let mut sums: BTreeMap<(Payer, Currency), i64> = BTreeMap::new();
    for (payer, currency, counts) in amounts {
        *sums.entry((payer, currency)).or_default() += counts;
    }
    let there = sums.into_iter().filter(|(_, counts)| *counts != 0);
    let texts =
        there.map(|((payer, currency), counts)| format!("{} of the {}", money(counts, Some(currency)), payer.name()));
    let texts: Vec<String> = texts.collect();
    if texts.is_empty() { "nothing".to_owned() } else { texts.join(" and ") }
}

/// What to do with what was taken wrongly: the employer's own contribution is no refund to the employee.
pub(in crate::rules) fn stop(variances: &[Variance]) -> &'static str {
    match both(variances, |v| v.payroll) {
        (true, false) if are_credits(variances, |v| v.payroll) => "stop the credit and take it back",
        (true, true) => "stop both and pay them back",
        (false, true) => "stop the contribution and take it back",
        _ => "stop the deduction and refund it",
    }
}

/// What to do about what was not taken.
pub(in crate::rules) fn start(variances: &[Variance]) -> &'static str {
    match both(variances, |v| v.expected) {
        (true, false) if are_credits(variances, |v| v.expected) => "start the credit and give what is missing",
        (true, true) => "start both and make up what is missing",
        (false, true) => "start the contribution and pay what is missing",
        _ => "start the deduction and collect what is missing",
    }
}

/// Whether the employee's and whether the employer's side has an amount.
fn both(variances: &[Variance], of: fn(&Variance) -> Money) -> (bool, bool) {
    let has = |payer: Payer| variances.iter().any(|v| v.payer == payer && of(v) != Money(0));
    (has(Payer::Employee), has(Payer::Employer))
}

/// Money that the employee gets.
fn are_credits(variances: &[Variance], of: fn(&Variance) -> Money) -> bool {
    variances.iter().all(|v| of(v).0 <= 0)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn variance(payer: Payer, payroll: i64, expected: i64) -> Variance {
        let currency = Currency::parse("USD").expect("listed");
        Variance { benefit: "_Dental".to_owned(), currency, payer, payroll: Money(payroll), expected: Money(expected) }
    }

    #[test]
    fn a_sentence_names_the_sides_that_have_an_amount() {
        let [employee, employer] = [variance(Payer::Employee, 968_800, 0), variance(Payer::Employer, 1_356_300, 0)];
        let both = [employer.clone(), employee.clone()];
        assert_eq!(taken(&both), "96.88 USD of the employee and 135.63 USD of the employer");
        assert_eq!(taken(&[employee.clone(), employee]), "193.76 USD of the employee");
        assert_eq!(taken(&[employer]), "135.63 USD of the employer");
        assert_eq!((due(&both), due(&[])), ("nothing".to_owned(), "nothing".to_owned()));
    }

    #[test]
    fn two_currencies_are_never_added() {
        let eur =
            Variance { currency: Currency::parse("EUR").expect("listed"), ..variance(Payer::Employee, 10_000, 0) };
        let said = taken(&[variance(Payer::Employee, 20_000, 0), eur]);
        assert!(said.contains("1.00 EUR of the employee") && said.contains("2.00 USD of the employee"), "{said}");
    }

    #[test]
    fn what_is_to_be_done_depends_on_whose_money_it_is() {
        let [employee, employer] = [variance(Payer::Employee, 1, 2), variance(Payer::Employer, 3, 4)];
        let only = [employee.clone(), variance(Payer::Employer, 0, 0)];
        assert!(stop(&only).ends_with("refund it") && start(&only).contains("collect"));
        let alone = [variance(Payer::Employee, 0, 0), employer.clone()];
        assert!(stop(&alone).contains("contribution") && start(&alone).contains("start the contribution"));
        let credit = [variance(Payer::Employee, -1, -2)];
        assert!(stop(&credit).ends_with("credit and take it back") && start(&credit).contains("give"));
        let both = [employee, employer];
        assert!(stop(&both).contains("both") && start(&both).contains("both"));
    }
}
