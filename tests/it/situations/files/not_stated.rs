//! A month that could not be judged for what the job did not say, or said wrongly: it is judged once the job says it,
//! and till then what makes it good accuses nobody.

use serde_json::json;

use crate::situations::company::{
    APRIL, APRIL_NIGHT, Company, Cover, FEBRUARY, FEBRUARY_NIGHT, JANUARY, JUNE_NIGHT, MARCH, MARCH_NIGHT, MAY,
    MAY_NIGHT, MONTHLY, Outcome, Period,
};

const PENSION: &str = "[payroll]\nwide = [{ code = \"PEN\", employee = \"PEN EE\", employer = \"PEN ER\" }]\n\
                       [deductions]\ncodes = { PEN = \"_Pension\" }";

/// Of a pension that costs the employee 200.00 a month and the employer 300.00.
fn of_pension(employee: &str, employer: &str) -> Company {
    let mut company = Company::new(MONTHLY);
    company.job(PENSION);
    company.all(|person| {
        _ = person
            .covers(&[("_Pension", Cover::yearly(2_400.0, 3_600.0))])
            .pays("PEN EE", employee)
            .pays("PEN ER", employer)
    });
    company
}

/// The night of a month in which 1001's cell is this one, and as that of all others afterwards.
#[track_caller]
fn month(company: &mut Company, (night, period): (&str, Period), header: &str, cell: &str) -> Outcome {
    let usual = company.person("1000").cell(header);
    company.person("1001").pays(header, cell);
    let outcome = company.night(night, period);
    company.person("1001").pays(header, &usual);
    outcome
}

#[test]
fn amounts_of_the_other_sign_are_judged_once_the_job_says_how_they_are_written() {
    for (april, told) in [("-110.00", &[][..]), ("-100.00", &["AM01 1001 _Medical 10.00"])] {
        let mut company = Company::new(MONTHLY);
        company.all(|person| _ = person.pays("MED EE", "-100.00"));
        company.night(FEBRUARY_NIGHT, JANUARY).unverified("1001", "_Medical");
        month(&mut company, (MARCH_NIGHT, FEBRUARY), "MED EE", "-90.00").unverified("1001", "_Medical");
        company.job("[payroll]\nemployee_sign = \"negative\"");
        company.night(APRIL_NIGHT, MARCH).only(&["AM01 1001 _Medical 10.00"]);
        month(&mut company, (MAY_NIGHT, APRIL), "MED EE", april).only(told);
        company.night(JUNE_NIGHT, MAY).only(told);
    }
}

#[test]
fn amounts_of_the_other_sign_stay_unverified_where_only_the_file_is_mended() {
    let mut company = Company::new(MONTHLY);
    company.all(|person| _ = person.pays("MED EE", "-100.00"));
    company.night(FEBRUARY_NIGHT, JANUARY);
    company.all(|person| _ = person.pays("MED EE", "100.00"));
    let outcome = company.night(MARCH_NIGHT, FEBRUARY);
    outcome.nothing();
    assert!(outcome.reason("1001", "_Medical").contains("had the other sign"), "{}", outcome.told());
    company.night("2026-03-05", JANUARY).nothing();
    let outcome = company.night(APRIL_NIGHT, MARCH);
    outcome.nothing();
    assert!(outcome.unverified.is_empty(), "{}", outcome.told());
}

#[test]
fn what_may_be_a_percentage_is_told_each_night_and_judged_once_the_job_says_that_it_is_none() {
    for (may, told) in [("250.00", &[][..]), ("200.00", &["AM01 1001 _Pension 50.00"])] {
        let mut company = of_pension("200.00", "300.00");
        company.night(FEBRUARY_NIGHT, JANUARY).nothing();
        month(&mut company, (MARCH_NIGHT, FEBRUARY), "PEN EE", "150.00").unverified("1001", "_Pension");
        let outcome = company.night(APRIL_NIGHT, MARCH);
        outcome.nothing();
        assert!(outcome.reason("1001", "_Pension").contains("150.00 USD"), "{}", outcome.told());
        company.job("[[schemes]]\nbenefit = \"_Pension\"\npercent_of_pay = false");
        company.night(MAY_NIGHT, APRIL).only(&["AM01 1001 _Pension 50.00"]);
        month(&mut company, (JUNE_NIGHT, MAY), "PEN EE", may).only(told);
    }
}

#[test]
fn what_was_taken_of_a_percentage_is_due_once_the_job_says_that_it_is_one_and_maps_no_pay() {
    let mut company = of_pension("200.00", "300.00");
    company.night(FEBRUARY_NIGHT, JANUARY).nothing();
    month(&mut company, (MARCH_NIGHT, FEBRUARY), "PEN EE", "250.00").unverified("1001", "_Pension");
    company.job("[[schemes]]\nbenefit = \"_Pension\"\npercent_of_pay = true");
    let outcome = company.night(APRIL_NIGHT, MARCH);
    outcome.nothing();
    assert!(outcome.unverified.is_empty(), "{}", outcome.told());
}

