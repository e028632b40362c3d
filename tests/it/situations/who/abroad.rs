//! Payrolls outside the United States, and of several countries in one file.

use serde_json::json;

use crate::situations::company::{
    APRIL, APRIL_NIGHT, Company, Cover, FEBRUARY, FEBRUARY_NIGHT, JANUARY, MARCH, MARCH_NIGHT, MAY_NIGHT, MONTHLY,
    Outcome, Period, Person,
};

const POUNDS: &str = "[payroll]\ncurrency_by_pay_group = { UK = \"GBP\", DE = \"EUR\" }\n\
                      [benifex]\nsalary_currency_by_country = { US = \"USD\", GB = \"GBP\", DE = \"EUR\" }";

/// Lives and is paid abroad from tonight on.
fn abroad(person: &mut Person, group: &'static str, country: &'static str, currency: &'static str) {
    person.pays("Pay Group", group).user("/employment/salaryDetails/payGroup", json!(group));
    person.pays("Country", country).user("/employment/countryOfWork", json!(country)).currency(currency);
    person
        .user("/address/country", json!(country))
        .pays("State", "")
        .pays("ZIP", "")
        .user("/address/postcodeZipCode", json!(""));
}

#[test]
fn who_moves_abroad_leaves_one_currency_and_begins_in_another() {
    let mut company = Company::new(MONTHLY);
    company.job(POUNDS);
    company.night(FEBRUARY_NIGHT, JANUARY).nothing();
    company.person("1001").pays("MED EE", "");
    company.person("1001").pays("MED ER", "");
    company.night(MARCH_NIGHT, FEBRUARY).only(&["EN01 1001 _Medical 100.00"]);
    abroad(company.person("1001"), "UK", "GB", "GBP");
    let cover = Cover::yearly(960.0, 0.0).from("2026-03-01").changed("2026-02-10");
    company.person("1001").covers(&[("_Medical", cover)]).pays("MED EE", "80.00");
    // The dollars of February are still out; the pounds of March are right.
    company.night(APRIL_NIGHT, MARCH).only(&["* 1001 _Medical 100.00"]);
    company.night(MAY_NIGHT, APRIL).only(&["* 1001 _Medical 100.00"]);
}

#[test]
fn who_moves_abroad_with_nothing_owed_leaves_nothing() {
    let mut company = Company::new(MONTHLY);
    company.job(POUNDS);
    company.night(FEBRUARY_NIGHT, JANUARY).nothing();
    company.night(MARCH_NIGHT, FEBRUARY).nothing();
    abroad(company.person("1001"), "DE", "DE", "EUR");
    let cover = Cover::yearly(960.0, 0.0).from("2026-03-01").changed("2026-02-10");
    company.person("1001").covers(&[("_Medical", cover)]).pays("MED EE", "80.00");
    let o = company.night(APRIL_NIGHT, MARCH);
    assert!(!o.accuses("1001"), "{}", o.told());
    o.nothing_queued();
}

#[test]
fn amounts_of_a_tax_month_are_those_of_a_month() {
    // 6 March to 5 April, paid on 31 March. Cover from 1 April has five days in it; who left on 31 March has all but
    // five.
    const TAX_MONTH: Period = ["2026-03-06", "2026-04-05", "2026-03-31"];
    for taken in ["", "100.00", "16.13"] {
        let mut company = Company::new(MONTHLY);
        company.night("2026-03-04", ["2026-02-06", "2026-03-05", "2026-02-27"]).nothing();
        let joiner = company.hire("1005");
        joiner.covers(&[("_Medical", Cover::yearly(1200.0, 0.0).from("2026-04-01").changed("2026-03-20"))]);
        joiner
            .user("/employment/startDate", json!("2026-03-16"))
            .user("/employment/originalStartDate", json!("2026-03-16"));
        joiner.pays("Hire Date", "2026-03-16").pays("MED EE", taken).pays("MED ER", "");
        let o = company.night("2026-04-07", TAX_MONTH);
        assert!(o.findings.is_empty(), "{taken} {}", o.told());
    }
    for taken in ["100.00", "83.87", ""] {
        let mut company = Company::new(MONTHLY);
        company.night("2026-03-04", ["2026-02-06", "2026-03-05", "2026-02-27"]).nothing();
        let p = company.person("1001");
        p.user("/employment/leaveDate", json!("2026-03-31")).pays("Leave Date", "2026-03-31").pays("MED EE", taken);
        p.pays("MED ER", "");
        let o = company.night("2026-04-07", TAX_MONTH);
        assert!(o.findings.is_empty(), "{taken} {}", o.told());
    }
}

