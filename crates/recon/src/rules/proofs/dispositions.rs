//! The second proof, CT10: every row of every source ended in exactly one place. Lines end where the ladder put them,
//! people at the most urgent of their places.

use polars::prelude::*;

use crate::rules::night::Night;
use crate::rules::people::mark;
use crate::rules::people::person_state::PersonState;
use crate::rules::place::{Fate, Place};
use crate::rules::schema::{self, LINES};
use tieout_model::control::{Disposition, FoundRows};
use tieout_model::finding::Finding;

const PAYROLL_ROWS: &str = "payroll rows";
const PAYROLL_LINES: &str = "payroll lines";
const EMPLOYEES: &str = "employees";
const BENEFITS: &str = "benefits";
pub(in crate::rules) const ENGAGEMENTS: &str = "engagements";
pub(in crate::rules) const ENROLLMENTS: &str = "enrollments";

/// Rows by fate, in the order of [`Fate`].
pub(in crate::rules) type ByFate = [u64; 4];

/// Rows of payroll lines and benefits by the fate of their line, and the most urgent line of each person.
pub(in crate::rules) struct Counts {
    payroll_lines: ByFate,
    pub(in crate::rules) benefits: ByFate,
    /// By `emp`. A line that is out of scope says nothing of the person.
    pub(in crate::rules) people: Vec<Fate>,
    found: Vec<FoundLine>,
}

/// A line that is a finding: `emp`, label, rows of payroll and of the service.
type FoundLine = (u32, u32, u32, u32);

impl Counts {
    pub(in crate::rules) fn new(all: &DataFrame, height: usize) -> PolarsResult<Counts> {
        let (people, found) = (vec![Fate::Matched; height], Vec::new());
        let mut counts = Counts { payroll_lines: [0; 4], benefits: [0; 4], people, found };
        let who = LINES.emp.of(all)?.into_no_null_iter().zip(LINES.place.of(all)?.into_no_null_iter());
        let labels = LINES.label.of(all)?.into_no_null_iter();
        let rows = LINES.pay_rows.of(all)?.into_no_null_iter().zip(LINES.bx_rows.of(all)?.into_no_null_iter());
        for (((emp, place), (pay_rows, bx_rows)), label) in who.zip(rows).zip(labels) {
            let fate = Place::of(place).fate();
            if fate == Fate::Finding {
                counts.found.push((emp, label, pay_rows, bx_rows));
            }
            counts.payroll_lines[fate as usize] += u64::from(pay_rows);
            counts.benefits[fate as usize] += u64::from(bx_rows);
            if fate != Fate::OutOfScope {
                let person = &mut counts.people[emp as usize];
                *person = (*person).max(fate);
            }
        }
        Ok(counts)
    }
}

/// `payroll rows`, `payroll lines`, `employees`, `benefits`, then Oyster's where the job has it. `people` is the fate
/// of each person by `emp`.
pub(in crate::rules) fn dispositions(night: &Night<'_>, people: &[Fate], findings: &[Finding]) -> Vec<Disposition> {
    let inputs = night.inputs;
    let mut employees = [0; 4];
    for fate in &people[..night.people.ids.known()] {
        employees[*fate as usize] += 1;
    }
    let known = night.people.ids.known() as u64;
    let benifex = [
        payroll_rows(night, people),
        disposition(PAYROLL_LINES, inputs.payroll.lines.height() as u64, night.counts.payroll_lines),
        disposition(EMPLOYEES, known, employees),
        disposition(BENEFITS, inputs.benefits.height() as u64, night.counts.benefits),
    ];
    let oyster = night.oyster.iter().flat_map(|oyster| oyster.dispositions(night, findings));
    benifex.into_iter().chain(oyster).collect()
}

