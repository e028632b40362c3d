//! What all families share when they put a discrepancy on paper: a finding that is still blank, its money, its evidence
//! and the words for amounts and dates.

use std::borrow::Cow;
use std::collections::BTreeMap;

use chrono::{DateTime, NaiveDate, SecondsFormat};
use polars::prelude::*;

use crate::rules::lines::dictionary::BLANK;
use crate::rules::lines::unmatched::Line;
use crate::rules::night::Night;
use crate::rules::oyster::Oysters;
use crate::rules::place::Place;
use crate::rules::proofs::totals::{Bucket, bucket};
use crate::snapshot::{BENEFITS, POPULATION, USERS};
use crate::tables::payroll::{PAYROLL_LINES, PAYROLL_PEOPLE};
use tieout_model::finding::{Code, Evidence, Finding, Payer, SetAside, Variance};
use tieout_model::money::{Currency, Money};

/// Source of what Oyster says.
pub(super) const OYSTER: &str = "oyster";

/// What the families hand back.
#[derive(Debug, Default)]
pub(super) struct Found {
    pub(super) findings: Vec<Finding>,
    pub(super) out_of_scope: Vec<SetAside>,
    pub(super) unverified: Vec<SetAside>,
    /// People whom Benbase covers, those first whom the ledger knows; `None` without Benbase.
    pub(super) in_ledger: Option<(u64, u64)>,
}

impl Found {
    /// Adds what other families found.
    pub(super) fn add(&mut self, other: Found) {
        self.findings.extend(other.findings);
        self.out_of_scope.extend(other.out_of_scope);
        self.unverified.extend(other.unverified);
        self.in_ledger = self.in_ledger.or(other.in_ledger);
    }
}

