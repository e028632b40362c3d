//! The part of the month in which cover begins, taken with a later deduction: at another price than tonight's, with
//! other periods at once, and by any practice where the job states none.

use serde_json::json;

use crate::situations::company::{
    APRIL, APRIL_NIGHT, Company, Cover, FEBRUARY, FEBRUARY_NIGHT, JANUARY, JULY, JUNE, JUNE_NIGHT, MARCH, MARCH_NIGHT,
    MAY, MAY_NIGHT, MONTHLY,
};

/// Somebody who joins on a day with cover of 100.00 a month, of whom nothing is taken yet.
fn joiner(company: &mut Company, day: &'static str) {
    let joiner = company.hire("1005");
    joiner.user("/employment/startDate", json!(day)).user("/employment/originalStartDate", json!(day));
    joiner.user("/employment/salaryDetails/salaryEffectiveDate", json!(day));
    joiner.benbase("/pay_rate/effective_start", json!(day));
    joiner.pays("Hire Date", day).pays("Salary Effective", day);
    joiner.covers(&[("_Medical", Cover::yearly(1200.0, 0.0).from(day))]).pays("MED EE", "").pays("MED ER", "");
}

/// 120.00 a month from 1 March on.
fn dearer() -> Cover {
    Cover::yearly(1440.0, 0.0).from("2026-03-01").changed("2026-03-05")
}

#[test]
fn the_first_part_may_come_with_the_next_month_at_another_price() {
    // Beside 120.00, of February's 100.00: 16 of 30 days, or all.
    for taken in ["173.33", "220.00"] {
        let mut company = Company::new(MONTHLY);
        company.night(FEBRUARY_NIGHT, JANUARY).nothing();
        joiner(&mut company, "2026-02-15");
        company.night(MARCH_NIGHT, FEBRUARY).nothing();
        company.person("1005").covers(&[("_Medical", dearer())]).pays("MED EE", taken);
        company.night(APRIL_NIGHT, MARCH).nothing();
    }
}

#[test]
fn no_practice_makes_more_of_a_first_part_than_all_of_it_and_it_is_taken_once() {
    let mut company = Company::new(MONTHLY);
    company.night(FEBRUARY_NIGHT, JANUARY).nothing();
    joiner(&mut company, "2026-02-15");
    company.night(MARCH_NIGHT, FEBRUARY).nothing();
    company.person("1005").covers(&[("_Medical", dearer())]).pays("MED EE", "250.00");
    company.night(APRIL_NIGHT, MARCH).only(&["AM01 1005 _Medical -130.00"]);
    company.person("1005").pays("MED EE", "220.00");
    company.night("2026-04-03", MARCH).nothing();
    company.night(MAY_NIGHT, APRIL).only(&["* 1005 _Medical -100.00"]);
}

#[test]
fn the_price_before_is_known_however_many_nights_have_shown_the_new_one() {
    let mut company = Company::new(MONTHLY);
    company.night(FEBRUARY_NIGHT, JANUARY).nothing();
    joiner(&mut company, "2026-02-15");
    company.night(MARCH_NIGHT, FEBRUARY).nothing();
    company.person("1005").covers(&[("_Medical", dearer())]);
    for night in ["2026-03-06", "2026-03-20"] {
        company.night(night, FEBRUARY).nothing();
    }
    company.person("1005").pays("MED EE", "170.00");
    company.night(APRIL_NIGHT, MARCH).nothing();
}

#[test]
fn the_first_part_of_somebody_whom_the_file_forgot_may_come_at_the_price_that_it_had() {
    let mut company = Company::new(MONTHLY);
    company.night(FEBRUARY_NIGHT, JANUARY).nothing();
    joiner(&mut company, "2026-02-15");
    company.person("1005").on_payroll(false);
    company.night(MARCH_NIGHT, FEBRUARY);
    company.person("1005").on_payroll(true).covers(&[("_Medical", dearer())]).pays("MED EE", "220.00");
    company.night(APRIL_NIGHT, MARCH).nothing();
}

#[test]
fn two_periods_may_be_taken_at_once_with_the_part_of_a_third() {
    // March's price, or a new one; 100.00 of February; of January 17 of 31 days, or all.
    for (cover, taken) in [(None, "254.84"), (Some(dearer()), "320.00")] {
        let mut company = Company::new(MONTHLY);
        joiner(&mut company, "2026-01-15");
        company.night(FEBRUARY_NIGHT, JANUARY).nothing();
        company.night(MARCH_NIGHT, FEBRUARY).only(&["EN01 1005 _Medical 100.00"]);
        if let Some(cover) = cover {
            company.person("1005").covers(&[("_Medical", cover)]);
        }
        company.person("1005").pays("MED EE", taken);
        company.night(APRIL_NIGHT, MARCH).nothing();
    }
}

