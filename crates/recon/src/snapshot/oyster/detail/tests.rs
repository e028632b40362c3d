//! Which answer a field comes from, and when the third call is made.

use super::*;

fn shares(team_member: i64, dependents: Option<i64>, max_dependents: Option<i64>) -> Option<Contribution> {
    Some(Contribution { team_member: Some(team_member), dependents, max_dependents, anomalies: Vec::new() })
}

fn enrolled(plan: &str) -> EnrollmentRecord {
    EnrollmentRecord {
        enrollment_id: Some("a".into()),
        plan_id: Some(plan.into()),
        state: Some("ENROLLED".into()),
        contribution: shares(1_000_000, None, None),
        ..EnrollmentRecord::default()
    }
}

fn offered_at(plan: &str, package: Option<&str>, amount: i64) -> OfferedPlan {
    OfferedPlan {
        plan_id: plan.into(),
        package_id: package.map(Into::into),
        category: Some("HEALTH".into()),
        price: Some(Price { amount, currency: Some("EUR".into()) }),
        faults: Vec::new(),
    }
}

fn offerings(plans: &[OfferedPlan]) -> OfferingsRecord {
    OfferingsRecord { plans: plans.to_vec(), packages: Vec::new() }
}

/// Whether an enrollment that was changed so needs the provisioning.
fn wants(change: impl FnOnce(&mut EnrollmentRecord)) -> bool {
    let mut one = enrolled("p");
    change(&mut one);
    wants_provisioning(&[enrolled("p"), one], &offerings(&[offered_at("p", None, 1)]))
}

#[test]
fn the_provisioning_is_read_only_for_what_the_other_two_leave_out() {
    assert!(!wants(|_| {}));
    assert!(wants(|one| one.contribution = None));
    assert!(wants(|one| one.plan_id = Some("other".into())));
    assert!(wants(|one| one.contribution = shares(1, Some(1), None)));
    assert!(!wants(|one| one.contribution = shares(1, Some(1), Some(0))));
    assert!(!wants(|one| one.contribution = shares(1, Some(0), None)));
    // Over: nobody computes anything from it.
    assert!(!wants(|one| (one.state, one.contribution) = (Some("FINISHED".into()), None)));
    // It will not be read any better elsewhere.
    assert!(!wants(|one| one.contribution = Some(Contribution { anomalies: vec!["x".into()], ..Default::default() })));
}

fn merge_one(
    row: EnrollmentRecord,
    offered: &[OfferedPlan],
    provisioned: Option<EnrollmentRecord>,
) -> EnrollmentRecord {
    let provisioning = provisioned.map(|one| ProvisioningRecord { packaged: vec![one], ..Default::default() });
    merged(vec![row], &offerings(offered), provisioning.as_ref()).pop().expect("one row")
}

fn price(row: &EnrollmentRecord) -> Option<i64> {
    row.price.as_ref().map(|price| price.amount)
}

#[test]
fn the_price_is_the_one_on_offer_in_the_same_package() {
    let offers = [offered_at("p", None, 1), offered_at("p", Some("B"), 2), offered_at("q", Some("B"), 3)];
    let packaged = EnrollmentRecord { package_id: Some("B".into()), ..enrolled("p") };
    let row = merge_one(packaged, &offers, None);
    assert_eq!((price(&row), row.category.as_deref()), (Some(2), Some("HEALTH")));
    assert_eq!(price(&merge_one(enrolled("p"), &offers, None)), Some(1));
    // In a package that is not on offer: the price is certain only if there is one.
    let elsewhere = |plan| EnrollmentRecord { package_id: Some("C".into()), ..enrolled(plan) };
    assert_eq!(price(&merge_one(elsewhere("p"), &offers, None)), None);
    assert_eq!(price(&merge_one(elsewhere("q"), &offers, None)), Some(3));
}

#[test]
fn a_price_that_is_not_on_offer_comes_from_the_provisioning() {
    let provisioned = EnrollmentRecord { price: offered_at("", None, 9).price, ..enrolled("p") };
    assert_eq!(price(&merge_one(enrolled("p"), &[], Some(provisioned.clone()))), Some(9));
    assert_eq!(price(&merge_one(enrolled("p"), &[offered_at("p", None, 1)], Some(provisioned))), Some(1));
}

