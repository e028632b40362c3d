//! The table of people while a file is read: each employee's first row fills one row of it, and further rows must
//! agree.

pub(super) mod national_id;
pub(super) mod people_rows;
pub(super) mod periods;
pub(super) mod person;
pub(super) mod register;

use std::collections::{BTreeMap, BTreeSet};
use std::hash::BuildHasher as _;

use chrono::NaiveDate;
use hashbrown::{DefaultHashBuilder, HashTable};

use crate::deductions::row_amounts::SeveralPeriods;
use crate::header::columns::{DATES, EARNINGS, NUMBERS, PAY_DATE, PERIOD_END, PERIOD_START, SALARY_EFFECTIVE, TEXTS};
use crate::people::people_rows::{copy, dates_of, earnings_of, id_of, numbers_of, push, reserve, texts_of};
use crate::people::periods::Periods;
use crate::people::person::{CurrencySource, Earnings, ParsedPerson, PersonTexts};
use crate::period;
use crate::settings::SummedColumn;
use crate::tables;
use tieout_model::balance::PayPeriod;
use tieout_model::money::{Currency, Money};
use tieout_model::terms::PayFrequency;

/// Why a row cannot be added to what is known of its employee.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Conflict {
    /// Another pay period than the row on `first_line`.
    SecondPeriod { first_line: u32 },
    /// Another value than the row on `first_line` in the canonical column named.
    Differs { first_line: u32, column: &'static str },
}

/// What a row says of its employee.
#[derive(Debug)]
pub(super) struct Said<'r> {
    pub line: u32,
    pub texts: PersonTexts<'r>,
    pub person: ParsedPerson,
    pub currency: (Currency, CurrencySource),
}

/// Whether a row made its employee known.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Entered {
    First(u32),
    Again(u32),
}

/// Company, pay group and pay frequency: who shares them is paid for one period.
pub(super) type PayGroup<'p> = (&'p str, &'p str, Option<PayFrequency>);

/// The period of an employee's rows beside their employment.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Stay {
    pub period: Option<(NaiveDate, NaiveDate)>,
    pub hired: Option<NaiveDate>,
    pub left: Option<NaiveDate>,
}

/// The employees read so far.
#[derive(Debug, Default)]
pub(super) struct People {
    /// Rows by employee id.
    index: HashTable<u32>,
    hasher: DefaultHashBuilder,
    table: tables::People,
    /// Accepted rows.
    rows: Vec<u64>,
    /// Rows of the table that their home rows stand for, where employees may have several.
    replaced: BTreeMap<u32, u32>,
    /// Employees whose home row was met.
    at_home: BTreeSet<u32>,
    /// Of employees who may have several rows.
    periods: Periods,
    keeps_earnings: bool,
}

impl People {
    /// `keeps_earnings`: some file says what the run paid.
    pub fn new(keeps_earnings: bool) -> People {
        People { keeps_earnings, ..People::default() }
    }

    pub fn len(&self) -> usize {
        self.table.len()
    }

    /// Makes room for so many times the employees that are there: one by one, columns would be copied as they grow.
    pub fn reserve(&mut self, times: usize) {
        let more = self.len() * times;
        let People { index, hasher, table, rows, .. } = self;
        index.reserve(more, |row| hasher.hash_one(id_of(table, *row)));
        reserve(table, times, more);
        rows.reserve(more);
    }

    /// Row of an employee who is known.
    pub fn find(&self, id: &str) -> Option<u32> {
        self.index.find(self.hasher.hash_one(id), |row| id_of(&self.table, *row) == id).copied()
    }

    /// Makes an employee known, or checks that a further row says the same of the person.
    pub fn enter(&mut self, id: &str, said: &Said<'_>, currency_agrees: bool) -> Result<Entered, Conflict> {
        if let Some(row) = self.find(id) {
            return self.agree(row, said, currency_agrees).map(|()| Entered::Again(row));
        }
        Ok(Entered::First(self.push(id, said)))
    }

    fn push(&mut self, id: &str, said: &Said<'_>) -> u32 {
        let row = u32::try_from(self.len()).expect("a file has fewer bytes than a u32 can count");
        push(&mut self.table, id, said, self.keeps_earnings);
        self.rows.push(0);
        let People { index, hasher, table, .. } = self;
        index.insert_unique(hasher.hash_one(id), row, |row| hasher.hash_one(id_of(table, *row)));
        row
    }

