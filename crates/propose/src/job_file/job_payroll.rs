//! The payroll section of a proposed job.

use std::collections::BTreeMap;

use chrono::NaiveDate;

use crate::cells::{self, Order};
use crate::certainty::Certainty;
use crate::columns::code_groups::CodeGroup;
use crate::deductions::long::Long;
use crate::deductions::{LONG_FIELDS, WideDeduction};
use crate::job_file::job_table;
use crate::job_file::page::{JobFile, inline, quoted};
use crate::pay::period::Stated;
use crate::proposal::{Proposal, Shape, WORD_FIELDS};

/// A field that the job has elsewhere.
const NOT_A_COLUMN: &str = "record_type";

pub fn write(page: &mut JobFile, proposal: &Proposal, file: &str) {
    page.table("payroll");
    page.key("payroll", "file", &quoted(file), Certainty::Sure, "or a pattern with `*` that picks the newest");
    job_table::write(page, proposal);
    if let Some(currency) = &proposal.currency {
        page.key("payroll", "currency", &quoted(&currency.value), currency.certainty, &currency.reason);
    }
    word_maps(page, proposal);
    if let Shape::Wide(deductions) = &proposal.shape {
        wide(page, proposal, deductions);
    }
    columns(page, proposal);
    match &proposal.shape {
        Shape::Long(lines) => long(page, proposal, lines),
        Shape::Groups(groups) => code_groups(page, proposal, groups),
        Shape::Wide(_) => {}
    }
    if let Some(stated) = &proposal.period {
        period(page, stated, proposal.columns.at("pay_date").is_some());
    }
    left(page, proposal);
}

fn word_maps(page: &mut JobFile, proposal: &Proposal) {
    for field in WORD_FIELDS {
        let Some(map) = proposal.words.get(field) else { continue };
        let key = format!("{field}_map");
        let own = |word: &str, term: &str| word.trim().to_lowercase() == term;
        // The same word in another case is the same word.
        let mut known: BTreeMap<String, (&str, &str)> = BTreeMap::new();
        for (word, (term, _)) in map.known.iter().filter(|(word, (term, _))| !own(word, term)) {
            known.entry(word.trim().to_lowercase()).or_insert((word, term));
        }
        let certainty = map.known.values().map(|(_, certainty)| *certainty).min().unwrap_or(Certainty::Likely);
        if !known.is_empty() {
            page.key("payroll", &key, &inline(known.into_values()), certainty, "the words of the column");
        }
        for (word, rows) in &map.unknown {
            let until = match field {
                "run_type" => "Its rows are set aside",
                "tax_treatment" => "It says nothing",
                _ => "No rule reads it",
            };
            let reason = format!("what is this word, in {rows} rows, of {field}? {until} until the map has it");
            page.open("payroll", &key, &inline([(word.as_str(), "…")]), &reason);
        }
    }
    let basis_is_open = proposal.columns.at("base_salary").is_some() && proposal.columns.at("rate_basis").is_none();
    if basis_is_open && !has_own_pay(proposal) {
        let pays = proposal.columns.at("base_salary").map(|at| &proposal.profiles[at]);
        let small = pays.is_some_and(|pays| pays.unmarked_thousands == 0 && pays.thousands_marks.is_empty());
        let basis = if small { "hourly" } else { "annually" };
        let reason = "nothing says what the pay is a rate of: annually or hourly";
        page.key("payroll", "rate_basis", &quoted(basis), Certainty::Asked, reason);
    }
}

/// Pay a year or pay an hour has a column of its own, so that a column of pay without a basis is not needed.
fn has_own_pay(proposal: &Proposal) -> bool {
    ["annual_pay", "hourly_pay"].iter().any(|field| proposal.columns.at(field).is_some())
}

/// Whether some column is pay.
pub fn has_pay(proposal: &Proposal) -> bool {
    has_own_pay(proposal) || proposal.columns.at("base_salary").is_some()
}

fn wide(page: &mut JobFile, proposal: &Proposal, deductions: &[WideDeduction]) {
    if deductions.is_empty() {
        let example = "[{ code = \"MED\", employee = \"…\", employer = \"…\" }]";
        page.open("payroll", "wide", example, "no column is named like a deduction, and no column holds codes");
        return;
    }
    page.line("wide = [");
    for deduction in deductions {
        let columns = [("employee", deduction.employee), ("employer", deduction.employer)];
        let columns = columns.into_iter().filter_map(|(key, at)| Some((key, at?))).chain(deduction.details.keys());
        let columns = columns.map(|(key, at)| format!("{key} = {}", quoted(&proposal.table.name(at))));
        let columns = columns.collect::<Vec<_>>().join(", ");
        let value = format!("{{ code = {}, {columns} }}", quoted(&deduction.code));
        let key = format!("payroll.wide.{}", deduction.code);
        page.item(&format!("    {value},"), key, &value, deduction.certainty, &deduction.reason);
    }
    page.line("]");
}

