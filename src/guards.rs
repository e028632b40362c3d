//! What stops the queue, never the report: signs of a truncated, doubled or mistaken file, against the last good run and
//! within the night. Pure. Sentences carry counts and percentages only, no amounts.

use std::collections::{BTreeMap, BTreeSet};

use crate::control::{ControlTotal, Disposition, LastGood};
use crate::correction::{CompensationChange, Correction, Facts, Ledger, PayRate, Payload};
use crate::finding::{Code, Finding};
use crate::job::{Authority, Guards, RateBasis};
use crate::money::{Marks, Money};

/// The whole, in the unit of the guards' shares.
const WHOLE: i128 = 10_000;
/// Decimals of a rate as it is sent.
const RATE_DECIMALS: u32 = 2;

/// What the guards look at.
#[derive(Clone, Copy, Debug)]
pub struct GuardInputs<'a> {
    /// `None`: no good run before this one; nothing to compare with.
    pub last_good: Option<&'a LastGood>,
    /// Tonight in the same form ([`last_good`]).
    pub tonight: &'a LastGood,
    pub control_totals: &'a [ControlTotal],
    pub dispositions: &'a [Disposition],
    pub findings: &'a [Finding],
    pub corrections: &'a [Correction],
    /// By employee id.
    pub facts: &'a BTreeMap<String, Facts>,
    /// By Benbase id.
    pub ledger: &'a Ledger,
    pub authority: Authority,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Guard {
    ControlTotals,
    Swing,
    Population,
    Totals,
    CorrectedShare,
    SalaryChange,
    TieOut,
}

impl Guard {
    pub fn name(self) -> &'static str {
        match self {
            Guard::ControlTotals => "control totals",
            Guard::Swing => "swing",
            Guard::Population => "population",
            Guard::Totals => "totals",
            Guard::CorrectedShare => "corrected share",
            Guard::SalaryChange => "salary change",
            Guard::TieOut => "tie-out",
        }
    }
}

/// A guard that stops the queue, and why in one sentence.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Tripped {
    pub guard: Guard,
    pub sentence: String,
}

/// Population and payroll totals of a night: what the next one compares with. Both sides of a benefit and currency are
/// added; the key of a total is `<benefit> <currency>`.
pub fn last_good(population: u64, control_totals: &[ControlTotal]) -> LastGood {
    let mut sums: BTreeMap<String, i128> = BTreeMap::new();
    for total in control_totals {
        *sums.entry(format!("{} {}", total.benefit, total.currency)).or_default() += total.payroll;
    }
    LastGood { population, totals: sums.into_iter().map(|(key, sum)| (key, sum.to_string())).collect() }
}

/// Every guard that stops tonight's queue, sorted; empty = the plan may be queued.
pub fn check(settings: &Guards, inputs: &GuardInputs) -> Vec<Tripped> {
    let mut tripped = Vec::new();
    let mut trip = |guard, sentence| tripped.push(Tripped { guard, sentence });
    for (code, guard, meaning) in [
        (Code::CT01, Guard::ControlTotals, "the payroll file does not match its control totals"),
        (Code::CT06, Guard::Swing, "the night is too far from the last good run"),
    ] {
        let count = inputs.findings.iter().filter(|f| f.code == code).count();
        if count > 0 {
            trip(guard, format!("{} ({}): {meaning}", code.name(), count_text(count, "finding")));
        }
    }
    if let Some(sentence) = tie_out(inputs) {
        trip(Guard::TieOut, sentence);
    }
    if shares_apply(settings, inputs) {
        moved_population(settings, inputs).into_iter().for_each(|s| trip(Guard::Population, s));
        moved_totals(settings, inputs).into_iter().for_each(|s| trip(Guard::Totals, s));
        corrected_share(settings, inputs).into_iter().for_each(|s| trip(Guard::CorrectedShare, s));
    }
    if let Some(sentence) = salary_changes(settings, inputs) {
        trip(Guard::SalaryChange, sentence);
    }
    tripped.sort();
    tripped
}

fn count_text(count: usize, noun: &str) -> String {
    let plural = if count == 1 { "" } else { "s" };
    format!("{count} {noun}{plural}")
}

/// Shares mean little in a small company. The greater headcount counts, or a file cut to a few rows would be let
/// through as one.
fn shares_apply(settings: &Guards, inputs: &GuardInputs) -> bool {
    let before = inputs.last_good.map_or(0, |good| good.population);
    before.max(inputs.tonight.population) >= u64::from(settings.headcount_min)
}

fn tie_out(inputs: &GuardInputs) -> Option<String> {
    let totals = inputs.control_totals.iter().filter(|total| total.residual() != 0).count();
    let sources = inputs.dispositions.iter().filter(|source| source.unplaced() != 0).count();
    (totals + sources > 0).then(|| {
        let (totals, sources) = (count_text(totals, "control total"), count_text(sources, "source"));
        format!("the run does not prove itself: {totals} with a residual, {sources} with unplaced rows")
    })
}