impl Night<'_> {
    /// A finding of this code with everything filled in that is known of the person.
    pub(super) fn finding(&self, code: Code, emp: Option<u32>) -> PolarsResult<Finding> {
        let mut blank = Finding::blank(code);
        if let Some(emp) = emp {
            let (start, end) = self.period(emp)?;
            blank.employee_id = self.id(emp).into();
            (blank.period_start, blank.period_end) = (Some(start), Some(end));
            let words = &self.inputs.payroll.words;
            let row = self.person(emp);
            let group = row.and_then(|row| words.pay_group.get(row));
            blank.pay_group = group.or(self.user_text(emp, USERS.pay_group)?).unwrap_or_default().to_owned();
            blank.legal_entity = row.and_then(|row| words.legal_entity.get(row)).unwrap_or_default().to_owned();
        }
        Ok(blank)
    }

    /// The variances of some lines of one benefit or person, both sides where both belong to a finding.
    pub(super) fn variances<'l>(&self, lines: impl IntoIterator<Item = &'l Line>, payers: &[Payer]) -> Vec<Variance> {
        let mut sums: BTreeMap<(u32, u32, Payer), (i64, i64)> = BTreeMap::new();
        for line in lines {
            for payer in payers.iter().filter(|payer| bucket(line.place, **payer, line.employer) == Bucket::Finding) {
                let (paid, due, due_cur) = line.amounts(*payer);
                sums.entry((line.label, line.pay_cur, *payer)).or_default().0 += paid;
                sums.entry((line.label, due_cur, *payer)).or_default().1 += due;
            }
        }
        let money = sums.into_iter().filter(|(_, (paid, due))| (*paid, *due) != (0, 0));
        let variances = money.filter_map(|((label, currency, payer), (paid, due))| {
            let benefit = self.catalog.labels.text(label).to_owned();
            let currency = self.currency(currency)?;
            Some(Variance { benefit, currency, payer, payroll: Money(paid), expected: Money(due) })
        });
        let mut variances: Vec<Variance> = variances.collect();
        variances.sort();
        variances
    }

    /// Oyster's part of the night, where the benefit is Oyster's.
    pub(super) fn oyster_of(&self, label: u32) -> Option<&Oysters<'_>> {
        self.oyster.as_ref().filter(|oyster| oyster.owns(label))
    }

    /// The service that a benefit belongs to.
    pub(super) fn service(&self, label: u32) -> &'static str {
        if self.oyster_of(label).is_some() { OYSTER } else { "benifex" }
    }

    /// The physical line of a row of payroll's lines; `None`: another run took it.
    pub(super) fn physical_line(&self, row: usize) -> PolarsResult<Option<u32>> {
        let lines = PAYROLL_LINES.line.of(&self.inputs.payroll.lines)?;
        Ok(if row < lines.len() { lines.get(row) } else { None })
    }

    /// `payroll`, the field and the line of the file.
    pub(super) fn at_line(&self, line: &Line, field: &str) -> PolarsResult<Option<Evidence>> {
        let Some(row) = line.pay_row else { return Ok(None) };
        Ok(Some(match self.physical_line(row)? {
            Some(physical) => payroll_line(field, Some(physical)),
            None => evidence("payroll", field, "another run"),
        }))
    }

    /// `payroll`, the field and the first line of the person.
    pub(super) fn at_person(&self, emp: u32, field: &str) -> PolarsResult<Option<Evidence>> {
        let Some(row) = self.person(emp) else { return Ok(None) };
        let physical = PAYROLL_PEOPLE.line.of(&self.inputs.payroll.people)?.get(row);
        Ok(Some(payroll_line(field, physical)))
    }

    /// A field of payroll's row, where there is one, and Benifex's of the same person.
    pub(super) fn at_both(&self, emp: u32, payroll: &str, benifex: &str) -> PolarsResult<Vec<Evidence>> {
        Ok(self.at_person(emp, payroll)?.into_iter().chain([self.at_user(emp, benifex)?]).collect())
    }

    /// `benifex`, the field and when the benefit was fetched; when the list was, where there is no such benefit.
    pub(super) fn at_benefit(&self, line: &Line, field: &str) -> PolarsResult<Evidence> {
        if let Some(oyster) = self.oyster_of(line.label) {
            return Ok(oyster.at_line(line));
        }
        match line.bx_row {
            Some(row) => Ok(benifex(field, BENEFITS.fetched_at.of(&self.inputs.benefits.frame)?.get(row))),
            None => self.at_user(line.emp, "currentBenefits"),
        }
    }

    /// `benifex`, the field and when the user was fetched, or the answer that does not hold the user.
    pub(super) fn at_user(&self, emp: u32, field: &str) -> PolarsResult<Evidence> {
        let user = match self.user(emp) {
            Some(row) => USERS.fetched_at.of(self.inputs.users)?.get(row),
            None if (emp as usize) < self.people.ids.known() => {
                POPULATION.fetched_at.of(self.inputs.population)?.get(emp as usize)
            }
            None => None,
        };
        Ok(benifex(field, user))
    }

    /// The period compared, as text.
    pub(super) fn period_text(&self, emp: u32) -> PolarsResult<String> {
        let (start, end) = self.period(emp)?;
        Ok(format!("{start} to {end}"))
    }

    /// The day on which cover of the benefit begins; it can lie after the period.
    pub(super) fn begins(&self, line: &Line) -> PolarsResult<Option<NaiveDate>> {
        let days = BENEFITS.effective_from.of(&self.inputs.benefits.frame)?;
        Ok(line.bx_row.and_then(|row| days.get(row)).map(super::people::date))
    }

    /// A line that was not judged, with the amounts involved: one entry a currency. What Benifex expects is left blank
    /// where it could not be priced.
    pub(super) fn asides(&self, line: &Line, reason: impl Into<Cow<'static, str>>) -> Vec<SetAside> {
        let reason = reason.into();
        use Place::{UnverifiedCurrency, UnverifiedDeductions, UnverifiedFields};
        let nothing = (line.employee_due, line.employer_due) == (0, 0) && self.oyster_of(line.label).is_some();
        let unpriced = nothing || [UnverifiedCurrency, UnverifiedDeductions, UnverifiedFields].contains(&line.place);
        let own = |number: u32| if number == BLANK { line.pay_cur.max(line.ee_cur).max(line.er_cur) } else { number };
        let entry = || SetAside {
            source: if line.pay_row.is_some() { "payroll" } else { self.service(line.label) },
            benefit: self.label(line).to_owned(),
            ..self.person_aside(line.emp, "", reason.clone())
        };
        let mut by_currency: BTreeMap<u32, SetAside> = BTreeMap::new();
        if line.pay_row.is_some() {
            let paid = by_currency.entry(own(line.pay_cur)).or_insert_with(entry);
            (paid.employee_amount, paid.employer_amount) =
                (Some(Money(line.employee_taken)), Some(Money(line.employer_taken)));
        }
        if line.bx_row.is_some() && !unpriced {
            by_currency.entry(own(line.ee_cur)).or_insert_with(entry).employee_expected =
                Some(Money(line.employee_due));
            by_currency.entry(own(line.er_cur)).or_insert_with(entry).employer_expected =
                Some(Money(line.employer_due));
        }
        if by_currency.is_empty() {
            by_currency.insert(BLANK, entry());
        }
        let named = by_currency.into_iter().map(|(number, e)| SetAside { currency: self.currency(number), ..e });
        named.collect()
    }

    /// A person who was not judged, wholly or in one respect.
    pub(super) fn person_aside(
        &self,
        emp: u32,
        source: &'static str,
        reason: impl Into<Cow<'static, str>>,
    ) -> SetAside {
        SetAside::person(source, self.id(emp), reason)
    }
}

