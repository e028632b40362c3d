//! Kinds of deductions: salary sacrifice, percentages of pay, one code of several benefits, several codes of one
//! benefit, signs, and what other runs of the period took.

use crate::situations::company::{
    APRIL, APRIL_NIGHT, BIWEEKLY, Company, Cover, FEBRUARY, FEBRUARY_NIGHT, JANUARY, JUNE_NIGHT, MARCH, MARCH_NIGHT,
    MAY, MAY_NIGHT, MONTHLY,
};

const WIDE: &str = "[payroll]\nwide = [{ code = \"MED\", employee = \"MED EE\", employer = \"MED ER\" }, \
                    { code = \"PEN\", employee = \"PEN EE\", employer = \"PEN ER\" }]\n\
                    [deductions]\ncodes = { MED = \"_Medical\", PEN = \"_Pension\" }\n";

/// Everybody has a pension beside medical cover: 2,400.00 a year of the employee's and 3,600.00 of the employer's.
pub(super) fn pension(rules: &str) -> Company {
    let mut company = Company::new(MONTHLY);
    company.job(WIDE).job(rules);
    company.all(|person| {
        let covers = [("_Medical", Cover::yearly(1200.0, 0.0)), ("_Pension", Cover::yearly(2400.0, 3600.0))];
        person.covers(&covers).pays("PEN EE", "200.00").pays("PEN ER", "300.00");
    });
    company
}

#[test]
fn sacrifice_pension() {
    let mut company = pension("[deductions]\nsacrifice_codes = [\"PEN\"]");
    company.person("1001").pays("PEN EE", "0.00").pays("PEN ER", "500.00");
    company.night("2026-03-03", FEBRUARY).nothing();
}

#[test]
fn a_sacrifice_whose_parts_change_after_the_cutoff_and_agree_together_is_no_late_change() {
    let mut company = pension("[deductions]\nsacrifice_codes = [\"PEN\"]");
    company.person("1001").pays("PEN EE", "").pays("PEN ER", "500.00");
    company.night(MARCH_NIGHT, FEBRUARY).nothing();
    // 200.00 and 300.00 until then: 250.00 each are 500.00 still.
    let covers =
        [("_Medical", Cover::yearly(1200.0, 0.0)), ("_Pension", Cover::yearly(3000.0, 3000.0).changed("2026-03-29"))];
    company.person("1001").covers(&covers);
    company.night(APRIL_NIGHT, MARCH).nothing();
}

#[test]
fn a_sacrifice_that_is_too_small_is_one_finding_over_both_payers() {
    let mut company = pension("[deductions]\nsacrifice_codes = [\"PEN\"]");
    company.person("1001").pays("PEN EE", "").pays("PEN ER", "450.00");
    company.night("2026-03-03", FEBRUARY).only(&["AM01 1001 _Pension 50.00"]);
}

#[test]
fn what_is_deducted_before_a_sacrifice_begins_is_called_a_deduction() {
    let mut company =
        pension("[deductions]\ncodes = { PEN = \"_Pension\", SAC = \"_Pension\" }\nsacrifice_codes = [\"SAC\"]");
    company.person("1001").pays("PEN EE", "150.00");
    let o = company.night("2026-03-03", FEBRUARY);
    let sentence = &o.finding("AM01 1001 _Pension 50.00")["sentence"];
    assert!(!sentence.contains("sacrifice") && sentence.contains("correct the deduction"), "{sentence}");
}

#[test]
fn nobody_is_accused_of_a_sacrifice_that_the_job_does_not_name() {
    let mut company = pension("");
    company.person("1001").pays("PEN EE", "").pays("PEN ER", "500.00");
    let night = company.night("2026-03-03", FEBRUARY);
    night.nothing();
    night.unverified("1001", "_Pension");
    assert!(night.unverified[0]["reason"].contains("sacrifice_codes"), "{:?}", night.unverified);
}

#[test]
fn exchanged_payers_are_one_finding() {
    let mut company = pension("");
    company.person("1001").pays("PEN EE", "300.00").pays("PEN ER", "200.00");
    company.night("2026-03-03", FEBRUARY).only(&["AM09 1001 _Pension -100.00"]);
}

/// 5 % of 60,000.00 a year is 250.00 a month; with overtime it was 262.50.
fn overtime(rules: &str) -> Company {
    let mut company = Company::new(MONTHLY);
    company.job(WIDE).job(rules);
    let covers = [("_Medical", Cover::yearly(1200.0, 0.0)), ("_Pension", Cover::yearly(3000.0, 0.0))];
    company.person("1001").covers(&covers).pays("PEN EE", "262.50").pays("PEN ER", "");
    company
}

