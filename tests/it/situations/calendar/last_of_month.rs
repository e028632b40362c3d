//! Benefits that are deducted once a month of people who are paid more often, each on its own pay date: the first of a
//! month, or the last.

use crate::situations::company::{BIWEEKLY, Company, Cover, Outcome, Pays, Period, SEMIMONTHLY};

/// Nights with the half months before them.
const HALVES: [(&str, Period); 6] = [
    ("2026-01-17", ["2026-01-01", "2026-01-15", "2026-01-15"]),
    ("2026-02-02", ["2026-01-16", "2026-01-31", "2026-01-30"]),
    ("2026-02-17", ["2026-02-01", "2026-02-15", "2026-02-13"]),
    ("2026-03-02", ["2026-02-16", "2026-02-28", "2026-02-27"]),
    ("2026-03-17", ["2026-03-01", "2026-03-15", "2026-03-13"]),
    ("2026-04-02", ["2026-03-16", "2026-03-31", "2026-03-31"]),
];

/// The same of every two weeks: two pay dates of January, after one that nobody read, and two of each later month.
const FORTNIGHTS: [(&str, Period); 6] = [
    ("2026-01-17", ["2026-01-01", "2026-01-14", "2026-01-16"]),
    ("2026-01-31", ["2026-01-15", "2026-01-28", "2026-01-30"]),
    ("2026-02-14", ["2026-01-29", "2026-02-11", "2026-02-13"]),
    ("2026-02-28", ["2026-02-12", "2026-02-25", "2026-02-27"]),
    ("2026-03-14", ["2026-02-26", "2026-03-11", "2026-03-13"]),
    ("2026-03-28", ["2026-03-12", "2026-03-25", "2026-03-27"]),
];

const FIRST: usize = 0;
const LAST: usize = 1;

/// Everybody has medical cover, 100.00 a month, and dental, 20.00, which are deducted twelve times a year.
fn company(pays: Pays, more: &str) -> Company {
    let mut company = Company::new(pays);
    company.job(
        "[payroll]\nwide = [{ code = \"MED\", employee = \"MED EE\" }, { code = \"DEN\", employee = \"DEN EE\" }]\n\
         [deductions]\ncodes = { MED = \"_Medical\", DEN = \"_Dental\" }\n\
         per_year = [{ pay_group = \"G1\", deductions = 12 }]",
    );
    company.job(more).all(|person| {
        let [medical, dental] = [1200.0, 240.0].map(|price| Cover::yearly(price, 0.0).from("2025-06-01"));
        person.covers(&[("_Medical", medical), ("_Dental", dental)]);
    });
    company
}

/// The night of one of the pay dates, on which medical is taken where it is the `medical` one of its month.
fn pay(company: &mut Company, dates: &[(&str, Period)], at: usize, [medical, dental]: [usize; 2]) -> Outcome {
    company.all(|person| {
        let cell = |which: usize, amount| if at % 2 == which { amount } else { "" };
        person.pays("MED EE", cell(medical, "100.00")).pays("DEN EE", cell(dental, "20.00"));
    });
    company.night(dates[at].0, dates[at].1)
}

#[test]
fn where_the_job_states_no_dates_payrolls_own_are_right() {
    for (pays, dates) in [(SEMIMONTHLY, &HALVES), (BIWEEKLY, &FORTNIGHTS)] {
        for begin in [0, 1] {
            let mut company = company(pays, "");
            for at in begin..dates.len() {
                // The 16th is neither the first nor the last pay date of January.
                let medical = if pays.a_year == BIWEEKLY.a_year { LAST } else { FIRST };
                let o = pay(&mut company, dates, at, [medical, LAST]);
                o.nothing();
                assert!(o.unverified.is_empty(), "{at} {}", o.told());
            }
        }
    }
}

#[test]
fn one_who_is_left_out_on_payrolls_own_date_is_owed_and_one_on_the_other_date_too_much() {
    let mut company = company(SEMIMONTHLY, "");
    for at in 0..3 {
        pay(&mut company, &HALVES, at, [FIRST, LAST]).nothing();
    }
    company.all(|person| _ = person.pays("MED EE", "").pays("DEN EE", "20.00"));
    company.person("1001").pays("DEN EE", "");
    company.person("1002").pays("MED EE", "100.00");
    let found = ["EN01 1001 _Dental 20.00", "AM06 1002 _Medical -100.00"];
    company.night(HALVES[3].0, HALVES[3].1).only(&found);
    company.all(|person| _ = person.pays("MED EE", "100.00").pays("DEN EE", ""));
    company.person("1002").pays("MED EE", "");
    company.night(HALVES[4].0, HALVES[4].1).only(&["EN01 1001 _Dental 20.00"]);
    company.all(|person| _ = person.pays("MED EE", "").pays("DEN EE", "20.00"));
    company.person("1001").pays("DEN EE", "40.00");
    company.night(HALVES[5].0, HALVES[5].1).nothing();
}

#[test]
fn what_is_taken_on_no_pay_date_of_a_month_is_owed_by_everybody() {
    let mut company = company(SEMIMONTHLY, "");
    let never = 2;
    pay(&mut company, &HALVES, 0, [FIRST, never]).nothing();
    let o = pay(&mut company, &HALVES, 1, [FIRST, never]);
    o.only(
        &["1000", "1001", "1002", "1003", "1004"]
            .map(|id| format!("EN01 {id} _Dental 20.00"))
            .each_ref()
            .map(String::as_str),
    );
}

#[test]
fn a_job_that_states_the_last_pay_date_holds_payroll_to_it() {
    for stated in ["last of a month", "last 1 of a month"] {
        let mut company =
            company(SEMIMONTHLY, &format!("[[schemes]]\nbenefit = \"_Dental\"\ndeduction_dates = \"{stated}\""));
        pay(&mut company, &HALVES, 0, [FIRST, LAST]).nothing();
        let found = ["1000", "1001", "1002", "1003", "1004"].map(|id| format!("EN01 {id} _Dental 20.00"));
        pay(&mut company, &HALVES, 1, [FIRST, FIRST]).only(&found.each_ref().map(String::as_str));
    }
}

#[test]
fn of_three_pay_dates_the_last_two_may_be_stated() {
    let dates: [(&str, Period); 3] = [
        ("2026-01-03", ["2025-12-18", "2025-12-31", "2026-01-02"]),
        ("2026-01-17", ["2026-01-01", "2026-01-14", "2026-01-16"]),
        ("2026-01-31", ["2026-01-15", "2026-01-28", "2026-01-30"]),
    ];
    let mut company = Company::deducting(BIWEEKLY, 24, "");
    company.scheme("deduction_dates = \"last 2 of a month\"");
    for (at, (night, period)) in dates.into_iter().enumerate() {
        company.all(|person| _ = person.pays("MED EE", if at == 0 { "" } else { "50.00" }));
        company.night(night, period).nothing();
    }
}
