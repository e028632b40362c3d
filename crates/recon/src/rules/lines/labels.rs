//! What the job and the payroll file say of benefits: which labels are ignored, mapped or without employer amounts.

use std::cell::LazyCell;
use std::collections::{BTreeMap, BTreeSet};

use chrono::NaiveDate;

use crate::balance::{AccountPeriod, BalanceHistory};
use crate::rules::lines::dictionary::{BLANK, Currencies, Dictionary};
use crate::scheme::Scheme;
use crate::settings::Settings;
use crate::tables::payroll::PayrollTables;
use tieout_model::balance::EntryKind;
use tieout_model::finding::Payer;

/// Benefit keys and unmapped codes, currencies, and what is known of each.
pub(in crate::rules) struct Catalog<'a> {
    job: Settings<'a>,
    pub(in crate::rules) labels: Dictionary,
    pub(in crate::rules) currencies: Currencies,
    /// Labels of which a payroll line was met, and of which one had an employer amount.
    met: Vec<(bool, bool)>,
}

/// What is known of one label.
#[derive(Clone, Debug, Default)]
pub(in crate::rules) struct Label {
    /// Reason of the job for leaving it out.
    pub(in crate::rules) ignored: Option<String>,
    /// A payroll code and a benefit key belong together.
    pub(in crate::rules) mapped: bool,
    /// Payroll gives employer amounts for it.
    pub(in crate::rules) employer: bool,
    /// By salary sacrifice: the amounts of employee and employer are one.
    pub(in crate::rules) sacrifice: bool,
    /// Its name is that of a pension or other retirement plan.
    pub(in crate::rules) retirement: bool,
    /// One code holds several benefits.
    pub(in crate::rules) several: bool,
}

impl Label {
    /// Its amounts may be a percentage of pay: the job does not say that they are none.
    pub(in crate::rules) fn may_be_percentage(&self, scheme: &Scheme) -> bool {
        self.retirement && scheme.percent_of_pay != Some(false)
    }
}

/// What lies between the benefits that one code holds, in the name of their label.
pub(in crate::rules) const JOINED_BY: &str = " + ";

/// Parts of the names of retirement plans, in lower case.
const RETIREMENT: [&str; 6] = ["pension", "retire", "401", "403b", "superannuation", "rrsp"];

fn is_retirement(label: &str) -> bool {
    let label = label.to_lowercase();
    RETIREMENT.iter().any(|part| label.contains(part))
}

/// A code without what differs where it was typed by hand: blanks and case.
fn bare(code: &str) -> String {
    code.chars().filter(|c| !c.is_whitespace()).flat_map(char::to_uppercase).collect()
}

/// What an unmapped payroll code is called in findings and totals.
pub(in crate::rules) fn code_label(code: &str) -> String {
    format!("({code})")
}

