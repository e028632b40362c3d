//! What a person wrote off, and a leave date that is corrected afterwards, once and once more: it stays given up as far
//! as it is owed, and is never counted beside that.

use serde_json::json;

use crate::situations::company::{
    APRIL, APRIL_NIGHT, Company, Cover, FEBRUARY, JULY, JULY_NIGHT, JUNE, JUNE_NIGHT, MARCH, MARCH_NIGHT, MAY,
    MAY_NIGHT,
};

fn write_off(company: &Company) {
    company.site().expect(0, &["write-off", "job.toml", "1001", "--reason", "agreed with the employee"]);
}

/// Both sources say when 1001 left, or that nobody left.
fn leaves(company: &mut Company, day: Option<&str>) {
    company.person("1001").user("/employment/leaveDate", json!(day)).pays("Leave Date", day.unwrap_or_default());
}

#[test]
fn a_missed_month_that_was_written_off_stays_so_however_the_leave_date_moves() {
    let mut company = Company::missed_february();
    write_off(&company);
    company.person("1001").pays("MED EE", "").pays("MED ER", "");
    leaves(&mut company, Some("2026-01-31"));
    company.night(APRIL_NIGHT, MARCH).finding("EN04 1001 _Medical any");
    leaves(&mut company, Some("2026-01-20"));
    company.night(MAY_NIGHT, APRIL).finding("EN04 1001 _Medical any");
    // Nobody left after all: March, April and May are owed, and February was given up.
    leaves(&mut company, None);
    company.night(JUNE_NIGHT, MAY).only(&["* 1001 _Medical 300.00"]);
    company.person("1001").pays("MED EE", "400.00");
    company.night(JULY_NIGHT, JUNE).nothing();
}

#[test]
fn the_leave_date_moves_behind_the_month_that_was_written_off_and_before_it_again() {
    let mut company = Company::missed_february();
    write_off(&company);
    let p = company.person("1001");
    p.covers(&[]).pays("MED EE", "").pays("MED ER", "");
    for (night, period, day) in [
        (APRIL_NIGHT, MARCH, "2026-01-31"),
        (MAY_NIGHT, APRIL, "2026-02-28"),
        (JUNE_NIGHT, MAY, "2026-01-31"),
        (JULY_NIGHT, JUNE, "2026-02-28"),
    ] {
        leaves(&mut company, Some(day));
        company.night(night, period).nothing();
    }
    company.person("1001").on_payroll(false);
    company.night("2026-08-03", JULY).nothing();
}

#[test]
fn a_missed_month_comes_back_with_the_leave_date_where_nobody_wrote_it_off() {
    let mut company = Company::missed_february();
    company.person("1001").covers(&[]).pays("MED EE", "").pays("MED ER", "");
    leaves(&mut company, Some("2026-01-31"));
    company.night(APRIL_NIGHT, MARCH).nothing();
    leaves(&mut company, Some("2026-02-28"));
    company.night(MAY_NIGHT, APRIL).only(&["TM12 1001 _Medical 100.00"]);
}

#[test]
fn what_was_owed_to_the_employee_and_given_up_is_no_debt_once_it_was_due() {
    let mut company = Company::until_february();
    // January's leave date is told in March: February's 100.00 were for nothing, and the employee gives them up.
    company.person("1001").pays("MED EE", "").pays("MED ER", "");
    leaves(&mut company, Some("2026-01-31"));
    company.person("1001").covers(&[]);
    company.night(APRIL_NIGHT, MARCH).only(&["TM12 1001 _Medical -100.00"]);
    write_off(&company);
    company.night("2026-04-03", MARCH).nothing();
    leaves(&mut company, None);
    company.person("1001").covers(&[("_Medical", Cover::yearly(1200.0, 0.0))]).pays("MED EE", "100.00");
    company.night(MAY_NIGHT, APRIL).only(&["* 1001 _Medical 100.00"]);
    leaves(&mut company, Some("2026-01-31"));
    company.person("1001").covers(&[]).pays("MED EE", "").pays("MED ER", "");
    // February's are given up still, and April's are owed back.
    company.night(JUNE_NIGHT, MAY).only(&["* 1001 _Medical -100.00"]);
}

#[test]
fn a_deduction_that_an_earlier_leave_date_condemned_is_right_by_the_corrected_one() {
    let mut company = Company::until_february();
    leaves(&mut company, Some("2026-02-28"));
    company.person("1001").covers(&[]);
    company.night(APRIL_NIGHT, MARCH).only(&["EN05 1001 _Medical -100.00"]);
    leaves(&mut company, Some("2026-03-31"));
    company.person("1001").pays("MED EE", "").pays("MED ER", "");
    company.night(MAY_NIGHT, APRIL).nothing();
}

#[test]
fn a_corrected_file_takes_what_was_written_off() {
    let mut company = Company::missed_february();
    write_off(&company);
    company.person("1001").pays("MED EE", "100.00");
    company.night("2026-03-05", FEBRUARY).nothing();
    company.person("1001").pays("MED EE", "");
    company.night("2026-03-06", FEBRUARY).nothing();
}

#[test]
fn a_deduction_that_a_leave_date_condemned_is_right_once_the_date_lies_in_the_next_month() {
    let mut company = Company::after_january();
    leaves(&mut company, Some("2026-01-31"));
    company.person("1001").covers(&[]);
    company.night(MARCH_NIGHT, FEBRUARY).only(&["EN05 1001 _Medical -100.00"]);
    leaves(&mut company, Some("2026-03-31"));
    let cover = Cover::yearly(1200.0, 0.0).status("ENDED").changed("2026-03-01");
    company.person("1001").covers(&[("_Medical", cover)]).pays("MED EE", "").pays("MED ER", "");
    company.night(APRIL_NIGHT, MARCH).nothing();
}

#[test]
fn what_payroll_takes_after_it_was_written_off_is_told_with_the_write_off_and_can_be_refunded_or_written_off() {
    for refunds in [true, false] {
        let mut company = Company::missed_february();
        write_off(&company);
        company.person("1001").pays("MED EE", "200.00");
        let o = company.night(APRIL_NIGHT, MARCH);
        let said = &o.finding("AM01 1001 _Medical -100.00")["sentence"];
        assert!(
            said.contains("100.00 USD that the employee owed for 2026-02-01 to 2026-02-28 had been written off on"),
            "{said}"
        );
        if !refunds {
            write_off(&company);
        }
        company.person("1001").pays("MED EE", if refunds { "0.00" } else { "100.00" });
        company.night(MAY_NIGHT, APRIL).nothing();
    }
}

#[test]
fn what_payroll_gives_back_after_it_was_written_off_is_told_with_the_write_off() {
    let mut company = Company::after_january();
    company.person("1001").pays("MED EE", "150.00");
    company.night(MARCH_NIGHT, FEBRUARY).only(&["AM01 1001 _Medical -50.00"]);
    write_off(&company);
    company.person("1001").pays("MED EE", "50.00");
    let o = company.night(APRIL_NIGHT, MARCH);
    let said = &o.finding("AM01 1001 _Medical 50.00")["sentence"];
    assert!(
        said.contains("50.00 USD owed to the employee for 2026-02-01 to 2026-02-28 had been written off on"),
        "{said}"
    );
}
