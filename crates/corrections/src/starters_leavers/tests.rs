use super::*;
use crate::settings::VariableHours;
use chrono::NaiveDate;
use tieout_model::correction::{
    Contradicted, CorrectionKind, Payload, SecondLook, Standing, Termination, WaitingTermination, validate,
};
use tieout_model::finding::Severity;
use tieout_model::money::{Currency, Money};
use tieout_model::terms::Authority;

const ID: &str = "00123";
const BENBASE_ID: &str = "emp_123";
/// Values that nobody may read in the evidence.
const PERSONAL: [&str; 9] = ["Ada", "Lane", "1990", "Main", "Austin", "TX", "73301", "ada@", "Apt"];

fn day(text: &str) -> NaiveDate {
    text.parse().expect("a date of the test")
}

fn text(text: &str) -> Option<String> {
    Some(text.to_owned())
}

fn settings() -> StarterLeaverSettings {
    StarterLeaverSettings {
        plan: PlanSettings {
            authority: Authority::Payroll,
            countries: BTreeSet::from(["US".to_owned()]),
            employer_id: "emp_employer".into(),
            as_of: day("2026-03-31"),
        },
        new_hires: NewHires { enabled: true, per_run_max: 5, ..NewHires::default() },
        terminations: Terminations { enabled: true, per_run_max: 5 },
        employer_name: "Acme Corporation".to_owned(),
        leave_date_tolerance_days: 1,
    }
}

/// Hired in February, with all that a new hire needs.
fn hired() -> PersonValues {
    PersonValues {
        benbase_id: Some(BENBASE_ID.into()),
        on_payroll: true,
        country: text("US"),
        currency: Currency::parse("USD"),
        base_salary: Some(Money::units(52_000)),
        rate_basis: text("annually"),
        pay_frequency: text("biweekly"),
        employment_status: text("full_time"),
        line1: text("1 Main St"),
        line2: text("Apt 4"),
        city: text("Austin"),
        state: text("tx"),
        zip: text("73301"),
        first_name: text("Ada"),
        last_name: text("Lane"),
        dob: Some(day("1990-01-15")),
        email: text("ada@example.com"),
        hours: Some(375_000),
        hire_date: Some(day("2026-02-02")),
        ..PersonValues::default()
    }
}

/// Left in March, and the ledger has the person.
fn left() -> PersonValues {
    PersonValues {
        hire_date: Some(day("2020-01-01")),
        term_date: Some(day("2026-03-20")),
        benifex_leave_date: Some(day("2026-03-25")),
        ..hired()
    }
}

fn finding(employee_id: &str, code: Code, benefit: &str) -> (String, Finding) {
    let finding = Finding {
        severity: Severity::S2,
        employee_id: employee_id.into(),
        benefit: benefit.to_owned(),
        ..Finding::blank(code)
    };
    (format!("{employee_id}-{}-{benefit}", code.name()), finding)
}

/// One night, of which a test changes what it is about.
struct Night {
    findings: Vec<(String, Finding)>,
    facts: BTreeMap<PayrollId, PersonValues>,
    ledger: BenbaseLedger,
    seen: ProposedBefore,
    settings: StarterLeaverSettings,
}

impl Night {
    fn of(code: Code, facts: PersonValues) -> Night {
        Night {
            findings: vec![finding(ID, code, "")],
            facts: BTreeMap::from([(ID.into(), facts)]),
            ledger: BenbaseLedger::default(),
            seen: ProposedBefore::default(),
            settings: settings(),
        }
    }

    fn hire() -> Night {
        Night::of(Code::ID01, hired())
    }

    fn leaver() -> Night {
        let ledger = BenbaseLedger::from([(BENBASE_ID, Held::default())]);
        Night { ledger, ..Night::of(Code::DE07, left()) }
    }

    /// The same with more people like the first one.
    fn with_people(mut self, count: usize) -> Night {
        let (id, finding) = self.findings.remove(0);
        let facts = self.facts.remove(ID).expect("the sample");
        for n in 0..count {
            let (employee_id, benbase_id) = (n.to_string(), format!("emp_{n}"));
            self.findings
                .push((format!("{id}{n}"), Finding { employee_id: employee_id.clone().into(), ..finding.clone() }));
            self.facts.insert(
                employee_id.into(),
                PersonValues { benbase_id: Some(benbase_id.as_str().into()), ..facts.clone() },
            );
            if !self.ledger.is_empty() {
                self.ledger.insert(&benbase_id, &Held::default());
            }
        }
        self
    }

