//! The section `[deductions]`: which payroll code is which benefit, and how often a year each is taken. A code without
//! a benefit is no problem here: the run reports it (EN13).

use std::collections::{BTreeMap, BTreeSet};

use serde::Deserialize;

use super::problems::{Problems, near};
use super::text::checks::{MapTo, Text, map, text, trimmed, within};
use super::text::key::Key;
use super::text::table::tables;
use super::text::{OneOrMore, Quoted, shown};
use tieout_payroll::settings::{Deductions, DeductionsPerYear};

const DEDUCTIONS_A_YEAR_MAX: u32 = 366;

#[derive(Debug, Default, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct RawDeductions {
    pub codes: MapTo<OneOrMore>,
    pub split_codes: Option<Vec<Text>>,
    pub sacrifice_codes: Option<Vec<Text>>,
    pub ignored_codes: MapTo<Text>,
    pub ignored_benefits: MapTo<Text>,
    #[serde(deserialize_with = "tables")]
    pub per_year: Option<Vec<RawPerYear>>,
}

#[derive(Debug, Default, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct RawPerYear {
    pub pay_group: Option<Text>,
    pub benefit: Option<Text>,
    pub deductions: Option<u32>,
}

/// Which payroll code is which benefit.
pub fn deductions(raw: RawDeductions, p: &mut Problems<'_>) -> Option<Deductions> {
    let key = |name: &str| Key::of("deductions").then(name);
    let word = |text: Text| text.0;
    let benefits_of_code = map(raw.codes, [], trimmed, |codes: OneOrMore| codes.0, &key("codes"), p);
    let shared = shared(benefits_of_code.values());
    let benefit_by_code: BTreeMap<String, String> = { benefits_of_code.iter() }
        .filter_map(|(code, benefits)| {
            let benefit = benefits.first()?;
            Some((code.clone(), shared.get(benefit).unwrap_or(benefit).clone()))
        })
        .collect();
    if benefit_by_code.is_empty() {
        p.missing_entries(&key("codes"), "payroll codes and their benefit keys, such as { MED = \"_Medical\" }");
    }
    let ignored_codes = map(raw.ignored_codes, [], trimmed, word, &key("ignored_codes"), p);
    let ignored_benefits = map(raw.ignored_benefits, [], trimmed, word, &key("ignored_benefits"), p);
    for code in ignored_codes.keys().filter(|code| benefit_by_code.contains_key(*code)) {
        p.at(&key("ignored_codes").then(code), "expected a code without a benefit, found it in deductions.codes too");
    }
    let benefits: BTreeSet<&str> = benefits_of_code.values().flatten().map(String::as_str).collect();
    for benefit in ignored_benefits.keys().filter(|benefit| benefits.contains(benefit.as_str())) {
        let message = "expected a benefit without a code, found it in deductions.codes too";
        p.at(&key("ignored_benefits").then(benefit), message);
    }
    let known: Vec<&str> = benefit_by_code.keys().chain(ignored_codes.keys()).map(String::as_str).collect();
    let split_codes = known_codes("split_codes", raw.split_codes.unwrap_or_default(), &known, p);
    let known: Vec<&str> = benefit_by_code.keys().map(String::as_str).collect();
    let sacrifice_codes = known_codes("sacrifice_codes", raw.sacrifice_codes.unwrap_or_default(), &known, p);
    let per_year = per_year(raw.per_year.unwrap_or_default(), &benefits, p);
    Some(Deductions {
        split_codes,
        sacrifice_codes,
        per_year: per_year?,
        benefit_by_code,
        shared,
        ignored_codes,
        ignored_benefits,
    })
}

/// The benefits that stand together under one code, directly or through another one, and the name of them all.
fn shared<'c>(of_codes: impl Iterator<Item = &'c Vec<String>>) -> BTreeMap<String, String> {
    let mut together: Vec<BTreeSet<String>> = Vec::new();
    for benefits in of_codes {
        let mut all: BTreeSet<String> = benefits.iter().cloned().collect();
        let (touching, apart) = together.into_iter().partition::<Vec<_>, _>(|set| !set.is_disjoint(&all));
        all.extend(touching.into_iter().flatten());
        together = apart;
        together.push(all);
    }
    let several = together.into_iter().filter(|set| set.len() > 1);
    let named = several.flat_map(|set| {
        let name = set.iter().cloned().collect::<Vec<String>>().join(" + ");
        set.into_iter().map(move |benefit| (benefit, name.clone()))
    });
    named.collect()
}

/// Codes of a list, each of which must be known.
fn known_codes(name: &str, raw: Vec<Text>, known: &[&str], p: &mut Problems<'_>) -> BTreeSet<String> {
    for (i, Quoted(code)) in raw.iter().enumerate() {
        if !known.contains(&code.as_str()) {
            let hint = near(code, known).map(|near| format!("did you mean `{near}`?"));
            let message = format!("expected a code of deductions.codes, found {}", shown(code));
            p.at_with_hint(&Key::of("deductions").then(name).item(i), message, hint);
        }
    }
    raw.into_iter().map(|code| code.0).collect()
}

/// An entry is of a pay group, a benefit or both, each once.
pub(super) fn for_whom(
    (pay_group, benefit): (Option<&str>, Option<&str>),
    at: &Key,
    seen: &mut BTreeSet<(Option<String>, Option<String>)>,
    p: &mut Problems<'_>,
) {
    if pay_group.is_none() && benefit.is_none() && !p.has(&at.then("pay_group")) && !p.has(&at.then("benefit")) {
        p.at(at, "expected a pay_group, a benefit or both, found neither");
    } else if !seen.insert((pay_group.map(str::to_owned), benefit.map(str::to_owned))) {
        p.at(at, "expected each pay group and benefit once, found the same again");
    }
}

pub(super) fn benefit_is_known(benefit: &str, known: &[&str], key: &Key, p: &mut Problems<'_>) {
    if !known.contains(&benefit) {
        let hint = near(benefit, known).map(|near| format!("did you mean `{near}`?"));
        p.at_with_hint(key, format!("expected a benefit of deductions.codes, found {}", shown(benefit)), hint);
    }
}

fn per_year(raw: Vec<RawPerYear>, benefits: &BTreeSet<&str>, p: &mut Problems<'_>) -> Option<Vec<DeductionsPerYear>> {
    let known: Vec<&str> = benefits.iter().copied().collect();
    let mut seen = BTreeSet::new();
    let mut read = Vec::with_capacity(raw.len());
    for (i, entry) in raw.into_iter().enumerate() {
        let at = Key::of("deductions").then("per_year").item(i);
        let (pay_group, benefit) = (text(entry.pay_group), text(entry.benefit));
        for_whom((pay_group.as_deref(), benefit.as_deref()), &at, &mut seen, p);
        if let Some(benefit) = &benefit {
            benefit_is_known(benefit, &known, &at.then("benefit"), p);
        }
        let count_key = at.then("deductions");
        let count = p.require(entry.deductions, &count_key, "the number of deductions a year");
        read.push(count.map(|count| DeductionsPerYear {
            pay_group,
            benefit,
            per_year: within(Some(count), 1, 1..=DEDUCTIONS_A_YEAR_MAX, &count_key, p),
        }));
    }
    read.into_iter().collect()
}
