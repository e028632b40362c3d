//! Oyster's benefits month after month: what payroll left out or took too much stays open until it is made good, as far
//! as estimates tell. Unless a test says otherwise, 80.00 a month, half of it the employee's.

use chrono::{Days, Months, NaiveDate};

use crate::balance::BalanceHistory;
use crate::rules::Judgement;
use crate::rules::tests::oyster_world::{engagement, enrollment, seen};
use crate::rules::tests::world::{World, date, deduction, person};
use crate::rules::tests::{check_sound, only, unverified};
use tieout_model::balance::{Ending, Page};
use tieout_model::finding::Payer;
use tieout_payroll::FilePeriod;

const HEALTH: &str = "_OysterHealth";

/// What payroll takes of 2001: of the employee, of the employer. `None`: no line.
type Charge = Option<(&'static str, &'static str)>;

const RIGHT: Charge = Some(("40.00", "40.00"));

/// A payroll by the month, with 2001, of whom a test tells, and 2002, who is always charged right.
struct Payroll {
    world: World,
    first: NaiveDate,
    posted: Vec<(NaiveDate, Page)>,
}

impl Payroll {
    fn new() -> Payroll {
        let mut world = World::empty().with_oyster();
        world.job.deductions.per_year.iter_mut().for_each(|entry| entry.per_year = 12);
        for (id, at) in [("2001", "e1"), ("2002", "e2")] {
            let mut of_month = person(id);
            of_month.frequency = Some("monthly");
            world.people.push(of_month);
            world.link(id, at);
            world.engagements.push(engagement(at));
            let mut cover = enrollment(at, "P1");
            (cover.price, cover.share) = (Some("80.00"), Some("50"));
            world.enrollments.push(cover);
        }
        Payroll { world, first: date("2026-01-01"), posted: Vec::new() }
    }

    /// The night after the next month.
    fn month(&mut self, charge: Charge) -> Judgement {
        let next = self.first.checked_add_months(Months::new(1)).expect("a day");
        let last = next.checked_sub_days(Days::new(1)).expect("a day");
        self.world.period = FilePeriod { start: self.first, end: last, pay_date: Some(last), cutoff: last };
        self.first = next;
        self.night(next, charge)
    }

    /// A later night that reads the file of the same month.
    fn again(&mut self, day: &str, charge: Charge) -> Judgement {
        self.night(date(day), charge)
    }

    fn night(&mut self, night: NaiveDate, charge: Charge) -> Judgement {
        self.world.as_of = night;
        let of_2001 = charge.map(|(employee, employer)| deduction("2001", "OYH", employee, employer));
        self.world.deductions = of_2001.into_iter().chain([deduction("2002", "OYH", "40.00", "40.00")]).collect();
        let mut posted = self.posted.clone();
        posted.sort_by(|(_, a), (_, b)| a.employee_id.cmp(&b.employee_id));
        self.world.books = BalanceHistory::new(Some(night), posted);
        let judgement = self.world.judge();
        check_sound(&self.world, &judgement);
        self.posted.extend(judgement.pages.iter().map(|page| (night, page.clone())));
        judgement
    }

    /// The enrollment is seen in another state from a day on.
    fn turns(&mut self, state: &str, day: &str) {
        let cover = &mut self.world.enrollments[0];
        cover.state = state.to_owned();
        cover.seen.push(seen(day, state, true));
    }
}

/// Codes and what each says to be open.
fn told(judgement: &Judgement) -> Vec<String> {
    let open = |balance: &tieout_model::finding::OpenBalance| balance.amount.to_text(2);
    let one = |f: &tieout_model::finding::Finding| {
        format!("{} {}", f.code.name(), f.balance.as_ref().map_or("-".to_owned(), open))
    };
    let mut all: Vec<String> = judgement.findings.iter().filter(|f| f.benefit == HEALTH).map(one).collect();
    all.sort();
    all
}

/// How the money of the employee ended.
fn ended(judgement: &Judgement) -> Option<Ending> {
    judgement.endings.of(("2001", HEALTH, false), &[Payer::Employee]).map(|(ending, ..)| ending)
}