    fn plan(&self) -> CorrectionPlan {
        let Night { findings, facts, ledger, seen, settings } = self;
        let plan = plan(Known { findings, facts, ledger, seen }, settings);
        for correction in &plan.corrections {
            assert_eq!(validate::check(&correction.payload), [], "{correction:?}");
            let shown = format!("{:?}", correction.changes);
            let found: Vec<_> = PERSONAL.iter().filter(|value| shown.contains(**value)).collect();
            assert!(found.is_empty(), "{found:?} in {shown}");
        }
        plan
    }
}

#[track_caller]
fn check_hired(edit: impl FnOnce(&mut Night)) -> Correction {
    let mut night = Night::hire();
    edit(&mut night);
    only(night.plan())
}

#[track_caller]
fn only(plan: CorrectionPlan) -> Correction {
    assert_eq!(plan.not_derived, []);
    let [correction] = plan.corrections.try_into().expect("one correction");
    correction
}

/// Nothing is proposed, and each finding of tonight says why.
#[track_caller]
fn check_refused(mut night: Night, edit: impl FnOnce(&mut Night), reason: &str) {
    edit(&mut night);
    let plan = night.plan();
    assert_eq!(plan.corrections, []);
    let [(_, found)] = plan.not_derived.as_slice() else { panic!("expected one finding: {plan:?}") };
    assert!(found.contains(reason), "{found}");
    assert!(!PERSONAL.iter().any(|value| found.contains(value)), "{found}");
}

fn facts(night: &mut Night) -> &mut PersonValues {
    night.facts.get_mut(ID).expect("the sample")
}

#[test]
fn a_person_with_every_field_is_hired_as_payroll_says() {
    let correction = check_hired(|_| ());
    assert_eq!((correction.kind(), correction.employee_id.as_str()), (CorrectionKind::NewHire, ID));
    assert_eq!(correction.effective, Some(day("2026-02-02")));
    assert_eq!(correction.yearly_difference, Some(Money::units(52_000)).zip(Currency::parse("USD")));
    assert_eq!(correction.findings, [(format!("{ID}-ID01-"), Code::ID01)]);
    let expected = concat!(
        r#"{"employer_id":"emp_employer","employee_id":"emp_123","first_name":"Ada","last_name":"Lane","#,
        r#""dob":"1990-01-15","employer":"Acme Corporation","address":{"line1":"1 Main St","line2":"Apt 4","#,
        r#""city":"Austin","state":"TX","zip_code":"73301"},"hire_date":"2026-02-02","email":"ada@example.com","#,
        r#""hours_worked":"37.5","pay_frequency":"biweekly","pay_rate":[{"amount":"52000.00","period":"annually","#,
        r#""effective_start":"2026-02-02"}],"employment_status":"full_time"}"#,
    );
    assert_eq!(serde_json::to_string(&correction.payload).expect("JSON"), expected);
    let shown: Vec<_> = correction.changes.iter().map(|c| (c.field.as_str(), c.to.as_str())).collect();
    let expected = [
        ("name", "given"),
        ("dob", "given"),
        ("address", "given"),
        ("email", "given"),
        ("employer", "Acme Corporation"),
        ("hire_date", "2026-02-02"),
        ("hours", "37.5"),
        ("base_salary", "52000.00 annually"),
        ("salary_effective", "2026-02-02"),
        ("pay_frequency", "biweekly"),
        ("employment_status", "full_time"),
    ];
    assert_eq!(shown, expected);
}

#[test]
fn every_required_field_that_is_missing_is_named_at_once() {
    check_refused(
        Night::hire(),
        |night| {
            let known = facts(night).clone();
            *facts(night) = PersonValues {
                on_payroll: true,
                benbase_id: known.benbase_id,
                country: known.country,
                first_name: text(" "),
                line1: known.line1,
                ..PersonValues::default()
            };
        },
        "payroll gives no first_name, last_name, dob, city, state, zip, hire_date, email, hours, base_salary, rate_basis, \
         employment_status",
    );
    let edits: [fn(&mut PersonValues); 12] = [
        |f| f.first_name = None,
        |f| f.last_name = None,
        |f| f.dob = None,
        |f| f.line1 = None,
        |f| f.city = None,
        |f| f.state = None,
        |f| f.zip = None,
        |f| f.hire_date = None,
        |f| f.email = None,
        |f| f.hours = None,
        |f| f.base_salary = None,
        |f| f.employment_status = None,
    ];
    for edit in edits {
        check_refused(Night::hire(), |night| edit(facts(night)), "payroll gives no ");
    }
}

