//! The deduction columns of one row, in either layout.

use crate::amounts::{MoneyParser, NOT_A_CURRENCY};
use crate::header::Header;
use crate::lines::{Codes, Deducted};
use crate::person::{Faults, read_text};
use crate::rows::Row;
use crate::settings;
use crate::settings::{DeductionLayout, Encoding};
use tieout_model::money::{Currency, Money};

/// Positions of the deduction columns.
#[derive(Clone, Debug)]
pub(super) enum DeductionColumns {
    /// This file has none.
    None,
    /// In the order of their codes, so that lines come out sorted.
    Wide(Vec<Pair>),
    Long {
        code: usize,
        employee: usize,
        employer: Option<usize>,
        currency: Option<usize>,
    },
}

#[derive(Clone, Copy, Debug)]
pub(super) struct Pair {
    pub code: u32,
    pub employee: usize,
    pub employer: Option<usize>,
}

/// Headers of the deduction columns that the layout maps, the employee id aside.
pub(super) fn mapped_headers(layout: &DeductionLayout) -> Vec<&str> {
    match layout {
        DeductionLayout::Wide(pairs) => {
            let employee = pairs.iter().map(|p| p.employee_column.as_str());
            employee.chain(pairs.iter().filter_map(|p| p.employer_column.as_deref())).collect()
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
                    employee: at(&p.employee_column),
                    employer: p.employer_column.as_ref().map(at),
                };
                DeductionColumns::Wide(pairs.iter().map(pair).collect())
            }
            DeductionLayout::Long { code, employee_amount, employer_amount, currency, .. } => DeductionColumns::Long {
                code: at(code),
                employee: at(employee_amount),
                employer: employer_amount.as_ref().map(at),
                currency: currency.as_ref().map(at),
            },
        }
    }
}

/// Parses the deduction columns of one file.
#[derive(Debug)]
pub(super) struct DeductionParser {
    pub columns: DeductionColumns,
    encoding: Encoding,
    money: MoneyParser,
}

impl DeductionParser {
    pub fn new(settings: &settings::Payroll, columns: DeductionColumns) -> DeductionParser {
        DeductionParser { columns, encoding: settings.encoding, money: MoneyParser::new(settings.marks) }
    }

    /// Puts the amounts of a row into `deducted`; what cannot be read becomes a fault. `currency` is the person's.
    pub fn parse(
        &mut self,
        row: &Row<'_>,
        currency: Option<Currency>,
        codes: &mut Codes,
        deducted: &mut Vec<Deducted>,
        faults: &mut Faults,
    ) {
        deducted.clear();
        match &self.columns {
            DeductionColumns::None => {}
            DeductionColumns::Wide(pairs) => {
                for pair in pairs {
                    let employee = amount(&mut self.money, row, Some(pair.employee), currency, self.encoding, faults);
                    let employer = amount(&mut self.money, row, pair.employer, currency, self.encoding, faults);
                    add(deducted, pair.code, currency, employee, employer);
                }
            }
            DeductionColumns::Long { .. } => self.parse_long(row, currency, codes, deducted, faults),
        }
    }

    fn parse_long(
        &mut self,
        row: &Row<'_>,
        currency: Option<Currency>,
        codes: &mut Codes,
        deducted: &mut Vec<Deducted>,
        faults: &mut Faults,
    ) {
        let DeductionColumns::Long { code: code_at, employee, employer, currency: currency_at } = self.columns else {
            return;
        };
        let before = faults.0.len();
        let code = read_text(row, Some(code_at), self.encoding, faults);
        let code_readable = faults.0.len() == before;
        let own_currency = read_text(row, currency_at, self.encoding, faults);
        let currency = match (own_currency, currency_at) {
            (Some(text), Some(at)) => {
                let known = self.money.currency(text);
                if known.is_none() {
                    faults.cell(at, NOT_A_CURRENCY);
                }
                known
            }
            _ => currency,
        };
        let employee = amount(&mut self.money, row, Some(employee), currency, self.encoding, faults);
        let employer = amount(&mut self.money, row, employer, currency, self.encoding, faults);
        match code {
            Some(code) if faults.0.is_empty() => add(deducted, codes.number(code), currency, employee, employer),
            None if code_readable && employee.or(employer).is_some() => {
                faults.cell(code_at, "an amount without a deduction code")
            }
            _ => {}
        }
    }
}

/// An amount; `None` when the cell is blank or, which is noted, not an amount of this currency.
pub(super) fn amount(
    money: &mut MoneyParser,
    row: &Row<'_>,
    at: Option<usize>,
    currency: Option<Currency>,
    encoding: Encoding,
    faults: &mut Faults,
) -> Option<Money> {
    let text = read_text(row, at, encoding, faults)?;
    match money.parse(text, currency) {
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
