//! Deduction amounts: kept as read, summed by code and currency while reading, and in the end added up to one line an
//! employee and code.

use std::collections::{BTreeMap, BTreeSet, HashMap};

use crate::settings;
use crate::tables::{self, OptionalMoney};
use crate::{CodeTotal, LineKind, PayrollError};
use tieout_model::money::{Currency, Money};

/// The amounts that one row gives for one code; at least one of them is there.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Deducted {
    /// Number of the code in [`Codes`].
    pub code: u32,
    pub currency: Currency,
    pub employee: Option<Money>,
    pub employer: Option<Money>,
}

/// The codes met, numbered in the order of first appearance.
#[derive(Clone, Debug, Default)]
pub(super) struct Codes {
    pub names: Vec<String>,
    numbers: HashMap<String, u32>,
}

impl Codes {
    pub fn number(&mut self, name: &str) -> u32 {
        if let Some(number) = self.numbers.get(name) {
            return *number;
        }
        let number = u32::try_from(self.names.len()).expect("a file has fewer bytes than a u32 can count");
        self.names.push(name.to_owned());
        self.numbers.insert(name.to_owned(), number);
        number
    }

    pub fn find(&self, name: &str) -> Option<u32> {
        self.numbers.get(name).copied()
    }
}

/// Sums of one code and currency over rows as read.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(super) struct Sum {
    pub employee: i128,
    pub employer: i128,
    pub rows: u64,
}

impl Sum {
    pub fn add(&mut self, other: Sum) {
        self.employee += other.employee;
        self.employer += other.employer;
        self.rows += other.rows;
    }
}

impl From<&Deducted> for Sum {
    fn from(deducted: &Deducted) -> Sum {
        let amount = |amount: Option<Money>| i128::from(amount.unwrap_or_default().0);
        Sum { employee: amount(deducted.employee), employer: amount(deducted.employer), rows: 1 }
    }
}

/// By code and currency.
pub(super) type Sums = BTreeMap<(u32, Currency), Sum>;

/// One amount pair as read. Small on purpose: there are millions.
#[derive(Clone, Copy, Debug)]
struct Entry {
    employee: OptionalMoney,
    employer: OptionalMoney,
    person: u32,
    line: u32,
    code: u32,
    currency: Currency,
}

/// The accepted amounts.
#[derive(Debug, Default)]
pub(super) struct Lines {
    entries: Vec<Entry>,
    pub sums: Sums,
}

/// The lines and the employees with an ID04 in them.
#[derive(Debug, Default)]
pub(super) struct Merged {
    pub lines: tables::Lines,
    /// Code and currency by number, in the order of first appearance.
    kinds: Vec<(u32, Currency)>,
    pub duplicates: BTreeSet<u32>,
}

impl Lines {
    /// Adds the amounts of a row.
    pub fn push(&mut self, person: u32, line: u32, deducted: &[Deducted]) {
        deducted.iter().for_each(|deducted| self.push_one(person, line, deducted));
    }

    fn push_one(&mut self, person: u32, line: u32, deducted: &Deducted) {
        self.sums.entry((deducted.code, deducted.currency)).or_default().add(Sum::from(deducted));
        self.entries.push(Entry {
            employee: OptionalMoney::new(deducted.employee),
            employer: OptionalMoney::new(deducted.employer),
            person,
            line,
            code: deducted.code,
            currency: deducted.currency,
        });
    }

    /// Makes room for so many times the amounts that are there.
    pub fn reserve(&mut self, times: usize) {
        self.entries.reserve(self.entries.len() * times);
    }

