use std::collections::BTreeMap;

use chrono::{Months, NaiveDate};
use proptest::prelude::*;

use super::*;
use tieout_model::balance::{Account, EntryKind, Movements, Page, PayPeriod, Posting};
use tieout_model::code::Code;
use tieout_model::finding::Payer;
use tieout_model::money::Currency;

/// Rounding of one monthly deduction: one cent.
const TOLERANCE: i64 = 100;

/// Whole units as counts.
fn units(n: i64) -> i64 {
    n * 10_000
}

fn account() -> Account {
    let currency = Currency::parse("USD").expect("a currency");
    Account { benefit: "_Medical".into(), payer: Payer::Employee, currency }
}

fn page(period: PayPeriod, unjudged: Option<Vec<String>>, postings: Vec<Posting>) -> Page {
    Page { employee_id: "1001".into(), period, unjudged, postings }
}

/// The month of 2026, from 0 for January on.
fn month(n: u32) -> PayPeriod {
    let start = NaiveDate::from_ymd_opt(2026, 1, 1).expect("a day") + Months::new(n);
    PayPeriod { start: Some(start), end: (start + Months::new(1)).pred_opt().expect("a day") }
}

fn night(n: u32) -> NaiveDate {
    month(n).end + chrono::Days::new(3)
}

fn tonight(n: u32, expected: i64, taken: i64) -> Tonight {
    Tonight {
        period: month(n),
        expected,
        taken,
        tolerance: TOLERANCE,
        code: Some(Code::AM01),
        cover_from: month(0).start,
        night: night(n),
        before: Before::default(),
    }
}

/// The books of one employee, posted to night by night.
#[derive(Default)]
struct Books {
    history: BalanceHistory,
    pages: Vec<(NaiveDate, Page)>,
    /// Everything that was posted.
    entries: Movements,
}

impl Books {
    fn take(&mut self, night: NaiveDate, page: Page) {
        self.pages.push((night, page));
        self.history = BalanceHistory::new(None, self.pages.clone());
    }

    fn settle(&self, tonight: &Tonight) -> Settled {
        let employee = self.history.of("1001");
        settle(employee.cells(&account()), tonight)
    }

    /// Settles and posts what it adds.
    fn post(&mut self, tonight: &Tonight) -> Settled {
        let settled = self.settle(tonight);
        self.post_cell(&settled.cell, tonight.night);
        self.take(tonight.night, page(tonight.period, Some(Vec::new()), Vec::new()));
        settled
    }

    fn post_cell(&mut self, cell: &AccountPeriod, night: NaiveDate) {
        let known = self.history.of("1001").cell(&account(), cell.period.end).map(|c| c.movements);
        let mut movements = cell.movements;
        movements += -known.unwrap_or_default();
        self.entries += movements;
        let AccountPeriod { period, code, cover_from, .. } = *cell;
        let posting = Posting { account: account(), period, movements, code, cover_from, by_gross: None };
        self.take(night, page(posting.period, None, vec![posting]));
    }

    fn open(&self) -> Open {
        Open::of(self.history.of("1001").cells(&account()))
    }
}

#[test]
fn a_refund_settles_what_was_taken_too_much() {
    let mut books = Books::default();
    let february = books.post(&tonight(1, units(100), units(120)));
    assert_eq!((february.open.amount, february.cell.code), (-i128::from(units(20)), Some(Code::AM01)));
    let march = books.post(&tonight(2, units(100), units(80)));
    assert!(march.is_right());
    assert_eq!((march.settled, march.open.amount), (-i128::from(units(20)), 0));
    assert_eq!(march.cell.movements, Movements::from_amounts([units(100), units(100), 0, units(20), 0]));
}

#[test]
fn a_catch_up_in_parts_leaves_the_rest_open_since_the_first_period() {
    let mut books = Books::default();
    books.post(&tonight(0, units(100), 0));
    books.post(&tonight(1, units(100), 0));
    let march = books.post(&tonight(2, units(100), units(150)));
    assert!(march.is_right());
    assert_eq!((march.settled, march.open.amount), (i128::from(units(50)), i128::from(units(150))));
    assert_eq!(march.open.items[0].period, month(0));
    let april = books.post(&tonight(3, units(100), units(250)));
    assert!(april.is_right() && april.open.items.is_empty());
}

