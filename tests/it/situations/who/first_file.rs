//! Somebody's first file takes something for a benefit that Benifex does not show: nobody knows on that night whether
//! it ever did, and no later night forgets it.

use crate::situations::company::{
    APRIL, APRIL_NIGHT, Company, Cover, FEBRUARY, FEBRUARY_NIGHT, JANUARY, MARCH, MARCH_NIGHT, MAY_NIGHT, MONTHLY,
};

const TWO: &str = "[payroll]\nwide = [{ code = \"MED\", employee = \"MED EE\", employer = \"MED ER\" }, \
                   { code = \"DEN\", employee = \"DEN EE\" }]\n\
                   [deductions]\ncodes = { MED = \"_Medical\", DEN = \"_Dental\" }";

/// 1005 to 1007 are in February's file for the first time, which takes 20.00 of each for dental cover that Benifex does
/// not show; 1006 was hired long ago.
fn with_newcomers() -> Company {
    let mut company = Company::new(MONTHLY);
    company.job(TWO);
    company.all(|person| _ = person.pays("DEN EE", ""));
    company.night(FEBRUARY_NIGHT, JANUARY).nothing();
    let medical = Cover::yearly(1200.0, 0.0).from("2026-02-01");
    for id in ["1005", "1007"] {
        company.hire(id).joins("2026-02-01").covers(&[("_Medical", medical.clone())]);
    }
    company.hire("1006");
    for id in ["1005", "1006", "1007"] {
        company.person(id).pays("DEN EE", "20.00");
    }
    let night = company.night(MARCH_NIGHT, FEBRUARY);
    night.nothing();
    for id in ["1005", "1006", "1007"] {
        night.unverified(id, "_Dental");
    }
    company
}

#[test]
fn what_a_joiners_first_file_took_without_cover_stays_until_it_is_given_back_or_cover_shows() {
    let mut company = with_newcomers();
    company.all(|person| _ = person.pays("DEN EE", ""));
    let night = company.night(APRIL_NIGHT, MARCH);
    night.only(&["EN02 1005 _Dental -20.00", "EN02 1007 _Dental -20.00"]);
    // Before they came another payroll may have had a reason.
    night.unverified("1006", "_Dental");
    company.person("1005").pays("DEN EE", "-20.00");
    let covers = [
        ("_Medical", Cover::yearly(1200.0, 0.0).from("2026-02-01")),
        ("_Dental", Cover::yearly(240.0, 0.0).from("2026-02-01").changed("2026-04-10")),
    ];
    company.person("1007").covers(&covers).pays("DEN EE", "40.00");
    company.night(MAY_NIGHT, APRIL).nothing();
}

#[test]
fn a_deduction_without_cover_that_goes_on_counts_from_the_first_file_and_was_never_due() {
    let mut company = with_newcomers();
    let night = company.night(APRIL_NIGHT, MARCH);
    night.only(&["EN02 1005 _Dental -40.00", "EN02 1006 _Dental -20.00", "EN02 1007 _Dental -40.00"]);
    for finding in &night.findings {
        assert!(!finding["sentence"].contains("It was due"), "{}", night.told());
    }
}
