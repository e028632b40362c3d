//! What a payroll says beside the amounts of a deduction: what was taken since the year began, what is owed from
//! earlier pays, and how it is taxed. It is read as exactly as amounts are and added up by code; no rule compares it.

use std::collections::BTreeMap;

use crate::cells::text::code_word;
use crate::deductions::lines::Codes;
use crate::header::Header;
use crate::settings::DetailColumns;
use tieout_model::money::{Currency, Money};
use tieout_model::terms::TaxTreatment;

/// Words without a map that are kept.
const UNKNOWN_WORDS_MAX: usize = 20;

/// What the accepted rows say of one code and currency beside its amounts.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct DeductionDetails {
    /// Sums; `None`: no row says it.
    pub employee_year_to_date: Option<i128>,
    pub employer_year_to_date: Option<i128>,
    pub arrears_balance: Option<i128>,
    /// Rows whose year to date is less than what the pay took, and the physical line of the first: the column may be
    /// another one.
    pub below_amount: Option<(u64, u64)>,
    /// Rows by treatment.
    pub treatments: BTreeMap<TaxTreatment, u64>,
}

/// The same of all codes.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct DetailsByCode {
    /// By code and currency.
    pub by_code: BTreeMap<(String, Currency), DeductionDetails>,
    /// Words for a tax treatment that no map knows, with their rows.
    pub unknown_tax_treatments: BTreeMap<String, u64>,
}

/// Positions of the columns.
#[derive(Clone, Copy, Debug, Default)]
pub(crate) struct DetailPlaces {
    pub employee_year_to_date: Option<usize>,
    pub employer_year_to_date: Option<usize>,
    pub arrears_balance: Option<usize>,
    pub tax_treatment: Option<usize>,
}

impl DetailPlaces {
    pub fn find(header: &Header, columns: &DetailColumns) -> DetailPlaces {
        let at = |name: &Option<String>| header.find(name.as_ref()?);
        DetailPlaces {
            employee_year_to_date: at(&columns.employee_year_to_date),
            employer_year_to_date: at(&columns.employer_year_to_date),
            arrears_balance: at(&columns.arrears_balance),
            tax_treatment: at(&columns.tax_treatment),
        }
    }

    pub fn is_empty(&self) -> bool {
        let DetailPlaces { employee_year_to_date, employer_year_to_date, arrears_balance, tax_treatment } = self;
        [employee_year_to_date, employer_year_to_date, arrears_balance, tax_treatment].iter().all(|at| at.is_none())
    }

    /// Those of a row whose amount in the employee's column is the employer's.
    pub fn of_employer(self) -> DetailPlaces {
        DetailPlaces {
            employee_year_to_date: None,
            employer_year_to_date: self.employer_year_to_date.or(self.employee_year_to_date),
            ..self
        }
    }
}

/// What one row says of one code.
#[derive(Clone, Debug)]
pub(crate) struct DeductionDetail {
    pub code: u32,
    pub currency: Currency,
    pub employee_year_to_date: Option<Money>,
    pub employer_year_to_date: Option<Money>,
    pub arrears_balance: Option<Money>,
    pub below_amount: bool,
    pub treatment: Treatment,
}

/// The word for a tax treatment.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum Treatment {
    Blank,
    Known(TaxTreatment),
    /// Of no map; as it may be shown.
    Unknown(String),
}

impl Treatment {
    pub fn of(word: &str, map: &BTreeMap<String, TaxTreatment>) -> Treatment {
        match map.get(&word.to_lowercase()) {
            Some(treatment) => Treatment::Known(*treatment),
            None => Treatment::Unknown(code_word(word)),
        }
    }
}

/// Facts while rows are read.
#[derive(Debug, Default)]
pub(crate) struct DetailSums {
    /// By number of the code, and currency.
    by_code: BTreeMap<(u32, Currency), DeductionDetails>,
    unknown_tax_treatments: BTreeMap<String, u64>,
}

impl DetailSums {
    /// Adds what an accepted row says.
    pub fn add(&mut self, details: &[DeductionDetail], line: u64) {
        for detail in details {
            let of_code = self.by_code.entry((detail.code, detail.currency)).or_default();
            for (sum, amount) in [
                (&mut of_code.employee_year_to_date, detail.employee_year_to_date),
                (&mut of_code.employer_year_to_date, detail.employer_year_to_date),
                (&mut of_code.arrears_balance, detail.arrears_balance),
            ] {
                if let Some(amount) = amount {
                    *sum = Some(sum.unwrap_or(0) + i128::from(amount.0));
                }
            }
            if detail.below_amount {
                of_code.below_amount.get_or_insert((0, line)).0 += 1;
            }
            match &detail.treatment {
                Treatment::Blank => {}
                Treatment::Known(treatment) => *of_code.treatments.entry(*treatment).or_default() += 1,
                Treatment::Unknown(word) => self.unknown(word),
            }
        }
    }

    fn unknown(&mut self, word: &str) {
        let words = &mut self.unknown_tax_treatments;
        if words.len() < UNKNOWN_WORDS_MAX || words.contains_key(word) {
            *words.entry(word.to_owned()).or_default() += 1;
        }
    }

    pub fn named(self, codes: &Codes) -> DetailsByCode {
        let named = |((code, currency), details): ((u32, Currency), _)| {
            ((codes.names[code as usize].clone(), currency), details)
        };
        let by_code = self.by_code.into_iter().map(named).collect();
        DetailsByCode { by_code, unknown_tax_treatments: self.unknown_tax_treatments }
    }
}
