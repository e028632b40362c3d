//! Guards of corrections stop the queue, and nothing else of the night.

use super::company::{APRIL_NIGHT, Company, FEBRUARY, FEBRUARY_NIGHT, JANUARY, MARCH, MARCH_NIGHT, MONTHLY, Period};
use crate::support::{exceptions, rows, shown};

const GUARDED: i32 = 8;

/// 1001 is promoted as of 1 February, by a quarter; payroll and Benifex say so, Benbase does not know it yet.
fn promoted() -> Company {
    let mut company = Company::new(MONTHLY);
    company.job("[guards]\nsalary_change_max = \"20 %\"");
    company.night(FEBRUARY_NIGHT, JANUARY).nothing();
    let ann = company.person("1001");
    ann.pays("Salary", "75000.00").pays("Salary Effective", "2026-02-01");
    ann.user("/employment/salaryDetails/salary", 75000.0.into());
    ann.user("/employment/salaryDetails/pensionableSalary", 75000.0.into());
    ann.user("/employment/salaryDetails/salaryEffectiveDate", "2026-02-01".into());
    company
}

/// Codes, employees and amounts of a night that a guard stopped.
#[track_caller]
fn stopped(company: &mut Company, as_of: &str, period: Period) -> Vec<String> {
    let output = company.attempt(as_of, period);
    assert_eq!(output.status.code(), Some(GUARDED), "{}", shown(&output));
    let pack = company.site().path(&format!("reports/situation/{as_of}"));
    assert!(rows(&pack.join("corrections.csv")).iter().all(|row| row["queue"] == "stopped by a guard"));
    exceptions(&pack)
        .iter()
        .map(|f| format!("{} {} {} {}", f["code"], f["employee_id"], f["exposure_to_date"], f["nights_open"]))
        .collect()
}

#[test]
fn a_promotion_beyond_the_guard_keeps_no_night_from_history_and_ledger() {
    let mut company = promoted();
    company.person("1002").pays("MED EE", "80.00");
    assert_eq!(stopped(&mut company, MARCH_NIGHT, FEBRUARY), ["AM01 1002 20.00 1", "CO07 1001  1"]);
    // What 1002 owes of February is taken with March's.
    company.person("1002").pays("MED EE", "120.00");
    assert_eq!(stopped(&mut company, APRIL_NIGHT, MARCH), ["CO07 1001  2"]);
    let statement = company.site().expect(0, &["ledger", "job.toml", "1002", "--json"]);
    assert!(statement.contains("caught up"), "{statement}");
    assert_eq!(company.site().expect(0, &["queue", "list", "job.toml", "--json"]).trim(), "[]");
}
