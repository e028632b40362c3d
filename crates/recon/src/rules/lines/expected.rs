//! What Benifex says is due in the period: employee amount E and employer amount R of each benefit, by integer
//! arithmetic. A benefit that is not live, or that cannot be read, priced or named in a currency, is due nothing here.

use polars::prelude::{Column as AnyColumn, *};
use rayon::prelude::*;

use crate::rules::calendar::DateKind;
use crate::rules::calendar::MONTHS;
use crate::rules::calendar::cover::{Cover, CoverShare};
use crate::rules::calendar::employer_share::EmployerShare;
use crate::rules::calendar::proration::{Span, prorated};
use crate::rules::lines::benefits::Benefits;
use crate::rules::lines::dictionary::{ALIEN, BLANK, Dictionary};
use crate::rules::lines::labels::Catalog;
use crate::rules::lines::schemes::Schemes;
use crate::rules::people::People;
use crate::rules::schema::{EMPLOYEES, LINES};
use crate::rules::timeline::records::{Portion, RECORDS, Records, Superseded};
use crate::rules::timeline::repeated::in_force;
use crate::scheme::Scheme;
use crate::settings::Settings;
use crate::snapshot::BENEFITS;
use crate::tables::column::frame;
use crate::tables::column::{Column, Flag, Number, Row};
use tieout_model::terms::BenefitStatus;

/// Classes of a benefit status as numbers; 0 = no map knows it.
mod class {
    pub const UNKNOWN: u32 = 0;
    pub const LIVE: u32 = 1;
    pub const OTHER: u32 = 2;
}

/// The day of "never", before every date.
pub(in crate::rules) const NEVER: i32 = i32::MIN;

/// What is kept of what is due, by employee and label.
const EXPECTED: [&str; 21] = [
    LINES.emp.name,
    LINES.label.name,
    LINES.employee_due.name,
    LINES.employer_due.name,
    LINES.ee_cur.name,
    LINES.er_cur.name,
    LINES.bx_cur.name,
    LINES.live.name,
    LINES.on.name,
    LINES.bad.name,
    LINES.unknown.name,
    LINES.uneven.name,
    LINES.several.name,
    LINES.first.name,
    LINES.changed.name,
    LINES.per_year.name,
    LINES.date_kind.name,
    LINES.bx_rows.name,
    LINES.bx_row.name,
    LINES.bx_slot.name,
    LINES.bx_mixed.name,
];

/// What is due, line by line and record by record.
pub(in crate::rules) struct Expected {
    pub(in crate::rules) lines: DataFrame,
    pub(in crate::rules) records: Records,
    pub(in crate::rules) superseded: Superseded,
}

impl Expected {
    fn new(rows: DataFrame, portions: Vec<[Portion; 2]>, benefits: &Benefits) -> PolarsResult<Expected> {
        let mut records = Records { frame: rows.select(RECORDS)?, portions };
        let first = LINES.first.of(&rows)?.cont_slice()?.to_vec();
        let (lines, replaced) = one_row_each(rows, benefits, &records.portions)?;
        let superseded = records.superseded(&replaced, &first)?;
        records.make_nothing_due(&replaced)?;
        Ok(Expected { lines, records, superseded })
    }
}

/// Encodes benefits: labels and currencies get their numbers. Separate from [`expected`], for the number of deductions
/// a year is looked up by label once every label is known.
pub(in crate::rules) struct Encoded {
    pub(in crate::rules) labels: Vec<u32>,
    currencies: [Vec<u32>; 3],
}

impl Encoded {
    pub(in crate::rules) fn new(benefits: &Benefits, catalog: &mut Catalog<'_>) -> Encoded {
        let [employee, employer, cost] = &benefits.currencies;
        let currencies =
            [employee, employer, cost].map(|column| column.numbered(|text| catalog.currencies.number(text)));
        Encoded { labels: benefits.keys.numbered(|text| catalog.label_of_benefit(text)), currencies }
    }

    /// Gives the rows of one label another one, where there are any.
    pub(in crate::rules) fn relabel(&mut self, label: u32, other: impl FnOnce() -> u32) {
        if self.labels.contains(&label) {
            let other = other();
            self.labels.iter_mut().filter(|l| **l == label).for_each(|l| *l = other);
        }
    }
}

