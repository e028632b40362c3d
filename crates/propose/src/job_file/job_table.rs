//! How the file of a proposed job is laid out, and how its cells are written.

use std::collections::BTreeSet;

use chrono::Datelike as _;

use crate::cells::sign_words::SignWords;
use crate::cells::{self, NONE_WORDS, Order, ZERO_WORDS};
use crate::certainty::Certainty;
use crate::columns::profile::Profile;
use crate::deductions::benefits::Target;
use crate::deductions::long::Long;
use crate::job_file::page::{JobFile, list, quoted};
use crate::proposal::{Code, FileKind, Proposal, Shape, are_many};
use crate::table::employee_row::EmployeeRows;

/// First of the hundred years of two-digit years, where birth dates are in the file and where they are not.
const YEARS_FROM: [u32; 2] = [1930, 1950];

/// Last two digits of years in which nobody was born who works now, whichever the hundred years are.
const NOBODYS_BIRTHS: std::ops::RangeInclusive<i32> = 11..=39;

pub fn write(page: &mut JobFile, proposal: &Proposal) {
    rows(page, proposal);
    let Proposal { file, decimal, thousands, dates, .. } = proposal;
    match file {
        FileKind::Text { encoding, delimiter } => {
            page.key("payroll", "encoding", &quoted(&encoding.value), encoding.certainty, &encoding.reason);
            let mark = quoted(&char::from(delimiter.value).to_string());
            page.key("payroll", "delimiter", &mark, delimiter.certainty, &delimiter.reason);
        }
        FileKind::Workbook { sheet } => {
            if let Some(sheet) = sheet {
                page.key("payroll", "sheet", &quoted(&sheet.value), sheet.certainty, &sheet.reason);
            }
        }
    }
    page.key("payroll", "decimal_mark", &quoted(&decimal.value.to_string()), decimal.certainty, &decimal.reason);
    let mark = thousands.value.map(String::from).unwrap_or_default();
    page.key("payroll", "thousands_mark", &quoted(&mark), thousands.certainty, &thousands.reason);
    match dates {
        Some(dates) => page.key("payroll", "dates", &quoted(&dates.value), dates.certainty, &dates.reason),
        None => page.comment("No mapped column holds dates."),
    }
    years(page, proposal);
    cells(page, proposal);
}

/// What is a row of somebody, and what is not.
fn rows(page: &mut JobFile, proposal: &Proposal) {
    let table = &proposal.table;
    if table.groups.is_some() {
        page.key("payroll", "header_levels", "2", Certainty::Sure, "a row of groups stands above the names");
    }
    if table.short_rows > 0 {
        let reason = format!("{} rows end before the header does", table.short_rows);
        page.key("payroll", "short_rows", "true", Certainty::Likely, &reason);
    }
    if let Some(EmployeeRows { pattern, employees }) = &table.employee_rows {
        let reason = format!("{employees} rows open an employee; those below are that employee's");
        page.key("payroll", "employee_row", &quoted(pattern), Certainty::Likely, &reason);
    }
    let mut skipped: BTreeSet<String> = table.footers.iter().cloned().collect();
    match table.totals.as_slice() {
        [] => {}
        [total] if mixes_lines(proposal) => drop(skipped.insert(first_word(total) + "*")),
        [total] => {
            page.key("payroll", "totals_row", &quoted(total), Certainty::Likely, "the first cell of a row of totals")
        }
        totals => skipped.extend(totals.iter().map(|total| first_word(total) + "*")),
    }
    if !skipped.is_empty() {
        let patterns = list(skipped.iter().map(String::as_str));
        page.key("payroll", "skip_rows", &patterns, Certainty::Likely, "rows of totals, groups or footers: nobody's");
    }
    if let Some(types) = &proposal.record_types {
        let words = |name: &str, words: &[String]| match words {
            [] => String::new(),
            words => format!(", {name} = {}", list(words.iter().map(String::as_str))),
        };
        let lists = words("take", &types.take) + &words("employer", &types.employer) + &words("person", &types.person);
        let value = format!("{{ column = {}{lists}{} }}", quoted(&table.name(types.at)), words("leave", &types.leave));
        let certainty = if types.unknown.is_empty() { Certainty::Likely } else { Certainty::Asked };
        let reason = match types.unknown.as_slice() {
            [] => "its words are known".to_owned(),
            unknown => format!("what are {}? Their rows are rejected until a list has them", unknown.join(", ")),
        };
        page.key("payroll", "record_type", &value, certainty, &reason);
    }
    filled_down(page, proposal);
    several_rows(page, proposal);
}

