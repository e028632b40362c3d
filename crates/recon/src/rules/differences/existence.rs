//! Existence (EN01, EN02, EN04, EN05, EN13): a deduction without cover, cover without a deduction, leavers on either
//! side, and codes or keys that nobody has mapped.

use polars::prelude::*;

use crate::rules::calendar::part_period::pays_for;
use crate::rules::differences::cause::vanished;
use crate::rules::differences::payers::{due, start, stop, taken};
use crate::rules::lines::unmatched::Line;
use crate::rules::night::Night;
use crate::rules::place::Place;
use crate::rules::proofs::totals::{Bucket, WholeLabel};
use crate::rules::write::{Found, day, evidence, money, several, with_exposure};
use tieout_model::code::Owner;
use tieout_model::finding::{Code, Finding, Payer, SetAside, Severity, Variance};
use tieout_model::ids::PayrollId;
use tieout_model::money::Money;

/// EN13, EN05, EN04, EN02, EN01, and what the job leaves out.
pub(in crate::rules) fn judge(night: &Night<'_>, found: &mut Found) -> PolarsResult<()> {
    for (label, apart) in &night.cells.apart {
        match &night.labels[*label as usize].ignored {
            Some(reason) => found.out_of_scope.extend(ignored(night, *label, apart, reason)),
            None => found.findings.push(unmapped(night, *label, apart)?),
        }
    }
    for line in &night.lines {
        match line.place {
            Place::En05 => {
                found.findings.push(leaver_deducted(night, line)?);
                if line.live && night.cover(line)?.is_over_before_the_period() {
                    found.findings.push(leaver_enrolled(night, line, false)?);
                }
            }
            Place::En04 if night.oyster_of(line.label).is_none() => {
                found.findings.push(leaver_enrolled(night, line, true)?)
            }
            Place::En16 => found.findings.push(not_eligible(night, line)?),
            Place::En02 => found.findings.push(no_cover(night, line)?),
            Place::En01 => found.findings.push(not_deducted(night, line)?),
            _ => {}
        }
    }
    Ok(())
}

/// One entry a currency: the amounts of a code or key that the job leaves out.
fn ignored(night: &Night<'_>, label: u32, apart: &WholeLabel, reason: &str) -> Vec<SetAside> {
    let without_amounts = SetAside {
        source: if apart.pay_row.is_some() { "payroll" } else { night.service(label) },
        employee_id: PayrollId::default(),
        benefit: night.catalog.labels.text(label).to_owned(),
        reason: format!("left out by the job: {reason} ({})", counted(night, label, apart)).into(),
        employee_amount: None,
        employer_amount: None,
        employee_expected: None,
        employer_expected: None,
        currency: None,
        period: None,
    };
    let amount = |n: i128| (n != 0).then(|| crate::rules::proofs::completeness::amount(n)).flatten();
    let in_currency = |number| {
        let [ee, er] = Payer::BOTH.map(|payer| night.cells.get(label, number, payer, Bucket::Ignored));
        let entry = SetAside {
            employee_amount: amount(ee.payroll),
            employer_amount: amount(er.payroll),
            employee_expected: amount(ee.expected),
            employer_expected: amount(er.expected),
            currency: night.currency(number),
            ..without_amounts.clone()
        };
        (ee != Default::default() || er != Default::default()).then_some(entry)
    };
    let entries: Vec<SetAside> = night.cells.currencies().filter_map(in_currency).collect();
    if entries.is_empty() { vec![without_amounts] } else { entries }
}

/// How many lines of payroll or a service stand under a code or key; Oyster's are enrollments.
fn counted(night: &Night<'_>, label: u32, apart: &WholeLabel) -> String {
    let enrollments = apart.pay_row.is_none() && night.oyster_of(label).is_some();
    several(apart.lines, if enrollments { "enrollment" } else { "line" })
}

