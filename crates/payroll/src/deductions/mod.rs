//! The deduction columns of one row, in whichever layout.

pub(super) mod deduction_file;
pub(super) mod details;
pub(super) mod lines;
pub(super) mod row_amounts;

use crate::cells::amounts::{MoneyParser, NOT_A_CURRENCY};
use crate::deductions::details::{DeductionDetail, DetailPlaces, Treatment};
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
    pub details: DetailPlaces,
}

/// A code and its amounts.
#[derive(Clone, Copy, Debug)]
pub(super) struct CodeColumns {
    pub code: usize,
    pub employee: usize,
    pub employer: Option<usize>,
    pub details: DetailPlaces,
}

/// Headers of the deduction columns that the layout maps, the employee id aside.
pub(super) fn mapped_headers(layout: &DeductionLayout) -> Vec<&str> {
    let mut headers = amount_headers(layout);
    headers.extend(layout.detail_headers());
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
                    details: DetailPlaces::find(header, &p.details),
                };
                DeductionColumns::Wide(pairs.iter().map(pair).collect())
            }
            DeductionLayout::Groups(groups) => {
                let group = |g: &settings::DeductionGroup| CodeColumns {
                    code: at(&g.code_column),
                    employee: at(&g.employee_column),
                    employer: g.employer_column.as_ref().map(at),
                    details: DetailPlaces::find(header, &g.details),
                };
                DeductionColumns::Coded { groups: groups.iter().map(group).collect(), currency: None }
            }
            DeductionLayout::Long { code, employee_amount, employer_amount, currency, details, .. } => {
                let group = CodeColumns {
                    code: at(code),
                    employee: at(employee_amount),
                    employer: employer_amount.as_ref().map(at),
                    details: DetailPlaces::find(header, details),
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
    details: Vec<DeductionDetail>,
}

impl<'s> DeductionParser<'s> {
    pub fn new(settings: &'s settings::Payroll, columns: DeductionColumns) -> DeductionParser<'s> {
        DeductionParser { columns, settings, money: MoneyParser::new(settings), details: Vec::new() }
    }

    /// What the row that was parsed last says beside its amounts.
    pub fn details(&self) -> &[DeductionDetail] {
        &self.details
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
        self.details.clear();
        let DeductionParser { columns, settings, money, details } = self;
        let mut amounts = Amounts { money, settings, row, faults };
        match columns {
            _ if holds == Holds::Person => {}
            DeductionColumns::None => {}
            DeductionColumns::Wide(pairs) => {
                for Pair { code, employee, employer, details: places } in pairs.iter().copied() {
                    let employee = amounts.of(Payer::Employee, employee, currency);
                    let employer = amounts.of(Payer::Employer, employer, currency);
                    details.extend(amounts.detail(places, code, currency, [employee, employer]));
                    let zero = [employee, employer].into_iter().flatten().all(|amount| amount == Money::ZERO);
                    if !zero || settings.amounts.zero_is_a_line {
                        add(deducted, code, currency, employee, employer);
                    }
                }
            }
            DeductionColumns::Coded { groups, currency: at } => {
                let currency = amounts.currency(*at, currency);
                for group in groups.iter().copied() {
                    let Some((deduction, places)) = amounts.coded(group, holds, currency, codes) else { continue };
                    let [employee, employer] = deduction.amounts;
                    add(deducted, deduction.code, currency, employee, employer);
                    details.extend(amounts.detail(places, deduction.code, currency, deduction.amounts));
                }
            }
        }
    }
}

/// Reads the amounts of one row; what cannot be read becomes a fault.
pub(super) struct Amounts<'a, 's, 'r> {
    pub money: &'a mut MoneyParser<'s>,
    pub settings: &'s settings::Payroll,
    pub row: &'a Row<'r>,
    pub faults: &'a mut Faults,
}

/// A code of the row with the amounts of employee and employer.
struct CodedDeduction {
    code: u32,
    amounts: [Option<Money>; 2],
}

impl Amounts<'_, '_, '_> {
    /// An amount of a payer, positive when it is taken; `None` when the cell is blank or, which is noted, not an amount
    /// of this currency.
    pub fn of(&mut self, payer: Payer, at: Option<usize>, currency: Option<Currency>) -> Option<Money> {
        let amount = self.as_written(at, currency)?;
        match self.settings.amounts.sign(payer).unwrap_or_default() {
            Sign::Positive => Some(amount),
            Sign::Negative => Some(Money(-amount.0)),
        }
    }

    fn as_written(&mut self, at: Option<usize>, currency: Option<Currency>) -> Option<Money> {
        let text = read_text(self.row, at, self.settings, self.faults)?;
        match self.money.parse(text, currency, false) {
            Ok(amount) => Some(amount),
            Err(fault) => {
                self.faults.cell(at?, fault.to_string());
                None
            }
        }
    }

    /// What stands beside the `amounts` of employee and employer, where any column of it does.
    fn detail(
        &mut self,
        places: DetailPlaces,
        code: u32,
        currency: Option<Currency>,
        amounts: [Option<Money>; 2],
    ) -> Option<DeductionDetail> {
        let currency = currency.filter(|_| !places.is_empty())?;
        let employee_year_to_date = self.of(Payer::Employee, places.employee_year_to_date, Some(currency));
        let employer_year_to_date = self.of(Payer::Employer, places.employer_year_to_date, Some(currency));
        let is_below = |(amount, year): (Option<Money>, Option<Money>)| {
            amount.zip(year).is_some_and(|(amount, year)| amount > Money::ZERO && year < amount)
        };
        let years = [employee_year_to_date, employer_year_to_date];
        let treatment = read_text(self.row, places.tax_treatment, self.settings, self.faults)
            .map_or(Treatment::Blank, |word| Treatment::of(word, &self.settings.tax_treatment_map));
        Some(DeductionDetail {
            code,
            currency,
            employee_year_to_date,
            employer_year_to_date,
            arrears_balance: self.as_written(places.arrears_balance, Some(currency)),
            below_amount: amounts.into_iter().zip(years).any(is_below),
            treatment,
        })
    }

    /// The currency that a cell states, else `otherwise`.
    pub fn currency(&mut self, at: Option<usize>, otherwise: Option<Currency>) -> Option<Currency> {
        let text = read_text(self.row, at, self.settings, self.faults);
        let (Some(text), Some(at)) = (text, at) else { return otherwise };
        let known = self.money.currency(text);
        if known.is_none() {
            self.faults.cell(at, NOT_A_CURRENCY);
        }
        known
    }

    /// The deduction of a code and its amounts, and where the details of it stand.
    fn coded(
        &mut self,
        group: CodeColumns,
        holds: Holds,
        currency: Option<Currency>,
        codes: &mut Codes,
    ) -> Option<(CodedDeduction, DetailPlaces)> {
        let before = self.faults.0.len();
        let code = read_text(self.row, Some(group.code), self.settings, self.faults);
        let code_readable = self.faults.0.len() == before;
        let of_employer = code.is_some_and(|code| self.settings.amounts.employer_codes.contains(code));
        let of_employer = of_employer && holds == Holds::AsMapped || holds == Holds::AmountOf(Payer::Employer);
        let (employee, employer) = match holds {
            _ if of_employer => (None, Some(group.employee)),
            Holds::AmountOf(_) => (Some(group.employee), None),
            Holds::AsMapped | Holds::Person => (Some(group.employee), group.employer),
        };
        let employee = self.of(Payer::Employee, employee, currency);
        let employer = self.of(Payer::Employer, employer, currency);
        match code {
            Some(code) if self.faults.0.is_empty() => {
                let places = if of_employer { group.details.of_employer() } else { group.details };
                Some((CodedDeduction { code: codes.number(code), amounts: [employee, employer] }, places))
            }
            // Blank groups of a row may hold a 0.
            None if code_readable && [employee, employer].into_iter().flatten().any(|amount| amount != Money::ZERO) => {
                self.faults.cell(group.code, "an amount without a deduction code");
                None
            }
            _ => None,
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
