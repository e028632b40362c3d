//! The deduction columns of one row, in whichever layout.

pub(super) mod deduction_file;
pub(super) mod details;
pub(super) mod lines;
pub(super) mod row_amounts;

use crate::cells::amounts::{MoneyParser, NOT_A_CURRENCY};
use crate::deductions::details::{DetailPlaces, Fact, Treatment};
use crate::deductions::lines::{Codes, Deducted};
use crate::header::Header;
use crate::layouts::employee_row::RowOwner;
use crate::layouts::source::Holds;
use crate::people::person::{Faults, read_text};
use crate::rows::Row;
use crate::settings;
use crate::settings::{DeductionLayout, Sign};
use tieout_model::finding::Payer;
use tieout_model::money::{Currency, Money};

/// Positions of the deduction columns.
#[derive(Clone, Debug)]
pub(super) enum DeductionColumns {
    /// This file has none.
    None,
    /// In the order of their codes, so that lines come out sorted.
    Wide(Vec<Pair>),
    /// One or several groups in a row.
    Coded { groups: Vec<CodeColumns>, currency: Option<usize> },
}

#[derive(Clone, Copy, Debug)]
pub(super) struct Pair {
    pub code: u32,
    pub employee: Option<usize>,
    pub employer: Option<usize>,
    pub facts: DetailPlaces,
}

/// A code and its amounts.
#[derive(Clone, Copy, Debug)]
pub(super) struct CodeColumns {
    pub code: usize,
    pub employee: usize,
    pub employer: Option<usize>,
    pub facts: DetailPlaces,
}

/// Headers of the deduction columns that the layout maps, the employee id aside.
pub(super) fn mapped_headers(layout: &DeductionLayout) -> Vec<&str> {
    let mut headers = amount_headers(layout);
    headers.extend(layout.fact_headers());
    headers
}

fn amount_headers(layout: &DeductionLayout) -> Vec<&str> {
    match layout {
        DeductionLayout::Wide(pairs) => {
            let employee = pairs.iter().filter_map(|p| p.employee_column.as_deref());
            employee.chain(pairs.iter().filter_map(|p| p.employer_column.as_deref())).collect()
        }
        DeductionLayout::Groups(groups) => {
            let columns = groups
                .iter()
                .flat_map(|g| [Some(&g.code_column), Some(&g.employee_column), g.employer_column.as_ref()]);
            columns.flatten().map(String::as_str).collect()
        }
        DeductionLayout::Long { code, employee_amount, employer_amount, currency, .. } => {
            let optional = [employer_amount, currency].into_iter().filter_map(Option::as_deref);
            [code.as_str(), employee_amount].into_iter().chain(optional).collect()
        }
    }
}

impl DeductionColumns {
    /// Finds the columns in a header that was checked for them.
    pub fn find(header: &Header, layout: &DeductionLayout, codes: &mut Codes) -> DeductionColumns {
        let at = |name: &String| header.find(name).unwrap_or(0);
        match layout {
            DeductionLayout::Wide(pairs) => {
                let mut pairs: Vec<_> = pairs.iter().collect();
                pairs.sort_by_key(|p| &p.code);
                let pair = |p: &&settings::WideDeduction| Pair {
                    code: codes.number(&p.code),
                    employee: p.employee_column.as_ref().map(at),
                    employer: p.employer_column.as_ref().map(at),
                    facts: DetailPlaces::find(header, &p.facts),
                };
                DeductionColumns::Wide(pairs.iter().map(pair).collect())
            }
            DeductionLayout::Groups(groups) => {
                let group = |g: &settings::DeductionGroup| CodeColumns {
                    code: at(&g.code_column),
                    employee: at(&g.employee_column),
                    employer: g.employer_column.as_ref().map(at),
                    facts: DetailPlaces::find(header, &g.facts),
                };
                DeductionColumns::Coded { groups: groups.iter().map(group).collect(), currency: None }
            }
            DeductionLayout::Long { code, employee_amount, employer_amount, currency, facts, .. } => {
                let group = CodeColumns {
                    code: at(code),
                    employee: at(employee_amount),
                    employer: employer_amount.as_ref().map(at),
                    facts: DetailPlaces::find(header, facts),
                };
                DeductionColumns::Coded { groups: vec![group], currency: currency.as_ref().map(at) }
            }
        }
    }

