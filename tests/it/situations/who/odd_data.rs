//! Names, addresses, pay and codes that are written in another way and mean the same.

use serde_json::json;

use crate::situations::company::{
    APRIL_NIGHT, BIWEEKLY, Company, Cover, FEBRUARY, FEBRUARY_NIGHT, JANUARY, MARCH, MARCH_NIGHT, MONTHLY, Outcome,
    march,
};

const SALARY: &str = "/employment/salaryDetails/salary";

fn lives(payroll: [&'static str; 2], benbase: &'static str) -> Outcome {
    march(|p| {
        p.pays("Address 1", payroll[0]).pays("Address 2", payroll[1]).benbase("/address/line1", json!(benbase));
    })
}

#[test]
fn names_are_the_same_however_they_are_written() {
    let mut wrong = Vec::new();
    for (pf, pl, bf, bl) in [
        ("Mary Ann", "Larsen", "Mary-Ann", "Larsen"),
        ("Maryann", "Larsen", "Mary Ann", "Larsen"),
        ("Jose", "Munoz", "José", "Muñoz"),
        ("Juergen", "Mueller", "Jürgen", "Müller"),
        ("Jurgen", "Muller", "Jürgen", "Müller"),
        ("Soren", "Kjaer", "Søren", "Kjær"),
        ("Strasse", "Weiss", "Straße", "Weiß"),
        ("Mac", "MacDonald", "Mac", "Mac Donald"),
        ("Ben", "Mcdonald", "Ben", "MacDonald"),
        ("Bob", "Larsen", "Robert", "Larsen"),
        ("Liz", "Larsen", "Elizabeth", "Larsen"),
        ("Peggy", "Larsen", "Margaret", "Larsen"),
        ("Bill", "Larsen", "William", "Larsen"),
        ("Jack", "Larsen", "John", "Larsen"),
        ("Larsen", "Ben", "Ben", "Larsen"),
        ("Dr. Ben", "Larsen", "Ben", "Larsen"),
        ("J. Robert", "Larsen", "James Robert", "Larsen"),
        ("Ben", "Larsen III", "Ben", "Larsen"),
        ("Ben", "De La Cruz", "Ben", "Delacruz"),
        ("Ben", "St. John", "Ben", "Saint John"),
        ("Ben", "St John", "Ben", "St. John"),
        ("Ben", "O Brien", "Ben", "O'Brien"),
        ("Ben", "O’Brien", "Ben", "O'Brien"),
        ("BEN", "LARSEN-MARSH", "Ben", "Larsen Marsh"),
        ("Ben", "Larsen-Marsh", "Ben", "Larsen"),
        ("Lukasz", "Wojcik", "Łukasz", "Wójcik"),
        ("Kate", "Larsen", "Katherine", "Larsen"),
        ("Alex", "Larsen", "Alexandra", "Larsen"),
        ("Chris", "Larsen", "Christopher", "Larsen"),
        ("Tony", "Larsen", "Anthony", "Larsen"),
        ("Ben", "Nguyen Van", "Ben Van", "Nguyen"),
        ("Ben ", " Larsen", "Ben", "Larsen"),
        ("Ben", "Van Der Berg", "Ben", "Vanderberg"),
        ("Ben (Benny)", "Larsen", "Ben", "Larsen"),
        ("Ben \"Benny\"", "Larsen", "Ben", "Larsen"),
        ("Ben", "Larsen (Marsh)", "Ben", "Larsen"),
    ] {
        let o = march(|p| {
            p.pays("First Name", pf).pays("Last Name", pl).user("/forename", json!(bf)).user("/surname", json!(bl));
        });
        if !o.findings.is_empty() {
            wrong.push(format!("{pf} {pl} / {bf} {bl}"));
        }
    }
    assert!(wrong.is_empty(), "{wrong:#?}");
}

#[test]
fn addresses_are_the_same_however_they_are_written() {
    let mut wrong = Vec::new();
    for (line1, line2, benbase) in [
        ("100 N Main St", "", "100 North Main Street"),
        ("100 N. Main St.", "", "100 North Main Street"),
        ("4500 Hwy 12", "", "4500 Highway 12"),
        ("RR 3 Box 12", "", "Rural Route 3 Box 12"),
        ("200 Market St", "Ste 200", "200 Market Street Suite 200"),
        ("200 Market St", "Fl 3", "200 Market Street 3rd Floor"),
        ("200 Market St", "3rd Fl", "200 Market Street Floor 3"),
        ("200 Market St Bldg 2 Apt 3", "", "200 Market Street, Building 2, Apartment 3"),
        ("12 Mt Vernon Ave", "", "12 Mount Vernon Avenue"),
        ("12 Oak Ct", "", "12 Oak Court"),
        ("12 Oak Cir", "", "12 Oak Circle"),
        ("12 Oak Pkwy", "", "12 Oak Parkway"),
        ("12 Oak Hts", "", "12 Oak Heights"),
        ("12 Oak Xing", "", "12 Oak Crossing"),
        ("101 MAPLE  STREET.", "", "101 Maple Street"),
        ("PO Box 12", "", "P O Box 12"),
        ("Post Office Box 12", "", "PO Box 12"),
        ("12 SW 5th Ave", "", "12 Southwest Fifth Avenue"),
        ("12 1st St", "", "12 First Street"),
        ("12 22nd St", "", "12 Twenty-Second Street"),
        ("12-A Oak St", "", "12A Oak Street"),
        ("12 1/2 Oak St", "", "12 1/2 Oak Street"),
        ("12 Oak St #B", "", "12 Oak Street Apt B"),
        ("12 Oak St", "APT. 4-B", "12 Oak Street Apt 4B"),
        ("12 Martin Luther King Jr Blvd", "", "12 Martin Luther King Junior Boulevard"),
        ("12 Dr Martin Luther King Dr", "", "12 Doctor Martin Luther King Drive"),
        ("Apt 4, 12 Oak St", "", "12 Oak Street Apt 4"),
        ("12 Oak St", "Lot 7", "12 Oak Street Lot 7"),
        ("12 Oak St", "Rm 7", "12 Oak Street Room 7"),
        ("12 Oak St", "Unit # 7", "12 Oak Street Unit 7"),
        ("12 Oak St", "Trlr 7", "12 Oak Street Trailer 7"),
        ("12 Avenue of the Americas", "", "12 Ave of the Americas"),
        ("12 O'Hare St", "", "12 OHare Street"),
        ("12 County Rd 5", "", "12 County Road 5"),
        ("12 Co Rd 5", "", "12 County Road 5"),
        ("12 State Rte 5", "", "12 State Route 5"),
        ("12 US Hwy 40", "", "12 US Highway 40"),
        ("12 I-40", "", "12 Interstate 40"),
        ("12 Oak St", "c/o Ada Okafor", "12 Oak Street"),
    ] {
        let o = lives([line1, line2], benbase);
        if !o.findings.is_empty() {
            wrong.push(format!("{line1} | {line2} / {benbase}"));
        }
    }
    assert!(wrong.is_empty(), "{wrong:#?}");
}

#[test]
fn towns_states_and_countries_are_the_same_however_they_are_written() {
    let mut wrong = Vec::new();
    for (city, other) in [
        ("St. Louis", "Saint Louis"),
        ("Mt Vernon", "Mount Vernon"),
        ("N Las Vegas", "North Las Vegas"),
        ("Ft Collins", "Fort Collins"),
        ("RENO", "Reno"),
        ("O'Fallon", "O Fallon"),
        ("Winston-Salem", "Winston Salem"),
        ("Reno,", "Reno"),
        ("Port St Lucie", "Port Saint Lucie"),
    ] {
        let o = march(|p| _ = p.pays("City", city).benbase("/address/city", json!(other)));
        if !o.findings.is_empty() {
            wrong.push(format!("{city} / {other}"));
        }
    }
    for state in ["Nevada", "nv", "NEVADA", "N.V."] {
        let o = march(|p| _ = p.pays("State", state));
        if !o.findings.is_empty() {
            wrong.push(state.to_owned());
        }
    }
    for country in ["USA", "United States", "us", "U.S.A.", "United States of America"] {
        let o = march(|p| _ = p.pays("Country", country));
        if !o.findings.is_empty() || !o.unverified.is_empty() {
            wrong.push(country.to_owned());
        }
        // And Benbase, which covers that country, is told of a raise.
        let o = march(|p| {
            _ = p.pays("Country", country).pays("Salary", "63000.00").pays("Salary Effective", "2026-03-16");
        });
        o.queued("1001 base_salary 63000.00 annually 2026-03-16");
    }
    let o = march(|p| {
        p.pays("City", "Washington")
            .pays("State", "D.C.")
            .pays("ZIP", "20001")
            .user("/address/postcodeZipCode", json!("20001"));
        p.benbase("/address/city", json!("Washington"))
            .benbase("/address/state", json!("DC"))
            .benbase("/address/zip_code", json!("20001"));
    });
    if !o.findings.is_empty() {
        wrong.push("D.C.".to_owned());
    }
    assert!(wrong.is_empty(), "{wrong:#?}");
}

#[test]
fn somebody_whose_new_address_only_benifex_knows_is_not_pushed() {
    let o = march(|p| {
        _ = p
            .user("/address/line1", json!("9 Bay Road"))
            .user("/address/line3", json!("Austin"))
            .user("/address/postcodeZipCode", json!("78701"))
    });
    o.only(&["DE01 1001 - -"]);
    o.nothing_queued();
}

#[test]
fn a_raise_of_a_later_month_is_no_difference_yet() {
    let o = march(|p| _ = p.pays("Salary", "66000.00").pays("Salary Effective", "2026-05-01"));
    assert!(!o.findings.iter().any(|f| f["code"] == "CO01"), "{}", o.told());
}

#[test]
fn a_raise_of_a_later_month_in_benifex_is_no_difference_yet() {
    let o = march(|p| {
        p.user(SALARY, json!(66000.0)).user("/employment/salaryDetails/salaryEffectiveDate", json!("2026-05-01"));
    });
    o.nothing();
}

#[test]
fn bases_that_can_be_read_as_a_year_are() {
    march(|p| {
        p.pays("Salary", "5000.00").pays("Rate Basis", "monthly");
    })
    .nothing();
    march(|p| {
        p.pays("Salary", "3466.67").pays("Rate Basis", "monthly").user(SALARY, json!(41600.0));
        p.benbase("/pay_rate/amount", json!("41600.00"));
    })
    .nothing();
    march(|p| {
        p.pays("Salary", "20.00").pays("Rate Basis", "hourly").user(SALARY, json!(39000.0));
        p.user("/employment/workingHours/contractedHours", json!(37.5))
            .user("/employment/workingHours/fullTimeEquivalentHours", json!(37.5));
        p.benbase("/pay_rate", json!({"amount": "20.00", "period": "hourly", "effective_start": "2025-01-01"}));
    })
    .nothing();
}

#[test]
fn what_was_too_much_after_tax_is_refunded_after_tax() {
    let mut company = Company::new(MONTHLY);
    company.job(
        "[payroll]\nwide = [{ code = \"MED\", employee = \"MED EE\" }, { code = \"MEDPOST\", employee = \"MED POST\" }]\n\
         [deductions]\ncodes = { MED = \"_Medical\", MEDPOST = \"_Medical\" }",
    );
    company.all(|p| _ = p.pays("MED EE", "60.00").pays("MED POST", "40.00"));
    company.night(FEBRUARY_NIGHT, JANUARY).nothing();
    company.person("1001").pays("MED POST", "60.00");
    company.night(MARCH_NIGHT, FEBRUARY).only(&["AM01 1001 _Medical -20.00"]);
    company.person("1001").pays("MED POST", "20.00");
    company.night(APRIL_NIGHT, MARCH).nothing();
}

#[test]
fn a_pension_sacrificed_in_part_is_whole() {
    // 200 + 300 due; 120 stay a deduction, 80 are sacrificed and shown as the employer's under a code of their own.
    let mut company = Company::new(MONTHLY);
    company.job(
        "[payroll]\nwide = [{ code = \"MED\", employee = \"MED EE\", employer = \"MED ER\" }, { code = \"PEN\", employee = \"PEN EE\", employer = \
         \"PEN ER\" }, { code = \"SAC\", employer = \"SAC ER\" }]\n[deductions]\ncodes = { MED = \"_Medical\", PEN = \"_Pension\", SAC = \"_Pension\" }\nsacrifice_codes = [\"SAC\"]",
    );
    company.all(|p| {
        p.covers(&[("_Medical", Cover::yearly(1200.0, 0.0)), ("_Pension", Cover::yearly(2400.0, 3600.0))]);
        p.pays("PEN EE", "200.00").pays("PEN ER", "300.00").pays("SAC ER", "");
    });
    company.person("1001").pays("PEN EE", "120.00").pays("SAC ER", "80.00");
    company.night(MARCH_NIGHT, FEBRUARY).nothing();
}

fn flex(keys: &str) -> Company {
    let mut company = Company::new(MONTHLY);
    company.job(&format!(
        "[payroll]\nwide = [{{ code = \"FLEX\", employee = \"MED EE\" }}]\n[deductions]\ncodes = {{ MED = \"_Life\", FLEX = {keys} }}"
    ));
    company.all(|p| {
        p.covers(&[
            ("_Medical", Cover::yearly(1200.0, 0.0)),
            ("_Dental", Cover::yearly(240.0, 0.0)),
            ("_Vision", Cover::yearly(120.0, 0.0)),
        ]);
        p.pays("MED EE", "130.00");
    });
    company
}

#[test]
fn a_code_of_three_benefits_is_compared_as_one() {
    let mut company = flex("[\"_Medical\", \"_Dental\", \"_Vision\"]");
    company.night(FEBRUARY_NIGHT, JANUARY).nothing();
    company.person("1001").pays("MED EE", "120.00");
    let told = company.night(MARCH_NIGHT, FEBRUARY).findings;
    let of = |key: &str| told.iter().map(|finding| finding[key].clone()).collect::<Vec<String>>();
    assert_eq!(
        (of("benefit"), of("exposure_to_date")),
        (vec!["_Dental + _Medical + _Vision".to_owned()], vec!["10.00".to_owned()])
    );
}

#[test]
fn a_benefit_of_three_under_one_code_that_ends_lowers_the_code() {
    let mut company = flex("[\"_Medical\", \"_Dental\", \"_Vision\"]");
    company.night(FEBRUARY_NIGHT, JANUARY).nothing();
    company.night(MARCH_NIGHT, FEBRUARY).nothing();
    let vision = Cover::yearly(120.0, 0.0).status("ENDED").changed("2026-02-25");
    company
        .person("1001")
        .covers(&[
            ("_Medical", Cover::yearly(1200.0, 0.0)),
            ("_Dental", Cover::yearly(240.0, 0.0)),
            ("_Vision", vision),
        ])
        .pays("MED EE", "120.00");
    company.night(APRIL_NIGHT, MARCH).nothing();
}

#[test]
fn an_employer_column_below_0_is_one_finding() {
    let mut company = Company::new(MONTHLY);
    company.all(|p| _ = p.covers(&[("_Medical", Cover::yearly(1200.0, 2400.0))]).pays("MED ER", "-200.00"));
    let o = company.night(MARCH_NIGHT, FEBRUARY);
    assert!(o.findings.iter().all(|f| f["employee_id"].is_empty()), "{}", o.told());
}

#[test]
fn one_amount_below_0_is_too_little_by_twice_as_much() {
    let mut company = Company::new(MONTHLY);
    company.night(FEBRUARY_NIGHT, JANUARY).nothing();
    company.person("1001").pays("MED EE", "-100.00");
    let o = company.night(MARCH_NIGHT, FEBRUARY);
    o.only(&["* 1001 _Medical 200.00"]);
}

#[test]
fn a_bonus_run_takes_its_percentage() {
    let mut company = Company::new(MONTHLY);
    company.job("[[schemes]]\nbenefit = \"_Medical\"\npercent_of_pay = true");
    company.person("1001").further_row(&[("Run Type", "bonus"), ("MED EE", "25.00")]);
    company.night(MARCH_NIGHT, FEBRUARY).nothing();
}

#[test]
fn cover_in_another_currency_than_pay_is_no_difference_of_amounts() {
    let mut company = Company::new(MONTHLY);
    company.job("[payroll]\ncurrency_by_pay_group = { UK = \"GBP\" }\n[benifex]\nsalary_currency_by_country = { US = \"USD\", GB = \"GBP\" }");
    let p = company.person("1001");
    p.pays("Pay Group", "UK")
        .pays("Country", "GB")
        .user("/employment/countryOfWork", json!("GB"))
        .user("/employment/salaryDetails/payGroup", json!("UK"));
    let o = company.night(MARCH_NIGHT, FEBRUARY);
    // Benifex states USD cover for somebody paid in GBP: that is the finding, no amount.
    assert!(o.findings.iter().all(|f| !["AM01", "EN01"].contains(&&*f["code"])), "{}", o.told());
}

#[test]
fn a_part_timer_paid_by_the_hour_agrees() {
    let mut company = Company::new(BIWEEKLY);
    company.all(|p| _ = p.pays("MED EE", "46.15"));
    let p = company.person("1001");
    p.pays("Salary", "20.00").pays("Rate Basis", "hourly").pays("Status", "part_time").user(SALARY, json!(20800.0));
    p.user("/employment/workingHours/contractedHours", json!(20))
        .user("/employment/workingHours/fullTimeEquivalentFraction", json!(0.5));
    p.benbase("/employment_status", json!("part_time"))
        .benbase("/pay_rate", json!({"amount": "20.00", "period": "hourly", "effective_start": "2025-01-01"}));
    company.night("2026-03-21", ["2026-03-02", "2026-03-15", "2026-03-20"]).nothing();
}

#[test]
fn somebody_without_contracted_hours_is_not_compared() {
    let o = march(|p| {
        p.pays("Salary", "15.00")
            .pays("Rate Basis", "hourly")
            .pays("Status", "variable_hours")
            .user(SALARY, json!(0.0));
        p.user("/employment/workingHours/contractedHours", json!(0))
            .user("/employment/workingHours/fullTimeEquivalentFraction", json!(0.0));
        p.benbase("/employment_status", json!("variable_hours"))
            .benbase("/pay_rate", json!({"amount": "15.00", "period": "hourly", "effective_start": "2025-01-01"}));
    });
    assert!(o.findings.iter().all(|f| f["severity"] != "S2") && o.queue.is_empty(), "{}", o.told());
}

#[test]
fn a_code_holds_two_benefits_between_which_another_stands_by_name() {
    let mut company = Company::new(MONTHLY);
    company.job(
        "[payroll]\nwide = [{ code = \"MED\", employee = \"MED EE\" }, { code = \"FLEX\", employee = \"FLEX EE\" }]\n\
         [deductions]\ncodes = { MED = \"_Medical\", FLEX = [\"_Dental\", \"_Vision\"] }",
    );
    company.all(|p| {
        let yearly = |amount| Cover::yearly(amount, 0.0);
        p.covers(&[("_Medical", yearly(1200.0)), ("_Dental", yearly(240.0)), ("_Vision", yearly(120.0))]);
        p.pays("FLEX EE", "30.00");
    });
    company.night(MARCH_NIGHT, FEBRUARY).nothing();
}