    /// Makes an employee known, or adds a further row of one who may have several: by job, department or week. The home
    /// row says who the employee is, the first until it comes; the period lasts over all rows. Without one, the pay is
    /// that of the row in which it began last.
    pub fn add(&mut self, id: &str, said: &Said<'_>, is_home: bool, sum: &BTreeSet<SummedColumn>) -> Entered {
        let Some(known) = self.find(id) else {
            let row = self.push(id, said);
            if is_home {
                self.at_home.insert(row);
            }
            return Entered::First(row);
        };
        let first = (self.table.period_start[known as usize], self.table.period_end[known as usize]);
        self.periods.note(known, first, (said.person.dates[PERIOD_START], said.person.dates[PERIOD_END]));
        if is_home && self.at_home.insert(known) {
            let row = u32::try_from(self.len()).expect("a file has fewer bytes than a u32 can count");
            push(&mut self.table, id, said, self.keeps_earnings);
            self.rows.push(0);
            self.replaced.insert(known, row);
            let of_first = self.added(known);
            add_to(&mut self.table, row, &of_first, sum);
        } else {
            let stands = self.replaced.get(&known).copied().unwrap_or(known);
            let ParsedPerson { numbers, earnings, dates, .. } = said.person;
            let period = [PERIOD_START, PERIOD_END, PAY_DATE].map(|at| dates[at]);
            add_to(&mut self.table, stands, &Added { numbers, earnings, period }, sum);
            let is_fixed = self.at_home.contains(&known) || sum.contains(&SummedColumn::BaseSalary);
            if !is_fixed && is_newer_pay(&self.table, stands, &said.person) {
                take_pay(&mut self.table, stands, &said.person);
            }
        }
        Entered::Again(known)
    }

    /// The pay periods that the file holds of each employee of whom it holds several.
    pub fn several_periods(&self) -> BTreeMap<String, SeveralPeriods> {
        if self.periods.several().next().is_none() {
            return BTreeMap::new();
        }
        let groups: Vec<PayGroup<'_>> = self.pay_groups().collect();
        let (mut size, mut holders) = (BTreeMap::new(), BTreeMap::new());
        groups.iter().for_each(|group| *size.entry(*group).or_insert(0_usize) += 1);
        for (row, periods) in self.periods.several() {
            for period in periods {
                *holders.entry((groups[row as usize], period.end)).or_insert(0_usize) += 1;
            }
        }
        let of = |(row, periods): (u32, &[PayPeriod])| {
            let group = groups[row as usize];
            let is_usual = |end: &NaiveDate| 2 * holders[&(group, *end)] > size[&group];
            let usual = periods.iter().map(|period| period.end).filter(is_usual).collect();
            let pay_group = period::name(&group);
            (self.id(row).to_owned(), SeveralPeriods { pay_group, periods: periods.to_vec(), usual })
        };
        self.periods.several().map(of).collect()
    }

    /// The id of an employee, as earlier nights know it.
    pub fn id(&self, row: u32) -> &str {
        id_of(&self.table, row).trim()
    }

    fn added(&self, row: u32) -> Added {
        let (table, row) = (&self.table, row as usize);
        let dates = dates_of(table, row);
        let period = [PERIOD_START, PERIOD_END, PAY_DATE].map(|at| dates[at]);
        Added { numbers: numbers_of(table, row), earnings: earnings_of(table, row), period }
    }

    /// Marks an employee with rows that repeat a key or disagree (ID04).
    pub fn mark_duplicate(&mut self, row: u32) {
        self.table.duplicate[row as usize] = true;
    }

    /// Counts an accepted row of an employee.
    pub fn count_row(&mut self, row: u32) {
        self.rows[row as usize] += 1;
    }

    pub fn currency(&self, row: u32) -> Currency {
        self.table.currency[row as usize]
    }

    /// First and last day of the period and the pay date of each employee.
    pub fn periods(&self) -> impl Iterator<Item = (NaiveDate, NaiveDate, Option<NaiveDate>)> {
        let periods = self.table.period_start.iter().zip(&self.table.period_end);
        periods.zip(&self.table.pay_date).filter_map(|((start, end), pay_date)| Some(((*start)?, (*end)?, *pay_date)))
    }

    /// First and last day of the period of each employee, with the days on which they were hired and left.
    pub fn stays(&self) -> impl Iterator<Item = Stay> {
        let tables::People { period_start, period_end, hire_date, term_date, .. } = &self.table;
        let periods = period_start.iter().zip(period_end).zip(hire_date.iter().zip(term_date));
        periods.map(|((start, end), (hired, left))| Stay { period: start.zip(*end), hired: *hired, left: *left })
    }

    /// Gives the employee of a row another period.
    pub fn set_period(&mut self, row: usize, (start, end): (NaiveDate, NaiveDate)) {
        (self.table.period_start[row], self.table.period_end[row]) = (Some(start), Some(end));
    }

