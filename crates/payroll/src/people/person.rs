//! The person columns of one row, parsed cell by cell. What cannot be parsed is noted as a fault of the row; every cell
//! is looked at, so that a reject names all that is wrong with its row.

use std::borrow::Cow;
use std::collections::BTreeMap;

use chrono::NaiveDate;

use crate::cells::amounts::{MoneyParser, NOT_A_CURRENCY, is_dash, plain_id};
use crate::cells::dates::DateParser;
use crate::cells::frequency::{Frequency, frequency};
use crate::cells::text::{Memo, fold_id};
use crate::header::columns::{
    BASE_SALARY, COUNTRY, DATES, EARNINGS, EARNINGS_AMOUNTS, FTE, NUMBERS, PAY_DATE, PAY_GROUP, PERIOD_END,
    PERIOD_START, PersonColumns, TEXTS,
};
use crate::rows::Row;
use crate::settings;
use crate::tables::OptionalMoney;
use tieout_model::money::{Currency, Money};
use tieout_model::terms::{EmploymentStatus, PayFrequency, RateBasis};

/// Where a row's currency was found.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum CurrencySource {
    Column,
    PayGroup,
    Job,
}

impl CurrencySource {
    /// `column`, `pay_group`, `job`.
    pub fn name(self) -> &'static str {
        match self {
            CurrencySource::Column => "column",
            CurrencySource::PayGroup => "pay_group",
            CurrencySource::Job => "job",
        }
    }
}

/// Something wrong with a row: the cell, or none when it is the row as a whole.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct CellFault {
    pub cell: Option<usize>,
    /// Whether the reject shows the masked cell.
    pub show: bool,
    pub reason: Cow<'static, str>,
}

impl CellFault {
    /// Nothing of the row is shown.
    pub fn unshown(cell: Option<usize>, reason: impl Into<Cow<'static, str>>) -> CellFault {
        CellFault { cell, show: false, reason: reason.into() }
    }
}

/// The person columns of one row that hold texts; blank ones are `None`.
pub(crate) type PersonTexts<'r> = [Option<Cow<'r, str>>; TEXTS.len()];

/// The other person columns of one row. Cells without a value are `None`.
#[derive(Clone, Copy, Debug)]
pub(crate) struct ParsedPerson {
    pub dates: [Option<NaiveDate>; DATES.len()],
    pub numbers: [Option<Money>; NUMBERS.len()],
    pub earnings: Earnings,
    /// `None`: none was found, which is noted as a fault.
    pub currency: Option<(Currency, CurrencySource)>,
    pub basis: RateBasis,
    pub frequency: Option<PayFrequency>,
    pub status: Option<EmploymentStatus>,
    pub frequency_unmapped: bool,
    pub status_unmapped: bool,
}

/// What the run paid, in the order of [`EARNINGS`].
pub(crate) type Earnings = [OptionalMoney; EARNINGS.len()];

/// What the job's map makes of a text.
fn mapped<T: Copy>(map: &BTreeMap<String, T>, text: &str) -> Option<T> {
    map.get(&text.to_lowercase()).copied()
}

/// All that is wrong with one row.
#[derive(Debug, Default)]
pub(crate) struct Faults(pub Vec<CellFault>);

impl Faults {
    pub fn cell(&mut self, at: usize, reason: impl Into<Cow<'static, str>>) {
        self.0.push(CellFault { cell: Some(at), show: true, reason: reason.into() });
    }

    pub fn row(&mut self, reason: impl Into<Cow<'static, str>>) {
        self.0.push(CellFault::unshown(None, reason));
    }

    /// A readable cell that contradicts other rows: nothing of it is shown.
    pub fn conflict(&mut self, at: Option<usize>, reason: String) {
        self.0.push(CellFault::unshown(at, reason));
    }
}

/// Text of a mapped cell; `None` when it is blank, absent or, which is noted, not readable.
pub(crate) fn read_text<'r>(
    row: &Row<'r>,
    at: Option<usize>,
    settings: &settings::Payroll,
    faults: &mut Faults,
) -> Option<&'r str> {
    let at = at?;
    match row.text(at) {
        Ok(text) => (!is_none(text, settings)).then_some(text),
        Err(_) => {
            faults.cell(at, format!("not readable as {}", settings.encoding.name()));
            None
        }
    }
}

/// Whether a cell is blank, or has a word of the job for it.
fn is_none(text: &str, settings: &settings::Payroll) -> bool {
    let words = &settings.cells.none_words;
    text.is_empty() || !words.is_empty() && words.contains(&text.to_lowercase())
}

