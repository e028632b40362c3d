//! The control file: totals that the payroll system states beside its export.
//!
//! A CSV with the header `code,currency,row_count,sum_ee,sum_er`, in the encoding and marks of the payroll file (its
//! delimiter, or another common one). One row a payroll code and currency. A blank code, or `*`, stands for all codes
//! together; its `row_count` with a blank currency is the number of data rows. `row_count` of a code is the number of
//! rows with an amount for it. A blank cell states nothing. Off-cycle runs count, and so does what can be read of
//! rejected rows: they are in the file.

use std::path::Path;
use std::time::Duration;

use crate::cells::amounts::{MoneyParser, NOT_A_CURRENCY};
use crate::deductions::lines::{Codes, Sums};
use crate::header::{Header, HeaderPlace};
use crate::rows::{Row, Rows};
use crate::settings;
use crate::settings::{FileFormat, Sign};
use crate::totals::{found, row_check, what};
use crate::{ControlCheck, PayrollError};
use tieout_model::finding::Payer;
use tieout_model::money::{Currency, Money};
use tieout_model::source::InputFile;

const SOURCE: &str = "control file";
pub(crate) const COLUMNS: [&str; 5] = ["code", "currency", "row_count", "sum_ee", "sum_er"];
/// Rows of a control file; more is a wrong file.
const ROWS_MAX: usize = 100_000;

/// One row of the file.
#[derive(Clone, Debug, PartialEq, Eq)]
struct Control {
    code: Option<String>,
    currency: Option<Currency>,
    rows: Option<u64>,
    employee: Option<Money>,
    employer: Option<Money>,
}

/// Holds a control file against what was read.
pub(crate) fn check(
    path: &Path,
    settings: &settings::Payroll,
    settle: Duration,
    sums: &Sums,
    codes: &Codes,
    data_rows: u64,
) -> Result<(Vec<ControlCheck>, InputFile), PayrollError> {
    let (mut rows, header) = open(path, settings, settle)?;
    let checks = read(&mut rows, &header, path, settings, (sums, codes, data_rows));
    // Whatever seems wrong with a file that somebody still writes, that is the reason.
    let checks = checks.map_err(|error| rows.check_unchanged().err().unwrap_or(error))?;
    Ok((checks, rows.close()?))
}

/// The checks of all rows, against sums, their codes and the number of data rows.
fn read(
    rows: &mut Rows,
    header: &Header,
    path: &Path,
    settings: &settings::Payroll,
    (sums, codes, data_rows): (&Sums, &Codes, u64),
) -> Result<Vec<ControlCheck>, PayrollError> {
    let mut money = MoneyParser::new(settings);
    let mut checks = Vec::new();
    let fault = |line, reason: String| PayrollError::ControlFile { path: path.to_owned(), line, reason };
    while let Some(row) = rows.next()? {
        let control = parse(&row, header, &mut money, settings).map_err(|reason| fault(row.line, reason))?;
        checks.extend(control.checks(sums, codes, data_rows).map_err(|reason| fault(row.line, reason.to_owned()))?);
        if checks.len() > ROWS_MAX * COLUMNS.len() {
            return Err(fault(row.line, format!("more than {ROWS_MAX} rows")));
        }
    }
    match checks.is_empty() {
        true => Err(PayrollError::HeaderOnly { path: path.to_owned() }),
        false => Ok(checks),
    }
}

/// Opens the file with the delimiter that its header is written with.
pub(crate) fn open(
    path: &Path,
    settings: &settings::Payroll,
    settle: Duration,
) -> Result<(Rows, Header), PayrollError> {
    let open_with = |delimiter| {
        let mut rows = Rows::open(path, &FileFormat { delimiter, sheet: None, ..settings.format() }, settle)?;
        let place = HeaderPlace { encoding: settings.encoding, delimiter, line: None, two_levels: false, added: &[] };
        match Header::read(&mut rows, place, &COLUMNS) {
            Ok(header) => Ok((rows, header)),
            // It is opened once more.
            Err(error @ PayrollError::WrongDelimiter { .. }) => Err(error),
            Err(error) => Err(rows.check_unchanged().err().unwrap_or(error)),
        }
    };
    match open_with(settings.delimiter) {
        Err(PayrollError::WrongDelimiter { works, .. }) => open_with(works),
        other => other,
    }
}

fn parse(
    row: &Row<'_>,
    header: &Header,
    money: &mut MoneyParser<'_>,
    settings: &settings::Payroll,
) -> Result<Control, String> {
    let text = |name: &str| {
        let at = header.find(name).unwrap_or(usize::MAX);
        row.text(at)
            .map(|t| Some(t).filter(|t| !t.is_empty()))
            .map_err(|_| format!("{name}: not readable in the job's encoding"))
    };
    let currency = match text("currency")? {
        Some(code) => Some(money.currency(code).ok_or_else(|| format!("currency: {NOT_A_CURRENCY}"))?),
        None => None,
    };
    let rows = match text("row_count")? {
        Some(count) => Some(count.parse().map_err(|_| "row_count: not a whole number".to_owned())?),
        None => None,
    };
    let mut sum = |name: &str, payer: Payer| match text(name)? {
        Some(amount) => {
            let amount = money.parse(amount, currency, false).map_err(|fault| format!("{name}: {fault}"))?;
            // Written as the amounts of the payroll file are.
            let negative = settings.amounts.sign(payer) == Some(Sign::Negative);
            Ok::<_, String>(Some(if negative { Money(-amount.0) } else { amount }))
        }
        None => Ok(None),
    };
    let (employee, employer) = (sum("sum_ee", Payer::Employee)?, sum("sum_er", Payer::Employer)?);
    let code = text("code")?.filter(|c| *c != "*").map(str::to_owned);
    Ok(Control { code, currency, rows, employee, employer })
}

impl Control {
    fn checks(&self, sums: &Sums, codes: &Codes, data_rows: u64) -> Result<Vec<ControlCheck>, &'static str> {
        let code = self.code.as_deref();
        let whole_file = code.is_none() && self.currency.is_none();
        let mut checks = Vec::new();
        let mut rows = self.rows;
        if let (true, Some(stated)) = (whole_file, self.rows) {
            checks.push(row_check(SOURCE, stated, data_rows));
            rows = None;
        }
        if rows.is_none() && self.employee.is_none() && self.employer.is_none() {
            return Ok(checks);
        }
        let (sum, currency) =
            found(sums, codes, code, self.currency).ok_or("the currency is blank, and the payroll file has several")?;
        let stated = [
            (self.employee.map(|amount| amount.0.into()), Payer::Employee.amount_field(), sum.employee, currency),
            (self.employer.map(|amount| amount.0.into()), Payer::Employer.amount_field(), sum.employer, currency),
            (rows.map(i128::from), "rows", sum.rows.into(), None),
        ];
        for (stated, name, found, of_currency) in stated {
            let Some(stated) = stated else { continue };
            let what = what(name, code, currency);
            checks.push(ControlCheck { source: SOURCE.to_owned(), what, stated, found, currency: of_currency });
        }
        Ok(checks)
    }
}
