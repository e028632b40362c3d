//! A price that changes inside a pay period. Benifex shows the new record alone; what the one before cost, earlier
//! nights know.

use crate::situations::company::{
    APRIL, APRIL_NIGHT, Company, Cover, FEBRUARY, FEBRUARY_NIGHT, JANUARY, MARCH, MARCH_NIGHT, MAY_NIGHT, MONTHLY,
    Period, Person,
};

/// From 100 to another price a month on 10 March.
fn changes_inside(person: &mut Person, yearly: f64, taken: &str) {
    let new = Cover::yearly(yearly, 0.0).from("2026-03-10").changed("2026-03-09");
    person.covers(&[("_Medical", new)]).pays("MED EE", taken);
}

#[test]
fn any_amount_between_the_two_prices_is_right() {
    // The old price, the new one, and 9 days of the one with 22 of the other.
    for taken in ["100.00", "120.00", "114.19"] {
        let mut company = Company::until_february();
        changes_inside(company.person("1001"), 1440.0, taken);
        let o = company.night(APRIL_NIGHT, MARCH);
        o.nothing();
        assert!(o.unverified.is_empty(), "{taken} {}", o.told());
        company.person("1001").pays("MED EE", "120.00");
        company.night(MAY_NIGHT, APRIL).nothing();
    }
}

#[test]
fn more_than_both_prices_is_too_much_until_it_is_refunded() {
    // Dearer or cheaper: 150 is more than 120 by 30, and more than 100 by 50.
    for (yearly, too_much, refunding, price) in
        [(1440.0, "-30.00", "90.00", "120.00"), (960.0, "-50.00", "30.00", "80.00")]
    {
        let mut company = Company::until_february();
        changes_inside(company.person("1001"), yearly, "150.00");
        let o = company.night(APRIL_NIGHT, MARCH);
        o.only(&[&format!("AM08 1001 _Medical {too_much}")]);
        let sentence = &o.findings[0]["sentence"];
        assert!(sentence.contains("and what cover cost before"), "{sentence}");
        company.person("1001").pays("MED EE", refunding);
        company.night(MAY_NIGHT, APRIL).nothing();
        company.person("1001").pays("MED EE", price);
        company.night("2026-06-02", crate::situations::company::MAY).nothing();
    }
}

#[test]
fn a_missed_month_is_caught_up_in_the_month_of_the_new_price() {
    // 100 of February and 114.19 of March.
    let mut company = Company::missed_february();
    changes_inside(company.person("1001"), 1440.0, "214.19");
    company.night(APRIL_NIGHT, MARCH).nothing();
    company.person("1001").pays("MED EE", "120.00");
    company.night(MAY_NIGHT, APRIL).nothing();
}

#[test]
fn less_than_both_prices_owes_what_is_missing_of_the_lower_one() {
    // To the new price it is 20 more, or to the old one.
    for (yearly, taken, owed, rest) in [
        (1440.0, "60.00", "40.00", "up to 20.00 USD more may be"),
        (960.0, "60.00", "20.00", "more may be, up to the price before"),
        // What days of the new price alone would cost: 22 of 31.
        (1440.0, "85.16", "14.84", "up to 20.00 USD more may be"),
        (1440.0, "", "100.00", "up to 20.00 USD more may be"),
    ] {
        let mut company = Company::until_february();
        changes_inside(company.person("1001"), yearly, taken);
        let o = company.night(APRIL_NIGHT, MARCH);
        o.only(&[&format!("AM08 1001 _Medical {owed}")]);
        let said = &o.findings[0]["sentence"];
        assert!(said.contains(&format!("{owed} USD is owed at least")) && said.contains(rest), "{said}");
        let price = if yearly > 1200.0 { "120.00" } else { "80.00" };
        company.person("1001").pays("MED EE", price);
        company.night(MAY_NIGHT, APRIL).only(&[&format!("* 1001 _Medical {owed}")]);
    }
}

#[test]
fn a_catch_up_that_leaves_less_than_both_prices_leaves_the_rest_open() {
    // 100 of February and 60 of March: 40 are missing at least.
    let mut company = Company::missed_february();
    changes_inside(company.person("1001"), 1440.0, "160.00");
    company.night(APRIL_NIGHT, MARCH).only(&["* 1001 _Medical 40.00"]);
}

