//! Deduction amounts: kept as read, summed by code and currency while reading, and in the end added up to one line an
//! employee and code.

use std::collections::{BTreeMap, BTreeSet, HashMap};

use crate::settings;
use crate::tables::{self, OptionalMoney};
use crate::{CodeTotal, LineKind, PayrollError};
use tieout_model::balance::PayPeriod;
use tieout_model::finding::Payer;
use tieout_model::money::{Currency, Money};

/// The amounts that one row gives for one code; at least one of them is there.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Deducted {
    /// Number of the code in [`Codes`].
    pub code: u32,
    pub currency: Currency,
    pub employee: Option<Money>,
    pub employer: Option<Money>,
}

/// The codes met, numbered in the order of first appearance.
#[derive(Clone, Debug, Default)]
pub(crate) struct Codes {
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
pub(crate) struct Sum {
    pub employee: i128,
    pub employer: i128,
    pub rows: u64,
    /// Amounts above and below 0.
    pub employee_signs: Signs,
    pub employer_signs: Signs,
}

/// How many amounts are above 0, and how many below.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(crate) struct Signs {
    pub positive: u64,
    pub negative: u64,
}

impl Signs {
    fn of(amount: i128) -> Signs {
        Signs { positive: u64::from(amount > 0), negative: u64::from(amount < 0) }
    }

    pub fn add(&mut self, other: Signs) {
        self.positive += other.positive;
        self.negative += other.negative;
    }
}

impl Sum {
    pub fn add(&mut self, other: Sum) {
        self.employee += other.employee;
        self.employer += other.employer;
        self.rows += other.rows;
        self.employee_signs.add(other.employee_signs);
        self.employer_signs.add(other.employer_signs);
    }

    /// Leaves what came after `before`.
    pub fn take_off(&mut self, before: Sum) {
        self.employee -= before.employee;
        self.employer -= before.employer;
        self.rows -= before.rows;
        for (signs, before) in
            [(&mut self.employee_signs, before.employee_signs), (&mut self.employer_signs, before.employer_signs)]
        {
            signs.positive -= before.positive;
            signs.negative -= before.negative;
        }
    }

    pub fn signs(&self, side: Payer) -> Signs {
        match side {
            Payer::Employee => self.employee_signs,
            Payer::Employer => self.employer_signs,
        }
    }
}

impl From<&Deducted> for Sum {
    fn from(deducted: &Deducted) -> Sum {
        let amount = |amount: Option<Money>| i128::from(amount.unwrap_or_default().0);
        let (employee, employer) = (amount(deducted.employee), amount(deducted.employer));
        let (employee_signs, employer_signs) = (Signs::of(employee), Signs::of(employer));
        Sum { employee, employer, rows: 1, employee_signs, employer_signs }
    }
}

/// By code and currency.
pub(crate) type Sums = BTreeMap<(u32, Currency), Sum>;

/// Adds amounts to their sums.
pub(crate) fn add_up(sums: &mut Sums, deducted: &[Deducted]) {
    for amount in deducted {
        sums.entry((amount.code, amount.currency)).or_default().add(Sum::from(amount));
    }
}

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
pub(crate) struct Lines {
    entries: Vec<Entry>,
    pub sums: Sums,
    /// Row by row, of employees who may have several.
    of_periods: Vec<OfPeriod>,
}

/// What a row of one of perhaps several pay periods took.
#[derive(Clone, Copy, Debug)]
pub(crate) struct OfPeriod {
    pub person: u32,
    pub period: PayPeriod,
    pub deducted: Deducted,
}

/// The lines and the employees with an ID04 in them.
#[derive(Debug, Default)]
pub(crate) struct Merged {
    pub lines: tables::Lines,
    /// Code and currency by number, in the order of first appearance.
    kinds: Vec<(u32, Currency)>,
    pub duplicates: BTreeSet<u32>,
    /// By code.
    repeated: BTreeMap<u32, Repeated>,
}

