//! What a file says of itself, put together: the proposal of a job.

use std::collections::{BTreeMap, BTreeSet};

use crate::cells::Order;
use crate::cells::currency;
use crate::cells::dates::{self, Habit};
use crate::cells::marks::{self, Marks};
use crate::cells::sign_words::{self, SignWords};
use crate::certainty::{Certainty, Proposed};
use crate::columns::code_groups::{self, CodeGroup};
use crate::columns::names;
use crate::columns::profile::{self, Profile};
use crate::columns::stated;
use crate::columns::vendors::{self, Vendor};
use crate::columns::{self, Columns};
use crate::deductions::benefits::{self, Target};
use crate::deductions::employer_codes;
use crate::deductions::evidence::{self, Evidence};
use crate::deductions::kinds::What;
use crate::deductions::long::{self, Long};
use crate::deductions::taken;
use crate::deductions::{self, Left, WideDeduction};
use crate::hints::Hints;
use crate::pay::groups::{self, Groups};
use crate::pay::pay_of_period;
use crate::pay::period::{self, Stated};
use crate::pay::period_column;
use crate::pay::vocabulary::{self, WordMap};
use crate::table::Table;
use crate::table::filled_down;
use crate::table::record_types::{self, RecordTypes};

/// Fields whose words a job maps to terms.
pub const WORD_FIELDS: [&str; 5] = ["pay_frequency", "employment_status", "rate_basis", "run_type", "tax_treatment"];

#[derive(Debug)]
pub struct Proposal {
    pub file: FileKind,
    pub table: Table,
    pub profiles: Vec<Profile>,
    pub vendor: Option<Proposed<&'static Vendor>>,
    pub dates: Option<Proposed<String>>,
    pub decimal: Proposed<char>,
    pub thousands: Proposed<Option<char>>,
    pub currency: Option<Proposed<String>>,
    pub columns: Columns,
    pub shape: Shape,
    pub record_types: Option<RecordTypes>,
    pub codes: Vec<Code>,
    pub words: BTreeMap<&'static str, WordMap>,
    pub groups: Groups,
    /// `None`: columns say it.
    pub period: Option<Stated>,
    /// Employees with more than one row of a run, and all employees.
    pub several_rows: (usize, usize),
    /// Columns that are written once an employee, the id first.
    pub filled_down: Vec<usize>,
    pub employer_codes: BTreeSet<String>,
    pub sign_words: Option<Proposed<SignWords>>,
    pub left: Vec<Left>,
}

/// What kind of file the table stands in.
#[derive(Debug)]
pub enum FileKind {
    Text {
        encoding: Proposed<String>,
        delimiter: Proposed<u8>,
    },
    /// With the sheet, where there are several.
    Workbook {
        sheet: Option<Proposed<String>>,
    },
}

#[derive(Debug)]
pub enum Shape {
    Wide(Vec<WideDeduction>),
    Groups(Vec<CodeGroup>),
    Long(Long),
}

/// A deduction code and where it goes.
#[derive(Clone, Debug)]
pub struct Code {
    pub code: String,
    pub target: Proposed<Target>,
    /// What the file calls it beside the code.
    pub name: Option<String>,
}

/// Why there is no proposal.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum NoProposal {
    #[error(
        "nothing in the file looks like a table: expected a header and rows below it; export it as CSV with column names"
    )]
    NoTable,
    #[error("the file has a header and no rows: expected the rows of one pay run; check the selection of the export")]
    NoRows,
    #[error("there is no vendor `{0}`; known: {known}", known = vendors::all().keys().map(String::as_str).collect::<Vec<_>>().join(", "))]
    NoVendor(String),
    #[error("no file has a column `{header}`: {}", .files.join("; "))]
    NoColumn {
        header: String,
        /// What each file has instead.
        files: Vec<String>,
    },
}