#[test]
fn a_last_part_at_a_new_price_may_be_taken_with_what_an_earlier_month_owes() {
    let mut company = Company::new(MONTHLY);
    company.person("1001").pays("MED EE", "");
    company.night(MARCH_NIGHT, FEBRUARY).only(&["EN01 1001 _Medical 100.00"]);
    // 100.00 of February, and 13 of 31 days of March's 120.00.
    let leaver = company.person("1001").covers(&[("_Medical", dearer())]).pays("MED EE", "150.32");
    leaver.user("/employment/leaveDate", json!("2026-03-13")).pays("Leave Date", "2026-03-13");
    company.night(APRIL_NIGHT, MARCH).nothing();
}

#[test]
fn the_employers_share_of_the_first_part_has_its_old_price_too() {
    let mut company = Company::new(MONTHLY);
    company.all(|p| _ = p.covers(&[("_Medical", Cover::yearly(1200.0, 2400.0))]).pays("MED ER", "200.00"));
    company.night(FEBRUARY_NIGHT, JANUARY).nothing();
    joiner(&mut company, "2026-02-15");
    company.person("1005").covers(&[("_Medical", Cover::yearly(1200.0, 2400.0).from("2026-02-15"))]);
    company.night(MARCH_NIGHT, FEBRUARY).nothing();
    let dearer = Cover { employer: 2880.0, ..dearer() };
    company.person("1005").covers(&[("_Medical", dearer)]).pays("MED EE", "170.00").pays("MED ER", "340.00");
    company.night(APRIL_NIGHT, MARCH).nothing();
}

#[test]
fn a_renewal_that_several_nights_have_shown_leaves_the_record_before_it_in_force() {
    let mut company = Company::new(MONTHLY);
    company.night(MARCH_NIGHT, FEBRUARY).nothing();
    let renewal = Cover::yearly(1440.0, 0.0).from("2026-04-01").changed("2026-03-10");
    company.person("1001").covers(&[("_Medical", renewal)]).pays("MED EE", "90.00");
    for night in ["2026-04-01", "2026-04-02", "2026-04-03"] {
        company.night(night, MARCH).only(&["AM01 1001 _Medical 10.00"]);
    }
}

#[test]
fn the_first_part_may_come_after_a_month_that_was_taken_whole_and_once() {
    // 13 of February's 28 days, of 100.00.
    let mut company = Company::new(MONTHLY);
    company.night(FEBRUARY_NIGHT, JANUARY).nothing();
    joiner(&mut company, "2026-02-16");
    company.night(MARCH_NIGHT, FEBRUARY).nothing();
    company.person("1005").pays("MED EE", "100.00");
    company.night(APRIL_NIGHT, MARCH).nothing();
    company.person("1005").pays("MED EE", "146.43");
    company.night(MAY_NIGHT, APRIL).nothing();
    company.night(JUNE_NIGHT, MAY).only(&["AM01 1005 _Medical -46.43"]);
}

#[test]
fn a_first_month_that_could_not_be_judged_may_be_taken_with_the_second() {
    let mut company = Company::new(MONTHLY);
    company.all(|person| _ = person.covers(&[("_Medical", Cover::yearly(1200.0, 0.0).from("2026-02-01"))]));
    company.night(FEBRUARY_NIGHT, JANUARY);
    company.person("1001").pays("MED EE", "");
    company.night(MARCH_NIGHT, FEBRUARY).unverified("1001", "_Medical");
    company.person("1001").pays("MED EE", "200.00");
    company.night(APRIL_NIGHT, MARCH).nothing();
}

#[test]
fn a_first_month_that_was_taken_whole_may_be_given_back_to_the_part_that_the_rule_makes() {
    // 16 of 31 days of March are due.
    let mut company = Company::new(MONTHLY);
    company.scheme("proration = \"calendar days\"");
    company.night(MARCH_NIGHT, FEBRUARY).nothing();
    joiner(&mut company, "2026-03-16");
    company.person("1005").pays("MED EE", "100.00");
    company.night(APRIL_NIGHT, MARCH).only(&["AM08 1005 _Medical -48.39"]);
    company.person("1005").pays("MED EE", "51.61");
    company.night(MAY_NIGHT, APRIL).nothing();
    company.person("1005").pays("MED EE", "100.00");
    company.night(JUNE_NIGHT, MAY).nothing();
}

#[test]
fn a_first_part_that_was_missed_by_the_rule_is_no_deduction_in_arrears() {
    let mut company = Company::new(MONTHLY);
    company.scheme("proration = \"calendar days\"");
    company.night(MARCH_NIGHT, FEBRUARY).nothing();
    joiner(&mut company, "2026-03-16");
    company.night(APRIL_NIGHT, MARCH).only(&["EN01 1005 _Medical 51.61"]);
    // It makes good what March owed, and April's own deduction is missing but for that.
    company.person("1005").pays("MED EE", "51.61");
    company.night(MAY_NIGHT, APRIL).only(&["* 1005 _Medical 100.00"]);
    company.person("1005").pays("MED EE", "200.00");
    company.night(JUNE_NIGHT, MAY).nothing();
}

