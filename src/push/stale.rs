//! Whether an item still says what is true: its own hash, its findings, what Benbase already holds. Its age and the
//! policy of its approval are the plan's business.

use std::collections::BTreeSet;

use super::order::payload;
use tieout_model::correction::evidence::{finding_ids, hash_texts};
use tieout_model::correction::{
    BenbaseLedger, CompensationChange, CorrectionKind, DemographicChange, Held, PayRate, Payload,
};
use tieout_model::money::{DECIMALS_MAX, Marks, Money};
use tieout_store::{BlockedPeople, Item, Store};

use super::plan::Candidate;

/// Of a body that cannot be read as its kind.
pub(super) const NO_CHANGE: &str = "its body is no change of its kind";

/// The item with what the database says of it.
pub fn candidate(
    item: Item,
    store: &Store,
    ledger: &BenbaseLedger,
    blocked: &BlockedPeople,
) -> anyhow::Result<Candidate> {
    if item.kind.is_oyster() {
        return Ok(super::oyster::candidate(item));
    }
    let payload = payload(&item).ok();
    let sets_pay = match &payload {
        Some(Payload::Compensation(change)) => change.pay_rate.is_some(),
        Some(Payload::NewHire(_)) => true,
        Some(Payload::Demographic(_) | Payload::Termination(_)) | None => false,
    };
    let outdated = match payload {
        None => Some(NO_CHANGE.to_owned()),
        Some(_) if hash_texts(&item.payload, &item.evidence) != item.payload_hash => {
            Some("its body or its evidence is not what was approved".to_owned())
        }
        Some(payload) if is_held(&payload, ledger) => Some("Benbase already holds it".to_owned()),
        Some(_) => finding_gone(&item, store)?,
    };
    Ok(Candidate { blocked: blocked.why(&item), item, outdated, sets_pay })
}

/// A finding that is gone, and no other of the same part of the body is left: where payroll and Benifex differed as
/// well, Benifex has followed, and what Benbase holds is as wrong as it was.
fn finding_gone(item: &Item, store: &Store) -> anyhow::Result<Option<String>> {
    let Ok(ids) = finding_ids(&item.evidence) else { return Ok(Some("its evidence cannot be read".to_owned())) };
    // A leaver's findings end with the benefits, and those of a joiner once Benifex has the person: whether the change
    // stands is the night's to say.
    if matches!(item.kind, CorrectionKind::Termination | CorrectionKind::NewHire) {
        return Ok(None);
    }
    let (mut gone, mut left) = (Vec::new(), BTreeSet::new());
    for id in ids {
        match store.remembered(&id)? {
            Some(finding) if finding.is_cleared => gone.push((id, part(item.kind, finding.field))),
            Some(finding) => _ = left.insert(part(item.kind, finding.field)),
            None => {}
        }
    }
    let gone = gone.into_iter().find(|(_, part)| !left.contains(part));
    Ok(gone.map(|(id, _)| format!("finding {id} is gone: payroll or its evidence changed since the approval")))
}

/// The part of a body that a finding on a field asks for: pay comes with its date, an address as a whole.
fn part(kind: CorrectionKind, field: String) -> String {
    match (kind, field.as_str()) {
        (CorrectionKind::Compensation, "salary_effective") => "base_salary".to_owned(),
        (CorrectionKind::Compensation, _) => field,
        _ => String::new(),
    }
}

/// Every field of the body is what Benbase last accepted.
fn is_held(payload: &Payload, ledger: &BenbaseLedger) -> bool {
    let Some(held) = ledger.get(payload.benbase_id()) else { return false };
    match payload {
        Payload::Demographic(change) => address_is_held(change, &held),
        Payload::Compensation(change) => pay_is_held(change, &held),
        // Whoever is in the ledger is hired.
        Payload::NewHire(_) => true,
        Payload::Termination(_) => held.terminated_on.is_some(),
    }
}

fn address_is_held(DemographicChange { address, .. }: &DemographicChange, held: &Held) -> bool {
    let same = |held: Option<&str>, wanted: &str| held == Some(wanted);
    same(held.line1, &address.line1)
        && held.line2 == address.line2.as_deref()
        && same(held.city, &address.city)
        && same(held.state, &address.state)
        && same(held.zip_code, &address.zip_code)
}