#[test]
fn what_the_contract_refuses_is_not_proposed() {
    check_refused(Night::hire(), |n| facts(n).state = text("PR"), "payroll's address.state: expected");
    check_refused(Night::hire(), |n| facts(n).email = text("ada"), "payroll's email: expected");
    check_refused(Night::hire(), |n| facts(n).base_salary = Some(Money(255_555)), "payroll's pay_rate.amount");
    check_refused(Night::hire(), |n| facts(n).currency = Currency::parse("GBP"), "pay is in GBP");
    check_refused(Night::hire(), |n| facts(n).currency = None, "currency of the pay is unknown");
    check_refused(Night::hire(), |n| n.settings.employer_name.clear(), "employer: expected");
    check_hired(|n| facts(n).pay_frequency = None);
    check_hired(|n| facts(n).line2 = text(" "));
    check_hired(|n| facts(n).state = text("Texas"));
}

#[test]
fn whoever_may_be_known_to_benbase_is_reported_and_never_hired() {
    let held = |night: &mut Night| {
        night.ledger.insert(BENBASE_ID, &Held::default());
    };
    check_refused(Night::hire(), held, "Benbase knows this id already");
    check_refused(Night::hire(), |n| n.seen.employees = [ID.into()].into(), "sent or queued before");
    check_refused(Night::hire(), |n| n.seen.benbase_ids = [BENBASE_ID.into()].into(), "sent or queued before");
    check_refused(Night::hire(), |n| facts(n).term_date = Some(day("2026-01-31")), "hired again after a leave date");
    check_refused(Night::hire(), |n| facts(n).term_date = Some(day("2026-12-31")), "gives a leave date already");
    check_refused(Night::hire(), |n| facts(n).hire_date = Some(day("2026-04-01")), "lies in the future");
    check_hired(|n| facts(n).hire_date = Some(day("2026-03-31")));
}

#[test]
fn unknown_and_foreign_people_are_reported() {
    check_refused(Night::hire(), |n| facts(n).benbase_id = None, "no Benbase id");
    check_refused(Night::hire(), |n| facts(n).benbase_id = Some("emp_employer".into()), "employer's id");
    check_refused(Night::hire(), |n| facts(n).country = text("GB"), "country is not one that Benbase covers");
    check_refused(Night::hire(), |n| facts(n).country = None, "no country");
    check_refused(Night::hire(), |n| n.facts.clear(), "not compared in full");
    check_refused(Night::hire(), |n| facts(n).unverified = true, "unverified");
    let twin = |n: &mut Night| {
        n.facts.insert("twin".into(), hired());
    };
    check_refused(Night::hire(), twin, "several employees the same Benbase id");
}

#[test]
fn whoever_is_blocked_is_neither_hired_nor_terminated() {
    for night in [Night::hire(), Night::leaver()] {
        check_refused(night, |n| facts(n).blocked = true, "blocks the employee");
    }
}

#[test]
fn an_engagement_of_nobody_stops_neither_hires_nor_terminations() {
    for mut night in [Night::hire(), Night::leaver()] {
        night.findings.push(finding("", Code::ID03, ""));
        assert_eq!(night.plan().corrections.len(), 1);
    }
}

#[test]
fn variable_hours_are_refused_unless_the_job_takes_them_for_part_time() {
    let variable = |night: &mut Night| facts(night).employment_status = text("variable_hours");
    check_refused(Night::hire(), variable, "variable hours");
    let correction = check_hired(|night| {
        variable(night);
        night.settings.new_hires.variable_hours = VariableHours::PartTime;
    });
    let Payload::NewHire(hire) = correction.payload else { panic!("expected a new hire") };
    assert_eq!(hire.employment_status, "part_time");
}

