//! Money over several periods: what a later period takes or gives back settles an earlier one, and what is still out
//! stays a finding, whatever the period looks like.

use serde_json::json;

use crate::situations::company::{
    APRIL, APRIL_NIGHT, Company, Cover, FEBRUARY, FEBRUARY_NIGHT, JANUARY, JUNE_NIGHT, MARCH, MARCH_NIGHT, MAY,
    MAY_NIGHT, MONTHLY, Period,
};
use crate::support::rows;

const OCTOBER: Period = ["2025-10-01", "2025-10-31", "2025-10-31"];
const DECEMBER: Period = ["2025-12-01", "2025-12-31", "2025-12-31"];

#[test]
fn seq_refund() {
    let mut company = Company::after_january();
    company.person("1001").pays("MED EE", "120.00");
    company.night(MARCH_NIGHT, FEBRUARY).only(&["AM01 1001 _Medical -20.00"]);
    company.person("1001").pays("MED EE", "80.00");
    company.night(APRIL_NIGHT, MARCH).nothing();
    company.person("1001").pays("MED EE", "100.00");
    company.night(MAY_NIGHT, APRIL).nothing();
}

#[test]
fn a_refund_in_two_parts_leaves_the_rest_open_in_between() {
    let mut company = Company::after_january();
    company.person("1001").pays("MED EE", "130.00");
    company.night(MARCH_NIGHT, FEBRUARY).only(&["AM01 1001 _Medical -30.00"]);
    company.person("1001").pays("MED EE", "80.00");
    company.night(APRIL_NIGHT, MARCH).only(&["* 1001 _Medical -10.00"]);
    company.person("1001").pays("MED EE", "90.00");
    company.night(MAY_NIGHT, APRIL).nothing();
}

#[test]
fn a_refund_that_is_too_great_is_owed_by_the_employee() {
    let mut company = Company::after_january();
    company.person("1001").pays("MED EE", "120.00");
    company.night(MARCH_NIGHT, FEBRUARY).only(&["AM01 1001 _Medical -20.00"]);
    company.person("1001").pays("MED EE", "50.00");
    company.night(APRIL_NIGHT, MARCH).only(&["AM01 1001 _Medical 30.00"]);
}

#[test]
fn a_deduction_left_out_gives_back_what_was_taken_twice() {
    let mut company = Company::after_january();
    company.person("1001").pays("MED EE", "200.00");
    company.night(MARCH_NIGHT, FEBRUARY).only(&["AM01 1001 _Medical -100.00"]);
    company.person("1001").pays("MED EE", "").pays("MED ER", "");
    company.night(APRIL_NIGHT, MARCH).nothing();
}

#[test]
fn seq_fixed_not_collected() {
    let mut company = Company::missed_february();
    company.person("1001").pays("MED EE", "100.00").pays("MED ER", "0.00");
    let april = company.night(APRIL_NIGHT, MARCH);
    april.only(&["* 1001 _Medical 100.00"]);
    assert_eq!(april.finding("* 1001 _Medical 100.00")["first_seen"], MARCH_NIGHT, "as old as when it was found");
    company.night(MAY_NIGHT, APRIL).only(&["* 1001 _Medical 100.00"]);
}

#[test]
fn what_two_periods_leave_out_is_one_balance_until_a_catch_up_takes_it() {
    let mut company = Company::missed_february();
    company.person("1001").pays("MED EE", "60.00").pays("MED ER", "0.00");
    company.night(APRIL_NIGHT, MARCH).only(&["AM01 1001 _Medical 140.00"]);
    company.person("1001").pays("MED EE", "240.00");
    company.night(MAY_NIGHT, APRIL).nothing();
}

#[test]
fn a_catch_up_that_is_never_switched_off_is_found() {
    let mut company = Company::missed_february();
    company.person("1001").pays("MED EE", "200.00").pays("MED ER", "0.00");
    company.night(APRIL_NIGHT, MARCH).nothing();
    company.night(MAY_NIGHT, APRIL).only(&["TM03 1001 _Medical -100.00"]);
}