#[test]
fn a_month_without_a_charge_stays_open_until_it_is_taken_in_parts_too() {
    let mut payroll = Payroll::new();
    assert_eq!(told(&payroll.month(RIGHT)), [""; 0]);
    assert_eq!(told(&payroll.month(None)), ["EN09 80.00"]);
    let later = payroll.month(RIGHT);
    assert_eq!(told(&later), ["EN09 80.00"]);
    assert!(only(&later, "EN09").sentence.contains("as far as estimates tell"), "{}", only(&later, "EN09").sentence);
    assert_eq!(told(&payroll.month(Some(("60.00", "80.00")))), ["EN09 20.00"]);
    let last = payroll.month(Some(("60.00", "40.00")));
    assert_eq!((told(&last), ended(&last)), (vec![], Some(Ending::MadeGood)));
    assert_eq!(told(&payroll.month(RIGHT)), [""; 0]);
}

#[test]
fn too_much_stays_open_until_it_is_refunded() {
    let mut payroll = Payroll::new();
    payroll.month(RIGHT);
    assert_eq!(told(&payroll.month(Some(("60.00", "40.00")))), ["AM15 -20.00"]);
    assert_eq!(told(&payroll.month(RIGHT)), ["AM15 -20.00"]);
    let refund = payroll.month(Some(("20.00", "40.00")));
    assert_eq!((told(&refund), ended(&refund)), (vec![], Some(Ending::MadeGood)));
    assert_eq!(told(&payroll.month(RIGHT)), [""; 0]);
    // More than was open is a difference of its own.
    assert_eq!(told(&payroll.month(Some(("20.00", "40.00")))), ["AM15 20.00"]);
}

#[test]
fn what_was_taken_after_cover_ended_may_be_given_back_whether_it_was_let_pass_or_found() {
    let mut payroll = Payroll::new();
    payroll.month(RIGHT);
    payroll.turns("FINISHED", "2026-02-12");
    assert_eq!(told(&payroll.month(RIGHT)), [""; 0]);
    assert_eq!(told(&payroll.month(RIGHT)), [""; 0]);
    assert_eq!(told(&payroll.month(RIGHT)), ["EN08 -80.00"]);
    let refund = payroll.month(Some(("-40.00", "-40.00")));
    assert_eq!((told(&refund), ended(&refund)), (vec![], Some(Ending::MadeGood)));
    // What was let pass as well, and no more.
    assert_eq!(told(&payroll.month(Some(("-40.00", "-40.00")))), [""; 0]);
    let more = payroll.month(Some(("-90.00", "-90.00")));
    assert_eq!((told(&more), unverified(&more).len()), (vec![], 1));
}

#[test]
fn a_charge_a_month_too_early_is_settled_by_the_month_that_payroll_leaves_out() {
    let mut payroll = Payroll::new();
    payroll.world.enrollments[0].state = "ENROLLED".to_owned();
    payroll.world.enrollments[0].seen =
        vec![seen("2025-11-01", "FINISHED", true), seen("2026-02-01", "ENROLLED", true)];
    assert_eq!(told(&payroll.month(RIGHT)), ["EN08 -80.00"]);
    let left_out = payroll.month(None);
    assert_eq!((told(&left_out), ended(&left_out)), (vec![], Some(Ending::MadeGood)));
    assert_eq!(told(&payroll.month(RIGHT)), [""; 0]);
}

#[test]
fn an_enrollment_that_is_completed_makes_what_was_taken_meanwhile_right() {
    let mut payroll = Payroll::new();
    payroll.world.enrollments[0].seen = vec![seen("2026-01-01", "APPLIED", true), seen("2026-02-10", "ENROLLED", true)];
    assert_eq!(told(&payroll.month(RIGHT)), ["EN08 -80.00"]);
    let completed = payroll.month(RIGHT);
    assert_eq!((told(&completed), ended(&completed)), (vec![], Some(Ending::NeverOwed)));
    // Unless payroll leaves a month out for it.
    let mut payroll = Payroll::new();
    payroll.world.enrollments[0].seen = vec![seen("2026-01-01", "APPLIED", true), seen("2026-02-10", "ENROLLED", true)];
    payroll.month(RIGHT);
    let left_out = payroll.month(None);
    assert_eq!((told(&left_out), ended(&left_out)), (vec![], Some(Ending::MadeGood)));
}

