use super::*;
use crate::push::tests::{POLICY, at, item, settings};

fn candidate(item: Item) -> Candidate {
    Candidate { item, outdated: None, blocked: None, sets_pay: false }
}

fn usd(units: i64) -> Option<(Money, Currency)> {
    Currency::parse("USD").map(|currency| (Money::units(units), currency))
}

fn limits(settings: &job::Push) -> Limits<'_> {
    Limits {
        settings,
        policy_hash: POLICY,
        now: at(0),
        day_start: at(-3600),
        items_max: None,
        sent_today: SentToday::default(),
        kinds: KindLimits { new_hires: 2, terminations: 1, oyster_provisionings: 2, oyster_requests: 1 },
        ssns: &Ssns::NotSent,
    }
}

fn doubtful(id: i64, employee_id: &str) -> Item {
    Item { state: ItemState::InDoubt, ..item(id, employee_id) }
}

/// Ids to send, ids and reasons of held ones, ids of stale and voided ones.
type Ids = (Vec<i64>, Vec<(i64, Why)>, Vec<i64>, Vec<i64>);

fn ids(planned: &Planned) -> Ids {
    let closed = |items: &[(Item, String)]| items.iter().map(|(item, _)| item.id).collect();
    (
        planned.to_send.iter().map(|item| item.id).collect(),
        planned.held.iter().map(|held| (held.item, held.why)).collect(),
        closed(&planned.stale),
        closed(&planned.voided),
    )
}

#[track_caller]
fn check(candidates: Vec<Candidate>, limits: &Limits<'_>, sent: &[i64], held: &[(i64, Why)]) {
    let found = ids(&plan_push(candidates, limits));
    assert_eq!(found, (sent.to_vec(), held.to_vec(), Vec::new(), Vec::new()));
}

#[test]
fn the_items_of_one_employee_stand_together_in_the_order_of_their_kinds() {
    let settings = settings();
    let demographic = |id, employee| Item { kind: CorrectionKind::Demographic, ..item(id, employee) };
    let items = [item(9, "B"), demographic(8, "A"), item(2, "C"), item(3, "A"), demographic(7, "C")];
    // C has the oldest item and A the second oldest; a new address goes before a new pay.
    check(items.map(candidate).into(), &limits(&settings), &[7, 2, 8, 3, 9], &[]);
}

#[test]
fn the_order_of_the_candidates_does_not_matter() {
    let settings = settings();
    let mut limits = limits(&settings);
    limits.items_max = Some(2);
    let mut items = vec![item(1, "A"), item(2, "B"), item(3, "C"), doubtful(4, "D")];
    let expected = plan_push(items.iter().cloned().map(candidate).collect(), &limits);
    items.reverse();
    assert_eq!(plan_push(items.into_iter().map(candidate).collect(), &limits), expected);
}

#[test]
fn a_stale_item_is_closed_and_an_approval_under_another_policy_is_void() {
    let settings = settings();
    let old = |seconds| Item { approved_at: Some(at(-30 * 86_400 - i64::from(seconds))), ..item(1, "A") };
    let gone = Candidate { outdated: Some("gone".to_owned()), ..candidate(item(2, "B")) };
    let elsewhere = Item { policy_hash: Some("other".to_owned()), ..item(3, "C") };
    let planned = plan_push(vec![candidate(old(1)), gone, candidate(elsewhere)], &limits(&settings));
    assert_eq!(ids(&planned), (vec![], vec![], vec![1, 2], vec![3]));
    assert_eq!(planned.stale[1].1, "gone");
    check(vec![candidate(old(0))], &limits(&settings), &[1], &[]);
}

#[test]
fn an_item_in_doubt_goes_again_only_if_the_job_lets_it_and_it_still_holds() {
    let mut settings = settings();
    let in_doubt = [(1, Why::InDoubt)];
    check(vec![candidate(doubtful(1, "A"))], &limits(&settings), &[], &in_doubt);
    settings.retry_uncertain = RetryUncertain::StateSettingOnly;
    check(vec![candidate(doubtful(1, "A"))], &limits(&settings), &[1], &[]);
    // It may have been applied: it is neither closed nor unapproved.
    let over = [
        Candidate { outdated: Some("gone".to_owned()), ..candidate(doubtful(1, "A")) },
        candidate(Item { policy_hash: Some("other".to_owned()), ..doubtful(1, "A") }),
        candidate(Item { approved_at: Some(at(-31 * 86_400)), ..doubtful(1, "A") }),
    ];
    for candidate in over {
        check(vec![candidate], &limits(&settings), &[], &in_doubt);
    }
}

