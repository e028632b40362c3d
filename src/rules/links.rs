//! What a correction needs and may not have: ID08 (no usable Benbase id), who is blocked, and the facts of both sources
//! from which corrections are planned.

use std::collections::{BTreeMap, BTreeSet};

use polars::prelude::*;

use super::columns::{days, flags, texts};
use super::night::Night;
use super::pay::Pays;
use super::people::date;
use super::registry;
use super::write::{Found, evidence};
use crate::correction::Facts;
use crate::finding::{Code, Finding};
use crate::money::Money;

/// ID08: a correction would follow, but nobody knows for whom.
pub(super) fn judge(night: &Night<'_>, found: &mut Found) -> PolarsResult<()> {
    let Some(benbase) = &night.inputs.job.benbase else { return Ok(()) };
    let countries = texts(&night.inputs.payroll.people, "country")?;
    for emp in correctable(night, found) {
        let country = night.person(emp).and_then(|row| countries.get(row));
        let id = night.benbase[emp as usize];
        let usable = id.is_some_and(|id| id != benbase.employer_id);
        if usable || !country.is_some_and(|c| benbase.countries.contains(c)) {
            continue;
        }
        let (shown, fault) = match id {
            Some(_) => ("employer id", "gives this employee the id of the employer"),
            None => ("none", "has no Benbase id for this employee"),
        };
        let form = night.form(Code::ID08, Some(emp))?;
        found.findings.push(Finding {
            field: "benbase_id".to_owned(),
            system_value: shown.to_owned(),
            evidence: vec![evidence("crosswalk", "benbase_id", "the crosswalk file")],
            sentence: format!(
                "The crosswalk {fault}, so no correction can be derived: enter the right id. The operator's move."
            ),
            ..form
        });
    }
    Ok(())
}

fn correctable(night: &Night<'_>, found: &Found) -> BTreeSet<u32> {
    let accused = found.findings.iter().filter(|f| registry::of(f.code).corrects());
    night.emps(accused.map(|f| f.employee_id.as_str()))
}

/// What payroll and Benifex say of everybody from whose findings a correction may come.
pub(super) fn facts(night: &Night<'_>, found: &Found) -> PolarsResult<BTreeMap<String, Facts>> {
    let pays = Pays::new(night)?;
    let stopped = found.findings.iter().any(|f| f.blocks && f.employee_id.is_empty() && stops_everybody(f.code));
    let blocked: BTreeSet<&str> = found.findings.iter().filter(|f| f.blocks).map(|f| f.employee_id.as_str()).collect();
    let unverified: BTreeSet<&str> = found.unverified.iter().map(|s| s.employee_id.as_str()).collect();
    let shaky = flags(&night.people.frame, "shaky")?;
    let mut facts = BTreeMap::new();
    for emp in correctable(night, found) {
        let id = night.id(emp);
        let blocked = stopped || blocked.contains(id) || shaky.get(emp as usize) == Some(true);
        let of_person = of_person(night, &pays, emp)?;
        facts.insert(id.to_owned(), Facts { unverified: unverified.contains(id), blocked, ..of_person });
    }
    Ok(facts)
}

/// CT03 blocks the people of its batches only; CT06 stops the queue through its guard, not the plan.
pub(super) fn stops_everybody(code: Code) -> bool {
    matches!(code, Code::CT01 | Code::CT04 | Code::CT10)
}

fn of_person(night: &Night<'_>, pays: &Pays<'_, '_>, emp: u32) -> PolarsResult<Facts> {
    let text = |name| PolarsResult::Ok(night.pay_text(emp, name)?.map(str::to_owned));
    let Some(pay) = pays.get(emp) else { return Ok(Facts::default()) };
    let starts = days(&night.inputs.payroll.people, "period_start")?;
    let period_start = night.person(emp).and_then(|row| starts.get(row)).map(date);
    let known = night.benbase[emp as usize].filter(|_| !night.ambiguous.contains(&emp));
    Ok(Facts {
        benbase_id: known.map(str::to_owned),
        country: pay.country.map(str::to_owned),
        currency: pay.currency,
        period_start: period_start.or(Some(night.period(emp)?.0)),
        base_salary: pay.salary.map(Money),
        rate_basis: Some(pay.basis.name().to_owned()),
        salary_effective: pay.effective.map(date),
        pay_frequency: pay.frequency.map(str::to_owned),
        employment_status: pay.status.map(str::to_owned),
        line1: text("addr_line1")?,
        line2: text("addr_line2")?,
        city: text("city")?,
        state: text("state")?,
        zip: text("zip")?,
        benifex_salary: pay.bx_salary.map(Money),
        benifex_rate_basis: Some(pay.bx_basis.name().to_owned()),
        benifex_salary_currency: pay.bx_currency,
        benifex_salary_effective: pay.bx_effective.map(date),
        benifex_pay_frequency: pay.bx_frequency.map(str::to_owned),
        benifex_employment_status: pay.bx_status.map(str::to_owned),
        benifex_zip: night.user_text(emp, "postcode")?.map(str::to_owned),
        unverified: false,
        blocked: false,
    })
}