    /// Adds up the rows of one employee and code. Currencies are never added together: each keeps a line of its own.
    pub fn merge(mut self, codes: &Codes, split_codes: &BTreeSet<String>) -> Result<Merged, PayrollError> {
        let rank = ranks(&codes.names);
        let key = |e: &Entry| (e.person, rank[e.code as usize], e.currency, e.line);
        if !self.entries.is_sorted_by_key(key) {
            // Nearly in order, which only the stable sort makes use of.
            self.entries.sort_by_key(key);
        }
        let mut merged = Merged::default();
        for of_code in self.entries.chunk_by(|a, b| (a.person, a.code) == (b.person, b.code)) {
            let name = &codes.names[of_code[0].code as usize];
            let duplicate = of_code.len() > 1 && !split_codes.contains(name);
            if duplicate {
                merged.duplicates.insert(of_code[0].person);
            }
            for rows in of_code.chunk_by(|a, b| a.currency == b.currency) {
                merged.push(rows, duplicate).ok_or_else(|| PayrollError::SumTooLarge { code: name.clone() })?;
            }
        }
        Ok(merged)
    }
}

/// Place of each code in the order of their names.
fn ranks(names: &[String]) -> Vec<u32> {
    let mut order: Vec<usize> = (0..names.len()).collect();
    order.sort_by_key(|code| &names[*code]);
    let mut ranks = vec![0; names.len()];
    (0_u32..).zip(order).for_each(|(rank, code)| ranks[code] = rank);
    ranks
}

impl Merged {
    /// What the numbers in the column `kind` stand for.
    pub fn kinds(&self, codes: &Codes, deductions: &settings::Deductions) -> Vec<LineKind> {
        let kind = |(code, currency): &(u32, Currency)| {
            let code = codes.names[*code as usize].clone();
            let benefit = deductions.benefit_by_code.get(&code).cloned();
            LineKind { code, benefit, currency: *currency }
        };
        self.kinds.iter().map(kind).collect()
    }

    /// Adds the line that `rows` make together; `None` when a sum does not fit.
    fn push(&mut self, rows: &[Entry], duplicate: bool) -> Option<()> {
        let first = rows[0];
        let kind = self.kind_of(first.code, first.currency)?;
        let lines = &mut self.lines;
        lines.ee_amount.push(sum(rows.iter().filter_map(|row| row.employee.get()))?);
        lines.er_amount.push(sum(rows.iter().filter_map(|row| row.employer.get()))?);
        lines.largest.push(largest(rows.iter().filter_map(|row| row.employee.get())));
        lines.person.push(first.person);
        lines.kind.push(kind);
        lines.line.push(first.line);
        lines.rows.push(u32::try_from(rows.len()).ok()?);
        lines.duplicate.push(duplicate);
        Some(())
    }

    /// There are a few dozen codes and currencies at most: looking through all is faster than a table.
    fn kind_of(&mut self, code: u32, currency: Currency) -> Option<u32> {
        let at = self.kinds.iter().position(|kind| *kind == (code, currency)).unwrap_or_else(|| {
            self.kinds.push((code, currency));
            self.kinds.len() - 1
        });
        u32::try_from(at).ok()
    }
}

/// The sum of the amounts, absent when there is none; `None` when it does not fit.
fn sum(mut amounts: impl Iterator<Item = Money>) -> Option<Option<Money>> {
    let Some(first) = amounts.next() else { return Some(None) };
    let sum = amounts.try_fold(first.0, |sum, amount| sum.checked_add(amount.0))?;
    Some(Some(Money(sum)))
}

/// The amount farthest from zero, the first of equals.
fn largest(amounts: impl Iterator<Item = Money>) -> Option<Money> {
    amounts.reduce(|most, amount| if amount.0.unsigned_abs() > most.0.unsigned_abs() { amount } else { most })
}

/// The sums as the caller gets them, by code and currency.
pub(super) fn code_totals(sums: &Sums, codes: &Codes, deductions: &settings::Deductions) -> Vec<CodeTotal> {
    let total = |(&(code, currency), sum): (&(u32, Currency), &Sum)| {
        let code = codes.names[code as usize].clone();
        let benefit = deductions.benefit_by_code.get(&code).cloned();
        CodeTotal { code, benefit, currency, employee: sum.employee, employer: sum.employer, lines: sum.rows }
    };
    let mut totals: Vec<CodeTotal> = sums.iter().map(total).collect();
    totals.sort();
    totals
}