#[test]
fn what_payroll_regularly_takes_is_due_of_a_month_left_out_and_else_the_estimate() {
    let mut payroll = Payroll::new();
    payroll.month(Some(("42.00", "38.00")));
    let left_out = payroll.month(None);
    assert_eq!(told(&left_out), ["EN09 80.00"]);
    assert_eq!(told(&payroll.month(Some(("80.00", "76.00")))), ["EN09 4.00"]);
    // Nothing was ever taken: two months may be off the estimate by as much as two.
    let mut payroll = Payroll::new();
    assert_eq!(told(&payroll.month(None)), ["EN09 80.00"]);
    assert_eq!(told(&payroll.month(Some(("88.00", "73.00")))), [""; 0]);
    assert_eq!(told(&payroll.month(Some(("44.00", "36.00")))), [""; 0]);
}

#[test]
fn an_estimate_that_is_corrected_accuses_nobody_and_a_new_price_makes_nothing_right() {
    let mut payroll = Payroll::new();
    payroll.world.enrollments[0].price = Some("50.00");
    assert_eq!(told(&payroll.month(RIGHT)), ["AM15 -15.00", "AM15 -15.00"]);
    payroll.world.enrollments[0].price = Some("80.00");
    let corrected = payroll.month(RIGHT);
    assert_eq!((told(&corrected), ended(&corrected)), (vec![], Some(Ending::NeverOwed)));
    assert_eq!(told(&payroll.month(Some(("60.00", "60.00")))), ["AM15 -20.00", "AM15 -20.00"]);
    payroll.world.enrollments[0].price = Some("120.00");
    assert_eq!(told(&payroll.month(Some(("60.00", "60.00")))), ["AM15 -20.00", "AM15 -20.00"]);
}

#[test]
fn where_the_employer_pays_everything_the_least_charge_is_owed_back_until_it_is_refunded() {
    let mut payroll = Payroll::new();
    payroll.world.enrollments[0].share = Some("100");
    assert_eq!(told(&payroll.month(Some(("2.00", "80.00")))), ["AM15 -2.00"]);
    assert_eq!(told(&payroll.month(Some(("0.00", "80.00")))), ["AM15 -2.00"]);
    assert_eq!(told(&payroll.month(Some(("-2.00", "80.00")))), [""; 0]);
}

#[test]
fn without_a_price_a_month_left_out_is_open_by_what_payroll_took_before() {
    let mut payroll = Payroll::new();
    let cover = &mut payroll.world.enrollments[0];
    (cover.price, cover.currency) = (None, None);
    assert_eq!(told(&payroll.month(Some(("65.00", "90.00")))), ["AM16 -"]);
    let left_out = payroll.month(None);
    assert_eq!(told(&left_out), ["EN09 155.00"]);
    assert!(only(&left_out, "EN09").sentence.contains("By what payroll took before, 155.00"));
    assert_eq!(told(&payroll.month(Some(("65.00", "90.00")))), ["AM16 -", "EN09 155.00"]);
    assert_eq!(told(&payroll.month(Some(("130.00", "180.00")))), ["AM16 -"]);
}

#[test]
fn a_month_in_which_the_file_forgot_somebody_stays_open_until_it_is_taken() {
    let mut payroll = Payroll::new();
    payroll.month(RIGHT);
    let forgotten = payroll.world.people.remove(0);
    assert_eq!(told(&payroll.month(None)), ["EN09 80.00"]);
    payroll.world.people.insert(0, forgotten);
    assert_eq!(told(&payroll.month(RIGHT)), ["EN09 80.00"]);
    let caught_up = payroll.month(Some(("80.00", "80.00")));
    assert_eq!((told(&caught_up), ended(&caught_up)), (vec![], Some(Ending::MadeGood)));
}