/// The employee id of a row, trimmed and, when the job says so, folded.
pub(crate) fn read_id<'r>(row: &Row<'r>, at: usize, settings: &settings::Payroll, faults: &mut Faults) -> Cow<'r, str> {
    let faults_before = faults.0.len();
    match read_text(row, Some(at), settings, faults).map(|id| plain_id(id, &settings.cells)) {
        Some(Cow::Borrowed(id)) if settings.fold_id_case => fold_id(id),
        Some(Cow::Owned(id)) if settings.fold_id_case => Cow::Owned(fold_id(&id).into_owned()),
        Some(id) => id,
        None => {
            if faults.0.len() == faults_before {
                faults.cell(at, "the employee id is blank");
            }
            Cow::Borrowed("")
        }
    }
}

/// The texts of a row whose person columns can be read.
pub(crate) fn read_texts<'r>(row: &Row<'r>, columns: &PersonColumns, settings: &settings::Payroll) -> PersonTexts<'r> {
    let mut texts = columns.texts.map(|at| {
        let text = row.text(at?).unwrap_or_default();
        (!is_none(text, settings)).then_some(Cow::Borrowed(text))
    });
    if let Some(country) = &mut texts[COUNTRY]
        && country.bytes().any(|b| !b.is_ascii_uppercase())
    {
        *country = Cow::Owned(country.to_uppercase());
    }
    texts
}

/// Parses the person columns of one file; remembers what low-cardinality texts mean.
#[derive(Debug)]
pub(crate) struct PersonParser<'s> {
    settings: &'s settings::Payroll,
    columns: PersonColumns,
    dates: DateParser<'s>,
    /// The last date of each column: most rows have some of those of the row before.
    last_dates: [(String, Option<NaiveDate>); DATES.len()],
    /// What a date that is blank or without a column stands for: the job's period.
    job_dates: [Option<NaiveDate>; DATES.len()],
    not_a_date: String,
    money: MoneyParser<'s>,
    bases: Memo<Option<RateBasis>>,
    frequencies: Memo<Frequency>,
    statuses: Memo<Option<EmploymentStatus>>,
}