#[test]
fn a_period_from_the_26th_to_the_25th_is_a_month() {
    let mut company = Company::new(MONTHLY);
    company.night("2026-02-27", ["2026-01-26", "2026-02-25", "2026-02-27"]).nothing();
    company.person("1001").pays("MED EE", "");
    company.person("1001").pays("MED ER", "");
    company.night("2026-03-28", ["2026-02-26", "2026-03-25", "2026-03-27"]).only(&["EN01 1001 _Medical 100.00"]);
    company.person("1001").pays("MED EE", "200.00");
    company.night("2026-04-28", ["2026-03-26", "2026-04-25", "2026-04-27"]).nothing();
}

#[test]
fn a_german_file_is_read_and_agrees() {
    let mut company = Company::new(MONTHLY);
    company.job("[payroll]\ndates = \"dd.MM.yyyy\"\ndecimal_mark = \",\"\nthousands_mark = \".\"");
    company.all(|p| {
        p.pays("MED EE", "100,00").pays("MED ER", "0,00").pays("Salary", "60.000,00");
        p.pays("Period Start", "01.03.2026").pays("Period End", "31.03.2026").pays("Pay Date", "31.03.2026");
        p.pays("Hire Date", "06.01.2020").pays("Salary Effective", "01.01.2025");
    });
    for (id, born) in [("1000", "03.02.1970"), ("1001", "03.02.1971"), ("1002", "03.02.1972"), ("1003", "03.02.1973")] {
        company.person(id).pays("Birth Date", born);
    }
    company.person("1004").pays("Birth Date", "03.02.1974");
    company.night(APRIL_NIGHT, MARCH).nothing();
}

#[test]
fn christmas_and_holiday_pay_change_no_deduction_and_no_percentage() {
    let mut company = Company::new(MONTHLY);
    company.job("[[schemes]]\nbenefit = \"_Medical\"\npercent_of_pay = true\n[payroll.columns]\ngross_pay = \"Gross\"");
    company.all(|p| {
        p.covers(&[("_Medical", Cover::yearly(3000.0, 0.0))]).pays("Gross", "5000.00").pays("MED EE", "250.00");
    });
    company.night(MARCH_NIGHT, FEBRUARY).nothing();
    // 8 % holiday pay: the percentage is of the month's pay, or of all.
    company.all(|p| _ = p.pays("Gross", "9800.00"));
    company.person("1001").pays("MED EE", "490.00");
    company.night(APRIL_NIGHT, MARCH).nothing();
}

#[test]
fn prefixes_of_a_surname_may_stand_with_either_name() {
    let mut wrong = Vec::new();
    for (pf, pl, bf, bl) in [
        ("Jan van den", "Berg", "Jan", "van den Berg"),
        ("Jan", "Berg, van den", "Jan", "van den Berg"),
        ("Jan", "Berg", "Jan", "van den Berg"),
        ("Anna", "Jansen-de Vries", "Anna", "de Vries"),
        ("Anna", "de Vries-Jansen", "Anna", "Jansen"),
        ("Hans", "von Thun", "Hans", "Thun"),
        ("Maria", "Garcia Lopez", "Maria", "García"),
        ("Hans-Peter", "Groß", "Hans Peter", "Gross"),
        ("Siobhan", "Ni Bhriain", "Siobhán", "Ní Bhriain"),
        ("Ben", "Larsen geb. Marsh", "Ben", "Larsen"),
        ("Ben", "Larsen née Marsh", "Ben", "Larsen"),
        ("Prof. Dr. Ben", "Larsen", "Ben", "Larsen"),
        ("Ben", "Larsen PhD", "Ben", "Larsen"),
        ("Ben", "Larsen, CPA", "Ben", "Larsen"),
    ] {
        let mut company = Company::new(MONTHLY);
        let p = company.person("1001");
        p.pays("First Name", pf).pays("Last Name", pl).user("/forename", json!(bf)).user("/surname", json!(bl));
        let o = company.night(APRIL_NIGHT, MARCH);
        if !o.findings.is_empty() {
            wrong.push(format!("{pf} {pl} / {bf} {bl}"));
        }
    }
    assert!(wrong.is_empty(), "{wrong:#?}");
}

#[test]
fn a_marriage_is_told_and_stops_nothing() {
    let mut company = Company::new(MONTHLY);
    company
        .person("1001")
        .pays("Last Name", "Featherstone")
        .pays("Salary", "63000.00")
        .pays("Salary Effective", "2026-03-16");
    let o = company.night(APRIL_NIGHT, MARCH);
    o.finding("DE04 1001 - -");
    o.queued("1001 base_salary 63000.00 annually 2026-03-16");
    assert!(!o.accuses("1001"), "{}", o.told());
}

