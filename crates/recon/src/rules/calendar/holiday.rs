//! The pay calendar (AM06, TM09): something was deducted on a pay date on which nothing is due.

use polars::prelude::*;

use crate::rules::differences::existence::on_line;
use crate::rules::differences::payers::{stop, taken};
use crate::rules::lines::unmatched::Line;
use crate::rules::night::Night;
use crate::rules::people::date;
use crate::rules::place::Place;
use crate::rules::write::Found;
use tieout_model::code::Owner;
use tieout_model::finding::{Code, Finding, Payer, Variance};

/// AM06, TM09.
pub(in crate::rules) fn judge(night: &Night<'_>, found: &mut Found) -> PolarsResult<()> {
    for line in &night.lines {
        match line.place {
            Place::Am06 => found.findings.push(on_holiday(night, line, Code::AM06)?),
            Place::Tm09 => found.findings.push(on_holiday(night, line, Code::TM09)?),
            _ => {}
        }
    }
    Ok(())
}

fn on_holiday(night: &Night<'_>, line: &Line, code: Code) -> PolarsResult<Finding> {
    let blank = on_line(night, line, code, &Payer::BOTH)?;
    let day = night.people.paydays[line.emp as usize].date.map(date);
    let day = day.map_or_else(|| "its pay date".to_owned(), |day| day.to_string());
    // Of a payer whose own calendar has the date, what was taken is right.
    let wrong: Vec<Variance> =
        blank.variances.iter().filter(|v| v.difference().0.abs() > line.tolerance).cloned().collect();
    let per_year = match wrong.as_slice() {
        [alone] => line.per_year(alone.payer),
        _ => line.per_year,
    };
    let why = match code {
        Code::TM09 => format!("is one more than the {per_year} of a year that amounts are built on"),
        _ => format!("is none of its deduction dates ({per_year} a year)"),
    };
    if night.inputs.payroll.other_runs_only {
        let sentence = format!(
            "Payroll took {} for {} in a run beside the regular one, paid on {day}, and nothing was left open for it: \
             refund it.",
            taken(&wrong),
            night.label(line)
        );
        let refundable = Finding { system_value: "nothing open".to_owned(), run_rate: None, sentence, ..blank };
        return Ok(refundable.moved_by(Owner::Payroll));
    }
    Ok(Finding {
        system_value: "no deduction date".to_owned(),
        // It was this pay date's alone.
        run_rate: None,
        sentence: format!(
            "Payroll took {} for {} in {}, paid on {day}, but that {why}: {}, or correct the schemes of the job.",
            taken(&wrong),
            night.label(line),
            night.period_text(line.emp)?,
            stop(&wrong)
        ),
        ..blank
    }
    .moved_by(Owner::Payroll))
}
