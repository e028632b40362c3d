//! Cover that begins, ends or pauses around the period (EN11, TM11, AM08): what was taken is held against the rules of
//! the scheme, or against every accepted practice where the job states none.

use polars::prelude::*;

use crate::rules::calendar::cover::{Cover, CoverShare};
use crate::rules::calendar::proration::METHODS;
use crate::rules::differences::existence::on_line;
use crate::rules::differences::payers::{due, stop, taken};
use crate::rules::lines::expected::rounded;
use crate::rules::lines::unmatched::Line;
use crate::rules::night::Night;
use crate::rules::people::{date, day_number};
use crate::rules::place::Place;
use crate::rules::schema::EMPLOYEES;
use crate::rules::write::{Found, day, money};
use crate::scheme::{Proration, Scheme};
use tieout_model::code::Owner;
use tieout_model::finding::{Code, Finding, Payer};
use tieout_model::money::{Currency, Money};

/// EN11, TM11, AM08.
pub(in crate::rules) fn judge(night: &Night<'_>, found: &mut Found) -> PolarsResult<()> {
    for line in &night.lines {
        match line.place {
            Place::En11 => found.findings.push(ahead_of_cover(night, line)?),
            Place::Tm11 => found.findings.push(on_leave(night, line)?),
            Place::Am08 => found.findings.push(no_practice(night, line)?),
            _ => {}
        }
    }
    Ok(())
}

impl Night<'_> {
    /// The rules of the scheme of a line.
    pub(in crate::rules) fn scheme(&self, line: &Line) -> PolarsResult<&Scheme> {
        let group = EMPLOYEES.group.of(&self.people.frame)?.get(line.emp as usize).unwrap_or_default();
        Ok(self.schemes.scheme(group, line.label))
    }

    /// The later first day of the two sources.
    fn joined(&self, emp: u32) -> PolarsResult<Option<i32>> {
        let [hire, begin] = [EMPLOYEES.hire, EMPLOYEES.begin].map(|column| column.of(&self.people.frame));
        Ok(hire?.get(emp as usize).max(begin?.get(emp as usize)))
    }

    /// The books hold nothing of the benefit before the period.
    fn is_first_part(&self, line: &Line) -> PolarsResult<bool> {
        let ((start, _), benefit) = (self.period(line.emp)?, self.label(line));
        let accounts = self.inputs.books.of(self.id(line.emp)).accounts();
        let mut earlier = accounts.filter(|(account, _)| *account.benefit == *benefit).flat_map(|(_, cells)| cells);
        Ok(earlier.all(|cell| cell.period.end >= start || cell.movements.is_nothing()))
    }

    /// Cover of a line beside the days that its deduction pays for.
    pub(in crate::rules) fn cover(&self, line: &Line) -> PolarsResult<Cover> {
        let leave = self.leave(line.emp)?.map(day_number);
        let payday = self.people.paydays[line.emp as usize];
        let scheme = self.scheme(line)?;
        Ok(Cover::new(payday, scheme, self.begins(line)?.map(day_number), leave).deducted(scheme, line.per_year))
    }
}

fn ahead_of_cover(night: &Night<'_>, line: &Line) -> PolarsResult<Finding> {
    let blank = on_line(night, line, Code::EN11, &Payer::BOTH)?;
    Ok(Finding {
        system_value: day(night.begins(line)?),
        sentence: format!(
            "Payroll took {} for {} in {}{}, but cover begins only on {}: {}, or correct first_deduction in the schemes of the \
             job.",
            taken(&blank.variances),
            night.label(line),
            night.period_text(line.emp)?,
            pays_for(night, line)?,
            day(night.begins(line)?),
            stop(&blank.variances)
        ),
        ..blank
    }
    .moved_by(Owner::Payroll))
}

/// The days that the deduction pays for, where they are not those of the period.
pub(in crate::rules) fn pays_for(night: &Night<'_>, line: &Line) -> PolarsResult<String> {
    let (cover, (start, end)) = (night.cover(line)?, night.period(line.emp)?);
    let (first, last) = (date(cover.window.first), date(cover.window.last));
    let same = (first, last) == (start, end);
    Ok(if same { String::new() } else { format!(", which pays for {first} to {last} by the scheme") })
}

fn on_leave(night: &Night<'_>, line: &Line) -> PolarsResult<Finding> {
    let blank = on_line(night, line, Code::TM11, &Payer::BOTH)?;
    Ok(Finding {
        payroll_value: "on leave".to_owned(),
        // It lasts as long as the leave.
        run_rate: None,
        sentence: format!(
            "The employee is on leave without pay in {} and {} goes on: {} is held as arrears, to be collected by the scheme's \
             rule for leave.",
            night.period_text(line.emp)?,
            night.label(line),
            due(&blank.variances)
        ),
        ..blank
    }
    .moved_by(Owner::Payroll))
}

