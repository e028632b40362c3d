//! How often people are paid: words for it, sources that contradict each other on it, and a company that changes it.

use serde_json::json;

use crate::situations::company::{
    APRIL, APRIL_NIGHT, BIWEEKLY, Company, Cover, FEBRUARY, FEBRUARY_NIGHT, JANUARY, MARCH, MARCH_NIGHT, MAY_NIGHT,
    MONTHLY, Outcome, Pays, Period, Person,
};

const PAY_PERIODS: &str = "/employment/salaryDetails/payPeriods";

/// March of a monthly company in which 1001 is paid so often by payroll's word and by Benifex's pay periods.
fn march(word: &str, pay_periods: u32, taken: &str) -> Outcome {
    let mut company = Company::new(MONTHLY);
    company.person("1001").pays("Pay Frequency", word).pays("MED EE", taken).user(PAY_PERIODS, json!(pay_periods));
    company.night(APRIL_NIGHT, MARCH)
}

fn is_about_frequency(o: &Outcome) {
    assert!(o.findings.iter().all(|f| f["field"] == "pay_frequency" && f["benefit"].is_empty()), "{}", o.told());
    o.finding("CO03 1001 - -");
    o.unverified("1001", "_Medical");
    o.nothing_queued();
}

#[test]
fn words_of_frequencies_that_no_service_has_are_no_finding() {
    let quarter: Period = ["2026-01-01", "2026-03-31", "2026-03-31"];
    let weeks: Period = ["2026-03-01", "2026-03-28", "2026-03-27"];
    for (word, a_year, taken, period) in
        [("Four-Weekly", 13, "92.31", weeks), ("lunar", 13, "92.31", weeks), ("Quarterly", 4, "300.00", quarter)]
    {
        let mut company = Company::new(Pays { word, a_year });
        company.all(|p| _ = p.pays("MED EE", taken).benbase("/pay_frequency", json!("monthly")));
        let o = company.night(APRIL_NIGHT, period);
        o.nothing();
        assert!(o.unverified.is_empty(), "{}", o.told());
    }
}

#[test]
fn words_that_mean_nothing_are_one_finding_for_all() {
    let mut company = Company::new(MONTHLY);
    company.all(|p| _ = p.pays("Pay Frequency", "whenever"));
    let o = company.night(APRIL_NIGHT, MARCH);
    o.only(&["CT11 - - -"]);
    assert!(o.finding("CT11 - - -")["sentence"].contains("pay frequency of 5 employees"), "{}", o.told());
}

#[test]
fn a_frequency_in_dispute_is_told_and_no_amount() {
    // Weekly by payroll's word, monthly by Benifex and the period; and the other way round.
    for taken in ["100.00", "23.08"] {
        is_about_frequency(&march("weekly", 12, taken));
    }
    is_about_frequency(&march("monthly", 52, "100.00"));
    is_about_frequency(&march("monthly", 13, "100.00"));
    // Weekly by both, and the period is a month as everybody else's.
    is_about_frequency(&march("weekly", 52, "100.00"));
}

#[test]
fn an_amount_that_is_right_by_both_is_right() {
    march("monthly", 26, "46.15").only(&["CO03 1001 - -"]);
}

#[test]
fn a_wrong_divisor_is_told_where_the_sources_agree_on_the_frequency() {
    let o = march("monthly", 12, "46.15");
    o.only(&["AM01 1001 _Medical 53.85"]);
    assert!(o.finding("AM01 1001 _Medical 53.85")["sentence"].contains("as 26 deductions a year"), "{}", o.told());
}

#[test]
fn more_deductions_a_year_than_pays_accuse_nobody() {
    let mut company = Company::new(MONTHLY);
    company.job("[deductions]\nper_year = [{ pay_group = \"G1\", deductions = 26 }]");
    let o = company.night(APRIL_NIGHT, MARCH);
    o.nothing();
    o.unverified("1001", "_Medical");
}

/// Until 15 March a company pays by the fortnight, from then on by the month.
fn by_the_month(person: &mut Person) {
    person.pays("Pay Frequency", "monthly").user(PAY_PERIODS, json!(12)).benbase("/pay_frequency", json!("monthly"));
}