impl<'s> PersonParser<'s> {
    pub fn new(settings: &'s settings::Payroll, columns: PersonColumns, of_workbook: bool) -> PersonParser<'s> {
        let mut job_dates = [None; DATES.len()];
        job_dates[PERIOD_START] = settings.period.start;
        job_dates[PERIOD_END] = settings.period.end;
        job_dates[PAY_DATE] = settings.period.pay_date;
        PersonParser {
            settings,
            columns,
            dates: DateParser::new(settings, of_workbook),
            last_dates: Default::default(),
            job_dates,
            not_a_date: format!("not a date in the layout {}", settings.dates.written),
            money: MoneyParser::new(settings),
            bases: Memo::new(),
            frequencies: Memo::new(),
            statuses: Memo::new(),
        }
    }

    /// Of the texts it is only checked that they can be read.
    pub fn parse(&mut self, row: &Row<'_>, faults: &mut Faults) -> ParsedPerson {
        let mut text = |at| read_text(row, at, self.settings, faults);
        if !row.is_text() {
            self.columns.texts.into_iter().for_each(|at| _ = text(at));
        }
        let pay_group =
            self.columns.texts[PAY_GROUP].and_then(|at| row.text(at).ok()).filter(|group| !group.is_empty());
        let (currency, basis, how_often, status) = (
            text(self.columns.currency),
            text(self.columns.basis),
            text(self.columns.frequency),
            text(self.columns.status),
        );
        let settings = self.settings;
        let basis = self.basis(basis);
        let (basis, pay_at) = self.pay(row, basis);
        let currency = self.currency(currency, pay_group, faults);
        let how_often = how_often.map(|t| self.frequencies.get(t, |t| frequency(&settings.pay_frequency_map, t)));
        let status_value = status.and_then(|t| self.statuses.get(t, |t| mapped(&settings.employment_status_map, t)));
        ParsedPerson {
            dates: self.dates(row, faults),
            numbers: self.numbers(row, (basis, pay_at), currency.map(|(c, _)| c), faults),
            earnings: self.earnings(row, currency.map(|(c, _)| c), faults),
            currency,
            basis,
            frequency: match how_often {
                Some(Frequency::Known(frequency)) => Some(frequency),
                _ => None,
            },
            status: status_value,
            frequency_unmapped: how_often == Some(Frequency::Unmapped),
            status_unmapped: status.is_some() && status_value.is_none(),
        }
    }

    /// A basis that the job does not map is another one: the row counts, and its pay is not compared.
    fn basis(&mut self, text: Option<&str>) -> RateBasis {
        let map = &self.settings.rate_basis_map;
        match text {
            Some(text) => self.bases.get(text, |t| mapped(map, t)).unwrap_or(RateBasis::Other),
            None => self.settings.rate_basis,
        }
    }

    /// Column, pay group, job: the first that names one.
    fn currency(
        &mut self,
        text: Option<&str>,
        pay_group: Option<&str>,
        faults: &mut Faults,
    ) -> Option<(Currency, CurrencySource)> {
        if let (Some(text), Some(at)) = (text, self.columns.currency) {
            let currency = self.money.currency(text);
            if currency.is_none() {
                faults.cell(at, NOT_A_CURRENCY);
            }
            return currency.map(|c| (c, CurrencySource::Column));
        }
        let of_group = pay_group.and_then(|g| self.settings.currency_by_pay_group.get(g));
        let found = match (of_group, self.settings.currency) {
            (Some(currency), _) => Some((*currency, CurrencySource::PayGroup)),
            (None, Some(currency)) => Some((currency, CurrencySource::Job)),
            (None, None) => None,
        };
        if found.is_none() {
            faults.row("no currency: neither a column nor the pay group nor the job names one");
        }
        found
    }

    fn dates(&mut self, row: &Row<'_>, faults: &mut Faults) -> [Option<NaiveDate>; DATES.len()] {
        let mut dates = self.job_dates;
        let columns = self.columns.dates.into_iter().zip(&mut self.last_dates);
        for (date, (at, last)) in dates.iter_mut().zip(columns) {
            let (Some(text), Some(at)) = (read_text(row, at, self.settings, faults), at) else { continue };
            if last.0 != text {
                let Ok(parsed) = self.dates.parse(text) else {
                    *date = None;
                    faults.cell(at, self.not_a_date.clone());
                    continue;
                };
                text.clone_into(&mut last.0);
                last.1 = parsed;
            }
            // A placeholder is as good as a blank cell.
            *date = last.1.or(*date);
        }
        let bad = |at: Option<usize>| faults.0.iter().any(|f| at.is_some() && f.cell == at);
        let [start_bad, end_bad] = [PERIOD_START, PERIOD_END].map(|d| bad(self.columns.dates[d]));
        match (dates[PERIOD_START], dates[PERIOD_END]) {
            (Some(start), Some(end)) if end < start => faults.row("the period ends before it begins"),
            (None, _) if !start_bad => faults.row("the period has no first day, and the job names none"),
            (_, None) if !end_bad => faults.row("the period has no last day, and the job names none"),
            _ => {}
        }
        dates
    }

    /// What pay is, and where it stands: of a column of pay a year and one of pay an hour the one that is filled; of
    /// both the one that the basis of the row says.
    fn pay(&self, row: &Row<'_>, basis: RateBasis) -> (RateBasis, Option<usize>) {
        let [annual, hourly] = self.columns.pay;
        let filled = |at: Option<usize>| {
            at.filter(|at| row.text(*at).is_ok_and(|text| !is_none(text, self.settings) && !is_dash(text)))
        };
        match (filled(annual), filled(hourly)) {
            (None, None) => (basis, self.columns.numbers[BASE_SALARY]),
            (Some(annual), None) => (RateBasis::Annually, Some(annual)),
            (None, Some(hourly)) => (RateBasis::Hourly, Some(hourly)),
            (Some(annual), Some(hourly)) => (basis, Some(if basis == RateBasis::Hourly { hourly } else { annual })),
        }
    }

    fn earnings(&mut self, row: &Row<'_>, currency: Option<Currency>, faults: &mut Faults) -> Earnings {
        let mut earnings = [OptionalMoney::new(None); EARNINGS.len()];
        for (which, at) in self.columns.earnings.into_iter().enumerate() {
            let (Some(text), Some(at)) = (read_text(row, at, self.settings, faults), at) else { continue };
            let read = match which < EARNINGS_AMOUNTS {
                true => self.money.parse(text, currency, false).map_err(|fault| fault.to_string()),
                false if is_dash(text) => Ok(Money::ZERO),
                false => self.money.measure(text).map_err(|fault| fault.to_string()),
            };
            match read {
                Ok(amount) => earnings[which] = OptionalMoney::new(Some(amount)),
                Err(fault) => faults.cell(at, fault),
            }
        }
        earnings
    }

    fn numbers(
        &mut self,
        row: &Row<'_>,
        (basis, pay_at): (RateBasis, Option<usize>),
        currency: Option<Currency>,
        faults: &mut Faults,
    ) -> [Option<Money>; NUMBERS.len()] {
        let mut numbers = [None; NUMBERS.len()];
        for (which, at) in self.columns.numbers.into_iter().enumerate() {
            let at = if which == BASE_SALARY { pay_at } else { at };
            let (Some(text), Some(at)) = (read_text(row, at, self.settings, faults), at) else { continue };
            let read = match which {
                // What somebody earns is never 0: none is stated.
                _ if is_dash(text) => continue,
                // An hourly rate may have more decimals than its currency.
                BASE_SALARY => self.money.parse(text, currency, basis == RateBasis::Hourly).map_err(|f| f.to_string()),
                FTE => self.money.share(text).map_err(|fault| fault.to_string()),
                _ => self.money.measure(text).map_err(|fault| fault.to_string()),
            };
            match read {
                Ok(number) => numbers[which] = Some(number),
                Err(fault) => faults.cell(at, fault),
            }
        }
        numbers
    }
}