/// One row an employee and benefit (and currency, where a service contradicts itself), sorted by `emp`, `label`. `emp`
/// is tonight's number of each row's employee; `units` the minor unit of each currency.
pub(in crate::rules) fn expected(
    job: Settings<'_>,
    benefits: &Benefits,
    emp: Vec<u32>,
    people: &People<'_>,
    encoded: Encoded,
    units: &[i64],
    schemes: &Schemes,
) -> PolarsResult<Expected> {
    let Encoded { labels, currencies: [ee_cur, er_cur, cost_cur] } = encoded;
    let takes = people.takers.most(people, &emp, &labels)?;
    let (table, height) = (&benefits.frame, benefits.height());
    let classes = benefits.statuses.numbered(|text| class_of(job, text));
    let (effective, changed) = (BENEFITS.effective_from.of(table)?, BENEFITS.change_date.of(table)?);
    let faults = BENEFITS.faults.of(table)?;
    let (ee_annual, ee_monthly) = (BENEFITS.ee_annual.of(table)?, BENEFITS.ee_monthly.of(table)?);
    let (er_annual, er_monthly) = (BENEFITS.er_annual.of(table)?, BENEFITS.er_monthly.of(table)?);
    let leave = EMPLOYEES.leave.of(&people.frame)?;
    let (groups, pay_periods) = (EMPLOYEES.group.of(&people.frame)?, EMPLOYEES.pay_periods.of(&people.frame)?);
    let priced = |row: usize| {
        let (who, label) = (emp[row] as usize, labels[row]);
        let group = groups.get(who).unwrap_or(BLANK);
        let (payday, scheme) = (people.paydays[who], schemes.scheme(group, label));
        let per_year = payday.of_file(schemes.per_year(group, label, pay_periods.get(who).unwrap_or_default()));
        let price = |annual: &Int64Chunked, monthly: &Int64Chunked, currency: u32| Price {
            annual: annual.get(row),
            monthly: monthly.get(row),
            currency,
            unit: units[currency as usize],
        };
        let record = Record {
            class: classes[row],
            faulty: faults.get(row).is_some(),
            cover: Cover::new(payday, scheme, effective.get(row), leave.get(who)).deducted(scheme, per_year),
            scheme,
            employee: price(ee_annual, ee_monthly, ee_cur[row]),
            employer: price(er_annual, er_monthly, er_cur[row]),
            cost_cur: cost_cur[row],
            per_year,
            date_kind: takes.kind(&payday, scheme, per_year, (group, label)),
            apart: EmployerShare::new(payday, scheme, effective.get(row), leave.get(who)),
        };
        record.due()
    };
    let dues: Vec<Due> = (0..height).into_par_iter().map(priced).collect();
    let flag = |column: Column<Flag>, of: fn(&Due) -> bool| column.filled(dues.iter().map(of));
    let count = |column: Column<Number>, of: fn(&Due) -> i64| column.filled(dues.iter().map(of));
    let number = |column: Column<Row>, of: fn(&Due) -> u32| column.filled(dues.iter().map(of).collect());
    let columns = vec![
        count(LINES.employee_due, |due| due.employee),
        count(LINES.employer_due, |due| due.employer),
        number(LINES.bx_cur, |due| due.currency),
        flag(LINES.live, |due| due.live),
        flag(LINES.on, |due| due.in_force),
        flag(LINES.bad, |due| due.unreadable),
        flag(LINES.unknown, |due| due.nameless),
        flag(LINES.uneven, |due| due.uneven),
        LINES.first.filled(effective.iter().map(|day| day.unwrap_or(NEVER))),
        count(LINES.per_year, |due| due.per_year),
        number(LINES.date_kind, |due| due.date_kind.number()),
        LINES.changed.filled(changed.iter().map(|day| day.unwrap_or(NEVER))),
        LINES.emp.filled(emp.clone()),
        LINES.label.filled(labels.clone()),
        LINES.ee_cur.filled(ee_cur.clone()),
        LINES.er_cur.filled(er_cur.clone()),
        LINES.bx_rows.filled(vec![1; height]),
        LINES.bx_row.filled((0..height as u32).collect()),
        LINES.bx_slot.filled(vec![0; height]),
        LINES.bx_mixed.filled(vec![false; height]),
        known_as_several(benefits),
    ];
    let rows = frame(columns)?.select(EXPECTED)?;
    Expected::new(rows, dues.iter().map(|due| due.portions).collect(), benefits)
}

/// Of records that stand in the place of tonight's: others were in force beside them.
fn known_as_several(benefits: &Benefits) -> AnyColumn {
    LINES.several.filled((0..benefits.height() as u32).map(|row| benefits.older.several.contains(&row)))
}