#[test]
fn what_a_recovery_put_in_doubt_is_told_as_that_and_never_goes_again_by_itself() {
    let settings = job::Push { retry_uncertain: RetryUncertain::StateSettingOnly, ..settings() };
    let void = Item { approved_by: None, approved_at: None, policy_hash: None, ..doubtful(1, "A") };
    for changed_at in [at(-50), at(-31 * 86_400)] {
        let planned = plan_push(vec![candidate(Item { changed_at, ..void.clone() })], &limits(&settings));
        let reason =
            "in doubt (it may have been sent before the state was recovered): settle it with `tieout queue resolve`";
        let held = planned.held.iter().map(|held| (held.item, held.why, held.reason.as_str()));
        assert_eq!(held.collect::<Vec<_>>(), [(1, Why::InDoubt, reason)]);
    }
}

#[test]
fn what_follows_a_held_item_of_the_same_employee_waits() {
    let settings = settings();
    let first = Item { kind: CorrectionKind::Demographic, ..doubtful(5, "A") };
    let candidates = vec![candidate(first), candidate(item(1, "A")), candidate(item(2, "B"))];
    let planned = plan_push(candidates, &limits(&settings));
    assert_eq!(ids(&planned), (vec![2], vec![(5, Why::InDoubt), (1, Why::InDoubt)], vec![], vec![]));
    assert_eq!(planned.held[1].reason, "waits for item 5");
}

#[test]
fn the_number_of_items_is_bounded_by_the_push_and_by_the_day() {
    let settings = job::Push { daily_items_max: 10, ..settings() };
    let three = || [item(1, "A"), item(2, "B"), item(3, "C")].map(candidate).to_vec();
    let mut limits = limits(&settings);
    limits.items_max = Some(1);
    check(three(), &limits, &[1], &[(2, Why::RunLimit), (3, Why::RunLimit)]);
    limits.items_max = None;
    for (sent_today, sent) in [(7, 3), (8, 2), (10, 0), (11, 0)] {
        limits.sent_today.items = sent_today;
        let planned = plan_push(three(), &limits);
        assert_eq!((planned.to_send.len(), planned.held.len()), (sent, 3 - sent), "{sent_today}");
        assert!(planned.held.iter().all(|held| held.why == Why::DailyItems));
    }
}

#[test]
fn the_money_of_a_day_counts_without_its_sign_and_by_currency() {
    let mut settings = settings();
    settings.daily_yearly_difference_max = Some(Money::units(1_000));
    let mut limits = limits(&settings);
    let worth =
        |id: i64, employee: &str, difference| candidate(Item { yearly_difference: difference, ..item(id, employee) });
    let euros = Currency::parse("EUR").map(|currency| (Money::units(1_000), currency));
    let four =
        || vec![worth(1, "A", usd(600)), worth(2, "B", usd(-500)), worth(3, "C", usd(-400)), worth(4, "D", euros)];
    check(four(), &limits, &[1, 3, 4], &[(2, Why::DailyAmount)]);
    limits.sent_today.differences = usd(0).map(|(_, usd)| (usd, 4_010_000)).into_iter().collect();
    check(four(), &limits, &[2, 4], &[(1, Why::DailyAmount), (3, Why::DailyAmount)]);
}

#[test]
fn a_rate_of_pay_without_a_known_difference_does_not_slip_through_the_cap() {
    let mut settings = settings();
    let rate = || Candidate { sets_pay: true, ..candidate(item(1, "A")) };
    check(vec![rate()], &limits(&settings), &[1], &[]);
    settings.daily_yearly_difference_max = Some(Money::units(1_000_000));
    check(vec![rate(), candidate(item(2, "B"))], &limits(&settings), &[2], &[(1, Why::DailyAmount)]);
}

#[test]
fn what_is_in_doubt_since_today_counted_already() {
    let mut settings = settings();
    settings.retry_uncertain = RetryUncertain::StateSettingOnly;
    settings.daily_items_max = 1;
    let mut limits = limits(&settings);
    limits.sent_today.items = 1;
    let since = |seconds| candidate(Item { changed_at: at(seconds), ..doubtful(1, "A") });
    check(vec![since(-3600)], &limits, &[1], &[]);
    check(vec![since(-3601)], &limits, &[], &[(1, Why::DailyItems)]);
}

fn of_kind(kind: CorrectionKind, id: i64, employee_id: &str) -> Candidate {
    candidate(Item { kind, ..item(id, employee_id) })
}

