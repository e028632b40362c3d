use proptest::prelude::*;

use super::*;
use tieout_model::correction::{CompensationChange, CorrectionKind, PayRate, validate};
use tieout_model::finding::Severity;
use tieout_model::money::Money;

const EMPLOYEE: &str = "00123";
const BENBASE_ID: &str = "emp_123";

fn day(text: &str) -> NaiveDate {
    text.parse().expect("a date of the test")
}

fn usd() -> Option<Currency> {
    Currency::parse("USD")
}

fn text(text: &str) -> Option<String> {
    Some(text.to_owned())
}

fn settings() -> PlanSettings {
    PlanSettings {
        authority: Authority::Payroll,
        countries: BTreeSet::from(["US".to_owned()]),
        employer_id: "emp_employer".into(),
        as_of: day("2026-03-31"),
    }
}

/// Payroll pays 52,000 from 2026-03-16; Benifex still has 50,000 from 2025-01-01. All else agrees.
fn facts() -> PersonValues {
    PersonValues {
        benbase_id: Some(BENBASE_ID.into()),
        country: text("US"),
        currency: usd(),
        period_start: Some(day("2026-03-16")),
        base_salary: Some(Money::units(52_000)),
        rate_basis: text("annually"),
        salary_effective: Some(day("2026-03-16")),
        pay_frequency: text("semimonthly"),
        employment_status: text("full_time"),
        line1: text("1 Main St"),
        line2: None,
        city: text("Austin"),
        state: text("TX"),
        zip: text("73301"),
        benifex_salary: Some(Money::units(50_000)),
        benifex_rate_basis: text("annually"),
        benifex_salary_currency: usd(),
        benifex_salary_effective: Some(day("2025-01-01")),
        benifex_pay_frequency: text("semimonthly"),
        benifex_employment_status: text("full_time"),
        benifex_zip: text("73301"),
        ..PersonValues::default()
    }
}

/// What Benbase holds when it holds all that payroll says.
fn as_payroll() -> Held<'static> {
    Held {
        pay_frequency: Some("semimonthly"),
        pay_amount: Some(Money::units(52_000)),
        pay_period: Some("annually"),
        effective_start: Some(day("2026-03-16")),
        pay_sent: false,
        employment_status: Some("full_time"),
        line1: Some("1 Main St"),
        line2: None,
        city: Some("Austin"),
        state: Some("TX"),
        zip_code: Some("73301"),
        terminated_on: None,
    }
}

fn finding_of(employee_id: &str, code: Code, field: &str) -> (String, Finding) {
    let finding = Finding {
        severity: Severity::S2,
        employee_id: employee_id.into(),
        field: field.to_owned(),
        ..Finding::blank(code)
    };
    (format!("{employee_id}-{}-{field}", code.name()), finding)
}

fn finding(code: Code, field: &str) -> (String, Finding) {
    finding_of(EMPLOYEE, code, field)
}

fn held_by(rows: &BTreeMap<String, Held<'_>>) -> BenbaseLedger {
    let mut ledger = BenbaseLedger::default();
    rows.iter().for_each(|(benbase_id, held)| ledger.insert(benbase_id, held));
    ledger
}

fn ledger(held: Held<'_>) -> BenbaseLedger {
    BenbaseLedger::from([(BENBASE_ID, held)])
}

fn plan_for(
    findings: &[(String, Finding)],
    facts: PersonValues,
    held: Option<Held<'_>>,
    settings: &PlanSettings,
) -> CorrectionPlan {
    let ledger = held.map(ledger).unwrap_or_default();
    plan(findings, &BTreeMap::from([(EMPLOYEE.into(), facts)]), &ledger, settings)
}

fn co01() -> [(String, Finding); 1] {
    [finding(Code::CO01, "base_salary")]
}

/// Nothing comes of the findings, and the first reason holds the words.
#[track_caller]
fn check_refused(findings: &[(String, Finding)], facts: PersonValues, held: Option<Held<'_>>, words: &str) {
    let plan = plan_for(findings, facts, held, &settings());
    assert_eq!(plan.corrections, [], "expected none because {words:?}");
    assert_eq!(plan.not_derived.len(), findings.len());
    assert!(plan.not_derived[0].1.contains(words), "{:?} lacks {words:?}", plan.not_derived[0].1);
}

