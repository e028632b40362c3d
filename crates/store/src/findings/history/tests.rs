use std::collections::{BTreeMap, BTreeSet};

use proptest::prelude::*;

use super::*;
use crate::tests::at;
use tieout_model::finding::{Code, Severity};
use tieout_model::money::Money;

const JOB: &str = "demo";

fn day(day: u32) -> NaiveDate {
    NaiveDate::from_ymd_opt(2026, 3, day).expect("a day of March")
}

fn usd() -> Currency {
    Currency::parse("USD").expect("listed")
}

fn finding_in(employee_id: &str, period_end: Option<NaiveDate>, exposure: Option<(i64, Currency)>) -> Finding {
    Finding {
        severity: Severity::S2,
        employee_id: employee_id.into(),
        benefit: "_Dental".to_owned(),
        field: "ee_amount".to_owned(),
        period_exposure: exposure.map(|(amount, currency)| (Money::units(amount), currency)),
        period_end,
        ..Finding::blank(Code::AM01)
    }
}

/// Exposure of `amount` dollars in the first half of March.
fn finding(employee_id: &str, amount: i64) -> Finding {
    finding_in(employee_id, Some(day(15)), Some((amount, usd())))
}

fn all_judged() -> Judged {
    Judged::new(true, BTreeSet::new(), &[])
}

fn ids(findings: &[Finding]) -> Vec<String> {
    findings.iter().map(|f| tieout_model::finding::id(JOB, f)).collect()
}

fn store() -> Store {
    Store::in_memory().expect("opens")
}

fn night(store: &mut Store, as_of: u32, findings: &[Finding], judged: &Judged) -> FindingHistory {
    let history = store.preview(day(as_of), &ids(findings), findings, judged).expect("previews");
    let nothing = NewPosting { night: day(as_of), now: at(0), by: "tieout", reason: "", pages: &[] };
    store.record(&history, &nothing).expect("records");
    history
}

/// Status, first day seen, nights and periods of the only finding.
#[track_caller]
fn check_seen(history: &FindingHistory, status: Status, first_seen: u32, nights_open: u32, periods_open: u32) {
    let [seen] = &history.seen[..] else { panic!("expected one finding, got {:?}", history.seen) };
    let found = (seen.status, seen.first_seen, seen.nights_open, seen.periods_open);
    assert_eq!(found, (status, day(first_seen), nights_open, periods_open));
}

fn dollars(history: &FindingHistory) -> Option<i128> {
    history.seen[0].exposure_to_date.map(|(counts, _)| counts / 10_000)
}

/// Every row without the columns that only serve a repeated night.
fn dump(store: &Store) -> Vec<String> {
    let sql = "SELECT id || first_seen || status || last_seen || ifnull(cleared_on, '-') || nights_open || reopened FROM finding
               UNION ALL SELECT finding_id || period_end || currency || exposure FROM finding_period ORDER BY 1";
    let mut statement = store.connection().prepare(sql).expect("prepares");
    statement.query_map([], |row| row.get(0)).expect("reads").collect::<Result<_, _>>().expect("reads")
}

#[test]
fn a_finding_is_new_then_open_then_cleared_then_re_opened() {
    let mut store = store();
    let found = [finding("1", 10)];
    check_seen(&night(&mut store, 1, &found, &all_judged()), Status::New, 1, 1, 1);
    check_seen(&night(&mut store, 2, &found, &all_judged()), Status::Open, 1, 2, 1);
    let gone = night(&mut store, 3, &[], &all_judged());
    let [cleared] = &gone.cleared[..] else { panic!("expected one cleared finding") };
    assert_eq!((cleared.first_seen, cleared.last_seen, cleared.nights_open), (day(1), day(2), 2));
    assert_eq!(cleared.code, "AM01");
    assert_eq!(night(&mut store, 4, &[], &all_judged()).cleared, [], "it is cleared once");
    check_seen(&night(&mut store, 5, &found, &all_judged()), Status::Reopened, 1, 3, 1);
    check_seen(&night(&mut store, 6, &found, &all_judged()), Status::Open, 1, 4, 1);
}