/// EN13: one a code or key, over everybody on payroll.
fn unmapped(night: &Night<'_>, label: u32, apart: &WholeLabel) -> PolarsResult<Finding> {
    let name = night.catalog.labels.text(label).to_owned();
    let mut variances = Vec::new();
    for number in night.cells.currencies() {
        let Some(currency) = night.currency(number) else { continue };
        for payer in Payer::BOTH {
            let cell = night.cells.get(label, number, payer, Bucket::Unmapped);
            let money = |n: i128| crate::rules::proofs::completeness::amount(n).unwrap_or(Money(i64::MAX));
            if cell != Default::default() {
                let (payroll, expected) = (money(cell.payroll), money(cell.expected));
                variances.push(Variance { benefit: name.clone(), currency, payer, payroll, expected });
            }
        }
    }
    variances.sort();
    let blank = night.finding(Code::EN13, None)?;
    let (field, at_service, what) = match night.oyster_of(label) {
        _ if name.starts_with('(') => ("deduction_code", "benefitKey", "Payroll's code"),
        Some(oyster) if oyster.is_plan(label) => ("plan_id", "plan.id", "Oyster's"),
        Some(_) => ("benefit_key", "plan.id", "Oyster's benefit"),
        None => ("benefit_key", "benefitKey", "Benifex's benefit"),
    };
    let lines = counted(night, label, apart);
    let seen = match apart.pay_row {
        Some(row) => evidence(
            "payroll",
            "deduction_code",
            &format!("line {}", night.physical_line(row as usize)?.unwrap_or_default()),
        ),
        None => evidence(night.service(label), at_service, &format!("snapshot {}", night.inputs.snapshot_id)),
    };
    let period = &night.inputs.payroll.period;
    let mut finding = Finding {
        benefit: name.clone(),
        field: field.to_owned(),
        payroll_value: if apart.pay_row.is_some() { lines.clone() } else { String::new() },
        system_value: if apart.pay_row.is_none() { lines.clone() } else { "no mapping".to_owned() },
        period_start: Some(period.start),
        period_end: Some(period.end),
        evidence: vec![seen],
        sentence: format!(
            "{what} {name} has {lines} in {} to {}, {}, but the job maps it to nothing, so {} compared: map it, or leave \
             it out with a reason.",
            period.start,
            period.end,
            if apart.pay_row.is_some() { taken(&variances) } else { due(&variances) },
            if apart.lines == 1 { "it was not" } else { "none of them was" }
        ),
        variances,
        ..blank
    };
    with_exposure(&mut finding, [0; 2]);
    if let [(code, _)] = night.catalog.respelled(label)[..] {
        finding.sentence.push_str(&format!(
            " The job maps {code}, which differs only in case or blanks: correct the code on payroll, or map it too."
        ));
    }
    if night.whole_codes.held.contains(&label) {
        // Nothing is missing: another code takes as much more.
        (finding.severity, finding.period_exposure) = (Severity::S4, None);
        finding.sentence = format!(
            "{what} {name} has no code, and another code takes as much more as is due of it: name both benefits under that code \
             in deductions.codes of the job."
        );
    }
    Ok(finding.moved_by(Owner::Operator))
}

/// The side whose amount tells the story, for the two value columns.
pub(in crate::rules) fn main_amounts(line: &Line) -> (i64, i64, Payer) {
    match (line.employee_taken, line.employee_due) {
        (0, 0) => (line.employer_taken, line.employer_due, Payer::Employer),
        _ => (line.employee_taken, line.employee_due, Payer::Employee),
    }
}

/// Name of the Benifex field of a side.
pub(in crate::rules) fn contribution(payer: Payer) -> &'static str {
    match payer {
        Payer::Employee => "employeeContribution",
        Payer::Employer => "employerContribution",
    }
}

/// A finding on one line without its sentence: values, money and evidence of both sources.
pub(in crate::rules) fn on_line(night: &Night<'_>, line: &Line, code: Code, payers: &[Payer]) -> PolarsResult<Finding> {
    let blank = night.finding(code, Some(line.emp))?;
    let (paid, due, payer) = match payers {
        [payer] => (line.amounts(*payer).0, line.amounts(*payer).1, *payer),
        _ => main_amounts(line),
    };
    let due_cur = line.amounts(payer).2;
    let mut finding = Finding {
        benefit: night.label(line).to_owned(),
        // A line as a whole goes by its employee amount, whichever side tells the story tonight.
        field: if payers.len() == 1 { payer } else { Payer::Employee }.amount_field().to_owned(),
        payroll_value: line.pay_row.map(|_| money(paid, night.currency(line.pay_cur))).unwrap_or_default(),
        system_value: line.bx_row.map(|_| money(due, night.currency(due_cur.max(line.pay_cur)))).unwrap_or_default(),
        variances: night.variances([line], payers),
        evidence: night
            .at_line(line, payer.amount_field())?
            .into_iter()
            .chain([night.at_benefit(line, contribution(payer))?])
            .collect(),
        ..blank
    };
    with_exposure(&mut finding, [line.per_year, line.employer_per_year]);
    Ok(finding)
}