/// The one correction that the findings lead to.
#[track_caller]
fn check_derived(findings: &[(String, Finding)], facts: PersonValues, held: Option<Held<'_>>) -> Correction {
    let mut plan = plan_for(findings, facts, held, &settings());
    assert_eq!(plan.not_derived, []);
    assert_eq!(plan.corrections.len(), 1);
    plan.corrections.remove(0)
}

fn rate(amount: &str, effective: &str) -> PayRate {
    PayRate { amount: amount.to_owned(), period: "annually".to_owned(), effective_start: effective.to_owned() }
}

fn compensation_body(correction: &Correction) -> &CompensationChange {
    match &correction.payload {
        Payload::Compensation(change) => change,
        other => panic!("expected a compensation change, found {other:?}"),
    }
}

#[test]
fn a_salary_difference_becomes_payrolls_rate_from_payrolls_date() {
    let correction = check_derived(&co01(), facts(), None);
    let expected = CompensationChange {
        employee_id: BENBASE_ID.into(),
        pay_frequency: None,
        pay_rate: Some(rate("52000.00", "2026-03-16")),
        employment_status: None,
    };
    assert_eq!(compensation_body(&correction), &expected);
    assert_eq!(correction.employee_id, EMPLOYEE);
    assert_eq!(correction.effective, Some(day("2026-03-16")));
    assert_eq!(correction.yearly_difference, Some(Money::units(2_000)).zip(usd()));
    assert_eq!(correction.authority, "payroll");
    let change = |field: &str, from: &str, to: &str| Change {
        field: field.to_owned(),
        from: from.to_owned(),
        to: to.to_owned(),
    };
    assert_eq!(
        correction.changes,
        [
            change("base_salary", "50000.00 annually (Benifex)", "52000.00 annually"),
            change("salary_effective", "2025-01-01 (Benifex)", "2026-03-16"),
        ]
    );
}

#[test]
fn the_ledger_is_what_a_change_starts_from_when_it_knows() {
    let findings = [finding(Code::CO07, "base_salary")];
    let held = Held { pay_amount: Some(Money::units(48_000)), ..as_payroll() };
    let agreeing = PersonValues { benifex_salary: Some(Money::units(52_000)), ..facts() };
    let correction = check_derived(&findings, agreeing, Some(held));
    assert_eq!(correction.changes.len(), 1, "the date is held already");
    assert_eq!(correction.changes[0].from, "48000.00 annually");
    assert_eq!(correction.yearly_difference, Some(Money::units(4_000)).zip(usd()));
}

#[test]
fn a_yearly_difference_of_hourly_pay_is_what_the_rule_annualised() {
    let hourly = PersonValues {
        base_salary: Some(Money::units(26)),
        rate_basis: text("hourly"),
        benifex_salary: Some(Money::units(52_000)),
        ..facts()
    };
    let (id, mut found) = finding(Code::CO01, "base_salary");
    assert_eq!(check_derived(&[(id.clone(), found.clone())], hourly.clone(), None).yearly_difference, None);
    found.pay_difference = Some(Money::units(2_080)).zip(usd());
    assert_eq!(check_derived(&[(id, found)], hourly, None).yearly_difference, Some(Money::units(2_080)).zip(usd()));
}

#[test]
fn the_fields_with_findings_are_merged_into_one_change() {
    let findings = [
        finding(Code::CO01, "base_salary"),
        finding(Code::CO03, "pay_frequency"),
        finding(Code::CO04, "employment_status"),
    ];
    let correction = check_derived(&findings, facts(), None);
    let body = compensation_body(&correction);
    assert_eq!(body.pay_frequency.as_deref(), Some("semimonthly"));
    assert_eq!(body.employment_status.as_deref(), Some("full_time"));
    assert!(body.pay_rate.is_some());
    assert_eq!(correction.findings.len(), 3);
}

