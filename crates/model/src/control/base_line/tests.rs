use std::collections::BTreeSet;

use super::*;

const LIMITS: Limits = Limits {
    population_change_max: Share::of_ten_thousandths(500),
    total_change_max: Share::of_ten_thousandths(500),
    people_min: 5,
};

#[track_caller]
fn check_headcount((before, now): (u64, u64), (begun, left): (u64, u64), swung: bool) {
    let run = |population| BaseLine { population, begun, left, ..BaseLine::default() };
    assert_eq!(run(before).population_swing(&run(now), LIMITS), swung.then_some((before, now)));
}

#[test]
fn headcount_swings_by_people_and_by_a_share_of_them_who_neither_begin_nor_leave() {
    check_headcount((60, 64), (0, 0), false);
    check_headcount((60, 56), (0, 0), false);
    check_headcount((60, 65), (0, 0), true);
    check_headcount((60, 55), (0, 0), true);
    check_headcount((1_000, 1_050), (0, 0), false);
    check_headcount((1_000, 1_051), (0, 0), true);
    // Twelve seasonal workers of whom the service says so, and twelve of whom it does not.
    check_headcount((60, 72), (12, 0), false);
    check_headcount((60, 72), (0, 12), true);
    check_headcount((60, 48), (0, 12), false);
    check_headcount((60, 30), (0, 12), true);
    check_headcount((0, 30), (0, 0), false);
}

#[test]
fn a_few_people_swing_no_total_unless_nothing_is_taken_of_anybody() {
    let run = |total: &str, apart| BaseLine {
        population: 60,
        totals: BTreeMap::from([("_Dental USD".to_owned(), total.to_owned())]),
        apart: Some(BTreeMap::from([("_Dental USD".to_owned(), apart)])),
        ..BaseLine::default()
    };
    let swings = |now: &str, apart| run("80", Apart::default()).swings(&run(now, apart), LIMITS).len();
    assert_eq!(swings("60", Apart::new(1, 1, 3)), 0);
    assert_eq!(swings("160", Apart::new(4, 0, 4)), 0);
    assert_eq!(swings("160", Apart::new(5, 0, 5)), 1);
    assert_eq!(swings("0", Apart::new(4, 4, 0)), 1);
    assert_eq!(swings("0", Apart::new(1, 1, 0)), 0);
}

#[test]
fn runs_of_other_pay_groups_are_compared_by_those_that_both_hold() {
    let group = |population, total: &str| BaseLine {
        population,
        totals: BTreeMap::from([("_Medical USD".to_owned(), total.to_owned())]),
        ..BaseLine::default()
    };
    let run = |groups: &[(&str, u64, &str)]| {
        let named = groups.iter().map(|(name, people, total)| ((*name).to_owned(), group(*people, total)));
        BaseLine::of_groups(named.collect())
    };
    let both = run(&[("biweekly", 40, "2000"), ("monthly", 30, "3000")]);
    let one = run(&[("biweekly", 41, "2050")]);
    assert_eq!((both.population, both.totals["_Medical USD"].as_str()), (70, "5000"));
    for (last, tonight) in [(&both, &one), (&one, &both)] {
        let (last, tonight) = last.compared(tonight);
        let populations = BTreeSet::from([last.population, tonight.population]);
        assert_eq!(populations, BTreeSet::from([40, 41]));
        assert_eq!(last.swings(&tonight, LIMITS), Vec::new());
    }
    let (whole, _) = both.compared(&both);
    assert_eq!(whole.population, 70);
}

/// Each group: name, people, of whom as many are missing tonight.
fn of_groups(groups: &[(&str, u64, u64)]) -> BaseLine {
    let named = groups.iter().map(|(name, population, missing)| {
        ((*name).to_owned(), BaseLine { population: *population, missing: *missing, ..BaseLine::default() })
    });
    BaseLine::of_groups(named.collect())
}

/// Headcounts that are compared, where the newest run held `newest` and all groups of before are `every`.
#[track_caller]
fn check_regrouped(newest: &BaseLine, every: &BaseLine, tonight: &BaseLine, compared: (u64, u64)) {
    let own = every.groups.iter().filter(|(name, _)| tonight.groups.contains_key(*name));
    let own = BaseLine::of_groups(own.map(|(name, run)| (name.clone(), run.clone())).collect());
    let last = BaseLine { wider: vec![newest.clone(), every.clone()], ..own };
    let (before, now) = last.compared(tonight);
    assert_eq!((before.population, now.population), compared);
}

