//! How deductions stand in the payroll file, which is which benefit, and how often a year each is taken. A code without
//! a benefit is no problem here: the run reports it (EN13).

use std::collections::{BTreeMap, BTreeSet};

use super::key::Key;
use super::problems::{Problems, near};
use super::raw::{RawDeductions, RawPerYear, Text};
use super::raw_payroll::{RawGroup, RawLong, RawWideDeduction};
use super::text::{OneOrMore, Quoted, shown};
use super::validate::{map, path, text, trimmed, within};
use super::validate_payroll::Keys;
use tieout_payroll::settings::{
    DeductionGroup, DeductionLayout, Deductions, DeductionsPerYear, FactColumns, PayrollColumns, WideDeduction,
};

const DEDUCTIONS_A_YEAR_MAX: u32 = 366;

/// Exactly one of the layouts.
pub fn layout(
    wide: Option<Vec<RawWideDeduction>>,
    groups: Option<Vec<RawGroup>>,
    long: Option<RawLong>,
    keys: &Keys,
    p: &mut Problems<'_>,
) -> Option<DeductionLayout> {
    let [wide_key, groups_key, long_key] = ["wide", "groups", "long"].map(|name| keys.of(name, p));
    let written = [&wide_key, &groups_key, &long_key].into_iter().filter(|key| p.has(key)).count();
    match (wide, groups, long) {
        (None, None, None) if written > 0 => None,
        (None, None, None) => {
            let either = "[[payroll.wide]] (a column pair a deduction), [[payroll.groups]] (codes and amounts side by side) or [payroll.long] (one line an employee and code)";
            p.at(keys.table(), format!("expected {either}, found neither"));
            None
        }
        _ if written > 1 => {
            let key = if p.has(&long_key) { &long_key } else { &groups_key };
            p.at(key, "expected one of payroll.wide, payroll.groups and payroll.long, found several");
            None
        }
        (Some(wide), ..) => wide_layout(wide, &wide_key, p),
        (_, Some(groups), _) => group_layout(groups, &groups_key, p),
        (_, _, Some(long)) => long_layout(long, &long_key, p),
    }
}

fn wide_layout(raw: Vec<RawWideDeduction>, key: &Key, p: &mut Problems<'_>) -> Option<DeductionLayout> {
    if raw.is_empty() {
        p.at(key, "expected at least one deduction, found none");
        return None;
    }
    let mut codes = BTreeSet::new();
    let mut read = Vec::with_capacity(raw.len());
    for (i, deduction) in raw.into_iter().enumerate() {
        let at = key.item(i);
        let code = text(p.require(deduction.code, &at.then("code"), "the payroll's code of the deduction"));
        let (employee_column, employer_column) = (text(deduction.employee), text(deduction.employer));
        if employee_column.is_none() && employer_column.is_none() {
            p.missing(
                &at.then("employee"),
                "the header of the employee amount, or of the employer amount in `employer`",
            );
        }
        if let Some(code) = code.as_ref().filter(|code| !codes.insert((*code).clone())) {
            p.at(&at.then("code"), format!("expected each code once, found {} again", shown(code)));
        }
        let facts = FactColumns {
            employee_year_to_date: text(deduction.employee_year_to_date),
            employer_year_to_date: text(deduction.employer_year_to_date),
            arrears_balance: text(deduction.arrears_balance),
            tax_treatment: text(deduction.tax_treatment),
        };
        read.push(code.map(|code| WideDeduction { code, employee_column, employer_column, facts }));
    }
    read.into_iter().collect::<Option<_>>().map(DeductionLayout::Wide)
}