fn no_practice(night: &Night<'_>, line: &Line) -> PolarsResult<Finding> {
    let mut blank = on_line(night, line, Code::AM08, &Payer::BOTH)?;
    let (cover, scheme) = (night.cover(line)?, night.scheme(line)?);
    let share = cover.share(scheme);
    if let (CoverShare::Open, Some(currency)) = (share, night.currency(line.pay_cur.max(line.ee_cur))) {
        // The least that is wrong, whichever practice is the scheme's.
        let payers = if line.employer { &Payer::BOTH[..] } else { &[Payer::Employee] };
        let wrong = payers.iter().map(|payer| {
            let (paid, full, _) = line.amounts(*payer);
            rounded(cover.nearest(paid, full, line.tolerance), 1, currency.minor_unit()) - paid
        });
        blank.period_exposure = Some((Money(wrong.sum()), currency));
    }
    let follows = cover.begins() && !cover.is_new(night.joined(line.emp)?);
    let replaced = follows && share == CoverShare::Open && !night.is_first_part(line)?;
    let by_new_price = blank.period_exposure;
    let has_rest = cover.windows_after() > 0;
    if let (true, Some((exposure, _))) = (follows || has_rest, &mut blank.period_exposure) {
        let (_, end) = night.period(line.emp)?;
        let open = night.balances.open_of(line.emp, night.label(line), end);
        *exposure = open.and_then(|open| i64::try_from(open).ok()).map_or(*exposure, Money);
    }
    blank.run_rate = None;
    if let Some(owed) = blank.period_exposure.filter(|_| follows) {
        if replaced && owed.0.0 > 0 {
            return less_than_both(night, line, blank, owed);
        }
        if share != CoverShare::Open && by_new_price.is_none_or(|by_new| by_new.0 != owed.0) {
            return not_by_rule(night, line, blank, owed);
        }
    }
    let around = match (night.begins(line)?, night.leave(line.emp)?) {
        (Some(first), _) if replaced => format!("cover of another price begins on {first}"),
        (Some(first), _) if cover.begins() => format!("cover begins on {first}"),
        (_, left) => format!("the employee left on {}", day(left)),
    };
    Ok(Finding {
        sentence: format!(
            "Payroll took {} for {} in {}, in which {around}: {}. Correct the deduction, or state the rule in the schemes of the \
             job.",
            taken(&blank.variances),
            night.label(line),
            night.period_text(line.emp)?,
            practices(night, line, &cover, share) + if replaced { ", and what cover cost before" } else { "" }
        ),
        ..blank
    }
    .moved_by(Owner::Payroll))
}

/// Less than the lower of two prices, of which one followed on the other, where no rule says what they make together.
fn less_than_both(
    night: &Night<'_>,
    line: &Line,
    blank: Finding,
    (owed, currency): (Money, Currency),
) -> PolarsResult<Finding> {
    let (paid, full, _) = crate::rules::differences::existence::main_amounts(line);
    let rest = full - paid - owed.0;
    let beside = match rest > line.tolerance {
        true => format!("up to {} more may be, by the days of either price", money(rest, Some(currency))),
        false => "more may be, up to the price before".to_owned(),
    };
    let owed = money(owed.0, Some(currency));
    of_two_prices(night, line, blank, &format!("less than either price. {owed} is owed at least; {beside}: collect it"))
}

/// Not what the rule of the scheme makes of two prices, of which one followed on the other.
fn not_by_rule(
    night: &Night<'_>,
    line: &Line,
    blank: Finding,
    (owed, currency): (Money, Currency),
) -> PolarsResult<Finding> {
    let amount = money(owed.0.abs(), Some(currency));
    let (is, to_do) = if owed.0 > 0 { ("is owed", "collect it") } else { ("is too much", "give it back") };
    let rule = "by the rule of the scheme for the days of either price";
    of_two_prices(night, line, blank, &format!("{amount} {is} {rule}: {to_do}"))
}

fn of_two_prices(night: &Night<'_>, line: &Line, blank: Finding, what: &str) -> PolarsResult<Finding> {
    Ok(Finding {
        sentence: format!(
            "Payroll took {} for {} in {}, in which cover of another price begins on {}: {what}, or correct what Benifex shows.",
            taken(&blank.variances),
            night.label(line),
            night.period_text(line.emp)?,
            day(night.begins(line)?),
        ),
        ..blank
    }
    .moved_by(Owner::Payroll))
}

/// What is due by the scheme's rule; without one what each practice would take of the side that tells the story.
fn practices(night: &Night<'_>, line: &Line, cover: &Cover, share: CoverShare) -> String {
    let (_, full, payer) = crate::rules::differences::existence::main_amounts(line);
    let is_one = night.labels[line.label as usize].sacrifice && line.employer;
    let full = if is_one { line.employee_due + line.employer_due } else { full };
    let shown = |counts: i64| money(counts, night.currency(line.amounts(payer).2.max(line.pay_cur)));
    match share {
        CoverShare::Nothing => "nothing is due before the next pay".to_owned(),
        CoverShare::Part(method, covered) => format!(
            "{} is due by {} for {} to {}",
            shown(full),
            method_name(method),
            date(covered.first),
            date(covered.last)
        ),
        CoverShare::Whole | CoverShare::Open => {
            let unit = night.currency(line.pay_cur.max(line.ee_cur)).map_or(1, |currency| currency.minor_unit());
            let parts = METHODS.iter().zip(cover.parts(full).into_iter().map(|part| rounded(part, 1, unit)));
            let parts: Vec<String> = parts.map(|((_, name), part)| format!("{} by {name}", shown(part))).collect();
            let parts = if parts.is_empty() { String::new() } else { format!(", {}", parts.join(", ")) };
            format!("no accepted practice takes that; tried were nothing, all of {}{parts}", shown(full))
        }
    }
}

fn method_name(method: Proration) -> String {
    match method {
        Proration::None => "no proration".to_owned(),
        Proration::CalendarDays => "calendar days".to_owned(),
        Proration::WorkingDays => "working days".to_owned(),
        Proration::Thirtieths => "thirtieths".to_owned(),
        Proration::WashDay(day) => format!("wash day {day}"),
    }
}