fn leaver_deducted(night: &Night<'_>, line: &Line) -> PolarsResult<Finding> {
    let mut blank = on_line(night, line, Code::EN05, &Payer::BOTH)?;
    // Cover has ended: all that was taken goes back to whom it was taken from, whatever Benifex still shows as due.
    let all = line.employee_taken + if line.employer { line.employer_taken } else { 0 };
    if let Some(currency) = night.currency(line.pay_cur) {
        blank.period_exposure = Some((Money(-all), currency));
        blank.run_rate = line.common_d().map(|d| (Money((-all).saturating_mul(d)), currency));
    }
    let mut mend = format!("and cover has ended: {}", stop(&blank.variances));
    if all < 0 {
        // A refund happens once.
        blank.run_rate = None;
        mend = "and what it took for days after cover ended is less: collect the rest".to_owned();
    }
    Ok(Finding {
        also: if line.live { vec![Code::EN04] } else { Vec::new() },
        sentence: format!(
            "Payroll took {} for {} in {}{}, but the employee left on {} {mend}, or correct the leave date.",
            taken(&blank.variances),
            night.label(line),
            night.period_text(line.emp)?,
            pays_for(night, line)?,
            day(night.leave(line.emp)?),
        ),
        ..blank
    }
    .moved_by(Owner::Payroll))
}

/// EN04; `holds` = no EN05 on the same line holds the variance.
fn leaver_enrolled(night: &Night<'_>, line: &Line, holds: bool) -> PolarsResult<Finding> {
    let mut blank = on_line(night, line, Code::EN04, &Payer::BOTH)?;
    let cost = match blank.variances.is_empty() {
        true => String::new(),
        false => format!(", {} a deduction,", due(&blank.variances)),
    };
    if !holds {
        blank.variances.clear();
        blank.also = vec![Code::EN05];
    }
    if !holds || line.employee_taken != 0 || line.employer_taken != 0 {
        // Payroll took it: nothing is under-collected, and EN05 says what is owed back.
        (blank.period_exposure, blank.run_rate) = (None, None);
    }
    Ok(Finding {
        field: "status".to_owned(),
        payroll_value: day(night.leave(line.emp)?),
        system_value: "live".to_owned(),
        sentence: format!(
            "{} is still live in Benifex{cost} though the employee left on {} and cover ended before {}: end the \
             benefit, or correct the leave date.",
            night.label(line),
            day(night.leave(line.emp)?),
            night.period(line.emp)?.0
        ),
        ..blank
    }
    .moved_by(Owner::Benefits))
}

fn no_cover(night: &Night<'_>, line: &Line) -> PolarsResult<Finding> {
    let blank = on_line(night, line, Code::EN02, &Payer::BOTH)?;
    let state = if line.bx_row.is_some() { "shows it as not in force" } else { "shows no such cover" };
    let cause = vanished(night, line)?;
    let mut finding = Finding {
        system_value: if line.bx_row.is_some() { "not in force" } else { "no cover" }.to_owned(),
        sentence: format!(
            "Payroll took {} for {} in {}, but Benifex {state}: {}, or enrol the employee.",
            taken(&blank.variances),
            night.label(line),
            night.period_text(line.emp)?,
            stop(&blank.variances)
        ),
        ..blank
    }
    .moved_by(Owner::Payroll);
    cause.iter().for_each(|cause| finding.tell_also(cause.code, &cause.words));
    Ok(finding)
}

fn not_eligible(night: &Night<'_>, line: &Line) -> PolarsResult<Finding> {
    let mut blank = on_line(night, line, Code::EN16, &Payer::BOTH)?;
    // All of it goes back, whatever Benifex shows as due.
    let all = line.employee_taken + if line.employer { line.employer_taken } else { 0 };
    if let Some(currency) = night.currency(line.pay_cur) {
        blank.period_exposure = Some((Money(-all), currency));
        blank.run_rate = line.common_d().map(|d| (Money((-all).saturating_mul(d)), currency));
    }
    Ok(Finding {
        sentence: format!(
            "Payroll took {} for {} in {}, but by the schemes of the job the pay group may not have it: {}, or correct the schemes.",
            taken(&blank.variances),
            night.label(line),
            night.period_text(line.emp)?,
            stop(&blank.variances)
        ),
        ..blank
    }
    .moved_by(Owner::Payroll))
}

fn not_deducted(night: &Night<'_>, line: &Line) -> PolarsResult<Finding> {
    let blank = on_line(night, line, Code::EN01, &Payer::BOTH)?;
    let live = match night.begins(line)? {
        Some(day) => format!("has been live in Benifex since {day}"),
        None => "is live in Benifex without a stated first day".to_owned(),
    };
    Ok(Finding {
        payroll_value: "no line".to_owned(),
        sentence: format!(
            "{} {live}, with {} due in {}, but payroll has no line: {}.",
            night.label(line),
            due(&blank.variances),
            night.period_text(line.emp)?,
            start(&blank.variances)
        ),
        ..blank
    }
    .moved_by(Owner::Payroll))
}