/// How many employees have a code, and how many have several rows of it with other amounts each.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(crate) struct Repeated {
    pub employees: u64,
    pub repeated: u64,
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

    /// Remembers of which pay period the amounts of a row are.
    pub fn note_period(&mut self, person: u32, period: PayPeriod, deducted: &[Deducted]) {
        self.of_periods.extend(deducted.iter().map(|deducted| OfPeriod { person, period, deducted: *deducted }));
    }

    /// The amounts of which a period was remembered, once.
    pub fn take_of_periods(&mut self) -> Vec<OfPeriod> {
        std::mem::take(&mut self.of_periods)
    }

    /// Gives the employees of all amounts the numbers that they have from now on.
    pub fn rename(&mut self, names: &[u32]) {
        self.entries.iter_mut().for_each(|entry| entry.person = names[entry.person as usize]);
    }

    /// Makes room for so many times the amounts that are there.
    pub fn reserve(&mut self, times: usize) {
        self.entries.reserve(self.entries.len() * times);
    }

    /// Adds up the rows of one employee and code. Currencies are never added together: each keeps a line of its own.
    /// `several`: whether an employee may have several rows of each code.
    pub fn merge(
        mut self,
        codes: &Codes,
        split_codes: &BTreeSet<String>,
        several: bool,
    ) -> Result<Merged, PayrollError> {
        let rank = ranks(&codes.names);
        let key = |e: &Entry| (e.person, rank[e.code as usize], e.currency, e.line);
        if !self.entries.is_sorted_by_key(key) {
            // Nearly in order, which only the stable sort makes use of.
            self.entries.sort_by_key(key);
        }
        let mut merged = Merged::default();
        for of_code in self.entries.chunk_by(|a, b| (a.person, a.code) == (b.person, b.code)) {
            let name = &codes.names[of_code[0].code as usize];
            let duplicate = repeats(of_code) && !split_codes.contains(name) && !several;
            merged.count(of_code, duplicate);
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

/// Whether several rows have an amount of one side; the employee's and the employer's may stand on rows of their own.
fn repeats(of_code: &[Entry]) -> bool {
    let several =
        |side: fn(&Entry) -> OptionalMoney| of_code.iter().filter(|e| side(e).get().is_some()).nth(1).is_some();
    of_code.len() > 1 && (several(|entry| entry.employee) || several(|entry| entry.employer))
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

    /// Counts the rows of one employee and code. The same amounts again are those of a doubled file, and no kind of
    /// row.
    fn count(&mut self, rows: &[Entry], duplicate: bool) {
        let repeated = self.repeated.entry(rows[0].code).or_default();
        let differs = |row: &Entry| (row.employee, row.employer) != (rows[0].employee, rows[0].employer);
        repeated.employees += 1;
        repeated.repeated += u64::from(duplicate && rows.iter().any(differs));
    }

    /// The codes of benefits, and how their rows repeat.
    pub fn repeated<'m>(
        &'m self,
        codes: &'m Codes,
        deductions: &'m settings::Deductions,
    ) -> impl Iterator<Item = (&'m str, Repeated)> {
        let named = self.repeated.iter().map(|(code, repeated)| (codes.names[*code as usize].as_str(), *repeated));
        named.filter(|(code, _)| deductions.benefit_by_code.contains_key(*code))
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
pub(crate) fn code_totals(sums: &Sums, codes: &Codes, deductions: &settings::Deductions) -> Vec<CodeTotal> {
    let total = |(&(code, currency), sum): (&(u32, Currency), &Sum)| {
        let code = codes.names[code as usize].clone();
        let benefit = deductions.benefit_by_code.get(&code).cloned();
        CodeTotal { code, benefit, currency, employee: sum.employee, employer: sum.employer, lines: sum.rows }
    };
    let mut totals: Vec<CodeTotal> = sums.iter().map(total).collect();
    totals.sort();
    totals
}