/// Whether a row without an id is of the employee above it, only a person can say: it may be a sum.
fn filled_down(page: &mut JobFile, proposal: &Proposal) {
    if proposal.filled_down.is_empty() {
        return;
    }
    let names: Vec<String> = proposal.filled_down.iter().map(|at| proposal.table.name(*at)).collect();
    let reason = "rows without an id follow rows with one: taken for the same employee's";
    page.key("payroll", "fill_down", &list(names.iter().map(String::as_str)), Certainty::Asked, reason);
}

/// Many employees with several rows are a layout, a few are a fault that the night reports (ID04).
fn several_rows(page: &mut JobFile, proposal: &Proposal) {
    let (several, all) = proposal.several_rows;
    let sum = if proposal.columns.at("hours").is_some() { "{ sum = [\"hours\"] }" } else { "{ sum = [] }" };
    let counted = format!("{several} of {all} employees have several rows");
    if are_many(proposal.several_rows) {
        let reason = format!("{counted}: by job, department or week? Say which is the home row");
        page.key("payroll", "several_rows", sum, Certainty::Asked, &reason);
    } else if several > 0 {
        let reason = format!("{counted}, which is a finding (ID04) unless they belong together");
        page.open("payroll", "several_rows", sum, &reason);
    }
}

/// Whether one column has the amounts of lines that are no deductions, or of both sides: its total is none of what is
/// read.
fn mixes_lines(proposal: &Proposal) -> bool {
    let has_people = proposal.record_types.as_ref().is_some_and(|types| !types.person.is_empty());
    let of_employer = proposal.record_types.as_ref().is_some_and(|types| !types.employer.is_empty());
    let both_sides = of_employer || !proposal.employer_codes.is_empty();
    matches!(&proposal.shape, Shape::Long(long) if has_people || both_sides && long.employer_amount.is_none())
}

fn first_word(text: &str) -> String {
    text.split_whitespace().next().unwrap_or_default().trim_end_matches([':', '.', ',']).to_owned()
}

fn years(page: &mut JobFile, proposal: &Proposal) {
    let layout = proposal.dates.as_ref().map_or("", |dates| dates.value.as_str());
    if layout.contains("yy") && !layout.contains("yyyy") {
        let births = proposal.columns.at("dob");
        let from = if births.is_some() { YEARS_FROM[0] } else { YEARS_FROM[1] };
        let order = if layout.starts_with('d') { Order::DayFirst } else { Order::MonthFirst };
        let of_nobody = |at: usize| {
            let years =
                proposal.table.column(at).filter_map(|cell| cells::day(cell, order)).map(|day| day.year() % 100);
            years.into_iter().any(|year| NOBODYS_BIRTHS.contains(&year))
        };
        let certainty = if births.is_some_and(of_nobody) { Certainty::Asked } else { Certainty::Likely };
        let reason = format!("{:02} is then {}, and {:02} is {from}", from % 100 - 1, from + 99, from % 100);
        page.key("payroll", "two_digit_years_from", &from.to_string(), certainty, &reason);
    }
    let is_serial = |profile: &Profile| profile.serials > 0 && profile.serials * 10 >= profile.filled * 9;
    let dated = ["period_start", "period_end", "pay_date", "hire_date", "term_date", "dob", "salary_effective"];
    let serial =
        dated.iter().filter_map(|field| proposal.columns.at(field)).any(|at| is_serial(&proposal.profiles[at]));
    if serial {
        let reason = "a column of dates holds numbers as a spreadsheet counts days";
        page.key("payroll", "date_serials", "1900", Certainty::Likely, reason);
    }
}

