use super::*;
use tieout_model::correction::Held;
use tieout_model::finding::{Payer, Severity};
use tieout_model::money::Currency;
use tieout_model::share::Share;

/// 5 % population, 10 % totals, 20 % corrected, 25 % salary, from 20 people on.
const SETTINGS: Guards = Guards {
    population_change_max: Share::of_ten_thousandths(500),
    total_change_max: Share::of_ten_thousandths(1_000),
    corrected_share_max: Share::of_ten_thousandths(2_000),
    salary_change_max: Share::of_ten_thousandths(2_500),
    headcount_min: 20,
    people_min: 1,
};

/// What `GuardInputs` borrows.
struct Night {
    last_good: Option<BaseLine>,
    tonight: BaseLine,
    control_totals: Vec<ControlTotal>,
    dispositions: Vec<Disposition>,
    findings: Vec<Finding>,
    corrections: Vec<Correction>,
    facts: BTreeMap<PayrollId, PersonValues>,
    ledger: BenbaseLedger,
    authority: Authority,
    accepted: bool,
}

fn night(before: u64, now: u64) -> Night {
    Night {
        last_good: Some(BaseLine { population: before, ..BaseLine::default() }),
        tonight: BaseLine { population: now, ..BaseLine::default() },
        control_totals: Vec::new(),
        dispositions: Vec::new(),
        findings: Vec::new(),
        corrections: Vec::new(),
        facts: BTreeMap::new(),
        ledger: BenbaseLedger::default(),
        authority: Authority::Payroll,
        accepted: false,
    }
}

impl Night {
    fn check(&self) -> Vec<Tripped> {
        let by = Measure { facts: &self.facts, ledger: &self.ledger, authority: self.authority };
        let mut corrections = self.corrections.clone();
        mark_far_moves(&SETTINGS, by, &mut corrections);
        let corrections: Vec<&Correction> = corrections.iter().collect();
        let inputs = GuardInputs {
            last_good: self.last_good.as_ref(),
            tonight: &self.tonight,
            control_totals: &self.control_totals,
            dispositions: &self.dispositions,
            findings: &self.findings,
            corrections: &corrections,
            accepted: self.accepted,
        };
        check(&SETTINGS, &inputs)
    }

    #[track_caller]
    fn check_guards(&self, expected: &[Guard]) {
        let tripped = self.check();
        assert_eq!(tripped.iter().map(|t| t.guard).collect::<Vec<_>>(), expected, "{tripped:?}");
    }

    fn with_total(mut self, before: &str, now: &str) -> Night {
        self.last_good.get_or_insert_default().totals.insert("_Dental USD".to_owned(), before.to_owned());
        self.tonight.totals.insert("_Dental USD".to_owned(), now.to_owned());
        self
    }

    /// Payroll wants `wanted` dollars; Benifex and the ledger as given.
    fn with_salary(mut self, wanted: &str, benifex: Option<i64>, held: Option<i64>) -> Night {
        let annually = || Some("annually".to_owned());
        let rate = PayRate {
            amount: wanted.to_owned(),
            period: "annually".to_owned(),
            effective_start: "2026-03-16".to_owned(),
        };
        let change = CompensationChange {
            employee_id: "emp_1".into(),
            pay_frequency: None,
            pay_rate: Some(rate),
            employment_status: None,
        };
        self.corrections.push(Correction {
            employee_id: "1".into(),
            payload: Payload::Compensation(change),
            changes: Vec::new(),
            effective: None,
            yearly_difference: None,
            findings: Vec::new(),
            authority: "payroll".to_owned(),
            second_look: Default::default(),
        });
        let facts = PersonValues {
            benbase_id: Some("emp_1".into()),
            benifex_salary: benifex.map(Money::units),
            benifex_rate_basis: annually(),
            ..PersonValues::default()
        };
        self.facts.insert("1".into(), facts);
        if let Some(held) = held {
            let held = Held { pay_amount: Some(Money::units(held)), pay_period: Some("annually"), ..Held::default() };
            self.ledger.insert("emp_1", &held);
        }
        self
    }
}

fn total(benefit: &str, payer: Payer, payroll: i128, expected: i128) -> ControlTotal {
    ControlTotal {
        benefit: benefit.to_owned(),
        currency: Currency::parse("USD").expect("listed"),
        payer,
        payroll,
        expected,
        by_family: BTreeMap::new(),
        tolerated: 0,
        settled: 0,
        unverified: 0,
        rejected: 0,
        out_of_scope: 0,
        waived: 0,
        on_leave: 0,
    }
}

