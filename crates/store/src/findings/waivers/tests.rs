use chrono::NaiveDate;

use super::*;
use crate::ChainVerdict;
use crate::tests::at;
use tieout_model::waiver::Accepted;

fn day(day: u32) -> NaiveDate {
    NaiveDate::from_ymd_opt(2026, 4, day).expect("a day")
}

fn usd() -> Currency {
    Currency::parse("USD").expect("listed")
}

/// One unit.
fn stand(cause: &str) -> Stand {
    Stand { cause: cause.to_owned(), amount: Some((10_000, usd())), is_left_over: false }
}

pub(crate) fn accepted() -> Grant {
    Grant {
        group_id: "g1".to_owned(),
        findings: BTreeMap::from([("f1".to_owned(), stand("c1")), ("f2".to_owned(), stand("c2"))]),
        reason: "agreed with the carrier".to_owned(),
        until: day(30),
        cap: Some((Money::units(50), usd())),
        by: "maria".to_owned(),
    }
}

#[test]
fn a_waiver_is_read_back_as_it_was_given_until_it_is_taken_back() {
    let mut store = Store::in_memory().expect("opens");
    assert_eq!(store.waive(&[accepted()], "login ana", at(1)).expect("written"), [1]);
    let [waiver] = &store.waivers().expect("reads")[..] else { panic!("one waiver") };
    assert_eq!(*waiver, Waiver { id: 1, grant: accepted(), at: at(1) });

    assert!(store.revoke_waiver(1, "jo", "the carrier changed its mind", "login jo", at(2)).expect("written"));
    assert!(!store.revoke_waiver(1, "jo", "again", "login jo", at(3)).expect("reads"), "once");
    assert!(!store.revoke_waiver(2, "jo", "no such", "login jo", at(3)).expect("reads"));
    assert!(store.waivers().expect("reads").is_empty());
    let revoked = store.all_waivers().expect("reads").remove(0).1.expect("taken back");
    assert_eq!((revoked.by.as_str(), revoked.at), ("jo", at(2)));
    assert!(matches!(store.audit_verify().expect("reads"), ChainVerdict::Whole { entries: 2, .. }));
}

#[test]
fn a_waiver_edited_by_another_hand_is_noticed_and_none_can_be_deleted() {
    let mut store = Store::in_memory().expect("opens");
    store.waive(&[accepted()], "login ana", at(1)).expect("written");
    for sql in ["DELETE FROM waiver", "DELETE FROM waiver_finding", "UPDATE waiver SET until = '2099-12-31'"] {
        store.connection().execute(sql, []).expect_err(sql);
    }
    let sql = "DROP TRIGGER waiver_content_is_fixed; UPDATE waiver SET until = '2099-12-31'";
    store.connection().execute_batch(sql).expect("written by force");
    let ChainVerdict::Broken(found) = store.audit_verify().expect("reads") else { panic!("the edit is not noticed") };
    assert!(found.wrong.contains("what was waived"), "{}", found.wrong);
}

#[test]
fn a_repeated_night_asks_for_what_was_waived_the_night_before() {
    let mut store = Store::in_memory().expect("opens");
    let mut record = |night, waived: &[&str]| {
        let stands = BTreeMap::from([("f1", (stand("c1"), "g1")), ("f2", (stand("c1"), ""))]);
        store.record_stands(day(night), &stands, &waived.iter().copied().collect()).expect("written");
        store.waived_before(day(night)).expect("reads")
    };
    let only_first = Accepted::from([("f1".to_owned(), Some((10_000, usd())))]);
    assert_eq!(record(1, &["f1"]), Accepted::new());
    assert_eq!(record(2, &[]), only_first);
    assert_eq!(record(2, &["f1", "f2"]), only_first, "the same night again");
    assert_eq!(record(3, &[]).len(), 2);
}
