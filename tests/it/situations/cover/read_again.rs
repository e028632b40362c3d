//! A month that was judged while cover was in force, whose file is read once more after the cover has ended: what was due
//! of the month stays due, and what it settled stays settled.

use crate::situations::company::{
    APRIL, APRIL_NIGHT, Company, Cover, FEBRUARY, FEBRUARY_NIGHT, JANUARY, JUNE_NIGHT, MARCH, MARCH_NIGHT, MAY,
    MAY_NIGHT, MONTHLY,
};

/// How the cover of 1001 ends that a night saw in force after the month.
#[derive(Clone, Copy)]
enum Ends {
    /// Its record is gone.
    Gone,
    /// The record says so.
    On(&'static str),
}

fn ends(company: &mut Company, how: Ends) {
    let covers = match how {
        Ends::Gone => Vec::new(),
        Ends::On(day) => vec![("_Medical", Cover::yearly(1200.0, 0.0).status("ENDED").changed(day))],
    };
    company.person("1001").covers(&covers);
}

/// 1001 pays so much of 100.00 in February and March.
fn paid(february: &str, found: &[&str], march: &str) -> Company {
    let mut company = Company::new(MONTHLY);
    company.night(FEBRUARY_NIGHT, JANUARY).nothing();
    company.person("1001").pays("MED EE", february);
    company.night(MARCH_NIGHT, FEBRUARY).only(found);
    company.person("1001").pays("MED EE", march);
    company
}

#[test]
fn what_a_month_settled_stays_settled_once_the_cover_has_ended() {
    let settled = [
        ("", "EN01 1001 _Medical 100.00", "200.00"),
        ("80.00", "AM01 1001 _Medical 20.00", "120.00"),
        ("120.00", "AM01 1001 _Medical -20.00", "80.00"),
        ("200.00", "AM01 1001 _Medical -100.00", "0.00"),
        ("250.00", "AM01 1001 _Medical -150.00", "-50.00"),
    ];
    for (ways, (february, found, march)) in settled.into_iter().enumerate() {
        let mut company = paid(february, &[found], march);
        company.night(APRIL_NIGHT, MARCH).nothing();
        ends(&mut company, if ways % 2 == 0 { Ends::Gone } else { Ends::On("2026-04-10") });
        company.night("2026-04-11", MARCH).nothing();
        company.night("2026-04-12", MARCH).nothing();
        company.person("1001").pays("MED EE", "");
        company.night(MAY_NIGHT, APRIL).nothing();
    }
}

#[test]
fn what_a_month_left_open_stays_open_until_it_is_made_good() {
    let left_open = [
        ("60.00", "AM01 1001 _Medical 40.00", "40.00"),
        ("130.00", "AM01 1001 _Medical -30.00", "-30.00"),
        ("300.00", "AM01 1001 _Medical -200.00", "-200.00"),
    ];
    for how in [Ends::Gone, Ends::On("2026-04-10")] {
        for (march, found, made_good) in left_open {
            let mut company = paid("100.00", &[], march);
            company.night(APRIL_NIGHT, MARCH).only(&[found]);
            ends(&mut company, how);
            company.night("2026-04-11", MARCH).only(&[found]);
            company.person("1001").pays("MED EE", "");
            company.night(MAY_NIGHT, APRIL).only(&[found]);
            company.person("1001").pays("MED EE", made_good);
            company.night(JUNE_NIGHT, MAY).nothing();
        }
    }
}

#[test]
fn what_a_month_took_by_the_price_before_stays_owed() {
    for how in [Ends::Gone, Ends::On("2026-04-10")] {
        let mut company = paid("100.00", &[], "100.00");
        let price = Cover::yearly(1440.0, 0.0).from("2026-03-01").changed("2026-03-10");
        company.person("1001").covers(&[("_Medical", price)]);
        company.night(APRIL_NIGHT, MARCH).only(&["AM01 1001 _Medical 20.00"]);
        ends(&mut company, how);
        company.night("2026-04-11", MARCH).only(&["AM01 1001 _Medical 20.00"]);
        company.person("1001").pays("MED EE", "");
        company.night(MAY_NIGHT, APRIL).only(&["AM01 1001 _Medical 20.00"]);
    }
}

#[test]
fn cover_that_ended_inside_the_month_owes_nothing_more_of_it() {
    let mut company = paid("100.00", &[], "100.00");
    company.night(APRIL_NIGHT, MARCH).nothing();
    ends(&mut company, Ends::On("2026-03-15"));
    let o = company.night("2026-04-11", MARCH);
    o.nothing();
    o.unverified("1001", "_Medical");
}

/// 1001 leaves with March, and Benifex drops the cover before its pay; February took so much. `again`: February's file
/// is read once more in between.
fn leaver(february: &str, found: &[&str], again: bool, march: &str) -> Company {
    let mut company = paid(february, found, march);
    company.person("1001").leaves("2026-03-31").covers(&[]);
    if again {
        company.person("1001").pays("MED EE", february);
        company.night("2026-03-25", FEBRUARY).only(found);
        company.person("1001").pays("MED EE", march);
    }
    company
}

#[test]
fn the_final_pay_settles_what_the_month_before_left_open_whether_or_not_it_was_read_again() {
    let settled = [
        ("", "EN01 1001 _Medical 100.00", "200.00"),
        ("120.00", "AM01 1001 _Medical -20.00", "80.00"),
        ("200.00", "AM01 1001 _Medical -100.00", "0.00"),
        ("250.00", "AM01 1001 _Medical -150.00", "-50.00"),
    ];
    for again in [false, true] {
        for (february, found, march) in settled {
            let mut company = leaver(february, &[found], again, march);
            company.night(APRIL_NIGHT, MARCH).nothing();
            company.person("1001").pays("MED EE", "");
            company.night(MAY_NIGHT, APRIL).nothing();
        }
    }
}

#[test]
fn what_the_final_pay_does_not_settle_is_owed_at_the_exit() {
    for again in [false, true] {
        let mut company = leaver("", &["EN01 1001 _Medical 100.00"], again, "100.00");
        company.night(APRIL_NIGHT, MARCH).only(&["TM12 1001 _Medical 100.00"]);
        company.person("1001").pays("MED EE", "");
        company.night(MAY_NIGHT, APRIL).only(&["TM12 1001 _Medical 100.00"]);
        let mut company = leaver("250.00", &["AM01 1001 _Medical -150.00"], again, "100.00");
        company.night(APRIL_NIGHT, MARCH).only(&["TM12 1001 _Medical -150.00"]);
    }
}

#[test]
fn a_late_price_that_the_file_of_an_earlier_month_shows_first_is_owed_of_both_months() {
    for (yearly, told, both, april) in [(1440.0, "20.00", "40.00", "160.00"), (960.0, "-20.00", "-40.00", "40.00")] {
        let mut company = paid("100.00", &[], "100.00");
        let price = Cover::yearly(yearly, 0.0).from("2026-02-01").changed("2026-03-28");
        company.person("1001").covers(&[("_Medical", price)]);
        company.night("2026-03-29", FEBRUARY).only(&[&format!("TM07 1001 _Medical {told}")]);
        company.night(APRIL_NIGHT, MARCH).only(&[&format!("TM07 1001 _Medical {both}")]);
        company.person("1001").pays("MED EE", april);
        company.night(MAY_NIGHT, APRIL).nothing();
        company.person("1001").pays("MED EE", if yearly > 1200.0 { "120.00" } else { "80.00" });
        company.night(JUNE_NIGHT, MAY).nothing();
    }
}

#[test]
fn a_late_change_that_the_file_of_an_earlier_month_shows_first_is_told_of_one_month_alone() {
    let mut company = paid("100.00", &[], "100.00");
    ends(&mut company, Ends::Gone);
    company.night("2026-03-27", FEBRUARY).only(&["TM07 1001 _Medical -100.00"]);
    company.night(APRIL_NIGHT, MARCH).only(&["TM07 1001 _Medical -100.00"]);
    company.night("2026-04-03", MARCH).only(&["TM07 1001 _Medical -100.00"]);
}

#[test]
fn cover_that_was_not_in_force_by_mistake_owes_its_month_though_the_file_is_read_again_once_it_is_put_back() {
    let cover = Cover::yearly(1200.0, 0.0);
    let mistakes =
        [vec![cover.clone().status("ENDED").changed("2026-03-05")], vec![cover.clone().status("PENDING")], vec![]];
    for mistake in mistakes {
        for (april, told) in [("100.00", &["* 1001 _Medical 100.00"][..]), ("200.00", &[])] {
            let mut company = paid("100.00", &[], "");
            let covers: Vec<_> = mistake.iter().map(|cover| ("_Medical", cover.clone())).collect();
            company.person("1001").covers(&covers).pays("MED EE", "100.00");
            company.night("2026-03-20", FEBRUARY);
            company.person("1001").pays("MED EE", "");
            company.night(APRIL_NIGHT, MARCH);
            company.person("1001").covers(&[("_Medical", cover.clone().changed("2026-04-05"))]);
            company.night("2026-04-12", MARCH);
            company.person("1001").pays("MED EE", april);
            company.night(MAY_NIGHT, APRIL).only(told);
            company.person("1001").pays("MED EE", "100.00");
            company.night(JUNE_NIGHT, MAY).only(told);
        }
    }
}