fn finding(code: Code) -> Finding {
    Finding { severity: Severity::S1, ..Finding::blank(code) }
}

#[test]
fn the_base_line_adds_both_sides_of_a_benefit_and_currency() {
    let totals = [
        total("_Dental", Payer::Employee, 100, 0),
        total("_Dental", Payer::Employer, 50, 0),
        total("_Medical", Payer::Employee, 7, 0),
    ];
    let expected = [("_Dental USD", "150"), ("_Medical USD", "7")];
    let good = BaseLine::of(40, &totals);
    assert_eq!(good.population, 40);
    assert_eq!(good.totals, expected.map(|(key, sum)| (key.to_owned(), sum.to_owned())).into());
}

#[test]
fn a_first_run_has_nothing_to_compare_with() {
    let mut first = night(0, 1_000);
    first.last_good = None;
    first.check_guards(&[]);
}

#[test]
fn the_population_may_move_as_far_as_the_limit_and_no_further() {
    night(1_000, 950).check_guards(&[]);
    night(1_000, 1_050).check_guards(&[]);
    night(1_000, 949).check_guards(&[Guard::Population]);
    night(1_000, 1_051).check_guards(&[Guard::Population]);
    assert_eq!(
        night(1_000, 900).check()[0].sentence,
        "the payroll population moved by 10.00 %, from 1000 to 900 people, more than 5.00 %"
    );
}

#[test]
fn a_file_cut_to_a_few_rows_is_no_small_company() {
    night(1_000, 3).check_guards(&[Guard::Population]);
    night(19, 10).check_guards(&[]);
    night(20, 10).check_guards(&[Guard::Population]);
    night(10, 20).check_guards(&[Guard::Population]);
}

#[test]
fn totals_may_move_as_far_as_the_limit_and_a_vanished_benefit_trips() {
    night(100, 100).with_total("1000", "1100").check_guards(&[]);
    night(100, 100).with_total("1000", "1101").check_guards(&[Guard::Totals]);
    night(100, 100).with_total("1000", "899").check_guards(&[Guard::Totals]);
    night(100, 100).with_total("0", "899").check_guards(&[]);
    night(100, 100).with_total("x", "1").check_guards(&[Guard::Totals]);
    let huge = "9000000000000000000000";
    night(100, 100).with_total(huge, huge).check_guards(&[]);
    let mut vanished = night(100, 100).with_total("1000", "1000");
    vanished.tonight.totals.clear();
    vanished.check_guards(&[Guard::Totals]);
    let sentence = &vanished.check()[0].sentence;
    assert!(sentence.contains("_Dental USD moved by 100.00 %") && !sentence.contains("1000 "), "{sentence}");
    let mut new = night(100, 100).with_total("1000", "1000");
    new.last_good.get_or_insert_default().totals.clear();
    new.check_guards(&[]);
}

#[test]
fn the_share_of_employees_corrected_counts_each_once() {
    let corrected = |employees: usize, population| {
        let mut night = night(population, population).with_salary("100.00", Some(100), None);
        let sample = night.corrections.remove(0);
        for employee in 0..employees {
            let correction = Correction { employee_id: employee.to_string().into(), ..sample.clone() };
            night.facts.insert(employee.to_string().into(), night.facts["1"].clone());
            night.corrections.extend([correction.clone(), correction]);
        }
        night
    };
    corrected(20, 100).check_guards(&[]);
    corrected(21, 100).check_guards(&[Guard::CorrectedShare]);
    corrected(5, 10).check_guards(&[]);
    let mut accepted = corrected(21, 100);
    accepted.accepted = true;
    accepted.check_guards(&[]);
    assert_eq!(corrected(21, 100).check()[0].sentence, "21 of 100 employees would be corrected, more than 20.00 %");
}

#[test]
fn a_salary_may_move_as_far_as_the_limit_even_in_a_small_company() {
    for (wanted, expected) in
        [("125.00", &[][..]), ("125.01", &[Guard::SalaryChange][..]), ("75.00", &[]), ("74.99", &[Guard::SalaryChange])]
    {
        night(3, 3).with_salary(wanted, Some(100), None).check_guards(expected);
        night(3, 3).with_salary(wanted, Some(1), Some(100)).check_guards(expected);
    }
    let sentence = &night(3, 3).with_salary("777.00", Some(100), None).check()[0].sentence;
    assert_eq!(sentence, "1 salary change of more than 25.00 %, up or down, or of a size that cannot be told");
}