    /// The pay group of each employee.
    pub fn pay_groups(&self) -> impl Iterator<Item = PayGroup<'_>> {
        let tables::People { legal_entity, pay_group, pay_frequency, .. } = &self.table;
        let groups = legal_entity.iter().zip(pay_group.iter()).zip(pay_frequency);
        groups.map(|((company, group), frequency)| (company.unwrap_or_default(), group.unwrap_or_default(), *frequency))
    }

    fn agree(&self, row: u32, said: &Said<'_>, currency_agrees: bool) -> Result<(), Conflict> {
        let Said { texts, person, currency, .. } = said;
        let (at, table) = (row as usize, &self.table);
        let first_line = table.line[at];
        let dates = dates_of(table, at);
        if [PERIOD_START, PERIOD_END].into_iter().any(|which| dates[which] != person.dates[which]) {
            return Err(Conflict::SecondPeriod { first_line });
        }
        let text = || differing(&TEXTS, &texts_of(table, at), &texts.each_ref().map(Option::as_deref));
        let date = || differing(&DATES, &dates, &person.dates);
        let number = || differing(&NUMBERS, &numbers_of(table, at), &person.numbers);
        let earnings = || differing(&EARNINGS, &earnings_of(table, at), &person.earnings);
        let term = || {
            let frequency = (table.pay_frequency[at], table.pay_frequency_unmapped[at]);
            let status = (table.employment_status[at], table.employment_status_unmapped[at]);
            [
                (currency_agrees && table.currency[at] != currency.0, "currency"),
                (table.rate_basis[at] != person.basis, "rate_basis"),
                (frequency != (person.frequency, person.frequency_unmapped), "pay_frequency"),
                (status != (person.status, person.status_unmapped), "employment_status"),
            ]
            .into_iter()
            .find_map(|(differs, name)| differs.then_some(name))
        };
        match text().or_else(date).or_else(number).or_else(earnings).or_else(term) {
            Some(column) => Err(Conflict::Differs { first_line, column }),
            None => Ok(()),
        }
    }

    /// Puts each home row in the place of the employee's first row; what each row of the table is called from then on,
    /// or nothing when all keep their numbers.
    pub fn settle(&mut self) -> Option<Vec<u32>> {
        if self.replaced.is_empty() {
            return None;
        }
        let replaced = std::mem::take(&mut self.replaced);
        let homes: BTreeSet<u32> = replaced.values().copied().collect();
        let firsts: Vec<u32> = (0_u32..).take(self.len()).filter(|row| !homes.contains(row)).collect();
        let mut names = vec![0; self.len()];
        let mut table = tables::People::default();
        for (place, first) in (0_u32..).zip(&firsts) {
            let stands = replaced.get(first).copied().unwrap_or(*first);
            (names[*first as usize], names[stands as usize]) = (place, place);
            copy(&mut table, &self.table, stands as usize, self.keeps_earnings);
            let place = place as usize;
            table.duplicate[place] |= self.table.duplicate[*first as usize];
        }
        self.rows = firsts.iter().map(|first| self.rows[*first as usize]).collect();
        self.table = table;
        Some(names)
    }

    /// The table, and the accepted rows of each employee.
    pub fn into_table(self) -> (tables::People, Vec<u64>) {
        (self.table, self.rows)
    }
}

/// What one of several rows of an employee adds to the others.
struct Added {
    numbers: [Option<Money>; NUMBERS.len()],
    earnings: Earnings,
    /// First day, last day and pay date.
    period: [Option<NaiveDate>; 3],
}

/// Adds a row to that of its employee: earnings and the columns named are summed, the period becomes that of both.
fn add_to(table: &mut tables::People, row: u32, added: &Added, sum: &BTreeSet<SummedColumn>) {
    let at = row as usize;
    let [base_salary, hours, fte] = added.numbers;
    let tables::People { gross_pay, net_pay, hours_worked, leave_hours, .. } = table;
    let columns = [gross_pay, net_pay, hours_worked, leave_hours];
    for (column, more) in columns.into_iter().zip(added.earnings).filter(|(column, _)| !column.is_empty()) {
        column.add(at, more.get());
    }
    let tables::People { base_salary: salaries, hours: all_hours, fte: shares, .. } = table;
    for (column, more, which) in [
        (salaries, base_salary, SummedColumn::BaseSalary),
        (all_hours, hours, SummedColumn::Hours),
        (shares, fte, SummedColumn::Fte),
    ] {
        if sum.contains(&which) {
            column.add(at, more);
        }
    }
    let [start, end, pay_date] = added.period;
    table.period_start[at] = [table.period_start[at], start].into_iter().flatten().min();
    table.period_end[at] = table.period_end[at].max(end);
    table.pay_date[at] = table.pay_date[at].max(pay_date);
}

/// Pays of which one is more than this many times the other are of two jobs.
const RAISE_TIMES_MAX: i64 = 2;

/// The row has the pay of the same job from a later day on: exports show a raise inside the period in two rows.
fn is_newer_pay(table: &tables::People, row: u32, person: &ParsedPerson) -> bool {
    let at = row as usize;
    let later = table.salary_effective[at].zip(person.dates[SALARY_EFFECTIVE]).is_some_and(|(was, now)| was < now);
    let [salary, ..] = person.numbers;
    let near = table.base_salary.get(at).zip(salary).is_some_and(|(was, now)| {
        let most = |amount: Money| amount.0.saturating_mul(RAISE_TIMES_MAX);
        was.0 <= most(now) && now.0 <= most(was)
    });
    later && near && table.rate_basis[at] == person.basis
}

fn take_pay(table: &mut tables::People, row: u32, person: &ParsedPerson) {
    let [salary, ..] = person.numbers;
    table.base_salary.set(row as usize, salary);
    table.salary_effective[row as usize] = person.dates[SALARY_EFFECTIVE];
}

/// The first column in which two rows do not say the same.
fn differing<T: PartialEq, const N: usize>(names: &[&'static str; N], a: &[T; N], b: &[T; N]) -> Option<&'static str> {
    (0..N).find(|which| a[*which] != b[*which]).map(|which| names[which])
}