#[test]
fn a_preview_writes_nothing() {
    let mut store = store();
    night(&mut store, 1, &[finding("1", 10)], &all_judged());
    let before = dump(&store);
    store.preview(day(2), &ids(&[finding("2", 10)]), &[finding("2", 10)], &all_judged()).expect("previews");
    assert_eq!(dump(&store), before);
}

#[test]
fn a_night_counts_once_however_often_it_runs() {
    let mut store = store();
    let found = [finding("1", 10)];
    let first = night(&mut store, 1, &found, &all_judged());
    let second = night(&mut store, 1, &found, &all_judged());
    assert_eq!((&second.seen, &second.cleared), (&first.seen, &first.cleared));
    assert_eq!(second.changes, Changes::default(), "nothing is left to write");
    check_seen(&night(&mut store, 2, &found, &all_judged()), Status::Open, 1, 2, 1);
    check_seen(&night(&mut store, 2, &found, &all_judged()), Status::Open, 1, 2, 1);
}

#[test]
fn a_finding_that_only_the_first_run_of_the_night_saw_is_cleared_that_day() {
    let mut store = store();
    let found = [finding("1", 10)];
    let first = night(&mut store, 1, &found, &all_judged());
    let repeated = night(&mut store, 1, &[], &all_judged());
    let [cleared] = &repeated.cleared[..] else { panic!("expected one cleared finding") };
    assert_eq!((cleared.first_seen, cleared.last_seen, cleared.nights_open), (day(1), day(1), 1));
    let past = store.past_finding(&first.seen[0].id).expect("reads").expect("is known");
    assert_eq!((past.status.as_str(), past.cleared_on.as_deref()), ("cleared", Some("2026-03-01")));
    assert_eq!(past.periods, [("2026-03-15".to_owned(), 100_000, "USD".to_owned())]);
    let again = night(&mut store, 1, &[], &all_judged());
    assert_eq!((again.cleared, again.changes), (repeated.cleared, Changes::default()), "the same run changes nothing");
    check_seen(&night(&mut store, 1, &found, &all_judged()), Status::New, 1, 1, 1);
    night(&mut store, 1, &[], &all_judged());
    assert_eq!(night(&mut store, 2, &[], &all_judged()).cleared, [], "it was cleared the day before");
    check_seen(&night(&mut store, 3, &found, &all_judged()), Status::Reopened, 1, 2, 1);
}

#[test]
fn a_finding_that_came_back_for_one_run_of_the_night_is_cleared_again() {
    let mut store = store();
    let found = [finding("1", 10)];
    night(&mut store, 1, &found, &all_judged());
    night(&mut store, 2, &[], &all_judged());
    check_seen(&night(&mut store, 3, &found, &all_judged()), Status::Reopened, 1, 2, 1);
    let gone = night(&mut store, 3, &[], &all_judged());
    let cleared: Vec<_> = gone.cleared.iter().map(|c| (c.first_seen, c.last_seen, c.nights_open)).collect();
    assert_eq!(cleared, [(day(1), day(3), 2)]);
}

#[test]
fn a_finding_that_the_first_run_of_the_night_cleared_is_still_open_for_the_second() {
    let mut store = store();
    let found = [finding("1", 10)];
    night(&mut store, 1, &found, &all_judged());
    assert_eq!(night(&mut store, 2, &[], &all_judged()).cleared.len(), 1);
    assert_eq!(night(&mut store, 2, &[], &all_judged()).cleared.len(), 1, "the second run shows it as well");
    check_seen(&night(&mut store, 2, &found, &all_judged()), Status::Open, 1, 2, 1);
}

