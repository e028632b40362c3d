//! The last pay of somebody who left, a month later: what the file of July takes of a leaver of 10 June. June's 100.00
//! may have been due in full, by days or not at all; nobody says.

use crate::situations::company::{
    APRIL, APRIL_NIGHT, AUGUST, AUGUST_NIGHT, Company, Cover, FEBRUARY, JULY, JULY_NIGHT, JUNE, JUNE_NIGHT, MARCH,
    MARCH_NIGHT, MAY, MAY_NIGHT, MONTHLY, Outcome, SEMIMONTHLY, SEPTEMBER_NIGHT,
};

/// After June, whose file took `june` of the leaver, or did not name her; in July Benifex lists nothing of her.
fn after_june(june: Option<&str>) -> Company {
    let mut company = Company::new(MONTHLY);
    company.night(JUNE_NIGHT, MAY).nothing();
    company.person("1001").leaves("2026-06-10");
    company.person("1001").pays("MED EE", june.unwrap_or_default()).on_payroll(june.is_some());
    company.night(JULY_NIGHT, JUNE).nothing();
    company.person("1001").covers(&[]).on_payroll(true);
    company
}

fn july(company: &mut Company, taken: &str) -> Outcome {
    company.person("1001").pays("MED EE", taken);
    company.night(AUGUST_NIGHT, JULY)
}

#[test]
fn a_final_pay_of_the_next_month_takes_what_june_still_cost() {
    for (june, taken) in [(None, "100.00"), (None, "33.33"), (Some(""), "100.00"), (Some("33.33"), "66.67")] {
        let mut company = after_june(june);
        july(&mut company, taken).nothing();
        company.person("1001").on_payroll(false);
        company.night(SEPTEMBER_NIGHT, AUGUST).nothing();
    }
}

#[test]
fn a_final_pay_that_takes_more_than_june_still_cost_is_told_with_the_rest() {
    for (june, taken, told) in
        [(None, "133.33", "-33.33"), (Some("33.33"), "100.00", "-33.33"), (Some("100.00"), "100.00", "-100.00")]
    {
        let mut company = after_june(june);
        let finding = format!("EN05 1001 _Medical {told}");
        july(&mut company, taken).only(&[&finding]);
    }
    let mut company = after_june(None);
    let o = july(&mut company, "133.33");
    let said = &o.finding("EN05 1001 _Medical -33.33")["sentence"];
    assert!(said.contains("The rest pays for cover until then: 33.33 USD is too much."), "{said}");
    company.person("1001").on_payroll(false);
    company.night(SEPTEMBER_NIGHT, AUGUST).only(&["TM12 1001 _Medical -33.33"]);
}

#[test]
fn a_leave_date_put_off_a_month_takes_the_arrears_with_the_final_pay() {
    let mut company = Company::after_january();
    company.person("1001").leaves("2026-01-20");
    company.person("1001").pays("MED EE", "");
    company.night(MARCH_NIGHT, FEBRUARY).only(&["EN04 1001 _Medical any"]);
    // She left on 27 February after all, and March's file takes what February cost.
    company.person("1001").leaves("2026-02-27");
    company.person("1001").pays("MED EE", "100.00");
    company.night(APRIL_NIGHT, MARCH).only(&["EN04 1001 _Medical any"]);
    company.person("1001").on_payroll(false);
    company.night(MAY_NIGHT, APRIL).only(&["EN04 1001 _Medical any"]);
}

#[test]
fn a_second_final_pay_for_the_same_month_is_too_much() {
    let mut company = after_june(None);
    july(&mut company, "100.00").nothing();
    company.night(SEPTEMBER_NIGHT, AUGUST).only(&["EN05 1001 _Medical -100.00"]);
}

#[test]
fn a_month_that_was_missed_before_the_leave_date_was_known_owes_what_any_practice_takes() {
    // 10 of 30 days in July, or nothing: with a row of July and without one.
    for (taken, on_payroll) in [("33.33", true), ("", true), ("", false)] {
        let mut company = Company::new(MONTHLY);
        company.night(JUNE_NIGHT, MAY).nothing();
        company.person("1001").pays("MED EE", "");
        company.night(JULY_NIGHT, JUNE).only(&["EN01 1001 _Medical 100.00"]);
        company.person("1001").leaves("2026-06-10");
        company.person("1001").covers(&[]).on_payroll(on_payroll);
        july(&mut company, taken).nothing();
    }
}