/// The status says in force.
pub(in crate::rules) fn is_live(job: Settings<'_>, text: &str) -> bool {
    class_of(job, text) == class::LIVE
}

/// Status as written, trimmed, in any case → class.
fn class_of(job: Settings<'_>, text: &str) -> u32 {
    match job.benifex.benefit_status.get(&text.trim().to_lowercase()) {
        Some(BenefitStatus::Live) => class::LIVE,
        Some(BenefitStatus::Pending | BenefitStatus::Ended) => class::OTHER,
        None => class::UNKNOWN,
    }
}

/// What Benifex states of one side of a benefit.
pub(in crate::rules) struct Price {
    pub(in crate::rules) annual: Option<i64>,
    pub(in crate::rules) monthly: Option<i64>,
    pub(in crate::rules) currency: u32,
    /// The minor unit of the currency.
    pub(in crate::rules) unit: i64,
}

impl Price {
    fn stated(&self) -> bool {
        self.annual.is_some() || self.monthly.is_some()
    }

    /// One of `per_year` deductions: `monthly` if that is 12 and it is there, else the annual amount, or 12 × monthly
    /// where only that is there, divided and rounded half away from zero to the minor unit.
    pub(in crate::rules) fn deduction(&self, per_year: i64) -> i64 {
        if let (12, Some(monthly)) = (per_year, self.monthly) {
            return monthly;
        }
        let annual = self.annual.or_else(|| self.monthly.and_then(|monthly| monthly.checked_mul(MONTHS)));
        rounded(annual.unwrap_or_default(), per_year, self.unit)
    }
}

/// `amount / parts`, rounded half away from zero to the unit.
pub(in crate::rules) fn rounded(amount: i64, parts: i64, unit: i64) -> i64 {
    let (amount, step) = (i128::from(amount), i128::from(parts) * i128::from(unit));
    let whole = (2 * amount.abs() + step) / (2 * step) * i128::from(unit);
    // No greater than the amount but by half a unit, and amounts are bounded where they are read.
    i64::try_from(whole * amount.signum()).unwrap_or(i64::MAX)
}

/// One row of Benifex's benefits, with what decides its price.
struct Record<'s> {
    class: u32,
    faulty: bool,
    cover: Cover,
    scheme: &'s Scheme,
    employee: Price,
    employer: Price,
    cost_cur: u32,
    per_year: i64,
    date_kind: DateKind,
    /// The employer's share, where it is paid on other dates.
    apart: Option<EmployerShare>,
}

/// What follows for the period; the columns of [`EXPECTED`].
struct Due {
    employee: i64,
    employer: i64,
    /// Of the employee, and of the employer.
    portions: [Portion; 2],
    currency: u32,
    per_year: i64,
    date_kind: DateKind,
    live: bool,
    in_force: bool,
    unreadable: bool,
    nameless: bool,
    uneven: bool,
}

impl Record<'_> {
    fn due(&self) -> Due {
        let currencies = [self.employee.currency, self.employer.currency, self.cost_cur];
        let currency = currencies.into_iter().find(|c| *c != BLANK).unwrap_or(BLANK);
        let nameless = |price: &Price| price.currency == BLANK && price.stated();
        let in_force = self.class == class::LIVE;
        let unreadable = self.faulty || self.class == class::UNKNOWN;
        let live = in_force && !self.cover.is_ahead();
        let by_calendar = |per_year: i64, kind: DateKind, cover: &Cover| {
            let priced = live && !unreadable && per_year > 0 && !kind.is_free();
            if priced { cover.share(self.scheme) } else { CoverShare::Nothing }
        };
        let of = |price: &Price, share: CoverShare, per_year: i64, window: Span| match share {
            CoverShare::Nothing => 0,
            _ if price.currency <= ALIEN => 0,
            _ => part_of(share, price.deduction(per_year), price.unit, window),
        };
        let share = by_calendar(self.per_year, self.date_kind, &self.cover);
        let (employer_share, employer) = match &self.apart {
            None => (share, of(&self.employer, share, self.per_year, self.cover.window)),
            Some(apart) => {
                let share = by_calendar(apart.per_year, apart.date_kind, &apart.cover);
                (share, of(&self.employer, share, apart.per_year, apart.cover.window))
            }
        };
        Due {
            employee: of(&self.employee, share, self.per_year, self.cover.window),
            employer,
            portions: [portion(share), portion(employer_share)],
            currency,
            per_year: self.per_year,
            date_kind: self.date_kind,
            live,
            in_force,
            unreadable,
            nameless: currencies.contains(&ALIEN) || nameless(&self.employee) || nameless(&self.employer),
            uneven: currencies.into_iter().any(|c| c != BLANK && c != currency),
        }
    }
}

