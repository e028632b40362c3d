//! What is made of the contract's own samples, and of answers that no contract allows.

use proptest::prelude::*;
use serde_json::value::RawValue;

use crate::ApiError;
use crate::oyster::convert;
use crate::oyster::paging::{PAGES_MAX, Page, Silence, Walk};
use crate::oyster::recorded;
use crate::oyster::recorded::Recorded;
use crate::oyster::wire::{Envelope, List};
use crate::settings::OysterUnits;
use tieout_model::hash::sha256_hex;
use tieout_model::placeholder::PlaceholderDates;
use tieout_model::records::oyster::*;
use tieout_model::terms::ShareUnit;

fn usual() -> PlaceholderDates {
    PlaceholderDates::default()
}

const UNITS: OysterUnits = OysterUnits {
    provisioning: ShareUnit::Fraction,
    enrollments: ShareUnit::Percent,
    request: ShareUnit::Percent,
    request_answer: ShareUnit::Fraction,
};

const ENGAGEMENT: &str = r#"{"engagementId":"2ug3WBT0","modifiedAt":"2025-10-15T12:34:56Z","startDate":"2024-10-15","engagementType":"EMPLOYMENT","state":"IN_PROGRESS","role":"Consultant","countryCode":"ES","personalDetails":{"name":"Rep Melda Stark","addresses":{"livingAddress":null,"mailingAddress":null}},"employment":{"employmentId":"2ug3WBT0","name":"Rep Melda Stark","fullLegalName":"Rep Melda Stark","email":" James.Treutel@mayer.test","employmentType":null,"lastDayOn":null,"salary":{"decimal":"12345.00","currencyCode":"EUR"}},"contract":null,"benefitEnrollments":[{"benefitEnrollmentId":"Bdae6827","plan":{"provider":"Safety Wing","descriptiveName":"Standard"},"name":"Standard","state":"ENROLLED"}],"terminations":[],"department":null}"#;
const CONTRACTOR: &str = r#"{"engagementId":"VVlXNYcy","modifiedAt":"2025-10-16T08:00:00Z","startDate":"2025-01-01","engagementType":"CONTRACT","state":"IN_PROGRESS","employment":null,"contract":{"contractId":"VVlXNYcy","name":"Bethanie Turcotte","email":"song@wiegand-ledner.test","taxIdNumber":null},"benefitEnrollments":[]}"#;
const OFFERINGS: &str = r#"{"supplementary":{"plans":[{"id":"Bbc51b6b","name":"Premium","category":"health","estimatedPrice":{"decimal":"70.0","currencyCode":"eur"},"fee":null}]},"packages":[{"id":"B9965d2e","name":"Essential package","fee":null,"plans":[{"id":"D4c07300","category":"HEALTH","estimatedPrice":{"decimal":"45.0","currencyCode":"EUR"}}]},{"id":"B0empty"}]}"#;
/// The answer to a PUT.
const PROVISIONED: &str = r#"{"supplementary":{"enrollments":[]},"packaged":{"enrollments":[{"id":"B552cefb","plan":{"id":"D4c07300","name":"Standard","category":"HEALTH","estimatedPrice":{"decimal":"50.0","currencyCode":"USD"}},"package":{"id":"B9965d2e","name":"Competitive package","plans":[{"id":"D4c07300"}]},"state":"PROVISIONED","employerContribution":{"dependents":0.35,"maxDependentsCovered":6,"teamMember":0.55}}]}}"#;
const ENROLLED: &str = r#"[{"id":"Bdae6827","plan":{"id":"Je54b1c4","name":"standard","category":"HEALTH"},"package":{"id":"B9965d2e","name":"Essential package"},"state":"ENROLLED","employerContribution":{"dependents":100,"teamMember":100}}]"#;