#[test]
fn a_final_pay_takes_arrears_and_june_together() {
    let mut company = Company::new(MONTHLY);
    company.person("1001").pays("MED EE", "");
    company.night(JUNE_NIGHT, MAY).only(&["EN01 1001 _Medical 100.00"]);
    company.person("1001").leaves("2026-06-10").on_payroll(false);
    company.night(JULY_NIGHT, JUNE).only(&["TM12 1001 _Medical 100.00"]);
    company.person("1001").covers(&[]).on_payroll(true);
    july(&mut company, "200.00").nothing();
}

#[test]
fn a_final_pay_may_stand_in_two_rows_of_one_file() {
    for (first, second) in [
        ("50.00", &[("MED EE", "50.00")][..]),
        ("100.00", &[("MED EE", "")]),
        ("66.67", &[("Run Type", "final"), ("MED EE", "33.33")]),
    ] {
        let mut company = after_june(None);
        company.person("1001").pays("MED EE", first).further_row(second);
        company.night(AUGUST_NIGHT, JULY).nothing();
    }
}

/// July's file has rows of June and of July, with what each takes.
fn rows_of_june_and_july(june: Option<&str>, [of_june, of_july]: [&str; 2]) -> Outcome {
    let mut company = Company::new(MONTHLY);
    company.job("[payroll]\nseveral_rows = { sum = [] }");
    company.night(JUNE_NIGHT, MAY).nothing();
    company.person("1001").leaves("2026-06-10");
    company.person("1001").pays("MED EE", june.unwrap_or_default()).on_payroll(june.is_some());
    company.night(JULY_NIGHT, JUNE).nothing();
    let [start, end, _] = JUNE;
    let row = [("Period Start", start), ("Period End", end), ("Pay Date", JULY[2]), ("MED EE", of_june)];
    company.person("1001").covers(&[]).on_payroll(true).pays("MED EE", of_july).further_row(&row);
    company.night(AUGUST_NIGHT, JULY)
}

#[test]
fn rows_of_june_and_july_in_one_file_take_what_june_still_cost_and_no_more() {
    for (june, rows, told) in [
        (None, ["33.33", "0.00"], &[][..]),
        (None, ["100.00", "100.00"], &["EN05 1001 _Medical -100.00"]),
        (Some(""), ["133.33", ""], &["EN05 1001 _Medical -33.33"]),
        (Some(""), ["100.00", "50.00"], &["EN05 1001 _Medical -50.00"]),
    ] {
        let o = rows_of_june_and_july(june, rows);
        o.only(told);
        assert!(o.unverified.is_empty(), "{}", o.told());
    }
}

#[test]
fn a_final_pay_says_nothing_against_a_benefit_that_was_never_ended() {
    let mut company = after_june(None);
    company.person("1001").covers(&[("_Medical", Cover::yearly(1200.0, 0.0))]);
    july(&mut company, "100.00").only(&["EN04 1001 _Medical -"]);
}

#[test]
fn a_final_pay_is_exact_by_the_rule_of_the_scheme() {
    for (taken, told) in [("33.33", &[][..]), ("100.00", &["EN05 1001 _Medical -66.67"])] {
        let mut company = after_june(None);
        company.scheme("coverage_end = \"leave_date\"\nproration = \"thirtieths\"");
        july(&mut company, taken).only(told);
    }
}

/// Left on 10 March, and Benifex lists nothing of her any more; in January and February 100.00 were due each.
fn march(mut company: Company, taken: &str) -> Outcome {
    company.person("1001").leaves("2026-03-10").covers(&[]).pays("MED EE", taken);
    company.night(APRIL_NIGHT, MARCH)
}

#[test]
fn a_last_deduction_above_the_full_rate_of_vanished_cover_is_told_with_what_is_above() {
    march(Company::until_february(), "150.00").only(&["EN05 1001 _Medical -50.00"]);
    // With February's, which was missed.
    march(Company::missed_february(), "200.00").nothing();
    march(Company::missed_february(), "250.00").only(&["EN05 1001 _Medical -50.00"]);
}

#[test]
fn a_last_deduction_of_vanished_cover_is_right_as_any_practice_takes_it() {
    // All of it, and 10 of 31 days.
    for taken in ["100.00", "32.26"] {
        let o = march(Company::until_february(), taken);
        o.nothing();
        assert!(o.unverified.is_empty(), "{}", o.told());
    }
    let o = march(Company::until_february(), "50.00");
    o.nothing();
    o.unverified("1001", "_Medical");
}

#[test]
fn a_last_deduction_of_vanished_cover_is_exact_by_the_rule_of_the_scheme() {
    for (taken, told) in [("32.26", &[][..]), ("100.00", &["EN05 1001 _Medical -67.74"])] {
        let mut company = Company::until_february();
        company.scheme("coverage_end = \"leave_date\"\nproration = \"calendar days\"");
        march(company, taken).only(told);
    }
}

