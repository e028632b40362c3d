//! The payroll's words for terms.

use std::collections::BTreeMap;

use super::Keys;
use crate::job::problems::Problems;
use crate::job::text::checks::{lower, map};
use tieout_model::terms::{EmploymentStatus, PayFrequency, RunType, TaxTreatment};

/// What payrolls call how often they pay, where one thing alone can be meant; a job's map goes before.
const FREQUENCY_WORDS: [(PayFrequency, &[&str]); 4] = [
    (PayFrequency::Weekly, &["week", "every week", "once a week"]),
    (
        PayFrequency::Biweekly,
        &[
            "bi-weekly",
            "bi weekly",
            "fortnightly",
            "fortnight",
            "two-weekly",
            "2-weekly",
            "2 weekly",
            "two weekly",
            "every two weeks",
            "every 2 weeks",
            "every other week",
        ],
    ),
    (
        PayFrequency::Semimonthly,
        &["semi-monthly", "semi monthly", "twice a month", "twice monthly", "twice-monthly", "half-monthly"],
    ),
    (PayFrequency::Monthly, &["month", "every month", "once a month", "calendar monthly", "calendar month"]),
];
pub(super) const STATUSES: [EmploymentStatus; 3] =
    [EmploymentStatus::FullTime, EmploymentStatus::PartTime, EmploymentStatus::VariableHours];
/// What payrolls call their runs; a job's map goes before.
const RUN_TYPES: [(RunType, &[&str]); 3] = [
    (
        RunType::Regular,
        &[
            "regular",
            "reg",
            "normal",
            "standard",
            "ordinary",
            "main",
            "scheduled",
            "primary",
            "on cycle",
            "on-cycle",
            "on_cycle",
            "oncycle",
        ],
    ),
    (
        RunType::OffCycle,
        &[
            "off cycle",
            "off-cycle",
            "off_cycle",
            "offcycle",
            "off",
            "supplemental",
            "supplementary",
            "bonus",
            "special",
            "manual",
            "ad hoc",
            "ad-hoc",
            "adhoc",
            "thirteenth",
            "termination",
            "final",
        ],
    ),
    (
        RunType::Correction,
        &[
            "correction",
            "corrections",
            "corrective",
            "adjustment",
            "adj",
            "retro",
            "retroactive",
            "reversal",
            "reissue",
            "amendment",
        ],
    ),
];

/// The payroll's words for terms.
pub(super) struct TermWords<'a, 'p, 't> {
    pub keys: &'a Keys,
    pub p: &'p mut Problems<'t>,
}

impl TermWords<'_, '_, '_> {
    /// Each term's own name is understood as well.
    pub(super) fn terms<T: Copy>(
        &mut self,
        raw: Option<BTreeMap<String, T>>,
        known: &[T],
        name: fn(T) -> &'static str,
        key: &str,
    ) -> BTreeMap<String, T> {
        self.terms_and(raw, known, &[], name, key)
    }

    fn terms_and<T: Copy>(
        &mut self,
        raw: Option<BTreeMap<String, T>>,
        known: &[T],
        words: &[(T, &[&str])],
        name: fn(T) -> &'static str,
        key: &str,
    ) -> BTreeMap<String, T> {
        let own_names = known.iter().map(|term| (name(*term).to_owned(), *term));
        let words = words.iter().flat_map(|(term, words)| words.iter().map(|word| ((*word).to_owned(), *term)));
        map(raw, own_names.chain(words), lower, |term| term, &self.keys.of(key, self.p), self.p)
    }

    pub(super) fn frequencies(
        &mut self,
        raw: Option<BTreeMap<String, PayFrequency>>,
    ) -> BTreeMap<String, PayFrequency> {
        self.terms_and(raw, &PayFrequency::ALL, &FREQUENCY_WORDS, PayFrequency::name, "pay_frequency_map")
    }

    pub(super) fn tax_treatments(
        &mut self,
        raw: Option<BTreeMap<String, TaxTreatment>>,
    ) -> BTreeMap<String, TaxTreatment> {
        self.terms(raw, &TaxTreatment::ALL, TaxTreatment::name, "tax_treatment_map")
    }

    pub(super) fn run_types(&mut self, raw: Option<BTreeMap<String, RunType>>) -> BTreeMap<String, RunType> {
        let known = RUN_TYPES.iter().flat_map(|(run, words)| words.iter().map(|word| ((*word).to_owned(), *run)));
        map(raw, known, lower, |run| run, &self.keys.of("run_type_map", self.p), self.p)
    }
}