/// What is due of a full amount; all of it where no rule says.
fn part_of(share: CoverShare, full: i64, unit: i64, window: Span) -> i64 {
    match share {
        CoverShare::Whole | CoverShare::Open => full,
        CoverShare::Nothing => 0,
        CoverShare::Part(method, covered) => prorated(full, method, window, covered, unit),
    }
}

fn portion(share: CoverShare) -> Portion {
    match share {
        CoverShare::Nothing => Portion::Nothing,
        CoverShare::Whole | CoverShare::Open => Portion::Whole,
        CoverShare::Part(..) => Portion::Part,
    }
}

/// One code holds several benefits, so that their rows have one label.
fn shares_label(rows: &DataFrame, keys: &[u32]) -> PolarsResult<bool> {
    let mut key_of: Vec<Option<u32>> = Vec::new();
    for (label, key) in LINES.label.of(rows)?.into_no_null_iter().zip(keys) {
        let label = label as usize;
        key_of.resize(key_of.len().max(label + 1), None);
        if *key_of[label].get_or_insert(*key) != *key {
            return Ok(true);
        }
    }
    Ok(false)
}

/// Which benefit a row is of, on the way.
const BENEFIT_KEY: Column<Row> = Column::new("benefit_key");

/// Brings the rows of one employee and label together; those of each employee are.
fn neighbours(rows: DataFrame, keys: Vec<u32>) -> PolarsResult<(DataFrame, Vec<u32>)> {
    let keyed = rows.hstack(&[BENEFIT_KEY.filled(keys)])?;
    let options = SortMultipleOptions::default().with_maintain_order(true);
    let mut keyed = keyed.sort([LINES.emp.name, LINES.label.name], options)?;
    let keys = BENEFIT_KEY.of(&keyed)?.into_no_null_iter().collect();
    keyed.drop_in_place(BENEFIT_KEY.name)?;
    Ok((keyed, keys))
}

/// Rows that differ in one of these are lines of their own.
const KEPT_APART: [&str; 4] = [LINES.emp.name, LINES.label.name, LINES.ee_cur.name, LINES.er_cur.name];

/// Joins several rows of one benefit; most nights there are none and nothing is grouped. Also the snapshot's rows that
/// another one replaces.
fn one_row_each(
    rows: DataFrame,
    benefits: &Benefits,
    portions: &[[Portion; 2]],
) -> PolarsResult<(DataFrame, Vec<u32>)> {
    let mut keys = Dictionary::new();
    let keys = benefits.keys.numbered(|key| keys.number(key));
    let (rows, keys) = if shares_label(&rows, &keys)? { neighbours(rows, keys)? } else { (rows, keys) };
    let (_, repeated) = crate::rules::lines::deducted::slots(&rows)?;
    if !repeated.contains(&true) {
        return Ok((rows, Vec::new()));
    }
    let (rows, replaced) = in_force(rows, &keys, portions)?;
    let any = |column: Column<Flag>| column.expr().max();
    let shown = coalesce(&[LINES.bx_row.expr().filter(LINES.live.expr()).min(), LINES.bx_row.expr().min()]);
    let rows = rows
        .lazy()
        .group_by(KEPT_APART.map(col))
        .agg([
            LINES.employee_due.expr().sum(),
            LINES.employer_due.expr().sum(),
            LINES.bx_cur.expr().min(),
            any(LINES.live),
            any(LINES.on),
            any(LINES.bad),
            any(LINES.unknown),
            any(LINES.uneven),
            any(LINES.several),
            LINES.first.expr().max(),
            LINES.changed.expr().max(),
            LINES.per_year.expr().max(),
            // Where one of them is deducted, the line is.
            LINES.date_kind.expr().min(),
            LINES.bx_rows.expr().sum(),
            shown.alias(LINES.bx_row.name),
        ])
        .sort(KEPT_APART, SortMultipleOptions::default())
        .collect()?;
    let (slots, mixed) = crate::rules::lines::deducted::slots(&rows)?;
    Ok((rows.hstack(&[LINES.bx_slot.filled(slots), LINES.bx_mixed.filled(mixed)])?, replaced))
}