#[test]
fn the_month_in_which_a_company_goes_from_fortnights_to_months_accuses_nobody() {
    let stub: Period = ["2026-03-16", "2026-03-31", "2026-03-31"];
    // What two fortnights left of the month, nothing, all of it; in a month, or in what is left of it.
    for (taken, period) in [("7.70", MARCH), ("", MARCH), ("100.00", MARCH), ("53.85", stub)] {
        let mut company = Company::new(BIWEEKLY);
        company.all(|p| _ = p.pays("MED EE", "46.15"));
        company.night("2026-03-07", ["2026-02-16", "2026-03-01", "2026-03-06"]).nothing();
        company.night("2026-03-21", ["2026-03-02", "2026-03-15", "2026-03-20"]).nothing();
        company.all(|p| {
            by_the_month(p);
            p.pays("MED EE", taken);
        });
        company.night(APRIL_NIGHT, period).nothing();
        company.all(|p| _ = p.pays("MED EE", "100.00"));
        company.person("1001").pays("MED EE", "90.00");
        company.night(MAY_NIGHT, APRIL).only(&["AM01 1001 _Medical 10.00"]);
    }
}

/// First two pay periods of April, the nights after them, and the amount of 1,200 a year.
type FromApril = (Pays, [Period; 2], [&'static str; 2], &'static str);

const FORTNIGHTS: FromApril = (
    BIWEEKLY,
    [["2026-04-01", "2026-04-14", "2026-04-17"], ["2026-04-15", "2026-04-28", "2026-05-01"]],
    ["2026-04-19", "2026-05-03"],
    "46.15",
);

const HALF_MONTHS: FromApril = (
    Pays { word: "semimonthly", a_year: 24 },
    [["2026-04-01", "2026-04-15", "2026-04-15"], ["2026-04-16", "2026-04-30", "2026-04-30"]],
    ["2026-04-17", "2026-05-02"],
    "50.00",
);

/// A company that paid by the month until March, and what became of 1001 in the three months before.
fn paid_by_the_month(of_1001: impl FnOnce(&mut Person)) -> Company {
    let mut company = Company::new(MONTHLY);
    of_1001(company.person("1001"));
    for (night, period) in [(FEBRUARY_NIGHT, JANUARY), (MARCH_NIGHT, FEBRUARY), (APRIL_NIGHT, MARCH)] {
        company.night(night, period).nothing();
    }
    company
}

fn pay_as(company: &mut Company, (pays, .., amount): FromApril) {
    company.all(|p| {
        p.pays("Pay Frequency", pays.word).pays("MED EE", amount).user(PAY_PERIODS, json!(pays.a_year));
        p.benbase("/pay_frequency", json!(pays.word));
    });
}

#[test]
fn months_before_a_change_of_frequency_owe_a_months_amount_of_cover_that_was_elected_late() {
    for (change, caught_up) in [(FORTNIGHTS, "246.15"), (HALF_MONTHS, "250.00")] {
        let (_, periods, nights, _) = change;
        let mut company = paid_by_the_month(|p| _ = p.covers(&[]).pays("MED EE", ""));
        pay_as(&mut company, change);
        let late = Cover::yearly(1_200.0, 0.0).from("2026-02-01").changed("2026-04-02");
        company.person("1001").covers(&[("_Medical", late)]);
        // February and March, 100 each.
        company.night(nights[0], periods[0]).only(&["TM01 1001 _Medical 200.00"]);
        company.person("1001").pays("MED EE", caught_up);
        company.night(nights[1], periods[1]).nothing();
    }
}

#[test]
fn a_month_before_a_change_of_frequency_owes_the_rest_of_a_price_that_rose_late() {
    for (change, new, caught_up) in [(FORTNIGHTS, "55.38", "75.38"), (HALF_MONTHS, "60.00", "80.00")] {
        let (_, periods, nights, _) = change;
        let mut company = paid_by_the_month(|_| ());
        pay_as(&mut company, change);
        let risen = Cover::yearly(1_440.0, 0.0).from("2026-03-01").changed("2026-04-02");
        company.person("1001").covers(&[("_Medical", risen)]).pays("MED EE", new);
        company.night(nights[0], periods[0]).only(&["AM01 1001 _Medical 20.00"]);
        company.person("1001").pays("MED EE", caught_up);
        company.night(nights[1], periods[1]).nothing();
    }
}