#[test]
fn an_hourly_hire_counts_as_a_year_of_its_hours() {
    let correction = check_hired(|night| {
        let facts = facts(night);
        // 25.50 an hour, 37.5 hours a week: 956.25 a week, 49,725.00 a year.
        (facts.rate_basis, facts.base_salary) = (text("hourly"), Some(Money(255_000)));
        facts.salary_effective = Some(day("2026-03-01"));
    });
    assert_eq!(correction.yearly_difference, Some(Money::units(49_725)).zip(Currency::parse("USD")));
    let Payload::NewHire(hire) = correction.payload else { panic!("expected a new hire") };
    let [rate] = hire.pay_rate;
    assert_eq!((rate.amount.as_str(), rate.period.as_str()), ("25.50", "hourly"));
    assert_eq!(rate.effective_start, "2026-03-01");
}

#[test]
fn a_switch_that_is_off_leaves_the_findings_alone() {
    let mut night = Night::hire();
    night.settings.new_hires.enabled = false;
    assert_eq!(night.plan(), CorrectionPlan::default());
    let mut night = Night::leaver();
    night.settings.terminations.enabled = false;
    assert_eq!(night.plan(), CorrectionPlan::default());
    night.settings = StarterLeaverSettings { new_hires: NewHires::default(), ..settings() };
    assert_eq!(night.plan().corrections.len(), 1, "each kind has a switch of its own");
}

#[test]
fn more_than_the_cap_in_one_night_are_none_at_all() {
    for (night, name) in
        [(Night::hire(), "new_hires.per_run_max (5)"), (Night::leaver(), "terminations.per_run_max (5)")]
    {
        let night = night.with_people(5);
        assert_eq!(night.plan().corrections.len(), 5, "{name}");
    }
    for (night, name) in
        [(Night::hire(), "new_hires.per_run_max (5)"), (Night::leaver(), "terminations.per_run_max (5)")]
    {
        let plan = night.with_people(6).plan();
        assert_eq!((plan.corrections.len(), plan.not_derived.len()), (0, 6));
        assert!(plan.not_derived.iter().all(|(_, why)| why.contains(name) && why.contains("6 in one night")));
    }
}

#[test]
fn what_waits_in_the_queue_already_does_not_count_against_tonight() {
    let live: BTreeSet<PayrollId> = ["0", "1", "2"].map(PayrollId::from).into();
    let mut hires = Night::hire().with_people(8);
    hires.seen.live_hires = live.clone();
    assert_eq!(hires.plan().corrections.len(), 8);
    let mut leavers = Night::leaver().with_people(9);
    leavers.seen.live_terminations = live.iter().map(|id| (id.clone(), WaitingTermination::default())).collect();
    let plan = leavers.plan();
    assert_eq!(plan.corrections.iter().map(|c| c.employee_id.clone()).collect::<BTreeSet<_>>(), live);
    assert_eq!(plan.not_derived.len(), 6);
}

#[test]
fn a_leaver_is_terminated_on_payrolls_day() {
    let mut night = Night::leaver();
    night.findings =
        vec![finding(ID, Code::EN04, "_Dental"), finding(ID, Code::DE07, ""), finding(ID, Code::EN04, "_Medical")];
    let correction = only(night.plan());
    let expected = Termination { employee_id: BENBASE_ID.into(), termination_date: "2026-03-20".into() };
    assert_eq!(correction.payload, Payload::Termination(expected));
    assert_eq!((correction.effective, correction.yearly_difference), (Some(day("2026-03-20")), None));
    assert_eq!(correction.changes, [moved("term_date", "2026-03-25 (Benifex)", "2026-03-20")]);
    assert_eq!(
        correction.findings.iter().map(|(_, code)| *code).collect::<Vec<_>>(),
        [Code::DE07, Code::EN04, Code::EN04]
    );
}

#[test]
fn a_leave_date_that_benifex_does_not_give_is_looked_at_twice_and_one_in_dispute_is_held() {
    let found = |code| Night { findings: vec![finding(ID, code, "")], ..Night::leaver() };
    let marks = |night: Night| only(night.plan()).second_look;
    assert_eq!(marks(found(Code::DE07)), BTreeSet::from([SecondLook::LeaveDate]));
    assert_eq!(marks(found(Code::EN04)), BTreeSet::new());
    check_refused(found(Code::DE07), |n| facts(n).leaving_disputed = true, "contradict each other");
}