#[test]
fn without_a_price_and_a_month_before_a_month_left_out_claims_no_money_and_is_not_forgotten() {
    let mut payroll = Payroll::new();
    let cover = &mut payroll.world.enrollments[0];
    (cover.price, cover.currency) = (None, None);
    let left_out = payroll.month(None);
    assert_eq!(told(&left_out), ["EN09 -"]);
    let finding = only(&left_out, "EN09");
    assert_eq!((finding.period_exposure, finding.run_rate), (None, None));
    assert!(
        finding.sentence.contains("(the plan has no price; its exposure is unknown, not 0)"),
        "{}",
        finding.sentence
    );
    // What later months cost says nothing of that one until payroll makes it up.
    for _ in 0..2 {
        let charged = payroll.month(Some(("65.00", "90.00")));
        assert_eq!(told(&charged), ["AM16 -", "EN09 -"]);
        let sentence = &only(&charged, "EN09").sentence;
        assert!(sentence.contains("in 2026-01-01 to 2026-01-31") && sentence.contains("not known"), "{sentence}");
    }
    payroll.month(Some(("130.00", "180.00")));
    assert_eq!(told(&payroll.month(Some(("65.00", "90.00")))), ["AM16 -"]);
}

#[test]
fn a_month_left_out_under_a_price_in_another_currency_stays_open_and_says_so() {
    let mut payroll = Payroll::new();
    payroll.month(RIGHT);
    payroll.world.enrollments[0].currency = Some("EUR");
    assert_eq!(told(&payroll.month(None)), ["EN09 80.00"]);
    payroll.world.enrollments[0].currency = Some("USD");
    for _ in 0..2 {
        let later = payroll.month(RIGHT);
        assert_eq!(told(&later), ["EN09 80.00"]);
        let sentence = &only(&later, "EN09").sentence;
        assert!(sentence.contains("80.00 EUR") && sentence.contains("in USD by now"), "{sentence}");
        assert!(later.unverified.is_empty(), "{:?}", later.unverified);
    }
}

/// The employer pays all of 80.00.
fn employer_pays() -> Payroll {
    let mut payroll = Payroll::new();
    payroll.world.enrollments[0].share = Some("100");
    payroll
}

const EMPLOYERS: Charge = Some(("0.00", "80.00"));

#[test]
fn a_month_without_the_line_of_an_employer_who_pays_all_stays_open_until_it_is_paid() {
    let mut payroll = employer_pays();
    assert_eq!(told(&payroll.month(EMPLOYERS)), [""; 0]);
    let left_out = payroll.month(None);
    assert_eq!(told(&left_out), ["EN09 80.00"]);
    let sentence = &only(&left_out, "EN09").sentence;
    assert!(sentence.contains("80.00 USD of the employer") && !sentence.contains("of the employee"), "{sentence}");
    assert_eq!(told(&payroll.month(EMPLOYERS)), ["EN09 80.00"]);
    assert_eq!(told(&payroll.month(Some(("0.00", "160.00")))), [""; 0]);
    // Twice in a month, and nothing in the next.
    assert_eq!(told(&payroll.month(Some(("0.00", "160.00")))), ["AM15 -80.00"]);
    assert_eq!(told(&payroll.month(None)), [""; 0]);
    assert_eq!(told(&payroll.month(EMPLOYERS)), [""; 0]);
}

#[test]
fn an_employer_who_pays_all_and_was_never_on_payroll_is_missed_by_nobody() {
    let mut payroll = employer_pays();
    for _ in 0..3 {
        assert_eq!(told(&payroll.month(None)), [""; 0]);
    }
}

/// 2001 has an enrollment of 80.00 from a day on that a night saw.
fn begins(payroll: &mut Payroll, day: &str) {
    payroll.world.enrollments[0].seen = vec![seen(day, "ENROLLED", true)];
}

#[test]
fn an_enrollment_that_begins_inside_a_month_may_be_charged_in_part_or_later() {
    for first in [None, Some(("20.00", "20.00")), RIGHT] {
        let mut payroll = Payroll::new();
        begins(&mut payroll, "2026-01-12");
        assert_eq!(told(&payroll.month(first)), [""; 0], "{first:?}");
        assert_eq!(told(&payroll.month(RIGHT)), [""; 0], "{first:?}");
        assert_eq!(told(&payroll.month(None)), ["EN09 80.00"], "{first:?}");
    }
    // What a month later is taken for it too is right, and twice of a month that was charged is not.
    for (first, second) in [(None, &[""; 0][..]), (RIGHT, &["AM15 -40.00"; 2])] {
        let mut payroll = Payroll::new();
        begins(&mut payroll, "2026-01-12");
        payroll.month(first);
        assert_eq!(told(&payroll.month(Some(("80.00", "80.00")))), second, "{first:?}");
    }
    // Of one that was in force already when it was first seen nobody knows since when.
    let mut payroll = Payroll::new();
    payroll.world.enrollments[0].seen = vec![seen("2026-01-12", "ENROLLED", false)];
    assert_eq!(told(&payroll.month(None)), ["EN09 80.00"]);
}