#[test]
fn what_was_not_judged_is_not_cleared() {
    let mut store = store();
    let run_wide = finding("", 1);
    night(&mut store, 1, &[finding("1", 10), finding("2", 10), run_wide], &all_judged());
    let half_blind = Judged::new(false, BTreeSet::from(["2".into()]), &[]);
    let history = night(&mut store, 2, &[], &half_blind);
    let cleared: Vec<_> = history.cleared.iter().map(|c| c.employee_id.as_str()).collect();
    assert_eq!(cleared, ["1"]);
    let history = night(&mut store, 3, &[], &all_judged());
    let cleared: Vec<_> = history.cleared.iter().map(|c| (c.employee_id.as_str(), c.last_seen)).collect();
    assert_eq!(cleared.iter().copied().collect::<BTreeMap<_, _>>(), BTreeMap::from([("", day(1)), ("2", day(1))]));
}

#[test]
fn an_older_night_is_shown_with_a_warning_and_not_recorded() {
    let mut store = store();
    night(&mut store, 10, &[finding("1", 10)], &all_judged());
    night(&mut store, 11, &[finding("1", 10)], &all_judged());
    let before = dump(&store);
    let older = night(&mut store, 9, &[finding("1", 10), finding("2", 10)], &all_judged());
    assert!(older.warning.as_ref().is_some_and(|w| w.contains("2026-03-11")), "{:?}", older.warning);
    assert!(older.seen.iter().all(|seen| seen.status == Status::New && seen.first_seen == day(9)));
    let between = night(&mut store, 10, &[], &all_judged());
    assert_eq!((between.cleared, between.warning.is_some()), (Vec::new(), true));
    assert_eq!(dump(&store), before);
}

#[test]
fn exposure_adds_up_over_periods_and_a_period_counts_once() {
    let mut store = store();
    let in_period = |end: u32, amount| [finding_in("1", Some(day(end)), Some((amount, usd())))];
    assert_eq!(dollars(&night(&mut store, 1, &in_period(15, 10), &all_judged())), Some(10));
    assert_eq!(dollars(&night(&mut store, 2, &in_period(15, 10), &all_judged())), Some(10));
    let corrected = night(&mut store, 3, &in_period(15, 12), &all_judged());
    assert_eq!(dollars(&corrected), Some(12), "the newest figure of a period stands");
    let next = night(&mut store, 20, &in_period(31, 5), &all_judged());
    assert_eq!(dollars(&next), Some(17));
    check_seen(&next, Status::Open, 1, 4, 2);
}

#[test]
fn a_repeated_night_puts_a_period_back_before_it_counts_again() {
    let mut store = store();
    let amount = |amount| [finding_in("1", Some(day(15)), Some((amount, usd())))];
    night(&mut store, 1, &amount(10), &all_judged());
    night(&mut store, 2, &amount(99), &all_judged());
    night(&mut store, 2, &[finding_in("1", Some(day(31)), Some((5, usd())))], &all_judged());
    let history = store.preview(day(3), &ids(&amount(10)), &amount(10), &all_judged()).expect("previews");
    assert_eq!(dollars(&history), Some(15), "10 of the first period, 5 of the second; 99 was a mistake");
}

#[test]
fn a_late_change_that_clears_with_the_next_period_tells_of_no_earlier_one() {
    let late = |end: u32| [Finding { code: Code::TM07, ..finding_in("1", Some(day(end)), Some((10, usd()))) }];
    let mut store = store();
    night(&mut store, 1, &late(15), &all_judged());
    let history = night(&mut store, 2, &late(31), &all_judged());
    check_seen(&history, Status::Open, 1, 2, 1);
    assert_eq!(dollars(&history), Some(10));
}

