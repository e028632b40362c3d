//! Shares and estimates: values that do not fit their unit (AM14), charges off their estimate (AM15), and what can't be
//! priced (AM16). An estimate is never exact, and a share is never converted by its size.

use polars::prelude::PolarsResult;

use crate::rules::differences::existence::on_line;
use crate::rules::differences::payers::of_payers;
use crate::rules::lines::unmatched::Line;
use crate::rules::night::Night;
use crate::rules::oyster::Oysters;
use crate::rules::oyster::cover::WHOLE_SHARE;
use crate::rules::oyster::rows::Enrollment;
use crate::rules::oyster::write::{SHARE, at_enrollment};
use crate::rules::place::Place;
use crate::rules::write::{Found, money};
use crate::settings::PricePeriod;
use tieout_model::code::Owner;
use tieout_model::finding::{Code, Finding, Payer};
use tieout_model::money::{Currency, Marks, Money};

/// Percents of one whole.
const PERCENTS: i64 = 100;

/// AM14, AM15, AM16.
pub(super) fn judge(night: &Night<'_>, oyster: &Oysters<'_>, found: &mut Found) -> PolarsResult<()> {
    for ((emp, label), cover) in &oyster.covers {
        let known = &night.labels[*label as usize];
        if known.ignored.is_some() || !known.mapped {
            continue;
        }
        let odd = cover.rows.iter().map(|(row, _)| &oyster.enrollments[*row]).filter(|e| !e.state.is_final());
        for enrollment in odd {
            if let Some(anomalies) = enrollment.anomalies {
                found.findings.push(odd_share(night, *emp, *label, enrollment, anomalies)?);
            }
        }
    }
    for line in &night.lines {
        let payers: &[Payer] = match line.place {
            Place::Am15Employee => &[Payer::Employee],
            Place::Am15Employer => &[Payer::Employer],
            Place::Am15Both => &Payer::BOTH,
            Place::Am15Free => {
                found.findings.push(charged_for_nothing(night, line)?);
                continue;
            }
            Place::Am16 => {
                found.findings.push(unpriceable(night, oyster, line)?);
                continue;
            }
            _ => continue,
        };
        for payer in payers {
            found.findings.push(off_estimate(night, oyster, line, *payer)?);
        }
    }
    Ok(())
}

/// AM14: nobody can say whether it is a fraction or a percentage, so both readings are shown.
fn odd_share(
    night: &Night<'_>,
    emp: u32,
    label: u32,
    enrollment: &Enrollment<'_>,
    anomalies: &str,
) -> PolarsResult<Finding> {
    let benefit = night.catalog.labels.text(label);
    let blank = night.finding(Code::AM14, Some(emp))?;
    let both = anomalies.split(';').filter_map(both_ways).collect::<Vec<_>>().join("; ");
    let both = if both.is_empty() { String::new() } else { format!(" ({both})") };
    Ok(Finding {
        benefit: benefit.to_owned(),
        field: "share".to_owned(),
        system_value: anomalies.to_owned(),
        evidence: vec![at_enrollment(enrollment, SHARE)],
        sentence: format!(
            "Oyster gives the employer's share of {benefit} as {anomalies}{both}: it is taken neither way and nothing is \
             compared; have it put right in Oyster."
        ),
        ..blank
    }
    .moved_by(Owner::Benefits))
}

/// `teamMember 0.55 where percents are due` read as a percentage and as a fraction.
fn both_ways(anomaly: &str) -> Option<String> {
    let value = anomaly.split_whitespace().find_map(|word| Money::parse(word, Marks::PLAIN, 4).ok())?;
    let as_fraction = Money(value.0.checked_mul(PERCENTS)?);
    Some(format!("as percents {} %, as a fraction {} %", value.to_text(0), as_fraction.to_text(0)))
}

