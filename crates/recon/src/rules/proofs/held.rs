//! A night that CT06 stopped: what payroll took is kept in the books as taken and as due, so that it is in no balance,
//! and a later night judges it once it is known to be right. What was due is what the records say then. Of whoever the
//! file has no row, it took nothing.

use std::collections::BTreeMap;

use polars::prelude::*;

use crate::balance::{AccountPeriod, Employee};
use crate::rules::night::Night;
use crate::rules::people::person_state::PersonState;
use crate::rules::place::{Fate, Place};
use crate::rules::schema::{EMPLOYEES, LINES};
use crate::tables::column::{Column, Number, Row};
use tieout_model::balance::{Account, Movements, Page, PayPeriod, Posting};
use tieout_model::code::Code;
use tieout_model::finding::Payer;

/// What the file says of one employee.
#[derive(Default)]
struct Held {
    taken: BTreeMap<Account, i64>,
    /// Benefits of which nobody knows what was taken.
    unjudged: Vec<String>,
}

/// What a stopped night posts, by employee. What a night that counts has said of the period stands.
pub(in crate::rules) fn pages(night: &Night<'_>) -> PolarsResult<Vec<Page>> {
    let mut pages = Vec::new();
    for (emp, held) in of_employees(night)? {
        let (start, end) = night.period(emp)?;
        let period = PayPeriod { start: Some(start), end };
        let employee = night.inputs.books.of(night.id(emp));
        let postings: Vec<Posting> = held
            .taken
            .into_iter()
            .filter_map(|(account, taken)| posting(night, &employee, account, period, taken))
            .collect();
        // A file that may be cut short has left nobody out.
        let unjudged = (night.person(emp).is_some() && !employee.is_read(end)).then_some(held.unjudged);
        if unjudged.is_some() || !postings.is_empty() {
            pages.push(Page { employee_id: night.id(emp).into(), period, unjudged, postings });
        }
    }
    pages.sort_unstable_by(|a, b| a.employee_id.cmp(&b.employee_id));
    Ok(pages)
}

fn posting(
    night: &Night<'_>,
    employee: &Employee<'_>,
    account: Account,
    period: PayPeriod,
    taken: i64,
) -> Option<Posting> {
    let known = employee.cell(&account, period.end);
    if known.is_some_and(|known| !known.is_unsettled()) || (known.is_none() && employee.is_read(period.end)) {
        return None;
    }
    let known = known.cloned().unwrap_or(AccountPeriod::new(period, night.inputs.as_of));
    let mut movements = Movements::from_amounts([taken, taken, 0, 0, 0]);
    movements += -known.movements;
    let code = Some(Code::CT06);
    let is_news = !movements.is_nothing() || known.code != code;
    is_news.then_some(Posting { account, period, movements, code, cover_from: period.start, by_gross: None })
}

/// By `emp`: everybody who is judged, with a row of the period, and who has none and was on payroll before.
fn of_employees(night: &Night<'_>) -> PolarsResult<BTreeMap<u32, Held>> {
    let all = &night.placed;
    let number = |column: Column<Row>| PolarsResult::Ok(column.of(all)?.into_no_null_iter());
    let amount = |column: Column<Number>| PolarsResult::Ok(column.of(all)?.into_no_null_iter());
    let lines =
        number(LINES.emp)?.zip(number(LINES.label)?).zip(number(LINES.place)?.zip(LINES.employer.of(all)?.iter()));
    let amounts = amount(LINES.employee_taken)?
        .zip(amount(LINES.employer_taken)?)
        .zip(amount(LINES.employee_due)?.zip(amount(LINES.employer_due)?));
    let currencies = number(LINES.pay_cur)?.zip(number(LINES.ee_cur)?.zip(number(LINES.er_cur)?));
    let of_several: std::collections::BTreeSet<&str> =
        night.inputs.payroll.row_amounts.iter().map(|row| row.employee_id.as_str().trim()).collect();
    let mut held: BTreeMap<u32, Held> = BTreeMap::new();
    let judged = |emp: u32| {
        let is_judged = match night.states.get(emp) {
            PersonState::Judged => night.person(emp).is_some(),
            PersonState::OffPayroll => {
                let employee = night.inputs.books.of(night.id(emp));
                night.period(emp).is_ok_and(|(start, _)| employee.knows_before(start))
            }
            _ => false,
        };
        is_judged && night.people.paydays[emp as usize].in_file == 1
    };
    for ((((emp, label), (place, employer)), ((a, s), (e, r))), (pay_cur, (ee_cur, er_cur))) in
        lines.zip(amounts).zip(currencies)
    {
        if !judged(emp) {
            continue;
        }
        let of_person = held.entry(emp).or_default();
        let benefit = night.catalog.labels.text(label);
        let fate = Place::of(place).fate();
        if benefit.starts_with('(') || fate == Fate::OutOfScope {
            continue;
        }
        let group = EMPLOYEES.group.of(&night.people.frame)?.get(emp as usize).unwrap_or_default();
        let is_percentage = night.schemes.scheme(group, label).percent_of_pay == Some(true);
        let is_unclear = fate == Fate::Unverified || of_several.contains(night.id(emp).trim());
        if is_unclear || is_percentage || night.oyster_of(label).is_some() {
            of_person.unjudged.push(benefit.to_owned());
            continue;
        }
        let as_one = night.labels[label as usize].sacrifice && employer == Some(true);
        let sides = match (as_one, employer == Some(true)) {
            (true, _) => vec![(Payer::Employee, a + s, e + r, ee_cur)],
            (false, true) => vec![(Payer::Employee, a, e, ee_cur), (Payer::Employer, s, r, er_cur)],
            (false, false) => vec![(Payer::Employee, a, e, ee_cur)],
        };
        for (payer, taken, due, due_cur) in sides {
            let Some(currency) = night.currency(if a != 0 || s != 0 { pay_cur } else { due_cur }) else { continue };
            if (taken, due) != (0, 0) {
                *of_person.taken.entry(Account { benefit: benefit.into(), payer, currency }).or_default() += taken;
            }
        }
    }
    Ok(held)
}