#[test]
fn exposures_of_two_currencies_are_never_added() {
    let mut store = store();
    let gbp = Currency::parse("GBP").expect("listed");
    night(&mut store, 1, &[finding_in("1", Some(day(15)), Some((10, usd())))], &all_judged());
    let both = [finding_in("1", Some(day(31)), Some((7, gbp))), finding_in("1", Some(day(31)), Some((5, usd())))];
    let history = night(&mut store, 2, &both, &all_judged());
    let sums: Vec<_> = history.seen.iter().map(|s| s.exposure_to_date).collect();
    assert_eq!(sums, [Some((70_000, gbp)), Some((150_000, usd()))]);
    assert_eq!(history.seen[0].id, history.seen[1].id, "one history");
    let unknown = night(&mut store, 3, &[finding_in("1", Some(day(31)), None)], &all_judged());
    assert_eq!(unknown.seen[0].exposure_to_date, None);
    assert_eq!(unknown.seen[0].periods_open, 2);
}

#[test]
fn a_finding_without_money_counts_its_periods_and_has_no_exposure() {
    let mut store = store();
    night(&mut store, 1, &[finding_in("1", Some(day(15)), None)], &all_judged());
    let history = night(&mut store, 2, &[finding_in("1", Some(day(31)), None)], &all_judged());
    check_seen(&history, Status::Open, 1, 2, 2);
    assert_eq!(history.seen[0].exposure_to_date, None);
}

#[test]
fn people_of_open_findings_are_remembered() {
    let mut store = store();
    night(&mut store, 1, &[finding("1", 10), finding("2", 10), finding("", 1)], &all_judged());
    night(&mut store, 2, &[finding("2", 10)], &all_judged());
    assert_eq!(store.remembered_employees().expect("reads"), BTreeSet::from(["2".into()]));
}

/// Employee → dollars of one night.
fn any_night() -> impl Strategy<Value = BTreeMap<u8, i64>> {
    prop::collection::btree_map(0..6_u8, 0..3_i64, 0..6)
}

fn findings(night: &BTreeMap<u8, i64>) -> Vec<Finding> {
    night.iter().map(|(employee, amount)| finding(&employee.to_string(), *amount)).collect()
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(40))]

    #[test]
    fn each_status_is_what_the_nights_before_say(nights in prop::collection::vec(any_night(), 1..8)) {
        let mut store = store();
        for (at, tonight) in nights.iter().enumerate() {
            let as_of = 1 + u32::try_from(at).expect("few nights");
            let history = night(&mut store, as_of, &findings(tonight), &all_judged());
            let earlier = &nights[..at];
            for (employee, seen) in tonight.keys().zip(&history.seen) {
                let nights_before = earlier.iter().filter(|n| n.contains_key(employee)).count();
                let last_night = earlier.last().is_some_and(|n| n.contains_key(employee));
                let status = match (nights_before, last_night) {
                    (0, _) => Status::New,
                    (_, true) => Status::Open,
                    (_, false) => Status::Reopened,
                };
                prop_assert_eq!(seen.status, status);
                prop_assert_eq!(seen.nights_open as usize, nights_before + 1);
            }
            let gone = earlier.last().map_or(0, |n| n.keys().filter(|e| !tonight.contains_key(e)).count());
            prop_assert_eq!(history.cleared.len(), gone);
        }
    }

    #[test]
    fn a_repeated_night_leaves_what_its_last_look_at_each_person_says_and_forgets_no_finding(
        earlier in prop::collection::vec(any_night(), 0..4),
        runs in prop::collection::vec((any_night(), prop::collection::btree_set(0..6_u8, 0..3)), 1..4),
    ) {
        let mut store = store();
        for (tonight, as_of) in earlier.iter().zip(1..) {
            night(&mut store, as_of, &findings(tonight), &all_judged());
        }
        let run = |store: &mut Store, (found, unread): &(BTreeMap<u8, i64>, BTreeSet<u8>)| {
            let judged = Judged::new(true, unread.iter().map(|id| id.to_string().into()).collect(), &[]);
            night(store, TODAY, &findings(found), &judged)
        };
        let last = runs.iter().map(|looks| run(&mut store, looks)).last().expect("at least one");
        let lives: BTreeMap<u8, Life> = (0..6).filter_map(|e| Some((e, Life::of(e, &earlier, &runs)?))).collect();
        let mut rows: Vec<String> = lives.iter().flat_map(|(employee, life)| life.rows(*employee)).collect();
        rows.sort();
        prop_assert_eq!(dump(&store), rows);
        let gone: BTreeSet<String> =
            lives.iter().filter(|(_, life)| life.cleared_on == Some(TODAY)).map(|(e, _)| e.to_string()).collect();
        prop_assert_eq!(last.cleared.iter().map(|c| c.employee_id.to_string()).collect::<BTreeSet<_>>(), gone);
        let nights: Vec<_> = runs.last().expect("at least one").0.keys().map(|e| lives[e].nights.len()).collect();
        prop_assert_eq!(last.seen.iter().map(|s| s.nights_open as usize).collect::<Vec<_>>(), nights);
        let again = run(&mut store, runs.last().expect("at least one"));
        prop_assert_eq!((again.changes, again.cleared), (Changes::default(), last.cleared));
    }
}