fn moved_population(settings: &Guards, inputs: &GuardInputs) -> Option<String> {
    let (before, now) = (inputs.last_good?.population, inputs.tonight.population);
    let limit = settings.population_change_max;
    exceeds(i128::from(before), i128::from(now), limit).then(|| {
        let moved = percent(i128::from(before), i128::from(now));
        format!(
            "the payroll population moved by {moved}, from {before} to {now} people, more than {}",
            limit_text(limit)
        )
    })
}

fn moved_totals(settings: &Guards, inputs: &GuardInputs) -> Vec<String> {
    let Some(last_good) = inputs.last_good else { return Vec::new() };
    let limit = settings.total_change_max;
    let compare = |(key, before): (&String, &String)| {
        let now = inputs.tonight.totals.get(key).map_or("0", String::as_str);
        let (Ok(before), Ok(now)) = (before.parse::<i128>(), now.parse::<i128>()) else {
            return Some(format!("the payroll total of {key} cannot be compared: the last good run's is unreadable"));
        };
        exceeds(before, now, limit).then(|| {
            let moved = percent(before, now);
            format!(
                "the payroll total of {key} moved by {moved} against the last good run, more than {}",
                limit_text(limit)
            )
        })
    };
    // A benefit that is new tonight has nothing to compare with.
    last_good.totals.iter().filter_map(compare).collect()
}

fn corrected_share(settings: &Guards, inputs: &GuardInputs) -> Option<String> {
    let employees: BTreeSet<_> = inputs.corrections.iter().map(|c| &c.employee_id).collect();
    let (count, population) = (employees.len(), inputs.tonight.population);
    let limit = settings.corrected_share_max;
    (i128::try_from(count).ok()? * WHOLE > i128::from(limit) * i128::from(population)).then(|| {
        let limit = limit_text(limit);
        format!("{count} of {population} employees would be corrected, more than {limit}")
    })
}

fn salary_changes(settings: &Guards, inputs: &GuardInputs) -> Option<String> {
    let limit = settings.salary_change_max;
    let too_far = |correction: &&Correction| match &correction.payload {
        Payload::Compensation(CompensationChange { employee_id, pay_rate: Some(rate), .. }) => {
            // A change whose size cannot be told may be of any size.
            let sizes = sizes(inputs, correction, employee_id, rate);
            sizes.is_none_or(|(held, wanted)| held == 0 || exceeds(held, wanted, limit))
        }
        _ => false,
    };
    let count = inputs.corrections.iter().filter(too_far).count();
    let limit = limit_text(limit);
    (count > 0).then(|| {
        let changes = count_text(count, "salary change");
        format!("{changes} of more than {limit}, up or down, or of a size that cannot be told")
    })
}

/// Held and wanted pay on one basis: held by the ledger, else by the other source, else by the yearly difference that the
/// rule annualised.
fn sizes(inputs: &GuardInputs, correction: &Correction, benbase_id: &str, rate: &PayRate) -> Option<(i128, i128)> {
    let counts = |amount: Money| i128::from(amount.0);
    let wanted = Money::parse(&rate.amount, Marks::PLAIN, RATE_DECIMALS).ok()?;
    let facts = inputs.facts.get(&correction.employee_id)?;
    let held = inputs.ledger.get(benbase_id);
    let ledger = held.and_then(|held| held.pay_amount.zip(held.pay_period.as_deref()));
    let other = match inputs.authority {
        Authority::Payroll => facts.benifex_salary.zip(facts.benifex_rate_basis.as_deref()),
        Authority::Benifex => facts.base_salary.zip(facts.rate_basis.as_deref()),
    };
    let same_basis = |(amount, basis): (Money, &str)| (basis == rate.period).then_some(amount);
    if let Some(held) = ledger.and_then(same_basis).or_else(|| other.and_then(same_basis)) {
        return Some((counts(held), counts(wanted)));
    }
    let difference = counts(correction.yearly_difference?.0);
    if rate.period == RateBasis::Annually.name() {
        return Some((counts(wanted) - difference, counts(wanted)));
    }
    let (yearly, basis) = other?;
    (basis == RateBasis::Annually.name()).then_some((counts(yearly), counts(yearly) + difference))
}

/// `now` differs from `before` by more than `limit` (1/10,000). From nothing, any move is no share and passes.
fn exceeds(before: i128, now: i128, limit: u32) -> bool {
    before != 0 && (now - before).abs() * WHOLE > i128::from(limit) * before.abs()
}

/// By how much `now` differs from `before`, which is not 0, with two decimals, cut.
fn percent(before: i128, now: i128) -> String {
    share_text((now - before).abs() * WHOLE / before.abs())
}

fn limit_text(limit: u32) -> String {
    share_text(i128::from(limit))
}

