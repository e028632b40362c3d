//! The deduction file of the long layout when it is apart from the payroll file.

use std::borrow::Cow;
use std::collections::{BTreeMap, BTreeSet};

use crate::deductions::lines::Deducted;
use crate::deductions::{DeductionColumns, DeductionParser};
use crate::header::{Header, HeaderPlace};
use crate::intake::DataRows;
use crate::layouts::source::{Holds, Source};
use crate::people::person::{Faults, read_id};
use crate::read::Reading;
use crate::rows::batches::{Batch, Emptied};
use crate::rows::{Row, Rows};
use crate::settings::DeductionLayout;
use crate::totals::TotalsColumns;
use crate::{PayrollError, deductions};
use tieout_model::balance::PayPeriod;
use tieout_model::ids::PayrollId;
use tieout_model::money::Currency;

/// Parses the rows of the deduction file.
struct DeductionRows<'s> {
    parser: DeductionParser<'s>,
    deducted: Vec<Deducted>,
    not_accepted: NotAccepted,
    emptied: Emptied,
}

/// The currency, reason and pay period of a row that was set aside.
type Aside = (Option<Currency>, Cow<'static, str>, Option<PayPeriod>);

/// Employees of the payroll file without an accepted row: why their deductions cannot be accepted either.
struct NotAccepted {
    rejected: BTreeSet<PayrollId>,
    aside: BTreeMap<PayrollId, Aside>,
}

impl Reading<'_> {
    /// Reads the deduction file; its employees must be known from the payroll file.
    pub fn deduction_rows(&mut self, rows: &mut Rows) -> Result<Source, PayrollError> {
        let settings = self.settings;
        let DeductionLayout::Long { employee_id, currency, .. } = &settings.layout else {
            return Err(PayrollError::Empty { path: rows.path.clone() });
        };
        let mut wanted = vec![employee_id.as_str()];
        wanted.extend(deductions::mapped_headers(&settings.layout));
        wanted.extend(settings.table.record_types.as_ref().map(|types| types.column.as_str()));
        let header = Header::read(rows, HeaderPlace::of(settings), &wanted)?;
        let id = header.find(employee_id).unwrap_or(0);
        let columns = DeductionColumns::find(&header, &settings.layout, &mut self.codes);
        let currency = currency.as_ref().and_then(|c| header.find(c));
        let mut source = Source::new(rows.path.clone(), header, id, &settings.table, rows.are_of_workbook());
        let deductions = DeductionRows {
            parser: DeductionParser::new(settings, columns.clone()),
            deducted: Vec::new(),
            not_accepted: self.not_accepted(),
            emptied: rows.emptied(),
        };
        columns.place_in(&mut source.owner);
        let totals = TotalsColumns { id, currency, deductions: &columns };
        self.each_row(&mut source, rows, totals, deductions)?;
        self.check_rejects()?;
        Ok(source)
    }

    fn not_accepted(&self) -> NotAccepted {
        let rejected = self.rejects.iter().map(|r| r.employee_id.clone()).collect();
        let aside =
            self.set_aside.iter().map(|s| (s.employee_id.clone(), (s.currency, s.reason.clone(), s.period))).collect();
        NotAccepted { rejected, aside }
    }
}

impl DataRows for DeductionRows<'_> {
    fn reserve(&mut self, reading: &mut Reading<'_>, times: usize) {
        reading.lines.reserve(times);
    }

    fn row(&mut self, reading: &mut Reading<'_>, source: &Source, _: usize, row: &Row<'_>, holds: Holds) {
        let mut faults = Faults::default();
        let id = read_id(row, source.id, reading.settings, &mut faults);
        let employee = reading.people.find(&id);
        let aside = self.not_accepted.aside.get(&*id);
        let currency = employee.map(|e| reading.people.currency(e)).or(aside.and_then(|(currency, ..)| *currency));
        self.parser.parse(row, holds, currency, &mut reading.codes, &mut self.deducted, &mut faults);
        match (employee, aside) {
            (Some(employee), _) if faults.0.is_empty() => {
                reading.lines.push(employee, row.line_number(), &self.deducted);
                reading.people.count_row(employee);
                reading.details.add(self.parser.details(), row.line);
                reading.rows.accepted += 1;
            }
            (None, Some((_, reason, period))) if faults.0.is_empty() => {
                reading.put_aside(&id, (reason, *period), currency, &self.deducted)
            }
            (None, None) if !id.is_empty() => {
                let reason = match self.not_accepted.rejected.contains(&*id) {
                    true => "the employee's row in the payroll file was rejected",
                    false => "employee is not in the payroll file",
                };
                faults.conflict(Some(source.id), reason.to_owned());
                reading.reject_with(source, row, &id, faults, &self.deducted);
            }
            _ => reading.reject_with(source, row, &id, faults, &self.deducted),
        }
    }

    fn end(&mut self, batch: Batch) {
        self.emptied.give(batch);
    }
}
