//! Salaries: raises, bases, hours and part time.

use serde_json::json;

use crate::situations::company::{
    APRIL, BIWEEKLY, Company, Cover, FEBRUARY, MARCH, MONTHLY, Person, march, march_with,
};

const SALARY: &str = "/employment/salaryDetails/salary";

fn works(person: &mut Person, hours: f64) {
    person
        .user("/employment/workingHours/contractedHours", json!(hours))
        .user("/employment/workingHours/fullTimeEquivalentFraction", json!(hours / 40.0))
        .pays("Status", if hours < 32.0 { "part_time" } else { "full_time" })
        .benbase("/employment_status", json!(if hours < 32.0 { "part_time" } else { "full_time" }));
}

fn paid_by_the_hour(person: &mut Person, rate: &'static str, yearly: f64) {
    person.pays("Salary", rate).pays("Rate Basis", "hourly").user(SALARY, json!(yearly));
    person.benbase("/pay_rate", json!({"amount": rate, "period": "hourly", "effective_start": "2025-01-01"}));
}

#[test]
fn a_raise_that_nobody_else_knows_yet_is_queued_with_a_mark() {
    let outcome = march(|person| _ = person.pays("Salary", "66000.00").pays("Salary Effective", "2026-03-20"));
    outcome.only(&["CO01 1001 - any", "CO07 1001 - any"]);
    outcome.queued("1001 base_salary 66000.00 annually 2026-03-20");
    assert!(outcome.corrections.iter().all(|row| row["second_look"] == "only the authority has the new value"));
    assert!(outcome.finding("CO07 1001 - any")["sentence"].contains("Approve the correction"));
}

/// Which day of a month Benifex's salary has effect from.
const SINCE: &str = "/employment/salaryDetails/salaryEffectiveDate";

/// Benifex has a raise with effect from 1 April, and is asked on a night in April; payroll's file of March cannot.
fn raised_from_april(company: &mut Company) {
    company.person("1001").user(SALARY, json!(63_000.0)).user(SINCE, json!("2026-04-01"));
}

#[test]
fn a_raise_from_the_day_after_the_files_period_is_no_difference_of_it_on_any_night() {
    let mut company = Company::new(MONTHLY);
    raised_from_april(&mut company);
    for night in ["2026-04-02", "2026-04-15", "2026-04-29"] {
        let outcome = company.night(night, MARCH);
        outcome.nothing();
        outcome.nothing_queued();
    }
    company.person("1001").pays("Salary", "63000.00").pays("Salary Effective", "2026-04-01");
    let outcome = company.night("2026-05-02", APRIL);
    outcome.only(&["CO07 1001 - any"]);
    outcome.queued("1001 base_salary 63000.00 annually 2026-04-01");
}

#[test]
fn a_raise_from_after_the_files_period_that_benbase_has_already_is_not_taken_back() {
    let mut company = Company::new(MONTHLY);
    raised_from_april(&mut company);
    let held = json!({"amount": "63000.00", "period": "annually", "effective_start": "2026-04-01"});
    company.person("1001").benbase("/pay_rate", held);
    let outcome = company.night("2026-04-02", MARCH);
    outcome.nothing();
    outcome.nothing_queued();
}

#[test]
fn hours_that_change_with_the_pay_after_the_files_period_are_no_difference_of_it() {
    let mut company = Company::new(MONTHLY);
    let person = company.person("1001").user(SALARY, json!(30_000.0)).user(SINCE, json!("2026-04-06"));
    person.user("/employment/workingHours/contractedHours", json!(20.0));
    person.user("/employment/workingHours/fullTimeEquivalentFraction", json!(0.5));
    let outcome = company.night("2026-04-08", MARCH);
    outcome.nothing();
    outcome.nothing_queued();
}

#[test]
fn a_raise_inside_the_period_that_payroll_shows_in_two_rows_is_its_later_pay() {
    let mut company = Company::new(MONTHLY);
    company.job("[payroll]\nseveral_rows = { sum = [] }");
    let person = company.person("1001").user(SALARY, json!(63_000.0)).user(SINCE, json!("2026-03-16"));
    person.pays("MED EE", "50.00");
    person.further_row(&[("Salary", "63000.00"), ("Salary Effective", "2026-03-16")]);
    let outcome = company.night("2026-04-02", MARCH);
    outcome.only(&["CO07 1001 - any"]);
    outcome.queued("1001 base_salary 63000.00 annually 2026-03-16");
}

#[test]
fn a_salary_of_nothing_during_an_unpaid_leave_is_nobodys_salary() {
    for (payroll, benifex) in [("0.00", 60_000.0), ("60000.00", 0.0), ("0.00", 0.0)] {
        let outcome = march(|person| _ = person.pays("Salary", payroll).user(SALARY, json!(benifex)));
        outcome.nothing();
        outcome.nothing_queued();
    }
}