#[test]
fn of_two_enrollments_one_after_the_other_either_price_is_right_in_the_month_of_the_change() {
    for (charge, right) in [("40.00", true), ("60.00", true), ("52.00", true), ("20.00", false), ("80.00", false)] {
        let mut payroll = Payroll::new();
        payroll.month(RIGHT);
        payroll.turns("FINISHED", "2026-02-10");
        let mut second = enrollment("e1", "P1");
        (second.id, second.price, second.share) = ("e1-again".to_owned(), Some("120.00"), Some("50"));
        second.seen = vec![seen("2026-02-10", "ENROLLED", true)];
        payroll.world.enrollments.insert(1, second);
        let found = told(&payroll.month(Some((charge, charge))));
        assert_eq!(found.is_empty(), right, "{charge}: {found:?}");
        if right {
            assert_eq!(told(&payroll.month(Some(("60.00", "60.00")))), [""; 0], "{charge}");
        }
    }
}

#[test]
fn a_first_charge_of_two_deductions_may_be_of_the_month_before_and_a_second_one_is_too_much() {
    let mut payroll = Payroll::new();
    payroll.world.enrollments[0].seen = vec![seen("2026-02-12", "ENROLLED", true)];
    assert_eq!(told(&payroll.month(None)), [""; 0]);
    let first = payroll.month(Some(("80.00", "80.00")));
    assert_eq!((told(&first), unverified(&first).len()), (vec![], 1));
    assert_eq!(told(&payroll.month(RIGHT)), [""; 0]);
    assert_eq!(told(&payroll.month(Some(("80.00", "80.00")))), ["AM15 -40.00", "AM15 -40.00"]);
    // Of what was in force all along, and of what is no whole deductions, there is no month before.
    assert_eq!(told(&Payroll::new().month(Some(("80.00", "80.00")))), ["AM15 -40.00", "AM15 -40.00"]);
    let mut payroll = Payroll::new();
    payroll.world.enrollments[0].seen = vec![seen("2026-01-12", "ENROLLED", true)];
    assert_eq!(told(&payroll.month(Some(("80.00", "55.00")))), ["AM15 -15.00", "AM15 -40.00"]);
}

#[test]
fn who_is_off_payroll_and_enrolled_in_a_currency_that_payroll_never_pays_is_another_payrolls() {
    for (currency, expected) in [("USD", &["EN09 80.00"][..]), ("GBP", &[])] {
        let mut payroll = Payroll::new();
        payroll.month(RIGHT);
        payroll.world.people.retain(|person| person.id != "2001");
        payroll.world.enrollments[0].currency = Some(currency);
        assert_eq!(told(&payroll.month(None)), expected);
    }
}

#[test]
fn what_a_contractor_was_charged_stays_open_until_it_is_given_back() {
    let mut payroll = Payroll::new();
    payroll.world.engagements[0].kind = Some("CONTRACT");
    assert_eq!(told(&payroll.month(RIGHT)), ["EN15 -80.00"]);
    // Stopped, as the finding says: nothing is due of a contractor.
    assert_eq!(told(&payroll.month(None)), ["EN15 -80.00"]);
    assert_eq!(told(&payroll.month(Some(("0.00", "0.00")))), ["EN15 -80.00"]);
    assert_eq!(told(&payroll.month(Some(("-30.00", "-30.00")))), ["EN15 -20.00"]);
    assert_eq!(told(&payroll.month(Some(("-10.00", "-10.00")))), [""; 0]);
    assert_eq!(told(&payroll.month(None)), [""; 0]);
}

/// How Oyster moves on after a month was judged.
type MovesOn = fn(&mut Payroll);

