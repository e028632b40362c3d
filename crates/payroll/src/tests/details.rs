//! What stands beside the amounts of a deduction.

use super::*;
use crate::DeductionDetails;
use crate::settings::{DetailColumns, Sign};
use tieout_model::terms::TaxTreatment;

const LONG: &str = "id,code,ee,er,cur,ytd,er_ytd,owed,tax";

fn details() -> DetailColumns {
    DetailColumns {
        employee_year_to_date: named("ytd"),
        employer_year_to_date: named("er_ytd"),
        arrears_balance: named("owed"),
        tax_treatment: named("tax"),
    }
}

fn of_code<'p>(payroll: &'p Payroll, code: &str) -> &'p DeductionDetails {
    &payroll.details.by_code[&(code.to_owned(), usd())]
}

#[track_caller]
fn check_lines(rows: &str, tweak: impl FnOnce(&mut Case)) -> Payroll {
    check_payroll(&format!("{LONG}\n{rows}"), |c| {
        c.settings.columns = PayrollColumns { employee_id: "id".to_owned(), ..PayrollColumns::default() };
        c.long(None);
        if let DeductionLayout::Long { details: columns, .. } = &mut c.settings.layout {
            **columns = details();
        }
        c.settings.tax_treatment_map =
            BTreeMap::from([("125".to_owned(), TaxTreatment::PreTax), ("post".to_owned(), TaxTreatment::PostTax)]);
        tweak(c);
    })
}

#[test]
fn years_arrears_and_tax_treatment_are_added_up_by_code() {
    let rows = "1,MED,10,40,,30,120,0,125\n2,MED,10,40,,\"1,020.50\",120,5.25,Post\n2,DEN,5,,,,,,\n";
    let payroll = check_lines(rows, |_| {});
    assert_eq!(lines(&payroll), ["1 MED 10.00 40.00 x1", "2 DEN 5.00 - x1", "2 MED 10.00 40.00 x1"]);
    let medical = of_code(&payroll, "MED");
    assert_eq!(medical.employee_year_to_date, Some(10_505_000));
    assert_eq!((medical.employer_year_to_date, medical.arrears_balance), (Some(2_400_000), Some(52_500)));
    assert_eq!(medical.treatments, BTreeMap::from([(TaxTreatment::PreTax, 1), (TaxTreatment::PostTax, 1)]));
    assert_eq!(medical.below_amount, None);
    assert_eq!(of_code(&payroll, "DEN"), &DeductionDetails::default());
}

#[test]
fn a_year_to_date_that_cannot_be_read_rejects_its_row() {
    let payroll =
        check_lines("1,MED,10,40,,3O.00,120,,125\n2,MED,10,40,,30,120,n/k,125\n3,MED,10,40,,30,120,,125\n", |_| {});
    assert_eq!(rejects(&payroll), ["2 ytd 9a.99: not a number (1)", "3 owed a/a: not a number (2)"]);
    assert_eq!(of_code(&payroll, "MED").employee_year_to_date, Some(300_000));
}

#[test]
fn a_year_below_the_amount_of_the_pay_is_counted() {
    let payroll = check_lines("1,MED,10,40,,9.99,40,,\n2,MED,10,40,,10,39,,\n3,MED,-10,40,,-20,40,,\n", |_| {});
    assert_eq!(of_code(&payroll, "MED").below_amount, Some((2, 2)));
}

#[test]
fn years_have_the_sign_of_the_amounts_and_arrears_their_own() {
    let payroll =
        check_lines("1,MED,-10,40,,-30,120,5,\n", |c| c.settings.amounts.employee_sign = Some(Sign::Negative));
    let medical = of_code(&payroll, "MED");
    assert_eq!((medical.employee_year_to_date, medical.arrears_balance), (Some(300_000), Some(50_000)));
    assert_eq!(medical.below_amount, None);
}

#[test]
fn a_line_that_the_employer_pays_has_the_year_of_the_employer() {
    let payroll = check_lines("1,MEDER,40,,,120,,,\n", |c| {
        if let DeductionLayout::Long { details, .. } = &mut c.settings.layout {
            details.employer_year_to_date = None;
        }
        c.settings.amounts.employer_codes.insert("MEDER".to_owned());
    });
    let employer = of_code(&payroll, "MEDER");
    assert_eq!((employer.employee_year_to_date, employer.employer_year_to_date), (None, Some(1_200_000)));
}

#[test]
fn a_word_for_a_tax_treatment_without_a_map_is_counted_and_rejects_nothing() {
    let payroll = check_lines("1,MED,10,40,,30,120,,Box 14\n2,MED,10,40,,30,120,,Box 14\n", |_| {});
    assert_eq!(payroll.details.unknown_tax_treatments, BTreeMap::from([("Box 14".to_owned(), 2)]));
    assert_eq!(payroll.rows.rejected, 0);
}

#[test]
fn a_column_a_deduction_may_have_a_column_of_its_year() {
    let payroll = check_payroll("id,name,salary,med_ee,med_er,den_ee,med_ytd\n1,a,,10,40,5,30\n2,b,,,,5,20\n", |c| {
        if let DeductionLayout::Wide(deductions) = &mut c.settings.layout {
            deductions[0].details.employee_year_to_date = named("med_ytd");
        }
    });
    // One who has left the benefit has its year all the same, and no line.
    assert_eq!(of_code(&payroll, "MED").employee_year_to_date, Some(500_000));
    assert_eq!(lines(&payroll), ["1 DEN 5.00 - x1", "1 MED 10.00 40.00 x1", "2 DEN 5.00 - x1"]);
}