fn group_layout(raw: Vec<RawGroup>, key: &Key, p: &mut Problems<'_>) -> Option<DeductionLayout> {
    if raw.is_empty() {
        p.at(key, "expected at least one group of columns, found none");
        return None;
    }
    let group = |(i, group): (usize, RawGroup)| {
        let at = key.item(i);
        let code = text(p.require(group.code, &at.then("code"), "the header of the deduction code"));
        let employee = text(p.require(group.employee, &at.then("employee"), "the header of the employee amount"));
        Some(DeductionGroup {
            code_column: code?,
            employee_column: employee?,
            employer_column: text(group.employer),
            facts: FactColumns {
                employee_year_to_date: text(group.employee_year_to_date),
                employer_year_to_date: text(group.employer_year_to_date),
                arrears_balance: text(group.arrears_balance),
                tax_treatment: text(group.tax_treatment),
            },
        })
    };
    let groups: Vec<Option<DeductionGroup>> = raw.into_iter().enumerate().map(group).collect();
    groups.into_iter().collect::<Option<_>>().map(DeductionLayout::Groups)
}

fn long_layout(raw: RawLong, key: &Key, p: &mut Problems<'_>) -> Option<DeductionLayout> {
    let employee_id = text(p.require(raw.employee_id, &key.then("employee_id"), "the header of the employee id"));
    let code = text(p.require(raw.code, &key.then("code"), "the header of the deduction code"));
    let employee_amount =
        text(p.require(raw.employee_amount, &key.then("employee_amount"), "the header of the employee amount"));
    Some(DeductionLayout::Long {
        file: path(raw.file),
        employee_id: employee_id?,
        code: code?,
        employee_amount: employee_amount?,
        employer_amount: text(raw.employer_amount),
        currency: text(raw.currency),
        facts: Box::new(FactColumns {
            employee_year_to_date: text(raw.employee_year_to_date),
            employer_year_to_date: text(raw.employer_year_to_date),
            arrears_balance: text(raw.arrears_balance),
            tax_treatment: text(raw.tax_treatment),
        }),
    })
}

/// A column that gave two amounts, or an amount and a fact, would count money twice.
pub fn amounts_once(deductions: &[WideDeduction], columns: &PayrollColumns, keys: &Keys, p: &mut Problems<'_>) {
    let mut taken = BTreeSet::from([columns.employee_id.as_str()]);
    for facts in [
        &columns.base_salary,
        &columns.annual_pay,
        &columns.hourly_pay,
        &columns.hours,
        &columns.fte,
        &columns.pay_group,
        &columns.currency,
    ] {
        taken.extend(facts.as_deref());
    }
    for (i, deduction) in deductions.iter().enumerate() {
        let at = keys.of("wide", p).item(i);
        let columns = [
            ("employee", &deduction.employee_column),
            ("employer", &deduction.employer_column),
            ("employee_year_to_date", &deduction.facts.employee_year_to_date),
            ("employer_year_to_date", &deduction.facts.employer_year_to_date),
            ("arrears_balance", &deduction.facts.arrears_balance),
        ];
        for (name, column) in columns {
            if let Some(column) = column.as_ref().filter(|column| !taken.insert(column)) {
                p.at(&at.then(name), format!("expected a column of its own, found {} again", shown(column)));
            }
        }
    }
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

fn per_year(raw: Vec<RawPerYear>, benefits: &BTreeSet<&str>, p: &mut Problems<'_>) -> Option<Vec<DeductionsPerYear>> {
    let known: Vec<&str> = benefits.iter().copied().collect();
    let mut seen = BTreeSet::new();
    let mut read = Vec::with_capacity(raw.len());
    for (i, entry) in raw.into_iter().enumerate() {
        let at = Key::of("deductions").then("per_year").item(i);
        let (pay_group, benefit) = (text(entry.pay_group), text(entry.benefit));
        if pay_group.is_none() && benefit.is_none() && !p.has(&at.then("pay_group")) && !p.has(&at.then("benefit")) {
            p.at(&at, "expected a pay_group, a benefit or both, found neither");
        } else if !seen.insert((pay_group.clone(), benefit.clone())) {
            p.at(&at, "expected each pay group and benefit once, found the same again");
        }
        if let Some(benefit) = benefit.as_deref().filter(|benefit| !benefits.contains(benefit)) {
            let hint = near(benefit, &known).map(|near| format!("did you mean `{near}`?"));
            let message = format!("expected a benefit of deductions.codes, found {}", shown(benefit));
            p.at_with_hint(&at.then("benefit"), message, hint);
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