/// On 10 March.
const MOVES_ON: [MovesOn; 6] = [
    |payroll| payroll.turns("FINISHED", "2026-03-10"),
    |payroll| payroll.turns("OPTED_OUT", "2026-03-10"),
    |payroll| {
        let cover = payroll.world.enrollments.remove(0);
        payroll.world.gone.insert((cover.engagement, cover.id), cover.seen);
    },
    |payroll| payroll.world.engagements[0].kind = Some("CONTRACT"),
    |payroll| payroll.world.enrollments[0].share = Some("25"),
    |payroll| payroll.world.enrollments[0].price = Some("200.00"),
];

#[test]
fn what_a_month_owed_by_what_was_in_force_then_it_owes_when_its_file_is_read_again() {
    let months: [(Charge, &[&str]); 6] = [
        (RIGHT, &[]),
        (Some(("42.00", "38.00")), &[]),
        (None, &["EN09 80.00"]),
        (Some(("60.00", "40.00")), &["AM15 -20.00"]),
        (Some(("60.00", "60.00")), &["AM15 -20.00"; 2]),
        (Some(("0.00", "40.00")), &["AM15 40.00"]),
    ];
    for (way, moves_on) in MOVES_ON.into_iter().enumerate() {
        for (charge, found) in months {
            let mut payroll = Payroll::new();
            payroll.month(RIGHT);
            assert_eq!(told(&payroll.month(charge)), found, "{way} {charge:?}");
            payroll.world.engagements[0].modified = Some("2026-03-10");
            moves_on(&mut payroll);
            for day in ["2026-03-11", "2026-03-12"] {
                let again = payroll.again(day, charge);
                assert_eq!(told(&again), found, "{way} {charge:?}");
                assert!(unverified(&again).is_empty(), "{way} {charge:?}");
            }
        }
    }
}

#[test]
fn what_a_month_settled_by_what_was_in_force_then_stays_settled_when_its_file_is_read_again() {
    for moves_on in MOVES_ON {
        for (first, second) in [(None, ("80.00", "80.00")), (Some(("60.00", "60.00")), ("20.00", "20.00"))] {
            let mut payroll = Payroll::new();
            payroll.first = date("2025-12-01");
            payroll.month(RIGHT);
            payroll.month(first);
            assert_eq!(told(&payroll.month(Some(second))), [""; 0]);
            payroll.world.engagements[0].modified = Some("2026-03-10");
            moves_on(&mut payroll);
            assert_eq!(told(&payroll.again("2026-03-11", Some(second))), [""; 0]);
        }
    }
}

#[test]
fn a_share_that_is_corrected_makes_right_what_was_found_by_the_wrong_one_when_the_file_is_read_again() {
    let mut payroll = Payroll::new();
    payroll.month(RIGHT);
    payroll.world.enrollments[0].share = Some("25");
    assert_eq!(told(&payroll.month(RIGHT)), ["AM15 -20.00", "AM15 20.00"]);
    payroll.world.enrollments[0].share = Some("50");
    payroll.world.engagements[0].modified = Some("2026-03-10");
    assert_eq!(told(&payroll.again("2026-03-11", RIGHT)), [""; 0]);
}

#[test]
fn a_catch_up_of_three_months_that_no_month_took_before_is_right_and_of_more_is_not() {
    let cases: [([Charge; 3], &[&str]); 5] = [
        ([None, None, Some(("120.00", "120.00"))], &[]),
        ([None, Some(("20.00", "20.00")), Some(("100.00", "100.00"))], &[]),
        ([None, RIGHT, Some(("80.00", "80.00"))], &[]),
        ([None, None, Some(("160.00", "160.00"))], &["AM15 -40.00"; 2]),
        ([None, Some(("80.00", "80.00")), Some(("80.00", "80.00"))], &["AM15 -40.00"; 2]),
    ];
    for (months, found) in cases {
        let mut payroll = Payroll::new();
        begins(&mut payroll, "2026-01-12");
        let last = months.map(|charge| payroll.month(charge));
        assert_eq!(told(&last[2]), found, "{months:?}");
        if found.is_empty() {
            assert_eq!(told(&payroll.month(RIGHT)), [""; 0], "{months:?}");
            assert_eq!(told(&payroll.month(Some(("80.00", "80.00")))), ["AM15 -40.00"; 2], "{months:?}");
        }
    }
}
