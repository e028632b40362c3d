//! How deductions stand in the payroll file.

use std::collections::BTreeSet;

use serde::Deserialize;

use super::Keys;
use crate::job::problems::Problems;
use crate::job::text::checks::{Text, path, text};
use crate::job::text::key::Key;
use crate::job::text::shown;
use tieout_payroll::settings::{DeductionGroup, DeductionLayout, DetailColumns, PayrollColumns, WideDeduction};

#[derive(Clone, Debug, Default, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct RawWideDeduction {
    pub code: Option<Text>,
    pub employee: Option<Text>,
    pub employer: Option<Text>,
    pub employee_year_to_date: Option<Text>,
    pub employer_year_to_date: Option<Text>,
    pub arrears_balance: Option<Text>,
    pub tax_treatment: Option<Text>,
}

#[derive(Clone, Debug, Default, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct RawGroup {
    pub code: Option<Text>,
    pub employee: Option<Text>,
    pub employer: Option<Text>,
    pub employee_year_to_date: Option<Text>,
    pub employer_year_to_date: Option<Text>,
    pub arrears_balance: Option<Text>,
    pub tax_treatment: Option<Text>,
}

#[derive(Clone, Debug, Default, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct RawLong {
    pub file: Option<Text>,
    pub employee_id: Option<Text>,
    pub code: Option<Text>,
    pub employee_amount: Option<Text>,
    pub employer_amount: Option<Text>,
    pub currency: Option<Text>,
    pub employee_year_to_date: Option<Text>,
    pub employer_year_to_date: Option<Text>,
    pub arrears_balance: Option<Text>,
    pub tax_treatment: Option<Text>,
}

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
        let details = DetailColumns {
            employee_year_to_date: text(deduction.employee_year_to_date),
            employer_year_to_date: text(deduction.employer_year_to_date),
            arrears_balance: text(deduction.arrears_balance),
            tax_treatment: text(deduction.tax_treatment),
        };
        read.push(code.map(|code| WideDeduction { code, employee_column, employer_column, details }));
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
            details: DetailColumns {
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
        details: Box::new(DetailColumns {
            employee_year_to_date: text(raw.employee_year_to_date),
            employer_year_to_date: text(raw.employer_year_to_date),
            arrears_balance: text(raw.arrears_balance),
            tax_treatment: text(raw.tax_treatment),
        }),
    })
}

/// A column that gave two amounts, or an amount and a detail, would count money twice.
pub fn amounts_once(deductions: &[WideDeduction], columns: &PayrollColumns, keys: &Keys, p: &mut Problems<'_>) {
    let codes_key = keys.table().then("employer_codes");
    if p.has(&codes_key) {
        p.at(&codes_key, "expected rows or groups with codes, found payroll.wide: name the column in `employer` there");
    }
    let mut taken = BTreeSet::from([columns.employee_id.as_str()]);
    for details in [
        &columns.base_salary,
        &columns.annual_pay,
        &columns.hourly_pay,
        &columns.hours,
        &columns.fte,
        &columns.pay_group,
        &columns.currency,
    ] {
        taken.extend(details.as_deref());
    }
    for (i, deduction) in deductions.iter().enumerate() {
        let at = keys.of("wide", p).item(i);
        let columns = [
            ("employee", &deduction.employee_column),
            ("employer", &deduction.employer_column),
            ("employee_year_to_date", &deduction.details.employee_year_to_date),
            ("employer_year_to_date", &deduction.details.employer_year_to_date),
            ("arrears_balance", &deduction.details.arrears_balance),
        ];
        for (name, column) in columns {
            if let Some(column) = column.as_ref().filter(|column| !taken.insert(column)) {
                p.at(&at.then(name), format!("expected a column of its own, found {} again", shown(column)));
            }
        }
    }
}
