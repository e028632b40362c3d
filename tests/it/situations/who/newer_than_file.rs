//! What Benifex says of people without a day from which it holds, and that changed after payroll's cut-off: the file
//! cannot have it yet.

use serde_json::json;

use crate::situations::company::{
    APRIL, APRIL_NIGHT, Company, FEBRUARY, FEBRUARY_NIGHT, JANUARY, MARCH, MARCH_NIGHT, MAY_NIGHT, MONTHLY,
};

/// After January, whose night saw Benifex agree with payroll.
fn changed_since() -> Company {
    let mut company = Company::new(MONTHLY);
    company.night(FEBRUARY_NIGHT, JANUARY).nothing();
    company.night(MARCH_NIGHT, FEBRUARY).nothing();
    company.person("1001").user("/forename", json!("Imelda")).user("/surname", json!("Whittaker"));
    company.person("1002").user("/address/postcodeZipCode", json!("10001"));
    company.person("1003").user("/employment/salaryDetails/payPeriods", json!(26));
    company
}

#[test]
fn accuses_nobody_until_the_next_file_and_is_told_where_that_has_the_old_one_still() {
    let mut company = changed_since();
    for night in ["2026-03-12", "2026-03-13"] {
        let o = company.night(night, FEBRUARY);
        o.nothing();
        assert!(o.unverified.is_empty(), "{}", o.told());
    }
    let o = company.night(APRIL_NIGHT, MARCH);
    o.only(&["DE04 1001 - -", "DE01 1002 - -", "CO03 1003 - -"]);
    company.night(MAY_NIGHT, APRIL).only(&["DE04 1001 - -", "DE01 1002 - -", "CO03 1003 - -"]);
}

#[test]
fn a_change_that_payroll_followed_is_right_on_the_next_file() {
    let mut company = changed_since();
    company.night("2026-03-12", FEBRUARY).nothing();
    company.person("1001").pays("First Name", "Imelda").pays("Last Name", "Whittaker");
    company.person("1002").user("/address/postcodeZipCode", json!("89501"));
    company.person("1003").user("/employment/salaryDetails/payPeriods", json!(12));
    company.night(APRIL_NIGHT, MARCH).nothing();
}