/// The day that the property above repeats.
const TODAY: u32 = 20;

/// What is to be known of an employee's finding after some nights and the runs of today.
struct Life {
    /// Days on which any run saw it.
    nights: Vec<u32>,
    /// Of the last run that saw it.
    dollars: i64,
    cleared_on: Option<u32>,
    reopened: usize,
}

impl Life {
    /// `None`: nobody ever saw it.
    fn of(employee: u8, earlier: &[BTreeMap<u8, i64>], runs: &[(BTreeMap<u8, i64>, BTreeSet<u8>)]) -> Option<Life> {
        let past = earlier.iter().zip(1..).map(|(found, day)| (day, found.get(&employee).copied()));
        let (past, mut looks): (Vec<_>, Vec<_>) = (past.clone().collect(), past.collect());
        let looked = runs.iter().filter(|(found, unread)| found.contains_key(&employee) || !unread.contains(&employee));
        let today: Vec<Option<i64>> = looked.map(|(found, _)| found.get(&employee).copied()).collect();
        // Today counts as one look that saw it when any run did; whether it is gone is the last run's word.
        let saw_today = today.iter().rev().find_map(|amount| *amount);
        looks.extend((!today.is_empty()).then_some((TODAY, saw_today)));
        let open_before = past.last().is_some_and(|(_, amount)| amount.is_some());
        let nights: Vec<u32> = looks.iter().filter(|(_, amount)| amount.is_some()).map(|(day, _)| *day).collect();
        let dollars = looks.iter().rev().find_map(|(_, amount)| *amount)?;
        let gone_today = today.last() == Some(&None) && (open_before || saw_today.is_some());
        let after_last = looks.iter().map(|(day, _)| *day).find(|day| Some(day) > nights.last());
        let cleared_on = if gone_today { Some(TODAY) } else { after_last };
        let times_seen = looks.chunk_by(|a, b| a.1.is_some() == b.1.is_some()).filter(|run| run[0].1.is_some()).count();
        Some(Life { nights, dollars, cleared_on, reopened: times_seen - 1 })
    }

    /// As `dump` writes them.
    fn rows(&self, employee: u8) -> [String; 2] {
        let id = tieout_model::finding::id(JOB, &finding(&employee.to_string(), self.dollars));
        let (first, last) = (day(self.nights[0]), day(*self.nights.last().expect("was seen")));
        let status = if self.cleared_on.is_none() { "open" } else { "cleared" };
        let cleared_on = self.cleared_on.map_or_else(|| "-".to_owned(), |on| day(on).to_string());
        let (nights, reopened) = (self.nights.len(), self.reopened);
        [
            format!("{id}{first}{status}{last}{cleared_on}{nights}{reopened}"),
            format!("{id}{}USD{}", day(15), Money::units(self.dollars).0),
        ]
    }
}

