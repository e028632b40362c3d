//! A price that changes inside a pay period, where the job says what a part of a period costs: each price is due of its
//! days.

use serde_json::json;

use crate::situations::company::{
    APRIL, APRIL_NIGHT, Company, Cover, FEBRUARY, JANUARY, JUNE_NIGHT, MARCH, MARCH_NIGHT, MAY, MAY_NIGHT, MONTHLY,
    Person,
};

const CALENDAR_DAYS: &str = "proration = \"calendar days\"";
const NEXT_PAY: &str = "first_deduction = \"next pay\"";

/// From 100 to 120 a month on 10 March: 9 days of the one and 22 of the other are 114.19.
fn changes_inside(person: &mut Person, taken: &str) {
    person.covers(&[("_Medical", new_price("2026-03-09"))]).pays("MED EE", taken);
}

fn new_price(changed: &'static str) -> Cover {
    Cover::yearly(1440.0, 0.0).from("2026-03-10").changed(changed)
}

fn with_rule(rule: &str) -> Company {
    let mut company = Company::new(MONTHLY);
    company.job(&format!("[[schemes]]\nbenefit = \"_Medical\"\n{rule}"));
    company
}

fn until_february(rule: &str) -> Company {
    let mut company = with_rule(rule);
    company.night("2026-02-03", JANUARY).nothing();
    company.night(MARCH_NIGHT, FEBRUARY).nothing();
    company
}

#[test]
fn each_price_is_due_of_its_days() {
    for (rule, right, too_much, refunding) in
        [(CALENDAR_DAYS, "114.19", "-5.81", "114.19"), (NEXT_PAY, "100.00", "-20.00", "100.00")]
    {
        let mut company = until_february(rule);
        changes_inside(company.person("1001"), right);
        changes_inside(company.person("1002"), "120.00");
        let o = company.night(APRIL_NIGHT, MARCH);
        o.only(&[&format!("AM08 1002 _Medical {too_much}")]);
        assert!(o.unverified.is_empty(), "{rule} {}", o.told());
        let said = &o.findings[0]["sentence"];
        let amount = too_much.trim_start_matches('-');
        assert!(said.contains(&format!("{amount} USD is too much by the rule of the scheme")), "{said}");
        company.person("1001").pays("MED EE", "120.00");
        company.person("1002").pays("MED EE", refunding);
        company.night(MAY_NIGHT, APRIL).nothing();
    }
}

#[test]
fn less_than_both_prices_owes_the_days_of_each() {
    // The old price's part alone, the new one's alone, and nothing at all.
    for (taken, owed) in [("60.00", "54.19"), ("85.16", "29.03"), ("", "114.19")] {
        let mut company = until_february(CALENDAR_DAYS);
        changes_inside(company.person("1001"), taken);
        let o = company.night(APRIL_NIGHT, MARCH);
        o.only(&[&format!("AM08 1001 _Medical {owed}")]);
        let said = &o.findings[0]["sentence"];
        assert!(said.contains(&format!("{owed} USD is owed by the rule of the scheme")), "{said}");
    }
    let mut company = until_february(NEXT_PAY);
    changes_inside(company.person("1001"), "60.00");
    company.night(APRIL_NIGHT, MARCH).only(&["AM08 1001 _Medical 40.00"]);
}

#[test]
fn a_missed_month_is_caught_up_with_the_days_of_both_prices() {
    let mut company = with_rule(CALENDAR_DAYS);
    company.night("2026-02-03", JANUARY).nothing();
    company.person("1001").pays("MED EE", "");
    company.night(MARCH_NIGHT, FEBRUARY).only(&["EN01 1001 _Medical 100.00"]);
    changes_inside(company.person("1001"), "214.19");
    let o = company.night(APRIL_NIGHT, MARCH);
    o.nothing();
    assert!(o.unverified.is_empty(), "{}", o.told());
}

#[test]
fn what_nobody_knows_of_the_price_before_is_unverified_and_asks_for_no_rule() {
    // A first night; the job says what it can.
    let mut company = with_rule(CALENDAR_DAYS);
    changes_inside(company.person("1001"), "114.19");
    let o = company.night(APRIL_NIGHT, MARCH);
    o.nothing();
    o.unverified("1001", "_Medical");
    assert!(!o.told().contains("state proration"), "{}", o.told());
}

#[test]
fn until_when_a_price_was_in_force_a_look_inside_the_period_tells() {
    // February was judged before March began: the old price may have ended by then.
    let mut company = with_rule(CALENDAR_DAYS);
    company.night("2026-02-27", FEBRUARY).nothing();
    changes_inside(company.person("1001"), "100.00");
    changes_inside(company.person("1002"), "130.00");
    let o = company.night(APRIL_NIGHT, MARCH);
    o.only(&["AM08 1002 _Medical -15.81"]);
    o.unverified("1001", "_Medical");
    // It was there on the 5th.
    let mut company = with_rule(CALENDAR_DAYS);
    company.night("2026-02-27", FEBRUARY).nothing();
    company.night("2026-03-05", FEBRUARY).nothing();
    changes_inside(company.person("1001"), "100.00");
    company.night(APRIL_NIGHT, MARCH).only(&["AM08 1001 _Medical 14.19"]);
}