#[test]
fn hires_and_terminations_go_out_up_to_their_own_cap() {
    let settings = settings();
    let mut limits = limits(&settings);
    let all = || {
        let hires = [(1, "A"), (2, "B"), (3, "C")].map(|(id, who)| of_kind(CorrectionKind::NewHire, id, who));
        let leavers = [(4, "D"), (5, "E")].map(|(id, who)| of_kind(CorrectionKind::Termination, id, who));
        [hires.to_vec(), leavers.to_vec(), vec![candidate(item(6, "F"))]].concat()
    };
    // Two hires and one termination, by the limits of these tests.
    check(all(), &limits, &[1, 2, 4, 6], &[(3, Why::KindLimit), (5, Why::KindLimit)]);
    limits.kinds = KindLimits::default();
    let held = [1, 2, 3, 4, 5].map(|id| (id, Why::KindLimit));
    check(all(), &limits, &[6], &held);
}

#[test]
fn of_one_employee_the_hire_goes_first_and_the_termination_last() {
    let settings = settings();
    let kinds = [
        CorrectionKind::Termination,
        CorrectionKind::Compensation,
        CorrectionKind::NewHire,
        CorrectionKind::Demographic,
    ];
    let candidates = (1..).zip(kinds).map(|(id, kind)| of_kind(kind, id, "A")).collect();
    check(candidates, &limits(&settings), &[3, 4, 2, 1], &[]);
}

#[test]
fn what_follows_a_hire_that_stays_waits_for_it() {
    let settings = settings();
    let mut limits = limits(&settings);
    limits.kinds = KindLimits::default();
    let candidates = vec![of_kind(CorrectionKind::NewHire, 1, "A"), of_kind(CorrectionKind::Compensation, 2, "A")];
    check(candidates, &limits, &[], &[(1, Why::KindLimit), (2, Why::KindLimit)]);
}

#[test]
fn a_hire_whose_social_security_number_payroll_does_not_give_is_held() {
    let settings = settings();
    let mut limits = limits(&settings);
    let known = Ssn::parse("123-45-6789").map(|ssn| ("A".to_owned(), ssn));
    let ssns = Ssns::Sent(known.into_iter().collect());
    limits.ssns = &ssns;
    let candidates = || {
        let hires = [(1, "A"), (2, "B")].map(|(id, who)| of_kind(CorrectionKind::NewHire, id, who));
        [hires.to_vec(), vec![of_kind(CorrectionKind::Termination, 3, "C")]].concat()
    };
    check(candidates(), &limits, &[1, 3], &[(2, Why::Ssn)]);
    limits.ssns = &Ssns::NotSent;
    check(candidates(), &limits, &[1, 2, 3], &[]);
}

#[test]
fn a_hire_in_doubt_never_goes_again_and_a_termination_if_the_job_lets_it() {
    let mut settings = settings();
    settings.retry_uncertain = RetryUncertain::StateSettingOnly;
    let in_doubt = |kind, id, who: &str| candidate(Item { kind, ..doubtful(id, who) });
    let candidates = vec![in_doubt(CorrectionKind::NewHire, 1, "A"), in_doubt(CorrectionKind::Termination, 2, "B")];
    check(candidates, &limits(&settings), &[2], &[(1, Why::InDoubt)]);
}

proptest::proptest! {
    #[test]
    fn every_candidate_ends_in_one_place_and_no_cap_is_broken(
        people in proptest::collection::vec((0..4_u8, -500..500_i64, 0..4_u8), 0..20),
        items_max in 0..12_u64,
        daily_items_max in 0..12_u32,
        amount_max in 0..1_000_i64,
    ) {
        let mut settings = settings();
        settings.daily_items_max = daily_items_max;
        settings.daily_yearly_difference_max = Some(Money::units(amount_max));
        let candidates: Vec<Candidate> = (1..).zip(&people).map(|(id, (employee, difference, state))| {
            let base = Item { yearly_difference: usd(*difference), ..item(id, &employee.to_string()) };
            match state {
                0 => candidate(Item { state: ItemState::InDoubt, ..base }),
                1 => Candidate { outdated: Some("gone".to_owned()), ..candidate(base) },
                _ => candidate(base),
            }
        }).collect();
        let planned = plan_push(candidates, &Limits { items_max: Some(items_max), ..limits(&settings) });
        let (sent, held, stale, voided) = ids(&planned);
        let mut all: Vec<i64> = [sent.clone(), held.iter().map(|(id, _)| *id).collect(), stale, voided].concat();
        all.sort_unstable();
        proptest::prop_assert_eq!(all, (1..=people.len() as i64).collect::<Vec<_>>());
        proptest::prop_assert!(sent.len() as u64 <= items_max.min(u64::from(daily_items_max)));
        let sum: i128 = planned.to_send.iter().filter_map(|item| item.yearly_difference).map(|(d, _)| magnitude(d)).sum();
        proptest::prop_assert!(sum <= magnitude(Money::units(amount_max)));
    }
}