    /// Tells where code and amounts stand, in a file with a line a deduction.
    pub fn place_in(&self, owner: &mut RowOwner) {
        if let DeductionColumns::Coded { groups, .. } = self
            && let [CodeColumns { code, employee, employer, .. }] = groups.as_slice()
        {
            owner.set_deduction(*code, std::iter::once(*employee).chain(*employer).collect());
        }
    }

    /// Position of the column that states the currency of deductions.
    pub fn currency(&self) -> Option<usize> {
        match self {
            DeductionColumns::Coded { currency, .. } => *currency,
            DeductionColumns::None | DeductionColumns::Wide(_) => None,
        }
    }
}

/// Parses the deduction columns of one file.
#[derive(Debug)]
pub(super) struct DeductionParser<'s> {
    columns: DeductionColumns,
    settings: &'s settings::Payroll,
    money: MoneyParser<'s>,
    facts: Vec<Fact>,
}

impl<'s> DeductionParser<'s> {
    pub fn new(settings: &'s settings::Payroll, columns: DeductionColumns) -> DeductionParser<'s> {
        DeductionParser { columns, settings, money: MoneyParser::new(settings), facts: Vec::new() }
    }

    /// What the row that was parsed last says beside its amounts.
    pub fn facts(&self) -> &[Fact] {
        &self.facts
    }

    /// Puts the amounts of a row into `deducted`; what cannot be read becomes a fault. `currency` is the person's.
    pub fn parse(
        &mut self,
        row: &Row<'_>,
        holds: Holds,
        currency: Option<Currency>,
        codes: &mut Codes,
        deducted: &mut Vec<Deducted>,
        faults: &mut Faults,
    ) {
        deducted.clear();
        self.facts.clear();
        let DeductionParser { columns, settings, money, facts: beside } = self;
        let mut amount = Amounts { money, settings, row, beside };
        match columns {
            _ if holds == Holds::Person => {}
            DeductionColumns::None => {}
            DeductionColumns::Wide(pairs) => {
                for Pair { code, employee, employer, facts } in pairs.iter().copied() {
                    let employee = amount.of(Payer::Employee, employee, currency, faults);
                    let employer = amount.of(Payer::Employer, employer, currency, faults);
                    amount.facts(facts, code, currency, [employee, employer], faults);
                    let zero = [employee, employer].into_iter().flatten().all(|amount| amount == Money::ZERO);
                    if !zero || settings.amounts.zero_is_a_line {
                        add(deducted, code, currency, employee, employer);
                    }
                }
            }
            DeductionColumns::Coded { groups, currency: at } => {
                let currency = amount.currency(*at, currency, faults);
                for group in groups.iter().copied() {
                    amount.coded(group, holds, currency, codes, deducted, faults);
                }
            }
        }
    }
}

/// Reads the amounts of one row.
struct Amounts<'a, 's, 'r> {
    money: &'a mut MoneyParser<'s>,
    settings: &'s settings::Payroll,
    row: &'a Row<'r>,
    beside: &'a mut Vec<Fact>,
}