/// The rows that ended as findings of one person or line; those of nobody's are left out.
pub(in crate::rules) fn found_rows(night: &Night<'_>, people: &[Fate], findings: &[Finding]) -> Vec<FoundRows> {
    let row = |source, emp: u32, benefit: &str, rows: u32| {
        let (employee_id, rows) = (night.id(emp).into(), u64::from(rows));
        FoundRows { source, employee_id, benefit: benefit.to_owned(), rows }
    };
    let mut found = Vec::new();
    for (emp, rows) in night.people.ids.of_person.iter().zip(&night.inputs.payroll.rows_of_person) {
        if people[*emp as usize] == Fate::Finding {
            found.push(FoundRows { rows: *rows, ..row(PAYROLL_ROWS, *emp, "", 0) });
        }
    }
    let known = (0..).zip(&people[..night.people.ids.known()]);
    found.extend(known.filter(|(_, fate)| **fate == Fate::Finding).map(|(emp, _)| row(EMPLOYEES, emp, "", 1)));
    for (emp, label, pay_rows, bx_rows) in &night.counts.found {
        let is_oysters = night.oyster.as_ref().is_some_and(|oyster| oyster.owns(*label));
        let service = if is_oysters { ENROLLMENTS } else { BENEFITS };
        let benefit = night.catalog.labels.text(*label);
        found.extend([row(PAYROLL_LINES, *emp, benefit, *pay_rows), row(service, *emp, benefit, *bx_rows)]);
    }
    let engagements = night.oyster.iter().flat_map(|oyster| oyster.accused(night, findings));
    found.extend(engagements.map(|emp| row(ENGAGEMENTS, emp, "", 1)));
    found.retain(|found| found.rows > 0);
    found
}

pub(in crate::rules) fn disposition(source: &str, rows: u64, by_fate: ByFate) -> Disposition {
    let [matched, out_of_scope, unverified, finding] = by_fate;
    Disposition { source: source.to_owned(), rows, matched, finding, waived: 0, out_of_scope, rejected: 0, unverified }
}

/// Accepted rows end where their employee does. Both figures come from the reader, counted apart: all rows as they were
/// met, and the accepted ones on the employee that they were given to.
fn payroll_rows(night: &Night<'_>, people: &[Fate]) -> Disposition {
    let payroll = night.inputs.payroll;
    let mut by_fate = [0; 4];
    for (emp, rows) in night.people.ids.of_person.iter().zip(&payroll.rows_of_person) {
        by_fate[people[*emp as usize] as usize] += *rows;
    }
    by_fate[Fate::OutOfScope as usize] += payroll.rows.out_of_scope + payroll.rows.structural;
    let counted = disposition(PAYROLL_ROWS, payroll.rows.read, by_fate);
    Disposition { rejected: payroll.rows.rejected, ..counted }
}

/// Fate of each person by `emp`: the most urgent of state, lines and findings.
pub(in crate::rules) fn people(
    night: &Night<'_>,
    accused: &[u32],
    partly_unverified: &[u32],
) -> PolarsResult<Vec<Fate>> {
    let marks = schema::EMPLOYEES.mark.of(&night.people.frame)?.into_no_null_iter();
    let states = night.states.column.into_no_null_iter().map(PersonState::of);
    let alone = |who: u32| matches!(who, mark::NEITHER | mark::SERVICE_ONLY);
    let own = states.zip(marks).map(|(state, who)| match state {
        PersonState::Unverified | PersonState::DatesUnreadable | PersonState::RowUnused => Fate::Unverified,
        PersonState::NearMatch | PersonState::Missing | PersonState::OffPayroll | PersonState::Reused => Fate::Finding,
        PersonState::NewHire | PersonState::NewStarter | PersonState::Elsewhere => Fate::OutOfScope,
        PersonState::Judged if alone(who) => Fate::OutOfScope,
        PersonState::Judged => Fate::Matched,
    });
    let mut fates: Vec<Fate> = own.zip(&night.counts.people).map(|(own, lines)| own.max(*lines)).collect();
    for emp in partly_unverified {
        fates[*emp as usize] = fates[*emp as usize].max(Fate::Unverified);
    }
    for emp in accused {
        fates[*emp as usize] = Fate::Finding;
    }
    Ok(fates)
}