#[test]
fn a_balance_of_somebody_who_left_stays_open() {
    let mut company = Company::missed_february();
    company
        .person("1001")
        .user("/employment/leaveDate", json!("2026-02-28"))
        .pays("Leave Date", "2026-02-28")
        .covers(&[])
        .on_payroll(false);
    company.night(APRIL_NIGHT, MARCH).only(&["TM12 1001 _Medical 100.00"]);
}

#[test]
fn seq_retro_not_collected() {
    let mut company = Company::without_cover();
    let elected = Cover::yearly(1200.0, 0.0).changed("2026-03-05");
    company.person("1001").covers(&[("_Medical", elected)]).pays("MED EE", "100.00").pays("MED ER", "0.00");
    company.night(APRIL_NIGHT, MARCH).only(&["* 1001 _Medical 200.00"]);
}

#[test]
fn a_late_election_that_payroll_catches_up_with_at_once_is_right() {
    let mut company = Company::without_cover();
    let elected = Cover::yearly(1200.0, 0.0).changed("2026-03-05");
    company.person("1001").covers(&[("_Medical", elected)]).pays("MED EE", "300.00").pays("MED ER", "0.00");
    company.night(APRIL_NIGHT, MARCH).nothing();
    company.person("1001").pays("MED EE", "100.00");
    company.night(MAY_NIGHT, APRIL).nothing();
}

#[test]
fn seq_late_retro_settled() {
    let mut company = Company::until_february();
    company.night("2026-03-20", FEBRUARY).nothing();
    let mut changed = Cover::yearly(1440.0, 0.0).from("2026-03-01");
    changed.changed = "2026-03-28";
    company.person("1001").covers(&[("_Medical", changed)]);
    company.night(APRIL_NIGHT, MARCH).only(&["TM07 1001 _Medical 20.00"]);
    company.person("1001").pays("MED EE", "120.00");
    company.night(MAY_NIGHT, APRIL).only(&["* 1001 _Medical 20.00"]);
}

#[test]
fn a_late_change_of_two_periods_is_owed_and_settled_alike_however_many_nights_read_the_file() {
    for nights in [
        &["2026-03-28"][..],
        &["2026-04-03"],
        &["2026-03-28", "2026-04-03"],
        &["2026-03-28", "2026-04-03", "2026-04-14"],
    ] {
        let mut company = Company::until_february();
        company.night("2026-03-03", FEBRUARY).nothing();
        let changed = Cover::yearly(1440.0, 0.0).from("2026-02-01").changed("2026-03-28");
        company.person("1001").covers(&[("_Medical", changed)]);
        for night in nights {
            company.night(night, MARCH);
        }
        company.person("1001").pays("MED EE", "160.00");
        company.night(MAY_NIGHT, APRIL).nothing();
        company.person("1001").pays("MED EE", "120.00");
        company.night(JUNE_NIGHT, MAY).nothing();
    }
}

#[test]
fn a_late_change_whose_difference_the_next_period_takes_is_settled() {
    let mut company = Company::after_january();
    company.night("2026-03-20", FEBRUARY).nothing();
    let mut changed = Cover::yearly(1440.0, 0.0).from("2026-03-01");
    changed.changed = "2026-03-28";
    company.person("1001").covers(&[("_Medical", changed)]);
    company.night(APRIL_NIGHT, MARCH).only(&["TM07 1001 _Medical 20.00"]);
    company.person("1001").pays("MED EE", "140.00");
    company.night(MAY_NIGHT, APRIL).nothing();
}

#[test]
fn retro_catch_up() {
    let mut company = Company::new(MONTHLY);
    let elected = Cover::yearly(1200.0, 0.0).changed("2026-03-05");
    company.person("1001").covers(&[("_Medical", elected)]).pays("MED EE", "300.00");
    company.night(APRIL_NIGHT, MARCH).nothing();
}

#[test]
fn more_than_all_periods_since_the_first_day_is_too_much() {
    let mut company = Company::new(MONTHLY);
    let elected = Cover::yearly(1200.0, 0.0).changed("2026-03-05");
    company.person("1001").covers(&[("_Medical", elected)]).pays("MED EE", "400.00");
    company.night(APRIL_NIGHT, MARCH).only(&["AM01 1001 _Medical -300.00"]);
}

