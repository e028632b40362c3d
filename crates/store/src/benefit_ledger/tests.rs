use chrono::NaiveDate;

use super::*;
use crate::chain::proof::Watch;
use crate::database::migrations::of_schema;
use crate::tests::at;
use tieout_model::balance::{Account, Movements, Posting};
use tieout_model::code::Code;
use tieout_model::finding::Payer;
use tieout_model::money::Currency;

/// The schema before this ledger.
const BEFORE: usize = 7;

fn day(text: &str) -> NaiveDate {
    text.parse().expect("a day")
}

fn march() -> PayPeriod {
    PayPeriod { start: Some(day("2026-03-01")), end: day("2026-03-31") }
}

fn posting(payer: Payer, amounts: [i64; 5], code: Option<Code>) -> Posting {
    let currency = Currency::parse("USD").expect("a currency");
    Posting {
        account: Account { benefit: "_Medical".into(), payer, currency },
        period: march(),
        movements: Movements::from_amounts(amounts),
        code,
        cover_from: Some(day("2026-01-01")),
        by_gross: None,
    }
}

fn page(employee_id: &str, postings: Vec<Posting>) -> Page {
    let unjudged = Some(vec!["_Dental".to_owned()]);
    Page { employee_id: employee_id.into(), period: march(), unjudged, postings }
}

fn post(store: &mut Store, pages: &[Page]) {
    let new = NewPosting { night: day("2026-04-02"), now: at(0), by: "tieout", reason: "", pages };
    let transaction = store.transaction().expect("begins");
    write(&transaction, &new).expect("writes");
    transaction.commit().expect("commits");
}

#[test]
fn what_is_posted_is_read_as_it_was() {
    let mut store = Store::in_memory().expect("opens");
    let medical = vec![
        posting(Payer::Employee, [1_000_000, 800_000, 0, 0, 0], Some(Code::AM01)),
        Posting { by_gross: Some(900_000), ..posting(Payer::Employer, [0, 0, 0, 5, 0], None) },
    ];
    let pages = [page("0007", medical), page("0008", Vec::new())];
    post(&mut store, &pages);
    let mut seen = Vec::new();
    store.scan_balances(|head, page| seen.push((head.night, page))).expect("reads");
    assert_eq!(seen, pages.clone().map(|page| (day("2026-04-02"), page)));
    let of_one = store.pages_of("0008").expect("reads");
    assert_eq!(of_one.iter().map(|(_, page)| page).collect::<Vec<_>>(), [&pages[1]]);
}

#[test]
fn an_entry_never_changes_and_is_never_deleted() {
    let mut store = Store::in_memory().expect("opens");
    post(&mut store, &[page("0007", vec![posting(Payer::Employee, [1, 1, 0, 0, 0], None)])]);
    for sql in [
        "UPDATE benefit_entry SET entries = '[]'",
        "DELETE FROM benefit_entry",
        "UPDATE posting SET night = '2026-01-01'",
        "DELETE FROM posting",
    ] {
        let refused = store.connection().execute(sql, []).expect_err(sql).to_string();
        assert!(refused.contains("never"), "{sql}: {refused}");
    }
}

#[test]
fn a_posting_without_pages_is_none() {
    let mut store = Store::in_memory().expect("opens");
    post(&mut store, &[]);
    let postings: i64 = store.connection().query_row("SELECT count(*) FROM posting", [], |r| r.get(0)).expect("reads");
    assert_eq!(postings, 0);
}

#[test]
fn what_an_earlier_version_found_and_is_open_is_the_opening_balance() {
    let mut connection = Connection::open_in_memory().expect("opens");
    of_schema(&connection, BEFORE).expect("the earlier schema");
    let finding =
        "INSERT INTO finding (id, code, employee_id, benefit, field, first_seen, status, last_seen, cleared_on,
                       nights_open, reopened, night) VALUES ";
    for values in [
        "('a', 'AM01', '0007', '_Medical', 'ee_amount', '2026-03-02', 'open', '2026-04-02', NULL, 2, 0, '2026-04-02')",
        "('b', 'AM02', '0007', '_Medical', 'er_amount', '2026-03-02', 'open', '2026-04-02', NULL, 2, 0, '2026-04-02')",
        "('c', 'EN01', '0008', '_Medical', 'ee_amount', '2026-03-02', 'cleared', '2026-03-02', '2026-04-02', 1, 0, 'n')",
        "('d', 'CO01', '0008', '', 'base_salary', '2026-03-02', 'open', '2026-04-02', NULL, 2, 0, '2026-04-02')",
    ] {
        connection.execute(&format!("{finding}{values}"), []).expect("inserts");
    }
    let period = "INSERT INTO finding_period (finding_id, period_end, currency, exposure, night) VALUES ";
    for values in [
        "('a', '2026-02-28', 'USD', 200000, 'n')",
        "('a', '2026-03-31', 'USD', -50000, 'n')",
        "('b', '2026-02-28', 'USD', 10000, 'n')",
        "('c', '2026-02-28', 'USD', 990000, 'n')",
        "('d', '2026-02-28', '', 0, 'n')",
    ] {
        connection.execute(&format!("{period}{values}"), []).expect("inserts");
    }
    crate::database::migrations::migrate(&mut connection).expect("migrates");
    let store = Store { watch: Watch::begin(&connection).expect("watches"), connection, anchors: None };
    assert!(store.pages_of("0008").expect("reads").is_empty(), "cleared, or no deduction");
    let pages = store.pages_of("0007").expect("reads");
    let told: Vec<_> = pages
        .iter()
        .flat_map(|(head, page)| page.postings.iter().map(move |posting| (head, posting)))
        .map(|(head, p)| (head.night, p.period.end, p.account.payer, p.movements.balance(), p.code))
        .collect();
    let (found, february, march) = (day("2026-03-02"), day("2026-02-28"), day("2026-03-31"));
    assert_eq!(
        told,
        [
            (found, february, Payer::Employee, 200_000, Some(Code::AM01)),
            (found, february, Payer::Employer, 10_000, Some(Code::AM02)),
            (found, march, Payer::Employee, -50_000, Some(Code::AM01)),
        ]
    );
    assert!(pages.iter().all(|(_, page)| page.unjudged.is_none()), "nobody looked at these periods' payroll again");
}