#[test]
fn a_catch_up_that_goes_on_after_the_balance_is_settled_is_found_with_what_is_too_much() {
    let mut books = Books::default();
    books.post(&tonight(0, units(100), 0));
    books.post(&tonight(1, units(100), units(200)));
    let march = books.post(&tonight(2, units(100), units(200)));
    assert!(!march.is_right());
    assert_eq!(march.open.amount, -i128::from(units(100)));
    let mut over = Books::default();
    over.post(&tonight(0, units(100), units(60)));
    let february = over.post(&tonight(1, units(100), units(200)));
    assert!(!february.is_right(), "60 too much beside the 40 that it settles");
    assert_eq!((february.settled, february.open.amount), (i128::from(units(40)), -i128::from(units(60))));
}

#[test]
fn rounding_is_owed_by_nobody_and_adds_up_to_no_finding() {
    let mut books = Books::default();
    for n in 0..12 {
        assert!(books.post(&tonight(n, units(100), units(100) - TOLERANCE)).is_right());
    }
    assert_eq!(books.open().amount, 0);
    assert_eq!(books.entries.balance(), i128::from(12 * TOLERANCE), "the books hold it all the same");
}

#[test]
fn an_election_of_this_period_may_take_the_unknown_periods_since_its_first_day() {
    let before = Before { unknown_periods: 2, ..Before::default() };
    let books = Books::default();
    let all = books.settle(&Tonight { before: before.clone(), ..tonight(2, units(100), units(300)) });
    assert!(all.is_right());
    assert_eq!((all.explained, all.open.amount), (Some(Explained::UnknownPeriods(2)), 0));
    let too_much = books.settle(&Tonight { before: before.clone(), ..tonight(2, units(100), units(400)) });
    assert!(!too_much.is_right(), "three more periods, and only two there are");
    let long_ago = Before { unknown_periods: 0, ..before };
    assert!(!books.settle(&Tonight { before: long_ago, ..tonight(2, units(100), units(300)) }).is_right());
}

#[test]
fn a_refund_is_right_up_to_what_was_taken_after_the_cover_ended_and_unknown_without_earlier_periods() {
    let books = Books::default();
    let refund = |refundable| {
        let before = Before { refundable, ..Before::default() };
        books.settle(&Tonight { before, ..tonight(2, 0, units(-40)) })
    };
    assert_eq!(refund(Some(i128::from(units(100)))).explained, Some(Explained::Refund));
    let too_much = refund(Some(i128::from(units(30))));
    assert!(!too_much.is_right() && !too_much.unknown_refund);
    assert!(refund(None).unknown_refund);
}

#[test]
fn a_refund_may_give_back_more_than_is_known_to_be_owed_back() {
    let mut books = Books::default();
    books.post(&tonight(0, units(100), units(150)));
    let refund = |most: i64| {
        let before = Before { refundable: Some(i128::from(units(most))), ..Before::default() };
        books.settle(&Tonight { before, ..tonight(1, 0, units(-80)) })
    };
    let right = refund(150);
    assert!(right.is_right());
    assert_eq!((right.settled, right.open.amount), (-i128::from(units(50)), 0));
    let too_much = refund(60);
    assert!(!too_much.is_right());
    assert_eq!(too_much.open.amount, i128::from(units(30)));
}

#[test]
fn an_amount_that_changed_in_its_record_may_be_taken_from_the_first_day_on_or_from_now_on() {
    let books = Books::default();
    let takes = |taken: i64, if_since_begin: i64| {
        let before = Before { if_since_begin: i128::from(units(if_since_begin)), ..Before::default() };
        books.settle(&Tonight { before, ..tonight(2, units(120), units(taken)) })
    };
    for taken in [120, 130, 160] {
        assert!(takes(taken, 40).is_right(), "{taken}");
    }
    assert!(!takes(170, 40).is_right() && !takes(100, 40).is_right());
    // Less since its first day: the difference goes back.
    assert!(takes(100, -40).is_right() && takes(80, -40).is_right());
    assert!(!takes(70, -40).is_right() && !takes(130, -40).is_right());
}