fn share_text(share: i128) -> String {
    format!("{}.{:02} %", share / 100, share % 100)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::correction::{Held, Kind};
    use crate::finding::{Severity, Side};
    use crate::money::Currency;

    /// 5 % population, 10 % totals, 20 % corrected, 25 % salary, from 20 people on.
    const SETTINGS: Guards = Guards {
        population_change_max: 500,
        total_change_max: 1_000,
        corrected_share_max: 2_000,
        salary_change_max: 2_500,
        headcount_min: 20,
    };

    /// What `GuardInputs` borrows.
    struct Night {
        last_good: Option<LastGood>,
        tonight: LastGood,
        control_totals: Vec<ControlTotal>,
        dispositions: Vec<Disposition>,
        findings: Vec<Finding>,
        corrections: Vec<Correction>,
        facts: BTreeMap<String, Facts>,
        ledger: Ledger,
        authority: Authority,
    }

    fn night(before: u64, now: u64) -> Night {
        Night {
            last_good: Some(LastGood { population: before, totals: BTreeMap::new() }),
            tonight: LastGood { population: now, totals: BTreeMap::new() },
            control_totals: Vec::new(),
            dispositions: Vec::new(),
            findings: Vec::new(),
            corrections: Vec::new(),
            facts: BTreeMap::new(),
            ledger: Ledger::new(),
            authority: Authority::Payroll,
        }
    }

    impl Night {
        fn check(&self) -> Vec<Tripped> {
            let inputs = GuardInputs {
                last_good: self.last_good.as_ref(),
                tonight: &self.tonight,
                control_totals: &self.control_totals,
                dispositions: &self.dispositions,
                findings: &self.findings,
                corrections: &self.corrections,
                facts: &self.facts,
                ledger: &self.ledger,
                authority: self.authority,
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
                employee_id: "emp_1".to_owned(),
                pay_frequency: None,
                pay_rate: Some(rate),
                employment_status: None,
            };
            self.corrections.push(Correction {
                employee_id: "1".to_owned(),
                kind: Kind::Compensation,
                payload: Payload::Compensation(change),
                changes: Vec::new(),
                effective: None,
                yearly_difference: None,
                findings: Vec::new(),
                authority: "payroll".to_owned(),
            });
            let facts = Facts {
                benbase_id: Some("emp_1".to_owned()),
                benifex_salary: benifex.map(Money::units),
                benifex_rate_basis: annually(),
                ..Facts::default()
            };
            self.facts.insert("1".to_owned(), facts);
            if let Some(held) = held {
                let held = Held { pay_amount: Some(Money::units(held)), pay_period: annually(), ..Held::default() };
                self.ledger.insert("emp_1".to_owned(), held);
            }
            self
        }
    }

    fn total(benefit: &str, side: Side, payroll: i128, expected: i128) -> ControlTotal {
        ControlTotal {
            benefit: benefit.to_owned(),
            currency: Currency::parse("USD").expect("listed"),
            side,
            payroll,
            expected,
            by_family: BTreeMap::new(),
            tolerated: 0,
            unverified: 0,
            out_of_scope: 0,
            waived: 0,
        }
    }

    fn finding(code: Code) -> Finding {
        Finding {
            severity: Severity::S1,
            code,
            employee_id: String::new(),
            benefit: String::new(),
            field: String::new(),
            payroll_value: String::new(),
            system_value: String::new(),
            variances: Vec::new(),
            pay_difference: None,
            period_exposure: None,
            run_rate: None,
            period_start: None,
            period_end: None,
            pay_group: String::new(),
            legal_entity: String::new(),
            evidence: Vec::new(),
            also: Vec::new(),
            sentence: String::new(),
            blocks: true,
        }
    }

    #[test]
    fn the_base_line_adds_both_sides_of_a_benefit_and_currency() {
        let totals = [
            total("_Dental", Side::Employee, 100, 0),
            total("_Dental", Side::Employer, 50, 0),
            total("_Medical", Side::Employee, 7, 0),
        ];
        let expected = [("_Dental USD", "150"), ("_Medical USD", "7")];
        let good = last_good(40, &totals);
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
                let correction = Correction { employee_id: employee.to_string(), ..sample.clone() };
                night.facts.insert(employee.to_string(), night.facts["1"].clone());
                night.corrections.extend([correction.clone(), correction]);
            }
            night
        };
        corrected(20, 100).check_guards(&[]);
        corrected(21, 100).check_guards(&[Guard::CorrectedShare]);
        corrected(5, 10).check_guards(&[]);
        assert_eq!(corrected(21, 100).check()[0].sentence, "21 of 100 employees would be corrected, more than 20.00 %");
    }

    #[test]
    fn a_salary_may_move_as_far_as_the_limit_even_in_a_small_company() {
        for (wanted, expected) in [
            ("125.00", &[][..]),
            ("125.01", &[Guard::SalaryChange][..]),
            ("75.00", &[]),
            ("74.99", &[Guard::SalaryChange]),
        ] {
            night(3, 3).with_salary(wanted, Some(100), None).check_guards(expected);
            night(3, 3).with_salary(wanted, Some(1), Some(100)).check_guards(expected);
        }
        let sentence = &night(3, 3).with_salary("777.00", Some(100), None).check()[0].sentence;
        assert_eq!(sentence, "1 salary change of more than 25.00 %, up or down, or of a size that cannot be told");
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
        residual.control_totals = vec![total("_Dental", Side::Employee, 100, 99)];
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
}
