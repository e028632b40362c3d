//! Amount (AM01, AM02): both sides have the line and the amounts differ beyond the rounding tolerance, each side for
//! itself.

use polars::prelude::*;
use tieout_model::code::Owner;
use tieout_model::share::Share;

use crate::rules::differences::cause::{OffCycle, stale_rate};
use crate::rules::differences::existence::on_line;
use crate::rules::differences::payers;
use crate::rules::lines::expected::rounded;
use crate::rules::lines::unmatched::Line;
use crate::rules::night::Night;
use crate::rules::place::Place;
use crate::rules::write::{Found, money};
use crate::tables::payroll::PAYROLL_LINES;
use tieout_model::finding::{Code, Finding, Payer};
use tieout_model::money::Money;

/// Numbers of deductions a year that are mistaken for one another.
const DIVISORS: [i64; 10] = [1, 4, 10, 12, 13, 24, 26, 27, 52, 53];

/// AM01, AM02, AM09, AM13.
pub(in crate::rules) fn judge(night: &Night<'_>, found: &mut Found) -> PolarsResult<()> {
    let off_cycle = OffCycle::new(night);
    for line in &night.lines {
        let payers: &[Payer] = match line.place {
            Place::Am01 => &[Payer::Employee],
            Place::Am02 => &[Payer::Employer],
            Place::AmBoth => &Payer::BOTH,
            Place::AmTogether => {
                found.findings.push(together(night, line)?);
                continue;
            }
            Place::Am13 => {
                found.findings.push(beyond_percent(night, line)?);
                continue;
            }
            Place::Am09 => {
                found.findings.push(swapped(night, line)?);
                continue;
            }
            _ => continue,
        };
        for payer in payers {
            let others = payers.iter().filter(|s| *s != payer).map(|s| s.amount_code());
            let divisor = (!divisors(night, line, *payer).is_empty()).then_some(Code::AM05);
            let cause = match off_cycle.repeats(night, line, *payer) {
                Some(cause) => Some(cause),
                None => stale_rate(night, line, *payer)?,
            };
            let mut finding = differs(night, line, *payer)?;
            finding.also = divisor.into_iter().chain(others).collect();
            cause.iter().for_each(|cause| finding.tell_also(cause.code, &cause.words));
            found.findings.push(finding);
        }
    }
    Ok(())
}

/// AM01 of a sacrifice: what both paid is one amount.
fn together(night: &Night<'_>, line: &Line) -> PolarsResult<Finding> {
    let blank = on_line(night, line, Code::AM01, &Payer::BOTH)?;
    let currency = night.currency(line.pay_cur.max(line.ee_cur));
    let (paid, due) = (line.employee_taken + line.employer_taken, line.employee_due + line.employer_due);
    let (by, what) = if by_sacrifice(night, line)? { (" by salary sacrifice", "sacrifice") } else { ("", "deduction") };
    let (more, to_do) = match paid > due {
        true => ("too much", "pay the difference back"),
        false => ("too little", "make the difference up"),
    };
    Ok(Finding {
        payroll_value: money(paid, currency),
        system_value: money(due, currency),
        sentence: format!(
            "Employee and employer together pay {} for {} in {}{by}, but {} is due in Benifex, {} {more}: correct the {what} and \
             {to_do}.",
            money(paid, currency),
            night.label(line),
            night.period_text(line.emp)?,
            money(due, currency),
            money((paid - due).abs(), currency)
        ),
        ..blank
    }
    .moved_by(Owner::Payroll))
}

/// A row of the line has a code of salary sacrifice: the benefit may have been deducted by another one before.
fn by_sacrifice(night: &Night<'_>, line: &Line) -> PolarsResult<bool> {
    let payroll = night.inputs.payroll;
    let (persons, kinds) = (PAYROLL_LINES.person.of(&payroll.lines)?, PAYROLL_LINES.kind.of(&payroll.lines)?);
    let codes = &night.inputs.job.deductions.sacrifice_codes;
    let Some(first) = line.pay_row else { return Ok(false) };
    let of_person = (first..persons.len()).take_while(|row| persons.get(*row) == persons.get(first));
    let mut kinds = of_person.filter_map(|row| payroll.kinds.get(kinds.get(row)? as usize));
    Ok(kinds.any(|kind| kind.benefit.as_deref() == Some(night.label(line)) && codes.contains(&*kind.code)))
}

/// AM13: more than the percentage of pay, whichever pay it is of.
fn beyond_percent(night: &Night<'_>, line: &Line) -> PolarsResult<Finding> {
    let mut blank = on_line(night, line, Code::AM13, &Payer::BOTH)?;
    // By the pay of which it would be most, for which one counts nobody says.
    let currency = night.currency(line.pay_cur);
    let more = currency.map(|currency| rounded(line.beyond_percent, 1, currency.minor_unit())).unwrap_or_default();
    let exposure = |counts: i64| currency.map(|currency| (Money(-counts), currency));
    blank.period_exposure = exposure(more);
    blank.run_rate = line.common_d().and_then(|d| exposure(more.saturating_mul(d)));
    Ok(Finding {
        sentence: format!(
            "Payroll took {} for {} in {}, more than the percentage that Benifex states comes to, of the salary and of the gross \
             pay of the run ({} by the salary), {} at least: correct the percentage and refund what is too much.",
            payers::taken(&blank.variances),
            night.label(line),
            night.period_text(line.emp)?,
            payers::due(&blank.variances),
            money(more, currency)
        ),
        ..blank
    }
    .moved_by(Owner::Payroll))
}