#[test]
fn pension_percent_overtime() {
    let percent = "[[schemes]]\nbenefit = \"_Pension\"\npercent_of_pay = true";
    overtime(percent).night("2026-03-03", FEBRUARY).nothing();
    let mut missing = overtime(percent);
    missing.person("1001").pays("PEN EE", "");
    missing.night("2026-03-03", FEBRUARY).only(&["EN01 1001 _Pension 250.00"]);
}

#[test]
fn a_percentage_is_held_against_gross_pay_where_payroll_has_it() {
    let night = |gross: &str, taken: &str| {
        let mut company = overtime("[[schemes]]\nbenefit = \"_Pension\"\npercent_of_pay = true");
        company.job("[payroll.columns]\ngross_pay = \"Gross\"");
        company.person("1001").pays("Gross", gross).pays("PEN EE", taken);
        company.night("2026-03-03", FEBRUARY)
    };
    night("5250.00", "262.50").nothing();
    // The bonus does not count, or a part of the month was not paid.
    night("9000.00", "250.00").nothing();
    night("4000.00", "200.00").nothing();
    // Of the salary 250.00 and of the gross pay 262.50 may be taken.
    night("5250.00", "300.00").only(&["AM13 1001 _Pension -37.50"]);
    night("4000.00", "300.00").only(&["AM13 1001 _Pension -50.00"]);
    let limited = night("5250.00", "100.00");
    limited.nothing();
    limited.unverified("1001", "_Pension");
}

/// 5 % of 60,000.00 a year of each payer: 250.00 a month.
pub(super) fn percentage(gross: bool) -> Company {
    let mut company = Company::new(MONTHLY);
    company.job(WIDE).job("[[schemes]]\nbenefit = \"_Pension\"\npercent_of_pay = true");
    if gross {
        company.job("[payroll.columns]\ngross_pay = \"Gross\"");
    }
    let covers = [("_Medical", Cover::yearly(1200.0, 0.0)), ("_Pension", Cover::yearly(3000.0, 3000.0))];
    company.all(|p| _ = p.covers(&covers).pays("Gross", "5000.00").pays("PEN EE", "250.00").pays("PEN ER", "250.00"));
    company
}

#[test]
fn what_a_month_took_less_than_the_percentage_may_be_made_up_and_no_more() {
    // February took 150.00 of 250.00.
    for (march, told) in [("350.00", &[][..]), ("300.00", &[]), ("400.00", &["AM13 1001 _Pension -50.00"])] {
        let mut company = percentage(true);
        company.night(FEBRUARY_NIGHT, JANUARY).nothing();
        company.person("1001").pays("PEN EE", "150.00");
        company.night(MARCH_NIGHT, FEBRUARY).unverified("1001", "_Pension");
        company.person("1001").pays("PEN EE", march);
        company.night(APRIL_NIGHT, MARCH).only(told);
    }
}

#[test]
fn a_percentage_that_is_raised_late_may_be_taken_of_the_months_since() {
    // 6 % since 1 March, entered on 2 April: 300.00, and 50.00 of March.
    for (april, told) in [("350.00", &[][..]), ("650.00", &["AM13 1001 _Pension -300.00"])] {
        let mut company = percentage(true);
        company.night(MARCH_NIGHT, FEBRUARY).nothing();
        company.night(APRIL_NIGHT, MARCH).nothing();
        let raised = Cover::yearly(3600.0, 3000.0).from("2026-03-01").changed("2026-04-02");
        let covers = [("_Medical", Cover::yearly(1200.0, 0.0)), ("_Pension", raised)];
        company.person("1001").covers(&covers).pays("PEN EE", april);
        company.night(MAY_NIGHT, APRIL).only(told);
    }
}

#[test]
fn a_percentage_is_due_of_each_of_27_pays() {
    let mut company = Company::new(BIWEEKLY);
    company.job(WIDE).job("[[schemes]]\nbenefit = \"_Pension\"\npercent_of_pay = true");
    company.all(|p| {
        _ = p.covers(&[("_Pension", Cover::yearly(3000.0, 0.0).from("2025-01-01"))]);
        _ = p.pays("PEN EE", "115.38").pays("PEN ER", "").pays("MED EE", "").pays("MED ER", "");
    });
    // The 27th Thursday of a year that began with one.
    company.night("2027-01-02", ["2026-12-14", "2026-12-27", "2026-12-31"]).nothing();
}