#[test]
fn fewer_salaries_than_people_min_that_move_far_wait_marked_and_more_stop_the_queue() {
    let mut two = night(3, 3).with_salary("777.00", Some(100), None);
    let mut other = two.corrections[0].clone();
    other.employee_id = "2".into();
    let facts = two.facts["1"].clone();
    two.facts.insert("2".into(), facts);
    two.corrections.push(other);
    let check = |people_min, night: &Night| {
        let settings = Guards { people_min, ..SETTINGS };
        let by = Measure { facts: &night.facts, ledger: &night.ledger, authority: night.authority };
        let mut corrections = night.corrections.clone();
        mark_far_moves(&settings, by, &mut corrections);
        assert!(corrections.iter().all(|c| c.second_look == BTreeSet::from([SecondLook::FarMove])));
        salary_changes_of(&settings, night, &corrections)
    };
    assert!(!check(3, &two));
    assert!(check(2, &two));
    two.accepted = true;
    assert!(!check(2, &two));
}

fn salary_changes_of(settings: &Guards, night: &Night, corrections: &[Correction]) -> bool {
    let corrections: Vec<&Correction> = corrections.iter().collect();
    let inputs = GuardInputs {
        last_good: None,
        tonight: &night.tonight,
        control_totals: &[],
        dispositions: &[],
        findings: &[],
        corrections: &corrections,
        accepted: night.accepted,
    };
    check(settings, &inputs).iter().any(|tripped| tripped.guard == Guard::SalaryChange)
}

#[test]
fn with_benifex_as_authority_payroll_is_what_a_salary_is_measured_by() {
    let mut benifex = night(3, 3).with_salary("100.00", Some(100), None);
    benifex.authority = Authority::Benifex;
    let facts = benifex.facts.get_mut("1").expect("the sample's");
    (facts.base_salary, facts.rate_basis) = (Some(Money::units(10)), Some("annually".to_owned()));
    benifex.check_guards(&[Guard::SalaryChange]);
}

#[test]
fn a_salary_change_without_a_held_value_trips() {
    night(3, 3).with_salary("100.00", None, None).check_guards(&[Guard::SalaryChange]);
    night(3, 3).with_salary("100.00", Some(0), None).check_guards(&[Guard::SalaryChange]);
}

#[test]
fn on_another_basis_the_yearly_difference_measures_the_change() {
    let hourly = |difference: Option<i64>| {
        let mut night = night(3, 3).with_salary("26.00", Some(52_000), None);
        let correction = &mut night.corrections[0];
        let usd = Currency::parse("USD").expect("listed");
        correction.yearly_difference = difference.map(|units| (Money::units(units), usd));
        if let Payload::Compensation(CompensationChange { pay_rate: Some(rate), .. }) = &mut correction.payload {
            rate.period = "hourly".to_owned();
        }
        night
    };
    hourly(Some(13_000)).check_guards(&[]);
    hourly(Some(13_001)).check_guards(&[Guard::SalaryChange]);
    hourly(None).check_guards(&[Guard::SalaryChange]);
    let annual = |difference: i64| {
        let mut night = night(3, 3).with_salary("52000.00", Some(25), None);
        let usd = Currency::parse("USD").expect("listed");
        night.corrections[0].yearly_difference = Some((Money::units(difference), usd));
        night.facts.get_mut("1").expect("the sample's").benifex_rate_basis = Some("hourly".to_owned());
        night
    };
    annual(0).check_guards(&[]);
    annual(50_000).check_guards(&[Guard::SalaryChange]);
}

#[test]
fn a_run_that_does_not_prove_itself_queues_nothing() {
    let mut residual = night(3, 3);
    residual.control_totals = vec![total("_Dental", Payer::Employee, 100, 99)];
    residual.check_guards(&[Guard::TieOut]);
    residual.control_totals[0].tolerated = 1;
    residual.check_guards(&[]);
    let source = Disposition {
        source: "payroll rows".to_owned(),
        rows: 10,
        matched: 9,
        finding: 0,
        waived: 0,
        out_of_scope: 0,
        rejected: 0,
        unverified: 0,
    };
    residual.dispositions = vec![source];
    residual.check_guards(&[Guard::TieOut]);
}

#[test]
fn a_broken_control_total_or_a_swing_queues_nothing() {
    let mut broken = night(3, 3);
    broken.findings = [Code::CT01, Code::CT01, Code::CT06, Code::EN01].map(finding).into();
    broken.check_guards(&[Guard::ControlTotals, Guard::Swing]);
    assert_eq!(broken.check()[0].sentence, "CT01 (2 findings): the payroll file does not match its control totals");
}