fn pay_is_held(change: &CompensationChange, held: &Held) -> bool {
    let same = |held: Option<&str>, wanted: Option<&str>| wanted.is_none() || held == wanted;
    same(held.pay_frequency, change.pay_frequency.as_deref())
        && same(held.employment_status, change.employment_status.as_deref())
        && change.pay_rate.as_ref().is_none_or(|rate| rate_is_held(rate, held))
}

fn rate_is_held(rate: &PayRate, held: &Held) -> bool {
    let amount = Money::parse(&rate.amount, Marks::PLAIN, DECIMALS_MAX).ok();
    amount.is_some()
        && amount == held.pay_amount
        && held.pay_period == Some(&rate.period)
        && held.effective_start.is_some_and(|date| date.to_string() == rate.effective_start)
}

#[cfg(test)]
mod tests {
    use super::*;
    use tieout_model::correction::Address;

    fn held() -> Held<'static> {
        Held {
            pay_frequency: Some("weekly"),
            pay_amount: Some(Money::units(52_000)),
            pay_period: Some("annually"),
            effective_start: "2026-03-16".parse().ok(),
            pay_sent: false,
            employment_status: Some("full_time"),
            line1: Some("1 Main St"),
            line2: None,
            city: Some("Austin"),
            state: Some("TX"),
            zip_code: Some("73301"),
            terminated_on: None,
        }
    }

    fn pay(edit: impl FnOnce(&mut CompensationChange)) -> bool {
        let rate =
            PayRate { amount: "52000.00".into(), period: "annually".into(), effective_start: "2026-03-16".into() };
        let mut change = CompensationChange {
            employee_id: "emp_1".into(),
            pay_frequency: Some("weekly".into()),
            pay_rate: Some(rate),
            employment_status: Some("full_time".into()),
        };
        edit(&mut change);
        is_held(&Payload::Compensation(change), &BenbaseLedger::from([("emp_1", held())]))
    }

    fn moved(edit: impl FnOnce(&mut Address)) -> bool {
        let mut address = Address {
            line1: "1 Main St".into(),
            line2: None,
            city: "Austin".into(),
            state: "TX".into(),
            zip_code: "73301".into(),
        };
        edit(&mut address);
        let change = DemographicChange { employee_id: "emp_1".into(), address };
        is_held(&Payload::Demographic(change), &BenbaseLedger::from([("emp_1", held())]))
    }

    #[test]
    fn whoever_is_in_the_ledger_is_hired_and_whoever_left_has_left() {
        let ledger = |held: Held<'_>| BenbaseLedger::from([("emp_1", held)]);
        let hire = |id: &str| {
            let mut hire = tieout_services::benbase::samples::full_hire();
            hire.employee_id = id.into();
            Payload::NewHire(Box::new(hire))
        };
        assert!(is_held(&hire("emp_1"), &ledger(Held::default())));
        assert!(!is_held(&hire("emp_2"), &ledger(Held::default())));
        let left = tieout_services::benbase::samples::termination_of("emp_1", "2026-03-20");
        assert!(!is_held(&left, &ledger(held())));
        assert!(is_held(&left, &ledger(Held { terminated_on: "2026-03-19".parse().ok(), ..held() })));
    }

    #[test]
    fn only_a_change_that_changes_nothing_is_held_already() {
        assert!(pay(|_| ()));
        assert!(pay(|c| c.pay_rate = None));
        assert!(!pay(|c| c.pay_frequency = Some("monthly".into())));
        assert!(!pay(|c| c.employment_status = Some("part_time".into())));
        assert!(!pay(|c| c.employee_id = "emp_2".into()));
        let rate = |edit: fn(&mut PayRate)| pay(|c| c.pay_rate.iter_mut().for_each(edit));
        assert!(!rate(|r| r.amount = "52000.01".into()));
        assert!(!rate(|r| r.period = "hourly".into()));
        assert!(!rate(|r| r.effective_start = "2026-03-17".into()));
        assert!(moved(|_| ()));
        assert!(!moved(|a| a.line2 = Some("Apt 1".into())));
        assert!(!moved(|a| a.zip_code = "73302".into()));
    }
}