/// And in February payroll took nothing of 1001.
fn percentage_without_february(gross: bool) -> Company {
    let mut company = percentage(gross);
    company.night(FEBRUARY_NIGHT, JANUARY).nothing();
    company.person("1001").pays("PEN EE", "").pays("PEN ER", "");
    company.night(MARCH_NIGHT, FEBRUARY).only(&["EN01 1001 _Pension 500.00"]);
    company
}

#[test]
fn a_percentage_that_was_missed_is_made_up_in_the_next_month() {
    for gross in [true, false] {
        let mut company = percentage_without_february(gross);
        company.person("1001").pays("PEN EE", "500.00").pays("PEN ER", "500.00");
        company.night(APRIL_NIGHT, MARCH).nothing();
        company.person("1001").pays("PEN EE", "250.00").pays("PEN ER", "250.00");
        company.night(MAY_NIGHT, APRIL).nothing();
        // The months are even: what is taken once more is too much, as far as the pay tells.
        company.person("1001").pays("PEN EE", "500.00");
        let june = company.night(JUNE_NIGHT, MAY);
        if gross { june.only(&["AM13 1001 _Pension -250.00"]) } else { june.nothing() }
    }
}

#[test]
fn a_percentage_that_was_missed_stays_owed_until_it_is_made_up() {
    let mut company = percentage_without_february(true);
    company.person("1001").pays("PEN EE", "250.00").pays("PEN ER", "500.00");
    company.night(APRIL_NIGHT, MARCH).only(&["EN01 1001 _Pension 250.00"]);
    // In two parts, the last one beside overtime of 10 %, which is 25.00.
    company.person("1001").pays("PEN EE", "350.00").pays("PEN ER", "250.00");
    company.night(MAY_NIGHT, APRIL).only(&["EN01 1001 _Pension 150.00"]);
    company.person("1001").pays("Gross", "5500.00").pays("PEN EE", "425.00").pays("PEN ER", "275.00");
    company.night(JUNE_NIGHT, MAY).nothing();
}

#[test]
fn a_percentage_beyond_what_is_made_up_is_too_much() {
    let mut company = percentage_without_february(true);
    // 250.00 of March and of February each, and 60.00 of nobody knows what.
    company.person("1001").pays("PEN EE", "560.00").pays("PEN ER", "500.00");
    company.night(APRIL_NIGHT, MARCH).only(&["AM13 1001 _Pension -60.00"]);
    company.person("1001").pays("PEN EE", "250.00").pays("PEN ER", "250.00");
    company.night(MAY_NIGHT, APRIL).only(&["AM13 1001 _Pension -60.00"]);
}

#[test]
fn a_percentage_that_was_missed_may_be_made_up_by_the_gross_pay_of_its_month() {
    // 5 % of 6,000.00 or of 4,000.00 is 300.00 or 200.00; of the salary it is 250.00.
    for (gross, taken, told) in [
        ("6000.00", "550.00", &[][..]),
        ("6000.00", "590.00", &["AM13 1001 _Pension -80.00"]),
        ("4000.00", "450.00", &[]),
        ("4000.00", "400.00", &["EN01 1001 _Pension 200.00"]),
    ] {
        let mut company = percentage(true);
        company.night(FEBRUARY_NIGHT, JANUARY).nothing();
        company.person("1001").pays("Gross", gross).pays("PEN EE", "").pays("PEN ER", "");
        company.night(MARCH_NIGHT, FEBRUARY).only(&["EN01 1001 _Pension 500.00"]);
        company.person("1001").pays("Gross", "5000.00").pays("PEN EE", taken).pays("PEN ER", taken);
        company.night(APRIL_NIGHT, MARCH).only(told);
    }
}

#[test]
fn a_percentage_of_a_month_that_a_file_forgot_is_made_up() {
    let mut company = percentage_without_february(true);
    company.person("1001").on_payroll(false);
    company.night(APRIL_NIGHT, MARCH).only(&["ID02 1001 - any", "EN01 1001 _Pension 500.00"]);
    // Three months, of both payers.
    company.person("1001").on_payroll(true).pays("PEN EE", "750.00").pays("PEN ER", "750.00").pays("MED EE", "200.00");
    company.night(MAY_NIGHT, APRIL).nothing();
}