#[test]
fn leaver_refund() {
    let mut company = Company::new(MONTHLY);
    company
        .person("1001")
        .user("/employment/leaveDate", json!("2026-02-20"))
        .pays("Leave Date", "2026-02-20")
        .covers(&[])
        .pays("MED EE", "-40.00");
    company.night(APRIL_NIGHT, MARCH).nothing();
}

#[test]
fn a_leaver_gets_back_a_part_of_a_month_that_was_known_as_right() {
    let mut company = Company::until_february();
    company
        .person("1001")
        .user("/employment/leaveDate", json!("2026-02-20"))
        .pays("Leave Date", "2026-02-20")
        .covers(&[])
        .pays("MED EE", "-40.00");
    company.night(APRIL_NIGHT, MARCH).nothing();
}

#[test]
fn a_leaver_who_gets_back_more_than_was_taken_is_found() {
    let mut company = Company::until_february();
    company
        .person("1001")
        .user("/employment/leaveDate", json!("2026-02-20"))
        .pays("Leave Date", "2026-02-20")
        .covers(&[])
        .pays("MED EE", "-140.00");
    company.night(APRIL_NIGHT, MARCH).only(&["EN05 1001 _Medical 140.00"]);
}

#[test]
fn first_night_long_missing() {
    let mut company = Company::new(MONTHLY);
    company.person("1001").pays("MED EE", "").pays("MED ER", "");
    let outcome = company.night(APRIL_NIGHT, MARCH);
    outcome.only(&["* 1001 _Medical 100.00"]);
    let sentence = &outcome.finding("* 1001 _Medical 100.00")["sentence"];
    assert!(sentence.contains("200.00 USD more") && sentence.contains("2026-01-01"), "{sentence}");
}

#[test]
fn a_night_that_is_run_twice_posts_nothing_twice() {
    let mut company = Company::after_january();
    company.person("1001").pays("MED EE", "80.00");
    company.night(MARCH_NIGHT, FEBRUARY).only(&["AM01 1001 _Medical 20.00"]);
    company.night(MARCH_NIGHT, FEBRUARY).only(&["AM01 1001 _Medical 20.00"]);
    company.person("1001").pays("MED EE", "120.00");
    company.night(APRIL_NIGHT, MARCH).nothing();
    company.night(APRIL_NIGHT, MARCH).nothing();
}

#[test]
fn a_corrected_file_of_the_same_period_takes_the_place_of_the_first() {
    let mut company = Company::after_january();
    company.person("1001").pays("MED EE", "80.00");
    company.night(MARCH_NIGHT, FEBRUARY).only(&["AM01 1001 _Medical 20.00"]);
    company.person("1001").pays("MED EE", "100.00");
    company.night("2026-03-04", FEBRUARY).nothing();
    company.night(APRIL_NIGHT, MARCH).nothing();
}

/// Old cover of 1,200.00 a year, as October's snapshot shows it.
fn in_october() -> Company {
    let mut company = Company::new(MONTHLY);
    let old = Cover::yearly(1200.0, 0.0).from("2025-01-01");
    company.all(|person| {
        person.covers(&[("_Medical", old.clone())]);
    });
    company.night("2025-11-03", OCTOBER).nothing();
    company
}

#[test]
fn renewal_with_history() {
    let mut company = in_october();
    let new = Cover::yearly(1440.0, 0.0).changed("2025-11-12");
    company.person("1001").covers(&[("_Medical", new)]);
    company.night("2026-01-05", DECEMBER).nothing();
    company.person("1001").pays("MED EE", "120.00");
    company.night(FEBRUARY_NIGHT, JANUARY).nothing();
}

#[test]
fn a_renewal_that_payroll_takes_too_early_is_found() {
    let mut company = in_october();
    let new = Cover::yearly(1440.0, 0.0).changed("2025-11-12");
    company.person("1001").covers(&[("_Medical", new)]).pays("MED EE", "120.00");
    company.night("2026-01-05", DECEMBER).only(&["AM01 1001 _Medical -20.00"]);
}