/// Cover ends with the leave date by the rule, and a part of a month costs its days: of 20 March, which became known in
/// April only, 64.52 of the 100.00 that March took.
fn left_in_march() -> Company {
    let mut company = Company::new(MONTHLY);
    company.job("[rules]\ncoverage_end = \"leave_date\"").scheme("proration = \"calendar days\"");
    company.night(MARCH_NIGHT, FEBRUARY).nothing();
    company.night(APRIL_NIGHT, MARCH).nothing();
    company.person("1001").leaves("2026-03-20").covers(&[]);
    company
}

#[test]
fn a_refund_gives_back_what_the_rule_makes_of_the_last_month_and_more_is_owed() {
    for (refund, found) in [("-35.48", &[][..]), ("-100.00", &["* 1001 _Medical 64.52"])] {
        let mut company = left_in_march();
        company.person("1001").pays("MED EE", refund);
        company.night(MAY_NIGHT, APRIL).only(found);
        company.person("1001").on_payroll(false);
        company.night(JUNE_NIGHT, MAY).only(found);
    }
}

#[test]
fn a_refund_of_the_last_month_and_of_one_after_it_gives_back_all_of_that() {
    for (refund, found) in [("-135.48", &[][..]), ("-200.00", &["* 1001 _Medical 64.52"])] {
        let mut company = left_in_march();
        company.person("1001").pays("MED EE", "100.00");
        company.night(MAY_NIGHT, APRIL).only(&["EN05 1001 _Medical any"]);
        company.person("1001").pays("MED EE", refund);
        company.night(JUNE_NIGHT, MAY).only(found);
    }
}

#[test]
fn a_refund_of_a_month_that_the_rule_covers_to_its_end_is_too_much() {
    let mut company = Company::new(MONTHLY);
    company.job("[rules]\ncoverage_end = \"end_of_month\"");
    company.night(APRIL_NIGHT, MARCH).nothing();
    company.person("1001").leaves("2026-03-20").covers(&[]).pays("MED EE", "-100.00");
    company.night(MAY_NIGHT, APRIL).only(&["* 1001 _Medical 100.00"]);
}

#[test]
fn the_deduction_of_the_last_month_settles_what_the_month_before_left_open() {
    let mut company = Company::new(MONTHLY);
    company.hire("1005");
    // What May took, June, and what is open after it. 12 days of June are 40.00, by working days 45.45.
    let people = [
        ("1000", "97.00", "43.00", None),
        ("1001", "97.00", "40.00", Some("3.00")),
        ("1002", "97.00", "45.45", Some("3.00")),
        // June's 100.00 was left out in place of a refund; 20.00 is no part of June.
        ("1003", "200.00", "", None),
        ("1004", "120.00", "", Some("-20.00")),
        ("1005", "200.00", "", None),
    ];
    people.iter().for_each(|(id, may, ..)| _ = company.person(id).pays("MED EE", may));
    company.night(JUNE_NIGHT, MAY);
    people.iter().for_each(|(id, _, june, _)| _ = company.person(id).leaves("2026-06-12").pays("MED EE", june));
    company.person("1005").covers(&[]);
    let open = people.iter().filter_map(|(id, .., open)| open.map(|open| format!("TM12 {id} _Medical {open}")));
    let open: Vec<String> = open.collect();
    company.night(JULY_NIGHT, JUNE).only(&open.iter().map(String::as_str).collect::<Vec<&str>>());
}

#[test]
fn a_benefit_that_was_dropped_before_the_last_month_is_not_due_of_it_while_others_are_listed() {
    let mut company = with_dental();
    for id in ["1001", "1002"] {
        company.person(id).leaves("2026-03-31").pays("DEN EE", "");
    }
    // Of 1002 nothing is listed any more, as of somebody who left: March was due as before.
    company.person("1001").covers(&[medical()]);
    company.person("1002").covers(&[]);
    company.night(APRIL_NIGHT, MARCH).only(&["TM12 1002 _Dental 20.00"]);
}