#[test]
fn a_percentage_of_days_without_cover_is_owed_no_more() {
    let mut company = percentage_without_february(true);
    // The record began in March, as was entered late; nothing was taken before.
    let covers = [
        ("_Medical", Cover::yearly(1200.0, 0.0)),
        ("_Pension", Cover::yearly(3000.0, 3000.0).from("2026-03-01").changed("2026-03-05")),
    ];
    company.person("1001").covers(&covers).pays("PEN EE", "250.00").pays("PEN ER", "250.00");
    company.night(APRIL_NIGHT, MARCH).nothing();
}

#[test]
fn a_percentage_of_no_pay_is_nothing() {
    let mut company = overtime("[[schemes]]\nbenefit = \"_Pension\"\npercent_of_pay = true");
    company.job("[payroll.columns]\ngross_pay = \"Gross\"");
    company.person("1001").pays("Gross", "0.00").pays("PEN EE", "");
    company.night("2026-03-03", FEBRUARY).nothing();
}

#[test]
fn a_pension_that_may_follow_actual_pay_accuses_nobody() {
    let night = overtime("").night("2026-03-03", FEBRUARY);
    night.nothing();
    night.unverified("1001", "_Pension");
    assert!(night.unverified[0]["reason"].contains("percent_of_pay"), "{:?}", night.unverified);
}

/// Medical cover at 100.00 and dental at 20.00 a month, under one code.
fn flex(codes: &str) -> Company {
    let mut company = Company::new(MONTHLY);
    company.job(&format!(
        "[payroll]\nwide = [{{ code = \"FLEX\", employee = \"MED EE\" }}]\n[deductions]\ncodes = {{ MED = \"_Life\", FLEX = {codes} }}"
    ));
    company.all(|person| {
        let covers = [("_Medical", Cover::yearly(1200.0, 0.0)), ("_Dental", Cover::yearly(240.0, 0.0))];
        person.covers(&covers).pays("MED EE", "120.00");
    });
    company
}

#[test]
fn one_code_two_benefits() {
    let mut company = flex("[\"_Medical\", \"_Dental\"]");
    company.night("2026-03-03", FEBRUARY).nothing();
    company.person("1002").pays("MED EE", "100.00");
    let told = company.night("2026-03-04", FEBRUARY).findings;
    let of = |key: &str| told.iter().map(|finding| finding[key].clone()).collect::<Vec<String>>();
    assert_eq!(
        (of("benefit"), of("exposure_to_date")),
        (vec!["_Dental + _Medical".to_owned()], vec!["20.00".to_owned()])
    );
}

#[test]
fn who_has_only_one_of_the_benefits_of_a_code_pays_for_that_one() {
    let mut company = flex("[\"_Medical\", \"_Dental\"]");
    company.person("1003").covers(&[("_Medical", Cover::yearly(1200.0, 0.0))]).pays("MED EE", "100.00");
    company.night("2026-03-03", FEBRUARY).nothing();
}

#[test]
fn a_code_that_holds_more_than_the_job_says_accuses_nobody() {
    let night = flex("\"_Medical\"").night("2026-03-03", FEBRUARY);
    assert!(night.findings.iter().all(|f| f["employee_id"].is_empty()), "{:?}", night.findings);
    night.unverified("1001", "_Medical");
}

#[test]
fn two_codes_of_one_benefit_are_added_up() {
    let mut company = Company::new(MONTHLY);
    company.job(
        "[payroll]\nwide = [{ code = \"MED\", employee = \"MED EE\" }, { code = \"MEDPOST\", employee = \"MED POST\" }]\n\
         [deductions]\ncodes = { MED = \"_Medical\", MEDPOST = \"_Medical\" }",
    );
    company.person("1001").pays("MED EE", "60.00").pays("MED POST", "40.00");
    company.night("2026-03-03", FEBRUARY).nothing();
}

#[test]
fn a_column_of_the_other_sign_is_one_finding_on_the_column() {
    let mut company = Company::new(MONTHLY);
    company.all(|person| {
        person.pays("MED EE", "-100.00");
    });
    company.night("2026-03-03", FEBRUARY).only(&["AM10 - _Medical -"]);
    // All that is due is below 0 even where the job says otherwise.
    company.job("[payroll]\nemployee_sign = \"positive\"");
    company.night("2026-03-04", FEBRUARY).only(&["AM10 - _Medical -"]);
}

