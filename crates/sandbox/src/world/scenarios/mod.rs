//! Planted discrepancies: one function a scenario, one table of them all. A function changes what the sources hold
//! about one consistent person and notes the findings that follow, side effects included. It never asks the rules.
//!
//! Not plantable in one clean night, and so in no truth: CT01 (needs a control file that is wrong, which stops
//! everything), CT04 and CT10 (faults of the program itself), CT06 (needs an earlier run to compare with) and CT12
//! (needs a person).

use crate::world::calendar::Group;
use crate::world::records::Subject;

mod amount;
mod enrollment;
mod identity;
mod leaver;
mod pay;
mod person;
mod timing;
mod unreadable;

/// Whom a scenario can be planted on.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Needs {
    Anybody,
    Only(Group),
    UnitedStates,
}

/// One way to be wrong.
#[derive(Clone, Copy, Debug)]
pub struct Scenario {
    pub name: &'static str,
    /// The codes that it causes.
    pub codes: &'static [&'static str],
    pub needs: Needs,
    /// At most one person of a world can carry it.
    pub once: bool,
    pub apply: fn(&mut Subject),
}

impl Scenario {
    /// Whether each of the codes has its entry in the truth; CT02 is an entry of the world as a whole.
    pub fn is_planted_on(&self, subject: &Subject) -> bool {
        let entered = |code: &&str| subject.findings.iter().any(|entry| entry.code == *code);
        self.codes.iter().all(|code| entered(code) || (*code == "CT02" && subject.fails_over_http))
    }
}

