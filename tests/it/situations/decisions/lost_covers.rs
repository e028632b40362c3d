//! Benifex in trouble, which answers all the same: people whom it does not find, benefits without a price, or none. It
//! is doubted as a payroll file is that lost its people.

use crate::situations::company::{
    APRIL_NIGHT, Company, Cover, FEBRUARY, FEBRUARY_NIGHT, JANUARY, MARCH, MARCH_NIGHT, MONTHLY, Person,
};
use crate::support::{exceptions, rows, shown};

const GUARDED: i32 = 8;

/// Ten people, enough for the guards; January was right.
fn guarded() -> Company {
    let mut company = Company::new(MONTHLY);
    company.job("[guards]\nheadcount_min = 10\npeople_min = 5");
    for id in ["1005", "1006", "1007", "1008", "1009"] {
        company.hire(id);
    }
    company.night(FEBRUARY_NIGHT, JANUARY).nothing();
    company
}

/// What Benifex says of a person on a bad night.
type Trouble = fn(&mut Person) -> &mut Person;

const TROUBLES: [Trouble; 3] = [
    Person::unknown_to_benifex,
    |person| person.covers(&[]),
    |person| person.covers(&[("_Medical", Cover::yearly(0.0, 0.0))]),
];

fn troubled(company: &mut Company, trouble: Trouble, people: usize) {
    for id in ["1000", "1001", "1002", "1003", "1004", "1005", "1006", "1007", "1008", "1009"].iter().take(people) {
        trouble(company.person(id));
    }
}

fn well(company: &mut Company) {
    let cover = || Cover::yearly(1200.0, 0.0);
    company.all(|person| _ = person.known_to_benifex().covers(&[("_Medical", cover())]));
}

/// The night is stopped by the benefits alone, and queues nothing.
#[track_caller]
fn doubted(company: &mut Company) {
    let output = company.attempt(MARCH_NIGHT, FEBRUARY);
    assert_eq!(output.status.code(), Some(GUARDED), "{}", shown(&output));
    let pack = company.site().path(&format!("reports/situation/{MARCH_NIGHT}"));
    let fields: Vec<String> = exceptions(&pack)
        .into_iter()
        .filter(|finding| finding["code"] == "CT06")
        .map(|finding| finding["field"].clone())
        .collect();
    assert_eq!(fields, ["covers"]);
    assert!(rows(&pack.join("corrections.csv")).iter().all(|row| row["queue"] != "propose"));
}

#[test]
fn half_of_the_people_or_all_stop_the_queue_and_leave_nothing_once_benifex_is_well() {
    for trouble in TROUBLES {
        for people in [5, 10] {
            let mut company = guarded();
            troubled(&mut company, trouble, people);
            doubted(&mut company);
            well(&mut company);
            company.night("2026-03-04", FEBRUARY).nothing();
            company.night(APRIL_NIGHT, MARCH).nothing();
        }
    }
}

#[test]
fn a_month_that_only_such_a_night_read_accuses_nobody() {
    for trouble in TROUBLES {
        let mut company = guarded();
        troubled(&mut company, trouble, 10);
        doubted(&mut company);
        well(&mut company);
        let o = company.night(APRIL_NIGHT, MARCH);
        assert!(o.findings.iter().all(|finding| finding["code"] == "CT08"), "{}", o.told());
        o.nothing_queued();
    }
}

#[test]
fn a_few_people_are_found_each_by_itself() {
    let mut company = guarded();
    troubled(&mut company, |person| person.covers(&[]), 3);
    company.night(MARCH_NIGHT, FEBRUARY).only(&[
        "TM07 1000 _Medical -100.00",
        "TM07 1001 _Medical -100.00",
        "TM07 1002 _Medical -100.00",
    ]);
}

#[test]
fn cover_that_ended_for_many_and_of_which_payroll_takes_nothing_any_more_is_no_trouble() {
    let mut company = guarded();
    company.night(MARCH_NIGHT, FEBRUARY).nothing();
    troubled(&mut company, |person| person.covers(&[]).pays("MED EE", ""), 6);
    let o = company.night(APRIL_NIGHT, MARCH);
    assert!(o.findings.iter().all(|finding| finding["field"] != "covers"), "{}", o.told());
}

#[test]
fn a_plan_that_another_one_replaced_for_everybody_is_no_trouble() {
    let mut company = Company::of_two_plans();
    company.job("[guards]\nheadcount_min = 1\npeople_min = 1");
    let plus = Cover::yearly(1440.0, 0.0).from("2026-03-01").changed("2026-03-10");
    company.all(|person| _ = person.covers(&[("_MedicalPlus", plus.clone())]));
    let output = company.attempt(APRIL_NIGHT, MARCH);
    let pack = company.site().path(&format!("reports/situation/{APRIL_NIGHT}"));
    assert!(exceptions(&pack).iter().all(|finding| finding["field"] != "covers"), "{}", shown(&output));
}

#[test]
fn a_person_may_take_what_benifex_says_as_it_is() {
    let mut company = guarded();
    troubled(&mut company, |person| person.covers(&[]), 5);
    doubted(&mut company);
    let o = company.accepted_night(MARCH_NIGHT, FEBRUARY);
    assert_eq!(o.findings.iter().filter(|finding| finding["code"] == "TM07").count(), 5, "{}", o.told());
}