/// Words in the place of amounts and dates, and the sign of what is taken.
fn cells(page: &mut JobFile, proposal: &Proposal) {
    let [employee, employer] = amount_columns(proposal);
    let mapped =
        proposal.columns.by_field.iter().filter(|(field, _)| field.contains("date") || field.starts_with("period"));
    let looked_at = mapped.map(|(_, column)| column.value).chain(employee.iter().chain(&employer).copied());
    let looked_at = looked_at.chain(detail_columns(proposal));
    let odd: BTreeSet<&str> = looked_at.flat_map(|at| proposal.profiles[at].odd.keys()).map(String::as_str).collect();
    for (key, known) in [("none_words", NONE_WORDS.as_slice()), ("zero_words", ZERO_WORDS.as_slice())] {
        let words: Vec<&str> = odd.iter().copied().filter(|word| known.contains(word)).collect();
        if !words.is_empty() {
            page.key("payroll", key, &list(words), Certainty::Likely, "they stand where an amount or a date should");
        }
    }
    if let Some(words) = &proposal.sign_words {
        let SignWords { positive, negative } = &words.value;
        for (key, list_of) in [("positive_words", positive), ("negative_words", negative)] {
            if !list_of.is_empty() {
                page.key("payroll", key, &list(list_of.iter().copied()), words.certainty, &words.reason);
            }
        }
    }
    if !proposal.employer_codes.is_empty() {
        let codes = list(proposal.employer_codes.iter().map(String::as_str));
        let reason = "their names, a code of the employee's beside them or their amounts say that the employer pays";
        page.key("payroll", "employer_codes", &codes, Certainty::Likely, reason);
    }
    for (key, columns) in [("employee_sign", &employee), ("employer_sign", &employer)] {
        let count = |of: fn(&Profile) -> usize| columns.iter().map(|at| of(&proposal.profiles[*at])).sum::<usize>();
        let (negative, all) = match &proposal.shape {
            Shape::Long(long) if long.employer_amount.is_none() && key == "employee_sign" => signs(proposal, long),
            _ => (count(|profile| profile.negative), count(|profile| profile.nonzero)),
        };
        if negative * 2 > all {
            let reason = format!("{negative} of {all} amounts are negative");
            page.key("payroll", key, "\"negative\"", Certainty::Sure, &reason);
        }
    }
}

/// How many amounts of benefits that the employee pays are negative, and how many there are, where earnings, taxes and
/// the employer's amounts stand in the same column.
fn signs(proposal: &Proposal, long: &Long) -> (usize, usize) {
    let is_benefit =
        |code: &Code| matches!(code.target.value, Target::Benefit(_)) && !proposal.employer_codes.contains(&code.code);
    let codes: BTreeSet<&str> =
        proposal.codes.iter().filter(|code| is_benefit(code)).map(|code| code.code.as_str()).collect();
    let (mut negative, mut all) = (0, 0);
    for row in &proposal.table.rows {
        let cell = |at: usize| row.get(at).unwrap_or_default().trim();
        let is_taken =
            proposal.record_types.as_ref().is_none_or(|types| types.take.iter().any(|w| w == cell(types.at)));
        let amount = long.employee_amount.and_then(|at| cells::amount(cell(at))).filter(|amount| !amount.zero);
        if let Some(amount) = amount.filter(|_| is_taken && codes.contains(cell(long.code))) {
            all += 1;
            negative += usize::from(amount.negative);
        }
    }
    (negative, all)
}

/// Places of what stands beside the amounts.
fn detail_columns(proposal: &Proposal) -> Vec<usize> {
    match &proposal.shape {
        Shape::Wide(deductions) => deductions.iter().flat_map(|deduction| deduction.details.places()).collect(),
        Shape::Groups(groups) => groups.iter().flat_map(|group| group.details.places()).collect(),
        Shape::Long(long) => long.details.places().collect(),
    }
}

/// Places of the amounts of both sides.
fn amount_columns(proposal: &Proposal) -> [Vec<usize>; 2] {
    match &proposal.shape {
        Shape::Wide(deductions) => [
            deductions.iter().filter_map(|deduction| deduction.employee).collect(),
            deductions.iter().filter_map(|deduction| deduction.employer).collect(),
        ],
        Shape::Groups(groups) => [
            groups.iter().filter_map(|group| group.employee).collect(),
            groups.iter().filter_map(|group| group.employer).collect(),
        ],
        Shape::Long(long) => [long.employee_amount.into_iter().collect(), long.employer_amount.into_iter().collect()],
    }
}