/// Looks at a table and proposes.
pub fn of_table(file: FileKind, mut table: Table, hints: &Hints) -> Result<Proposal, NoProposal> {
    if table.rows.is_empty() {
        return Err(NoProposal::NoRows);
    }
    let filled_down = filled_down::find(&mut table);
    let vendor = vendor(&table, hints)?;
    let maker = vendor.as_ref().map(|vendor| vendor.value);
    let profiles: Vec<Profile> = (0..table.headers.len()).map(|at| profile::of_column(&table, at)).collect();
    let stated = stated::places(&table, hints);
    let groups = code_groups::find(&table, &profiles);
    let long = if groups.is_empty() { deductions::is_long(&table, &profiles, maker) } else { None };
    let mut columns = columns::find(&table, &profiles, maker, &hints.known, &stated, long.is_some());
    if long.is_some() {
        columns.drop_of_lines(&table);
    }
    let several_rows = several_rows(&table, &columns, long.is_some());
    if are_many(several_rows) {
        columns.drop_vague();
    }
    let marks = marks::find(amount_columns(&profiles, &columns).into_iter());
    pay_of_period::drop(&mut columns, &table, &hints.known, marks.of_money());
    let currency = currency::find(&table, &profiles, &columns, maker, hints, marks.decimal.value);
    let dates = date_layout(&profiles, &columns, maker, currency.as_ref(), hints);
    let words = word_maps(&profiles, &mut columns);
    let record_types = record_types(&table, &profiles, &columns, maker, long.is_some());
    let (mut shape, left) = match long {
        Some(reason) => (Shape::Long(long::find(&columns, &profiles, reason)), Vec::new()),
        None if !groups.is_empty() => (Shape::Groups(groups), Vec::new()),
        None => {
            let wide = deductions::wide(&table, &profiles, &columns, maker, marks.of_money());
            (Shape::Wide(wide.deductions), wide.left)
        }
    };
    let employer_codes = employer_codes(&table, &columns, &shape, record_types.as_ref(), &marks, hints);
    let lines = taken::lines(&table, &columns, &shape, record_types.as_ref(), &employer_codes, &marks);
    let evidence = evidence::gather(lines.into_iter(), &hints.known);
    let codes = codes(&table, &columns, &shape, record_types.as_ref(), &evidence, hints);
    if let Shape::Wide(deductions) = &mut shape {
        deductions::ask_for_employees(deductions, &codes, &hints.known);
    }
    let sign_words = sign_words::find(&table, &shape, &codes);
    let groups = groups::find(&table, &columns, &words, &evidence, &hints.known);
    let period = stated_period(&table, &columns, dates.as_ref(), &groups, several_rows, hints);
    let Marks { decimal, thousands } = marks;
    Ok(Proposal {
        file,
        table,
        profiles,
        vendor,
        dates,
        decimal,
        thousands,
        currency,
        columns,
        shape,
        record_types,
        codes,
        words,
        groups,
        period,
        several_rows,
        filled_down,
        employer_codes,
        sign_words,
        left,
    })
}

/// What the column of record types says; a vendor's own words are those of its own column.
fn record_types(
    table: &Table,
    profiles: &[Profile],
    columns: &Columns,
    maker: Option<&Vendor>,
    long: bool,
) -> Option<RecordTypes> {
    let at = columns.at("record_type")?;
    let own = maker.filter(|maker| maker.prefers("record_type", &names::words(&table.headers[at])).is_some());
    record_types::find(table, &profiles[at], at, long, own.and_then(|maker| maker.record_types.as_ref()))
}

fn vendor(table: &Table, hints: &Hints) -> Result<Option<Proposed<&'static Vendor>>, NoProposal> {
    if let Some(name) = &hints.vendor {
        let vendor = vendors::all().get(name).ok_or_else(|| NoProposal::NoVendor(name.clone()))?;
        return Ok(Some(Proposed::sure(vendor, "stated on the command line")));
    }
    let found = vendors::of_headers(&table.headers);
    Ok(found.map(|vendor| Proposed::likely(vendor, "its column names are like this vendor's")))
}

/// Columns of money: ids of digits and hours have other marks or none.
fn amount_columns<'p>(profiles: &'p [Profile], columns: &Columns) -> Vec<&'p Profile> {
    let others = ["employee_id", "hours", "fte", "zip", "nat_id", "code"].map(|field| columns.at(field));
    let counts = |(at, profile): &(usize, &Profile)| profile.is_amount() && !others.contains(&Some(*at));
    profiles.iter().enumerate().filter(counts).map(|(_, profile)| profile).collect()
}