/// AM09: each side paid what is due of the other.
fn swapped(night: &Night<'_>, line: &Line) -> PolarsResult<Finding> {
    let blank = on_line(night, line, Code::AM09, &Payer::BOTH)?;
    let currency = night.currency(line.pay_cur.max(line.ee_cur));
    let exposure = |counts: i64| currency.map(|currency| (Money(counts), currency));
    Ok(Finding {
        // What the one paid too little, the other paid too much.
        period_exposure: exposure(line.employee_due - line.employee_taken),
        run_rate: exposure((line.employee_due - line.employee_taken).saturating_mul(line.per_year)),
        sentence: format!(
            "The two amounts for {} in {} are exchanged: payroll took {} of the employee and {} of the employer, but {} and {} are \
             due: exchange them, and settle {} between the two.",
            night.label(line),
            night.period_text(line.emp)?,
            money(line.employee_taken, currency),
            money(line.employer_taken, currency),
            money(line.employee_due, currency),
            money(line.employer_due, currency),
            money((line.employee_due - line.employee_taken).abs(), currency)
        ),
        ..blank
    }
    .moved_by(Owner::Payroll))
}

fn differs(night: &Night<'_>, line: &Line, payer: Payer) -> PolarsResult<Finding> {
    let blank = on_line(night, line, payer.amount_code(), &[payer])?;
    let (paid, due, _) = line.amounts(payer);
    let rules = &night.inputs.job.rules;
    let rule = payer.amount_code().rule();
    let severity = match rule.immaterial {
        Some(less) if !is_material(paid, due, rules.material_amount.0, rules.material_share) => less,
        _ => rule.severity,
    };
    // One currency on both sides, or the line would not be here.
    let currency = night.currency(line.pay_cur.max(line.amounts(payer).2));
    let (more, to_do) = match (payer, paid > due) {
        (Payer::Employee, true) => ("too much", "correct the deduction and refund the difference"),
        (Payer::Employee, false) => ("too little", "correct the deduction and collect the difference"),
        (Payer::Employer, true) => ("too much", "correct the contribution and take the difference back"),
        (Payer::Employer, false) => ("too little", "correct the contribution and pay the difference"),
    };
    let basis = match night.begins(line)? {
        Some(day) => format!(" (since {day}, {} deductions a year)", line.per_year(payer)),
        None => format!(" ({} deductions a year)", line.per_year(payer)),
    };
    Ok(Finding {
        severity,
        sentence: format!(
            "The {} amount for {} in {} is {}{divisor} on payroll but {} in Benifex{basis}, {} {more}: {to_do}.",
            payer.name(),
            night.label(line),
            night.period_text(line.emp)?,
            money(paid, currency),
            money(due, currency),
            money((paid - due).abs(), currency),
            divisor = other_divisor(night, line, payer)
        ),
        ..blank
    }
    .moved_by(Owner::Payroll))
}

/// AM05: the other numbers of deductions a year whose amount payroll takes. Of two that fit nobody knows which it is:
/// 26/24 and 13/12 are nearly the same.
fn divisors(night: &Night<'_>, line: &Line, payer: Payer) -> Vec<i64> {
    let ((paid, due, due_cur), per_year) = (line.amounts(payer), line.per_year(payer));
    let unit = night.currency(line.pay_cur.max(due_cur)).map_or(1, |currency| currency.minor_unit());
    let (paid, yearly) = (i128::from(paid), i128::from(due) * i128::from(per_year));
    let fits = |other: &i64| {
        // What is due and what is taken were rounded once a deduction, and a yearly amount may come of a monthly one.
        let tolerance = i128::from((other + per_year) / 2 + 7) * i128::from(unit);
        *other != per_year && paid != 0 && (paid * i128::from(*other) - yearly).abs() <= tolerance
    };
    DIVISORS.into_iter().filter(fits).collect()
}

fn other_divisor(night: &Night<'_>, line: &Line, payer: Payer) -> String {
    let divisors: Vec<String> = divisors(night, line, payer).iter().map(i64::to_string).collect();
    match divisors.is_empty() {
        true => String::new(),
        false => format!(" (as {} deductions a year would make it)", divisors.join(" or ")),
    }
}

/// From this amount, or this share of what is due, on.
fn is_material(paid: i64, due: i64, amount: i64, share: Share) -> bool {
    let difference = i128::from(paid) - i128::from(due);
    difference.abs() >= i128::from(amount) || share.is_reached(difference, i128::from(due))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_difference_is_material_from_the_amount_or_the_share_on() {
        // 1.00 or 0.5 %.
        let check = |paid, due| is_material(paid, due, 10_000, Share::of_ten_thousandths(50));
        assert!(check(1_010_000, 1_000_000));
        assert!(!check(2_999_900 + 10_000, 2_999_900 + 1));
        assert!(check(100_500, 100_000));
        assert!(!check(100_499, 100_000));
        assert!(check(100, 0));
    }
}