impl Line {
    /// Payroll, expected, and the currency of the expected amount.
    pub(super) fn amounts(&self, payer: Payer) -> (i64, i64, u32) {
        match payer {
            Payer::Employee => (self.employee_taken, self.employee_due, self.ee_cur),
            Payer::Employer => (self.employer_taken, self.employer_due, self.er_cur),
        }
    }
}

fn payroll_line(field: &str, line: Option<u32>) -> Evidence {
    let at = format!("line {}", line.unwrap_or_default());
    Evidence { source: "payroll".to_owned(), field: field.to_owned(), at }
}

fn benifex(field: &str, fetched_at: Option<i64>) -> Evidence {
    Evidence { source: "benifex".to_owned(), field: field.to_owned(), at: fetched_at.map_or_else(String::new, moment) }
}

/// What comes from neither file nor service.
pub(super) fn evidence(source: &str, field: &str, at: &str) -> Evidence {
    Evidence { source: source.to_owned(), field: field.to_owned(), at: at.to_owned() }
}

/// RFC 3339, UTC, to the second.
pub(super) fn moment(microseconds: i64) -> String {
    let moment = DateTime::from_timestamp_micros(microseconds);
    moment.map_or_else(String::new, |m| m.to_rfc3339_opts(SecondsFormat::Secs, true))
}

/// Expected − payroll over the variances and what that is a year, where they share one currency. `per_year` gives the
/// deductions a year of the employee and of the employer; 0 = unknown.
pub(super) fn with_exposure(finding: &mut Finding, per_year: [i64; 2]) {
    let Some(first) = finding.variances.first() else { return };
    let currency = first.currency;
    if finding.variances.iter().any(|v| v.currency != currency) {
        return;
    }
    let exposure: i64 = finding.variances.iter().map(|v| -v.difference().0).sum();
    finding.period_exposure = Some((Money(exposure), currency));
    let yearly = |v: &Variance| (-v.difference().0).saturating_mul(per_year[v.payer as usize]);
    let run_rate: i64 = finding.variances.iter().map(yearly).sum();
    let known = finding.variances.iter().all(|v| per_year[v.payer as usize] > 0);
    finding.run_rate = known.then_some((Money(run_rate), currency));
}

/// `25.00 USD`.
pub(super) fn money(counts: i64, currency: Option<Currency>) -> String {
    match currency {
        Some(currency) => format!("{} {currency}", Money(counts).to_text(currency.decimals())),
        None => Money(counts).to_text(2),
    }
}

/// A date, or that there is none.
pub(super) fn day(date: Option<NaiveDate>) -> String {
    date.map_or_else(|| "no date".to_owned(), |d| d.to_string())
}

/// A field as a sentence calls it.
pub(super) fn field_words(field: &str) -> String {
    let words = match field {
        "ee_annual" => "yearly employee amount",
        "er_annual" => "yearly employer amount",
        "ee_monthly" => "monthly employee amount",
        "er_monthly" => "monthly employer amount",
        "ee_currency" => "currency of the employee amount",
        "er_currency" => "currency of the employer amount",
        "cost_currency" => "currency of the cost",
        "effective_from" => "first day of cover",
        "change_date" => "day of the last change",
        "plan_id" => "plan",
        "email_key" => "e-mail",
        "dob" => "birth date",
        "fte" => "full-time share",
        "fte_hours" => "full-time hours",
        "term_date" => "leave date",
        "salary_effective" => "first day of the salary",
        other => return other.replace('_', " "),
    };
    words.to_owned()
}

/// The number with its noun in the right number.
pub(super) fn several(n: u64, noun: &str) -> String {
    if n == 1 { format!("1 {noun}") } else { format!("{n} {noun}s") }
}