#[test]
fn shares_come_from_the_enrollments_and_what_they_lack_from_the_provisioning() {
    let provisioned = EnrollmentRecord { contribution: shares(7, Some(8), Some(9)), ..enrolled("p") };
    let row = |own| EnrollmentRecord { contribution: own, ..enrolled("p") };
    let shares_of = |own| merge_one(row(own), &[], Some(provisioned.clone())).contribution;
    assert_eq!(shares_of(None), shares(7, Some(8), Some(9)));
    assert_eq!(shares_of(shares(1, Some(2), None)), shares(1, Some(2), Some(9)));
    // Nothing takes the place of a value that does not fit its unit.
    let odd = Contribution { anomalies: vec!["teamMember 0.55".into()], ..Contribution::default() };
    let expected = Contribution { max_dependents: Some(9), ..odd.clone() };
    assert_eq!(shares_of(Some(odd)), Some(expected));
}

#[test]
fn another_enrollment_of_the_provisioning_says_nothing() {
    let other =
        EnrollmentRecord { enrollment_id: Some("z".into()), contribution: shares(7, None, None), ..enrolled("p") };
    let row = EnrollmentRecord { contribution: None, ..enrolled("p") };
    assert_eq!(merge_one(row.clone(), &[], Some(other.clone())).contribution, None);
    // Without an id the plan decides.
    let nameless = EnrollmentRecord { enrollment_id: None, ..other };
    assert_eq!(merge_one(row, &[], Some(nameless)).contribution, shares(7, None, None));
}

#[test]
fn what_the_provisioning_had_and_nobody_could_read_is_a_fault_of_the_row() {
    let faulty = EnrollmentRecord { faults: vec!["price".into(), "share".into()], ..enrolled("p") };
    assert_eq!(merge_one(enrolled("p"), &[], Some(faulty)).faults, ["price"]);
}

#[test]
fn a_plan_that_stands_twice_in_one_package_has_a_price_only_where_both_say_the_same() {
    for package in [None, Some("B")] {
        let row = EnrollmentRecord { package_id: package.map(Into::into), ..enrolled("p") };
        let twice = |amount| [offered_at("p", package, 1), offered_at("p", package, amount)];
        assert_eq!(price(&merge_one(row.clone(), &twice(1), None)), Some(1));
        assert_eq!(price(&merge_one(row.clone(), &twice(2), None)), None);
        let mut silent = twice(1);
        silent[1].price = None;
        assert_eq!(price(&merge_one(row.clone(), &silent, None)), None);
        assert!(wants_provisioning(&[row], &offerings(&twice(2))));
    }
}

#[test]
fn an_enrollment_that_the_list_does_not_name_is_missed_by_nobody() {
    let embedded = |id: &str, state: &str| tieout_model::records::oyster::EmbeddedEnrollment {
        enrollment_id: id.into(),
        state: state.into(),
    };
    let read = |all| {
        let listed = EngagementRecord { enrollments: all, ..EngagementRecord::default() };
        let at = DateTime::UNIX_EPOCH;
        Detail::from_answers(&listed, vec![enrolled("p")], &OfferingsRecord::default(), None, at).is_ok()
    };
    assert!(read(vec![embedded("", "")]));
    assert!(read(vec![embedded("", "ENROLLED"), embedded("a", "ENROLLED")]));
    assert!(!read(vec![embedded("", ""), embedded("z", "ENROLLED")]));
}

#[test]
fn a_price_on_offer_that_nobody_could_read_is_a_fault_only_where_nothing_else_prices_the_plan() {
    let unread = |fault: &str, price| OfferedPlan { price, faults: vec![fault.into()], ..offered_at("p", None, 1) };
    let faults = |row: EnrollmentRecord, provisioned| merge_one(row, &[unread("price", None)], provisioned).faults;
    assert_eq!(faults(enrolled("p"), None), ["price"]);
    let priced = EnrollmentRecord { price: offered_at("", None, 9).price, ..enrolled("p") };
    assert!(faults(enrolled("p"), Some(priced.clone())).is_empty());
    assert!(faults(priced, None).is_empty());
    assert!(faults(EnrollmentRecord { state: Some("FINISHED".into()), ..enrolled("p") }, None).is_empty());
    // The enrollment's own is none where the offerings have the price.
    let faulty = EnrollmentRecord { faults: vec!["price".into()], ..enrolled("p") };
    assert!(merge_one(faulty.clone(), &[offered_at("p", None, 1)], None).faults.is_empty());
    assert_eq!(merge_one(faulty, &[], None).faults, ["price"]);
    // An amount without a currency gives way to one that has it.
    let nameless = unread("price_currency", Some(Price { amount: 5, currency: None }));
    let row = merge_one(enrolled("p"), std::slice::from_ref(&nameless), None);
    assert_eq!((price(&row), row.faults), (Some(5), vec!["price_currency".to_owned()]));
    let own = EnrollmentRecord { price: offered_at("", None, 9).price, ..enrolled("p") };
    let row = merge_one(own, &[nameless], None);
    assert_eq!((price(&row), row.faults), (Some(9), Vec::new()));
}