#[test]
fn a_field_that_cannot_be_derived_does_not_hold_up_the_others() {
    let findings = [finding(Code::CO01, "base_salary"), finding(Code::CO03, "pay_frequency")];
    let plan = plan_for(&findings, PersonValues { salary_effective: None, ..facts() }, None, &settings());
    assert_eq!(plan.corrections.len(), 1);
    assert_eq!(compensation_body(&plan.corrections[0]).pay_rate, None);
    assert_eq!(plan.corrections[0].effective, None);
    assert_eq!(plan.corrections[0].yearly_difference, None);
    assert_eq!(plan.not_derived.len(), 1);
    assert!(plan.not_derived[0].0.contains("CO01"));
}

#[test]
fn pay_and_address_are_two_corrections() {
    let findings = [finding(Code::DE01, "zip"), finding(Code::CO01, "base_salary")];
    let plan = plan_for(&findings, facts(), None, &settings());
    let kinds: Vec<_> = plan.corrections.iter().map(|c| c.kind()).collect();
    assert_eq!(kinds, [CorrectionKind::Compensation, CorrectionKind::Demographic]);
}

#[test]
fn an_address_is_sent_whole_and_shown_masked() {
    let held = Held { state: Some("CA"), city: Some("Fresno"), ..as_payroll() };
    let correction = check_derived(&[finding(Code::DE02, "state")], facts(), Some(held));
    let Payload::Demographic(body) = &correction.payload else { panic!("expected an address") };
    assert_eq!(body.address.line1, "1 Main St");
    assert_eq!(body.address.state, "TX");
    assert_eq!(body.address.line2, None);
    let fields: Vec<_> =
        correction.changes.iter().map(|c| (c.field.as_str(), c.from.as_str(), c.to.as_str())).collect();
    assert_eq!(fields, [("city", "differs", "differs"), ("state", "differs", "differs")]);
}

#[test]
fn with_benifex_as_authority_its_pay_is_wanted() {
    let benifex = PlanSettings { authority: Authority::Benifex, ..settings() };
    let facts = PersonValues { benifex_salary_effective: Some(day("2026-03-20")), ..facts() };
    let plan = plan_for(&co01(), facts, None, &benifex);
    assert_eq!(compensation_body(&plan.corrections[0]).pay_rate, Some(rate("50000.00", "2026-03-20")));
    assert_eq!(plan.corrections[0].authority, "benifex");
    assert_eq!(plan.corrections[0].yearly_difference, Some(Money::units(-2_000)).zip(usd()));
}

#[test]
fn nothing_is_derived_for_an_employee_who_is_not_known_to_be_the_right_one() {
    for (edit, words) in [
        ((|f| f.unverified = true) as fn(&mut PersonValues), "unverified"),
        (|f| f.blocked = true, "blocks the employee"),
        (|f| f.benbase_id = None, "no Benbase id"),
        (|f| f.benbase_id = Some(" ".into()), "no Benbase id"),
        (|f| f.benbase_id = Some("emp_employer".into()), "the employer's id"),
        (|f| f.country = Some("GB".to_owned()), "country"),
        (|f| f.country = None, "country"),
    ] {
        let mut facts = facts();
        edit(&mut facts);
        check_refused(&co01(), facts, None, words);
    }
    let elsewhere = PlanSettings { countries: BTreeSet::new(), ..settings() };
    assert!(plan_for(&co01(), facts(), None, &elsewhere).not_derived[0].1.contains("no [benbase]"));
    let nobody = plan(&co01(), &BTreeMap::new(), &BenbaseLedger::default(), &settings());
    assert!(nobody.not_derived[0].1.contains("not compared in full"));
}

#[test]
fn two_employees_with_one_benbase_id_get_no_correction() {
    let people = BTreeMap::from([(EMPLOYEE.into(), facts()), ("00999".into(), facts())]);
    let plan = plan(&co01(), &people, &BenbaseLedger::default(), &settings());
    assert_eq!(plan.corrections, []);
    assert!(plan.not_derived[0].1.contains("several employees"));
}