impl<'a> Catalog<'a> {
    pub(in crate::rules) fn new(job: Settings<'a>) -> Catalog<'a> {
        Catalog { job, labels: Dictionary::new(), currencies: Currencies::new(), met: Vec::new() }
    }

    /// The label of a payroll code: its benefit key, or the code in brackets when none is mapped or it is ignored.
    pub(in crate::rules) fn label_of(&mut self, code: &str, benefit: Option<&str>) -> u32 {
        match benefit.map(str::trim).filter(|b| !b.is_empty()) {
            Some(benefit) if !self.job.deductions.ignored_codes.contains_key(code) => self.labels.number(benefit),
            _ => self.labels.number(&code_label(code)),
        }
    }

    /// Labels and currencies of all that the file holds, rejected rows included.
    pub(in crate::rules) fn meet_totals(&mut self, payroll: &PayrollTables) {
        for total in payroll.totals.iter().chain(&payroll.rejected) {
            self.label_of(&total.code, total.benefit.as_deref());
            self.currencies.number_of(total.currency);
        }
    }

    /// The label of a benefit key, which may be that of several benefits of one code.
    pub(in crate::rules) fn label_of_benefit(&mut self, benefit: &str) -> u32 {
        let job = self.job;
        self.labels.number(job.deductions.deducted_as(benefit.trim()))
    }

    /// The same, where it was met before.
    pub(in crate::rules) fn find_benefit(&self, benefit: &str) -> Option<u32> {
        self.labels.find(self.job.deductions.deducted_as(benefit.trim()))
    }

    /// The benefit that the job maps the code of a label in brackets to.
    pub(in crate::rules) fn benefit_of_code_label(&self, label: &str) -> Option<&str> {
        let deductions = self.job.deductions;
        let code = label.strip_prefix('(')?.strip_suffix(')')?;
        let mapped = deductions.benefit_by_code.get(code).filter(|_| !deductions.ignored_codes.contains_key(code));
        mapped.map(|benefit| deductions.deducted_as(benefit.trim()))
    }

    /// The job's codes with the benefits that they stand for.
    pub(in crate::rules) fn code_map(&self) -> BTreeMap<String, String> {
        let deductions = self.job.deductions;
        let mapped = deductions.benefit_by_code.iter();
        let counts = mapped.filter(|(code, _)| !deductions.ignored_codes.contains_key(*code));
        counts.map(|(code, benefit)| (code.clone(), deductions.deducted_as(benefit.trim()).to_owned())).collect()
    }

    /// The codes of the job that a label's code is but for case and blanks, and the labels of their benefits.
    pub(in crate::rules) fn respelled(&self, label: u32) -> Vec<(&'a str, u32)> {
        let job = self.job;
        let code = self.labels.text(label).strip_prefix('(').and_then(|text| text.strip_suffix(')'));
        let Some(code) = code.map(bare) else { return Vec::new() };
        let same = job.deductions.benefit_by_code.iter().filter(|(known, _)| bare(known) == code);
        same.filter_map(|(known, benefit)| Some((known.as_str(), self.find_benefit(benefit)?))).collect()
    }

    /// Remembers that payroll has a line of this label, with or without an employer amount.
    pub(in crate::rules) fn meet(&mut self, label: u32, employer: bool) {
        self.met.resize(self.labels.len().max(self.met.len()), (false, false));
        let met = &mut self.met[label as usize];
        *met = (true, met.1 || employer);
    }

    /// One entry a label, in the order of their numbers; complete once every frame was encoded.
    pub(in crate::rules) fn describe(&self, books: &BalanceHistory, start: NaiveDate) -> Vec<Label> {
        // Hardly a night asks for it, and all books must be gone through.
        let given_before = LazyCell::new(|| benefits_paid_by_employer(books, start));
        let labels = (BLANK..).zip(self.labels.texts());
        labels.map(|(number, text)| self.describe_one(number, text, || given_before.contains(text.as_str()))).collect()
    }

    fn describe_one(&self, number: u32, text: &str, given_before: impl FnOnce() -> bool) -> Label {
        let deductions = &self.job.deductions;
        let code = text.strip_prefix('(').and_then(|t| t.strip_suffix(')'));
        let ignored_code = code.and_then(|c| deductions.ignored_codes.get(c));
        let ignored = ignored_code.or_else(|| deductions.ignored_benefits.get(text)).cloned();
        let mut codes =
            deductions.benefit_by_code.iter().filter(|(_, b)| *b == text).map(|(c, _)| c.as_str()).peekable();
        let mapped = codes.peek().is_some();
        let of_label = |code: &String| deductions.benefit_by_code.get(code).is_some_and(|benefit| benefit == text);
        let sacrifice = deductions.sacrifice_codes.iter().any(of_label);
        let employer = match self.met.get(number as usize) {
            // Amounts that were there before and are blank now are missing, as long as the job has a column for them.
            Some((true, employer)) => *employer || (codes.any(|c| self.has_employer_column(c)) && given_before()),
            // Nobody has a line of it tonight: what the layout of the file says.
            _ => !mapped || codes.any(|c| self.has_employer_column(c)),
        };
        let several = text.contains(JOINED_BY);
        Label { ignored, mapped, employer, sacrifice, retirement: is_retirement(text), several }
    }

    fn has_employer_column(&self, code: &str) -> bool {
        self.job.payroll.has_employer_amounts(code)
    }
}

/// Benefits for which periods before that day had an amount of the employer, of anybody.
fn benefits_paid_by_employer(books: &BalanceHistory, start: NaiveDate) -> BTreeSet<&str> {
    let accounts = books.employees().flat_map(|(_, employee)| employee.accounts());
    let paid = |cell: &AccountPeriod| cell.period.end < start && cell.movements.get(EntryKind::Taken) != 0;
    let of_employer = accounts.filter(|(account, cells)| account.payer == Payer::Employer && cells.iter().any(paid));
    of_employer.map(|(account, _)| &*account.benefit).collect()
}
