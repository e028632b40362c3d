//! Which cell of a row holds which person column (rules.md 0), looked up in the header once.

use crate::header::Header;
use crate::settings;
use crate::settings::{DeductionLayout, PayrollColumns, RowsPerPerson};
use crate::{PayrollError, deductions};

/// Columns that are text as it stands (country in upper case).
pub(crate) const TEXTS: [&str; 11] = [
    "legal_entity",
    "pay_group",
    "first_name",
    "last_name",
    "addr_line1",
    "addr_line2",
    "city",
    "state",
    "zip",
    "country",
    "email",
];
pub(crate) const PAY_GROUP: usize = 1;
pub(crate) const COUNTRY: usize = 9;
/// Columns of dates; the period comes first.
pub(crate) const DATES: [&str; 7] =
    ["period_start", "period_end", "pay_date", "salary_effective", "hire_date", "term_date", "dob"];
pub(crate) const PERIOD_START: usize = 0;
pub(crate) const PERIOD_END: usize = 1;
pub(crate) const PAY_DATE: usize = 2;
pub(crate) const SALARY_EFFECTIVE: usize = 3;
pub(crate) const TERM_DATE: usize = 5;
/// Columns of exact decimals. `base_salary` is an amount unless it is a rate an hour; the others are measures.
pub(crate) const NUMBERS: [&str; 3] = ["base_salary", "hours", "fte"];
/// Columns of what the run paid: amounts, then hours.
pub(crate) const EARNINGS: [&str; 4] = ["gross_pay", "net_pay", "hours_worked", "leave_hours"];
pub(crate) const GROSS_PAY: usize = 0;
/// How many of them are amounts.
pub(crate) const EARNINGS_AMOUNTS: usize = 2;
pub(crate) const BASE_SALARY: usize = 0;
pub(crate) const FTE: usize = 2;

/// Positions of the person columns.
#[derive(Clone, Debug)]
pub(crate) struct PersonColumns {
    pub id: usize,
    pub run_type: Option<usize>,
    pub texts: [Option<usize>; TEXTS.len()],
    pub dates: [Option<usize>; DATES.len()],
    pub numbers: [Option<usize>; NUMBERS.len()],
    pub earnings: [Option<usize>; EARNINGS.len()],
    pub currency: Option<usize>,
    pub basis: Option<usize>,
    /// Pay a year and pay an hour, where they are columns of their own.
    pub pay: [Option<usize>; 2],
    pub frequency: Option<usize>,
    pub status: Option<usize>,
    /// Which row of several says who the employee is.
    pub home: Option<usize>,
}

impl PersonColumns {
    /// Finds the columns in a header that was checked for them.
    pub fn find(header: &Header, settings: &settings::Payroll) -> PersonColumns {
        let columns = &settings.columns;
        let home = match &settings.table.rows_per_person {
            RowsPerPerson::Several { home: Some(home), .. } => header.find(&home.column),
            RowsPerPerson::Several { home: None, .. } | RowsPerPerson::One => None,
        };
        let at = |name: &str| written_name(columns, name).and_then(|written| header.find(written));
        PersonColumns {
            id: header.find(&columns.employee_id).unwrap_or(0),
            run_type: at("run_type"),
            texts: TEXTS.map(at),
            dates: DATES.map(at),
            numbers: NUMBERS.map(at),
            earnings: EARNINGS.map(at),
            currency: at("currency"),
            basis: at("rate_basis"),
            pay: ["annual_pay", "hourly_pay"].map(at),
            frequency: at("pay_frequency"),
            status: at("employment_status"),
            home,
        }
    }

    /// Position of the column with this canonical name.
    pub fn position(&self, canonical: &str) -> Option<usize> {
        let among = |names: &[&str], at: &[Option<usize>]| at[names.iter().position(|n| *n == canonical)?];
        match canonical {
            "currency" => self.currency,
            "rate_basis" => self.basis,
            "pay_frequency" => self.frequency,
            "employment_status" => self.status,
            _ => among(&TEXTS, &self.texts)
                .or_else(|| among(&DATES, &self.dates))
                .or_else(|| among(&NUMBERS, &self.numbers))
                .or_else(|| among(&EARNINGS, &self.earnings)),
        }
    }
}