#[test]
fn two_changes_inside_a_period_are_due_in_turn() {
    let mut company = until_february(CALENDAR_DAYS);
    company.person("1001").covers(&[("_Medical", new_price("2026-03-09"))]);
    company.night("2026-03-12", FEBRUARY).nothing();
    // 9 days of 100, 11 of 120 and 11 of 140.
    let last = Cover::yearly(1680.0, 0.0).from("2026-03-21").changed("2026-03-20");
    company.person("1001").covers(&[("_Medical", last)]).pays("MED EE", "121.29");
    let o = company.night(APRIL_NIGHT, MARCH);
    o.nothing();
    assert!(o.unverified.is_empty(), "{}", o.told());
}

#[test]
fn somebody_who_joined_and_changed_in_one_month_pays_the_days_of_each() {
    let mut company = with_rule(CALENDAR_DAYS);
    company.night(MARCH_NIGHT, FEBRUARY).nothing();
    let joiner = company.hire("1005");
    joiner.user("/employment/startDate", json!("2026-03-09")).pays("Hire Date", "2026-03-09").on_payroll(false);
    joiner.user("/employment/originalStartDate", json!("2026-03-09"));
    joiner.covers(&[("_Medical", Cover::yearly(1200.0, 0.0).from("2026-03-09"))]);
    company.night("2026-03-12", FEBRUARY).nothing();
    // 11 days of 100 and 12 of 120.
    let dearer = Cover::yearly(1440.0, 0.0).from("2026-03-20").changed("2026-03-18");
    company.person("1005").covers(&[("_Medical", dearer)]).pays("MED EE", "81.93").on_payroll(true);
    company.night(APRIL_NIGHT, MARCH).nothing();
}

#[test]
fn where_the_rules_of_start_and_end_differ_any_amount_between_the_prices_is_right() {
    let mut company = until_february("proration = \"calendar days\"\nproration_at_end = \"none\"");
    changes_inside(company.person("1001"), "105.00");
    changes_inside(company.person("1002"), "150.00");
    let o = company.night(APRIL_NIGHT, MARCH);
    o.only(&["AM08 1002 _Medical -30.00"]);
    assert!(o.unverified.is_empty(), "{}", o.told());
}

#[test]
fn a_change_after_the_cut_off_owes_its_days_with_the_next_pay() {
    let mut company = until_february(CALENDAR_DAYS);
    for id in ["1001", "1002"] {
        company.person(id).covers(&[("_Medical", new_price("2026-03-29"))]);
    }
    let o = company.night(APRIL_NIGHT, MARCH);
    o.only(&["TM07 1001 _Medical 14.19", "TM07 1002 _Medical 14.19"]);
    let said = &o.findings[0]["sentence"];
    assert!(said.contains("14.19 USD is owed by the rule of the scheme"), "{said}");
    company.person("1001").pays("MED EE", "134.19");
    company.person("1002").pays("MED EE", "120.00");
    company.night(MAY_NIGHT, APRIL).only(&["* 1002 _Medical 14.19"]);
    company.person("1001").pays("MED EE", "120.00");
    company.person("1002").pays("MED EE", "134.19");
    company.night("2026-06-02", MAY).nothing();
}

#[test]
fn both_payers_owe_the_days_of_each_price() {
    // 50 to 80 of the employer's are 71.29.
    let mut company = with_rule(CALENDAR_DAYS);
    company.all(|p| _ = p.covers(&[("_Medical", Cover::yearly(1200.0, 600.0))]).pays("MED ER", "50.00"));
    company.night("2026-02-03", JANUARY).nothing();
    company.night(MARCH_NIGHT, FEBRUARY).nothing();
    let new = Cover::yearly(1440.0, 960.0).from("2026-03-10").changed("2026-03-09");
    company.person("1001").covers(&[("_Medical", new)]).pays("MED EE", "114.19");
    company.night(APRIL_NIGHT, MARCH).only(&["AM08 1001 _Medical 21.29"]);
}

#[test]
fn a_leaver_after_a_fall_of_the_price_owes_nothing_more_of_the_month_of_the_fall() {
    let mut company = until_february(CALENDAR_DAYS);
    company.job("[rules]\ncoverage_end = \"leave_date\"");
    // 9 days of 100.00 and 22 of 80.00; then 20 of the 30 days of April.
    let cheaper = Cover::yearly(960.0, 0.0).from("2026-03-10").changed("2026-03-09");
    company.person("1001").covers(&[("_Medical", cheaper)]).pays("MED EE", "85.81");
    company.night(APRIL_NIGHT, MARCH).nothing();
    company.person("1001").leaves("2026-04-20").pays("MED EE", "53.33");
    company.night(MAY_NIGHT, APRIL).nothing();
    company.person("1001").covers(&[]).on_payroll(false);
    company.night(JUNE_NIGHT, MAY).nothing();
}