impl Amounts<'_, '_, '_> {
    fn of(
        &mut self,
        payer: Payer,
        at: Option<usize>,
        currency: Option<Currency>,
        faults: &mut Faults,
    ) -> Option<Money> {
        amount(self.money, self.row, payer, at, currency, self.settings, faults)
    }

    /// What stands beside the amounts of employee and employer.
    fn facts(
        &mut self,
        places: DetailPlaces,
        code: u32,
        currency: Option<Currency>,
        amounts: [Option<Money>; 2],
        faults: &mut Faults,
    ) {
        let (Some(currency), false) = (currency, places.is_empty()) else { return };
        let employee_year_to_date = self.of(Payer::Employee, places.employee_year_to_date, Some(currency), faults);
        let employer_year_to_date = self.of(Payer::Employer, places.employer_year_to_date, Some(currency), faults);
        let is_below = |(amount, year): (Option<Money>, Option<Money>)| {
            amount.zip(year).is_some_and(|(amount, year)| amount > Money::ZERO && year < amount)
        };
        let years = [employee_year_to_date, employer_year_to_date];
        let treatment = read_text(self.row, places.tax_treatment, self.settings, faults)
            .map_or(Treatment::Blank, |word| Treatment::of(word, &self.settings.tax_treatment_map));
        let arrears_balance =
            plain_amount(self.money, self.row, places.arrears_balance, Some(currency), self.settings, faults);
        self.beside.push(Fact {
            code,
            currency,
            employee_year_to_date,
            employer_year_to_date,
            arrears_balance,
            below_amount: amounts.into_iter().zip(years).any(is_below),
            treatment,
        });
    }

    /// The currency of the row's deductions: their own, else the person's.
    fn currency(&mut self, at: Option<usize>, of_person: Option<Currency>, faults: &mut Faults) -> Option<Currency> {
        let (Some(text), Some(at)) = (read_text(self.row, at, self.settings, faults), at) else { return of_person };
        let known = self.money.currency(text);
        if known.is_none() {
            faults.cell(at, NOT_A_CURRENCY);
        }
        known
    }

    fn coded(
        &mut self,
        group: CodeColumns,
        holds: Holds,
        currency: Option<Currency>,
        codes: &mut Codes,
        deducted: &mut Vec<Deducted>,
        faults: &mut Faults,
    ) {
        let before = faults.0.len();
        let code = read_text(self.row, Some(group.code), self.settings, faults);
        let code_readable = faults.0.len() == before;
        let of_employer = code.is_some_and(|code| self.settings.amounts.employer_codes.contains(code));
        let of_employer = of_employer && holds == Holds::AsMapped || holds == Holds::AmountOf(Payer::Employer);
        let (employee, employer) = match holds {
            _ if of_employer => (None, Some(group.employee)),
            Holds::AmountOf(_) => (Some(group.employee), None),
            Holds::AsMapped | Holds::Person => (Some(group.employee), group.employer),
        };
        let employee = self.of(Payer::Employee, employee, currency, faults);
        let employer = self.of(Payer::Employer, employer, currency, faults);
        match code {
            Some(code) if faults.0.is_empty() => {
                let (code, places) = (codes.number(code), group.facts);
                add(deducted, code, currency, employee, employer);
                let places = if of_employer { places.of_employer() } else { places };
                self.facts(places, code, currency, [employee, employer], faults);
            }
            // Blank groups of a row may hold a 0.
            None if code_readable && [employee, employer].into_iter().flatten().any(|amount| amount != Money::ZERO) => {
                faults.cell(group.code, "an amount without a deduction code");
            }
            _ => {}
        }
    }
}

/// An amount of a side, positive when it is taken; `None` when the cell is blank or, which is noted, not an amount of
/// this currency.
pub(super) fn amount(
    money: &mut MoneyParser<'_>,
    row: &Row<'_>,
    payer: Payer,
    at: Option<usize>,
    currency: Option<Currency>,
    settings: &settings::Payroll,
    faults: &mut Faults,
) -> Option<Money> {
    let amount = plain_amount(money, row, at, currency, settings, faults)?;
    match settings.amounts.sign(payer).unwrap_or_default() {
        Sign::Positive => Some(amount),
        Sign::Negative => Some(Money(-amount.0)),
    }
}

/// An amount as it is written.
fn plain_amount(
    money: &mut MoneyParser<'_>,
    row: &Row<'_>,
    at: Option<usize>,
    currency: Option<Currency>,
    settings: &settings::Payroll,
    faults: &mut Faults,
) -> Option<Money> {
    let text = read_text(row, at, settings, faults)?;
    match money.parse(text, currency, false) {
        Ok(amount) => Some(amount),
        Err(fault) => {
            faults.cell(at?, fault.to_string());
            None
        }
    }
}

fn add(
    deducted: &mut Vec<Deducted>,
    code: u32,
    currency: Option<Currency>,
    employee: Option<Money>,
    employer: Option<Money>,
) {
    if let (Some(currency), true) = (currency, employee.or(employer).is_some()) {
        deducted.push(Deducted { code, currency, employee, employer });
    }
}