fn columns(page: &mut JobFile, proposal: &Proposal) {
    page.table("payroll.columns");
    let table = "payroll.columns";
    if proposal.columns.at("employee_id").is_none() {
        let reason = "no column holds an id in each row; without one nobody can be matched";
        page.open(table, "employee_id", "\"…\"", reason);
    }
    let both = ["annual_pay", "hourly_pay"].iter().all(|field| proposal.columns.at(field).is_some());
    let has_basis = proposal.columns.at("rate_basis").is_some() && !both;
    for (field, column) in &proposal.columns.by_field {
        let key = match field.as_str() {
            field if LONG_FIELDS.contains(&field) || field == NOT_A_COLUMN => continue,
            "base_salary" if has_own_pay(proposal) => continue,
            // A column of pay whose basis another column says, whatever it is called.
            "annual_pay" | "hourly_pay" if has_basis => "base_salary",
            "period_start" | "period_end" if proposal.period.is_some() => continue,
            field => field,
        };
        let header = quoted(&proposal.table.name(column.value));
        page.key(table, key, &header, column.certainty, &column.reason);
    }
    for (at, field) in &proposal.columns.of_lines {
        page.comment(&format!("{field}: `{}` differs from line to line of an employee.", proposal.table.name(*at)));
    }
    for (at, field) in &proposal.columns.unfit {
        let reason = format!("`{}` is called so, but its cells are something else", proposal.table.name(*at));
        page.comment(&format!("{field}: {reason}."));
    }
}

fn long(page: &mut JobFile, proposal: &Proposal, long: &Long) {
    page.table("payroll.long");
    let table = "payroll.long";
    let header = |at: usize| quoted(&proposal.table.name(at));
    if let Some(id) = proposal.columns.by_field.get("employee_id") {
        page.key(table, "employee_id", &header(id.value), id.certainty, &id.reason);
    }
    page.key(table, "code", &header(long.code), Certainty::Likely, &long.reason);
    let details = long.details.keys().map(|(field, _)| field);
    for field in ["employee_amount", "employer_amount"].into_iter().chain(details) {
        if let Some(column) = proposal.columns.by_field.get(field) {
            page.key(table, field, &header(column.value), column.certainty, &column.reason);
        }
    }
}

fn code_groups(page: &mut JobFile, proposal: &Proposal, groups: &[CodeGroup]) {
    for (n, group) in groups.iter().enumerate() {
        page.element("groups");
        let columns = [("code", Some(group.code)), ("employee", group.employee), ("employer", group.employer)];
        for (key, at) in columns.into_iter().filter_map(|(key, at)| Some((key, at?))).chain(group.details.keys()) {
            let value = quoted(&proposal.table.name(at));
            let path = format!("payroll.groups.{}.{key}", n + 1);
            page.item(
                &format!("{key} = {value}"),
                path,
                &value,
                Certainty::Likely,
                "columns of a code and its amounts repeat",
            );
        }
    }
}

fn period(page: &mut JobFile, stated: &Stated, has_pay_date: bool) {
    page.table("payroll.period");
    page.comment("No column states the period: these dates are of this file, and the next one needs its own.");
    let pay_date = stated.pay_date.clone().filter(|_| !has_pay_date);
    for (key, date) in [("start", &stated.start), ("end", &stated.end), ("pay_date", &pay_date)] {
        match date {
            Some(date) => {
                page.key("payroll.period", key, &quoted(&date.value.to_string()), date.certainty, &date.reason);
            }
            None if key != "pay_date" => {
                page.open("payroll.period", key, "\"2026-03-01\"", "nothing states the period")
            }
            None => {}
        }
    }
}

/// The last day of the file's period.
pub fn last_day(proposal: &Proposal) -> Option<NaiveDate> {
    if let Some(stated) = &proposal.period {
        return stated.end.as_ref().map(|end| end.value);
    }
    let at = proposal.columns.at("period_end")?;
    let order = match &proposal.dates {
        Some(dates) if dates.value.starts_with('d') => Order::DayFirst,
        _ => Order::MonthFirst,
    };
    proposal.table.column(at).filter_map(|cell| cells::day_or_serial(cell, order)).max()
}

/// Columns that nothing reads, so that a person sees what is left.
fn left(page: &mut JobFile, proposal: &Proposal) {
    let mapped = proposal.columns.taken();
    let of_wide: Vec<usize> = match &proposal.shape {
        Shape::Wide(deductions) => {
            let places = |d: &WideDeduction| [d.employee, d.employer].into_iter().flatten().chain(d.details.places());
            deductions.iter().flat_map(places).collect()
        }
        Shape::Groups(groups) => {
            let places =
                |g: &CodeGroup| [Some(g.code), g.employee, g.employer].into_iter().flatten().chain(g.details.places());
            groups.iter().flat_map(places).collect()
        }
        Shape::Long(_) => Vec::new(),
    };
    for left in proposal.left.iter().filter(|left| left.asked) {
        let name = proposal.table.name(left.at);
        page.open("payroll", "wide", &format!("[{{ code = \"…\", employee = {} }}]", quoted(&name)), &left.why);
    }
    let mut known: BTreeMap<&str, Vec<String>> = BTreeMap::new();
    for left in proposal.left.iter().filter(|left| !left.asked) {
        known.entry(&left.why).or_default().push(format!("`{}`", proposal.table.name(left.at)));
    }
    for (why, names) in known {
        page.comment(&format!("Not read, as {why}: {}.", names.join(", ")));
    }
    let unread = |at: &usize| !mapped.contains(at) && !of_wide.contains(at) && !proposal.table.headers[*at].is_empty();
    let names: Vec<String> = (0..proposal.table.headers.len())
        .filter(unread)
        .filter(|at| !proposal.left.iter().any(|left| left.at == *at))
        .map(|at| format!("`{}`", proposal.table.name(at)))
        .collect();
    if !names.is_empty() {
        page.comment(&format!("Columns that the job does not read: {}", names.join(", ")));
    }
}