#[test]
fn only_a_leave_date_of_payrolls_that_has_come_terminates() {
    check_refused(Night::leaver(), |n| facts(n).term_date = None, "gives no leave date");
    check_refused(Night::leaver(), |n| facts(n).term_date = Some(day("2026-04-01")), "lies in the future");
    check_refused(Night::leaver(), |n| facts(n).hire_date = Some(day("2026-03-21")), "a rehire");
    check_refused(Night::leaver(), |n| facts(n).benifex_start_date = Some(day("2026-03-21")), "a rehire");
    check_refused(Night::leaver(), |n| facts(n).term_date = Some(day("2025-12-30")), "more than 90 days back");
    check_refused(Night::leaver(), |n| *facts(n) = PersonValues::default(), "does not list the person");
    let mut tonight = Night::leaver();
    facts(&mut tonight).term_date = Some(day("2026-03-31"));
    assert_eq!(tonight.plan().corrections.len(), 1);
}

#[test]
fn where_benifex_is_the_authority_it_must_give_the_same_day() {
    let by_benifex = |date: Option<&str>| {
        let mut night = Night::leaver();
        night.settings.plan.authority = Authority::Benifex;
        facts(&mut night).benifex_leave_date = date.map(day);
        night
    };
    for date in [Some("2026-03-19"), Some("2026-03-20"), Some("2026-03-21")] {
        assert_eq!(only(by_benifex(date).plan()).authority, "benifex");
    }
    for date in [Some("2026-03-18"), Some("2026-03-22"), None] {
        check_refused(by_benifex(date), |_| (), "the authority, does not give");
    }
}

#[test]
fn nobody_is_terminated_whom_the_ledger_does_not_know_or_knows_to_have_left() {
    check_refused(Night::leaver(), |n| n.ledger = BenbaseLedger::default(), "the ledger does not know");
    let left = Held { terminated_on: Some(day("2026-03-20")), ..Held::default() };
    let gone = |night: &mut Night| {
        night.ledger.insert(BENBASE_ID, &left);
    };
    check_refused(Night::leaver(), gone, "already holds a termination");
}

/// A termination on 20 March waits, which Benifex gave as well, and no finding asks for it tonight.
fn waiting(edit: impl FnOnce(&mut PersonValues)) -> CorrectionPlan {
    let mut night = Night { findings: Vec::new(), ..Night::leaver() };
    let waits = WaitingTermination { date: Some(day("2026-03-20")), by_benifex: true };
    night.seen.live_terminations.insert(ID.into(), waits);
    facts(&mut night).benifex_leave_date = Some(day("2026-03-20"));
    edit(facts(&mut night));
    night.plan()
}

#[test]
fn a_termination_that_waits_stands_when_its_leaver_is_off_payroll_or_found_no_more() {
    let of_tonight = |edit: fn(&mut PersonValues)| only(waiting(edit)).effective;
    assert_eq!(of_tonight(|_| ()), Some(day("2026-03-20")));
    assert_eq!(of_tonight(|facts| facts.term_date = Some(day("2026-03-27"))), Some(day("2026-03-27")));
    let standing = |payload| [Standing { employee_id: ID.into(), payload, kind: CorrectionKind::Termination }];
    let same = Termination { employee_id: BENBASE_ID.into(), termination_date: "2026-03-20".into() };
    let blocked = waiting(|facts| facts.blocked = true);
    assert_eq!((blocked.corrections, blocked.contradicted), (vec![], vec![]));
    assert_eq!(blocked.standing, standing(Some(Payload::Termination(same))));
    assert_eq!(waiting(|facts| *facts = PersonValues::default()).standing, standing(None));
    let mut night = Night::leaver();
    night.seen.live_terminations.insert(ID.into(), WaitingTermination::default());
    *facts(&mut night) = PersonValues::default();
    check_refused(night, |_| (), "waits in the queue");
}