#[test]
fn what_benbase_already_holds_is_not_sent() {
    check_refused(&co01(), facts(), Some(as_payroll()), "already holds");
    let other_date = Held { effective_start: Some(day("2024-01-01")), ..as_payroll() };
    check_refused(&co01(), facts(), Some(other_date), "already holds");
    check_refused(&[finding(Code::CO02, "salary_effective")], facts(), Some(as_payroll()), "already holds");
    check_refused(&[finding(Code::CO03, "pay_frequency")], facts(), Some(as_payroll()), "already holds");
    check_refused(&[finding(Code::CO04, "employment_status")], facts(), Some(as_payroll()), "already holds");
    check_refused(&[finding(Code::DE02, "state")], facts(), Some(as_payroll()), "already holds");
}

#[test]
fn an_address_that_differs_in_spelling_only_is_held_already() {
    let spelt = Held { line1: Some("1 MAIN STREET"), ..as_payroll() };
    check_refused(&[finding(Code::DE01, "zip")], facts(), Some(spelt), "already holds");
}

#[test]
fn a_date_alone_is_corrected_when_the_ledger_has_another_or_none() {
    for effective_start in [Some(day("2024-01-01")), None] {
        let held = Held { effective_start, ..as_payroll() };
        let correction = check_derived(&[finding(Code::CO02, "salary_effective")], facts(), Some(held));
        assert_eq!(compensation_body(&correction).pay_rate, Some(rate("52000.00", "2026-03-16")));
        assert_eq!(correction.yearly_difference, Some(Money::ZERO).zip(usd()));
    }
}

/// The one correction that the findings lead to is marked for exactly these reasons.
#[track_caller]
fn check_marked(findings: &[(String, Finding)], facts: PersonValues, held: Option<Held<'_>>, marks: &[SecondLook]) {
    let correction = check_derived(findings, facts, held);
    assert_eq!(correction.second_look, marks.iter().copied().collect());
}

#[test]
fn a_value_that_only_the_authority_has_is_marked() {
    let only = [SecondLook::OnlyAuthority];
    let pay = Held { pay_amount: Some(Money::units(51_000)), ..as_payroll() };
    check_marked(&co01(), facts(), Some(pay), &only);
    let both = [finding(Code::CO01, "base_salary"), finding(Code::CO07, "base_salary")];
    check_marked(&both, facts(), Some(pay), &only);
    check_marked(&both[1..], facts(), Some(pay), &[]);
    check_marked(&co01(), facts(), None, &[]);
    let frequency = Held { pay_frequency: Some("monthly"), ..as_payroll() };
    check_marked(&[finding(Code::CO03, "pay_frequency")], facts(), Some(frequency), &only);
    let status = Held { employment_status: Some("part_time"), ..as_payroll() };
    check_marked(&[finding(Code::CO04, "employment_status")], facts(), Some(status), &only);
    let address = Held { line1: Some("9 Elm St"), zip_code: Some("10001"), ..as_payroll() };
    let both = [finding(Code::DE01, "address"), finding(Code::DE01, "zip")];
    check_marked(&both, facts(), Some(address), &only);
    // Without a word from Benifex, payroll stands against the ledger alone.
    check_marked(&both[..1], facts(), Some(address), &[]);
}

#[test]
fn a_change_of_basis_is_sent_where_its_size_can_be_told() {
    let hourly = Held { pay_amount: Some(Money::units(25)), pay_period: Some("hourly"), ..as_payroll() };
    let changed = [finding(Code::CO07, "base_salary")];
    let agreeing = PersonValues { benifex_salary: Some(Money::units(52_000)), ..facts() };
    assert_eq!(check_derived(&changed, agreeing.clone(), Some(hourly)).yearly_difference, None);
    // 25.00 × 40 × 52 is 52,000.00.
    let contracted = PersonValues { contracted_hours: Some(400_000), ..agreeing };
    let correction = check_derived(&changed, contracted, Some(hourly));
    assert_eq!(correction.yearly_difference, Some(Money::ZERO).zip(usd()));
    assert_eq!(compensation_body(&correction).pay_rate, Some(rate("52000.00", "2026-03-16")));
    let stale = PersonValues { benifex_salary: Some(Money::units(25)), benifex_rate_basis: text("hourly"), ..facts() };
    check_refused(&changed, stale, Some(hourly), "how far the pay moves");
}