#[test]
fn a_renewal_on_a_first_night_is_unverified() {
    let mut company = Company::new(MONTHLY);
    let old = Cover::yearly(1200.0, 0.0).from("2025-01-01");
    company.all(|person| {
        person.covers(&[("_Medical", old.clone())]);
    });
    let new = Cover::yearly(1440.0, 0.0).changed("2025-11-12");
    company.person("1001").covers(&[("_Medical", new)]);
    let outcome = company.night("2026-01-05", DECEMBER);
    outcome.nothing();
    outcome.unverified("1001", "_Medical");
}

#[test]
fn the_ledger_of_an_employee_reads_like_a_bank_statement() {
    let mut company = Company::after_january();
    company.person("1001").pays("MED EE", "120.00");
    company.night(MARCH_NIGHT, FEBRUARY).only(&["AM01 1001 _Medical -20.00"]);
    company.person("1001").pays("MED EE", "80.00");
    let outcome = company.night(APRIL_NIGHT, MARCH);
    outcome.nothing();
    let text = company.site().expect(0, &["ledger", "job.toml", "1001", "--csv", "--benefit", "_Medical"]);
    let mut reader = csv::Reader::from_reader(text.as_bytes());
    let lines: Vec<String> = reader
        .records()
        .map(|record| record.expect("a record"))
        .map(|r| format!("{} {} {} {} {} {}", &r[4], &r[6], &r[7], &r[9], &r[10], &r[11]))
        .collect();
    assert_eq!(
        lines,
        [
            "2026-02-03 2026-01-31 expected 100.00  100.00",
            "2026-02-03 2026-01-31 taken  100.00 0.00",
            "2026-03-03 2026-02-28 expected 100.00  100.00",
            "2026-03-03 2026-02-28 taken  120.00 -20.00",
            "2026-04-02 2026-03-31 expected 100.00  80.00",
            "2026-04-02 2026-03-31 taken  100.00 -20.00",
            "2026-04-02 2026-03-31 refunded 20.00  0.00",
        ]
    );
    company.site().expect(2, &["ledger", "job.toml", "nobody"]);
}

#[test]
fn what_is_written_off_is_cleared_as_such_with_its_amount() {
    let mut company = Company::after_january();
    company.person("1001").pays("MED EE", "80.00");
    company.night(MARCH_NIGHT, FEBRUARY).only(&["AM01 1001 _Medical 20.00"]);
    company.site().expect(2, &["write-off", "job.toml", "1001", "--reason", " "]);
    company.site().expect(2, &["write-off", "job.toml", "1002", "--reason", "nothing is open there"]);
    company.site().expect(0, &["write-off", "job.toml", "1001", "--reason", "too small to ask for"]);
    company.person("1001").pays("MED EE", "100.00");
    company.night(APRIL_NIGHT, MARCH).nothing();
    let cleared = rows(&company.site().path("reports/situation/2026-04-02/cleared.csv"));
    let told: Vec<_> = cleared.iter().map(|row| (&*row["code"], &*row["ending"], &*row["amount"])).collect();
    assert_eq!(told, [("AM01", "written off", "20.00")]);
    let said = company.site().expect(0, &["show", "job.toml", &cleared[0]["exception_id"]]);
    assert!(said.contains("cleared on 2026-04-02: written off 20.00 USD"), "{said}");
    company.site().expect(0, &["audit", "verify", "job.toml"]);
}

#[test]
fn what_was_written_off_and_never_due_is_no_debt_to_the_employee() {
    let mut company = Company::after_january();
    company.person("1001").pays("MED EE", "0.00");
    company.night(MARCH_NIGHT, FEBRUARY).only(&["EN01 1001 _Medical 100.00"]);
    company.site().expect(0, &["write-off", "job.toml", "1001", "--reason", "the last month was free"]);
    // Both sources say it only now.
    let left = company.person("1001");
    left.user("/employment/leaveDate", json!("2026-01-31")).pays("Leave Date", "2026-01-31");
    left.covers(&[]).pays("MED EE", "").pays("MED ER", "");
    company.night(APRIL_NIGHT, MARCH).nothing();
}