#[test]
fn deductions_below_0_with_a_refund_among_them_are_one_finding_and_nobody_is_accused() {
    let mut company = Company::new(MONTHLY);
    company.all(|person| {
        person.pays("MED EE", "-100.00");
    });
    company.person("1002").pays("MED EE", "40.00");
    let night = company.night("2026-03-03", FEBRUARY);
    night.only(&["AM10 - _Medical -"]);
    night.unverified("1001", "_Medical");
    night.unverified("1002", "_Medical");
    // Once it is said, the amounts are deductions, and the one above 0 is money that was given back.
    company.job("[payroll]\nemployee_sign = \"negative\"");
    company.night("2026-03-04", FEBRUARY).only(&["* 1002 _Medical 100.00"]);
}

#[test]
fn off_cycle_fix() {
    let mut company = Company::new(MONTHLY);
    let fixed = company.person("1001");
    fixed.pays("MED EE", "").pays("MED ER", "");
    fixed.further_row(&[("Run Type", "correction"), ("MED EE", "100.00")]);
    company.night("2026-04-02", MARCH).nothing();
}

#[test]
fn a_refund_by_an_off_cycle_run_counts() {
    let mut company = Company::new(MONTHLY);
    company.person("1001").pays("MED EE", "120.00").further_row(&[("Run Type", "off_cycle"), ("MED EE", "-20.00")]);
    company.night("2026-04-02", MARCH).nothing();
}

#[test]
fn a_deduction_taken_by_two_runs_is_taken_twice() {
    let mut company = Company::new(MONTHLY);
    company.person("1001").further_row(&[("Run Type", "off_cycle"), ("MED EE", "100.00")]);
    let outcome = company.night("2026-04-02", MARCH);
    outcome.only(&["* 1001 _Medical -100.00"]);
    let sentence = &outcome.finding("* 1001 _Medical -100.00")["sentence"];
    assert!(sentence.contains("The regular run and an off-cycle run took 100.00 USD each (TM10)."), "{sentence}");
}

#[test]
fn a_correction_in_part_leaves_the_rest_open() {
    let mut company = Company::new(MONTHLY);
    let fixed = company.person("1001");
    fixed.pays("MED EE", "").pays("MED ER", "");
    fixed.further_row(&[("Run Type", "correction"), ("MED EE", "60.00")]);
    company.night("2026-04-02", MARCH).only(&["* 1001 _Medical 40.00"]);
}

#[test]
fn one_table_that_was_not_loaded_is_told_once() {
    let mut company = Company::new(MONTHLY);
    for id in ["1001", "1002", "1003"] {
        company.person(id).pays("MED EE", "90.00");
    }
    let night = company.night("2026-03-03", FEBRUARY);
    night.finding("AM01 1001 _Medical 10.00");
    let pack = company.site().path("reports/situation/2026-03-03");
    let groups = crate::support::rows(&pack.join("groups.csv"));
    let [group] = groups.as_slice() else { panic!("one group expected: {groups:?}") };
    assert_eq!((group["members"].as_str(), group["exposure"].as_str()), ("3", "30.00"));
    let of_group = night.findings.iter().filter(|finding| finding["group_id"] == group["group_id"]).count();
    assert_eq!(of_group, 3);
}

#[test]
fn a_deduction_from_a_pay_group_that_may_not_have_the_benefit_is_told() {
    let mut company = Company::new(MONTHLY);
    company.job("[[schemes]]\npay_group = \"G1\"\nbenefit = \"_Medical\"\neligible = false");
    company.all(|person| {
        person.covers(&[]).pays("MED EE", "").pays("MED ER", "");
    });
    company.person("1004").pays("MED EE", "100.00");
    company.night("2026-03-03", FEBRUARY).only(&["EN16 1004 _Medical -100.00"]);
}

/// 1060 joins in the middle of March, of whose pay no percentage is taken yet.
pub fn joins_in_march(company: &mut Company) {
    let since = |yearly: Cover| yearly.from("2026-03-16").changed("2026-03-16");
    let covers = [("_Medical", since(Cover::yearly(1200.0, 0.0))), ("_Pension", since(Cover::yearly(3000.0, 3000.0)))];
    let joiner = company.hire("1060");
    joiner.covers(&covers).pays("MED EE", "51.61").pays("Hire Date", "2026-03-16").pays("Gross", "2580.00");
    joiner.user("/employment/startDate", "2026-03-16".into());
    joiner.user("/employment/originalStartDate", "2026-03-16".into());
    joiner.user("/employment/salaryDetails/salaryEffectiveDate", "2026-03-16".into());
    joiner.pays("Salary Effective", "2026-03-16").pays("PEN EE", "").pays("PEN ER", "");
}