#[test]
fn only_dollars_are_sent() {
    check_refused(&co01(), PersonValues { currency: Currency::parse("GBP"), ..facts() }, None, "pay is in GBP");
    check_refused(&co01(), PersonValues { currency: None, ..facts() }, None, "currency of the pay is unknown");
    let pounds = PersonValues { currency: Currency::parse("GBP"), ..facts() };
    check_derived(&[finding(Code::DE01, "zip")], pounds, None);
}

#[test]
fn an_effective_date_before_the_period_is_marked_and_one_far_ahead_refused() {
    // The period begins on 2026-03-16; ninety days after 2026-03-31 is 2026-06-29, ninety before it 2025-12-31.
    let since = |effective| PersonValues { salary_effective: Some(day(effective)), ..facts() };
    check_marked(&co01(), since("2026-03-16"), None, &[]);
    check_marked(&co01(), since("2026-06-29"), None, &[]);
    check_refused(&co01(), since("2026-06-30"), None, "more than 90 days ahead");
    check_marked(&co01(), since("2026-03-15"), None, &[SecondLook::EarlierPeriod]);
    check_marked(&co01(), since("2025-12-31"), None, &[SecondLook::EarlierPeriod]);
    check_marked(&co01(), since("2025-12-30"), None, &[SecondLook::EarlierPeriod, SecondLook::LongAgo]);
    check_refused(&co01(), PersonValues { salary_effective: None, ..facts() }, None, "no effective date");
    check_refused(&co01(), PersonValues { period_start: None, ..facts() }, None, "period is unknown");
    let long = PersonValues { period_start: Some(day("2025-01-01")), ..since("2025-12-30") };
    check_marked(&co01(), long, None, &[SecondLook::LongAgo]);
}

#[test]
fn a_value_that_the_contract_refuses_is_not_sent() {
    check_refused(&co01(), PersonValues { base_salary: Some(Money(520_001)), ..facts() }, None, "two decimals");
    check_refused(&co01(), PersonValues { base_salary: Some(Money::units(-1)), ..facts() }, None, "zero or more");
    check_refused(&co01(), PersonValues { base_salary: None, ..facts() }, None, "no pay");
    check_refused(&co01(), PersonValues { rate_basis: None, ..facts() }, None, "no basis");
    check_refused(&co01(), PersonValues { rate_basis: text("daily"), ..facts() }, None, "hourly or annually");
    let frequency = [finding(Code::CO03, "pay_frequency")];
    check_refused(&frequency, PersonValues { pay_frequency: text("quarterly"), ..facts() }, None, "weekly, biweekly");
    check_refused(&frequency, PersonValues { pay_frequency: None, ..facts() }, None, "gives no value");
    let status = [finding(Code::CO04, "employment_status")];
    check_refused(&status, PersonValues { employment_status: text("casual"), ..facts() }, None, "full_time");
    check_refused(&[finding(Code::CO07, "hours")], facts(), None, "no Benbase change");
}

#[test]
fn nothing_is_sent_of_somebody_whom_benbase_terminated_and_who_works_on_but_who_left_still_gets_letters() {
    let address = [finding(Code::DE01, "address")];
    let terminated = Held { zip_code: Some("10001"), terminated_on: Some(day("2026-02-27")), ..as_payroll() };
    check_refused(&address, facts(), Some(terminated), "put back there by hand");
    let left = PersonValues { term_date: Some(day("2026-02-27")), ..facts() };
    check_derived(&address, left, Some(terminated));
}