#[test]
fn groups_that_were_merged_split_or_renamed_are_compared_as_a_whole() {
    let (two, one) = (of_groups(&[("East", 30, 0), ("West", 40, 0)]), of_groups(&[("West", 70, 0)]));
    check_regrouped(&two, &two, &one, (70, 70));
    check_regrouped(&one, &one, &two, (70, 70));
    // Files in turn before.
    check_regrouped(&of_groups(&[("West", 40, 0)]), &two, &one, (70, 70));
    let renamed = |people| of_groups(&[("Orient", people, 0), ("West", 40, 0)]);
    check_regrouped(&two, &two, &renamed(30), (70, 70));
    check_regrouped(&two, &two, &renamed(15), (70, 55));
    // East's own file will come.
    check_regrouped(&two, &two, &of_groups(&[("West", 41, 0)]), (40, 41));
}

#[test]
fn who_is_lost_does_not_hide_behind_those_of_another_group() {
    let two = of_groups(&[("East", 30, 0), ("West", 40, 0)]);
    check_regrouped(&two, &two, &of_groups(&[("West", 55, 0)]), (70, 55));
    check_regrouped(&two, &two, &of_groups(&[("West", 40, 30)]), (70, 40));
}

#[track_caller]
fn check_swing(moved: (i128, i128), due: Option<(i128, i128)>, swung: bool) {
    let run = |total: i128, due: Option<i128>| {
        let texts = |sum: i128| BTreeMap::from([("_Dental USD".to_owned(), sum.to_string())]);
        BaseLine { population: 100, totals: texts(total), due: due.map(texts), ..BaseLine::default() }
    };
    let (before, now) = (run(moved.0, due.map(|due| due.0)), run(moved.1, due.map(|due| due.1)));
    let swings = before.swings(&now, LIMITS);
    let expected = Swing { key: "_Dental USD", moved: Some(moved) };
    assert_eq!(swings, if swung { vec![expected] } else { Vec::new() });
}

#[test]
fn a_base_line_keeps_what_a_night_owed_nothing_of() {
    let run = |totals: &[(&str, &str)], due: &[(&str, &str)]| {
        let texts = |of: &[(&str, &str)]| of.iter().map(|(key, sum)| ((*key).to_owned(), (*sum).to_owned())).collect();
        BaseLine { population: 100, totals: texts(totals), due: Some(texts(due)), ..BaseLine::default() }
    };
    let last = run(&[("_Dental USD", "1000"), ("_Life USD", "50")], &[("_Dental USD", "1010"), ("_Life USD", "50")]);
    let tonight = run(&[("_Dental USD", "40"), ("_Life USD", "60")], &[("_Life USD", "60")]);
    let kept = run(&[("_Dental USD", "1000"), ("_Life USD", "60")], &[("_Dental USD", "1010"), ("_Life USD", "60")]);
    let kept = BaseLine { carried_over: ["_Dental USD".to_owned()].into(), ..kept };
    assert_eq!(tonight.clone().after(Some(&last)), kept);
    assert_eq!(tonight.clone().after(None), tonight);
    let older = BaseLine { due: None, ..last };
    assert_eq!(tonight.clone().after(Some(&older)), tonight);
}

#[test]
fn a_total_swings_that_moves_otherwise_than_what_is_due() {
    check_swing((1_000, 1_050), None, false);
    check_swing((1_000, 1_051), None, true);
    check_swing((1_000, 500), Some((1_000, 1_000)), true);
    check_swing((1_000, 2_000), Some((1_000, 1_000)), true);
    // A pay date without deductions, some taken by mistake, and the one after it.
    check_swing((1_000, 0), Some((1_000, 0)), false);
    check_swing((1_000, 40), Some((1_030, 0)), false);
    check_swing((1_000, 60), Some((1_000, 0)), true);
    check_swing((40, 1_000), Some((0, 1_000)), false);
    // A renewal that payroll follows, one that it does not, and a file of twice the new amounts.
    check_swing((1_000, 1_200), Some((1_000, 1_200)), false);
    check_swing((1_000, 1_000), Some((1_000, 1_200)), false);
    check_swing((1_000, 2_400), Some((1_000, 1_200)), true);
    // What is never due: a benefit whose price nobody states.
    check_swing((1_000, 500), Some((0, 0)), true);
}
