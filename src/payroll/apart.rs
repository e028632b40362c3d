//! The deduction file of the long layout when it is apart from the payroll file.

use std::borrow::Cow;
use std::collections::{BTreeMap, BTreeSet};

use super::deductions::{DeductionColumns, DeductionParser};
use super::header::Header;
use super::intake::line_number;
use super::lines::Taken;
use super::person::{Faults, read_id};
use super::read::Reading;
use super::rows::{Row, Rows};
use super::source::Source;
use super::totals::TotalsColumns;
use super::{PayrollError, deductions};
use crate::job::DeductionLayout;
use crate::money::Currency;

/// Employees of the payroll file without an accepted row: why their deductions cannot be accepted either.
struct NotAccepted {
    rejected: BTreeSet<String>,
    aside: BTreeMap<String, (Option<Currency>, Cow<'static, str>)>,
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
        let header = Header::read(rows, settings.encoding, settings.delimiter, &wanted)?;
        let id = header.find(employee_id).unwrap_or(0);
        let columns = DeductionColumns::find(&header, &settings.layout, &mut self.codes);
        let currency = currency.as_ref().and_then(|c| header.find(c));
        let mut source = Source::new(rows.path.clone(), header, id);
        let mut parser = DeductionParser::new(settings, columns.clone());
        let mut taken = Vec::new();
        let not_accepted = self.not_accepted();
        let totals = TotalsColumns { id, currency, deductions: &columns };
        self.each_row(&mut source, rows, totals, |reading, source, row| {
            reading.deduction_row(source, row, &mut parser, &mut taken, &not_accepted);
        })?;
        Ok(source)
    }

    fn deduction_row(
        &mut self,
        source: &Source,
        row: &Row<'_>,
        parser: &mut DeductionParser,
        taken: &mut Vec<Taken>,
        not_accepted: &NotAccepted,
    ) {
        let mut faults = Faults::default();
        let id = read_id(row, source.id, self.settings, &mut faults);
        let employee = self.people.find(&id);
        let aside = not_accepted.aside.get(&*id);
        let currency = employee.map(|e| self.people.currency(e)).or(aside.and_then(|(currency, _)| *currency));
        parser.parse(row, currency, &mut self.codes, taken, &mut faults);
        match (employee, aside) {
            (Some(employee), _) if faults.0.is_empty() => self.accept(employee, line_number(row), taken),
            (None, Some((_, reason))) if faults.0.is_empty() => self.put_aside(&id, reason, currency, taken),
            (None, None) if !id.is_empty() => {
                let reason = match not_accepted.rejected.contains(&*id) {
                    true => "the employee's row in the payroll file was rejected",
                    false => "employee is not in the payroll file",
                };
                faults.conflict(Some(source.id), reason.to_owned());
                self.reject(source, row, &id, faults);
            }
            _ => self.reject(source, row, &id, faults),
        }
    }

    fn not_accepted(&self) -> NotAccepted {
        let rejected = self.rejects.iter().map(|r| r.employee_id.clone()).collect();
        let aside = self.set_aside.iter().map(|s| (s.employee_id.clone(), (s.currency, s.reason.clone()))).collect();
        NotAccepted { rejected, aside }
    }
}