#[test]
fn the_part_of_the_first_month_may_come_with_the_second() {
    let before = Before { due_beside: vec![units(64)..=units(64)], ..Before::default() };
    let settled = Books::default().settle(&Tonight { before: before.clone(), ..tonight(1, units(100), units(164)) });
    assert_eq!((settled.explained, settled.open.amount), (Some(Explained::FirstPart), 0));
    let other = Books::default().settle(&Tonight { before, ..tonight(1, units(100), units(150)) });
    assert_eq!((other.explained, other.open.amount), (None, -i128::from(units(50))));
}

/// What is due in a period that lies in the record's cover.
fn since(period: PayPeriod, record: &Record) -> Option<i64> {
    period.start.filter(|start| Some(*start) >= record.from).map(|_| units(100))
}

#[test]
fn a_late_start_owes_for_each_known_period_from_its_first_day_on() {
    let mut books = Books::default();
    for n in 0..3 {
        books.take(night(n), page(month(n), Some(Vec::new()), Vec::new()));
    }
    books.take(night(3), page(month(3), Some(vec!["_Medical".to_owned()]), Vec::new()));
    let record =
        Record { from: month(1).start, tolerance: TOLERANCE, period: month(4), night: night(4), changed: Code::AM01 };
    let employee = books.history.of("1001");
    let cells = restated(&employee, &account(), &record, |period| since(period, &record));
    let periods: Vec<PayPeriod> = cells.iter().map(|cell| cell.period).collect();
    assert_eq!(periods, [month(1), month(2)], "January was before it, April could not be judged");
    assert!(cells.iter().all(|cell| cell.code == Some(Code::TM01)));
    cells.iter().for_each(|cell| books.post_cell(cell, night(4)));
    assert_eq!(books.open().amount, i128::from(units(200)));
    let employee = books.history.of("1001");
    assert!(restated(&employee, &account(), &record, |period| since(period, &record)).is_empty(), "once");
}

#[test]
fn an_amount_that_changes_in_a_known_record_is_no_news_of_earlier_periods() {
    let mut books = Books::default();
    books.post(&tonight(0, units(100), units(100)));
    let from = month(0).start.expect("a day");
    let record = |from| Record {
        from: Some(from),
        tolerance: TOLERANCE,
        period: month(1),
        night: night(1),
        changed: Code::AM01,
    };
    let employee = books.history.of("1001");
    assert!(restated(&employee, &account(), &record(from), |_| Some(units(120))).is_empty());
    let earlier = from - chrono::Days::new(1);
    assert_eq!(restated(&employee, &account(), &record(earlier), |_| Some(units(120))).len(), 1, "another record is");
}

#[test]
fn what_was_given_up_is_given_up_as_far_as_it_is_owed_however_often_that_changes() {
    let mut books = Books::default();
    books.post(&tonight(0, units(100), 0));
    let mut cell = books.history.of("1001").cells(&account())[0].clone();
    cell.movements += Movements::of(EntryKind::WrittenOff, units(100));
    books.post_cell(&cell, night(0));
    for (expected, written_off, open) in [(0, 0, 0), (100, 100, 0), (40, 40, 0), (0, 0, 0), (120, 100, 20)] {
        let mut cell = books.history.of("1001").cells(&account())[0].clone();
        cell.expect(units(expected));
        books.post_cell(&cell, night(1));
        let stands = books.history.of("1001").cells(&account())[0].movements;
        assert_eq!(stands.get(EntryKind::WrittenOff), units(written_off), "{expected}");
        assert_eq!(stands.balance(), i128::from(units(open)), "{expected}");
    }
}