fn off_estimate(night: &Night<'_>, oyster: &Oysters<'_>, line: &Line, payer: Payer) -> PolarsResult<Finding> {
    let blank = on_line(night, line, Code::AM15, &[payer])?;
    let (paid, due, due_cur) = line.amounts(payer);
    // One currency on both sides, or the line would not be here.
    let currency = night.currency(line.pay_cur.max(due_cur));
    let direction = if paid > due { "more" } else { "less" };
    Ok(Finding {
        sentence: format!(
            "The {} amount for {} in {} is {} on payroll, {} {direction} than Oyster's estimate of {} ({}): check price and \
             share, and correct the deduction if it is wrong.",
            payer.name(),
            night.label(line),
            night.period_text(line.emp)?,
            money(paid, currency),
            money((paid - due).abs(), currency),
            money(due, currency),
            terms(oyster, line, payer, currency)
        ),
        ..blank
    }
    .moved_by(Owner::Payroll))
}

/// AM15 where the employer pays everything: nothing is due of the employee, whatever price and dependants.
fn charged_for_nothing(night: &Night<'_>, line: &Line) -> PolarsResult<Finding> {
    let blank = on_line(night, line, Code::AM15, &[Payer::Employee])?;
    let (paid, _, _) = line.amounts(Payer::Employee);
    Ok(Finding {
        sentence: format!(
            "Oyster says that the employer pays all of {}, dependants included, but payroll took {} of the employee in {}: \
             stop the deduction and pay it back.",
            night.label(line),
            money(paid, night.currency(line.pay_cur)),
            night.period_text(line.emp)?
        ),
        ..blank
    }
    .moved_by(Owner::Payroll))
}

/// Price, share and deductions a year, where one plan alone has them.
fn terms(oyster: &Oysters<'_>, line: &Line, payer: Payer, currency: Option<Currency>) -> String {
    let deductions = format!("{} deductions a year", line.per_year);
    let Some(super::cover::Pricing::Priced(plans)) =
        oyster.covers.get(&(line.emp, line.label)).map(|cover| &cover.pricing)
    else {
        return deductions;
    };
    let period = match oyster.settings.price_period {
        PricePeriod::Month => "month",
        PricePeriod::Year => "year",
    };
    match plans[..] {
        [(price, employer)] => {
            let share = if payer == Payer::Employer { employer } else { WHOLE_SHARE - employer };
            format!("{} % of {} a {period}, {deductions}", Money(share).to_text(0), money(price, currency))
        }
        _ => format!("{} plans, {deductions}", plans.len()),
    }
}

fn unpriceable(night: &Night<'_>, oyster: &Oysters<'_>, line: &Line) -> PolarsResult<Finding> {
    let blank = on_line(night, line, Code::AM16, &[])?;
    let paid = match line.pay_row {
        Some(_) => {
            let currency = night.currency(line.pay_cur).into_iter();
            let amounts = currency
                .flat_map(|c| [(Payer::Employee, c, line.employee_taken), (Payer::Employer, c, line.employer_taken)]);
            format!("what payroll took, {}, was", of_payers(amounts))
        }
        None => "nothing was".to_owned(),
    };
    let why = oyster.reason(line).trim_start_matches("not computed: ");
    Ok(Finding {
        field: "price".to_owned(),
        payroll_value: line
            .pay_row
            .map(|_| money(line.employee_taken, night.currency(line.pay_cur)))
            .unwrap_or_default(),
        system_value: "not computed".to_owned(),
        sentence: format!(
            "What is due for {} in {} can't be computed ({why}), so {paid} not compared.",
            night.label(line),
            night.period_text(line.emp)?
        ),
        ..blank
    }
    .moved_by(None))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_share_that_does_not_fit_is_shown_both_ways() {
        let shown = both_ways("teamMember 0.55 where percents are due");
        assert_eq!(shown.as_deref(), Some("as percents 0.55 %, as a fraction 55 %"));
        assert_eq!(both_ways("teamMember"), None);
    }
}
