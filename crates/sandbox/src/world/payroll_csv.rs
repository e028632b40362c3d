//! The payroll export of a generated world, in both layouts: *wide*, with a column pair a deduction code, and *long*,
//! with people and deductions in two files.

use std::io::Write;

use anyhow::Result;
use chrono::NaiveDate;
use csv::Writer;

use crate::world::amounts::payroll_text;
use crate::world::calendar::Group;
use crate::world::records::{CODES, Kind, Line, PayrollRow};

const PERSON_HEADERS: [&str; 26] = [
    "employee_id",
    "legal_entity",
    "pay_group",
    "run_type",
    "period_start",
    "period_end",
    "pay_date",
    "currency",
    "base_salary",
    "rate_basis",
    "salary_effective",
    "pay_frequency",
    "hours",
    "fte",
    "employment_status",
    "hire_date",
    "term_date",
    "first_name",
    "last_name",
    "dob",
    "addr_line1",
    "addr_line2",
    "city",
    "state",
    "zip",
    "country",
];
const DEDUCTION_HEADERS: [&str; 11] =
    ["med_ee", "med_er", "den_ee", "den_er", "pen_ee", "pen_er", "life_ee", "life_er", "cyc_ee", "cyc_er", "gym_ee"];
/// Behind the others, in worlds with Oyster only.
const OYSTER_HEADERS: [&str; 5] = ["oyh_ee", "oyh_er", "oyp_ee", "oyp_er", "email"];
const OYSTER_CODES: [&str; 2] = ["OYH", "OYP"];
const LONG_HEADERS: [&str; 5] = ["employee_id", "deduction_code", "ee_amount", "er_amount", "currency"];
/// The last code has no employer column.
const LAST_CODE: usize = CODES - 1;

/// Behind the others, in worlds over several periods only.
const GROSS_HEADERS: [&str; 1] = ["gross_pay"];

/// What a wide file has behind the columns of every world.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum More {
    Nothing,
    Oyster,
    Gross,
}

impl More {
    pub fn of(oyster: bool) -> More {
        if oyster { More::Oyster } else { More::Nothing }
    }
}

/// Writes the header of the wide layout.
pub fn wide_header<W: Write>(file: &mut Writer<W>, more: More) -> Result<()> {
    let more: &[&str] = match more {
        More::Nothing => &[],
        More::Oyster => &OYSTER_HEADERS,
        More::Gross => &GROSS_HEADERS,
    };
    Ok(file.write_record(PERSON_HEADERS.iter().chain(&DEDUCTION_HEADERS).chain(more))?)
}

/// Writes the headers of the long layout: people, deductions.
pub fn long_headers<W: Write>(people: &mut Writer<W>, deductions: &mut Writer<W>, oyster: bool) -> Result<()> {
    let more: &[&str] = if oyster { &OYSTER_HEADERS[OYSTER_HEADERS.len() - 1..] } else { &[] };
    people.write_record(PERSON_HEADERS.iter().chain(more))?;
    Ok(deductions.write_record(LONG_HEADERS)?)
}

/// Writes one line of the wide layout. `period`: first day, last day and pay date.
pub fn wide<W: Write>(
    file: &mut Writer<W>,
    row: &PayrollRow,
    group: Group,
    period: [NaiveDate; 3],
    more: More,
) -> Result<()> {
    for cell in person_cells(row, group, period) {
        file.write_field(cell)?;
    }
    for (position, line) in row.lines.iter().enumerate() {
        file.write_field(cell(line.ee))?;
        if position != LAST_CODE {
            file.write_field(cell(line.er))?;
        }
    }
    match more {
        More::Nothing => {}
        More::Oyster => {
            for line in row.oyster {
                file.write_field(cell(line.ee))?;
                file.write_field(cell(line.er))?;
            }
            file.write_field(&row.email)?;
        }
        More::Gross => file.write_field(payroll_text(row.base_salary / i64::from(group.pay_periods())))?,
    }
    Ok(file.write_record(None::<&[u8]>)?)
}

/// Writes a person's rows in the long layout: one line of the person, one a deduction of any row.
pub fn long<W: Write>(
    people: &mut Writer<W>,
    deductions: &mut Writer<W>,
    rows: &[PayrollRow],
    group: Group,
    oyster: bool,
) -> Result<()> {
    let Some(first) = rows.first() else { return Ok(()) };
    let email = oyster.then(|| first.email.clone());
    people.write_record(person_cells(first, group, group.period()).into_iter().chain(email))?;
    for row in rows {
        let codes = Kind::DEDUCTED.iter().map(|kind| kind.code()).chain(OYSTER_CODES);
        let lines = row.lines.iter().chain(&row.oyster);
        for (code, line) in codes.zip(lines).filter(|(_, line)| **line != Line::default()) {
            let cells = [cell(line.ee), cell(line.er)];
            let id = row.employee_id.as_str();
            deductions.write_record([id, code, &cells[0], &cells[1], group.currency()])?;
        }
    }
    Ok(())
}

fn person_cells(row: &PayrollRow, group: Group, period: [NaiveDate; 3]) -> [String; PERSON_HEADERS.len()] {
    let [start, end, pay_date] = period;
    let address = &row.address;
    [
        row.employee_id.clone(),
        group.legal_entity().to_owned(),
        group.code().to_owned(),
        "regular".to_owned(),
        start.to_string(),
        end.to_string(),
        pay_date.to_string(),
        group.currency().to_owned(),
        payroll_text(row.base_salary),
        row.rate_basis.to_owned(),
        row.salary_effective.to_string(),
        group.frequency().to_owned(),
        payroll_text(row.hours),
        payroll_text(row.fte),
        row.employment_status.to_owned(),
        row.hire_date.to_string(),
        date(row.term_date),
        row.first_name.clone(),
        row.last_name.clone(),
        row.dob.to_string(),
        address.line1.clone(),
        address.line2.clone(),
        address.city.clone(),
        address.state.clone(),
        address.zip.clone(),
        group.country().to_owned(),
    ]
}

fn date(date: Option<NaiveDate>) -> String {
    date.map(|d| d.to_string()).unwrap_or_default()
}

fn cell(cents: Option<i64>) -> String {
    cents.map(payroll_text).unwrap_or_default()
}
