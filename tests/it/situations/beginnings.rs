//! How situations begin, and what happens in many of them.

use serde_json::json;

use super::company::{Company, Cover, FEBRUARY, FEBRUARY_NIGHT, JANUARY, MARCH_NIGHT, MONTHLY, Outcome, Pays, Person};

impl Company {
    /// Everybody pays 1,200.00 a year in so many deductions, of which payroll took `deduction` from each.
    pub fn deducting(pays: Pays, deductions: u32, deduction: &str) -> Company {
        let mut company = Company::new(pays);
        company.job(&format!("[deductions]\nper_year = [{{ pay_group = \"G1\", deductions = {deductions} }}]"));
        company.all(|person| {
            person.covers(&[("_Medical", Cover::yearly(1200.0, 0.0).from("2025-04-01"))]);
            person.pays("MED EE", deduction).pays("MED ER", "");
        });
        company
    }

    /// Payroll of January was right.
    pub fn after_january() -> Company {
        let mut company = Company::new(MONTHLY);
        company.night(FEBRUARY_NIGHT, JANUARY).nothing();
        company
    }

    /// January and February were right.
    pub fn until_february() -> Company {
        let mut company = Company::after_january();
        company.night(MARCH_NIGHT, FEBRUARY).nothing();
        company
    }

    /// January was right, and February's deduction of 1001 was missed.
    pub fn missed_february() -> Company {
        let mut company = Company::after_january();
        company.person("1001").pays("MED EE", "").pays("MED ER", "");
        company.night(MARCH_NIGHT, FEBRUARY).only(&["EN01 1001 _Medical 100.00"]);
        company
    }

    /// In January 1001 had no cover, and no deduction.
    pub fn without_cover_in_january() -> Company {
        let mut company = Company::new(MONTHLY);
        company.person("1001").covers(&[]).pays("MED EE", "").pays("MED ER", "");
        company.night(FEBRUARY_NIGHT, JANUARY).nothing();
        company
    }

    /// In January and February 1001 had no cover, and no deduction.
    pub fn without_cover() -> Company {
        let mut company = Company::without_cover_in_january();
        company.night(MARCH_NIGHT, FEBRUARY).nothing();
        company
    }

    /// What the job says of medical cover.
    pub fn scheme(&mut self, rules: &str) {
        self.job(&format!("[[schemes]]\nbenefit = \"_Medical\"\n{rules}"));
    }
}

impl Person {
    /// Both sources know the day.
    pub fn leaves(&mut self, day: &'static str) -> &mut Person {
        self.user("/employment/leaveDate", json!(day)).pays("Leave Date", day)
    }

    /// Both sources know the first day.
    pub fn joins(&mut self, day: &'static str) -> &mut Person {
        self.user("/employment/startDate", json!(day)).user("/employment/originalStartDate", json!(day));
        self.pays("Hire Date", day)
    }
}

impl Outcome {
    /// Whether anything is told of the employee's benefits.
    pub fn accuses(&self, id: &str) -> bool {
        self.findings.iter().any(|f| f["employee_id"] == id && !f["benefit"].is_empty())
    }
}