#[test]
fn a_raise_told_a_period_late_is_queued_with_a_mark() {
    let outcome = march(|person| _ = person.pays("Salary", "63000.00").pays("Salary Effective", "2026-02-16"));
    outcome.queued("1001 base_salary 63000.00 annually 2026-02-16");
    let mark = "only the authority has the new value; effective date in an earlier period";
    assert!(outcome.corrections.iter().all(|row| row["second_look"] == mark));
}

#[test]
fn a_bulk_approval_leaves_marked_items_out() {
    let mut company = Company::new(MONTHLY);
    company.person("1001").pays("Salary", "66000.00").pays("Salary Effective", "2026-03-20");
    company.person("1002").benbase("/address/line1", json!("9 Former Road"));
    company.night("2026-04-02", MARCH);
    let bulk = ["queue", "approve", "job.toml", "--by", "maria", "--max-count", "5", "--max-exposure", "9000.00"];
    let said = company.site().expect(0, &bulk);
    assert!(said.contains("is approved") && said.contains("left out"), "{said}");
    let said = company.site().expect(0, &[&bulk[..], &["--with-marked"]].concat());
    assert!(said.contains("is approved") && !said.contains("left out"), "{said}");
}

#[test]
fn a_pay_that_went_from_hours_to_years_is_told_and_queued() {
    let outcome = march(|person| {
        person.pays("Salary Effective", "2026-03-20");
        person.user("/employment/salaryDetails/salaryEffectiveDate", json!("2026-03-20"));
        person.benbase("/pay_rate", json!({"amount": "28.85", "period": "hourly", "effective_start": "2025-01-01"}));
    });
    outcome.only(&["CO07 1001 - any"]);
    outcome.queued("1001 base_salary 60000.00 annually 2026-03-20");
}

#[test]
fn an_hourly_rate_is_the_salary_by_contracted_hours_whatever_was_worked() {
    let hours = "[payroll.columns]\nhours = \"Hours\"";
    march_with(hours, |person| {
        paid_by_the_hour(person, "20.00", 41_600.0);
        person.pays("Hours", "32.5");
    })
    .nothing();
    march(|person| paid_by_the_hour(person, "20.00", 41_600.0)).nothing();
    march(|person| {
        paid_by_the_hour(person, "20.00", 24_960.0);
        works(person, 24.0);
    })
    .nothing();
    // The job says nothing of the basis, and the figure says it all.
    march(|person| paid_by_the_hour(person, "20.00", 20.0)).nothing();
    // A raise of the rate is none of that.
    march(|person| paid_by_the_hour(person, "21.00", 41_600.0)).only(&["CO01 1001 - any"]);
}

#[test]
fn hours_that_nobody_contracted_compare_nothing() {
    let outcome = march(|person| {
        paid_by_the_hour(person, "20.00", 52_000.0);
        person.user("/employment/workingHours", json!(null));
    });
    outcome.nothing();
    outcome.unverified("1001", "");
}

#[test]
fn a_part_timer_with_the_full_time_salary_on_one_side_differs_in_nothing() {
    for (share, actual) in [(0.6, 36_000.0), (0.9, 54_000.0)] {
        march(|person| {
            works(person, 40.0 * share);
            person.user(SALARY, json!(actual));
        })
        .nothing();
        march(|person| {
            works(person, 40.0 * share);
            person.user(SALARY, json!(actual));
            person.benbase("/pay_rate/amount", json!(format!("{actual:.2}")));
        })
        .nothing();
    }
}

#[test]
fn a_part_timer_whose_salaries_agree_in_no_reading_is_asked_about_and_not_corrected() {
    let outcome = march(|person| {
        works(person, 24.0);
        person.pays("Salary", "66000.00").pays("Salary Effective", "2026-03-20").user(SALARY, json!(36_000.0));
    });
    outcome.only(&["CO06 1001 - any"]);
    outcome.nothing_queued();
    let stated = "[payroll]\npart_time_pay = \"full_time\"\n[benifex]\npart_time_pay = \"actual\"";
    march_with(stated, |person| {
        works(person, 24.0);
        person.pays("Salary", "66000.00").user(SALARY, json!(36_000.0)).benbase("/pay_rate/amount", json!("66000.00"));
    })
    .only(&["CO01 1001 - any"]);
}

#[test]
fn a_raise_of_a_part_timer_whom_all_sources_state_alike_is_an_ordinary_raise() {
    let outcome = march(|person| {
        works(person, 24.0);
        person.pays("Salary", "39600.00").pays("Salary Effective", "2026-03-20").user(SALARY, json!(36_000.0));
        person.benbase("/pay_rate/amount", json!("36000.00"));
    });
    outcome.only(&["CO01 1001 - any", "CO07 1001 - any"]);
    outcome.queued("1001 base_salary 39600.00 annually 2026-03-20");
}

