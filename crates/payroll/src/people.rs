//! One row an employee, in the order of first appearance, in plain vectors until the frame is built.

use std::hash::BuildHasher;

use polars::prelude::{BooleanChunked, Column, DataFrame, IntoColumn, NewChunkedArray, PlHashMap, UInt32Chunked};

use crate::columns::{COMPANY, COUNTRY, DATES, NUMBERS, PAY_GROUP, PERIOD_END, PERIOD_START, STATE, TEXTS};
use crate::frame::{NO_DATE, NO_NUMBER, date_column, number_column, text_column};
use crate::person::{CurrencySource, Person, PersonTexts};
use crate::text_columns::{TextColumns, Texts};
use crate::{PEOPLE, Words};
use tieout_model::money::Currency;
use tieout_model::side::side_by_side;
use tieout_model::terms::{EmploymentStatus, PayFrequency, RateBasis};

/// The last column of [`PEOPLE`].
const DUPLICATE: &str = "duplicate";

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
    pub person: Person,
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

/// The employees read so far.
#[derive(Debug, Default)]
pub(super) struct People {
    /// Hash of an id → its row. Two ids with one hash stand on neighbouring keys.
    index: PlHashMap<u64, u32>,
    ids: Texts,
    lines: Vec<u32>,
    texts: TextColumns,
    dates: [Vec<i32>; DATES.len()],
    numbers: [Vec<i64>; NUMBERS.len()],
    currencies: Vec<(Currency, CurrencySource)>,
    bases: Vec<RateBasis>,
    frequencies: Vec<Option<PayFrequency>>,
    statuses: Vec<Option<EmploymentStatus>>,
    /// Frequency, status.
    unmapped: Vec<(bool, bool)>,
    duplicate: Vec<bool>,
    /// Accepted rows.
    rows: Vec<u64>,
}

/// What becomes of [`People`].
#[derive(Debug)]
pub(super) struct PeopleTables {
    pub words: Words,
    /// The frame of [`PEOPLE`] but for its last column.
    pub people: DataFrame,
    /// That column; the lines have their say in it.
    pub duplicate: Vec<bool>,
}

/// Completes the frame.
pub(super) fn with_duplicates(mut people: DataFrame, duplicate: &[bool]) -> DataFrame {
    let column = BooleanChunked::from_slice(DUPLICATE.into(), duplicate).into_column();
    people.with_column(column).expect("as many as there are people");
    people
}

impl People {
    pub fn len(&self) -> usize {
        self.lines.len()
    }

    /// Makes room for so many times the employees that are there: one by one, columns would be copied as they grow.
    pub fn foresee(&mut self, times: usize) {
        let more = self.len() * times;
        self.index.reserve(more);
        self.ids.foresee(times);
        self.texts.foresee(times);
        self.dates.iter_mut().for_each(|column| column.reserve(more));
        self.numbers.iter_mut().for_each(|column| column.reserve(more));
        self.lines.reserve(more);
        self.currencies.reserve(more);
        self.bases.reserve(more);
        self.frequencies.reserve(more);
        self.statuses.reserve(more);
        self.unmapped.reserve(more);
        self.duplicate.reserve(more);
        self.rows.reserve(more);
    }

    /// Row of an employee; the key to enter the id under when there is none.
    fn seek(&self, id: &str) -> Result<u32, u64> {
        let mut key = self.index.hasher().hash_one(id);
        while let Some(row) = self.index.get(&key) {
            if self.ids.get(*row as usize) == id {
                return Ok(*row);
            }
            key = key.wrapping_add(1);
        }
        Err(key)
    }

    /// Row of an employee who is known.
    pub fn find(&self, id: &str) -> Option<u32> {
        self.seek(id).ok()
    }

    /// Makes an employee known, or checks that a further row says the same of the person.
    pub fn enter(&mut self, id: &str, said: &Said<'_>, currency_agrees: bool) -> Result<Entered, Conflict> {
        match self.seek(id) {
            Ok(row) => self.agree(row, said, currency_agrees).map(|()| Entered::Again(row)),
            Err(key) => {
                let row = u32::try_from(self.len()).expect("a file has fewer bytes than a u32 can count");
                self.index.insert(key, row);
                self.push(id, said);
                Ok(Entered::First(row))
            }
        }
    }

    /// Marks an employee with rows that repeat a key or disagree (ID04).
    pub fn mark_duplicate(&mut self, row: u32) {
        self.duplicate[row as usize] = true;
    }

    /// Counts an accepted row of an employee.
    pub fn count_row(&mut self, row: u32) {
        self.rows[row as usize] += 1;
    }

    /// Accepted rows of each employee.
    pub fn take_rows(&mut self) -> Vec<u64> {
        std::mem::take(&mut self.rows)
    }

    pub fn currency(&self, row: u32) -> Currency {
        self.currencies[row as usize].0
    }

    /// First and last day of the period and the pay date of each employee, in days since 1970-01-01.
    pub fn periods(&self) -> impl Iterator<Item = (i32, i32, Option<i32>)> {
        let [starts, ends, pay_dates, ..] = &self.dates;
        let pay_dates = pay_dates.iter().map(|d| Some(*d).filter(|d| *d != NO_DATE));
        starts.iter().zip(ends).zip(pay_dates).map(|((start, end), pay_date)| (*start, *end, pay_date))
    }

