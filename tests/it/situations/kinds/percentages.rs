//! Percentages of pay in the benefit ledger: what was taken wrongly stays a finding until it is made good, and what
//! makes it good accuses nobody.

use crate::situations::company::{
    APRIL, APRIL_NIGHT, Company, Cover, FEBRUARY, FEBRUARY_NIGHT, JANUARY, JUNE_NIGHT, MARCH, MARCH_NIGHT, MAY,
    MAY_NIGHT,
};
use crate::situations::kinds::codes::{joins_in_march, pension, percentage};

/// 250.00 of 1001 and of the employer were taken in January, and `february` in February.
fn after_february(february: [&str; 2], told: &[&str]) -> Company {
    let mut company = percentage(true);
    company.night(FEBRUARY_NIGHT, JANUARY).nothing();
    takes(&mut company, february);
    company.night(MARCH_NIGHT, FEBRUARY).only(told);
    company
}

fn takes(company: &mut Company, [employee, employer]: [&str; 2]) {
    company.person("1001").pays("PEN EE", employee).pays("PEN ER", employer);
}

#[test]
fn what_was_taken_beyond_a_percentage_stays_a_finding_until_it_is_given_back() {
    let mut company = after_february(["2500.00", "250.00"], &["AM13 1001 _Pension -2250.00"]);
    takes(&mut company, ["250.00", "250.00"]);
    company.night(APRIL_NIGHT, MARCH).only(&["AM13 1001 _Pension -2250.00"]);
    // In two parts; 5 % of 6,000.00 would be 300.00 in May.
    takes(&mut company, ["-1000.00", "250.00"]);
    company.night(MAY_NIGHT, APRIL).only(&["AM13 1001 _Pension -1000.00"]);
    company.person("1001").pays("Gross", "6000.00");
    takes(&mut company, ["-700.00", "300.00"]);
    company.night(JUNE_NIGHT, MAY).nothing();
}

#[test]
fn what_was_taken_beyond_a_percentage_is_given_back_by_taking_nothing() {
    let mut company = after_february(["500.00", "500.00"], &["AM13 1001 _Pension -500.00"]);
    takes(&mut company, ["", ""]);
    company.night(APRIL_NIGHT, MARCH).nothing();
    takes(&mut company, ["250.00", "250.00"]);
    company.night(MAY_NIGHT, APRIL).nothing();
}

#[test]
fn a_pension_of_which_the_job_says_that_it_is_no_percentage_is_compared() {
    let mut company = pension("[[schemes]]\nbenefit = \"_Pension\"\npercent_of_pay = false");
    company.night(FEBRUARY_NIGHT, JANUARY).nothing();
    takes(&mut company, ["150.00", "300.00"]);
    company.night(MARCH_NIGHT, FEBRUARY).only(&["AM01 1001 _Pension 50.00"]);
    takes(&mut company, ["200.00", "300.00"]);
    company.night(APRIL_NIGHT, MARCH).only(&["AM01 1001 _Pension 50.00"]);
    takes(&mut company, ["250.00", "300.00"]);
    company.night(MAY_NIGHT, APRIL).nothing();
}

#[test]
fn a_percentage_without_cover_stays_a_finding_unless_the_record_comes() {
    let medical = ("_Medical", Cover::yearly(1200.0, 0.0));
    for comes in [false, true] {
        let mut company = percentage(true);
        company.person("1001").covers(std::slice::from_ref(&medical));
        takes(&mut company, ["", ""]);
        company.night(FEBRUARY_NIGHT, JANUARY).nothing();
        takes(&mut company, ["250.00", "250.00"]);
        company.night(MARCH_NIGHT, FEBRUARY).only(&["EN02 1001 _Pension -500.00"]);
        if comes {
            let late = Cover::yearly(3000.0, 3000.0).from("2026-02-01").changed("2026-03-05");
            company.person("1001").covers(&[medical.clone(), ("_Pension", late)]);
            company.night(APRIL_NIGHT, MARCH).nothing();
        } else {
            takes(&mut company, ["", ""]);
            company.night(APRIL_NIGHT, MARCH).only(&["EN02 1001 _Pension -500.00"]);
        }
    }
}

