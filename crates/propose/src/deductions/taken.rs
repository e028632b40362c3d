//! What the file says payroll took, line by line, as far as it helps to tell the codes apart.

use std::collections::BTreeSet;

use tieout_model::money::{DECIMALS_MAX, Money};

use crate::cells;
use crate::cells::marks::Marks;
use crate::columns::Columns;
use crate::deductions::evidence::DeductedLine;
use crate::known::bare_id;
use crate::proposal::Shape;
use crate::table::Table;
use crate::table::record_types::RecordTypes;

/// The amounts of every row by code.
pub fn lines<'t>(
    table: &'t Table,
    columns: &Columns,
    shape: &'t Shape,
    record_types: Option<&RecordTypes>,
    employer_codes: &BTreeSet<String>,
    marks: &Marks,
) -> Vec<DeductedLine<'t>> {
    let Some(id) = columns.at("employee_id") else { return Vec::new() };
    let group = columns.at("pay_group");
    let money = marks.of_money();
    let mut lines = Vec::new();
    for row in &table.rows {
        let cell = |at: usize| row.get(at).unwrap_or_default().trim();
        let amount =
            |at: Option<usize>| Money::parse(cells::digits(cell(at?)), money, DECIMALS_MAX).ok().map(|money| money.0);
        let (employee_id, pay_group) = (bare_id(cell(id)), group.map_or("", cell));
        let kind = record_types.map(|types| (types, cell(types.at)));
        if kind.is_some_and(|(types, word)| !types.has_amount(word)) {
            continue;
        }
        match shape {
            Shape::Wide(deductions) => lines.extend(deductions.iter().map(|deduction| DeductedLine {
                employee_id,
                pay_group,
                code: &deduction.code,
                employee: amount(deduction.employee),
                employer: amount(deduction.employer),
            })),
            Shape::Groups(groups) => {
                lines.extend(groups.iter().filter(|group| !cell(group.code).is_empty()).map(|group| DeductedLine {
                    employee_id,
                    pay_group,
                    code: row.get(group.code).unwrap_or_default().trim(),
                    employee: amount(group.employee),
                    employer: amount(group.employer),
                }))
            }
            Shape::Long(long) => {
                let of_employer = employer_codes.contains(cell(long.code))
                    || kind.is_some_and(|(types, word)| types.employer.iter().any(|known| known == word));
                let amount_of = amount(long.employee_amount);
                lines.push(DeductedLine {
                    employee_id,
                    pay_group,
                    code: cell(long.code),
                    employee: amount_of.filter(|_| !of_employer),
                    employer: amount(long.employer_amount).or(amount_of.filter(|_| of_employer)),
                });
            }
        }
    }
    lines
}