fn line(data: &str) -> Vec<u8> {
    format!(r#"{{"engagementId":" 2ug3WBT0 ","data":{data}}}"#).into_bytes()
}

fn entry(json: &str) -> Box<RawValue> {
    RawValue::from_string(json.to_owned()).expect("well-formed")
}

fn enrollments(data: &str) -> Result<Vec<EnrollmentRecord>, ApiError> {
    recorded::enrollments(&line(data), &UNITS).expect("a line").record
}

#[track_caller]
fn check_broken<T: std::fmt::Debug>(read: Result<T, ApiError>) {
    let error = read.expect_err("no answer");
    assert!(matches!(error, ApiError::Broken { .. }), "{error}");
    assert!(!format!("{error}").contains("Melda"));
}

#[test]
fn an_engagement_keeps_what_rules_need_and_of_the_address_its_hash() {
    let (id, record) = recorded::engagement(ENGAGEMENT.as_bytes(), &usual()).expect("a line");
    let expected = EngagementRecord {
        engagement_id: "2ug3WBT0".into(),
        kind: Some("EMPLOYMENT".into()),
        state: Some("IN_PROGRESS".into()),
        email_key: Some(sha256_hex("james.treutel@mayer.test")),
        start_date: "2024-10-15".parse().ok(),
        last_day: None,
        modified_at: "2025-10-15T12:34:56Z".parse().ok(),
        enrollments: vec![EmbeddedEnrollment { enrollment_id: "Bdae6827".into(), state: "ENROLLED".into() }],
        faults: vec![],
    };
    assert_eq!((id.as_str(), &record), ("2ug3WBT0", &expected));
    let shown = format!("{record:?}{}", serde_json::to_string(&record).expect("JSON")).to_lowercase();
    for personal in ["melda", "treutel", "12345.00", "mayer"] {
        assert!(!shown.contains(personal), "{shown}");
    }
    let (_, contractor) = recorded::engagement(CONTRACTOR.as_bytes(), &usual()).expect("a line");
    assert_eq!(contractor.kind.as_deref(), Some("CONTRACT"));
    assert_eq!(contractor.email_key, Some(sha256_hex("song@wiegand-ledner.test")));
    assert!(contractor.enrollments.is_empty() && contractor.faults.is_empty());
}

#[test]
fn a_field_that_cannot_be_read_spoils_itself_only() {
    let odd = r#"{"engagementId":7,"modifiedAt":"yesterday","startDate":"15/10/2024","engagementType":["x"],"state":" draft ","employment":{"lastDayOn":"2026-02-30","email":{}},"contract":"none","benefitEnrollments":[]}"#;
    let (id, record) = convert::listed_engagement(&entry(odd), &usual());
    assert_eq!((id.as_deref(), record.state.as_deref()), (Some("7"), Some("DRAFT")));
    let mut faults = record.faults;
    faults.sort();
    assert_eq!(faults, ["email_key", "kind", "last_day", "modified_at", "start_date"]);
}

#[test]
fn an_entry_that_says_nothing_of_enrollments_does_not_say_none() {
    let unknown = vec![EmbeddedEnrollment::default()];
    for said in ["", r#","benefitEnrollments":null"#, r#","benefitEnrollments":{}"#, r#","benefitEnrollments":[null]"#]
    {
        let (_, record) = convert::listed_engagement(&entry(&format!(r#"{{"engagementId":"E1"{said}}}"#)), &usual());
        assert_eq!(record.enrollments, unknown, "{said}");
    }
    for nothing in ["null", "7", "{}", r#"{"engagementId":[]}"#] {
        assert_eq!(convert::listed_engagement(&entry(nothing), &usual()).0, None, "{nothing}");
    }
}

#[test]
fn the_answer_about_another_engagement_is_none() {
    let answer = |json: &str| serde_json::from_str(json).expect("well-formed");
    let sample = format!(r#"{{"data":{ENGAGEMENT}}}"#);
    assert!(convert::one_engagement("2ug3WBT0", answer(&sample), &usual()).is_ok());
    check_broken(convert::one_engagement("VVlXNYcy", answer(&sample), &usual()));
    check_broken(convert::one_engagement("VVlXNYcy", answer(r#"{"data":null}"#), &usual()));
    check_broken(convert::one_engagement("VVlXNYcy", answer(r#"{"data":{}}"#), &usual()));
}

#[test]
fn offerings_are_one_sorted_list_of_plans() {
    let Recorded { engagement_id, record } = recorded::offerings(&line(OFFERINGS)).expect("a line");
    let offered = |plan: &str, package: Option<&str>, amount| OfferedPlan {
        plan_id: plan.into(),
        package_id: package.map(Into::into),
        category: Some("HEALTH".into()),
        price: Some(Price { amount, currency: Some("EUR".into()) }),
        faults: vec![],
    };
    let expected = OfferingsRecord {
        plans: vec![offered("Bbc51b6b", None, 700_000), offered("D4c07300", Some("B9965d2e"), 450_000)],
        packages: vec!["B0empty".into(), "B9965d2e".into()],
    };
    assert_eq!((engagement_id.as_str(), record.expect("an answer")), ("2ug3WBT0", expected));
    let none = r#"{"supplementary":{"plans":[]},"packages":[]}"#;
    assert_eq!(recorded::offerings(&line(none)).expect("a line").record.expect("none"), OfferingsRecord::default());
    for empty in ["null", "{}", "[]", r#"{"packages":7}"#] {
        check_broken(recorded::offerings(&line(empty)).expect("a line").record);
    }
    let odd = r#"{"supplementary":{"plans":[null,{"id":"P1","estimatedPrice":{"decimal":"free"}}]}}"#;
    let odd = recorded::offerings(&line(odd)).expect("a line").record.expect("an answer");
    let faults = vec!["price".into()];
    assert_eq!(odd.plans, [OfferedPlan { plan_id: "P1".into(), faults, ..OfferedPlan::default() }]);
}

#[test]
fn a_provisioning_is_in_fractions_and_enrollments_are_in_percents() {
    let read = |data: &str| recorded::provisioning(&line(data), &UNITS).expect("a line").record;
    let found = read(PROVISIONED).expect("an answer");
    let expected = EnrollmentRecord {
        enrollment_id: Some("B552cefb".into()),
        plan_id: Some("D4c07300".into()),
        package_id: Some("B9965d2e".into()),
        category: Some("HEALTH".into()),
        state: Some("PROVISIONED".into()),
        contribution: Some(Contribution {
            team_member: Some(550_000),
            dependents: Some(350_000),
            max_dependents: Some(6),
            anomalies: vec![],
        }),
        price: Some(Price { amount: 500_000, currency: Some("USD".into()) }),
        faults: vec![],
    };
    assert_eq!(found, ProvisioningRecord { supplementary: vec![], packaged: vec![expected] });
    let [enrolled] = enrollments(ENROLLED).expect("an answer").try_into().expect("one");
    let whole = Contribution { team_member: Some(1_000_000), dependents: Some(1_000_000), ..Contribution::default() };
    assert_eq!((enrolled.contribution, enrolled.price, enrolled.faults.len()), (Some(whole), None, 0));
    // The same text, in the other unit, is an anomaly.
    let text = PROVISIONED.replace("0.55", "55").replace("0.35", "1");
    let odd = read(&text).expect("an answer").packaged.remove(0).contribution.expect("some");
    assert_eq!((odd.team_member, odd.dependents), (None, Some(1_000_000)));
    assert_eq!(odd.anomalies, ["teamMember 55 where fractions are due"]);
    for empty in ["null", "{}", r#"{"packaged":[7]}"#] {
        check_broken(read(empty));
    }
}

#[test]
fn an_enrollment_that_cannot_be_named_is_unreadable_and_not_absent() {
    let faults = |json: &str| convert::listed_enrollment(&entry(json), ShareUnit::Percent).1.faults;
    assert_eq!(faults(r#"{"id":"N1","plan":{"id":"P1"},"state":"ENROLLED"}"#), Vec::<String>::new());
    assert_eq!(faults(r#"{"id":"N1","plan":7,"package":[],"state":{},"employerContribution":7}"#).len(), 4);
    assert_eq!(faults("null"), ["enrollment_id", "plan_id", "state"]);
}

/// Amount, currency and faults of a price as an enrollment shows it.
#[track_caller]
fn check_price(decimal: &str, currency: &str, amount: Option<i64>, known: Option<&str>, faults: &[&str]) {
    let price = format!(r#"{{"decimal":{decimal},"currencyCode":{currency}}}"#);
    let json = format!(r#"{{"id":"N1","plan":{{"id":"P1","estimatedPrice":{price}}},"state":"ENROLLED"}}"#);
    let record = convert::listed_enrollment(&entry(&json), ShareUnit::Percent).1;
    let expected = amount.map(|amount| Price { amount, currency: known.map(str::to_owned) });
    assert_eq!((record.price, record.faults), (expected, faults.iter().map(|f| (*f).to_owned()).collect()), "{price}");
}

#[test]
fn a_price_is_an_amount_of_a_currency_with_no_more_decimals_than_it_has() {
    check_price("\"12345.00\"", "\"eur\"", Some(123_450_000), Some("EUR"), &[]);
    check_price("null", "\"EUR\"", None, None, &[]);
    check_price("\"-1\"", "\"EUR\"", None, None, &["price"]);
    check_price("\"1.23456\"", "\"EUR\"", None, None, &["price"]);
    check_price("\"86.40\"", "\"JPY\"", None, None, &["price"]);
    check_price("\"86.00\"", "\"JPY\"", Some(860_000), Some("JPY"), &[]);
    check_price("\"8.001\"", "\"EUR\"", None, None, &["price"]);
    check_price("\"8.001\"", "\"KWD\"", Some(80_010), Some("KWD"), &[]);
    for none in ["\"\"", "null", "\"EURO\"", "5", "[]", "\"XXX\""] {
        check_price("\"70.0\"", none, Some(700_000), None, &["price_currency"]);
    }
}

#[test]
fn what_the_service_wrote_is_kept_short_and_on_one_line() {
    let read = |json: &str| convert::listed_enrollment(&entry(json), ShareUnit::Percent).1;
    let state = |text: &str| read(&format!(r#"{{"id":"N1","plan":{{"id":"P1"}},"state":"{text}"}}"#)).state;
    assert_eq!(state("A\\nB").as_deref(), Some("A B"));
    assert_eq!(state(&"x".repeat(60)), Some("x".repeat(60)));
    assert_eq!(state(&"x".repeat(5_000)), Some(format!("{}…", "x".repeat(60))));
    for odd in ["P\\n1".to_owned(), "x".repeat(201)] {
        let record = read(&format!(r#"{{"id":"N1","plan":{{"id":"{odd}"}},"state":"ENROLLED"}}"#));
        assert_eq!((record.plan_id, record.faults), (None, vec!["plan_id".to_owned()]));
    }
}

#[test]
fn an_employment_that_cannot_be_read_hides_the_email_and_the_last_day() {
    for odd in [r#"["a@b.test","2026-01-31"]"#, r#""x""#, "[]"] {
        let json = format!(r#"{{"engagementId":"E1","employment":{odd},"benefitEnrollments":[]}}"#);
        let (_, record) = convert::listed_engagement(&entry(&json), &usual());
        assert_eq!((record.email_key, record.last_day), (None, None), "{odd}");
        assert_eq!(record.faults, ["last_day", "email_key"], "{odd}");
    }
}

#[test]
fn enrollments_that_contradict_each_other_prove_nothing() {
    assert_eq!(enrollments("[]").expect("none"), []);
    let twice = format!("[{0},{0}]", ENROLLED.trim_matches(['[', ']']));
    check_broken(enrollments(&twice));
    check_broken(enrollments(r#"[{"state":"ENROLLED"}]"#));
    check_broken(enrollments("null"));
    check_broken(enrollments("{}"));
}

#[test]
fn a_line_without_an_id_spoils_the_world_and_is_not_repeated() {
    for bad in [&br#"{"data":"Melda"}"#[..], br#"{"engagementId":"E1","data":Melda}"#, b"", b"[]"] {
        let error = recorded::offerings(bad).expect_err("no line");
        assert!(!error.to_string().contains("Melda"), "{error}");
    }
    assert!(recorded::engagement(b"{}", &usual()).is_err() && recorded::engagement(b"{", &usual()).is_err());
}

/// Pages of a list whose entries are ids.
fn page(meta: &str, ids: &[&str]) -> Page<String> {
    let data = ids.iter().map(|id| entry(&serde_json::to_string(id).expect("JSON"))).collect();
    let meta = serde_json::from_str(meta).expect("well-formed");
    let id = |entry: &RawValue| serde_json::from_str::<String>(entry.get()).expect("a text");
    Page::read(List { data: Some(data), meta }, |entry| (Some(id(entry)).filter(|id| !id.is_empty()), id(entry)))
        .expect("a page")
}

/// Walks over pages of `(page, pages, count, ids)`; the last one must be where the walk stops by itself.
#[track_caller]
fn check_walk(pages: &[(i64, i64, i64, &[&str])], ids: &[&str], contradictions: &[&str]) {
    let mut walk = Walk::new(Silence::ProvesNothing);
    for (index, (number, total, count, rows)) in pages.iter().enumerate() {
        assert_eq!(walk.next() as usize, index + 1);
        let meta = format!(r#"{{"page":{number},"pages":"{total}","count":{count},"nextUrl":"?page="}}"#);
        assert_eq!(walk.take(page(&meta, rows)), index + 1 < pages.len(), "page {index}");
    }
    let (found, noted) = walk.finish();
    assert_eq!(
        (found.iter().map(String::as_str).collect::<Vec<_>>(), noted),
        (ids.to_vec(), { contradictions.iter().map(|text| (*text).to_owned()).collect::<Vec<_>>() })
    );
}

#[test]
fn pages_that_agree_are_whole() {
    check_walk(&[(1, 1, 2, &["b", "a"])], &["a", "b"], &[]);
    check_walk(&[(1, 2, 3, &["c", "a"]), (2, 2, 3, &["b"])], &["a", "b", "c"], &[]);
    check_walk(&[(1, 1, 0, &[])], &[], &[]);
    check_walk(&[(1, 0, 0, &[])], &[], &[]);
}

#[test]
fn each_contradiction_of_pages_is_seen() {
    let count = "the rows of all pages are not as many as stated";
    check_walk(&[(1, 3, 3, &["a"]), (1, 3, 3, &["a"])], &["a"], &["a page came twice", "an entry came twice", count]);
    check_walk(&[(1, 3, 1, &["a"]), (2, 3, 1, &[])], &["a"], &["an empty page says that there is another one"]);
    check_walk(
        &[(1, 2, 2, &["a", "b"]), (2, 2, 3, &["c"])],
        &["a", "b", "c"],
        &["the totals change from page to page"],
    );
    check_walk(&[(1, 2, 3, &["a", "b"]), (2, 2, 3, &["b"])], &["a", "b"], &["an entry came twice"]);
    check_walk(&[(1, 1, 3, &["a"])], &["a"], &[count]);
    check_walk(&[(2, 2, 1, &["a"])], &["a"], &["another page came than the one asked for"]);
    check_walk(&[(1, 1, 2, &["a", ""])], &["a"], &["an entry has no id"]);
}

#[test]
fn silence_about_pages_proves_nothing_unless_the_list_has_none() {
    let walked = |silence, meta: &str| {
        let mut walk = Walk::new(silence);
        assert!(!walk.take(page(meta, &["a"])));
        walk.finish().1.len()
    };
    assert_eq!(walked(Silence::ProvesNothing, "null"), 1);
    assert_eq!(walked(Silence::ProvesNothing, r#"{"count":1}"#), 0);
    assert_eq!(walked(Silence::MeansWhole, "null"), 0);
    assert_eq!(walked(Silence::MeansWhole, r#"{"deprecation":{"at":"2026-01-01T00:00:00Z"}}"#), 0);
    assert_eq!(walked(Silence::MeansWhole, r#"{"pages":1}"#), 0);
    assert!(Walk::new(Silence::MeansWhole).take(page(r#"{"pages":2}"#, &["a"])));
}

#[test]
fn pages_without_end_end() {
    let mut walk = Walk::new(Silence::ProvesNothing);
    let endless = page(r#"{"pages":80000000}"#, &["a"]);
    let pages = (1..).take_while(|_| walk.take(endless.clone())).count();
    assert_eq!(pages + 1, PAGES_MAX as usize);
}

#[test]
fn a_list_without_data_or_with_odd_numbers_is_no_answer() {
    let read = |json: &str| {
        let answer: List = serde_json::from_str(json).expect("well-formed");
        Page::read(answer, |entry| convert::listed_engagement(entry, &usual()))
    };
    assert!(read(r#"{"data":[]}"#).is_ok());
    check_broken(read(r#"{"data":null,"meta":{"pages":1}}"#));
    check_broken(read(r#"{"data":[],"meta":{"pages":1.5}}"#));
}

#[test]
fn the_answer_to_a_request_is_in_its_own_unit() {
    let sample = r#"{"data":{"id":"F08d621d","plan":{"id":"Bbc51b6b","category":"PENSION"},"state":"REQUESTED","employerContribution":{"dependents":0.35,"maxDependentsCovered":6,"teamMember":0.55}}}"#;
    let answer: Envelope<_> = serde_json::from_str(sample).expect("well-formed");
    let record = convert::requested(answer, ShareUnit::Fraction).expect("an enrollment");
    assert_eq!(record.contribution.and_then(|contribution| contribution.team_member), Some(550_000));
}

proptest! {
    #[test]
    fn any_line_is_read_or_refused(text in "\\PC{0,60}|\\{\"engagementId\":\"E1\",\"data\":[\\[\\]{}:,\"a-z0-9.]{0,40}\\}") {
        let _ = recorded::engagement(text.as_bytes(), &usual());
        let _ = recorded::enrollments(text.as_bytes(), &UNITS);
        let _ = recorded::offerings(text.as_bytes());
        let _ = recorded::provisioning(text.as_bytes(), &UNITS);
    }
}
