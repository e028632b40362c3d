//! The payroll file as `tieout check` sees it: every row is read as the night would, so that nobody learns by running
//! one that a date has another layout or a word has no map.

use std::collections::BTreeMap;
use std::time::Duration;

use chrono::NaiveDate;

use crate::job::Job;
use crate::outcome::Exit;
use tieout_model::counted::counted;
use tieout_model::money::decimal_text;
use tieout_payroll::{self as payroll, DetailsByCode, LeftOut, Payroll, by_reason};

use crate::commands::check::{CheckLine, line};

/// Reasons, codes and words that a line names.
const SHOWN_MAX: usize = 5;

/// One line each for the columns, the rows, the period, and the codes and words; and what was read.
pub(in crate::commands) fn lines(job: &Job, as_of: NaiveDate) -> (Vec<CheckLine>, Option<Payroll>) {
    let columns = line("columns", Exit::Input, columns(job));
    let payroll = match payroll::read(&job.payroll, &job.deductions, Duration::ZERO) {
        Ok(payroll) => payroll,
        Err(error) => return (vec![columns, line("rows", Exit::Input, Err(error.into()))], None),
    };
    let period = payroll.period;
    let checked = period.check_day(as_of, job.payroll.period_age_max_days);
    let pay_date = period.pay_date.map_or(String::new(), |day| format!(", paid on {day}"));
    let said = format!("{} to {}{pay_date}", period.start, period.end);
    let mut lines = vec![
        columns,
        rows(&payroll),
        line("period", Exit::Input, checked.map(|()| said).map_err(Into::into)),
        line("codes", Exit::Findings, Ok(codes(job, &payroll))),
        line("signs", Exit::Unverified, signs(&payroll)),
    ];
    if let Some(said) = details(&payroll) {
        lines.push(line("beside amounts", Exit::Findings, Ok(said)));
    }
    (lines, Some(payroll))
}

fn columns(job: &Job) -> anyhow::Result<String> {
    let files = payroll::check_columns(&job.payroll)?;
    let said = files.iter().map(|f| {
        format!("{} has all {} columns of the job, its header on line {}", f.path.display(), f.columns, f.line)
    });
    Ok(said.collect::<Vec<_>>().join("; "))
}

/// A row that is rejected leaves its employee unverified, as in a night.
fn rows(payroll: &Payroll) -> CheckLine {
    let counts = payroll.rows;
    let mut said = format!("{} read, {}", counts.read, counted(payroll.people.len(), "employee", "employees"));
    if counts.out_of_scope > 0 {
        said += &format!("; {} set aside", counts.out_of_scope);
    }
    for LeftOut { reason, rows, first_line, .. } in &payroll.left_out {
        said += &format!("; {rows} left out: {reason}, first on line {first_line}");
    }
    let unknown = listed(payroll.unknown_run_types.iter().map(|(word, rows)| format!("`{word}` ({rows})")));
    if let Some(unknown) = unknown {
        said += &format!("; run types without a map, set aside: {unknown}");
    }
    match listed(by_reason(&payroll.rejects).iter().map(|reason| format!("\n  {reason}"))) {
        None => line("rows", Exit::Unverified, Ok(said)),
        Some(reasons) => {
            let reasons = format!("{said}; {} rejected:{reasons}", counts.rejected);
            line("rows", Exit::Unverified, Err(anyhow::Error::msg(reasons)))
        }
    }
}

/// A night does not compare amounts of which nobody says how they are written.
fn signs(payroll: &Payroll) -> anyhow::Result<String> {
    match listed(payroll.unknown_signs.iter().map(ToString::to_string)) {
        None => Ok("amounts are above 0, or written as the job says".to_owned()),
        Some(unknown) => Err(anyhow::Error::msg(unknown)),
    }
}

/// What stands beside the amounts, by code; `None`: nothing does. No rule reads it.
fn details(payroll: &Payroll) -> Option<String> {
    let DetailsByCode { by_code, unknown_tax_treatments } = &payroll.details;
    let mut said: Vec<String> = listed(by_code.iter().filter_map(|((code, currency), details)| {
        let amount = |name: &str, sum: Option<i128>| {
            Some(format!("{name} {} {}", decimal_text(sum?, currency.decimals()), currency.code()))
        };
        let amounts = [
            amount("year to date", details.employee_year_to_date),
            amount("employer's year to date", details.employer_year_to_date),
            amount("arrears", details.arrears_balance),
        ];
        let treatments =
            details.treatments.iter().map(|(treatment, rows)| format!("{} on {rows} rows", treatment.name()));
        let all: Vec<String> = amounts.into_iter().flatten().chain(treatments).collect();
        (!all.is_empty()).then(|| format!("`{code}` ({})", all.join("; ")))
    }))
    .into_iter()
    .collect();
    for ((code, _), details) in by_code {
        if let Some((rows, first_line)) = details.below_amount {
            said.push(format!(
                "`{code}`: {rows} rows with a year to date below the amount of the pay, first on line {first_line}: is \
                 the column another one?"
            ));
        }
    }
    let unknown = unknown_tax_treatments.iter().map(|(word, rows)| format!("`{word}` ({rows})"));
    if let Some(unknown) = listed(unknown) {
        said.push(format!("words that tax_treatment_map lacks: {unknown}"));
    }
    (!said.is_empty()).then(|| said.join("; "))
}

/// Employees by pay group, and the codes and words that stand nowhere in the job.
fn codes(job: &Job, payroll: &Payroll) -> String {
    let deductions = &job.deductions;
    let unmapped = payroll
        .totals
        .iter()
        .filter(|total| total.benefit.is_none() && !deductions.ignored_codes.contains_key(&total.code));
    let mapped = payroll.totals.iter().filter(|total| total.benefit.is_some()).count();
    let mut said = format!("{mapped} of benefits");
    if let Some(codes) = listed(unmapped.map(|total| format!("`{}` ({} rows)", total.code, total.lines))) {
        said += &format!("; without a map (a finding each night): {codes}");
    }
    let people = &payroll.people;
    let mut groups: BTreeMap<&str, u64> = BTreeMap::new();
    for group in people.pay_group.iter() {
        *groups.entry(group.unwrap_or_default()).or_default() += 1;
    }
    let named = groups.iter().filter(|(group, _)| !group.is_empty());
    if let Some(groups) = listed(named.map(|(group, employees)| format!("{group} ({employees})"))) {
        said += &format!("; pay groups: {groups}");
    }
    let words = [
        ("pay_frequency_map", &people.pay_frequency_unmapped),
        ("employment_status_map", &people.employment_status_unmapped),
    ];
    for (map, unmapped) in words {
        let employees = unmapped.iter().filter(|unmapped| **unmapped).count();
        if employees > 0 {
            said += &format!("; {employees} employees with a word that {map} lacks");
        }
    }
    said
}

/// The first of them, and how many more there are; `None`: there are none.
fn listed(items: impl Iterator<Item = String>) -> Option<String> {
    let items: Vec<String> = items.collect();
    let more = items.len().saturating_sub(SHOWN_MAX);
    let mut shown = items.into_iter().take(SHOWN_MAX).collect::<Vec<_>>().join(", ");
    if more > 0 {
        shown += &format!(" and {more} more");
    }
    (!shown.is_empty()).then_some(shown)
}