fn date_layout(
    profiles: &[Profile],
    columns: &Columns,
    vendor: Option<&Vendor>,
    currency: Option<&Proposed<String>>,
    hints: &Hints,
) -> Option<Proposed<String>> {
    if let Some(layout) = &hints.dates {
        return Some(Proposed::sure(layout.clone(), "stated on the command line"));
    }
    let mapped = columns.taken();
    let dates = |(at, profile): &(usize, &Profile)| profile.is_date() && mapped.contains(at);
    let habit = vendor.map(Vendor::habit).or(match currency.map(|currency| currency.value.as_str()) {
        Some("USD") => Some(Habit::MonthFirst("amounts are in US dollars")),
        Some("GBP" | "EUR" | "AUD" | "NZD" | "CHF" | "SEK" | "DKK" | "NOK" | "PLN" | "BRL") => {
            Some(Habit::DayFirst("its currency is of a country that writes so"))
        }
        _ => None,
    });
    dates::find(profiles.iter().enumerate().filter(dates).map(|(_, profile)| profile), habit)
}

/// Maps the words of columns that have terms; a column that is about something else loses its field.
fn word_maps(profiles: &[Profile], columns: &mut Columns) -> BTreeMap<&'static str, WordMap> {
    let mut maps = BTreeMap::new();
    for field in WORD_FIELDS {
        let Some(at) = columns.at(field) else { continue };
        let map = vocabulary::of_column(field, &profiles[at]);
        if profiles[at].is_empty() || map.is_plausible(&profiles[at]) && !map.known.is_empty() {
            maps.insert(field, map);
        } else {
            columns.by_field.remove(field);
            columns.unfit.push((at, field.to_owned()));
        }
    }
    maps
}

/// Whether one column may have the amounts of both sides, and nothing but the code says whose a line is.
fn has_one_amount(shape: &Shape, record_types: Option<&RecordTypes>) -> bool {
    match shape {
        Shape::Long(long) => {
            long.employer_amount.is_none() && record_types.is_none_or(|types| types.employer.is_empty())
        }
        Shape::Groups(groups) => groups.iter().all(|group| group.employer.is_none()),
        Shape::Wide(_) => false,
    }
}

/// The codes that say by their names, or by the price of a benefit, that the employer pays.
fn employer_codes(
    table: &Table,
    columns: &Columns,
    shape: &Shape,
    record_types: Option<&RecordTypes>,
    marks: &Marks,
    hints: &Hints,
) -> BTreeSet<String> {
    if !has_one_amount(shape, record_types) {
        return BTreeSet::new();
    }
    let words = code_words(table, columns, shape, record_types);
    let by_name = employer_codes::find(&words);
    let lines = taken::lines(table, columns, shape, record_types, &by_name, marks);
    let by_price = evidence::employer_codes(&lines, &hints.known);
    by_name.into_iter().chain(by_price.difference(&employer_codes::of_employee(&words)).cloned()).collect()
}

/// The codes as they stand in the file; none in a file with a column a deduction.
fn code_words(
    table: &Table,
    columns: &Columns,
    shape: &Shape,
    record_types: Option<&RecordTypes>,
) -> Vec<deductions::CodeWord> {
    match shape {
        Shape::Wide(_) => Vec::new(),
        Shape::Groups(groups) => code_groups::codes(table, groups),
        Shape::Long(long) => long.codes(table, columns, record_types),
    }
}

fn codes(
    table: &Table,
    columns: &Columns,
    shape: &Shape,
    record_types: Option<&RecordTypes>,
    evidence: &Evidence,
    hints: &Hints,
) -> Vec<Code> {
    let mut keys = hints.known.benefits.clone();
    keys.extend(hints.benefits.iter().map(|key| (key.clone(), String::new())));
    let code = |code: String, what: Proposed<What>, name: Option<String>| {
        let target = match hints.codes.get(&code) {
            Some(key) => Proposed::sure(Target::Benefit(key.clone()), "stated on the command line"),
            None => benefits::target(&code, &what, evidence, &keys),
        };
        Code { code, target, name }
    };
    let of_words = |words: Vec<deductions::CodeWord>| {
        let of_word = |word: deductions::CodeWord| code(word.code.clone(), word.what(), word.name);
        words.into_iter().map(of_word).collect()
    };
    match shape {
        Shape::Wide(deductions) => {
            let what = |d: &WideDeduction| match d.what {
                What::Unknown => Proposed::new(What::Unknown, Certainty::Unknown, "its name is not known"),
                _ => Proposed::sure(d.what.clone(), "by its name"),
            };
            deductions.iter().map(|d| code(d.code.clone(), what(d), None)).collect()
        }
        Shape::Groups(_) | Shape::Long(_) => of_words(code_words(table, columns, shape, record_types)),
    }
}