#[test]
fn what_payroll_gives_back_is_cleared_as_made_good() {
    let mut company = Company::after_january();
    company.person("1001").pays("MED EE", "120.00");
    company.night(MARCH_NIGHT, FEBRUARY).only(&["AM01 1001 _Medical -20.00"]);
    company.person("1001").pays("MED EE", "80.00");
    let night = company.night(APRIL_NIGHT, MARCH);
    night.nothing();
    let said = night.told();
    assert!(said.lines().any(|line| line.split_whitespace().eq(["made", "good", "1", "20.00"])), "{said}");
    let said = company.site().expect(0, &["diff", "job.toml", MARCH_NIGHT, APRIL_NIGHT]);
    assert!(said.contains("made good 20.00 USD"), "{said}");
    let cleared = rows(&company.site().path("reports/situation/2026-04-02/cleared.csv"));
    let told: Vec<_> = cleared.iter().map(|row| (&*row["code"], &*row["ending"], &*row["amount"])).collect();
    assert_eq!(told, [("AM01", "made good", "-20.00")]);
    let proof = rows(&company.site().path("reports/situation/2026-04-02/balances.csv"));
    assert!(
        proof.iter().any(|row| row["refunded"] == "20.00" && row["closing"] == "0.00" && row["residual"] == "0.00")
    );
}

#[test]
fn payroll_that_missed_the_new_rate_is_told_that_it_has_the_old_one() {
    let mut company = Company::after_january();
    company.person("1001").covers(&[("_Medical", Cover::yearly(1440.0, 0.0).from("2026-02-01").changed("2026-01-20"))]);
    // So it is in each later month, too.
    for (night, period, open) in [(MARCH_NIGHT, FEBRUARY, "20.00"), (APRIL_NIGHT, MARCH, "40.00")] {
        let outcome = company.night(night, period);
        let finding = format!("AM01 1001 _Medical {open}");
        outcome.only(&[&finding]);
        let sentence = &outcome.finding(&finding)["sentence"];
        let told = "due in 2026-01-01 to 2026-01-31, before the change of 2026-02-01 (AM07)";
        assert!(sentence.contains(told), "{sentence}");
    }
}

#[test]
fn a_benefit_that_vanished_while_payroll_goes_on_is_told_as_vanished() {
    let mut company = Company::after_january();
    company.night("2026-02-28", FEBRUARY).nothing();
    company.person("1001").covers(&[]);
    // The night in March saw it go after February's cut-off; of March no night saw it.
    company.night("2026-03-20", FEBRUARY).only(&["TM07 1001 _Medical -100.00"]);
    let outcome = company.night(APRIL_NIGHT, MARCH);
    outcome.only(&["EN02 1001 _Medical -100.00"]);
    let sentence = &outcome.finding("EN02 1001 _Medical -100.00")["sentence"];
    assert!(sentence.contains("It was due in 2026-02-01 to 2026-02-28, and its record has vanished"), "{sentence}");
}

#[test]
fn a_second_run_of_a_night_proves_the_same_balances() {
    let mut company = Company::after_january();
    company.person("1001").pays("MED EE", "80.00");
    company.night(MARCH_NIGHT, FEBRUARY).only(&["AM01 1001 _Medical 20.00"]);
    let balances = |company: &Company| rows(&company.site().path("reports/situation/2026-03-03/balances.csv"));
    let first = balances(&company);
    let of_employees = first.iter().find(|row| row["side"] == "employee").expect("a total");
    let told = ["opening", "expected", "taken", "closing"].map(|column| of_employees[column].as_str());
    // Five people at 100.00, one of whom paid 20.00 too little.
    assert_eq!(told, ["0.00", "500.00", "480.00", "20.00"]);
    company.night(MARCH_NIGHT, FEBRUARY).only(&["AM01 1001 _Medical 20.00"]);
    assert_eq!(balances(&company), first);
}
