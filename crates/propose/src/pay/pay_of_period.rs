//! A column of pay that holds what one period pays, whatever it is called: taken for pay of a year, everybody's pay
//! would differ from that of the services.

use tieout_model::money::{DECIMALS_MAX, Marks, Money};

use crate::cells;
use crate::columns::Columns;
use crate::known::{Known, bare_id};
use crate::table::Table;

/// Pays a year that are tried.
const TIMES: [i64; 5] = [12, 24, 26, 52, 13];
/// A unit of the currency, in 1/10,000: how far rounding moves the pay of a period.
const UNIT: i64 = 10_000;

/// Takes the field from a column whose cells are as a rule the run's gross pay, or a period's part of what the services
/// hold.
pub fn drop(columns: &mut Columns, table: &Table, known: &Known, marks: Marks) {
    let Some(id) = columns.at("employee_id") else { return };
    let gross = columns.at("gross_pay");
    for field in ["annual_pay", "base_salary"] {
        let Some(at) = columns.at(field) else { continue };
        let (mut told, mut of_period) = (0, 0);
        for row in &table.rows {
            let cell = |at: usize| row.get(at).unwrap_or_default();
            let amount = |at: usize| Money::parse(cells::digits(cell(at)), marks, DECIMALS_MAX).map_or(0, |pay| pay.0);
            let (pay, gross) = (amount(at), gross.map_or(0, amount));
            let salary = known.people.get(bare_id(cell(id))).and_then(|person| person.salary);
            let is_part = |salary: i64| TIMES.iter().any(|times| (salary / times - pay).abs() <= UNIT);
            if pay != 0 && (gross != 0 || salary.is_some()) {
                told += 1;
                of_period += usize::from(pay == gross || salary.is_some_and(is_part));
            }
        }
        // Half of them, as people have overtime and bonuses in their gross pay.
        if of_period > 0 && of_period * 2 >= told {
            columns.by_field.remove(field);
            columns.unfit.push((at, field.to_owned()));
        }
    }
}

#[cfg(test)]
mod tests {
    use crate::known::of_world;
    use crate::{Hints, propose};

    #[track_caller]
    fn check(export: &str, users: &str, is_annual: bool) {
        let hints = Hints { known: of_world(users, ""), ..Hints::default() };
        let proposal = propose(export.as_bytes(), &hints).expect("a proposal");
        assert_eq!(proposal.columns.at("annual_pay").is_some(), is_annual, "{export}");
    }

    #[test]
    fn pay_of_a_period_is_not_taken_for_pay_of_a_year() {
        let user = r#"{"id":"u1","employment":{"employeeId":"101","salaryDetails":{"salary":48000.0}}}"#;
        let export = |pay: &str, gross: &str| {
            format!("Employee ID,Base Salary,Gross Pay,Medical EE\n101,{pay},{gross},5.00\n102,,,5.00\n")
        };
        check(&export("4000.00", "4000.00"), "", false);
        check(&export("4000.00", "4250.00"), user, false);
        check(&export("48000.00", "4000.00"), user, true);
        check(&export("48000.00", "4000.00"), "", true);
    }
}