#[test]
fn a_final_pay_makes_up_a_percentage_that_was_missed() {
    // 5 % of the 300.00 that are paid in March is 15.00 of each payer.
    for (march, told) in [("250.00", &[][..]), ("300.00", &["EN05 1001 _Pension -70.00"])] {
        let mut company = percentage(true);
        company.night(FEBRUARY_NIGHT, JANUARY).nothing();
        takes(&mut company, ["", ""]);
        let leaver = company.person("1001");
        leaver.user("/employment/leaveDate", "2026-02-28".into()).pays("Leave Date", "2026-02-28");
        company.night(MARCH_NIGHT, FEBRUARY).only(&["* 1001 _Pension 500.00"]);
        company.person("1001").covers(&[]).pays("MED EE", "").pays("Gross", "300.00");
        takes(&mut company, [march, march]);
        company.night(APRIL_NIGHT, MARCH).only(told);
    }
}

/// What payroll took of both payers in a month, and what is found.
type Month = ([&'static str; 2], &'static [&'static str]);

#[test]
fn the_last_pay_of_a_percentage_whose_record_is_gone_pays_for_its_own_month_first() {
    let missed = &["* 1001 _Pension 500.00"][..];
    let cases: [[Month; 2]; 6] = [
        [(["", ""], missed), (["250.00", "250.00"], &["TM12 1001 _Pension 250.00"; 2])],
        [(["", ""], missed), (["500.00", "500.00"], &[])],
        [(["", ""], missed), (["600.00", "500.00"], &["EN05 1001 _Pension -100.00"])],
        [(["250.00", "250.00"], &[]), (["250.00", "250.00"], &[])],
        [(["400.00", "250.00"], &["AM13 1001 _Pension -150.00"]), (["100.00", "250.00"], &[])],
        [(["100.00", "100.00"], &[]), (["400.00", "400.00"], &[])],
    ];
    for [(february, found), (march, told)] in cases {
        let mut company = after_february(february, found);
        let leaver = company.person("1001");
        leaver.user("/employment/leaveDate", "2026-03-31".into()).pays("Leave Date", "2026-03-31").covers(&[]);
        takes(&mut company, march);
        company.night(APRIL_NIGHT, MARCH).only(told);
        company.person("1001").on_payroll(false);
        let after = company.night(MAY_NIGHT, APRIL);
        assert_eq!(after.accuses("1001"), !told.is_empty(), "{march:?}");
    }
}

#[test]
fn one_payer_of_a_percentage_may_make_up_what_it_left_out() {
    let mut company = after_february(["250.00", ""], &[]);
    company.night(APRIL_NIGHT, MARCH).unverified("1001", "_Pension");
    takes(&mut company, ["250.00", "800.00"]);
    company.night(MAY_NIGHT, APRIL).only(&["AM13 1001 _Pension -50.00"]);
}

#[test]
fn the_first_part_of_a_percentage_may_be_taken_with_the_next_pay() {
    let mut company = percentage(true);
    company.night(MARCH_NIGHT, FEBRUARY).nothing();
    joins_in_march(&mut company);
    assert!(!company.night(APRIL_NIGHT, MARCH).accuses("1060"));
    // 5 % of 2,580.00 is 129.00.
    company.person("1060").pays("MED EE", "100.00").pays("Gross", "5000.00");
    company.person("1060").pays("PEN EE", "379.00").pays("PEN ER", "379.00");
    company.night(MAY_NIGHT, APRIL).nothing();
    company.person("1060").pays("PEN EE", "250.00").pays("PEN ER", "250.00");
    company.night(JUNE_NIGHT, MAY).nothing();
}

/// Both payers' 500.00 are one amount.
fn sacrifice(february: &str, gross: &str) -> Company {
    let mut company = percentage(true);
    company.job("[deductions]\nsacrifice_codes = [\"PEN\"]");
    company.all(|person| _ = person.pays("PEN EE", "").pays("PEN ER", "500.00"));
    company.night(FEBRUARY_NIGHT, JANUARY).nothing();
    company.person("1001").pays("PEN ER", february).pays("Gross", gross);
    company
}

#[test]
fn a_percentage_that_is_sacrificed_keeps_its_balance_too() {
    for (february, told, settles) in
        [("450.00", "AM01 1001 _Pension 50.00", "550.00"), ("600.00", "AM01 1001 _Pension -100.00", "400.00")]
    {
        let mut company = sacrifice(february, "5000.00");
        company.night(MARCH_NIGHT, FEBRUARY).only(&[told]);
        company.person("1001").pays("PEN ER", "500.00");
        company.night(APRIL_NIGHT, MARCH).only(&[told]);
        company.person("1001").pays("PEN ER", settles);
        company.night(MAY_NIGHT, APRIL).nothing();
    }
    // Half of the month was not paid.
    sacrifice("250.00", "2500.00").night(MARCH_NIGHT, FEBRUARY).nothing();
}

/// 5 % of what of 5,000.00 a month lies above 520.00, and below 4,189.00 where there is a ceiling.
fn of_a_band(ceiling: &str, yearly: f64, monthly: &str) -> Company {
    let mut company = percentage(true);
    let rules = "[[schemes]]\nbenefit = \"_Pension\"\npercent_of_pay = true\npay_floor = \"520.00\"";
    company.job(&format!("{rules}\n{ceiling}"));
    company.all(|person| {
        let pension = ("_Pension", Cover::yearly(yearly, yearly));
        person
            .covers(&[("_Medical", Cover::yearly(1200.0, 0.0)), pension])
            .pays("PEN EE", monthly)
            .pays("PEN ER", monthly);
    });
    company.night(FEBRUARY_NIGHT, JANUARY).nothing();
    company
}

#[test]
fn a_percentage_of_a_band_of_pay_follows_the_pay_between_its_floor_and_its_ceiling() {
    // 274.00 of 6,000.00; 10.00 too much is told.
    let mut company = of_a_band("", 2688.0, "224.00");
    for (id, taken) in [("1001", "274.00"), ("1002", "284.00")] {
        company.person(id).pays("Gross", "6000.00").pays("PEN EE", taken).pays("PEN ER", "274.00");
    }
    company.night(MARCH_NIGHT, FEBRUARY).only(&["AM13 1002 _Pension -10.00"]);
    // Of pay below the floor nothing is due.
    let mut company = of_a_band("", 2688.0, "224.00");
    company.person("1001").pays("Gross", "500.00").pays("PEN EE", "").pays("PEN ER", "");
    company.night(MARCH_NIGHT, FEBRUARY).nothing();
    // Above the ceiling more pay makes no more.
    let mut company = of_a_band("pay_ceiling = \"4189.00\"", 2201.4, "183.45");
    company.person("1001").pays("Gross", "6000.00");
    company.person("1002").pays("Gross", "6000.00").pays("PEN EE", "274.00");
    company.night(MARCH_NIGHT, FEBRUARY).only(&["AM13 1002 _Pension -90.55"]);
}

#[test]
fn a_month_that_a_percentage_of_a_band_missed_is_made_up_by_the_band() {
    let mut company = of_a_band("", 2688.0, "224.00");
    takes(&mut company, ["", ""]);
    company.night(MARCH_NIGHT, FEBRUARY).only(&["EN01 1001 _Pension 448.00"]);
    takes(&mut company, ["448.00", "448.00"]);
    company.night(APRIL_NIGHT, MARCH).nothing();
}

#[test]
fn a_row_of_another_run_hides_no_amount_beyond_the_percentage_of_all_that_was_paid() {
    // 5 % of 5,000.00 and of a bonus of 3,000.00 are 250.00 and 150.00; the bonus may count or not.
    for (bonus, gross, regular, told) in [
        ("150.00", "3000.00", "250.00", &[][..]),
        ("", "3000.00", "250.00", &[][..]),
        ("150.00", "3000.00", "2500.00", &["AM13 1001 _Pension -2250.00"][..]),
        ("1150.00", "3000.00", "250.00", &["AM13 1001 _Pension -1000.00"][..]),
        // A row that takes nothing, and says nothing of pay.
        ("", "", "2500.00", &["AM13 1001 _Pension -2250.00"][..]),
    ] {
        let mut company = after_february(["250.00", "250.00"], &[]);
        takes(&mut company, [regular, "250.00"]);
        let other = [("Run Type", "off_cycle"), ("Gross", gross), ("PEN EE", bonus), ("PEN ER", ""), ("MED EE", "")];
        company.person("1001").further_row(&other);
        company.night(APRIL_NIGHT, MARCH).only(told);
    }
}

/// 6 % of 1001 instead of 5 %, and 4 % of the employer, since this day.
fn raised(company: &mut Company, from: &'static str, changed: &'static str) {
    let raised = Cover::yearly(3600.0, 2400.0).from(from).changed(changed);
    company.person("1001").covers(&[("_Medical", Cover::yearly(1200.0, 0.0)), ("_Pension", raised)]);
}

#[test]
fn more_than_a_percentage_makes_up_no_period_whose_payroll_knew_the_record() {
    // Entered on 10 February, before the cut-off: February was taken by it.
    let mut company = percentage(true);
    company.night(FEBRUARY_NIGHT, JANUARY).nothing();
    raised(&mut company, "2026-02-01", "2026-02-10");
    takes(&mut company, ["300.00", "200.00"]);
    company.night(MARCH_NIGHT, FEBRUARY).nothing();
    takes(&mut company, ["330.00", "200.00"]);
    company.night(APRIL_NIGHT, MARCH).only(&["AM13 1001 _Pension -30.00"]);
    takes(&mut company, ["270.00", "200.00"]);
    company.night(MAY_NIGHT, APRIL).nothing();
}

#[test]
fn what_one_payer_missed_before_another_percentage_began_is_owed_still() {
    let mut company = after_february(["250.00", ""], &[]);
    raised(&mut company, "2026-03-01", "2026-02-10");
    takes(&mut company, ["300.00", "200.00"]);
    company.night(APRIL_NIGHT, MARCH).only(&["EN01 1001 _Pension 250.00"]);
    takes(&mut company, ["300.00", "450.00"]);
    company.night(MAY_NIGHT, APRIL).nothing();
}

#[test]
fn a_final_pay_that_takes_ten_times_the_percentage_is_found() {
    let mut company = after_february(["250.00", "250.00"], &[]);
    let leaver = company.person("1001");
    leaver.user("/employment/leaveDate", "2026-03-20".into()).pays("Leave Date", "2026-03-20");
    // 5 % of 3,000.00 is 150.00; of a whole month it would be 250.00, which is right by some rules.
    leaver.pays("Gross", "3000.00");
    takes(&mut company, ["1500.00", "150.00"]);
    company.night(APRIL_NIGHT, MARCH).only(&["AM13 1001 _Pension -1250.00"]);
}

#[test]
fn what_both_payers_took_too_much_in_turn_is_told_as_one() {
    let mut company = after_february(["400.00", "250.00"], &["AM13 1001 _Pension -150.00"]);
    takes(&mut company, ["250.00", "400.00"]);
    company.night(APRIL_NIGHT, MARCH).only(&["AM13 1001 _Pension -300.00"]);
    takes(&mut company, ["100.00", "100.00"]);
    company.night(MAY_NIGHT, APRIL).nothing();
}

/// Nobody has entered the pension of 1001, and nothing is taken, until a record since 1 January comes on 10 March.
fn entered_in_march(march: [&str; 2]) -> Company {
    let medical = ("_Medical", Cover::yearly(1200.0, 0.0));
    let mut company = percentage(true);
    company.person("1001").covers(std::slice::from_ref(&medical));
    takes(&mut company, ["", ""]);
    company.night(FEBRUARY_NIGHT, JANUARY).nothing();
    company.night(MARCH_NIGHT, FEBRUARY).nothing();
    let late = Cover::yearly(3000.0, 3000.0).changed("2026-03-10");
    company.person("1001").covers(&[medical, ("_Pension", late)]);
    takes(&mut company, march);
    company
}

#[test]
fn a_percentage_that_was_entered_late_is_owed_since_its_first_day() {
    for (march, open, april) in [
        (["750.00", "750.00"], &[][..], ["250.00", "250.00"]),
        (["500.00", "750.00"], &["* 1001 _Pension 250.00"][..], ["500.00", "250.00"]),
        (["250.00", "250.00"], &["* 1001 _Pension 500.00", "* 1001 _Pension 500.00"][..], ["750.00", "750.00"]),
        (["", ""], &["EN01 1001 _Pension 1500.00"][..], ["1000.00", "1000.00"]),
    ] {
        let mut company = entered_in_march(march);
        company.night(APRIL_NIGHT, MARCH).only(open);
        takes(&mut company, april);
        company.night(MAY_NIGHT, APRIL).nothing();
        takes(&mut company, ["250.00", "250.00"]);
        company.night(JUNE_NIGHT, MAY).nothing();
    }
}

#[test]
fn what_is_taken_beyond_a_percentage_that_was_entered_late_may_be_of_a_pay_that_nobody_knows() {
    let mut company = entered_in_march(["760.00", "750.00"]);
    let april = company.night(APRIL_NIGHT, MARCH);
    april.nothing();
    april.unverified("1001", "_Pension");
}

#[test]
fn a_percentage_that_was_entered_late_is_no_percentage_of_a_salary_that_was_raised_since() {
    // 5 % of 5,000.00 in January and February, of 6,000.00 in March.
    for (march, made_up) in [("800.00", true), ("300.00", false)] {
        let mut company = entered_in_march([march, march]);
        let late = Cover::yearly(3600.0, 3600.0).changed("2026-03-10");
        let raised = company.person("1001");
        raised.covers(&[("_Medical", Cover::yearly(1200.0, 0.0)), ("_Pension", late)]).pays("Gross", "6000.00");
        raised.pays("Salary", "72000.00").pays("Salary Effective", "2026-03-01");
        raised.user("/employment/salaryDetails/salary", 72000.0.into());
        raised.user("/employment/salaryDetails/salaryEffectiveDate", "2026-03-01".into());
        let april = company.night(APRIL_NIGHT, MARCH);
        assert!(!april.accuses("1001"), "{}", april.told());
        assert_eq!(april.unverified.is_empty(), made_up, "{}", april.told());
    }
}

#[test]
fn a_percentage_that_is_corrected_from_its_first_day_may_be_caught_up_and_no_more() {
    // 6 % since 1 January, entered on 10 March: 300.00, and 50.00 each of January and February.
    for (march, told) in [("400.00", &[][..]), ("350.00", &[]), ("500.00", &["AM13 1001 _Pension -100.00"])] {
        let mut company = after_february(["250.00", "250.00"], &[]);
        let corrected = Cover::yearly(3600.0, 3000.0).changed("2026-03-10");
        company.person("1001").covers(&[("_Medical", Cover::yearly(1200.0, 0.0)), ("_Pension", corrected)]);
        takes(&mut company, [march, "250.00"]);
        company.night(APRIL_NIGHT, MARCH).only(told);
        takes(&mut company, ["300.00", "250.00"]);
        company.night(MAY_NIGHT, APRIL).only(told);
    }
}

#[test]
fn the_first_part_of_a_percentage_that_was_entered_late_may_be_taken_with_the_rest() {
    // Since 16 January: 129.03 by calendar days, 250.00 each of February and March.
    for (march, told) in
        [("629.03", &[][..]), ("500.00", &[]), ("250.00", &["* 1001 _Pension 250.00", "* 1001 _Pension 250.00"])]
    {
        let mut company = entered_in_march([march, march]);
        let late = Cover::yearly(3000.0, 3000.0).from("2026-01-16").changed("2026-03-10");
        company.person("1001").covers(&[("_Medical", Cover::yearly(1200.0, 0.0)), ("_Pension", late)]);
        company.night(APRIL_NIGHT, MARCH).only(told);
    }
}