#[test]
fn without_a_rule_a_first_part_is_taken_once_and_a_whole_one_may_be_given_back_in_part() {
    for (march, found) in [("100.00", &[][..]), ("51.61", &["AM01 1005 _Medical 48.39"])] {
        let mut company = Company::new(MONTHLY);
        company.night(MARCH_NIGHT, FEBRUARY).nothing();
        joiner(&mut company, "2026-03-16");
        company.person("1005").pays("MED EE", march);
        company.night(APRIL_NIGHT, MARCH).nothing();
        company.person("1005").pays("MED EE", "51.61");
        company.night(MAY_NIGHT, APRIL).only(found);
    }
}

#[test]
fn a_first_part_that_no_practice_took_in_time_is_taken_no_more() {
    // Of half a month in March nothing was taken, as is usual somewhere. A whole one more in April or May may be for
    // it; in July it is no more than too much.
    for (months, too_much) in [(0, false), (1, false), (3, true)] {
        let mut company = Company::new(MONTHLY);
        company.night(FEBRUARY_NIGHT, JANUARY).nothing();
        joiner(&mut company, "2026-03-16");
        company.night(APRIL_NIGHT, MARCH).nothing();
        company.person("1005").pays("MED EE", "100.00");
        let later = [(MAY_NIGHT, APRIL), (JUNE_NIGHT, MAY), ("2026-07-02", JUNE), ("2026-08-03", JULY)];
        for (night, month) in &later[..months] {
            company.night(night, *month).nothing();
        }
        company.person("1005").pays("MED EE", "200.00");
        let (night, month) = later[months];
        let told: &[&str] = if too_much { &["AM01 1005 _Medical -100.00"] } else { &[] };
        company.night(night, month).only(told);
    }
}

/// 1001 had no cover before, elects it from 16 March on, and is taken so much in March. By calendar days 51.61 are due.
fn elected_inside_march(march: &str) -> Company {
    let mut company = Company::without_cover();
    let elected = Cover::yearly(1200.0, 0.0).from("2026-03-16").changed("2026-03-10");
    company.person("1001").covers(&[("_Medical", elected)]).pays("MED EE", march);
    company
}

#[test]
fn a_first_part_that_no_practice_takes_stays_a_finding_until_it_is_made_good() {
    for (march, open, april) in [
        ("80.00", "20.00", "120.00"),
        // Of the days of March 51.61 are enough.
        ("80.00", "20.00", "71.61"),
        ("130.00", "-30.00", "70.00"),
        ("130.00", "-30.00", "21.61"),
    ] {
        let told = format!("AM08 1001 _Medical {open}");
        let mut company = elected_inside_march(march);
        let night = company.night(APRIL_NIGHT, MARCH);
        assert!(!night.finding(&told)["sentence"].contains("another price"), "{}", night.told());
        company.person("1001").pays("MED EE", "100.00");
        company.night(MAY_NIGHT, APRIL).only(&[&told]);
        company.person("1001").pays("MED EE", april);
        company.night(JUNE_NIGHT, MAY).nothing();
        company.person("1001").pays("MED EE", "100.00");
        company.night("2026-07-02", JUNE).nothing();
    }
}

#[test]
fn a_first_part_that_a_practice_takes_is_right_though_cover_was_elected_by_somebody_who_is_not_new() {
    for march in ["", "50.00", "51.61", "54.55", "100.00"] {
        let mut company = elected_inside_march(march);
        company.night(APRIL_NIGHT, MARCH).nothing();
        company.person("1001").pays("MED EE", "100.00");
        company.night(MAY_NIGHT, APRIL).nothing();
    }
}

#[test]
fn a_first_part_of_a_sacrifice_is_one_amount() {
    // 103.23 of 200.00 by calendar days.
    for (march, told, april) in [("103.23", &[][..], "200.00"), ("160.00", &["AM08 1001 _Medical 40.00"], "240.00")] {
        let mut company = Company::new(MONTHLY);
        company.job("[deductions]\nsacrifice_codes = [\"MED\"]");
        company.all(|p| {
            _ = p.covers(&[("_Medical", Cover::yearly(1200.0, 1200.0))]).pays("MED EE", "").pays("MED ER", "200.00")
        });
        company.person("1001").covers(&[]).pays("MED ER", "");
        company.night(FEBRUARY_NIGHT, JANUARY).nothing();
        company.night(MARCH_NIGHT, FEBRUARY).nothing();
        let elected = Cover::yearly(1200.0, 1200.0).from("2026-03-16").changed("2026-03-10");
        company.person("1001").covers(&[("_Medical", elected)]).pays("MED ER", march);
        company.night(APRIL_NIGHT, MARCH).only(told);
        company.person("1001").pays("MED ER", april);
        company.night(MAY_NIGHT, APRIL).nothing();
    }
}