#[test]
fn a_corrected_record_makes_wrong_periods_right_unless_its_amount_was_taken_once() {
    let record =
        Record { from: month(0).start, tolerance: TOLERANCE, period: month(3), night: night(3), changed: Code::AM01 };
    let corrected = |taken: [i64; 3], due: i64| {
        let mut books = Books::default();
        for (n, taken) in (0..).zip(taken) {
            books.post(&tonight(n, units(120), units(taken)));
        }
        mended(books.history.of("1001").cells(&account()), &record, |_| Some(units(due))).len()
    };
    assert_eq!(corrected([100, 100, 100], 100), 3);
    assert_eq!(corrected([100, 120, 100], 100), 0, "120 was the amount in February");
    assert_eq!(corrected([100, 100, 100], 90), 0, "what was owed would be owed back");
    assert_eq!(corrected([90, 100, 110], 110), 3, "each is less wrong, or right");
}

/// Expected and taken of some months, in the order in which their files come; a month can come again, corrected.
fn files() -> impl Strategy<Value = Vec<(u32, i64, i64)>> {
    prop::collection::vec((0..6_u32, 0..4_i64, -1..6_i64), 1..12)
}

proptest! {
    #[test]
    fn opening_and_movements_make_the_closing_balance(files in files()) {
        let mut books = Books::default();
        for (n, expected, taken) in files {
            let opening = books.entries.balance();
            let before = books.entries;
            books.post(&tonight(n, units(expected), units(taken)));
            let mut moved = books.entries;
            moved += -before;
            prop_assert_eq!(opening + moved.balance(), books.entries.balance());
        }
        let employee = books.history.of("1001");
        let by_cells: i128 = employee.cells(&account()).iter().map(|cell| cell.movements.balance()).sum();
        prop_assert_eq!(by_cells, books.entries.balance());
    }

    #[test]
    fn the_balance_is_what_the_last_file_of_each_period_says_in_whichever_order_they_came(files in files()) {
        let mut last: BTreeMap<u32, (i64, i64)> = BTreeMap::new();
        let mut books = Books::default();
        for (n, expected, taken) in &files {
            last.insert(*n, (units(*expected), units(*taken)));
            books.post(&tonight(*n, units(*expected), units(*taken)));
        }
        let owed: i128 = last.values().map(|(expected, taken)| i128::from(expected - taken)).sum();
        prop_assert_eq!(books.entries.balance(), owed);
        prop_assert_eq!(books.open().amount, owed);
        let left: i128 = books.open().items.iter().map(|item| item.amount).sum();
        prop_assert_eq!(left, owed);
        let mut by_period = Books::default();
        for (n, (expected, taken)) in last {
            by_period.post(&tonight(n, expected, taken));
        }
        prop_assert_eq!(by_period.open().amount, owed);
        prop_assert_eq!(by_period.open().items, books.open().items.iter().map(|item| {
            // Code and night are those of the order in which the files came.
            let same = by_period.open().items.iter().copied().find(|other| other.period == item.period);
            OpenEntry { amount: item.amount, ..same.expect("the same periods are open") }
        }).collect::<std::collections::VecDeque<_>>());
    }

    #[test]
    fn a_file_that_comes_again_posts_nothing(files in files()) {
        let mut books = Books::default();
        for (n, expected, taken) in files {
            let tonight = tonight(n, units(expected), units(taken));
            books.post(&tonight);
            let before = books.entries;
            books.post(&tonight);
            prop_assert_eq!(books.entries, before);
        }
    }

    #[test]
    fn what_is_caught_up_and_refunded_is_never_more_than_what_was_open(files in files()) {
        let mut books = Books::default();
        for (n, expected, taken) in files {
            let tonight = tonight(n, units(expected), units(taken));
            let settled = books.post(&tonight);
            let [expected, taken, caught_up, refunded, _] = settled.cell.movements.amounts();
            prop_assert!(caught_up >= 0 && refunded >= 0 && caught_up.min(refunded) == 0);
            prop_assert_eq!(expected, tonight.expected);
            prop_assert_eq!(taken + caught_up - refunded, tonight.taken);
            prop_assert_eq!(settled.cell.movements.get(EntryKind::WrittenOff), 0);
        }
    }
}
