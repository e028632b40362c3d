//! Cover whose first day is put off to a later one, at the same price, after a month of it was found missing.

use crate::situations::company::{
    APRIL, APRIL_NIGHT, Company, Cover, FEBRUARY, JUNE_NIGHT, MARCH, MARCH_NIGHT, MAY, MAY_NIGHT,
};
use crate::support::rows;

/// 1001 has cover from February, and payroll took nothing.
fn missed_from_february() -> Company {
    let mut company = Company::without_cover_in_january();
    company.person("1001").covers(&[("_Medical", Cover::yearly(1200.0, 0.0).from("2026-02-01"))]);
    company.night(MARCH_NIGHT, FEBRUARY).only(&["EN01 1001 _Medical 100.00"]);
    company
}

fn put_off_to_march(company: &mut Company, changed: &'static str) {
    let later = Cover::yearly(1200.0, 0.0).from("2026-03-01").changed(changed);
    company.person("1001").covers(&[("_Medical", later)]).pays("MED EE", "100.00");
}

#[test]
fn what_is_owed_no_more_because_cover_begins_later_is_cleared_as_that() {
    let mut company = missed_from_february();
    put_off_to_march(&mut company, "2026-03-05");
    company.night(APRIL_NIGHT, MARCH).nothing();
    let cleared = rows(&company.site().path("reports/situation/2026-04-02/cleared.csv"));
    let told: Vec<_> = cleared.iter().map(|row| (&*row["code"], &*row["ending"], &*row["amount"])).collect();
    assert_eq!(told, [("EN01", "cover begins later", "100.00")]);
}

#[test]
fn a_finding_that_goes_on_says_what_is_owed_no_more_because_cover_begins_later() {
    let mut company = missed_from_february();
    company.night(APRIL_NIGHT, MARCH).only(&["EN01 1001 _Medical 200.00"]);
    put_off_to_march(&mut company, "2026-04-05");
    let o = company.night(MAY_NIGHT, APRIL);
    o.only(&["EN01 1001 _Medical 100.00"]);
    let sentence = &o.findings[0]["sentence"];
    assert!(
        sentence.contains("100.00 USD of the employee is owed no more, for cover begins on 2026-03-01"),
        "{sentence}"
    );
    company.person("1001").pays("MED EE", "200.00");
    company.night(JUNE_NIGHT, MAY).nothing();
}