#[test]
fn what_tonight_says_against_a_termination_that_waits_ends_it_whatever_else_is_unverified() {
    let against = |edit: fn(&mut PersonValues)| {
        let plan = waiting(|facts| {
            facts.unverified = true;
            edit(facts);
        });
        assert_eq!((plan.corrections, plan.standing), (vec![], vec![]));
        let reasons: Vec<String> = plan.contradicted.into_iter().map(|Contradicted { reason, .. }| reason).collect();
        reasons.join("; ")
    };
    assert_eq!(against(|_| ()), "");
    assert!(against(|facts| facts.leaving_disputed = true).contains("contradict each other"));
    assert!(against(|facts| facts.term_date = None).contains("gives no leave date"));
    assert!(against(|facts| facts.term_date = Some(day("2026-03-27"))).contains("payroll's leave date is 2026-03-27"));
    assert!(against(|facts| facts.hire_date = Some(day("2026-03-23"))).contains("a rehire"));
    assert!(against(|facts| facts.benifex_leave_date = Some(day("2026-03-27"))).contains("Benifex's leave date"));
    // Benifex's record was not read: it says nothing.
    assert_eq!(against(|facts| facts.benifex_leave_date = None), "");
    let taken_back: fn(&mut PersonValues) = |facts| (facts.benifex_leave_date, facts.benifex_employed) = (None, true);
    assert!(against(taken_back).contains("Benifex gives no leave date"));
    let off_payroll = waiting(|facts| {
        taken_back(facts);
        facts.on_payroll = false;
    });
    assert_eq!(off_payroll.contradicted.len(), 1, "{off_payroll:?}");
}

#[test]
fn a_leaver_on_whose_day_both_sources_agree_needs_no_finding() {
    let agreed = |edit: fn(&mut Night)| {
        let mut night = Night { findings: Vec::new(), ..Night::leaver() };
        facts(&mut night).benifex_leave_date = Some(day("2026-03-21"));
        edit(&mut night);
        night.plan().corrections.len()
    };
    assert_eq!(agreed(|_| ()), 1);
    assert_eq!(agreed(|night| facts(night).benifex_leave_date = Some(day("2026-03-22"))), 0);
    assert_eq!(agreed(|night| facts(night).benifex_leave_date = None), 0);
    assert_eq!(agreed(|night| facts(night).term_date = None), 0);
    assert_eq!(agreed(|night| facts(night).leaving_disputed = true), 0);
    assert_eq!(agreed(|night| facts(night).blocked = true), 0);
    assert_eq!(agreed(|night| night.ledger = BenbaseLedger::default()), 0);
}

#[test]
fn more_such_leavers_than_the_cap_come_on_later_nights_and_never_in_place_of_what_was_found() {
    let mut night = Night::leaver().with_people(7);
    let found = night.findings.split_off(5);
    night.findings = found;
    for (n, facts) in night.facts.values_mut().enumerate() {
        facts.benifex_leave_date = facts.term_date;
        facts.term_date = Some(day("2026-03-20") - chrono::TimeDelta::days(i64::from(n < 4)));
    }
    // Two were found; of the five others the four of 19 March left first.
    let plan = night.plan();
    let proposed: Vec<&str> = plan.corrections.iter().map(|c| c.employee_id.as_str()).collect();
    assert_eq!(proposed, ["0", "1", "2", "5", "6"]);
    assert_eq!(plan.notes, ["2 more terminations wait for later nights: terminations.per_run_max is 5"]);
}

#[test]
fn a_hire_that_waits_stands_while_payroll_does_not_give_everything_and_once_benifex_has_the_person() {
    let tonight = |edit: fn(&mut PersonValues)| {
        let mut night = Night { findings: Vec::new(), ..Night::hire() };
        night.seen.live_hires.insert(ID.into());
        edit(facts(&mut night));
        night.plan()
    };
    assert_eq!(only(tonight(|_| ())).kind(), CorrectionKind::NewHire);
    let stands = [Standing { employee_id: ID.into(), payload: None, kind: CorrectionKind::NewHire }];
    assert_eq!(tonight(|facts| facts.email = None).standing, stands);
    assert_eq!(tonight(|facts| facts.blocked = true).standing, stands);
    assert_eq!(tonight(|facts| facts.term_date = Some(day("2026-03-20"))), CorrectionPlan::default());
    assert_eq!(tonight(|facts| facts.on_payroll = false), CorrectionPlan::default());
}

#[test]
fn other_codes_propose_nothing() {
    for code in Code::all().filter(|code| !matches!(code, Code::ID01 | Code::EN04 | Code::DE07)) {
        let night = Night { findings: vec![finding(ID, code, "")], ..Night::leaver() };
        assert_eq!(night.plan(), CorrectionPlan::default(), "{}", code.name());
    }
}
