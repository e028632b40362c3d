//! Records that say that cover ended, and changed on the last day of a period or after it: all of the period had cover.

use crate::situations::company::{
    APRIL_NIGHT, Company, Cover, FEBRUARY, FEBRUARY_NIGHT, JANUARY, MARCH, MARCH_NIGHT, MONTHLY, Outcome,
};

/// The night on February, whose cut-off lies so many days after its end; 1001's cover ended on this day.
fn ended(cutoff_days: i32, changed: &'static str, taken: &str) -> (Company, Outcome) {
    let mut company = Company::new(MONTHLY);
    company.job(&format!("[payroll.period]\ncutoff_days = {cutoff_days}"));
    company.night(FEBRUARY_NIGHT, JANUARY).nothing();
    let over = Cover::yearly(1200.0, 0.0).changed(changed).status("ENDED");
    company.person("1001").covers(&[("_Medical", over)]).pays("MED EE", taken);
    let o = company.night(MARCH_NIGHT, FEBRUARY);
    (company, o)
}

#[test]
fn a_whole_deduction_is_right() {
    for (cutoff_days, days) in [(0, &["2026-02-28"][..]), (2, &["2026-02-28", "2026-03-01", "2026-03-02"])] {
        for changed in days.iter().copied() {
            let (mut company, o) = ended(cutoff_days, changed, "100.00");
            o.nothing();
            assert!(o.unverified.is_empty(), "{cutoff_days} {changed} {}", o.told());
            company.person("1001").pays("MED EE", "");
            company.night(APRIL_NIGHT, MARCH).nothing();
        }
    }
}

#[test]
fn after_the_cut_off_it_is_a_late_change_and_nothing_is_owed() {
    for changed in ["2026-02-28", "2026-03-01"] {
        let (mut company, o) = ended(-5, changed, "100.00");
        o.only(&["TM07 1001 _Medical -100.00"]);
        company.person("1001").pays("MED EE", "");
        company.night(APRIL_NIGHT, MARCH).nothing();
    }
}

#[test]
fn another_amount_may_be_of_days_that_nobody_states() {
    for changed in ["2026-02-28", "2026-03-01"] {
        let (_, o) = ended(2, changed, "60.00");
        o.nothing();
        o.unverified("1001", "_Medical");
    }
}

#[test]
fn what_is_taken_in_the_next_month_is_for_nothing() {
    let (mut company, _) = ended(0, "2026-02-28", "100.00");
    company.night(APRIL_NIGHT, MARCH).only(&["EN02 1001 _Medical -100.00"]);
}

#[test]
fn on_the_first_night_the_record_tells_the_price() {
    let mut company = Company::new(MONTHLY);
    company.job("[payroll.period]\ncutoff_days = 0");
    let over = Cover::yearly(1200.0, 0.0).changed("2026-02-28").status("ENDED");
    company.person("1001").covers(&[("_Medical", over)]);
    let o = company.night(MARCH_NIGHT, FEBRUARY);
    o.nothing();
    assert!(o.unverified.is_empty(), "{}", o.told());
}