#[test]
fn salaries_of_a_month_agree_with_those_of_a_year() {
    let monthly = |person: &mut Person| _ = person.user(SALARY, json!(5_000.0));
    let mut company = Company::new(MONTHLY);
    company.job("[benifex]\nsalary_basis = \"monthly\"").all(monthly);
    company.night("2026-03-03", FEBRUARY).nothing();
    // Without the key one question for all, and nobody accused.
    let mut company = Company::new(MONTHLY);
    company.all(monthly);
    let outcome = company.night("2026-03-03", FEBRUARY);
    outcome.only(&["CO06 - - any"]);
    outcome.nothing_queued();
    outcome.unverified("1001", "");
}

#[test]
fn pay_periods_that_are_the_deductions_of_a_year_are_no_other_frequency() {
    let mut company = Company::new(BIWEEKLY);
    company.all(|person| {
        person.user("/employment/salaryDetails/payPeriods", json!(24)).pays("MED EE", "50.00");
    });
    company.night("2026-03-21", ["2026-03-02", "2026-03-15", "2026-03-20"]).nothing();
    company.job("[deductions]\nper_year = [{ pay_group = \"G1\", deductions = 24 }]");
    company.night("2026-04-04", ["2026-03-16", "2026-03-29", "2026-04-03"]).nothing();
    let mut wrong = Company::new(BIWEEKLY);
    wrong.job("[deductions]\nper_year = [{ pay_group = \"G1\", deductions = 26 }]");
    wrong.all(|person| {
        person.pays("MED EE", "50.00").covers(&[("_Medical", Cover::yearly(1300.0, 0.0))]);
    });
    wrong.person("1001").user("/employment/salaryDetails/payPeriods", json!(24));
    wrong.night("2026-03-21", ["2026-03-02", "2026-03-15", "2026-03-20"]).only(&["CO03 1001 - any"]);
}

#[test]
fn a_pay_by_the_day_keeps_its_row_and_is_not_compared() {
    let outcome = march(|person| _ = person.pays("Salary", "230.00").pays("Rate Basis", "per Day"));
    outcome.nothing();
    outcome.unverified("1001", "");
    march(|person| _ = person.pays("Rate Basis", "per Day").pays("MED EE", "120.00"))
        .only(&["AM01 1001 _Medical -20.00"]);
}

#[test]
fn a_file_with_a_salary_and_a_rate_gives_each_person_their_own() {
    let mut company = Company::new(MONTHLY);
    company
        .job("[payroll.columns]\nannual_pay = \"Salary\"\nhourly_pay = \"Hourly Rate\"")
        .without("payroll", "columns", "rate_basis")
        .without("payroll", "columns", "base_salary");
    company.all(|person| _ = person.pays("Hourly Rate", ""));
    let person = company.person("1001");
    paid_by_the_hour(person, "", 41_600.0);
    person.pays("Hourly Rate", "20.00").benbase("/pay_rate/amount", json!("20.00"));
    company.night("2026-03-03", FEBRUARY).nothing();
    company.person("1001").pays("Hourly Rate", "21.00");
    company.night("2026-04-02", MARCH).only(&["CO01 1001 - any", "CO07 1001 - any"]);
}

/// Somebody who goes to a share of full time on 1 March.
fn goes_to(person: &mut Person, share: f64, salary: f64) {
    let hours = json!({"contractedHours": 40.0 * share, "fullTimeEquivalentHours": 40, "daysPerWeek": 5,
        "fullTimeEquivalentFraction": share});
    person.pays("FTE", &share.to_string()).user("/employment/workingHours", hours);
    person.user("/employment/salaryDetails/salary", json!(salary));
    person.user("/employment/salaryDetails/salaryEffectiveDate", json!("2026-03-01"));
}

#[test]
fn the_pay_of_full_time_does_not_change_when_the_share_of_it_does() {
    let job = "[payroll]\npart_time_pay = \"full_time\"\n[payroll.columns]\nfte = \"FTE\"";
    march_with(job, |p| {
        goes_to(p.pays("Status", "part_time").benbase("/employment_status", json!("part_time")), 0.5, 30_000.0);
    })
    .nothing();
}

#[test]
fn a_raise_and_fewer_hours_on_one_day_push_no_pay_of_full_time() {
    // 66,000.00 by 0.8 are the 52,800.00 of Benifex; that nobody earns 66,000.00 is all that is known.
    march_with("[payroll.columns]\nfte = \"FTE\"", |p| {
        goes_to(p.pays("Salary", "66000.00").pays("Salary Effective", "2026-03-01"), 0.8, 52_800.0);
    })
    .nothing_queued();
}