/// The dates that no column has.
fn stated_period(
    table: &Table,
    columns: &Columns,
    dates: Option<&Proposed<String>>,
    groups: &Groups,
    several_rows: (usize, usize),
    hints: &Hints,
) -> Option<Stated> {
    let [start, end, pay] = ["period_start", "period_end", "pay_date"].map(|field| columns.at(field));
    if hints.period.is_none() && start.is_some() && end.is_some() {
        return None;
    }
    let order = match dates.map(|dates| dates.value.trim_start_matches(|c: char| !c.is_ascii_alphabetic())) {
        Some(layout) if layout.starts_with(['d', 'D']) => Order::DayFirst,
        _ => Order::MonthFirst,
    };
    let mut stated = period_column::find(table, &columns.taken(), order)
        .unwrap_or_else(|| period::stated(&table.titles, &hints.file_name, order));
    let days = |at: usize| table.column(at).filter_map(move |cell| crate::cells::day_or_serial(cell, order));
    let newest = |at: Option<usize>| days(at?).max().map(|day| Proposed::likely(day, "the newest of its column"));
    let oldest = |at: Option<usize>| days(at?).min().map(|day| Proposed::likely(day, "the oldest of its column"));
    // Rows by week are one pay of all the weeks.
    let by_week = are_many(several_rows);
    stated.start = if by_week { oldest(start) } else { newest(start) }.or(stated.start);
    stated.end = newest(end).or(stated.end);
    // Its column goes on saying it, file by file.
    stated.pay_date = newest(pay).or(stated.pay_date);
    if let Some((start, end)) = hints.period {
        let told = |day| Some(Proposed::sure(day, "stated on the command line"));
        (stated.start, stated.end) = (told(start), told(end));
    }
    if let Some(day) = hints.pay_date {
        stated.pay_date = Some(Proposed::sure(day, "stated on the command line"));
    }
    let of_weeks = end.is_some_and(|at| names::words(&table.headers[at]).iter().any(|word| word == "week"));
    let frequency = if of_weeks { Some("weekly") } else { groups.only_frequency() };
    let first_end =
        oldest(end).filter(|first| by_week && stated.end.as_ref().is_some_and(|end| first.value < end.value));
    if let (None, Some(end)) = (&stated.start, first_end) {
        stated.start = period::complete(Stated { end: Some(end), ..Stated::default() }, frequency).start;
    }
    let complete = period::complete(stated, frequency);
    Some(if period::is_sound(&complete) { complete } else { Stated::default() })
}

/// One employee in so many with several rows makes them a layout.
const SEVERAL_ONE_IN: usize = 10;

/// Whether so many employees have several rows that it is the layout of the file, and no fault.
pub fn are_many((several, all): (usize, usize)) -> bool {
    several > 0 && several * SEVERAL_ONE_IN >= all
}

/// How many employees have more than one row of a run, and how many there are.
fn several_rows(table: &Table, columns: &Columns, long: bool) -> (usize, usize) {
    let Some(id) = columns.at("employee_id").filter(|_| !long) else { return (0, 0) };
    let apart = ["run_type", "record_type"].map(|field| columns.at(field));
    let (mut seen, mut several, mut all) = (BTreeSet::new(), BTreeSet::new(), BTreeSet::new());
    for row in &table.rows {
        let cell = |at: usize| row.get(at).unwrap_or_default().trim();
        let employee = cell(id);
        all.insert(employee);
        if !seen.insert((employee, apart.map(|at| at.map(cell)))) {
            several.insert(employee);
        }
    }
    (several.len(), all.len())
}