/// Headers that the payroll file must have, the employee id first.
pub(crate) fn wanted_headers(settings: &settings::Payroll) -> Vec<&str> {
    let mut wanted = mapped_headers(&settings.columns);
    if !matches!(settings.layout, DeductionLayout::Long { file: Some(_), .. }) {
        wanted.extend(deductions::mapped_headers(&settings.layout));
    }
    wanted.extend(settings.table.record_types.as_ref().map(|types| types.column.as_str()));
    wanted.extend(settings.table.fill_down.iter().map(String::as_str));
    if let RowsPerPerson::Several { home: Some(home), .. } = &settings.table.rows_per_person {
        wanted.push(&home.column);
    }
    wanted
}

fn mapped_headers(columns: &PayrollColumns) -> Vec<&str> {
    let others = [
        "annual_pay",
        "hourly_pay",
        "run_type",
        "currency",
        "rate_basis",
        "pay_frequency",
        "employment_status",
        "nat_id",
    ];
    let names = TEXTS.iter().chain(&DATES).chain(&NUMBERS).chain(&EARNINGS).chain(&others);
    std::iter::once(columns.employee_id.as_str()).chain(names.filter_map(|n| written_name(columns, n))).collect()
}

/// Whether some file of the payroll says what the run paid.
pub(crate) fn has_earnings(settings: &settings::Payroll) -> bool {
    let maps = |file: &settings::Payroll| EARNINGS.iter().any(|name| written_name(&file.columns, name).is_some());
    maps(settings) || settings.others.iter().any(maps)
}

fn written_name<'s>(columns: &'s PayrollColumns, canonical: &str) -> Option<&'s str> {
    let written = match canonical {
        "legal_entity" => &columns.legal_entity,
        "pay_group" => &columns.pay_group,
        "run_type" => &columns.run_type,
        "period_start" => &columns.period_start,
        "period_end" => &columns.period_end,
        "pay_date" => &columns.pay_date,
        "currency" => &columns.currency,
        "base_salary" => &columns.base_salary,
        "annual_pay" => &columns.annual_pay,
        "hourly_pay" => &columns.hourly_pay,
        "rate_basis" => &columns.rate_basis,
        "salary_effective" => &columns.salary_effective,
        "pay_frequency" => &columns.pay_frequency,
        "hours" => &columns.hours,
        "gross_pay" => &columns.gross_pay,
        "net_pay" => &columns.net_pay,
        "hours_worked" => &columns.hours_worked,
        "leave_hours" => &columns.leave_hours,
        "fte" => &columns.fte,
        "employment_status" => &columns.employment_status,
        "hire_date" => &columns.hire_date,
        "term_date" => &columns.term_date,
        "first_name" => &columns.first_name,
        "last_name" => &columns.last_name,
        "dob" => &columns.dob,
        "email" => &columns.email,
        "nat_id" => &columns.nat_id,
        "addr_line1" => &columns.addr_line1,
        "addr_line2" => &columns.addr_line2,
        "city" => &columns.city,
        "state" => &columns.state,
        "zip" => &columns.zip,
        "country" => &columns.country,
        _ => &None,
    };
    written.as_deref()
}

/// Fails when neither a mapped column nor the job tells the period.
pub(crate) fn check_period_source(settings: &settings::Payroll) -> Result<(), PayrollError> {
    let known = |column: &Option<String>, date: Option<_>| column.is_some() || date.is_some();
    let start = known(&settings.columns.period_start, settings.period.start);
    let end = known(&settings.columns.period_end, settings.period.end);
    let lacking = match (start, end) {
        (true, true) => return Ok(()),
        (false, true) => "the first day of the period",
        (true, false) => "the last day of the period",
        (false, false) => "the first and the last day of the period",
    };
    Err(PayrollError::NoPeriod { lacking })
}