#[test]
fn an_address_that_the_contract_refuses_is_not_sent() {
    let zip = [finding(Code::DE01, "zip")];
    check_refused(&zip, PersonValues { state: text("PR"), ..facts() }, None, "fifty states");
    check_refused(&zip, PersonValues { line1: None, ..facts() }, None, "address.line1");
    check_refused(&zip, PersonValues { city: text(" "), ..facts() }, None, "address.city");
    check_refused(&zip, PersonValues { zip: text("7330"), ..facts() }, None, "address.zip_code");
    let nothing = PersonValues { line1: None, city: None, state: None, zip: None, ..facts() };
    check_refused(&zip, nothing, None, "address.city: expected a city; payroll's address.state");
    check_derived(&zip, PersonValues { state: text("Texas"), ..facts() }, None);
    check_derived(&zip, PersonValues { state: text("tx"), zip: text("73301-0001"), ..facts() }, None);
    // A zero that a spreadsheet lost is put back.
    let lost = PersonValues { state: text("MA"), zip: text("21341234"), ..facts() };
    let Payload::Demographic(sent) = check_derived(&zip, lost, None).payload else { panic!("an address") };
    assert_eq!(sent.address.zip_code, "02134-1234");
}

#[test]
fn a_second_line_is_never_dropped_in_silence() {
    let held = Held { line1: Some("9 Elm St"), line2: Some("Apt 4"), ..as_payroll() };
    let address = [finding(Code::DE01, "address")];
    check_refused(&address, PersonValues { has_line2: true, ..facts() }, Some(held), "line 2");
    check_marked(&address, facts(), Some(held), &[SecondLook::SecondLine]);
    let with_line2 = PersonValues { line2: text("Unit 1"), ..facts() };
    check_derived(&address, with_line2, Some(held));
    let blank = Held { line1: Some("9 Elm St"), line2: Some(" "), ..as_payroll() };
    check_derived(&address, facts(), Some(blank));
}

#[test]
fn other_codes_are_passed_over() {
    assert_eq!(
        plan_for(&[finding(Code::DE04, "name"), finding(Code::AM01, "ee_amount")], facts(), None, &settings()),
        CorrectionPlan::default()
    );
}

fn any_text(values: &'static [&'static str]) -> impl Strategy<Value = Option<&'static str>> {
    prop::option::weighted(0.9, prop::sample::select(values))
}

fn owned(text: Option<&str>) -> Option<String> {
    text.map(str::to_owned)
}

fn any_money() -> impl Strategy<Value = Option<Money>> {
    prop::option::weighted(
        0.9,
        prop_oneof![(-5..5_i64).prop_map(Money::units), (0..200_i64).prop_map(Money), Just(Money::units(52_000))],
    )
}

fn any_day() -> impl Strategy<Value = Option<NaiveDate>> {
    prop::option::weighted(0.9, (0..400_i64).prop_map(|d| day("2025-09-01") + TimeDelta::days(d)))
}

fn any_currency() -> impl Strategy<Value = Option<Currency>> {
    any_text(&["USD", "USD", "GBP"]).prop_map(|c| c.and_then(Currency::parse))
}

const STATUSES: &[&str] = &["full_time", "part_time", "variable_hours", "casual", ""];
const FREQUENCIES: &[&str] = &["weekly", "monthly", "semimonthly", "quarterly"];
const BASES: &[&str] = &["annually", "hourly", "daily"];
const LINES: &[&str] = &["1 Main St", "9 Elm St", " ", ""];
const REGIONS: &[&str] = &["TX", "ca", "PR", ""];
const ZIPS: &[&str] = &["73301", "73301-0001", "7330", ""];

prop_compose! {
    fn any_pay()(amount in any_money(), basis in any_text(BASES), currency in any_currency(), effective in any_day(),
                 frequency in any_text(FREQUENCIES), status in any_text(STATUSES))
        -> (Option<Money>, Option<&'static str>, Option<Currency>, Option<NaiveDate>, Option<&'static str>,
            Option<&'static str>) {
        (amount, basis, currency, effective, frequency, status)
    }
}

prop_compose! {
    fn any_address()(line1 in any_text(LINES), line2 in any_text(LINES), city in any_text(LINES),
                     state in any_text(REGIONS), zip in any_text(ZIPS)) -> [Option<&'static str>; 5] {
        [line1, line2, city, state, zip]
    }
}

