//! Rows of the table of people: what one says, and how one is added or copied.

use std::borrow::Cow;

use chrono::NaiveDate;

use crate::header::columns::{DATES, NUMBERS, TEXTS};
use crate::people::Said;
use crate::people::person::{Earnings, ParsedPerson};
use crate::tables::{self, OptionalMoney};
use tieout_model::money::Money;

pub(crate) fn id_of(table: &tables::People, row: u32) -> &str {
    table.employee_id.get(row as usize).unwrap_or_default()
}

/// In the order of [`TEXTS`].
pub(crate) fn texts_of(table: &tables::People, row: usize) -> [Option<&str>; TEXTS.len()] {
    [
        table.legal_entity.get(row),
        table.pay_group.get(row),
        table.first_name.get(row),
        table.last_name.get(row),
        table.addr_line1.get(row),
        table.addr_line2.get(row),
        table.city.get(row),
        table.state.get(row),
        table.zip.get(row),
        table.country.get(row),
        table.email.get(row),
    ]
}

/// In the order of [`DATES`].
pub(crate) fn dates_of(table: &tables::People, row: usize) -> [Option<NaiveDate>; DATES.len()] {
    [
        table.period_start[row],
        table.period_end[row],
        table.pay_date[row],
        table.salary_effective[row],
        table.hire_date[row],
        table.term_date[row],
        table.dob[row],
    ]
}

/// In the order of [`NUMBERS`].
pub(crate) fn numbers_of(table: &tables::People, row: usize) -> [Option<Money>; NUMBERS.len()] {
    [table.base_salary.get(row), table.hours.get(row), table.fte.get(row)]
}

/// In the order of [`crate::header::columns::EARNINGS`].
pub(crate) fn earnings_of(table: &tables::People, row: usize) -> Earnings {
    [&table.gross_pay, &table.net_pay, &table.hours_worked, &table.leave_hours]
        .map(|column| OptionalMoney::new(column.get(row)))
}

/// Adds a row of another table.
pub(crate) fn copy(table: &mut tables::People, from: &tables::People, row: usize, keeps_earnings: bool) {
    let texts = texts_of(from, row).map(|text| text.map(Cow::Borrowed));
    let person = ParsedPerson {
        dates: dates_of(from, row),
        numbers: numbers_of(from, row),
        earnings: earnings_of(from, row),
        currency: None,
        basis: from.rate_basis[row],
        frequency: from.pay_frequency[row],
        status: from.employment_status[row],
        frequency_unmapped: from.pay_frequency_unmapped[row],
        status_unmapped: from.employment_status_unmapped[row],
    };
    let currency = (from.currency[row], from.currency_source[row]);
    let said = Said { line: from.line[row], texts, person, currency };
    push(table, id_of(from, row as u32), &said, keeps_earnings);
}

pub(crate) fn push(table: &mut tables::People, id: &str, said: &Said<'_>, keeps_earnings: bool) {
    let Said { line, texts, person, currency: (currency, source) } = said;
    table.employee_id.push(id);
    table.line.push(*line);
    let texts = texts.each_ref().map(|text| text.as_deref().unwrap_or_default());
    let [legal_entity, pay_group, first_name, last_name, line1, line2, city, state, zip, country, email] = texts;
    table.legal_entity.push(legal_entity);
    table.pay_group.push(pay_group);
    table.first_name.push(first_name);
    table.last_name.push(last_name);
    table.addr_line1.push(line1);
    table.addr_line2.push(line2);
    table.city.push(city);
    table.state.push(state);
    table.zip.push(zip);
    table.country.push(country);
    table.email.push(email);
    let [period_start, period_end, pay_date, salary_effective, hire_date, term_date, dob] = person.dates;
    table.period_start.push(period_start);
    table.period_end.push(period_end);
    table.pay_date.push(pay_date);
    table.salary_effective.push(salary_effective);
    table.hire_date.push(hire_date);
    table.term_date.push(term_date);
    table.dob.push(dob);
    let [base_salary, hours, fte] = person.numbers;
    table.base_salary.push(base_salary);
    table.hours.push(hours);
    table.fte.push(fte);
    if keeps_earnings {
        let tables::People { gross_pay, net_pay, hours_worked, leave_hours, .. } = table;
        let columns = [gross_pay, net_pay, hours_worked, leave_hours];
        columns.into_iter().zip(person.earnings).for_each(|(column, amount)| column.push(amount.get()));
    }
    table.currency.push(*currency);
    table.currency_source.push(*source);
    table.rate_basis.push(person.basis);
    table.pay_frequency.push(person.frequency);
    table.pay_frequency_unmapped.push(person.frequency_unmapped);
    table.employment_status.push(person.status);
    table.employment_status_unmapped.push(person.status_unmapped);
    table.duplicate.push(false);
}

/// Room for `more` rows, `times` those that are there.
pub(crate) fn reserve(table: &mut tables::People, times: usize, more: usize) {
    let tables::People { employee_id, first_name, last_name, addr_line1, addr_line2, city, zip, email, .. } = table;
    for texts in [employee_id, first_name, last_name, addr_line1, addr_line2, city, zip, email] {
        texts.reserve(times);
    }
    let tables::People { legal_entity, pay_group, state, country, .. } = table;
    [legal_entity, pay_group, state, country].into_iter().for_each(|texts| texts.reserve_times(times));
    let tables::People { period_start, period_end, pay_date, salary_effective, hire_date, term_date, dob, .. } = table;
    for dates in [period_start, period_end, pay_date, salary_effective, hire_date, term_date, dob] {
        dates.reserve(more);
    }
    let tables::People { base_salary, hours, fte, .. } = table;
    [base_salary, hours, fte].into_iter().for_each(|amounts| amounts.reserve(more));
    let tables::People { pay_frequency_unmapped, employment_status_unmapped, duplicate, .. } = table;
    [pay_frequency_unmapped, employment_status_unmapped, duplicate].into_iter().for_each(|flags| flags.reserve(more));
    table.line.reserve(more);
    table.currency.reserve(more);
    table.currency_source.reserve(more);
    table.rate_basis.reserve(more);
    table.pay_frequency.reserve(more);
    table.employment_status.reserve(more);
}