#[test]
fn addresses_that_benbase_cannot_hold_are_never_pushed() {
    for (city, state, zip) in [("San Juan", "PR", "00901"), ("APO", "AE", "09021"), ("Hagatna", "GU", "96910")] {
        let mut company = Company::new(MONTHLY);
        company.person("1001").pays("City", city).pays("State", state).pays("ZIP", zip);
        company.person("1001").user("/address/postcodeZipCode", json!(zip));
        let o = company.night(APRIL_NIGHT, MARCH);
        o.nothing_queued();
        assert!(!o.accuses("1001"), "{}", o.told());
    }
}

#[test]
fn a_mailing_address_in_line_2_is_no_other_home() {
    let mut company = Company::new(MONTHLY);
    company.person("1001").pays("Address 2", "PO Box 77");
    company.person("1001").benbase(
        "/address",
        json!({"line1": "101 Maple Street", "line2": "P.O. Box 77", "city": "Reno",
        "state": "NV", "zip_code": "89501"}),
    );
    company.night(APRIL_NIGHT, MARCH).nothing();
}

#[test]
fn who_went_from_years_to_hours_is_told_and_queued() {
    let mut company = Company::new(MONTHLY);
    // 60,000.00 a year is 28.846… an hour.
    company.person("1001").pays("Salary", "28.85").pays("Rate Basis", "hourly").pays("Salary Effective", "2026-03-16");
    let o = company.night(APRIL_NIGHT, MARCH);
    assert!(o.findings.iter().all(|f| f["code"] == "CO07"), "{}", o.told());
    o.queued("1001 base_salary 28.85 hourly 2026-03-16");
}

#[test]
fn who_went_to_part_time_is_told_and_queued_once() {
    let mut company = Company::new(MONTHLY);
    company.job("[guards]\nsalary_change_max = \"60 %\"");
    let p = company.person("1001");
    p.pays("Salary", "30000.00").pays("Salary Effective", "2026-03-16").pays("Status", "part_time");
    p.user("/employment/salaryDetails/salary", json!(30000.0));
    p.user("/employment/salaryDetails/salaryEffectiveDate", json!("2026-03-16"));
    p.user("/employment/workingHours/contractedHours", json!(20));
    p.user("/employment/workingHours/fullTimeEquivalentFraction", json!(0.5));
    let o = company.night(APRIL_NIGHT, MARCH);
    assert!(o.findings.iter().all(|f| f["code"] == "CO07"), "{}", o.told());
    o.queued("1001 base_salary 30000.00 annually 2026-03-16");
    assert!(!o.accuses("1001"), "{}", o.told());
}

#[test]
fn a_second_raise_takes_the_place_of_the_first() {
    let mut company = Company::new(MONTHLY);
    company.person("1001").pays("Salary", "63000.00").pays("Salary Effective", "2026-03-02");
    company.night(APRIL_NIGHT, MARCH).queued("1001 base_salary 63000.00 annually 2026-03-02");
    company.person("1001").pays("Salary", "66000.00").pays("Salary Effective", "2026-04-01");
    let o = company.night(MAY_NIGHT, APRIL);
    assert_eq!(proposed(&o), 1, "{}", o.told());
    let superseding = |row: &std::collections::BTreeMap<String, String>| {
        row["to"] == "66000.00 annually" && row["queue"].starts_with("supersede")
    };
    assert!(o.corrections.iter().any(superseding), "{}", o.told());
}

#[test]
fn a_raise_that_was_taken_back_leaves_nothing_to_approve() {
    let mut company = Company::new(MONTHLY);
    company.person("1001").pays("Salary", "63000.00").pays("Salary Effective", "2026-03-02");
    company.night(APRIL_NIGHT, MARCH).queued("1001 base_salary 63000.00 annually 2026-03-02");
    company.person("1001").pays("Salary", "60000.00").pays("Salary Effective", "2025-01-01");
    let o = company.night("2026-04-03", MARCH);
    assert!(o.findings.is_empty(), "{}", o.told());
    assert_eq!(proposed(&o), 0, "{}", o.told());
}

/// Items that an approver can still approve.
fn proposed(o: &Outcome) -> usize {
    o.queue.iter().filter(|item| item["state"] == "proposed").count()
}

#[test]
fn a_record_in_another_currency_owes_nothing_for_months_that_were_paid_in_the_old_one() {
    let mut company = Company::new(MONTHLY);
    company.job(POUNDS);
    company.night(FEBRUARY_NIGHT, JANUARY).nothing();
    company.person("1001").pays("MED EE", "80.00");
    company.night(MARCH_NIGHT, FEBRUARY).only(&["AM01 1001 _Medical 20.00"]);
    // The record is that of 1 January still, in pounds.
    abroad(company.person("1001").pays("MED EE", "100.00"), "UK", "GB", "GBP");
    company.night(APRIL_NIGHT, MARCH).only(&["* 1001 _Medical 20.00"]);
}