#[test]
fn a_period_across_two_months_holds_both_prices() {
    const PERIODS: [(&str, Period); 3] = [
        ("2026-01-27", ["2025-12-21", "2026-01-20", "2026-01-25"]),
        ("2026-02-27", ["2026-01-21", "2026-02-20", "2026-02-25"]),
        ("2026-03-27", ["2026-02-21", "2026-03-20", "2026-03-25"]),
    ];
    let mut company = Company::new(MONTHLY);
    company.all(|p| _ = p.covers(&[("_Medical", Cover::yearly(1200.0, 0.0).from("2025-01-01"))]));
    company.night(PERIODS[0].0, PERIODS[0].1).nothing();
    company.night(PERIODS[1].0, PERIODS[1].1).nothing();
    let dearer = Cover::yearly(1440.0, 0.0).from("2026-03-01").changed("2026-03-02");
    for (id, taken) in [("1000", "100.00"), ("1001", "120.00"), ("1002", "112.86"), ("1003", "150.00")] {
        company.person(id).covers(&[("_Medical", dearer.clone())]).pays("MED EE", taken);
    }
    let o = company.night(PERIODS[2].0, PERIODS[2].1);
    o.only(&["* 1003 _Medical -30.00"]);
    assert!(o.unverified.is_empty(), "{}", o.told());
}

/// From 100 to 120 a month on 15 March, a birthday, under the first day that the record had.
fn changes_without_a_day(person: &mut Person, taken: &str) {
    let new = Cover::yearly(1440.0, 0.0).from("2026-01-01").changed("2026-03-15");
    person.covers(&[("_Medical", new)]).pays("MED EE", taken);
}

#[test]
fn any_amount_between_two_prices_of_one_record_is_right_in_the_month_of_the_change_alone() {
    // The old price, the new one, and 14 days of the one with 17 of the other; 90 is less than both.
    for (march, told) in [("100.00", false), ("120.00", false), ("110.97", false), ("90.00", true)] {
        let mut company = Company::until_february();
        changes_without_a_day(company.person("1001"), march);
        let o = company.night(APRIL_NIGHT, MARCH);
        assert_eq!(o.findings.iter().any(|f| f["code"] == "AM01"), told, "{march} {}", o.told());
        if !told {
            // From April on the new price alone is.
            company.person("1001").pays("MED EE", "100.00");
            company.night(MAY_NIGHT, APRIL).only(&["AM01 1001 _Medical 20.00"]);
        }
    }
}

#[test]
fn the_month_of_a_new_price_settles_what_the_month_before_left_open() {
    // What February took, what March took at 100.00 or 120.00, and what is open after it.
    let people = [
        ("1000", "107.00", "113.00", None),
        ("1001", "97.00", "103.00", None),
        // 9 days of the one price with 22 of the other are 114.19, where the day is known.
        ("1002", "97.00", "", None),
        ("1003", "107.00", "120.00", Some("* 1003 _Medical -7.00")),
        // A whole deduction is left out for one that was too much.
        ("1004", "200.00", "", None),
    ];
    let dated = |person: &mut Person, taken: &str| changes_inside(person, 1440.0, taken);
    for (change, by_days) in [(dated as fn(&mut Person, &str), "117.19"), (changes_without_a_day, "103.00")] {
        let mut company = Company::after_january();
        people.iter().for_each(|(id, february, ..)| _ = company.person(id).pays("MED EE", february));
        company.night(MARCH_NIGHT, FEBRUARY);
        people.iter().for_each(|(id, _, march, _)| change(company.person(id), march));
        company.person("1002").pays("MED EE", by_days);
        company.night(APRIL_NIGHT, MARCH).only(&people.iter().filter_map(|(.., open)| *open).collect::<Vec<&str>>());
    }
}

#[test]
fn of_two_prices_that_were_entered_on_one_day_the_first_holds_until_the_second_begins() {
    // 90.00 a month until December, 100.00 from January and 110.00 from April, both entered on 10 December.
    let at =
        |monthly: f64, from, changed| [("_Medical", Cover::yearly(12.0 * monthly, 0.0).from(from).changed(changed))];
    for march in ["100.00", "90.00"] {
        let mut company = Company::new(MONTHLY);
        company.all(|person| _ = person.covers(&at(90.0, "2025-01-01", "2024-12-10")).pays("MED EE", "90.00"));
        company.night("2025-12-03", ["2025-11-01", "2025-11-30", "2025-11-28"]).nothing();
        company.all(|person| _ = person.covers(&at(100.0, "2026-01-01", "2025-12-10")));
        company.night("2026-01-05", ["2025-12-01", "2025-12-31", "2025-12-31"]).nothing();
        company.all(|person| _ = person.pays("MED EE", "100.00"));
        company.night(FEBRUARY_NIGHT, JANUARY).nothing();
        company.night(MARCH_NIGHT, FEBRUARY).nothing();
        company.all(|person| _ = person.covers(&at(110.0, "2026-04-01", "2025-12-10")));
        company.person("1001").pays("MED EE", march);
        let told: &[&str] = if march == "100.00" { &[] } else { &["* 1001 _Medical 10.00"] };
        company.night(APRIL_NIGHT, MARCH).only(told);
        company.night("2026-04-03", MARCH).only(told);
        company.all(|person| _ = person.pays("MED EE", "110.00"));
        company.night(MAY_NIGHT, APRIL).only(told);
    }
}