prop_compose! {
    fn any_facts()(payroll in any_pay(), benifex in any_pay(), address in any_address(),
                   id in any_text(&["emp_1", "emp_2", "emp_3", "emp_4", "emp_employer", ""]),
                   country in any_text(&["US", "US", "US", "GB"]), period_start in any_day(),
                   unverified in prop::bool::weighted(0.1), blocked in prop::bool::weighted(0.1)) -> PersonValues {
        let [line1, line2, city, state, zip] = address.map(owned);
        PersonValues {
            benbase_id: id.map(BenbaseId::from), country: owned(country), currency: payroll.2, period_start,
            base_salary: payroll.0, rate_basis: owned(payroll.1), salary_effective: payroll.3,
            pay_frequency: owned(payroll.4), employment_status: owned(payroll.5),
            line1, line2, city, state, zip,
            benifex_salary: benifex.0, benifex_rate_basis: owned(benifex.1), benifex_salary_currency: benifex.2,
            benifex_salary_effective: benifex.3, benifex_pay_frequency: owned(benifex.4),
            benifex_employment_status: owned(benifex.5), benifex_zip: None, unverified, blocked, ..PersonValues::default()
        }
    }
}

prop_compose! {
    fn any_held()(pay in any_pay(), [line1, line2, city, state, zip_code] in any_address()) -> Held<'static> {
        Held {
            pay_frequency: pay.4, pay_amount: pay.0, pay_period: pay.1, effective_start: pay.3,
            pay_sent: false, employment_status: pay.5, line1, line2, city, state, zip_code, terminated_on: None,
        }
    }
}

fn any_findings() -> impl Strategy<Value = BTreeMap<String, Finding>> {
    let fields = ["base_salary", "pay_frequency", "employment_status", "address", "zip", "state", "salary_effective"];
    let one = (
        prop::sample::select(&["1", "2", "3", "4", "5"][..]),
        prop::sample::select(Code::all().collect::<Vec<_>>()),
        prop::sample::select(fields.to_vec()),
    );
    prop::collection::vec(one.prop_map(|(employee, code, field)| finding_of(employee, code, field)), 0..60)
        .prop_map(|findings| findings.into_iter().collect())
}

proptest! {
    #[test]
    fn each_finding_ends_in_one_correction_or_with_its_reason_and_every_body_is_valid(
        findings in any_findings(),
        people in prop::collection::vec(any_facts(), 4),
        ledger in prop::collection::btree_map("emp_[1-4]", any_held(), 0..4),
        authority in prop::sample::select(vec![Authority::Payroll, Authority::Benifex]),
    ) {
        let findings: Vec<_> = findings.into_iter().collect();
        let facts: BTreeMap<_, _> = (1..).map(|n: u32| PayrollId::new(n.to_string())).zip(people).collect();
        let settings = PlanSettings { authority, ..settings() };
        let ledger = held_by(&ledger);
        let made = plan(&findings, &facts, &ledger, &settings);

        let settled = made.corrections.iter().flat_map(|c| c.findings.iter().map(|(id, _)| id.clone()));
        let mut places: Vec<_> = settled.chain(made.not_derived.iter().map(|(id, _)| id.clone())).collect();
        places.sort();
        let wanted: Vec<_> = findings.iter().filter(|(_, f)| f.code.rule().corrects()).map(|(id, _)| id.clone()).collect();
        prop_assert_eq!(places, wanted);

        let mut keys = BTreeSet::new();
        for correction in &made.corrections {
            prop_assert_eq!(validate::check(&correction.payload), vec![]);
            prop_assert!(keys.insert((correction.employee_id.clone(), correction.kind())), "two of one kind");
            let person = &facts[&correction.employee_id];
            prop_assert!(!person.unverified && !person.blocked);
        }
        prop_assert!(made.not_derived.iter().all(|(_, reason)| !reason.is_empty()));

        let backwards: Vec<_> = findings.into_iter().rev().collect();
        prop_assert_eq!(plan(&backwards, &facts, &ledger, &settings), made);
    }
}