#[test]
fn a_sacrifice_that_was_too_low_before_the_job_named_it_is_owed_until_it_is_made_good() {
    for (april, told) in [("550.00", &[][..]), ("500.00", &["AM01 1001 _Pension 50.00"])] {
        let mut company = of_pension("", "500.00");
        company.night(FEBRUARY_NIGHT, JANUARY).unverified("1001", "_Pension");
        month(&mut company, (MARCH_NIGHT, FEBRUARY), "PEN ER", "450.00").unverified("1001", "_Pension");
        company.job("[deductions]\nsacrifice_codes = [\"PEN\"]");
        company.night(APRIL_NIGHT, MARCH).only(&["AM01 1001 _Pension 50.00"]);
        month(&mut company, (MAY_NIGHT, APRIL), "PEN ER", april).only(told);
        company.night(JUNE_NIGHT, MAY).only(told);
    }
}

#[test]
fn what_a_month_of_a_wrong_currency_took_too_little_may_be_caught_up_with_and_is_judged_when_its_file_is_run_again() {
    for is_run_again in [false, true] {
        let mut company = Company::after_january();
        company.job("[payroll]\ncurrency = \"GBP\"");
        month(&mut company, (MARCH_NIGHT, FEBRUARY), "MED EE", "70.00").finding("CU01 1001 _Medical -");
        company.job("[payroll]\ncurrency = \"USD\"");
        let outcome = company.night(APRIL_NIGHT, MARCH);
        outcome.nothing();
        outcome.unverified("1001", "_Medical");
        if is_run_again {
            month(&mut company, ("2026-04-05", FEBRUARY), "MED EE", "70.00").only(&["AM01 1001 _Medical 30.00"]);
        }
        month(&mut company, (MAY_NIGHT, APRIL), "MED EE", "130.00").nothing();
        let outcome = company.night(JUNE_NIGHT, MAY);
        outcome.nothing();
        assert_eq!(outcome.unverified.is_empty(), is_run_again, "{}", outcome.told());
    }
}

#[test]
fn who_may_have_a_benefit_after_all_owes_what_was_due_of_the_month_in_which_the_job_said_otherwise() {
    let mut company = Company::after_january();
    company.job("[[schemes]]\nbenefit = \"_Medical\"\npay_group = \"G1\"\neligible = false");
    month(&mut company, (MARCH_NIGHT, FEBRUARY), "MED EE", "90.00").finding("EN16 1001 _Medical -90.00");
    company.job("schemes = []");
    company.night(APRIL_NIGHT, MARCH).only(&["AM01 1001 _Medical 10.00"]);
    month(&mut company, (MAY_NIGHT, APRIL), "MED EE", "110.00").nothing();
    company.night(JUNE_NIGHT, MAY).nothing();
}

#[test]
fn a_month_whose_deductions_a_year_were_unknown_is_judged_once_the_job_states_them() {
    let mut company = Company::new(MONTHLY);
    company.all(|person| _ = person.user("/employment/salaryDetails/payPeriods", json!(0)).pays("Pay Frequency", ""));
    company.night(FEBRUARY_NIGHT, JANUARY).unverified("1001", "_Medical");
    month(&mut company, (MARCH_NIGHT, FEBRUARY), "MED EE", "70.00").unverified("1001", "_Medical");
    company.job("[[deductions.per_year]]\nbenefit = \"_Medical\"\ndeductions = 12");
    company.night(APRIL_NIGHT, MARCH).only(&["AM01 1001 _Medical 30.00"]);
    month(&mut company, (MAY_NIGHT, APRIL), "MED EE", "130.00").nothing();
}

#[test]
fn what_was_taken_before_cover_is_compared_once_the_job_says_that_it_is_taken_in_advance() {
    let mut company = Company::new(MONTHLY);
    company.person("1001").covers(&[]).pays("MED EE", "").pays("MED ER", "");
    company.night(FEBRUARY_NIGHT, JANUARY).nothing();
    let cover = Cover::yearly(1_200.0, 0.0).from("2026-03-01").changed("2026-02-10");
    company.person("1001").covers(&[("_Medical", cover)]).pays("MED EE", "90.00");
    company.night(MARCH_NIGHT, FEBRUARY).only(&["EN11 1001 _Medical -90.00"]);
    company.person("1001").pays("MED EE", "100.00");
    company.night(APRIL_NIGHT, MARCH).only(&["EN11 1001 _Medical -90.00"]);
    company.job("[[schemes]]\nbenefit = \"_Medical\"\nfirst_deduction = \"in advance\"");
    company.night(MAY_NIGHT, APRIL).only(&["AM01 1001 _Medical 10.00"]);
    month(&mut company, (JUNE_NIGHT, MAY), "MED EE", "110.00").nothing();
}