    /// The pay group of each employee.
    pub fn pay_groups(&self) -> impl Iterator<Item = PayGroup<'_>> {
        let text = |which, at| self.texts.get(which, at);
        (0..self.len()).map(move |at| (text(COMPANY, at), text(PAY_GROUP, at), self.frequencies[at]))
    }

    fn push(&mut self, id: &str, said: &Said<'_>) {
        let Said { line, texts, person, currency } = said;
        self.ids.push(id);
        self.lines.push(*line);
        for (which, text) in texts.iter().enumerate() {
            self.texts.push(which, text.as_deref().unwrap_or_default());
        }
        self.dates.iter_mut().zip(person.dates).for_each(|(c, d)| c.push(d.unwrap_or(NO_DATE)));
        self.numbers.iter_mut().zip(person.numbers).for_each(|(c, n)| c.push(n.unwrap_or(NO_NUMBER)));
        self.currencies.push(*currency);
        self.bases.push(person.basis);
        self.frequencies.push(person.frequency);
        self.statuses.push(person.status);
        self.unmapped.push((person.frequency_unmapped, person.status_unmapped));
        self.duplicate.push(false);
        self.rows.push(0);
    }

    fn agree(&self, row: u32, said: &Said<'_>, currency_agrees: bool) -> Result<(), Conflict> {
        let Said { texts, person, currency, .. } = said;
        let (at, first_line) = (row as usize, self.lines[row as usize]);
        let same_date = |which: usize| self.dates[which][at] == person.dates[which].unwrap_or(NO_DATE);
        if !same_date(PERIOD_START) || !same_date(PERIOD_END) {
            return Err(Conflict::SecondPeriod { first_line });
        }
        let text = (0..TEXTS.len())
            .find(|w| self.texts.get(*w, at) != texts[*w].as_deref().unwrap_or_default())
            .map(|w| TEXTS[w]);
        let date = || (0..DATES.len()).find(|w| !same_date(*w)).map(|w| DATES[w]);
        let number = || {
            let differs = |w: &usize| self.numbers[*w][at] != person.numbers[*w].unwrap_or(NO_NUMBER);
            (0..NUMBERS.len()).find(differs).map(|w| NUMBERS[w])
        };
        let term = || {
            let unmapped = self.unmapped[at];
            [
                (currency_agrees && self.currencies[at].0 != currency.0, "currency"),
                (self.bases[at] != person.basis, "rate_basis"),
                ((self.frequencies[at], unmapped.0) != (person.frequency, person.frequency_unmapped), "pay_frequency"),
                ((self.statuses[at], unmapped.1) != (person.status, person.status_unmapped), "employment_status"),
            ]
            .into_iter()
            .find_map(|(differs, name)| differs.then_some(name))
        };
        match text.or_else(date).or_else(number).or_else(term) {
            Some(column) => Err(Conflict::Differs { first_line, column }),
            None => Ok(()),
        }
    }

    /// The columns whose texts repeat.
    fn take_words(&mut self) -> Words {
        Words {
            legal_entity: self.texts.take_words(COMPANY),
            pay_group: self.texts.take_words(PAY_GROUP),
            currency: self.currencies.iter().map(|(c, _)| c.code()).collect(),
            currency_source: self.currencies.iter().map(|(_, s)| s.name()).collect(),
            rate_basis: self.bases.iter().map(|b| b.name()).collect(),
            pay_frequency: self.frequencies.iter().map(|f| f.map_or("", PayFrequency::name)).collect(),
            employment_status: self.statuses.iter().map(|s| s.map_or("", EmploymentStatus::name)).collect(),
            state: self.texts.take_words(STATE),
            country: self.texts.take_words(COUNTRY),
        }
    }

    /// Vectors are dropped as their columns are built, so that a large file is not held twice.
    pub fn into_tables(mut self) -> PeopleTables {
        drop(std::mem::take(&mut self.index));
        let rows = self.len();
        let (texts, others): (Vec<&str>, Vec<&str>) = PEOPLE.into_iter().partition(|name| TEXTS.contains(name));
        let texts: Vec<(&str, Texts)> = texts.into_iter().map(|name| (name, self.texts.take(name))).collect();
        let (texts, (words, mut columns)) = side_by_side(
            || texts.into_iter().map(|(name, texts)| texts.into_column(name)).collect::<Vec<Column>>(),
            || {
                let others = others.into_iter().filter(|name| *name != DUPLICATE);
                (self.take_words(), others.map(|name| self.take_column(name, rows)).collect::<Vec<Column>>())
            },
        );
        columns.extend(texts);
        columns.sort_by_key(|column| PEOPLE.iter().position(|name| *name == column.name().as_str()));
        let people = DataFrame::new(rows, columns);
        PeopleTables {
            words,
            people: people.expect("every employee was pushed to every column, and names are unique"),
            duplicate: self.duplicate,
        }
    }

    fn take_column(&mut self, name: &str, rows: usize) -> Column {
        if let Some(which) = DATES.iter().position(|d| *d == name) {
            return date_column(name, std::mem::take(&mut self.dates[which]));
        }
        if let Some(which) = NUMBERS.iter().position(|n| *n == name) {
            return number_column(name, std::mem::take(&mut self.numbers[which]));
        }
        match name {
            "employee_id" => std::mem::take(&mut self.ids).into_column(name),
            "line" => UInt32Chunked::from_vec(name.into(), std::mem::take(&mut self.lines)).into_column(),
            _ => text_column(name, rows, self.unmapped.iter().map(|u| unmapped_names(*u))),
        }
    }
}

fn unmapped_names((frequency, status): (bool, bool)) -> Option<&'static str> {
    match (frequency, status) {
        (true, true) => Some("pay_frequency,employment_status"),
        (true, false) => Some("pay_frequency"),
        (false, true) => Some("employment_status"),
        (false, false) => None,
    }
}