#[test]
fn who_is_unreadable_in_the_second_run_of_a_night_keeps_what_the_first_run_saw() {
    let mut store = store();
    let found = [finding("1", 10), finding("2", 10)];
    let unreadable = Judged::new(false, BTreeSet::from(["1".into()]), &[]);
    night(&mut store, 1, &found, &all_judged());
    let second = night(&mut store, 1, &[], &unreadable);
    let cleared: Vec<_> = second.cleared.iter().map(|c| c.employee_id.as_str()).collect();
    assert_eq!(cleared, ["2"], "nobody looked at the other one");
    let next = night(&mut store, 2, &found, &all_judged());
    let seen: Vec<_> = next.seen.iter().map(|s| (s.status, s.first_seen, s.nights_open)).collect();
    assert_eq!(seen, [(Status::Open, day(1), 2), (Status::Reopened, day(1), 2)]);
    assert_eq!(dollars(&next), Some(10));
}

#[test]
fn what_the_first_run_of_a_night_cleared_stays_cleared_for_a_second_that_could_not_look() {
    let mut store = store();
    let unreadable = Judged::new(false, BTreeSet::from(["1".into()]), &[]);
    night(&mut store, 1, &[finding("1", 10)], &all_judged());
    night(&mut store, 2, &[], &all_judged());
    let before = dump(&store);
    assert_eq!(night(&mut store, 2, &[], &unreadable).cleared.len(), 1, "the day's report still says so");
    assert_eq!(dump(&store), before);
    check_seen(&night(&mut store, 3, &[finding("1", 10)], &all_judged()), Status::Reopened, 1, 2, 1);
}

#[test]
fn nights_of_days_that_are_yet_to_come_do_not_stop_the_history() {
    let mut store = Store::in_memory().expect("opens");
    let both = [finding("1", 10), finding("2", 10)];
    night(&mut store, 1, &both[..1], &all_judged());
    // The clock was ahead for one night.
    night(&mut store, 20, &both, &all_judged());
    let today = |store: &mut Store, as_of: u32, findings: &[Finding]| {
        let preview = store.preview_on(day(as_of), Some(day(as_of)), &ids(findings), findings, &all_judged());
        let history = preview.expect("compares");
        let nothing = NewPosting { night: day(as_of), now: at(0), by: "tieout", reason: "", pages: &[] };
        store.record(&history, &nothing).expect("records");
        history
    };
    let history = today(&mut store, 2, &both);
    assert_eq!((history.warning.as_ref(), history.over), (None, Some(day(20))));
    let seen = |history: &FindingHistory| -> Vec<_> {
        history.seen.iter().map(|s| (s.status, s.first_seen, s.nights_open)).collect()
    };
    assert_eq!(seen(&history), [(Status::Open, day(1), 2), (Status::New, day(2), 1)]);
    let next = today(&mut store, 3, &both[..1]);
    assert_eq!((next.over, next.cleared.len()), (None, 1), "the later night is forgotten");
    assert_eq!(seen(&next), [(Status::Open, day(1), 3)]);
    // A day of the past is still shown against what is recorded.
    let older = store.preview_on(day(2), Some(day(3)), &ids(&both), &both, &all_judged()).expect("compares");
    assert!(older.warning.is_some());
}

#[test]
fn the_periods_of_a_finding_are_those_that_nights_before_saw() {
    let mut store = store();
    let [first, second] = [15, 31].map(|end| finding_in("7", Some(day(end)), Some((i64::from(end), usd()))));
    night(&mut store, 14, std::slice::from_ref(&first), &all_judged());
    night(&mut store, 30, std::slice::from_ref(&second), &all_judged());
    let ids = ids(&[first]);
    let told = |of: u32| {
        let mut told = Vec::new();
        let visit = |_: &str, periods: Vec<crate::SeenPeriod>| told = periods;
        store.each_seen_periods(day(of), [ids[0].as_str()], visit).expect("reads");
        told.iter().map(|period| (period.end, period.exposure.expect("computed").0 / 10_000)).collect::<Vec<_>>()
    };
    assert_eq!(told(30), [(day(15), 15)], "a repeated night is compared with those before it");
    assert_eq!(told(31), [(day(15), 15), (day(31), 31)]);
}
