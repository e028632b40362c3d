//! CT09: differences that are each within the rounding tolerance and in sum are not. One a benefit, currency and payer.

use polars::prelude::*;
use tieout_model::code::Owner;
use tieout_model::share::Share;

use crate::rules::night::Night;
use crate::rules::proofs::completeness::amount;
use crate::rules::proofs::totals::Bucket;
use crate::rules::write::{Found, evidence, money};
use tieout_model::finding::{Code, Finding, Payer};
use tieout_model::money::{Currency, Money};

/// A sum of drift is told from this amount on…
const MATERIAL: Money = Money::units(500);
/// …or from this share of what is due on, where it is at least one unit of the currency.
const MATERIAL_SHARE: Share = Share::of_ten_thousandths(10);

/// CT09.
pub(in crate::rules) fn judge(night: &Night<'_>, found: &mut Found) -> PolarsResult<()> {
    // What Oyster states is an estimate: within its tolerance nothing drifts.
    for label in (0..night.catalog.labels.len() as u32).filter(|label| night.oyster_of(*label).is_none()) {
        for number in night.cells.currencies() {
            let Some(currency) = night.currency(number) else { continue };
            for payer in Payer::BOTH {
                let cell = night.cells.get(label, number, payer, Bucket::Tolerated);
                if is_material(cell.payroll - cell.expected, cell.expected) {
                    found.findings.extend(drift(night, label, currency, payer, cell.payroll, cell.expected)?);
                }
            }
        }
    }
    Ok(())
}

fn is_material(drift: i128, due: i128) -> bool {
    let share = MATERIAL_SHARE.is_reached(drift, due) && drift.abs() >= i128::from(Money::units(1).0);
    drift.abs() >= i128::from(MATERIAL.0) || (share && due != 0)
}

fn drift(
    night: &Night<'_>,
    label: u32,
    currency: Currency,
    payer: Payer,
    payroll: i128,
    expected: i128,
) -> PolarsResult<Option<Finding>> {
    let blank = night.finding(Code::CT09, None)?;
    let (Some(sum), Some(paid), Some(due)) = (amount(payroll - expected), amount(payroll), amount(expected)) else {
        return Ok(None);
    };
    let benefit = night.catalog.labels.text(label);
    let shown = |amount: Money| money(amount.0, Some(currency));
    let period = &night.inputs.payroll.period;
    Ok(Some(Finding {
        benefit: benefit.to_owned(),
        field: payer.amount_field().to_owned(),
        payroll_value: shown(paid),
        system_value: shown(due),
        period_start: Some(period.start),
        period_end: Some(period.end),
        evidence: vec![evidence("job", "control totals", "")],
        sentence: format!(
            "The {} amounts for {benefit} in {} to {} differ from what is due by {} in all, though each is within the rounding \
             tolerance: agree on one way of rounding.",
            payer.name(),
            period.start,
            period.end,
            shown(sum)
        ),
        ..blank
    }
    .moved_by(Owner::Payroll)))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn cents_of_many_are_material_from_a_share_or_an_amount_on() {
        let units = |n: i64| i128::from(Money::units(n).0);
        assert!(is_material(units(2), units(2_000)) && is_material(units(-2), units(2_000)));
        assert!(!is_material(units(2), units(2_001)));
        assert!(is_material(units(500), units(9_000_000)));
        // A cent of a small benefit.
        assert!(!is_material(100, units(1)));
    }
}
