//! Everybody is deducted a month before cover, and the job does not say so.

use crate::situations::company::{
    APRIL, APRIL_NIGHT, Company, Cover, FEBRUARY, JULY, JULY_NIGHT, JUNE, JUNE_NIGHT, MARCH, MARCH_NIGHT, MAY,
    MAY_NIGHT, MONTHLY,
};

const OTHERS: [&str; 4] = ["1000", "1001", "1002", "1003"];

/// Renewed for 1 April at 120.00, which March takes; Benifex lists the old record beside the new one, or not.
fn renewed(is_listed: bool) -> Company {
    let mut company = Company::new(MONTHLY);
    company.night(MARCH_NIGHT, FEBRUARY).nothing();
    let old = Cover::yearly(1200.0, 0.0);
    let new = Cover::yearly(1440.0, 0.0).from("2026-04-01").changed("2026-03-05");
    let both = [("_Medical", old), ("_Medical", new)];
    company.all(|p| _ = p.covers(if is_listed { &both } else { &both[1..] }).pays("MED EE", "120.00"));
    company
}

#[test]
fn the_next_months_price_of_everybody_is_not_judged_until_the_job_says_what_it_pays_for() {
    for is_listed in [false, true] {
        for (rule, of_all) in [("in advance", None), ("same pay", Some("-20.00"))] {
            let mut company = renewed(is_listed);
            // One who takes neither price is wrong by both.
            company.person("1004").pays("MED EE", "150.00");
            let night = company.night(APRIL_NIGHT, MARCH);
            night.only(&["AM01 1004 _Medical -50.00"]);
            night.unverified("1001", "_Medical");
            assert!(night.unverified[0]["reason"].contains("first_deduction"), "{:?}", night.unverified);
            company.person("1004").pays("MED EE", "120.00");
            company.night(MAY_NIGHT, APRIL).only(&["AM01 1004 _Medical -50.00"]);
            company.scheme(&format!("first_deduction = \"{rule}\""));
            let left = of_all.map_or("-30.00", |_| "-50.00");
            let of_one = |id: &str, amount: &str| format!("AM01 {id} _Medical {amount}");
            let all = of_all.iter().flat_map(|amount| OTHERS.map(|id| of_one(id, amount)));
            let found: Vec<String> = all.chain([of_one("1004", left)]).collect();
            company.night(JUNE_NIGHT, MAY).only(&found.iter().map(String::as_str).collect::<Vec<_>>());
        }
    }
}

#[test]
fn cover_that_begins_next_month_for_several_is_not_judged_while_it_is_for_one_alone() {
    for (who, found) in [(&["1001", "1002"][..], &[][..]), (&["1001"], &["EN11 1001 _Medical -100.00"])] {
        let mut company = Company::new(MONTHLY);
        who.iter().for_each(|id| _ = company.person(id).covers(&[]).pays("MED EE", ""));
        company.night(MARCH_NIGHT, FEBRUARY).nothing();
        let cover = Cover::yearly(1200.0, 0.0).from("2026-04-01").changed("2026-03-05");
        who.iter()
            .for_each(|id| _ = company.person(id).covers(&[("_Medical", cover.clone())]).pays("MED EE", "100.00"));
        company.night(APRIL_NIGHT, MARCH).only(found);
        company.night(MAY_NIGHT, APRIL).only(found);
    }
}

#[test]
fn what_a_few_take_too_early_is_wrong_where_as_many_do_not() {
    let mut company = Company::new(MONTHLY);
    company.night(MARCH_NIGHT, FEBRUARY).nothing();
    let new = Cover::yearly(1440.0, 0.0).from("2026-04-01").changed("2026-03-05");
    company.all(|p| _ = p.covers(&[("_Medical", new.clone())]));
    ["1001", "1002"].iter().for_each(|id| _ = company.person(id).pays("MED EE", "120.00"));
    let early = ["AM01 1001 _Medical -20.00", "AM01 1002 _Medical -20.00"];
    company.night(APRIL_NIGHT, MARCH).only(&early);
}

#[test]
fn who_leaves_pays_nothing_in_the_last_month_where_a_renewal_was_paid_for_ahead() {
    let mut company = renewed(false);
    company.night(APRIL_NIGHT, MARCH).nothing();
    company.night(MAY_NIGHT, APRIL).nothing();
    company.night(JUNE_NIGHT, MAY).nothing();
    company.person("1001").leaves("2026-06-30").pays("MED EE", "");
    let night = company.night(JULY_NIGHT, JUNE);
    night.nothing();
    night.unverified("1001", "_Medical");
    company.person("1001").on_payroll(false).covers(&[]);
    company.night("2026-08-03", JULY).nothing();
}