#[test]
fn a_deduction_of_the_last_month_of_a_benefit_that_was_dropped_before_the_cut_off_was_for_nothing() {
    let mut company = with_dental();
    let ended = ("_Dental", Cover::yearly(240.0, 0.0).status("ENDED").changed("2026-02-20"));
    let ended_inside = ("_Dental", Cover::yearly(240.0, 0.0).status("ENDED").changed("2026-03-05"));
    company.person("1001").covers(&[medical()]);
    company.person("1002").covers(&[medical(), ended]);
    company.person("1003").covers(&[medical(), ended_inside]);
    for id in ["1001", "1002", "1003"] {
        company.person(id).leaves("2026-03-31");
    }
    // Benifex shows so before the cut-off of March.
    company.attempt("2026-03-10", FEBRUARY);
    let told = company.night(APRIL_NIGHT, MARCH);
    told.only(&["EN02 1001 _Dental -20.00", "EN02 1002 _Dental -20.00"]);
    // Of a benefit that ended on 5 March a part may have been due.
    told.unverified("1003", "_Dental");
}

fn medical() -> (&'static str, Cover) {
    ("_Medical", Cover::yearly(1200.0, 0.0))
}

/// After February, in which everybody paid for a second benefit as well.
fn with_dental() -> Company {
    let mut company = Company::new(MONTHLY);
    company.job(
        "[payroll]\nwide = [{ code = \"MED\", employee = \"MED EE\", employer = \"MED ER\" }, \
         { code = \"DEN\", employee = \"DEN EE\" }]\n\
         [deductions]\ncodes = { MED = \"_Medical\", DEN = \"_Dental\" }",
    );
    let both = [medical(), ("_Dental", Cover::yearly(240.0, 0.0))];
    company.all(|person| _ = person.covers(&both).pays("DEN EE", "20.00"));
    company.night(MARCH_NIGHT, FEBRUARY).nothing();
    company
}

#[test]
fn a_refund_of_who_left_settles_what_is_open_also_before_the_month_is_over() {
    // 50.00 a half month. 1001 was asked for 10.00 too much, and 1002 left on the 4th of 15 days.
    let mut company = Company::deducting(SEMIMONTHLY, 24, "50.00");
    company.person("1001").pays("MED EE", "60.00");
    company.night("2026-02-02", ["2026-01-16", "2026-01-31", "2026-01-30"]).only(&["AM01 1001 _Medical -10.00"]);
    company.person("1001").pays("MED EE", "50.00").leaves("2026-02-15");
    company.person("1002").leaves("2026-02-04");
    company.night("2026-02-17", ["2026-02-01", "2026-02-15", "2026-02-13"]).only(&["TM12 1001 _Medical -10.00"]);
    for (id, refund) in [("1001", "-10.00"), ("1002", "-36.67")] {
        company.person(id).covers(&[]).pays("Run Type", "off_cycle").pays("MED EE", refund);
    }
    let o = company.night("2026-03-02", ["2026-02-16", "2026-02-28", "2026-02-27"]);
    o.nothing();
    assert!(o.unverified.is_empty(), "{}", o.told());
}

#[test]
fn a_refund_of_who_left_beyond_what_is_open_is_not_taken_for_right() {
    let mut company = Company::deducting(SEMIMONTHLY, 24, "50.00");
    company.night("2026-02-02", ["2026-01-16", "2026-01-31", "2026-01-30"]).nothing();
    company.person("1001").leaves("2026-02-15");
    company.night("2026-02-17", ["2026-02-01", "2026-02-15", "2026-02-13"]).nothing();
    company.person("1001").covers(&[]).pays("Run Type", "off_cycle").pays("MED EE", "-10.00");
    company.night("2026-03-02", ["2026-02-16", "2026-02-28", "2026-02-27"]).unverified("1001", "_Medical");
}

#[test]
fn a_last_month_of_cover_that_took_nothing_is_owed_by_the_rules_of_the_job_though_the_record_is_gone() {
    for (leave, rules, due) in [
        ("2026-02-20", "coverage_end = \"30 days after\"\nproration_at_end = \"none\"", "100.00"),
        ("2026-02-20", "coverage_end = \"30 days after\"\nproration_at_end = \"calendar days\"", "70.97"),
        ("2026-03-01", "coverage_end = \"leave_date\"\nproration_at_end = \"none\"", "100.00"),
    ] {
        let mut company = Company::after_january();
        company.job(&format!("[[schemes]]\nbenefit = \"_Medical\"\n{rules}"));
        let leaver = company.person("1001").leaves(leave);
        if rules.contains("leave_date") {
            leaver.covers(&[]);
        }
        company.night(MARCH_NIGHT, FEBRUARY).nothing();
        company.person("1001").covers(&[]).pays("MED EE", "").pays("MED ER", "");
        let told = format!("* 1001 _Medical {due}");
        company.night(APRIL_NIGHT, MARCH).only(&[&told]);
        company.person("1001").on_payroll(false);
        company.night(MAY_NIGHT, APRIL).only(&[&told]);
    }
}
