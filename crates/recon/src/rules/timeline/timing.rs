//! Timing (TM07): the election changed after payroll's cut-off, and payroll still has what was right before. It clears
//! itself with the next period; it is information, not an accusation.

use polars::prelude::*;

use crate::rules::calendar::cover::CoverShare;
use crate::rules::calendar::part_period::pays_for;
use crate::rules::differences::existence::on_line;
use crate::rules::differences::payers::{due, taken};
use crate::rules::lines::unmatched::Line;
use crate::rules::night::Night;
use crate::rules::people::date;
use crate::rules::place::Place;
use crate::rules::timeline::positions::position;
use crate::rules::write::{Found, day, evidence, moment, money};
use crate::scheme::FirstDeduction;
use crate::snapshot::{BENEFITS, POPULATION};
use tieout_model::finding::{Code, Finding, Payer};

/// TM07.
pub(in crate::rules) fn judge(night: &Night<'_>, found: &mut Found) -> PolarsResult<()> {
    for line in night.lines_at(Place::Tm07) {
        found.findings.push(cutoff_timing(night, line)?);
    }
    Ok(())
}

fn cutoff_timing(night: &Night<'_>, line: &Line) -> PolarsResult<Finding> {
    let blank = on_line(night, line, Code::TM07, &Payer::BOTH)?;
    let changed = BENEFITS.change_date.of(&night.inputs.benefits.frame)?;
    let changed = line.bx_row.and_then(|row| changed.get(row)).map(date);
    let prior = match &night.inputs.prior {
        Some(prior) => {
            let row = position(POPULATION.employee_id.of(prior.population)?, night.id(line.emp));
            let fetched = row.map(|row| PolarsResult::Ok(POPULATION.fetched_at.of(prior.population)?.get(row)));
            let at = fetched.transpose()?.flatten().map_or_else(String::new, moment);
            Some(evidence(&format!("snapshot {}", prior.id), "currentBenefits", &at))
        }
        None => None,
    };
    let file = &night.inputs.payroll.period;
    // Of the days that the deduction pays for.
    let in_arrears = !line.live && night.scheme(line)?.first_deduction == Some(FirstDeduction::InArrears);
    let cutoff = if in_arrears { date(night.cover(line)?.window.last) + (file.cutoff - file.end) } else { file.cutoff };
    let since = match changed {
        Some(changed) if changed <= cutoff && line.live => {
            format!("was more before the cut-off of {cutoff}, and a part of it has ended since")
        }
        Some(changed) if changed <= cutoff => format!("was in force before the cut-off of {cutoff} and ended since"),
        Some(_) => format!("changed on {}, after the cut-off of {cutoff}", day(changed)),
        None => format!("ended after the cut-off of {cutoff}"),
    };
    let due_now = match of_both(night, line, &blank)? {
        Some(owed) => owed,
        None => format!(", and what is due from now on is {}", due(&blank.variances)),
    };
    Ok(Finding {
        // It clears by itself: there is nothing that goes on for a year.
        run_rate: None,
        also: otherwise(line.otherwise),
        evidence: blank.evidence.into_iter().chain(prior.filter(|_| !in_arrears)).collect(),
        sentence: format!(
            "{} {since}: payroll took {} in {}{}, which was right before{due_now}, so it clears with the next period.",
            night.label(line),
            taken(&blank.variances),
            night.period_text(line.emp)?,
            pays_for(night, line)?
        ),
        ..blank
    }
    .moved_by(None))
}

/// What the rule of the scheme makes of two prices, of which one followed on the other inside the period.
fn of_both(night: &Night<'_>, line: &Line, blank: &Finding) -> PolarsResult<Option<String>> {
    let is_part = matches!(night.cover(line)?.share(night.scheme(line)?), CoverShare::Part(..) | CoverShare::Nothing);
    let (_, end) = night.period(line.emp)?;
    let open = night.balances.open_of(line.emp, night.label(line), end).filter(|_| is_part);
    let Some((owed, (by_new, currency))) = open.zip(blank.period_exposure) else { return Ok(None) };
    let is_more = owed > 0;
    let owed = i64::try_from(owed).ok().filter(|owed| *owed != by_new.0);
    let text = |owed: i64| {
        let amount = money(owed.abs(), Some(currency));
        let is = if is_more { "is owed" } else { "is too much" };
        format!("; {amount} {is} by the rule of the scheme for the days of either price")
    };
    Ok(owed.map(text))
}

/// The codes that the line would have had without the late change.
fn otherwise(place: Place) -> Vec<Code> {
    match place {
        Place::En01 => vec![Code::EN01],
        Place::En02 => vec![Code::EN02],
        Place::Am01 => vec![Code::AM01],
        Place::Am02 => vec![Code::AM02],
        Place::AmBoth => vec![Code::AM01, Code::AM02],
        _ => Vec::new(),
    }
}
