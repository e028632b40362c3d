//! Pay dates of a deduction that the job states some months late: the months before are judged by them, as far as that
//! explains what payroll did.

use crate::situations::company::{
    APRIL, APRIL_NIGHT, Company, Cover, FEBRUARY, FEBRUARY_NIGHT, JANUARY, JULY_NIGHT, JUNE, JUNE_NIGHT, MARCH,
    MARCH_NIGHT, MAY, MAY_NIGHT, MONTHLY,
};

/// 1,200.00 a year in ten parts from March to December.
const SCHOOL_YEAR: &str = "[[deductions.per_year]]\nbenefit = \"_Medical\"\ndeductions = 10\n\
                           [[schemes]]\nbenefit = \"_Medical\"\n\
                           deduction_dates = \"months 3, 4, 5, 6, 7, 8, 9, 10, 11, 12\"";

const QUARTERS: &str = "[[deductions.per_year]]\nbenefit = \"_Medical\"\ndeductions = 4\n\
                        [[schemes]]\nbenefit = \"_Medical\"\ndeduction_dates = \"months 3, 6, 9, 12\"";

const EMPLOYERS_QUARTERS: &str =
    "[[schemes]]\nbenefit = \"_Medical\"\nemployer_deduction_dates = \"months 3, 6, 9, 12\"";

fn all_pay(company: &mut Company, employee: &str) {
    company.all(|person| _ = person.pays("MED EE", employee));
}

#[test]
fn months_without_a_deduction_owe_nothing_once_the_job_says_so_and_a_part_that_is_missing_stays() {
    let mut company = Company::new(MONTHLY);
    all_pay(&mut company, "");
    company.night(FEBRUARY_NIGHT, JANUARY);
    company.night(MARCH_NIGHT, FEBRUARY);
    all_pay(&mut company, "120.00");
    company.person("1002").pays("MED EE", "110.00");
    company.night(APRIL_NIGHT, MARCH);
    company.job(SCHOOL_YEAR);
    company.person("1002").pays("MED EE", "120.00");
    company.night(MAY_NIGHT, APRIL).only(&["AM01 1002 _Medical 10.00"]);
    company.person("1002").pays("MED EE", "130.00");
    company.night(JUNE_NIGHT, MAY).nothing();
}

#[test]
fn a_month_that_was_missed_stays_owed_when_the_dates_of_all_change_later() {
    let mut company = Company::new(MONTHLY);
    company.night(FEBRUARY_NIGHT, JANUARY).nothing();
    company.person("1002").pays("MED EE", "");
    company.night(MARCH_NIGHT, FEBRUARY).only(&["EN01 1002 _Medical 100.00"]);
    company.person("1002").pays("MED EE", "100.00");
    company.night(APRIL_NIGHT, MARCH).only(&["EN01 1002 _Medical 100.00"]);
    company.job(SCHOOL_YEAR);
    all_pay(&mut company, "120.00");
    company.night(MAY_NIGHT, APRIL).only(&["EN01 1002 _Medical 100.00"]);
}

#[test]
fn what_is_taken_in_a_month_without_a_deduction_is_owed_back_though_the_quarter_was_stated_late() {
    let mut company = Company::new(MONTHLY);
    all_pay(&mut company, "");
    company.night(FEBRUARY_NIGHT, JANUARY);
    company.night(MARCH_NIGHT, FEBRUARY);
    all_pay(&mut company, "300.00");
    company.person("1003").pays("MED EE", "330.00");
    company.night(APRIL_NIGHT, MARCH).only(&["TM03 1003 _Medical -30.00"]);
    company.job(QUARTERS);
    all_pay(&mut company, "");
    company.person("1002").pays("MED EE", "50.00");
    let both = ["AM06 1002 _Medical -50.00", "AM01 1003 _Medical -30.00"];
    company.night(MAY_NIGHT, APRIL).only(&both);
    all_pay(&mut company, "");
    company.night(JUNE_NIGHT, MAY).only(&both);
    all_pay(&mut company, "300.00");
    company.person("1002").pays("MED EE", "250.00");
    company.person("1003").pays("MED EE", "270.00");
    company.night(JULY_NIGHT, JUNE).nothing();
}

#[test]
fn an_employers_share_of_a_quarter_owes_nothing_in_the_months_between_once_the_job_says_so() {
    // Stated when January was judged, or when the quarter was.
    for stated in [FEBRUARY, APRIL] {
        let mut company = Company::new(MONTHLY);
        company.all(|person| _ = person.covers(&[("_Medical", Cover::yearly(1200.0, 600.0))]).pays("MED ER", "0.00"));
        for (night, month) in
            [(FEBRUARY_NIGHT, JANUARY), (MARCH_NIGHT, FEBRUARY), (APRIL_NIGHT, MARCH), (MAY_NIGHT, APRIL)]
        {
            if month == stated {
                company.job(EMPLOYERS_QUARTERS);
            }
            let employer = if month == MARCH { "150.00" } else { "0.00" };
            company.all(|person| _ = person.pays("MED ER", employer));
            let outcome = company.night(night, month);
            if month >= stated || month == MARCH {
                outcome.nothing();
            }
        }
    }
}

#[test]
fn what_is_taken_in_a_free_month_after_an_agreement_changes_to_quarters_is_owed_back() {
    for taken in ["50.00", "100.00", "300.00"] {
        let mut company = Company::new(MONTHLY);
        for (night, month) in [(FEBRUARY_NIGHT, JANUARY), (MARCH_NIGHT, FEBRUARY), (APRIL_NIGHT, MARCH)] {
            company.night(night, month).nothing();
        }
        company.job(QUARTERS);
        all_pay(&mut company, "");
        company.person("1002").pays("MED EE", taken);
        company.night(MAY_NIGHT, APRIL).only(&[&format!("AM06 1002 _Medical -{taken}")]);
    }
}

#[test]
fn a_quarters_amount_in_a_free_month_after_the_quarter_was_taken_is_owed_back() {
    let mut company = Company::deducting(MONTHLY, 4, "");
    company.job(QUARTERS);
    for (night, month) in [(FEBRUARY_NIGHT, JANUARY), (MARCH_NIGHT, FEBRUARY), (APRIL_NIGHT, MARCH)] {
        all_pay(&mut company, if month == MARCH { "300.00" } else { "" });
        company.night(night, month).nothing();
    }
    all_pay(&mut company, "");
    company.person("1002").pays("MED EE", "300.00");
    company.night(MAY_NIGHT, APRIL).only(&["AM06 1002 _Medical -300.00"]);
    company.person("1002").pays("MED EE", "");
    company.night(JUNE_NIGHT, MAY).only(&["AM06 1002 _Medical -300.00"]);
}
