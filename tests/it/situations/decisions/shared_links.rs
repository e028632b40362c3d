//! One Benbase id that the crosswalk gives to two employees: what follows for one would be done to the other.

use crate::situations::company::{
    APRIL, APRIL_NIGHT, Company, FEBRUARY, FEBRUARY_NIGHT, JANUARY, MARCH, MARCH_NIGHT, MAY_NIGHT, MONTHLY,
};
use crate::situations::decisions::queue::{TERMINATIONS, in_benifex, leaves, on_payroll};

const SHARED: [&str; 2] = ["ID04 1001 - -", "ID04 1002 - -"];

/// The crosswalk gives 1002 the Benbase id of 1001, from the first night on.
fn one_id_of_two() -> Company {
    let mut company = Company::new(MONTHLY);
    company.job(TERMINATIONS);
    company.person("1002").linked_to("bb_1001");
    let outcome = company.night(FEBRUARY_NIGHT, JANUARY);
    outcome.only(&SHARED);
    outcome.nothing_queued();
    company
}

#[test]
fn a_raise_of_one_of_two_employees_with_one_benbase_id_is_proposed_once_each_has_an_id() {
    let mut company = one_id_of_two();
    let person = company.person("1002");
    on_payroll(person, "66000.00", "2026-02-16");
    in_benifex(person, 66_000.0, "2026-02-16");
    for (night, period) in [(MARCH_NIGHT, FEBRUARY), (APRIL_NIGHT, MARCH)] {
        let outcome = company.night(night, period);
        outcome.only(&SHARED);
        outcome.nothing_queued();
    }
    company.person("1002").linked_to("bb_1002").checked_on("2026-05-01");
    let outcome = company.night(MAY_NIGHT, APRIL);
    outcome.only(&["CO07 1002 - any"]);
    outcome.queued("1002 base_salary 66000.00 annually 2026-02-16");
}

#[test]
fn a_leaver_whose_benbase_id_is_a_colleagues_ends_nobodys_employment() {
    let mut company = one_id_of_two();
    leaves(company.person("1002"), Some("2026-02-20"));
    let outcome = company.night(MARCH_NIGHT, FEBRUARY);
    outcome.finding(SHARED[0]);
    outcome.nothing_queued();
    // Whoever is gone claims no id.
    company.person("1002").on_payroll(false).covers(&[]);
    let outcome = company.night(APRIL_NIGHT, MARCH);
    outcome.only(&[]);
    outcome.nothing_queued();
}