const fn anybody(name: &'static str, codes: &'static [&'static str], apply: fn(&mut Subject)) -> Scenario {
    Scenario { name, codes, needs: Needs::Anybody, once: false, apply }
}

const fn american(name: &'static str, codes: &'static [&'static str], apply: fn(&mut Subject)) -> Scenario {
    Scenario { name, codes, needs: Needs::UnitedStates, once: false, apply }
}

const fn only(group: Group, name: &'static str, codes: &'static [&'static str], apply: fn(&mut Subject)) -> Scenario {
    Scenario { name, codes, needs: Needs::Only(group), once: false, apply }
}

/// One is enough to see it; more would make the fault specification endless.
const FAILS_OVER_HTTP: Scenario =
    Scenario { once: true, ..anybody("fails over HTTP", &["CT02", "AM01"], unreadable::fails_over_http) };
const UNKNOWN_STATUS: Scenario = anybody("unknown benefit status", &["CT11"], unreadable::status);
const UNREADABLE_DATE: Scenario = anybody("unreadable date", &["CT11"], unreadable::date);
const UNREADABLE_AMOUNT: Scenario = anybody("unreadable amount", &["CT11"], unreadable::amount);
const UNREADABLE_SALARY: Scenario = anybody("unreadable salary", &["CT11"], unreadable::salary);
const UNKNOWN_PAYROLL_STATUS: Scenario = anybody("unknown payroll status", &["CT11"], unreadable::payroll_status);
const NOT_IN_BENIFEX: Scenario = anybody("not in Benifex", &["ID01"], identity::not_in_benifex);
const NOT_ON_PAYROLL: Scenario = anybody("not on payroll", &["ID02"], identity::not_on_payroll);
const LINE_TWICE: Scenario = anybody("deduction line twice", &["ID04"], identity::line_twice);
const LINKED_TWICE: Scenario = american("crosswalk row twice", &["ID04"], identity::linked_twice);
const NEAR_ID: Scenario = anybody("almost the same id", &["ID05"], identity::near_id);
const NO_BENBASE_ID: Scenario = american("no Benbase id", &["ID08", "CO01"], identity::no_benbase_id);
/// Two people with it would share a Benbase id, which is another finding.
const EMPLOYERS_ID: Scenario =
    Scenario { once: true, ..american("the employer's id", &["ID08", "DE01"], identity::employers_id) };
const CURRENCIES: Scenario = anybody("currencies differ", &["CU01"], amount::currencies);
const SALARY_CURRENCY: Scenario = only(Group::IeM, "salary currency unknown", &["CU02"], pay::salary_currency);
const NOT_DEDUCTED: Scenario = anybody("not deducted", &["EN01"], enrollment::not_deducted);
const NOT_ENROLLED: Scenario = anybody("not enrolled", &["EN02"], enrollment::not_enrolled);
const NOT_YET_LIVE: Scenario = anybody("not live", &["EN02"], enrollment::not_live);
const GONE_STILL_COVERED: Scenario = anybody("gone, still covered", &["EN04"], leaver::gone_still_covered);
const LEFT_STILL_COVERED: Scenario = anybody("left, still covered", &["EN04"], leaver::still_covered);
const LEFT_STILL_DEDUCTED: Scenario = anybody("left, still deducted", &["EN05"], leaver::still_deducted);
const LEFT_UNNOTICED: Scenario = anybody("left unnoticed", &["EN04", "EN05"], leaver::unnoticed);
const UNMAPPED_CODE: Scenario = anybody("unmapped code", &["EN13"], enrollment::unmapped_code);
const UNMAPPED_BENEFIT: Scenario = anybody("unmapped benefit", &["EN13"], enrollment::unmapped_benefit);
const CHANGED_LATE: Scenario = anybody("changed after the cut-off", &["TM07"], timing::changed);
const ENDED_LATE: Scenario = anybody("ended after the cut-off", &["TM07"], timing::ended);
const JOINED_LATE: Scenario = anybody("joined after the cut-off", &["TM07"], timing::joined);
const EMPLOYEE_AMOUNT: Scenario = anybody("employee amount", &["AM01"], amount::employee);
const EMPLOYER_AMOUNT: Scenario = anybody("employer amount", &["AM02"], amount::employer);
const TWO_CENTS: Scenario = anybody("two cents", &["AM01"], amount::two_cents);
const NOT_BEGUN: Scenario = anybody("not begun", &["EN11"], amount::not_begun);
const SALARY: Scenario = anybody("salary", &["CO01"], pay::salary);
const SALARY_UNRECORDED: Scenario = american("salary, not in Benbase", &["CO01"], pay::salary_unrecorded);
const SALARY_STALE: Scenario = american("salary stale twice", &["CO01", "CO07"], pay::salary_stale);
const SALARY_DATE: Scenario = anybody("salary date", &["CO02"], pay::salary_date);
const PAY_FREQUENCY: Scenario = only(Group::UsBw, "pay frequency", &["CO03"], pay::frequency);
const EMPLOYMENT_STATUS: Scenario = anybody("employment status", &["CO04"], pay::employment_status);
const LEDGER_SALARY: Scenario = american("ledger salary", &["CO07"], pay::ledger_salary);
const LEDGER_FREQUENCY: Scenario = american("ledger frequency", &["CO07"], pay::ledger_frequency);
const LEDGER_STATUS: Scenario = american("ledger status", &["CO07"], pay::ledger_status);
const STREET: Scenario = american("street", &["DE01"], person::street);
const ZIP: Scenario = american("ZIP", &["DE01"], person::zip);
const STATE: Scenario = american("state", &["DE02"], person::state);
const NAME: Scenario = anybody("name", &["DE04"], person::name);
const BIRTH: Scenario = anybody("date of birth", &["DE05"], person::birth);
const LEAVE_DATE: Scenario = anybody("leave date", &["DE07"], person::leave_date);

/// Every scenario, the order of explanation of their codes.
pub const ALL: &[Scenario] = &[
    FAILS_OVER_HTTP,
    UNKNOWN_STATUS,
    UNREADABLE_DATE,
    UNREADABLE_AMOUNT,
    UNREADABLE_SALARY,
    UNKNOWN_PAYROLL_STATUS,
    NOT_IN_BENIFEX,
    NOT_ON_PAYROLL,
    LINE_TWICE,
    LINKED_TWICE,
    NEAR_ID,
    NO_BENBASE_ID,
    EMPLOYERS_ID,
    CURRENCIES,
    SALARY_CURRENCY,
    NOT_DEDUCTED,
    NOT_ENROLLED,
    NOT_YET_LIVE,
    GONE_STILL_COVERED,
    LEFT_STILL_COVERED,
    LEFT_STILL_DEDUCTED,
    LEFT_UNNOTICED,
    UNMAPPED_CODE,
    UNMAPPED_BENEFIT,
    CHANGED_LATE,
    ENDED_LATE,
    JOINED_LATE,
    EMPLOYEE_AMOUNT,
    EMPLOYER_AMOUNT,
    TWO_CENTS,
    NOT_BEGUN,
    SALARY,
    SALARY_UNRECORDED,
    SALARY_STALE,
    SALARY_DATE,
    PAY_FREQUENCY,
    EMPLOYMENT_STATUS,
    LEDGER_SALARY,
    LEDGER_FREQUENCY,
    LEDGER_STATUS,
    STREET,
    ZIP,
    STATE,
    NAME,
    BIRTH,
    LEAVE_DATE,
];

/// Scenarios that one person can carry at a time, so that most people of a small world are clean.
pub const BUNDLES: &[&[Scenario]] = &[
    &[FAILS_OVER_HTTP],
    &[NOT_IN_BENIFEX],
    &[NOT_ON_PAYROLL],
    &[LINE_TWICE, LINKED_TWICE],
    &[NEAR_ID],
    &[NO_BENBASE_ID],
    &[EMPLOYERS_ID, UNKNOWN_PAYROLL_STATUS],
    &[CURRENCIES, EMPLOYEE_AMOUNT],
    &[SALARY_CURRENCY],
    &[NOT_DEDUCTED, NOT_ENROLLED, NOT_YET_LIVE],
    &[EMPLOYER_AMOUNT, TWO_CENTS, NOT_BEGUN],
    &[GONE_STILL_COVERED],
    &[LEFT_UNNOTICED],
    &[UNMAPPED_CODE, UNMAPPED_BENEFIT],
    &[CHANGED_LATE, ENDED_LATE, JOINED_LATE],
    &[UNKNOWN_STATUS, UNREADABLE_DATE, UNREADABLE_AMOUNT, UNREADABLE_SALARY],
    &[SALARY_UNRECORDED],
    &[SALARY_DATE, PAY_FREQUENCY, EMPLOYMENT_STATUS],
    &[LEDGER_SALARY, LEDGER_FREQUENCY, LEDGER_STATUS],
    &[STREET, STATE, BIRTH],
    &[NAME, LEAVE_DATE],
];

/// The pay group that all scenarios of one person agree on; `None`: any.
pub fn group(scenarios: &[Scenario], rng: &mut fastrand::Rng) -> Option<Group> {
    let only = scenarios.iter().find_map(|s| match s.needs {
        Needs::Only(group) => Some(group),
        Needs::Anybody | Needs::UnitedStates => None,
    });
    let american = scenarios.iter().any(|s| s.needs == Needs::UnitedStates);
    only.or_else(|| american.then(|| if rng.bool() { Group::UsSm } else { Group::UsBw }))
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;

    use super::*;

    #[test]
    fn the_people_of_a_small_world_carry_scenarios_that_agree_on_the_pay_group() {
        for bundle in BUNDLES {
            let american = bundle.iter().any(|s| s.needs == Needs::UnitedStates);
            let only: BTreeSet<_> = bundle
                .iter()
                .filter_map(|s| match s.needs {
                    Needs::Only(group) => Some(group.code()),
                    Needs::Anybody | Needs::UnitedStates => None,
                })
                .collect();
            assert!(only.len() <= 1, "{bundle:?}");
            assert!(!american || only.iter().all(|code| code.starts_with("US")), "{bundle:?}");
        }
    }

    #[test]
    fn every_scenario_has_a_name_of_its_own() {
        let names: BTreeSet<_> = ALL.iter().map(|s| s.name).collect();
        assert_eq!(names.len(), ALL.len());
    }

    #[test]
    fn a_small_world_shows_every_code_that_any_world_shows() {
        let codes = |scenarios: &mut dyn Iterator<Item = &Scenario>| -> BTreeSet<&str> {
            scenarios.flat_map(|s| s.codes.iter().copied()).collect()
        };
        assert_eq!(codes(&mut BUNDLES.iter().copied().flatten()), codes(&mut ALL.iter()));
    }
}
